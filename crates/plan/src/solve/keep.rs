use super::grids::{grids, on_any_grid};
use super::solved::Solved;
use super::take::Take;
use crate::cast::{Cast, Likeness, Limits, Tier, Twin};
use crate::music::{Extent, Grid, Pace, length, soundtrack};
use mmm_base::Time;
use mmm_facts::{Kept, Material, MediaKind};
use mmm_spec::Role;

/// A cut farther than this from every mark of the grid was planned for other music.
const OFF: Time = Time::from_millis(30);
/// A movie is planned afresh if its best length has changed by more than this fraction.
const OTHER_LENGTH: f64 = 0.3;
/// A new medium replaces a neighbour if its score is higher by this.
const GAIN: f64 = 0.1;

/// Returns the earlier plan, repaired where media are missing, new or newly required. Returns `None` if so
/// much is new that a fresh plan is worth the change.
///
/// A shot that need not change keeps its medium, its moment and its cuts. A missing medium is replaced by the
/// one that fits best, or its time is given to a neighbour. A new medium takes half of a neighbour's time, or
/// replaces a weaker medium.
pub(super) fn keep<'a>(material: &'a Material, cast: &Cast, pace: &Pace, kept: &Kept) -> Option<Solved<'a>> {
    let extent = extent(material, cast, pace, kept)?;
    let constraints = &material.settings.constraints;
    let (usual, widest) = (Limits::usual(constraints), Limits::stretched(constraints));
    let (grid, slots) = grids(material, &extent, pace, usual)
        .find_map(|grid| slots(cast, &grid, kept).map(|slots| (grid, slots)))?;
    let mut mending = Repair {
        cast,
        grid: &grid,
        kept,
        usual: on_any_grid(usual, material),
        widest: on_any_grid(widest, material),
        slots,
        changes: 0,
    };
    mending.empty_misfits();
    mending.is_in_order()?;
    mending.fill_holes()?;
    mending.show_required()?;
    mending.show_new()?;
    mending.is_in_order()?;
    let is_patched = mending.changes > 0 && mending.repeats_itself();
    if is_patched || mending.changes > (mending.slots.len() / 3).max(3) {
        return None;
    }
    let takes = mending.takes()?;
    Some(Solved { extent, grid, takes })
}

/// Returns the earlier length and music, if both are still about what the spec asks for.
fn extent<'a>(material: &'a Material, cast: &Cast, pace: &Pace, kept: &Kept) -> Option<Extent<'a>> {
    let fresh = length::decide(material, cast, pace, 1.0).ok()?.length;
    let apart = (fresh - kept.length).secs().abs() / kept.length.secs().max(0.001);
    let allowed = if length::is_open(material.settings.duration) { OTHER_LENGTH } else { 0.0 };
    if apart > allowed {
        return None;
    }
    let cues = soundtrack::kept(material, &kept.cues)?;
    (cues.is_empty() == material.settings.music.is_empty()).then_some(Extent { length: kept.length, cues })
}

/// A stretch of the movie, and the medium in it.
#[derive(Clone, Copy)]
struct Slot {
    who: Option<usize>,
    turn: u32,
    from: usize,
    to: usize,
    part: Option<(Time, Time)>,
}

/// Returns the earlier shots on the grid; `None` if a cut is on none of its marks.
fn slots(cast: &Cast, grid: &Grid, kept: &Kept) -> Option<Vec<Slot>> {
    let node = |time: Time| {
        let next = grid.nodes.partition_point(|node| node.time < time);
        let near = [next.checked_sub(1), Some(next)].into_iter().flatten().filter(|&at| at <= grid.last());
        let away = |at: usize| (grid.nodes[at].time - time).micros().abs();
        near.min_by_key(|&at| away(at)).filter(|&at| away(at) <= OFF.micros())
    };
    let mut cuts: Vec<usize> = kept.shots.iter().map(|shot| node(shot.start)).collect::<Option<_>>()?;
    cuts.push(grid.last());
    if cuts.first() != Some(&0) || !cuts.is_sorted_by(|a, b| a < b) {
        return None;
    }
    let slot = |(shot, pair): (&mmm_facts::KeptShot, &[usize])| Slot {
        who: cast.showing(&shot.source),
        turn: shot.turn(),
        from: pair[0],
        to: pair[1],
        part: shot.part,
    };
    Some(kept.shots.iter().zip(cuts.windows(2)).map(slot).collect())
}

struct Repair<'a> {
    cast: &'a Cast<'a>,
    grid: &'a Grid,
    kept: &'a Kept,
    /// The limits of new shots, and (`widest`) of existing ones.
    usual: Limits,
    widest: Limits,
    slots: Vec<Slot>,
    changes: usize,
}

impl Repair<'_> {
    fn fits(&self, who: usize, from: usize, to: usize, limits: &Limits) -> bool {
        let span = self.grid.span(from, to);
        span <= self.cast.candidates[who].longest(limits) && span >= limits.min
    }

    fn is_shown(&self, who: usize) -> bool {
        self.slots.iter().any(|slot| slot.who == Some(who))
    }

    /// Whether two neighbouring shots show the same medium.
    fn repeats_itself(&self) -> bool {
        self.slots.windows(2).any(|pair| pair[0].who == pair[1].who)
    }

    fn is_known(&self, who: usize) -> bool {
        self.kept.known.contains(&self.cast.candidates[who].medium.path)
    }

    fn is_avoided(&self, who: usize) -> bool {
        let candidate = &self.cast.candidates[who];
        [candidate.medium, candidate.shown].iter().any(|medium| self.kept.avoid.contains(&medium.path))
    }

    /// Empties the slots of media that are avoided or no longer fit.
    fn empty_misfits(&mut self) {
        for index in 0..self.slots.len() {
            let Slot { who: Some(who), from, to, .. } = self.slots[index] else { continue };
            if self.is_avoided(who) || !self.fits(who, from, to, &self.widest) {
                self.slots[index].who = None;
            }
            // What was rejected since then goes, if something else can stand there.
            let candidate = &self.cast.candidates[who];
            if candidate.is_rejected() && !candidate.required {
                self.slots[index].who = None;
                self.slots[index].who = self.best_for(index).map_or(Some(who), |_| None);
            }
        }
    }

    /// Checks that the shots are in the order of the story, with the opening and the ending in their places.
    fn is_in_order(&self) -> Option<()> {
        let last = self.slots.len() - 1;
        for (role, place) in [(Role::Opening, 0), (Role::Ending, last)] {
            let stands = |who| self.slots[place].who == Some(who) || self.slots[place].who.is_none();
            if self.cast.with_role(role).is_some_and(|who| !stands(who)) {
                return None;
            }
        }
        let body: Vec<usize> = (0..self.slots.len()).filter_map(|index| self.story_place(index)).collect();
        body.is_sorted().then_some(())
    }

    /// Returns the place in the story of the shot at `index`; `None` for repeats, the opening and the ending.
    fn story_place(&self, index: usize) -> Option<usize> {
        let slot = self.slots[index];
        let who = slot.who?;
        let placed = matches!(self.cast.candidates[who].role, Some(Role::Opening | Role::Ending));
        (slot.turn == 0 && !placed).then_some(who)
    }

    /// Returns the places in the story between which a shot at `index` must be.
    fn bounds(&self, index: usize) -> (Option<usize>, Option<usize>) {
        let before = (0..index).rev().find_map(|index| self.story_place(index));
        let after = (index + 1..self.slots.len()).find_map(|index| self.story_place(index));
        (before, after)
    }

    fn belongs(&self, who: usize, index: usize) -> bool {
        let (before, after) = self.bounds(index);
        before.is_none_or(|before| before < who) && after.is_none_or(|after| who < after)
    }

    /// Fills every empty slot with the best medium that belongs there, or gives its time to a neighbour.
    fn fill_holes(&mut self) -> Option<()> {
        while let Some(index) = self.slots.iter().position(|slot| slot.who.is_none()) {
            self.changes += 1;
            if let Some(who) = self.best_for(index) {
                let Slot { from, to, .. } = self.slots[index];
                self.slots[index] = Slot { who: Some(who), turn: 0, from, to, part: None };
            } else {
                self.give_away(index)?;
            }
        }
        Some(())
    }

    /// Returns the best medium that is not shown yet and belongs in a slot.
    fn best_for(&self, index: usize) -> Option<usize> {
        let Slot { from, to, .. } = self.slots[index];
        let best = |tier: Tier| {
            let pool = self.cast.pool(tier, &self.usual).into_iter();
            pool.filter(|&who| !self.is_shown(who) && !self.is_avoided(who))
                .filter(|&who| self.belongs(who, index) && self.fits(who, from, to, &self.usual))
                .max_by(|&one, &other| {
                    let score = |who: usize| self.cast.candidates[who].score;
                    score(one).total_cmp(&score(other)).then(other.cmp(&one))
                })
        };
        best(Tier::Good).or_else(|| best(Tier::Flawed))
    }

    /// Gives the time of an empty slot to the shorter of the neighbours that can use it.
    fn give_away(&mut self, index: usize) -> Option<()> {
        let Slot { from, to, .. } = self.slots[index];
        let before = index.checked_sub(1).map(|at| (at, self.slots[at].from, to));
        let after = (index + 1 < self.slots.len()).then(|| (index + 1, from, self.slots[index + 1].to));
        let takes = |&(at, from, to): &(usize, usize, usize)| {
            self.slots[at].who.is_some_and(|who| self.fits(who, from, to, &self.widest))
        };
        let (at, from, to) = [before, after]
            .into_iter()
            .flatten()
            .filter(takes)
            .min_by_key(|&(at, ..)| self.grid.span(self.slots[at].from, self.slots[at].to))?;
        let is_clip = |who: usize| self.cast.candidates[who].kind == MediaKind::Clip;
        let taker = &mut self.slots[at];
        (taker.from, taker.to) = (from, to);
        if taker.who.is_some_and(is_clip) {
            taker.part = None;
        }
        self.slots.remove(index);
        Some(())
    }

    /// Adds required media that are not shown.
    fn show_required(&mut self) -> Option<()> {
        for who in 0..self.cast.candidates.len() {
            if self.cast.candidates[who].required && !self.is_shown(who) {
                self.insert(who).or_else(|| self.replace(who, f64::INFINITY))?;
            }
        }
        Some(())
    }

    /// Adds new media where they are worth the change.
    fn show_new(&mut self) -> Option<()> {
        let good = self.cast.pool(Tier::Good, &self.usual);
        // If good media were left out before, there were more than the movie can show.
        let is_full = good.iter().any(|&who| self.is_known(who) && !self.is_shown(who));
        let new: Vec<usize> = good.into_iter().filter(|&who| !self.is_known(who)).collect();
        for who in new {
            if self.is_shown(who) || self.supersede(who).is_some() {
                continue;
            }
            self.empty_worse_versions(who);
            self.fill_holes()?;
            if self.is_shown(who) {
                continue;
            }
            if is_full || self.insert(who).is_none() {
                let gain = self.cast.candidates[who].score - GAIN;
                self.replace(who, gain);
            }
        }
        Some(())
    }

    /// Empties the slots of worse versions of a medium that belongs elsewhere.
    fn empty_worse_versions(&mut self, who: usize) {
        let is_worse = |shown: usize| {
            let is_version = |twin: Twin| matches!(twin.likeness, Likeness::Version(_)) && twin.of == who;
            !self.cast.candidates[shown].required && self.cast.twins[shown].is_some_and(is_version)
        };
        for slot in &mut self.slots {
            slot.who = slot.who.filter(|&shown| !is_worse(shown));
        }
    }

    /// Replaces a shot that shows a worse near-duplicate of `who`.
    fn supersede(&mut self, who: usize) -> Option<()> {
        let same = |slot: &Slot| {
            let twin = slot.who.and_then(|shown| self.cast.twins[shown]);
            twin.is_some_and(|twin| twin.of == who)
        };
        let index = self.slots.iter().position(same)?;
        self.stand(who, index)
    }

    /// Replaces the shot at `index`, if `who` belongs there.
    fn stand(&mut self, who: usize, index: usize) -> Option<()> {
        let Slot { from, to, .. } = self.slots[index];
        (self.belongs(who, index) && self.fits(who, from, to, &self.usual)).then_some(())?;
        self.slots[index] = Slot { who: Some(who), turn: 0, from, to, part: None };
        self.changes += 1;
        Some(())
    }

    /// Replaces the weakest shot whose place suits `who`, if its score is below `most`.
    fn replace(&mut self, who: usize, most: f64) -> Option<()> {
        let score = |index: usize| self.slots[index].who.map_or(0.0, |who| self.cast.candidates[who].score);
        let weakest = (0..self.slots.len())
            .filter(|&index| self.slots[index].who.is_none_or(|who| !self.cast.candidates[who].required))
            .filter(|&index| self.belongs(who, index) && score(index) < most)
            .min_by(|&one, &other| score(one).total_cmp(&score(other)).then(one.cmp(&other)))?;
        self.stand(who, weakest)
    }

    /// Inserts `who` in half of the time of the longer neighbour that can be split, or else in a little of
    /// both.
    fn insert(&mut self, who: usize) -> Option<()> {
        // The slot before which it belongs.
        let later = |index: &usize| self.story_place(*index).is_some_and(|place| place > who);
        let at = (0..self.slots.len()).find(later).unwrap_or_else(|| self.end_of_story());
        let before = at.checked_sub(1);
        let after = Some(at).filter(|&at| at < self.slots.len());
        let halves = [before.map(|index| (index, true)), after.map(|index| (index, false))];
        let split = |(index, last): (usize, bool)| {
            let slot = self.slots[index];
            Some((self.grid.span(slot.from, slot.to), index, last, self.split(slot, who, last)?))
        };
        let half = halves.into_iter().flatten().filter_map(split).max_by_key(|found| found.0);
        let (from, to) = match (half, before.zip(after)) {
            (Some((_, index, true, node)), _) => (node, self.slots[index].to),
            (Some((_, index, false, node)), _) => (self.slots[index].from, node),
            (None, Some((before, after))) => self.between(before, after, who)?,
            (None, None) => return None,
        };
        for index in [before, after].into_iter().flatten() {
            let slot = self.slots[index];
            let (starts, ends) = if index < at { (slot.from, from) } else { (to, slot.to) };
            if (starts, ends) != (slot.from, slot.to) {
                self.slots[index] = Slot { from: starts, to: ends, part: None, ..slot };
                self.changes += 1;
            }
        }
        self.slots.insert(at, Slot { who: Some(who), turn: 0, from, to, part: None });
        self.changes += 1;
        Some(())
    }

    /// Returns the stretch around the cut between two shots that a new shot takes from both.
    fn between(&self, before: usize, after: usize, who: usize) -> Option<(usize, usize)> {
        let (one, other) = (self.slots[before], self.slots[after]);
        let (first, second) = (one.who?, other.who?);
        let third = self.grid.span(one.from, other.to).secs() / 3.0;
        let mut best: Option<(f64, (usize, usize))> = None;
        for from in one.from + 1..one.to {
            for to in other.from + 1..other.to {
                let parts = [(first, one.from, from), (who, from, to), (second, to, other.to)];
                let fits = |&(who, from, to): &(usize, usize, usize)| {
                    self.fits(who, from, to, &self.widest)
                        && self.grid.span(from, to) >= self.usual.min + self.usual.min
                };
                if !parts.iter().all(fits) {
                    continue;
                }
                let cost = |(_, from, to): (usize, usize, usize)| {
                    (self.grid.span(from, to).secs() - third).abs() + self.grid.flaw(from, to)
                };
                let cost: f64 = parts.into_iter().map(cost).sum();
                if best.is_none_or(|(known, _)| cost < known) {
                    best = Some((cost, (from, to)));
                }
            }
        }
        best.map(|(_, stretch)| stretch)
    }

    /// Returns the index after the last shot that is in the order of the story.
    fn end_of_story(&self) -> usize {
        let ending = self.cast.with_role(Role::Ending);
        let last = self.slots.len() - 1;
        if ending.is_some() && self.slots[last].who == ending { last } else { last + 1 }
    }

    /// Returns the node at which a slot is best split in two, with the new medium `last` or first.
    fn split(&self, slot: Slot, who: usize, last: bool) -> Option<usize> {
        let stays = slot.who?;
        let middle = (self.grid.nodes[slot.from].time + self.grid.nodes[slot.to].time).scale(1, 2);
        let fits = |&node: &usize| {
            let (old, new) = if last {
                ((slot.from, node), (node, slot.to))
            } else {
                ((node, slot.to), (slot.from, node))
            };
            self.fits(stays, old.0, old.1, &self.widest) && self.fits(who, new.0, new.1, &self.usual)
        };
        let cost = |node: usize| {
            let off = (self.grid.nodes[node].time - middle).secs().abs();
            off + self.grid.flaw(slot.from, node) + self.grid.flaw(node, slot.to)
        };
        // Half a second is too short to take in a picture, so both shots must last at least twice the
        // minimum.
        let roomy = |&node: &usize| {
            let (one, other) = (self.grid.span(slot.from, node), self.grid.span(node, slot.to));
            one.min(other) >= self.usual.min + self.usual.min
        };
        let nodes = || (slot.from + 1..slot.to).filter(fits);
        let best = |one: &usize, other: &usize| cost(*one).total_cmp(&cost(*other));
        nodes().filter(roomy).min_by(best)
    }

    fn takes(&self) -> Option<Vec<Take>> {
        let take = |slot: &Slot| {
            let Slot { turn, from, to, part, .. } = *slot;
            slot.who.map(|who| Take { who, turn, from, to, part })
        };
        self.slots.iter().map(take).collect()
    }
}
