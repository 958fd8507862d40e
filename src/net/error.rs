/// Why a net did not run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NetError {
    #[error("the net {net} cannot be read: {reason}")]
    Load { net: &'static str, reason: String },
    #[error("the net {net} has nothing named {name}")]
    UnknownName { net: &'static str, name: String },
    #[error("a tensor of shape {shape:?} cannot hold {values} values")]
    Shape { shape: Vec<usize>, values: usize },
    #[error("the net {net} failed: {reason}")]
    Run { net: &'static str, reason: String },
}
