//! Scaled stills (plates): photos fitted to the canvas' aspect ratio once, before any motion.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use super::RenderError;
use super::compose::{backdrop_size, blur, place};
use mmm_base::{Score, Time};
use mmm_facts::{Canvas, Framing, Move, Profile, Window};
use mmm_media::{RgbPicture, Yuv420};

/// Returns the size of a scaled still for `motion`: large enough that the closest window still has a pixel
/// for each one of the canvas. Even, so that chroma is whole.
pub(super) fn plate_size(canvas: Canvas, Move { from, to }: Move) -> (u32, u32) {
    let grow = |pixels: u32, side: i32| {
        let exact = u64::from(pixels) * Window::UNIT as u64;
        (exact.div_ceil(side.clamp(1, Window::UNIT) as u64) as u32).next_multiple_of(2)
    };
    (grow(canvas.width, from.width.min(to.width)), grow(canvas.height, from.height.min(to.height)))
}

/// Returns the smallest size at which a photo must be decoded for a scaled still of size `plate`.
pub(super) fn needed_size(framing: &Framing, plate: (u32, u32)) -> (u32, u32) {
    let Some(window) = framing.window(Time::ZERO) else { return plate };
    let whole = |pixels: u32, part: i32| {
        (u64::from(pixels) * Window::UNIT as u64).div_ceil(part.max(1) as u64).min(u64::from(u32::MAX)) as u32
    };
    (whole(plate.0, window.width), whole(plate.1, window.height))
}

/// Returns the size at which a photo is decoded that must cover `needed`: for a final movie larger by half.
/// Decoders of JPEG can reduce a picture to a half, a quarter or an eighth, but that leaves false patterns
/// in fine detail, which a resampling filter takes out if pixels are left for it: with half as many again,
/// pictures of 480 lines from photos of 12 megapixels come 4 to 5 dB closer to those from all their pixels.
pub(super) fn decoded_size(needed: (u32, u32), profile: Profile) -> (u32, u32) {
    let larger = |pixels: u32| pixels.saturating_add(pixels / 2);
    match profile {
        Profile::Draft => needed,
        Profile::Final => (larger(needed.0), larger(needed.1)),
    }
}

/// Returns the scaled still of a photo.
pub(super) fn plate(photo: &RgbPicture, framing: &Framing, size: (u32, u32)) -> Result<Yuv420, RenderError> {
    let rgb = match framing {
        // A photo has no time, so a following crop stays still.
        Framing::Crop(_) | Framing::Follow(_) => resize(photo, framing.window(Time::ZERO), size)?,
        Framing::Contain => {
            let black = RgbPicture { width: size.0, height: size.1, pixels: vec![0; rgb_bytes(size)] };
            laid_over(photo, black)?
        }
        Framing::Fill => {
            let cover = Window::cover((photo.width, photo.height), size, (Score::HALF, Score::HALF));
            let small = resize(photo, Some(cover), backdrop_size(size))?;
            let backdrop = resize(&blur(&small), None, size)?;
            laid_over(photo, backdrop)?
        }
    };
    rgb.to_yuv420().map_err(|error| RenderError::Encoder(error.to_string()))
}

fn rgb_bytes(size: (u32, u32)) -> usize {
    size.0 as usize * size.1 as usize * 3
}

/// Places the whole photo, as large as it fits, in the middle of `ground`.
fn laid_over(photo: &RgbPicture, mut ground: RgbPicture) -> Result<RgbPicture, RenderError> {
    let place = place((photo.width, photo.height), (ground.width, ground.height));
    let front = resize(photo, None, (place.width, place.height))?;
    let row = place.width as usize * 3;
    for (index, line) in front.pixels.chunks_exact(row).enumerate() {
        let start = ((place.y as usize + index) * ground.width as usize + place.x as usize) * 3;
        ground.pixels[start..start + row].copy_from_slice(line);
    }
    Ok(ground)
}

/// Resizes a part of a picture.
fn resize(picture: &RgbPicture, window: Option<Window>, size: (u32, u32)) -> Result<RgbPicture, RenderError> {
    let failed = |error: &dyn std::fmt::Display| RenderError::Encoder(error.to_string());
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width, picture.height, &picture.pixels);
    let source = source.map_err(|e| failed(&e))?;
    let mut pixels = vec![0; rgb_bytes(size)];
    let mut result = TypedImage::<U8x3>::from_buffer(size.0, size.1, &mut pixels).map_err(|e| failed(&e))?;
    let mut options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    if let Some(window) = window {
        // Limits the length too: at the far edge, rounding must not exceed the picture.
        let part = |start: i32, side: i32, pixels: u32| {
            let of = |value: i32| f64::from(value) / f64::from(Window::UNIT) * f64::from(pixels);
            (of(start), of(side).min(f64::from(pixels) - of(start)))
        };
        let (x, width) = part(window.x, window.width, picture.width);
        let (y, height) = part(window.y, window.height, picture.height);
        options = options.crop(x, y, width, height);
    }
    // `resize_typed` knows the pixel type; the untyped call would compile the library here for every pixel
    // type.
    Resizer::new().resize_typed(&source, &mut result, &options).map_err(|e| failed(&e))?;
    Ok(RgbPicture { width: size.0, height: size.1, pixels })
}

#[cfg(test)]
mod tests {
    use super::super::still::encode_jpeg;
    use super::*;
    use mmm_base::Rate;
    use mmm_facts::{Encoder, Profile};
    use mmm_media::decode_photo;
    use mmm_spec::{Codec, Quality};

    const CANVAS: Canvas = Canvas {
        width: 64,
        height: 36,
        rate: Rate(30, 1),
        profile: Profile::Final,
        codec: Codec::H264,
        encoder: Encoder::Software,
        quality: Quality::Good,
        coarser: 0,
    };

    fn grey(width: u32, height: u32) -> RgbPicture {
        RgbPicture { width, height, pixels: vec![200; rgb_bytes((width, height))] }
    }

    /// Rings that get finer to the right and downwards, beyond what a small picture can show.
    fn rings((width, height): (u32, u32)) -> Vec<u8> {
        let level = |x: u32, y: u32| {
            let phase = f64::from(x * x + y * y) * std::f64::consts::PI / 6000.0;
            (127.5 + 100.0 * phase.cos()) as u8
        };
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [level(x, y); 3])).collect()
    }

    #[test]
    fn a_photo_for_a_final_movie_is_decoded_with_pixels_to_spare() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        let size = (2400, 1800);
        std::fs::write(&path, encode_jpeg(&rings(size), size, 95).unwrap()).unwrap();
        let shown = (560, 420);
        let still = |needed| plate(&decode_photo(&path, needed).unwrap(), &Framing::Contain, shown).unwrap();
        let whole = still(size);
        let noise = |profile| {
            let still = still(decoded_size(shown, profile));
            let squares =
                still.y.iter().zip(&whole.y).map(|(one, all)| f64::from(one.abs_diff(*all)).powi(2));
            squares.sum::<f64>() / still.y.len() as f64
        };
        let (draft, full) = (noise(Profile::Draft), noise(Profile::Final));
        assert!(full * 2.5 < draft, "4 dB closer: {full} and {draft}");
    }

    #[test]
    fn a_plate_is_as_large_as_its_closest_window_asks() {
        let close = Window { x: 0, y: 0, width: 800_000, height: 800_000 };
        assert_eq!(plate_size(CANVAS, Move { from: Window::WHOLE, to: close }), (80, 46));
        assert_eq!(plate_size(CANVAS, Move { from: Window::WHOLE, to: Window::WHOLE }), (64, 36));
        let half = |x| Window { x, width: 500_000, ..Window::WHOLE };
        let along = Move { from: half(0), to: half(500_000) };
        assert_eq!(plate_size(CANVAS, along), (128, 36), "a move along the photo needs a wider still");
    }

    #[test]
    fn a_crop_may_end_at_any_edge() {
        let photo = grey(301, 203);
        for side in (100_003..1_000_000).step_by(17_771) {
            let (x, y) = (Window::UNIT - side, Window::UNIT - side);
            let crop = Framing::Crop(Window { x, y, width: side, height: side });
            assert!(plate(&photo, &crop, (64, 36)).is_ok(), "{side}");
        }
    }

    #[test]
    fn a_contained_photo_stands_on_black_and_a_filled_one_does_not() {
        let photo = grey(30, 60);
        let black = plate(&photo, &Framing::Contain, (64, 36)).unwrap();
        let filled = plate(&photo, &Framing::Fill, (64, 36)).unwrap();
        assert_eq!(black.y[18 * 64], 16);
        assert!(filled.y[18 * 64] > 80);
        assert!(black.y[18 * 64 + 32].abs_diff(filled.y[18 * 64 + 32]) <= 1);
    }
}
