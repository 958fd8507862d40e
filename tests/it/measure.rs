//! Reads files with other programs.

use std::path::Path;

use serde_json::Value;

use crate::tools::tool;

/// Returns what ffprobe reports of a file.
#[track_caller]
pub fn probe(path: &Path) -> Value {
    ffprobe(path, &["-count_packets", "-show_format", "-show_streams", "-show_chapters"])
}

/// Returns what ffprobe reports of a file, as JSON.
#[track_caller]
pub fn ffprobe(path: &Path, args: &[&str]) -> Value {
    let output = tool("ffprobe").args(["-v", "error", "-of", "json"]).args(args).arg(path).output().unwrap();
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns the first stream of a kind (`video`, `audio`) in what ffprobe reports.
#[track_caller]
pub fn stream<'a>(probe: &'a Value, kind: &str) -> &'a Value {
    let streams = probe["streams"].as_array().unwrap();
    streams.iter().find(|stream| stream["codec_type"] == kind).unwrap()
}

/// Returns what ffmpeg decodes from a file. Fails if it reports an error or decodes nothing.
#[track_caller]
pub fn decode(path: &Path, args: &[&str]) -> Vec<u8> {
    let output = tool("ffmpeg").args(["-v", "error", "-i"]).arg(path).args(args).arg("-").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{}: {errors}", path.display());
    assert!(!output.stdout.is_empty(), "{}: nothing was decoded by {args:?}", path.display());
    output.stdout
}

/// Returns the frames of a movie, each as `width` × `height` grey pixels.
#[track_caller]
pub fn frames(path: &Path, width: usize, height: usize) -> Vec<Vec<u8>> {
    let scale = format!("scale={width}:{height}:flags=area");
    let pixels = decode(path, &["-vf", &scale, "-pix_fmt", "gray", "-f", "rawvideo"]);
    pixels.chunks_exact(width * height).map(<[u8]>::to_vec).collect()
}

/// Returns the first output frame of a filter chain, three bytes per pixel.
#[track_caller]
pub fn rgb_frame(path: &Path, filter: &str) -> Vec<u8> {
    decode(path, &["-vf", filter, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo"])
}

/// Returns a filter that passes only frame `index`.
pub fn only_frame(index: usize) -> String {
    format!("select=eq(n\\,{index})")
}

/// Returns the mean difference of two frames, 0..=255.
#[track_caller]
pub fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

/// Returns the mean of a frame's pixels, 0..=255.
pub fn mean(frame: &[u8]) -> f64 {
    frame.iter().map(|pixel| f64::from(*pixel)).sum::<f64>() / frame.len() as f64
}

/// Returns the integrated loudness (LUFS) and the true peak (dBTP) of a file, measured by ffmpeg.
#[track_caller]
pub fn loudness(path: &Path) -> (f64, f64) {
    let output = tool("ffmpeg")
        .args(["-hide_banner", "-nostats", "-i"])
        .arg(path)
        .args(["-vn", "-af", "ebur128=peak=true", "-f", "null", "-"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let summary = &text[text.rfind("Summary:").unwrap()..];
    let value = |name: &str| {
        let line = summary.lines().find(|line| line.trim().starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    (value("I:"), value("Peak:"))
}

/// Returns the sound of a file, mixed to one channel.
#[track_caller]
pub fn sound(path: &Path, hz: u32) -> Vec<f32> {
    let samples = decode(path, &["-vn", "-ac", "1", "-ar", &hz.to_string(), "-f", "f32le"]);
    samples.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Returns the BLAKE3 digest of a file, in hexadecimal.
#[track_caller]
pub fn digest(path: &Path) -> String {
    blake3::hash(&std::fs::read(path).unwrap()).to_hex().to_string()
}
