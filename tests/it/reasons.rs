//! Why a build runs an action: `why`, dry runs, traces and the graph.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::space::Space;

/// Returns a movie of four photos on a steady beat.
fn album() -> Space {
    let space = Space::with_photos(&["hill", "bee", "astronaut", "fig"]);
    space.clicks("song.wav", 120.0, 20.0);
    space.movie(SPEC);
    space
}

const SPEC: &str = "\
media: photos/
music: {path: song.wav, beats: {first-downbeat: 0s}}
duration: 8s
constraints: {order: as-listed}
style: {transitions: cut, titles: off}
";

/// Returns what `mmm why` reports of a time in the draft.
#[track_caller]
fn why(space: &Space, at: &str) -> Value {
    space.last_event(&["why", "movie.draft.mp4", "--at", at, "--json"])
}

#[test]
fn why_names_the_changed_file_behind_a_segment() {
    let space = album();
    space.run(&["why", "movie.mp4"]).expect_exit(2);
    space.draft();
    assert_eq!(why(&space, "0s")["made"], "first");
    let shots = space.timeline();
    let second = shots["shots"][1].clone();
    space.add_comment(second["source"].as_str().unwrap());
    space.draft();
    let middle = second["start"].as_f64().unwrap() / 30.0 + 0.5;
    let found = why(&space, &format!("{middle}s"));
    assert_eq!(
        (&found["made"], &found["shot"], &found["number"]),
        (&"again".into(), &second["id"], &2.into())
    );
    let source = second["source"].as_str().unwrap();
    assert_eq!(found["changes"][0]["what"], format!("`{source}`"), "{found}");
    assert_eq!(found["causes"][0]["what"], format!("the file `{source}`"), "{found}");
    assert_eq!(why(&space, "0s")["made"], "kept");
    let text = space.run(&["why", "movie.draft.mp4", "--at", &format!("{middle}s")]).expect_success().stdout;
    assert!(text.contains("rendered again") && text.contains("has other content"), "{text}");
    space.run(&["why", "movie.draft.mp4", "--at", "99s"]).expect_exit(2);
}

#[test]
fn why_answers_for_drafts_until_a_movie_is_built() {
    let space = album();
    space.movie(&format!("{SPEC}outputs: {{movie.mp4: {{poster: poster.jpg}}}}\n"));
    space.draft();
    let of = |target: &str| space.last_event(&["why", target, "--at", "3s", "--json"]);
    let (movie, draft) = (of("movie.mp4"), of("movie.draft.mp4"));
    assert_eq!(movie, draft);
    assert_eq!((&movie["profile"], &movie["output"]), (&"draft".into(), &"movie.mp4".into()));
    let text = space.run(&["why", "movie.mp4"]).expect_success().stdout;
    assert!(text.starts_with("only drafts were built yet"), "{text}");
    let picture = space.run(&["why", "poster.jpg", "--json"]).expect_exit(2);
    assert!(
        picture.stdout.contains("only drafts were built yet, which have no pictures"),
        "{}",
        picture.stdout
    );
    space.run(&["why", "movie.mp4", "--at", "99s"]).expect_exit(2);
    space.run(&["build"]).expect_success();
    assert_eq!(of("movie.mp4")["profile"], "final");
    assert_eq!(of("movie.draft.mp4")["profile"], "draft");
    let text = space.run(&["why", "movie.mp4"]).expect_success().stdout;
    assert!(text.starts_with("shot 1"), "{text}");
}

#[test]
fn why_names_the_spec_line_behind_a_longer_shot() {
    let space = album();
    space.draft();
    space.movie(&SPEC.replace("duration: 8s", "duration: 10s"));
    space.draft();
    // Not every shot need be longer.
    let is_longer = |found: &serde_json::Value| {
        let changes = found["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
        found["made"] == "again" && changes.iter().any(|change| change["what"] == "frames")
    };
    let found = (0..10).map(|second| why(&space, &format!("{second}.5s"))).find(is_longer);
    let found = found.expect("a longer shot");
    let cause = found["causes"].as_array().unwrap().iter().find(|cause| cause["line"] == 3).cloned();
    let cause = cause.unwrap_or_else(|| panic!("line 3 is the cause: {found}"));
    assert!(cause["what"].as_str().unwrap().starts_with("duration"), "{cause}");
    assert_eq!((&cause["before"], &cause["after"]), (&"8.0".into(), &"10.0".into()));
}

#[test]
fn verbose_builds_print_why_each_step_runs_again() {
    let space = album();
    space.draft();
    space.add_comment("photos/bee.jpg");
    let ran = space.run(&["build", "--profile", "draft", "-v"]).expect_success();
    let lines: Vec<&str> = ran.stderr.lines().filter(|line| line.trim_start().starts_with("run ")).collect();
    assert_eq!(lines.len(), 4, "a probe, facts, a mask and a segment:\n{}", ran.stderr);
    assert!(lines[..3].iter().all(|line| line.contains("`photos/bee.jpg` changed")), "{lines:?}");
    assert!(lines[3].contains("segment") && lines[3].contains("has other content"), "{lines:?}");
}

#[test]
fn a_dry_run_says_what_would_run_and_runs_nothing() {
    let space = album();
    let cold = space.run(&["build", "--profile", "draft", "--dry-run", "--json"]).expect_success().events();
    assert_eq!(cold.last().unwrap()["complete"], false);
    let facts = cold.iter().filter(|event| event["event"] == "would-run");
    let files: BTreeSet<&str> = facts.map(|event| event["file"].as_str().expect("a file")).collect();
    let lines = space.run(&["build", "--profile", "draft", "--dry-run"]).expect_success().stdout;
    for name in ["photos/hill.jpg", "photos/fig.jpg", "photos/bee.jpg", "song.wav"] {
        assert!(files.contains(name), "{files:?}");
        assert!(lines.contains(&format!("`{name}` is new")), "{lines}");
    }
    assert!(!space.path("movie.draft.mp4").exists() && !space.path("movie.lock").exists());
    space.draft();
    let warm = space.run(&["build", "--profile", "draft", "--dry-run", "--json"]).expect_success().events();
    let last = warm.last().unwrap();
    assert_eq!((&last["run"], &last["complete"]), (&0.into(), &true.into()), "{last}");
    assert!(last["cached"].as_u64().unwrap() > 10);
    // The facts are cached, so the dry run knows the segments to encode and about how long they take.
    space.movie(&SPEC.replace("titles: off", "titles: off, fit: contain"));
    let next = space.run(&["build", "--profile", "draft", "--dry-run", "--json"]).expect_success().events();
    let would: Vec<&Value> = next.iter().filter(|event| event["event"] == "would-run").collect();
    assert!(!would.is_empty() && would.iter().all(|event| event["kind"] == "segment"), "{next:?}");
    assert!(would.iter().all(|event| event["seconds"].as_f64().unwrap() > 0.0), "{would:?}");
    let forecast = next.last().unwrap()["run"].as_u64().unwrap();
    let ran = space.draft().actions();
    assert_eq!(ran.values().sum::<usize>() as u64, forecast, "other actions ran than were forecast: {ran:?}");
}

#[test]
fn a_dry_run_says_that_more_follows_until_the_pictures_are_framed() {
    let space = album();
    space.run(&["analyze", "photos", "song.wav"]).expect_success();
    let dry = || space.run(&["build", "--profile", "draft", "--dry-run", "--json"]).expect_success().events();
    let events = dry();
    let would_run = events.iter().filter(|event| event["event"] == "would-run");
    let kinds: BTreeSet<&str> = would_run.filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["photo-mask"].into(), "{events:?}");
    let last = events.last().unwrap();
    assert_eq!(last["complete"], false, "{last}");
    // Five probes, the facts of four photos, and those of the song.
    assert!(last["cached"].as_u64().unwrap() >= 10, "{last}");
    assert_eq!(space.draft().actions()["photo-mask"] as u64, last["run"].as_u64().unwrap());
    assert_eq!(dry().last().unwrap()["complete"], true);
}

#[test]
fn a_trace_shows_every_action_and_its_wait() {
    let space = album();
    let args = ["build", "--profile", "draft", "--json", "--jobs", "2", "--trace", "trace.json"];
    let ran = space.run(&args).expect_success();
    let trace: Value = serde_json::from_str(&fs::read_to_string(space.path("trace.json")).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    let actions: usize = ran.actions().values().sum();
    let slices = of("X").into_iter().filter(|event| event["args"]["key"].is_string()).count();
    assert_eq!((slices, of("b").len(), of("e").len()), (actions, actions, actions));
    for event in of("X") {
        assert!(
            event["dur"].is_u64() && event["ts"].is_u64() && event["tid"].as_u64().unwrap() <= 2,
            "{event}"
        );
    }
    assert!(of("X").iter().any(|event| event["tid"] == 2), "two workers");
    // The actions of one worker don't overlap.
    for worker in 1..=2 {
        let mut own: Vec<(u64, u64)> = of("X")
            .iter()
            .filter(|event| event["tid"] == worker)
            .map(|event| (event["ts"].as_u64().unwrap(), event["dur"].as_u64().unwrap()))
            .collect();
        own.sort_unstable();
        assert!(own.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0), "{own:?}");
    }
    space.run(&["build", "--trace", "no/such/folder/trace.json"]).expect_exit(1);
}

#[test]
fn every_file_in_the_graph_leads_to_the_movie() {
    let space = album();
    space.run(&["build"]).expect_success();
    let graph: Value =
        serde_json::from_str(&space.run(&["graph", "--format", "json"]).expect_success().stdout).unwrap();
    let nodes = graph["nodes"].as_object().unwrap();
    let of_kind = |kind: &str| nodes.values().filter(|node| node["kind"] == kind).count();
    assert_eq!((of_kind("file"), of_kind("photo-facts"), of_kind("segment"), of_kind("movie")), (5, 4, 4, 1));
    assert!(nodes.values().all(|node| node["cached"] != false), "not everything is cached: {graph}");
    // Both nodes of every edge exist, and every file has a path to the movie.
    let edges: Vec<(&str, &str)> = graph["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (edge[0].as_str().unwrap(), edge[1].as_str().unwrap()))
        .collect();
    assert!(edges.iter().all(|(from, to)| nodes.contains_key(*from) && nodes.contains_key(*to)));
    for file in nodes.keys().filter(|name| name.starts_with("file ")) {
        let (mut reached, mut next) = (vec![file.as_str()], 0);
        while next < reached.len() {
            let here = reached[next];
            reached.extend(edges.iter().filter(|(from, _)| *from == here).map(|(_, to)| *to));
            reached.dedup();
            next += 1;
        }
        assert!(reached.contains(&"movie movie.mp4"), "{file}");
    }
    let dot = space.run(&["graph"]).expect_success().stdout;
    assert!(dot.starts_with("digraph") && dot.contains("photos/hill.jpg") && dot.ends_with("}\n"));
    let mermaid = space.run(&["graph", "--format", "mermaid"]).expect_success().stdout;
    assert!(mermaid.starts_with("flowchart LR") && mermaid.contains("-->"));
}
