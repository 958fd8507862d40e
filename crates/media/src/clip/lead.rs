use ffmpeg_next::{codec, ffi};

use mmm_base::Time;

/// Finds frames that needn't be decoded between a keyframe and the first frame to be shown: those superseded
/// by a later frame before it. Of these, only frames that others depend on must be decoded.
#[derive(Default)]
pub(super) struct Lead {
    /// When the first requested frame is shown; `None` if all frames are needed.
    to: Option<Time>,
    /// The latest display time, at or before `to`, among the frames sent to the decoder.
    nearest: Option<Time>,
}

impl Lead {
    /// Returns a lead to the frame shown at `time`.
    pub fn to(time: Time) -> Self {
        Self { to: Some(time), nearest: None }
    }

    /// Whether the next frame to be decoded, shown at `shown`, is superseded: another frame sent before is
    /// shown after it, at or before the first requested one.
    pub fn passes(&mut self, shown: Time) -> bool {
        let Some(to) = self.to else { return false };
        let is_over = self.nearest.is_some_and(|nearest| shown < nearest);
        if shown <= to {
            self.nearest = self.nearest.max(Some(shown));
        }
        is_over
    }
}

/// Whether frames can be skipped one by one. H.264 and MPEG-2 mark each frame that others depend on; HEVC
/// marks it within a layer only. Fields of interlaced frames need the frame before.
pub(super) fn is_separable(parameters: &codec::Parameters) -> bool {
    // SAFETY: reads a number of live parameters.
    let order = unsafe { (*parameters.as_ptr()).field_order };
    matches!(parameters.id(), codec::Id::H264 | codec::Id::MPEG2VIDEO)
        && order == ffi::AVFieldOrder::AV_FIELD_PROGRESSIVE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the frames skipped on the way to the one shown at `to`; `frames` are in decoding order.
    fn passed(to: i64, frames: &[i64]) -> Vec<i64> {
        let mut lead = Lead::to(Time::from_millis(to));
        let mut passed = frames.to_vec();
        passed.retain(|shown| lead.passes(Time::from_millis(*shown)));
        passed
    }

    #[test]
    fn frames_between_those_before_the_wanted_one_are_passed() {
        // I, P, and the B-frames between them, twice.
        let frames = [0, 4, 2, 1, 3, 8, 6, 5, 7];
        assert_eq!(passed(8, &frames), [2, 1, 3, 6, 5, 7]);
        // The requested frame may itself be a B-frame.
        assert_eq!(passed(6, &frames), [2, 1, 3, 5]);
        assert_eq!(passed(5, &frames), [2, 1, 3]);
        assert_eq!(passed(0, &frames), [0; 0]);
        assert!(frames.iter().all(|shown| !Lead::default().passes(Time::from_millis(*shown))));
    }
}
