use super::{count, seconds};
use mmm_facts::{GridNote, MusicSync, Outline, Pacing};

/// An outline in plain English.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutlineText {
    pub narrative_structure: String,
    pub pacing_strategy: String,
    pub music_sync_notes: String,
    pub summary: String,
}

/// Returns what a plan as a whole is like.
pub fn outline(outline: &Outline) -> OutlineText {
    let story = outline.story;
    let lengths = outline.shot_lengths;
    OutlineText {
        narrative_structure: format!(
            "{}; shots: {} introduction, {} rising, {} climax, {} resolution",
            count(outline.chapters, "chapter", "chapters"),
            story.introduction,
            story.rising,
            story.climax,
            story.resolution,
        ),
        pacing_strategy: format!(
            "{}; shots last {} to {}, {} on average",
            pacing(outline.pacing),
            seconds(lengths.shortest),
            seconds(lengths.longest),
            seconds(lengths.mean)
        ),
        music_sync_notes: sync(&outline.sync),
        summary: format!(
            "{} in {}: {} and {}, out of {}{}",
            seconds(outline.length),
            count(outline.photos + outline.clips, "shot", "shots"),
            count(outline.photos, "photo", "photos"),
            count(outline.clips, "clip", "clips"),
            count(outline.media, "medium", "media"),
            passed_over(outline),
        ),
    }
}

/// Says at how many media no model looked; empty if the models looked at all.
fn passed_over(outline: &Outline) -> String {
    match outline.passed_over {
        0 => String::new(),
        passed => format!(" in the running; {passed} others were not looked at by models"),
    }
}

fn pacing(pacing: Pacing) -> &'static str {
    match pacing {
        Pacing::Music => "follows the music's energy",
        Pacing::MusicAndPrompt => "follows the music's energy and the prompt",
        Pacing::Calm => "calm",
        Pacing::Steady => "steady",
        Pacing::Lively => "lively",
    }
}

fn sync(sync: &MusicSync) -> String {
    let cuts = match sync.on_beat {
        Some(on_beat) => format!("{on_beat} of {} on a beat", count(sync.cuts, "cut", "cuts")),
        None => "cuts fall on a steady grid, not on beats".to_owned(),
    };
    let notes = sync.notes.iter().map(|note| match note {
        GridNote::NoBeats => "where the music has no reliable beats, cuts fall on a steady grid".to_owned(),
        GridNote::MusicEnds { at } => {
            format!("the music ends at {}, before the movie: cuts continue at its last tempo", seconds(*at))
        }
    });
    std::iter::once(cuts).chain(notes).collect::<Vec<_>>().join("; ")
}
