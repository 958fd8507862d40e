use std::fmt;

/// An input or an output of a model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Port {
    pub name: String,
    /// Whether it takes whole numbers; `None` if the model doesn't say.
    pub is_whole: Option<bool>,
    /// The length of each dimension, `None` for one of any length. `None` altogether if the model doesn't
    /// say.
    pub shape: Option<Vec<Option<usize>>>,
}

impl Port {
    /// Returns the length of a dimension, if the model fixes it.
    pub fn fixed(&self, dimension: usize) -> Option<usize> {
        self.shape.as_ref()?.get(dimension).copied().flatten()
    }

    /// Returns the number of dimensions, if the model says.
    pub fn rank(&self) -> Option<usize> {
        self.shape.as_ref().map(Vec::len)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.name)?;
        let Some(shape) = &self.shape else { return Ok(()) };
        let length =
            |length: &Option<usize>| length.map_or_else(|| "?".to_owned(), |length| length.to_string());
        write!(f, " [{}]", shape.iter().map(length).collect::<Vec<_>>().join(", "))
    }
}
