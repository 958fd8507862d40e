use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use crate::cli::args::{Graph as Args, GraphFormat};
use crate::cli::exit::Exit;
use crate::cli::front::Front;
use crate::cli::printer::line;
use crate::cli::session::{Session, spec_folder};
use mmm_base::diagnostics::Diagnostic;
use mmm_engine::{Graph, Node};
use mmm_facts::Profile;

/// Runs `mmm graph`.
pub(in crate::cli) fn run(args: &Args, front: &Front) -> Exit {
    attempt(args, front).map_or_else(|exit| exit, |()| Exit::Done)
}

fn attempt(args: &Args, front: &Front) -> Result<(), Exit> {
    let session = Session::start(front, &spec_folder(&args.spec.path))?;
    let mut workspace = session.workspace(&args.spec.path, Profile::Final)?;
    let found = workspace.refresh(&session.printer).and_then(|()| workspace.check_headers(&session.printer));
    let found = found.map_err(|stop| session.stopped(&stop, Some(&workspace)))?;
    session.printer.done();
    if found.iter().any(Diagnostic::is_error) {
        let source = (workspace.spec_path().to_owned(), workspace.spec_text());
        session.printer.diagnostics(&found, Some(&source));
        return Err(Exit::Spec);
    }
    let graph = workspace.graph();
    let text = match args.format {
        GraphFormat::Dot => dot(&graph),
        GraphFormat::Json => json!({"nodes": graph.nodes, "edges": graph.edges}).to_string(),
        GraphFormat::Mermaid => mermaid(&graph),
    };
    line(text.trim_end());
    Ok(())
}

fn dot(graph: &Graph) -> String {
    let mut text = "digraph movie {\n  rankdir=LR\n  node [shape=box, fontname=sans]\n".to_owned();
    for (name, node) in &graph.nodes {
        let style = if node.cached == Some(false) { ", style=bold" } else { "" };
        let shape = if node.kind == "file" || node.kind == "spec" { ", shape=note" } else { "" };
        writeln!(text, "  {} [label={}{shape}{style}]", quoted(name), quoted(&label(node))).ok();
    }
    for (from, to) in &graph.edges {
        writeln!(text, "  {} -> {}", quoted(from), quoted(to)).ok();
    }
    text + "}\n"
}

/// Quotes a string for DOT.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

fn mermaid(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    let names: BTreeMap<&String, String> =
        graph.nodes.keys().enumerate().map(|(index, name)| (name, format!("n{index}"))).collect();
    for (name, node) in &graph.nodes {
        let label = label(node).replace('"', "#quot;").replace('\n', " ");
        writeln!(text, "  {}[\"{label}\"]", names[name]).ok();
    }
    for (from, to) in &graph.edges {
        if let (Some(from), Some(to)) = (names.get(from), names.get(to)) {
            writeln!(text, "  {from} --> {to}").ok();
        }
    }
    text
}

fn label(node: &Node) -> String {
    match node.cached {
        Some(false) => format!("{} (not cached)", node.label),
        _ => node.label.clone(),
    }
}
