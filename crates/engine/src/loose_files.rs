//! Probes, facts and pictures of single files without a spec, through the same runner and cache as builds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mmm_base::{Cancel, Digest};
use mmm_exec::{Action, Answer, ExecError, MusicBeatsFields, Runner, StoreCache, Task};
use mmm_facts::{Embedding, Facts, MediaError, ModelSet, PhraseFit, Probe};
use mmm_plan::phrase_fits;
use mmm_store::{Stamp, Store, digest_file};

use super::complain::{image_text_failure, model_failure, other_spaces};
use super::fact_actions::{Eye, actions_of, form_action, joined, mismatch};
use super::fitting::{by_medium, picture_actions, text_actions};
use super::places::Places;
use super::{Means, Progress, Stop};

/// Files outside of a project, and what runs actions on them.
pub(super) struct LooseFiles<'a> {
    pub store: &'a Store,
    pub means: &'a Means,
    pub cancel: &'a Cancel,
    pub progress: &'a dyn Progress,
    pub places: Places,
}

/// Answers by action, or the error if the file is damaged or can't be read now.
type Answers = BTreeMap<Action, Result<Answer, MediaError>>;

impl LooseFiles<'_> {
    /// Returns the digest of a file and adds the file to the sources.
    pub fn place(&mut self, file: &Path) -> Result<Digest, MediaError> {
        let meta = std::fs::metadata(file).map_err(MediaError::from)?;
        if !meta.is_file() {
            return Err(MediaError::NotMedia { what: "a folder".to_owned() });
        }
        let digest = digest_file(file, self.cancel).map_err(MediaError::from)?;
        self.places.0.insert(digest, (file.to_owned(), Stamp::of(&meta)));
        Ok(digest)
    }

    /// Returns the answers of actions.
    ///
    /// # Errors
    /// On cancellation, if the cache can't be written, or if a model fails. A problem with a single file is
    /// an error of its own action.
    pub fn answers(&self, actions: Vec<Action>) -> Result<Answers, Stop> {
        let tools = self.means.worker.tools();
        let cache = StoreCache { store: self.store, tools };
        let runner = Runner {
            cache: &cache,
            executor: &*self.means.worker,
            pool: &self.means.pool,
            sources: &self.places,
            store: self.store,
            cancel: self.cancel,
            observer: self.progress,
        };
        let tasks = actions.into_iter().map(|action| Task::new(action, tools)).collect();
        let outcomes = runner.run(tasks, &mut |_| {});
        if self.cancel.is_cancelled() {
            return Err(Stop::Interrupted);
        }
        let mut found = Answers::new();
        for outcome in outcomes {
            let answer = match outcome.result {
                Ok(known) => Ok(known.answer),
                Err(ExecError::Store(error)) => return Err(error.into()),
                Err(ExecError::Model(reason)) => return Err(Stop::Failed(vec![model_failure(&reason)])),
                Err(ExecError::ImageText(reason)) => {
                    return Err(Stop::Failed(vec![image_text_failure(&reason)]));
                }
                Err(ExecError::Source { error, .. }) => Err(error),
                Err(other) => {
                    Err(MediaError::Io { kind: "interrupted".to_owned(), message: other.to_string() })
                }
            };
            found.insert(outcome.task.action, answer);
        }
        Ok(found)
    }

    /// Returns the facts of files whose headers are known.
    pub fn facts(&self, probes: &BTreeMap<Digest, Probe>) -> Result<FactsOf, Stop> {
        let model_set = self.means.model_set;
        let first =
            probes.iter().flat_map(|(source, probe)| actions_of(*source, probe, None, model_set, Eye::Look));
        let answers = self.answers(first.collect())?;
        let beats = |source: Digest| {
            answers.get(&Action::MusicBeats(MusicBeatsFields {
                source,
                track: None,
                models: model_set.beats(),
            }))
        };
        let forms = probes.keys().filter_map(|source| match beats(*source) {
            Some(Ok(Answer::MusicBeats(beat))) => Some(form_action(*source, None, beat.beats.clone())),
            _ => None,
        });
        let mut all = self.answers(forms.collect())?;
        all.extend(answers);
        Ok(probes
            .iter()
            .map(|(source, probe)| (*source, facts_of(*source, probe, model_set, &all)))
            .collect())
    }
}

/// Facts by content, or why a file has none.
type FactsOf = BTreeMap<Digest, Result<Facts, MediaError>>;

impl LooseFiles<'_> {
    /// Returns how well the photos and clips among the files fit a query, by the user's own model; nothing without one.
    fn fits(
        &self,
        query: &str,
        probes: &BTreeMap<Digest, Probe>,
        facts: &FactsOf,
    ) -> Result<BTreeMap<Digest, Vec<PhraseFit>>, Stop> {
        let model_set = self.means.model_set;
        let texts = text_actions(query, model_set);
        if texts.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut pictures: Vec<(Digest, Action)> = Vec::new();
        for (source, probe) in probes {
            let Some(Ok(facts)) = facts.get(source) else { continue };
            let actions = picture_actions(*source, probe, facts, model_set);
            pictures.extend(actions.into_iter().map(|action| (*source, action)));
        }
        let wanted = texts.values().chain(pictures.iter().map(|(_, action)| action));
        let answers = self.answers(wanted.cloned().collect())?;
        let embedding = |action: &Action| match answers.get(action) {
            Some(Ok(Answer::Embedding(embedding))) => Some(embedding.clone()),
            _ => None,
        };
        let texts = texts.into_iter().filter_map(|(text, action)| Some((text, embedding(&action)?)));
        let texts: BTreeMap<String, Embedding> = texts.collect();
        let (sources, pictures): (Vec<Digest>, Vec<Embedding>) =
            pictures.iter().filter_map(|(source, action)| Some((*source, embedding(action)?))).unzip();
        let fits = phrase_fits(query, &texts, &pictures);
        let fits = fits.map_err(|widths| Stop::Failed(vec![other_spaces(widths)]))?;
        Ok(by_medium(sources, fits).into_iter().collect())
    }
}

/// Returns the facts of one content, from the answers about it.
fn facts_of(
    source: Digest,
    probe: &Probe,
    model_set: ModelSet,
    answers: &Answers,
) -> Result<Facts, MediaError> {
    let answer = |action: &Action| match answers.get(action) {
        Some(Ok(Answer::Unreadable(error))) | Some(Err(error)) => Err(error.clone()),
        Some(Ok(answer)) => Ok(answer.clone()),
        None => Err(MediaError::Corrupt { reason: "it was not analyzed".to_owned() }),
    };
    let mut all = Vec::new();
    for action in actions_of(source, probe, None, model_set, Eye::Look) {
        all.push(answer(&action)?);
    }
    if let [Answer::MusicBeats(beat)] = all.as_slice() {
        all.push(answer(&form_action(source, None, beat.beats.clone()))?);
    }
    joined(&all)
}

/// What is known of a single file.
pub struct LooseMedium {
    pub probe: Probe,
    pub facts: Facts,
    /// How well it fits each phrase of the query, by the user's own model.
    pub fits: Vec<PhraseFit>,
}

/// Returns what is known of single files, in their order. With a `query`, a model of the user's own for
/// pictures and texts compares the photos and clips with it.
///
/// # Errors
/// On cancellation, if the cache can't be written, or if a model fails.
pub fn demand_facts(
    files: &[PathBuf],
    query: Option<&str>,
    store: &Store,
    means: &Means,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Vec<Result<LooseMedium, MediaError>>, Stop> {
    let places = means.places(BTreeMap::new());
    let mut loose = LooseFiles { store, means, cancel, progress, places };
    let digests: Vec<Result<Digest, MediaError>> = files.iter().map(|file| loose.place(file)).collect();
    let found = digests.iter().flatten().map(|source| Action::Probe(*source));
    let answers = loose.answers(found.collect::<std::collections::BTreeSet<_>>().into_iter().collect())?;
    let mut probes = BTreeMap::new();
    for (action, answer) in &answers {
        if let (Action::Probe(source), Ok(Answer::Probe(probe))) = (action, answer) {
            probes.insert(*source, (**probe).clone());
        }
    }
    let facts = loose.facts(&probes)?;
    let fits = query.map_or_else(|| Ok(BTreeMap::new()), |query| loose.fits(query, &probes, &facts))?;
    let of = |source: Digest| match answers.get(&Action::Probe(source)) {
        Some(Ok(Answer::Unreadable(error))) | Some(Err(error)) => Err(error.clone()),
        _ => match (probes.get(&source), facts.get(&source)) {
            (Some(probe), Some(facts)) => facts.clone().map(|facts| LooseMedium {
                probe: probe.clone(),
                facts,
                fits: fits.get(&source).cloned().unwrap_or_default(),
            }),
            _ => Err(mismatch()),
        },
    };
    Ok(digests.into_iter().map(|digest| of(digest?)).collect())
}
