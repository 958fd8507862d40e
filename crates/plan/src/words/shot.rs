use super::said::stars_text;
use super::{count, seconds};
use mmm_facts::{
    CutPlace, FramingReason, Issue, LiveUse, MusicStep, Passage, ShotReason, ShotRole, ShownInTurn, Strength,
    WhyLivePlays, WhyLiveStays,
};

/// Returns why a shot shows what it shows, as parts separated by semicolons.
pub fn shot(reason: &ShotReason) -> String {
    let mut parts = vec![role(reason)];
    if let Some((from, to)) = reason.moment {
        parts.push(format!("its best moment, {} to {}", seconds(from), seconds(to)));
    }
    parts.extend(reason.strength.map(|strength| strength_text(strength).to_owned()));
    parts.extend(reason.live.as_ref().map(live_use));
    if !reason.speed.is_normal() {
        parts.push(format!("at {} times its speed", reason.speed.get()));
    }
    if let Some(found) = reason.issue {
        parts.push(format!("{}, but nothing better was left", issue(found)));
    }
    parts.extend(reason.similar.as_ref().map(|of| format!("similar to {of}, but nothing else was left")));
    if reason.copies > 0 {
        parts.push(format!("the best of {} near-duplicates", reason.copies + 1));
    }
    parts.extend(reason.favourite.then(|| "a favourite".to_owned()));
    parts.extend(reason.stars.map(stars_text));
    parts.extend(reason.person.as_ref().map(|name| format!("the spec asks for shots of {name}")));
    parts.extend(reason.framing.map(framing));
    if reason.asked_for {
        parts.push("the prompt asks for it".to_owned());
    }
    parts.push(place(reason.place));
    parts.join("; ")
}

fn role(reason: &ShotReason) -> String {
    if reason.turn > 0 {
        return format!("shown again after {}", count(reason.turn as usize, "earlier shot", "earlier shots"));
    }
    let text = match reason.role {
        ShotRole::Opening => "opens the movie",
        ShotRole::Ending => "ends the movie",
        ShotRole::Highlight => "a highlight, placed where the music is strongest",
        ShotRole::Required => "required",
        ShotRole::Chosen => "chosen",
    };
    text.to_owned()
}

fn live_use(live: &LiveUse) -> String {
    match live {
        LiveUse::Plays { why, moment } => {
            let why = match why {
                WhyLivePlays::Asked => "as the spec asks".to_owned(),
                WhyLivePlays::Locked => "as the lock keeps it".to_owned(),
                WhyLivePlays::Moves => "because it moves and is steady and sharp".to_owned(),
                WhyLivePlays::Photo(found) => format!("because of its photo: {}", issue(*found)),
            };
            let moment = moment.map(|at| format!(", with the moment of the photo at {}", seconds(at)));
            format!("a live photo that plays {why}{}", moment.unwrap_or_default())
        }
        LiveUse::Stays(why) => format!("a live photo that stays still {}", live_stays(why)),
    }
}

/// Returns why a live photo stays still, after that.
fn live_stays(why: &WhyLiveStays) -> String {
    match why {
        WhyLiveStays::Asked => "as the spec asks".to_owned(),
        WhyLiveStays::Locked => "as the lock keeps it".to_owned(),
        WhyLiveStays::Motionless => "because next to nothing moves in it".to_owned(),
        WhyLiveStays::Issue(found) => format!("because of its moving picture: {}", issue(*found)),
        WhyLiveStays::Short { longest, shortest } => format!(
            "because only {} around the photo can be shown, and a shot lasts at least {}",
            seconds(*longest),
            seconds(*shortest)
        ),
        WhyLiveStays::Edited => "because the photo was edited and its moving picture was not".to_owned(),
        WhyLiveStays::Room => "because the movie needs longer shots".to_owned(),
        WhyLiveStays::Unreadable(error) => format!("because its moving picture can't be played ({error})"),
    }
}

/// Returns how a picture is framed, and why.
fn framing(reason: FramingReason) -> String {
    match reason {
        FramingReason::MovesAlong { what } => match what {
            ShownInTurn::Heads => "moves from face to face, because the frame can't show all at once",
            ShownInTurn::Subject => "moves along what matters, because the frame can't show all at once",
            ShownInTurn::Picture => "moves along the photo, because a crop would lose too much of it",
        }
        .to_owned(),
        FramingReason::MainFaces { others } => {
            let others = count(others as usize, "smaller one", "smaller ones");
            format!("cropped to the main faces, without {others}")
        }
        FramingReason::Bars { cause } => format!("between blurred bars, because {cause}"),
    }
}

fn strength_text(strength: Strength) -> &'static str {
    match strength {
        Strength::Sharpness => "sharp",
        Strength::Exposure => "well exposed",
        Strength::Contrast => "rich in contrast",
        Strength::Colourfulness => "colourful",
    }
}

fn place(place: CutPlace) -> String {
    let (step, passage) = match place {
        CutPlace::Grid { length } => return format!("{} long", seconds(length)),
        CutPlace::Music { step, passage } => (step, passage),
    };
    let step = match step {
        MusicStep::Start => "at the start",
        MusicStep::Section => "where the music changes",
        MusicStep::Downbeat => "on a downbeat",
        MusicStep::Beat => "on a beat",
        MusicStep::OffBeat => "where the music has no beat",
    };
    let passage = match passage {
        Passage::Calm => "in a calm passage",
        Passage::Even => "in an even passage",
        Passage::Lively => "in a lively passage",
    };
    format!("{step}, {passage}")
}

/// Returns what an issue is, after the name of a medium.
pub(super) fn issue(issue: Issue) -> &'static str {
    match issue {
        Issue::Blurred => "blurred",
        Issue::Underexposed => "too dark",
        Issue::Overexposed => "overexposed",
        Issue::Empty => "shows nothing",
        Issue::Covered => "taken with the lens covered",
        Issue::Screenshot => "a screenshot",
        Issue::Document => "a document or a receipt",
        Issue::Small => "too few pixels",
        Issue::Short => "too short to be intended",
        Issue::Shaky => "too shaky",
    }
}
