use ebur128::{EbuR128, Mode};
use ffmpeg_next::codec::{Context, decoder};
use ffmpeg_next::{Error, ffi, format, frame};

use super::linked_stream::parameters;
use super::{Packet, RenderError, Setup};
use mmm_facts::SAMPLE_RATE;

/// Decodes the sound as it is encoded, and measures what a player will hear: an encoder gives back other
/// samples than it took, and its peaks may be decibels higher.
pub(super) struct SoundCheck {
    decoder: decoder::Audio,
    meter: EbuR128,
    /// Interleaved samples of one decoded frame.
    block: Vec<f32>,
}

/// What is measured, each in whole hundredths, so that digits that differ between processors decide nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DecodedLevels {
    /// Integrated loudness in hundredths of a LUFS (EBU R128); `None` for silence.
    pub loudness: Option<i32>,
    /// The highest true peak in hundredths of a dBTP.
    pub peak: i32,
}

/// The true peak of silence, in hundredths of a dBTP: the absolute gate of ITU-R BS.1770.
const SILENCE: i32 = -7000;

impl SoundCheck {
    /// Starts the decoder of an encoded sound.
    ///
    /// # Errors
    /// If libavcodec has no decoder for it.
    pub fn new(setup: &Setup) -> Result<Self, RenderError> {
        let decoder = Context::from_parameters(parameters(setup)?)?.decoder().audio()?;
        let meter = EbuR128::new(2, SAMPLE_RATE, Mode::I | Mode::TRUE_PEAK).map_err(failed)?;
        Ok(Self { decoder, meter, block: Vec::new() })
    }

    /// Measures packets, in their order.
    ///
    /// # Errors
    /// If a packet can't be decoded.
    pub fn push(&mut self, packets: &[Packet]) -> Result<(), RenderError> {
        for packet in packets {
            let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
            copy.set_pts(Some(packet.pts));
            self.decoder.send_packet(&copy)?;
            self.hear()?;
        }
        Ok(())
    }

    /// Returns what was heard.
    ///
    /// # Errors
    /// If the last packets can't be decoded.
    pub fn finish(mut self) -> Result<DecodedLevels, RenderError> {
        self.decoder.send_eof()?;
        self.hear()?;
        let peaks = [0, 1].map(|channel| self.meter.true_peak(channel));
        let mut peak = 0.0f64;
        for found in peaks {
            peak = peak.max(found.map_err(failed)?);
        }
        let loudness = self.meter.loudness_global().map_err(failed)?;
        Ok(DecodedLevels {
            loudness: loudness.is_finite().then(|| (loudness * 100.0).round() as i32),
            peak: ((2000.0 * libm::log10(peak)).ceil() as i32).max(SILENCE),
        })
    }

    /// Measures the frames that are decoded.
    fn hear(&mut self) -> Result<(), RenderError> {
        let mut frame = frame::Audio::empty();
        loop {
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) => {}
                Err(Error::Eof | Error::Other { errno: ffi::EAGAIN }) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            self.block.clear();
            match frame.format() {
                format::Sample::F32(format::sample::Type::Planar) => {
                    let (left, right) = (frame.plane::<f32>(0), frame.plane::<f32>(1));
                    self.block.extend(left.iter().zip(right).flat_map(|(left, right)| [*left, *right]));
                }
                format::Sample::F32(format::sample::Type::Packed) => {
                    let pairs = frame.plane::<(f32, f32)>(0).iter();
                    self.block.extend(pairs.flat_map(|(left, right)| [*left, *right]));
                }
                other => return Err(RenderError::Encoder(format!("its sound is decoded as {other:?}"))),
            }
            self.meter.add_frames_f32(&self.block).map_err(failed)?;
        }
    }
}

fn failed(error: ebur128::Error) -> RenderError {
    RenderError::Encoder(error.to_string())
}
