use mmm_media::Yuv420;

/// Converts the movie's samples (BT.709, limited range) to packed RGB with the matrix of ITU-R BT.709-6,
/// section 3, in 16-bit fixed point.
pub(super) fn rgb(picture: &Yuv420) -> Vec<u8> {
    let (width, half) = (picture.width as usize, picture.width as usize / 2);
    let mut pixels = Vec::with_capacity(picture.y.len() * 3);
    for (index, y) in picture.y.iter().enumerate() {
        let chroma = index / width / 2 * half + index % width / 2;
        let luma = (i32::from(*y) - 16) * 76_309;
        let (blue, red) = (i32::from(picture.u[chroma]) - 128, i32::from(picture.v[chroma]) - 128);
        let sample = |sum: i32| ((sum + 32_768) >> 16).clamp(0, 255) as u8;
        pixels.push(sample(luma + 117_489 * red));
        pixels.push(sample(luma - 13_975 * blue - 34_925 * red));
        pixels.push(sample(luma + 138_438 * blue));
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_come_out_of_their_samples() {
        // Samples of 100 % colours according to ITU-R BT.709, rounded.
        let cases = [
            ((235, 128, 128), [255, 255, 255]),
            ((16, 128, 128), [0, 0, 0]),
            ((63, 102, 240), [255, 0, 0]),
            ((173, 42, 26), [0, 255, 0]),
            ((32, 240, 118), [0, 0, 255]),
        ];
        for ((y, u, v), wanted) in cases {
            let picture = Yuv420 { width: 2, height: 2, y: vec![y; 4], u: vec![u], v: vec![v] };
            let found = rgb(&picture);
            for (sample, wanted) in found.iter().zip(wanted.iter().cycle()) {
                assert!(sample.abs_diff(*wanted) <= 2, "{found:?} for {wanted:?}");
            }
        }
    }
}
