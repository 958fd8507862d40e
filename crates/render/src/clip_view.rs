use super::ProxySources;
use super::RenderError;
use super::compose::{Place, backdrop_size, blacken, blur_planes, lay, place};
use super::lift::Lift;
use super::look::LookTable;
use super::proxy::Pictures;
use super::resample::{Resampler, Spot};
use super::steady::Steadied;
use mmm_base::{Cancel, Digest, Score, Speed, Time};
use mmm_facts::Lack;
use mmm_facts::{Canvas, Framing, Pan, Profile, ShotView, Window};
use mmm_facts::{Flaw, MediaError};
use mmm_media::{ClipFrame, ClipScaler, Crop, Part, Yuv420};

/// The frames of a clip at the movie's rate and the shot's speed; the source's rate may differ or vary.
pub(super) struct ClipFrames {
    reader: Pictures,
    source: Digest,
    framing: Framing,
    may_fill: bool,
    lift: Option<Lift>,
    look: Option<LookTable>,
    canvas: Canvas,
    from: Time,
    speed: Speed,
    steadied: Option<Steadied>,
    /// The frame that is currently shown, and the next one.
    shown: Option<ClipFrame>,
    next: Option<ClipFrame>,
    front: ClipScaler,
    back: ClipScaler,
    resampler: Resampler,
    /// The shown frame after composing, if it may repeat: a source slower than the movie is scaled only once
    /// per frame.
    composed: Option<(Time, Yuv420)>,
    /// Buffers for intermediate pictures.
    strip: Yuv420,
    small: Yuv420,
    /// The source time of each frame whose picture is missing or damaged.
    lacking: Vec<Time>,
    /// Where the source ended early.
    end: Option<Time>,
}

/// A crop that `fit: auto` applies to a frame of another shape keeps at least this fraction of it, as the
/// planner's crops do.
const LEAST_KEPT: f64 = 0.6;

/// In drafts, clips that are reduced this much are decoded without the loop filter, which saves a fifth of the
/// time: the edges of blocks that it smooths are averaged away.
const UNFILTERED: f64 = 2.0;

/// The coarsest unit in which containers count time.
const ROUNDING: Time = Time::from_millis(1);

impl ClipFrames {
    /// Opens the clip of `shot` from a time in it, for a number of movie frames.
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
        let small = match shot.stretch(frames, canvas.rate) {
            Some(stretch) if is_draft => sources.proxies(source, stretch, cancel)?,
            _ => Vec::new(),
        };
        let mut reader = Pictures::open(&path, &small, sources.threads()).map_err(&failed)?;
        if is_draft {
            let size = (canvas.width, canvas.height);
            reader.skip_loop_filter_if(|clip| reduction(&framing, clip, size, from) >= UNFILTERED);
        }
        let mut look_at = |stretch| Steadied::look(&mut reader, stretch, speed, cancel);
        let steadied = shot.steadied.map(&mut look_at).transpose().map_err(&failed)?;
        reader.seek(from).map_err(&failed)?;
        let scaler = if is_draft { ClipScaler::for_drafts } else { ClipScaler::default };
        let (front, back) = (scaler(), scaler());
        let (shown, next, composed) = (None, None, None);
        let (lacking, end) = (Vec::new(), None);
        let resampler = Resampler::default();
        Ok(Self {
            reader,
            source,
            framing,
            may_fill: shot.may_fill,
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

    /// Renders frame `index` of the view into `to`. `index` may skip frames but never decreases. After the
    /// end of the source, its last frame stays.
    pub(super) fn frame(&mut self, index: u32, to: &mut Yuv420) -> Result<(), RenderError> {
        let (time, middle) = self.times(index);
        self.advance(middle)?;
        let Some(shown) = &self.shown else {
            return Err(RenderError::of(self.source)(MediaError::NoPicture));
        };
        // A gap between two pictures may be a still scene, but after the last picture the source has ended.
        let is_over =
            self.next.is_none() && self.reader.ends_the_clip() && time - shown.time > Flaw::SHORTEST;
        if is_over {
            self.end = Some(shown.time + self.canvas.rate.time_of(1));
        }
        if is_over || self.reader.lacks(middle) {
            self.lacking.push(middle);
        }
        // A moving crop continues while the picture stays the same.
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

    /// Returns the source time at which frame `index` begins, and the one whose picture it shows.
    fn times(&self, index: u32) -> (Time, Time) {
        let time = self.from + self.speed.seen_in(self.canvas.rate.time_of(i64::from(index)));
        (time, self.middle(time))
    }

    /// Returns the ranges of the source whose pictures are missing, with the number of frames affected by
    /// each.
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

    /// Returns the middle of the time for which the movie's frame at `time` is shown. The picture at that
    /// time is neither early nor late on average, whatever the two rates are.
    fn middle(&self, time: Time) -> Time {
        // Slightly before the middle: in a source of twice the rate, one picture changes to the next exactly
        // there, and rounding would decide.
        time + self.speed.seen_in(self.canvas.rate.time_of(1)).scale(1, 2)
            - self.reader.tick().scale(5, 8).min(ROUNDING)
    }

    /// Reads on until `shown` is the frame that the source shows at `middle`. Damaged pictures, and those
    /// that depend on them, are skipped once there is an intact one.
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
            // Shows a source whose times don't increase in the order of its frames.
            if next.time > middle && self.shown.is_some() {
                return Ok(());
            }
            self.shown = self.next.take();
        }
    }

    /// Composes the shown frame into `to` as it appears at a source time.
    fn compose(&mut self, time: Time, to: &mut Yuv420) -> Result<(), RenderError> {
        let failed = RenderError::of(self.source);
        let shown = self.shown.as_ref().ok_or_else(|| failed(MediaError::NoPicture))?;
        let size = shown.shown_size();
        let whole = Crop { x: 0, y: 0, width: size.0, height: size.1 };
        let canvas = (self.canvas.width, self.canvas.height);
        let spot = place(size, canvas);
        let refitted = refit(&self.framing, self.may_fill, size, canvas, time);
        let framing = refitted.as_ref().unwrap_or(&self.framing);
        if let Framing::Follow(pan) = framing {
            let part = part_at(pan, time);
            let taken = match &mut self.steadied {
                // The steadied view is only known for the whole picture, so all of it is rendered at the
                // scale of its part.
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
        match framing {
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

/// Returns the framing of a frame of `size` (as shown) at a source time, if the crop that was planned would
/// distort it: the clip has changed its shape. The crop then has the shape of the canvas again, around the
/// same point, unless the frame `may_fill` the canvas and the crop would lose much of it.
fn refit(
    planned: &Framing,
    may_fill: bool,
    size: (u32, u32),
    canvas: (u32, u32),
    time: Time,
) -> Option<Framing> {
    let window = planned.window(time)?;
    let across = i128::from(window.width) * i128::from(size.0) * i128::from(canvas.1);
    let down = i128::from(window.height) * i128::from(size.1) * i128::from(canvas.0);
    if (across - down).abs() * 100 <= across.max(down) {
        return None;
    }
    let unit = f64::from(Window::UNIT);
    let middle = |start: i32, length: i32| Score::new((f64::from(start) + f64::from(length) / 2.0) / unit);
    let middle = (middle(window.x, window.width), middle(window.y, window.height));
    let crop = Window::cover(size, canvas, middle);
    let kept = f64::from(crop.width) / unit * f64::from(crop.height) / unit;
    Some(if may_fill && kept < LEAST_KEPT { Framing::Fill } else { Framing::Crop(crop) })
}

/// Returns how many pixels of a clip, in a row or a column, become one pixel of the canvas.
fn reduction(framing: &Framing, clip: (u32, u32), canvas: (u32, u32), time: Time) -> f64 {
    let ratio = |pixels: u32, of: u32| f64::from(pixels) / f64::from(of.max(1));
    let (across, down) = (ratio(clip.0, canvas.0), ratio(clip.1, canvas.1));
    let unit = f64::from(Window::UNIT);
    match framing.window(time) {
        Some(Window { width, height, .. }) => {
            (across * f64::from(width) / unit).min(down * f64::from(height) / unit)
        }
        None => across.max(down),
    }
}

/// Returns the part of the picture that a pan shows at a source time.
fn part_at(pan: &Pan, time: Time) -> Part {
    let of = |value: f64| value / f64::from(Window::UNIT);
    let (x, y) = pan.corner(time);
    Part { x: of(x), y: of(y), width: of(f64::from(pan.size.0)), height: of(f64::from(pan.size.1)) }
}

/// Returns the even size of a picture at which `part` of it is as large as the canvas.
fn whole_size(part: Part, canvas: (u32, u32)) -> (u32, u32) {
    let whole =
        |pixels: u32, part: f64| ((f64::from(pixels) / part.max(0.05) / 2.0).round() as u32 * 2).max(2);
    (whole(canvas.0, part.width), whole(canvas.1, part.height))
}

/// Converts a part of a frame to pixels of `picture`, which covers a larger part of it.
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

/// Converts a window to whole pixels of a picture of `size`.
fn crop_rect(window: Window, size: (u32, u32)) -> Crop {
    let part = |value: i32, pixels: u32| {
        (u64::from(value.max(0) as u32) * u64::from(pixels) / Window::UNIT as u64) as u32
    };
    let (width, height) = (part(window.width, size.0).max(2), part(window.height, size.1).max(2));
    let x = part(window.x, size.0).min(size.0.saturating_sub(width));
    let y = part(window.y, size.1).min(size.1.saturating_sub(height));
    Crop { x, y, width, height }
}

/// Returns the largest centred part of a picture with the canvas' aspect ratio.
fn cover(size: (u32, u32), canvas: (u32, u32)) -> Crop {
    let Place { x, y, width, height } = place(canvas, size);
    Crop { x, y, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Pan;

    const WIDE: (u32, u32) = (1920, 1080);
    const MIDDLE: (Score, Score) = (Score::HALF, Score::HALF);

    #[test]
    fn a_clip_is_reduced_by_what_is_shown_of_it() {
        let (upright, small) = ((1080, 1920), (640, 360));
        let reduction = |framing: &Framing, clip| reduction(framing, clip, small, Time::ZERO);
        assert_eq!(reduction(&Framing::Crop(Window::WHOLE), WIDE), 3.0);
        let half = Window { width: Window::UNIT / 2, height: Window::UNIT / 2, ..Window::WHOLE };
        assert_eq!(reduction(&Framing::Crop(half), WIDE), 1.5);
        assert_eq!(reduction(&Framing::Fill, upright), 1920.0 / 360.0);
        assert_eq!(reduction(&Framing::Contain, (640, 360)), 1.0);
    }

    #[test]
    fn frames_of_the_planned_shape_keep_their_crop() {
        for size in [(1280, 720), (1440, 1080), (1080, 1920), (1916, 1080)] {
            let planned = Framing::Crop(Window::cover(size, WIDE, MIDDLE));
            assert_eq!(refit(&planned, true, size, WIDE, Time::ZERO), None, "{size:?}");
            let half = (size.0 / 2, size.1 / 2);
            assert_eq!(refit(&planned, true, half, WIDE, Time::ZERO), None, "{half:?}");
        }
        for whole in [Framing::Fill, Framing::Contain] {
            assert_eq!(refit(&whole, true, (1080, 1920), WIDE, Time::ZERO), None);
        }
    }

    #[test]
    fn a_frame_of_another_shape_gets_a_crop_of_its_own_or_is_shown_whole() {
        let planned = Framing::Crop(Window::WHOLE);
        let crop = |size, may_fill| refit(&planned, may_fill, size, WIDE, Time::ZERO);
        for (size, may_fill) in [((1080, 1920), false), ((320, 240), true), ((320, 240), false)] {
            let window = Window::cover(size, WIDE, MIDDLE);
            assert_eq!(crop(size, may_fill), Some(Framing::Crop(window)), "{size:?}");
        }
        assert_eq!(crop((1080, 1920), true), Some(Framing::Fill));
        // A crop that follows something stays where it is at that time.
        let pan = Pan { size: (316_406, 1_000_000), start: Time::ZERO, corners: vec![(600_000, 0)] };
        let Some(Framing::Crop(window)) =
            refit(&Framing::Follow(pan), false, (1080, 1080), (1080, 1920), Time::ZERO)
        else {
            panic!("a crop")
        };
        assert_eq!((window.width, window.height), (562_500, 1_000_000));
        assert!((window.x - 437_500).abs() < 1000, "{window:?}");
    }
}
