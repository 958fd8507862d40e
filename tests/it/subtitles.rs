//! Titles and captions as subtitles: in a file beside the movie, and as a text track in it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::measure::{decode, ffprobe, frames};
use crate::space::Space;
use crate::tools::tool;

/// Returns a movie with a title and a caption of two lines, at 25 fps.
fn spoken(outputs: &str) -> Space {
    let space = Space::with_photos(&["hill", "bee"]).without_models();
    spec(&space, outputs, "שלום & <b>\\n5 > 4");
    space
}

fn spec(space: &Space, outputs: &str, caption: &str) {
    space.movie(&format!(
        "title: Überall\nmedia: [{{path: photos/hill.jpg, caption: \"{caption}\"}}, photos/bee.jpg]\n\
         duration: 6s\nrate: 25\nsize: 480\nstyle: {{photos: still, transitions: cut}}\n\
         constraints: {{order: as-listed}}\noutputs: {{ {outputs} }}\n"
    ));
}

/// Returns the frames and the texts that the plan shows: each text with its first frame and the one after its
/// last.
fn shown(space: &Space) -> Vec<(String, u64, u64)> {
    let plan = space.last_event(&["plan", "--json"]);
    let seconds = |value: &Value| value.as_f64().unwrap();
    let titles = plan["titles"].as_array().unwrap().iter();
    let frame = |time: f64| (time * 25.0).round() as u64;
    titles
        .map(|title| {
            let (start, length) = (seconds(&title["start"]), seconds(&title["length"]));
            (title["text"].as_str().unwrap().to_owned(), frame(start), frame(start + length))
        })
        .collect()
}

/// Returns the packets of the text track that have a text: their first frame, and the one after their last.
fn packets(path: &Path) -> Vec<(u64, u64)> {
    let found = ffprobe(path, &["-select_streams", "s:0", "-show_packets"]);
    let time = |packet: &Value, name: &str| packet[name].as_str().unwrap().parse::<f64>().unwrap();
    let packets = found["packets"].as_array().unwrap().iter();
    // An empty text has its length only.
    let with_text = packets.filter(|packet| packet["size"].as_str().unwrap().parse::<u32>().unwrap() > 2);
    with_text
        .map(|packet| {
            let (start, length) = (time(packet, "pts_time"), time(packet, "duration_time"));
            ((start * 25.0).round() as u64, ((start + length) * 25.0).round() as u64)
        })
        .collect()
}

/// Returns the subtitles that ffmpeg reads from a file or a track, as SubRip.
fn as_srt(path: &Path) -> String {
    let output =
        tool("ffmpeg").args(["-v", "error", "-i"]).arg(path).args(["-f", "srt", "-"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n")
}

/// Returns the frames of a SubRip file with its texts.
fn read_srt(text: &str) -> Vec<(String, u64, u64)> {
    let frame = |time: &str| {
        let (clock, millis) = time.trim().split_once(',').unwrap();
        let seconds = clock.split(':').fold(0, |sum, part| sum * 60 + part.parse::<u64>().unwrap());
        ((seconds * 1000 + millis.parse::<u64>().unwrap()) * 25 + 500) / 1000
    };
    let blocks = text.trim().split("\n\n");
    blocks
        .map(|block| {
            let mut lines = block.lines().skip(1);
            let (start, end) = lines.next().unwrap().split_once(" --> ").unwrap();
            (lines.collect::<Vec<_>>().join("\n"), frame(start), frame(end))
        })
        .collect()
}

#[test]
fn files_and_tracks_have_the_texts_at_their_frames() {
    let space = spoken("m.mp4: {subtitles: m.srt}, n.mov: {subtitles: n.vtt}, o.webm: {subtitles: o.srt}");
    space.run(&["build"]).expect_success();
    let mut wanted = shown(&space);
    // The caption begins a moment before the title; a subtitle of that moment would only flash.
    let first = wanted.iter().map(|(_, start, _)| *start).min().unwrap();
    wanted.iter_mut().filter(|(_, start, _)| start - first < 25).for_each(|(_, start, _)| *start = first);
    let text = fs::read_to_string(space.path("m.srt")).unwrap();
    let found = read_srt(&text);
    let titles: Vec<&String> = wanted.iter().map(|(text, ..)| text).collect();
    assert_eq!(titles, ["שלום & <b>\n5 > 4", "Überall"].iter().collect::<Vec<_>>().as_slice());
    // The title and the caption overlap: one subtitle for each set of texts.
    for (text, start, end) in &found {
        let there = |wanted: &&(String, u64, u64)| wanted.1 <= *start && *end <= wanted.2;
        let lines: usize = wanted.iter().filter(there).map(|(text, ..)| text.lines().count()).sum();
        assert_eq!(text.lines().count(), lines, "{text:?} {start}..{end} {wanted:?}");
    }
    let ends = |from: &[(String, u64, u64)]| {
        let mut ends: Vec<u64> = from.iter().flat_map(|(_, start, end)| [*start, *end]).collect();
        ends.sort_unstable();
        ends.dedup();
        ends
    };
    assert_eq!(ends(&found), ends(&wanted));
    assert!(text.contains("Überall") && text.contains("שלום & <b>\n5 > 4"), "{text}");

    let vtt = fs::read_to_string(space.path("n.vtt")).unwrap();
    assert!(vtt.starts_with("WEBVTT\n\nNOTE ") && vtt.contains("שלום &amp; &lt;b&gt;\n5 &gt; 4"), "{vtt}");
    assert_eq!(fs::read(space.path("o.srt")).unwrap(), text.as_bytes());

    let times: Vec<(u64, u64)> = found.iter().map(|(_, start, end)| (*start, *end)).collect();
    for (name, codec) in [("m.mp4", "mov_text"), ("n.mov", "mov_text"), ("o.webm", "webvtt")] {
        let path = space.path(name);
        let probe = ffprobe(&path, &["-show_streams"]);
        let streams = probe["streams"].as_array().unwrap();
        let track = streams.iter().find(|stream| stream["codec_type"] == "subtitle").unwrap();
        assert_eq!(track["codec_name"], codec, "{name}");
        // Players would show the texts twice.
        assert_eq!(track["disposition"]["default"], 0, "{name}");
        if codec == "mov_text" {
            let others = streams.iter().filter(|stream| stream["codec_type"] == "video");
            others.for_each(|stream| assert_eq!(stream["disposition"]["default"], 1, "{name}"));
        }
        assert_eq!(packets(&path), times, "{name}");
        let read = as_srt(&path);
        assert!(read.contains("Überall") && read.contains("שלום"), "{name}: {read}");
        // The picture still plays to its end.
        assert_eq!(frames(&path, 16, 9).len(), 150, "{name}");
    }
    // ffmpeg reads the files themselves, too.
    for name in ["m.srt", "n.vtt"] {
        assert!(as_srt(&space.path(name)).contains("Überall"), "{name}");
    }
    assert_eq!(space.run(&["build", "--json"]).expect_success().finished_event()["actions"]["run"], 0);
    let review = space.run(&["review", "m.mp4", "--json"]).expect_success().review_event();
    assert_eq!(crate::space::failing_figures(&review), [""; 0]);
}

#[test]
fn with_titles_off_the_texts_are_only_subtitles() {
    let space = Space::with_photos(&["hill"]).without_models();
    space.movie(
        "media: [{path: photos/hill.jpg, caption: Up there}]\nduration: 3s\nrate: 25\nsize: 480\n\
         style: {transitions: cut}\noutputs:\n  a.mp4: {subtitles: a.srt, style: {titles: off}}\n  \
         b.mp4: {style: {titles: off}}\n  c.mp4: {subtitles: c.srt}\n  \
         d.webm: {subtitles: d.vtt, style: {titles: off}}\n",
    );
    space.run(&["build"]).expect_success();
    let picture = |name: &str| decode(&space.path(name), &["-map", "0:v", "-c", "copy", "-f", "h264"]);
    assert!(picture("a.mp4") == picture("b.mp4"), "a text is in the picture");
    assert!(picture("a.mp4") != picture("c.mp4"), "no text is in the picture");
    let text = fs::read_to_string(space.path("a.srt")).unwrap();
    assert!(text.contains("Up there"), "{text}");
    assert_eq!(text, fs::read_to_string(space.path("c.srt")).unwrap());
    assert_eq!(packets(&space.path("a.mp4")).len(), 1);
    for (name, is_default) in [("a.mp4", 1), ("c.mp4", 0), ("d.webm", 1)] {
        let probe = ffprobe(&space.path(name), &["-select_streams", "s:0", "-show_streams"]);
        assert_eq!(probe["streams"][0]["disposition"]["default"], is_default, "{name}");
    }
    // Drafts have neither.
    space.draft();
    assert!(!space.path("a.draft.srt").exists());
    let probe = ffprobe(&space.path("a.draft.mp4"), &["-show_streams"]);
    assert!(probe["streams"].as_array().unwrap().iter().all(|stream| stream["codec_type"] != "subtitle"));
}

#[test]
fn only_files_that_mmm_wrote_are_replaced() {
    for name in ["m.srt", "m.vtt"] {
        let space = spoken(&format!("m.mp4: {{subtitles: {name}}}"));
        let path = space.path(name);
        let build = || space.run(&["build", "--json"]);
        fs::write(&path, "my own").unwrap();
        assert_eq!(build().expect_exit(1).codes(), ["mmm::output::not-ours"]);
        assert!(!space.path("m.mp4").exists(), "it was found before rendering");
        assert_eq!(fs::read(&path).unwrap(), b"my own");

        fs::remove_file(&path).unwrap();
        build().expect_success();
        let first = fs::read(&path).unwrap();
        spec(&space, &format!("m.mp4: {{subtitles: {name}}}"), "other words");
        build().expect_success();
        let second = fs::read_to_string(&path).unwrap();
        assert!(second.contains("other words") && second.as_bytes() != first);

        // A file that someone corrected stays.
        fs::write(&path, second.replace("other words", "better words")).unwrap();
        spec(&space, &format!("m.mp4: {{subtitles: {name}}}"), "third");
        assert_eq!(build().expect_exit(1).codes(), ["mmm::output::not-ours"]);
        assert!(fs::read_to_string(&path).unwrap().contains("better words"));

        // The same text is no obstacle, even if the cache is gone.
        fs::remove_file(&path).unwrap();
        build().expect_success();
        fs::remove_dir_all(space.cache()).unwrap();
        build().expect_success();

        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("elsewhere", &path).unwrap();
        assert_eq!(build().expect_exit(1).codes(), ["mmm::output::not-ours"]);
    }
}
