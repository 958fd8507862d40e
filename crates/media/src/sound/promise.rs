//! How long a file of music says that it is, which shows whether it ends early.

use std::path::Path;

use ffmpeg_next::ffi;

use super::super::container::{Container, start_of};
use super::super::streams::channels;
use super::units::Units;

/// Sound that ends this many seconds before the stated length is intact: containers round, and encoders pad.
const LEAST_MISSING_S: f64 = 0.5;

/// Of lengths that are often estimates, this part may be missing as well.
const ESTIMATED_PART: f64 = 0.02;

/// libav's names of containers whose stated lengths are often estimates.
const ESTIMATING: [&str; 1] = ["mp3"];

/// libav's names of containers whose lengths promise nothing: that of Ogg is measured at the end of the file, and
/// recorders leave placeholders in the others.
const UNRELIABLE: [&str; 3] = ["ogg", "avi", "rm"];

/// libav's names of containers with a length in bytes in 32 bits, of which a pipe makes a placeholder.
const IN_BYTES: [&str; 2] = ["wav", "aiff"];

/// This many bytes or more are a placeholder: SoX writes 0x7f000000 or more, other programs 0xffffffff.
const PLACEHOLDER: f64 = 0x7f00_0000_u32 as f64;

/// What the headers of a file say about the length of its sound.
pub(super) struct Promise {
    /// In seconds.
    length_s: Option<f64>,
    is_estimate: bool,
    /// The bytes per second of its samples where the length is stored in bytes.
    bytes_per_s: Option<f64>,
    units: Option<Units>,
    /// Whether the file has no picture. The sound of a clip promises nothing.
    pub is_music: bool,
}

impl Promise {
    /// Reads what a container states about the sound track of this number, or the one that is chosen.
    pub fn of(container: &Container, track: Option<u8>) -> Self {
        let name = container.input.format().name().to_owned();
        let mut promise =
            Self { length_s: None, is_estimate: false, bytes_per_s: None, units: None, is_music: false };
        if container.picture().is_some() {
            return promise;
        }
        promise.is_music = true;
        promise.units = Units::of(&name);
        promise.is_estimate = ESTIMATING.contains(&name.as_str());
        promise.bytes_per_s =
            IN_BYTES.contains(&name.as_str()).then(|| bytes_per_s(container, track)).flatten();
        promise.length_s =
            if UNRELIABLE.contains(&name.as_str()) { None } else { stated_s(container, track) };
        promise.length_s = promise.length_s.filter(|length_s| !promise.is_placeholder(*length_s));
        promise
    }

    /// Returns the promise with the length that a decoder has found in the headers, in seconds, if it has one.
    pub fn with(self, decoder_s: Option<f64>) -> Self {
        let decoder_s = decoder_s.filter(|length_s| !self.is_placeholder(*length_s));
        Self { length_s: decoder_s.or(self.length_s), ..self }
    }

    fn is_placeholder(&self, length_s: f64) -> bool {
        self.bytes_per_s.is_some_and(|rate| length_s * rate >= PLACEHOLDER)
    }

    /// Returns the stated length in seconds, if sound of `read_s` seconds is clearly less.
    pub fn missed_s(&self, read_s: f64) -> Option<f64> {
        let slack =
            |length_s: f64| LEAST_MISSING_S + if self.is_estimate { length_s * ESTIMATED_PART } else { 0.0 };
        self.length_s.filter(|&length_s| read_s + slack(length_s) < length_s)
    }

    /// Whether the file ends within a unit of its container.
    pub fn is_cut(&self, path: &Path) -> bool {
        self.units.as_ref().is_some_and(|units| units.are_cut(path).unwrap_or(false))
    }
}

/// Returns the length of the chosen sound in seconds, if the container states it.
fn stated_s(container: &Container, track: Option<u8>) -> Option<f64> {
    let stream = container.sound(track)?;
    // SAFETY: reads fields of a live container and of its streams.
    let (whole, method, is_alone) = unsafe {
        let input = &*container.input.as_ptr();
        let is_alone = container.input.streams().all(|other| {
            let kind = (*(*other.as_ptr()).codecpar).codec_type;
            let is_cover = (*other.as_ptr()).disposition & ffi::AV_DISPOSITION_ATTACHED_PIC != 0;
            let is_file = kind == ffi::AVMediaType::AVMEDIA_TYPE_ATTACHMENT;
            other.index() == stream.index() || is_cover || is_file
        });
        (input.duration, input.duration_estimation_method, is_alone)
    };
    if method != ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_STREAM {
        return None;
    }
    let own = Some(stream.duration()).filter(|&ticks| ticks > 0);
    let own = own.map(|ticks| ticks as f64 * f64::from(stream.time_base()));
    // Something else in the file may be longer than the sound.
    let whole = (is_alone && whole > 0).then(|| whole as f64 / f64::from(ffi::AV_TIME_BASE));
    // Some containers count from their own time 0, others from the start of the sound.
    let start_s = start_of(&stream) as f64 * f64::from(stream.time_base());
    own.or(whole).map(|length_s| length_s - start_s.max(0.0))
}

fn bytes_per_s(container: &Container, track: Option<u8>) -> Option<f64> {
    let stream = container.sound(track)?;
    // SAFETY: a stream's parameters are alive as long as the container.
    let parameters = unsafe { &*(*stream.as_ptr()).codecpar };
    let bits = f64::from(parameters.bits_per_coded_sample) * f64::from(channels(parameters));
    Some(f64::from(parameters.sample_rate) * bits / 8.0)
}
