/// An array of any number of dimensions; the last one varies fastest.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Tensor {
    /// Length of each dimension.
    pub shape: Vec<usize>,
    /// As many values as the product of `shape`.
    pub values: Vec<f32>,
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
        let volume = self.shape.iter().try_fold(1usize, |volume, length| volume.checked_mul(*length));
        volume == Some(self.values.len())
    }
}
