use crate::meaning::Meaning;

/// A name and what it means.
pub(crate) struct Named {
    pub name: &'static str,
    pub meaning: Option<Meaning>,
}

impl Named {
    pub fn new(name: &'static str) -> Self {
        Self { name, meaning: Meaning::of(name) }
    }
}
