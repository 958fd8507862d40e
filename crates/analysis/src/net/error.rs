/// Why a model did not run.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the model {net} cannot be read: {reason}")]
    Load { net: String, reason: String },
    #[error("the model {net} has nothing named {name}")]
    UnknownName { net: String, name: String },
    #[error("a tensor of shape {shape:?} cannot hold {values} values")]
    Shape { shape: Vec<usize>, values: usize },
    #[error("the model {net} has {found}, but {wanted} is needed")]
    Form { net: String, found: String, wanted: String },
    #[error("`{file}` cannot be used: {reason}")]
    Settings { file: String, reason: String },
    #[error("the model {net} failed: {reason}")]
    Run { net: String, reason: String },
}
