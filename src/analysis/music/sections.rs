use crate::analysis::{EnergyCurve, Section, SectionKind};
use crate::base::Time;

use super::curves::{mean, quantile};
use super::spectrum::{BANDS, Colour};

/// Features a second.
const FEATURES_HZ: usize = 2;
/// Tenths of a second in one feature.
const TENTHS: usize = 10 / FEATURES_HZ;
/// How far the novelty looks to both sides, in features (10 s).
const REACH: usize = 20;
/// Sections are at least this long, in features (7 s).
const LEAST_LENGTH: usize = 14;
const LENGTH: usize = 1 + BANDS + 12;
/// Distances of features below which two sections are alike.
const ALIKE: f64 = 0.55;

type Feature = [f64; LENGTH];

/// The parts of a piece of `duration`, without gaps: its `energy` and `colours` are cut where
/// the ten seconds before differ most from the ten after (Foote, "Automatic audio segmentation
/// using a measure of audio novelty", 2000), and the cuts go to the nearest of `grid` (bars or
/// beats in order of time), if there is one within a second.
pub fn sections(duration: Time, energy: &EnergyCurve, colours: &[Colour], grid: &[Time]) -> Vec<Section> {
    if duration <= Time::ZERO {
        return Vec::new();
    }
    let features = features(energy, colours);
    let mut cuts = vec![Time::ZERO];
    for index in boundaries(&novelty(&features)) {
        let time = snap(Time::from_micros(index as i64 * 1_000_000 / FEATURES_HZ as i64), grid);
        if time > cuts[cuts.len() - 1] && time < duration {
            cuts.push(time);
        }
    }
    cuts.push(duration);
    let spans: Vec<(Time, Time)> = cuts.windows(2).map(|pair| (pair[0], pair[1])).collect();
    let kinds = kinds(&spans, energy);
    let labels = labels(&spans, &features);
    (spans.iter().zip(kinds).zip(labels))
        .map(|((&(start, end), kind), label)| Section { start, end, label, kind })
        .collect()
}

/// Energy, timbre and harmony of each half second, scaled to weigh about the same.
fn features(energy: &EnergyCurve, colours: &[Colour]) -> Vec<Feature> {
    let chunks = energy.values.chunks(TENTHS).enumerate();
    let mut features: Vec<Feature> = chunks
        .map(|(i, values)| {
            let mut feature = [0.0; LENGTH];
            feature[0] = values.iter().map(|value| value.get()).sum::<f64>() / values.len() as f64;
            let from = (i * TENTHS).min(colours.len());
            let colours = &colours[from..(from + TENTHS).min(colours.len())];
            for colour in colours {
                let count = colours.len() as f64;
                for (sum, db) in feature[1..=BANDS].iter_mut().zip(colour.bands_db) {
                    *sum += f64::from(db) / 40.0 / count;
                }
                for (sum, share) in feature[1 + BANDS..].iter_mut().zip(colour.chroma) {
                    *sum += 2.0 * f64::from(share) / count;
                }
            }
            feature
        })
        .collect();
    centre_bands(&mut features);
    features
}

/// Takes the mean out of the bands, so that they tell timbre from timbre.
fn centre_bands(features: &mut [Feature]) {
    for band in 1..=BANDS {
        let average = mean(&features.iter().map(|feature| feature[band]).collect::<Vec<_>>());
        features.iter_mut().for_each(|feature| feature[band] = (feature[band] - average).max(-1.0));
    }
}

fn distance(a: &Feature, b: &Feature) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

/// How much the time after each feature differs from the time before: the correlation of the
/// self-similarity with a checkerboard under a bell.
fn novelty(features: &[Feature]) -> Vec<f64> {
    let bell: Vec<f64> = (0..REACH).map(|i| (-2.0 * (i as f64 / REACH as f64).powi(2)).exp()).collect();
    let at = |centre: usize| {
        let reach = REACH.min(centre).min(features.len() - centre);
        let (mut across, mut within, mut weight) = (0.0, 0.0, 0.0);
        for i in 0..reach {
            for j in 0..reach {
                let share = bell[i] * bell[j];
                let (before, after) = (&features[centre - 1 - i], &features[centre + j]);
                across += share * distance(before, after);
                within += 0.5
                    * share
                    * (distance(before, &features[centre - 1 - j]) + distance(after, &features[centre + i]));
                weight += share;
            }
        }
        // Near the ends less is seen, and less is believed.
        let seen = reach as f64 / REACH as f64;
        if weight > 0.0 { (across - within).max(0.0) / weight * seen } else { 0.0 }
    };
    (0..features.len()).map(at).collect()
}

/// The peaks of the novelty that stand out, at least [`LEAST_LENGTH`] apart and from the ends.
fn boundaries(novelty: &[f64]) -> Vec<usize> {
    let least = (mean(novelty) + 0.7 * (quantile(novelty, 0.84) - mean(novelty)).max(0.0)).max(0.06);
    let is_peak = |i: usize| {
        let near = i.saturating_sub(LEAST_LENGTH / 2)..(i + LEAST_LENGTH / 2 + 1).min(novelty.len());
        novelty[i] > least
            && near.clone().all(|j| novelty[j] < novelty[i] || j >= i && novelty[j] <= novelty[i])
    };
    let mut found: Vec<usize> = Vec::new();
    for i in LEAST_LENGTH / 2..novelty.len().saturating_sub(LEAST_LENGTH / 2) {
        if is_peak(i) && found.last().is_none_or(|last| i - last >= LEAST_LENGTH) {
            found.push(i);
        }
    }
    found
}

fn snap(time: Time, grid: &[Time]) -> Time {
    let distance = |other: &Time| (*other - time).micros().abs();
    grid.iter().copied().min_by_key(distance).filter(|near| distance(near) <= 1_000_000).unwrap_or(time)
}

/// What each section does: by its energy, how it changes within, and by its place.
fn kinds(spans: &[(Time, Time)], energy: &EnergyCurve) -> Vec<SectionKind> {
    let levels: Vec<f64> = spans.iter().map(|(start, end)| energy.mean(*start, *end).get()).collect();
    let rises: Vec<f64> = spans
        .iter()
        .map(|(start, end)| {
            let third = (*end - *start).scale(1, 3);
            energy.mean(*end - third, *end).get() - energy.mean(*start, *start + third).get()
        })
        .collect();
    let highest = levels.iter().copied().fold(0.0, f64::max);
    let middle = quantile(&levels, 0.5);
    let last = levels.len() - 1;
    (0..levels.len())
        .map(|i| {
            let level = levels[i];
            let before = if i > 0 { levels[i - 1] } else { 0.0 };
            let after = if i < last { levels[i + 1] } else { 0.0 };
            if i == 0 && i < last && level < after - 0.05 {
                SectionKind::Intro
            } else if i == last && i > 0 && (level < before - 0.05 || rises[i] < -0.35) {
                SectionKind::Outro
            } else if last > 0 && level >= highest - 0.06 && level > middle + 0.03 {
                SectionKind::Peak
            } else if rises[i] > 0.15 && after > level {
                SectionKind::Build
            } else if level < before - 0.12 && level < after - 0.12 {
                SectionKind::Break
            } else {
                SectionKind::Body
            }
        })
        .collect()
}

/// A letter for each section; a section gets the letter of the first that is like it.
fn labels(spans: &[(Time, Time)], features: &[Feature]) -> Vec<String> {
    let index = |time: Time| ((time.secs() * FEATURES_HZ as f64) as usize).min(features.len());
    let mut kinds: Vec<Feature> = Vec::new();
    spans
        .iter()
        .map(|(start, end)| {
            let part = &features[index(*start)..index(*end).max(index(*start))];
            let mut centre = [0.0; LENGTH];
            for feature in part {
                centre.iter_mut().zip(feature).for_each(|(sum, value)| *sum += value / part.len() as f64);
            }
            let known = kinds.iter().position(|kind| distance(kind, &centre) < ALIKE);
            letter(known.unwrap_or_else(|| {
                kinds.push(centre);
                kinds.len() - 1
            }))
        })
        .collect()
}

/// A, B, …, Z, AA, AB, …
fn letter(number: usize) -> String {
    let last = char::from(b'A' + (number % 26) as u8);
    if number < 26 { last.to_string() } else { format!("{}{last}", letter(number / 26 - 1)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Score;

    fn curve(levels: &[(usize, f64)]) -> EnergyCurve {
        let values = levels.iter().flat_map(|(tenths, level)| vec![Score::new(*level); *tenths]).collect();
        EnergyCurve { rate_hz: 10, values }
    }

    #[test]
    fn a_song_in_five_parts() {
        let energy = curve(&[(200, 0.2), (300, 0.7), (200, 0.3), (300, 1.0), (150, 0.2)]);
        let grid: Vec<Time> = (0..240).map(|beat| Time::from_millis(beat * 500 + 100)).collect();
        let found = sections(Time::from_secs(115), &energy, &[], &grid);
        let kinds: Vec<SectionKind> = found.iter().map(|section| section.kind).collect();
        use SectionKind::{Body, Break, Intro, Outro, Peak};
        assert_eq!(kinds, [Intro, Body, Break, Peak, Outro]);
        for (section, start) in found.iter().zip([0, 20, 50, 70, 100]) {
            assert!((section.start.secs() - f64::from(start)).abs() <= 0.6, "{section:?}");
        }
        assert!(found[1..].iter().all(|section| grid.contains(&section.start)));
        assert_eq!(found[0].label, found[4].label);
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].start));
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([letter(0), letter(25), letter(26), letter(52)], ["A", "Z", "AA", "BA"]);
    }

    #[test]
    fn no_length_has_no_sections_and_a_second_has_one() {
        assert!(sections(Time::ZERO, &EnergyCurve::default(), &[], &[]).is_empty());
        assert_eq!(sections(Time::from_secs(1), &curve(&[(10, 0.5)]), &[], &[]).len(), 1);
    }
}
