use super::gain::factor;
use mmm_facts::{Duck, SoundCue};

/// How long before speech the music begins to fall, in samples at 48 kHz: 0.3 s. It is fully down when speech
/// starts.
const AHEAD: u64 = 14_400;
/// How long after speech the music takes to return, in samples at 48 kHz: 0.8 s.
const RELEASE: u64 = 38_400;
/// Ducks closer together than this, in samples at 48 kHz, are joined (1.5 s): music that rises for a moment
/// is worse than none.
const BRIDGED: u64 = 72_000;

/// The ducking of a cue over the movie's time.
pub(super) struct Ducking {
    /// In order of time.
    ducks: Vec<Duck>,
}

impl Ducking {
    /// Returns the ducking of a cue, with short gaps between equal ducks closed.
    pub(super) fn of(cue: &SoundCue) -> Self {
        let mut ducks = cue.ducks.clone();
        ducks.sort_by_key(|duck| (duck.gain, duck.start));
        let mut joined: Vec<Duck> = Vec::with_capacity(ducks.len());
        for duck in ducks {
            match joined.last_mut() {
                Some(last) if last.gain == duck.gain && duck.start < last.end + BRIDGED => {
                    last.end = last.end.max(duck.end);
                }
                _ => joined.push(duck),
            }
        }
        joined.sort_by_key(|duck| duck.start);
        Self { ducks: joined }
    }

    /// Returns the factor on the level at a sample of the movie: that of the deepest duck in reach. A duck is
    /// at full depth from its start to its end, and its ramps are linear in decibels.
    pub(super) fn at(&self, sample: u64) -> f32 {
        let depth = |duck: &Duck| {
            let before = duck.start.saturating_sub(sample) as f32 / AHEAD as f32;
            let after = sample.saturating_sub(duck.end) as f32 / RELEASE as f32;
            duck.gain as f32 * (1.0 - before.max(after)).max(0.0)
        };
        let near =
            self.ducks.iter().filter(|duck| sample + AHEAD > duck.start && sample < duck.end + RELEASE);
        factor(near.map(depth).fold(0.0, f32::min))
    }

    /// Whether the cue is never ducked.
    pub(super) fn is_idle(&self) -> bool {
        self.ducks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{Digest, Speed};

    #[test]
    fn the_music_is_down_before_the_first_word_and_stays_so_between_sentences() {
        let duck = |start, end| Duck { start, end, gain: -1500 };
        let cue = SoundCue {
            source: Digest::of(b"song"),
            track: None,
            centred: None,
            start: 0,
            samples: 1_000_000,
            from: 0,
            speed: Speed::NORMAL,
            gain: 0,
            fade_in: 0,
            fade_out: 0,
            high_pass: None,
            ducks: vec![duck(240_000, 288_000), duck(100_000, 200_000)],
        };
        let ducking = Ducking::of(&cue);
        let decibels = |sample| 20.0 * ducking.at(sample).log10();
        assert_eq!(ducking.at(80_000), 1.0);
        assert!((decibels(92_800) + 7.5).abs() < 0.1, "{}", decibels(92_800));
        for sample in [100_000, 200_000, 220_000, 288_000] {
            assert!((decibels(sample) + 15.0).abs() < 0.1, "{sample}: {}", decibels(sample));
        }
        assert_eq!(ducking.at(330_000), 1.0);
    }
}
