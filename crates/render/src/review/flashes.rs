use super::seen::Seen;
use mmm_base::Rate;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};

const GENERAL: Measure = Measure { name: "flashes", unit: "in a second" };
const RED: Measure = Measure { name: "red flashes", unit: "in a second" };

/// The most flashes allowed in any second (WCAG 2.2, 2.3.1; ITU-R BT.1702).
const MOST: f64 = 3.0;

/// Returns the figures of general flashes and of saturated red ones.
pub(super) fn figures(seen: &Seen, rate: Rate) -> [Figure; 2] {
    [(GENERAL, &seen.flickers), (RED, &seen.red_flickers)].map(|(measure, halves)| {
        let (start, count) = thickest(halves, rate);
        let figure = Figure::measured(measure, f64::from(count) / 2.0, Limit::Most(MOST));
        if count > 0 {
            figure.at([FigurePlace::frame(start, rate, "the second with the most")])
        } else {
            figure
        }
    })
}

/// Returns the first frame of the second with the most halves of flashes, and their number.
fn thickest(halves: &[u32], rate: Rate) -> (u32, u32) {
    let second = |frame: u32| u64::from(frame) * u64::from(rate.1);
    let mut best = (0, 0);
    let mut first = 0;
    for (last, frame) in halves.iter().enumerate() {
        while second(*frame) >= second(halves[first]) + u64::from(rate.0) {
            first += 1;
        }
        let count = (last + 1 - first) as u32;
        if count > best.1 {
            best = (halves[first], count);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Verdict;

    fn flashes(halves: Vec<u32>) -> Figure {
        let [general, red] = figures(&Seen { flickers: halves, ..Seen::default() }, Rate(30, 1));
        assert_eq!((red.value, red.verdict()), (Some(0.0), Verdict::Passes));
        general
    }

    #[test]
    fn three_flashes_in_a_second_hold_and_more_fail() {
        let steady = |distance: u32| flashes((0..20).map(|n| 100 + n * distance).collect());
        let five_hz = steady(3);
        assert_eq!((five_hz.value, five_hz.verdict()), (Some(5.0), Verdict::Fails));
        assert_eq!(five_hz.places[0].frame, 100);
        let three_hz = steady(5);
        assert_eq!((three_hz.value, three_hz.verdict()), (Some(3.0), Verdict::Passes));
        assert_eq!(flashes(Vec::new()).value, Some(0.0));
    }
}
