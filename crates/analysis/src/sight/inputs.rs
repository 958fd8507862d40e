//! Pictures in the form that models take.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::RgbView;
use crate::net::Tensor;

/// A part of a picture, in pixels from its top left.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Part {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Part {
    /// Returns the whole of a picture.
    pub fn whole(picture: &RgbView) -> Self {
        Self { x: 0.0, y: 0.0, width: picture.width() as f64, height: picture.height() as f64 }
    }
}

/// A square part of a picture that may be turned and may reach beyond the picture's edges.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct TurnedSquare {
    /// The middle, in pixels.
    pub middle: (f64, f64),
    /// The length of a side, in pixels.
    pub side: f64,
    /// Clockwise, in radians.
    pub turn: f64,
}

/// Returns a part of a picture in another size: [1, 3, height, width], red, green and blue, 0..=255.
pub(super) fn image(picture: &RgbView, part: Part, size: (usize, usize)) -> Tensor {
    image_by(picture, part, size, FilterType::Bilinear)
}

/// Does the same with another way of weighting pixels.
pub(super) fn image_by(
    picture: &RgbView,
    part: Part,
    (width, height): (usize, usize),
    filter: FilterType,
) -> Tensor {
    let pixels = resized(picture, part, (width, height), filter);
    let channel = |channel: usize| pixels.iter().map(move |pixel| f32::from(pixel.0[channel]));
    Tensor::new(&[1, 3, height, width], (0..3).flat_map(channel).collect())
}

/// Returns a part of a picture in another size. Each pixel is a mean of those that it covers, weighted by the
/// filter.
fn resized(picture: &RgbView, part: Part, (width, height): (usize, usize), filter: FilterType) -> Vec<U8x3> {
    let pixels: Vec<U8x3> = picture.pixels().map(U8x3::new).collect();
    let source = TypedImageRef::new(picture.width() as u32, picture.height() as u32, &pixels)
        .expect("a view has as many pixels as its size says");
    let mut target = TypedImage::new(width as u32, height as u32);
    let filter = ResizeAlg::Convolution(filter);
    let options = ResizeOptions::new().resize_alg(filter).crop(part.x, part.y, part.width, part.height);
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .expect("the part lies in the picture and both have pixels");
    target.pixels().to_vec()
}

/// Returns a turned square of a picture: [1, 3, side, side], 0..=255. What lies beyond the picture's edges is
/// black.
pub(super) fn turned_image(picture: &RgbView, square: TurnedSquare, side: usize) -> Tensor {
    let scale = square.side / side as f64;
    let (sin, cos) = (libm::sin(square.turn), libm::cos(square.turn));
    let mut values = vec![0.0; 3 * side * side];
    for row in 0..side {
        for column in 0..side {
            let right = (column as f64 + 0.5 - side as f64 / 2.0) * scale;
            let down = (row as f64 + 0.5 - side as f64 / 2.0) * scale;
            let x = square.middle.0 + right * cos - down * sin - 0.5;
            let y = square.middle.1 + right * sin + down * cos - 0.5;
            for (channel, value) in between(picture, x, y).into_iter().enumerate() {
                values[(channel * side + row) * side + column] = value;
            }
        }
    }
    Tensor::new(&[1, 3, side, side], values)
}

/// Returns the colour at a place between pixels.
fn between(picture: &RgbView, x: f64, y: f64) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (part_x, part_y) = ((x - left) as f32, (y - top) as f32);
    let at = |x: f64, y: f64| pixel(picture, x, y);
    let mix = |one: [f32; 3], other: [f32; 3], part: f32| -> [f32; 3] {
        std::array::from_fn(|i| one[i] + (other[i] - one[i]) * part)
    };
    let above = mix(at(left, top), at(left + 1.0, top), part_x);
    let below = mix(at(left, top + 1.0), at(left + 1.0, top + 1.0), part_x);
    mix(above, below, part_y)
}

fn pixel(picture: &RgbView, x: f64, y: f64) -> [f32; 3] {
    let is_inside = x >= 0.0 && y >= 0.0 && x < picture.width() as f64 && y < picture.height() as f64;
    if !is_inside {
        return [0.0; 3];
    }
    let row = picture.row(y as usize);
    std::array::from_fn(|channel| f32::from(row[3 * x as usize + channel]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_square_shows_what_is_turned_upright() {
        // Red at the top, blue at the bottom, turned by a quarter.
        let mut pixels = [[200, 0, 0]; 8 * 8];
        pixels[32..].fill([0, 0, 200]);
        let bytes: Vec<u8> = pixels.concat();
        let picture = RgbView::new(8, 8, &bytes).unwrap();
        let square = |turn| TurnedSquare { middle: (4.0, 4.0), side: 8.0, turn };
        let upright = turned_image(&picture, square(0.0), 4).values;
        assert_eq!((upright[0] > 180.0, upright[2 * 16]), (true, 0.0));
        let quarter = turned_image(&picture, square(std::f64::consts::FRAC_PI_2), 4).values;
        // The top left of the square is now the top right of the picture, its top right the bottom right.
        assert!(quarter[0] > 180.0 && quarter[2 * 16 + 3] > 180.0, "{quarter:?}");
    }

    #[test]
    fn an_image_has_its_channels_one_after_the_other() {
        let bytes = [10, 20, 30].repeat(16);
        let picture = RgbView::new(4, 4, &bytes).unwrap();
        let tensor = image(&picture, Part::whole(&picture), (2, 2));
        assert_eq!(tensor.shape, [1, 3, 2, 2]);
        assert_eq!(tensor.values, [[10.0; 4], [20.0; 4], [30.0; 4]].concat());
    }
}
