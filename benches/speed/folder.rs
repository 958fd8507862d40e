//! A large folder: how long until a short movie of it is planned for the first time, and until all of it is listed,
//! matched, checked and planned again with a long song.

use std::fs;
use std::path::Path;

use crate::{Bench, Cost, files, median, row};

/// Copies of each of the example's twelve photos, in other colours and parts.
const PARTS: usize = 250;

impl Bench {
    /// Plans 3,000 photos and 300 clips for two minutes from nothing; then checks and plans them for an hour of music,
    /// with their facts in the cache.
    pub(crate) fn folder(&self) {
        self.material();
        let short = self.path("folder/short.yaml");
        fs::write(&short, "media: [photos/, clips/]\nmusic: short.ogg\nduration: 120s\n").expect("a spec");
        let cold = self.run(&["plan", short.to_str().expect("UTF-8")]);
        row("3,300 media, two minutes: first plan", &format!("{:.0} s", cold.wall), "< 240 s");
        row("  peak memory", &format!("{:.0} MiB", cold.peak_mib), "< 500 MiB");
        let spec = self.path("folder/movie.yaml");
        let text =
            "media: [photos/, clips/]\nmusic: song.ogg\nduration: music\nconstraints: { shot: 1s..12s }\n";
        fs::write(&spec, text).expect("a spec");
        let spec = spec.to_str().expect("UTF-8");
        self.run(&["plan", spec]);
        // Files newer than one clock step are read again.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        let seconds = |what: &str| {
            self.run(&[what, spec]);
            let runs: Vec<Cost> = (0..7).map(|_| self.run(&[what, spec])).collect();
            let peak = median(runs.iter().map(|cost| cost.peak_mib).collect());
            (median(runs.iter().map(|cost| cost.wall).collect()), peak)
        };
        let (checked, _) = seconds("check");
        let (planned, peak) = seconds("plan");
        row("3,300 media, an hour of music: check", &format!("{checked:.2} s"), "< 1.5 s");
        row("  plan", &format!("{planned:.2} s"), "< 0.5 s");
        row("  peak memory", &format!("{peak:.0} MiB"), "");
    }

    fn material(&self) {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/first-movie");
        let parts = PARTS.to_string();
        for (n, photo) in files(&example.join("photos")).iter().enumerate() {
            let other = "scale=900:900:force_original_aspect_ratio=increase,\
                crop=640:427:x='mod(n*37,iw-640)':y='mod(n*53,ih-427)',hue=h='n*1.4':s='1+0.3*sin(n)'";
            let args = ["-loop", "1", "-i", photo, "-vf", other, "-frames:v", &parts, "-q:v", "4"];
            self.ffmpeg(&args, &format!("folder/photos/{n}/%04d.jpg"));
        }
        let meadow = example.join("clips/meadow.mp4");
        let meadow = ["-stream_loop", "-1", "-i", meadow.to_str().expect("UTF-8"), "-an", "-t", "600"];
        let codec = ["-vf", "scale=640:360,hue=h='t'", "-c:v", "libx264", "-preset", "ultrafast", "-g", "24"];
        let cut = ["-f", "segment", "-segment_time", "2", "-reset_timestamps", "1"];
        self.ffmpeg(&[&meadow[..], &codec, &cut].concat(), "folder/clips/%04d.mp4");
        let song = example.join("music/song.ogg");
        for (name, seconds) in [("short", "120"), ("song", "3600")] {
            let song = ["-stream_loop", "-1", "-i", song.to_str().expect("UTF-8"), "-t", seconds];
            self.ffmpeg(&[&song[..], &["-c:a", "libvorbis"]].concat(), &format!("folder/{name}.ogg"));
        }
    }
}
