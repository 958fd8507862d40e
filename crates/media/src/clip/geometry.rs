use ffmpeg_next::codec::packet::side_data::Type;
use ffmpeg_next::{Rational, Stream, frame};

use mmm_facts::Orientation;

/// How the stored frames of a clip become the frames shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Geometry {
    pub orientation: Orientation,
    /// Aspect ratio of a stored pixel: width to height, as a fraction.
    pub aspect: (u32, u32),
    /// What the headers say of the coded pictures.
    coded: Coded,
}

/// The shape of a coded picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Coded {
    /// Width and height in pixels.
    size: (u32, u32),
    /// The aspect ratio of a pixel, if the codec and not the container decides it.
    aspect: Option<(u32, u32)>,
}

impl Geometry {
    pub fn of(stream: &Stream<'_>) -> Self {
        let matrix = stream.side_data().find(|data| data.kind() == Type::DisplayMatrix);
        let orientation = matrix.and_then(|data| turned_by(data.data())).unwrap_or(Orientation::UPRIGHT);
        // SAFETY: the stream and its parameters are alive as long as their container.
        let (outer, inner, size) = unsafe {
            let stream = &*stream.as_ptr();
            let parameters = &*stream.codecpar;
            let size = (parameters.width.max(0) as u32, parameters.height.max(0) as u32);
            (stream.sample_aspect_ratio, parameters.sample_aspect_ratio, size)
        };
        let (outer, inner) = (ratio(outer.into()), ratio(inner.into()));
        let decided_by_codec = inner.filter(|inner| outer.is_none_or(|outer| is_same(outer, *inner)));
        let coded = Coded { size, aspect: decided_by_codec };
        Self { orientation, aspect: outer.or(inner).unwrap_or((1, 1)), coded }
    }

    /// Returns how a decoded frame of the stream is shown. If its size or its pixels differ from what the
    /// headers say, the stream has changed its shape, and the frame's own shape counts.
    pub fn of_frame(self, frame: &frame::Video) -> Self {
        let Some(own) = ratio(frame.aspect_ratio()) else { return self };
        let has_other_size = (frame.width(), frame.height()) != self.coded.size;
        let has_other_pixels = self.coded.aspect.is_some_and(|coded| !is_same(coded, own));
        if has_other_size || has_other_pixels { Self { aspect: own, ..self } } else { self }
    }

    /// Returns the size at which a stored frame is shown.
    pub fn shown(self, width: u32, height: u32) -> (u32, u32) {
        let (num, den) = (u64::from(self.aspect.0), u64::from(self.aspect.1));
        let wide = ((u64::from(width) * num + den / 2) / den).clamp(1, u64::from(u32::MAX)) as u32;
        if self.orientation.is_sideways() { (height, wide) } else { (wide, height) }
    }
}

/// Returns the aspect ratio of a pixel, if it is a likely one.
fn ratio(ratio: Rational) -> Option<(u32, u32)> {
    let sides = (ratio.numerator().max(0) as u32, ratio.denominator().max(0) as u32);
    // No camera uses pixels beyond 1:8; such a ratio is an error in the file.
    let likely = sides.0 > 0 && sides.1 > 0 && sides.0 / 8 <= sides.1 && sides.1 / 8 <= sides.0;
    likely.then_some(sides)
}

fn is_same(one: (u32, u32), other: (u32, u32)) -> bool {
    u64::from(one.0) * u64::from(other.1) == u64::from(other.0) * u64::from(one.1)
}

/// Returns the orientation nearest to a display matrix: nine numbers in native byte order, row by row, of
/// which the first two of the first two rows rotate the picture (ISO/IEC 14496-12, 8.2.2: x' = a·x + c·y, y'
/// = b·x + d·y).
fn turned_by(matrix: &[u8]) -> Option<Orientation> {
    let number = |at: usize| Some(i64::from(i32::from_ne_bytes(*matrix.get(at * 4..)?.first_chunk()?)));
    let (a, b, c, d) = (number(0)?, number(1)?, number(3)?, number(4)?);
    let straight = a.abs() + d.abs() >= b.abs() + c.abs();
    let exif = match (straight, if straight { (a < 0, d < 0) } else { (b < 0, c < 0) }) {
        (true, (false, false)) => 1,
        (true, (true, false)) => 2,
        (true, (true, true)) => 3,
        (true, (false, true)) => 4,
        (false, (false, false)) => 5,
        (false, (false, true)) => 6,
        (false, (true, true)) => 7,
        (false, (true, false)) => 8,
    };
    Some(Orientation::from_exif(exif))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_of_phones_become_exif_numbers() {
        let turned = |[a, b, c, d]: [i32; 4]| {
            let one = 1 << 16;
            let matrix = [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30];
            let bytes: Vec<u8> = matrix.iter().flat_map(|number: &i32| number.to_ne_bytes()).collect();
            turned_by(&bytes).unwrap().exif()
        };
        assert_eq!(turned([1, 0, 0, 1]), 1);
        assert_eq!(turned([-1, 0, 0, 1]), 2);
        assert_eq!(turned([-1, 0, 0, -1]), 3);
        assert_eq!(turned([1, 0, 0, -1]), 4);
        assert_eq!(turned([0, 1, 1, 0]), 5);
        // An iPhone held upright: must be rotated to the right.
        assert_eq!(turned([0, 1, -1, 0]), 6);
        assert_eq!(turned([0, -1, -1, 0]), 7);
        assert_eq!(turned([0, -1, 1, 0]), 8);
        assert_eq!(turned_by(&[0; 8]), None);
    }

    #[test]
    fn wide_pixels_widen_the_shown_picture() {
        let dv = Geometry { orientation: Orientation::UPRIGHT, aspect: (64, 45), coded: Coded::default() };
        assert_eq!(dv.shown(720, 576), (1024, 576));
        let sideways = Geometry { orientation: Orientation::from_exif(6), aspect: (1, 1), ..dv };
        assert_eq!(sideways.shown(1280, 720), (720, 1280));
    }

    #[test]
    fn a_frame_of_another_shape_is_shown_in_its_own() {
        let coded = Coded { size: (720, 576), aspect: Some((64, 45)) };
        let wide = Geometry { orientation: Orientation::UPRIGHT, aspect: (64, 45), coded };
        let by_container = Geometry { coded: Coded { aspect: None, ..coded }, ..wide };
        let frame = |width, height, aspect: (i32, i32)| {
            let mut frame = frame::Video::new(ffmpeg_next::format::Pixel::YUV420P, width, height);
            // SAFETY: sets a number of a frame that is ours.
            unsafe { (*frame.as_mut_ptr()).sample_aspect_ratio = Rational(aspect.0, aspect.1).into() };
            frame
        };
        let aspect = |geometry: Geometry, frame: frame::Video| geometry.of_frame(&frame).aspect;
        assert_eq!(aspect(wide, frame(720, 576, (64, 45))), (64, 45));
        assert_eq!(aspect(wide, frame(720, 576, (16, 15))), (16, 15));
        assert_eq!(aspect(wide, frame(720, 576, (0, 1))), (64, 45));
        assert_eq!(aspect(by_container, frame(720, 576, (16, 15))), (64, 45));
        assert_eq!(aspect(by_container, frame(1280, 720, (1, 1))), (1, 1));
    }
}
