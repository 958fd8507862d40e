use std::sync::Arc;

use mmm_exec::Worker;

use super::args::Common;

/// The inputs of every command: the common flags, and the worker that uses the media libraries.
pub(super) struct Front {
    pub common: Common,
    pub worker: Arc<dyn Worker>,
}
