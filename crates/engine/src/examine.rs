//! The facts of one file, as a query.

use super::db::{Db, FileState, MediaFile};
use super::fact_actions::{Eye, actions_of, form_action, joined};
use super::first_queries::{Unusable, ask, probe};
use super::need::{Gather, Need};
use mmm_base::Digest;
use mmm_exec::{Action, Answer};
use mmm_facts::{Facts, MediaError, Probe};
use mmm_spec::Track;

/// What a file is and what it contains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Examined {
    pub source: Digest,
    pub probe: Probe,
    pub facts: Facts,
}

/// Returns what a file contains. `wanted` is the number of the sound track that the spec requests; if the
/// file has no such track, its own choice is analysed. `eye` says whether models look at the picture.
#[salsa::tracked]
pub(super) fn examined(
    db: &dyn Db,
    file: MediaFile,
    wanted: Option<u8>,
    eye: Eye,
) -> Need<Result<Examined, Unusable>> {
    let probe = match probe(db, file) {
        Need::Missing(actions) => return Need::Missing(actions.clone()),
        Need::Ready(Err(error)) => return Need::Ready(Err(error.clone())),
        Need::Ready(Ok(probe)) => probe,
    };
    let FileState::Read(source) = *file.state(db) else { return Need::Ready(Err(Unusable::Missing)) };
    facts(db, source, probe, wanted, eye).map(|facts| {
        facts.map(|facts| Examined { source, probe: probe.clone(), facts }).map_err(Unusable::Content)
    })
}

/// Returns the facts of a medium with these headers. Each analyst's answer is an action of its own.
fn facts(
    db: &dyn Db,
    source: Digest,
    probe: &Probe,
    wanted: Option<u8>,
    eye: Eye,
) -> Need<Result<Facts, MediaError>> {
    let track = probe.sound_track(wanted).ok().flatten();
    let mut gather = Gather::default();
    let mut answers = Vec::new();
    for action in actions_of(source, probe, track, db.model_set(), eye) {
        let need = answer(db, action);
        answers.extend(gather.take(&need).cloned());
    }
    let answers: Result<Vec<Answer>, MediaError> = match gather.finish(answers) {
        Need::Missing(actions) => return Need::Missing(actions),
        Need::Ready(answers) => answers.into_iter().collect(),
    };
    let answers = match answers {
        Ok(answers) => answers,
        Err(error) => return Need::Ready(Err(error)),
    };
    match answers.as_slice() {
        [beats @ Answer::MusicBeats(beat)] => {
            let form = answer(db, form_action(source, track, beat.beats.clone()));
            form.map(|form| joined(&[beats.clone(), form?]))
        }
        answers => Need::Ready(joined(answers)),
    }
}

/// Returns what a track of music contains.
pub(super) fn heard<'a>(db: &'a dyn Db, track: &Track) -> &'a Need<Result<Examined, Unusable>> {
    examined(db, db.media(&track.path), track.audio, Eye::Look)
}

/// Returns the actions that produce the facts of a medium, as far as they are known.
pub(super) fn fact_actions(
    db: &dyn Db,
    source: Digest,
    probe: &Probe,
    wanted: Option<u8>,
    eye: Eye,
) -> Vec<Action> {
    let track = probe.sound_track(wanted).ok().flatten();
    let mut actions = actions_of(source, probe, track, db.model_set(), eye);
    if let [beats @ Action::MusicBeats(_)] = actions.as_slice()
        && let Need::Ready(Ok(Answer::MusicBeats(beat))) = answer(db, beats.clone())
    {
        actions.push(form_action(source, track, beat.beats.clone()));
    }
    actions
}

/// Returns the answer of an action, or why the medium can't be read.
fn answer(db: &dyn Db, action: Action) -> Need<Result<Answer, MediaError>> {
    ask(db, action, |answer| match answer {
        Answer::Unreadable(error) => Err(error.clone()),
        answer => Ok(answer.clone()),
    })
}
