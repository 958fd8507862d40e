use std::fmt;

use serde::Serialize;

use super::Digest;

/// The name of one action's result: the BLAKE3 of everything that affects the result, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub Digest);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Computes the key of an action from its kind, the version of that kind's meaning, and all of its fields.
///
/// The fields are hashed as JSON text (fields in the order of the struct, ordered maps only). A new field
/// therefore changes the key automatically, and the same text explains the key. The values are integers,
/// texts and digests; the types (`Time`, `Score`, `Rate`) keep floats out.
pub fn action_key(kind: &str, version: u32, fields: &impl Serialize) -> Key {
    let text = serde_json::to_vec(fields).expect("an action is plain values with text keys");
    let mut hasher = blake3::Hasher::new_derive_key("mmm 2026 action key v1");
    for part in [kind.as_bytes(), &version.to_le_bytes(), &text] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Key(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_version_and_fields_all_shape_the_key() {
        let key = action_key("probe", 1, &("a", 1));
        assert_eq!(key, action_key("probe", 1, &("a", 1)));
        assert_ne!(key, action_key("facts", 1, &("a", 1)));
        assert_ne!(key, action_key("probe", 2, &("a", 1)));
        assert_ne!(key, action_key("probe", 1, &("a", 2)));
    }
}
