use crate::loudness::clean;
use crate::net::{ModelError, Net};
use mmm_base::{Score, Time};
use mmm_facts::{SoundKind, SoundStretch};

use super::frame::Frames;
use super::level::{self, Levels};
use super::listener::EventListener;
use super::mel::{self, MelBands};
use super::mel_scaling::scaled;
use super::moment::{self, Moments, SoundMoment};
use super::noise::noises;
use super::rate::RATE_HZ;
use super::region::Region;
use super::silence::silences;
use super::syllables::{self, SyllableLoudness};
use super::voices::voices;
use super::wind::winds;

/// Noise and wind last at least this long, even if speech or music interrupts them.
const LEAST: Time = Time::from_secs(1);

/// Detects sounds in the sound of a clip, one channel at `RATE_HZ`, as it is decoded.
///
/// Speech, singing and music need a model; without it only silence, wind and noise are detected. Times are
/// accurate to 25 ms for speech, singing, music and silence, and to a tenth of a second for noise and wind.
pub struct SoundAnalyst {
    listener: Option<EventListener>,
    mel: MelBands,
    mel_frames: Frames,
    /// One for each frame of 10 ms.
    loudness: Vec<SyllableLoudness>,
    levels: Levels,
    spectra: Moments,
    moment_frames: Frames,
    moments: Vec<SoundMoment>,
    clean: Vec<f32>,
    count: u64,
}

impl SoundAnalyst {
    /// Returns an analyst with the model for audio events (`Model::AudioEvents`), or without a model.
    pub fn new(net: Option<&'static Net>) -> Self {
        Self {
            listener: net.map(EventListener::new),
            mel: MelBands::new(),
            mel_frames: Frames::new(mel::FRAME, mel::STEP),
            loudness: Vec::new(),
            levels: Levels::default(),
            spectra: Moments::new(),
            moment_frames: Frames::new(moment::WINDOW, moment::STEP),
            moments: Vec::new(),
            clean: Vec::new(),
            count: 0,
        }
    }

    /// Analyses the next samples, full scale ±1; invalid samples count as silence.
    pub fn samples(&mut self, mono: &[f32]) {
        self.clean.clear();
        self.clean.extend(mono.iter().map(|sample| clean(*sample)));
        self.count += mono.len() as u64;
        self.levels.samples(&self.clean);
        let (spectra, moments) = (&mut self.spectra, &mut self.moments);
        self.moment_frames.samples(&self.clean, |window| moments.push(spectra.moment(window)));
        let Some(listener) = &mut self.listener else { return };
        let (mel, loudness) = (&mut self.mel, &mut self.loudness);
        self.mel_frames.samples(&self.clean, |frame| {
            let bands = mel.bands(frame);
            loudness.push(syllables::loudness(&bands));
            listener.frame(&scaled(&bands));
        });
    }

    /// Returns the sounds, in order of time, then of kind.
    ///
    /// # Errors
    /// If the model can't be run.
    pub fn finish(self) -> Result<Vec<SoundStretch>, ModelError> {
        let end = Time::from_micros((self.count * 1_000_000 / u64::from(RATE_HZ)) as i64);
        let answers = self.listener.map(EventListener::finish).transpose()?;
        let voices = answers.as_ref().map(|answers| voices(answers, &self.loudness)).unwrap_or_default();
        let mut found: Vec<SoundStretch> =
            voices.into_iter().map(|(kind, region)| stretch(kind, region, &MEL_GRID, end)).collect();
        let place = |kind, regions: Vec<Region>| {
            regions.into_iter().map(move |region| stretch(kind, region, &MOMENT_GRID, end))
        };
        for stretches in [
            place(SoundKind::Wind, winds(&self.moments)),
            place(SoundKind::Noise, noises(&self.moments, answers.is_some())),
        ] {
            let free: Vec<SoundStretch> = stretches.flat_map(|stretch| without(stretch, &found)).collect();
            found.extend(free);
        }
        let silent = silences(&self.levels.finish());
        found.extend(silent.into_iter().map(|region| stretch(SoundKind::Silence, region, &LEVEL_GRID, end)));
        found.sort_by_key(|stretch| (stretch.start, stretch.end, stretch.kind));
        Ok(found)
    }
}

/// The timing of a curve's values.
struct Grid {
    /// Time from one value to the next.
    step: Time,
    /// Time that one value covers.
    length: Time,
}

const MEL_GRID: Grid = Grid { step: samples(mel::STEP), length: samples(mel::FRAME) };
const MOMENT_GRID: Grid = Grid { step: samples(moment::STEP), length: samples(moment::WINDOW) };
const LEVEL_GRID: Grid = Grid { step: samples(level::STEP), length: samples(level::STEP) };

const fn samples(count: usize) -> Time {
    Time::from_micros(count as i64 * 1_000_000 / RATE_HZ as i64)
}

/// Converts a region of a curve to a sound in a clip that ends at `end`.
fn stretch(kind: SoundKind, region: Region, grid: &Grid, end: Time) -> SoundStretch {
    let at = |i: usize| grid.step.scale(i as i64, 1);
    SoundStretch {
        start: at(region.first),
        end: (at(region.end.max(1) - 1) + grid.length).min(end),
        kind,
        confidence: Score::new(region.mean),
    }
}

/// Returns the parts of `stretch` outside all of `others` that are long enough.
fn without(stretch: SoundStretch, others: &[SoundStretch]) -> Vec<SoundStretch> {
    let mut parts = vec![stretch];
    for other in others {
        parts = parts
            .into_iter()
            .flat_map(|part| {
                [
                    SoundStretch { end: part.end.min(other.start), ..part },
                    SoundStretch { start: part.start.max(other.end), ..part },
                ]
            })
            .filter(|part| part.start < part.end)
            .collect();
    }
    parts.retain(|part| part.end - part.start >= LEAST);
    parts
}
