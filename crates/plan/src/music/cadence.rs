use std::collections::BTreeMap;

use mmm_base::{Rate, Time};
use mmm_facts::{MediaKind, Medium};
use mmm_spec::FrameRate;

/// What a movie without clips has, and one whose clips have no rate that screens know.
const USUAL: Rate = Rate(30, 1);

/// The rates that a movie may have by itself. What counts time exactly comes first, since a phone's
/// average lies anywhere near.
const STANDARD: [Rate; 5] = [Rate(30, 1), Rate(25, 1), Rate(24, 1), Rate(30_000, 1001), Rate(24_000, 1001)];

/// How many frames of a clip one frame of the movie may stand for, or the other way round.
const TIMES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 5.0, 0.5, 1.0 / 3.0];

/// The frames a second of a movie: those that are asked for, or those that it had, or else those of most of its
/// clips, by their length, so that most of what moves shows each of its pictures for the same time. Of a clip of
/// 50 or more every second picture is shown, or fewer: nobody asked for files of twice the size.
pub fn cadence(wanted: FrameRate, kept: Option<Rate>, media: &[Medium]) -> Rate {
    if let Some(rate) = wanted.exact().or(kept) {
        return rate;
    }
    let mut votes: BTreeMap<Rate, Time> = BTreeMap::new();
    for medium in media.iter().filter(|medium| medium.probe.kind == MediaKind::Clip) {
        let picture = medium.probe.picture.as_ref();
        let Some(own) = picture.and_then(|picture| Some((picture.rate?, picture.variable_rate))) else {
            continue;
        };
        let whole = medium.probe.duration.unwrap_or(Time::ZERO);
        let to = medium.known.to.map_or(whole, |to| to.min(whole));
        let length = (to - medium.known.from.unwrap_or(Time::ZERO)).max(Time::ZERO);
        let vote = votes.entry(standard(own).unwrap_or(USUAL)).or_insert(Time::ZERO);
        *vote += length;
    }
    let most = votes.into_iter().max_by_key(|(rate, length)| (*length, *rate));
    most.map_or(USUAL, |(rate, _)| rate)
}

/// The rate of which the one of a clip is a multiple or a part; the second says that it is an average.
fn standard((rate, variable): (Rate, bool)) -> Option<Rate> {
    // Clocks of cameras are better than a part in ten thousand; averages of phones lie a few hundredths off, and
    // tell nothing of a part in a thousand.
    let (near, known) = if variable { (0.04, &STANDARD[..3]) } else { (0.0004, &STANDARD[..]) };
    let per_second = |rate: Rate| f64::from(rate.0) / f64::from(rate.1.max(1));
    let off = |times: f64, to: Rate| (per_second(rate) / (per_second(to) * times) - 1.0).abs();
    let all = TIMES.iter().flat_map(|times| known.iter().map(|to| (off(*times, *to), *to)));
    // Of equals the first: 120 is four times 30 before it is five times 24.
    let best = all.reduce(|best, other| if other.0 + 1e-9 < best.0 { other } else { best })?;
    (best.0 < near).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::sample::{clip, photo};

    #[test]
    fn most_of_what_moves_decides_and_a_word_of_the_user_more() {
        let clip = |name: &str, rate: Rate, seconds: i64| {
            let mut medium = clip(name, 0, Time::from_secs(seconds));
            medium.probe.picture.as_mut().unwrap().rate = Some(rate);
            medium
        };
        let mut media =
            vec![photo("a.jpg", 0), clip("b.mp4", Rate(24, 1), 9), clip("c.mp4", Rate(50, 1), 20)];
        assert_eq!(cadence(FrameRate::Auto, None, &media[..1]), Rate(30, 1));
        assert_eq!(cadence(FrameRate::Auto, None, &media), Rate(25, 1));
        assert_eq!(cadence(FrameRate::Fifty, None, &media), Rate(50, 1));
        // What was decided before outlasts another clip, and not another word.
        let kept = Some(Rate(24, 1));
        assert_eq!(cadence(FrameRate::Auto, kept, &media), Rate(24, 1));
        assert_eq!(cadence(FrameRate::Fifty, kept, &media), Rate(50, 1));
        // Only what may be shown counts.
        media[2].known.to = Some(Time::from_secs(8));
        assert_eq!(cadence(FrameRate::Auto, None, &media), Rate(24, 1));
    }

    #[test]
    fn a_clip_votes_for_what_shows_its_pictures_evenly() {
        let steady = |num, den| standard((Rate(num, den), false));
        assert_eq!(steady(24, 1), Some(Rate(24, 1)));
        assert_eq!(steady(24_000, 1001), Some(Rate(24_000, 1001)));
        assert_eq!(steady(50, 1), Some(Rate(25, 1)));
        assert_eq!(steady(60_000, 1001), Some(Rate(30_000, 1001)));
        assert_eq!(steady(120, 1), Some(Rate(30, 1)), "and not five times 24");
        assert_eq!(steady(240, 1), Some(Rate(30, 1)));
        assert_eq!(steady(15, 1), Some(Rate(30, 1)));
        assert_eq!(steady(10, 1), Some(Rate(30, 1)));
        assert_eq!(steady(17, 1), None);
        // A phone that is asked for 30 and now and then leaves one out.
        assert_eq!(standard((Rate(2_973, 100), true)), Some(Rate(30, 1)));
        assert_eq!(standard((Rate(2_412, 100), true)), Some(Rate(24, 1)));
    }
}
