//! Compares the memory that an hour needs with the memory of two minutes.

use std::fs;
use std::path::Path;

use super::{Bench, row, studio};

impl Bench {
    /// Builds drafts of the studio's media: two minutes without repeats, and an hour with many repeats.
    pub(super) fn length(&self) {
        let media = studio::media_folder();
        let song = media.with_file_name("song.mp3");
        let hour = self.ffmpeg(
            &["-stream_loop", "24", "-i", song.to_str().expect("UTF-8"), "-t", "3610", "-c", "copy"],
            "length/hour.mp3",
        );
        let (short, long) = (self.peak("short", 120, &media, &song), self.peak("long", 3590, &media, &hour));
        row("two minutes at two jobs, memory", &format!("{short:.0} MiB"), "< 1229 MiB");
        row("  an hour against it", &format!("{:.2}×", long / short), "≤ 1.1×");
    }

    /// Returns the peak memory of a first draft in MiB, with all facts cached.
    fn peak(&self, name: &str, seconds: u32, media: &Path, song: &Path) -> f64 {
        let spec = self.path(&format!("length/{name}.yaml"));
        let text = format!(
            "media: [{{path: {name}/, sound: mute}}]\nmusic: {name}.mp3\nduration: {seconds}s\n\
             constraints: {{ repeats: 100 }}\noutputs: {{ {name}.mp4: {{}} }}\n"
        );
        let beside = |name: &str| spec.with_file_name(name);
        fs::create_dir(beside(name)).expect("a folder");
        for file in fs::read_dir(media).expect("media").flatten() {
            let to = beside(name).join(file.file_name());
            fs::hard_link(file.path(), &to).or_else(|_| fs::copy(file.path(), &to).map(drop)).expect("media");
        }
        fs::copy(song, beside(&format!("{name}.mp3"))).expect("a song");
        fs::write(&spec, text).expect("a spec");
        let spec = spec.to_str().expect("UTF-8");
        self.run(&["plan", spec]);
        // A build that finds proxies decodes no large clip.
        self.forget_records(&["proxy", "segment"]);
        self.run(&["build", spec, "--profile", "draft", "--jobs", "2"]).peak_mib
    }
}
