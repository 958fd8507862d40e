use std::path::{Path, PathBuf};

use super::judgement::{Judgement, Measured};
use crate::cli::args::Review;
use crate::cli::exit::Exit;
use crate::cli::front::Front;
use crate::cli::session::{Session, output_index, planned, profile_of, spec_folder};
use mmm_base::MediaPath;
use mmm_engine::{Workspace, review_file};
use mmm_facts::Profile;

/// Runs `mmm review`.
pub(in crate::cli) fn run(review: &Review, front: &Front) -> Exit {
    attempt(review, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(review: &Review, front: &Front) -> Result<(), Exit> {
    let (session, judged) =
        if is_movie(&review.target) { of_movie(review, front)? } else { of_spec(review, front)? };
    judged.events(&session);
    judged.pass(review.junit.as_deref(), &session)
}

/// Whether a path names a movie rather than a spec or its folder.
fn is_movie(target: &Path) -> bool {
    target
        .extension()
        .is_some_and(|ending| !ending.eq_ignore_ascii_case("yaml") && !ending.eq_ignore_ascii_case("yml"))
        && !target.is_dir()
}

fn of_spec(review: &Review, front: &Front) -> Result<(Session, Judgement), Exit> {
    let session = Session::start(front, &spec_folder(&review.target))?;
    let mut workspace = session.workspace(&review.target, Profile::Final)?;
    planned(&mut workspace, &session)?;
    let named = review.output.iter();
    let mut names: Vec<MediaPath> = named
        .map(|name| output_index(&workspace, Some(name), &session).map(|(_, name)| name))
        .collect::<Result<_, _>>()?;
    if names.is_empty() {
        let outputs = workspace.movie().into_iter().flat_map(|movie| &movie.outputs);
        names = outputs.map(|output| output.name.clone()).collect();
    }
    let judged = Judgement::of(&mut workspace, &names, &session)?;
    Ok((session, judged))
}

fn of_movie(review: &Review, front: &Front) -> Result<(Session, Judgement), Exit> {
    let target = &review.target;
    let folder = spec_folder(target);
    let session = Session::start(front, &folder)?;
    if let Some((mut workspace, name)) = spec_of(target, &folder, &session) {
        planned(&mut workspace, &session)?;
        let judged = Judgement::of(&mut workspace, &[name], &session)?;
        return Ok((session, judged));
    }
    let found = review_file(target, &session.config.means, &session.cancel, &session.printer);
    let review = found.map_err(|stop| session.stopped(&stop, None))?;
    session.printer.done();
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let movies = vec![Measured { name, path: target.clone(), review }];
    Ok((session, Judgement { movies }))
}

/// Returns the spec next to a movie, if one of its outputs is that movie or its draft.
fn spec_of(target: &Path, folder: &Path, session: &Session) -> Option<(Workspace, MediaPath)> {
    let spec: PathBuf = folder.join("movie.yaml");
    if !spec.is_file() {
        return None;
    }
    let workspace = session.workspace(&spec, profile_of(target)).ok()?;
    let name = workspace.output_at(target)?;
    Some((workspace, name))
}
