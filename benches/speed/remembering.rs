//! Measures the cost of changes to a movie of two minutes with 200 media.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::{Bench, files, median, row};

const CLIPS: usize = 24;
const PHOTOS: usize = 176;

impl Bench {
    /// Measures every kind of change, as a ratio to the cold build.
    pub(super) fn remembering(&self) {
        let spec = self.trip();
        let path = spec.to_str().expect("UTF-8");
        let text = fs::read_to_string(&spec).expect("the spec");
        self.forget();
        let cold = self.run(&["build", path]);
        row("two minutes of 200 media, cold", &format!("{:.0} s", cold.wall), "");
        std::thread::sleep(Duration::from_millis(2100));
        self.run(&["build", path]);
        let ratio = |wall: f64| format!("1/{:.0}", cold.wall / wall);

        let idle: Vec<_> = (0..7).map(|_| self.run(&["build", path])).collect();
        let peak = idle.iter().map(|cost| cost.peak_mib).fold(0.0, f64::max);
        let wall = median(idle.iter().map(|cost| cost.wall).collect());
        row("  nothing changed, against cold", &ratio(wall), "≤ 1/500");
        row("  nothing changed, peak memory", &format!("{peak:.0} MiB"), "< 60 MiB");

        let neutral = (0..5).map(|n| {
            fs::write(&spec, text.replace("prompt: a trip", &format!("prompt: a trip {n}")))
                .expect("the spec");
            self.run(&["build", path]).wall
        });
        let neutral = median(neutral.collect());
        row("  another prompt, the same plan", &ratio(neutral), "≤ 1/200");

        let trimmed = (0..3).map(|n| {
            fs::write(&spec, text.replace("clips/3.mp4", &format!("clips/3.mp4, {}", part(n))))
                .expect("the spec");
            let movie = spec.with_file_name("movie.mp4");
            let before = fs::read(&movie).expect("the movie");
            let wall = self.run(&["build", path]).wall;
            assert!(fs::read(&movie).expect("the movie") != before, "the trim changed nothing");
            wall
        });
        let trimmed = median(trimmed.collect());
        row("  one clip trimmed", &ratio(trimmed), "≤ 1/15");
        fs::write(&spec, &text).expect("the spec");
        self.run(&["build", path]);
        self.watching(&spec, &text);
    }

    /// Measures the time from a save to the playable draft, and to the end of a build that another save
    /// interrupts.
    fn watching(&self, spec: &Path, text: &str) {
        let mut watch = Watch::start(self, spec, &["--final"]);
        watch.until(|event| event.contains("\"finished\""));
        watch.until(|event| event.contains("\"finished\""));
        let saved = |rule: &str| {
            fs::write(spec, text.replace("clips/5.mp4", rule)).expect("the spec");
            Instant::now()
        };
        let (mut drafts, mut stops) = (Vec::new(), Vec::new());
        for n in 0..5 {
            let start = saved(&format!("clips/5.mp4, {}", part(n)));
            watch.until(|event| event.contains("\"finished\""));
            drafts.push(start.elapsed().as_secs_f64());
            // The final movie begins after two quiet seconds, and another save stops it.
            watch.until(|event| event.contains("\"rendering\""));
            std::thread::sleep(Duration::from_millis(100));
            let start = saved("clips/5.mp4");
            watch.until(|event| event.contains("\"overtaken\""));
            stops.push(start.elapsed().as_secs_f64());
            watch.until(|event| event.contains("\"finished\""));
        }
        row("  from save to draft, one shot changed", &format!("{:.2} s", median(drafts)), "< 1.5 s");
        row(
            "  from save to the end of what is overtaken",
            &format!("{:.0} ms", median(stops) * 1e3),
            "< 200 ms",
        );
    }

    /// Creates 176 photos and 24 clips of six seconds, all different, from those of the demo, and two and a
    /// half minutes of music.
    fn trip(&self) -> std::path::PathBuf {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie");
        let (photos, clips) = (files(&demo.join("photos")), files(&demo.join("clips")));
        for n in 0..PHOTOS {
            // Different crops and hues make the photos different for every analysis.
            let (x, y) = (n / 5 % 3, n / 15 % 3);
            let part = format!("crop=iw*0.6:ih*0.6:iw*0.2*{x}:ih*0.2*{y},hue=h={}", n * 47 % 360);
            let photo = &photos[n % photos.len()];
            let filter =
                format!("{part},scale=2000:1500:force_original_aspect_ratio=increase,crop=2000:1500");
            let args = ["-i", photo.as_str(), "-vf", &filter, "-frames:v", "1", "-q:v", "3"];
            self.ffmpeg(&args, &format!("trip/photos/{n:03}.jpg"));
        }
        for n in 0..CLIPS {
            let clip = &clips[n % clips.len()];
            let filter = format!(
                "hue=h={},scale=1920:1080:force_original_aspect_ratio=increase,crop=1920:1080,fps=30",
                n * 83 % 360
            );
            let args = ["-stream_loop", "3", "-i", clip.as_str(), "-t", "6", "-an", "-vf", &filter];
            let codec =
                ["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-b:v", "12M", "-pix_fmt", "yuv420p"];
            self.ffmpeg(&[&args[..], &codec].concat(), &format!("trip/clips/{n}.mp4"));
        }
        let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie/music/song.ogg");
        let song = song.to_str().expect("UTF-8").to_owned();
        self.ffmpeg(&["-stream_loop", "3", "-i", &song, "-t", "150", "-c:a", "libmp3lame"], "trip/song.mp3");
        let spec = self.path("trip/movie.yaml");
        // The clips to trim are required, so that the movie certainly shows them.
        let text = "prompt: a trip\nmedia:\n  - photos/\n  - clips/\n  - {path: clips/3.mp4, required: true}\n  \
                    - {path: clips/5.mp4, required: true}\nmusic: song.mp3\nduration: 120s\n";
        fs::write(&spec, text).expect("a spec");
        spec
    }
}

/// Returns a part of a six-second clip that doesn't overlap the previous one.
fn part(n: usize) -> String {
    if n.is_multiple_of(2) { format!("out: 2.{}s", 9 - n) } else { format!("in: 3.{n}s") }
}

/// A running `mmm watch --json`.
struct Watch {
    child: Child,
    events: Receiver<String>,
}

impl Watch {
    fn start(bench: &Bench, spec: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mmm"))
            .args(["watch", "--json", "--port", "0"])
            .args(args)
            .arg(spec)
            .env("MMM_CACHE_DIR", bench.path("cache/here"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("mmm");
        let (sender, events) = channel();
        let lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        Self { child, events }
    }

    /// Waits for an event that `is_it` accepts.
    fn until(&mut self, is_it: impl Fn(&str) -> bool) {
        loop {
            let event = self.events.recv_timeout(Duration::from_secs(600)).expect("an event");
            if is_it(&event) {
                return;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
