//! Reads sound: a stream of samples at the wanted rate, exact to the sample.
//!
//! symphonia decodes music; libav decodes what symphonia does not, and the sound of clips, whose
//! place beside the picture only the container knows. Neither priming nor padding is heard.

mod layout;
mod libav;
mod reader;
mod stretch;
mod swr;
mod symphonia;

pub use layout::Layout;
pub use reader::SoundReader;
pub use stretch::TimeStretch;

/// Samples in the wanted layout at the file's own rate.
struct Block {
    rate_hz: u32,
    /// Interleaved.
    samples: Vec<f32>,
}

/// Where samples come from; the first one stands at time 0 of the file.
trait Source: Send {
    /// The next samples, or none at the end.
    fn next(&mut self) -> Result<Option<Block>, mmm_facts::MediaError>;

    /// Whether going far ahead is faster than reading up to there.
    fn seeks(&self) -> bool;

    /// Goes to a place at or shortly before `time` and says which sample comes next, counted
    /// from time 0 at the rate of the next block; none where one has to read from the start.
    fn seek(&mut self, time: mmm_base::Time) -> Option<i64>;

    /// Whether something was missing or unreadable so far.
    fn is_damaged(&self) -> bool;
}

#[cfg(test)]
mod tests;
