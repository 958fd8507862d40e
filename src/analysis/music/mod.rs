//! What a piece of music does over time: beats and bars, onsets, energy, sections, events, how
//! it feels. Entry: [`MusicAnalyst`], fed with samples as they are decoded; it keeps curves of
//! a few numbers a hop, never the samples.

mod analyst;
mod bars;
mod curves;
mod energy;
mod events;
mod grid;
mod halving;
mod offbeat;
mod pulse;
mod sections;
mod spectrum;
mod tempo;
mod vibe;

#[cfg(test)]
mod tests;

pub use analyst::MusicAnalyst;
