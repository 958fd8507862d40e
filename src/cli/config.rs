use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mmm_exec::{Pool, Worker};
use serde::Deserialize;

use super::args::Common;
use super::encoder_wish::EncoderWish;
use super::parse_size::parse_size;
use super::toml_words::toml_words;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_engine::Means;
use mmm_facts::ModelSet;

/// The settings of a run. Flags override `MMM_*` variables, which override the project's mmm.toml, which
/// overrides the user's.
///
/// A project may come from anywhere. So its mmm.toml can't change what is written or removed outside of the
/// project, and can't ask for more jobs than the machine has cores.
#[derive(Clone)]
pub(super) struct Config {
    pub cache_dir: PathBuf,
    /// The largest size of the cache after a build, in bytes.
    pub cache_limit: u64,
    /// The resources that a run may use, except the encoders, which have to be tested first.
    pub means: Means,
    pub encoder: EncoderWish,
}

/// The file mmm.toml. Paths in it are relative to its folder.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    /// This key and the next are allowed only in the user's own file.
    cache_dir: Option<PathBuf>,
    cache_limit: Option<String>,
    jobs: Option<u16>,
    models: Option<bool>,
    beat_model: Option<PathBuf>,
    clip: Option<PathBuf>,
    fonts: Option<PathBuf>,
    encoder: Option<String>,
}

/// The keys that a project's mmm.toml may have.
const PROJECT_KEYS: &str = "`jobs`, `models`, `beat-model`, `clip`, `fonts` and `encoder`";

/// The greatest size of mmm.toml, in bytes.
const MAX_FILE: u64 = 1 << 20;

const DEFAULT_LIMIT: u64 = 20_000_000_000;

impl Config {
    /// Loads the settings for a spec in `folder`.
    ///
    /// # Errors
    /// If a mmm.toml, `MMM_CACHE_LIMIT` or an encoder is invalid.
    pub(super) fn load(common: &Common, folder: &Path, worker: Arc<dyn Worker>) -> Result<Self, Diagnostic> {
        let own = config_home().map(|home| home.join("mmm/mmm.toml"));
        let user = own.as_deref().map_or_else(|| Ok(ConfigFile::default()), read)?;
        let local = read_project(&folder.join("mmm.toml"), own.as_deref())?;
        let cache_dir = common.cache_dir.clone().or(user.cache_dir);
        let limit = match env::var("MMM_CACHE_LIMIT") {
            Ok(text) => Some(("MMM_CACHE_LIMIT", text)),
            Err(_) => user.cache_limit.map(|text| ("cache-limit", text)),
        };
        let cache_limit = limit.map(|(place, text)| parse_size(&text).map_err(|reason| bad(place, &reason)));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let local_jobs = local.jobs.map(|jobs| usize::from(jobs).min(cores));
        let jobs = common.jobs.map(usize::from).or(local_jobs).or(user.jobs.map(usize::from));
        let jobs = jobs.unwrap_or(cores).max(1);
        // A model on the command line enables models, whatever a file says.
        let own = common.beat_model.is_some() || common.clip.is_some();
        let wanted = own || local.models.or(user.models).unwrap_or(true);
        let models = !common.no_models && wanted;
        let means =
            Means::new(worker, Pool::new(jobs), if models { ModelSet::BuiltIn } else { ModelSet::None });
        let beat_model = common.beat_model.clone().or(local.beat_model).or(user.beat_model);
        let beat_model = beat_model.filter(|_| models);
        let clip = common.clip.clone().or(local.clip).or(user.clip).filter(|_| models);
        let fonts = common.fonts.clone().or(local.fonts).or(user.fonts);
        let means = means.with_fonts(fonts.map_or_else(|| Ok(system_fonts()), own_fonts)?);
        let encoder = common.encoder.clone().or(local.encoder).or(user.encoder);
        let encoder = encoder.map(|text| EncoderWish::parse(&text)).transpose()?.unwrap_or_default();
        let means = beat_model.map_or(Ok(means.clone()), |dir| with_beat_model(means, &dir))?;
        Ok(Self {
            encoder,
            cache_dir: cache_dir.unwrap_or_else(default_cache),
            cache_limit: cache_limit.transpose()?.unwrap_or(DEFAULT_LIMIT),
            means: clip.map_or(Ok(means.clone()), |dir| with_clip(means, &dir))?,
        })
    }
}

/// Reads the mmm.toml next to a spec; `own` is the user's, which may be the same file.
fn read_project(path: &Path, own: Option<&Path>) -> Result<ConfigFile, Diagnostic> {
    let file = read(path)?;
    let is_own = own.is_some_and(|own| fs::canonicalize(own).ok() == fs::canonicalize(path).ok());
    let (key, instead) = match &file {
        _ if is_own => return Ok(file),
        ConfigFile { cache_dir: Some(_), .. } => ("cache-dir", "`--cache-dir`, `MMM_CACHE_DIR`"),
        ConfigFile { cache_limit: Some(_), .. } => ("cache-limit", "`MMM_CACHE_LIMIT`"),
        _ => return Ok(file),
    };
    let own = own.unwrap_or(Path::new("mmm/mmm.toml")).display();
    let message = format!("`{}` sets `{key}`, which a project can't choose", path.display());
    let help = format!(
        "remove it, and use {instead} or your own `{own}` instead; a project's mmm.toml has {PROJECT_KEYS}"
    );
    Err(Diagnostic::error(Code::CONFIG_BAD, message).help(help))
}

/// Reads a mmm.toml; a missing file has no settings.
fn read(path: &Path) -> Result<ConfigFile, Diagnostic> {
    let name = path.display();
    let unreadable = |reason: &str| {
        let help = "check the file and its permissions, or remove it";
        Diagnostic::error(Code::CONFIG_BAD, format!("`{name}` can't be read: {reason}")).help(help)
    };
    let bytes = match read_bytes(path) {
        Ok(bytes) if bytes.len() as u64 <= MAX_FILE => bytes,
        Ok(_) => return Err(unreadable("it is longer than 1 MiB")),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            return Err(unreadable("it is a link to a file that does not exist"));
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(ConfigFile::default());
        }
        Err(error) => return Err(unreadable(&io_words(&error))),
    };
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not text in UTF-8"))?;
    let file: Result<ConfigFile, _> = toml::from_str(&text);
    let mut file = file.map_err(|error| bad(&name.to_string(), &toml_words(&text, &error)))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    for dir in [&mut file.cache_dir, &mut file.beat_model, &mut file.clip, &mut file.fonts] {
        *dir = dir.take().map(|dir| folder.join(dir));
    }
    Ok(file)
}

/// Reads a file, up to one byte more than the limit. Rejects pipes and devices instead of waiting for them.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if !kind.is_file() && !kind.is_dir() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn with_beat_model(means: Means, dir: &Path) -> Result<Means, Diagnostic> {
    means.with_beat_model(dir).map_err(|(file, error)| {
        let (file, reason) = (file.display(), io_words(&error));
        Diagnostic::error(Code::MODEL_BAD, format!("the beat model file `{file}` can't be read: {reason}"))
            .help("name a folder with `mel_spectrogram.onnx` and `beat_this.onnx` or `beat_this_small.onnx`")
    })
}

fn with_clip(means: Means, dir: &Path) -> Result<Means, Diagnostic> {
    means.with_image_text_model(dir).map_err(|(file, error)| {
        let (file, reason) = (file.display(), io_words(&error));
        let message = format!("the file `{file}` of the models for `--clip` can't be read: {reason}");
        Diagnostic::error(Code::MODEL_CLIP, message)
            .help("name a folder with `image.onnx`, `text.onnx` and `tokenizer.json` of one model like CLIP")
    })
}

/// Checks that a font folder that the user named exists.
fn own_fonts(dir: PathBuf) -> Result<Vec<PathBuf>, Diagnostic> {
    if dir.is_dir() {
        return Ok(vec![dir]);
    }
    let message = format!("the font folder `{}` does not exist", dir.display());
    let help = "name a folder with font files, or remove `--fonts`, `MMM_FONTS` or `fonts` in mmm.toml";
    Err(Diagnostic::error(Code::CONFIG_BAD, message).help(help))
}

/// Returns the system's font folders, the user's own first, as in the XDG Base Directory Specification and on
/// macOS.
fn system_fonts() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from);
    let own = env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let own = own.or_else(|| home.as_ref().map(|home| home.join(".local/share")));
    let shared = env::var_os("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let shared: Vec<PathBuf> = env::split_paths(&shared).collect();
    let mut folders: Vec<PathBuf> = own.into_iter().chain(shared).map(|dir| dir.join("fonts")).collect();
    folders.extend(home.iter().map(|home| home.join(".fonts")));
    folders.extend(home.iter().map(|home| home.join("Library/Fonts")));
    folders.extend(["/Library/Fonts", "/System/Library/Fonts"].map(PathBuf::from));
    folders.retain(|dir| dir.is_absolute());
    folders
}

fn bad(place: &str, reason: &str) -> Diagnostic {
    let known = format!(
        "use only the keys {PROJECT_KEYS}; in your own mmm.toml also `cache-dir` and `cache-limit` (such as `\"20GB\"`)"
    );
    Diagnostic::error(Code::CONFIG_BAD, format!("`{place}` is not valid: {}", reason.trim())).help(known)
}

fn config_home() -> Option<PathBuf> {
    env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))
}

fn default_cache() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    base.unwrap_or_else(env::temp_dir).join("mmm")
}
