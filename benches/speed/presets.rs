//! Compares the quality, size and speed of encoder settings.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

use super::{Bench, studio};

const SECONDS: f64 = 8.0;
/// Every this many frames, one is compared.
const STEP: usize = 24;

/// The combinations to test: an encoder and its settings.
const TRIED: [(&str, &[&str]); 23] = [
    ("libx264", &["-preset", "ultrafast", "-crf", "20"]),
    ("libx264", &["-preset", "superfast", "-crf", "20"]),
    ("libx264", &["-preset", "superfast", "-crf", "22"]),
    ("libx264", &["-preset", "veryfast", "-crf", "16"]),
    ("libx264", &["-preset", "veryfast", "-crf", "18"]),
    ("libx264", &["-preset", "veryfast", "-crf", "20"]),
    ("libx264", &["-preset", "veryfast", "-crf", "22"]),
    ("libx264", &["-preset", "veryfast", "-crf", "24"]),
    ("libx264", &["-preset", "faster", "-crf", "22"]),
    ("libx264", &["-preset", "fast", "-crf", "22"]),
    ("libx264", &["-preset", "medium", "-crf", "22"]),
    ("libx265", &["-preset", "ultrafast", "-crf", "20"]),
    ("libx265", &["-preset", "veryfast", "-crf", "17"]),
    ("libx265", &["-preset", "veryfast", "-crf", "21"]),
    ("libx265", &["-preset", "veryfast", "-crf", "22"]),
    ("libx265", &["-preset", "veryfast", "-crf", "26"]),
    ("libx265", &["-preset", "fast", "-crf", "22"]),
    ("libsvtav1", &["-preset", "12", "-crf", "32"]),
    ("libsvtav1", &["-preset", "10", "-crf", "18"]),
    ("libsvtav1", &["-preset", "10", "-crf", "28"]),
    ("libsvtav1", &["-preset", "10", "-crf", "32"]),
    ("libsvtav1", &["-preset", "10", "-crf", "41"]),
    ("libsvtav1", &["-preset", "8", "-crf", "32"]),
];

impl Bench {
    /// Encodes a moving photo and a clip, raw at 1080p30, with every setting on one thread.
    pub(super) fn presets(&self) {
        let media = studio::media_folder();
        let raw = self.path("presets.y4m");
        let half = (SECONDS / 2.0).to_string();
        let moving = "scale=3840:2160:force_original_aspect_ratio=increase,crop=3840:2160,\
                      zoompan=z='1+0.05*on/120':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=120:s=1920x1080:fps=30";
        let graph = format!(
            "[0:v]{moving},format=yuv420p,setsar=1[a];[1:v]scale=1920:1080,fps=30,format=yuv420p,setsar=1[b];[a][b]concat"
        );
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-i"])
            .arg(media.join("01.jpg"))
            .args(["-t", &half, "-i"])
            .arg(media.join("08.mp4"))
            .args(["-filter_complex", &graph, "-t", &SECONDS.to_string()])
            .arg(&raw)
            .status();
        assert!(status.expect("ffmpeg is installed").success());
        let original = frames(&raw);
        println!("  {:<38} {:>9} {:>9} {:>12}", "encoder on one thread", "frames/s", "Mbit/s", "SSIMULACRA2");
        for (encoder, settings) in TRIED {
            self.tried(encoder, settings, &raw, &original);
        }
    }

    fn tried(&self, encoder: &str, settings: &[&str], raw: &Path, original: &[Rgb]) {
        let (out, report) = (self.path("tried.mp4"), self.path("tried.txt"));
        let one_thread: &[&str] = match encoder {
            "libx265" => &["-x265-params", "pools=none:frame-threads=1:wpp=0:log-level=none"],
            "libsvtav1" => &["-svtav1-params", "lp=1"],
            _ => &["-threads", "1"],
        };
        let status = Command::new("/usr/bin/time")
            .args(["-f", "%U %S %M", "-o"])
            .arg(&report)
            .args(["ffmpeg", "-v", "error", "-y", "-threads", "1", "-i"])
            .arg(raw)
            .args(["-c:v", encoder])
            .args(settings)
            .args(one_thread)
            .arg(&out)
            .stderr(Stdio::null())
            .status();
        let name = format!("{encoder} {} crf {}", settings[1], settings[3]);
        if !status.expect("GNU time is installed").success() {
            return println!("  {name:<38} {:>9}", "none");
        }
        let busy = super::cost(0.0, &report).cpu;
        let rate = fs::metadata(&out).expect("the file").len() as f64 * 8.0 / 1e6 / SECONDS;
        let pairs = original.iter().zip(frames(&out));
        let scores: Vec<f64> = pairs
            .map(|(one, other)| compute_frame_ssimulacra2(one.clone(), other).expect("two frames"))
            .collect();
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        println!("  {name:<38} {:>9.1} {rate:>9.1} {mean:>12.1}", SECONDS * 30.0 / busy);
    }
}

/// Returns every 24th frame in sRGB.
fn frames(file: &Path) -> Vec<Rgb> {
    let filter =
        format!("select=not(mod(n\\,{STEP})),scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int");
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(file)
        .args(["-vf", &filter, "-vsync", "0", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
        .output()
        .expect("ffmpeg is installed");
    let part = |sample: u8| f32::from(sample) / 255.0;
    let frame = |bytes: &[u8]| {
        let pixels = bytes.as_chunks::<3>().0.iter().map(|pixel| pixel.map(part)).collect();
        Rgb::new(pixels, 1920, 1080, TransferCharacteristic::SRGB, ColorPrimaries::BT709).expect("a frame")
    };
    output.stdout.chunks_exact(1920 * 1080 * 3).map(frame).collect()
}
