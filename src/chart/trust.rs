use mmm_facts::Beat;

/// Beats below this confidence are unsure if at least `ROW` of them follow each other.
const UNSURE: f64 = 0.4;
const ROW: usize = 4;

/// A distance of more than this many beats counts as a gap without beats.
const MISSING: f64 = 4.5;

/// Returns stretches (start and end in seconds) of at least four unsure beats in a row; `gap` is the usual
/// distance between two beats in seconds.
pub(super) fn unsure(beats: &[Beat], gap: f64) -> Vec<(f64, f64)> {
    let alike = |a: &Beat, b: &Beat| {
        let near = (b.time - a.time).secs() < MISSING * gap;
        near && (a.confidence.get() < UNSURE) == (b.confidence.get() < UNSURE)
    };
    let runs = beats.chunk_by(alike).filter(|run| run.len() >= ROW && run[0].confidence.get() < UNSURE);
    runs.filter_map(|run| Some((run.first()?.time.secs(), run.last()?.time.secs() + gap))).collect()
}

/// Returns stretches without beats, from the beginning of the piece to its end at `seconds`.
pub(super) fn gaps(beats: &[Beat], gap: f64, seconds: f64) -> Vec<(f64, f64)> {
    let times = beats.iter().map(|beat| beat.time.secs());
    let ends = times.clone().map(|time| time + gap).chain([seconds]);
    let pairs = [0.0].into_iter().chain(ends).zip(times.chain([seconds]));
    pairs.filter(|&(from, to)| to - from > (MISSING - 1.0) * gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::{Score, Time};

    /// Returns one beat per second. Those at 10 to 15 and at 30 are weak; 20 to 27 are missing.
    fn beats() -> Vec<Beat> {
        let beat = |i: i64| Beat {
            time: Time::from_secs(i),
            position: None,
            confidence: if (10..16).contains(&i) || i == 30 { Score::ZERO } else { Score::ONE },
        };
        (0..40).filter(|i| !(20..28).contains(i)).map(beat).collect()
    }

    #[test]
    fn one_weak_beat_is_no_stretch() {
        assert_eq!(unsure(&beats(), 1.0), [(10.0, 16.0)]);
    }

    #[test]
    fn music_without_a_beat_is_found_at_the_ends_too() {
        assert_eq!(gaps(&beats(), 1.0, 60.0), [(20.0, 28.0), (40.0, 60.0)]);
        assert_eq!(gaps(&[], 1.0, 60.0), [(0.0, 60.0)]);
    }
}
