/// An array of any number of dimensions; the last one varies fastest.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tensor {
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// As many values as the product of `shape`.
    pub values: Vec<f32>,
}

/// The same of whole numbers, such as the tokens of a text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WholeTensor {
    pub shape: Vec<usize>,
    /// As many values as the product of `shape`.
    pub values: Vec<i32>,
}

impl Tensor {
    pub fn new(shape: &[usize], values: Vec<f32>) -> Self {
        Self { shape: shape.to_vec(), values }
    }

    /// Returns a tensor of zeros.
    pub fn zeros(shape: &[usize]) -> Self {
        Self::new(shape, vec![0.0; shape.iter().product()])
    }

    /// Whether the number of values matches the shape.
    pub(super) fn is_whole(&self) -> bool {
        volume(&self.shape) == Some(self.values.len())
    }
}

impl WholeTensor {
    /// Whether the number of values matches the shape.
    pub(super) fn is_whole(&self) -> bool {
        volume(&self.shape) == Some(self.values.len())
    }
}

fn volume(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |volume, length| volume.checked_mul(*length))
}
