use std::collections::BTreeMap;

use crate::base::Span;

/// Where each value of a spec stood in its text, by path: `duration`, `style.pace`,
/// `media[3].out`, `outputs.story.mp4.aspect` (keys joined by dots, list entries in brackets).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpanMap(BTreeMap<String, Span>);

impl SpanMap {
    pub fn insert(&mut self, path: String, span: Span) {
        self.0.insert(path, span);
    }

    /// The place of `path`, or of the nearest thing around it that was written.
    pub fn find(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            if let Some(span) = self.0.get(path) {
                return Some(*span);
            }
            let end = path.rfind(['.', '['])?;
            path = &path[..end];
        }
    }
}
