use mmm_base::{Score, Time};
use mmm_facts::{Beat, Event, Section};

use super::bar_energy::bar_energy;
use super::bar_features::{bars, standard};
use super::bar_lines::bar_lines;
use super::events::{at_boundaries, stops};
use super::kinds::roles;
use super::labels::labels;
use super::segmentation::{Sums, boundaries, novelty};
use crate::audio::track::{FRAMES_HZ, SpectralTrack};

/// The form of a music track.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Form {
    /// In order of time, from 0 to the end without gaps; empty for music of no length.
    pub sections: Vec<Section>,
    /// In order of time.
    pub events: Vec<Event>,
}

/// Returns the form of a track of this length. `track` has its frames, and `beats` are in order of time.
/// Sections begin on bar lines ([`bar_lines`]).
pub fn form(track: &SpectralTrack, beats: &[Beat], duration: Time) -> Form {
    if duration <= Time::ZERO {
        return Form::default();
    }
    let level = &track.level[..track.level.len().min(frames_before(duration))];
    // An empty track is one bar of silence.
    let lines = bar_lines(beats, level.len().max(1));
    let bars = bars(track, &lines);
    let sums = Sums::new(&standard(&bars));
    let starts = boundaries(&sums, &novelty(&sums));
    let times: Vec<Time> = starts.iter().map(|bar| time_of(&lines, *bar)).collect();
    let roles = roles(&bar_energy(&bars), &starts);
    let names = labels(&sums, &starts);
    let ends = times.iter().skip(1).copied().chain([duration]);
    let sections = (times.iter().zip(ends).zip(roles).zip(names))
        .map(|(((start, end), role), label)| Section {
            start: *start,
            end,
            label,
            kind: role.kind,
            energy: Score::new(role.energy),
            course: role.course,
        })
        .collect();
    let mut events = [at_boundaries(&bars, &starts, &times), stops(level)].concat();
    events.sort_by_key(|event| (event.time, event.kind));
    Form { sections, events }
}

/// Returns how many frames begin before `duration` ends.
fn frames_before(duration: Time) -> usize {
    (duration.secs() * FRAMES_HZ).ceil() as usize
}

/// Returns the time at which a bar begins; the first begins with the music.
fn time_of(lines: &[f64], bar: usize) -> Time {
    let frame = lines.get(bar).filter(|_| bar > 0);
    Time::from_secs_f64(frame.map_or(0.0, |frame| frame / FRAMES_HZ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::{EventKind, SectionKind};

    /// Returns the frames of parts of (seconds, level), with a strike on every beat of half a second.
    fn track(parts: &[(usize, f32)]) -> SpectralTrack {
        let level: Vec<f32> = parts.iter().flat_map(|(secs, level)| vec![*level; secs * 50]).collect();
        let row = |scale: f32| level.iter().map(|level| [level * scale; 12]).collect::<Vec<_>>();
        let flux = |i: usize| if i.is_multiple_of(25) { 0.5 * level[i] } else { 0.0 };
        let flux: Vec<f32> = (0..level.len()).map(flux).collect();
        let (chroma, timbre) = (row(1.0), row(0.1));
        SpectralTrack { chroma, timbre, low_level: level.clone(), low: flux.clone(), flux, level }
    }

    fn beats(secs: i64, meter: Option<u8>) -> Vec<Beat> {
        let position = |i: i64| meter.map(|meter| (i % i64::from(meter)) as u8 + 1);
        let beat =
            |i| Beat { time: Time::from_millis(500 * i), position: position(i), confidence: Score::ONE };
        (0..2 * secs).map(beat).collect()
    }

    fn assert_covers(form: &Form, duration: Time) {
        let sections = &form.sections;
        assert_eq!(sections.first().map(|first| first.start), Some(Time::ZERO));
        assert_eq!(sections.last().map(|last| last.end), Some(duration));
        assert!(sections.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(sections.iter().all(|section| section.start < section.end));
        assert!(form.events.is_sorted_by_key(|event| event.time));
    }

    #[test]
    fn a_song_has_its_sections_on_bars_and_its_drop() {
        let track = track(&[(16, 0.2), (32, 0.4), (32, 0.8), (16, 0.3), (32, 0.8), (16, 0.1)]);
        for beats in [beats(144, Some(4)), beats(144, None), Vec::new()] {
            let form = form(&track, &beats, Time::from_millis(144_300));
            assert_covers(&form, Time::from_millis(144_300));
            let starts: Vec<f64> = form.sections.iter().map(|section| section.start.secs()).collect();
            assert_eq!(starts, [0.0, 16.0, 48.0, 80.0, 96.0, 128.0]);
            let labels: String = form.sections.iter().map(|section| section.label.as_str()).collect();
            assert_eq!(labels.as_bytes()[2], labels.as_bytes()[4]);
            assert_eq!(form.sections[2].kind, SectionKind::Peak);
            let drops = form.events.iter().filter(|event| event.kind == EventKind::Drop);
            assert!(drops.map(|event| event.time.secs()).any(|secs| secs == 96.0));
        }
    }

    #[test]
    fn silence_noughts_and_next_to_nothing_are_one_section() {
        let nan = track(&[(30, f32::NAN)]);
        for (track, secs) in
            [(track(&[(60, 0.0)]), 60), (nan, 30), (track(&[(1, 0.5)]), 1), (SpectralTrack::default(), 5)]
        {
            let form = form(&track, &[], Time::from_secs(secs));
            assert_covers(&form, Time::from_secs(secs));
            assert_eq!((form.sections.len(), form.events.len()), (1, 0));
        }
        assert_eq!(form(&SpectralTrack::default(), &beats(9, Some(4)), Time::ZERO), Form::default());
    }

    #[test]
    fn a_track_longer_than_the_music_is_cut() {
        let track = track(&[(20, 0.2), (20, 0.8)]);
        let form = form(&track, &beats(90, Some(4)), Time::from_secs(15));
        assert_covers(&form, Time::from_secs(15));
    }
}
