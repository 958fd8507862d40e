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

    /// The longest shot of any kind.
    pub fn max(&self) -> Time {
        self.photo.max(self.clip)
    }
}
