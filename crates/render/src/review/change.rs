use super::glimpse::Glimpse;

/// How much of the picture changes from one frame to the next.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Change {
    /// The mean difference of a point, in levels of 255.
    pub mean: f32,
    /// The largest difference of a point, in levels.
    pub most: u8,
}

impl Change {
    /// The change between two frames of one size.
    pub fn between(before: &Glimpse, after: &Glimpse) -> Self {
        let (mut sum, mut most) = (0u32, 0u8);
        for (a, b) in before.grey.iter().zip(&after.grey) {
            let difference = a.abs_diff(*b);
            sum += u32::from(difference);
            most = most.max(difference);
        }
        Self { mean: sum as f32 / before.grey.len().max(1) as f32, most }
    }

    /// Whether nothing changes: no point by more than what coding a picture anew changes.
    pub fn is_none(self) -> bool {
        self.most <= SAME
    }
}

/// Levels by which a point of a still picture differs at most when it is coded again.
const SAME: u8 = 3;
