use std::ptr;

use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::software::resampling::Context;
use ffmpeg_next::{ChannelLayout, Dictionary, ffi, frame};

use super::super::quiet_libav;
use super::Layout;
use mmm_facts::MediaError;

/// Packed 32-bit floats: the format of all decoded sound.
const FLOATS: Sample = Sample::F32(Type::Packed);

/// Converts decoded samples of any format into interleaved floats in the requested layout, at their own rate.
pub(super) struct Mixer {
    layout: Layout,
    swr: Option<Swr>,
}

impl Mixer {
    pub fn new(layout: Layout) -> Self {
        Self { layout, swr: None }
    }

    /// Returns the number of output channels.
    pub fn channels(&self) -> usize {
        self.layout.count()
    }

    /// Returns the samples of a decoded frame.
    pub fn mix_frame(&mut self, frame: &frame::Audio) -> Result<Vec<f32>, MediaError> {
        let count = frame.channels();
        let from = (frame.format(), channels(frame.channel_layout(), count)?, frame.rate());
        // SAFETY: a decoded frame has a pointer for each plane of its format, each to `samples` samples of
        // its channels.
        let mut planes = unsafe {
            let data = (*frame.as_ptr()).extended_data;
            let planes = if from.0.is_planar() { usize::from(count) } else { 1 };
            (0..planes).map(|plane| (*data.add(plane)).cast_const()).collect::<Vec<_>>()
        };
        let target = native_or_wanted(count, self.layout);
        let swr = Swr::reuse(&mut self.swr, from, (target, from.2))?;
        let mut mixed = Vec::new();
        // SAFETY: see above.
        unsafe { swr.convert(planes.as_mut_ptr(), frame.samples(), &mut mixed)? };
        Ok(self.spread(mixed, usize::from(count)))
    }

    /// Mixes interleaved samples of `count` channels in their default order.
    pub fn mix(&mut self, samples: Vec<f32>, count: usize, rate_hz: u32) -> Result<Vec<f32>, MediaError> {
        if count <= 2 {
            return Ok(self.spread(samples, count));
        }
        let narrow = u16::try_from(count).unwrap_or(u16::MAX);
        let from = (FLOATS, channels(ChannelLayout::empty(), narrow)?, rate_hz);
        let swr = Swr::reuse(&mut self.swr, from, (self.layout.channels_of_libav(), rate_hz))?;
        let mut mixed = Vec::new();
        swr.convert_floats(&samples, count, &mut mixed)?;
        Ok(mixed)
    }

    /// Converts one or two channels to one or two, with equal weights and never louder than before.
    fn spread(&self, samples: Vec<f32>, count: usize) -> Vec<f32> {
        match (count, self.layout) {
            (1, Layout::Stereo) => samples.into_iter().flat_map(|sample| [sample, sample]).collect(),
            (2, Layout::Mono) => samples.as_chunks::<2>().0.iter().map(|[l, r]| (l + r) / 2.0).collect(),
            _ => samples,
        }
    }
}

/// Keeps one and two channels as they are: libswresample would mix them at unequal loudness; see
/// [`Mixer::spread`].
fn native_or_wanted(count: u16, layout: Layout) -> ChannelLayout {
    match count {
        1 => ChannelLayout::MONO,
        2 => ChannelLayout::STEREO,
        _ => layout.channels_of_libav(),
    }
}

/// Returns the layout that a frame names, or the default one for its number of channels.
fn channels(named: ChannelLayout, count: u16) -> Result<ChannelLayout, MediaError> {
    let usual = || match count {
        1 => ChannelLayout::MONO,
        2 => ChannelLayout::STEREO,
        _ => ChannelLayout::default(i32::from(count)),
    };
    let layout = if count > 2 && named.channels() == i32::from(count) { named } else { usual() };
    if layout.channels() == i32::from(count) && count > 0 {
        Ok(layout)
    } else {
        Err(MediaError::unsupported(format!("sound of {count} channels is not read")))
    }
}

/// Converts the rate of interleaved floats; the first sample stays at time 0.
pub(super) struct Resampler {
    swr: Option<Swr>,
    channels: usize,
    pub rates: (u32, u32),
    /// Samples per channel received and returned.
    taken: u64,
    given: u64,
}

impl Resampler {
    pub fn new(layout: Layout, from_hz: u32, to_hz: u32) -> Result<Self, MediaError> {
        let channels = layout.channels_of_libav();
        let swr = match from_hz == to_hz {
            true => None,
            false => Some(Swr::new((FLOATS, channels, from_hz), (channels, to_hz))?),
        };
        Ok(Self { swr, channels: layout.count(), rates: (from_hz, to_hz), taken: 0, given: 0 })
    }

    /// Returns the number of input samples between instants at which samples of both rates coincide.
    pub fn period(from_hz: u32, to_hz: u32) -> i64 {
        let (mut a, mut b) = (from_hz.max(1), to_hz.max(1));
        while b != 0 {
            (a, b) = (b, a % b);
        }
        i64::from(from_hz.max(1) / a)
    }

    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), MediaError> {
        let before = out.len();
        self.taken += (samples.len() / self.channels) as u64;
        match &mut self.swr {
            Some(swr) => swr.convert_floats(samples, self.channels, out)?,
            None => out.extend_from_slice(samples),
        }
        self.given += ((out.len() - before) / self.channels) as u64;
        Ok(())
    }

    /// Appends the last samples, so that the length is exact to the nearest sample.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        let before = out.len();
        if let Some(swr) = &mut self.swr {
            swr.drain(out)?;
        }
        let (from, to) = (u128::from(self.rates.0), u128::from(self.rates.1));
        let whole = (u128::from(self.taken) * to + from / 2) / from;
        let rest = usize::try_from(whole - u128::from(self.given).min(whole)).unwrap_or(0);
        out.resize(before + rest * self.channels, 0.0);
        Ok(())
    }
}

/// A libswresample context that outputs packed floats.
struct Swr {
    context: Context,
    from: (Sample, ChannelLayout, u32),
    to: (ChannelLayout, u32),
}

impl Swr {
    fn new(from: (Sample, ChannelLayout, u32), to: (ChannelLayout, u32)) -> Result<Self, MediaError> {
        quiet_libav();
        // A filter longer than the default of 32 taps, with its cutoff closer to the limit. A mix of many
        // channels can't exceed full scale.
        let options = [("filter_size", "64"), ("cutoff", "0.975"), ("rematrix_maxval", "1.0")];
        let options = Dictionary::from_iter(options);
        let refused = |_| MediaError::unsupported("sound of this format is not read");
        let context =
            Context::get_with(from.0, from.1, from.2, FLOATS, to.0, to.1, options).map_err(refused)?;
        Ok(Self { context, from, to })
    }

    fn reuse(
        slot: &mut Option<Self>,
        from: (Sample, ChannelLayout, u32),
        to: (ChannelLayout, u32),
    ) -> Result<&mut Self, MediaError> {
        let swr = match slot.take().filter(|swr| (swr.from, swr.to) == (from, to)) {
            Some(swr) => swr,
            None => Self::new(from, to)?,
        };
        Ok(slot.insert(swr))
    }

    fn convert_floats(
        &mut self,
        samples: &[f32],
        channels: usize,
        out: &mut Vec<f32>,
    ) -> Result<(), MediaError> {
        let mut plane = samples.as_ptr().cast::<u8>();
        // SAFETY: one plane with as many whole frames as the slice contains.
        unsafe { self.convert(&raw mut plane, samples.len() / channels, out) }
    }

    fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), MediaError> {
        // SAFETY: null input flushes the remaining samples.
        unsafe { self.convert(ptr::null_mut(), 0, out) }
    }

    /// # Safety
    /// `planes` is null, or points to a pointer for each plane of the `from` format, each to
    /// `frames` samples of its channels.
    unsafe fn convert(
        &mut self,
        planes: *mut *const u8,
        frames: usize,
        out: &mut Vec<f32>,
    ) -> Result<(), MediaError> {
        let channels = self.to.0.channels().max(1) as usize;
        let frames =
            i32::try_from(frames).map_err(|_| MediaError::corrupt("a block of sound is too long"))?;
        let start = out.len();
        // SAFETY: the output has room for as many frames as libswresample may return, and gets that number;
        // the caller guarantees the input.
        let made = unsafe {
            let swr = self.context.as_mut_ptr();
            let room = ffi::swr_get_out_samples(swr, frames).max(0);
            out.resize(start + room as usize * channels, 0.0);
            let mut to = out[start..].as_mut_ptr().cast::<u8>();
            ffi::swr_convert(swr, &raw mut to, room, planes, frames)
        };
        let made = usize::try_from(made).map_err(|_| MediaError::corrupt("the sound cannot be converted"))?;
        out.truncate(start + made * channels);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn sine(rate_hz: u32, count: usize) -> Vec<f32> {
        (0..count).map(|at| (at as f32 / rate_hz as f32 * 1000.0 * TAU).sin() * 0.5).collect()
    }

    #[test]
    fn resampling_keeps_time_and_length() {
        for (from, to) in [(44_100, 48_000), (48_000, 44_100), (8000, 48_000), (96_000, 22_050)] {
            let mut resampler = Resampler::new(Layout::Mono, from, to).unwrap();
            let mut out = Vec::new();
            for part in sine(from, from as usize).chunks(1000) {
                resampler.push(part, &mut out).unwrap();
            }
            resampler.finish(&mut out).unwrap();
            assert_eq!(out.len(), to as usize, "{from} to {to}");
            let wanted = sine(to, to as usize);
            let middle = 1000..to as usize - 1000;
            let worst = middle.map(|at| (out[at] - wanted[at]).abs()).fold(0.0, f32::max);
            assert!(worst < 1e-3, "{from} to {to}: {worst}");
        }
    }

    #[test]
    fn mixes_keep_the_loudness() {
        let mut mono = Mixer::new(Layout::Mono);
        assert_eq!(mono.mix(vec![0.5, 0.25], 2, 48_000).unwrap(), [0.375]);
        let mut stereo = Mixer::new(Layout::Stereo);
        assert_eq!(stereo.mix(vec![0.5], 1, 48_000).unwrap(), [0.5, 0.5]);
        let surround = stereo.mix(vec![1.0; 6 * 100], 6, 48_000).unwrap();
        assert_eq!(surround.len(), 200);
        assert!(surround.iter().all(|sample| *sample > 0.5 && *sample <= 1.0001), "{surround:?}");
    }

    #[test]
    fn rates_meet_again_after_a_period() {
        assert_eq!(Resampler::period(44_100, 48_000), 147);
        assert_eq!(Resampler::period(48_000, 48_000), 1);
    }
}
