use super::super::name_form::normal_name;

/// The longest text that is kept, in characters.
const LONGEST: usize = 2000;

/// What cameras write into the description of every picture, in capitals.
const BOILERPLATE: [&str; 25] = [
    "SONY DSC",
    "SONY",
    "SAMSUNG",
    "MINOLTA DSC",
    "EXIF_JPEG_PICTURE",
    "EXIF JPEG PICTURE",
    "JPEG",
    "IMAGE",
    "PHOTO",
    "DEFAULT",
    "BINARY COMMENT",
    "CREATED BY DJI CAMERA",
    "MY BEAUTIFUL PICTURE",
    "HDR",
    "HDRPL",
    "RHDR",
    "DAV",
    "COF",
    "OZNOR",
    "NOR",
    "MDE",
    "PTR",
    "BTF",
    "FPT",
    "SDR",
];

/// Returns a text on one line, in composed form and without control characters, cut to 2,000 characters; `None`
/// if nothing is left.
pub fn said_text(text: &str) -> Option<String> {
    let mut clean = String::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if !word.is_empty() {
            clean += if clean.is_empty() { "" } else { " " };
            clean += word;
        }
    }
    let clean: String = normal_name(&clean).chars().take(LONGEST).collect();
    let clean = clean.trim_matches(['\u{feff}', ' ']);
    (!clean.is_empty()).then(|| clean.to_owned())
}

/// Whether a description is one that a camera writes into every picture.
pub(super) fn is_boilerplate(text: &str) -> bool {
    let text = text.trim_matches(['<', '>', ' ']).to_uppercase();
    BOILERPLATE.contains(&text.as_str()) || text.ends_with("DIGITAL CAMERA") || text.starts_with("DCIM\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_on_one_line_and_bounded() {
        assert_eq!(said_text("  A\tday\r\nout\0\0 ").as_deref(), Some("A day out"));
        assert_eq!(said_text("Zu\u{308}rich").as_deref(), Some("Z\u{fc}rich"));
        assert_eq!(said_text(" \0\u{7}\n"), None);
        assert_eq!(said_text(&"x".repeat(10_000)).unwrap().len(), LONGEST);
    }

    #[test]
    fn the_words_of_cameras_are_no_descriptions() {
        for text in ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "dav", "<Digimax i5, Samsung #1 DIGITAL CAMERA>"] {
            assert!(is_boilerplate(text), "{text}");
        }
        assert!(is_boilerplate("DCIM\\100GOPRO\\GOPR0042.JPG") && !is_boilerplate("Grandma's 80th"));
    }
}
