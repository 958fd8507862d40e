use unicode_script::{Script, UnicodeScript};

use super::wants_colour;

/// Returns the script of a cluster; [`Script::Common`] if it belongs to none.
fn script(cluster: &str) -> Script {
    let own = |script: &Script| !matches!(script, Script::Common | Script::Inherited | Script::Unknown);
    cluster.chars().map(|character| character.script()).find(own).unwrap_or(Script::Common)
}

fn is_east_asian(script: Script) -> bool {
    use Script::{Bopomofo, Han, Hangul, Hiragana, Katakana};
    matches!(script, Han | Hiragana | Katakana | Hangul | Bopomofo)
}

/// Returns the font families made for a cluster of `text`, the best first. All are Noto: it has a family for
/// each script, and they are designed to match.
pub(super) fn families(cluster: &str, text: &str) -> Vec<String> {
    let script = script(cluster);
    if wants_colour(cluster) {
        return vec!["Noto Color Emoji".to_owned()];
    }
    if is_east_asian(script) {
        let region = region(text);
        return vec![format!("Noto Sans CJK {region}"), format!("Noto Sans {region}")];
    }
    match script {
        Script::Common => ["Noto Sans", "Noto Sans Math", "Noto Sans Symbols", "Noto Sans Symbols2"]
            .map(str::to_owned)
            .to_vec(),
        _ => {
            let name = script.full_name().replace('_', " ");
            vec![format!("Noto Sans {name}"), format!("Noto {name}"), "Noto Sans".to_owned()]
        }
    }
}

/// Returns the region whose forms of the ideographs suit a text. The same character is drawn differently in
/// Japan and in China, and only the letters around it show which form is meant.
fn region(text: &str) -> &'static str {
    let has = |wanted: &[Script]| text.chars().any(|character| wanted.contains(&character.script()));
    if has(&[Script::Hiragana, Script::Katakana]) {
        "JP"
    } else if has(&[Script::Hangul]) {
        "KR"
    } else if has(&[Script::Bopomofo]) {
        "TC"
    } else {
        "SC"
    }
}

/// Returns the Debian and Ubuntu package that has a font for a cluster.
pub fn debian_package(cluster: &str) -> &'static str {
    if wants_colour(cluster) {
        "fonts-noto-color-emoji"
    } else if is_east_asian(script(cluster)) {
        "fonts-noto-cjk"
    } else {
        "fonts-noto-core"
    }
}
