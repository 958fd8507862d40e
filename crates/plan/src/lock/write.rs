use std::collections::BTreeMap;

use serde::Serialize;

use super::locked_output::WrittenShot;
use super::{Lock, LockedOutput};
use mmm_base::{Digest, MediaPath, Rate, Time};

const HEAD: &str = "\
# Written by `mmm build`; keep it in git, and the same movie is made anywhere.
# `mmm update` plans again. Times are seconds. Comments are for readers only.
";

/// The part of a lock above its outputs.
#[derive(Serialize)]
struct Top<'a> {
    version: u32,
    analyses: &'a BTreeMap<String, u32>,
    media: &'a BTreeMap<MediaPath, Digest>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fonts: &'a BTreeMap<String, Digest>,
}

/// The part of an output above its music and its shots.
#[derive(Serialize)]
struct OutputTop<'a> {
    name: &'a MediaPath,
    wishes: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
    length: Time,
}

impl Lock {
    /// Returns the lock as text in the newest format, without reasons. Equal locks give the same text.
    pub fn write(&self) -> String {
        self.write_with_reasons(&BTreeMap::new())
    }

    /// Returns the lock as text in the newest format. `reasons` are those of the shots of each output, in
    /// order; each becomes a comment, which [`Lock::read`] ignores.
    pub fn write_with_reasons(&self, reasons: &BTreeMap<MediaPath, Vec<String>>) -> String {
        let Self { version: _, analyses, media, fonts, outputs } = self;
        let mut text = format!("{HEAD}{}", toml(&Top { version: Self::VERSION, analyses, media, fonts }));
        for output in outputs {
            let reasons = reasons.get(&output.name).map(Vec::as_slice).unwrap_or_default();
            write_output(output, reasons, &mut text);
        }
        text
    }
}

/// Appends an output, with as many of its shots' reasons as are given.
fn write_output(output: &LockedOutput, reasons: &[String], text: &mut String) {
    let LockedOutput { name, wishes, rate, length, music, shots } = output;
    let top = OutputTop { name, wishes: *wishes, rate: *rate, length: *length };
    text.push_str(&format!("\n[[output]]\n{}", toml(&top)));
    for cue in music {
        text.push_str(&format!("\n[[output.music]]\n{}", toml(cue)));
    }
    for (index, shot) in shots.iter().enumerate() {
        text.push_str("\n[[output.shot]]\n");
        if let Some(reason) = reasons.get(index) {
            // TOML allows no control characters in a comment.
            text.push_str(&format!("# {}\n", reason.replace(char::is_control, " ")));
        }
        text.push_str(&toml(&WrittenShot::of(shot)));
    }
}

fn toml(value: &impl Serialize) -> String {
    toml::to_string(value).expect("a lock is plain values with text keys")
}
