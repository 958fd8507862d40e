use mmm_base::Digest;
use mmm_facts::Tool;

/// The properties that all actions of a kind share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// The name in events and in the cache.
    pub name: &'static str,
    /// The version of the kind's meaning. Raise it whenever answers change although no field or tool changed.
    pub version: u32,
    /// The name of the build step that runs such actions, as people see it.
    pub step: &'static str,
    /// Whether `mmm verify` may perform it again and compare the answers.
    pub repeatable: bool,
}

/// A kind of action, declared in one file below `kinds/`. Keys, cache, graph, forecast, progress and `verify`
/// derive from it.
pub(super) trait Kind {
    /// Everything besides the tools that affects the answer.
    type Fields;
    const DECLARATION: Declaration;

    /// Returns the files that it reads: media, and models and fonts that are not built in. In any order,
    /// possibly repeated.
    fn inputs(fields: &Self::Fields) -> Vec<Digest>;

    /// Returns the approximate amount of work, in frames of a 1080p clip; the longest actions begin first.
    fn weight(fields: &Self::Fields) -> u64;

    /// Returns the libraries that affect its answer.
    fn tools(fields: &Self::Fields) -> Vec<Tool>;

    /// Returns the number of frames that it renders, for the progress bar; its weight if it renders none.
    fn frames(fields: &Self::Fields) -> u64 {
        Self::weight(fields)
    }

    /// Actions of a kind have equal classes if they take about as long at the same weight.
    fn class(_: &Self::Fields) -> String {
        String::new()
    }
}
