//! The graph of files and actions that a movie is built from.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Workspace;
use super::steps::output_actions;
use mmm_base::{Digest, MediaPath};
use mmm_exec::Action;

/// The steps of a build and their dependencies, as far as facts are known.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Graph {
    /// The steps and files, by name.
    pub nodes: BTreeMap<String, Node>,
    /// From each dependency to the step that needs it.
    pub edges: BTreeSet<(String, String)>,
}

/// One step or one file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Node {
    pub kind: &'static str,
    /// The name that people see.
    pub label: String,
    /// Whether the answer of an action is in the cache; `None` for steps that cost nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cached: Option<bool>,
}

impl Graph {
    fn node(&mut self, name: &str, kind: &'static str, label: &str, cached: Option<bool>) {
        self.nodes.insert(name.to_owned(), Node { kind, label: label.to_owned(), cached });
    }

    fn edge(&mut self, from: &str, to: &str) {
        self.edges.insert((from.to_owned(), to.to_owned()));
    }
}

impl Workspace {
    /// Returns the graph of the build as it is known now. Call it after [`Workspace::check_headers`].
    pub fn graph(&self) -> Graph {
        let mut graph = Graph::default();
        let name = self.spec_path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        graph.node("spec", "spec", &name, None);
        let files: BTreeMap<MediaPath, Digest> = self.contents();
        for path in files.keys() {
            self.file(path, &mut graph);
        }
        let outputs = self.movie().map(|movie| movie.outputs.as_slice()).unwrap_or_default();
        for (index, output) in outputs.iter().enumerate() {
            let (plan, movie) = (format!("plan {}", output.name), format!("movie {}", output.name));
            graph.node(&plan, "plan", &format!("plan of {}", output.name), None);
            graph.node(&movie, "movie", output.name.as_str(), None);
            graph.edge("spec", &plan);
            for path in files.keys() {
                for (name, _) in self.facts_of(path) {
                    graph.edge(&format!("{name} {path}"), &plan);
                }
            }
            self.steps(index, &files, (&plan, &movie), &mut graph);
        }
        graph
    }

    fn file(&self, path: &MediaPath, graph: &mut Graph) {
        let file = format!("file {path}");
        graph.node(&file, "file", path.as_str(), None);
        for (name, action) in self.facts_of(path) {
            let (kind, id) = (action.declaration().name, format!("{name} {path}"));
            graph.node(&id, kind, &format!("{name} of {path}"), Some(self.is_stored(&action)));
            graph.edge(&file, &id);
        }
    }

    /// Returns the actions that produce the facts of a file, each with a name of its own. A second one of a kind of
    /// facts is the look of models at what was measured at a glance; others of one kind are counted.
    fn facts_of(&self, path: &MediaPath) -> Vec<(String, Action)> {
        let mut named: Vec<(String, Action)> = Vec::new();
        for action in self.medium_actions(path).into_iter().skip(1) {
            let kind = action.declaration().name;
            let before = named.iter().filter(|(_, known)| known.declaration().name == kind).count();
            let name = match &action {
                _ if before == 0 => kind.to_owned(),
                Action::PhotoFacts(_) | Action::ClipPicture(_) => format!("{kind} by models"),
                _ => format!("{kind} {}", before + 1),
            };
            named.push((name, action));
        }
        named
    }

    fn steps(
        &self,
        index: usize,
        files: &BTreeMap<MediaPath, Digest>,
        (plan, movie): (&str, &str),
        graph: &mut Graph,
    ) {
        for (action, label) in output_actions(&self.db, self.project, index) {
            let kind = action.declaration().name;
            let name = format!("{kind} {}", self.key(&action).0.short());
            graph.node(&name, kind, &label, Some(self.is_stored(&action)));
            graph.edge(plan, &name);
            graph.edge(&name, movie);
            let inputs = action.inputs();
            for (path, _) in files.iter().filter(|(_, source)| inputs.contains(source)) {
                graph.edge(&format!("file {path}"), &name);
            }
        }
    }

    fn is_stored(&self, action: &Action) -> bool {
        self.known(action).is_some()
    }
}
