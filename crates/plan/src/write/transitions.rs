use mmm_base::{Digest, MediaPath, Rate, Time};
use mmm_facts::Transition;
use mmm_spec::{Style, TransitionKind, Transitions};

/// One of the two shots at a transition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub length: Time,
    /// The time available before and after it; `None` for a photo, which can be as long as necessary.
    pub handles: Option<(Time, Time)>,
}

/// The preferred lengths of transitions, and (`SHORTEST`) the shortest that is recognizable as one.
const DISSOLVE: Time = Time::from_millis(600);
const DIP: Time = Time::from_millis(800);
const MOVED: Time = Time::from_millis(500);
const SHORTEST: Time = Time::from_millis(160);

/// A dip through a light colour is a flash, and no second may contain more than three. Shots between two such
/// dips last at least this long.
const FLASHES_APART: Time = Time::from_millis(700);

/// The lengths of the fade in at the start of the movie, and (`CLOSING`) of the fade out at its end.
const OPENING: Time = Time::from_millis(400);
const CLOSING: Time = Time::from_millis(1000);

/// Returns the transition from `before` to `after`, which shows the medium `into`.
pub(super) fn between(
    style: &Style,
    before: Side,
    after: Side,
    new_chapter: bool,
    rate: Rate,
    into: &MediaPath,
) -> Transition {
    let kinds = kinds(&style.transitions);
    let flashes = !style.dip.is_black() && before.length.min(after.length) < FLASHES_APART;
    let may_cut = kinds.contains(&TransitionKind::Cut);
    let others: Vec<TransitionKind> =
        kinds.iter().copied().filter(|kind| *kind != TransitionKind::Cut).collect();
    if others.is_empty() || (may_cut && !new_chapter) {
        return Transition::CUT;
    }
    // Choose by the medium, not by count, so that a transition stays the same if others are added or removed.
    let first = usize::from(Digest::of(into.as_str().as_bytes()).to_string().as_bytes()[0]) % others.len();
    let least = if may_cut { SHORTEST } else { Time::from_micros(1) };
    let found = (0..others.len()).map(|step| others[(first + step) % others.len()]).find_map(|kind| {
        let length = length(kind, before, after, rate);
        let flashes = flashes && kind == TransitionKind::Dip;
        (length >= least && !flashes).then_some(Transition { kind, length })
    });
    found.unwrap_or(Transition::CUT)
}

/// Returns the lengths of the fade into the `first` shot and of the fade out of the `last`; zero if the spec
/// lists only other transitions than dips.
pub(super) fn ends(allowed: &Transitions, first: Time, last: Time) -> (Time, Time) {
    match allowed {
        Transitions::Only(kinds) if !kinds.contains(&TransitionKind::Dip) => (Time::ZERO, Time::ZERO),
        _ => (OPENING.min(first.scale(1, 4)), CLOSING.min(last.scale(1, 3))),
    }
}

fn kinds(allowed: &Transitions) -> &[TransitionKind] {
    match allowed {
        Transitions::Auto => &[TransitionKind::Cut, TransitionKind::Dissolve],
        Transitions::Only(kinds) => kinds,
    }
}

/// Returns the longest transition, up to the preferred length, that the shots allow and, if both are visible,
/// their handles: a whole, even number of frames, half of them on each side of the cut.
fn length(kind: TransitionKind, before: Side, after: Side, rate: Rate) -> Time {
    let wanted = match kind {
        TransitionKind::Cut => Time::ZERO,
        TransitionKind::Dissolve | TransitionKind::Wipe => DISSOLVE,
        TransitionKind::Dip => DIP,
        TransitionKind::Slide | TransitionKind::Zoom => MOVED,
    };
    let shorter = before.length.min(after.length);
    let mut half = Time::from_micros((shorter.micros() / 5).min(wanted.micros() / 2));
    if kind.overlaps() {
        half = half.min(before.handles.map_or(half, |(_, after)| after));
        half = half.min(after.handles.map_or(half, |(before, _)| before));
    }
    // Round down, so that half of it is never longer than a handle.
    let frames =
        i128::from(half.micros().max(0)) * i128::from(rate.0) / (1_000_000 * i128::from(rate.1.max(1)));
    rate.time_of(frames as i64 * 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_spec::Colour;

    const RATE: Rate = Rate(30, 1);
    const PHOTO: Side = Side { length: Time::from_secs(2), handles: None };

    fn clip(handle_ms: i64) -> Side {
        let handle = Time::from_millis(handle_ms);
        Side { length: Time::from_secs(2), handles: Some((handle, handle)) }
    }

    fn way(allowed: &Transitions, before: Side, after: Side, new_chapter: bool, into: &str) -> Transition {
        let style = Style { transitions: allowed.clone(), ..Style::default() };
        between(&style, before, after, new_chapter, RATE, &MediaPath::new(into).unwrap())
    }

    fn frames(allowed: &Transitions, before: Side, after: Side, new_chapter: bool) -> i64 {
        RATE.nearest_frame(way(allowed, before, after, new_chapter, "a.jpg").length)
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

    #[test]
    fn a_dip_needs_no_handles_and_stands_in_where_there_are_none() {
        let (dip, slide) = (TransitionKind::Dip, TransitionKind::Slide);
        let only = |kinds: &[TransitionKind]| Transitions::Only(kinds.to_vec());
        assert_eq!(frames(&only(&[dip]), clip(0), clip(0), false), 24);
        for name in ["a.mp4", "b.mp4", "c.mp4", "d.mp4"] {
            assert_eq!(way(&only(&[slide, dip]), clip(0), clip(0), false, name).kind, dip);
        }
    }

    #[test]
    fn dips_through_a_light_colour_are_never_so_near_that_they_flicker() {
        let dips = |dip: Colour, length_ms: i64| {
            let style =
                Style { transitions: Transitions::Only(vec![TransitionKind::Dip]), dip, ..Style::default() };
            let side = Side { length: Time::from_millis(length_ms), handles: None };
            between(&style, PHOTO, side, false, RATE, &MediaPath::new("a.jpg").unwrap()).kind
        };
        assert_eq!(dips(Colour::WHITE, 700), TransitionKind::Dip);
        assert_eq!(dips(Colour::WHITE, 690), TransitionKind::Cut);
        assert_eq!(dips(Colour::BLACK, 690), TransitionKind::Dip);
    }

    #[test]
    fn several_kinds_all_come_and_each_stays_with_its_medium() {
        let all = Transitions::Only(vec![TransitionKind::Wipe, TransitionKind::Slide, TransitionKind::Zoom]);
        let kinds: Vec<TransitionKind> =
            (0..60).map(|n| way(&all, PHOTO, PHOTO, false, &format!("{n}.jpg")).kind).collect();
        for kind in [TransitionKind::Wipe, TransitionKind::Slide, TransitionKind::Zoom] {
            assert!(kinds.iter().filter(|found| **found == kind).count() > 5, "{kind:?}");
        }
        assert_eq!(way(&all, PHOTO, PHOTO, true, "7.jpg").kind, kinds[7]);
    }

    #[test]
    fn the_ends_dip_unless_only_others_are_named() {
        let (short, long) = (Time::from_millis(800), Time::from_secs(4));
        assert_eq!(ends(&Transitions::Auto, short, long), (Time::from_millis(200), CLOSING));
        let cuts = Transitions::Only(vec![TransitionKind::Cut, TransitionKind::Wipe]);
        assert_eq!(ends(&cuts, short, long), (Time::ZERO, Time::ZERO));
    }
}
