//! Creates the media of the timeline from those of the demo, and keeps them beside the build for the next
//! run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::files;

const PHOTOS: usize = 40;
const CLIPS: usize = 20;
/// Thirteen chapters with twelve dissolves between them.
const CHAPTERS: usize = 13;
const SECONDS: &str = "6";

/// Returns the spec, with all its media beside it.
pub fn spec() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("studio-1");
    let spec = folder.join("movie.yaml");
    if spec.exists() {
        return spec;
    }
    fs::create_dir_all(folder.join("media")).expect("a folder");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie");
    let (photos, clips) = (files(&demo.join("photos")), files(&demo.join("clips")));
    for n in 0..PHOTOS + CLIPS {
        // Every third medium is a clip.
        let (to, hue) = (folder.join("media").join(format!("{n:02}")), n * 47 % 360);
        if n % 3 == 2 {
            clip(&clips[n / 3 % clips.len()], &to.with_extension("mp4"), n, hue);
        } else {
            photo(&photos[n % photos.len()], &to.with_extension("jpg"), n, hue);
        }
    }
    let song = demo.join("music/song.ogg");
    let song = song.to_str().expect("UTF-8");
    ffmpeg(
        &["-stream_loop", "3", "-i", song, "-t", "150", "-vn", "-c:a", "libmp3lame"],
        &folder.join("song.mp3"),
    );
    let titles = (0..4).map(|n| format!("    - {{ text: Day {}, at: {}s, for: 3s }}\n", n + 1, 1 + n * 30));
    let text = format!(
        "media:\n  - {{ path: media/, required: true, sound: mute }}\nmusic: song.mp3\nduration: 120s\nstyle:\n  titles:\n{}",
        titles.collect::<String>()
    );
    // The spec is written last, so if it exists, everything does.
    fs::write(&spec, text).expect("the spec");
    spec
}

/// Returns a spec of half a minute in 4K with the same media.
pub fn four_k() -> PathBuf {
    let path = spec().with_file_name("four-k.yaml");
    let text = "media:\n  - { path: media/, sound: mute }\nmusic: song.mp3\nduration: 30s\nsize: 2160\n\
                style:\n  titles:\n    - { text: Day 1, at: 1s, for: 3s }\n";
    fs::write(&path, text).expect("the spec");
    path
}

/// Writes a photo of 12 megapixels: a crop of another photo with other colours.
fn photo(from: &str, to: &Path, n: usize, hue: usize) {
    let (x, y) = (n / 5 % 3, n / 15 % 3);
    let part = format!(
        "crop=iw*0.6:ih*0.6:iw*0.2*{x}:ih*0.2*{y},hue=h={hue},scale=4000:3000:flags=bicubic,noise=alls=4:all_seed={n}"
    );
    ffmpeg(&["-i", from, "-vf", &part, "-frames:v", "1", "-q:v", "4"], to);
    let mut bytes = fs::read(to).expect("the photo");
    bytes.splice(2..2, exif(&taken(n, ':', " ")));
    fs::write(to, bytes).expect("the photo");
}

/// Writes a clip in the format of a phone; every second one is in 4K.
fn clip(from: &str, to: &Path, n: usize, hue: usize) {
    let (size, bits) = if n.is_multiple_of(2) { ("3840:2160", "40M") } else { ("1920:1080", "14M") };
    let filter = format!("hue=h={hue},scale={size}:force_original_aspect_ratio=increase,crop={size},fps=30");
    let time = format!("creation_time={}Z", taken(n, '-', "T"));
    ffmpeg(
        &[
            "-stream_loop",
            "5",
            "-i",
            from,
            "-t",
            SECONDS,
            "-an",
            "-vf",
            &filter,
            "-metadata",
            &time,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-g",
            "30",
            "-bf",
            "0",
            "-b:v",
            bits,
            "-pix_fmt",
            "yuv420p",
        ],
        to,
    );
}

/// Returns the capture time of medium `n`: one day for each chapter.
fn taken(n: usize, dash: char, gap: &str) -> String {
    let day = n * CHAPTERS / (PHOTOS + CLIPS);
    format!("2026{dash}06{dash}{:02}{gap}12:{:02}:00", day + 1, n)
}

/// Returns an EXIF segment that contains only a time (EXIF 2.3, 4.5): a TIFF of one directory that points to
/// a second one with DateTimeOriginal.
fn exif(time: &str) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    for directory in [entry(0x8769, 4, 1, 26), entry(0x9003, 2, 20, 44)] {
        tiff.extend([&1u16.to_le_bytes()[..], &directory, &[0; 4]].concat());
    }
    tiff.extend(time.as_bytes());
    tiff.push(0);
    [&[0xff, 0xe1][..], &(tiff.len() as u16 + 2).to_be_bytes(), &tiff].concat()
}

fn ffmpeg(args: &[&str], to: &Path) {
    let status = Command::new("ffmpeg").args(["-v", "error", "-y"]).args(args).arg(to).status();
    assert!(status.expect("ffmpeg is installed").success());
}
