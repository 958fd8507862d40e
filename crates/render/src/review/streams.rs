use super::FinishedFile;
use mmm_base::Time;
use mmm_facts::Timeline;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};

const SIZE: Measure = Measure { name: "size", unit: "px off" };
const LENGTH: Measure = Measure { name: "length", unit: "frames off" };
const SOUND_LENGTH: Measure = Measure { name: "sound length", unit: "samples off" };
const SKEW: Measure = Measure { name: "skew", unit: "frames" };
const EVEN: Measure = Measure { name: "uneven frames", unit: "frames" };
const INDEX: Measure = Measure { name: "media before the index", unit: "bytes" };

/// The most frames by which the sound may begin or end apart from the picture.
const MOST_SKEW: f64 = 0.5;

/// Returns the figures of a file's streams: their lengths compared with each other and with the plan.
pub fn streams(file: &FinishedFile, wanted: Option<&Timeline>) -> Vec<Figure> {
    let mut figures = match wanted {
        Some(timeline) => against(file, timeline).to_vec(),
        None => [SIZE, LENGTH, SOUND_LENGTH].map(|measure| Figure::unmeasured(measure, NO_PLAN)).to_vec(),
    };
    let uneven = file.uneven.iter().map(|frame| {
        FigurePlace::frame(*frame, file.rate, "the next frame does not follow after a frame's time")
    });
    figures.push(Figure::measured(EVEN, file.uneven.len() as f64, Limit::Most(0.0)).at(uneven));
    figures.push(skew(file));
    figures.push(Figure::measured(INDEX, file.before_index as f64, Limit::Most(0.0)));
    figures
}

/// Why a figure that needs a plan was not measured.
pub(super) const NO_PLAN: &str = "there is no plan to compare it with";

fn against(file: &FinishedFile, timeline: &Timeline) -> [Figure; 3] {
    let canvas = timeline.canvas;
    let off = file.width.abs_diff(canvas.width) + file.height.abs_diff(canvas.height);
    let size = format!("{}×{} instead of {}×{}", file.width, file.height, canvas.width, canvas.height);
    let frames = file.frames.abs_diff(timeline.frames);
    let length = format!("{} frames instead of {}", file.frames, timeline.frames);
    let asked = timeline.sound.as_ref().map_or(0, |sound| sound.samples);
    let samples = file.samples.unwrap_or(0);
    let sound = format!("{samples} samples instead of {asked}");
    let none = |measure, off: f64, what: String| {
        let figure = Figure::measured(measure, off, Limit::Most(0.0));
        if off > 0.0 { figure.note(what) } else { figure }
    };
    [
        none(SIZE, f64::from(off), size),
        none(LENGTH, f64::from(frames), length),
        none(SOUND_LENGTH, samples.abs_diff(asked) as f64, sound),
    ]
}

/// Measures how far apart picture and sound begin or end.
fn skew(file: &FinishedFile) -> Figure {
    let Some((from, to)) = file.sound else { return Figure::unmeasured(SKEW, "there is no sound") };
    let frames = |a: Time, b: Time| {
        (a - b).micros().abs() as f64 / 1e6 * f64::from(file.rate.0) / f64::from(file.rate.1)
    };
    let (start, end) = (frames(from, file.picture.0), frames(to, file.picture.1));
    let figure = Figure::measured(SKEW, start.max(end), Limit::Most(MOST_SKEW));
    let place = match start > end {
        true => FigurePlace::time(from.max(file.picture.0), file.rate, "one of them begins later"),
        false => FigurePlace::time(to.min(file.picture.1), file.rate, "one of them ends earlier"),
    };
    if start.max(end) > MOST_SKEW { figure.at([place]) } else { figure }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Rate;
    use mmm_facts::Verdict;
    use mmm_facts::{Canvas, Profile, SoundCodec, SoundRecipe};
    use mmm_spec::{Aspect, Codec};

    fn file() -> FinishedFile {
        FinishedFile {
            width: 640,
            height: 360,
            rate: Rate(30, 1),
            frames: 90,
            uneven: Vec::new(),
            picture: (Time::ZERO, Time::from_secs(3)),
            sound: Some((Time::ZERO, Time::from_secs(3))),
            samples: Some(144_000),
            before_index: 0,
        }
    }

    fn timeline() -> Timeline {
        Timeline {
            canvas: Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft),
            title: None,
            description: None,
            frames: 90,
            samples: 144_000,
            shots: Vec::new(),
            chapters: Vec::new(),
            segments: Vec::new(),
            sound: Some(SoundRecipe {
                samples: 144_000,
                cues: Vec::new(),
                loudness: -1400,
                codec: SoundCodec::Aac,
                bit_rate: None,
            }),
            music: Vec::new(),
            subtitles: Vec::new(),
        }
    }

    fn failing(file: &FinishedFile) -> Vec<&'static str> {
        let figures = streams(file, Some(&timeline()));
        let failing = figures.iter().filter(|figure| figure.verdict() == Verdict::Fails);
        failing.map(|figure| figure.measure.name).collect()
    }

    #[test]
    fn every_stream_is_held_against_the_plan_and_the_other() {
        assert!(failing(&file()).is_empty());
        assert_eq!(failing(&FinishedFile { height: 358, ..file() }), ["size"]);
        assert_eq!(failing(&FinishedFile { frames: 89, ..file() }), ["length"]);
        assert_eq!(failing(&FinishedFile { samples: None, sound: None, ..file() }), ["sound length"]);
        assert_eq!(failing(&FinishedFile { uneven: vec![7], ..file() }), ["uneven frames"]);
        assert_eq!(failing(&FinishedFile { before_index: 9, ..file() }), ["media before the index"]);
        let late = Some((Time::from_millis(17), Time::from_secs(3)));
        assert_eq!(failing(&FinishedFile { sound: late, ..file() }), ["skew"]);
    }

    #[test]
    fn without_a_plan_nothing_is_said_to_hold_that_needs_one() {
        let figures = streams(&file(), None);
        assert!(figures[..3].iter().all(|figure| figure.verdict() == Verdict::Unmeasured));
        assert!(figures[3..].iter().all(|figure| figure.verdict() == Verdict::Passes));
    }
}
