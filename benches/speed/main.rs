//! Measures speed and memory, and prints the figures with their targets: `make bench`.
//!
//! ffmpeg creates the media here, so that everybody measures the same. Machines are shared, so each figure is
//! the median of several runs.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark runs programs and prints")]

mod folder;
mod length;
mod presets;
mod remembering;
mod studio;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Measures one thing and prints its rows.
type Part = fn(&Bench);

struct Bench {
    folder: tempfile::TempDir,
}

fn main() {
    // `cargo test --benches` runs this too, but needs no figures.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let bench = Bench { folder: tempfile::tempdir().expect("a temporary folder") };
    println!("{:<44} {:>10} {:>14}", "", "measured", "wanted");
    let parts: [(&str, Part); 11] = [
        ("idle", Bench::no_op_of_200_media),
        ("folder", Bench::folder),
        ("photo", Bench::photo_facts),
        ("clip", Bench::clip_facts),
        ("music", Bench::music_facts),
        ("cold", Bench::cold_build),
        ("remembering", Bench::remembering),
        ("studio", Bench::studio),
        ("four-k", Bench::four_k),
        ("length", Bench::length),
        ("presets", Bench::presets),
    ];
    // `cargo bench -- clip music` measures only these parts.
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (name, measure) in parts {
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            measure(&bench);
        }
    }
}

fn row(what: &str, measured: &str, wanted: &str) {
    println!("{what:<44} {measured:>10} {wanted:>14}");
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The resources that one run of a process used.
struct Cost {
    wall: f64,
    cpu: f64,
    peak_mib: f64,
}

impl Bench {
    fn path(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        path
    }

    fn ffmpeg(&self, args: &[&str], out: &str) -> PathBuf {
        let path = self.path(out);
        let status = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(args).arg(&path).status();
        assert!(status.expect("ffmpeg is installed").success());
        path
    }

    /// Runs mmm under GNU time and returns the cost.
    fn run(&self, args: &[&str]) -> Cost {
        let report = self.path("cost.txt");
        let start = Instant::now();
        let status = Command::new("/usr/bin/time")
            .args(["-f", "%U %S %M", "-o"])
            .arg(&report)
            .arg(env!("CARGO_BIN_EXE_mmm"))
            .args(args)
            .env("MMM_CACHE_DIR", self.path("cache/here"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("GNU time is installed");
        let wall = start.elapsed().as_secs_f64();
        assert!(status.success(), "mmm {args:?} failed");
        cost(wall, &report)
    }

    /// Returns what mmm prints to its standard output.
    fn output(&self, args: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_mmm"))
            .args(args)
            .env("MMM_CACHE_DIR", self.path("cache/here"))
            .stderr(Stdio::inherit())
            .output()
            .expect("mmm");
        assert!(output.status.success(), "mmm {args:?} failed");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn forget(&self) {
        fs::remove_dir_all(self.path("cache/here")).ok();
    }

    /// Writes a photo-like picture: smooth and detailed parts with noise, at a quarter of a byte per pixel,
    /// as phones store photos.
    fn photo(&self, name: &str, size: &str, seed: usize) -> PathBuf {
        let source = format!("mandelbrot=s={size}:start_scale=3");
        let noise = format!("noise=alls=5:all_seed={seed}");
        self.ffmpeg(&["-f", "lavfi", "-i", &source, "-vf", &noise, "-frames:v", "1", "-q:v", "3"], name)
    }

    fn no_op_of_200_media(&self) {
        let first = self.photo("many/photos/000.jpg", "1200x900", 0);
        let bytes = fs::read(first).expect("the photo");
        for n in 1..200u32 {
            let mut copy = bytes.clone();
            copy.splice(2..2, [0xff, 0xfe, 0, 6].into_iter().chain(n.to_be_bytes()));
            fs::write(self.path(&format!("many/photos/{n:03}.jpg")), copy).expect("a copy");
        }
        let spec = self.path("many/movie.yaml");
        fs::write(&spec, "media: photos/\nduration: 3s..20s\n").expect("a spec");
        let spec = spec.to_str().expect("UTF-8");
        let args = ["build", spec, "--profile", "draft"];
        let cold = self.run(&args);
        // Files newer than one clock step are read again, so only the next build is idle.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        self.run(&args);
        let runs: Vec<Cost> = (0..11).map(|_| self.run(&args)).collect();
        let wall = median(runs.iter().map(|cost| cost.wall).collect());
        let peak = median(runs.iter().map(|cost| cost.peak_mib).collect());
        row("no-op build, 200 media", &format!("{:.0} ms", wall * 1e3), "< 100 ms");
        row("  against the cold build", &format!("1/{:.0}", cold.wall / wall), "");
        row("  peak memory", &format!("{peak:.0} MiB"), "");
    }

    fn photo_facts(&self) {
        let photos: Vec<PathBuf> =
            (0..8).map(|n| self.photo(&format!("photos/{n}.jpg"), "4000x3000", n)).collect();
        let paths: Vec<&str> = photos.iter().filter_map(|path| path.to_str()).collect();
        let cost = |paths: &[&str], models: &[&str]| {
            let runs = (0..5).map(|_| {
                self.forget();
                self.run(&[&["analyze", "--jobs", "1"], models, paths].concat()).cpu
            });
            median(runs.collect())
        };
        // The difference between eight photos and one excludes the fixed cost of a run.
        let each = |models: &[&str]| (cost(&paths, models) - cost(&paths[..1], models)) / 7.0;
        let (each, seen) = (each(&["--no-models"]), each(&[]));
        row("facts of a 12-megapixel photo, one core", &format!("{:.0} ms", each * 1e3), "< 60 ms");
        let bytes = fs::metadata(&photos[0]).map_or(0, |file| file.len());
        let decode =
            (decoding(&photos[0], &["-frames:v", "21"]) - decoding(&photos[0], &["-frames:v", "1"])) / 20.0;
        row(
            &format!("  against decoding its {:.1} MB", bytes as f64 / 1e6),
            &format!("{:.2}×", each / decode),
            "",
        );
        row("  with models", &format!("{:.0} ms", seen * 1e3), "");
        row("  with models, against decoding", &format!("{:.2}×", seen / decode), "≤ 6×");
    }

    fn clip_facts(&self) {
        let source = ["-f", "lavfi", "-i", "mandelbrot=s=1920x1080:r=30:maxiter=300"];
        let sound = ["-f", "lavfi", "-i", "anoisesrc=a=0.1:d=30", "-t", "30", "-pix_fmt", "yuv420p"];
        let codec = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", "12M", "-c:a", "aac"];
        let camera = ["-g", "30", "-bf", "0"];
        let clip = self.ffmpeg(&[&source[..], &sound, &codec, &camera].concat(), "camera.mp4");
        let cost = self.times_real("facts of a 1080p clip, key frames each second", &clip, 30.0, "> 20×");
        // What docs/facts.md says is decoded: the sound, the key frames, and 1.3 s in the middle.
        let key_frames = decoding_after(&["-skip_frame", "nokey"], &clip, &["-map", "0:v"]);
        let middle = decoding_after(&["-ss", "14.35"], &clip, &["-map", "0:v", "-t", "1.3"]);
        let needed = decoding(&clip, &["-map", "0:a"]) + key_frames + middle;
        row("  against decoding the frames it needs", &format!("{:.2}×", cost / needed), "≤ 1.5×");
        let clip = self.ffmpeg(&[&source[..], &sound, &codec].concat(), "edited.mp4");
        self.times_real("  key frames each 8 seconds: all frames", &clip, 30.0, "");
    }

    fn music_facts(&self) {
        let song = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie/music/song.ogg");
        let song = song.to_str().expect("UTF-8").to_owned();
        let song =
            self.ffmpeg(&["-stream_loop", "4", "-i", &song, "-t", "240", "-c:a", "libmp3lame"], "song.mp3");
        self.times_real("facts of 4 minutes of music, one core", &song, 240.0, "> 60×");
    }

    /// Prints how fast the facts of a file are made; returns their cost in seconds of one core.
    fn times_real(&self, what: &str, file: &Path, seconds: f64, wanted: &str) -> f64 {
        let path = file.to_str().expect("UTF-8");
        let runs = (0..3).map(|_| {
            self.forget();
            self.run(&["analyze", "--jobs", "1", path]).cpu
        });
        let cost = median(runs.collect());
        row(what, &format!("{:.0}×", seconds / cost), wanted);
        let whole = decoding(file, &["-map", "0"]);
        row("  against decoding all of it", &format!("{:.2}×", cost / whole), "");
        cost
    }

    /// Builds the demo at full size, compared with ffmpeg encoding as many frames with the same settings.
    fn cold_build(&self) {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie");
        let copied = Command::new("cp").arg("-r").arg(&demo).arg(self.path("demo")).status();
        assert!(copied.expect("cp").success());
        let spec = self.path("demo/movie.yaml");
        let spec = spec.to_str().expect("UTF-8");
        let build = |jobs: &str| {
            self.forget();
            fs::remove_file(self.path("demo/movie.mp4")).ok();
            self.run(&["build", spec, "--jobs", jobs])
        };
        let (one, two) = (build("1"), build("2"));
        let movie = self.path("demo/movie.mp4");
        let seconds = length(&movie);
        row("cold build of the demo, 1080p30", &format!("{:.1}×", seconds / two.wall), "real time");
        row("  two jobs against one", &format!("{:.2}×", one.wall / two.wall), "2 cores");
        row("  cores busy, all steps", &format!("{:.2}", two.cpu / two.wall), "2 cores");
        row("  peak memory at two jobs", &format!("{:.0} MiB", two.peak_mib), "< 1024 MiB");
        let encode = encode_again(&movie);
        row("  processor time against encoding alone", &format!("{:.2}×", two.cpu / encode), "");
    }
}

/// Parses the output of GNU time for `%U %S %M`.
fn cost(wall: f64, report: &Path) -> Cost {
    let text = fs::read_to_string(report).expect("a report");
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    Cost { wall, cpu: numbers[0] + numbers[1], peak_mib: numbers[2] / 1024.0 }
}

fn length(movie: &Path) -> f64 {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
        .arg(movie)
        .output()
        .expect("ffprobe is installed");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a length")
}

/// Returns the processor seconds that ffmpeg needs to encode a movie with our settings, without the time for
/// decoding it.
fn encode_again(movie: &Path) -> f64 {
    let x264 = ["-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-threads", "1"];
    decoding(movie, &x264) - decoding(movie, &["-an", "-c:v", "rawvideo"])
}

/// Returns the processor seconds that ffmpeg needs to decode a file on one thread, and to encode it if `args`
/// say so. A photo is repeated.
fn decoding(file: &Path, args: &[&str]) -> f64 {
    decoding_after(&[], file, args)
}

/// Does the same with these arguments before the file.
fn decoding_after(before: &[&str], file: &Path, args: &[&str]) -> f64 {
    let again: &[&str] =
        if file.extension().is_some_and(|ending| ending == "jpg") { &["-loop", "1"] } else { &[] };
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%U %S", "ffmpeg", "-v", "error", "-threads", "1"])
        .args(again)
        .args(before)
        .arg("-i")
        .arg(file)
        .args(args)
        .args(["-f", "null", "-"])
        .output()
        .expect("GNU time is installed");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.split_whitespace().filter_map(|word| word.parse::<f64>().ok()).sum::<f64>()
}

/// Returns the files of a folder, in order.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut files: Vec<String> =
        entries.filter_map(|entry| entry.path().to_str().map(str::to_owned)).collect();
    files.sort();
    files
}
