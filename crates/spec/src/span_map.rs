use std::collections::BTreeMap;

use mmm_base::Span;

/// The place of each value of a spec in its text, by path: `duration`, `style.pace`, `media[3].out`,
/// `outputs.story.mp4.aspect` (keys joined by dots, list entries in brackets).
///
/// A value on several lines has the place of its key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpanMap(BTreeMap<String, Span>);

impl SpanMap {
    pub fn insert(&mut self, path: String, span: Span) {
        self.0.insert(path, span);
    }

    /// Returns the place of `path` itself, if it was written.
    pub fn get(&self, path: &str) -> Option<Span> {
        self.0.get(path).copied()
    }

    /// Returns the place of `path`, or of the nearest enclosing value that was written. The first entry of a list
    /// may be written without the list.
    pub fn find(&self, path: &str) -> Option<Span> {
        let mut path = path;
        loop {
            let alone = || path.contains("[0]").then(|| self.get(&path.replacen("[0]", "", 1))).flatten();
            if let Some(span) = self.get(path).or_else(alone) {
                return Some(span);
            }
            let end = path.rfind(['.', '['])?;
            path = &path[..end];
        }
    }

    /// Returns the place of the value that applies to one output: in the output if it overrides `path`,
    /// otherwise in the spec's general settings. Entries are looked up in whichever list applies.
    pub fn for_output(&self, output: &str, path: &str) -> Option<Span> {
        let own = format!("outputs.{output}.{path}");
        let list = path.split('[').next().unwrap_or(path);
        match self.get(&format!("outputs.{output}.{list}")) {
            Some(_) => self.find(&own),
            None => self.find(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_written_thing_is_found() {
        let mut spans = SpanMap::default();
        for (at, path) in ["constraints", "constraints.shot", "music", "outputs.a.mp4", "outputs.a.mp4.music"]
            .into_iter()
            .enumerate()
        {
            spans.insert(path.to_owned(), Span::new(at, at + 1));
        }
        let start = |span: Option<Span>| span.map(|span| span.start);
        assert_eq!(start(spans.find("constraints[0].shot")), Some(1));
        assert_eq!(start(spans.find("constraints[1].shot")), Some(0));
        assert_eq!(start(spans.find("constraints.repeats")), Some(0));
        assert_eq!(start(spans.find("duration")), None);
        assert_eq!(start(spans.for_output("a.mp4", "constraints.shot")), Some(1));
        assert_eq!(start(spans.for_output("a.mp4", "music[1]")), Some(4));
        assert_eq!(start(spans.for_output("b.mp4", "music[0].from")), Some(2));
    }
}
