use mmm_analysis::net::ModelError;
use mmm_facts::MediaError;

/// The result of an analysis: facts, or why the medium can't be read. The outer error is a model that fails
/// to run.
pub(super) type Examined<T> = Result<Result<T, MediaError>, ModelError>;
