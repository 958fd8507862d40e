use serde_json::{Value, json};

use crate::words;
use mmm_facts::{SAMPLE_RATE, Timeline};

/// Returns the timeline as JSON for other programs; docs/json.md describes its structure.
pub fn export_json(output: &str, timeline: &Timeline) -> Value {
    let shots = timeline.shots.iter().map(|shot| {
        let planned = &shot.shot;
        json!({
            "id": planned.id,
            "source": planned.source.path,
            "kind": planned.source.kind,
            "start": shot.start,
            "frames": shot.frames,
            "in": planned.source.part.map(|(from, _)| from),
            "out": planned.source.part.map(|(_, to)| to),
            "speed": planned.treatment.speed,
            "beat": planned.beat,
            "transition": {"kind": shot.transition.kind, "frames": shot.transition.frames},
            "reason": words::shot(&planned.reason),
        })
    });
    let sample = |micros: i64| (i128::from(micros) * i128::from(SAMPLE_RATE) / 1_000_000) as i64;
    let music = timeline.music.iter().map(|cue| {
        let end = sample((cue.start + cue.length).micros()).min(timeline.samples as i64);
        let start = sample(cue.start.micros());
        json!({"source": cue.source, "start": start, "from": cue.from, "samples": end - start})
    });
    let chapters = timeline.chapters.iter();
    json!({
        "output": output,
        "width": timeline.canvas.width,
        "height": timeline.canvas.height,
        "rate": timeline.canvas.rate,
        "frames": timeline.frames,
        "audio": {"rate": SAMPLE_RATE, "samples": timeline.samples},
        "shots": shots.collect::<Vec<_>>(),
        "music": music.collect::<Vec<_>>(),
        "chapters": chapters.map(|mark| json!({"start": mark.frame, "title": mark.title})).collect::<Vec<_>>(),
    })
}
