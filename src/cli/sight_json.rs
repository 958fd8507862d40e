use serde_json::{Value, json};

use mmm_facts::{Sight, SubjectBox};
use mmm_lexicon::{ImageClass, Thing};

/// Returns what models see in a picture, with the names of tags and objects.
pub(in crate::cli) fn sight_json(sight: &Sight) -> Value {
    let faces = sight.faces.iter().map(|face| {
        json!({
            "box": area(&face.area),
            "confidence": face.area.weight,
            "smile": face.smile,
            "open": face.eyes_open,
        })
    });
    let objects = sight.objects.iter().map(|seen| {
        let what = Thing::new(seen.kind.0).map(Thing::name);
        json!({"what": what, "box": area(&seen.area), "confidence": seen.area.weight})
    });
    let tags = sight.tags.iter().map(|seen| {
        json!({"what": ImageClass::new(seen.tag.0).map(ImageClass::name), "confidence": seen.confidence})
    });
    let (faces, objects, tags): (Vec<_>, Vec<_>, Vec<_>) =
        (faces.collect(), objects.collect(), tags.collect());
    json!({"faces": faces, "objects": objects, "tags": tags})
}

fn area(area: &SubjectBox) -> Value {
    json!({"x": area.x, "y": area.y, "width": area.width, "height": area.height})
}

/// Describes what models see in a few words: faces, objects and the likeliest tags.
pub(in crate::cli) fn sight_line(sight: &Sight) -> String {
    let count = sight.faces.len();
    let faces = (count > 0).then(|| format!("{count} {}", if count == 1 { "face" } else { "faces" }));
    let sure = sight.objects.iter().filter(|seen| seen.area.weight.get() >= 0.5);
    let mut names: Vec<&str> = sure.filter_map(|seen| Thing::new(seen.kind.0)).map(Thing::name).collect();
    names.dedup();
    let tags = sight.tags.iter().take(3).filter(|seen| seen.confidence.get() >= 0.1);
    let tags = tags.filter_map(|seen| ImageClass::new(seen.tag.0)).map(ImageClass::name);
    let mut all: Vec<String> = faces.into_iter().chain(names.into_iter().map(str::to_owned)).collect();
    for tag in tags {
        if !all.iter().any(|name| name == tag) {
            all.push(tag.to_owned());
        }
    }
    all.join(", ")
}
