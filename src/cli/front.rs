use std::sync::Arc;

use mmm_exec::Worker;

use super::args::Common;

/// What every command begins with: the flags that all share, and who does what needs the media libraries.
pub(super) struct Front {
    pub common: Common,
    pub worker: Arc<dyn Worker>,
}
