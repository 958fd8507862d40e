use crate::word_pieces::fold;

/// Words whose plural or other form no rule gives.
const IRREGULAR: [(&str, &str); 20] = [
    ("children", "child"),
    ("feet", "foot"),
    ("geese", "goose"),
    ("halves", "half"),
    ("knives", "knife"),
    ("leaves", "leaf"),
    ("lives", "life"),
    ("loaves", "loaf"),
    ("men", "man"),
    ("mice", "mouse"),
    ("movies", "movie"),
    ("people", "person"),
    ("persons", "person"),
    ("selfies", "selfie"),
    ("teeth", "tooth"),
    ("wives", "wife"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("calves", "calf"),
    ("shelves", "shelf"),
];

/// Returns the words of a text in lower case without accents: runs of letters and digits.
///
/// A change from lower to upper case parts words too, and so does one between letters and digits: `IceCream2`
/// has the words `ice`, `cream` and `2`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut parted = String::new();
    let mut before = ' ';
    for letter in text.chars().filter(|letter| !['\'', '’'].contains(letter)) {
        let camel = before.is_lowercase() && letter.is_uppercase();
        let number = before.is_alphanumeric()
            && letter.is_alphanumeric()
            && before.is_numeric() != letter.is_numeric();
        if camel || number || !letter.is_alphanumeric() {
            parted.push(' ');
        }
        // A mark that combines with the letter before stays with it until it is dropped.
        if letter.is_alphanumeric() {
            parted.push(letter);
        } else if unicode_normalization::char::is_combining_mark(letter) {
            parted.pop();
        }
        before = letter;
    }
    fold(&parted).split_whitespace().map(str::to_owned).collect()
}

/// Returns the word without the endings of plural, -ing and -ed, so that `beaches` matches `beach` and
/// `hiking` matches `hike`. It is for comparing, not for reading.
pub(crate) fn stem(word: &str) -> String {
    let singular = singular(word);
    let bare = ["ing", "ed"].iter().find_map(|ending| {
        let rest = singular.strip_suffix(ending)?;
        let spoken = rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
        (rest.len() >= 3 && spoken).then_some(rest)
    });
    let bare = bare.unwrap_or(&singular);
    let mut letters = bare.chars().rev();
    let doubled =
        bare.len() < singular.len() && letters.next() == letters.next() && !bare.ends_with(['l', 's']);
    let bare = if doubled { &bare[..bare.len() - 1] } else { bare };
    bare.strip_suffix('e').filter(|rest| rest.chars().count() >= 3).unwrap_or(bare).to_owned()
}

/// Returns the singular of a noun.
pub(crate) fn singular(word: &str) -> String {
    if let Some((_, noun)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return (*noun).to_owned();
    }
    if let Some(rest) = word.strip_suffix("ies").filter(|rest| rest.len() >= 3) {
        return format!("{rest}y");
    }
    let short = word
        .strip_suffix("es")
        .filter(|rest| rest.ends_with("ch") || rest.ends_with("sh") || rest.ends_with(['x', 's', 'z']))
        .or_else(|| word.strip_suffix('s').filter(|rest| !rest.ends_with(['s', 'u', 'i'])));
    short.filter(|rest| rest.chars().count() >= 3).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let forms = [
            ["beach", "beaches"],
            ["hike", "hiking"],
            ["swim", "swimming"],
            ["ski", "skiing"],
            ["party", "parties"],
            ["puppy", "puppies"],
            ["person", "people"],
            ["child", "children"],
            ["dance", "dancing"],
            ["smile", "smiling"],
            ["leaf", "leaves"],
            ["bus", "buses"],
            ["movie", "movies"],
            ["horse", "horses"],
            ["fox", "foxes"],
            ["glass", "glasses"],
            ["tree", "trees"],
        ];
        for [one, two] in forms {
            assert_eq!(stem(one), stem(two));
        }
        let apart = [["king", "k"], ["spring", "spr"], ["bus", "bu"], ["sea", "season"], ["red", "r"]];
        for [one, two] in apart {
            assert_ne!(stem(one), stem(two));
        }
    }

    #[test]
    fn names_of_files_have_words() {
        assert_eq!(
            words("2024-07 Lisboa/IceCream_at-the_beach2.JPG").join(" "),
            "2024 07 lisboa ice cream at the beach 2 jpg"
        );
        assert_eq!(words("Crème brûlée, don’t").join(" "), "creme brulee dont");
        assert_eq!(words("Cre\u{300}me").join(" "), "creme");
        assert_eq!(words(""), Vec::<String>::new());
    }
}
