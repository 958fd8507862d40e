//! Transitions: blends the frames of two shots.

use super::RenderError;
use super::resample::{Resampler, Spot};
use mmm_facts::Blend;
use mmm_media::Yuv420;
use mmm_spec::Colour;

/// Width of a wipe's soft edge, as a fraction of the frame's width.
const SOFT: f32 = 0.08;
/// Fraction of a shot that is visible in the middle of a zoom.
const CLOSEST: f64 = 0.7;

/// Blends `picture` with `after` at `progress` (0..=1) of the transition; both have the same size.
pub(super) fn blend(
    kind: Blend,
    picture: &mut Yuv420,
    after: &Yuv420,
    progress: f32,
) -> Result<(), RenderError> {
    let eased = progress * progress * (3.0 - 2.0 * progress);
    match kind {
        Blend::Dissolve => dissolve(picture, after, progress),
        Blend::Wipe => wipe(picture, after, eased),
        Blend::Slide => slide(picture, after, eased),
        Blend::Zoom => {
            let into = f64::from(progress) * f64::from(progress);
            let out = f64::from(1.0 - progress) * f64::from(1.0 - progress);
            *picture = zoomed(picture, 1.0 - (1.0 - CLOSEST) * into)?;
            let to = zoomed(after, 1.0 - (1.0 - CLOSEST) * out)?;
            // The shots dissolve in the middle third, while both are zoomed in.
            dissolve(picture, &to, ((progress - 1.0 / 3.0) * 3.0).clamp(0.0, 1.0));
        }
    }
    Ok(())
}

/// Fades a picture towards a colour; `light` (0..=1) is the remaining share of its own code values.
pub(super) fn tint(picture: &mut Yuv420, colour: Colour, light: f32) {
    let part = (light.clamp(0.0, 1.0) * 256.0) as i32;
    let scale = |samples: &mut [u8], ground: i32| {
        for sample in samples {
            *sample = (ground + (((i32::from(*sample) - ground) * part + 128) >> 8)) as u8;
        }
    };
    let [y, u, v] = coded(colour);
    scale(&mut picture.y, y);
    scale(&mut picture.u, u);
    scale(&mut picture.v, v);
}

/// Returns a colour in BT.709, limited range, to the nearest code value.
fn coded(Colour(levels): Colour) -> [i32; 3] {
    let [red, green, blue] = levels.map(|level| f64::from(level) / 255.0);
    let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    let value = |ground: f64, range: f64, part: f64| (ground + range * part).round() as i32;
    [
        value(16.0, 219.0, luma),
        value(128.0, 224.0, (blue - luma) / 1.8556),
        value(128.0, 224.0, (red - luma) / 1.5748),
    ]
}

/// Mixes light approximately, like a double exposure: code values are treated as the square root of light, so
/// their squares are mixed. BT.709's camera curve is up to 0.02 of full scale below that if light is more
/// than 0.15 of white, and up to 0.06 in the shadows.
fn dissolve(before: &mut Yuv420, after: &Yuv420, weight: f32) {
    let width = before.width as usize;
    let half = width / 2;
    let mut colour = [vec![0.0; half], vec![0.0; half]];
    let mut lines = Lines::new(width);
    for (row, luma) in before.y.chunks_exact_mut(width * 2).enumerate() {
        let pairs = row * half..(row + 1) * half;
        let (u, v) = (&mut before.u[pairs.clone()], &mut before.v[pairs.clone()]);
        colour.iter_mut().for_each(|sums| sums.fill(0.0));
        for (line, luma) in luma.chunks_exact_mut(width).enumerate() {
            let other = (row * 2 + line) * width;
            let other = &after.y[other..other + width];
            lines.mix((luma, u, v), (other, &after.u[pairs.clone()], &after.v[pairs.clone()]), weight);
            lines.write(luma, &mut colour);
        }
        for (samples, sums) in [u, v].into_iter().zip(&colour) {
            for (sample, sum) in samples.iter_mut().zip(sums) {
                *sample = (128.5 + 224.0 / 4.0 * sum) as u8;
            }
        }
    }
}

/// Red, green and blue of one line, as code values from 0 to 1.
struct Lines {
    mixed: [Vec<f32>; 3],
    other: [Vec<f32>; 3],
}

type Samples<'a> = (&'a [u8], &'a [u8], &'a [u8]);

impl Lines {
    fn new(width: usize) -> Self {
        let line = || [vec![0.0; width], vec![0.0; width], vec![0.0; width]];
        Self { mixed: line(), other: line() }
    }

    fn mix(&mut self, one: (&[u8], &[u8], &[u8]), other: Samples, weight: f32) {
        read(one, &mut self.mixed);
        read(other, &mut self.other);
        for (mixed, other) in self.mixed.iter_mut().zip(&self.other) {
            for (mixed, other) in mixed.iter_mut().zip(other) {
                *mixed = (*mixed * *mixed * (1.0 - weight) + other * other * weight).sqrt();
            }
        }
    }

    /// Writes the luma of the line (BT.709-6, section 3) and adds its colour to the sums of its chroma pairs.
    fn write(&self, luma: &mut [u8], colour: &mut [Vec<f32>; 2]) {
        let [red, green, blue] = &self.mixed;
        for (((luma, r), g), b) in luma.iter_mut().zip(red).zip(green).zip(blue) {
            *luma = (16.5 + 219.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b)) as u8;
        }
        let [u, v] = colour;
        let pairs = red.chunks_exact(2).zip(green.chunks_exact(2)).zip(blue.chunks_exact(2));
        for ((((r, g), b), u), v) in pairs.zip(u).zip(v) {
            let (r, g, b) = (r[0] + r[1], g[0] + g[1], b[0] + b[1]);
            let grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            *u += (b - grey) / 1.8556;
            *v += (r - grey) / 1.5748;
        }
    }
}

fn read((y, u, v): Samples, [red, green, blue]: &mut [Vec<f32>; 3]) {
    let pairs = red.chunks_exact_mut(2).zip(green.chunks_exact_mut(2)).zip(blue.chunks_exact_mut(2));
    for ((((r, g), b), y), (u, v)) in pairs.zip(y.chunks_exact(2)).zip(u.iter().zip(v)) {
        let (u, v) = ((f32::from(*u) - 128.0) / 224.0, (f32::from(*v) - 128.0) / 224.0);
        let (to_r, to_g, to_b) = (1.5748 * v, 0.187_324 * u + 0.468_124 * v, 1.8556 * u);
        for side in 0..2 {
            let grey = (f32::from(y[side]) - 16.0) / 219.0;
            r[side] = (grey + to_r).max(0.0);
            g[side] = (grey - to_g).max(0.0);
            b[side] = (grey + to_b).max(0.0);
        }
    }
}

fn wipe(before: &mut Yuv420, after: &Yuv420, progress: f32) {
    let width = before.width as usize;
    // At both ends of the wipe, the soft edge is outside the frame.
    let edge = progress * (1.0 + SOFT);
    let weights = |width: usize| -> Vec<u32> {
        let at = |x: usize| ((edge - (x as f32 + 0.5) / width as f32) / SOFT).clamp(0.0, 1.0);
        (0..width).map(|x| (at(x) * 256.0) as u32).collect()
    };
    let (luma, chroma) = (weights(width), weights(width / 2));
    let mix = |to: &mut [u8], from: &[u8], weights: &[u32]| {
        let rows = to.chunks_exact_mut(weights.len()).zip(from.chunks_exact(weights.len()));
        for (to, from) in rows {
            for ((to, from), weight) in to.iter_mut().zip(from).zip(weights) {
                *to = ((u32::from(*to) * (256 - weight) + u32::from(*from) * weight + 128) >> 8) as u8;
            }
        }
    };
    mix(&mut before.y, &after.y, &luma);
    mix(&mut before.u, &after.u, &chroma);
    mix(&mut before.v, &after.v, &chroma);
}

fn slide(before: &mut Yuv420, after: &Yuv420, progress: f32) {
    let width = before.width as usize;
    let step = ((progress * width as f32 / 2.0).round() as usize).min(width / 2);
    let push = |to: &mut [u8], from: &[u8], width: usize, step: usize| {
        for (to, from) in to.chunks_exact_mut(width).zip(from.chunks_exact(width)) {
            to.copy_within(step.., 0);
            to[width - step..].copy_from_slice(&from[..step]);
        }
    };
    push(&mut before.y, &after.y, width, step * 2);
    push(&mut before.u, &after.u, width / 2, step);
    push(&mut before.v, &after.v, width / 2, step);
}

/// Returns the middle of a picture, `side` of its width and height, enlarged to full size.
fn zoomed(picture: &Yuv420, side: f64) -> Result<Yuv420, RenderError> {
    let (width, height) = (f64::from(picture.width), f64::from(picture.height));
    let start = |length: f64| length * (1.0 - side) / 2.0;
    let middle = Spot { x: start(width), y: start(height), width: width * side, height: height * side };
    let mut zoomed = Yuv420::default();
    Resampler::default().part(picture, middle, (picture.width, picture.height), &mut zoomed)?;
    Ok(zoomed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Blend; 4] = [Blend::Dissolve, Blend::Wipe, Blend::Slide, Blend::Zoom];

    fn plain(y: u8, u: u8, v: u8) -> Yuv420 {
        Yuv420 { width: 32, height: 8, y: vec![y; 256], u: vec![u; 64], v: vec![v; 64] }
    }

    fn blended(kind: Blend, before: &Yuv420, after: &Yuv420, progress: f32) -> Yuv420 {
        let mut picture = before.clone();
        blend(kind, &mut picture, after, progress).unwrap();
        picture
    }

    fn near(found: &Yuv420, wanted: &Yuv420) {
        let planes = [(&found.y, &wanted.y), (&found.u, &wanted.u), (&found.v, &wanted.v)];
        for (found, wanted) in planes {
            assert!(found.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= 1));
        }
    }

    #[test]
    fn every_blend_begins_with_one_and_ends_with_the_other() {
        let (before, after) = (plain(180, 110, 150), plain(60, 140, 120));
        for kind in KINDS {
            near(&blended(kind, &before, &after, 0.0), &before);
            near(&blended(kind, &before, &after, 1.0), &after);
        }
    }

    #[test]
    fn a_dissolve_mixes_light_and_of_two_alike_nothing_is_seen() {
        let (white, black) = (plain(235, 128, 128), plain(16, 128, 128));
        // Half the light is √½ of the code value: 16 + 219 × 0.707.
        let half = blended(Blend::Dissolve, &white, &black, 0.5);
        near(&half, &plain(171, 128, 128));
        let skin = plain(160, 112, 150);
        near(&blended(Blend::Dissolve, &skin, &skin, 0.37), &skin);
    }

    #[test]
    fn a_wipe_goes_from_left_to_right_and_a_slide_pushes() {
        let (before, after) = (plain(200, 128, 128), plain(50, 128, 128));
        let wiped = blended(Blend::Wipe, &before, &after, 0.5);
        assert_eq!((wiped.y[0], wiped.y[31]), (50, 200));
        assert!(wiped.y[..32].is_sorted());
        let pushed = blended(Blend::Slide, &before, &after, 0.5);
        assert_eq!((pushed.y[15], pushed.y[16]), (200, 50));
    }

    #[test]
    fn a_zoom_goes_into_the_first_and_comes_out_of_the_second() {
        let mut ramp = plain(0, 128, 128);
        ramp.y.iter_mut().enumerate().for_each(|(at, sample)| *sample = 20 + (at % 32) as u8 * 6);
        // Zoomed in, the ends of the ramp are outside the frame.
        let ends = |picture: &Yuv420| (picture.y[0], picture.y[31]);
        let early = blended(Blend::Zoom, &ramp, &ramp, 0.3);
        let middle = blended(Blend::Zoom, &ramp, &ramp, 0.5);
        assert!(ends(&ramp).0 < ends(&early).0 && ends(&early).0 < ends(&middle).0);
        assert!(ends(&ramp).1 > ends(&early).1 && ends(&early).1 > ends(&middle).1);
    }

    #[test]
    fn black_is_the_end_of_a_fade() {
        let mut picture = plain(200, 90, 160);
        tint(&mut picture, Colour::BLACK, 1.0);
        near(&picture, &plain(200, 90, 160));
        tint(&mut picture, Colour::BLACK, 0.0);
        near(&picture, &plain(16, 128, 128));
    }

    #[test]
    fn colours_are_those_of_bt_709() {
        let all = |colour: [u8; 3]| coded(Colour(colour));
        // ITU-R BT.709-6, 3.4 and 3.5: full white, red, green and blue.
        assert_eq!(all([255; 3]), [235, 128, 128]);
        assert_eq!(all([255, 0, 0]), [63, 102, 240]);
        assert_eq!(all([0, 255, 0]), [173, 42, 26]);
        assert_eq!(all([0, 0, 255]), [32, 240, 118]);
        let mut picture = plain(16, 90, 160);
        tint(&mut picture, Colour::WHITE, 0.5);
        near(&picture, &plain(126, 109, 144));
    }
}
