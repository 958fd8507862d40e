//! What is wrong with a mmm.toml, in plain words.

/// Returns where a mmm.toml is wrong, and how: without the words of the TOML parser.
pub(super) fn toml_words(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let before = text.get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    let written = text.lines().nth(line - 1).unwrap_or_default();
    let key = written.split('=').next().unwrap_or_default().trim();
    let message = error.message();
    let words = if let Some(rest) = message.strip_prefix("unknown field `") {
        format!("there is no key `{}`", rest.split('`').next().unwrap_or_default())
    } else if message.starts_with("invalid") && written.contains('=') && error.span().is_some() {
        match key {
            "jobs" => "`jobs` must be a whole number from 0 to 65535, such as `jobs = 4`".to_owned(),
            "models" => "`models` must be `true` or `false`".to_owned(),
            _ if is_key(key) => format!("`{key}` must be a text in quotes, such as `{key} = \"…\"`"),
            _ => NOT_TOML.to_owned(),
        }
    } else if message.starts_with("duplicate key") {
        format!("`{key}` is set twice")
    } else {
        NOT_TOML.to_owned()
    };
    format!("line {line}, column {column}: {words}")
}

const NOT_TOML: &str = "this is not TOML; write one `key = value` on each line, with texts in quotes";

fn is_key(key: &str) -> bool {
    ["cache-dir", "cache-limit", "beat-model", "clip", "fonts", "encoder"].contains(&key)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct File {
        #[serde(rename = "jobs")]
        _jobs: Option<u16>,
        #[serde(rename = "models")]
        _models: Option<bool>,
        #[serde(rename = "cache-limit")]
        _cache_limit: Option<String>,
    }

    #[test]
    fn mistakes_are_named_in_plain_words() {
        for (text, words) in [
            ("jbos = 1\n", "line 1, column 1: there is no key `jbos`"),
            ("models = true\njobs = \"x\"\n", "line 2, column 8: `jobs` must be a whole number"),
            ("jobs = 70000\n", "line 1, column 8: `jobs` must be a whole number"),
            ("models = 1\n", "line 1, column 10: `models` must be `true` or `false`"),
            ("cache-limit = 3\n", "line 1, column 15: `cache-limit` must be a text in quotes"),
            ("jobs = 1\njobs = 2\n", "line 2, column 1: `jobs` is set twice"),
            ("jobs\n", "this is not TOML"),
            ("jobs = \n", "this is not TOML"),
            ("cache-limit = 20GB\n", "this is not TOML"),
            ("[jobs\n", "this is not TOML"),
        ] {
            let error = toml::from_str::<File>(text).err().unwrap();
            let found = toml_words(text, &error);
            assert!(found.contains(words), "{text:?}: {found} ({})", error.message());
            assert!(!found.contains("expected") && found.starts_with("line "), "{found}");
        }
    }
}
