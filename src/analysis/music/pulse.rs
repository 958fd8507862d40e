use aubio_rs::{Onset, OnsetMode, Tempo};

use crate::base::Score;

use super::analyst::RATE_HZ;
use super::curves::{mean, quantile};
use super::grid::{even_beats, even_novelty};
use super::halving::Halving;
use super::offbeat::on_the_bass;
use super::tempo::{Course, clearest};

/// Samples of the music from one run of the detectors to the next; the detectors are given half
/// the rate, which costs half and has all that is struck.
pub const HOP: usize = 512;
const HALF_HOP: usize = HOP / 2;
const HALF_WINDOW: usize = HOP;
const HALF_RATE_HZ: u32 = RATE_HZ / 2;
/// Time of one hop in seconds.
pub const HOP_S: f64 = HOP as f64 / RATE_HZ as f64;
/// The trackers that are asked, by the novelty that each follows.
const TRACKERS: [OnsetMode; 2] = [OnsetMode::Complex, OnsetMode::SpecFlux];
/// A sound is seen in the novelty this much after the time of its hop, in seconds; between what
/// clicks (0.010) and struck notes (0.021) ask for, since notes are heard after they begin.
const NOVELTY_DELAY_S: f64 = 0.017;
/// What aubio's onset detector reports too early, in seconds, measured on clicks.
const ONSET_LEAD_S: f64 = 0.015;

/// Listens for beats with several trackers of aubio, and for onsets.
pub struct Pulse {
    halving: Halving,
    trackers: Vec<Tracker>,
    onset: Option<Onset>,
    onsets: Vec<f64>,
    novelty: Vec<f32>,
    /// What is not yet a whole hop.
    waiting: Vec<f32>,
}

/// One tracker and the beats that it has reported, in seconds.
struct Tracker {
    tempo: Tempo,
    last: usize,
    beats: Vec<f64>,
}

/// What was heard.
pub struct Heard {
    /// Beats in hops and parts of a hop, by the novelty's clock; [`Heard::seconds`] has the time.
    pub beats: Vec<f64>,
    /// How sure each beat is.
    pub sureness: Vec<Score>,
    /// How sure the beats are, 0..=1.
    pub confidence: f64,
    /// Onsets in seconds, in order.
    pub onsets: Vec<f64>,
}

impl Pulse {
    pub fn new() -> Self {
        let tracker = |mode| {
            let tempo = Tempo::new(mode, HALF_WINDOW, HALF_HOP, HALF_RATE_HZ).ok()?;
            Some(Tracker { tempo, last: 0, beats: Vec::new() })
        };
        Self {
            halving: Halving::new(),
            trackers: TRACKERS.into_iter().filter_map(tracker).collect(),
            onset: Onset::new(OnsetMode::Hfc, HALF_WINDOW, HALF_HOP, HALF_RATE_HZ).ok(),
            onsets: Vec::new(),
            novelty: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Takes the next samples of one channel; finite ones.
    pub fn samples(&mut self, mono: &[f32]) {
        let mut waiting = std::mem::take(&mut self.waiting);
        self.halving.samples(mono, &mut waiting);
        let hops = waiting.chunks_exact(HALF_HOP);
        let rest = hops.remainder().len();
        hops.for_each(|hop| self.hop(hop));
        waiting.drain(..waiting.len() - rest);
        self.waiting = waiting;
    }

    fn hop(&mut self, block: &[f32]) {
        for tracker in &mut self.trackers {
            // The result is the beat's place within the hop and so may be 0; the time tells.
            let done = tracker.tempo.do_result(block).is_ok();
            let last = tracker.tempo.get_last();
            if done && last > tracker.last {
                tracker.last = last;
                tracker.beats.push(last as f64 / f64::from(HALF_RATE_HZ));
            }
        }
        let Some(onset) = &mut self.onset else { return };
        if onset.do_result(block).is_ok_and(|found| found > 0.0) {
            self.onsets.push(onset.get_last() as f64 / f64::from(HALF_RATE_HZ) + ONSET_LEAD_S);
        }
        let novelty = onset.get_descriptor();
        self.novelty.push(if novelty.is_finite() { novelty.max(0.0) } else { 0.0 });
    }

    /// Settles on beats: of the tempi that the trackers found the one that shows clearest in the
    /// novelty is laid over all of it, on the beat of the bass; `bass` is its energy at each hop.
    pub fn finish(self, bass: &[f32]) -> Heard {
        let novelty = even_novelty(&self.novelty);
        let courses: Vec<Course> =
            self.trackers.iter().filter_map(|tracker| Course::of(&tracker.beats, novelty.len())).collect();
        let (course, clarity) = clearest(&courses, &novelty).unzip();
        let beats = course.map(|course| even_beats(&course, &novelty)).unwrap_or_default();
        let beats = on_the_bass(beats, &novelty, bass);
        let confidence = confidence(&beats, clarity.unwrap_or(0.0));
        let at = |beat: &f64| novelty.get(beat.round() as usize).copied().unwrap_or(0.0);
        // A beat on which nothing is struck is a little less sure than its neighbours.
        let sure = |beat: &f64| Score::new(confidence * (0.6 + 0.4 * (at(beat) / 1.5).min(1.0)));
        Heard { sureness: beats.iter().map(sure).collect(), beats, confidence, onsets: self.onsets }
    }
}

impl Heard {
    /// The time of a beat, in seconds.
    pub fn seconds(beat: f64) -> f64 {
        (beat * HOP_S - NOVELTY_DELAY_S).max(0.0)
    }

    /// Beats a minute: the median distance picks a tempo, the mean of what is near to it measures
    /// it; 0 with less than two beats.
    pub fn bpm(&self) -> f64 {
        let distances = distances(&self.beats);
        if distances.is_empty() {
            return 0.0;
        }
        let median = quantile(&distances, 0.5);
        let near: Vec<f64> =
            distances.into_iter().filter(|distance| (distance / median - 1.0).abs() < 0.05).collect();
        60.0 / (mean(&near) * HOP_S)
    }
}

fn distances(beats: &[f64]) -> Vec<f64> {
    beats.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// How sure `beats` are: a product, since each condition is needed. They repeat in the sound, are
/// even, and are more than a few.
fn confidence(beats: &[f64], clarity: f64) -> f64 {
    if beats.len() < 4 {
        return 0.0;
    }
    let changes: Vec<f64> = distances(beats).windows(2).map(|pair| (pair[1] / pair[0]).ln().abs()).collect();
    let evenness = (-6.0 * quantile(&changes, 0.5)).exp();
    let clear = ((clarity - 0.08) / 0.5).clamp(0.0, 1.0).sqrt();
    let many = ((beats.len() as f64 - 3.0) / 13.0).min(1.0);
    evenness * clear * many
}
