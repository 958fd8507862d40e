//! The user's own models for pictures and texts. They are large, so the ones that were used last stay loaded.

use std::sync::{Arc, Mutex, PoisonError};

use mmm_analysis::net::ModelError;
use mmm_analysis::{ImageTower, TextTower};
use mmm_exec::ExecError;
use mmm_facts::{ModelRole, Models, Sources};

/// The models that were used last, with what they were loaded from.
type Kept<T> = Mutex<Option<(Models, Arc<T>)>>;

static IMAGE: Kept<ImageTower> = Mutex::new(None);
static TEXT: Kept<TextTower> = Mutex::new(None);

/// Returns the model that looks at pictures.
pub(super) fn image_tower(models: &Models, sources: &dyn Sources) -> Result<Arc<ImageTower>, ExecError> {
    kept(&IMAGE, models, || {
        let file = |role| contents(models, role, sources);
        let image = file(ModelRole::OwnImage)?.ok_or(ExecError::OtherModels)?;
        let (preprocessing, config) = (file(ModelRole::OwnPreprocessing)?, file(ModelRole::OwnConfig)?);
        ImageTower::read(image, preprocessing.as_deref(), config.as_deref()).map_err(image_text_error)
    })
}

/// Returns the model that reads texts.
pub(super) fn text_tower(models: &Models, sources: &dyn Sources) -> Result<Arc<TextTower>, ExecError> {
    kept(&TEXT, models, || {
        let file = |role| contents(models, role, sources);
        let text = file(ModelRole::OwnText)?.ok_or(ExecError::OtherModels)?;
        let tokenizer = file(ModelRole::OwnTokenizer)?.ok_or(ExecError::OtherModels)?;
        let (padding, config) = (file(ModelRole::OwnTokenizerConfig)?, file(ModelRole::OwnConfig)?);
        TextTower::read(text, &tokenizer, padding.as_deref(), config.as_deref()).map_err(image_text_error)
    })
}

pub(super) fn image_text_error(error: ModelError) -> ExecError {
    ExecError::ImageText(error.to_string())
}

/// Returns what was loaded from `models`, now or before. Other actions wait meanwhile: they need the same.
fn kept<T>(
    place: &Kept<T>,
    models: &Models,
    load: impl FnOnce() -> Result<T, ExecError>,
) -> Result<Arc<T>, ExecError> {
    let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((from, kept)) = &*place
        && from == models
    {
        return Ok(Arc::clone(kept));
    }
    // Two large models at once may not fit the memory.
    *place = None;
    let loaded = Arc::new(load()?);
    *place = Some((models.clone(), Arc::clone(&loaded)));
    Ok(loaded)
}

/// Returns the content of the file with a role, or `None` if the user's folder has no such file.
fn contents(models: &Models, role: ModelRole, sources: &dyn Sources) -> Result<Option<Vec<u8>>, ExecError> {
    let Some(file) = models.weights(role) else { return Ok(None) };
    let path = sources.path(file).ok_or(ExecError::SourceChanged(file))?;
    std::fs::read(path).map(Some).map_err(|_| ExecError::SourceChanged(file))
}
