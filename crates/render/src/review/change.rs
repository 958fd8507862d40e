use super::glimpse::Glimpse;

/// How much the picture changes from one frame to the next.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Change {
    /// The mean difference of a pixel, in levels of 255.
    pub mean: f32,
    /// The largest difference of a pixel, in levels.
    pub most: u8,
}

impl Change {
    /// Returns the change between two frames of the same size.
    pub fn between(before: &Glimpse, after: &Glimpse) -> Self {
        let (mut sum, mut most) = (0u32, 0u8);
        for (a, b) in before.grey.iter().zip(&after.grey) {
            let difference = a.abs_diff(*b);
            sum += u32::from(difference);
            most = most.max(difference);
        }
        Self { mean: sum as f32 / before.grey.len().max(1) as f32, most }
    }

    /// Whether nothing changes: no pixel differs by more than encoding noise.
    pub fn is_none(self) -> bool {
        self.most <= SAME
    }
}

/// The most levels by which a pixel of a still picture varies through encoding.
const SAME: u8 = 3;
