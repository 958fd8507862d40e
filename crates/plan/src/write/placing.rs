use mmm_facts::SubjectBox;

/// Positions that differ by less than this, in sides of the picture, are the same.
const SAME: f64 = 1e-6;

/// The side of a picture along which a crop can be placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Axis {
    Across,
    Down,
}

/// A stretch of one side of a picture, in fractions of that side.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Span {
    pub from: f64,
    pub to: f64,
}

/// What a crop has to respect along one side of a picture.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// The length of the crop.
    pub side: f64,
    /// What must be in it.
    pub whole: Span,
    /// What must be in it or outside of it, but not cut.
    pub uncut: Vec<Span>,
}

impl Axis {
    pub fn span(self, area: &SubjectBox) -> Span {
        match self {
            Self::Across => Span { from: area.x.get(), to: area.right() },
            Self::Down => Span { from: area.y.get(), to: area.bottom() },
        }
    }
}

impl Span {
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    pub fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// Returns how much of it a crop of length `side` at `at` shows, 0..=1.
    pub fn part_in(&self, at: f64, side: f64) -> f64 {
        let inside = self.to.min(at + side) - self.from.max(at);
        (inside / self.length().max(SAME)).clamp(0.0, 1.0)
    }

    fn is_cut(&self, at: f64, side: f64) -> bool {
        let is_out = self.to <= at + SAME || self.from >= at + side - SAME;
        let is_in = self.from >= at - SAME && self.to <= at + side + SAME;
        !is_out && !is_in
    }
}

impl Slot {
    /// Returns the place of the crop's left or upper edge, as close to `best` as possible; `None` if there is
    /// no such place.
    pub fn place(&self, best: f64) -> Option<f64> {
        let Self { side, whole, uncut } = self;
        let least = (whole.to - side).max(0.0);
        let most = whole.from.min(1.0 - side).max(0.0);
        if least > most + SAME {
            return None;
        }
        // The nearest place is the best one, or one at which something is about to be cut.
        let edges = uncut.iter().flat_map(|span| [span.from, span.to, span.from - side, span.to - side]);
        let places = [best, least].into_iter().chain(edges).map(|at| at.clamp(least.min(most), most));
        let free = places.filter(|at| uncut.iter().all(|span| !span.is_cut(*at, *side)));
        free.min_by(|one, other| (one - best).abs().total_cmp(&(other - best).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(side: f64, whole: (f64, f64), uncut: &[(f64, f64)], best: f64) -> Option<f64> {
        let span = |&(from, to): &(f64, f64)| Span { from, to };
        let uncut = uncut.iter().map(span).collect();
        Slot { side, whole: span(&whole), uncut }.place(best)
    }

    #[test]
    fn a_crop_is_as_near_to_the_best_place_as_it_can_be() {
        assert_eq!(placed(0.4, (0.3, 0.5), &[], 0.2), Some(0.2));
        assert_eq!(placed(0.4, (0.3, 0.5), &[], 0.9), Some(0.3));
        assert_eq!(placed(0.4, (0.7, 0.9), &[], 0.9), Some(0.6));
        assert_eq!(placed(0.4, (0.1, 0.6), &[], 0.2), None);
        assert_eq!(placed(1.0, (0.0, 1.0), &[(0.2, 0.3)], 0.2), Some(0.0));
    }

    #[test]
    fn a_crop_cuts_nothing_that_it_could_leave_out() {
        // It shows all of the other, which is nearer than showing none of it.
        assert_eq!(placed(0.4, (0.3, 0.5), &[(0.55, 0.62)], 0.2), Some(0.62 - 0.4));
        assert_eq!(placed(0.4, (0.3, 0.5), &[(0.58, 0.9)], 0.2), Some(0.58 - 0.4));
        assert_eq!(placed(0.4, (0.3, 0.5), &[(0.45, 0.9)], 0.2), None);
    }
}
