//! Writes the files that commands leave beside their results: charts, lists, reports, pages.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mmm_base::diagnostics::{Code, Diagnostic, unwritable};

/// Writes a new file: completely, or not at all.
///
/// # Errors
/// If the file already exists or can't be written.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let message = format!("`{}` already exists", path.display());
            Diagnostic::error(Code::OUTPUT_NOT_OURS, message).help("name another file, or remove it")
        }
        _ => unwritable(path, &error),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(refused)?;
    file.write_all(bytes).and_then(|()| file.sync_data()).map_err(|error| {
        fs::remove_file(path).ok();
        refused(error)
    })
}

/// Writes a file and replaces the one that is there, completely or not at all. Writes into a device, a pipe or
/// the target of a link as it is.
///
/// # Errors
/// If the file can't be written; an old file is then unchanged.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let is_plain = fs::symlink_metadata(path).map_or(true, |meta| meta.is_file());
    let written = if is_plain { put(path, bytes) } else { fs::write(path, bytes) };
    written.map_err(|error| unwritable(path, &error))
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // The file keeps these permissions, minus the umask.
    builder.prefix(".").suffix(".mmm-part").permissions(fs::Permissions::from_mode(0o666));
    let mut part = builder.tempfile_in(folder)?;
    part.write_all(bytes)?;
    part.as_file().sync_data()?;
    part.persist(path).map_err(|error| error.error)?;
    Ok(())
}
