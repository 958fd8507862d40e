use super::ProxySources;
use super::RenderError;
use super::compose::{Place, backdrop_size, blacken, blur_planes, lay, place};
use super::lift::Lift;
use super::look::LookTable;
use super::proxy::Pictures;
use super::resample::{Resampler, Spot};
use super::steady::Steadied;
use mmm_base::{Cancel, Digest, Speed, Time};
use mmm_facts::Lack;
use mmm_facts::{Canvas, Framing, Pan, Profile, ShotView, Window};
use mmm_facts::{Flaw, MediaError};
use mmm_media::{ClipFrame, ClipScaler, Crop, Part, Yuv420};

/// Threads that decode a clip for a draft. Someone waits for a shot or two of it, and most of that
/// is decoding; final segments keep every worker busy as it is.
const DRAFT_THREADS: usize = 2;

/// The frames of a clip at the movie's rate and at the shot's speed, whatever the source's own rate is, even or not.
pub(super) struct ClipFrames {
    reader: Pictures,
    source: Digest,
    framing: Framing,
    lift: Option<Lift>,
    look: Option<LookTable>,
    canvas: Canvas,
    from: Time,
    speed: Speed,
    steadied: Option<Steadied>,
    /// The frame that is shown, and the one after it.
    shown: Option<ClipFrame>,
    next: Option<ClipFrame>,
    front: ClipScaler,
    back: ClipScaler,
    resampler: Resampler,
    /// The shown frame as it was composed, where it stays: a source slower than the movie is scaled once.
    composed: Option<(Time, Yuv420)>,
    /// Pictures on the way.
    strip: Yuv420,
    small: Yuv420,
    /// For each frame that lacks its picture, the source's time at which it should have been.
    lacking: Vec<Time>,
    /// Where the source ended early.
    end: Option<Time>,
}

/// Times of pictures are counted in milliseconds at worst.
const ROUNDING: Time = Time::from_millis(1);

impl ClipFrames {
    /// Opens what `shot` shows of a clip for so many frames, from a time in it on.
    pub(super) fn open(
        shot: &ShotView,
        (from, frames): (Time, u32),
        canvas: Canvas,
        sources: &dyn ProxySources,
        cancel: &Cancel,
    ) -> Result<Self, RenderError> {
        let (source, framing, speed) = (shot.source, shot.framing.clone(), shot.treatment.speed);
        let failed = RenderError::of(source);
        let lift = Lift::of(shot.treatment.lift);
        let look = LookTable::of(shot, sources)?;
        let path = sources.path(source).ok_or(RenderError::Gone { source_digest: source })?;
        let is_draft = canvas.profile == Profile::Draft;
        let to = from + speed.seen_in(canvas.rate.time_of(i64::from(frames)));
        let (first, last) = shot.steadied.map_or((from, to), |steady| (steady.0.min(from), steady.1.max(to)));
        let needed = (first.max(Time::ZERO), last);
        let small = if is_draft { sources.proxies(source, needed, cancel)? } else { Vec::new() };
        let threads = if is_draft { DRAFT_THREADS } else { 1 };
        let mut reader = Pictures::open(&path, &small, threads).map_err(&failed)?;
        let mut look_at = |stretch| Steadied::look(&mut reader, stretch, speed, cancel);
        let steadied = shot.steadied.map(&mut look_at).transpose().map_err(&failed)?;
        reader.seek(from).map_err(&failed)?;
        let (front, back) = (ClipScaler::default(), ClipScaler::default());
        let (shown, next, composed) = (None, None, None);
        let (lacking, end) = (Vec::new(), None);
        let resampler = Resampler::default();
        Ok(Self {
            reader,
            source,
            framing,
            lift,
            look,
            canvas,
            from,
            speed,
            steadied,
            shown,
            next,
            front,
            back,
            resampler,
            composed,
            strip: Yuv420::default(),
            small: Yuv420::default(),
            lacking,
            end,
        })
    }

    /// Makes `to` frame `index` of the view; indices may leave some out, and never fall. Past the end of the source its
    /// last frame stays.
    pub(super) fn frame(&mut self, index: u32, to: &mut Yuv420) -> Result<(), RenderError> {
        let (time, middle) = self.times(index);
        self.advance(middle)?;
        let Some(shown) = &self.shown else {
            return Err(RenderError::of(self.source)(MediaError::NoPicture));
        };
        // Between two pictures nothing may have moved; after the last one there is nothing.
        let is_over =
            self.next.is_none() && self.reader.ends_the_clip() && time - shown.time > Flaw::SHORTEST;
        if is_over {
            self.end = Some(shown.time + self.canvas.rate.time_of(1));
        }
        if is_over || self.reader.lacks(middle) {
            self.lacking.push(middle);
        }
        // A crop that moves goes on while the picture stands.
        if let Some((at, picture)) = &self.composed
            && *at == shown.time
            && !matches!(self.framing, Framing::Follow(_))
        {
            to.copy_from(picture);
            return Ok(());
        }
        let at = shown.time;
        self.compose(time, to)?;
        if let Some(lift) = &self.lift {
            lift.apply(to);
        }
        if let Some(look) = &self.look {
            look.apply(to);
        }
        let stays = self.next.as_ref().is_none_or(|next| next.time > self.times(index + 1).1);
        self.composed = stays.then(|| (at, to.clone()));
        Ok(())
    }

    /// The times of the source at which frame `index` begins, and of which it shows the picture.
    fn times(&self, index: u32) -> (Time, Time) {
        let time = self.from + self.speed.seen_in(self.canvas.rate.time_of(i64::from(index)));
        (time, self.middle(time))
    }

    /// The stretches of the source whose pictures the frames lack, and for how many frames each.
    pub(super) fn lacks(self) -> Result<Vec<Lack>, RenderError> {
        if self.lacking.is_empty() {
            return Ok(Vec::new());
        }
        let source = self.source;
        let mut flaws = self.reader.into_flaws().map_err(RenderError::of(source))?;
        flaws.extend(self.end.map(|from| Flaw { from, to: None }));
        let lack = |flaw: Flaw| {
            let frames = self.lacking.iter().filter(|time| flaw.covers(**time)).count() as u32;
            (frames > 0).then_some(Lack { source, flaw, frames })
        };
        Ok(Flaw::merged(flaws).into_iter().filter_map(lack).collect())
    }

    /// The middle of the time for which the movie's frame at `time` is seen: the picture of it is neither too
    /// early nor too late on the average, whatever both rates are.
    fn middle(&self, time: Time) -> Time {
        // Just before the middle: there, of a source of twice the rate, one picture goes over into the next, and
        // the rounding of its times would decide.
        time + self.speed.seen_in(self.canvas.rate.time_of(1)).scale(1, 2)
            - self.reader.tick().scale(5, 8).min(ROUNDING)
    }

    /// Reads on until the shown frame is the one that the source shows at `middle`. Of pictures that are damaged,
    /// or made from such, none is shown as long as there was a whole one before.
    fn advance(&mut self, middle: Time) -> Result<(), RenderError> {
        loop {
            if self.next.is_none() {
                self.next = self.reader.next().map_err(RenderError::of(self.source))?;
            }
            let Some(next) = &self.next else { return Ok(()) };
            if self.shown.is_some() && self.reader.lacks(next.time) {
                self.next = None;
                continue;
            }
            // A source whose times stand still or go back is shown in the order of its frames.
            if next.time > middle && self.shown.is_some() {
                return Ok(());
            }
            self.shown = self.next.take();
        }
    }

    /// Makes `to` the shown frame as it is seen at a time of the source.
    fn compose(&mut self, time: Time, to: &mut Yuv420) -> Result<(), RenderError> {
        let failed = RenderError::of(self.source);
        let shown = self.shown.as_ref().ok_or_else(|| failed(MediaError::NoPicture))?;
        let size = shown.shown_size();
        let whole = Crop { x: 0, y: 0, width: size.0, height: size.1 };
        let canvas = (self.canvas.width, self.canvas.height);
        let spot = place(size, canvas);
        if let Framing::Follow(pan) = &self.framing {
            let part = part_at(pan, time);
            let taken = match &mut self.steadied {
                // Nothing of it is known before it is steadied: all of the picture, as large as its part is seen.
                Some(steadied) => steadied
                    .show(shown, whole, whole_size(part, canvas), &mut self.front, &mut self.strip)
                    .map(|()| Part { x: 0.0, y: 0.0, width: 1.0, height: 1.0 }),
                None => self.front.strip(shown, part, &mut self.strip),
            };
            let spot = spot_in((&self.strip, taken.map_err(failed)?), part);
            return self.resampler.part(&self.strip, spot, canvas, to);
        }
        let (scaler, steadied) = (&mut self.front, &mut self.steadied);
        let mut front = |crop: Crop, size: (u32, u32), to: &mut Yuv420| {
            let made = match steadied {
                Some(steadied) => steadied.show(shown, crop, size, scaler, to),
                None => scaler.to_yuv420(shown, crop, size, to),
            };
            made.map_err(&failed)
        };
        match &self.framing {
            Framing::Crop(window) => return front(crop_rect(*window, size), canvas, to),
            Framing::Contain | Framing::Follow(_) => blacken(to, canvas),
            Framing::Fill => {
                let small = backdrop_size(canvas);
                let made = self.back.to_yuv420(shown, cover(size, canvas), small, &mut self.small);
                made.map_err(&failed)?;
                let whole = Spot { x: 0.0, y: 0.0, width: f64::from(small.0), height: f64::from(small.1) };
                self.resampler.part(&blur_planes(&self.small), whole, canvas, to)?;
            }
        }
        front(whole, (spot.width, spot.height), &mut self.strip)?;
        lay(to, &self.strip, spot);
        Ok(())
    }
}

/// The part of the picture that a pan shows at a time of the source.
fn part_at(pan: &Pan, time: Time) -> Part {
    let of = |value: f64| value / f64::from(Window::UNIT);
    let (x, y) = pan.corner(time);
    Part { x: of(x), y: of(y), width: of(f64::from(pan.size.0)), height: of(f64::from(pan.size.1)) }
}

/// The size of a picture of which a part is as large as the canvas; even.
fn whole_size(part: Part, canvas: (u32, u32)) -> (u32, u32) {
    let whole =
        |pixels: u32, part: f64| ((f64::from(pixels) / part.max(0.05) / 2.0).round() as u32 * 2).max(2);
    (whole(canvas.0, part.width), whole(canvas.1, part.height))
}

/// A part of a frame in pixels of a picture of a larger part of it.
fn spot_in((picture, taken): (&Yuv420, Part), part: Part) -> Spot {
    let across = f64::from(picture.width) / taken.width;
    let down = f64::from(picture.height) / taken.height;
    Spot {
        x: (part.x - taken.x) * across,
        y: (part.y - taken.y) * down,
        width: part.width * across,
        height: part.height * down,
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
