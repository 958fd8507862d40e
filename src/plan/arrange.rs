use crate::base::Time;
use crate::media::MediaKind;
use crate::spec::{Constraints, Role};

use super::cast::{Cast, Tier};
use super::choose::Choice;
use super::cuts::partition;
use super::grid::Grid;
use super::layout::{Need, layout};
use super::lend::lend;
use super::limits::Limits;

/// One medium between two nodes of the grid.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Take {
    /// Index of the candidate.
    pub who: usize,
    /// How often it has been shown before.
    pub turn: u32,
    pub from: usize,
    pub to: usize,
    /// The part of a clip that an earlier plan showed here.
    pub part: Option<(Time, Time)>,
}

/// What may be used to fill the movie; the later, the less an editor likes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stage {
    pub tier: Tier,
    pub limits: Limits,
    /// How often a medium may come again.
    pub repeats: u32,
}

/// The stages to be tried, in order.
pub(super) fn stages(constraints: &Constraints) -> Vec<Stage> {
    let (usual, stretched) = (Limits::usual(constraints), Limits::stretched(constraints));
    let mut stages = Vec::new();
    for (tier, limits, repeats) in [
        (Tier::Good, usual, 0),
        (Tier::Flawed, usual, 0),
        (Tier::Flawed, usual, constraints.repeats),
        (Tier::Flawed, stretched, constraints.repeats),
        (Tier::Alike, stretched, constraints.repeats),
    ] {
        let stage = Stage { tier, limits, repeats };
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    stages
}

/// A stage's step in slowness: a quarter of an octave, so that one medium more seldom makes
/// another set of cuts.
const SLOWER: f64 = 1.189_207_115;

/// How often media come again at most, all together.
const TURNS: usize = 10_000;

/// Sets media on the grid.
pub(super) struct Arranger<'a> {
    pub cast: &'a Cast<'a>,
    pub grid: &'a Grid,
    pub stage: Stage,
    /// Up to so many media are all shown where the usual pace would take more.
    pub small: usize,
}

impl Arranger<'_> {
    /// Who stands where; none where this stage can't fill the movie.
    pub fn arrange(&self) -> Option<Vec<Take>> {
        let mut pool = self.cast.pool(self.stage.tier, &self.limits());
        // A clip that turns out too short for every slot is taken away, and the rest tried again.
        for _ in 0..4 {
            if pool.is_empty() {
                return None;
            }
            match self.with_pool(&pool) {
                Ok(takes) => return takes,
                Err(misfits) => pool.retain(|index| !misfits.contains(index)),
            }
        }
        None
    }

    /// The limits of the stage, in a movie that may be shorter than the shortest usual shot.
    fn limits(&self) -> Limits {
        let mut limits = self.stage.limits;
        if limits.min == Time::from_millis(500) && limits.photo >= Time::from_secs(8) {
            limits.min = limits.min.min(self.grid.length());
        }
        limits
    }

    fn with_pool(&self, pool: &[usize]) -> Result<Option<Vec<Take>>, Vec<usize>> {
        if self.stage.repeats > 0 && self.capacity(pool) < self.grid.length() {
            return Ok(self.with_repeats(pool));
        }
        let required: Vec<usize> =
            pool.iter().copied().filter(|&index| self.cast.candidates[index].required).collect();
        let Some(cuts) = self.cut(pool, 1.0) else { return Ok(self.all(pool)) };
        let slots = cuts.len() - 1;
        if slots < required.len() {
            return match self.cut_between(pool, required.len(), 1.0 / SLOWER) {
                Some(cuts) => self.chosen(pool, &cuts),
                None => Ok(self.all(&required)),
            };
        }
        if slots <= pool.len() {
            return self.chosen(pool, &cuts);
        }
        if pool.len() <= self.small
            && let Some(takes) = self.all(pool)
        {
            return Ok(Some(takes));
        }
        match self.cut_between(pool, required.len(), SLOWER) {
            Some(cuts) => self.chosen(pool, &cuts),
            None => Ok(self.all(pool)),
        }
    }

    /// Cuts at a pace changed step by step, until there is a medium for each shot, and a shot for
    /// each required medium.
    fn cut_between(&self, pool: &[usize], required: usize, step: f64) -> Option<Vec<usize>> {
        let mut slower = step;
        for _ in 0..14 {
            let cuts = self.cut(pool, slower)?;
            let slots = cuts.len() - 1;
            if slots >= required && slots <= pool.len() {
                return Some(cuts);
            }
            slower *= step;
        }
        None
    }

    /// Cuts for shots that most of the pool can fill.
    fn cut(&self, pool: &[usize], slower: f64) -> Option<Vec<usize>> {
        let limits = self.limits();
        let mut longest: Vec<Time> =
            pool.iter().map(|&index| self.cast.candidates[index].longest(&limits)).collect();
        longest.sort_unstable();
        let most = longest[longest.len() * 3 / 10].min(limits.photo.max(limits.min));
        partition(self.grid, limits.min, most, slower)
            .or_else(|| partition(self.grid, limits.min, limits.max(), slower))
    }

    /// The best for the given cuts; where a clip is too short for its slot, the cuts give way,
    /// and where they can't, the clips that are in the way are named.
    fn chosen(&self, pool: &[usize], cuts: &[usize]) -> Result<Option<Vec<Take>>, Vec<usize>> {
        let limits = self.limits();
        let choice = Choice { cast: self.cast, grid: self.grid, limits: &limits, cuts };
        let Some(chosen) = choice.choose(pool) else { return Ok(None) };
        let slots = cuts.windows(2).map(|pair| (pair[0], pair[1]));
        let mut takes: Vec<Take> = chosen
            .iter()
            .zip(slots)
            .map(|(&who, (from, to))| Take { who, turn: 0, from, to, part: None })
            .collect();
        let is_misfit = |take: &Take| {
            self.cast.candidates[take.who].longest(&limits) < self.grid.span(take.from, take.to)
        };
        let misfits: Vec<usize> = takes.iter().filter(|take| is_misfit(take)).map(|take| take.who).collect();
        if misfits.is_empty() {
            lend(self.cast, self.grid, &limits, &mut takes);
            return Ok(Some(takes));
        }
        let weighed = takes.iter().map(|take| (take.who, 0, self.grid.span(take.from, take.to).secs()));
        if let Some(takes) = self.laid(&weighed.collect::<Vec<_>>()) {
            return Ok(Some(takes));
        }
        let free: Vec<usize> =
            misfits.into_iter().filter(|&index| !self.cast.candidates[index].required).collect();
        if free.is_empty() { Ok(None) } else { Err(free) }
    }

    /// Every medium of the pool once, in the order of the story.
    fn all(&self, pool: &[usize]) -> Option<Vec<Take>> {
        let turns: Vec<(usize, u32)> = pool.iter().map(|&index| (index, 0)).collect();
        self.laid(&self.weighed(&self.in_roles(turns)))
    }

    /// Media that come again: as few as fill the movie, the best first.
    fn with_repeats(&self, pool: &[usize]) -> Option<Vec<Take>> {
        let limits = self.limits();
        let mut ranked = pool.to_vec();
        ranked.sort_by(|&one, &other| {
            let (one, other) = (&self.cast.candidates[one], &self.cast.candidates[other]);
            other.score.total_cmp(&one.score)
        });
        let mut turns: Vec<(usize, u32)> = pool.iter().map(|&index| (index, 0)).collect();
        let mut filled = self.capacity(pool);
        let mut tries = 0;
        let rounds = (1..=self.stage.repeats).flat_map(|turn| ranked.iter().map(move |&index| (turn, index)));
        for (turn, index) in rounds.take(TURNS) {
            turns.push((index, turn));
            filled += self.cast.candidates[index].longest(&limits);
            if filled >= self.grid.length() {
                tries += 1;
                let mut sequence = turns.clone();
                sequence
                    .sort_by_key(|&(index, turn)| (self.cast.candidates[index].place.chapter, turn, index));
                let takes = self.laid(&self.weighed(&self.in_roles(sequence)));
                if takes.is_some() || tries == 8 {
                    return takes;
                }
            }
        }
        None
    }

    /// How much the pool can fill, each medium once.
    fn capacity(&self, pool: &[usize]) -> Time {
        let limits = self.limits();
        pool.iter().map(|&index| self.cast.candidates[index].longest(&limits)).sum()
    }

    /// The opening first, the ending last.
    fn in_roles(&self, mut turns: Vec<(usize, u32)>) -> Vec<(usize, u32)> {
        let place = |&(index, turn): &(usize, u32)| match self.cast.candidates[index].role {
            Some(Role::Opening) if turn == 0 => 0,
            Some(Role::Ending) if turn == 0 => 2,
            _ => 1,
        };
        turns.sort_by_key(place);
        turns
    }

    fn weighed(&self, turns: &[(usize, u32)]) -> Vec<(usize, u32, f64)> {
        let weight = |index: usize| {
            let candidate = &self.cast.candidates[index];
            if candidate.kind == MediaKind::Clip { 1.1 + 0.9 * candidate.motion } else { 1.0 }
        };
        turns.iter().map(|&(index, turn)| (index, turn, weight(index))).collect()
    }

    fn laid(&self, sequence: &[(usize, u32, f64)]) -> Option<Vec<Take>> {
        let limits = self.limits();
        let need = |&(index, _, weight): &(usize, u32, f64)| Need {
            min: limits.min,
            max: self.cast.candidates[index].longest(&limits),
            weight,
        };
        let needs: Vec<Need> = sequence.iter().map(need).collect();
        let cuts = layout(self.grid, &needs)?;
        let slots = cuts.windows(2).map(|pair| (pair[0], pair[1]));
        Some(
            sequence
                .iter()
                .zip(slots)
                .map(|(&(who, turn, _), (from, to))| Take { who, turn, from, to, part: None })
                .collect(),
        )
    }
}
