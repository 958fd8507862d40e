use ffmpeg_next::frame;

/// Grid points along each side.
const POINTS: usize = 33;
/// Grid cells along each side; scales a 16-bit value to a position in the cube.
const STEPS: u32 = POINTS as u32 - 1;

/// A 3D lookup table from colours to colours, three 16-bit values each. Colours between grid points are
/// interpolated in the tetrahedron that contains them.
#[derive(Clone)]
pub struct Cube {
    /// Red varies fastest.
    points: Vec<[u16; 3]>,
}

/// Prints only the size: the points say nothing to a reader of logs.
impl std::fmt::Debug for Cube {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cube({POINTS})")
    }
}

impl Cube {
    /// Builds the table from a function of code values from 0 to 1.
    pub fn of(map: impl Fn([f64; 3]) -> [f64; 3]) -> Self {
        let place = |n: usize| n as f64 / f64::from(STEPS);
        let point = |at: usize| {
            let code = [at % POINTS, at / POINTS % POINTS, at / POINTS / POINTS].map(place);
            map(code).map(|code| (code.clamp(0.0, 1.0) * 65_535.0).round() as u16)
        };
        Self { points: (0..POINTS * POINTS * POINTS).map(point).collect() }
    }

    /// Replaces every colour of a row, in place: three 16-bit values per pixel, low byte first.
    fn apply(&self, row: &mut [u8]) {
        for pixel in row.as_chunks_mut::<6>().0 {
            let [r, g, b] = [0, 2, 4].map(|at| u16::from_le_bytes([pixel[at], pixel[at + 1]]));
            let [r, g, b] = self.look_up([r, g, b]).map(u16::to_le_bytes);
            *pixel = [r[0], r[1], g[0], g[1], b[0], b[1]];
        }
    }

    /// Replaces every colour of a 16-bit RGB frame, in place.
    pub fn apply_to_frame(&self, frame: &mut frame::Video) {
        let (row, stride) = (frame.width() as usize * 6, frame.stride(0));
        frame.data_mut(0).chunks_mut(stride).for_each(|line| self.apply(&mut line[..row]));
    }

    /// Returns the colour that the table gives for `pixel`.
    pub fn look_up(&self, pixel: [u16; 3]) -> [u16; 3] {
        // 65,535 maps to the last grid point exactly, not just short of it.
        let scaled = pixel.map(|value| (u32::from(value) + u32::from(value >> 15)) * STEPS);
        let cell = scaled.map(|value| (value >> 16).min(STEPS - 1));
        let [r, g, b] = [0, 1, 2].map(|i| scaled[i] - (cell[i] << 16));
        let (red, green, blue) = (1, POINTS, POINTS * POINTS);
        let first = cell[0] as usize + cell[1] as usize * green + cell[2] as usize * blue;
        // Walks the sides of the cell in descending order of the fractions, which selects the tetrahedron.
        let (far, middle, near, second, third) = if r >= g {
            if g >= b {
                (r, g, b, red, red + green)
            } else if r >= b {
                (r, b, g, red, red + blue)
            } else {
                (b, r, g, blue, blue + red)
            }
        } else if b >= g {
            (b, g, r, blue, blue + green)
        } else if b >= r {
            (g, b, r, green, green + blue)
        } else {
            (g, r, b, green, green + red)
        };
        let corners = [0, second, third, red + green + blue].map(|corner| self.points[first + corner]);
        let shares = [(1 << 16) - far, far - middle, middle - near, near].map(u64::from);
        std::array::from_fn(|i| {
            let sum: u64 =
                corners.iter().zip(shares).map(|(corner, share)| u64::from(corner[i]) * share).sum();
            ((sum + (1 << 15)) >> 16) as u16
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_that_changes_nothing_changes_nothing() {
        let cube = Cube::of(|code| code);
        let values = [0u16, 1, 999, 2_048, 30_000, 32_768, 40_001, 65_534, 65_535];
        for r in values {
            for g in values {
                for b in values {
                    for (found, wanted) in cube.look_up([r, g, b]).into_iter().zip([r, g, b]) {
                        assert!(found.abs_diff(wanted) <= 1, "{found} {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn between_its_points_it_is_near_the_function() {
        let map = |[r, g, b]: [f64; 3]| [r.powf(1.3), 0.5 * g + 0.5 * b * b, (r * g).sqrt() * 0.5 + 0.2];
        let cube = Cube::of(map);
        for n in 0..2_000u32 {
            let code = [n * 7_919 % 1_000, n * 104_729 % 1_000, n * 1_299_709 % 1_000];
            let code = code.map(|part| 0.05 + f64::from(part) / 1_000.0 * 0.95);
            let found = cube.look_up(code.map(|code| (code * 65_535.0) as u16));
            for (found, wanted) in found.into_iter().zip(map(code)) {
                assert!((f64::from(found) / 65_535.0 - wanted).abs() < 2e-3, "{found} {wanted}");
            }
        }
    }
}
