use serde::{Deserialize, Serialize};

use super::Setup;

/// Packets of one encoded stream, or those that an encoder has ready at its end, with what a muxer has to know of
/// it: a segment of the picture, or the sound.
///
/// In the cache they lie one after the other, so that they can be written as they come and read one at a time:
///
/// ```text
/// "mmm-encoded-2\n"  packets  footer (JSON)  u32: length of the footer
/// packet: i64 pts  i64 duration  u8 key  u32 size  bytes
/// ```
///
/// All numbers are little-endian. [`EncodedWriter`](super::EncodedWriter) writes them and
/// [`EncodedReader`](super::EncodedReader) reads them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Encoded {
    pub setup: Setup,
    /// In decoding order.
    pub packets: Vec<Packet>,
}

/// One packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packet {
    /// When it is shown, in frames or samples from the start of the stream.
    pub pts: i64,
    /// In frames or samples.
    pub duration: i64,
    /// Decoding can start here.
    pub key: bool,
    pub bytes: Vec<u8>,
}

pub(super) const MAGIC: &[u8; 14] = b"mmm-encoded-2\n";

/// What is only known when the last packet is encoded.
#[derive(Serialize, Deserialize)]
pub(super) struct Footer {
    pub setup: Setup,
    /// How many packets there are.
    pub packets: u64,
}
