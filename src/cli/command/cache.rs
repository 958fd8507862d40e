use std::collections::BTreeSet;

use serde_json::json;

use crate::cli::args::{Cache, CacheCommand, Common};
use crate::cli::exit::Exit;
use crate::cli::format::{bytes, count};
use crate::cli::session::{Session, spec_folder};
use crate::store::{Removal, Store, StoreError};

/// `mmm cache`
pub(in crate::cli) fn run(cache: &Cache, common: &Common) -> Exit {
    attempt(cache, common).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(cache: &Cache, common: &Common) -> Result<(), Exit> {
    let session = Session::start(common, &spec_folder("movie.yaml".as_ref()))?;
    let store = session.store()?;
    match cache.command {
        CacheCommand::Stats => stats(&store, &session),
        CacheCommand::Gc { limit } => {
            let limit = limit.unwrap_or(session.config.cache_limit);
            removed(store.collect(limit, &BTreeSet::new()), &store, &session)?;
        }
        CacheCommand::Clean => removed(store.clear(), &store, &session)?,
    }
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
    }));
    let entries = count(removal.entries as usize, "file");
    session.printer.say(&format!("took out {entries}, {}; {} are left", bytes(removal.bytes), bytes(left)));
    Ok(())
}
