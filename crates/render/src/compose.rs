//! Places pictures over a blurred copy of themselves.

use mmm_media::{RgbPicture, Yuv420};

/// The position and size of a contained picture, in pixels; all even.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Brightness of the backdrop in 256ths: it must not outshine the picture.
const BACKDROP_LIGHT: u32 = 166;

/// Returns the size of a backdrop before blurring; it is small, because no detail remains.
pub(super) fn backdrop_size(size: (u32, u32)) -> (u32, u32) {
    let small = |pixels: u32| (pixels / 24).max(8).next_multiple_of(2);
    (small(size.0), small(size.1))
}

/// Returns the largest centred place for a picture of `size` on `ground`.
pub(super) fn place(size: (u32, u32), ground: (u32, u32)) -> Place {
    let (width, height) = (u64::from(size.0.max(1)), u64::from(size.1.max(1)));
    let (wide, high) = (u64::from(ground.0), u64::from(ground.1));
    let (fit_w, fit_h) = if width * high > wide * height {
        (wide, height * wide / width)
    } else {
        (width * high / height, high)
    };
    let even = |pixels: u64| (pixels.max(2) as u32) & !1;
    let (fit_w, fit_h) = (even(fit_w), even(fit_h));
    Place { x: ((ground.0 - fit_w) / 2) & !1, y: ((ground.1 - fit_h) / 2) & !1, width: fit_w, height: fit_h }
}

/// Blurs and darkens a backdrop. Three box blurs approximate a Gaussian.
pub(super) fn blur(picture: &RgbPicture) -> RgbPicture {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut pixels: Vec<u8> =
        picture.pixels.iter().map(|&light| (u32::from(light) * BACKDROP_LIGHT / 256) as u8).collect();
    for _ in 0..3 {
        pixels = box_blur(&pixels, width, height, 3, 3);
        pixels = box_blur(&pixels, width, height, width * 3, 3);
    }
    RgbPicture { width: picture.width, height: picture.height, pixels }
}

/// Blurs and darkens a picture in planes.
pub(super) fn blur_planes(picture: &Yuv420) -> Yuv420 {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let plane = |pixels: &[u8], width: usize, height: usize| {
        let mut pixels = pixels.to_vec();
        for _ in 0..3 {
            pixels = box_blur(&pixels, width, height, 1, 1);
            pixels = box_blur(&pixels, width, height, width, 1);
        }
        pixels
    };
    let dark = |&light: &u8| (16 + u32::from(light.saturating_sub(16)) * BACKDROP_LIGHT / 256) as u8;
    let grey = |&tint: &u8| (128 + (i32::from(tint) - 128) * BACKDROP_LIGHT as i32 / 256) as u8;
    Yuv420 {
        width: picture.width,
        height: picture.height,
        y: plane(&picture.y.iter().map(dark).collect::<Vec<_>>(), width, height),
        u: plane(&picture.u.iter().map(grey).collect::<Vec<_>>(), width / 2, height / 2),
        v: plane(&picture.v.iter().map(grey).collect::<Vec<_>>(), width / 2, height / 2),
    }
}

/// Returns the mean of three neighbours along one axis, at distance `step`: `channels` along a row, a row's
/// length along a column. Edge samples repeat.
fn box_blur(pixels: &[u8], width: usize, height: usize, step: usize, channels: usize) -> Vec<u8> {
    let row = width * channels;
    let mut result = vec![0; row * height];
    let down = step == row;
    for y in 0..height {
        for x in 0..row {
            let at = y * row + x;
            let first = if down { y == 0 } else { x < channels };
            let last = if down { y + 1 == height } else { x + channels >= row };
            let before = pixels[if first { at } else { at - step }];
            let after = pixels[if last { at } else { at + step }];
            let sum = u32::from(before) + u32::from(pixels[at]) + u32::from(after);
            result[at] = ((sum + 1) / 3) as u8;
        }
    }
    result
}

/// Sets a picture to black at a size.
pub(super) fn blacken(picture: &mut Yuv420, size: (u32, u32)) {
    picture.shape(size);
    picture.y.fill(16);
    picture.u.fill(128);
    picture.v.fill(128);
}

/// Copies `front` into `ground` at a place of its size.
pub(super) fn lay(ground: &mut Yuv420, front: &Yuv420, place: Place) {
    let copy = |to: &mut [u8], to_row: usize, from: &[u8], from_row: usize, x: usize, y: usize| {
        for (index, line) in from.chunks_exact(from_row).enumerate() {
            let start = (y + index) * to_row + x;
            to[start..start + from_row].copy_from_slice(line);
        }
    };
    let (x, y) = (place.x as usize, place.y as usize);
    let (wide, row) = (ground.width as usize, front.width as usize);
    copy(&mut ground.y, wide, &front.y, row, x, y);
    copy(&mut ground.u, wide / 2, &front.u, row / 2, x / 2, y / 2);
    copy(&mut ground.v, wide / 2, &front.v, row / 2, x / 2, y / 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portrait_stands_in_the_middle() {
        let place = place((1080, 1920), (1920, 1080));
        assert_eq!(place, Place { x: 656, y: 0, width: 606, height: 1080 });
    }

    #[test]
    fn blurring_keeps_an_even_picture_even() {
        assert!(box_blur(&[90; 8 * 6], 8, 6, 1, 1).iter().all(|&v| v == 90));
        assert!(box_blur(&[90; 8 * 6], 8, 6, 8, 1).iter().all(|&v| v == 90));
    }
}
