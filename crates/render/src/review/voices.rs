use ebur128::{EbuR128, Mode};

use super::InspectError;
use super::heard::RATE_HZ;
use super::streams::NO_PLAN;
use mmm_base::{Rate, Time};
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{Shot, SoundCue, TimelineShot};
use mmm_media::{Layout, SoundReader};

const OVER: Measure = Measure { name: "speech over music", unit: "LU" };

/// The least level of kept speech above the music, in LU.
const LEAST: f64 = 10.0;
/// Shorter voices can't be measured: one block of EBU R128.
const SHORTEST: Time = Time::from_millis(400);

/// Measures how far each kept voice is above the music under it. The mix doesn't separate the two, so they
/// are measured in their sources, with the gains of the plan; the level of the whole mix affects both
/// equally.
pub(super) fn figure(rate: Rate, wanted: Option<&Wanted>) -> Result<Figure, InspectError> {
    let Some(wanted) = wanted else { return Ok(Figure::unmeasured(OVER, NO_PLAN)) };
    let Some(sound) = &wanted.timeline.sound else {
        return Ok(Figure::unmeasured(OVER, "there is no sound"));
    };
    let mut found: Vec<(f64, FigurePlace)> = Vec::new();
    for shot in &wanted.timeline.shots {
        let Some((clip, music)) = cues(shot, &sound.cues, rate) else { continue };
        for voice in voices(shot, rate) {
            let over = over(clip, &music, voice, wanted)?;
            let what = |over: f64| format!("the voice is {over:.1} LU above the music");
            found.extend(over.map(|over| (over, FigurePlace::time(time_of(voice.0), rate, what(over)))));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let Some((least, _)) = found.first() else {
        return Ok(Figure::unmeasured(OVER, "no kept voice has music under it"));
    };
    Ok(Figure::measured(OVER, *least, Limit::Least(LEAST)).at(found.into_iter().map(|(_, place)| place)))
}

/// Returns the cue of a clip's own sound, and the music cues that play with it.
fn cues<'a>(
    shot: &TimelineShot,
    cues: &'a [SoundCue],
    rate: Rate,
) -> Option<(&'a SoundCue, Vec<&'a SoundCue>)> {
    let start = rate.sample_of(i64::from(shot.start), RATE_HZ) as u64;
    // Music is ducked for clips; a clip is never ducked.
    let clip = cues.iter().rev().find(|cue| cue.start == start && cue.ducks.is_empty())?;
    let music: Vec<&SoundCue> = cues.iter().filter(|cue| !cue.ducks.is_empty()).collect();
    (!music.is_empty()).then_some((clip, music))
}

/// Returns the voices of a shot as ranges of the movie's samples.
fn voices(shot: &TimelineShot, rate: Rate) -> Vec<(u64, u64)> {
    let Shot { source, treatment, sound, .. } = &shot.shot;
    let Some((from, _)) = source.part else { return Vec::new() };
    let start = rate.sample_of(i64::from(shot.start), RATE_HZ) as u64;
    let end = start + rate.sample_of(i64::from(shot.frames), RATE_HZ) as u64;
    let at = |time: Time| (start + samples_of(treatment.speed.lasts(time - from))).min(end);
    let spans = sound.voices.iter().map(|(voice, silence)| (at(*voice), at(*silence)));
    spans.filter(|(voice, silence)| *silence >= voice + samples_of(SHORTEST)).collect()
}

/// Returns how far a voice is above the music under it, in LU; `None` if either is silent.
fn over(
    clip: &SoundCue,
    music: &[&SoundCue],
    voice: (u64, u64),
    wanted: &Wanted,
) -> Result<Option<f64>, InspectError> {
    let Some(speech) = level(clip, voice, wanted)? else { return Ok(None) };
    let mut least: Option<f64> = None;
    for cue in music {
        let span = (voice.0.max(cue.start), voice.1.min(cue.start + cue.samples));
        if span.1 < span.0 + samples_of(SHORTEST) {
            continue;
        }
        let ducks = cue.ducks.iter().filter(|duck| duck.start <= span.0 && duck.end >= span.1);
        let duck = ducks.map(|duck| duck.gain).min().unwrap_or(0);
        if let Some(under) = level(cue, span, wanted)? {
            let over = speech - (under + f64::from(duck) / 100.0);
            least = Some(least.map_or(over, |least| least.min(over)));
        }
    }
    Ok(least)
}

/// Returns the loudness of a part of a cue in LUFS (EBU R128, integrated), including the cue's gain; `None`
/// for silence.
fn level(cue: &SoundCue, (start, end): (u64, u64), wanted: &Wanted) -> Result<Option<f64>, InspectError> {
    let Some(path) = wanted.sources.path(cue.source) else { return Ok(None) };
    let mut reader = SoundReader::open(&path, RATE_HZ, Layout::Stereo)?;
    reader.seek(time_of(cue.from + cue.speed.samples_in(start.saturating_sub(cue.start))))?;
    let mut meter = EbuR128::new(2, RATE_HZ, Mode::I)?;
    let mut left = cue.speed.samples_in(end - start) as usize * 2;
    let mut block = Vec::new();
    while left > 0 && reader.read(&mut block)? {
        block.truncate(left);
        meter.add_frames_f32(&block)?;
        left -= block.len();
    }
    let loudness = meter.loudness_global()?;
    Ok(loudness.is_finite().then_some(loudness + f64::from(cue.gain) / 100.0))
}

fn samples_of(time: Time) -> u64 {
    (time.micros().max(0) as u128 * u128::from(RATE_HZ) / 1_000_000) as u64
}

fn time_of(samples: u64) -> Time {
    Time::from_micros((u128::from(samples) * 1_000_000 / u128::from(RATE_HZ)) as i64)
}
