use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use mmm_analysis::BeatEar;
use mmm_analysis::net::ModelError;
use mmm_base::{Cancel, Digest};
use mmm_exec::{Action, Answer, Context, ExecError, PhotoFields, PictureEmbeddingFields};
use mmm_facts::{MediaError, Model, ModelRole, ModelSet, Models, SoundRecipe, Sources, Tools};
use mmm_media::probe;
use mmm_render::{
    EncodedWriter, MixedSound, RenderError, Setup, TakePackets, render_poster, render_preview,
    render_segment, render_still,
};
use mmm_store::{Store, StoreError};
use tempfile::NamedTempFile;

use super::examine;
use super::own_models::{image_text_error, image_tower, text_tower};
use super::proxies::WithProxies;

/// Performs one action.
///
/// # Errors
/// Transient failures only: cancellation, a missing source, a full disk. If the source's content is damaged
/// or unsupported, that is an answer.
pub(super) fn perform(action: &Action, tools: &Tools, context: Context<'_>) -> Result<Answer, ExecError> {
    let Context { sources, store, cancel, run, threads, progress } = context;
    match action {
        Action::Probe(source) => {
            read(&context, *source, |path| Ok(probe(path).map(Box::new).map(Answer::Probe)))
        }
        Action::PhotoFacts(fields) => {
            let sees = sees(&fields.models)?;
            read(&context, fields.source, |path| {
                let facts = examine::photo(path, sees).map_err(model_error)?;
                Ok(facts.map(Box::new).map(Answer::PhotoFacts))
            })
        }
        Action::PhotoMask(fields) => photo_mask(fields, &context),
        Action::ClipPicture(fields) => {
            let sees = sees(&fields.models)?;
            read(&context, fields.source, |path| {
                let facts = examine::clip_picture(path, sees, cancel).map_err(model_error)?;
                Ok(facts.map(Box::new).map(Answer::ClipPicture))
            })
        }
        Action::PictureEmbedding(fields) => picture_embedding(fields, &context),
        Action::TextEmbedding(fields) => {
            let tower = text_tower(&fields.models, sources)?;
            tower.embed(&fields.text).map(Answer::Embedding).map_err(image_text_error)
        }
        Action::ClipSound(fields) => {
            let events = has_built_in(&fields.models, ModelRole::AudioEvents, Model::AudioEvents)?;
            read(&context, fields.source, |path| {
                let facts = examine::clip_sound(path, fields.track, events, cancel).map_err(model_error)?;
                Ok(facts.map(Box::new).map(Answer::ClipSound))
            })
        }
        Action::MusicBeats(fields) => {
            let ear = beat_ear(&fields.models, sources)?;
            read(&context, fields.source, |path| {
                let facts = examine::music_beats(path, fields.track, ear, cancel).map_err(model_error)?;
                Ok(facts.map(Box::new).map(Answer::MusicBeats))
            })
        }
        Action::MusicForm(fields) => read(&context, fields.source, |path| {
            let form = examine::music_form(path, fields.track, &fields.beats, cancel);
            Ok(form.map(Box::new).map(Answer::MusicForm))
        }),
        Action::Segment(recipe) => {
            let sources = WithProxies { sources, store, tools, run, threads };
            let kept = keep(store, |take| {
                let segment = render_segment(recipe, &sources, cancel, progress, take)?;
                Ok((segment.setup, segment.lacks))
            });
            settle_source(kept.map(|(blob, lacks)| {
                if lacks.is_empty() { Answer::Encoded(blob) } else { Answer::Lacking(blob, lacks) }
            }))
        }
        Action::Sound(recipe) => settle_source(sound(recipe, store, sources, cancel)),
        Action::Still(recipe) => {
            let sources = WithProxies { sources, store, tools, run, threads };
            let jpeg = render_still(recipe, &sources, cancel).map_err(exec_error)?;
            Ok(Answer::Still(blob(store, |file| file.write_all(&jpeg))?))
        }
        Action::Poster(recipe) => {
            keep_picture(&render_poster(recipe, sources, cancel).map_err(exec_error)?, store)
        }
        Action::Preview(recipe) => {
            keep_picture(&render_preview(recipe, sources, cancel).map_err(exec_error)?, store)
        }
    }
}

fn photo_mask(fields: &PhotoFields, context: &Context<'_>) -> Result<Answer, ExecError> {
    if !has_built_in(&fields.models, ModelRole::Subject, Model::Subject)? {
        return Err(ExecError::OtherModels);
    }
    read(context, fields.source, |path| {
        let mask = examine::photo_mask(path).map_err(model_error)?;
        Ok(mask.map(Answer::PhotoMask))
    })
}

fn picture_embedding(fields: &PictureEmbeddingFields, context: &Context<'_>) -> Result<Answer, ExecError> {
    let tower = image_tower(&fields.models, context.sources)?;
    read(context, fields.source, |path| {
        let embedding = examine::picture_embedding(path, fields.at, &tower).map_err(image_text_error)?;
        Ok(embedding.map(Answer::Embedding))
    })
}

/// Analyses a medium with `examine`.
fn read(
    context: &Context<'_>,
    source: Digest,
    examine: impl FnOnce(&Path) -> Result<Result<Answer, MediaError>, ExecError>,
) -> Result<Answer, ExecError> {
    let path = context.sources.path(source).ok_or(ExecError::SourceChanged(source))?;
    let answer = examine(&path);
    if context.cancel.is_cancelled() {
        return Err(ExecError::Cancelled);
    }
    settle(source, answer?)
}

fn model_error(error: ModelError) -> ExecError {
    ExecError::Model(error.to_string())
}

/// Whether the built-in model is used for a role. Fails if the role has other weights: they belong to another
/// version of `mmm`.
fn has_built_in(models: &Models, role: ModelRole, model: Model) -> Result<bool, ExecError> {
    match models.weights(role) {
        None => Ok(false),
        Some(weights) if weights == model.digest() => Ok(true),
        Some(_) => Err(ExecError::OtherModels),
    }
}

/// Whether the built-in models look at a picture: all of them, or none.
fn sees(models: &Models) -> Result<bool, ExecError> {
    let built_in = ModelSet::BuiltIn.pictures();
    if *models == built_in || models.is_empty() {
        Ok(!models.is_empty())
    } else {
        Err(ExecError::OtherModels)
    }
}

/// Returns the method that finds beats: no model, the built-in models, or the user's own.
fn beat_ear(models: &Models, sources: &dyn Sources) -> Result<BeatEar, ExecError> {
    if models.is_empty() {
        return Ok(BeatEar::Flux);
    }
    if let (Some(spectrogram), Some(beats)) =
        (models.weights(ModelRole::OwnSpectrogram), models.weights(ModelRole::OwnBeats))
    {
        let bytes = |weights| {
            let path = sources.path(weights).ok_or(ExecError::SourceChanged(weights))?;
            std::fs::read(path).map_err(|_| ExecError::SourceChanged(weights))
        };
        return BeatEar::own(bytes(spectrogram)?, bytes(beats)?).map_err(model_error);
    }
    let built_in = [
        (ModelRole::Beats1, Model::Beat1),
        (ModelRole::Beats2, Model::Beat2),
        (ModelRole::Beats3, Model::Beat3),
    ];
    for (role, model) in built_in {
        if !has_built_in(models, role, model)? {
            return Err(ExecError::OtherModels);
        }
    }
    Ok(BeatEar::built_in())
}

/// Turns an error in the medium's content into an answer, so that it is cached; a transient error stays an
/// error.
fn settle(source: Digest, answer: Result<Answer, MediaError>) -> Result<Answer, ExecError> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) if error.is_transient() => Err(ExecError::Source { source_digest: source, error }),
        Err(error) => Ok(Answer::Unreadable(error)),
    }
}

/// Encodes the sound of a movie, again with a lower level until its true peak is low enough.
fn sound(
    recipe: &SoundRecipe,
    store: &Store,
    sources: &dyn Sources,
    cancel: &Cancel,
) -> Result<Answer, ExecError> {
    let scratch = store.draft()?;
    let path = scratch.path().to_owned();
    let in_store = |error| match error {
        RenderError::Io(error) => StoreError::at(&path, error).into(),
        other => other,
    };
    let mixed = MixedSound::new(recipe, sources, scratch.into_file(), cancel).map_err(in_store);
    let mut sound = mixed.map_err(exec_error)?;
    loop {
        let (draft, levels) = write(store, |take| sound.encode(cancel, take).map_err(in_store))?;
        if !sound.correct(&levels, cancel).map_err(in_store).map_err(exec_error)? {
            return Ok(Answer::Sound(store.keep(draft)?, levels));
        }
    }
}

/// Turns a medium whose content can't be decoded into an answer, so that the movie is planned without it.
fn settle_source(answer: Result<Answer, ExecError>) -> Result<Answer, ExecError> {
    match answer {
        Err(ExecError::Source { source_digest, error }) if !error.is_transient() => {
            Ok(Answer::SourceUnreadable(source_digest, error))
        }
        answer => answer,
    }
}

/// Writes packets to the store as `make` produces them.
fn keep<T>(
    store: &Store,
    make: impl FnOnce(&mut TakePackets) -> Result<(Setup, T), RenderError>,
) -> Result<(Digest, T), ExecError> {
    let (draft, made) = write(store, make)?;
    Ok((store.keep(draft)?, made))
}

/// Writes packets to a draft, which is removed unless it is kept.
fn write<T>(
    store: &Store,
    make: impl FnOnce(&mut TakePackets) -> Result<(Setup, T), RenderError>,
) -> Result<(NamedTempFile, T), ExecError> {
    let mut draft = store.draft()?;
    let path = draft.path().to_owned();
    let at = |error| StoreError::at(&path, error);
    let mut writer = EncodedWriter::new(BufWriter::new(draft.as_file_mut())).map_err(at)?;
    let (setup, made) = make(&mut |packets| Ok(writer.put(packets).map_err(at)?)).map_err(exec_error)?;
    writer.finish(setup).map_err(at)?;
    Ok((draft, made))
}

fn keep_picture(bytes: &[u8], store: &Store) -> Result<Answer, ExecError> {
    Ok(Answer::Picture(blob(store, |file| file.write_all(bytes))?))
}

fn blob(store: &Store, write: impl FnOnce(&mut File) -> std::io::Result<()>) -> Result<Digest, StoreError> {
    let mut draft = store.draft()?;
    let path = draft.path().to_owned();
    write(draft.as_file_mut()).map_err(|error| StoreError::at(&path, error))?;
    store.keep(draft)
}

/// Converts a render error to an error of the action.
pub(super) fn exec_error(error: RenderError) -> ExecError {
    match error {
        RenderError::Cancelled => ExecError::Cancelled,
        RenderError::Gone { source_digest } => ExecError::SourceChanged(source_digest),
        RenderError::Media { source_digest, error } => ExecError::Source { source_digest, error },
        RenderError::Store(error) => ExecError::Store(error),
        RenderError::Encoder(reason) => ExecError::Encoder(reason),
        RenderError::Io(error) => ExecError::Io(error),
        RenderError::Damaged => ExecError::Damaged,
    }
}
