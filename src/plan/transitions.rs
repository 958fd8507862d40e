use crate::base::{Rate, Time};
use crate::spec::{TransitionKind, Transitions};

use super::Transition;

/// What a shot offers to a transition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub length: Time,
    /// What can be taken before and after it; none where it is a photo and can be as long as one
    /// likes.
    pub handles: Option<(Time, Time)>,
}

/// The dissolve that is wanted, and the shortest that reads as one.
const DISSOLVE: Time = Time::from_millis(600);
const SHORTEST: Time = Time::from_millis(160);

/// The way from `before` into `after`.
pub(super) fn between(
    allowed: &Transitions,
    before: Side,
    after: Side,
    new_chapter: bool,
    rate: Rate,
) -> Transition {
    let (may_cut, may_dissolve) = match allowed {
        Transitions::Auto => (true, true),
        Transitions::Only(kinds) => {
            (kinds.contains(&TransitionKind::Cut), kinds.contains(&TransitionKind::Dissolve))
        }
    };
    if !may_dissolve || (may_cut && !new_chapter) {
        return Transition::CUT;
    }
    let length = dissolve(before, after, rate);
    if length == Time::ZERO || (may_cut && length < SHORTEST) {
        return Transition::CUT;
    }
    Transition { kind: TransitionKind::Dissolve, length }
}

/// The longest dissolve up to the wanted one that the handles and the shots allow: a whole, even
/// number of frames, half of them to each side of the cut.
fn dissolve(before: Side, after: Side, rate: Rate) -> Time {
    let shorter = before.length.min(after.length);
    let half = Time::from_micros((shorter.micros() / 5).min(DISSOLVE.micros() / 2));
    let half = half.min(before.handles.map_or(half, |(_, after)| after));
    let half = half.min(after.handles.map_or(half, |(before, _)| before));
    // Rounded down, so that half of it is never more than a handle.
    let frames =
        i128::from(half.micros().max(0)) * i128::from(rate.0) / (1_000_000 * i128::from(rate.1.max(1)));
    rate.time_of(frames as i64 * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate(30, 1);
    const PHOTO: Side = Side { length: Time::from_secs(2), handles: None };

    fn clip(handle_ms: i64) -> Side {
        let handle = Time::from_millis(handle_ms);
        Side { length: Time::from_secs(2), handles: Some((handle, handle)) }
    }

    fn frames(allowed: &Transitions, before: Side, after: Side, new_chapter: bool) -> i64 {
        RATE.nearest_frame(between(allowed, before, after, new_chapter, RATE).length)
    }

    #[test]
    fn a_chapter_dissolves_as_far_as_handles_reach() {
        let auto = Transitions::Auto;
        assert_eq!(frames(&auto, PHOTO, PHOTO, false), 0);
        assert_eq!(frames(&auto, PHOTO, PHOTO, true), 18);
        assert_eq!(frames(&auto, PHOTO, clip(200), true), 12);
        assert_eq!(frames(&auto, clip(40), PHOTO, true), 0, "too short to be seen as one");
        let short = Side { length: Time::from_millis(1000), handles: None };
        assert_eq!(frames(&auto, short, PHOTO, true), 12, "at most two fifths of a shot");
    }

    #[test]
    fn a_list_is_kept_to() {
        let only = |kinds: &[TransitionKind]| Transitions::Only(kinds.to_vec());
        let (cut, dissolve) = (TransitionKind::Cut, TransitionKind::Dissolve);
        assert_eq!(frames(&only(&[cut]), PHOTO, PHOTO, true), 0);
        assert_eq!(frames(&only(&[dissolve]), PHOTO, PHOTO, false), 18);
        assert_eq!(frames(&only(&[dissolve]), clip(40), PHOTO, false), 2);
        assert_eq!(frames(&only(&[cut, dissolve]), PHOTO, PHOTO, false), 0);
    }
}
