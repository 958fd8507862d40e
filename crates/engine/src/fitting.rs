//! How well photos and clips fit the words of a prompt, by the user's own model: the actions that compute it, and their
//! answers.

use std::collections::BTreeMap;

use super::db::{Db, FileState, Project};
use super::first_queries::{ask, output, probe};
use super::need::{Gather, Need};
use mmm_base::{Digest, MediaPath};
use mmm_exec::{Action, Answer, PictureEmbeddingFields, TextEmbeddingFields};
use mmm_facts::{Embedding, Facts, Medium, ModelSet, PhraseFit, Probe};
use mmm_plan::{phrase_fits, query_texts};

/// The fits of each photo and clip, or the numbers of values of a picture's and a text's embedding, which must be
/// equal.
pub(super) type Fits = Result<BTreeMap<MediaPath, Vec<PhraseFit>>, (usize, usize)>;

/// Returns the actions that compute the embeddings of a medium: of a photo, or of the pictures of a clip that the
/// built-in models have looked at. There are none without a model of the user's own, and for a medium that no model
/// has looked at.
pub(super) fn picture_actions(
    source: Digest,
    probe: &Probe,
    facts: &Facts,
    model_set: ModelSet,
) -> Vec<Action> {
    let Some(model) = model_set.own().images else { return Vec::new() };
    let models = model.image_models();
    let fields = match facts {
        Facts::Photo(facts) if facts.sight.is_some() => {
            vec![PictureEmbeddingFields::of(source, probe, models)]
        }
        Facts::Clip(facts) => {
            let looks = facts.picture.looks.iter();
            looks.map(|look| PictureEmbeddingFields::of_clip(source, look.time, models.clone())).collect()
        }
        _ => Vec::new(),
    };
    fields.into_iter().map(Action::PictureEmbedding).collect()
}

/// Returns how well each medium fits, from the media to which pictures belong, next to each other, and the fits of
/// those. A clip fits a phrase as well as the picture of it that fits best.
pub(super) fn by_medium<T: PartialEq>(owners: Vec<T>, fits: Vec<Vec<PhraseFit>>) -> Vec<(T, Vec<PhraseFit>)> {
    let mut found: Vec<(T, Vec<PhraseFit>)> = Vec::new();
    for (owner, fits) in owners.into_iter().zip(fits) {
        match found.last_mut().filter(|(last, _)| *last == owner) {
            Some((_, best)) => raise(best, fits),
            None => found.push((owner, fits)),
        }
    }
    found
}

/// Replaces the fits that are worse than those of another picture.
fn raise(best: &mut Vec<PhraseFit>, other: Vec<PhraseFit>) {
    for fit in other {
        match best.iter_mut().find(|known| known.phrase == fit.phrase) {
            Some(known) if known.fit < fit.fit => *known = fit,
            Some(_) => {}
            None => best.push(fit),
        }
    }
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

/// Returns how well each photo and clip of `media` fits the prompt of an output. The model looks at what the
/// built-in models have looked at.
pub(super) fn fits_of(db: &dyn Db, project: Project, index: usize, media: &[Medium]) -> Need<Fits> {
    let mut gather = Gather::default();
    let mut texts = BTreeMap::new();
    for (text, action) in prompt_actions(db, project, index) {
        let need = embedding(db, action);
        texts.extend(gather.take(&need).cloned().flatten().map(|embedding| (text, embedding)));
    }
    let (mut paths, mut pictures) = (Vec::new(), Vec::new());
    for medium in media {
        let file = db.media(&medium.path);
        let (FileState::Read(source), Need::Ready(Ok(probe))) = (file.state(db), probe(db, file)) else {
            continue;
        };
        for action in picture_actions(*source, probe, &medium.facts, db.model_set()) {
            let need = embedding(db, action);
            if let Some(Some(picture)) = gather.take(&need) {
                paths.push(medium.path.clone());
                pictures.push(picture.clone());
            }
        }
    }
    let settings = output(db, project, index).as_ref().map(|output| &output.settings);
    let prompt = settings.and_then(|settings| settings.prompt.as_deref()).unwrap_or_default();
    gather.finish(()).map(|()| {
        let fits = phrase_fits(prompt, &texts, &pictures)?;
        Ok(by_medium(paths, fits).into_iter().collect())
    })
}

/// Returns an embedding; `None` if the medium can't be decoded, which its facts report.
fn embedding(db: &dyn Db, action: Action) -> Need<Option<Embedding>> {
    ask(db, action, |answer| match answer {
        Answer::Embedding(embedding) => Some(embedding.clone()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Score;

    #[test]
    fn a_clip_fits_each_phrase_as_well_as_its_best_picture() {
        let fits = |dog: f64, beach: f64| {
            [("dog", dog), ("beach", beach)]
                .map(|(phrase, fit)| PhraseFit { phrase: phrase.to_owned(), fit: Score::new(fit) })
        };
        let pictures = [fits(0.1, 0.8), fits(0.9, 0.2), fits(0.3, 0.3)].map(Vec::from).to_vec();
        let found = by_medium(vec!["clip", "clip", "photo"], pictures);
        assert_eq!(found, [("clip", fits(0.9, 0.8).to_vec()), ("photo", fits(0.3, 0.3).to_vec())]);
    }
}
