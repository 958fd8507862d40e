use super::choose::Choice;
use super::cuts::partition;
use super::layout::{self, Need, layout};
use super::lend::lend;
use super::rounds::{self, Turn};
use super::take::Take;
use crate::cast::{Cast, Limits, Tier};
use crate::music::Grid;
use mmm_base::Time;
use mmm_facts::MediaKind;
use mmm_spec::{Constraints, Role};

/// What may be used to fill the movie. Editors prefer earlier stages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stage {
    pub tier: Tier,
    pub limits: Limits,
    /// How often a medium may repeat.
    pub repeats: u32,
}

/// Returns the stages to try, in order.
pub(super) fn stages(cast: &Cast, constraints: &Constraints) -> Vec<Stage> {
    let (usual, stretched) = (Limits::usual(constraints), Limits::stretched(constraints));
    let mut stages = Vec::new();
    let rejected = cast.has_rejected().then_some((Tier::Rejected, stretched, constraints.repeats));
    let usual_stages = [
        (Tier::Good, usual, 0),
        (Tier::Flawed, usual, 0),
        (Tier::Flawed, usual, constraints.repeats),
        (Tier::Flawed, stretched, constraints.repeats),
        (Tier::Alike, stretched, constraints.repeats),
    ];
    for (tier, limits, repeats) in usual_stages.into_iter().chain(rejected) {
        let stage = Stage { tier, limits, repeats };
        if !stages.contains(&stage) {
            stages.push(stage);
        }
    }
    stages
}

/// The step between the paces that are tried: a quarter of an octave, so that one more medium seldom leads to
/// other cuts.
const SLOWER: f64 = 1.189_207_115;

/// How many paces are tried if all media repeat, in steps of `FINER` on both sides of the preferred pace.
const PACES: i32 = 12;
const FINER: f64 = 1.06;

/// How often more repeats are tried: first this often one more, then this often a sixteenth more.
const TRIES: (usize, usize) = (8, 24);

/// Assigns media to the grid.
pub(super) struct Arranger<'a> {
    pub cast: &'a Cast<'a>,
    pub grid: &'a Grid,
    pub stage: Stage,
    /// Up to this many media are all shown if the usual pace needs more media than there are.
    pub small: usize,
    /// Whether cuts may fall on every frame. The grid then has so many nodes that few paces are tried.
    pub is_fine: bool,
}

impl Arranger<'_> {
    /// Returns the takes; `None` if this stage can't fill the movie.
    pub fn arrange(&self) -> Option<Vec<Take>> {
        let mut pool = self.cast.pool(self.stage.tier, &self.limits());
        // A clip that turns out too short for every slot is removed, and the rest is tried again.
        for _ in 0..4 {
            if pool.is_empty() {
                return None;
            }
            if self.stage.repeats > 0 && self.capacity(&pool) < self.grid.length() {
                break;
            }
            match self.with_pool(&pool) {
                Ok(Some(takes)) => return Some(takes),
                Ok(None) => break,
                Err(misfits) => pool.retain(|index| !misfits.contains(index)),
            }
        }
        self.with_repeats(&pool)
    }

    /// Returns the limits of the stage, adapted to a movie that is shorter than the shortest usual shot.
    fn limits(&self) -> Limits {
        let mut limits = self.stage.limits;
        if limits.min == Time::from_millis(500) && limits.photo >= Time::from_secs(8) {
            limits.min = limits.min.min(self.grid.length());
        }
        limits
    }

    /// Returns each medium of the pool at most once; the error lists clips that are too short for all slots.
    fn with_pool(&self, pool: &[usize]) -> Result<Option<Vec<Take>>, Vec<usize>> {
        let takes = self.at_usual_pace(pool)?;
        Ok(takes.or_else(|| self.best_in_order(pool)))
    }

    /// Returns the required media and the best others, in the order of the story. The usual pace may leave no
    /// slots before or after a medium whose role or place is fixed.
    fn best_in_order(&self, pool: &[usize]) -> Option<Vec<Take>> {
        let is_required = |index: &usize| self.cast.candidates[*index].required;
        if !pool.iter().any(is_required) {
            return None;
        }
        let mut ranked = pool.to_vec();
        ranked.sort_by(|one, other| {
            let score = |index: &usize| self.cast.candidates[*index].score;
            is_required(other).cmp(&is_required(one)).then(score(other).total_cmp(&score(one)))
        });
        let required = pool.iter().filter(|index| is_required(index)).count();
        let slots = self.cut(pool, 1.0).map_or(required, |cuts| cuts.len() - 1);
        [slots, pool.len(), required].into_iter().find_map(|count| {
            let mut some = ranked[..count.clamp(required, pool.len())].to_vec();
            some.sort_unstable();
            self.all(&some)
        })
    }

    fn at_usual_pace(&self, pool: &[usize]) -> Result<Option<Vec<Take>>, Vec<usize>> {
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

    /// Returns cuts at a pace that changes step by step, until there is a medium for each shot and a shot for
    /// each required medium.
    fn cut_between(&self, pool: &[usize], required: usize, step: f64) -> Option<Vec<usize>> {
        let mut slower = step;
        for _ in 0..if self.is_fine { 1 } else { 14 } {
            let cuts = self.cut(pool, slower)?;
            let slots = cuts.len() - 1;
            if slots >= required && slots <= pool.len() {
                return Some(cuts);
            }
            slower *= step;
        }
        None
    }

    /// Returns cuts for shots that most of the pool can fill.
    fn cut(&self, pool: &[usize], slower: f64) -> Option<Vec<usize>> {
        let limits = self.limits();
        let mut longest: Vec<Time> =
            pool.iter().map(|&index| self.cast.candidates[index].longest(&limits)).collect();
        longest.sort_unstable();
        let most = longest[longest.len() * 3 / 10].min(limits.photo.max(limits.min));
        partition(self.grid, limits.min, most, slower)
            .or_else(|| partition(self.grid, limits.min, limits.max(), slower))
    }

    /// Returns the best media for the given cuts. If a clip is too short for its slot, the cuts move; if they
    /// can't, the clips that are too short are the error.
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

    /// Returns every medium of the pool once, in the order of the story.
    fn all(&self, pool: &[usize]) -> Option<Vec<Take>> {
        let turns: Vec<Turn> = pool.iter().map(|&index| (index, 0)).collect();
        self.laid(&self.weighed(&self.in_roles(turns)))
    }

    /// Returns takes in which media repeat, the best first: as few as fill the movie, or if all must repeat,
    /// as many as suit the music.
    fn with_repeats(&self, pool: &[usize]) -> Option<Vec<Take>> {
        let pool = &self.placeable(pool);
        let again = rounds::again(self.cast, pool, self.stage.repeats);
        let fewest = self.fewest(pool, &again)?;
        if fewest > pool.len()
            && !self.is_fine
            && let Some(takes) = self.at_pace(pool, &again, fewest)
        {
            return Some(takes);
        }
        let told = |count: usize| self.laid(&self.weighed(&self.told(pool, &again[..count])));
        more(fewest, again.len()).find_map(told)
    }

    /// Returns takes on cuts that follow the music. On a logarithmic scale, their number is halfway between
    /// the fewest shots that fill the movie and the number that the pace prefers: few repeats matter as much
    /// as the pace.
    fn at_pace(&self, pool: &[usize], again: &[usize], fewest: usize) -> Option<Vec<Take>> {
        let shots = self.cut(pool, 1.0)?.len() - 1;
        let (least, most) = (pool.len() + fewest, pool.len() + again.len());
        let wanted = (shots * least).isqrt().clamp(least, most);
        for step in 0..PACES {
            let off = if step % 2 == 0 { -step } else { step + 1 };
            let cuts = self.cut(pool, shots as f64 / wanted as f64 * FINER.powi(off / 2))?;
            let count = cuts.len() - 1;
            if !(least..=most).contains(&count) {
                continue;
            }
            let turns = self.told(pool, &again[..count - pool.len()]);
            if turns.len() == count
                && let Some(takes) = self.near(&self.weighed(&turns), &cuts)
            {
                return Some(takes);
            }
        }
        None
    }

    /// Returns the pool with the repeats in `again`, in the order of the story.
    fn told(&self, pool: &[usize], again: &[usize]) -> Vec<Turn> {
        rounds::apart(self.cast, self.in_roles(rounds::story(self.cast, pool, again)))
    }

    /// Returns how many of the repeats in `again` are needed to fill the movie, at least one.
    fn fewest(&self, pool: &[usize], again: &[usize]) -> Option<usize> {
        let limits = self.limits();
        let mut filled = self.capacity(pool);
        let fills = |&index: &usize| {
            filled += self.cast.candidates[index].longest(&limits);
            filled >= self.grid.length()
        };
        again.iter().position(fills).map(|last| last + 1)
    }

    /// Returns the media that are required, or long enough for the shortest possible shot at nine in ten
    /// places of the grid.
    fn placeable(&self, pool: &[usize]) -> Vec<usize> {
        let (grid, limits) = (self.grid, self.limits());
        let next = |from: usize| {
            let to = grid.nodes.partition_point(|node| node.time - grid.nodes[from].time < limits.min);
            (to <= grid.last()).then(|| grid.span(from, to))
        };
        let mut spans: Vec<Time> = (0..grid.last()).filter_map(next).collect();
        spans.sort_unstable();
        let least = spans.get(spans.len() * 9 / 10).copied().unwrap_or(Time::ZERO);
        let fits = |index: &usize| {
            let candidate = &self.cast.candidates[*index];
            candidate.required || candidate.longest(&limits) >= least
        };
        pool.iter().copied().filter(fits).collect()
    }

    /// Returns how much the pool can fill if each medium is shown once.
    fn capacity(&self, pool: &[usize]) -> Time {
        let limits = self.limits();
        pool.iter().map(|&index| self.cast.candidates[index].longest(&limits)).sum()
    }

    /// Moves the opening to the start and the ending to the end.
    fn in_roles(&self, mut turns: Vec<Turn>) -> Vec<Turn> {
        let place = |&(index, turn): &Turn| match self.cast.candidates[index].role {
            Some(Role::Opening) if turn == 0 => 0,
            Some(Role::Ending) if turn == 0 => 2,
            _ => 1,
        };
        turns.sort_by_key(place);
        turns
    }

    fn weighed(&self, turns: &[Turn]) -> Vec<(usize, u32, f64)> {
        let weight = |index: usize| {
            let candidate = &self.cast.candidates[index];
            if candidate.kind == MediaKind::Clip { 1.1 + 0.9 * candidate.motion } else { 1.0 }
        };
        turns.iter().map(|&(index, turn)| (index, turn, weight(index))).collect()
    }

    fn laid(&self, sequence: &[(usize, u32, f64)]) -> Option<Vec<Take>> {
        let cuts = layout(self.grid, &self.needs(sequence))?;
        Some(between(sequence, &cuts))
    }

    /// Returns a sequence on the given cuts, which move if a clip is too short.
    fn near(&self, sequence: &[(usize, u32, f64)], cuts: &[usize]) -> Option<Vec<Take>> {
        let lengths: Vec<f64> = cuts.windows(2).map(|pair| self.grid.span(pair[0], pair[1]).secs()).collect();
        let cuts = layout::near(self.grid, &self.needs(sequence), &lengths)?;
        Some(between(sequence, &cuts))
    }

    fn needs(&self, sequence: &[(usize, u32, f64)]) -> Vec<Need> {
        let limits = self.limits();
        let need = |&(index, _, weight): &(usize, u32, f64)| Need {
            min: limits.min,
            max: self.cast.candidates[index].longest(&limits),
            weight,
        };
        sequence.iter().map(need).collect()
    }
}

/// Returns the takes of a sequence between its cuts.
fn between(sequence: &[(usize, u32, f64)], cuts: &[usize]) -> Vec<Take> {
    let slots = cuts.windows(2).map(|pair| (pair[0], pair[1]));
    let take = |(&(who, turn, _), (from, to))| Take { who, turn, from, to, part: None };
    sequence.iter().zip(slots).map(take).collect()
}

/// Returns counts from `from` to `most`: one more each time, then a sixteenth more.
fn more(from: usize, most: usize) -> impl Iterator<Item = usize> {
    let (ones, sixteenths) = TRIES;
    let far = std::iter::successors(Some(from + ones), |count| Some(count + count / 16 + 1));
    (from..from + ones).chain(far.take(sixteenths)).take_while(move |count| *count <= most)
}
