use super::scenes::{self, Scene};
use crate::cast::{Cast, Limits};
use crate::music::{Grid, Peak, peaks};
use mmm_base::Time;
use mmm_facts::MediaKind;
use mmm_spec::Role;

/// The slots between the cuts of a grid, and the media that may fill them.
pub(super) struct Choice<'a> {
    pub cast: &'a Cast<'a>,
    pub grid: &'a Grid,
    pub limits: &'a Limits,
    /// Nodes of the grid, from the first to the last.
    pub cuts: &'a [usize],
}

/// How many media of a scene are compared with each other.
const WEIGHED: usize = 48;
/// The penalty for a clip that is shorter than its slot.
const MISFIT: f64 = 5.0;

impl Choice<'_> {
    /// Returns one medium of `pool` for every slot, in the order of the story, with all required media among
    /// them. The pool must contain at least as many media as there are slots, and at most as many required
    /// ones.
    pub fn choose(&self, pool: &[usize]) -> Option<Vec<usize>> {
        let opening = self.cast.with_role(Role::Opening);
        let ending = self.cast.with_role(Role::Ending);
        let body: Vec<usize> =
            pool.iter().copied().filter(|&index| Some(index) != opening && Some(index) != ending).collect();
        let slots = self.cuts.len() - 1;
        let first = usize::from(opening.is_some());
        let last = slots.checked_sub(usize::from(ending.is_some())).filter(|&last| last >= first)?;
        let mut chosen: Vec<usize> = opening.into_iter().collect();
        let highlights: Vec<usize> = (0..body.len())
            .filter(|&at| self.cast.candidates[body[at]].role == Some(Role::Highlight))
            .collect();
        let peaks = self.peaks(&body, &highlights, first..last)?;
        let (mut slot, mut medium) = (first, 0);
        for (&at, &peak) in highlights.iter().zip(&peaks) {
            self.fill(&body, slot..first + peak, medium..at, &mut chosen)?;
            chosen.push(body[at]);
            (slot, medium) = (first + peak + 1, at + 1);
        }
        self.fill(&body, slot..last, medium..body.len(), &mut chosen)?;
        chosen.extend(ending);
        (chosen.len() == slots).then_some(chosen)
    }

    /// Returns the slots of the highlights.
    fn peaks(
        &self,
        body: &[usize],
        highlights: &[usize],
        slots: std::ops::Range<usize>,
    ) -> Option<Vec<usize>> {
        let energies: Vec<f64> =
            slots.map(|slot| self.grid.raw_energy(self.cuts[slot], self.cuts[slot + 1])).collect();
        let peak = |at: usize| {
            let required = body[..at].iter().filter(|&&index| self.cast.candidates[index].required).count();
            Peak { before: at, required }
        };
        let peaks: Vec<Peak> = highlights.iter().map(|&at| peak(at)).collect();
        peaks::place(&energies, &peaks, peak(body.len()))
    }

    fn fill(
        &self,
        body: &[usize],
        slots: std::ops::Range<usize>,
        media: std::ops::Range<usize>,
        chosen: &mut Vec<usize>,
    ) -> Option<()> {
        if slots.is_empty() {
            return Some(());
        }
        for scene in scenes::divide(self.cast, body, slots, media) {
            chosen.extend(self.best_of(body, &scene)?);
        }
        Some(())
    }

    /// Returns the media of a scene that suit its slots best, in their order.
    fn best_of(&self, body: &[usize], scene: &Scene) -> Option<Vec<usize>> {
        let media = self.shortlist(body, scene);
        let required = |at: usize| self.cast.candidates[media[at]].required;
        // Every slot before and after one needs a medium of its own, so only so many can stand in each.
        let spare = media.len().checked_sub(scene.slots.len())?;
        // Every pair is compared once, not once for each slot.
        let count = media.len();
        let pairs = (0..count).flat_map(|one| (0..count).map(move |other| (one, other)));
        let sameness: Vec<f64> = pairs
            .map(|(one, other)| if one < other { self.sameness(media[one], media[other]) } else { 0.0 })
            .collect();
        // The best sum with medium `at` in the slot of the row, and the medium in the slot before it.
        let mut rows: Vec<Vec<Option<(f64, usize)>>> = Vec::with_capacity(scene.slots.len());
        for (place, slot) in scene.slots.clone().enumerate() {
            let cell = |at: usize| {
                if at < place || at > place + spare {
                    return None;
                }
                let own = self.suits(media[at], slot);
                let Some(row) = rows.last() else {
                    return (!(0..at).any(required)).then_some((own, at));
                };
                let mut best: Option<(f64, usize)> = None;
                for before in (place - 1..at).rev() {
                    if let Some((sum, _)) = row[before] {
                        let sum = sum + own - sameness[before * count + at];
                        if best.is_none_or(|(known, _)| sum > known) {
                            best = Some((sum, before));
                        }
                    }
                    if required(before) {
                        break;
                    }
                }
                best
            };
            let row = (0..media.len()).map(cell).collect();
            rows.push(row);
        }
        let ends = rows.last()?;
        let open = |at: &usize| ends[*at].is_some() && !(at + 1..media.len()).any(required);
        let sum = |at: usize| ends[at].map_or(f64::MIN, |(sum, _)| sum);
        let mut at =
            (0..media.len()).filter(open).reduce(|best, at| if sum(at) > sum(best) { at } else { best })?;
        let mut chosen = Vec::with_capacity(rows.len());
        for row in rows.iter().rev() {
            chosen.push(media[at]);
            at = row[at]?.1;
        }
        chosen.reverse();
        Some(chosen)
    }

    /// Returns the best media of a scene and all required ones, in their order.
    fn shortlist(&self, body: &[usize], scene: &Scene) -> Vec<usize> {
        let media = &body[scene.media.clone()];
        let shortest = scene.slots.clone().map(|slot| self.span(slot)).min().unwrap_or(Time::ZERO);
        let mut ranked = media.to_vec();
        ranked.sort_by(|&one, &other| {
            let fits = |index: usize| self.cast.candidates[index].longest(self.limits) >= shortest;
            let (a, b) = (&self.cast.candidates[one], &self.cast.candidates[other]);
            (b.required, fits(other)).cmp(&(a.required, fits(one))).then(b.score.total_cmp(&a.score))
        });
        ranked.truncate(WEIGHED.max(scene.slots.len()));
        ranked.sort_unstable();
        ranked
    }

    fn span(&self, slot: usize) -> Time {
        self.grid.span(self.cuts[slot], self.cuts[slot + 1])
    }

    /// Returns how well a medium suits a slot: its score and, for clips, whether the slot is long and lively
    /// enough for their motion.
    fn suits(&self, index: usize, slot: usize) -> f64 {
        let candidate = &self.cast.candidates[index];
        let span = self.span(slot);
        let misfit = if candidate.longest(self.limits) < span { MISFIT } else { 0.0 };
        let alive = if candidate.kind == MediaKind::Clip {
            let energy = self.grid.energy(self.cuts[slot], self.cuts[slot + 1]);
            0.1 * (candidate.motion - 0.4) * (energy - 0.5) + 0.02 * span.secs().min(4.0) * candidate.motion
        } else {
            0.0
        };
        candidate.score + alive - misfit
    }

    /// Returns the penalty for two similar media next to each other.
    fn sameness(&self, one: usize, other: usize) -> f64 {
        let (one, other) = (&self.cast.candidates[one], &self.cast.candidates[other]);
        match one.features().zip(other.features()) {
            Some((one, other)) => 0.3 * (one.likeness(other) - 0.35).max(0.0),
            None if one.hash.distance(other.hash) < 16 => 0.15,
            None => 0.0,
        }
    }
}
