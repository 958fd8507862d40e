use crate::analysis::{Mood, Vibe};
use crate::base::Score;

use super::spectrum::Colour;

/// What the vibe is made of.
pub struct Feel<'a> {
    /// Integrated loudness in LUFS; none if silent.
    pub loudness: Option<f64>,
    /// Mean of the energy curve, 0..=1.
    pub energy: f64,
    /// Onsets a second.
    pub onsets_hz: f64,
    /// Beats a minute; 0 where there are none.
    pub bpm: f64,
    /// How sure the beats are, 0..=1.
    pub confidence: f64,
    pub colours: &'a [Colour],
}

/// The key profiles of Krumhansl and Kessler (1982), tonic first.
const MAJOR: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// How the music feels; silence is calm and not for dancing.
pub fn vibe(feel: &Feel) -> Vibe {
    let Some(loudness) = feel.loudness else {
        return Vibe { danceability: Score::ZERO, energy: Score::ZERO, mood: Mood::Calm };
    };
    let loud = ((loudness + 35.0) / 25.0).clamp(0.0, 1.0);
    let busy = (feel.onsets_hz / 6.0).clamp(0.0, 1.0);
    let bright = (brightness(feel.colours) / 0.3).clamp(0.0, 1.0);
    let energy = 0.4 * loud + 0.3 * busy + 0.15 * bright + 0.15 * feel.energy;
    // People dance to about two beats a second; half an octave off is half as good.
    let octaves = if feel.bpm > 0.0 { (feel.bpm / 120.0).log2() } else { 3.0 };
    let tempo = (-2.8 * octaves * octaves).exp();
    let danceability = feel.confidence.sqrt() * (0.6 * tempo + 0.4 * energy);
    let mood = if energy < 0.4 {
        Mood::Calm
    } else if leaning_to_major(feel.colours) + 0.6 * (energy - 0.5) > 0.05 {
        Mood::Happy
    } else {
        Mood::Neutral
    };
    Vibe { danceability: Score::new(danceability), energy: Score::new(energy), mood }
}

/// The mean spectral centroid of what is heard, as a share of the Nyquist frequency.
fn brightness(colours: &[Colour]) -> f64 {
    let heard = || colours.iter().filter(|colour| colour.centroid > 0.0);
    heard().map(|colour| f64::from(colour.centroid)).sum::<f64>() / heard().count().max(1) as f64
}

/// How much better the best major key fits the harmony than the best minor key, −2..=2.
fn leaning_to_major(colours: &[Colour]) -> f64 {
    let mut sum = [0.0f64; 12];
    for colour in colours {
        sum.iter_mut().zip(colour.chroma).for_each(|(sum, share)| *sum += f64::from(share));
    }
    let best =
        |profile: &[f64; 12]| (0..12).map(|tonic| correlation(&sum, profile, tonic)).fold(-1.0, f64::max);
    best(&MAJOR) - best(&MINOR)
}

/// Pearson's correlation of `chroma`, turned so that `tonic` comes first, with `profile`.
fn correlation(chroma: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let (chroma_mean, profile_mean) = (chroma.iter().sum::<f64>() / 12.0, profile.iter().sum::<f64>() / 12.0);
    let (mut both, mut a, mut b) = (0.0, 0.0, 0.0);
    for (i, weight) in profile.iter().enumerate() {
        let (x, y) = (chroma[(tonic + i) % 12] - chroma_mean, weight - profile_mean);
        both += x * y;
        a += x * x;
        b += y * y;
    }
    if a > 0.0 { both / (a * b).sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(pitches: [usize; 3]) -> Colour {
        let mut chroma = [0.02; 12];
        pitches.iter().for_each(|pitch| chroma[*pitch] = 0.27);
        Colour { chroma, centroid: 0.1, ..Colour::default() }
    }

    #[test]
    fn major_and_minor_are_told_apart() {
        let major = [chord([0, 4, 7]), chord([5, 9, 0]), chord([7, 11, 2])];
        let minor = [chord([9, 0, 4]), chord([2, 5, 9]), chord([4, 8, 11])];
        assert!(leaning_to_major(&major) > 0.1);
        assert!(leaning_to_major(&minor) < -0.1);
    }

    #[test]
    fn a_lively_major_piece_is_happy_and_silence_is_calm() {
        let colours = vec![chord([0, 4, 7]); 8];
        let mut feel = Feel {
            loudness: Some(-12.0),
            energy: 0.7,
            onsets_hz: 4.0,
            bpm: 124.0,
            confidence: 0.9,
            colours: &colours,
        };
        let lively = vibe(&feel);
        assert_eq!(lively.mood, Mood::Happy);
        assert!(lively.danceability > Score::new(0.6));
        feel.loudness = None;
        assert_eq!(vibe(&feel).mood, Mood::Calm);
        assert_eq!(vibe(&feel).danceability, Score::ZERO);
    }
}
