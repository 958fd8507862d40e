use serde_json::{Value, json};

use super::doctor_encoders::Encoding;
use crate::cli::exit::Exit;
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use mmm_facts::{BeatModel, Encoders, ImageTextModel, Model, ModelInfo, ModelSet};

/// Runs `mmm doctor`.
pub(in crate::cli) fn run(front: &Front) -> Exit {
    attempt(front).unwrap_or_else(|exit| exit)
}

fn attempt(front: &Front) -> Result<Exit, Exit> {
    let session = Session::start(front, &spec_folder("movie.yaml".as_ref()))?;
    let tools = &*front.worker;
    let libraries = tools.libraries();
    let store = session.store();
    let config = &session.config;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let cache = config.cache_dir.display().to_string();
    let identity = tools.tools();
    let versions: Vec<Value> =
        identity.versions().map(|(tool, version)| json!({"name": tool.name(), "version": version})).collect();
    let codecs: Vec<Value> = libraries
        .codecs
        .iter()
        .map(|codec| json!({"name": codec.name, "use": codec.purpose, "there": codec.there}))
        .collect();
    let encoding = Encoders::CODECS.map(|codec| Encoding::of(codec, config.encoder, tools));
    let models: Vec<Value> = Model::ALL.iter().map(|which| model(which.info())).collect();
    session.printer.event(&json!({
        "event": "doctor",
        "version": env!("CARGO_PKG_VERSION"),
        "cores": cores,
        "jobs": config.means.pool.jobs(),
        "libraries": versions,
        "codecs": codecs,
        "encoder": config.encoder.text(),
        "encoders": encoding.iter().map(Encoding::json).collect::<Vec<Value>>(),
        "models": models,
        "uses_models": config.means.model_set != ModelSet::None,
        "beat_model": own_beats(config.means.model_set),
        "clip": own_pair(config.means.model_set),
        "cache": {"path": cache, "writable": store.is_ok(), "limit_bytes": config.cache_limit},
    }));
    session.printer.say(&format!(
        "mmm {}, {cores} cores, {} jobs",
        env!("CARGO_PKG_VERSION"),
        config.means.pool.jobs()
    ));
    for (tool, version) in identity.versions() {
        session.printer.say(&format!("  {:<14} {version}", tool.name()));
    }
    for codec in &libraries.codecs {
        let there = if codec.there { "yes" } else { "NO" };
        session.printer.say(&format!("  {:<14} {there:<4} {}", codec.name, codec.purpose));
    }
    for encoding in &encoding {
        encoding.say(&session);
    }
    for model in Model::ALL.map(Model::info) {
        let unused = if is_used(model, config.means.model_set) { "" } else { ", not used" };
        session.printer.say(&format!("  {:<14} {}, {}{unused}", model.name, model.version, model.licence));
    }
    if let Some(model) = config.means.model_set.own().beats {
        session.printer.say(&format!("  {:<14} custom, {}", "beats", model.beats.short()));
    }
    if let Some(model) = config.means.model_set.own().images {
        session.printer.say(&format!(
            "  {:<14} custom, {}, {}",
            "clip",
            model.image.short(),
            model.text.short()
        ));
    }
    session.printer.say(&format!("  cache          {cache}"));
    let well = store.is_ok() && libraries.codecs.iter().all(|codec| codec.there || !codec.needed);
    Ok(if well { Exit::Done } else { Exit::Failed })
}

/// Whether a built-in model is used. A custom beat model replaces the three built-in ones.
fn is_used(model: &ModelInfo, model_set: ModelSet) -> bool {
    let is_replaced = model_set.own().beats.is_some() && model.name.starts_with("beatnet");
    model_set != ModelSet::None && !is_replaced
}

fn own_beats(model_set: ModelSet) -> Value {
    let digests = |model: BeatModel| json!({"spectrogram": model.spectrogram.to_string(), "beats": model.beats.to_string()});
    model_set.own().beats.map_or(Value::Null, digests)
}

fn own_pair(model_set: ModelSet) -> Value {
    let digests = |model: ImageTextModel| {
        json!({
            "image": model.image.to_string(),
            "text": model.text.to_string(),
            "tokenizer": model.tokenizer.to_string(),
        })
    };
    model_set.own().images.map_or(Value::Null, digests)
}

fn model(model: &ModelInfo) -> Value {
    json!({
        "name": model.name,
        "version": model.version,
        "licence": model.licence,
        "attribution": model.attribution,
        "digest": model.digest,
    })
}
