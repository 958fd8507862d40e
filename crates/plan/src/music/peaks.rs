/// A highlight's place in the story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Peak {
    /// How many media come before it.
    pub before: usize,
    /// How many of those must be shown.
    pub required: usize,
}

/// Places highlights on the slots where the music is most energetic, as far as the order of the story allows.
/// Between two highlights there must be room for the media required there, and enough media to fill it. `end`
/// counts all media and all required ones, highlights included. Returns `None` if no placement is possible.
pub(crate) fn place(energies: &[f64], peaks: &[Peak], end: Peak) -> Option<Vec<usize>> {
    // Slots are counted from 1; 0 is the edge before the first.
    let fits = |from: usize, to: usize, before: Option<&Peak>, after: &Peak| {
        let (media, required) = before.map_or((0, 0), |peak| (peak.before + 1, peak.required + 1));
        let gap = to - from - 1;
        after.required.saturating_sub(required) <= gap && gap <= after.before.saturating_sub(media)
    };
    let slots = energies.len();
    let mut rows: Vec<Vec<Option<(f64, usize)>>> = vec![vec![Some((0.0, 0))]];
    let last = std::iter::once(&end);
    for (index, peak) in peaks.iter().chain(last).enumerate() {
        let before = index.checked_sub(1).map(|index| &peaks[index]);
        let row = (0..=slots + 1).map(|to| {
            let is_end = index == peaks.len();
            if to == 0 || is_end != (to == slots + 1) {
                return None;
            }
            let energy = if is_end { 0.0 } else { energies[to - 1] };
            let reached = |(from, cell): (usize, &Option<(f64, usize)>)| {
                let (sum, _) = (*cell)?;
                (from < to && fits(from, to, before, peak)).then_some((sum + energy, from))
            };
            let options = rows[index].iter().enumerate().filter_map(reached);
            options.reduce(|best, next| if next.0 > best.0 { next } else { best })
        });
        rows.push(row.collect());
    }
    let mut at = slots + 1;
    let mut found = Vec::with_capacity(peaks.len());
    for row in rows[2..].iter().rev() {
        at = row[at]?.1;
        found.push(at - 1);
    }
    rows[1][if peaks.is_empty() { slots + 1 } else { at }]?;
    found.reverse();
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_highlight_takes_the_strongest_slot_that_the_order_allows() {
        let energies = [0.1, 0.2, 0.3, 0.9, 0.5];
        let end = Peak { before: 20, required: 1 };
        let at = |before| place(&energies, &[Peak { before, required: 0 }], end);
        assert_eq!(at(10), Some(vec![3]));
        assert_eq!(at(2), Some(vec![2]), "only two stand before it");
        assert_eq!(at(18), Some(vec![3]));
        assert_eq!(at(19), Some(vec![4]), "none stands after it");
    }

    #[test]
    fn two_highlights_keep_their_order_and_leave_room() {
        let energies = [0.1, 0.9, 0.3, 0.8];
        let peaks = [Peak { before: 3, required: 0 }, Peak { before: 5, required: 2 }];
        let end = Peak { before: 9, required: 3 };
        assert_eq!(place(&energies, &peaks, end), Some(vec![1, 3]));
        assert_eq!(place(&energies, &[], end), Some(vec![]));
        assert_eq!(place(&energies, &[], Peak { before: 3, required: 0 }), None);
    }
}
