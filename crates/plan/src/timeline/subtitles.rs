//! Subtitles: the texts of the movie with their times, in a text track and in a file.

use mmm_base::{Digest, Rate, Time};
use mmm_facts::{OUR_MARK, Subtitle, TitleCue};
use mmm_spec::SubtitleFormat;

use super::texts::frames_of;

/// Nobody reads a subtitle that is shown for less than this.
const SHORTEST: Time = Time::from_secs(1);

/// Returns the subtitles for titles and captions. Where several are shown at once, one subtitle has the text
/// of all, because a text track shows one at a time.
pub(super) fn subtitles<'a>(titles: impl Iterator<Item = &'a TitleCue>, rate: Rate) -> Vec<Subtitle> {
    let mut shown: Vec<(u32, u32, &TitleCue)> = Vec::new();
    for title in titles {
        let (start, frames) = frames_of(title, rate);
        shown.push((start, start + frames, title));
    }
    let mut ends: Vec<u32> = shown.iter().flat_map(|(start, end, _)| [*start, *end]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut found: Vec<Subtitle> = Vec::new();
    for pair in ends.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let mut now: Vec<&TitleCue> =
            shown.iter().filter(|(from, to, _)| *from <= start && end <= *to).map(|shown| shown.2).collect();
        now.sort_by_key(|title| title.kind);
        // An empty line would end the subtitle in a file.
        let lines = now.iter().flat_map(|title| title.text.lines()).map(str::trim);
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        let text = lines.join("\n");
        match found.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.end == start && last.text == text => last.end = end,
            _ => found.push(Subtitle { start, end, text }),
        }
    }
    without_flashes(found, rate)
}

/// Lets a subtitle take over the time of a very short one beside it whose text it has too.
fn without_flashes(subtitles: Vec<Subtitle>, rate: Rate) -> Vec<Subtitle> {
    let is_short = |one: &Subtitle| rate.time_of(i64::from(one.end - one.start)) < SHORTEST;
    let has_all = |one: &Subtitle, other: &Subtitle| {
        other.text.lines().all(|line| one.text.lines().any(|its| its == line))
    };
    let mut found: Vec<Subtitle> = Vec::new();
    for mut next in subtitles {
        match found.last_mut() {
            Some(last) if last.end == next.start && is_short(&next) && has_all(last, &next) => {
                last.end = next.end;
                continue;
            }
            Some(last) if last.end == next.start && is_short(last) && has_all(&next, last) => {
                next.start = last.start;
                found.pop();
            }
            _ => {}
        }
        found.push(next);
    }
    found
}

/// Returns a file of subtitles in UTF-8. A WebVTT file has a note by which [`is_our_subtitle_file`] recognises
/// it; SubRip has no comments.
pub fn subtitle_file(subtitles: &[Subtitle], rate: Rate, format: SubtitleFormat) -> String {
    let blocks = subtitles.iter().enumerate().map(|(index, subtitle)| {
        let times =
            format!("{} --> {}", clock(rate, subtitle.start, format), clock(rate, subtitle.end, format));
        match format {
            SubtitleFormat::Srt => format!("{}\n{times}\n{}\n", index + 1, subtitle.text),
            SubtitleFormat::Vtt => format!("{times}\n{}\n", escaped(&subtitle.text)),
        }
    });
    let body = blocks.collect::<Vec<_>>().join("\n");
    match format {
        SubtitleFormat::Srt => body,
        SubtitleFormat::Vtt => format!("{}{body}", vtt_head(&body)),
    }
}

/// Whether a text is a WebVTT file by [`subtitle_file`] that nobody changed since.
pub fn is_our_subtitle_file(text: &str) -> bool {
    let length = vtt_head("").len();
    text.get(length..).is_some_and(|body| text[..length] == vtt_head(body))
}

/// Returns the head of a WebVTT file, which always has the same length.
fn vtt_head(body: &str) -> String {
    format!("WEBVTT\n\nNOTE {OUR_MARK} {}\n\n", Digest::of(body.as_bytes()))
}

/// Returns a WebVTT text that shows `text` (W3C WebVTT, 4.2.2).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Formats the time at which a frame begins, to the nearest millisecond.
fn clock(rate: Rate, frame: u32, format: SubtitleFormat) -> String {
    let millis = (rate.time_of(i64::from(frame)).micros() + 500) / 1000;
    let (seconds, part) = (millis / 1000, millis % 1000);
    let point = match format {
        SubtitleFormat::Srt => ',',
        SubtitleFormat::Vtt => '.',
    };
    format!("{:02}:{:02}:{:02}{point}{part:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Time;
    use mmm_facts::TitleKind;

    #[test]
    fn a_caption_does_not_flash_before_its_title() {
        let shown = |cues: &[TitleCue]| {
            let found = subtitles(cues.iter(), Rate(100, 1));
            found.into_iter().map(|it| (it.start, it.end, it.text)).collect::<Vec<_>>()
        };
        let caption = |start, length| cue("b", TitleKind::Caption, start, length);
        let title = cue("a", TitleKind::Title, 400, 3000);
        let both = "a\nb".to_owned();
        assert_eq!(shown(&[caption(150, 3250), title.clone()]), [(15, 340, both.clone())]);
        assert_eq!(shown(&[title.clone(), caption(400, 3500)]), [(40, 390, both.clone())]);
        let wanted = [(15, 340, both), (340, 440, "b".to_owned())];
        assert_eq!(shown(&[caption(150, 4250), title]), wanted);
        // Another text is never left out.
        let apart = [cue("a", TitleKind::Title, 0, 300), cue("b", TitleKind::Title, 300, 300)];
        assert_eq!(shown(&apart).len(), 2);
    }

    const RATE: Rate = Rate(30_000, 1001);

    fn cue(text: &str, kind: TitleKind, start: i64, length: i64) -> TitleCue {
        let (start, length) = (Time::from_millis(start), Time::from_millis(length));
        TitleCue { text: text.to_owned(), start, length, kind }
    }

    #[test]
    fn texts_that_are_shown_together_are_one_subtitle() {
        let cues = [
            cue("at the lake", TitleKind::Caption, 1000, 2000),
            cue("Day 1\n\n & <2>", TitleKind::Title, 2000, 3000),
            cue("later", TitleKind::Caption, 8000, 1000),
        ];
        let found = subtitles(cues.iter(), Rate(10, 1));
        let found: Vec<_> = found.iter().map(|it| (it.start, it.end, it.text.as_str())).collect();
        let wanted = [
            (10, 20, "at the lake"),
            (20, 30, "Day 1\n& <2>\nat the lake"),
            (30, 50, "Day 1\n& <2>"),
            (80, 90, "later"),
        ];
        assert_eq!(found, wanted);
        assert!(subtitles([].iter(), RATE).is_empty());
    }

    #[test]
    fn files_have_exact_times_and_escape_what_they_can() {
        let text = |text: &str, start, end| Subtitle { start, end, text: text.to_owned() };
        let two = [text("שלום\n5 < 6 & 7", 30, 59), text("end", 107_892, 107_893)];
        let srt = subtitle_file(&two, RATE, SubtitleFormat::Srt);
        assert_eq!(
            srt,
            "1\n00:00:01,001 --> 00:00:01,969\nשלום\n5 < 6 & 7\n\n\
             2\n00:59:59,996 --> 01:00:00,030\nend\n"
        );
        let vtt = subtitle_file(&two, RATE, SubtitleFormat::Vtt);
        assert!(vtt.ends_with(
            "\n\n00:00:01.001 --> 00:00:01.969\nשלום\n5 &lt; 6 &amp; 7\n\n\
             00:59:59.996 --> 01:00:00.030\nend\n"
        ));
        assert_eq!(subtitle_file(&[], RATE, SubtitleFormat::Srt), "");
    }

    #[test]
    fn a_vtt_file_is_ours_until_it_changes() {
        let one = [Subtitle { start: 0, end: 9, text: "ü".to_owned() }];
        for subtitles in [&one[..], &[]] {
            let vtt = subtitle_file(subtitles, RATE, SubtitleFormat::Vtt);
            assert!(is_our_subtitle_file(&vtt), "{vtt}");
            assert!(!is_our_subtitle_file(&format!("{vtt}more")));
            assert!(!is_our_subtitle_file(&vtt.replacen("mmm", "mmn", 1)));
            assert!(!is_our_subtitle_file(&vtt[..vtt.len() - 1]));
        }
        assert!(!is_our_subtitle_file("WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"));
        assert!(!is_our_subtitle_file(&"é".repeat(200)));
        assert!(!is_our_subtitle_file(&subtitle_file(&one, RATE, SubtitleFormat::Srt)));
    }
}
