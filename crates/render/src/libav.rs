//! Helper functions shared by all libav encoders here.

use ffmpeg_next::codec::encoder::Encoder;
use ffmpeg_next::{Error, ffi};

use super::{Packet, RenderError};

/// Returns the decoder setup (extradata) of an encoder, its profile and its level.
pub(super) fn set_up(encoder: &Encoder) -> (Vec<u8>, i32, i32) {
    // SAFETY: the context lives as long as the encoder; extradata is valid for its size.
    unsafe {
        let context = &*encoder.as_ptr();
        let extradata = if context.extradata.is_null() {
            Vec::new()
        } else {
            std::slice::from_raw_parts(context.extradata, context.extradata_size as usize).to_vec()
        };
        (extradata, context.profile, context.level)
    }
}

/// Collects every packet that is ready.
pub(super) fn drain(encoder: &mut Encoder, packets: &mut Vec<Packet>) -> Result<(), RenderError> {
    let mut packet = ffmpeg_next::Packet::empty();
    loop {
        match encoder.receive_packet(&mut packet) {
            Ok(()) => packets.push(Packet {
                pts: packet.pts().unwrap_or(0),
                duration: packet.duration(),
                key: packet.is_key(),
                bytes: packet.data().unwrap_or_default().to_vec(),
            }),
            Err(Error::Eof | Error::Other { errno: ffi::EAGAIN }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}
