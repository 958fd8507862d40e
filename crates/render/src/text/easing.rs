use mmm_facts::{Canvas, TextOverlay, TextPlace};

/// How a text appears and disappears: it fades, and a title also rises a little and settles.
pub(super) struct Easing {
    frames: i32,
    /// Frames of the fade-in and of the fade-out.
    enter: f32,
    leave: f32,
    /// Frames until it settles, and the pixels that it rises meanwhile.
    settle: f32,
    rise: f32,
}

impl Easing {
    pub fn of(words: &TextOverlay, canvas: Canvas) -> Self {
        let rate = canvas.rate.0 as f32 / canvas.rate.1 as f32;
        let short = canvas.width.min(canvas.height) as f32;
        let (enter_s, leave_s, settle_s, rise) = match words.place {
            TextPlace::Title => (0.6, 0.5, 1.0, short * 0.012),
            TextPlace::Caption => (0.3, 0.3, 0.3, 0.0),
        };
        // A short text gets shorter fades, so that it is fully visible for at least a third of its time.
        let most = words.frames as f32 / 3.0;
        let in_frames = |seconds: f32| (seconds * rate).min(most).max(1.0);
        Self {
            frames: words.frames as i32,
            enter: in_frames(enter_s),
            leave: in_frames(leave_s),
            settle: in_frames(settle_s),
            rise,
        }
    }

    /// Returns the opacity of the text `at` frames after its first, 0 to 1.
    pub fn opacity(&self, at: i32) -> f32 {
        if at < 0 || at >= self.frames {
            return 0.0;
        }
        let come = smooth((at + 1) as f32 / (self.enter + 1.0));
        let gone = smooth((self.frames - at) as f32 / (self.leave + 1.0));
        come.min(gone)
    }

    /// Returns how many pixels the text is below its final position.
    pub fn below(&self, at: i32) -> f32 {
        let left = 1.0 - ((at + 1) as f32 / (self.settle + 1.0)).clamp(0.0, 1.0);
        // Decelerates smoothly, as if coming to rest by itself.
        self.rise * left * left * left
    }
}

/// Eases from 0 to 1, with zero slope at both ends.
fn smooth(part: f32) -> f32 {
    let t = part.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Profile;
    use mmm_spec::{Aspect, Codec};

    fn easing(place: TextPlace, frames: u32) -> Easing {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        Easing::of(&TextOverlay { text: String::new(), place, start: 0, frames, faces: Vec::new() }, canvas)
    }

    #[test]
    fn words_come_and_go_without_a_step_back() {
        for (place, frames) in [(TextPlace::Title, 90), (TextPlace::Caption, 60), (TextPlace::Title, 7)] {
            let easing = easing(place, frames);
            let seen: Vec<f32> = (0..frames as i32).map(|at| easing.opacity(at)).collect();
            let top =
                seen.iter().position(|part| *part >= seen.iter().fold(0.0, |a, b| f32::max(a, *b))).unwrap();
            assert!(seen[..=top].is_sorted(), "{seen:?}");
            assert!(seen[top..].is_sorted_by(|one, next| one >= next), "{seen:?}");
            let low = (0..frames as i32).map(|at| easing.below(at)).collect::<Vec<_>>();
            assert!(low.is_sorted_by(|one, next| one >= next) && low[frames as usize - 1] == 0.0, "{low:?}");
        }
        let easing = easing(TextPlace::Title, 90);
        assert!(easing.opacity(0) < 0.02 && easing.opacity(89) < 0.02);
        assert_eq!((easing.opacity(-1), easing.opacity(45), easing.opacity(90)), (0.0, 1.0, 0.0));
        assert!(easing.below(0) > 8.0 && easing.below(45) == 0.0);
    }
}
