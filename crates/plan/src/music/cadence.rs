use std::collections::BTreeMap;

use mmm_base::{Rate, Time};
use mmm_facts::{MediaKind, Medium};
use mmm_spec::FrameRate;

/// The rate of a movie without clips, and of one whose clips have no standard rate.
const USUAL: Rate = Rate(30, 1);

/// The rates that a movie may have by default. Whole numbers come first, because the average rate of a
/// phone's clip is too imprecise to identify the others.
const STANDARD: [Rate; 5] = [Rate(30, 1), Rate(25, 1), Rate(24, 1), Rate(30_000, 1001), Rate(24_000, 1001)];

/// The ratios of a clip's rate to the movie's at which each frame is shown for the same time.
const TIMES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 5.0, 0.5, 1.0 / 3.0];

/// Returns the frame rate of a movie: the requested one, otherwise the one it had before, otherwise the one
/// that suits most of its clips, weighted by length, so that most clips show each of their frames for the
/// same time. Only every second frame, or fewer, is shown of clips with 50 or more frames per second, because
/// nobody requested files of twice the size.
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

/// Returns the standard rate of which a clip's rate is a multiple or a fraction; `variable` means that it is
/// an average.
fn standard((rate, variable): (Rate, bool)) -> Option<Rate> {
    // Camera clocks are more precise than one part in ten thousand. Phones' averages are off by a few
    // hundredths, and can't show a difference of one part in a thousand.
    let (near, known) = if variable { (0.04, &STANDARD[..3]) } else { (0.0004, &STANDARD[..]) };
    let per_second = |rate: Rate| f64::from(rate.0) / f64::from(rate.1.max(1));
    let off = |times: f64, to: Rate| (per_second(rate) / (per_second(to) * times) - 1.0).abs();
    let all = TIMES.iter().flat_map(|times| known.iter().map(|to| (off(*times, *to), *to)));
    // On a tie keep the first: 120 is four times 30 before it is five times 24.
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
        // The earlier decision outweighs a new clip, but not the user's request.
        let kept = Some(Rate(24, 1));
        assert_eq!(cadence(FrameRate::Auto, kept, &media), Rate(24, 1));
        assert_eq!(cadence(FrameRate::Fifty, kept, &media), Rate(50, 1));
        // Only the part that may be shown counts.
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
        // A phone that is set to 30 and occasionally drops a frame.
        assert_eq!(standard((Rate(2_973, 100), true)), Some(Rate(30, 1)));
        assert_eq!(standard((Rate(2_412, 100), true)), Some(Rate(24, 1)));
    }
}
