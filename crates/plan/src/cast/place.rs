/// A medium's place in the story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// Index among the media as listed.
    pub medium: usize,
    /// Capture time in UTC seconds; that of a listed neighbour if it has none.
    pub taken: Option<i64>,
    /// Index of its chapter.
    pub chapter: usize,
}
