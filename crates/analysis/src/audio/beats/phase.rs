use std::ops::Range;

use super::bars::Place;
use super::evidence::Evidence;
use crate::audio::curves::{mean, moving_max};

/// Places in the bar that occur less often than this are not compared, and music without them has no doubts.
const LEAST_BARS: usize = 4;
/// The activation has peaks between beats as well: the highest between, over the highest on a beat. It was over
/// 0.85 on 25 of 36 tracks whose beats were half a period off, and on 17 of 313 whose beats were right.
const PEAKS: Range<f64> = 0.6..0.85;
/// The bass doesn't confirm the beats: its highest rise between, over its highest rise on a beat.
const BASS: Range<f64> = 0.25..0.5;
/// Where the spectrum rises between beats nearly as much as on them, something sounds there, and peaks of the
/// activation mean little. The mean rise between beats, over that on beats: of the tracks with such peaks, it was
/// up to 0.56 on 24 of the 25, and over 0.75 on 15 of the 17.
const RISE: Range<f64> = 0.65..0.85;
/// The bass contradicts the beats: its lowest rise between beats, over its highest rise on a beat. An
/// off-beat bass over a kick on every beat has up to 2.5, but then the activation has no peaks between.
const BASS_BETWEEN: Range<f64> = 1.5..2.5;
const FAINT_PEAKS: Range<f64> = 0.15..0.35;
/// Beats that are moved by half a period must be this doubtful, and have this much more activation of
/// downbeats between them than on them, and at most this much rise of the spectrum between them.
const SURE: f64 = 0.9;
const LEAST_DOWNBEAT: f64 = 1.15;
const MOST_RISE: f64 = 0.5;
/// The largest share of the confidence that doubts about the phase take away: beats without any other doubt
/// then have 0.45.
const MOST_LOST: f64 = 0.55;

/// The evidence on which of two phases the beats are: where they were found, or half a period later.
///
/// Trackers often follow the off-beat of music that accents it, such as reggae and ska; scores of beats
/// therefore accept that phase as a second answer (AMLt: Davies, Degara and Plumbley 2009). The models see
/// this as well: their activation peaks on the off-beats, and as high at some place of the bar between them,
/// where kick and snare are struck, although hardly anything else sounds there.
pub(super) struct BeatPhase {
    /// How well the beats could be half a period off, 0..=1.
    doubt: f64,
    /// Whether the evidence is clear enough to move them there.
    pub is_off: bool,
}

impl BeatPhase {
    /// Compares the beats (in frames) with the points between them, by their places in the bar.
    pub fn new(evidence: &Evidence<'_>, beats: &[f64], places: &[Place]) -> Self {
        let bar = bar(evidence, beats, places);
        if bar.is_empty() {
            return Self { doubt: 0.0, is_off: false };
        }
        let folded = |curve: &[f64]| Folded::new(curve, &bar);
        let activation = folded(&evidence.near(|both| both[0] + both[1])).highest();
        let downbeat = folded(&evidence.near(|both| both[1])).highest();
        let rise = folded(&moving_max(&evidence.flux, 2)).overall();
        let low = folded(&moving_max(&evidence.low, 2));
        let equal = ramp(activation, &PEAKS) * ramp(low.highest(), &BASS) * (1.0 - ramp(rise, &RISE));
        let contrary = ramp(low.lowest(), &BASS_BETWEEN) * ramp(activation, &FAINT_PEAKS);
        let down_between = equal >= SURE && downbeat >= LEAST_DOWNBEAT && rise <= MOST_RISE;
        Self { doubt: equal.max(contrary), is_off: down_between || contrary >= SURE }
    }

    /// Returns the factor on the confidence of the beats.
    pub fn trust(&self) -> f64 {
        1.0 - MOST_LOST * self.doubt
    }
}

/// Returns the points halfway between beats, and one after the last beat if it is inside the music: at most as
/// many as beats.
pub(super) fn between(beats: &[f64], frames: usize) -> Vec<f64> {
    let mut between: Vec<f64> = beats.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    if let (Some(point), [.., before, last]) = (between.last(), beats)
        && point + (last - before) < frames as f64
    {
        between.push(point + (last - before));
    }
    between
}

/// Returns, for each place in a bar of the most common meter, the frames of its beats and of the points halfway
/// to the next beats.
fn bar(evidence: &Evidence<'_>, beats: &[f64], places: &[Place]) -> Vec<Vec<[usize; 2]>> {
    let count = |meter: u8| places.iter().filter(|place| place.meter == meter).count();
    let meter = [3, 6, 4].into_iter().max_by_key(|meter| count(*meter)).unwrap_or(4);
    (1..=meter)
        .map(|position| {
            let here = beats.windows(2).zip(places).filter(|(_, place)| **place == Place { meter, position });
            let frames =
                |pair: &[f64]| [pair[0], 0.5 * (pair[0] + pair[1])].map(|frame| evidence.index(frame));
            here.map(|(pair, _)| frames(pair)).collect::<Vec<[usize; 2]>>()
        })
        .filter(|frames| frames.len() >= LEAST_BARS)
        .collect()
}

/// The means of a curve at each place in the bar: on the beats, and between them.
struct Folded {
    on: Vec<f64>,
    between: Vec<f64>,
}

impl Folded {
    fn new(curve: &[f64], bar: &[Vec<[usize; 2]>]) -> Self {
        let means = |which: usize| {
            bar.iter()
                .map(|frames| mean(&frames.iter().map(|both| curve[both[which]]).collect::<Vec<f64>>()))
                .collect()
        };
        Self { on: means(0), between: means(1) }
    }

    /// Returns the highest mean between beats, over the highest on beats.
    fn highest(&self) -> f64 {
        most(&self.between) / most(&self.on)
    }

    /// Returns the lowest mean between beats, over the highest on beats.
    fn lowest(&self) -> f64 {
        self.between.iter().fold(f64::INFINITY, |a, b| a.min(*b)) / most(&self.on)
    }

    /// Returns the mean between beats, over the mean on beats.
    fn overall(&self) -> f64 {
        mean(&self.between) / (mean(&self.on) + 1e-9)
    }
}

fn most(values: &[f64]) -> f64 {
    values.iter().fold(1e-9, |a, b| a.max(*b))
}

/// Returns 0 below a range, 1 above it, and rises inside it.
fn ramp(value: f64, range: &Range<f64>) -> f64 {
    ((value - range.start) / (range.end - range.start)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::track::SpectralTrack;

    const PERIOD: usize = 40;

    /// What happens at an eighth of a bar of four: activation of a beat and of a downbeat, rise of the
    /// spectrum and of its bass.
    type Eighth = [f64; 4];

    /// Returns the phase of 20 bars whose beats are on the even eighths.
    fn phase(bar: [Eighth; 8]) -> BeatPhase {
        let beats: Vec<f64> = (0..80).map(|n| (10 + n * PERIOD) as f64).collect();
        let frames = 20 + 80 * PERIOD;
        let mut track = SpectralTrack { chroma: vec![[1.0; 12]; frames], ..SpectralTrack::default() };
        (track.flux, track.low) = (vec![0.0; frames], vec![0.0; frames]);
        let mut activation = vec![[0.01, 0.01]; frames];
        for eighth in 0..160 {
            let (at, what) = (10 + eighth * PERIOD / 2, bar[eighth % 8]);
            activation[at] = [what[0], what[1]];
            (track.flux[at], track.low[at]) = (what[2] as f32, what[3] as f32);
        }
        let places: Vec<Place> = (0..80).map(|n| Place { meter: 4, position: n % 4 + 1 }).collect();
        BeatPhase::new(&Evidence::new(&activation, &track), &beats, &places)
    }

    const NOTHING: Eighth = [0.2, 0.05, 0.0, 0.0];
    const CHORD: Eighth = [0.7, 0.1, 0.4, 0.3];
    const DROP: Eighth = [0.7, 0.1, 0.3, 0.9];

    #[test]
    fn chords_on_the_beats_and_a_drop_between_them_leave_the_phase_open() {
        let found = phase([CHORD, DROP, CHORD, NOTHING, CHORD, NOTHING, CHORD, NOTHING]);
        assert!(found.trust() < 0.46, "{}", found.doubt);
        assert!(!found.is_off);
    }

    #[test]
    fn beats_move_to_the_downbeat_that_the_models_detect_between_them() {
        let down = [0.2, 0.7, 0.3, 0.9];
        let found = phase([CHORD, NOTHING, CHORD, NOTHING, CHORD, down, CHORD, NOTHING]);
        assert!(found.is_off && found.trust() < 0.46);
    }

    #[test]
    fn beats_move_to_where_all_the_bass_is() {
        let (chord, bass) = ([0.8, 0.1, 0.3, 0.2], [0.3, 0.05, 0.2, 0.9]);
        let found = phase([chord, bass, chord, bass, chord, bass, chord, bass]);
        assert!(found.is_off && found.trust() < 0.46);
    }

    #[test]
    fn an_off_beat_bass_over_a_kick_or_equal_eighths_do_no_harm() {
        let (kick, bass) = ([0.8, 0.1, 0.4, 0.4], [0.02, 0.02, 0.3, 0.9]);
        assert!(phase([kick, bass, kick, bass, kick, bass, kick, bass]).trust() > 0.99);
        let (on, off) = ([0.7, 0.1, 0.3, 0.8], [0.7, 0.1, 0.3, 0.6]);
        assert!(phase([on, off, on, off, on, off, on, off]).trust() > 0.99);
        assert!(phase([DROP, CHORD, DROP, NOTHING, DROP, CHORD, DROP, NOTHING]).doubt < 0.5);
    }

    #[test]
    fn too_few_bars_have_no_doubts() {
        let track = SpectralTrack::default();
        let evidence = Evidence::new(&[], &track);
        assert!(BeatPhase::new(&evidence, &[], &[]).trust() > 0.99);
        assert!(between(&[], 100).is_empty());
        assert_eq!(between(&[10.0, 30.0, 50.0], 100), [20.0, 40.0, 60.0]);
        assert_eq!(between(&[10.0, 30.0, 50.0], 60), [20.0, 40.0]);
    }
}
