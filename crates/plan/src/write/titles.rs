use mmm_base::Time;
use mmm_facts::{Conflict, Shot, TitleCue, TitleKind};
use mmm_spec::{Settings, Title, Titles};

/// When the movie's title appears, and (`TITLE_LENGTH`) how long it stays.
const TITLE_START: Time = Time::from_millis(400);
const TITLE_LENGTH: Time = Time::from_secs(3);
/// The distance of a caption from the cuts, and (`CAPTION_LENGTH`) the longest that it needs to be read.
const MARGIN: Time = Time::from_millis(150);
const CAPTION_LENGTH: Time = Time::from_secs(4);

/// Returns the titles and captions of the movie, in order of time, whether or not the picture shows them. With
/// `titles: off`, they are those of `auto`. `captions` has one entry for each shot.
pub(super) fn cues(
    settings: &Settings,
    shots: &[Shot],
    captions: &[Option<&str>],
    length: Time,
) -> Result<Vec<TitleCue>, Conflict> {
    let mut cues = match &settings.style.titles {
        Titles::Off | Titles::Auto => opening(settings.title.as_deref(), length).into_iter().collect(),
        Titles::List(titles) => {
            titles.iter().map(|title| checked(title, length)).collect::<Result<Vec<_>, _>>()?
        }
    };
    for (shot, text) in shots.iter().zip(captions) {
        cues.extend(text.and_then(|text| caption(text, shot)));
    }
    cues.sort_by_key(|cue| (cue.start, cue.kind));
    Ok(cues)
}

fn opening(title: Option<&str>, length: Time) -> Option<TitleCue> {
    let text = title.map(str::trim).filter(|title| !title.is_empty())?.to_owned();
    let start = TITLE_START.min(length.scale(1, 10));
    Some(TitleCue { text, start, length: TITLE_LENGTH.min(length - start), kind: TitleKind::Title })
}

fn caption(text: &str, shot: &Shot) -> Option<TitleCue> {
    let text = Some(text.trim()).filter(|text| !text.is_empty())?.to_owned();
    let margin = MARGIN.min(shot.length.scale(1, 10));
    let length = (shot.length - margin - margin).min(CAPTION_LENGTH);
    Some(TitleCue { text, start: shot.start + margin, length, kind: TitleKind::Caption })
}

fn checked(title: &Title, length: Time) -> Result<TitleCue, Conflict> {
    let Title { text, at, length: stay } = title;
    let end = *at + *stay;
    if *at < Time::ZERO || *stay <= Time::ZERO || end > length {
        return Err(Conflict::TitleOutside { text: text.clone(), from: *at, to: end, length });
    }
    Ok(TitleCue { text: text.clone(), start: *at, length: *stay, kind: TitleKind::Title })
}
