use mmm_media::Yuv420;

/// Maps the pixels of a new picture to an old one: the position of the first pixel, and the steps to its
/// right and lower neighbours, in pixels of the old one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lattice {
    pub start: (f64, f64),
    pub right: (f64, f64),
    pub down: (f64, f64),
}

/// Number of interpolated positions between two pixels, as a power of two.
const PHASE_BITS: u32 = 8;
const PHASES: usize = 1 << PHASE_BITS;
/// Fractional bits of weights, which add up to one.
const WEIGHT_BITS: u32 = 12;
/// Fractional bits of positions.
const PLACE_BITS: u32 = 20;

/// Returns the picture of `size` pixels that `lattice` selects from `from`, resampled by the Catmull-Rom
/// cubic. Pixels at the edges repeat outside.
pub(super) fn warp(from: &Yuv420, lattice: &Lattice, size: (u32, u32)) -> Yuv420 {
    let weights = weights();
    let plane = |pixels: &[u8], across: usize, down: usize, lattice: &Lattice, size: (usize, usize)| {
        let mut to = Vec::with_capacity(size.0 * size.1);
        for row in 0..size.1 {
            warp_row(pixels, (across, down), lattice, row, size.0, &weights, &mut to);
        }
        to
    };
    let (width, height) = (from.width as usize, from.height as usize);
    let (wide, high) = (size.0 as usize, size.1 as usize);
    // The centres of chroma and luma keep their relation in both pictures.
    let halved = Lattice {
        start: (
            (lattice.start.0 + (lattice.right.0 + lattice.down.0 - 1.0) / 2.0) / 2.0,
            (lattice.start.1 + (lattice.right.1 + lattice.down.1 - 1.0) / 2.0) / 2.0,
        ),
        ..*lattice
    };
    let chroma = |pixels: &[u8]| plane(pixels, width / 2, height / 2, &halved, (wide / 2, high / 2));
    Yuv420 {
        width: size.0,
        height: size.1,
        y: plane(&from.y, width, height, lattice, (wide, high)),
        u: chroma(&from.u),
        v: chroma(&from.v),
    }
}

fn warp_row(
    pixels: &[u8],
    (across, down): (usize, usize),
    lattice: &Lattice,
    row: usize,
    count: usize,
    weights: &[[i32; 4]; PHASES],
    to: &mut Vec<u8>,
) {
    let fixed = |place: f64| (place * f64::from(1 << PLACE_BITS)).round() as i64;
    let mut x = fixed(lattice.start.0 + lattice.down.0 * row as f64);
    let mut y = fixed(lattice.start.1 + lattice.down.1 * row as f64);
    let (step_x, step_y) = (fixed(lattice.right.0), fixed(lattice.right.1));
    let phase = |place: i64| ((place >> (PLACE_BITS - PHASE_BITS)) as usize) & (PHASES - 1);
    for _ in 0..count {
        let (left, top) = ((x >> PLACE_BITS) - 1, (y >> PLACE_BITS) - 1);
        let (wx, wy) = (&weights[phase(x)], &weights[phase(y)]);
        let inside = left >= 0 && top >= 0 && left + 4 <= across as i64 && top + 4 <= down as i64;
        let mut sum = 0i32;
        for (line, weight) in (top..).zip(wy) {
            let part: i32 = if inside {
                let start = line as usize * across + left as usize;
                pixels[start..start + 4]
                    .iter()
                    .zip(wx)
                    .map(|(pixel, weight)| i32::from(*pixel) * weight)
                    .sum()
            } else {
                let line = line.clamp(0, down as i64 - 1) as usize * across;
                let at = |column: i64| i32::from(pixels[line + column.clamp(0, across as i64 - 1) as usize]);
                (left..).zip(wx).map(|(column, weight)| at(column) * weight).sum()
            };
            // Dropping eight bits here leaves room for the second sum.
            sum += (part >> 8) * weight;
        }
        let bits = 2 * WEIGHT_BITS - 8;
        to.push(((sum + (1 << (bits - 1))) >> bits).clamp(0, 255) as u8);
        x += step_x;
        y += step_y;
    }
}

/// Returns the weights of four neighbours for each position between the middle two.
fn weights() -> [[i32; 4]; PHASES] {
    std::array::from_fn(|phase| {
        let t = phase as f64 / PHASES as f64;
        let cubic = [
            ((-t + 2.0) * t - 1.0) * t / 2.0,
            ((3.0 * t - 5.0) * t * t + 2.0) / 2.0,
            ((-3.0 * t + 4.0) * t + 1.0) * t / 2.0,
            (t - 1.0) * t * t / 2.0,
        ];
        let mut whole = cubic.map(|weight| (weight * f64::from(1 << WEIGHT_BITS)).round() as i32);
        // The rounding error goes to the nearer of the two.
        let rest = (1 << WEIGHT_BITS) - whole.iter().sum::<i32>();
        whole[if t < 0.5 { 1 } else { 2 }] += rest;
        whole
    })
}
