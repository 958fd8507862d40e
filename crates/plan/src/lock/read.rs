use super::Lock;
use mmm_base::diagnostics::{Code, Diagnostic};

/// The markers that git leaves in a file that it could not merge.
const CONFLICT_MARKS: [&str; 3] = ["<<<<<<< ", ">>>>>>> ", "||||||| "];

/// The help for a lock that git could not merge.
const CONFLICT_HELP: &str =
    "take one side with `git checkout --ours -- LOCK` or `--theirs`, or run `mmm update` to plan afresh";
/// The help for a lock that was damaged in another way.
const BAD_HELP: &str = "restore it from git or a backup, or run `mmm update` to plan afresh";

impl Lock {
    /// Reads the text of the lock called `name`, in this version of the format or an older one.
    /// [`Lock::version`] is that version.
    ///
    /// # Errors
    /// If git left a conflict in it, if a newer version wrote it, or if it is not a lock.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        if let Some(line) = conflict(text) {
            let message =
                format!("{name}:{line}: two branches changed the lock, and git could not merge them");
            return Err(
                Diagnostic::error(Code::LOCK_CONFLICT, message).help(CONFLICT_HELP.replace("LOCK", name))
            );
        }
        let value: toml::Table = toml::from_str(text).map_err(|error| bad(name, text, &error))?;
        match value.get("version").and_then(toml::Value::as_integer) {
            Some(version) if (1..=i64::from(Self::VERSION)).contains(&version) => {}
            Some(version) => {
                let message = format!(
                    "{name} is of version {version}, and this mmm {} reads versions up to {}",
                    env!("CARGO_PKG_VERSION"),
                    Self::VERSION
                );
                let help = "install the mmm that wrote it, or run `mmm update` to plan again with this one";
                return Err(Diagnostic::error(Code::LOCK_VERSION, message).help(help));
            }
            None => {
                let message = format!("{name} does not say its version, so it is no lock");
                return Err(Diagnostic::error(Code::LOCK_BAD, message).help(BAD_HELP));
            }
        }
        let lock: Self = toml::from_str(text).map_err(|error| bad(name, text, &error))?;
        for output in &lock.outputs {
            if !output.shots.is_sorted_by(|one, next| one.start < next.start) {
                let message = format!("{name}: the shots of `{}` are not in the order of time", output.name);
                return Err(Diagnostic::error(Code::LOCK_BAD, message).help(BAD_HELP));
            }
        }
        Ok(lock)
    }
}

/// Returns the line of the first conflict marker.
fn conflict(text: &str) -> Option<usize> {
    let is_mark = |line: &str| CONFLICT_MARKS.iter().any(|mark| line.starts_with(mark));
    text.lines().position(is_mark).map(|line| line + 1)
}

fn bad(name: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    let message = format!("{name}:{line}:{column}: {}", words(error.message()));
    Diagnostic::error(Code::LOCK_BAD, message).help(BAD_HELP)
}

/// Returns an error of the TOML parser in plain words.
fn words(message: &str) -> String {
    let named = |start: &str| message.strip_prefix(start)?.split('`').next();
    if let Some(key) = named("unknown field `") {
        format!("a lock has no key `{key}`")
    } else if let Some(key) = named("missing field `") {
        format!("the key `{key}` is missing")
    } else if message.starts_with("duplicate key") {
        "this key is there twice".to_owned()
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        "this value is not one that mmm writes".to_owned()
    } else {
        "this line is not one that mmm writes".to_owned()
    }
}
