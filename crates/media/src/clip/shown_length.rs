use ffmpeg_next::{Stream, ffi};

use super::super::container::{Container, start_of};
use super::super::streams::tagged_end;
use mmm_base::Time;
use mmm_facts::MediaError;

/// The most packets that are read to find where a picture ends. More follow the last keyframe of hardly any clip.
const MOST_PACKETS: usize = 20_000;

/// A sound counts as read to its end if it ends at most this long before its container, in microseconds.
const NEAR_END: i64 = 500_000;

/// Returns the length of what is shown: the picture's own, else that of the whole container from the start of
/// the stream in use, unless only sound lasts that long. It may leave the container anywhere.
///
/// # Errors
/// If reading from the disk failed.
pub(super) fn shown_length(container: &mut Container) -> Result<Option<Time>, MediaError> {
    let Some(stream) = container.picture().or_else(|| container.sound(None)) else { return Ok(None) };
    if let Some(own) = Some(stream.duration()).filter(|&ticks| ticks > 0).and_then(|own| micros(&stream, own))
    {
        return Ok(Some(Time::from_micros(own)));
    }
    let whole = Some(container.input.duration()).filter(|&length| length > 0);
    // SAFETY: reads a number of a live container.
    let start = unsafe { (*container.input.as_ptr()).start_time };
    let start = if start == ffi::AV_NOPTS_VALUE { 0 } else { start };
    let Some(late) = micros(&stream, start_of(&stream)) else { return Ok(None) };
    // Tags count from time 0. One that promises more than the container is out of date.
    let tagged =
        tagged_end(&stream).map(|end| whole.map_or(end, |whole| end.min(whole + start.max(0))) - late);
    if let Some(tagged) = tagged.filter(|&length| length > 0) {
        return Ok(Some(Time::from_micros(tagged)));
    }
    let Some(whole) = whole else { return Ok(None) };
    let read = if is_matroska(container) { picture_end(container, start + whole)? } else { None };
    let length = match read {
        Some(end) => (end - late).clamp(0, whole),
        None => whole - late.saturating_sub(start).clamp(0, whole),
    };
    Ok(Some(Time::from_micros(length)))
}

fn is_matroska(container: &Container) -> bool {
    container.input.format().name().starts_with("matroska")
}

/// Returns where the picture ends, in microseconds of the container, if its sound goes on to `end` after that.
/// A file that was cut short ends before, so its picture still lacks what the header promises.
fn picture_end(container: &mut Container, end: i64) -> Result<Option<i64>, MediaError> {
    let (Some(picture), Some(_)) = (container.streams.picture, container.streams.sound) else {
        return Ok(None);
    };
    if container.input.seek(end, ..).is_err() {
        return Ok(None);
    }
    let (mut shown, mut heard) = (None, None);
    for _ in 0..MOST_PACKETS {
        let Some(packet) = container.packet()? else {
            let is_whole = container.refusals == 0 && heard.is_some_and(|heard| heard + NEAR_END >= end);
            return Ok(shown.filter(|_| is_whole));
        };
        let Some(stream) = container.input.stream(packet.stream()) else { continue };
        let after = packet.pts().map(|ticks| ticks.saturating_add(packet.duration().max(0)));
        let after = after.and_then(|ticks| micros(&stream, ticks));
        if stream.index() == picture {
            shown = shown.max(after);
        } else if container.streams.sounds.contains(&stream.index()) {
            heard = heard.max(after);
        }
    }
    Ok(None)
}

/// Converts ticks of a stream to microseconds.
fn micros(stream: &Stream<'_>, ticks: i64) -> Option<i64> {
    let base = stream.time_base();
    let (num, den) = (i128::from(base.numerator()), i128::from(base.denominator()).max(1));
    i64::try_from(i128::from(ticks) * num * 1_000_000 / den).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::clip;
    use crate::probe;

    #[test]
    fn a_clip_is_as_long_as_its_picture_though_its_sound_goes_on() {
        // The picture lasts 2 s. The sound ends at 3.5 s.
        let (_folder, path) = clip("a.mkv", Some(2500), |at| at);
        let length = || probe(&path).unwrap().duration.unwrap().secs();
        assert!((length() - 2.0).abs() < 0.05, "by its tag: {}", length());
        let mut bytes = fs::read(&path).unwrap();
        let tags: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(b"DURATION")).collect();
        assert_eq!(tags.len(), 2);
        tags.iter().for_each(|at| bytes[*at] = b'X');
        fs::write(&path, &bytes).unwrap();
        assert!((length() - 2.0).abs() < 0.05, "by its packets: {}", length());
        // If the sound is cut short, the picture may be, too.
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(length() > 3.4, "cut short: {}", length());
    }
}
