//! Converts the colours of photos with an ICC profile or code points to sRGB.

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients,
    TransferCharacteristics, TransformOptions,
};

/// Profiles that change no sRGB sample by more than this many steps are ignored.
const SAME: u8 = 1;

/// Converts samples in the colours of `profile` to sRGB: three per pixel, or the four inks of a CMYK JPEG
/// (255 is no ink, as nearly all are stored). `None` if the profile is broken, is for other samples or equals
/// sRGB; the samples are then used unmodified.
pub(super) fn to_srgb(pixels: &[u8], samples: usize, profile: &[u8]) -> Option<Vec<u8>> {
    through(pixels, samples, &ColorProfile::new_from_slice(profile).ok()?)
}

/// Returns the profile for code points of ISO/IEC 23091-2; `None` if they mean sRGB or are unspecified.
pub(super) fn of_code_points(primaries: u8, transfer: u8) -> Option<ColorProfile> {
    // Cameras name the curve of a video camera (1, 6, 14, 15) but mean that of the display; viewers do the
    // same.
    let transfer = if matches!(transfer, 4 | 5 | 8) { transfer } else { 13 };
    let primaries = if matches!(primaries, 0 | 2 | 3) { 1 } else { primaries };
    let points = CicpProfile {
        color_primaries: CicpColorPrimaries::try_from(primaries).ok()?,
        transfer_characteristics: TransferCharacteristics::try_from(transfer).ok()?,
        matrix_coefficients: MatrixCoefficients::Identity,
        full_range: true,
    };
    ((primaries, transfer) != (1, 13)).then(|| ColorProfile::new_from_cicp(points))
}

/// Same as [`to_srgb`], with a parsed profile.
pub(super) fn through(pixels: &[u8], samples: usize, profile: &ColorProfile) -> Option<Vec<u8>> {
    let (space, from) = match samples {
        3 => (DataColorSpace::Rgb, Layout::Rgb),
        _ => (DataColorSpace::Cmyk, Layout::Rgba),
    };
    if profile.color_space != space {
        return None;
    }
    let srgb = ColorProfile::new_srgb();
    let transform =
        profile.create_transform_8bit(from, &srgb, Layout::Rgb, TransformOptions::default()).ok()?;
    let run = |from: &[u8]| {
        let mut to = vec![0; from.len() / samples * 3];
        transform.transform(from, &mut to).ok().map(|()| to)
    };
    match samples {
        3 => {
            let probe = probe();
            let apart = |(a, b): (&u8, &u8)| a.abs_diff(*b) > SAME;
            run(&probe)?.iter().zip(&probe).any(apart).then(|| run(pixels))?
        }
        // A profile counts ink; the file counts the paper left white.
        _ => run(&pixels.iter().map(|ink| 255 - ink).collect::<Vec<u8>>()),
    }
}

/// Returns colours from all over sRGB.
fn probe() -> Vec<u8> {
    const LEVELS: [u8; 4] = [0, 70, 160, 255];
    LEVELS.into_iter().flat_map(|r| LEVELS.map(|g| LEVELS.map(|b| [r, g, b]))).flatten().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_srgb_already_stays_and_p3_becomes_it() {
        let orange = [230, 140, 60];
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        assert_eq!(to_srgb(&orange, 3, &srgb), None);
        // Computed from the matrices of the two standards and the sRGB curve, which both use (IEC 61966-2-1).
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let found = to_srgb(&orange, 3, &p3).unwrap();
        for (found, wanted) in found.iter().zip([245u8, 134, 31]) {
            assert!(found.abs_diff(wanted) <= 2, "{found} {wanted}");
        }
        assert_eq!(to_srgb(&[128; 3], 3, &p3).unwrap(), [128; 3]);
        assert_eq!(to_srgb(&orange, 3, b"no profile"), None);
        assert_eq!(to_srgb(&[1, 2, 3, 4], 4, &p3), None);
    }

    #[test]
    fn code_points_mean_what_profiles_of_their_name_mean() {
        let orange = [230, 140, 60];
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let by_points = through(&orange, 3, &of_code_points(12, 13).unwrap()).unwrap();
        for (points, profile) in by_points.iter().zip(to_srgb(&orange, 3, &p3).unwrap()) {
            assert!(points.abs_diff(profile) <= 1, "{points} {profile}");
        }
        // The code points of a video camera in BT.709 are shown unmodified.
        for (primaries, transfer) in [(1, 13), (1, 1), (2, 2), (1, 6)] {
            assert!(of_code_points(primaries, transfer).is_none());
        }
        // Half the light in a linear picture is 188 of 255 in sRGB (IEC 61966-2-1).
        let linear = through(&[128; 3], 3, &of_code_points(1, 8).unwrap()).unwrap();
        assert!(linear[0].abs_diff(188) <= 1, "{linear:?}");
    }
}
