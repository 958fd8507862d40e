use super::align::{Pyramid, align};
use super::course::{Course, eased};
use super::room::Room;
use super::similarity::Similarity;
use super::warp::{Lattice, warp};
use crate::proxy::Pictures;
use mmm_base::{Cancel, Speed, Time};
use mmm_facts::MediaError;
use mmm_media::{ClipFrame, ClipScaler, Crop, Yuv420};

/// A stretch of a clip, with what makes each of its pictures steady.
pub(crate) struct Steadied {
    times: Vec<Time>,
    corrections: Vec<Similarity>,
    /// How far away the smooth way may leave and join the true one.
    reach: Time,
    fitted: Option<Fitted>,
    /// The last frame, before it was moved.
    around: Yuv420,
}

/// What corrections become where there is only so much room.
struct Fitted {
    room: Room,
    zoom: f64,
    corrections: Vec<Similarity>,
}

/// Motion is looked for in pictures of so many pixels on their longer side.
const SIDE_PX: u32 = 320;
/// The width of the weights that the way is smoothed with, as it is seen: what shakes faster than about once
/// in two seconds goes, and what is slower is the camera's way.
const WIDTH: Time = Time::from_millis(500);

impl Steadied {
    /// Looks at a stretch of a clip, from one time in it to another, that is shown at `speed`.
    ///
    /// # Errors
    /// When the clip can't be read. A cancellation ends it early, with what was found by then.
    pub fn look(
        reader: &mut Pictures,
        (from, to): (Time, Time),
        speed: Speed,
        cancel: &Cancel,
    ) -> Result<Self, MediaError> {
        reader.seek(from)?;
        let mut course = Course::new();
        let mut small = ClipScaler::default();
        let mut last: Option<Pyramid> = None;
        let mut see = |frame: &ClipFrame| -> Result<(), MediaError> {
            let now = Pyramid::of(&small.to_small_rgb(frame, SIDE_PX)?);
            let motion = last.as_ref().and_then(|last| align(last, &now));
            course.push(frame.time, &motion.unwrap_or(Similarity::NONE));
            last = Some(now);
            Ok(())
        };
        // The picture that is shown first may begin before the stretch.
        let mut before: Option<ClipFrame> = None;
        while let Some(frame) = reader.next()?
            && !cancel.is_cancelled()
        {
            if frame.time < from {
                before = Some(frame);
                continue;
            }
            if let Some(before) = before.take() {
                see(&before)?;
            }
            see(&frame)?;
            if frame.time > to {
                break;
            }
        }
        // A fast clip is smoothed as it is seen, and a slow one at least as well as at its own speed.
        let reach = WIDTH.max(speed.seen_in(WIDTH));
        let corrections = course.corrections(reach.secs());
        Ok(Self {
            times: course.times().to_vec(),
            corrections,
            reach,
            fitted: None,
            around: Yuv420::default(),
        })
    }

    /// Makes `to` the part `shown` of a frame, steady, `size` pixels wide and high.
    ///
    /// # Errors
    /// As [`ClipScaler::to_yuv420`].
    pub fn show(
        &mut self,
        frame: &ClipFrame,
        shown: Crop,
        size: (u32, u32),
        scaler: &mut ClipScaler,
        to: &mut Yuv420,
    ) -> Result<(), MediaError> {
        let room = Room::of(frame.shown_size(), shown);
        let (zoom, correction) = self.fit(room, frame.time);
        // As large as it will be seen, so that nothing is lost before it is moved.
        let scale = |part: u32, whole: u32, pixels: u32| {
            let wanted = f64::from(pixels) * zoom * f64::from(part) / f64::from(whole.max(1));
            ((wanted / 2.0).round() as u32 * 2).max(2)
        };
        let around = room.around;
        let large = (scale(around.width, shown.width, size.0), scale(around.height, shown.height, size.1));
        scaler.to_yuv420(frame, around, large, &mut self.around)?;
        *to = warp(&self.around, &lattice(&room, &correction, zoom, size, large), size);
        Ok(())
    }

    /// The zoom of the whole stretch, and the correction of the picture at a time.
    fn fit(&mut self, room: Room, time: Time) -> (f64, Similarity) {
        let fitted = match self.fitted.take().filter(|fitted| fitted.room == room) {
            Some(fitted) => fitted,
            None => {
                let (zoom, allowed) = room.fit(&self.corrections);
                let shares = eased(&allowed, &self.times, self.reach);
                let corrections = self.corrections.iter().zip(shares).map(|(one, share)| one.part(share));
                Fitted { room, zoom, corrections: corrections.collect() }
            }
        };
        let at = self.times.binary_search(&time).unwrap_or_else(|next| next.min(self.times.len().max(1) - 1));
        let correction = fitted.corrections.get(at).copied().unwrap_or(Similarity::NONE);
        let zoom = fitted.zoom;
        self.fitted = Some(fitted);
        (zoom, correction)
    }
}

/// Where the pixels of what is shown are in the picture of `room.around` that is `large` pixels large.
fn lattice(room: &Room, correction: &Similarity, zoom: f64, size: (u32, u32), large: (u32, u32)) -> Lattice {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let around = room.around;
    let ratio = (f64::from(large.0) / f64::from(around.width), f64::from(large.1) / f64::from(around.height));
    let place = |x: f64, y: f64| {
        let (x, y) = room.point(((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5), correction, zoom);
        ((x - f64::from(around.x)) * ratio.0 - 0.5, (y - f64::from(around.y)) * ratio.1 - 0.5)
    };
    let start = place(0.0, 0.0);
    // From end to end, so that no error adds up.
    let (right, down) = (place(width, 0.0), place(0.0, height));
    Lattice {
        start,
        right: ((right.0 - start.0) / width, (right.1 - start.1) / width),
        down: ((down.0 - start.0) / height, (down.1 - start.1) / height),
    }
}
