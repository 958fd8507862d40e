use super::layout::{FIGURES, MARGIN, RIGHT, TITLE};
use super::palette::QUIET;
use super::svg::{Style, Svg, shorten};
use mmm_facts::{Mood, MusicFacts};

/// The distance between two figures; the widest one (a loudness) takes 130 pixels.
const COLUMN: f64 = 176.0;

/// Draws the title, and below it the figures of the whole piece.
pub(super) fn draw(svg: &mut Svg, facts: &MusicFacts, title: &str) {
    // Bold text is a tenth wider.
    let title = shorten(title, 40, (RIGHT - MARGIN) / 1.1);
    svg.text(MARGIN, TITLE, &title, Style { size: 40, bold: true, ..Style::default() });
    for (i, (value, name)) in figures(facts).into_iter().enumerate() {
        let x = MARGIN + COLUMN * i as f64;
        svg.text(x, FIGURES, &value, Style { size: 24, ..Style::default() });
        svg.text(x, FIGURES + 24.0, name, Style { fill: QUIET, ..Style::default() });
    }
}

/// Returns the figures of the whole piece, with their names.
fn figures(facts: &MusicFacts) -> Vec<(String, &'static str)> {
    let mut figures = vec![(clock(facts.form.duration.secs()), "length")];
    if facts.beat.tempo_milli_bpm > 0 && !facts.beat.beats.is_empty() {
        figures.push((format!("{} BPM", tempo(facts.beat.tempo_milli_bpm)), "tempo"));
        if facts.beat.meter > 0 {
            figures.push((meter(facts.beat.meter), "meter"));
        }
        figures.push((percent(facts.beat.confidence.get()), "beat confidence"));
    } else {
        figures.push(("none".to_owned(), "beat"));
    }
    figures.push((facts.form.loudness.map_or("silent".to_owned(), lufs), "loudness"));
    figures.push((mood(facts.form.vibe.mood).to_owned(), "mood"));
    figures.push((percent(facts.form.vibe.danceability.get()), "danceability"));
    figures
}

/// Beats per minute to a tenth; the tenth is omitted if it is 0.
fn tempo(milli_bpm: u32) -> String {
    let tenths = milli_bpm.saturating_add(50) / 100;
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        tenth => format!("{}.{tenth}", tenths / 10),
    }
}

/// Formats a time signature; six beats in a bar are eighths.
fn meter(beats: u8) -> String {
    format!("{beats}/{}", if beats.is_multiple_of(3) && beats > 3 { 8 } else { 4 })
}

/// Formats hundredths of a LUFS, rounded to a tenth.
fn lufs(hundredths: i32) -> String {
    let tenths = (i64::from(hundredths) + 5).div_euclid(10);
    let sign = if tenths < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}.{} LUFS", tenths.abs() / 10, tenths.abs() % 10)
}

fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0).round() as i64)
}

fn mood(mood: Mood) -> &'static str {
    match mood {
        Mood::Happy => "happy",
        Mood::Neutral => "neutral",
        Mood::Calm => "calm",
        Mood::Tense => "tense",
        Mood::Sad => "sad",
    }
}

/// Formats seconds as `m:ss`, or as `h:mm:ss` from one hour on.
pub(super) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_musicians_write_them() {
        assert_eq!([119_970, 170_670, 0].map(tempo), ["120", "170.7", "0"]);
        assert_eq!([3, 4, 6].map(meter), ["3/4", "4/4", "6/8"]);
        assert_eq!([-1423, -5, 30].map(lufs), ["\u{2212}14.2 LUFS", "0.0 LUFS", "0.3 LUFS"]);
        assert_eq!([0.0, 59.6, 3661.0].map(clock), ["0:00", "1:00", "1:01:01"]);
    }
}
