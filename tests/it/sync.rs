//! Sound and picture stay together, whatever the clip's rate and container.

use serde_json::Value;

use crate::space::{Space, ffmpeg, frames, mean, sound};

/// Half a frame of the movie, in seconds: what sound and picture may be apart.
const HALF_A_FRAME: f64 = 1.0 / 60.0;
/// What the reading of the finished file may be off, in seconds: a tenth of a millisecond.
const READING: f64 = 1e-4;
const H264: &[&str] = &["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60"];
const VP8: &[&str] = &["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"];
const MPEG2: &[&str] = &["-c:v", "mpeg2video", "-q:v", "3", "-bf", "2"];
const MPEG4: &[&str] = &["-c:v", "mpeg4", "-q:v", "3", "-bf", "2", "-g", "30"];
const PCM: &[&str] = &["-c:a", "pcm_s16le"];
const AAC: &[&str] = &["-c:a", "aac"];
/// Not Opus: FFmpeg 5.1 writes its delay so that sound comes 7 ms early from the file itself.
const VORBIS: &[&str] = &["-c:a", "libvorbis"];
const MP2: &[&str] = &["-c:a", "mp2"];

/// A clip that flashes and beeps about once a second: every time that as many frames as there are in a second
/// have gone by.
struct Beeper<'a> {
    name: &'a str,
    /// Frames a second.
    rate: &'a str,
    seconds: u32,
    picture: &'a [&'a str],
    sound: &'a [&'a str],
    /// What becomes of both after that, as filters with a comma before them.
    cuts: (&'a str, &'a str),
}

impl<'a> Beeper<'a> {
    fn new(name: &'a str, rate: &'a str, picture: &'a [&'a str], sound: &'a [&'a str]) -> Self {
        Self { name, rate, seconds: 4, picture, sound, cuts: ("", "") }
    }

    /// Frames a second, how many of them a flash has (as long as one of the movie's at least), and how long it
    /// lasts in seconds.
    fn flash(&self) -> (f64, u32, f64) {
        let rate = match self.rate.split_once('/') {
            Some((frames, seconds)) => frames.parse::<f64>().unwrap() / seconds.parse::<f64>().unwrap(),
            None => self.rate.parse().unwrap(),
        };
        let frames = (rate / 30.0).round().max(1.0);
        (rate, frames as u32, frames / rate)
    }

    fn make(&self, space: &Space) {
        let (rate, frames, _) = self.flash();
        let (seconds, every) = (self.seconds, rate.round());
        let (shown, heard) = self.cuts;
        let picture = format!(
            "color=c=0x303030:s=160x90:r={}:d={seconds},\
             drawbox=color=white:t=fill:enable='lt(mod(n,{every}),{frames})'{shown}",
            self.rate
        );
        let period = every / rate;
        let beep = format!(
            "aevalsrc='if(lt(mod(t+0.000001,{period:.9}),0.05),0.5*sin(2*PI*3000*t),0)':s=48000:d={seconds}{heard}"
        );
        let path = space.path(self.name);
        let inputs = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &beep, "-pix_fmt", "yuv420p"];
        let end = ["-vsync", "vfr", path.to_str().unwrap()];
        // What starts later stays later.
        ffmpeg(&[&["-copyts"], &inputs[..], self.picture, self.sound, &end].concat());
    }
}

/// The middles of the flashes of a movie, in seconds.
fn flashes(frames: &[Vec<u8>]) -> Vec<f64> {
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

/// The starts of the beeps, in seconds.
fn beeps(samples: &[f32]) -> Vec<f64> {
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

/// Builds a movie and measures by how much each flash comes after its beep, in seconds, shot by shot.
fn measure(space: &Space, flash_s: impl Fn(&str) -> f64) -> Vec<(String, Vec<f64>)> {
    space.draft();
    measure_file(space, "movie.draft.mp4", flash_s)
}

/// As [`measure`], of a movie that is built.
fn measure_file(space: &Space, name: &str, flash_s: impl Fn(&str) -> f64) -> Vec<(String, Vec<f64>)> {
    let path = space.path(name);
    let (flashes, beeps) = (flashes(&frames(&path, 16, 9)), beeps(&sound(&path, 48_000)));
    let timeline = space.timeline();
    let frame = |value: &Value| value.as_f64().unwrap() / 30.0;
    let shots = timeline["shots"].as_array().unwrap().iter().map(|shot| {
        let source = shot["source"].as_str().unwrap();
        let start = frame(&shot["start"]);
        // A flash that a cut goes through is not whole.
        let (from, to) = (start + 0.1, start + frame(&shot["frames"]) - 0.1);
        let whole = flashes.iter().filter(|middle| (from..to).contains(*middle));
        let starts = whole.map(|middle| middle - flash_s(source) / 2.0);
        let nearest =
            |start: f64| beeps.iter().map(|beep| start - beep).min_by(|a, b| a.abs().total_cmp(&b.abs()));
        let late = |start: f64| nearest(start).filter(|late| late.abs() < 0.3);
        (source.to_owned(), starts.filter_map(late).collect())
    });
    shots.collect()
}

/// Builds a movie of clips and checks each.
fn check(clips: &[Beeper]) {
    let space = Space::new();
    clips.iter().for_each(|clip| clip.make(&space));
    let media =
        clips.iter().map(|clip| format!("  - {{path: {}, required: true, sound: keep}}\n", clip.name));
    space.movie(&format!(
        "media:\n{}duration: {}s\nrate: 30\nstyle: {{transitions: cut, titles: off}}\n\
         constraints: {{order: as-listed, shot: 2s..3s}}\n",
        media.collect::<String>(),
        clips.len() as f64 * 2.5
    ));
    let flash = |name: &str| clips.iter().find(|clip| clip.name == name).unwrap().flash().2;
    let found = measure(&space, flash);
    assert_eq!(found.len(), clips.len());
    for (name, late) in found {
        eprintln!("{name}: {late:.4?}");
        assert!(!late.is_empty(), "{name}: nothing to measure");
        let most = late.iter().map(|late| late.abs()).fold(0.0, f64::max);
        assert!(most <= HALF_A_FRAME + READING, "{name}: {late:?}");
    }
}

/// Clips of every rate.
fn check_rates(ending: &str, rates: &[&str], picture: &[&str], sound: &[&str]) {
    let names: Vec<String> =
        rates.iter().map(|rate| format!("at-{}.{ending}", rate.replace('/', "-"))).collect();
    let clip = |(name, rate)| Beeper::new(name, rate, picture, sound);
    check(&names.iter().map(String::as_str).zip(rates.iter().copied()).map(clip).collect::<Vec<_>>());
}

const RATES: [&str; 9] = ["24", "25", "30000/1001", "30", "50", "60000/1001", "60", "120", "240"];

#[test]
fn in_mp4() {
    check_rates("mp4", &RATES, H264, AAC);
}

#[test]
fn in_mov() {
    check_rates("mov", &RATES, H264, PCM);
}

#[test]
fn in_mkv() {
    check_rates("mkv", &RATES, H264, AAC);
}

#[test]
fn in_webm() {
    check_rates("webm", &RATES, VP8, VORBIS);
}

#[test]
fn in_avi() {
    check_rates("avi", &RATES, MPEG4, PCM);
}

#[test]
fn in_ts() {
    check_rates("ts", &RATES, H264, AAC);
}

#[test]
fn in_mpg() {
    // MPEG-2 has no more than 60.
    check_rates("mpg", &RATES[..7], MPEG2, MP2);
}

/// The sound of a WebM file stands where that of an MP4 file does: the encoder's priming is taken off to the sample.
#[test]
fn out_of_mp4_and_webm() {
    let space = Space::new();
    let clip = Beeper::new("a.mp4", "30", H264, AAC);
    clip.make(&space);
    space.movie(
        "media: [{path: a.mp4, sound: keep}]\nduration: 3.5s\nrate: 30\nstyle: {transitions: cut, titles: off}\n\
         outputs: {m.webm: {}, m.mp4: {codec: av1}}\n",
    );
    space.run(&["build"]).expect_success();
    let late = |name| measure_file(&space, name, |_| clip.flash().2).remove(0).1;
    let (webm, mp4) = (late("m.webm"), late("m.mp4"));
    eprintln!("webm {webm:.5?}, mp4 {mp4:.5?}");
    assert!(webm.len() >= 3 && webm.len() == mp4.len(), "{webm:?} {mp4:?}");
    for (webm, mp4) in webm.iter().zip(&mp4) {
        // What tells the start of a beep is its level, which two encoders shape a little differently: 8 samples.
        assert!((webm - mp4).abs() < 8.0 / 48_000.0, "{webm} beside {mp4}");
        assert!(webm.abs() < 1e-3, "{webm}");
    }
}

#[test]
fn whatever_starts_or_ends_first() {
    let clip = |name, cuts| Beeper { cuts, ..Beeper::new(name, "30", H264, AAC) };
    let (late_sound, late_picture) = (("", ",atrim=start=0.45"), (",trim=start=0.5", ""));
    let (short_sound, short_picture) = (("", ",atrim=end=2.6"), (",trim=end=3.5", ""));
    check(&[
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
fn at_a_variable_rate() {
    // Whole at a flash, to the picture that ends it, and after 2.5 s; else every fifth frame.
    let fewer = (",select='lt(mod(n,60),3)+not(mod(n,5))+gt(t,2.5)'", "");
    let clip = |name, picture, sound| Beeper { cuts: fewer, ..Beeper::new(name, "60", picture, sound) };
    check(&[clip("a.mp4", H264, AAC), clip("a.mkv", H264, AAC), clip("a.webm", VP8, VORBIS)]);
}

#[test]
fn in_what_other_programs_cut_and_shift() {
    let space = Space::new();
    Beeper { seconds: 6, ..Beeper::new("whole.mp4", "30", H264, AAC) }.make(&space);
    let whole = space.path("whole.mp4");
    let whole = whole.to_str().unwrap();
    let mut media = String::new();
    // From within a group of pictures: edit lists, and times before zero.
    let cuts: [(&str, &[&str]); 6] = [
        ("cut.mp4", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.mov", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.mkv", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        ("cut.ts", &["-ss", "1.4", "-i", whole, "-c", "copy"]),
        (
            "negative.mkv",
            &["-i", whole, "-c", "copy", "-avoid_negative_ts", "disabled", "-output_ts_offset", "-0.5"],
        ),
        // The second track beeps at other times.
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
    let found = measure(&space, |_| 1.0 / 30.0);
    assert_eq!(found.len(), cuts.len());
    for (name, late) in found {
        eprintln!("{name}: {late:.4?}");
        assert!(late.len() >= 2, "{name}: {late:?}");
        assert!(late.iter().all(|late| late.abs() <= HALF_A_FRAME + READING), "{name}: {late:?}");
    }
}

#[test]
fn from_the_first_minute_to_the_last() {
    // One shot of a minute, and the same clip in many.
    for shot in ["60s..70s", "2s..6s"] {
        let space = Space::new();
        let clip = Beeper { seconds: 70, ..Beeper::new("long.mp4", "30000/1001", H264, AAC) };
        clip.make(&space);
        space.movie(&format!(
            "media: [{{path: long.mp4, sound: keep}}]\nduration: 60s\nrate: 30\nstyle: {{transitions: cut, titles: off}}\n\
             constraints: {{shot: {shot}, repeats: 40}}\n"
        ));
        let late: Vec<f64> =
            measure(&space, |_| clip.flash().2).into_iter().flat_map(|(_, late)| late).collect();
        eprintln!("{shot}: {late:.4?}");
        assert!(late.len() >= 40, "{shot}: {late:?}");
        assert!(late.iter().all(|late| late.abs() <= HALF_A_FRAME + READING), "{shot}: {late:?}");
    }
}
