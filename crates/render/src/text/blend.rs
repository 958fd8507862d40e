//! Applies shades and ink to a picture.

use super::ink::{Ink, WHITE};
use super::shade::Shade;
use mmm_media::Yuv420;

/// Black of BT.709 in 8 bits.
const BLACK: u8 = 16;

/// Removes `strength` (0 to 1) of the light and the colour under a shade.
pub(super) fn darken(picture: &mut Yuv420, shade: &Shade, strength: f32) {
    // In 65,536ths, per step of the depth (0 to 255).
    let taken = (strength * 257.0) as i32;
    if taken == 0 {
        return;
    }
    let dim = |sample: &mut u8, zero: i32, depth: u8| {
        let off = i32::from(*sample) - zero;
        *sample = (zero + ((off * (65_536 - i32::from(depth) * taken) + 32_768) >> 16)) as u8;
    };
    let (wide, half) = (picture.width as usize, picture.width as usize / 2);
    for (line, depths) in shade.depth.chunks_exact(shade.width).enumerate() {
        let y = shade.y + line;
        let row = &mut picture.y[y * wide + shade.x..][..shade.width];
        row.iter_mut().zip(depths).for_each(|(sample, depth)| dim(sample, i32::from(BLACK), *depth));
        if y.is_multiple_of(2) {
            let start = y / 2 * half + shade.x / 2;
            for plane in [&mut picture.u, &mut picture.v] {
                let row = &mut plane[start..][..shade.width / 2];
                row.iter_mut()
                    .zip(depths.iter().step_by(2))
                    .for_each(|(sample, depth)| dim(sample, 128, *depth));
            }
        }
    }
}

/// Draws ink on a picture with `opacity` (0 to 1).
///
/// Luma is mixed as light, by squares. Mixed as stored, the edges of white letters would be too dark and thin
/// strokes would vanish. Squares approximate the display's power of 2.2 to 2.4, and their roots are the same
/// on every machine.
pub(super) fn paint(picture: &mut Yuv420, ink: &Ink, opacity: f32) {
    let (wide, high) = (picture.width as usize, picture.height as usize);
    let rows = ink.height.min(high.saturating_sub(ink.y));
    for line in 0..rows {
        let start = line * ink.width;
        let covers = &ink.cover[start..][..ink.width];
        let row = &mut picture.y[(ink.y + line) * wide + ink.x..][..ink.width];
        for (at, (sample, cover)) in
            row.iter_mut().zip(covers).enumerate().filter(|(_, (_, cover))| **cover > 0)
        {
            let luma = ink.tint.as_ref().map_or(WHITE[0], |tint| tint[start + at][0]);
            *sample = mixed_light(*sample, luma, f32::from(*cover) / 255.0 * opacity);
        }
    }
    let half = wide / 2;
    for line in 0..rows / 2 {
        let start = (ink.y / 2 + line) * half + ink.x / 2;
        for column in 0..ink.width / 2 {
            let [cover, blue, red] = ink.chroma[line * ink.width / 2 + column];
            if cover > 0 {
                let part = f32::from(cover) / 255.0 * opacity;
                let mix = |sample: &mut u8, goal: u8| {
                    let from = f32::from(*sample);
                    *sample = (from + (f32::from(goal) - from) * part + 0.5) as u8;
                };
                mix(&mut picture.u[start + column], blue);
                mix(&mut picture.v[start + column], red);
            }
        }
    }
}

/// Returns the luma between two, `part` (0 to 1) of the way in light.
fn mixed_light(from: u8, to: u8, part: f32) -> u8 {
    if part >= 1.0 {
        return to;
    }
    let square = |luma: u8| {
        let light = f32::from(luma.saturating_sub(BLACK));
        light * light
    };
    let light = square(from) + (square(to) - square(from)) * part;
    BLACK + (light.max(0.0).sqrt() + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pixel_of_white_is_half_the_light() {
        assert_eq!(mixed_light(16, 235, 0.0), 16);
        assert_eq!(mixed_light(16, 235, 1.0), 235);
        // By squares, half the light of white is at 1/√2 of its luma.
        assert_eq!(mixed_light(16, 235, 0.5), 16 + 155);
        assert_eq!(mixed_light(235, 16, 1.0), 16);
    }
}
