/// Returns a short, printable form of a text from the spec, for a message.
pub(super) fn clip_text(text: &str) -> String {
    const MOST: usize = 60;
    let line: String = text.chars().take(MOST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() { line + "…" } else { line }
}
