use std::path::Path;

use ebur128::{EbuR128, Mode};

use super::InspectError;
use super::clicks::{REACH, click};
use super::streams::NO_PLAN;
use mmm_base::{Cancel, Rate, Time};
use mmm_facts::MediaError;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{SAMPLE_RATE, Wanted};
use mmm_media::{Layout, SoundReader};

const LOUDNESS: Measure = Measure { name: "loudness", unit: "LUFS" };
const PEAK: Measure = Measure { name: "true peak", unit: "dBTP" };
const RANGE: Measure = Measure { name: "loudness range", unit: "LU" };
const CLICKS: Measure = Measure { name: "clicks at joins", unit: "clicks" };

/// The largest deviation of the finished sound from its loudness, in LU.
const TOLERANCE: f64 = 0.5;
/// The highest true peak allowed, in dBTP.
const HIGHEST_PEAK: f64 = -1.0;
/// The value for silence, in LUFS and in dBTP: the absolute gate of ITU-R BS.1770.
const SILENCE: f64 = -70.0;

/// Sample rate in Hz at which sound is measured.
pub(super) const RATE_HZ: u32 = SAMPLE_RATE;
/// Frames measured at a time: 100 ms, the precision of a peak's position.
const BLOCK: usize = 4800;

/// The measurements of a movie's sound from one pass.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Heard {
    /// Frames of sound at 48 kHz.
    pub frames: u64,
    /// Integrated loudness in LUFS (EBU R128).
    pub loudness: f64,
    /// Loudness range in LU (EBU Tech 3342).
    pub range: f64,
    /// True peak in dBTP, and its position.
    pub peak: (f64, Time),
    /// Joins that click, and how many times steeper they are than their surroundings.
    pub clicks: Vec<(u64, f32)>,
}

/// Measures block by block and keeps the samples around the next join.
struct Ear<'a> {
    meter: EbuR128,
    heard: Heard,
    /// The remaining joins, in order.
    joins: &'a [u64],
    /// The latest frames; the first of them is frame `from` of the movie.
    latest: Vec<[f32; 2]>,
    from: u64,
}

impl Heard {
    /// Decodes the sound of a file; `None` if there is none. `joins` are frames at 48 kHz, in order.
    ///
    /// # Errors
    /// If it can't be decoded, or on cancellation.
    pub fn listen(path: &Path, joins: &[u64], cancel: &Cancel) -> Result<Option<Self>, InspectError> {
        let mut reader = match SoundReader::open(path, RATE_HZ, Layout::Stereo) {
            Err(MediaError::NoSound) => return Ok(None),
            reader => reader?,
        };
        let mut ear = Ear::new(joins)?;
        let (mut block, mut waiting) = (Vec::new(), Vec::new());
        while reader.read(&mut block)? {
            if cancel.is_cancelled() {
                return Err(InspectError::Cancelled);
            }
            waiting.append(&mut block);
            let whole = waiting.len() - waiting.len() % (BLOCK * 2);
            waiting[..whole].chunks_exact(BLOCK * 2).try_for_each(|block| ear.hear(block))?;
            waiting.drain(..whole);
        }
        ear.hear(&waiting)?;
        ear.finish().map(Some)
    }

    /// Returns the figures of the sound; `heard` is `None` if there is no sound.
    pub fn figures(heard: Option<&Self>, rate: Rate, wanted: Option<&Wanted>) -> Vec<Figure> {
        let Some(heard) = heard else {
            let measures = [LOUDNESS, PEAK, RANGE, CLICKS];
            return measures.map(|measure| Figure::unmeasured(measure, "there is no sound")).to_vec();
        };
        let asked = wanted.and_then(|wanted| wanted.timeline.sound.as_ref());
        let limit = asked.map_or(Limit::None, |sound| {
            let target = f64::from(sound.loudness) / 100.0;
            Limit::Within(target - TOLERANCE, target + TOLERANCE)
        });
        let (peak, at) = heard.peak;
        let loudest = FigurePlace::time(at, rate, "the highest peak");
        let clicks = match wanted {
            Some(wanted) if !joins(wanted).is_empty() => heard.clicks(rate),
            Some(_) => Figure::unmeasured(CLICKS, "the movie has no join"),
            None => Figure::unmeasured(CLICKS, NO_PLAN),
        };
        vec![
            Figure::measured(LOUDNESS, heard.loudness, limit),
            Figure::measured(PEAK, peak, Limit::Most(HIGHEST_PEAK)).at([loudest]),
            Figure::measured(RANGE, heard.range, Limit::None),
            clicks,
        ]
    }

    fn clicks(&self, rate: Rate) -> Figure {
        let mut clicks = self.clicks.clone();
        clicks.sort_by(|a, b| b.1.total_cmp(&a.1));
        let places = clicks.iter().map(|(frame, steep)| {
            let time = Time::from_micros((i128::from(*frame) * 1_000_000 / i128::from(RATE_HZ)) as i64);
            FigurePlace::time(time, rate, format!("a step {steep:.0} times as steep as what is around it"))
        });
        Figure::measured(CLICKS, clicks.len() as f64, Limit::Most(0.0)).at(places)
    }
}

/// Returns where sounds or pictures are joined, in frames at 48 kHz, in order: at the ends of every cue and
/// at every cut.
pub(super) fn joins(wanted: &Wanted) -> Vec<u64> {
    let timeline = wanted.timeline;
    let cues = timeline.sound.iter().flat_map(|sound| &sound.cues);
    let ends = cues.flat_map(|cue| [cue.start, cue.start + cue.samples]);
    let rate = timeline.canvas.rate;
    let cuts = timeline.shots.iter().map(|shot| rate.sample_of(i64::from(shot.start), RATE_HZ) as u64);
    let inside = |join: &u64| *join > 0 && *join < timeline.samples;
    let mut joins: Vec<u64> = ends.chain(cuts).filter(inside).collect();
    joins.sort_unstable();
    joins.dedup();
    joins
}

impl<'a> Ear<'a> {
    fn new(joins: &'a [u64]) -> Result<Self, InspectError> {
        let meter = EbuR128::new(2, RATE_HZ, Mode::I | Mode::LRA | Mode::TRUE_PEAK)?;
        let heard = Heard {
            frames: 0,
            loudness: SILENCE,
            range: 0.0,
            peak: (SILENCE, Time::ZERO),
            clicks: Vec::new(),
        };
        Ok(Self { meter, heard, joins, latest: Vec::new(), from: 0 })
    }

    /// Measures the next frames, at most a block of them.
    fn hear(&mut self, samples: &[f32]) -> Result<(), InspectError> {
        let frames: Vec<[f32; 2]> = samples
            .as_chunks::<2>()
            .0
            .iter()
            .map(|frame| frame.map(|sample| if sample.is_finite() { sample } else { 0.0 }))
            .collect();
        self.meter.add_frames_f32(frames.as_flattened())?;
        let peak = self.meter.prev_true_peak(0)?.max(self.meter.prev_true_peak(1)?);
        let peak = 20.0 * peak.max(f64::MIN_POSITIVE).log10();
        if peak > self.heard.peak.0 {
            let micros = i128::from(self.heard.frames) * 1_000_000 / i128::from(RATE_HZ);
            self.heard.peak = (peak, Time::from_micros(micros as i64));
        }
        self.heard.frames += frames.len() as u64;
        self.latest.extend(frames);
        self.judge(REACH as u64);
        Ok(())
    }

    /// Checks the joins that are followed by `after` frames by now, and drops samples that no join needs.
    fn judge(&mut self, after: u64) {
        while let Some((&join, rest)) = self.joins.split_first()
            && join + after <= self.heard.frames
        {
            let steep = click(&self.latest, join.saturating_sub(self.from) as usize);
            self.heard.clicks.extend(steep.map(|steep| (join, steep)));
            self.joins = rest;
        }
        let next = self.joins.first().copied().unwrap_or(u64::MAX).min(self.heard.frames);
        let keep = next.saturating_sub(REACH as u64).max(self.from);
        self.latest.drain(..((keep - self.from) as usize).min(self.latest.len()));
        self.from = keep;
    }

    fn finish(mut self) -> Result<Heard, InspectError> {
        self.judge(0);
        let loudness = self.meter.loudness_global()?;
        Ok(Heard {
            loudness: if loudness.is_finite() { loudness.max(SILENCE) } else { SILENCE },
            range: self.meter.loudness_range()?,
            ..self.heard
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listen(frames: &[[f32; 2]], joins: &[u64]) -> Heard {
        let mut ear = Ear::new(joins).unwrap();
        frames.as_flattened().chunks(BLOCK * 2).for_each(|block| ear.hear(block).unwrap());
        ear.finish().unwrap()
    }

    /// EBU Tech 3341, case 1: a stereo sine of 1 kHz at −23 dBFS measures −23 LUFS.
    #[test]
    fn the_meter_reads_what_ebu_tech_3341_says() {
        let level = 10f32.powf(-23.0 / 20.0);
        let at = |n: usize| (n as f32 / 48.0 * std::f32::consts::TAU).sin() * level;
        let sine: Vec<[f32; 2]> = (0..20 * 48_000).map(|n| [at(n); 2]).collect();
        let heard = listen(&sine, &[]);
        assert!((heard.loudness + 23.0).abs() < 0.1, "{}", heard.loudness);
        assert!((heard.peak.0 + 23.0).abs() < 0.1 && heard.range < 0.1, "{heard:?}");
        assert_eq!(heard.frames, 20 * 48_000);
    }

    #[test]
    fn silence_is_very_quiet_and_no_missing_figure() {
        let heard = listen(&vec![[0.0; 2]; 48_000], &[24_000]);
        assert_eq!((heard.loudness, heard.peak.0, heard.clicks.len()), (-70.0, -70.0, 0));
    }

    #[test]
    fn joins_that_click_are_found_wherever_blocks_end() {
        let at = |n: usize| (n as f32 / 48_000.0 * 220.0 * std::f32::consts::TAU).sin() * 0.3;
        for join in [300, 4799, 4800, 9000, 30_000, 47_900] {
            let broken: Vec<[f32; 2]> =
                (0..48_000).map(|n| [at(if n < join { n } else { n + 100 }); 2]).collect();
            let joins = [300, 4799, 4800, 9000, 30_000, 47_900];
            let clicks = listen(&broken, &joins).clicks;
            let near = |clicked: u64| clicked.abs_diff(join as u64) <= 1;
            assert!(!clicks.is_empty() && clicks.iter().all(|(at, _)| near(*at)), "{join}: {clicks:?}");
        }
    }
}
