use std::path::Path;

use serde_json::json;

use crate::cli::args::{Cache, CacheCommand};
use crate::cli::exit::Exit;
use crate::cli::format::{bytes, count};
use crate::cli::front::Front;
use crate::cli::session::{Session, spec_folder};
use mmm_engine::Workspace;
use mmm_facts::Profile;
use mmm_store::{Removal, Store, StoreError};

/// Runs `mmm cache`.
pub(in crate::cli) fn run(cache: &Cache, front: &Front) -> Exit {
    attempt(cache, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(cache: &Cache, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder("movie.yaml".as_ref()))?;
    match &cache.command {
        CacheCommand::Stats => stats(&session.store()?, &session),
        CacheCommand::Gc { limit, keep } => {
            let limit = limit.unwrap_or(session.config.cache_limit);
            let held: Vec<_> = keep.iter().map(|spec| held(spec, &session)).collect::<Result<_, _>>()?;
            let store = session.store()?;
            removed(store.collect(limit), &store, &session)?;
            drop(held);
        }
        CacheCommand::Verify => verify(&session.store()?, &session)?,
        CacheCommand::Clean => {
            let store = session.store()?;
            removed(store.clear(), &store, &session)?;
        }
    }
    Ok(())
}

/// Opens a movie both as a draft and as the final movie. What they need stays in the cache while they are
/// open.
fn held(spec: &Path, session: &Session) -> Result<[Workspace; 2], Exit> {
    let open = |profile| -> Result<Workspace, Exit> {
        let mut workspace = session.workspace(spec, profile)?;
        let read = workspace.refresh(&session.printer);
        read.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
        workspace.renew();
        Ok(workspace)
    };
    Ok([open(Profile::Draft)?, open(Profile::Final)?])
}

fn verify(store: &Store, session: &Session) -> Result<(), Exit> {
    let (read, damaged) = store.verify().map_err(|error| session.stopped(&error.into(), None))?;
    session.printer.event(&json!({"event": "verified", "read": read, "damaged": damaged}));
    session.printer.say(&match damaged.len() {
        0 => format!("{} read, none damaged", count(read as usize, "file")),
        lost => format!("{} read, {lost} damaged and removed", count(read as usize, "file")),
    });
    Ok(())
}

fn stats(store: &Store, session: &Session) {
    let stats = store.stats();
    let (path, limit) = (session.config.cache_dir.display(), session.config.cache_limit);
    session.printer.event(&json!({
        "path": path.to_string(),
        "bytes": stats.bytes,
        "entries": stats.entries,
        "limit_bytes": limit,
        "by_kind": stats.by_kind,
    }));
    let entries = stats.entries;
    session.printer.say(&format!("{path}: {} of {}, {entries} entries", bytes(stats.bytes), bytes(limit)));
    for (kind, size) in &stats.by_kind {
        session.printer.say(&format!("  {kind:<12} {:>9}", bytes(*size)));
    }
}

fn removed(result: Result<Removal, StoreError>, store: &Store, session: &Session) -> Result<(), Exit> {
    let removal = result.map_err(|error| session.stopped(&error.into(), None))?;
    let left = store.stats().bytes;
    session.printer.event(&json!({
        "event": "removed",
        "entries": removal.entries,
        "bytes": removal.bytes,
        "left_bytes": left,
        "held_bytes": removal.held_bytes,
    }));
    let entries = count(removal.entries as usize, "file");
    let held = match removal.held_bytes {
        0 => String::new(),
        held => format!(", {} of it in use", bytes(held)),
    };
    session.printer.say(&format!("removed {entries} ({}); {} left{held}", bytes(removal.bytes), bytes(left)));
    Ok(())
}
