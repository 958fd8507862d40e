use std::collections::BTreeMap;

use serde::Deserialize;

use mmm_base::MediaPath;

#[derive(Deserialize)]
struct Remarks {
    #[serde(default, rename = "output")]
    outputs: Vec<OutputRemarks>,
}

#[derive(Deserialize)]
struct OutputRemarks {
    name: MediaPath,
    #[serde(default, rename = "shot")]
    shots: Vec<ShotRemark>,
}

#[derive(Deserialize)]
struct ShotRemark {
    id: toml::Spanned<String>,
    /// Version 1 stored the reason as a value.
    #[serde(default)]
    reason: Option<String>,
}

/// Returns the reasons that the text of a lock gives for the shots of each output, in order; empty if it
/// gives none. They are for readers only; nothing depends on them.
pub fn reasons_in(text: &str) -> BTreeMap<MediaPath, Vec<String>> {
    let Ok(remarks) = toml::from_str::<Remarks>(text) else { return BTreeMap::new() };
    let reason = |shot: ShotRemark| shot.reason.unwrap_or_else(|| comment_above(text, shot.id.span().start));
    let outputs = remarks.outputs.into_iter();
    outputs.map(|output| (output.name, output.shots.into_iter().map(reason).collect())).collect()
}

/// Returns the comment on the line above the one that contains byte `at`.
fn comment_above(text: &str, at: usize) -> String {
    let above = text.get(..at).and_then(|before| before.lines().rev().nth(1)).unwrap_or_default();
    above.strip_prefix('#').unwrap_or_default().trim().to_owned()
}
