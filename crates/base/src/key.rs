use std::fmt;

use serde::Serialize;

use super::Digest;

/// The name of one action's result: the BLAKE3 of all that shapes it and of nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub Digest);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The key of an action: its kind, the version of that kind's meaning, and every field of it.
///
/// The fields are hashed as their JSON text (fields in the order of the struct, ordered maps
/// only), so a new field changes the key without anyone having to remember it, and the same
/// text explains the key. Values in it are integers, texts and digests: floats are kept out by
/// the types (`Time`, `Score`, `Rate`).
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
