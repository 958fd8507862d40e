use ebur128::{EbuR128, Mode};

/// Loudness of silence in LUFS (the absolute gate of BS.1770).
const SILENCE_LUFS: f64 = -70.0;
/// Larger samples are damage, not sound; full scale is 1.
const LOUDEST_SAMPLE: f32 = 8.0;

/// Measures integrated loudness by ITU-R BS.1770 (EBU R128), block by block.
///
/// Sounds that can't be measured (no channels, an invalid rate) count as silent.
pub struct LoudnessMeter {
    meter: Option<EbuR128>,
    channels: usize,
    clean: Vec<f32>,
}

impl LoudnessMeter {
    /// Returns a meter for interleaved samples with `channels` channels at `rate_hz`.
    pub fn new(rate_hz: u32, channels: u32) -> Self {
        let meter = EbuR128::new(channels, rate_hz, Mode::I).ok();
        Self { meter, channels: channels.max(1) as usize, clean: Vec::new() }
    }

    /// Measures the next interleaved samples, in whole frames; an incomplete frame at the end is dropped.
    pub fn samples(&mut self, samples: &[f32]) {
        let Some(meter) = &mut self.meter else { return };
        let whole = samples.len() - samples.len() % self.channels;
        self.clean.clear();
        self.clean.extend(samples[..whole].iter().map(|sample| clean(*sample)));
        if meter.add_frames_f32(&self.clean).is_err() {
            self.meter = None;
        }
    }

    /// Returns the K-weighted energy of the last 100 ms; 0 for silence.
    pub fn last_100_ms(&self) -> f64 {
        let loudness = self.meter.as_ref().and_then(|meter| meter.loudness_window(100).ok());
        loudness.map_or(0.0, |lufs| 10f64.powf((lufs + 0.691) / 10.0))
    }

    /// Returns the loudness of the last 400 ms (momentary loudness) in LUFS; `None` for silence.
    pub fn momentary(&self) -> Option<f64> {
        let lufs = self.meter.as_ref()?.loudness_momentary().ok()?;
        (lufs.is_finite() && lufs > SILENCE_LUFS).then_some(lufs)
    }

    /// Returns the integrated loudness up to now in LUFS; `None` for silence.
    pub fn integrated(&self) -> Option<f64> {
        let lufs = self.meter.as_ref()?.loudness_global().ok()?;
        (lufs.is_finite() && lufs > SILENCE_LUFS).then_some(lufs)
    }
}

/// Returns `sample` limited to a finite range; invalid samples become 0.
pub fn clean(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-LOUDEST_SAMPLE, LOUDEST_SAMPLE) } else { 0.0 }
}

/// Converts LUFS to hundredths, as stored in facts.
pub fn centi_lufs(lufs: f64) -> i32 {
    (lufs * 100.0).round() as i32
}
