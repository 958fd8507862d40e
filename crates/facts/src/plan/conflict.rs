use serde::{Deserialize, Serialize};

/// Constraints that cannot hold together.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Conflict {
    pub kind: ConflictKind,
    /// One short message, lower case, no full stop.
    pub message: String,
    /// The smallest set of places in the spec that conflict, as paths (`duration`,
    /// `constraints.shot`, `media[3].in`) that [`SpanMap`](mmm_spec::SpanMap) knows, each with
    /// what is to be said of it.
    pub places: Vec<(String, String)>,
    /// What would help, as an imperative.
    pub help: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictKind {
    /// There is nothing to show.
    NoMedia,
    /// The movie can't be filled: too few media, too short shots.
    TooLittle,
    /// What is required does not fit.
    TooMuch,
    /// A medium's own `in`, `out` or `role` can't hold.
    Medium,
    /// The music does not reach.
    Music,
}
