//! The sound of the clips: which stretches are heard, and how each joins the next.

use std::collections::BTreeMap;

use super::footage::Footage;
use super::samples::{sample, sample_of};
use mmm_base::{MediaPath, Rate, Speed, Time};
use mmm_facts::{Shot, SoundCue, TimelineShot};

/// At a hard cut, sounds fade over this many samples, so that no join clicks: 10 ms.
const JOIN: u64 = 480;
/// Parts of a clip that follow each other in it and in the movie, to within this time, are heard as one.
const NEXT: Time = Time::from_millis(1);
/// A clip's sound below this frequency, in Hz, is handling, steps and traffic.
const RUMBLE_HZ: u32 = 80;
/// The same if wind blows on the microphone.
const WIND_HZ: u32 = 120;

/// Shots whose sound continues through the cuts between them: the indices of the first and the last.
type Run = (usize, usize);

/// Returns a cue for each stretch of a clip that is heard.
///
/// During a dissolve, the sounds cross-fade over the same frames, taken from beyond the cut on both sides. At
/// a hard cut they cross-fade within 10 ms around it, or fade within the shot if the neighbour is not heard.
/// If a clip continues after a cut, its sound continues as if there were no cut.
pub(super) fn clip_cues(
    shots: &[TimelineShot],
    footage: &BTreeMap<MediaPath, Footage>,
    rate: Rate,
    ends: (Time, Time),
) -> Vec<SoundCue> {
    let heard = |(first, last)| cue(shots, footage, rate, ends, (first, last));
    runs(shots).into_iter().filter_map(heard).collect()
}

fn is_heard(shot: &Shot) -> bool {
    shot.sound.is_kept && shot.source.part.is_some()
}

fn runs(shots: &[TimelineShot]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, shot) in shots.iter().enumerate().filter(|(_, shot)| is_heard(&shot.shot)) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == index && goes_on(&shots[*last].shot, &shot.shot) => *last = index,
            _ => runs.push((index, index)),
        }
    }
    runs
}

/// Whether `next` begins in the source where `shot` ends.
fn goes_on(shot: &Shot, next: &Shot) -> bool {
    let (Some((_, end)), Some((start, _))) = (shot.source.part, next.source.part) else { return false };
    shot.source.path == next.source.path && (start - end).micros().abs() <= NEXT.micros()
}

/// Returns the cue of a run.
fn cue(
    shots: &[TimelineShot],
    footage: &BTreeMap<MediaPath, Footage>,
    rate: Rate,
    ends: (Time, Time),
    (first, last): Run,
) -> Option<SoundCue> {
    let Footage { source, track, .. } = *footage.get(&shots[first].shot.source.path)?;
    let from = from(shots, rate, (first, last))?;
    let (cut, end) = (sample_of(shots[first].start, rate), sample_of(shots[last].end(), rate));
    let join = |index: usize, fades: Join| {
        let Some(shot) = shots.get(index) else { return fades };
        let both = index.checked_sub(1).is_some_and(|before| is_heard(&shots[before].shot));
        Join::at(shot, both && is_heard(&shot.shot), rate).unwrap_or(fades)
    };
    // At a dip, and at the ends of the movie, each sound fades with its own picture.
    let fade = |index: usize| match shots.get(index) {
        _ if index == 0 => JOIN.max(sample(ends.0)),
        None => JOIN.max(sample(ends.1)),
        Some(shot) => JOIN.max(sample_of(shot.transition.frames / 2 - shot.transition.handle(), rate)),
    };
    let into = join(first, Join { start: cut, end: cut + fade(first) });
    let out = join(last + 1, Join { start: end.saturating_sub(fade(last + 1)), end });
    // A clip has no sound before its own start.
    let speed = shots[first].shot.treatment.speed;
    let start = into.start.max(cut.saturating_sub(speed.samples_last(from)));
    let samples = out.end.saturating_sub(start);
    let windy = shots[first..=last].iter().any(|shot| shot.shot.sound.is_windy);
    Some(SoundCue {
        source,
        track,
        centred: shots[first].shot.sound.one_sided,
        start,
        samples,
        from: heard_at(from, start, cut, speed),
        speed,
        gain: shots[first].shot.sound.gain,
        fade_in: into.end.saturating_sub(start).min(samples / 2),
        fade_out: (out.end - out.start).min(samples / 2),
        high_pass: Some(if windy { WIND_HZ } else { RUMBLE_HZ }),
        ducks: Vec::new(),
    })
}

/// Returns the sample of the source that is heard at the cut into a run.
///
/// A single shot is in sync with its picture. In a longer run, each cut was rounded to a frame on its own;
/// the plan's own times keep the sound within half a frame of all of them.
fn from(shots: &[TimelineShot], rate: Rate, (first, last): Run) -> Option<u64> {
    let (from, _) = shots[first].shot.source.part?;
    let moved = rate.time_of(i64::from(shots[first].start)) - shots[first].shot.start;
    Some(sample(if first == last { from } else { from + shots[first].shot.treatment.speed.seen_in(moved) }))
}

/// Returns the sample of the source that is heard at `start`, if `from` is heard at the cut.
fn heard_at(from: u64, start: u64, cut: u64, speed: Speed) -> u64 {
    match start.checked_sub(cut) {
        Some(later) => from + speed.samples_in(later),
        None => from.saturating_sub(speed.samples_in(cut - start)),
    }
}

/// Where one sound changes into another, in samples of the movie.
#[derive(Clone, Copy)]
struct Join {
    start: u64,
    end: u64,
}

impl Join {
    /// Returns the join that extends to both sides of the cut into `shot`: over the dissolve, or around a
    /// hard cut if `both` sounds are heard; otherwise `None`.
    fn at(shot: &TimelineShot, both: bool, rate: Rate) -> Option<Self> {
        let half = shot.transition.handle();
        let cut = sample_of(shot.start, rate);
        match half {
            0 if shot.transition.frames > 0 => None,
            0 => both.then(|| Self { start: cut.saturating_sub(JOIN / 2), end: cut + JOIN / 2 }),
            _ => Some(Self {
                start: sample_of(shot.start - half, rate),
                end: sample_of(shot.start + half, rate),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Digest;
    use mmm_facts::{MediaKind, ShotSound, ShotSource, ShotTransition, Transition};
    use mmm_spec::TransitionKind;

    const RATE: Rate = Rate(30, 1);

    /// Returns a shot of a clip from `start` in the movie for `length`, from `from` in the source, in frames.
    fn shot(source: &str, start: u32, length: u32, from: u32, dissolve: u32) -> TimelineShot {
        let [at, span, begin] = [start, length, from].map(|frames| RATE.time_of(i64::from(frames)));
        let source = MediaPath::new(source).unwrap();
        let kind = if dissolve > 0 { TransitionKind::Dissolve } else { TransitionKind::Cut };
        let planned = Shot {
            id: source.to_string(),
            start: at,
            length: span,
            beat: None,
            transition: Transition { kind, length: RATE.time_of(i64::from(dissolve)) },
            source: ShotSource {
                path: source.clone(),
                kind: MediaKind::Clip,
                part: Some((begin, begin + span)),
            },
            sound: ShotSound {
                is_kept: true,
                gain: -300,
                is_windy: source.as_str() == "windy.mp4",
                ..ShotSound::default()
            },
            ..mmm_facts::sample::shot(source)
        };
        TimelineShot {
            shot: planned,
            start,
            frames: length,
            transition: ShotTransition { kind, frames: dissolve },
        }
    }

    fn cues(movie: &[TimelineShot]) -> Vec<SoundCue> {
        cues_with(movie, (Time::ZERO, Time::ZERO))
    }

    fn cues_with(movie: &[TimelineShot], ends: (Time, Time)) -> Vec<SoundCue> {
        let footage = |shot: &TimelineShot| {
            let (path, source) = (shot.shot.source.path.clone(), Digest::of(shot.shot.id.as_bytes()));
            (path, Footage { source, size: (64, 36), track: None })
        };
        clip_cues(movie, &movie.iter().map(footage).collect(), RATE, ends)
    }

    /// Returns start, end, start in the source, fade in and fade out, in samples.
    fn times(cue: &SoundCue) -> [u64; 5] {
        [cue.start, cue.start + cue.samples, cue.from, cue.fade_in, cue.fade_out]
    }

    #[test]
    fn sounds_cross_over_the_frames_of_the_dissolve_and_shortly_at_a_cut() {
        // 1600 samples per frame.
        let movie =
            [shot("a.mp4", 0, 60, 30, 0), shot("windy.mp4", 60, 60, 90, 12), shot("a.mp4", 120, 30, 0, 0)];
        let found = cues(&movie);
        assert_eq!(
            found.iter().map(times).collect::<Vec<_>>(),
            [
                [0, 66 * 1600, 30 * 1600, 480, 12 * 1600],
                [54 * 1600, 120 * 1600 + 240, 84 * 1600, 12 * 1600, 480],
                // There is no sound before the start of the clip.
                [120 * 1600, 150 * 1600, 0, 240, 480],
            ]
        );
        assert_eq!(
            found.iter().map(|cue| cue.high_pass).collect::<Vec<_>>(),
            [Some(80), Some(120), Some(80)]
        );
        assert!(found.iter().all(|cue| cue.gain == -300));
    }

    #[test]
    fn sounds_fade_with_the_picture_over_a_dip_and_at_the_ends() {
        let mut movie = [shot("a.mp4", 0, 60, 30, 0), shot("b.mp4", 60, 60, 90, 0)];
        movie[1].transition = ShotTransition { kind: TransitionKind::Dip, frames: 24 };
        let found = cues_with(&movie, (Time::from_millis(400), Time::from_secs(1)));
        assert_eq!(
            found.iter().map(times).collect::<Vec<_>>(),
            [
                [0, 60 * 1600, 30 * 1600, 12 * 1600, 12 * 1600],
                [60 * 1600, 120 * 1600, 90 * 1600, 12 * 1600, 30 * 1600],
            ]
        );
    }

    #[test]
    fn a_muted_neighbour_takes_and_gives_nothing_at_a_cut() {
        let mut movie =
            [shot("a.mp4", 0, 30, 0, 0), shot("b.mp4", 30, 30, 30, 0), shot("c.mp4", 60, 30, 30, 6)];
        movie[0].shot.sound.is_kept = false;
        movie[2].shot.sound.is_kept = false;
        let found = cues(&movie);
        assert_eq!(found.iter().map(times).collect::<Vec<_>>(), [[48_000, 63 * 1600, 48_000, 480, 6 * 1600]]);
    }

    #[test]
    fn a_fast_clip_is_heard_from_where_it_is_seen() {
        let twice = Speed::from_thousandths(2000).unwrap();
        let mut movie =
            [shot("a.mp4", 0, 60, 30, 0), shot("b.mp4", 60, 60, 90, 12), shot("c.mp4", 120, 30, 0, 0)];
        // Two seconds show four of the clip, and the dissolve needs twice the handles; nothing precedes the
        // clip's start.
        for index in [1, 2] {
            movie[index].shot.treatment.speed = twice;
        }
        movie[2].shot.source.part = Some((Time::from_micros(2500), Time::from_micros(2_002_500)));
        let found = cues(&movie);
        assert_eq!(
            found.iter().map(times).collect::<Vec<_>>(),
            [
                [0, 66 * 1600, 30 * 1600, 480, 12 * 1600],
                [54 * 1600, 120 * 1600 + 240, 78 * 1600, 12 * 1600, 480],
                [120 * 1600 - 60, 150 * 1600, 0, 300, 480],
            ]
        );
        assert_eq!(found.iter().map(|cue| cue.speed).collect::<Vec<_>>(), [Speed::NORMAL, twice, twice]);
    }

    #[test]
    fn the_sound_of_one_clip_goes_on_through_a_cut() {
        let mut movie =
            [shot("a.mp4", 0, 30, 15, 0), shot("a.mp4", 30, 30, 45, 0), shot("a.mp4", 60, 30, 76, 0)];
        // The second cut of the plan is between two frames.
        movie[1].shot.start += Time::from_micros(9000);
        let found = cues(&movie);
        assert_eq!(
            found.iter().map(times).collect::<Vec<_>>(),
            [[0, 60 * 1600 + 240, 24_000, 480, 480], [60 * 1600 - 240, 90 * 1600, 76 * 1600 - 240, 480, 480],]
        );
    }
}
