use unicode_segmentation::UnicodeSegmentation;

/// Requests the emoji form of a character that also has a text form; `AS_TEXT` requests the text form.
const AS_EMOJI: char = '\u{fe0f}';
const AS_TEXT: char = '\u{fe0e}';

/// Splits a text into what a reader sees as single characters: a letter with its marks, a flag, a family
/// emoji (the extended grapheme clusters of Unicode's UAX 29).
pub fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true)
}

/// Whether a cluster is drawn in colour: it has Unicode's `Emoji_Presentation`, or requests its emoji form.
pub fn wants_colour(cluster: &str) -> bool {
    let first = cluster.chars().next().unwrap_or_default();
    cluster.contains(AS_EMOJI) || (is_emoji(first) && !cluster.contains(AS_TEXT))
}

/// Whether a character needs a glyph: blanks, control characters and invisible joiners don't.
pub(super) fn needs_glyph(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !is_ignorable(character)
}

/// Unicode's `Default_Ignorable_Code_Point`, limited to the characters that occur in text.
fn is_ignorable(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
        | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0
        | 0xe0000..=0xe0fff)
}

/// Unicode's `Emoji_Presentation`; its ranges beyond the first plane are included whole.
fn is_emoji(character: char) -> bool {
    matches!(u32::from(character),
        0x231a..=0x231b | 0x23e9..=0x23ec | 0x23f0 | 0x23f3 | 0x25fd..=0x25fe | 0x2614..=0x2615
        | 0x2648..=0x2653 | 0x267f | 0x2693 | 0x26a1 | 0x26aa..=0x26ab | 0x26bd..=0x26be
        | 0x26c4..=0x26c5 | 0x26ce | 0x26d4 | 0x26ea | 0x26f2..=0x26f3 | 0x26f5 | 0x26fa | 0x26fd
        | 0x2705 | 0x270a..=0x270b | 0x2728 | 0x274c | 0x274e | 0x2753..=0x2755 | 0x2757
        | 0x2795..=0x2797 | 0x27b0 | 0x27bf | 0x2b1b..=0x2b1c | 0x2b50 | 0x2b55 | 0x1f004 | 0x1f0cf
        | 0x1f18e | 0x1f191..=0x1f19a | 0x1f1e6..=0x1f1ff | 0x1f201 | 0x1f21a | 0x1f22f
        | 0x1f232..=0x1f236 | 0x1f238..=0x1f23a | 0x1f250..=0x1f251 | 0x1f300..=0x1faff)
}
