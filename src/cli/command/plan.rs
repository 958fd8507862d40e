use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::cli::args::Plan;
use crate::cli::command::size::{size_json, size_words};
use crate::cli::exit::Exit;
use crate::cli::format::{civil, clock, count, length, padded};
use crate::cli::front::Front;
use crate::cli::session::{Session, output_index, planned, spec_folder};
use mmm_base::MediaPath;
use mmm_engine::FilteredOut;
use mmm_facts::{EditPlan, LeftOut, LeftOutCause, MediumTime, Outline, Shot, TimeCertainty};
use mmm_facts::{Profile, Timeline};
use mmm_plan::timeline::export_json;
use mmm_plan::words;

/// Runs `mmm plan`.
pub(in crate::cli) fn run(plan: &Plan, front: &Front) -> Exit {
    attempt(plan, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(args: &Plan, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&args.spec.path))?;
    let mut workspace = session.workspace(&args.spec.path, Profile::Final)?;
    planned(&mut workspace, &session)?;
    let only = match &args.output {
        Some(name) => Some(output_index(&workspace, Some(name), &session)?.0),
        None => None,
    };
    let names: Vec<MediaPath> =
        workspace.movie().into_iter().flat_map(|movie| &movie.outputs).map(|o| o.name.clone()).collect();
    for (index, name) in names.iter().enumerate() {
        if only.is_some_and(|only| only != index) {
            continue;
        }
        session.printer.done();
        if let (Some(plan), Some(timeline)) = (workspace.plan(index), workspace.timeline(index)) {
            let times = workspace.capture_times();
            let size = workspace.size_report(index);
            let filtered = workspace.filtered_out();
            let mut event = plan_json(name, &plan, &timeline, &times);
            event["filtered_out"] = filtered.iter().map(filtered_json).collect();
            event["size"] = json!(size.as_ref().map(size_json));
            session.printer.event(&event);
            table(name, &plan, front.common.verbose, &session);
            if front.common.verbose {
                time_table(&times, &session);
                filtered_table(&filtered, &session);
            }
            if let Some(size) = &size {
                session.printer.say(&format!("  {}", size_words(size)));
            }
        }
    }
    Ok(())
}

/// Returns the shots as in the export, each with all its reasons and scores, and the media that were left
/// out.
fn plan_json(name: &MediaPath, plan: &EditPlan, timeline: &Timeline, times: &[Time]) -> Value {
    let mut value = export_json(name.as_str(), timeline);
    if let Some(shots) = value["shots"].as_array_mut() {
        for (shot, planned) in shots.iter_mut().zip(&plan.shots) {
            let merits = &planned.merits;
            shot["story_beat"] = json!(merits.story_beat);
            shot["energy_match"] = json!(merits.energy_match);
            shot["role"] = json!(merits.role);
            shot["fit"] = json!(planned.framing.fit);
            shot["sound"] = json!(if planned.sound.is_kept { "keep" } else { "mute" });
            shot["steady"] = json!(planned.treatment.steady);
            shot["gain_db"] = json!(f64::from(planned.sound.gain) / 100.0);
            shot["reason_detail"] = json!(planned.reason);
            shot["scores"] =
                json!({"quality": merits.quality, "variety": merits.variety, "wanted": merits.wanted});
            shot["start_s"] = json!(planned.start);
            shot["length_s"] = json!(planned.length);
        }
    }
    value["event"] = json!("plan");
    value["length_s"] = json!(plan.length);
    value["titles"] = json!(plan.titles);
    value["left_out"] = plan.left_out.iter().map(left_out_json).collect();
    value["outline"] = outline_json(&plan.outline);
    value["capture_times"] = times.iter().map(time_json).collect();
    value
}

fn left_out_json(left: &LeftOut) -> Value {
    json!({
        "source": left.source,
        "reason": words::left_out(&left.cause),
        "reason_detail": left.cause,
        "score": left.score,
    })
}

fn filtered_json(filtered: &FilteredOut) -> Value {
    let FilteredOut { path, filter, said } = filtered;
    json!({"source": path, "filter": filter.to_string(), "reason": words::unlike_filter(filter, said)})
}

/// Lists the media that the filters of `media` leave out.
fn filtered_table(filtered: &[FilteredOut], session: &Session) {
    if filtered.is_empty() {
        return;
    }
    let wide = filtered.iter().map(|one| one.path.as_str().width()).max().unwrap_or(0).min(44);
    let mut lines = vec![format!("\n  filtered out: {}", filtered.len())];
    for FilteredOut { path, filter, said } in filtered {
        lines.push(format!("       {}  {}", padded(path.as_str(), wide), words::unlike_filter(filter, said)));
    }
    session.printer.say(&lines.join("\n"));
}

/// A medium and when it was taken.
type Time = (MediaPath, Option<MediumTime>);

fn time_json((source, time): &Time) -> Value {
    let Some(time) = time else { return json!({"source": source, "taken": null}) };
    json!({
        "source": source,
        "taken": civil(time.local_s()),
        "offset_min": time.zone_min,
        "from": time.source,
        "certainty": time.certainty,
    })
}

/// Lists when each medium was taken, and what says so.
fn time_table(times: &[Time], session: &Session) {
    let mut lines = vec!["\n  taken".to_owned()];
    let wide = times.iter().map(|(source, _)| source.as_str().width()).max().unwrap_or(0).min(44);
    for (source, time) in times {
        let text = time.as_ref().map_or("unknown".to_owned(), |time| {
            let day_only = time.certainty == TimeCertainty::Day;
            let when = clock(time.local_s(), Some(time.zone_min), day_only);
            let doubt = words::time_certainty(time).map_or(String::new(), |doubt| format!(", {doubt}"));
            format!("{when}  {}{doubt}", words::time_source(time.source))
        });
        lines.push(format!("       {}  {text}", padded(source.as_str(), wide)));
    }
    session.printer.say(&lines.join("\n"));
}

fn outline_json(outline: &Outline) -> Value {
    let text = words::outline(outline);
    json!({
        "narrative_structure": text.narrative_structure,
        "pacing_strategy": text.pacing_strategy,
        "music_sync_notes": text.music_sync_notes,
        "variety": outline.variety,
        "story_coherence": outline.story_coherence,
        "technical_quality": outline.technical_quality,
        "summary": text.summary,
        "figures": outline,
    })
}

fn table(name: &MediaPath, plan: &EditPlan, names_all: bool, session: &Session) {
    // Written at once: a folder has thousands of media.
    let mut lines = vec![format!("{name}: {}, {}", length(plan.length), count(plan.shots.len(), "shot"))];
    let wide = plan.shots.iter().map(|shot| shot.source.path.as_str().width()).max().unwrap_or(0).min(44);
    let mut chapters = plan.chapters.iter().peekable();
    for (index, shot) in plan.shots.iter().enumerate() {
        while let Some(chapter) = chapters.next_if(|chapter| chapter.start <= shot.start) {
            lines.push(format!("\n  {}", chapter.title));
        }
        lines.push(format!("  {:>3}  {}", index + 1, row(shot, wide)));
    }
    if !plan.left_out.is_empty() {
        lines.push(format!("\n  left out: {}", plan.left_out.len()));
        // What models did not look at is thousands of media. The summary counts them, and `-v` lists them.
        let passed = |left: &&LeftOut| left.cause == LeftOutCause::PassedOver;
        for left in plan.left_out.iter().filter(|left| names_all || !passed(left)) {
            lines.push(format!("       {:wide$}  {}", left.source.as_str(), words::left_out(&left.cause)));
        }
    }
    lines.push(format!("\n  {}", words::outline(&plan.outline).summary));
    session.printer.say(&lines.join("\n"));
}

fn row(shot: &Shot, wide: usize) -> String {
    let part = shot
        .source
        .part
        .map_or(String::new(), |(from, to)| format!("  {:.1}–{:.1} s of the clip", from.secs(), to.secs()));
    let (start, long) = (length(shot.start), shot.length.secs());
    let reason = words::shot(&shot.reason);
    format!("{start:>8} {long:>5.2} s  {}  {reason}{part}", padded(shot.source.path.as_str(), wide))
}
