use mmm_base::Span;

/// One value of the YAML text, with the place where it stood.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// On one line: of what is longer, the part on its first line.
    pub span: Span,
    /// The value takes lines of its own, so that its key points at it better.
    pub block: bool,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// `plain` when it stood without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Nothing was written, or one of YAML's words for nothing.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar without quotes: what YAML may read as a number or a truth.
    pub fn plain(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, plain: true } => Some(text),
            _ => None,
        }
    }

    /// What it is, in a few words.
    pub fn noun(&self) -> &'static str {
        match &self.kind {
            _ if self.is_null() => "nothing",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
            Kind::Scalar { text, plain: true } if text.parse::<f64>().is_ok() => "a number",
            Kind::Scalar { text, plain: true } if matches!(text.as_str(), "true" | "false") => "a boolean",
            Kind::Scalar { .. } => "text",
        }
    }

    /// What it holds, itself included.
    pub fn size(&self) -> Size {
        match &self.kind {
            Kind::Scalar { text, .. } => Size { values: 1, bytes: text.len() },
            Kind::List(items) => items.iter().map(Self::size).fold(Size::ONE, Size::with),
            Kind::Map(entries) => {
                entries.iter().fold(Size::ONE, |size, (key, value)| size.with(key.size()).with(value.size()))
            }
        }
    }
}

/// How much a part of a spec is, aliases filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Size {
    /// Lists, mappings, and what is written in them.
    pub values: usize,
    /// Bytes of text.
    pub bytes: usize,
}

impl Size {
    /// A list or mapping without what is in it.
    pub const ONE: Self = Self { values: 1, bytes: 0 };

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        Self { values: self.values + other.values, bytes: self.bytes + other.bytes }
    }
}
