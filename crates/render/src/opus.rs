//! Opus (RFC 6716) by the libopus that is built into the program, in plain C. The system's libopus searches with
//! `rcpps` and `rsqrtps`, which each processor approximates in its own way.

use std::ffi::CStr;
use std::ptr::NonNull;

use opusic_sys as ffi;

use super::encoded::Encoded;
use super::{Packet, RenderError, Setup, StreamKind};
use mmm_facts::SAMPLE_RATE;

/// Bits a second: where nobody hears a difference.
const BIT_RATE: i32 = 160_000;

/// Samples of each channel in a packet: 20 ms.
const FRAME: usize = 960;

/// The most bytes that a packet of 20 ms may need (three frames of 1275, and their lengths).
const MOST_BYTES: usize = 3 * 1275 + 7;

/// An encoder of stereo at 48 kHz.
pub(super) struct OpusEncoder {
    state: NonNull<ffi::OpusEncoder>,
    /// Samples of each channel before the first of the mix.
    priming: u32,
    /// Interleaved samples of the packet that is next.
    block: Vec<f32>,
    /// The sample of the mix at which the next packet starts.
    next: i64,
    packets: Vec<Packet>,
}

impl OpusEncoder {
    /// An encoder that has heard nothing yet.
    ///
    /// # Errors
    /// Where libopus has no memory.
    pub(super) fn new() -> Result<Self, RenderError> {
        let mut code = ffi::OPUS_OK;
        // SAFETY: takes plain numbers and a place for one.
        let state = unsafe {
            ffi::opus_encoder_create(SAMPLE_RATE as i32, 2, ffi::OPUS_APPLICATION_AUDIO, &raw mut code)
        };
        let state = NonNull::new(state).ok_or_else(|| failed(code))?;
        let mut encoder =
            Self { state, priming: 0, block: Vec::with_capacity(FRAME * 2), next: 0, packets: Vec::new() };
        let mut lookahead = 0i32;
        // SAFETY: each request is followed by the one argument that it takes.
        unsafe {
            let state = encoder.state.as_ptr();
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_BITRATE_REQUEST, BIT_RATE))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_COMPLEXITY_REQUEST, 10i32))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_SET_VBR_CONSTRAINT_REQUEST, 0i32))?;
            checked(ffi::opus_encoder_ctl(state, ffi::OPUS_GET_LOOKAHEAD_REQUEST, &raw mut lookahead))?;
        }
        encoder.priming = whole_milliseconds(lookahead as u32);
        encoder.next = -i64::from(encoder.priming);
        // What libopus looks ahead is primed by itself; the rest is silence.
        encoder.block.resize((encoder.priming - lookahead as u32) as usize * 2, 0.0);
        Ok(encoder)
    }

    /// Takes one frame of the mix.
    ///
    /// # Errors
    /// Where libopus fails.
    pub(super) fn push(&mut self, frame: [f32; 2]) -> Result<(), RenderError> {
        self.block.extend(frame);
        if self.block.len() == FRAME * 2 { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), RenderError> {
        let mut bytes = vec![0; MOST_BYTES];
        self.block.resize(FRAME * 2, 0.0);
        // SAFETY: the block has as many samples of both channels as are said, and the memory is as long as is said.
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

    /// The packets that are ready, each once.
    pub(super) fn ready(&mut self) -> Vec<Packet> {
        std::mem::take(&mut self.packets)
    }

    /// Ends a sound of so many samples: the packets that were not taken before.
    ///
    /// # Errors
    /// Where libopus fails.
    pub(super) fn finish(mut self, samples: u64) -> Result<Encoded, RenderError> {
        while self.next < samples as i64 {
            self.encode()?;
        }
        let kind = StreamKind::Opus { samples, priming: self.priming };
        Ok(Encoded { setup: Setup { kind, extradata: head(self.priming) }, packets: self.ready() })
    }
}

impl Drop for OpusEncoder {
    fn drop(&mut self) {
        // SAFETY: ours since it was created, and not used any more.
        unsafe { ffi::opus_encoder_destroy(self.state.as_ptr()) };
    }
}

/// The number that a call of libopus returns, or its failure.
fn checked(code: i32) -> Result<i32, RenderError> {
    if code < 0 { Err(failed(code)) } else { Ok(code) }
}

fn failed(code: i32) -> RenderError {
    // SAFETY: libopus gives a text of its own for every number.
    let words = unsafe { CStr::from_ptr(ffi::opus_strerror(code)) };
    RenderError::Encoder(format!("libopus: {}", words.to_string_lossy()))
}

/// Samples filled up to whole milliseconds, in which Matroska counts: then the first sample of the mix falls on the
/// first frame in every player.
fn whole_milliseconds(samples: u32) -> u32 {
    samples.next_multiple_of(SAMPLE_RATE / 1000)
}

/// An OpusHead (RFC 7845, 5.1) of stereo.
fn head(priming: u32) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend((priming as u16).to_le_bytes());
    head.extend(SAMPLE_RATE.to_le_bytes());
    // No gain, and channels as they come.
    head.extend([0, 0, 0]);
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_hold_every_sample_and_the_head_says_the_priming() {
        for samples in [1, 624, 625, 48_000] {
            let mut encoder = OpusEncoder::new().unwrap();
            for n in 0..samples {
                encoder.push([(n as f32 * 0.05).sin() * 0.3, 0.0]).unwrap();
            }
            let Encoded { setup, packets } = encoder.finish(samples).unwrap();
            // 312 samples that libopus looks ahead, up to 7 ms.
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
