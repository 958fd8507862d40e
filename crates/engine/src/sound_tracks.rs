//! Warnings about the sound tracks of clips and songs: which is missing, can't be decoded, or is silent.

use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::queries::{self, Examined};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{MediaPath, Span};
use mmm_facts::{
    ClipSoundFacts, Decodability, Facts, MediaKind, Probe, SoundStream, SoundTrack, TrackLevel, TrackTrouble,
};
use mmm_spec::{ClipSound, Movie, Taken};

/// Returns what is wrong with the sound of a clip: by its headers, and by its facts if they are known.
pub(super) fn clip(db: &MovieDb, project: Project, taken: &Taken) -> Option<Diagnostic> {
    let (path, known) = (&taken.path, &taken.known);
    let file = db.media(path);
    let Need::Ready(Ok(probe)) = queries::probe(db, file) else { return None };
    if probe.kind != MediaKind::Clip {
        return None;
    }
    let spans = &queries::parsed(db, project).spans;
    let at = |key: &str| spans.find(&format!("media[{}]{key}", taken.last_rule));
    if let (Some(number), Err(trouble)) = (known.audio, probe.sound_track(known.audio)) {
        return Some(no_track(path, probe, (number, trouble), taken.named, at(".audio")));
    }
    if known.sound == Some(ClipSound::Mute) {
        return None;
    }
    let facts = match queries::seen(db, project, taken) {
        Need::Ready(Ok(Examined { facts: Facts::Clip(facts), .. })) => Some(&facts.sound),
        _ => None,
    };
    let better = facts.and_then(ClipSoundFacts::better_track);
    let mut codecs = probe.undecodable_sound();
    if facts.is_some_and(|facts| facts.is_undecodable) {
        codecs.extend(read_track(probe, known.audio).map(|track| track.codec.as_str()));
    }
    let (code, message, help) = match (codecs.as_slice(), better.filter(|_| known.audio.is_none())) {
        ([], None) => return None,
        ([], Some(better)) => silent(path, probe, better),
        (codecs, better) => {
            let codecs = codecs.join("` and `");
            let message = format!("`{path}` is used without its sound (`{codecs}`), which mmm can't decode");
            let help = match better {
                Some(better) => format!("write `audio: {}` to hear another track of it", better.track),
                None => "convert the sound, for example to AAC, or write `sound: mute`".to_owned(),
            };
            (Code::MEDIA_SOUND, message, help)
        }
    };
    Some(Diagnostic::warning(code, message).at(at(""), "included here").help(help))
}

/// Says that next to nothing is heard in the chosen track of a clip.
fn silent(path: &MediaPath, probe: &Probe, better: TrackLevel) -> (Code, String, String) {
    let own = probe.sounds.iter().position(|track| track.is_chosen).map_or(1, |index| index + 1);
    let TrackLevel { track, loudness, .. } = better;
    let loudness = f64::from(loudness) / 100.0;
    let message = format!(
        "next to nothing is heard in sound track {own} of `{path}`, but track {track} has sound at \
         {loudness:.0} LUFS"
    );
    let help = format!("write `audio: {track}` to hear that track, or `audio: {own}` to keep this one");
    (Code::MEDIA_SILENT_TRACK, message, help)
}

/// Returns the sound track that is read.
fn read_track(probe: &Probe, wanted: Option<u8>) -> Option<&SoundStream> {
    match probe.sound_track(wanted) {
        Ok(Some(number)) => probe.sounds.get(usize::from(number) - 1).map(|track| &track.stream),
        _ => probe.sound.as_ref(),
    }
}

/// Returns the tracks that the songs of an output don't have.
pub(super) fn songs(db: &MovieDb, project: Project, movie: &Movie, output: usize) -> Vec<Diagnostic> {
    let Some(output) = movie.outputs.get(output) else { return Vec::new() };
    let spans = &queries::parsed(db, project).spans;
    let missing = |(index, track): (usize, &mmm_spec::Track)| {
        let Need::Ready(Ok(probe)) = queries::probe(db, db.media(&track.path)) else { return None };
        let trouble = probe.sound_track(track.audio).err()?;
        let at = spans.for_output(output.name.as_str(), &format!("music[{index}].audio"));
        Some(no_track(&track.path, probe, (track.audio?, trouble), true, at))
    };
    output.settings.music.iter().enumerate().filter_map(missing).collect()
}

/// Reports a sound track that the spec requests and that can't be used: an error if the spec names the file,
/// else a warning.
fn no_track(
    path: &MediaPath,
    probe: &Probe,
    (number, trouble): (u8, TrackTrouble),
    named: bool,
    at: Option<Span>,
) -> Diagnostic {
    let (tracks, there) = listed(probe);
    let message = match trouble {
        TrackTrouble::Missing => format!("`{path}` has no sound track {number}: it has {there}"),
        TrackTrouble::Undecodable => {
            format!("mmm can't decode sound track {number} of `{path}`: it has {there}")
        }
    };
    let diagnostic = match named {
        true => Diagnostic::error(Code::MEDIA_NO_TRACK, message),
        false => Diagnostic::warning(Code::MEDIA_NO_TRACK, message),
    };
    diagnostic.at(at, "requested here").help(instead(&tracks))
}

/// Returns what to write instead of the number of a sound track that can't be used.
fn instead(tracks: &[SoundTrack]) -> String {
    let usable = tracks.iter().zip(1..).filter(|(track, _)| track.decodable == Decodability::Decodable);
    let numbers: Vec<usize> = usable.map(|(_, number)| number).collect();
    match numbers.as_slice() {
        [] if tracks.is_empty() => "remove `audio`".to_owned(),
        [] => "remove `audio`, or convert the sound, for example to AAC".to_owned(),
        [only] => format!("write `audio: {only}`, or remove `audio`"),
        [1, .., last] if *last == numbers.len() => {
            format!("write a number from 1 to {last}, or remove `audio` to let mmm choose")
        }
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(usize::to_string).collect();
            format!("write {} or {last}, or remove `audio` to let mmm choose", first.join(", "))
        }
    }
}

/// Returns the sound tracks of a file, also as a text.
fn listed(probe: &Probe) -> (Vec<SoundTrack>, String) {
    let one = || match &probe.sound {
        Some(stream) => vec![SoundTrack::only(stream.clone())],
        None => Vec::new(),
    };
    let tracks = if probe.sounds.is_empty() { one() } else { probe.sounds.clone() };
    let each: Vec<String> =
        tracks.iter().enumerate().map(|(index, track)| format!("{} {track}", index + 1)).collect();
    let text = match tracks.len() {
        0 => "no sound".to_owned(),
        1 => format!("1 sound track: {}", each.concat()),
        count => format!("{count} sound tracks: {}", each.join(", ")),
    };
    (tracks, text)
}
