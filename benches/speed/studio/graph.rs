//! Renders the same timeline with one ffmpeg command, as an ffmpeg expert would write it.

use std::process::{Command, Stdio};
use std::time::Instant;

use super::timeline::{RATE, Shot, Timeline};
use super::{Bench, Cost, SETTINGS};

impl Bench {
    /// Runs the command. Every shot is a separate input; photos move by `zoompan`, and chapters dissolve by
    /// `xfade`.
    pub(super) fn one_graph(&self, timeline: &Timeline) -> Cost {
        let (out, report) = (self.path("graph.mp4"), self.path("graph.txt"));
        let mut command = Command::new("/usr/bin/time");
        command.args(["-f", "%U %S %M", "-o"]).arg(&report).args(["ffmpeg", "-v", "error", "-y"]);
        for shot in &timeline.shots {
            if !shot.is_photo {
                let length = f64::from(shot.seen()) / RATE;
                command.args(["-ss", &shot.start().to_string(), "-t", &(length + 0.1).to_string()]);
            }
            command.arg("-i").arg(&shot.source);
        }
        command.args(["-ss", &timeline.song_from.to_string(), "-i"]).arg(&timeline.song);
        command.args(["-filter_complex", &graph(timeline), "-map", "[out]"]);
        command.args(["-map", &format!("{}:a", timeline.shots.len())]);
        command.args(["-t", &timeline.seconds().to_string(), "-c:v", "libx264", "-r", "30"]);
        for (key, value) in SETTINGS {
            command.args([&format!("-{key}:v"), value]);
        }
        command.args(["-c:a", "aac", "-b:a", "192k", "-ar", "48000"]).arg(&out);
        let start = Instant::now();
        let status = command.stdin(Stdio::null()).status().expect("GNU time is installed");
        assert!(status.success(), "the one command failed");
        let wall = start.elapsed().as_secs_f64();
        super::super::cost(wall, &report)
    }
}

fn graph(timeline: &Timeline) -> String {
    let mut text = String::new();
    for (index, shot) in timeline.shots.iter().enumerate() {
        text += &format!("[{index}:v]{}[s{index}];", view(shot));
    }
    // Shots between two dissolves are concatenated; the resulting stretches then dissolve into each other.
    let mut stretches: Vec<(String, u32)> = Vec::new();
    let mut first = 0;
    for index in 1..=timeline.shots.len() {
        if timeline.shots.get(index).is_none_or(|shot| shot.before > 0) {
            let shots = &timeline.shots[first..index];
            let name = format!("c{first}");
            let inputs: String = (first..index).map(|shot| format!("[s{shot}]")).collect();
            text += &format!("{inputs}concat=n={}:v=1:a=0,settb=1/30[{name}];", shots.len());
            stretches.push((name, shots.iter().map(Shot::seen).sum()));
            first = index;
        }
    }
    let (mut whole, mut length) = stretches[0].clone();
    let dissolves = timeline.shots.iter().map(|shot| shot.before * 2).filter(|frames| *frames > 0);
    for ((name, frames), dissolve) in stretches[1..].iter().zip(dissolves) {
        let (over, start) = (f64::from(dissolve) / RATE, f64::from(length - dissolve) / RATE);
        text += &format!("[{whole}][{name}]xfade=transition=fade:duration={over}:offset={start}[x{name}];");
        (whole, length) = (format!("x{name}"), length + frames - dissolve);
    }
    let titles = (0..4).map(|n| {
        let (at, end) = (1 + n * 30, 4 + n * 30);
        let words = "fontsize=99:fontcolor=white:shadowx=2:shadowy=2:x=(w-tw)/2:y=(h-th)/2";
        format!("drawtext=text='Day {}':{words}:enable='between(t,{at},{end})'", n + 1)
    });
    text + &format!("[{whole}]{},format=yuv420p[out]", titles.collect::<Vec<_>>().join(","))
}

fn view(shot: &Shot) -> String {
    let frames = shot.seen();
    if shot.is_photo {
        // Zoompan moves in whole pixels of its input, so the input has twice the size.
        return format!(
            "scale=3840:2160:force_original_aspect_ratio=increase,crop=3840:2160,\
             zoompan=z='1+0.05*on/{frames}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d={frames}:s=1920x1080:fps=30,\
             setsar=1,format=yuv420p"
        );
    }
    format!("scale=1920:1080,fps=30,trim=end_frame={frames},setpts=PTS-STARTPTS,setsar=1,format=yuv420p")
}
