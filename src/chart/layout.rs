use mmm_facts::MusicFacts;

/// The size of the picture in pixels: 16:9, like a slide.
pub(super) const WIDTH: u32 = 1600;
pub(super) const HEIGHT: u32 = 900;

/// The margin on the left and right.
pub(super) const MARGIN: f64 = 64.0;
/// The x positions at which time begins and ends.
pub(super) const LEFT: f64 = 156.0;
pub(super) const RIGHT: f64 = 1536.0;

/// The baselines of the header.
pub(super) const TITLE: f64 = 94.0;
pub(super) const FIGURES: f64 = 150.0;

/// The baselines of the event labels: near the waveform, and above it.
pub(super) const EVENT_ROWS: [f64; 2] = [246.0, 220.0];
/// The band with the names of the sections.
pub(super) const BAND: (f64, f64) = (260.0, 310.0);
/// The area of the waveform and the energy curve.
pub(super) const WAVE: (f64, f64) = (316.0, 716.0);
/// The line that bars and beats hang from.
pub(super) const TICKS: f64 = 734.0;
/// The baseline of the bar numbers.
pub(super) const NUMBERS: f64 = 786.0;
/// The time axis.
pub(super) const AXIS: f64 = 818.0;

/// Maps times to x positions.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Seconds from [`LEFT`] to [`RIGHT`]; above 0.
    pub(super) seconds: f64,
}

impl Layout {
    pub(super) fn new(facts: &MusicFacts) -> Self {
        Self { seconds: facts.form.duration.secs().max(0.001) }
    }

    /// Returns the x position of a time, clamped to the picture.
    pub(super) fn x(&self, seconds: f64) -> f64 {
        LEFT + (seconds / self.seconds).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    /// Returns the width of a duration in pixels.
    pub(super) fn pixels(&self, seconds: f64) -> f64 {
        seconds / self.seconds * (RIGHT - LEFT)
    }
}

/// Returns the smallest of `steps` that is at least `least`, or the last one if none is.
pub(super) fn step(steps: &[u32], least: f64) -> u32 {
    let fits = steps.iter().find(|&&step| f64::from(step) >= least);
    fits.or(steps.last()).copied().unwrap_or(1)
}
