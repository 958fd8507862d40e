//! The differences between two recipes, in the words that editors use.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Change;
use super::journal::Built;
use super::leaves::leaves;
use super::what_changed::change;
use mmm_base::Digest;
use mmm_exec::Action;

/// A field that is named with its old and new value: the end of its path, its name, and the value that recipes
/// leave out.
const VALUES: [(&str, &str, Option<&str>); 13] = [
    (".canvas.profile", "profile", None),
    (".canvas.codec", "codec", Some("h264")),
    (".canvas.encoder", "encoder", Some("software")),
    (".canvas.width", "width", None),
    (".canvas.height", "height", None),
    (".canvas.quality", "quality", Some("good")),
    (".canvas.coarser", "steps coarser for `max-size`", Some("0")),
    (".treatment.speed", "speed", Some("1.0")),
    (".treatment.look", "look", Some("natural")),
    (".frames", "frames", None),
    (".ground", "the colour of the dip", Some("#000000")),
    (".format", "format", None),
    (".at", "frame", None),
];

/// A field whose values say nothing to people: a part of its path, and its name. The first match counts.
const CHANGED: [(&str, &str); 12] = [
    (".texts", "text"),
    (".photo", "move"),
    (".framing", "framing"),
    (".may_fill", "framing"),
    (".treatment.steady", "steadiness"),
    (".steadied", "steadiness"),
    (".treatment.lift", "brightness"),
    (".cube", "the colour table"),
    (".canvas.rate", "the frame rate"),
    (".fade", "the fade"),
    (".blend[0]", "the transition"),
    (".every", "the frame rate of the preview"),
];

/// The parts of a recipe, for fields without a name of their own.
const PARTS: [(&str, &str); 4] = [
    (".view", "the picture"),
    (".canvas", "the encoding of the picture"),
    (".segments", "the shots"),
    (".sound", "the sound"),
];

/// A recipe's values by their paths, and the build that it belongs to.
struct Recipe<'a> {
    leaves: BTreeMap<String, Value>,
    build: &'a Built,
}

/// Returns the fields in which two actions differ, by the names that people use.
pub(super) fn differences(old: &Action, new: &Action, before: &Built, after: &Built) -> Vec<Change> {
    let old = Recipe { leaves: leaves(old), build: before };
    let new = Recipe { leaves: leaves(new), build: after };
    differences_of(&old, &new)
}

fn differences_of(old: &Recipe, new: &Recipe) -> Vec<Change> {
    let paths: BTreeSet<&String> = old.leaves.keys().chain(new.leaves.keys()).collect();
    let mut changes: Vec<Change> = Vec::new();
    for path in paths.into_iter().filter(|path| old.leaves.get(*path) != new.leaves.get(*path)) {
        let found = match path.find(".cues[") {
            Some(at) => cue_change(path, at, old, new),
            None => field_change(path, old, new),
        };
        // Several fields can have one name.
        if !changes.contains(&found) {
            changes.push(found);
        }
    }
    changes
}

fn field_change(path: &str, old: &Recipe, new: &Recipe) -> Change {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| path.contains(part)).map(|(_, name)| changed(name))
    };
    if path.ends_with(".source") && !path.contains(".texts") {
        return source_change(path, old, new);
    }
    if path.ends_with(".picture.clip") {
        let seconds = |recipe: &Recipe| recipe.text(path).map(|text| format!("{text} s"));
        return change("in", seconds(old), seconds(new));
    }
    if path.starts_with(".sound.") {
        return sound_change(path, old, new);
    }
    if let Some(found) = find(&CHANGED) {
        return found;
    }
    if let Some((_, name, usual)) = VALUES.iter().find(|(end, ..)| path.ends_with(end)) {
        let value = |recipe: &Recipe| recipe.text(path).or_else(|| usual.map(str::to_owned));
        return change(name, value(old), value(new));
    }
    find(&PARTS).unwrap_or_else(|| changed("another setting"))
}

fn sound_change(path: &str, old: &Recipe, new: &Recipe) -> Change {
    let value = |name: &str, usual: &str| {
        let value = |recipe: &Recipe| Some(recipe.text(path).unwrap_or_else(|| usual.to_owned()));
        change(name, value(old), value(new))
    };
    match path {
        ".sound.samples" => becomes("the sound", old.order(new, path), ["longer", "shorter"]),
        ".sound.loudness" => {
            let level = |recipe: &Recipe| Some(minus(recipe.leaves.get(path)?.as_f64()? / 100.0));
            change("loudness", level(old), level(new).map(|level| format!("{level} LUFS")))
        }
        ".sound.codec" => value("the codec of the sound", "aac"),
        ".sound.bit_rate" => value("kbit/s of the sound", "usual"),
        _ => changed("the sound"),
    }
}

/// Returns how a source of the mix changed. `at` is where its number starts in the path.
fn cue_change(path: &str, at: usize, old: &Recipe, new: &Recipe) -> Change {
    let end = path[at..].find(']').map_or(path.len(), |end| at + end + 1);
    let (cue, field) = path.split_at(end);
    let source = format!("{cue}.source");
    let (was, is) = (old.file(&source), new.file(&source));
    match (&was, &is) {
        (Some(was), None) => return change("the sound", None, Some(format!("no longer has {was}"))),
        (None, Some(is)) => return change("the sound", None, Some(format!("now has {is}"))),
        _ if old.leaves.get(&source) != new.leaves.get(&source) => return source_change(&source, old, new),
        _ => {}
    }
    let name = is.unwrap_or_else(|| "a sound".to_owned());
    let order = old.order(new, path);
    if field.starts_with(".ducks") {
        return changed(&format!("the ducking of {name}"));
    }
    match field {
        ".from" => change(&name, None, Some("begins elsewhere".to_owned())),
        ".start" => change(&name, None, Some("starts at another time of the movie".to_owned())),
        ".samples" => becomes(&name, order, ["longer", "shorter"]),
        ".gain" => becomes(&name, order, ["louder", "quieter"]),
        ".speed" => changed(&format!("the speed of {name}")),
        ".fade_in" | ".fade_out" => changed(&format!("the fade of {name}")),
        ".high_pass" => changed(&format!("the filter of low frequencies of {name}")),
        ".track" => changed(&format!("the sound track of {name}")),
        ".centred" => changed(&format!("the channel of {name}")),
        _ => changed(&name),
    }
}

/// Returns how a file changed that a recipe reads.
fn source_change(path: &str, old: &Recipe, new: &Recipe) -> Change {
    let (was, is) = (old.file(path), new.file(path));
    match (was, is) {
        (Some(was), Some(is)) if was == is => change(&was, None, Some("has other content".to_owned())),
        (was, is) => change("source", was, is),
    }
}

fn changed(name: &str) -> Change {
    change(name, None, Some("changed".to_owned()))
}

/// Returns that something is now more (the first of `words`) or less.
fn becomes(name: &str, order: Option<Ordering>, words: [&str; 2]) -> Change {
    match order {
        Some(Ordering::Less) => change(name, None, Some(format!("is {}", words[0]))),
        Some(Ordering::Greater) => change(name, None, Some(format!("is {}", words[1]))),
        _ => changed(name),
    }
}

/// Returns a number with a real minus sign.
fn minus(number: f64) -> String {
    number.to_string().replace('-', "−")
}

impl Recipe<'_> {
    fn text(&self, path: &str) -> Option<String> {
        let leaf = self.leaves.get(path)?;
        Some(leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned))
    }

    /// Returns the name of the file whose digest is at `path`.
    fn file(&self, path: &str) -> Option<String> {
        let digest = self.text(path)?.parse::<Digest>().ok();
        let found = self.build.media.iter().find(|(_, known)| Some(**known) == digest);
        Some(found.map_or_else(|| "a file".to_owned(), |(path, _)| format!("`{path}`")))
    }

    /// Compares the number at `path` with that of another recipe.
    fn order(&self, other: &Self, path: &str) -> Option<Ordering> {
        let number = |recipe: &Self| recipe.leaves.get(path)?.as_f64();
        number(self)?.partial_cmp(&number(other)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::what_changed::in_words;
    use super::*;

    fn built(media: &[(&str, u8)]) -> Built {
        let media: BTreeMap<_, _> =
            media.iter().map(|(name, byte)| (name.to_string(), digest(*byte))).collect();
        let text = json!({"version": "1", "tools": {}, "spec": "", "media": media, "outputs": []});
        serde_json::from_value(text).unwrap()
    }

    fn digest(byte: u8) -> String {
        format!("{byte:02x}").repeat(32)
    }

    fn words(old: &Value, new: &Value) -> Vec<String> {
        let build = built(&[("s.wav", 1), ("a.jpg", 2), ("b.mp4", 3)]);
        let recipe = |value: &Value| Recipe { leaves: leaves(value), build: &build };
        let (old, new) = (recipe(old), recipe(new));
        differences_of(&old, &new).iter().map(|change| in_words(std::slice::from_ref(change))).collect()
    }

    fn shot(source: u8) -> Value {
        let window = json!({"x": 0, "y": 0, "width": 9, "height": 9});
        json!({
            "source": digest(source), "framing": {"crop": window},
            "picture": {"photo": {"motion": {"from": window, "to": window}, "length": 9, "first": 0}},
            "treatment": {"speed": 2.0, "steady": true, "lift": 4, "look": "warm"},
            "cube": digest(4), "steadied": [1.0, 2.0], "may_fill": true,
        })
    }

    /// Recipes with every field.
    fn recipes() -> Vec<Value> {
        let canvas = json!({
            "width": 640, "height": 360, "rate": [30, 1], "profile": "final", "codec": "hevc",
            "encoder": "nvenc", "quality": "best", "coarser": 3,
        });
        let text = json!({"text": "A", "place": "title", "start": 0, "frames": 9, "faces": [{"source": digest(5), "index": 0}]});
        let segment = |view: Value| {
            json!({
                "canvas": canvas, "frames": 30, "view": view, "texts": [text], "fade": "in", "ground": "#ffffff",
            })
        };
        let mut clip = shot(3);
        clip["picture"] = json!({"clip": 1.5});
        let blend = segment(json!({"blend": ["dissolve", shot(2), clip]}));
        let sound = json!({
            "samples": 48000, "loudness": -1400, "codec": "opus", "bit_rate": 96,
            "cues": [{
                "source": digest(1), "track": 2, "centred": "left", "start": 0, "samples": 9, "from": 7,
                "speed": 2.0, "gain": -100, "fade_in": 1, "fade_out": 1, "high_pass": 80,
                "ducks": [{"start": 1, "end": 2, "gain": -600}],
            }],
        });
        vec![
            json!({"segment": segment(json!({"shot": shot(2)}))}),
            json!({"poster": {"segment": blend, "at": 3, "format": "jpeg"}}),
            json!({"preview": {"segments": [blend], "every": 2, "format": "gif"}}),
            json!({"segment": blend}),
            json!({"sound": sound}),
        ]
    }

    #[track_caller]
    fn assert_plain(words: &[String], path: &str) {
        assert!(!words.is_empty(), "{path}");
        for words in words {
            let names = words.replace("`max-size`", "").replace("`s.wav`", "").replace("`a.jpg`", "");
            let names = names.replace("`b.mp4`", "");
            let is_hex = |part: &str| part.len() >= 8 && part.chars().all(|sign| sign.is_ascii_hexdigit());
            let has_digest = names.split(|sign: char| !sign.is_alphanumeric()).any(is_hex);
            let has_path = names.split(' ').any(|word| {
                word.split_once('.').is_some_and(|(_, rest)| rest.starts_with(char::is_alphabetic))
            });
            assert!(!words.contains(['_', '[']) && !has_path && !has_digest, "{path}: {words}");
            assert!(!words.contains("another setting"), "{path} has no name");
        }
    }

    #[test]
    fn every_changed_field_has_plain_words() {
        for recipe in recipes() {
            for (path, leaf) in leaves(&recipe) {
                let other = match &leaf {
                    Value::String(text) if text.len() == 64 => json!(digest(9)),
                    Value::String(_) => json!("other"),
                    Value::Bool(value) => json!(!value),
                    _ => json!(leaf.as_f64().unwrap() + 1.0),
                };
                let pointer = path.replace(['.', '['], "/").replace(']', "");
                let mut changed = recipe.clone();
                *changed.pointer_mut(&pointer).unwrap() = other;
                assert_plain(&words(&recipe, &changed), &path);
                // A field that recipes leave out.
                *changed.pointer_mut(&pointer).unwrap() = Value::Null;
                assert_plain(&words(&recipe, &changed), &path);
                assert_plain(&words(&changed, &recipe), &path);
            }
        }
    }

    #[test]
    fn changes_are_told_by_what_they_do() {
        let sound = recipes().pop().unwrap();
        let told = |path: &str, value: Value| {
            let mut changed = sound.clone();
            *changed.pointer_mut(path).unwrap() = value;
            words(&sound, &changed).join(", ")
        };
        assert_eq!(told("/sound/loudness", json!(-1650)), "loudness −14 → −16.5 LUFS");
        assert_eq!(told("/sound/samples", json!(50000)), "the sound is longer");
        assert_eq!(told("/sound/cues/0/from", json!(0)), "`s.wav` begins elsewhere");
        assert_eq!(told("/sound/cues/0/gain", json!(-200)), "`s.wav` is quieter");
        assert_eq!(told("/sound/cues/0/source", json!(digest(3))), "source `s.wav` → `b.mp4`");
        assert_eq!(told("/sound/cues", json!([])), "the sound no longer has `s.wav`");
        assert_eq!(told("/sound/bit_rate", Value::Null), "kbit/s of the sound 96 → usual");
        let segment = &recipes()[0];
        let mut changed = segment.clone();
        changed["segment"]["view"]["shot"]["cube"] = json!(digest(6));
        changed["segment"]["view"]["shot"]["treatment"]["look"] = Value::Null;
        assert_eq!(words(segment, &changed), ["the colour table changed", "look warm → natural"]);
        // A field that nobody has named.
        assert_eq!(words(&json!({"new_field": 1}), &json!({"new_field": 2})), ["another setting changed"]);
    }
}
