use mmm_facts::MusicFacts;

/// The picture in pixels: 16:9, as a slide.
pub(super) const WIDTH: u32 = 1600;
pub(super) const HEIGHT: u32 = 900;

/// Left and right of everything.
pub(super) const MARGIN: f64 = 64.0;
/// Where time begins and ends.
pub(super) const LEFT: f64 = 156.0;
pub(super) const RIGHT: f64 = 1536.0;

/// Baselines of the header.
pub(super) const TITLE: f64 = 94.0;
pub(super) const FIGURES: f64 = 150.0;

/// Baselines of the labels of events: near the music, and above.
pub(super) const EVENT_ROWS: [f64; 2] = [246.0, 220.0];
/// The band with the names of the parts.
pub(super) const BAND: (f64, f64) = (260.0, 310.0);
/// Waveform and energy.
pub(super) const WAVE: (f64, f64) = (316.0, 716.0);
/// Bars and beats hang from here.
pub(super) const TICKS: f64 = 734.0;
/// Baseline of the numbers of bars.
pub(super) const NUMBERS: f64 = 786.0;
/// The line of time.
pub(super) const AXIS: f64 = 818.0;

/// Which time lies where.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    /// Seconds from [`LEFT`] to [`RIGHT`]; above 0.
    pub(super) seconds: f64,
}

impl Layout {
    pub(super) fn new(facts: &MusicFacts) -> Self {
        Self { seconds: facts.form.duration.secs().max(0.001) }
    }

    /// Where a time lies, within the picture whatever it is.
    pub(super) fn x(&self, seconds: f64) -> f64 {
        LEFT + (seconds / self.seconds).clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    /// How many pixels a length of time takes.
    pub(super) fn pixels(&self, seconds: f64) -> f64 {
        seconds / self.seconds * (RIGHT - LEFT)
    }
}

/// The smallest of `steps` that is at least `least`; the last if none is.
pub(super) fn step(steps: &[u32], least: f64) -> u32 {
    let fits = steps.iter().find(|&&step| f64::from(step) >= least);
    fits.or(steps.last()).copied().unwrap_or(1)
}
