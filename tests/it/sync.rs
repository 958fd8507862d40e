//! Tests that sound and picture stay in sync, whatever the clip's frame rate and container.

use serde_json::Value;

use crate::measure::{frames, mean, sound};
use crate::space::Space;
use crate::tools::ffmpeg;

/// Half a frame of the movie, in seconds: the largest offset between sound and picture.
const HALF_A_FRAME: f64 = 1.0 / 60.0;
/// The measurement error in the finished file, in seconds.
const MEASURING_ERROR: f64 = 1e-4;
const H264: &[&str] = &["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60"];
const VP8: &[&str] = &["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"];
const MPEG2: &[&str] = &["-c:v", "mpeg2video", "-q:v", "3", "-bf", "2"];
const MPEG4: &[&str] = &["-c:v", "mpeg4", "-q:v", "3", "-bf", "2", "-g", "30"];
const PCM: &[&str] = &["-c:a", "pcm_s16le"];
const AAC: &[&str] = &["-c:a", "aac"];
/// Not Opus: FFmpeg 5.1 writes its delay so that the sound of the file itself is 7 ms early.
const VORBIS: &[&str] = &["-c:a", "libvorbis"];
const MP2: &[&str] = &["-c:a", "mp2"];

/// A clip that flashes and beeps together about once a second: the interval in frames is the frame rate,
/// rounded to a whole number.
struct Beeper<'a> {
    name: &'a str,
    /// In frames per second.
    rate: &'a str,
    seconds: u32,
    picture: &'a [&'a str],
    sound: &'a [&'a str],
    /// Additional filters for the picture and the sound, each preceded by a comma.
    filters: (&'a str, &'a str),
}

impl<'a> Beeper<'a> {
    fn new(name: &'a str, rate: &'a str, picture: &'a [&'a str], sound: &'a [&'a str]) -> Self {
        Self { name, rate, seconds: 4, picture, sound, filters: ("", "") }
    }

    /// Returns the frame rate, and how long a flash lasts in frames and in seconds: at least a frame of the
    /// movie.
    fn flash(&self) -> (f64, u32, f64) {
        let rate = match self.rate.split_once('/') {
            Some((frames, seconds)) => frames.parse::<f64>().unwrap() / seconds.parse::<f64>().unwrap(),
            None => self.rate.parse().unwrap(),
        };
        let frames = (rate / 30.0).round().max(1.0);
        (rate, frames as u32, frames / rate)
    }

    fn write(&self, space: &Space) {
        let (rate, frames, _) = self.flash();
        let (seconds, every) = (self.seconds, rate.round());
        let (picture_filters, sound_filters) = self.filters;
        let picture = format!(
            "color=c=0x303030:s=160x90:r={}:d={seconds},\
             drawbox=color=white:t=fill:enable='lt(mod(n,{every}),{frames})'{picture_filters}",
            self.rate
        );
        let period = every / rate;
        let beep = format!(
            "aevalsrc='if(lt(mod(t+0.000001,{period:.9}),0.05),0.5*sin(2*PI*3000*t),0)':s=48000:d={seconds}{sound_filters}"
        );
        let path = space.path(self.name);
        let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &beep, "-pix_fmt", "yuv420p"];
        let end = ["-vsync", "vfr", path.to_str().unwrap()];
        // `-copyts` keeps a late start.
        ffmpeg(&[&["-copyts"], &inputs[..], self.picture, self.sound, &end].concat());
    }
}

/// Returns the middles of the flashes in a movie, in seconds.
fn flash_times(frames: &[Vec<u8>]) -> Vec<f64> {
    let white: Vec<bool> = frames.iter().map(|frame| mean(frame) > 130.0).collect();
    let mut start = 0;
    let mut middles = Vec::new();
    for run in white.chunk_by(|a, b| a == b) {
        if run[0] {
            middles.push((start as f64 + run.len() as f64 / 2.0) / 30.0);
        }
        start += run.len();
    }
    middles
}

/// Returns the starts of the beeps, in seconds.
fn beep_times(samples: &[f32]) -> Vec<f64> {
    let loud = samples.iter().map(|sample| sample.abs()).fold(0.0, f32::max) * 0.25;
    let mut starts: Vec<usize> = Vec::new();
    let mut last = None;
    for at in (0..samples.len()).filter(|&at| samples[at].abs() > loud) {
        if last.is_none_or(|last| at - last > 9600) {
            starts.push(at);
        }
        last = Some(at);
    }
    starts.into_iter().map(|at| at as f64 / 48_000.0).collect()
}

/// Builds a draft, and returns for each shot how much each flash follows its beep, in seconds.
fn build_and_measure(space: &Space, flash_s: impl Fn(&str) -> f64) -> Vec<(String, Vec<f64>)> {
    space.draft();
    measure_offsets(space, "movie.draft.mp4", flash_s)
}

/// Measures the offsets of [`build_and_measure`] in a movie that is already built.
fn measure_offsets(space: &Space, name: &str, flash_s: impl Fn(&str) -> f64) -> Vec<(String, Vec<f64>)> {
    let path = space.path(name);
    let (flashes, beeps) = (flash_times(&frames(&path, 16, 9)), beep_times(&sound(&path, 48_000)));
    let timeline = space.timeline();
    let frame = |value: &Value| value.as_f64().unwrap() / 30.0;
    let shots = timeline["shots"].as_array().unwrap().iter().map(|shot| {
        let source = shot["source"].as_str().unwrap();
        let start = frame(&shot["start"]);
        // A cut can shorten a flash.
        let (from, to) = (start + 0.1, start + frame(&shot["frames"]) - 0.1);
        let whole = flashes.iter().filter(|middle| (from..to).contains(*middle));
        let starts = whole.map(|middle| middle - flash_s(source) / 2.0);
        let nearest =
            |start: f64| beeps.iter().map(|beep| start - beep).min_by(|a, b| a.abs().total_cmp(&b.abs()));
        let offset = |start: f64| nearest(start).filter(|offset| offset.abs() < 0.3);
        (source.to_owned(), starts.filter_map(offset).collect())
    });
    shots.collect()
}

/// Builds a movie of clips. Fails unless sound and picture of each are in sync.
#[track_caller]
fn assert_in_sync(clips: &[Beeper]) {
    let space = Space::new();
    clips.iter().for_each(|clip| clip.write(&space));
    let media =
        clips.iter().map(|clip| format!("  - {{path: {}, required: true, sound: keep}}\n", clip.name));
    space.movie(&format!(
        "media:\n{}duration: {}s\nrate: 30\nstyle: {{transitions: cut, titles: off}}\n\
         constraints: {{order: as-listed, shot: 2s..3s}}\n",
        media.collect::<String>(),
        clips.len() as f64 * 2.5
    ));
    let flash = |name: &str| clips.iter().find(|clip| clip.name == name).unwrap().flash().2;
    let found = build_and_measure(&space, flash);
    assert_eq!(found.len(), clips.len());
    for (name, offsets) in found {
        assert_small(&name, &offsets, 1);
    }
}

/// Fails unless there are `count` offsets and none exceeds half a frame.
#[track_caller]
fn assert_small(name: &str, offsets: &[f64], count: usize) {
    assert!(offsets.len() >= count, "{name}: {} of {count} flashes were found", offsets.len());
    let are_small = offsets.iter().all(|offset| offset.abs() <= HALF_A_FRAME + MEASURING_ERROR);
    assert!(are_small, "{name}: {offsets:.4?}");
}

/// Fails unless clips of every rate are in sync.
#[track_caller]
fn assert_rates_in_sync(ending: &str, rates: &[&str], picture: &[&str], sound: &[&str]) {
    let names: Vec<String> =
        rates.iter().map(|rate| format!("at-{}.{ending}", rate.replace('/', "-"))).collect();
    let clip = |(name, rate)| Beeper::new(name, rate, picture, sound);
    assert_in_sync(
        &names.iter().map(String::as_str).zip(rates.iter().copied()).map(clip).collect::<Vec<_>>(),
    );
}

const RATES: [&str; 9] = ["24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120", "240"];

#[test]
fn mp4_clips_stay_in_sync() {
    assert_rates_in_sync("mp4", &RATES, H264, AAC);
}

#[test]
fn mov_clips_stay_in_sync() {
    assert_rates_in_sync("mov", &RATES, H264, PCM);
}

#[test]
fn mkv_clips_stay_in_sync() {
    assert_rates_in_sync("mkv", &RATES, H264, AAC);
}

#[test]
fn webm_clips_stay_in_sync() {
    assert_rates_in_sync("webm", &RATES, VP8, VORBIS);
}

#[test]
fn avi_clips_stay_in_sync() {
    assert_rates_in_sync("avi", &RATES, MPEG4, PCM);
}

#[test]
fn ts_clips_stay_in_sync() {
    assert_rates_in_sync("ts", &RATES, H264, AAC);
}

#[test]
fn mpg_clips_stay_in_sync() {
    // MPEG-2 has at most 60 fps.
    assert_rates_in_sync("mpg", &RATES[..7], MPEG2, MP2);
}

#[test]
fn webm_and_mp4_outputs_remove_the_priming_of_their_encoders() {
    let space = Space::new();
    let clip = Beeper::new("a.mp4", "30", H264, AAC);
    clip.write(&space);
    space.movie(
        "media: [{path: a.mp4, sound: keep}]\nduration: 3.5s\nrate: 30\nstyle: {transitions: cut, titles: off}\n\
         outputs: {m.webm: {}, m.mp4: {codec: av1}}\n",
    );
    space.run(&["build"]).expect_success();
    let offsets = |name| measure_offsets(&space, name, |_| clip.flash().2).remove(0).1;
    let (webm, mp4) = (offsets("m.webm"), offsets("m.mp4"));
    assert!(webm.len() >= 3 && webm.len() == mp4.len(), "{webm:?} {mp4:?}");
    for (webm, mp4) in webm.iter().zip(&mp4) {
        // The start of a beep is detected by its level. Two encoders shape the level differently, by up to 8
        // samples.
        assert!((webm - mp4).abs() < 8.0 / 48_000.0, "{webm} beside {mp4}");
        assert!(webm.abs() < 1e-3, "{webm}");
    }
}

#[test]
fn tracks_that_start_late_or_end_early_stay_in_sync() {
    let clip = |name, filters| Beeper { filters, ..Beeper::new(name, "30", H264, AAC) };
    let (late_sound, late_picture) = (("", ",atrim=start=0.45"), (",trim=start=0.5", ""));
    let (short_sound, short_picture) = (("", ",atrim=end=2.6"), (",trim=end=3.5", ""));
    assert_in_sync(&[
        clip("late-sound.mp4", late_sound),
        clip("late-sound.mkv", late_sound),
        clip("late-sound.ts", late_sound),
        clip("late-picture.mp4", late_picture),
        clip("late-picture.mkv", late_picture),
        clip("late-picture.ts", late_picture),
        clip("short-sound.mp4", short_sound),
        clip("short-picture.mp4", short_picture),
        Beeper { picture: H264, ..Beeper::new("b-frames.avi", "25", H264, PCM) },
    ]);
}

#[test]
fn clips_of_variable_rate_stay_in_sync() {
    // Keeps every frame of a flash, the one after it, and all frames after 2.5 s; otherwise every fifth
    // frame.
    let fewer = (",select='lt(mod(n,60),3)+not(mod(n,5))+gt(t,2.5)'", "");
    let clip = |name, picture, sound| Beeper { filters: fewer, ..Beeper::new(name, "60", picture, sound) };
    assert_in_sync(&[clip("a.mp4", H264, AAC), clip("a.mkv", H264, AAC), clip("a.webm", VP8, VORBIS)]);
}

#[test]
fn clips_cut_or_shifted_by_other_programs_stay_in_sync() {
    let space = Space::new();
    Beeper { seconds: 6, ..Beeper::new("whole.mp4", "30", H264, AAC) }.write(&space);
    let whole = space.path("whole.mp4");
    let whole = whole.to_str().unwrap();
    let mut media = String::new();
    // Cuts between keyframes, which need edit lists and times before zero.
    let cuts: [(&str, &[&str]); 6] = [
        ("cut.mp4", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.mov", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.mkv", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.ts", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        (
            "negative.mkv",
            &["-i", whole, "-c", "copy", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.5"],
        ),
        // A second sound track beeps at other times.
        (
            "tracks.mkv",
            &[
                "-i",
                whole,
                "-f",
                "lavfi",
                "-i",
                "sine=1000:b=2:d=6",
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "copy",
                "-c:a",
                "flac",
            ],
        ),
    ];
    for (name, args) in cuts {
        ffmpeg(&[args, &[space.path(name).to_str().unwrap()]].concat());
        media += &format!("  - {{path: {name}, required: true, sound: keep}}\n");
    }
    space.movie(&format!(
        "media:\n{media}duration: 15s\nrate: 30\nstyle: {{transitions: cut, titles: off}}\n\
         constraints: {{order: as-listed, shot: 2s..3s}}\n"
    ));
    let found = build_and_measure(&space, |_| 1.0 / 30.0);
    assert_eq!(found.len(), cuts.len());
    for (name, offsets) in found {
        assert_small(&name, &offsets, 2);
    }
}

#[test]
fn a_minute_stays_in_sync_to_its_end() {
    // One shot of a minute, or many shots of the same clip.
    for shot in ["60s..70s", "2s..6s"] {
        let space = Space::new();
        let clip = Beeper { seconds: 70, ..Beeper::new("long.mp4", "30000/1001", H264, AAC) };
        clip.write(&space);
        space.movie(&format!(
            "media: [{{path: long.mp4, sound: keep}}]\nduration: 60s\nrate: 30\nstyle: {{transitions: cut, titles: off}}\n\
             constraints: {{shot: {shot}, repeats: 40}}\n"
        ));
        let found = build_and_measure(&space, |_| clip.flash().2);
        let offsets: Vec<f64> = found.into_iter().flat_map(|(_, offsets)| offsets).collect();
        assert_small(shot, &offsets, 40);
    }
}
