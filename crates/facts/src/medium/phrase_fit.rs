use mmm_base::Score;
use serde::{Deserialize, Serialize};

/// How well a picture fits a phrase of the prompt or of a query, by the user's own model.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct PhraseFit {
    /// The words, as the model reads them.
    pub phrase: String,
    /// 0 not at all … 1 best of all.
    pub fit: Score,
}
