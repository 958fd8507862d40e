//! Finds the settings with which a movie fits into its `max-size`, in at most three rounds of encoding. Each
//! choice depends only on the sizes of the rounds before it, so every build chooses the same.

/// Steps of the picture, and the bit rate of the sound.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SizeSetting {
    /// As in [`Canvas::coarser`](mmm_facts::Canvas::coarser).
    pub coarser: u16,
    /// Kilobits per second; `None` for the usual rate.
    pub sound: Option<u32>,
}

/// The search for a movie that fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SizeFit {
    /// The most bytes that the movie may have.
    pub limit: u64,
    /// The settings of each round so far, and the bytes of the movie with them, at most; `None` while its
    /// segments are not encoded.
    pub rounds: Vec<(SizeSetting, Option<u64>)>,
    /// The chosen settings; while the search goes on, those of the last round.
    pub setting: SizeSetting,
    /// Whether the movie fits; `None` while the search goes on.
    pub fits: Option<bool>,
    /// The segments, by their number, that take the finer steps of a round that doesn't fit as a whole.
    pub finer: Option<(u16, Vec<usize>)>,
}

/// The bytes of a movie: those of its picture and its sound, and all others, at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Weight {
    pub picture: u64,
    pub sound: u64,
    pub rest: u64,
}

impl Weight {
    pub fn total(self) -> u64 {
        self.picture + self.sound + self.rest
    }
}

/// The properties of a movie that the search needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought {
    pub limit: u64,
    /// The most steps of the picture.
    pub coarsest: u16,
    /// Samples of the sound at 48 kHz.
    pub samples: u64,
}

/// The bit rates of the sound below the usual one, in kilobits per second.
const SOUND_RATES: [u32; 3] = [128, 96, 64];
/// The sound may take this part of the limit before its bit rate is lowered.
const SOUND_PART: u64 = 6;
/// The factor by which one step of the picture changes its size if it saves little: half in 16 steps.
const SAVES_LITTLE: f64 = 0.957_603_280_698_573_6;
/// A movie that fills this much of its limit is not encoded again, in percent.
const WELL_FILLED: u64 = 85;
/// A picture that halves within so many steps is mostly noise.
const STEEP: i32 = 8;
/// How much of the room a prediction may fill: of a guess, and of an interpolation between two rounds.
const GUESS: f64 = 0.97;
const BETWEEN: f64 = 0.985;

/// Searches as far as `weigh` knows the weight of a movie with given settings.
pub(super) fn search(sought: Sought, weigh: &dyn Fn(SizeSetting) -> Option<Weight>) -> SizeFit {
    let mut fit = SizeFit {
        limit: sought.limit,
        rounds: Vec::new(),
        setting: SizeSetting::default(),
        fits: None,
        finer: None,
    };
    let Some(first) = fit.round(SizeSetting::default(), weigh) else { return fit };
    if first.total() <= sought.limit {
        return fit.ends_with(SizeSetting::default(), true);
    }
    let second = second_round(sought, first);
    let Some(weight) = fit.round(second, weigh) else { return fit };
    let fitting = weight.total() <= sought.limit;
    let third = match fitting {
        true if is_well_filled(weight.total(), sought.limit) => None,
        true => between(sought, (0, first), (second.coarser, weight)),
        false => beyond(sought, (0, first), (second.coarser, weight)),
    };
    let Some(coarser) = third.filter(|coarser| *coarser != second.coarser) else {
        return fit.ends_with(second, fitting);
    };
    let third = SizeSetting { coarser, ..second };
    let Some(weight) = fit.round(third, weigh) else { return fit };
    match weight.total() <= sought.limit {
        true => fit.ends_with(third, true),
        false if fitting => fit.ends_with(second, true),
        false => fit.ends_with(third, false),
    }
}

impl SizeFit {
    fn round(
        &mut self,
        setting: SizeSetting,
        weigh: &dyn Fn(SizeSetting) -> Option<Weight>,
    ) -> Option<Weight> {
        let weight = weigh(setting);
        self.setting = setting;
        self.rounds.push((setting, weight.map(Weight::total)));
        weight
    }

    fn ends_with(self, setting: SizeSetting, fits: bool) -> Self {
        Self { setting, fits: Some(fits), ..self }
    }

    /// Returns the steps of the finer round that is nearest to the chosen one and doesn't fit as a whole, if the
    /// chosen one leaves room. `None` if it fills its limit well, unless that round has just been tried for it.
    pub(super) fn spare(&self) -> Option<u16> {
        let chosen = self.rounds.iter().position(|(setting, _)| *setting == self.setting)?;
        let bytes = self.rounds[chosen].1?;
        let is_last = chosen + 1 == self.rounds.len();
        if self.fits != Some(true) || (is_last && is_well_filled(bytes, self.limit)) {
            return None;
        }
        let is_too_large = |bytes: Option<u64>| bytes.is_some_and(|bytes| bytes > self.limit);
        let finer = self
            .rounds
            .iter()
            .filter(|(setting, bytes)| setting.coarser < self.setting.coarser && is_too_large(*bytes));
        finer.map(|(setting, _)| setting.coarser).max()
    }

    /// Fills the room that the chosen round leaves with segments of a finer one, those first that take the
    /// fewest bytes more. `sizes` are the bytes of each segment in the chosen round and in the finer one.
    pub(super) fn filled(self, coarser: u16, sizes: &[(u64, u64)]) -> Self {
        let chosen = self.rounds.iter().find(|(setting, _)| *setting == self.setting);
        let mut room = self.limit.saturating_sub(chosen.and_then(|(_, bytes)| *bytes).unwrap_or(self.limit));
        let more =
            sizes.iter().enumerate().map(|(index, (small, large))| (large.saturating_sub(*small), index));
        let mut more: Vec<(u64, usize)> = more.collect();
        more.sort_unstable();
        let mut taken: Vec<usize> = Vec::new();
        for (bytes, index) in more {
            if bytes <= room {
                room -= bytes;
                taken.push(index);
            }
        }
        taken.sort_unstable();
        Self { finer: (!taken.is_empty()).then_some((coarser, taken)), ..self }
    }

    /// Returns the bytes of the smallest movie that was tried.
    pub fn smallest(&self) -> Option<u64> {
        self.rounds.iter().filter_map(|(_, bytes)| *bytes).min()
    }
}

fn is_well_filled(bytes: u64, limit: u64) -> bool {
    u128::from(bytes) * 100 >= u128::from(limit) * u128::from(WELL_FILLED)
}

/// Returns the bytes that remain for the picture.
fn room(sought: Sought, weight: Weight) -> f64 {
    sought.limit.saturating_sub(weight.sound + weight.rest) as f64
}

/// Returns the settings of the second round: the sound takes at most a sixth of the limit if it can, and the
/// picture fits even if its steps save little.
fn second_round(sought: Sought, first: Weight) -> SizeSetting {
    let bytes = |rate: u32| sought.samples * u64::from(rate) * 125 / 48_000;
    let part = sought.limit / SOUND_PART;
    let sound = if first.sound <= part {
        None
    } else {
        let fitting = SOUND_RATES.into_iter().find(|rate| bytes(*rate) <= part);
        Some(fitting.unwrap_or(SOUND_RATES[SOUND_RATES.len() - 1]))
    };
    // An encoder may use a little more than its bit rate, but hardly more than at the usual one.
    let heard = sound.map_or(first.sound, |rate| (bytes(rate) * 21 / 20).min(first.sound));
    let room = room(sought, Weight { sound: heard, ..first }) * GUESS;
    let coarser = steps(first.picture as f64, room, SAVES_LITTLE, sought.coarsest);
    SizeSetting { coarser, sound }
}

/// Returns after how many steps, each of which changes the size by `factor`, it is at most `room`; at most
/// `most`.
fn steps(size: f64, room: f64, factor: f64, most: u16) -> u16 {
    let mut size = size;
    (0..most)
        .find(|_| {
            let fits = size <= room;
            size *= factor;
            fits
        })
        .unwrap_or(most)
}

/// Returns the fewest steps between two rounds, of which only the second fits, with which the picture should
/// fit, too. Steps change its size by the same factor. `None` if there are none.
fn between(sought: Sought, (low, large): (u16, Weight), (high, small): (u16, Weight)) -> Option<u16> {
    let room = room(sought, small) * BETWEEN;
    let whole = i32::from(high.checked_sub(low).filter(|steps| *steps > 1)?);
    let (ratio, wanted) = (small.picture as f64 / large.picture as f64, room / large.picture as f64);
    // The size after n steps is large × ratio^(n ÷ whole); powers of whole numbers are exact everywhere.
    let fits = |steps: u16| power(ratio, i32::from(steps)) <= power(wanted, whole);
    let steps = (1..high - low).find(|steps| fits(*steps))?;
    // Noise shrinks late and at once: between two rounds it is larger than their sizes suggest.
    let is_steep = power(ratio, STEEP) < power(0.5, whole);
    Some(low + if is_steep { (steps + high - low) / 2 } else { steps })
}

/// Returns more steps than the second round had, because it doesn't fit; `None` if there are no more. The
/// further they are, the less they save, so they are twice as many as two rounds suggest.
fn beyond(sought: Sought, (low, large): (u16, Weight), (high, small): (u16, Weight)) -> Option<u16> {
    let left = sought.coarsest.checked_sub(high).filter(|left| *left > 0)?;
    let room = room(sought, small) * GUESS;
    let (ratio, wanted) = (small.picture as f64 / large.picture as f64, room / small.picture as f64);
    let whole = i32::from(high - low);
    let fits = |steps: u16| match whole {
        0 => power(SAVES_LITTLE, i32::from(steps)) <= wanted,
        _ => power(ratio, i32::from(steps)) <= power(wanted, whole),
    };
    let needed = (1..left).find(|steps| fits(*steps)).unwrap_or(left);
    Some(high + (needed * 2).min(left))
}

/// Returns a power by repeated multiplication, which is the same on every machine.
fn power(base: f64, times: i32) -> f64 {
    (0..times).fold(1.0, |power, _| power * base)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECONDS: u64 = 60;

    /// Returns the search for a movie of a minute whose picture has `picture` bytes and halves in `half`
    /// steps, but never has less than a part of it.
    fn found(limit: u64, picture: u64, half: f64, floor: f64) -> SizeFit {
        let weigh = |setting: SizeSetting| {
            let part = 2f64.powf(-f64::from(setting.coarser) / half);
            let sound = u64::from(setting.sound.unwrap_or(192)) * 125 * SECONDS;
            Some(Weight { picture: (picture as f64 * (part + floor)) as u64, sound, rest: 100_000 })
        };
        let sought = Sought { limit, coarsest: 48, samples: SECONDS * 48_000 };
        let fit = search(sought, &weigh);
        assert!(fit.rounds.len() <= 3, "{fit:?}");
        if fit.fits == Some(true) {
            let chosen = fit.rounds.iter().find(|(setting, _)| *setting == fit.setting).unwrap();
            assert!(chosen.1.unwrap() <= limit, "{fit:?}");
        }
        fit
    }

    fn used(fit: &SizeFit) -> u64 {
        let chosen = fit.rounds.iter().find(|(setting, _)| *setting == fit.setting).unwrap();
        chosen.1.unwrap() * 100 / fit.limit
    }

    #[test]
    fn a_movie_that_fits_is_encoded_once() {
        let fit = found(16_000_000, 12_000_000, 12.0, 0.0);
        assert_eq!((fit.rounds.len(), fit.setting, fit.fits), (1, SizeSetting::default(), Some(true)));
    }

    #[test]
    fn a_movie_that_does_not_fit_fills_its_limit_well() {
        for half in [9.0, 11.0, 12.0, 13.5, 15.0, 18.0] {
            for times in [1.02, 1.2, 1.7, 2.5, 4.0, 6.0] {
                for floor in [0.0, 0.01] {
                    // 48 steps can't save more than this.
                    if times * (2f64.powf(-48.0 / half) + floor) > 0.85 {
                        continue;
                    }
                    let picture = (16_000_000.0 * times) as u64;
                    let fit = found(16_000_000, picture, half, floor);
                    assert_eq!(fit.fits, Some(true), "{half} {times} {floor}: {fit:?}");
                    assert!(used(&fit) >= 80, "{half} {times} {floor}: {} % {fit:?}", used(&fit));
                }
            }
        }
    }

    #[test]
    fn the_sound_gets_a_sixth_of_the_limit() {
        // A minute at 192 kbit/s has 1.44 MB.
        assert_eq!(found(10_000_000, 20_000_000, 12.0, 0.0).setting.sound, None);
        assert_eq!(found(6_000_000, 20_000_000, 12.0, 0.0).setting.sound, Some(128));
        assert_eq!(found(5_000_000, 20_000_000, 12.0, 0.0).setting.sound, Some(96));
        assert_eq!(found(2_000_000, 8_000_000, 12.0, 0.0).setting.sound, Some(64));
        // Sometimes the sound is all that is too large.
        let fit = found(1_600_000, 200_000, 12.0, 0.0);
        assert_eq!((fit.setting, fit.fits), (SizeSetting { coarser: 0, sound: Some(64) }, Some(true)));
    }

    #[test]
    fn a_movie_that_never_fits_is_known_by_its_smallest_size() {
        let fit = found(1_000_000, 90_000_000, 12.0, 0.02);
        assert_eq!((fit.setting.coarser, fit.fits), (48, Some(false)));
        assert_eq!(fit.smallest(), fit.rounds.last().unwrap().1);
        // A picture of which steps save almost nothing.
        let fit = found(10_000_000, 30_000_000, 30.0, 0.2);
        assert_eq!(fit.fits, Some(false));
        assert!(fit.smallest().unwrap() > 10_000_000);
    }

    #[test]
    fn room_is_filled_with_segments_of_a_finer_round() {
        // Noise: the picture hardly shrinks at first, and then at once.
        let weigh = |setting: SizeSetting| {
            let picture = if setting.coarser < 12 { 30_000_000 } else { 4_000_000 };
            Some(Weight { picture, sound: 0, rest: 0 })
        };
        let sought = Sought { limit: 16_000_000, coarsest: 48, samples: 0 };
        let fit = search(sought, &weigh);
        let finer = fit.spare().unwrap();
        assert!(finer < fit.setting.coarser && fit.fits == Some(true), "{fit:?}");
        let sizes =
            [(1_000_000, 9_000_000), (1_000_000, 5_000_000), (1_000_000, 8_000_000), (1_000_000, 8_000_000)];
        assert_eq!(fit.filled(finer, &sizes).finer, Some((finer, vec![1, 2])));
        assert_eq!(found(16_000_000, 12_000_000, 12.0, 0.0).spare(), None);
        assert_eq!(found(16_000_000, 90_000_000, 12.0, 0.0).spare(), None);
    }

    #[test]
    fn room_that_the_last_round_leaves_is_filled_too() {
        // Noise that shrinks after the second round, more than two rounds suggest.
        let weigh = |setting: SizeSetting| {
            let picture = match setting.coarser {
                0 => 60_000_000,
                1..37 => 40_000_000,
                _ => 3_000_000,
            };
            Some(Weight { picture, sound: 0, rest: 0 })
        };
        let fit = search(Sought { limit: 16_000_000, coarsest: 48, samples: 0 }, &weigh);
        assert_eq!((fit.fits, fit.rounds.len()), (Some(true), 3), "{fit:?}");
        let second = fit.rounds[1].0.coarser;
        assert_eq!(fit.spare(), Some(second));
        let sizes = [(1_000_000, 20_000_000), (1_000_000, 9_000_000), (1_000_000, 11_000_000)];
        assert_eq!(fit.filled(second, &sizes).finer, Some((second, vec![1])));
    }

    #[test]
    fn the_search_goes_as_far_as_sizes_are_known() {
        let sought = Sought { limit: 16_000_000, coarsest: 48, samples: SECONDS * 48_000 };
        let fit = search(sought, &|_| None);
        assert_eq!((fit.fits, fit.setting, fit.rounds.len()), (None, SizeSetting::default(), 1));
        let weight = Weight { picture: 40_000_000, sound: 1_440_000, rest: 50_000 };
        let fit = search(sought, &|setting| (setting.coarser == 0).then_some(weight));
        assert_eq!((fit.fits, fit.rounds.len()), (None, 2));
        assert!(fit.setting.coarser > 16, "{fit:?}");
    }
}
