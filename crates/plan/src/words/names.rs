use mmm_spec::{by_nearness, nearest_name};

/// How many names a help lists.
const MOST_NAMES: usize = 12;

/// Returns what to do about a name that nobody bears: the names that there are, those nearest to it first.
pub fn names_help(written: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return "name people in a photo library that writes XMP or into the files, such as digiKam, Lightroom or \
                Google Photos: no photo and no clip names anybody"
            .to_owned();
    }
    let sorted = by_nearness(written, names.iter().copied());
    let listed: Vec<String> = sorted.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let more = match sorted.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let all = format!("write one of the names that there are: {}{more}", listed.join(", "));
    match nearest_name(written, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        let names = ["Bob", "Anna", "Carla Smith"];
        let near = "did you mean `Anna`? write one of the names that there are: `Anna`, `Bob`, `Carla Smith`";
        assert_eq!(names_help("Ana", &names), near);
        assert!(names_help("Carla", &names).contains("there are: `Carla Smith`, "));
        assert!(names_help("Ana", &[]).starts_with("name people"));
        let many: Vec<String> = (0..40).map(|number| format!("P{number:02}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(names_help("x", &many).ends_with(" and 28 more"));
    }
}
