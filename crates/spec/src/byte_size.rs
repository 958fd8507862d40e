/// The regular expression of a number of bytes: `16MB`, `1.5 GiB`.
pub(super) const BYTES_PATTERN: &str = r"[0-9]+(\.[0-9]+)? ?(kB|KB|MB|GB|KiB|MiB|GiB)";

/// Why a text is not a number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum NoBytes {
    /// A number without a unit.
    Bare,
    Other,
}

/// Parses a number of bytes with its unit, rounded down. kB, MB and GB are powers of ten.
pub(super) fn parse_bytes(text: &str) -> Result<u64, NoBytes> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit: u128 = match unit.strip_prefix(' ').unwrap_or(unit) {
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "" if unit.is_empty() => return Err(scaled(number, 1).map_or(NoBytes::Other, |_| NoBytes::Bare)),
        _ => return Err(NoBytes::Other),
    };
    scaled(number, unit).ok_or(NoBytes::Other)
}

/// Returns a decimal number times `unit`, rounded down; at most the largest number.
fn scaled(number: &str, unit: u128) -> Option<u64> {
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return None;
    }
    // More digits than these change less than a byte, or are more than any file has.
    let part = &part[..part.len().min(12)];
    let whole = whole.trim_start_matches('0');
    if whole.len() > 15 {
        return Some(u64::MAX);
    }
    let whole: u128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part = part.parse::<u128>().ok()? * unit / 10u128.pow(part.len() as u32);
    Some(u64::try_from(whole * unit + part).unwrap_or(u64::MAX))
}

/// Formats a number of bytes as a spec writes it, to a tenth of a unit.
pub fn bytes_text(bytes: u64) -> String {
    let (unit, name) = match bytes {
        1_000_000_000.. => (1_000_000_000, "GB"),
        1_000_000.. => (1_000_000, "MB"),
        _ => (1_000, "kB"),
    };
    let tenths = (u128::from(bytes) * 10 + unit / 2) / unit;
    match tenths % 10 {
        0 => format!("{}{name}", tenths / 10),
        part => format!("{}.{part}{name}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let read = |text| parse_bytes(text);
        assert_eq!(read("16MB"), Ok(16_000_000));
        assert_eq!(read("16 MB"), Ok(16_000_000));
        assert_eq!(read("1.5GiB"), Ok(3 << 29));
        assert_eq!(read("0.5kB"), Ok(500));
        assert_eq!(read("100KB"), read("100kB"));
        assert_eq!(read("1KiB"), Ok(1024));
        assert_eq!(read("0.0000000000000001GB"), Ok(0));
        assert_eq!(read("99999999999999999999GB"), Ok(u64::MAX));
        assert_eq!((read("16"), read("1.5")), (Err(NoBytes::Bare), Err(NoBytes::Bare)));
        for text in
            ["", "MB", "16mb", "16Mb", "16M", "1.MB", ".5MB", "-1MB", "1 2MB", "16  MB", "16.", "1e3MB"]
        {
            assert_eq!(read(text), Err(NoBytes::Other), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_as_they_are_read() {
        let texts = [16_000_000, 10_485_760, 999, 1_000, 4_000_000_000, 15_949_999].map(bytes_text);
        assert_eq!(texts, ["16MB", "10.5MB", "1kB", "1kB", "4GB", "15.9MB"]);
    }
}
