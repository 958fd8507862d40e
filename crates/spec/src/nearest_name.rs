use super::name_form::folded_name;

/// Returns the name that is nearest to `written`, if it is near enough to be meant. Names with the same digits
/// come first, because `IMG_0042` is rarely a slip for `IMG_0043`.
pub fn nearest_name<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (wanted, number) = (folded_name(written), digits(written));
    let length = wanted.chars().count();
    let near = |name: &'a str| {
        let folded = folded_name(name);
        let most = (length.max(folded.chars().count()) / 3).max(1);
        if length.abs_diff(folded.chars().count()) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &folded);
        (distance <= most).then(|| (digits(name) != number, distance, name))
    };
    names.filter_map(near).min().map(|(_, _, name)| name)
}

/// Returns names with those nearest to `written` first.
pub fn by_nearness<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = folded_name(written);
    let has_word = |name: &str| {
        let folded = folded_name(name);
        wanted.split_whitespace().any(|word| folded.split_whitespace().any(|other| other == word))
    };
    let key = |name: &'a str| {
        let distance = strsim::damerau_levenshtein(&wanted, &folded_name(name));
        (!has_word(name), distance, name)
    };
    let mut keyed: Vec<_> = names.map(key).collect();
    keyed.sort_unstable();
    keyed.dedup();
    keyed.into_iter().map(|(_, _, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_if_one_is_near() {
        let names = ["private", "photos", "IMG_0041.jpg", "IMG_0042.jpeg", "Zu\u{308}rich"];
        let nearest = |written: &str| nearest_name(written, names.into_iter());
        assert_eq!(nearest("privat"), Some("private"));
        assert_eq!(nearest("Pivrate"), Some("private"));
        assert_eq!(nearest("photso"), Some("photos"));
        assert_eq!(nearest("IMG_0042.jpg"), Some("IMG_0042.jpeg"));
        assert_eq!(nearest("IMG_0043.jpg"), Some("IMG_0041.jpg"));
        assert_eq!(nearest("Zurich"), Some("Zu\u{308}rich"));
        assert_eq!(nearest("receipts"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn names_with_a_common_word_come_first() {
        let names = ["Bob", "Anna Smith", "Hanna", "Ana"];
        assert_eq!(by_nearness("anna", names.into_iter()), ["Anna Smith", "Ana", "Hanna", "Bob"]);
        assert_eq!(by_nearness("Bobby", names.into_iter())[0], "Bob");
    }
}
