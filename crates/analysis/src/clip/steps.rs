use super::motion::is_usual_step;

/// What changes from one picture to the next.
#[derive(Clone, Copy, Debug, Default)]
pub struct PictureStep {
    pub seconds: f64,
    /// How the whole picture moved, as shares of its width and height.
    pub shift: (f64, f64),
    /// The share of the picture that moves apart from the camera, 0..=1; `None` if the pictures don't align.
    pub own: Option<f64>,
    /// Whether there is no picture before, or a cut between the two.
    pub is_apart: bool,
}

/// Half as steady: a move that is so far from the mean of those before and after, as a share of the picture.
const JOLT: f64 = 0.02;
/// Half as steady: the camera crosses the picture in two seconds, too fast for the eye.
const SWING: f64 = 0.5;
/// How steady a step counts that is too long to tell.
const UNKNOWN: f64 = 0.7;
/// How steady a step counts in which the camera moves so far that nothing aligns.
const LOST: f64 = 0.1;
/// The share of the picture whose motion counts as half of all action.
const HALF: f64 = 0.04;
/// From this share on, nothing stands out for the eye to follow.
const EVERYWHERE: f64 = 0.5;

/// Returns how steady the camera is in each step, 0..=1: neither jolts nor swings. Only steps of the usual
/// length tell.
pub fn steadiness(steps: &[PictureStep]) -> Vec<f64> {
    let is_seen = |index: usize| {
        let step = steps.get(index).filter(|step| !step.is_apart && is_usual_step(step.seconds))?;
        step.own.map(|_| step.shift)
    };
    let steady = |index: usize| {
        let step = &steps[index];
        if step.is_apart || !is_usual_step(step.seconds) {
            return UNKNOWN;
        }
        let Some(shift) = is_seen(index) else { return LOST };
        let around = [index.checked_sub(1).and_then(is_seen), is_seen(index + 1)];
        let around: Vec<(f64, f64)> = around.into_iter().flatten().collect();
        let count = around.len().max(1) as f64;
        let mean = |part: fn(&(f64, f64)) -> f64| around.iter().map(part).sum::<f64>() / count;
        let jolt = if around.is_empty() {
            0.0
        } else {
            length((shift.0 - mean(|shift| shift.0), shift.1 - mean(|shift| shift.1)))
        };
        let speed = length(shift) / step.seconds.max(0.02);
        falling(jolt / JOLT) * falling(speed / SWING)
    };
    (0..steps.len()).map(steady).collect()
}

/// Returns how much happens in each step that the eye can follow, 0..=1: a part of the picture moves by itself,
/// and not because the camera is unsteady.
pub fn action(steps: &[PictureStep], steadiness: &[f64]) -> Vec<f64> {
    let act = |(step, steady): (&PictureStep, &f64)| {
        let own = step.own.filter(|_| !step.is_apart).unwrap_or(0.0);
        steady * own / (own + HALF) * falling(own / EVERYWHERE)
    };
    steps.iter().zip(steadiness).map(act).collect()
}

fn length((x, y): (f64, f64)) -> f64 {
    (x * x + y * y).sqrt()
}

/// Returns 1 at 0, a half at 1 and less beyond.
fn falling(value: f64) -> f64 {
    1.0 / (1.0 + value * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(shifts: impl Iterator<Item = (f64, f64)>, own: f64) -> Vec<PictureStep> {
        shifts.map(|shift| PictureStep { seconds: 0.25, shift, own: Some(own), is_apart: false }).collect()
    }

    #[test]
    fn a_slow_pan_is_steady_and_jolts_and_swings_are_not() {
        let least = |steps: &[PictureStep]| steadiness(steps).into_iter().fold(1.0, f64::min);
        let pan = steps((0..12).map(|_| (0.02, 0.0)), 0.0);
        assert!(least(&pan) > 0.9);
        let jolts = steps((0..12).map(|i| (if i % 2 == 0 { 0.05 } else { -0.05 }, 0.0)), 0.0);
        assert!(steadiness(&jolts).into_iter().all(|steady| steady < 0.2));
        let swing = steps((0..12).map(|_| (0.2, 0.0)), 0.0);
        assert!(steadiness(&swing).into_iter().all(|steady| steady < 0.4));
    }

    #[test]
    fn action_needs_something_that_moves_by_itself_and_a_steady_camera() {
        let acted = |steps: &[PictureStep]| action(steps, &steadiness(steps))[6];
        let calm = acted(&steps((0..12).map(|_| (0.02, 0.0)), 0.0));
        let dancer = acted(&steps((0..12).map(|_| (0.02, 0.0)), 0.1));
        let shaken = acted(&steps((0..12).map(|i| (if i % 2 == 0 { 0.05 } else { -0.05 }, 0.0)), 0.1));
        let sea = acted(&steps((0..12).map(|_| (0.0, 0.0)), 0.9));
        assert!(calm == 0.0 && dancer > 0.6 && shaken < 0.2 && sea < 0.4, "{dancer} {shaken} {sea}");
    }

    #[test]
    fn long_steps_and_lost_pictures_do_not_count_as_steady_or_lively() {
        let far = PictureStep { seconds: 1.0, shift: (0.2, 0.0), own: None, is_apart: false };
        assert_eq!(steadiness(&[far, far]), [UNKNOWN; 2]);
        let lost = PictureStep { seconds: 0.25, ..far };
        assert_eq!(steadiness(&[lost]), [LOST]);
        assert_eq!(action(&[far, lost], &[1.0, 1.0]), [0.0; 2]);
    }
}
