/// The start of the notes of Apple's devices, up to their directory of tags.
const APPLE: &[u8] = b"Apple iOS\0";

/// Where the directory begins, and how long its entries are, in bytes.
const DIRECTORY: usize = 14;
const ENTRY: usize = 12;

/// The tag with the identifier that a Live Photo and its clip share, and the type of texts.
const CONTENT_ID: u16 = 0x0011;
const TEXT: u16 = 2;

/// The longest identifier in bytes. Apple writes 36 letters.
const MOST_BYTES: usize = 256;

/// Returns the identifier of the Live Photo to which a photo belongs, from the notes of its maker; `None` if there
/// is none.
pub(super) fn live_id(note: &[u8]) -> Option<String> {
    if !note.starts_with(APPLE) {
        return None;
    }
    let is_little = match note.get(12..14)? {
        b"MM" => false,
        b"II" => true,
        _ => return None,
    };
    let short = |bytes: &[u8]| {
        let bytes = *bytes.first_chunk::<2>()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |bytes: &[u8]| {
        let bytes = *bytes.first_chunk::<4>()?;
        let number = if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
        usize::try_from(number).ok()
    };
    let count = usize::from(short(note.get(DIRECTORY..)?)?);
    let mut entries = note.get(DIRECTORY + 2..)?.chunks_exact(ENTRY).take(count);
    let of_id = |entry: &&[u8]| short(entry) == Some(CONTENT_ID) && short(&entry[2..]) == Some(TEXT);
    let entry = entries.find(of_id)?;
    let (bytes, at) = (long(&entry[4..])?.min(MOST_BYTES), long(&entry[8..])?);
    // Offsets count from the start of the notes. A text of four bytes or fewer is in the entry itself.
    let text = if bytes <= 4 { entry.get(8..8 + bytes)? } else { note.get(at..at.checked_add(bytes)?)? };
    known_id(&String::from_utf8_lossy(text))
}

/// Returns an identifier as it is compared; `None` if the text is empty.
pub(crate) fn known_id(text: &str) -> Option<String> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control());
    (!text.is_empty()).then(|| text.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(entries: &[(u16, u16, u32, u32)], rest: &[u8]) -> Vec<u8> {
        let mut note = [APPLE, b"\0\x01MM", &(entries.len() as u16).to_be_bytes()].concat();
        for (tag, kind, count, value) in entries {
            note.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
            note.extend([count.to_be_bytes(), value.to_be_bytes()].concat());
        }
        [note, rest.to_vec()].concat()
    }

    #[test]
    fn the_identifier_is_found_among_other_tags() {
        let entries = [(1, 9, 1, 5), (0x11, 2, 5, 14 + 2 + 24)];
        assert_eq!(live_id(&note(&entries, b"ab-1\0")).as_deref(), Some("AB-1"));
        assert_eq!(live_id(&note(&[(0x11, 2, 3, 0x7879_0000)], b"")).as_deref(), Some("XY"));
    }

    #[test]
    fn notes_that_lie_say_nothing() {
        let good = note(&[(0x11, 2, 5, 28)], b"ab-1\0");
        for end in 0..good.len() - 5 {
            assert_eq!(live_id(&good[..end]), None, "{end}");
        }
        for wrong in [(0x11, 2, 5, u32::MAX), (0x11, 2, u32::MAX, 28), (0x11, 2, 0, 0), (0x11, 4, 5, 28)] {
            assert_eq!(live_id(&note(&[wrong], b"")), None, "{wrong:?}");
        }
        assert_eq!(live_id(b"Nikon\0\x02\x10\0\0MM\0*"), None);
    }
}
