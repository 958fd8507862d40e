//! Compares a timeline of two minutes with the unavoidable work, with one ffmpeg command, and with MoviePy.

mod graph;
mod media;
mod moviepy;
mod raw;
mod timeline;

use std::fs;
use std::path::Path;

use self::timeline::Timeline;
use super::{Bench, Cost, row};

/// Returns the folder of the timeline's media: photos and clips, named by number.
pub fn media_folder() -> std::path::PathBuf {
    media::spec().with_file_name("media")
}

/// x264's settings for a final movie, as in crates/render.
const SETTINGS: [(&str, &str); 2] = [("preset", "veryfast"), ("crf", "20")];

impl Bench {
    /// Measures a timeline of 40 photos with motion, 20 clips in 1080p and 4K, 12 dissolves, 4 titles and a
    /// song.
    pub(super) fn studio(&self) {
        let spec = media::spec();
        let timeline = self.exported(&spec);
        let seconds = timeline.seconds();
        let (one, two) = (self.rendered(&spec, "1", &[]), self.rendered(&spec, "2", &[]));
        let raw = raw::Work::of(&timeline, &spec.with_file_name("movie.mp4"), (1920, 1080));
        self.forget_records(&["proxy"]);
        let first_draft = self.rendered(&spec, "2", &["--profile", "draft"]);
        let draft = self.rendered(&spec, "2", &["--profile", "draft"]);
        row(
            "two minutes of photos, 1080p and 4K",
            &format!("{:.1} s", two.wall),
            &format!("{seconds:.0} s long"),
        );
        println!("  by itself: {raw}");
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(2) as f64;
        let against = |ours: f64, theirs: f64| format!("{:.2}×", ours / theirs);
        row("  processor time, against bare work", &against(two.cpu, raw.total()), "≤ 1.1×");
        row("  wall time, against it on all cores", &against(two.wall, raw.total() / cores), "≤ 1.1×");
        row("  two jobs against one", &against(one.wall, two.wall), "≥ 1.9×");
        row("  a draft against the final movie", &against(two.wall, draft.wall), "≥ 5×");
        row("  the first draft of the clips against it", &against(two.wall, first_draft.wall), "≥ 3.3×");
        row("  peak memory at two jobs", &format!("{:.0} MiB", two.peak_mib), "< 1229 MiB");
        let graph = self.one_graph(&timeline);
        row("  one ffmpeg command, wall", &against(graph.wall, two.wall), "≥ 1×");
        row("  one ffmpeg command, memory", &against(graph.peak_mib, two.peak_mib), "≥ 3×");
        match self.moviepy(&timeline) {
            Some((moviepy, made)) => {
                let (theirs, ours) = (moviepy.wall / made, two.wall / seconds);
                row("  MoviePy, wall for each second", &against(theirs, ours), "≥ 7×");
            }
            None => row("  MoviePy", "none", "python3-venv"),
        }
    }

    /// Measures half a minute of the same media in 4K.
    pub(super) fn four_k(&self) {
        let spec = media::four_k();
        let timeline = self.exported(&spec);
        let two = self.rendered(&spec, "2", &[]);
        row(
            "half a minute in 4K",
            &format!("{:.1} s", two.wall),
            &format!("{:.0} s long", timeline.seconds()),
        );
        let raw = raw::Work::of(&timeline, &spec.with_file_name("movie.mp4"), (3840, 2160));
        println!("  by itself: {raw}");
        row("  processor time, against bare work", &format!("{:.2}×", two.cpu / raw.total()), "≤ 1.1×");
        row("  peak memory at two jobs", &format!("{:.0} MiB", two.peak_mib), "< 1229 MiB");
    }

    /// Returns the timeline, with all facts about its media in the cache.
    fn exported(&self, spec: &Path) -> Timeline {
        self.forget();
        let text = self.output(&["export", spec.to_str().expect("UTF-8")]);
        Timeline::read(&text, spec)
    }

    /// Removes the cached answers of actions whose kinds start with one of `kinds`.
    pub(super) fn forget_records(&self, kinds: &[&str]) {
        let records = self.path("cache/here/store-v1/records/all");
        for entry in fs::read_dir(records.with_file_name("")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if kinds.iter().any(|kind| name.starts_with(kind)) {
                fs::remove_dir_all(entry.path()).expect("records");
            }
        }
    }

    /// Renders all segments again. The facts of the media and the proxies of clips stay in the cache.
    fn rendered(&self, spec: &Path, jobs: &str, more: &[&str]) -> Cost {
        self.forget_records(&["segment", "sound"]);
        fs::remove_file(spec.with_file_name("movie.mp4")).ok();
        let spec = spec.to_str().expect("UTF-8");
        self.run(&[&["build", spec, "--jobs", jobs], more].concat())
    }
}
