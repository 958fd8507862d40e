use super::seconds;
use mmm_base::Time;
use mmm_facts::{MotionPart, Probe};

/// Returns what the headers of a file say about the live photo that it is or belongs to.
pub fn live_line(probe: &Probe) -> Option<String> {
    let taken = |at: Option<Time>| at.map(|at| format!(", the photo was taken at {}", seconds(at)));
    match (&probe.motion, &probe.live_id) {
        (Some(MotionPart::Clip(clip)), _) => {
            let picture = clip.picture.as_ref();
            let size = picture.map(|one| format!(", {}×{} {}", one.width, one.height, one.codec));
            let length = clip.duration.map(|length| format!(" of {}", seconds(length)));
            let parts = [length, size, taken(clip.still_at)];
            Some(format!("live photo with a moving picture{}", parts.map(Option::unwrap_or_default).concat()))
        }
        (Some(MotionPart::Unreadable(error)), _) => {
            Some(format!("live photo whose moving picture can't be played: {error}"))
        }
        (None, Some(id)) => {
            Some(format!("one half of the Live Photo {id}{}", taken(probe.still_at).unwrap_or_default()))
        }
        (None, None) => None,
    }
}
