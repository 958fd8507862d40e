use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// Returns every value of a serialized object, by its path.
pub(super) fn leaves(value: &impl Serialize) -> BTreeMap<String, Value> {
    fn walk(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| walk(&format!("{path}.{key}"), value, found))
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, value)| walk(&format!("{path}[{index}]"), value, found));
            }
            Value::Null => {}
            leaf => drop(found.insert(path.to_owned(), leaf.clone())),
        }
    }
    let mut found = BTreeMap::new();
    if let Ok(value) = serde_json::to_value(value) {
        walk("", &value, &mut found);
    }
    found
}
