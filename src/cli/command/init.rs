use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::cli::args::Init;
use crate::cli::exit::Exit;
use crate::cli::format::count;
use crate::cli::front::Front;
use crate::cli::session::Session;
use crate::cli::written_file::write_new;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_engine::{FoundMedia, list_media};
use mmm_facts::MediaKind;
use mmm_spec::{Found, Starter, starter};

/// Runs `mmm init`.
pub(in crate::cli) fn run(init: &Init, front: &Front) -> Exit {
    attempt(init, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(init: &Init, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &init.folder)?;
    let fail = |exit, diagnostic: Diagnostic| {
        session.printer.diagnostics(&[diagnostic], None);
        exit
    };
    let folder = init.folder.display();
    let spec = init.folder.join("movie.yaml");
    if !init.folder.is_dir() {
        let message = format!("`{folder}` is not a folder");
        return Err(fail(Exit::Failed, Diagnostic::error(Code::MEDIA_MISSING, message)));
    }
    let found = list_media(&init.folder, &session.config.means, &session.cancel);
    let FoundMedia { media: found, warnings } = found.map_err(|stop| session.stopped(&stop, None))?;
    session.printer.diagnostics(&warnings, None);
    let start = first_spec(&init.folder, &found);
    let count_of = |kind| found.iter().filter(|(_, found)| *found == kind).count();
    let (photos, clips, songs) =
        (count_of(MediaKind::Photo), count_of(MediaKind::Clip), count_of(MediaKind::Music));
    if photos + clips == 0 {
        let message = format!("the folder `{folder}` has no photos and no clips");
        let help = "name a folder of media: `mmm init FOLDER`";
        return Err(fail(Exit::Failed, Diagnostic::error(Code::PLAN_NO_MEDIA, message).help(help)));
    }
    // Creates a new file, so that no file of the user is overwritten.
    write_new(&spec, starter(&start).as_bytes()).map_err(|diagnostic| fail(Exit::Failed, diagnostic))?;
    session.printer.event(&json!({
        "event": "initialised",
        "spec": spec,
        "photos": photos,
        "clips": clips,
        "music": songs,
    }));
    let (photos, clips) = (count(photos, "photo"), count(clips, "clip"));
    let songs = if songs == 0 { "no music".to_owned() } else { count(songs, "song") };
    session.printer.say(&format!("wrote {} for {photos}, {clips} and {songs}", spec.display()));
    session.printer.say(&format!("to build the movie, run: mmm build {}", shell_word(&spec)));
    Ok(())
}

/// Quotes a path so that it can be pasted into a shell.
fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Returns the content of a first spec for the media that were found: their folders, or the whole folder if
/// some files are directly in it.
fn first_spec(folder: &Path, found: &[(String, MediaKind)]) -> Starter {
    let mut top: BTreeMap<String, Found> = BTreeMap::new();
    for (path, _) in found.iter().filter(|(_, kind)| *kind != MediaKind::Music) {
        match path.split_once('/') {
            Some((first, _)) => drop(top.insert(first.to_owned(), Found::Folder(first.to_owned()))),
            None => drop(top.insert(path.clone(), Found::File(path.clone()))),
        }
    }
    let loose = top.values().any(|found| matches!(found, Found::File(_)));
    let media = if loose { vec![Found::Whole] } else { top.into_values().collect() };
    let music = found.iter().filter(|(_, kind)| *kind == MediaKind::Music);
    let count_of = |kind| found.iter().filter(|(_, found)| *found == kind).count();
    let name = fs::canonicalize(folder).ok();
    let name = name.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    Starter {
        title: name.map(title_of),
        media,
        music: music.map(|(path, _)| path.clone()).collect(),
        photos: count_of(MediaKind::Photo),
        clips: count_of(MediaKind::Clip),
    }
}

/// Turns a folder's name into a title: `lisbon_june-2023` becomes `Lisbon june 2023`.
fn title_of(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
