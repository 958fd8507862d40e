//! How well photos fit the words of a prompt, by the user's own model: the actions that compute it, and their
//! answers.

use std::collections::BTreeMap;

use super::db::{Db, FileState, Project};
use super::first_queries::{ask, output, probe};
use super::need::{Gather, Need};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer, PictureEmbeddingFields, TextEmbeddingFields};
use mmm_facts::{Embedding, Facts, MediaKind, Medium, ModelSet, PhraseFit, Probe};
use mmm_plan::{phrase_fits, query_texts};

/// The fits of each photo, or the numbers of values of a photo's and a text's embedding, which must be equal.
pub(super) type Fits = Result<BTreeMap<MediaPath, Vec<PhraseFit>>, (usize, usize)>;

/// Returns the action that computes the embedding of a photo; `None` without a model of the user's own, and
/// for clips and music.
pub(super) fn picture_action(source: Digest, probe: &Probe, model_set: ModelSet) -> Option<Action> {
    let model = model_set.own().images.filter(|_| probe.kind == MediaKind::Photo)?;
    let fields = PictureEmbeddingFields::of(source, probe, model.image_models());
    Some(Action::PictureEmbedding(fields))
}

/// Returns the actions that compute the embeddings of the texts that a prompt or a query needs, by text.
pub(super) fn text_actions(query: &str, model_set: ModelSet) -> BTreeMap<String, Action> {
    let Some(model) = model_set.own().images else { return BTreeMap::new() };
    let action = |text: String| {
        let fields = TextEmbeddingFields { text: text.clone(), models: model.text_models() };
        (text, Action::TextEmbedding(fields))
    };
    query_texts(query).into_iter().map(action).collect()
}

/// Returns the texts that the prompt of an output needs, each with its action.
pub(super) fn prompt_actions(db: &dyn Db, project: Project, index: usize) -> BTreeMap<String, Action> {
    let prompt = output(db, project, index).as_ref().and_then(|output| output.settings.prompt.as_deref());
    prompt.map_or_else(BTreeMap::new, |prompt| text_actions(prompt, db.model_set()))
}

/// Returns how well each photo of `media` fits the prompt of an output. The model looks at the photos that
/// the built-in models have looked at.
pub(super) fn fits_of(db: &dyn Db, project: Project, index: usize, media: &[Medium]) -> Need<Fits> {
    let mut gather = Gather::default();
    let mut texts = BTreeMap::new();
    for (text, action) in prompt_actions(db, project, index) {
        let need = embedding(db, action);
        texts.extend(gather.take(&need).cloned().flatten().map(|embedding| (text, embedding)));
    }
    let (mut paths, mut pictures) = (Vec::new(), Vec::new());
    for medium in media.iter().filter(|medium| is_seen(&medium.facts)) {
        let file = db.media(&medium.path);
        let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
            continue;
        };
        let Some(action) = picture_action(*source, probe, db.model_set()) else { continue };
        let need = embedding(db, action);
        if let Some(Some(picture)) = gather.take(&need) {
            paths.push(medium.path.clone());
            pictures.push(picture.clone());
        }
    }
    let settings = output(db, project, index).as_ref().map(|output| &output.settings);
    let prompt = settings.and_then(|settings| settings.prompt.as_deref()).unwrap_or_default();
    gather.finish(()).map(|()| Ok(paths.into_iter().zip(phrase_fits(prompt, &texts, &pictures)?).collect()))
}

/// Whether models have looked at a medium.
pub(super) fn is_seen(facts: &Facts) -> bool {
    matches!(facts, Facts::Photo(facts) if facts.sight.is_some())
}

/// Returns an embedding; `None` if the medium can't be decoded, which its facts report.
fn embedding(db: &dyn Db, action: Action) -> Need<Option<Embedding>> {
    ask(db, action, |answer| match answer {
        Answer::Embedding(embedding) => Some(embedding.clone()),
        _ => None,
    })
}
