//! Converts the result of a build to what the page shows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::serve::{ShownMovie, ShownShot};
use mmm_base::diagnostics::{self, Diagnostic};
use mmm_engine::{BoardChanges, MadeTurn, Storyboard};
use mmm_facts::{Profile, TimelineShot};
use mmm_plan::words;
use mmm_spec::TransitionKind;

/// The width in columns of a diagnostic that is drawn on the page.
const WIDTH: usize = 96;

/// Returns the movies of a build, and the files that the page may request.
pub(super) fn shown(made: &MadeTurn) -> (Vec<ShownMovie>, BTreeMap<String, PathBuf>) {
    let (mut movies, mut files) = (Vec::new(), BTreeMap::new());
    for ((output, board), changes) in made.report.outputs.iter().zip(&made.boards).zip(&made.changes) {
        let name = format!("{}{}", output.digest, output.container().ending());
        movies.push(ShownMovie {
            name: output.name.to_string(),
            url: format!("/files/{name}"),
            profile: profile_name(made.profile),
            width: board.width,
            height: board.height,
            duration: output.duration.secs(),
            shots: board.shots.iter().map(|shot| shown_shot(&shot.shot, board, changes)).collect(),
            gone: changes.gone.clone(),
        });
        files.insert(name, output.path.clone());
    }
    (movies, files)
}

fn shown_shot(shot: &TimelineShot, board: &Storyboard, changes: &BoardChanges) -> ShownShot {
    let planned = &shot.shot;
    let secs = |frames: u32| board.rate.time_of(i64::from(frames)).secs();
    ShownShot {
        id: planned.id.clone(),
        source: planned.source.path.to_string(),
        kind: json!(planned.source.kind).as_str().unwrap_or_default().to_owned(),
        start: secs(shot.start),
        length: secs(shot.frames),
        from: planned.source.part.map(|part| part.0.secs()),
        transition: match shot.transition.kind {
            TransitionKind::Cut => String::new(),
            kind => json!(kind).as_str().unwrap_or_default().to_owned(),
        },
        reason: words::shot(&planned.reason),
        changed: changes.changed.get(&planned.id).cloned(),
        still: None,
    }
}

/// Returns diagnostics as `--json` prints them, each with its rendered text.
pub(super) fn drawn(found: &[Diagnostic], source: &(PathBuf, String)) -> Vec<Value> {
    let name = source.0.display().to_string();
    let source = Some((name.as_str(), source.1.as_str()));
    let drawn = found.iter().map(|diagnostic| {
        let mut value = diagnostics::to_json(diagnostic, source);
        value["text"] = json!(diagnostics::render(std::slice::from_ref(diagnostic), source, false, WIDTH));
        value
    });
    drawn.collect()
}

/// Returns the name of a profile on the page and in the terminal: `draft` or `final`.
pub(super) fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Draft => "draft",
        Profile::Final => "final",
    }
}
