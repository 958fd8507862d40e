use super::spectrogram::{BANDS, centres_hz};

/// Frames per second of a [`SpectralTrack`].
pub const FRAMES_HZ: f64 = 50.0;
/// The range in which pitch is measured, in Hz.
const PITCHED_HZ: std::ops::Range<f32> = 190.0..2500.0;
/// Below this is bass, in Hz.
const BASS_HZ: f32 = 160.0;

/// The features of a music track for each fiftieth of a second ([`FRAMES_HZ`]); all lists have one entry per
/// frame. Frame `i` is centred on `i / FRAMES_HZ` seconds.
///
/// `S` is the log spectrum log10(1 + magnitude) in 136 bands, 24 per octave from 30 Hz on.
#[derive(Clone, Debug, Default)]
pub struct SpectralTrack {
    /// Square root of the sum of the magnitudes of each pitch class from 190 to 2,500 Hz, A first.
    pub chroma: Vec<[f32; 12]>,
    /// Cosine coefficients 1 to 12 of `S`, over its 136 bands.
    pub timbre: Vec<[f32; 12]>,
    /// Mean of `S`.
    pub level: Vec<f32>,
    /// Mean of `S` below 160 Hz.
    pub low_level: Vec<f32>,
    /// Mean rise of the bands of `S` over the last two frames (SuperFlux, Böck and Widmer 2013).
    pub flux: Vec<f32>,
    /// The same over the bands below 160 Hz.
    pub low: Vec<f32>,
}

/// Builds a [`SpectralTrack`] frame by frame.
pub struct Recorder {
    pub track: SpectralTrack,
    /// `S` of the last two frames, newer first, and the number of frames so far.
    before: [[f32; BANDS]; 2],
    frames: usize,
    pitch: [Option<usize>; BANDS],
    bass: usize,
    cosines: Vec<[f32; BANDS]>,
}

impl Recorder {
    pub fn new() -> Self {
        let centres = centres_hz();
        let cosine = |k: usize, band: usize| {
            let angle = std::f64::consts::PI * k as f64 * (band as f64 + 0.5) / BANDS as f64;
            (angle.cos() / BANDS as f64) as f32
        };
        Self {
            track: SpectralTrack::default(),
            before: [[0.0; BANDS]; 2],
            frames: 0,
            pitch: centres.map(pitch_of),
            bass: centres.iter().take_while(|hz| **hz < BASS_HZ).count(),
            cosines: (1..=12).map(|k| std::array::from_fn(|band| cosine(k, band))).collect(),
        }
    }

    /// Processes the magnitudes of the next frame. Returns the models' input: `S`, and how much each of its
    /// bands rose since the frame before (0 in the first).
    pub fn frame(&mut self, magnitudes: &[f32; BANDS]) -> [f32; 2 * BANDS] {
        let now = magnitudes.map(|magnitude| (1.0 + magnitude).log10());
        let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len().max(1) as f32;
        self.track.level.push(mean(&now));
        self.track.low_level.push(mean(&now[..self.bass]));
        let dot = |weights: &[f32; BANDS]| weights.iter().zip(&now).map(|(a, b)| a * b).sum();
        self.track.timbre.push(std::array::from_fn(|k| dot(&self.cosines[k])));
        self.track.chroma.push(self.chroma(magnitudes));
        let rise = if self.frames >= 2 { rise(&now, &self.before[1]) } else { [0.0; BANDS] };
        self.track.flux.push(mean(&rise));
        self.track.low.push(mean(&rise[..self.bass]));
        let mut features = [0.0; 2 * BANDS];
        features[..BANDS].copy_from_slice(&now);
        if self.frames > 0 {
            let last = &self.before[0];
            features[BANDS..].iter_mut().enumerate().for_each(|(i, up)| *up = (now[i] - last[i]).max(0.0));
        }
        self.before = [now, self.before[0]];
        self.frames += 1;
        features
    }

    fn chroma(&self, magnitudes: &[f32; BANDS]) -> [f32; 12] {
        let mut sums = [0.0; 12];
        for (magnitude, pitch) in magnitudes.iter().zip(&self.pitch) {
            if let Some(pitch) = pitch {
                sums[*pitch] += magnitude;
            }
        }
        sums.map(f32::sqrt)
    }
}

/// Returns how far each band rises over the largest of itself and its neighbours before, so that vibrato
/// causes no rise.
fn rise(now: &[f32; BANDS], before: &[f32; BANDS]) -> [f32; BANDS] {
    std::array::from_fn(|i| {
        let near = &before[i.saturating_sub(1)..(i + 2).min(BANDS)];
        (now[i] - near.iter().fold(0.0f32, |a, b| a.max(*b))).max(0.0)
    })
}

/// Returns the pitch class of `hz` in equal temperament at A = 440 Hz, A first; `None` outside the pitched
/// range.
fn pitch_of(hz: f32) -> Option<usize> {
    let semitones = || (12.0 * (f64::from(hz) / 440.0).log2()).round_ties_even() as i64;
    (hz > PITCHED_HZ.start && hz < PITCHED_HZ.end).then(|| semitones().rem_euclid(12) as usize)
}
