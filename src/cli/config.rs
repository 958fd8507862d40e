use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mmm_exec::{Pool, Worker};
use serde::Deserialize;

use super::args::Common;
use super::encoder_wish::EncoderWish;
use mmm_base::diagnostics::{Code, Diagnostic, io_words};
use mmm_engine::Means;
use mmm_facts::Nets;

/// Settings of the machine: flags over `MMM_*` over the workspace's mmm.toml over the user's.
#[derive(Clone)]
pub(super) struct Config {
    pub cache_dir: PathBuf,
    /// Bytes that the cache may hold after a build.
    pub cache_limit: u64,
    /// What a run may use, but for encoders, which have to be tried.
    pub means: Means,
    pub encoder: EncoderWish,
}

/// The file mmm.toml.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ConfigFile {
    cache_dir: Option<PathBuf>,
    cache_limit: Option<String>,
    jobs: Option<u16>,
    models: Option<bool>,
    /// From the folder of the file, as is the next.
    beat_model: Option<PathBuf>,
    fonts: Option<PathBuf>,
    encoder: Option<String>,
}

const DEFAULT_LIMIT: u64 = 20_000_000_000;

impl Config {
    /// The settings for a spec in `folder`.
    ///
    /// # Errors
    /// Where a mmm.toml, `MMM_CACHE_LIMIT` or an encoder can't be understood.
    pub(super) fn load(common: &Common, folder: &Path, worker: Arc<dyn Worker>) -> Result<Self, Diagnostic> {
        let user = config_home().map(|home| home.join("mmm/mmm.toml"));
        let user = user.map_or_else(|| Ok(ConfigFile::default()), |path| read(&path))?;
        let local = read(&folder.join("mmm.toml"))?;
        let cache_dir = common.cache_dir.clone().or(local.cache_dir).or(user.cache_dir);
        let limit = match env::var("MMM_CACHE_LIMIT") {
            Ok(text) => Some(("MMM_CACHE_LIMIT", text)),
            Err(_) => local.cache_limit.or(user.cache_limit).map(|text| ("cache-limit", text)),
        };
        let cache_limit = limit.map(|(place, text)| parse_size(&text).map_err(|reason| bad(place, &reason)));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = common.jobs.or(local.jobs).or(user.jobs).map_or(cores, usize::from).max(1);
        // A model that is named on the command line is meant, whatever a file says.
        let wanted = common.beat_model.is_some() || local.models.or(user.models).unwrap_or(true);
        let models = !common.no_models && wanted;
        let means = Means::new(worker, Pool::new(jobs), if models { Nets::BuiltIn } else { Nets::None });
        let beat_model = common.beat_model.clone().or(local.beat_model).or(user.beat_model);
        let beat_model = beat_model.filter(|_| models);
        let fonts = common.fonts.clone().or(local.fonts).or(user.fonts);
        let means = means.with_fonts(fonts.map_or_else(|| Ok(system_fonts()), own_fonts)?);
        let encoder = common.encoder.clone().or(local.encoder).or(user.encoder);
        let encoder = encoder.map(|text| EncoderWish::parse(&text)).transpose()?.unwrap_or_default();
        Ok(Self {
            encoder,
            cache_dir: cache_dir.unwrap_or_else(default_cache),
            cache_limit: cache_limit.transpose()?.unwrap_or(DEFAULT_LIMIT),
            means: beat_model.map_or(Ok(means.clone()), |dir| with_beat_model(means, &dir))?,
        })
    }
}

fn read(path: &Path) -> Result<ConfigFile, Diagnostic> {
    let Ok(text) = fs::read_to_string(path) else { return Ok(ConfigFile::default()) };
    let file: Result<ConfigFile, _> = toml::from_str(&text);
    let mut file = file.map_err(|error| bad(&path.display().to_string(), &error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    file.beat_model = file.beat_model.map(|dir| folder.join(dir));
    file.fonts = file.fonts.map(|dir| folder.join(dir));
    Ok(file)
}

fn with_beat_model(means: Means, dir: &Path) -> Result<Means, Diagnostic> {
    means.with_beat_model(dir).map_err(|(file, error)| {
        let (file, reason) = (file.display(), io_words(&error));
        Diagnostic::error(Code::MODEL_BAD, format!("the model for beats lacks `{file}`: {reason}"))
            .help("the folder holds `mel_spectrogram.onnx` with `beat_this.onnx` or `beat_this_small.onnx`")
    })
}

/// A folder of fonts that the user names, which has to be there.
fn own_fonts(dir: PathBuf) -> Result<Vec<PathBuf>, Diagnostic> {
    if dir.is_dir() {
        return Ok(vec![dir]);
    }
    let message = format!("the folder of fonts `{}` is not there", dir.display());
    let help = "name a folder with font files, or take `--fonts`, `MMM_FONTS` or `fonts` of mmm.toml away";
    Err(Diagnostic::error(Code::CONFIG_BAD, message).help(help))
}

/// Where systems keep fonts: the user's first, as the XDG Base Directory Specification and macOS
/// have them.
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
    let known = "mmm.toml knows `cache-dir`, `cache-limit` (as `\"20GB\"`), `jobs`, `models`, `beat-model`, `fonts` and `encoder`";
    Diagnostic::error(Code::CONFIG_BAD, format!("`{place}` can't be understood: {}", reason.trim()))
        .help(known)
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

/// A number of bytes as `1500`, `800MB`, `2GB`, `1.5TB`.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1.0,
        "K" | "KB" => 1e3,
        "M" | "MB" => 1e6,
        "G" | "GB" => 1e9,
        "T" | "TB" => 1e12,
        _ => return Err(format!("`{}` is no unit of size: write `500MB` or `20GB`", unit.trim())),
    };
    let number: f64 = number.parse().map_err(|_| format!("`{text}` is no size: write `20GB`"))?;
    Ok((number * factor) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(parse_size("20GB"), Ok(20_000_000_000));
        assert_eq!(parse_size("1.5 m"), Ok(1_500_000));
        assert_eq!(parse_size("77"), Ok(77));
        assert!(parse_size("lots").is_err());
        assert!(parse_size("3 parsecs").is_err());
    }
}
