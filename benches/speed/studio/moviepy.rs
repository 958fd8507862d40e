use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::json;

use super::timeline::{RATE, Timeline};
use super::{Bench, Cost};

/// The measured version. It is installed from PyPI into a separate folder.
const MOVIEPY: &str = "moviepy==2.2.1";
/// How many frames of the timeline to render; the whole would take minutes.
const FRAMES: u32 = 450;

impl Bench {
    /// Renders the beginning of the timeline with MoviePy, and returns the cost and the length in seconds;
    /// `None` if MoviePy can't be installed.
    pub(super) fn moviepy(&self, timeline: &Timeline) -> Option<(Cost, f64)> {
        let python = installed()?;
        let shots = timeline.beginning(FRAMES).iter().map(|shot| {
            json!({
                "source": shot.source,
                "photo": shot.is_photo,
                "start": shot.start(),
                "seconds": f64::from(shot.seen()) / RATE,
                "dissolve": f64::from(shot.before * 2) / RATE,
            })
        });
        let (out, report, list) =
            (self.path("moviepy.mp4"), self.path("moviepy.txt"), self.path("shots.json"));
        let shots = json!({ "shots": shots.collect::<Vec<_>>(), "song": timeline.song });
        fs::write(&list, shots.to_string()).expect("the list");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/studio/with_moviepy.py");
        let start = Instant::now();
        let status = Command::new("/usr/bin/time")
            .args(["-f", "%U %S %M", "-o"])
            .arg(&report)
            .arg(python)
            .args([&script, &list, &out])
            .stdout(Stdio::null())
            .status()
            .expect("GNU time is installed");
        assert!(status.success(), "MoviePy failed");
        let wall = start.elapsed().as_secs_f64();
        Some((super::super::cost(wall, &report), super::super::length(&out)))
    }
}

/// Returns a Python with MoviePy.
fn installed() -> Option<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moviepy");
    let python = folder.join("bin/python");
    let has = |python: &Path| {
        let look = Command::new(python).args(["-c", "import moviepy"]).stderr(Stdio::null()).status();
        look.is_ok_and(|status| status.success())
    };
    if !has(&python) {
        Command::new("python3").args(["-m", "venv"]).arg(&folder).stderr(Stdio::null()).status().ok()?;
        Command::new(&python).args(["-m", "pip", "install", "-q", MOVIEPY]).status().ok()?;
    }
    has(&python).then_some(python)
}
