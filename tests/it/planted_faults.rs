//! Tests that plant faults in a finished movie: `mmm review` fails the figure of each fault, and no other.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::measure::decode;
use crate::space::{Space, failing_figures, fixture};
use crate::tools::{ffmpeg, tool};

const WIDTH: usize = 640;
const HEIGHT: usize = 360;
/// The number of samples of a frame in 4:2:0.
const FRAME: usize = WIDTH * HEIGHT * 3 / 2;
/// The number of sound samples that last as long as a frame, at 48 kHz.
const FRAME_SOUND: usize = 1600;

/// The decoded frames and samples of a movie of 30 fps.
#[derive(Clone)]
struct Decoded {
    frames: Vec<Vec<u8>>,
    /// Interleaved left and right samples at 48 kHz.
    sound: Vec<f32>,
}

impl Decoded {
    fn of(path: &Path) -> Self {
        let raw = decode(path, &["-f", "rawvideo", "-pix_fmt", "yuv420p"]);
        let sound = decode(path, &["-vn", "-f", "f32le", "-ac", "2", "-ar", "48000"]);
        Self {
            frames: raw.chunks_exact(FRAME).map(<[u8]>::to_vec).collect(),
            sound: sound.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        }
    }

    /// Encodes the movie again, with lossless sound.
    fn write(&self, path: &Path) {
        let samples: Vec<u8> = self.sound.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let sound_file = path.with_extension("f32");
        fs::write(&sound_file, samples).unwrap();
        let size = format!("{WIDTH}x{HEIGHT}");
        let mut ffmpeg = tool("ffmpeg");
        ffmpeg.args(["-v", "error", "-y"]);
        ffmpeg.args(["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size, "-r", "30", "-i", "-"]);
        ffmpeg.args(["-f", "f32le", "-ac", "2", "-ar", "48000", "-i"]).arg(&sound_file);
        ffmpeg.args(["-c:v", "libx264", "-preset", "ultrafast", "-crf", "14", "-c:a", "alac"]);
        ffmpeg.args(["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]);
        let mut child =
            ffmpeg.args(["-movflags", "+faststart"]).arg(path).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(&self.frames.concat()).unwrap();
        assert!(child.wait().unwrap().success());
        fs::remove_file(&sound_file).unwrap();
    }

    /// Fills frames with one colour, given as Y, U and V.
    fn paint(&mut self, frames: impl Iterator<Item = usize>, [y, u, v]: [u8; 3]) {
        for frame in frames {
            let (luma, chroma) = self.frames[frame].split_at_mut(WIDTH * HEIGHT);
            let (blue, red) = chroma.split_at_mut(WIDTH * HEIGHT / 4);
            luma.fill(y);
            blue.fill(u);
            red.fill(v);
        }
    }

    /// Replaces the frames around `middle` by six flashes that alternate between two colours and last three
    /// frames each.
    fn flash(&mut self, middle: usize, one: [u8; 3], other: [u8; 3]) {
        for n in 0..6 {
            let first = middle - 18 + n * 6;
            self.paint(first..first + 3, one);
            self.paint(first + 3..first + 6, other);
        }
    }
}

/// A draft of photos and a clip that pans evenly, and the positions for planting faults.
struct Draft {
    space: Space,
    decoded: Decoded,
    /// The first frame of the clip.
    clip: usize,
    /// A frame in the middle of the clip.
    middle: usize,
    /// The first frame after a cut that follows a photo.
    cut: usize,
    /// The first sample of the second shot.
    join: usize,
}

impl Draft {
    fn build() -> Self {
        let space = Space::with_photos(&["hill", "path", "bee", "astronaut"]);
        let (photo, pan) = (fixture("photos/fig.jpg"), space.path("clips/pan.mp4"));
        let scroll = "scale=960:540,scroll=h=0.004,format=yuv420p";
        let picture = ["-loop", "1", "-r", "30", "-t", "6", "-i", photo.to_str().unwrap(), "-vf", scroll];
        let codec = ["-r", "30", "-c:v", "libx264", "-preset", "ultrafast", pan.to_str().unwrap()];
        ffmpeg(&[&picture[..], &codec[..]].concat());
        space.clicks("song.wav", 120.0, 20.0);
        space.movie(
            "media: [photos/, {path: clips/pan.mp4, required: true}]\nmusic: song.wav\nrate: 30\nduration: 10s\n\
             style: {titles: off, transitions: cut}\nconstraints: {order: as-listed}\n",
        );
        space.draft();
        let mut decoded = Decoded::of(&space.path("movie.draft.mp4"));
        assert_eq!(decoded.frames.len(), 300);
        // ffmpeg also decodes the padding of the last packet, which players skip.
        decoded.sound.truncate(300 * FRAME_SOUND * 2);
        let timeline = space.timeline();
        let shots = timeline["shots"].as_array().unwrap();
        let number = |value: &Value| value.as_u64().unwrap() as usize;
        let clip = shots.iter().find(|shot| shot["kind"] == "clip").unwrap();
        let (start, frames) = (number(&clip["start"]), number(&clip["frames"]));
        assert!(frames >= 45, "the clip is too short for the faults: {timeline}");
        let photo = |shot: &Value| shot["kind"] == "photo";
        let is_cut = |shot: &Value| shot["transition"]["frames"] == 0;
        let after_photo =
            shots.windows(2).find(|pair| photo(&pair[0]) && is_cut(&pair[1])).expect("a cut after a photo");
        let cut = number(&after_photo[1]["start"]);
        let join = number(&shots[1]["start"]) * FRAME_SOUND;
        Self { space, decoded, clip: start, middle: start + frames / 2, cut, join }
    }

    /// Plants a fault. Fails unless exactly the figures `wanted` fail, and `mmm review` names the shot of
    /// each figure that has a place.
    #[track_caller]
    fn assert_fails(&self, wanted: &[&str], fault: impl Fn(&mut Decoded)) {
        let mut planted = self.decoded.clone();
        fault(&mut planted);
        planted.write(&self.space.path("movie.draft.mp4"));
        let ran = self.space.run(&["review", "movie.draft.mp4", "--json"]);
        let review = ran.review_event();
        assert_eq!(failing_figures(&review), wanted, "{review:#}");
        let ran = ran.expect_exit(if wanted.is_empty() { 0 } else { 4 });
        assert_eq!(ran.codes().contains(&"mmm::review::fails".to_owned()), !wanted.is_empty());
        for figure in review["figures"].as_array().unwrap() {
            let name = figure["name"].as_str().unwrap();
            let has_place = !["length", "sound length", "loudness"].contains(&name);
            if figure["holds"] == false && has_place {
                assert!(figure["places"][0]["source"].is_string(), "{figure}");
            }
        }
    }
}

#[test]
fn faults_of_frames_fail_their_figures() {
    let draft = Draft::build();
    let (clip, middle, cut) = (draft.clip, draft.middle, draft.cut);
    draft.assert_fails(&[], |_| {});
    draft.assert_fails(&["black frames"], |movie| movie.paint(middle..middle + 4, [16, 128, 128]));
    draft.assert_fails(&["frozen picture"], |movie| {
        let frozen = movie.frames[middle - 10].clone();
        movie.frames[middle - 10..middle + 10].fill(frozen);
    });
    draft.assert_fails(&["repeated frames"], |movie| {
        movie.frames[middle] = movie.frames[middle - 1].clone();
    });
    // A frame is repeated right after a cut.
    draft.assert_fails(&["joins"], |movie| movie.frames[clip + 1] = movie.frames[clip].clone());
    // A cut is two frames late.
    draft.assert_fails(&["cut error"], |movie| {
        let last = movie.frames[cut - 1].clone();
        movie.frames[cut..cut + 2].fill(last);
    });
}

#[test]
fn five_flashes_in_a_second_fail_their_figures() {
    let draft = Draft::build();
    draft.assert_fails(&["flashes"], |movie| movie.flash(draft.middle, [60, 128, 128], [200, 128, 128]));
    draft.assert_fails(&["red flashes"], |movie| movie.flash(draft.middle, [63, 102, 240], [125, 128, 128]));
}

#[test]
fn faults_of_the_sound_fail_their_figures() {
    let draft = Draft::build();
    draft.assert_fails(&["loudness"], |movie| movie.sound.iter_mut().for_each(|sample| *sample *= 0.7));
    draft.assert_fails(&["true peak"], |movie| {
        let at = (draft.middle * FRAME_SOUND + 500) * 2;
        movie.sound[at..at + 60].iter_mut().enumerate().for_each(|(n, sample)| {
            *sample = if n / 8 % 2 == 0 { 0.99 } else { -0.99 };
        });
    });
    draft.assert_fails(&["clicks at joins"], |movie| {
        movie.sound[draft.join * 2..draft.join * 2 + 2].fill(0.6);
    });
}

#[test]
fn wrong_lengths_fail_their_figures() {
    let draft = Draft::build();
    // A frame is missing.
    draft.assert_fails(&["length", "skew"], |movie| drop(movie.frames.pop()));
    // The sound continues for 0.1 s after the last frame.
    draft.assert_fails(&["sound length", "skew"], |movie| movie.sound.extend([0.0; 9600]));
}
