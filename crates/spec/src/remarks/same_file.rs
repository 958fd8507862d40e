use super::super::name_form::folded_name;

/// Google Takeout cuts names to this many characters, and file systems to more.
const CUT: usize = 40;

/// Whether a text beside the medium `name` is about it, if it says that it is about the file `said`.
///
/// Endings don't count, because a raw photo and its JPEG share a file, and a photo its clip. Nor do numbers and
/// marks of edits, letters that file systems don't allow, and what is cut off a long name.
pub fn is_of_file(said: &str, name: &str) -> bool {
    let (said, name) = (plain(said), plain(name));
    let is_cut = |long: &str, short: &str| short.chars().count() >= CUT && long.starts_with(short);
    said == name || is_cut(&said, &name) || is_version(&name, &said) || is_version(&said, &name)
}

/// Whether a name is that of an edit or a numbered copy: the other name and a mark behind it.
fn is_version(name: &str, of: &str) -> bool {
    let mark = name.strip_prefix(of).and_then(|rest| rest.chars().next());
    !of.is_empty() && mark.is_some_and(|mark| matches!(mark, '(' | '-' | '_' | '~' | '.'))
}

/// Returns a name without its folder and its ending, in small letters, with `_` for letters that are not allowed
/// everywhere.
fn plain(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let allowed = |letter: char| match letter {
        '&' | '\'' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' | '=' | '+' | '#' => '_',
        other => other,
    };
    folded_name(stem).trim().chars().map(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_of_its_own_file() {
        for (said, name) in [
            ("IMG_1.jpg", "IMG_1.jpg"),
            ("IMG_1.HEIC", "img_1.mov"),
            ("IMG_1.jpg", "IMG_1(1).jpg"),
            ("IMG_1.jpg", "IMG_1-edited.jpg"),
            ("a & b.jpg", "a _ b.jpg"),
            (&format!("{}.jpg", "n".repeat(80)), &format!("{}.jpg", "n".repeat(47))),
            ("C:\\photos\\IMG_1.CR2", "IMG_1.jpg"),
            ("Zu\u{308}rich.jpg", "Z\u{fc}rich.jpg"),
        ] {
            assert!(is_of_file(said, name), "{said} {name}");
        }
        for (said, name) in
            [("IMG_2.jpg", "IMG_1.jpg"), ("IMG_10.jpg", "IMG_1.jpg"), ("IMG_1.jpg", "IMG_10.jpg"), ("", "a")]
        {
            assert!(!is_of_file(said, name), "{said} {name}");
        }
    }
}
