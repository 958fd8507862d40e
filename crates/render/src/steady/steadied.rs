use super::align::{Pyramid, align};
use super::course::{Course, eased};
use super::room::Room;
use super::similarity::Similarity;
use super::warp::{Lattice, warp};
use crate::proxy::Pictures;
use mmm_base::{Cancel, Speed, Time};
use mmm_facts::MediaError;
use mmm_media::{ClipFrame, ClipScaler, Crop, Yuv420};

/// A part of a clip with the correction that steadies each of its pictures.
pub(crate) struct Steadied {
    times: Vec<Time>,
    corrections: Vec<Similarity>,
    /// Time over which the corrections ease in and out.
    reach: Time,
    fitted: Option<Fitted>,
    /// Buffer for the frame before it is warped.
    around: Yuv420,
}

/// Corrections limited to the available room.
struct Fitted {
    room: Room,
    zoom: f64,
    corrections: Vec<Similarity>,
}

/// Motion is estimated in pictures of this many pixels on their longer side.
const SIDE_PX: u32 = 320;
/// Width of the smoothing weights, in time as shown. Movement faster than about once in two seconds is
/// removed as shake; slower movement is kept as the camera's path.
const WIDTH: Time = Time::from_millis(500);

impl Steadied {
    /// Analyses a part of a clip, from one time to another, that is shown at `speed`.
    ///
    /// # Errors
    /// If the clip can't be read. Cancellation stops early and returns what was found by then.
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
        // The first picture shown may begin before the part.
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
        // A fast clip is smoothed in time as shown, a slow one at least as much as at its own speed.
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

    /// Writes the steadied part `shown` of a frame into `to`, `size` pixels wide and high.
    ///
    /// # Errors
    /// Same as [`ClipScaler::to_yuv420`].
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
        // Scaled to the size at which it will be shown, so that no detail is lost before warping.
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

    /// Returns the zoom of the whole part, and the correction of the picture at a time.
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

/// Returns where the output pixels are in the picture of `room.around`, which is `large` pixels in size.
fn lattice(room: &Room, correction: &Similarity, zoom: f64, size: (u32, u32), large: (u32, u32)) -> Lattice {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let around = room.around;
    let ratio = (f64::from(large.0) / f64::from(around.width), f64::from(large.1) / f64::from(around.height));
    let place = |x: f64, y: f64| {
        let (x, y) = room.point(((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5), correction, zoom);
        ((x - f64::from(around.x)) * ratio.0 - 0.5, (y - f64::from(around.y)) * ratio.1 - 0.5)
    };
    let start = place(0.0, 0.0);
    // Computed from end to end, so that errors don't add up.
    let (right, down) = (place(width, 0.0), place(0.0, height));
    Lattice {
        start,
        right: ((right.0 - start.0) / width, (right.1 - start.1) / width),
        down: ((down.0 - start.0) / height, (down.1 - start.1) / height),
    }
}
