//! Opus (RFC 6716), encoded by a statically linked libopus in plain C. The system's libopus uses `rcpps` and
//! `rsqrtps`, whose approximations differ between processors.

use std::ffi::CStr;
use std::ptr::NonNull;

use opusic_sys as ffi;

use super::encoded::Encoded;
use super::{Packet, RenderError, Setup, StreamKind};
use mmm_facts::SAMPLE_RATE;

/// Bits per second; transparent at this rate.
pub(super) const BIT_RATE: u32 = 160_000;

/// Samples per channel in a packet: 20 ms.
const FRAME: usize = 960;

/// The largest possible packet of 20 ms in bytes (three frames of 1275, and their lengths).
const MOST_BYTES: usize = 3 * 1275 + 7;

/// An encoder of stereo at 48 kHz.
pub(super) struct OpusEncoder {
    state: NonNull<ffi::OpusEncoder>,
    /// Samples per channel before the first of the mix.
    priming: u32,
    /// Interleaved samples of the next packet.
    block: Vec<f32>,
    /// The sample of the mix at which the next packet starts.
    next: i64,
    packets: Vec<Packet>,
}

impl OpusEncoder {
    /// Returns an encoder without input, for a bit rate per second.
    ///
    /// # Errors
    /// If libopus can't allocate memory.
    pub(super) fn new(bit_rate: u32) -> Result<Self, RenderError> {
        let mut code = ffi::OPUS_OK;
        // SAFETY: takes plain numbers and a pointer to one.
        let state = unsafe {
            ffi::opus_encoder_create(SAMPLE_RATE as i32, 2, ffi::OPUS_APPLICATION_AUDIO, &raw mut code)
        };
        let state = NonNull::new(state).ok_or_else(|| failed(code))?;
        let mut encoder =
            Self { state, priming: 0, block: Vec::with_capacity(FRAME * 2), next: 0, packets: Vec::new() };
        let mut lookahead = 0i32;
        // SAFETY: each request is followed by the one argument that it requires.
        unsafe {
            let state = encoder.state.as_ptr();
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_BITRATE_REQUEST, bit_rate as i32))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_COMPLEXITY_REQUEST, 10i32))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_VBR_CONSTRAINT_REQUEST, 0i32))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_GET_LOOKAHEAD_REQUEST, &raw mut lookahead))?;
        }
        encoder.priming = whole_milliseconds(lookahead as u32);
        encoder.next = -i64::from(encoder.priming);
        // libopus fills its lookahead itself; the rest of the priming is silence.
        encoder.block.resize((encoder.priming - lookahead as u32) as usize * 2, 0.0);
        Ok(encoder)
    }

    /// Encodes one frame of the mix.
    ///
    /// # Errors
    /// If libopus fails.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> Result<(), RenderError> {
        self.block.extend(frame);
        if self.block.len() == FRAME * 2 { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), RenderError> {
        let mut bytes = vec![0; MOST_BYTES];
        self.block.resize(FRAME * 2, 0.0);
        // SAFETY: the block has the stated number of samples of both channels, and the buffer the stated
        // length.
        let written = unsafe {
            let (from, to) = (self.block.as_ptr(), bytes.as_mut_ptr());
            ffi::opus_encode_float(self.state.as_ptr(), from, FRAME as i32, to, MOST_BYTES as i32)
        };
        bytes.truncate(checked(written)? as usize);
        bytes.shrink_to_fit();
        self.packets.push(Packet { pts: self.next, duration: FRAME as i64, key: true, bytes });
        self.next += FRAME as i64;
        self.block.clear();
        Ok(())
    }

    /// Returns the packets that are ready, each once.
    pub(super) fn ready(&mut self) -> Vec<Packet> {
        std::mem::take(&mut self.packets)
    }

    /// Ends a sound of `samples` samples and returns the remaining packets.
    ///
    /// # Errors
    /// If libopus fails.
    pub(super) fn finish(mut self, samples: u64) -> Result<Encoded, RenderError> {
        while self.next < samples as i64 {
            self.encode()?;
        }
        Ok(Encoded { setup: self.setup(samples), packets: self.ready() })
    }

    /// Returns the setup of a sound of `samples` samples.
    pub(super) fn setup(&self, samples: u64) -> Setup {
        let kind = StreamKind::Opus { samples, priming: self.priming };
        Setup { kind, extradata: head(self.priming) }
    }
}

impl Drop for OpusEncoder {
    fn drop(&mut self) {
        // SAFETY: ours since it was created, and not used any more.
        unsafe { ffi::opus_encoder_destroy(self.state.as_ptr()) };
    }
}

/// Returns the result of a libopus call, or its error.
fn checked(code: i32) -> Result<i32, RenderError> {
    if code < 0 { Err(failed(code)) } else { Ok(code) }
}

fn failed(code: i32) -> RenderError {
    // SAFETY: libopus returns a static text for every code.
    let words = unsafe { CStr::from_ptr(ffi::opus_strerror(code)) };
    RenderError::Encoder(format!("libopus: {}", words.to_string_lossy()))
}

/// Rounds up to whole milliseconds, in which Matroska counts. Then the first sample of the mix falls on the
/// first frame in every player.
fn whole_milliseconds(samples: u32) -> u32 {
    samples.next_multiple_of(SAMPLE_RATE / 1000)
}

/// Returns an OpusHead (RFC 7845, 5.1) for stereo.
fn head(priming: u32) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend((priming as u16).to_le_bytes());
    head.extend(SAMPLE_RATE.to_le_bytes());
    // No gain, and the default channel mapping.
    head.extend([0, 0, 0]);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_hold_every_sample_and_the_head_says_the_priming() {
        for samples in [1, 624, 625, 48_000] {
            let mut encoder = OpusEncoder::new(BIT_RATE).unwrap();
            for n in 0..samples {
                encoder.push([(n as f32 * 0.05).sin() * 0.3, 0.0]).unwrap();
            }
            let Encoded { setup, packets } = encoder.finish(samples).unwrap();
            // libopus looks ahead 312 samples, rounded up to 7 ms.
            assert_eq!(setup.kind, StreamKind::Opus { samples, priming: 336 });
            assert_eq!(setup.extradata, b"OpusHead\x01\x02\x50\x01\x80\xbb\0\0\0\0\0");
            let starts: Vec<i64> = packets.iter().map(|packet| packet.pts).collect();
            let wanted: Vec<i64> =
                (0..).map(|n| n * 960 - 336).take_while(|at| *at < samples as i64).collect();
            assert_eq!(starts, wanted, "{samples} samples");
            assert!(packets.iter().all(|packet| !packet.bytes.is_empty() && packet.duration == 960));
        }
    }
}
