use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::base::Rate;
use crate::spec::Codec;

/// Packets of one encoded stream, with what a muxer has to know of it: a piece of the picture, or
/// the sound. What the cache holds of them is [`Encoded::write`]'s bytes.
///
/// ```text
/// "mmm-encoded-1\n"  u32 little-endian: length of the header  header (JSON)  packets' bytes
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Encoded {
    pub kind: StreamKind,
    /// The decoder's set-up (as libavcodec gives it: parameter sets, or AAC's AudioSpecificConfig).
    pub extradata: Vec<u8>,
    /// In decoding order.
    pub packets: Vec<Packet>,
}

/// What is in the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamKind {
    /// 4:2:0 in BT.709; `profile` and `level` as the codec numbers them.
    Picture { codec: Codec, width: u32, height: u32, rate: Rate, profile: i32, level: i32 },
    /// AAC in stereo; `samples` without the encoder's priming of `priming` samples.
    Aac { rate_hz: u32, samples: u64, priming: u32 },
    /// Opus in stereo at 48 kHz, as `Aac` else.
    Opus { samples: u64, priming: u32 },
}

/// Samples a second of Opus, whatever was put in.
pub(super) const OPUS_HZ: u32 = 48_000;

/// How long a stream of sound is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Heard {
    pub rate_hz: u32,
    /// Samples without priming, and without what stands after the end.
    pub samples: u64,
    /// Samples before the first that is to be heard.
    pub priming: u32,
}

impl StreamKind {
    /// How long the sound is; none of a picture.
    pub(super) fn heard(&self) -> Option<Heard> {
        match *self {
            Self::Picture { .. } => None,
            Self::Aac { rate_hz, samples, priming } => Some(Heard { rate_hz, samples, priming }),
            Self::Opus { samples, priming } => Some(Heard { rate_hz: OPUS_HZ, samples, priming }),
        }
    }
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

const MAGIC: &[u8] = b"mmm-encoded-1\n";

#[derive(Serialize, Deserialize)]
struct Header {
    kind: StreamKind,
    extradata: Vec<u8>,
    /// pts, duration, key, size.
    packets: Vec<(i64, i64, bool, u32)>,
}

impl Encoded {
    /// Writes the stream.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        let packets = self.packets.iter();
        let header = Header {
            kind: self.kind,
            extradata: self.extradata.clone(),
            packets: packets.map(|p| (p.pts, p.duration, p.key, p.bytes.len() as u32)).collect(),
        };
        let header = serde_json::to_vec(&header).expect("a header is plain values");
        out.write_all(MAGIC)?;
        out.write_all(&(header.len() as u32).to_le_bytes())?;
        out.write_all(&header)?;
        for packet in &self.packets {
            out.write_all(&packet.bytes)?;
        }
        out.flush()
    }

    /// Reads what [`Encoded::write`] wrote; none where it is something else or cut short.
    pub fn read(mut bytes: &[u8]) -> Option<Self> {
        bytes = bytes.strip_prefix(MAGIC)?;
        let (length, rest) = bytes.split_at_checked(4)?;
        let length = u32::from_le_bytes(length.try_into().ok()?) as usize;
        let (header, mut data) = rest.split_at_checked(length)?;
        let header: Header = serde_json::from_slice(header).ok()?;
        let mut packets = Vec::with_capacity(header.packets.len());
        for (pts, duration, key, size) in header.packets {
            let mut bytes = vec![0; size as usize];
            data.read_exact(&mut bytes).ok()?;
            packets.push(Packet { pts, duration, key, bytes });
        }
        Some(Self { kind: header.kind, extradata: header.extradata, packets })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_survives_its_bytes() {
        let encoded = Encoded {
            kind: StreamKind::Picture {
                codec: Codec::H264,
                width: 64,
                height: 36,
                rate: Rate(30, 1),
                profile: 100,
                level: 31,
            },
            extradata: vec![1, 2, 3],
            packets: vec![
                Packet { pts: 0, duration: 1, key: true, bytes: vec![9; 40] },
                Packet { pts: 2, duration: 1, key: false, bytes: vec![8; 4] },
            ],
        };
        let mut bytes = Vec::new();
        encoded.write(&mut bytes).unwrap();
        assert_eq!(Encoded::read(&bytes), Some(encoded));
        for end in [0, 5, 20, bytes.len() - 1] {
            assert_eq!(Encoded::read(&bytes[..end]), None);
        }
    }
}
