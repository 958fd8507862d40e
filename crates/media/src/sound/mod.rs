//! Reads sound as a stream of samples at the requested rate, exact to the sample.
//!
//! symphonia decodes music. libav decodes what symphonia doesn't support, and the sound of clips, because
//! only the container says how sound and picture are aligned. Encoder priming and padding are removed.

mod layout;
mod libav;
mod promise;
mod reader;
mod stretch;
mod swr;
mod symphonia;
mod units;

pub use layout::Layout;
pub use reader::SoundReader;
pub use stretch::TimeStretch;

/// Samples in the requested layout at the file's own rate.
struct Block {
    rate_hz: u32,
    /// Interleaved.
    samples: Vec<f32>,
}

/// A source of samples; the first one is at time 0 of the file.
trait Source: Send {
    /// Returns the next samples; `None` at the end.
    fn next(&mut self) -> Result<Option<Block>, mmm_facts::MediaError>;

    /// Whether seeking far ahead is faster than reading up to there.
    fn seeks(&self) -> bool;

    /// Seeks to a position at or shortly before `time`. Returns the index of the next sample, counted from
    /// time 0 at the rate of the next block; `None` if the source must be read from the start.
    fn seek(&mut self, time: mmm_base::Time) -> Option<i64>;

    /// Whether anything read so far was missing or unreadable.
    fn is_damaged(&self) -> bool;

    /// Returns the length in seconds that the decoder has found in the headers.
    fn stated_s(&self) -> Option<f64> {
        None
    }
}

#[cfg(test)]
mod tests;
