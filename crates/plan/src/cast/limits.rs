use mmm_base::Time;
use mmm_spec::Constraints;

/// How long a shot may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limits {
    /// Shortest shot.
    pub min: Time,
    /// Longest shot of a photo.
    pub photo: Time,
    /// Longest shot of a clip, if the clip is long enough.
    pub clip: Time,
}

impl Limits {
    /// Returns the limits of the spec, or by default those that an editor exceeds only when necessary.
    pub fn usual(constraints: &Constraints) -> Self {
        Self::said(constraints).unwrap_or(Self {
            min: Time::from_millis(500),
            photo: Time::from_secs(8),
            clip: Time::from_secs(15),
        })
    }

    /// Returns the limits of the spec, or by default those that are still watchable if there is little
    /// material.
    pub fn stretched(constraints: &Constraints) -> Self {
        Self::said(constraints).unwrap_or(Self {
            min: Time::from_millis(500),
            photo: Time::from_secs(20),
            clip: Time::from_secs(120),
        })
    }

    fn said(constraints: &Constraints) -> Option<Self> {
        constraints.shot.map(|(min, max)| Self { min: min.max(Time::from_millis(1)), photo: max, clip: max })
    }

    /// Whether any number of shots together can last `length`.
    pub fn can_fill(&self, length: Time) -> bool {
        let shots = length.micros() / self.min.micros().max(1);
        i128::from(shots) * i128::from(self.max().micros()) >= i128::from(length.micros())
    }

    /// Returns the limits with a range that is wider by `slack` at both ends.
    pub fn widened(self, slack: Time) -> Self {
        let min = (self.min - slack).max(Time::from_millis(1));
        Self { min, photo: self.photo + slack, clip: self.clip + slack }
    }

    /// The longest shot of any kind.
    pub fn max(&self) -> Time {
        self.photo.max(self.clip)
    }
}
