use mmm_facts::MotionLevel;

use super::signature::Alignment;

/// The part of the difference between aligned pictures that is noise, 0..=1.
const NOISE: f64 = 0.008;
/// Usual distance between pictures in seconds; keyframes are further apart.
const USUAL_STEP: f64 = 0.25;
/// A step may be this many times as long and still distinguish shake from camera moves.
const STILL_USUAL: f64 = 1.6;
/// Shake between two samples of more than this share of the picture is unwatchable.
const SHAKY: f64 = 0.045;

/// Returns how much moves between two pictures `seconds` apart with the given alignment, 0..=1. Camera motion
/// is the speed of the whole picture; subject motion is the difference that remains after alignment.
pub fn motion(alignment: &Alignment, seconds: f64) -> f64 {
    let (x, y) = alignment.shift;
    let speed = (x * x + y * y).sqrt() / seconds.max(0.02);
    let rest = (alignment.residual - NOISE).max(0.0) * of_usual_step(seconds);
    1.0 - (-2.5 * speed - 12.0 * rest).exp()
}

/// Returns the part of a difference over `seconds` that belongs to one usual step, 0..=1. Pictures diverge
/// more slowly than time passes, as in a random walk.
pub fn of_usual_step(seconds: f64) -> f64 {
    (USUAL_STEP / seconds.max(USUAL_STEP)).sqrt()
}

/// Whether the time between pictures is at most about a usual step.
pub fn is_usual_step(seconds: f64) -> bool {
    seconds <= STILL_USUAL * USUAL_STEP
}

/// Returns the motion level of a clip with these motions.
pub fn level(motions: &[f64]) -> MotionLevel {
    match median(motions.to_vec()) {
        motion if motion < 0.05 => MotionLevel::Static,
        motion if motion < 0.22 => MotionLevel::Slow,
        motion if motion < 0.5 => MotionLevel::Medium,
        _ => MotionLevel::Fast,
    }
}

/// Whether a camera that moved by `shifts` from sample to sample is too shaky to watch. In at least half of
/// the samples, the move is far from the mean of the moves before and after. Each stretch consists of usual
/// steps.
pub fn is_shaky(stretches: &[Vec<(f64, f64)>]) -> bool {
    let jerk = |w: &[(f64, f64)]| {
        let (x, y) = (w[1].0 - 0.5 * (w[0].0 + w[2].0), w[1].1 - 0.5 * (w[0].1 + w[2].1));
        (x * x + y * y).sqrt()
    };
    let jerks: Vec<f64> = stretches.iter().flat_map(|shifts| shifts.windows(3).map(jerk)).collect();
    jerks.len() >= 4 && median(jerks) > SHAKY
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smooth_pan_is_not_shaky_and_a_trembling_hand_is() {
        let pan = vec![(0.08, 0.0); 12];
        let shake: Vec<(f64, f64)> = (0..12).map(|i| (if i % 2 == 0 { 0.05 } else { -0.05 }, 0.02)).collect();
        let few = shake[..3].to_vec();
        assert!(!is_shaky(&[pan]) && is_shaky(&[shake]) && !is_shaky(&[few.clone(), few]));
    }

    #[test]
    fn motion_grows_with_speed() {
        let moved = |x: f64| motion(&Alignment { shift: (x, 0.0), correlation: 1.0, residual: 0.0 }, 0.25);
        assert_eq!(level(&[moved(0.0); 5]), MotionLevel::Static);
        assert_eq!(level(&[moved(0.01); 5]), MotionLevel::Slow);
        assert_eq!(level(&[moved(0.2); 5]), MotionLevel::Fast);
        assert_eq!(level(&[]), MotionLevel::Static);
    }
}
