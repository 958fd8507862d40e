use std::io::{self, Write};

use super::encoded::{Footer, MAGIC};
use super::{Packet, Setup};

/// Writes the packets of an encoded stream as they come.
pub struct EncodedWriter<W> {
    to: W,
    packets: u64,
}

impl<W: Write> EncodedWriter<W> {
    /// Starts a stream without packets.
    ///
    /// # Errors
    /// I/O errors of the writer.
    pub fn new(mut to: W) -> io::Result<Self> {
        to.write_all(MAGIC)?;
        Ok(Self { to, packets: 0 })
    }

    /// Writes packets, in decoding order.
    ///
    /// # Errors
    /// I/O errors of the writer.
    pub fn put(&mut self, packets: &[Packet]) -> io::Result<()> {
        for packet in packets {
            self.to.write_all(&packet.pts.to_le_bytes())?;
            self.to.write_all(&packet.duration.to_le_bytes())?;
            self.to.write_all(&[u8::from(packet.key)])?;
            self.to.write_all(&(packet.bytes.len() as u32).to_le_bytes())?;
            self.to.write_all(&packet.bytes)?;
            self.packets += 1;
        }
        Ok(())
    }

    /// Ends the stream.
    ///
    /// # Errors
    /// I/O errors of the writer.
    pub fn finish(mut self, setup: Setup) -> io::Result<()> {
        let footer = Footer { setup, packets: self.packets };
        let footer = serde_json::to_vec(&footer).expect("a footer is plain values");
        self.to.write_all(&footer)?;
        self.to.write_all(&(footer.len() as u32).to_le_bytes())?;
        self.to.flush()
    }
}
