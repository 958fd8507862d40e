use mmm_base::Digest;
use mmm_facts::Tool;

/// What is the same for all actions of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declaration {
    /// How events and the cache name it.
    pub name: &'static str,
    /// The version of its meaning: what changes an answer without changing a field or a tool raises it.
    pub version: u32,
    /// What a step of such actions is called for people.
    pub step: &'static str,
    /// Whether `mmm verify` may perform it again and compare the answers.
    pub repeatable: bool,
}

/// A kind of action, declared in one file below `kinds/`. Keys, cache, graph, forecast, progress and `verify` derive
/// from it.
pub(super) trait Kind {
    /// All that shapes the answer beside the tools.
    type Fields;
    const DECLARATION: Declaration;

    /// The files that it reads: media, and models and fonts that are not built in. In any order; may repeat.
    fn inputs(fields: &Self::Fields) -> Vec<Digest>;

    /// About how much work it is, to begin the longest first: frames of a 1080p clip, roughly.
    fn weight(fields: &Self::Fields) -> u64;

    /// The libraries that shape its answer.
    fn tools(fields: &Self::Fields) -> Vec<Tool>;

    /// Frames that it renders, for the progress bar; its weight where it renders none.
    fn frames(fields: &Self::Fields) -> u64 {
        Self::weight(fields)
    }

    /// Actions of a kind that take about equally long for equal weight have equal classes.
    fn class(_: &Self::Fields) -> String {
        String::new()
    }
}
