use mmm_base::Time;
use mmm_facts::SourceShot;

/// A cut changes the picture by more than this distance, 0..=1.
const LEAST_DISTANCE: f64 = 0.38;
/// A cut also exceeds the nearby changes by this factor, plus the constant below.
const TIMES_NEARBY: f64 = 1.8;
const ABOVE_NEARBY: f64 = 0.12;
/// Samples on either side that count as nearby.
const NEARBY: usize = 5;

/// How much the picture at a sample differs from those before it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PictureChange {
    /// Distance of this picture from those 1, 2 and 3 samples before, 0..=1.
    pub since: [f64; 3],
    /// The first of these distances, scaled to a usual step between samples.
    pub pace: f64,
    /// How many samples ago a dissolve to this picture began, if there is one.
    pub dissolve: Option<usize>,
}

/// A cut or dissolve in the source: the time from one sample to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Boundary {
    /// The last sample that certainly belongs to the shot before.
    pub last: usize,
    /// The first sample that certainly belongs to the shot after.
    pub first: usize,
}

/// Returns the boundaries between shots, in order, without overlaps.
///
/// A cut changes the picture permanently: the pictures before it differ from those after it two and three
/// samples later too, which excludes flashes. It also exceeds the changes nearby, which excludes fast pans.
pub fn boundaries(changes: &[PictureChange]) -> Vec<Boundary> {
    let cuts = (1..changes.len()).filter(|i| is_cut(changes, *i)).map(|i| Boundary { last: i - 1, first: i });
    let dissolves = (0..changes.len()).filter_map(|i| {
        changes[i].dissolve.and_then(|back| i.checked_sub(back)).map(|last| Boundary { last, first: i })
    });
    let mut found: Vec<Boundary> = cuts.chain(dissolves).collect();
    found.sort_by_key(|boundary| (boundary.last, boundary.first));
    let mut merged: Vec<Boundary> = Vec::new();
    for boundary in found {
        match merged.last_mut() {
            Some(before) if boundary.last < before.first => before.first = before.first.max(boundary.first),
            _ => merged.push(boundary),
        }
    }
    merged
}

fn is_cut(changes: &[PictureChange], i: usize) -> bool {
    let step = changes[i].since[0];
    let lasting = [
        Some(step),
        (i >= 2).then(|| changes[i].since[1]),
        changes.get(i + 1).map(|next| next.since[1]),
        changes.get(i + 1).filter(|_| i >= 2).map(|next| next.since[2]),
    ];
    let lasting = lasting.into_iter().flatten().fold(1.0, f64::min);
    let from = i.saturating_sub(NEARBY).max(1);
    let mut nearby: Vec<f64> =
        (from..(i + NEARBY + 1).min(changes.len())).filter(|j| *j != i).map(|j| changes[j].pace).collect();
    nearby.sort_by(f64::total_cmp);
    let usual = nearby.get(nearby.len() / 2).copied().unwrap_or(0.0);
    lasting > LEAST_DISTANCE && step > TIMES_NEARBY * usual + ABOVE_NEARBY
}

/// Returns the shots between the boundaries; the last one ends at `duration`. Empty shots are dropped, but
/// there is always one shot.
pub fn shots(boundaries: &[Boundary], times: &[Time], duration: Time) -> Vec<SourceShot> {
    let mut shots = Vec::new();
    let mut start = Time::ZERO;
    for boundary in boundaries {
        let (end, next) = (times[boundary.last], times[boundary.first]);
        shots.push(SourceShot { start, end: end.min(duration) });
        start = next;
    }
    shots.push(SourceShot { start, end: duration });
    shots.retain(|shot| shot.start < shot.end);
    if shots.is_empty() {
        shots.push(SourceShot { start: Time::ZERO, end: duration });
    }
    shots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(since: [f64; 3]) -> PictureChange {
        PictureChange { since, pace: since[0], dissolve: None }
    }

    #[test]
    fn a_cut_lasts_a_flash_does_not_and_a_pan_is_everywhere() {
        let calm = change([0.02, 0.03, 0.04]);
        let mut cut = vec![calm; 12];
        cut[6] = change([0.7, 0.7, 0.7]);
        cut[7] = change([0.02, 0.7, 0.7]);
        assert_eq!(boundaries(&cut), [Boundary { last: 5, first: 6 }]);
        let mut flash = vec![calm; 12];
        flash[6] = change([0.7, 0.7, 0.7]);
        flash[7] = change([0.7, 0.03, 0.03]);
        assert!(boundaries(&flash).is_empty());
        let pan = vec![change([0.5, 0.6, 0.7]); 12];
        assert!(boundaries(&pan).is_empty());
    }

    #[test]
    fn dissolves_merge_and_leave_a_gap() {
        let mut changes = vec![PictureChange::default(); 12];
        changes[6].dissolve = Some(4);
        changes[7].dissolve = Some(4);
        let found = boundaries(&changes);
        assert_eq!(found, [Boundary { last: 2, first: 7 }]);
        let times: Vec<Time> = (0..12).map(|i| Time::from_millis(i * 250)).collect();
        let shots = shots(&found, &times, Time::from_secs(3));
        assert_eq!((shots[0].end, shots[1].start), (Time::from_millis(500), Time::from_millis(1750)));
    }

    #[test]
    fn there_is_always_a_shot() {
        let whole = SourceShot { start: Time::ZERO, end: Time::from_secs(2) };
        assert_eq!(shots(&[], &[], Time::from_secs(2)), [whole]);
        assert_eq!(shots(&[], &[], Time::ZERO).len(), 1);
    }
}
