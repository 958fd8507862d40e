use super::pace::Pace;
use super::soundtrack::{self, Cue};
use crate::cast::{Cast, Limits, Tier};
use mmm_base::Time;
use mmm_facts::{Conflict, Material, MediaKind};
use mmm_spec::{CutOn, Length, Target};

/// The length of a movie, and its music.
#[derive(Clone)]
pub(crate) struct Extent<'a> {
    pub length: Time,
    pub cues: Vec<Cue<'a>>,
}

/// The length of a photo if the spec leaves the length of the movie open; `CLIP` is the most for a clip.
const PHOTO: Time = Time::from_millis(2500);
const CLIP: Time = Time::from_secs(5);
/// The most that the length of the movie is raised for each required medium.
const REQUIRED: Time = Time::from_millis(1500);
/// The shortest and (`LONGEST`) the longest movie if the spec sets no length.
const SHORTEST: Time = Time::from_secs(3);
pub(crate) const LONGEST: Time = Time::from_secs(180);
/// The longest movie that a spec can request.
const MOST: Time = Time::from_secs(86_400);

/// Whether the spec leaves the length to the planner.
pub(crate) fn is_open(length: Length) -> bool {
    matches!(length, Length::Auto | Length::Within(..))
}

/// Decides the length and where the music starts. If the length is open, the target is `share` of the best
/// length, so that a movie that can't be filled can be planned again as a shorter one. With a share over 1,
/// required media may make it longer than its music.
pub(crate) fn decide<'a>(
    material: &'a Material,
    cast: &Cast,
    pace: &Pace,
    share: f64,
) -> Result<Extent<'a>, Conflict> {
    let most = material.settings.target.and_then(Target::longest).unwrap_or(MOST);
    match material.settings.duration {
        Length::Exact(length) => exact(material, length),
        Length::Music => as_the_music(material),
        Length::Within(low, high) => {
            let high = high.min(most).max(low);
            let want = scaled(natural(material, cast, pace), share).max(low).min(high);
            Ok(snapped(material, want, low, high))
        }
        Length::Auto => {
            let mut want = scaled(natural(material, cast, pace), share).min(LONGEST).min(most);
            let reach = soundtrack::reach(material, soundtrack::whole_start(material));
            let is_bounded = reach >= SHORTEST && !soundtrack::is_endless(material);
            if is_bounded {
                want = want.min(reach);
            }
            let (needed, least) = needed(material, cast);
            if is_bounded && share <= 1.0 && least <= reach {
                want = want.max(needed.min(reach));
            } else {
                want = want.max(needed);
            }
            Ok(snapped(material, want, want.scale(17, 20), want.scale(21, 20).min(most).max(want)))
        }
    }
}

/// Returns the shortest and the longest movie that the spec allows around the best length.
pub(crate) fn bounds(material: &Material, best: Time) -> (Time, Time) {
    match material.settings.duration {
        Length::Within(low, high) => (low, high),
        Length::Auto => {
            let reach = soundtrack::reach(material, soundtrack::whole_start(material));
            let high = best.scale(5, 4);
            let is_bounded = reach >= best && !soundtrack::is_endless(material);
            (best.scale(1, 2), if is_bounded { high.min(reach) } else { high })
        }
        Length::Exact(_) | Length::Music => (best, best),
    }
}

fn exact(material: &Material, length: Time) -> Result<Extent<'_>, Conflict> {
    if length <= Time::ZERO {
        return Err(Conflict::NoLength { wanted: length });
    }
    if length > MOST {
        return Err(Conflict::OverADay { wanted: length });
    }
    let first = soundtrack::opening(material, length);
    Ok(Extent { length, cues: soundtrack::lay(material, first, length) })
}

fn as_the_music(material: &Material) -> Result<Extent<'_>, Conflict> {
    let first = soundtrack::whole_start(material);
    let length = soundtrack::reach(material, first);
    if length <= Time::ZERO {
        return Err(soundtrack::unheard(material).unwrap_or(Conflict::NoMusic));
    }
    Ok(Extent { length, cues: soundtrack::lay(material, first, length) })
}

fn scaled(time: Time, share: f64) -> Time {
    Time::from_secs_f64(time.secs() * share)
}

/// Returns the length that suits the amount of material.
fn natural(material: &Material, cast: &Cast, pace: &Pace) -> Time {
    let limits = Limits::usual(&material.settings.constraints);
    let pool = [Tier::Good, Tier::Flawed, Tier::Alike, Tier::Rejected]
        .into_iter()
        .map(|tier| cast.pool(tier, &limits))
        .find(|pool| !pool.is_empty())
        .unwrap_or_default();
    let mut shown = Time::ZERO;
    let mut most = Time::ZERO;
    for index in pool {
        let candidate = &cast.candidates[index];
        let longest = candidate.longest(&limits);
        let usual = if candidate.kind == MediaKind::Clip { CLIP } else { PHOTO };
        shown += scaled(usual, pace.stretch()).min(longest).max(limits.min);
        most += longest;
    }
    // Round down to steps of five seconds, so that one more photo does not change the whole movie.
    let rounded = Time::from_secs(shown.micros() / 5_000_000 * 5);
    if shown > Time::from_secs(20) && limits.can_fill(rounded) {
        shown = rounded;
    }
    shown.max(SHORTEST).min(most.max(Time::from_millis(500)))
}

/// Returns the length that suits the required media, and the least that they need, with a quarter to spare
/// for beats.
fn needed(material: &Material, cast: &Cast) -> (Time, Time) {
    let limits = Limits::usual(&material.settings.constraints);
    let required = || cast.candidates.iter().filter(|candidate| candidate.required);
    let suits = required().map(|candidate| candidate.longest(&limits).min(REQUIRED).max(limits.min)).sum();
    (suits, limits.min.scale(required().count() as i64 * 5, 4))
}

/// Returns the length between `low` and `high` that is close to `want` and ends best in the music.
fn snapped(material: &Material, want: Time, low: Time, high: Time) -> Extent<'_> {
    let first = soundtrack::opening(material, want);
    let cues = soundtrack::lay(material, first, high);
    let constraints = &material.settings.constraints;
    let limits = Limits::usual(constraints);
    // Where all shots are of one length, a bar is not worth a shot.
    let down = if limits.max() < limits.min.scale(2, 1) { 0.2 } else { 0.08 };
    let limits = match constraints.cut_on {
        CutOn::Free => limits,
        CutOn::Beat | CutOn::Downbeat => limits.widened(material.rate.time_of(1)),
    };
    let can_fill = |length: Time| constraints.shot.is_none() || limits.can_fill(length);
    let cost = |length: Time, extra: f64| (length - want).secs().abs() / want.secs().max(0.001) + extra;
    let mut best = (want, cost(want, 0.3));
    let mut offer = |length: Time, extra: f64| {
        let is_allowed = length >= low && length <= high && length > Time::ZERO && can_fill(length);
        if is_allowed && cost(length, extra) < best.1 {
            best = (length, cost(length, extra));
        }
    };
    for cue in &cues {
        offer(cue.end(), if cue.ends_itself() { 0.0 } else { 0.3 });
        if soundtrack::has_beats(cue.facts) {
            for (index, beat) in cue.facts.beat.beats.iter().enumerate() {
                let extra = if soundtrack::is_down(cue.facts, index, beat) { down } else { 0.2 };
                cue.in_movie(beat.time).into_iter().for_each(|time| offer(time, extra));
            }
        }
    }
    let length = best.0;
    Extent { length, cues: soundtrack::lay(material, first, length) }
}
