use std::fs;

use super::RenderError;
use mmm_facts::MediaError;
use mmm_facts::ShotView;
use mmm_facts::Sources;
use mmm_media::{Cube, DISPLAY_GAMMA, Yuv420};
use mmm_spec::CubeFile;
use mmm_spec::Look;

/// Red, green and blue as code values from 0 to 1.
type Colour = [f64; 3];

/// Their weights in luma (BT.709-6, item 3.2).
const LUMA: Colour = [0.2126, 0.7152, 0.0722];

/// A look as a lookup table from the movie's samples to the same.
pub(super) struct LookTable(Cube);

impl LookTable {
    /// Returns the table of a shot; `None` if its colours stay unmodified.
    ///
    /// # Errors
    /// If the user's LUT file is missing or invalid.
    pub(super) fn of(shot: &ShotView, sources: &dyn Sources) -> Result<Option<Self>, RenderError> {
        let Some(digest) = shot.cube else { return Ok(Self::named(shot.treatment.look)) };
        let path = sources.path(digest).ok_or(RenderError::Gone { source_digest: digest })?;
        let bad = |reason: String| RenderError::of(digest)(MediaError::Corrupt { reason });
        let cube = CubeFile::parse(&fs::read_to_string(path)?).map_err(|error| bad(error.to_string()))?;
        let map = |samples| to_samples(cube.look_up(to_colour(samples)).map(|code| code.clamp(0.0, 1.0)));
        Ok(Some(Self(Cube::of(map))))
    }

    /// Returns the table of a built-in look.
    fn named(look: Look) -> Option<Self> {
        let map = match look {
            Look::Natural => return None,
            Look::Warm => |colour| lit(colour, [1.15, 1.0, 0.74]),
            Look::Cool => |colour| lit(colour, [0.88, 1.0, 1.16]),
            Look::Film => film,
            Look::BlackAndWhite => black_and_white,
        };
        Some(Self(Cube::of(|samples| to_samples(map(to_colour(samples))))))
    }

    /// Replaces every sample; the chroma of two columns and rows by their mean luma.
    pub(super) fn apply(&self, picture: &mut Yuv420) {
        let (width, half) = (picture.width as usize, picture.width as usize / 2);
        let wide = |sample: u8| u16::from(sample) * 257;
        let narrow = |sample: u16| ((u32::from(sample) + 128) / 257) as u8;
        for (row, luma) in picture.y.chunks_exact_mut(width * 2).enumerate() {
            let pairs = row * half..(row + 1) * half;
            let colours = picture.u[pairs.clone()].iter_mut().zip(&mut picture.v[pairs]);
            for (column, (u, v)) in colours.enumerate() {
                let spots = [0, 1, width, width + 1].map(|spot| column * 2 + spot);
                let (blue, red) = (wide(*u), wide(*v));
                let mean = spots.iter().map(|spot| u32::from(wide(luma[*spot]))).sum::<u32>() / 4;
                let [_, new_blue, new_red] = self.0.look_up([mean as u16, blue, red]);
                for spot in spots {
                    luma[spot] = narrow(self.0.look_up([wide(luma[spot]), blue, red])[0]);
                }
                (*u, *v) = (narrow(new_blue), narrow(new_red));
            }
        }
    }
}

/// Converts 8-bit limited-range samples, as fractions of 255, to a colour (BT.709-6, section 3).
fn to_colour([y, u, v]: Colour) -> Colour {
    let grey = (y * 255.0 - 16.0) / 219.0;
    let (u, v) = ((u * 255.0 - 128.0) / 224.0, (v * 255.0 - 128.0) / 224.0);
    [grey + 1.5748 * v, grey - 0.187_324 * u - 0.468_124 * v, grey + 1.8556 * u].map(|c| c.clamp(0.0, 1.0))
}

fn to_samples(colour: Colour) -> Colour {
    let grey = luma(colour);
    let (u, v) = ((colour[2] - grey) / 1.8556, (colour[0] - grey) / 1.5748);
    [16.0 + 219.0 * grey, 128.0 + 224.0 * u, 128.0 + 224.0 * v].map(|sample| sample / 255.0)
}

fn luma(colour: Colour) -> f64 {
    colour.iter().zip(LUMA).map(|(part, weight)| part * weight).sum()
}

/// Relights a colour with light of another colour and the same brightness.
fn lit(colour: Colour, light: Colour) -> Colour {
    let before = colour.map(|code| code.powf(DISPLAY_GAMMA));
    let after: Colour = std::array::from_fn(|i| before[i] * light[i]);
    let gain = luma(before) / luma(after).max(1e-9);
    after.map(|light| (light * gain).clamp(0.0, 1.0).powf(1.0 / DISPLAY_GAMMA))
}

/// Softens both ends of the tonal range, mutes colours, and adds a trace of blue to shadows and of orange to
/// highlights.
fn film(colour: Colour) -> Colour {
    let curved = colour.map(|code| 0.03 + 0.95 * contrast(code, 0.35));
    let grey = luma(curved);
    let (shadow, shine) = ((1.0 - grey).powi(2) * 0.02, grey * grey * 0.02);
    let tint = [shine - shadow * 0.5, 0.0, shadow - shine];
    std::array::from_fn(|i| (grey + (curved[i] - grey) * 0.86 + tint[i]).clamp(0.0, 1.0))
}

/// Converts to grey like film that is slightly more sensitive to red: bright skin, dark skies.
fn black_and_white([r, g, b]: Colour) -> Colour {
    [contrast(0.34 * r + 0.54 * g + 0.12 * b, 0.3); 3]
}

/// A contrast curve, `part` of the way from linear to smoothstep.
fn contrast(code: f64, part: f64) -> f64 {
    code + (code * code * (3.0 - 2.0 * code) - code) * part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(look: Look, y: u8, u: u8, v: u8) -> [i32; 3] {
        let mut picture = Yuv420 { width: 2, height: 2, y: vec![y; 4], u: vec![u], v: vec![v] };
        LookTable::named(look).unwrap().apply(&mut picture);
        [picture.y[0], picture.u[0], picture.v[0]].map(i32::from)
    }

    const LOOKS: [Look; 4] = [Look::Warm, Look::Cool, Look::Film, Look::BlackAndWhite];

    #[test]
    fn black_and_white_are_near_where_they_were_and_greys_rise() {
        assert!(LookTable::named(Look::Natural).is_none());
        for look in LOOKS {
            let greys: Vec<i32> = (16..=235).map(|y| seen(look, y, 128, 128)[0]).collect();
            assert!(greys.is_sorted(), "{look:?}");
            assert!(greys[0] <= 24 && greys[219] >= 225, "{look:?}: {} {}", greys[0], greys[219]);
        }
    }

    #[test]
    fn each_look_does_what_it_says() {
        let [_, warm_blue, warm_red] = seen(Look::Warm, 126, 128, 128);
        assert!(warm_blue < 122 && warm_red > 131, "{warm_blue} {warm_red}");
        let [_, cool_blue, cool_red] = seen(Look::Cool, 126, 128, 128);
        assert!(cool_blue > 131 && cool_red < 126, "{cool_blue} {cool_red}");
        let [_, film_blue, film_red] = seen(Look::Film, 126, 90, 170);
        assert!((90..110).contains(&film_blue) && (150..168).contains(&film_red), "{film_blue} {film_red}");
        assert_eq!(seen(Look::BlackAndWhite, 126, 90, 170)[1..], [128, 128]);
    }
}
