use std::io;
use std::path::{Path, PathBuf};

use super::config::Config;
use super::exit::Exit;
use super::front::Front;
use super::interrupt::on_interrupt;
use super::printer::Printer;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{Cancel, MediaPath};
use mmm_engine::{Stop, Workspace};
use mmm_facts::Profile;
use mmm_spec::DRAFT;
use mmm_store::{Store, StoreError};

/// The state that one run of `mmm` needs.
pub(super) struct Session {
    pub printer: Printer,
    pub config: Config,
    pub cancel: Cancel,
}

impl Session {
    /// Reads the settings for a spec in `folder`.
    pub(super) fn start(front: &Front, folder: &Path) -> Result<Self, Exit> {
        let mut printer = Printer::new(&front.common);
        if let Some(path) = &front.common.trace
            && let Err(diagnostic) = printer.trace(path)
        {
            printer.diagnostics(&[diagnostic], None);
            return Err(Exit::Failed);
        }
        match Config::load(&front.common, folder, front.worker.clone()) {
            Ok(config) => Ok(Self { printer, config, cancel: on_interrupt() }),
            Err(diagnostic) => {
                printer.diagnostics(&[diagnostic], None);
                Err(Exit::Failed)
            }
        }
    }

    /// Opens the cache.
    pub(super) fn store(&self) -> Result<Store, Exit> {
        Store::open(&self.config.cache_dir).map_err(|error| self.stopped(&error.into(), None))
    }

    /// Opens a spec: a file, or a folder with a movie.yaml in it.
    pub(super) fn workspace(&self, spec: &Path, profile: Profile) -> Result<Workspace, Exit> {
        let store = self.store()?;
        let spec = spec_file(spec);
        let encoders = self.config.encoder.encoders(&*self.config.means.worker).map_err(|diagnostic| {
            self.printer.diagnostics(&[diagnostic], None);
            Exit::Failed
        })?;
        let means = self.config.means.clone().with_encoders(encoders);
        let opened = Workspace::open(&spec, &store, means, profile, self.cancel.clone());
        opened.map_err(|stop| self.stopped(&stop, None))
    }

    /// Prints why a run ended and returns the exit status.
    pub(super) fn stopped(&self, stop: &Stop, workspace: Option<&Workspace>) -> Exit {
        let source = workspace.map(|workspace| (workspace.spec_path().to_owned(), workspace.spec_text()));
        self.printer.diagnostics(&complaints(stop), source.as_ref());
        Exit::from(stop)
    }
}

/// Returns the file of a spec, which may be named by its folder.
pub(super) fn spec_file(spec: &Path) -> PathBuf {
    if spec.is_dir() { spec.join("movie.yaml") } else { spec.to_owned() }
}

/// Returns the profile of a movie file, from its name.
pub(super) fn profile_of(movie: &Path) -> Profile {
    if movie.to_string_lossy().ends_with(DRAFT) { Profile::Draft } else { Profile::Final }
}

/// Returns the folder that may contain a spec's own mmm.toml.
pub(super) fn spec_folder(spec: &Path) -> PathBuf {
    if spec.is_dir() {
        return spec.to_owned();
    }
    let parent = spec.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// Returns diagnostics that say why a run ended.
pub(super) fn complaints(stop: &Stop) -> Vec<Diagnostic> {
    match stop {
        Stop::Interrupted => {
            let message = "the run was interrupted; finished work is in the cache";
            vec![
                Diagnostic::warning(Code::CLI_INTERRUPTED, message)
                    .help("run the same command again to continue"),
            ]
        }
        Stop::NoSpec { path, reason } => {
            let message = format!("the spec `{}` can't be read: {reason}", path.display());
            let help = match path.symlink_metadata() {
                Ok(meta) if !meta.is_dir() => "check the file and its permissions",
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    "check the permissions of its folder"
                }
                _ => "run `mmm init FOLDER` to write a spec for a folder of media",
            };
            vec![Diagnostic::error(Code::CLI_NO_SPEC, message).help(help)]
        }
        Stop::Spec(found) | Stop::Failed(found) | Stop::Locked(found) => found.clone(),
        Stop::Partly(report, errors) => [report.diagnostics.as_slice(), errors].concat(),
        Stop::Store(error) => vec![store_error(error)],
    }
}

fn store_error(error: &StoreError) -> Diagnostic {
    let (code, help) = match error {
        StoreError::DiskFull { .. } => (
            Code::OUTPUT_DISK_FULL,
            "free disk space, run `mmm cache gc --limit SIZE`, or name another folder with `--cache-dir`",
        ),
        StoreError::Io { .. } => {
            (Code::CACHE_UNWRITABLE, "name a folder that you can write to with `--cache-dir`")
        }
        StoreError::Foreign { .. } => {
            (Code::CACHE_UNWRITABLE, "remove it, or name another folder with `--cache-dir`")
        }
        StoreError::Busy { .. } => {
            (Code::CACHE_BUSY, "wait for the other program to finish, and run the command again")
        }
    };
    Diagnostic::error(code, error.to_string()).help(help)
}

/// Reads everything that a plan needs, and prints what is wrong with it.
///
/// # Errors
/// If there can be no plan; the reason was printed.
pub(super) fn planned(workspace: &mut Workspace, session: &Session) -> Result<(), Exit> {
    let found = workspace.refresh(&session.printer).and_then(|()| workspace.check(&session.printer));
    let found = found.map_err(|stop| session.stopped(&stop, Some(workspace)))?;
    let source = (workspace.spec_path().to_owned(), workspace.spec_text());
    session.printer.diagnostics(&found, Some(&source));
    if found.iter().any(Diagnostic::is_error) { Err(Exit::Spec) } else { Ok(()) }
}

/// Finds the output with this name, or the first output if `name` is `None`.
///
/// # Errors
/// If there is no such output; that was printed.
pub(super) fn output_index(
    workspace: &Workspace,
    name: Option<&str>,
    session: &Session,
) -> Result<(usize, MediaPath), Exit> {
    let outputs = workspace.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
    let found = outputs.iter().position(|output| name.is_none_or(|name| output.name.as_str() == name));
    if let Some(index) = found {
        return Ok((index, outputs[index].name.clone()));
    }
    let known: Vec<&str> = outputs.iter().map(|output| output.name.as_str()).collect();
    let message = format!("the spec has no output `{}`", name.unwrap_or_default());
    let help = format!("name one of `{}`", known.join("`, `"));
    session.printer.diagnostics(&[Diagnostic::error(Code::CLI_NO_OUTPUT, message).help(help)], None);
    Err(Exit::Usage)
}
