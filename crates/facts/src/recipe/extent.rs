use crate::{Canvas, Framing, PictureSource, ShotView, Window};

/// A rectangle on a picture, as fractions of its width and height; it may extend beyond the picture's edges.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Extent {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Extent {
    const WHOLE: Self = Self { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

    /// Converts a part of this rectangle, in fractions of its sides, to a rectangle on the picture.
    fn part(&self, part: &Self) -> Self {
        Self {
            x: self.x + part.x * self.width,
            y: self.y + part.y * self.height,
            width: part.width * self.width,
            height: part.height * self.height,
        }
    }
}

impl From<Window> for Extent {
    fn from(window: Window) -> Self {
        let part = |value: i32| f64::from(value) / f64::from(Window::UNIT);
        Self { x: part(window.x), y: part(window.y), width: part(window.width), height: part(window.height) }
    }
}

impl Framing {
    /// Returns the part of a picture of `size` pixels (upright) that the whole canvas shows if nothing moves.
    /// If the picture does not fill the canvas, the rectangle is larger than the picture.
    pub fn shown(&self, size: (u32, u32), canvas: Canvas) -> Extent {
        let shape = |(width, height): (u32, u32)| f64::from(width.max(1)) / f64::from(height.max(1));
        let wider = shape((canvas.width, canvas.height)) / shape(size);
        match self {
            Self::Crop(window) => (*window).into(),
            Self::Follow(pan) => pan.window(pan.start).into(),
            Self::Fill | Self::Contain => {
                let (width, height) = (wider.max(1.0), (1.0 / wider).max(1.0));
                Extent { x: (1.0 - width) / 2.0, y: (1.0 - height) / 2.0, width, height }
            }
        }
    }
}

impl ShotView {
    /// Returns the part of the source, of `size` pixels (upright), that is visible in frame `index` of the
    /// view.
    pub fn seen(&self, index: u32, size: (u32, u32), canvas: Canvas) -> Extent {
        match (&self.picture, &self.framing) {
            (PictureSource::Photo(photo), framing) => {
                let (from, to): (Extent, Extent) = (photo.motion.from.into(), photo.motion.to.into());
                let part = photo.progress(index);
                let mix = |from: f64, to: f64| from + (to - from) * part;
                framing.shown(size, canvas).part(&Extent {
                    x: mix(from.x, to.x),
                    y: mix(from.y, to.y),
                    width: mix(from.width, to.width),
                    height: mix(from.height, to.height),
                })
            }
            (PictureSource::Clip(from), Framing::Follow(pan)) => {
                pan.window(*from + self.treatment.speed.seen_in(canvas.rate.time_of(i64::from(index)))).into()
            }
            (PictureSource::Clip(_), framing) => framing.shown(size, canvas).part(&Extent::WHOLE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Profile;
    use mmm_spec::{Aspect, Codec};

    #[test]
    fn a_picture_on_its_backdrop_is_seen_with_what_is_beside_it() {
        let canvas = Canvas::of(Aspect::Wide, Codec::H264, Profile::Final);
        let tall = Framing::Fill.shown((1080, 1920), canvas);
        assert!((tall.width - 3.160_493_8).abs() < 1e-6 && tall.height == 1.0, "{tall:?}");
        assert!((tall.x + tall.width / 2.0 - 0.5).abs() < 1e-9);
        assert_eq!(Framing::Contain.shown((3840, 2160), canvas), Extent::WHOLE);
    }
}
