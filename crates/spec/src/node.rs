use mmm_base::Span;

/// One value of the YAML text, with its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The place of the value; if the value spans several lines, the part on the first line.
    pub span: Span,
    /// Whether the value takes lines of its own; labels then point at its key.
    pub block: bool,
    pub kind: Kind,
    /// A comment after a scalar without quotes that looks like a part of its text, and its place.
    pub comment: Option<(Span, String)>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// `plain` if it was written without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// Whether nothing was written, or one of YAML's words for null.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true }
            if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Returns the text of a scalar that is not null.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if !self.is_null() => Some(text),
            _ => None,
        }
    }

    /// Returns the text of a scalar without quotes, which YAML may read as a number or a boolean.
    pub fn plain(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, plain: true } => Some(text),
            _ => None,
        }
    }

    /// Returns what the value is, in a few words.
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

    /// Returns the size of the value and everything in it.
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

/// The size of a part of a spec, with aliases filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Size {
    /// Number of lists, mappings and scalars.
    pub values: usize,
    /// Bytes of text.
    pub bytes: usize,
}

impl Size {
    /// A list or mapping without its content.
    pub const ONE: Self = Self { values: 1, bytes: 0 };

    /// Returns the sum of both.
    pub fn with(self, other: Self) -> Self {
        Self { values: self.values + other.values, bytes: self.bytes + other.bytes }
    }
}
