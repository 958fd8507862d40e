//! Describes the values of a plan in plain English: the reasons of its shots, what it left out and why, its
//! outline, what prevents a plan, and what would change in a lock. Everything that shows these values to
//! people uses these texts, so rewording them changes no value, no lock and no cache.

mod conflict;
mod left_out;
mod live_photo;
mod lock;
mod names;
mod outline;
mod said;
mod shot;
#[cfg(test)]
mod tests;
mod time_remark;

use mmm_base::Time;

pub use conflict::{ConflictText, conflict};
pub use left_out::left_out;
pub use live_photo::live_line;
pub use lock::lock_changes;
pub use names::names_help;
pub use outline::{OutlineText, outline};
pub use said::{said_lines, said_source, unlike_filter};
pub use shot::shot;
pub use time_remark::{TimeText, time_certainty, time_remark, time_source};

/// Returns a length as the spec writes it, rounded to the hundredth: `62.5s`.
fn seconds(time: Time) -> String {
    let hundredths = (time.micros() + 5000).div_euclid(10_000);
    Time::from_millis(hundredths * 10).to_string()
}

/// Returns a number with its noun: `1 medium`, `4 media`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns the first `most` of some texts, separated by commas, and how many more there are.
fn few(texts: &[String], most: usize) -> String {
    let shown = texts.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}
