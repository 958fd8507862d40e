use serde::{Deserialize, Serialize};

use super::subject_box::SubjectBox;
use mmm_base::Score;

/// Where a model sees the subject of a photo.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct SubjectMask {
    /// How much of the photo the subject covers.
    pub area: Score,
    /// The boxes around its parts, the most important first; their weights are shares of the mask. Empty if
    /// there is no subject.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<SubjectBox>,
}
