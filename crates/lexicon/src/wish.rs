use crate::notion::Notion;

/// One thing that a query names: “kids at the beach”.
#[derive(Clone, PartialEq, Debug)]
pub struct Wish {
    /// The words of the query, without those that say nothing.
    pub text: String,
    /// The same as it was said, with the small words between them: “kids at the beach”.
    pub phrase: String,
    pub stance: Stance,
    /// What one picture should show together: “kids” and “beach”.
    pub(crate) notions: Vec<Notion>,
}

/// What a query says about a thing that it names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stance {
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// Nothing but it, and what else is named so.
    Only,
}
