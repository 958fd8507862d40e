use super::{count, few};
use crate::lock::{LockCause, LockChange, MediumChange, ShotPlace, ShotsChange};
use mmm_base::Time;

/// Changes, or causes of one, beyond this number are counted instead of listed.
const FEW: usize = 3;

/// Returns what would be different in a lock, and why.
pub fn lock_changes(changes: &[LockChange]) -> String {
    few(&changes.iter().map(change).collect::<Vec<_>>(), FEW)
}

fn change(change: &LockChange) -> String {
    match change {
        LockChange::Shots(change) => shots(change),
        LockChange::OutputAdded(name) => format!("`{name}` is new"),
        LockChange::OutputGone(name) => format!("`{name}` is gone"),
        LockChange::Length(name) => format!("the length of `{name}` is different"),
        LockChange::Music(name) => format!("the music of `{name}` is different; its shots stay"),
        LockChange::Rate(name) => format!("the frame rate of `{name}` is different; its shots stay"),
        LockChange::Settings(name) => format!("the settings of `{name}` changed; its shots stay"),
        LockChange::Medium(change) => medium(change),
        LockChange::FontAdded(name) => format!("the font `{name}` is new"),
        LockChange::FontGone(name) => format!("the font `{name}` is no longer needed"),
    }
}

fn shots(change: &ShotsChange) -> String {
    let ShotsChange { output, before, after, changed, because } = change;
    let at = |time: Time| format!("{:.2} s", time.secs());
    let first = match (before, after) {
        (Some((old, was)), Some((new, now))) => {
            let fate = if old == new { retimed(was, now) } else { format!("become `{new}`") };
            format!("shot {} `{old}` at {} would {fate}", was.number, at(was.start))
        }
        (Some((old, was)), None) => {
            format!("shot {} `{old}` at {} would be removed", was.number, at(was.start))
        }
        (None, Some((new, now))) => {
            format!("`{new}` would be added as shot {} at {}", now.number, at(now.start))
        }
        (None, None) => format!("the shots of `{output}` would change"),
    };
    let because = few(&because.iter().map(cause).collect::<Vec<_>>(), FEW);
    let more = match changed {
        0 | 1 => String::new(),
        changed => format!("; {} of `{output}` would change in all", count(*changed, "shot", "shots")),
    };
    format!("{first}: {because}{more}")
}

/// Returns how a shot that shows the same medium would change, as text after “would”.
fn retimed(was: &ShotPlace, now: &ShotPlace) -> String {
    if was.length != now.length {
        format!("last {:.2} s instead of {:.2} s", now.length.secs(), was.length.secs())
    } else if was.speed != now.speed {
        format!("play at {} times its speed instead of {}", now.speed.get(), was.speed.get())
    } else if let (Some(from), Some(to)) = (now.from, now.to) {
        format!("show {:.2} s to {:.2} s of its clip", from.secs(), to.secs())
    } else {
        format!("start at {:.2} s", now.start.secs())
    }
}

fn cause(cause: &LockCause) -> String {
    match cause {
        LockCause::Medium(change) => medium(change),
        LockCause::Settings => "the settings that decide its shots changed".to_owned(),
        LockCause::Facts(versions) => {
            let version =
                |version: &Option<u32>| version.map_or("none".to_owned(), |number| number.to_string());
            let each =
                versions.iter().map(|(name, was, now)| format!("{name} {} → {}", version(was), version(now)));
            format!("the versions of the facts changed ({})", few(&each.collect::<Vec<_>>(), FEW))
        }
        LockCause::Planner => "a rule under `media`, or the planner of this mmm, changed".to_owned(),
    }
}

fn medium(change: &MediumChange) -> String {
    match change {
        MediumChange::New(path) => format!("`{path}` is new"),
        MediumChange::Edited(path) => format!("`{path}` changed"),
        MediumChange::Gone(path) => format!("`{path}` is gone"),
        MediumChange::Renamed { from, to } => format!("`{from}` is now `{to}`"),
    }
}
