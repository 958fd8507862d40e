use mmm_base::Time;
use mmm_facts::Pacing;

/// The longest shot in the calmest passage, in seconds; `LONGEST_CALM_S` is that at a calm pace.
const LONGEST_S: f64 = 5.0;
const LONGEST_CALM_S: f64 = 8.0;

/// The density of cuts, in shots per beat, as a function of the music's energy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    kind: mmm_spec::Pace,
    /// The prompt's factor on the rate, for each third of the movie.
    parts: [f64; 3],
}

impl Pace {
    /// Creates the pace of the style; the prompt shifts it only if the style leaves it open.
    pub fn new(kind: mmm_spec::Pace, parts: [f64; 3]) -> Self {
        let parts = if kind == mmm_spec::Pace::Auto { parts } else { [1.0; 3] };
        Self { kind, parts }
    }

    /// Returns the shots per beat where the music has `energy` (0 its calmest, 1 its liveliest), at `share`
    /// (0..=1) of the movie, with beats `period` apart.
    ///
    /// A shot lasts 8 beats in the calmest passage, 4 in the middle and 2 in the liveliest. It never lasts
    /// longer than a picture is worth looking at, however slow the beat.
    pub fn rate(&self, energy: f64, share: f64, period: Time) -> f64 {
        let (energy, factor) = match self.kind {
            mmm_spec::Pace::Auto => (energy, 1.0),
            mmm_spec::Pace::Calm => (energy, 0.6),
            mmm_spec::Pace::Steady => (0.5 + (energy - 0.5) * 0.25, 1.0),
            mmm_spec::Pace::Lively => (energy, 1.7),
        };
        let energy = energy.clamp(0.0, 1.0);
        let rate = if energy < 0.5 { 0.125 + 0.25 * energy } else { 0.25 + 0.5 * (energy - 0.5) };
        let part = (share * 3.0).clamp(0.0, 2.0) as usize;
        let longest = if self.kind == mmm_spec::Pace::Calm { LONGEST_CALM_S } else { LONGEST_S };
        (rate * factor * self.parts[part] * octave(period)).max(period.secs() / longest)
    }

    /// Returns how many times longer a shot lasts than at a steady pace.
    pub fn stretch(&self) -> f64 {
        match self.kind {
            mmm_spec::Pace::Calm => 1.4,
            mmm_spec::Pace::Lively => 0.7,
            mmm_spec::Pace::Steady => 1.0,
            mmm_spec::Pace::Auto => 3.0 / self.parts.iter().sum::<f64>(),
        }
    }

    /// Returns what determines the pace.
    pub fn pacing(&self) -> Pacing {
        match self.kind {
            mmm_spec::Pace::Auto if self.parts != [1.0; 3] => Pacing::MusicAndPrompt,
            mmm_spec::Pace::Auto => Pacing::Music,
            mmm_spec::Pace::Calm => Pacing::Calm,
            mmm_spec::Pace::Steady => Pacing::Steady,
            mmm_spec::Pace::Lively => Pacing::Lively,
        }
    }
}

/// Returns the factor for very fast and very slow music, in which four beats are too short or too long for a
/// shot.
fn octave(period: Time) -> f64 {
    let bar = period.micros() * 4;
    if bar < 1_400_000 {
        0.5
    } else if bar > 4_200_000 {
        2.0
    } else {
        1.0
    }
}

/// Returns energies relative to the others of the same movie: 0 for the calmest tenth, 1 for the liveliest, ½
/// for all if they hardly differ.
pub(super) fn normalised(energies: &[f64]) -> Vec<f64> {
    let mut parted = energies.to_vec();
    let mut at = |tenths: usize| match parted.len() * tenths / 10 {
        index if index < parted.len() => *parted.select_nth_unstable_by(index, f64::total_cmp).1,
        _ => 0.0,
    };
    let (low, high) = (at(1), at(9));
    let middle = (low + high) / 2.0;
    let spread = (high - low).max(0.1);
    energies.iter().map(|energy| (0.5 + (energy - middle) / spread).clamp(0.0, 1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shots_last_eight_four_and_two_beats() {
        let pace = Pace::new(mmm_spec::Pace::Auto, [1.0; 3]);
        let half = Time::from_millis(500);
        assert_eq!([0.0, 0.5, 1.0].map(|energy| 1.0 / pace.rate(energy, 0.5, half)), [8.0, 4.0, 2.0]);
        let fast = Time::from_millis(320);
        assert_eq!(pace.rate(0.5, 0.5, fast), 0.125, "8 beats at 188 BPM");
        let slow = Time::from_millis(800);
        assert_eq!(slow.secs() / pace.rate(0.0, 0.5, slow), 5.0, "not 6.4 s at 75 BPM");
    }

    #[test]
    fn a_flat_song_is_neither_calm_nor_lively() {
        assert!(normalised(&[0.4, 0.401, 0.4]).iter().all(|energy| (energy - 0.5).abs() < 0.05));
        let ramp: Vec<f64> = (0..10).map(|step| f64::from(step) / 10.0).collect();
        let ramp = normalised(&ramp);
        assert_eq!((ramp[0], ramp[9]), (0.0, 1.0));
        assert!(normalised(&[]).is_empty());
    }
}
