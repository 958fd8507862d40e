/// A run of digits, or the letters between two of them.
pub(super) struct Run<'a> {
    pub text: &'a str,
    pub is_number: bool,
}

/// Splits a text into runs of digits and what stands between them.
pub(super) fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|letter: char| letter.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        runs.push(Run { text, is_number });
        rest = behind;
    }
    runs
}

/// Returns the digits of run `at`, if it is a number of `length` digits.
pub(super) fn digits<'a>(runs: &[Run<'a>], at: usize, length: usize) -> Option<&'a str> {
    let run = runs.get(at).filter(|run| run.is_number)?;
    (run.text.len() == length).then_some(run.text)
}

/// Returns the number in run `at`, if it has so many digits.
pub(super) fn number(runs: &[Run<'_>], at: usize, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let run = runs.get(at).filter(|run| run.is_number && lengths.contains(&run.text.len()))?;
    run.text.parse().ok()
}

/// Returns the text of run `at`, if it is not a number; empty at the end.
pub(super) fn gap<'a>(runs: &[Run<'a>], at: usize) -> Option<&'a str> {
    runs.get(at).map_or(Some(""), |run| (!run.is_number).then_some(run.text))
}
