use super::curves::mean;

/// The bass has to be struck this many times as hard between the beats as on them, …
const HARDER: f64 = 2.2;
/// … where this part of the novelty of the beats is found too.
const NOVEL: f64 = 0.35;

/// `beats`, or the points half way between them, where the bass says that those are the beats:
/// a loud off-beat (a snare, a guitar's upstroke) draws every tracker to itself.
///
/// All in hops; `bass` is the energy below 150 Hz.
pub fn on_the_bass(beats: Vec<f64>, novelty: &[f64], bass: &[f32]) -> Vec<f64> {
    let between = half_way(&beats);
    let struck = |beats: &[f64]| mean(&beats.iter().map(|beat| bass_struck(bass, *beat)).collect::<Vec<_>>());
    let novel = |beats: &[f64]| mean(&beats.iter().map(|beat| highest(novelty, *beat)).collect::<Vec<_>>());
    let moves = between.len() >= 8
        && struck(&between) > HARDER * struck(&beats)
        && novel(&between) > NOVEL * novel(&beats);
    if moves { between } else { beats }
}

/// The points between, and one before the first where there is room.
fn half_way(beats: &[f64]) -> Vec<f64> {
    let first =
        beats.windows(2).take(1).map(|pair| pair[0] - 0.5 * (pair[1] - pair[0])).filter(|beat| *beat > 0.0);
    first.chain(beats.windows(2).map(|pair| 0.5 * (pair[0] + pair[1]))).collect()
}

/// How much louder the bass becomes at a beat, as a level.
pub fn bass_struck(bass: &[f32], beat: f64) -> f64 {
    let loudest = |from: i64, to: i64| {
        let index = |offset: i64| ((beat.round() as i64 + offset).max(0) as usize).min(bass.len());
        bass[index(from)..index(to)].iter().fold(0.0f32, |a, b| a.max(*b))
    };
    f64::from((loudest(-2, 7) - loudest(-9, -2)).max(0.0).sqrt())
}

fn highest(novelty: &[f64], beat: f64) -> f64 {
    let middle = (beat.round().max(0.0) as usize).min(novelty.len());
    let near = middle.saturating_sub(2)..(middle + 3).min(novelty.len());
    novelty[near].iter().copied().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beats_move_to_the_bass_and_stay_where_they_are_on_it() {
        let snares: Vec<f64> = (0..30).map(|i| 30.0 + 40.0 * f64::from(i)).collect();
        let mut novelty = vec![0.0; 1300];
        let mut bass = vec![0.0f32; 1300];
        for hop in (10..1300).step_by(20) {
            novelty[hop] = 1.0;
        }
        for hop in (10..1300).step_by(40) {
            bass[hop] = 0.2;
        }
        let moved = on_the_bass(snares.clone(), &novelty, &bass);
        assert!(moved.iter().all(|beat| (beat - 10.0) % 40.0 == 0.0), "{moved:?}");
        assert_eq!(on_the_bass(moved.clone(), &novelty, &bass), moved);
        assert_eq!(on_the_bass(snares.clone(), &novelty, &[]), snares);
        assert!(on_the_bass(Vec::new(), &novelty, &bass).is_empty());
    }
}
