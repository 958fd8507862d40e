//! Finds beats and bars: a Viterbi search over beats, the metrical level that people tap, the bars, and times
//! to the millisecond.

mod bar_pointer;
mod bars;
mod evidence;
mod flux;
mod level;
mod phase;
mod pulse;
mod times;
mod unglide;

use super::curves::{mean, median, quantile, steps};
use super::track::{FRAMES_HZ, SpectralTrack};
use bar_pointer::bar_pointer_tempo;
use bars::{Place, bars};
use evidence::Evidence;
pub use flux::flux_activation;
use level::{BY_FLUX, BY_MODELS, right_level};
use phase::{BeatPhase, between};
use pulse::pulse;
use times::{confidence, times};
use unglide::unglide;

/// Shorter music has no beats, in frames.
const LEAST_FRAMES: usize = 100;
/// Music whose activation stays below this has no beats.
const LEAST_ACTIVATION: f64 = 0.05;
/// Tempo in beats per minute if the second opinion finds none.
const USUAL_TEMPO: f64 = 120.0;
/// How much later than taps the activations peak, in seconds; measured on annotated music.
const DELAY_OF_MODELS_S: f64 = 0.004;
const DELAY_OF_FLUX_S: f64 = 0.010;

/// Beats from which the tempo of the beginning is measured.
const FIRST_BEATS: usize = 9;
/// How far before the music the first beat may be, to allow for errors of its time, in seconds.
const EARLY_S: f64 = 0.03;

/// The origin of the activation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// The built-in models.
    Models,
    /// The rise of the spectrum.
    Flux,
    /// A user's model, which is trained on taps.
    Own,
}

/// A detected beat.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct HeardBeat {
    /// Seconds from the start, not negative.
    pub seconds: f64,
    pub place: Place,
    /// Confidence that there is a pulse, 0..=1.
    pub confidence: f64,
    /// Factor on the confidence, lower if the beats may be half a period off.
    pub phase_trust: f64,
}

/// Returns the beats of a music track, in order. `activation` is, for each frame of `track`, the probability
/// of a beat that isn't a downbeat, and of a downbeat.
pub fn beats(activation: &[[f64; 2]], track: &SpectralTrack, source: Source) -> Vec<HeardBeat> {
    let all: Vec<f64> = activation.iter().map(|both| both[0] + both[1]).collect();
    if all.len() < LEAST_FRAMES || all.iter().fold(0.0f64, |a, b| a.max(*b)) < LEAST_ACTIVATION {
        return Vec::new();
    }
    let evidence = Evidence::new(activation, track);
    let beats = unglide(&all, pulse(&all));
    let beats = match source {
        Source::Models => {
            let tempo = bar_pointer_tempo(activation).unwrap_or(USUAL_TEMPO);
            right_level(&evidence, beats, tempo, &BY_MODELS)
        }
        Source::Flux => {
            let tempo = 60.0 * FRAMES_HZ / median(&steps(&beats)).max(1.0);
            right_level(&evidence, beats, tempo, &BY_FLUX)
        }
        Source::Own => beats,
    };
    let places = bars(&evidence, &beats);
    // How well the pulse is heard, also if it is moved afterwards.
    let sure = confidence(&evidence, &beats);
    let (beats, places, phase_trust) = match source {
        Source::Models => in_phase(&evidence, beats, places),
        Source::Flux | Source::Own => (beats, places, 1.0),
    };
    let seconds = times(&evidence, &beats);
    let (delay, trust) = match source {
        Source::Models => (DELAY_OF_MODELS_S, 1.0),
        Source::Flux => (DELAY_OF_FLUX_S, peakedness(&evidence.flux)),
        Source::Own => (0.0, 1.0),
    };
    let heard = |n: usize| HeardBeat {
        seconds: (seconds[n] - delay).max(0.0),
        place: places[n],
        confidence: sure[n] * trust,
        phase_trust,
    };
    let mut heard: Vec<HeardBeat> = (0..beats.len()).map(heard).collect();
    to_the_start(&mut heard, track);
    heard
}

/// Returns the beats and their places, moved by half a period if the evidence is clear that they are off by
/// that, and the factor on their confidence.
///
/// Only for the built-in models: the peaks of the flux don't tell the phases apart, and other models were not
/// measured.
fn in_phase(evidence: &Evidence<'_>, beats: Vec<f64>, places: Vec<Place>) -> (Vec<f64>, Vec<Place>, f64) {
    let phase = BeatPhase::new(evidence, &beats, &places);
    if !phase.is_off {
        return (beats, places, phase.trust());
    }
    let moved = between(&beats, evidence.activation.len());
    let places = bars(evidence, &moved);
    (moved, places, phase.trust())
}

/// Extends the first beats back to where the sound begins, because the earliest beats are only recognisable
/// by those that follow.
fn to_the_start(heard: &mut Vec<HeardBeat>, track: &SpectralTrack) {
    let first: Vec<f64> = heard.iter().take(FIRST_BEATS).map(|beat| beat.seconds).collect();
    let period = median(&steps(&first));
    let level: Vec<f64> = track.level.iter().map(|level| f64::from(*level)).collect();
    let silent = 0.05 * mean(&level);
    let sounds = |seconds: f64| {
        let frame = ((seconds + 0.5 * period) * FRAMES_HZ) as usize;
        level.get(frame).is_some_and(|level| *level > silent)
    };
    while let [first, second, ..] = heard[..] {
        let seconds = first.seconds - period;
        if period <= 0.0 || first.seconds <= 0.0 || seconds < -EARLY_S || !sounds(seconds.max(0.0)) {
            return;
        }
        heard.insert(
            0,
            HeardBeat { seconds: seconds.max(0.0), place: first.place.before(second.place), ..first },
        );
    }
}

/// Returns how far the flux is from that of noise, 0..=1. The activation is scaled to its own peaks, so noise
/// has peaks too. The 95th percentile of noise is 1.5 times its mean, that of rain 1.7, of music 2.2 and
/// more.
fn peakedness(flux: &[f64]) -> f64 {
    ((quantile(flux, 0.95) / (mean(flux) + 1e-9) - 1.6) / 0.8).clamp(0.0, 1.0)
}
