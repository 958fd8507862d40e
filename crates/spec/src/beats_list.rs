use crate::read_time;
use mmm_base::Time;

/// The longest list that can be read: more than a day of any music.
const MOST_BEATS: usize = 1_000_000;
/// The highest beat number in a bar; larger numbers are ignored.
const MOST_PLACES: u8 = 32;

/// A beat in a list by hand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ListedBeat {
    pub time: Time,
    /// Its number in the bar, 1 for the first beat; `None` if the list does not give it.
    pub place: Option<u8>,
}

/// A line in a list of beats that can't be read.
#[derive(Clone, PartialEq, Eq, Hash, Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadBeats {
    /// From 1.
    pub line: usize,
    pub reason: String,
}

/// Reads a list of beats in the form that other tools write. Each line has a time in seconds (or a time as in
/// a spec) and optionally the number of the beat in its bar, separated by spaces, tabs, commas or semicolons.
/// Empty lines and lines that begin with `#` are skipped.
///
/// # Errors
/// The first line that is not a beat, or whose time is not later than the one before.
pub fn read_beats(text: &str) -> Result<Vec<ListedBeat>, BadBeats> {
    let mut beats: Vec<ListedBeat> = Vec::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let bad = |reason: String| BadBeats { line: index + 1, reason };
        let beat = read_beat(line).map_err(bad)?;
        if beats.last().is_some_and(|last| last.time >= beat.time) {
            return Err(bad("it is not later than the previous beat".to_owned()));
        }
        if beats.len() == MOST_BEATS {
            return Err(bad(format!("there are more than {MOST_BEATS} beats")));
        }
        beats.push(beat);
    }
    Ok(beats)
}

fn read_beat(line: &str) -> Result<ListedBeat, String> {
    let mut parts = line.split([' ', '\t', ',', ';']).filter(|part| !part.is_empty());
    let time = parts.next().unwrap_or_default();
    let seconds = time.parse::<f64>().ok().filter(|seconds| (0.0..1e6).contains(seconds));
    let time = seconds.map(Time::from_secs_f64).or_else(|| read_time(time)).ok_or_else(|| {
        let time: String = time.chars().take(20).collect();
        format!("`{time}` is not a time in seconds")
    })?;
    // Tools write beat numbers as 1, 1.0 or bar.beat. Anything else in this place is ignored.
    let place = parts.next().and_then(|part| part.parse::<f64>().ok());
    let place = place.filter(|place| place.fract() == 0.0 && (1.0..=f64::from(MOST_PLACES)).contains(place));
    Ok(ListedBeat { time, place: place.map(|place| place as u8) })
}

/// Returns a list that [`read_beats`] reads: on each line the seconds, to the microsecond, and the beat
/// number.
pub fn write_beats(beats: &[ListedBeat]) -> String {
    let line = |beat: &ListedBeat| match beat.place {
        Some(place) => format!("{:.6}\t{place}\n", beat.time.secs()),
        None => format!("{:.6}\n", beat.time.secs()),
    };
    beats.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_several_tools_are_read() {
        let found = read_beats("\u{feff}# a song\n0.5\t1\r\n1.0, 2\n\n1500ms 3.0\n0:02.0\tbeat\n").unwrap();
        let times: Vec<i64> = found.iter().map(|beat| beat.time.micros() / 1000).collect();
        assert_eq!(times, [500, 1000, 1500, 2000]);
        let places: Vec<Option<u8>> = found.iter().map(|beat| beat.place).collect();
        assert_eq!(places, [Some(1), Some(2), Some(3), None]);
        assert_eq!(read_beats(&write_beats(&found)), Ok(found));
        assert_eq!(read_beats(""), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_are_reported_with_their_line() {
        for (text, line) in [("0.5\nfast", 2), ("1.0\n1.0", 2), ("#\n-3", 2), ("nan", 1), ("inf", 1)] {
            assert_eq!(read_beats(text).map_err(|bad| bad.line), Err(line), "{text}");
        }
    }
}
