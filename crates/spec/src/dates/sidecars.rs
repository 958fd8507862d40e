/// What Google Takeout has put between the name of a medium and `.json` since 2024.
const SUPPLEMENT: &str = ".supplemental-metadata";

/// Google Takeout cuts the name before `.json` to this many UTF-16 units.
const TAKEOUT_UNITS: usize = 46;

/// What Google Photos appends to the name of an edited picture, by language. Its original has the JSON file.
const EDITED: [&str; 12] = [
    "-edited",
    "-effects",
    "-bearbeitet",
    "-modifié",
    "-modifie\u{301}",
    "-modificato",
    "-editado",
    "-editada",
    "-bewerkt",
    "-edytowane",
    "-изменено",
    "-編集済み",
];

/// Returns the names that a file with facts about the medium `name` may have in the same folder, best first:
/// XMP files, then the JSON files of Google Takeout.
pub fn sidecar_names(name: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    let (stem, ending) = split(name);
    for ending in ["xmp", "XMP"] {
        add(format!("{name}.{ending}"));
        add(format!("{stem}.{ending}"));
    }
    takeout(name, &mut add);
    let (bare, number) = numbered(stem);
    let original =
        EDITED.iter().find_map(|word| bare.strip_suffix(word).or_else(|| ascii_suffix(bare, word)));
    if let Some(original) = original.filter(|original| !original.is_empty()) {
        takeout(&format!("{original}{number}{ending}"), &mut add);
    }
    names
}

/// Adds the names that Google Takeout has given to the JSON file of `name` over the years.
///
/// Its number, as in `a(1).jpg`, comes after the ending of the medium and after the cut, but some exports leave
/// it in its place. The cut is that of the name with the supplement; longer and shorter ones are seen too.
fn takeout(name: &str, add: &mut impl FnMut(String)) {
    let (stem, ending) = split(name);
    let (bare, number) = numbered(stem);
    let medium = format!("{bare}{ending}");
    let longest = format!("{medium}{SUPPLEMENT}");
    add(format!("{}{number}.json", cut(&longest)));
    add(format!("{}.json", cut(&format!("{name}{SUPPLEMENT}"))));
    add(format!("{medium}{number}.json"));
    add(format!("{}{number}.json", cut(&medium)));
    add(format!("{name}.json"));
    add(format!("{}.json", cut(name)));
    for end in (1..=SUPPLEMENT.len()).rev() {
        add(format!("{medium}{}{number}.json", &SUPPLEMENT[..end]));
    }
    // Early exports left out the ending of the medium.
    if !number.is_empty() || units(&medium) >= TAKEOUT_UNITS {
        add(format!("{name}{SUPPLEMENT}.json"));
    }
    add(format!("{stem}.json"));
}

/// Splits a name before its last dot.
fn split(name: &str) -> (&str, &str) {
    name.rfind('.').filter(|&at| at > 0).map_or((name, ""), |at| name.split_at(at))
}

/// Splits `(1)` off the end of a stem.
fn numbered(stem: &str) -> (&str, &str) {
    let start = stem.strip_suffix(')').and_then(|rest| rest.rfind('('));
    let is_number = |&at: &usize| {
        let digits = &stem[at + 1..stem.len() - 1];
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    start.filter(is_number).map_or((stem, ""), |at| stem.split_at(at))
}

fn ascii_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    let end = text.get(at..)?;
    end.eq_ignore_ascii_case(suffix).then(|| &text[..at])
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn cut(text: &str) -> &str {
    let mut taken = 0;
    let beyond = text.char_indices().find(|(_, letter)| {
        taken += letter.len_utf16();
        taken > TAKEOUT_UNITS
    });
    beyond.map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn has(medium: &str, sidecar: &str) {
        let names = sidecar_names(medium);
        assert!(names.iter().any(|name| name == sidecar), "{medium}: {sidecar} is not in {names:?}");
    }

    #[test]
    fn xmp_comes_first_in_both_namings() {
        let names = sidecar_names("IMG_1234.JPG");
        assert_eq!(names[..2], ["IMG_1234.JPG.xmp", "IMG_1234.xmp"]);
        has("IMG_1234.JPG", "IMG_1234.XMP");
        has("no ending", "no ending.xmp");
        has(".hidden", ".hidden.xmp");
    }

    #[test]
    fn takeouts_names_of_all_years() {
        has("IMG_1234.JPG", "IMG_1234.JPG.json");
        has("IMG_1234.JPG", "IMG_1234.JPG.supplemental-metadata.json");
        has("PXL_20240817_202602411.mp4", "PXL_20240817_202602411.mp4.supplemental-metada.json");
        has("AndroidMarshmallow_09.jpg", "AndroidMarshmallow_09.jpg.supplemental-metadat.json");
        has("IMG_1234.JPG", "IMG_1234.JPG.suppl.json");
        has("IMG_1234.JPG", "IMG_1234.JPG.s.json");
        has("IMG_1234(1).JPG", "IMG_1234.JPG(1).json");
        has("IMG_1234(1).JPG", "IMG_1234.JPG.supplemental-metadata(1).json");
        has("IMG_1234(1).JPG", "IMG_1234(1).JPG.supplemental-metadata.json");
        has("img(18).jpg", "img.jpg.supple(18).json");
    }

    #[test]
    fn long_names_are_cut_to_46_letters() {
        let medium = |letters: usize| format!("{}.jpg", "n".repeat(letters - 4));
        for (letters, cut) in [(30, ".supplemental-me"), (40, ".suppl"), (44, ".s"), (45, "."), (46, "")] {
            has(&medium(letters), &format!("{}{cut}.json", medium(letters)));
        }
        has(&medium(50), &format!("{}.json", "n".repeat(46)));
        has(&medium(48), &format!("{}.j.json", "n".repeat(44)));
        has(&format!("{}(2).jpg", "n".repeat(50)), &format!("{}(2).json", "n".repeat(46)));
        // Letters outside the basic plane count twice.
        has(&"📷".repeat(30), &format!("{}.json", "📷".repeat(23)));
    }

    #[test]
    fn edits_share_the_file_of_their_original() {
        has("IMG_1234-edited.jpg", "IMG_1234.jpg.supplemental-metadata.json");
        has("IMG_1234-EDITED.JPG", "IMG_1234.JPG.json");
        has("IMG_1234-edited(1).jpg", "IMG_1234.jpg.supplemental-metadata(1).json");
        has("IMG_1234-bearbeitet.jpg", "IMG_1234.jpg.json");
        has("IMG_1234-modifié.jpg", "IMG_1234.jpg.json");
        assert!(!sidecar_names("IMG_1234.jpg").contains(&"IMG_1234-edited.jpg.json".to_owned()));
    }

    #[test]
    fn a_medium_is_not_its_own_sidecar_and_each_name_comes_once() {
        for medium in ["a.jpg", "a(1).jpg", "a-edited.jpg", "a", "-edited.jpg", "(1)", ".jpg", ""] {
            let names = sidecar_names(medium);
            assert!(!names.iter().any(|name| name == medium), "{medium}");
            let once: std::collections::BTreeSet<&String> = names.iter().collect();
            assert_eq!(once.len(), names.len(), "{medium}");
        }
    }

    proptest! {
        #[test]
        fn no_name_is_a_panic(name in any::<String>()) {
            sidecar_names(&name);
        }
    }
}
