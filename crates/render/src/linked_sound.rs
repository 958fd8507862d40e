use std::io::{Read, Seek};

use ffmpeg_next::packet::Mut;
use ffmpeg_next::{Rational, codec, ffi};

use super::linked_stream::MILLISECOND;
use super::setup::Heard;
use super::{EncodedReader, Packet, RenderError, StreamKind};

/// The sound of a file being linked, read along with the picture, one packet ahead.
pub(super) struct LinkedSound<R> {
    from: EncodedReader<R>,
    kind: StreamKind,
    heard: Heard,
    /// The next packet.
    next: Option<Packet>,
    /// Milliseconds by which the sound of WebM is written earlier.
    earlier: i64,
}

impl<R: Read + Seek> LinkedSound<R> {
    /// Starts reading the sound.
    ///
    /// # Errors
    /// If the stream isn't sound or is damaged.
    pub fn new(mut from: EncodedReader<R>, earlier: i64) -> Result<Self, RenderError> {
        let kind = from.setup().kind;
        let heard = kind.heard().ok_or(RenderError::Damaged)?;
        let next = from.packet()?;
        Ok(Self { from, kind, heard, next, earlier })
    }

    /// Returns the next packet with its time base, if it begins at `micros` or before.
    ///
    /// # Errors
    /// If the stream is damaged.
    pub fn until(&mut self, micros: i64) -> Result<Option<(ffmpeg_next::Packet, Rational)>, RenderError> {
        let rate = i128::from(self.heard.rate_hz);
        let is_due = |packet: &Packet| i128::from(packet.pts) * 1_000_000 / rate <= i128::from(micros);
        if !self.next.as_ref().is_some_and(is_due) {
            return Ok(None);
        }
        let Some(packet) = std::mem::replace(&mut self.next, self.from.packet()?) else { return Ok(None) };
        Ok(Some(match self.kind {
            StreamKind::Opus { .. } => (opus_packet(&packet, self.heard, self.earlier)?, MILLISECOND),
            _ => (aac_packet(&packet, self.heard), Rational(1, self.heard.rate_hz as i32)),
        }))
    }
}

fn aac_packet(packet: &Packet, heard: Heard) -> ffmpeg_next::Packet {
    let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
    copy.set_pts(Some(packet.pts));
    copy.set_dts(Some(packet.pts));
    // The last packet ends with the sound.
    copy.set_duration(packet.duration.min(heard.samples as i64 - packet.pts).max(0));
    copy.set_flags(codec::packet::Flags::KEY);
    copy
}

/// Converts samples to milliseconds; priming and packets of Opus are whole milliseconds.
pub(super) fn millis(samples: i64, heard: Heard) -> i64 {
    samples * 1000 / i64::from(heard.rate_hz)
}

/// Returns a packet with its times in milliseconds from the start of the priming.
fn opus_packet(packet: &Packet, heard: Heard, earlier: i64) -> Result<ffmpeg_next::Packet, RenderError> {
    let at = packet.pts + i64::from(heard.priming);
    let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
    copy.set_pts(Some(millis(at, heard) - earlier));
    copy.set_dts(Some(millis(at, heard) - earlier));
    copy.set_flags(codec::packet::Flags::KEY);
    let over = packet.pts + packet.duration - heard.samples as i64;
    if over > 0 {
        discard(&mut copy, over as u32)?;
    }
    // The file is as long as its audible part; libav would guess a duration of zero.
    copy.set_duration(millis(packet.duration.min(heard.samples as i64 - at), heard).max(1));
    Ok(copy)
}

/// Marks the last samples of a packet as inaudible.
fn discard(packet: &mut ffmpeg_next::Packet, samples: u32) -> Result<(), RenderError> {
    const SIZE: usize = 10;
    // SAFETY: the packet is ours; libav allocates memory of this size, or returns null.
    let said = unsafe {
        let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_SKIP_SAMPLES;
        let memory = ffi::av_packet_new_side_data(packet.as_mut_ptr(), kind, SIZE);
        if memory.is_null() {
            return Err(RenderError::Encoder("out of memory".to_owned()));
        }
        std::slice::from_raw_parts_mut(memory, SIZE)
    };
    said.fill(0);
    said[4..8].copy_from_slice(&samples.to_le_bytes());
    Ok(())
}
