use super::*;
use mmm_base::{MediaPath, Speed};
use mmm_facts::{
    BetterTwin, ClipTrouble, Conflict, CutPlace, GridNote, Issue, LeftOutCause, MusicStep, MusicSync,
    Outline, Passage, ShotReason, ShotRole, Strength, VersionKind,
};

fn secs(secs: f64) -> Time {
    Time::from_secs_f64(secs)
}

#[test]
fn a_reason_names_what_sets_a_shot_apart() {
    let place = CutPlace::Music { step: MusicStep::Downbeat, passage: Passage::Calm };
    let photo = ShotReason { strength: Some(Strength::Sharpness), place, ..ShotReason::default() };
    assert_eq!(shot(&photo), "chosen; sharp; on a downbeat, in a calm passage");
    let clip = ShotReason {
        role: ShotRole::Required,
        moment: Some((secs(1.204), secs(4.0))),
        speed: Speed::from_thousandths(2000).unwrap(),
        issue: Some(Issue::Shaky),
        similar: MediaPath::new("a.jpg").ok(),
        copies: 2,
        asked_for: true,
        place: CutPlace::Grid { length: secs(1.25) },
        ..ShotReason::default()
    };
    assert_eq!(
        shot(&clip),
        "required; its best moment, 1.2s to 4s; at 2 times its speed; too shaky, but nothing better was left; \
         similar to a.jpg, but nothing else was left; the best of 3 near-duplicates; the prompt asks for it; \
         1.25s long"
    );
    let again = ShotReason { turn: 1, ..photo };
    assert!(shot(&again).starts_with("shown again after 1 earlier shot; "), "{}", shot(&again));
}

#[test]
fn a_left_out_medium_names_the_better_one() {
    let twin = |burst, shown| LeftOutCause::Twin {
        of: MediaPath::new("a.jpg").unwrap(),
        how: BetterTwin::Sharper,
        burst,
        shown,
    };
    assert_eq!(left_out(&twin(true, true)), "near-duplicate of a.jpg, which is sharper");
    assert_eq!(left_out(&twin(false, false)), "similar to a.jpg, which is sharper and is left out too");
    let version = |version, how, shown| {
        left_out(&LeftOutCause::Version { of: MediaPath::new("a.jpg").unwrap(), version, how, shown })
    };
    let larger = Some(BetterTwin::Larger);
    assert_eq!(version(VersionKind::Copy, larger, true), "copy of a.jpg, which has more pixels");
    assert_eq!(
        version(VersionKind::Copy, larger, false),
        "copy of a.jpg, which has more pixels and is left out too"
    );
    assert_eq!(version(VersionKind::Unedited, None, true), "edited as a.jpg");
    assert_eq!(
        version(VersionKind::PairClip, None, false),
        "clip that belongs to the photo a.jpg, which is left out too"
    );
    let required = Some(BetterTwin::Required);
    assert_eq!(
        version(VersionKind::ProxySource, required, true),
        "shown by its proxy a.jpg, which is required"
    );
    let issues = vec![Issue::Blurred, Issue::Underexposed];
    assert_eq!(left_out(&LeftOutCause::Issues { issues }), "blurred, too dark");
    let (one, more) = (LeftOutCause::Outranked { better: 1 }, LeftOutCause::Rhythm { others: 2 });
    assert_eq!(left_out(&one), "no room: its chapter shows 1 better medium");
    assert_eq!(left_out(&more), "no room: 2 media of its chapter fit the music better");
}

#[test]
fn an_outline_counts_what_is_in_the_movie() {
    let notes = vec![GridNote::MusicEnds { at: secs(1.0) }];
    let sync = MusicSync { cuts: 3, on_beat: Some(2), notes };
    let figures = Outline {
        length: secs(10.333),
        photos: 3,
        clips: 1,
        media: 9,
        chapters: 1,
        sync,
        ..Outline::default()
    };
    let text = outline(&figures);
    assert_eq!(text.summary, "10.33s in 4 shots: 3 photos and 1 clip, out of 9 media");
    assert_eq!(
        text.music_sync_notes,
        "2 of 3 cuts on a beat; the music ends at 1s, before the movie: cuts continue at its last tempo"
    );
    assert!(text.narrative_structure.starts_with("1 chapter; "), "{}", text.narrative_structure);
}

#[test]
fn a_conflict_points_at_the_spec_and_says_what_helps() {
    let clip = Conflict::Clip {
        path: MediaPath::new("dive.mp4").unwrap(),
        rule: 3,
        trouble: ClipTrouble::InOutside { length: secs(4.0) },
    };
    let text = conflict(&clip);
    assert_eq!(text.message, "`in` is outside of `dive.mp4`");
    assert_eq!(text.places, [("media[3].in".to_owned(), "the clip lasts 4s".to_owned())]);
    assert_eq!(text.help, "set `in` to less than 4s");
}
