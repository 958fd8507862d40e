//! What a build gave, as the page shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::watch::profile_name;
use crate::serve::{ShownMovie, ShownShot};
use mmm_base::diagnostics::{self, Diagnostic};
use mmm_base::{Key, MediaPath};
use mmm_engine::{BoardShot, Report, Storyboard};
use mmm_facts::{PieceRecipe, Profile};
use mmm_plan::words;
use mmm_spec::TransitionKind;

/// Columns of a diagnostic that is drawn on the page.
const WIDTH: usize = 96;

/// The shots that the page showed, each with the keys of its pieces.
#[derive(Default)]
pub(super) struct Before(BTreeMap<(Profile, MediaPath), BTreeMap<String, Vec<Key>>>);

impl Before {
    pub(super) fn keep(&mut self, profile: Profile, report: &Report, boards: &[Option<Storyboard>]) {
        for (output, board) in report.outputs.iter().zip(boards.iter().flatten()) {
            let pieces = board.shots.iter().map(|shot| (shot.shot.id.clone(), shot.pieces.clone()));
            self.0.insert((profile, output.name.clone()), pieces.collect());
        }
    }
}

/// The movies of a build, and the files that the page may ask for.
pub(super) fn shown(
    report: &Report,
    boards: &[Option<Storyboard>],
    profile: Profile,
    before: &Before,
    reasons: &BTreeMap<Key, String>,
) -> (Vec<ShownMovie>, BTreeMap<String, PathBuf>) {
    let (mut movies, mut files) = (Vec::new(), BTreeMap::new());
    for (output, board) in report.outputs.iter().zip(boards.iter().flatten()) {
        let name = format!("{}{}", output.digest, output.container().ending());
        let old = before.0.get(&(profile, output.name.clone()));
        let ids: BTreeSet<&str> = board.shots.iter().map(|shot| shot.shot.id.as_str()).collect();
        let gone = old.into_iter().flat_map(BTreeMap::keys).filter(|id| !ids.contains(id.as_str()));
        movies.push(ShownMovie {
            name: output.name.to_string(),
            url: format!("/files/{name}"),
            profile: profile_name(profile),
            width: board.width,
            height: board.height,
            duration: output.duration.secs(),
            shots: board.shots.iter().map(|shot| shown_shot(shot, board, old, reasons)).collect(),
            gone: gone.cloned().collect(),
        });
        files.insert(name, output.path.clone());
    }
    (movies, files)
}

fn shown_shot(
    board_shot: &BoardShot,
    board: &Storyboard,
    old: Option<&BTreeMap<String, Vec<Key>>>,
    reasons: &BTreeMap<Key, String>,
) -> ShownShot {
    let BoardShot { shot, pieces, .. } = board_shot;
    let secs = |frames: u32| board.rate.time_of(i64::from(frames)).secs();
    let changed = old.and_then(|old| match old.get(&shot.id) {
        None => Some("new in the movie".to_owned()),
        Some(before) if before == pieces => None,
        Some(_) => {
            // An undone change comes out of the cache, where nobody asks for its reason.
            // The body comes after the dissolve into it, and says more.
            let why =
                pieces.iter().rev().filter_map(|key| reasons.get(key)).find(|reason| !reason.is_empty());
            Some(why.cloned().unwrap_or_else(|| "same as in an earlier build".to_owned()))
        }
    });
    ShownShot {
        id: shot.id.clone(),
        source: shot.source.to_string(),
        kind: json!(shot.kind).as_str().unwrap_or_default().to_owned(),
        start: secs(shot.start),
        length: secs(shot.frames),
        from: shot.part.map(|part| part.0.secs()),
        transition: match shot.transition.kind {
            TransitionKind::Cut => String::new(),
            kind => json!(kind).as_str().unwrap_or_default().to_owned(),
        },
        reason: words::shot(&shot.reason),
        changed,
        still: None,
    }
}

/// The stills of all shots, in order.
pub(super) fn stills_of(boards: &[Option<Storyboard>]) -> Vec<PieceRecipe> {
    let shots = boards.iter().flatten().flat_map(|board| &board.shots);
    shots.filter_map(|shot| shot.still.clone()).collect()
}

/// Diagnostics as `--json` prints them, each with its drawing.
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
