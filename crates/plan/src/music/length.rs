use super::pace::Pace;
use super::soundtrack::{self, Cue};
use crate::cast::{Cast, Limits, Tier};
use mmm_base::Time;
use mmm_facts::{Conflict, Material, MediaKind};
use mmm_spec::{Length, Target};

/// The length of a movie, and its music.
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
const LONGEST: Time = Time::from_secs(180);
/// The longest movie that a spec can request.
const MOST: Time = Time::from_secs(86_400);

/// Whether the spec leaves the length to the planner.
pub(crate) fn is_open(length: Length) -> bool {
    matches!(length, Length::Auto | Length::Within(..))
}

/// Decides the length and where the music starts. If the length is open, the target is `share` of the best
/// length, so that a movie that can't be filled can be planned again as a shorter one.
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
            let first = material.settings.music.first().and_then(|track| track.from).unwrap_or(Time::ZERO);
            let reach = soundtrack::reach(material, first);
            if reach >= SHORTEST {
                want = want.min(reach);
            }
            want = want.max(needed(material, cast));
            Ok(snapped(material, want, want.scale(17, 20), want.scale(21, 20).min(most).max(want)))
        }
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
    let first = material.settings.music.first().and_then(|track| track.from).unwrap_or(Time::ZERO);
    let length = soundtrack::reach(material, first);
    if length <= Time::ZERO {
        return Err(Conflict::NoMusic);
    }
    Ok(Extent { length, cues: soundtrack::lay(material, first, length) })
}

fn scaled(time: Time, share: f64) -> Time {
    Time::from_secs_f64(time.secs() * share)
}

/// Returns the length that suits the amount of material.
fn natural(material: &Material, cast: &Cast, pace: &Pace) -> Time {
    let limits = Limits::usual(&material.settings.constraints);
    let pool = [Tier::Good, Tier::Flawed, Tier::Alike]
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
    if shown > Time::from_secs(20) {
        shown = Time::from_secs(shown.micros() / 5_000_000 * 5);
    }
    shown.max(SHORTEST).min(most.max(Time::from_millis(500)))
}

/// Returns the length that the required media need.
fn needed(material: &Material, cast: &Cast) -> Time {
    let limits = Limits::usual(&material.settings.constraints);
    let required = cast.candidates.iter().filter(|candidate| candidate.required);
    required.map(|candidate| candidate.longest(&limits).min(REQUIRED).max(limits.min)).sum()
}

/// Returns the length between `low` and `high` that is close to `want` and ends best in the music.
fn snapped(material: &Material, want: Time, low: Time, high: Time) -> Extent<'_> {
    let first = soundtrack::opening(material, want);
    let cues = soundtrack::lay(material, first, high);
    let cost = |length: Time, extra: f64| (length - want).secs().abs() / want.secs().max(0.001) + extra;
    let mut best = (want, cost(want, 0.3));
    let mut offer = |length: Time, extra: f64| {
        if length >= low && length <= high && length > Time::ZERO && cost(length, extra) < best.1 {
            best = (length, cost(length, extra));
        }
    };
    for cue in &cues {
        offer(cue.end(), if cue.from + cue.length >= cue.facts.form.duration { 0.0 } else { 0.3 });
        if soundtrack::has_beats(cue.facts) {
            for (index, beat) in cue.facts.beat.beats.iter().enumerate() {
                let extra = if soundtrack::is_down(cue.facts, index, beat) { 0.08 } else { 0.2 };
                cue.in_movie(beat.time).into_iter().for_each(|time| offer(time, extra));
            }
        }
    }
    let length = best.0;
    Extent { length, cues: soundtrack::lay(material, first, length) }
}
