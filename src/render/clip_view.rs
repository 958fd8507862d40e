use super::RenderError;
use super::compose::{Place, backdrop_size, black, blur_planes, enlarged, lay, place};
use super::lift::Lift;
use super::look::LookTable;
use crate::base::{Digest, Time};
use crate::media::{ClipFrame, ClipScaler, Crop, MediaError, ProgressiveClip, Yuv420};
use crate::timeline::{Canvas, Framing, Profile, ShotView, Window};

/// Threads that decode a clip for a draft. Someone waits for a shot or two of it, and most of that
/// is decoding; final pieces keep every worker busy as it is.
const DRAFT_THREADS: usize = 2;

/// The frames of a clip at the movie's rate, whatever the source's own rate is, even or not.
pub(super) struct ClipFrames {
    reader: ProgressiveClip,
    source: Digest,
    framing: Framing,
    lift: Option<Lift>,
    look: Option<LookTable>,
    canvas: Canvas,
    from: Time,
    /// The frame that is shown, and the one after it.
    shown: Option<ClipFrame>,
    next: Option<ClipFrame>,
    front: ClipScaler,
    back: ClipScaler,
    /// The shown frame as it was last composed: a source slower than the movie is scaled once.
    composed: Option<(Time, Yuv420)>,
    /// Frames after the end of the source.
    held: u32,
}

/// Times of pictures are counted in milliseconds at worst.
const ROUNDING: Time = Time::from_millis(1);

/// How long the last picture of a source may be shown before it is one that stays.
const NEAR: Time = Time::from_millis(250);

impl ClipFrames {
    pub(super) fn open(
        path: &std::path::Path,
        shot: &ShotView,
        from: Time,
        canvas: Canvas,
        look: Option<LookTable>,
    ) -> Result<Self, RenderError> {
        let ShotView { source, framing, .. } = *shot;
        let failed = RenderError::of(source);
        let lift = Lift::of(shot.lift);
        let threads = if canvas.profile == Profile::Draft { DRAFT_THREADS } else { 1 };
        let mut reader = ProgressiveClip::open(path, threads).map_err(&failed)?;
        reader.seek(from).map_err(&failed)?;
        let (front, back) = (ClipScaler::default(), ClipScaler::default());
        let (shown, next, composed, held) = (None, None, None, 0);
        Ok(Self {
            reader,
            source,
            framing,
            lift,
            look,
            canvas,
            from,
            shown,
            next,
            front,
            back,
            composed,
            held,
        })
    }

    /// Frame `index` of the view; indices never fall. Past the end of the source its last frame
    /// stays.
    pub(super) fn frame(&mut self, index: u32) -> Result<Yuv420, RenderError> {
        let time = self.from + self.canvas.rate.time_of(i64::from(index));
        self.advance(time)?;
        let Some(shown) = &self.shown else {
            return Err(RenderError::of(self.source)(MediaError::NoPicture));
        };
        // Between two pictures nothing may have moved; after the last one there is nothing.
        self.held += u32::from(self.next.is_none() && time - shown.time > NEAR);
        if let Some((at, picture)) = &self.composed
            && *at == shown.time
        {
            return Ok(picture.clone());
        }
        let at = shown.time;
        let mut picture = self.compose()?;
        if let Some(lift) = &self.lift {
            lift.apply(&mut picture);
        }
        if let Some(look) = &self.look {
            look.apply(&mut picture);
        }
        self.composed = Some((at, picture.clone()));
        Ok(picture)
    }

    /// Frames for which the source had no picture any more.
    pub(super) fn held(&self) -> u32 {
        self.held
    }

    /// Reads on until the shown frame is the one that the source shows in the middle of the time for which the
    /// movie's frame at `time` is seen: neither too early nor too late on the average, whatever both rates are.
    fn advance(&mut self, time: Time) -> Result<(), RenderError> {
        // Just before the middle: there, of a source of twice the rate, one picture goes over into the next, and
        // the rounding of its times would decide.
        let middle =
            time + self.canvas.rate.time_of(1).scale(1, 2) - self.reader.tick().scale(5, 8).min(ROUNDING);
        loop {
            if self.next.is_none() {
                self.next = self.reader.next().map_err(RenderError::of(self.source))?;
            }
            let Some(next) = &self.next else { return Ok(()) };
            // A source whose times stand still or go back is shown in the order of its frames.
            if next.time > middle && self.shown.is_some() {
                return Ok(());
            }
            self.shown = self.next.take();
        }
    }

    fn compose(&mut self) -> Result<Yuv420, RenderError> {
        let failed = RenderError::of(self.source);
        let shown = self.shown.as_ref().ok_or_else(|| failed(MediaError::NoPicture))?;
        let size = shown.shown_size();
        let whole = Crop { x: 0, y: 0, width: size.0, height: size.1 };
        let canvas = (self.canvas.width, self.canvas.height);
        let spot = place(size, canvas);
        let mut ground = match self.framing {
            Framing::Crop(window) => {
                return self.front.to_yuv420(shown, crop_rect(window, size), canvas).map_err(failed);
            }
            Framing::Contain => black(canvas),
            Framing::Fill => {
                let small = self.back.to_yuv420(shown, cover(size, canvas), backdrop_size(canvas));
                enlarged(&blur_planes(&small.map_err(&failed)?), canvas)?
            }
        };
        let front = self.front.to_yuv420(shown, whole, (spot.width, spot.height)).map_err(failed)?;
        lay(&mut ground, &front, spot);
        Ok(ground)
    }
}

/// A window in whole pixels of a picture of `size`.
fn crop_rect(window: Window, size: (u32, u32)) -> Crop {
    let part = |value: i32, pixels: u32| {
        (u64::from(value.max(0) as u32) * u64::from(pixels) / Window::UNIT as u64) as u32
    };
    let (width, height) = (part(window.width, size.0).max(2), part(window.height, size.1).max(2));
    let x = part(window.x, size.0).min(size.0.saturating_sub(width));
    let y = part(window.y, size.1).min(size.1.saturating_sub(height));
    Crop { x, y, width, height }
}

/// The largest part of the canvas' shape in the middle of a picture.
fn cover(size: (u32, u32), canvas: (u32, u32)) -> Crop {
    let Place { x, y, width, height } = place(canvas, size);
    Crop { x, y, width, height }
}
