use std::fs::File;
use std::io::{BufWriter, Write};

use super::examine::{OpenNets, facts};
use super::proxies::WithProxies;
use mmm_base::Digest;
use mmm_exec::{Action, Answer, Context, ExecError};
use mmm_facts::MediaError;
use mmm_facts::Nets;
use mmm_facts::Sources;
use mmm_media::probe;
use mmm_render::{
    EncodedWriter, RenderError, Setup, TakePackets, render_piece, render_poster, render_preview,
    render_sound, render_still,
};
use mmm_store::{Store, StoreError};

/// Performs one action.
///
/// # Errors
/// For what may be gone the next time: cancellation, a vanished source, a full disk. What the
/// source's own bytes are to blame for is an answer.
pub(super) fn perform(action: &Action, context: Context<'_>) -> Result<Answer, ExecError> {
    let Context { sources, store, cancel, progress } = context;
    match action {
        Action::Probe { source } => {
            let path = sources.path(*source).ok_or(ExecError::SourceChanged(*source))?;
            settle(*source, probe(&path).map(|probe| Answer::Probe(Box::new(probe))))
        }
        Action::Facts { source, kind, .. } => {
            let nets = action.nets().ok_or(ExecError::OtherModels)?;
            let path = sources.path(*source).ok_or(ExecError::SourceChanged(*source))?;
            let facts = facts(&path, *kind, &opened(nets, sources)?, cancel);
            if cancel.is_cancelled() {
                return Err(ExecError::Cancelled);
            }
            settle(
                *source,
                facts
                    .map_err(|error| ExecError::Model(error.to_string()))?
                    .map(|facts| Answer::Facts(Box::new(facts))),
            )
        }
        Action::Segment(recipe) => {
            let sources = WithProxies { sources, store };
            let (blob, lacks) = keep(store, |take| {
                let piece = render_piece(recipe, &sources, cancel, progress, take)?;
                Ok((piece.setup, piece.lacks))
            })?;
            Ok(if lacks.is_empty() { Answer::Encoded(blob) } else { Answer::Lacking(blob, lacks) })
        }
        Action::Sound(recipe) => {
            let scratch = store.draft()?;
            let path = scratch.path().to_owned();
            let (blob, ()) =
                keep(store, |take| match render_sound(recipe, sources, scratch.into_file(), cancel, take) {
                    Err(RenderError::Io(error)) => Err(StoreError::at(&path, error).into()),
                    setup => Ok((setup?, ())),
                })?;
            Ok(Answer::Encoded(blob))
        }
        Action::Still(recipe) => {
            let jpeg = render_still(recipe, &WithProxies { sources, store }, cancel).map_err(exec_error)?;
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

/// The nets, those of the user read.
fn opened(nets: Nets, sources: &dyn Sources) -> Result<OpenNets, ExecError> {
    let read = |source| {
        let path = sources.path(source).ok_or(ExecError::SourceChanged(source))?;
        std::fs::read(path).map_err(|_| ExecError::SourceChanged(source))
    };
    Ok(match nets {
        Nets::None => OpenNets::None,
        Nets::BuiltIn => OpenNets::BuiltIn,
        Nets::WithBeats(model) => {
            OpenNets::WithBeats { spectrogram: read(model.spectrogram)?, beats: read(model.beats)? }
        }
    })
}

/// An error that is in the medium's bytes is an answer like any other; one that may pass is not.
fn settle(source: Digest, answer: Result<Answer, MediaError>) -> Result<Answer, ExecError> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(error) if error.is_transient() => Err(ExecError::Source { source_digest: source, error }),
        Err(error) => Ok(Answer::Unreadable(error)),
    }
}

/// Puts the packets that `make` hands over into the store as they come.
fn keep<T>(
    store: &Store,
    make: impl FnOnce(&mut TakePackets) -> Result<(Setup, T), RenderError>,
) -> Result<(Digest, T), ExecError> {
    let mut draft = store.draft()?;
    let path = draft.path().to_owned();
    let at = |error| StoreError::at(&path, error);
    let mut writer = EncodedWriter::new(BufWriter::new(draft.as_file_mut())).map_err(at)?;
    let (setup, made) = make(&mut |packets| Ok(writer.put(packets).map_err(at)?)).map_err(exec_error)?;
    writer.finish(setup).map_err(at)?;
    Ok((store.keep(draft)?, made))
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

/// What a render error means for an action.
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
