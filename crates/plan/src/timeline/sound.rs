//! What is heard when, in samples.

use std::collections::BTreeMap;

use super::clip_sound::clip_cues;
use super::footage::Footage;
use super::samples::{sample, sample_of};
use mmm_base::{MediaPath, Rate, Speed};
use mmm_facts::{
    Canvas, Duck, EditPlan, MusicCue, Profile, Shot, SoundCodec, SoundCue, SoundRecipe, TimelineShot,
};
use mmm_spec::{Container, Settings};

/// How much the music is ducked under a clip whose sound is kept, in hundredths of a decibel.
const UNDER_SOUND: i32 = -600;
/// How much the music is ducked under a voice, in hundredths of a decibel.
const UNDER_VOICE: i32 = -1500;

/// Returns the sound of a movie of `samples` samples; `None` if nothing is heard.
pub(super) fn sound(
    plan: &EditPlan,
    shots: &[TimelineShot],
    footage: &BTreeMap<MediaPath, Footage>,
    samples: u64,
    canvas: Canvas,
    settings: &Settings,
) -> Option<SoundRecipe> {
    let rate = canvas.rate;
    let ducks = ducks(shots, rate);
    let music = plan.music.iter().filter_map(|cue| music_cue(cue, footage, samples, &ducks));
    let clips = clip_cues(shots, footage, rate, plan.ends);
    let cues: Vec<SoundCue> = music.chain(clips).filter(|cue| cue.samples > 0).collect();
    let codec = match (settings.container, canvas.profile) {
        (Container::Webm, Profile::Final) => SoundCodec::Opus,
        _ => SoundCodec::Aac,
    };
    let loudness = settings.style.loudness.0;
    if cues.is_empty() { None } else { Some(SoundRecipe { samples, cues, loudness, codec, bit_rate: None }) }
}

fn music_cue(
    cue: &MusicCue,
    footage: &BTreeMap<MediaPath, Footage>,
    movie: u64,
    ducks: &[Duck],
) -> Option<SoundCue> {
    let Footage { source, track, .. } = *footage.get(&cue.source)?;
    let start = sample(cue.start).min(movie);
    // The last cue ends exactly with the movie, whatever the rounding of the plan's times.
    let end = sample(cue.start + cue.length).min(movie);
    Some(SoundCue {
        source,
        track,
        centred: None,
        start,
        samples: end - start,
        from: sample(cue.from),
        speed: Speed::NORMAL,
        gain: cue.gain,
        fade_in: sample(cue.fade_in),
        fade_out: sample(cue.fade_out),
        high_pass: None,
        ducks: ducks.iter().filter(|duck| duck.start < end && duck.end > start).copied().collect(),
    })
}

/// Returns where the music is ducked: under each shot whose sound is kept, and more under its voices.
fn ducks(shots: &[TimelineShot], rate: Rate) -> Vec<Duck> {
    let mut ducks = Vec::new();
    for shot in shots {
        let Shot { source, treatment, sound, .. } = &shot.shot;
        let (true, Some((from, _))) = (sound.is_kept, source.part) else { continue };
        let (start, end) = (sample_of(shot.start, rate), sample_of(shot.end(), rate));
        ducks.push(Duck { start, end, gain: UNDER_SOUND });
        for (voice, silence) in &sound.voices {
            let [voice, silence] =
                [voice, silence].map(|time| (start + sample(treatment.speed.lasts(*time - from))).min(end));
            ducks.push(Duck { start: voice, end: silence, gain: UNDER_VOICE });
        }
    }
    ducks
}
