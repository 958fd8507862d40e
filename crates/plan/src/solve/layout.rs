use super::cuts::cost;
use crate::music::Grid;
use mmm_base::Time;

/// The needs of one shot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    pub min: Time,
    pub max: Time,
    /// Its share of the time, relative to the others.
    pub weight: f64,
}

/// How many nodes on each side of a cut's ideal place are considered.
const REACH: usize = 32;

/// Returns cuts for shots that must all be shown, in their order: one shot for each of `needs`, within its
/// bounds. `None` if they don't fit.
pub(super) fn layout(grid: &Grid, needs: &[Need]) -> Option<Vec<usize>> {
    near(grid, needs, &wanted_lengths(grid, needs)?)
}

/// Does the same with the preferred lengths, in seconds, which must fill the movie.
pub(super) fn near(grid: &Grid, needs: &[Need], lengths: &[f64]) -> Option<Vec<usize>> {
    let bands = bands(grid, lengths);
    let mut best: Vec<Vec<Option<(f64, usize)>>> = vec![vec![Some((0.0, 0))]];
    for (index, need) in needs.iter().enumerate() {
        let (froms, tos) = (&bands[index], &bands[index + 1]);
        let ideal = lengths[index].max(1e-3);
        let step = |to: usize| {
            let mut found: Option<(f64, usize)> = None;
            for (at, from) in froms.clone().enumerate() {
                if from >= to || grid.span(from, to) < need.min || grid.span(from, to) > need.max {
                    continue;
                }
                let Some((before, _)) = best[index][at] else { continue };
                let cost = before + cost(grid.span(from, to).secs() / ideal) + grid.flaw(from, to);
                if found.is_none_or(|(known, _)| cost < known) {
                    found = Some((cost, at));
                }
            }
            found
        };
        let row = tos.clone().map(step).collect();
        best.push(row);
    }
    let mut at = 0;
    let mut cuts = Vec::with_capacity(needs.len() + 1);
    for index in (0..=needs.len()).rev() {
        cuts.push(bands[index].start + at);
        at = best[index][at]?.1;
    }
    cuts.reverse();
    Some(cuts)
}

/// Returns the nodes near the ideal place of every cut; the first and the last cut are fixed.
fn bands(grid: &Grid, lengths: &[f64]) -> Vec<std::ops::Range<usize>> {
    let last = grid.last();
    let mut bands = Vec::with_capacity(lengths.len() + 1);
    bands.push(0..1);
    let mut time = 0.0;
    for length in &lengths[..lengths.len() - 1] {
        time += length;
        let at = grid.nodes.partition_point(|node| node.time.secs() < time);
        let start = at.saturating_sub(REACH).clamp(1, last);
        bands.push(start..(at + REACH).clamp(start, last));
    }
    bands.push(last..last + 1);
    bands
}

/// Returns lengths in seconds that fill the movie, in proportion to weight and pace, within the bounds.
fn wanted_lengths(grid: &Grid, needs: &[Need]) -> Option<Vec<f64>> {
    let total = grid.length();
    let (least, most) = needs
        .iter()
        .fold((Time::ZERO, Time::ZERO), |(least, most), need| (least + need.min, most + need.max));
    if needs.is_empty() || least > total || most < total {
        return None;
    }
    let mut weights: Vec<f64> = needs.iter().map(|need| need.weight).collect();
    let mut lengths = poured(needs, &weights, total.secs());
    // The position of a shot determines the pace there, and so how long it lasts.
    for _ in 0..2 {
        let mut time = 0.0;
        for (index, length) in lengths.iter().enumerate() {
            weights[index] = needs[index].weight / rate(grid, time, time + length);
            time += length;
        }
        lengths = poured(needs, &weights, total.secs());
    }
    Some(lengths)
}

/// Returns the shots per second that the pace prefers around a stretch.
fn rate(grid: &Grid, start: f64, end: f64) -> f64 {
    let from = grid.nodes.partition_point(|node| node.time.secs() < start).min(grid.last() - 1);
    let to = grid.nodes.partition_point(|node| node.time.secs() < end).clamp(from + 1, grid.last());
    (grid.shots(from, to) / grid.span(from, to).secs().max(1e-6)).max(1e-3)
}

/// Distributes `total` by weight over shots that last `min` to `max` each.
fn poured(needs: &[Need], weights: &[f64], total: f64) -> Vec<f64> {
    let fill = |level: f64| -> Vec<f64> {
        let held = |(need, weight): (&Need, &f64)| (level * weight).max(need.min.secs()).min(need.max.secs());
        needs.iter().zip(weights).map(held).collect()
    };
    let lightest = weights.iter().copied().fold(f64::MAX, f64::min).max(1e-6);
    let (mut low, mut high) = (0.0, total / lightest);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if fill(middle).iter().sum::<f64>() < total { low = middle } else { high = middle }
    }
    fill(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Pace;
    use mmm_spec::{self, CutOn};

    fn grid(length: Time) -> Grid {
        Grid::of(&[], length, CutOn::Beat, &Pace::new(mmm_spec::Pace::Auto, [1.0; 3]), Time::from_secs(8))
    }

    fn need(min: f64, max: f64, weight: f64) -> Need {
        Need { min: Time::from_secs_f64(min), max: Time::from_secs_f64(max), weight }
    }

    #[test]
    fn all_are_shown_by_weight_and_within_bounds() {
        let grid = grid(Time::from_secs(20));
        let needs = [need(0.5, 8.0, 1.0), need(0.5, 1.5, 3.0), need(0.5, 20.0, 2.0)];
        let cuts = layout(&grid, &needs).unwrap();
        assert_eq!((cuts[0], cuts[3]), (0, grid.last()));
        let lengths: Vec<f64> = cuts.windows(2).map(|pair| grid.span(pair[0], pair[1]).secs()).collect();
        assert!(lengths[1] <= 1.5 && lengths[2] > lengths[0], "{lengths:?}");
    }

    #[test]
    fn values_that_do_not_fit_are_rejected() {
        let grid = grid(Time::from_secs(20));
        assert_eq!(layout(&grid, &[need(0.5, 8.0, 1.0); 2]), None);
        assert_eq!(layout(&grid, &[need(5.0, 8.0, 1.0); 5]), None);
        assert_eq!(layout(&grid, &[]), None);
    }
}
