use serde::{Deserialize, Serialize};

use super::Setup;

/// Packets of one encoded stream with the setup that a muxer needs: a segment of the picture, or the sound.
/// An encoder at its end returns only the packets it has left.
///
/// In the cache the packets are stored one after another, so that they can be written as they come and read
/// one at a time:
///
/// ```text
/// "mmm-encoded-2\n"  packets  footer (JSON)  u32: length of the footer
/// packet: i64 pts  i64 duration  u8 key  u32 size  bytes
/// ```
///
/// All numbers are little-endian. [`EncodedWriter`](super::EncodedWriter) writes the format and
/// [`EncodedReader`](super::EncodedReader) reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Encoded {
    pub setup: Setup,
    /// In decoding order.
    pub packets: Vec<Packet>,
}

/// One packet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Display time, in frames or samples from the start of the stream.
    pub pts: i64,
    /// In frames or samples.
    pub duration: i64,
    /// Whether decoding can start here.
    pub key: bool,
    pub bytes: Vec<u8>,
}

pub(super) const MAGIC: &[u8; 14] = b"mmm-encoded-2\n";

/// The data that is only known once the last packet is encoded.
#[derive(Serialize, Deserialize)]
pub(super) struct Footer {
    pub setup: Setup,
    /// The number of packets.
    pub packets: u64,
}
