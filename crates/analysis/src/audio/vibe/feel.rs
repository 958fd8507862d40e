use mmm_base::{Score, Time};
use mmm_facts::{Beat, EnergyCurve, Mood, Vibe};

use super::dance::danceability;
use super::key::leaning_to_major;
use crate::audio::track::SpectralTrack;

/// Loudness that counts as 0 and as 1, in LUFS.
const QUIET_LUFS: f64 = -35.0;
const LOUD_LUFS: f64 = -10.0;
/// Onsets per second that count as 1.
const BUSY_HZ: f64 = 8.0;
/// Number of bands that the timbre covers, and the first band above 1,500 Hz (Juslin 2000).
const BANDS: usize = 136;
const FIRST_HIGH_BAND: usize = 67;
/// Share of the high bands in the log spectrum that counts as 1; that of white noise.
const BRIGHT: f64 = 0.5;
/// A leaning to major or minor ([`leaning_to_major`]) that is unambiguous.
const CLEAR_MODE: f64 = 0.25;
/// Beats and onsets (beats per minute, onsets per second) that are neither happy nor sad.
const PLAIN_BPM: f64 = 100.0;
const PLAIN_ONSETS_HZ: f64 = 3.0;
/// Valence this close to the middle is undecided.
const UNDECIDED: f64 = 0.08;
/// A mood this close to the middle of the circumplex is undecided.
const PLAIN_MOOD: f64 = 0.1;
/// Slope of the border between happy and calm: -22 degrees.
const CONTENT: f64 = 0.4;

/// The inputs of the vibe.
pub struct Feel<'a> {
    /// Integrated loudness in hundredths of a LUFS; `None` if silent.
    pub loudness: Option<i32>,
    pub energy: &'a EnergyCurve,
    pub onsets: &'a [Time],
    pub beats: &'a [Beat],
    pub duration: Time,
    pub track: &'a SpectralTrack,
}

/// Returns how the music feels; silence is calm and not danceable. With all terms 0..=1:
///
/// - energy (arousal) = 0.4 loudness (-35..=-10 LUFS) + 0.3 onsets (0..=8 per second) + 0.15
///   brightness + 0.15 mean of the energy curve: the cues of Gabrielsson and Lindström (2010)
///   that don't depend on taste;
/// - valence = ([`valence`]), mood = ([`mood`]), danceability = ([`danceability`]).
pub fn vibe(feel: &Feel) -> Vibe {
    let onsets_hz = feel.onsets.len() as f64 / feel.duration.secs().max(1.0);
    let onset_density = (onsets_hz * 100.0).round() as u32;
    let Some(loudness) = feel.loudness else {
        return silent(onset_density);
    };
    let loud = scaled(f64::from(loudness) / 100.0, QUIET_LUFS, LOUD_LUFS);
    let busy = (onsets_hz / BUSY_HZ).min(1.0);
    let brightness = brightness(feel.track);
    let mean = feel.energy.mean(Time::ZERO, feel.duration).get();
    let energy = 0.4 * loud + 0.3 * busy + 0.15 * brightness + 0.15 * mean;
    let valence = valence(leaning_to_major(&total_chroma(feel.track)), bpm(feel.beats), onsets_hz);
    Vibe {
        danceability: Score::new(danceability(feel.beats, &feel.track.low, feel.duration, energy)),
        energy: Score::new(energy),
        brightness: Score::new(brightness),
        onset_density,
        valence: Score::new(valence),
        mood: mood(valence, energy),
    }
}

fn silent(onset_density: u32) -> Vibe {
    let (danceability, energy, brightness) = (Score::ZERO, Score::ZERO, Score::ZERO);
    Vibe { danceability, energy, brightness, onset_density, valence: Score::HALF, mood: Mood::Calm }
}

/// Returns how pleasant the music is, 0..=1: 0.5 + 0.25 mode + 0.15 tempo + 0.1 articulation, each -1..=1.
/// Mode is the leaning to major divided by [`CLEAR_MODE`], tempo is octaves above 100 bpm, and articulation
/// is octaves of onset density above 3 per second. Eerola, Friberg and Bresin (2013) found this order (mode,
/// tempo, articulation) for happy and sad, added up without interaction.
fn valence(lean: f64, bpm: Option<f64>, onsets_hz: f64) -> f64 {
    let mode = (lean / CLEAR_MODE).clamp(-1.0, 1.0);
    let tempo = bpm.map_or(0.0, |bpm| (bpm / PLAIN_BPM).log2().clamp(-1.0, 1.0));
    let articulation = (onsets_hz.max(0.1) / PLAIN_ONSETS_HZ).log2().clamp(-1.0, 1.0);
    0.5 + 0.25 * mode + 0.15 * tempo + 0.1 * articulation
}

/// Returns the quadrant of the circumplex of valence and arousal (Russell 1980) that the two values point to.
/// Happy extends slightly below the middle of arousal (the next emotion, content, is at -30 degrees). Calm
/// extends to undecided valence. Lively music of undecided valence is neutral.
fn mood(valence: f64, arousal: f64) -> Mood {
    let (pleasant, lively) = (valence - 0.5, arousal - 0.5);
    if pleasant.hypot(lively) < PLAIN_MOOD {
        return Mood::Neutral;
    }
    match (lively >= 0.0, pleasant) {
        (_, p) if p > UNDECIDED && lively > -CONTENT * p => Mood::Happy,
        (true, p) if p < -UNDECIDED => Mood::Tense,
        (true, _) => Mood::Neutral,
        (false, p) if p < -UNDECIDED => Mood::Sad,
        (false, _) => Mood::Calm,
    }
}

/// Returns how bright the sound is, 0..=1: the share of the bands above 1,500 Hz in the log spectrum,
/// relative to that of white noise. The log spectrum is reconstructed from its mean and twelve cosine
/// coefficients, S(b) = level + 2 sum of c(k) cos(pi k (b + 1/2) / 136).
fn brightness(track: &SpectralTrack) -> f64 {
    let sums: [f64; 12] = std::array::from_fn(|k| sum(track.timbre.iter().map(|row| row[k])));
    let level = sum(track.level.iter().copied());
    let at = |band: usize| {
        let cosine =
            |k: usize| (std::f64::consts::PI * (k + 1) as f64 * (band as f64 + 0.5) / BANDS as f64).cos();
        level + 2.0 * (0..12).map(|k| sums[k] * cosine(k)).sum::<f64>()
    };
    let high: f64 = (FIRST_HIGH_BAND..BANDS).map(at).sum();
    if level > 0.0 { scaled(high / (level * BANDS as f64), 0.0, BRIGHT) } else { 0.0 }
}

fn total_chroma(track: &SpectralTrack) -> [f64; 12] {
    std::array::from_fn(|pitch| sum(track.chroma.iter().map(|row| row[pitch])))
}

/// Returns beats per minute, by the median interval; `None` if there are fewer than two beats.
fn bpm(beats: &[Beat]) -> Option<f64> {
    let mut steps: Vec<i64> = beats.windows(2).map(|pair| (pair[1].time - pair[0].time).micros()).collect();
    steps.sort_unstable();
    steps.get(steps.len() / 2).filter(|step| **step > 0).map(|step| 60e6 / *step as f64)
}

/// Returns the sum of the finite values.
fn sum(values: impl Iterator<Item = f32>) -> f64 {
    values.filter(|value| value.is_finite()).map(f64::from).sum()
}

/// Scales `value` to 0 at `low` and 1 at `high`, clamped.
fn scaled(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_is_the_share_of_the_high_bands() {
        let flat =
            SpectralTrack { timbre: vec![[0.0; 12]; 50], level: vec![0.5; 50], ..SpectralTrack::default() };
        let share = (BANDS - FIRST_HIGH_BAND) as f64 / BANDS as f64;
        assert!((brightness(&flat) - scaled(share, 0.0, BRIGHT)).abs() < 1e-9);
        // A falling spectrum has a positive first coefficient.
        let falling = SpectralTrack {
            timbre: vec![std::array::from_fn(|k| if k == 0 { 0.25 } else { 0.0 }); 50],
            ..flat
        };
        assert!(brightness(&falling) < 0.5);
        assert_eq!(brightness(&SpectralTrack::default()), 0.0);
    }

    #[test]
    fn the_four_moods() {
        let fast_major = valence(0.3, Some(140.0), 5.0);
        let slow_minor = valence(-0.3, Some(66.0), 1.5);
        assert_eq!(mood(fast_major, 0.8), Mood::Happy);
        assert_eq!(mood(valence(-0.3, Some(120.0), 5.0), 0.9), Mood::Tense);
        assert_eq!(mood(slow_minor, 0.2), Mood::Sad);
        assert_eq!(mood(valence(0.1, Some(80.0), 2.0), 0.2), Mood::Calm);
        assert_eq!(mood(0.5, 0.5), Mood::Neutral);
    }

    #[test]
    fn silence_is_calm() {
        let (energy, track) = (EnergyCurve::default(), SpectralTrack::default());
        let silence = Feel {
            loudness: None,
            energy: &energy,
            onsets: &[],
            beats: &[],
            duration: Time::ZERO,
            track: &track,
        };
        assert_eq!(vibe(&silence).mood, Mood::Calm);
        assert_eq!(vibe(&silence).danceability, Score::ZERO);
        assert_eq!(vibe(&Feel { loudness: Some(-1400), ..silence }).danceability, Score::ZERO);
    }
}
