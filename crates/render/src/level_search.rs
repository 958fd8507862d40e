use mmm_facts::SoundLevels;

/// The highest true peak that the decoded sound may have, in hundredths of a dBTP: a tenth less than
/// docs/review.md allows, because meters differ by as much.
const HIGHEST_PEAK: i32 = -110;

/// The largest error of the decoded loudness that needs no correction, in hundredths of a LU; docs/review.md
/// allows as much.
const TOLERANCE: i32 = 50;

/// How many times the ceiling of the limiter is lowered, and the sound brought to its loudness again.
const LOWER_CEILINGS: usize = 2;
/// How many times the sound is turned down after that, whatever becomes of its loudness.
const LOWER_LEVELS: usize = 4;
/// How many times the loudness is corrected once the peaks are low enough.
const CORRECTIONS: usize = 4;

/// The smallest correction, in hundredths of a LU.
const LEAST_CORRECTION: i32 = 10;

/// Finds the level at which the decoded sound has its loudness and no peak is too high, by what is measured in
/// each round. `L` is a level.
pub(super) struct LevelSearch<L> {
    /// The loudness to reach, in hundredths of a LUFS.
    asked: i32,
    lowered: usize,
    corrected: usize,
    /// The closest round whose peaks are low enough.
    best: Option<Round<L>>,
    /// The correction of the last round, and the largest that the next one may have.
    tried: i32,
    most: i32,
    ended: bool,
}

#[derive(Clone, Copy)]
struct Round<L> {
    level: L,
    miss: i32,
    room: i32,
}

/// What the next round is encoded with.
#[derive(Clone, Copy, Debug)]
pub(super) enum NextLevel<L> {
    /// The last level with a ceiling that is this much lower, in hundredths of a decibel.
    LowerCeiling(i32),
    /// The last level, this much quieter.
    Quieter(i32),
    /// A level raised by this much, whose peaks have room to rise.
    Raised { level: L, by: i32, room: i32 },
    /// A level of an earlier round.
    Earlier(L),
}

impl<L: Copy> LevelSearch<L> {
    pub fn new(asked: i32) -> Self {
        Self { asked, lowered: 0, corrected: 0, best: None, tried: 0, most: i32::MAX, ended: false }
    }

    /// Returns what to encode next after a round at `level`; `None` if that round is to be kept.
    pub fn next(&mut self, level: L, heard: &SoundLevels) -> Option<NextLevel<L>> {
        if self.ended {
            return None;
        }
        let room = HIGHEST_PEAK - heard.peak;
        if room < 0 && self.best.is_none() {
            return self.lower(-room);
        }
        let Some(loudness) = heard.loudness else { return self.end(true) };
        let miss = self.asked - loudness;
        let is_best = room >= 0 && self.best.is_none_or(|best| miss.abs() < best.miss.abs());
        if is_best {
            self.best = Some(Round { level, miss, room });
            self.most = i32::MAX;
        } else {
            // What an encoder makes of peaks follows their level only roughly.
            let lower = if room < 0 { self.tried + room - 5 } else { 0 };
            self.most = lower.max(self.tried / 2);
        }
        // More gain would mostly raise the noise of a quiet recording.
        let is_final = miss.abs() <= TOLERANCE || (heard.is_at_most_gain && miss > 0);
        if is_best && is_final {
            return None;
        }
        self.correct().or_else(|| self.end(is_best))
    }

    /// Returns how peaks come down that are too high by `excess`.
    fn lower(&mut self, excess: i32) -> Option<NextLevel<L>> {
        self.lowered += 1;
        if self.lowered <= LOWER_CEILINGS {
            Some(NextLevel::LowerCeiling(excess))
        } else if self.lowered <= LOWER_CEILINGS + LOWER_LEVELS {
            // What the encoder adds is in proportion to the level, or nearly so.
            Some(NextLevel::Quieter(excess + 5))
        } else {
            None
        }
    }

    /// Returns the correction of the best round; `None` if there is no further one.
    fn correct(&mut self) -> Option<NextLevel<L>> {
        let Round { level, miss, room } = self.best?;
        let by = miss.min(self.most);
        // A sound that is no closer after being turned down stays as it was.
        if self.corrected == CORRECTIONS || by.abs() < LEAST_CORRECTION || self.most < 0 {
            return None;
        }
        self.corrected += 1;
        self.tried = by;
        Some(NextLevel::Raised { level, by, room })
    }

    /// Ends the search: the last round is kept if it is the best, else the best one is encoded again.
    fn end(&mut self, is_best: bool) -> Option<NextLevel<L>> {
        self.ended = true;
        self.best.filter(|_| !is_best).map(|best| NextLevel::Earlier(best.level))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a search with an encoder that returns loudness and peak for a level, all in hundredths. Returns
    /// the levels that were encoded, in order.
    fn encoded(asked: i32, start: i32, encoder: impl Fn(i32) -> (i32, i32)) -> Vec<i32> {
        let mut search = LevelSearch::new(asked);
        let mut levels = vec![start];
        loop {
            let level = *levels.last().unwrap();
            let (loudness, peak) = encoder(level);
            let heard = SoundLevels { loudness: Some(loudness), peak, is_at_most_gain: false };
            levels.push(match search.next(level, &heard) {
                None => return levels,
                // The ceiling is lower, and the loudness the same.
                Some(NextLevel::LowerCeiling(_)) => level,
                Some(NextLevel::Quieter(by)) => level - by,
                Some(NextLevel::Raised { level, by, .. }) => level + by,
                Some(NextLevel::Earlier(level)) => level,
            });
        }
    }

    #[test]
    fn a_sound_that_is_right_is_encoded_once() {
        assert_eq!(encoded(-1400, -1400, |level| (level - 40, -150)), [-1400]);
        assert_eq!(encoded(-1400, -1400, |level| (level + 40, -110)), [-1400]);
    }

    #[test]
    fn what_an_encoder_takes_is_added_and_what_it_adds_is_taken() {
        assert_eq!(encoded(-1600, -1600, |level| (level - 110, level + 600)), [-1600, -1490]);
        assert_eq!(encoded(-1600, -1600, |level| (level + 80, level + 200)), [-1600, -1680]);
    }

    #[test]
    fn a_level_that_was_lowered_too_far_is_raised_again() {
        // Peaks jump above a level.
        let jumping = |level: i32| (level, if level > -1500 { level + 1500 } else { level + 1000 });
        let levels = encoded(-1400, -1400, jumping);
        let last = *levels.last().unwrap();
        assert!(jumping(last).1 <= HIGHEST_PEAK, "{levels:?}");
        assert!(levels.len() <= 2 + LOWER_CEILINGS + LOWER_LEVELS + CORRECTIONS, "{levels:?}");
        let louder = levels.iter().filter(|level| jumping(**level).1 <= HIGHEST_PEAK).max();
        assert_eq!(louder, Some(&last), "{levels:?}");
    }

    #[test]
    fn peaks_that_never_come_down_end_the_search() {
        assert_eq!(encoded(-1400, -1400, |level| (level, 0)).len(), 1 + LOWER_CEILINGS + LOWER_LEVELS);
    }

    #[test]
    fn silence_and_quiet_recordings_are_encoded_once() {
        let mut search = LevelSearch::new(-1400);
        assert!(
            search.next((), &SoundLevels { loudness: None, peak: -7000, is_at_most_gain: false }).is_none()
        );
        let mut search = LevelSearch::new(-1400);
        let quiet = SoundLevels { loudness: Some(-4000), peak: -2500, is_at_most_gain: true };
        assert!(search.next((), &quiet).is_none());
    }
}
