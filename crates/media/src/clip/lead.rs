use ffmpeg_next::{codec, ffi};

use mmm_base::Time;

/// The way from where decoding can begin to the first frame that is shown: finds the frames that are over by then,
/// of which only those have to be decoded that others are made from.
#[derive(Default)]
pub(super) struct Lead {
    /// When the first frame is shown; none where all are wanted.
    to: Option<Time>,
    /// When the last frame is shown of those that were handed to the decoder, at or before that.
    nearest: Option<Time>,
}

impl Lead {
    /// A lead to a frame that is shown at `time`.
    pub fn to(time: Time) -> Self {
        Self { to: Some(time), nearest: None }
    }

    /// Whether the next frame to be decoded, which is shown at `shown`, is over: another one, at or before the
    /// first that is wanted, comes after it.
    pub fn passes(&mut self, shown: Time) -> bool {
        let Some(to) = self.to else { return false };
        let is_over = self.nearest.is_some_and(|nearest| shown < nearest);
        if shown <= to {
            self.nearest = self.nearest.max(Some(shown));
        }
        is_over
    }
}

/// Whether frames can be left out one by one. H.264 and MPEG-2 say of each frame whether others are made from it;
/// HEVC says so within a layer only. The fields of interlaced frames are filled in from the frame before.
pub(super) fn is_separable(parameters: &codec::Parameters) -> bool {
    // SAFETY: reads a number of live parameters.
    let order = unsafe { (*parameters.as_ptr()).field_order };
    matches!(parameters.id(), codec::Id::H264 | codec::Id::MPEG2VIDEO)
        && order == ffi::AVFieldOrder::AV_FIELD_PROGRESSIVE
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames that are passed on the way to one, of frames in the order of decoding.
    fn passed(to: i64, frames: &[i64]) -> Vec<i64> {
        let mut lead = Lead::to(Time::from_millis(to));
        let mut passed = frames.to_vec();
        passed.retain(|shown| lead.passes(Time::from_millis(*shown)));
        passed
    }

    #[test]
    fn frames_between_those_before_the_wanted_one_are_passed() {
        // I, P, and the B-frames between, twice.
        let frames = [0, 4, 2, 1, 3, 8, 6, 5, 7];
        assert_eq!(passed(8, &frames), [2, 1, 3, 6, 5, 7]);
        // The one that is shown may lie between.
        assert_eq!(passed(6, &frames), [2, 1, 3, 5]);
        assert_eq!(passed(5, &frames), [2, 1, 3]);
        assert_eq!(passed(0, &frames), [0; 0]);
        assert!(frames.iter().all(|shown| !Lead::default().passes(Time::from_millis(*shown))));
    }
}
