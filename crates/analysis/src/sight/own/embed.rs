use mmm_facts::Embedding;

use crate::net::{ModelError, Net, Port, Tensor};

/// Returns the name of the output that is the embedding: the first of `names`, or the only one of two
/// dimensions.
pub(super) fn embedding_output(net: &Net, names: &[&str]) -> Result<String, ModelError> {
    let outputs = net.outputs();
    let is_flat = |port: &&Port| port.rank().is_none_or(|rank| rank == 1 || rank == 2);
    let flat: Vec<&Port> = outputs.iter().filter(is_flat).collect();
    let named = names.iter().find_map(|name| flat.iter().find(|port| port.name == *name));
    match (named, flat.as_slice()) {
        (Some(port), _) | (None, [port]) => Ok(port.name.clone()),
        _ => {
            let wanted = format!("one output [1, width] such as `{}`", names.first().unwrap_or(&""));
            Err(net.other_form("outputs", &outputs, &wanted))
        }
    }
}

/// Returns what a model gave as an embedding.
pub(super) fn embedding(net: &Net, given: &[Tensor]) -> Result<Embedding, ModelError> {
    let [tensor] = given else { return Err(net.failure("it gives no embedding")) };
    let (width, others) = tensor.shape.split_last().unwrap_or((&0, &[]));
    if *width < 2 || others.iter().any(|length| *length != 1) || tensor.values.len() != *width {
        let reason = format!("it gives {:?} values for one embedding, not [1, width]", tensor.shape);
        return Err(net.failure(reason));
    }
    Embedding::of(&tensor.values)
        .ok_or_else(|| net.failure("its embedding is all zeros, or has values that are no numbers"))
}
