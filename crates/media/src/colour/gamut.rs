/// A display's three primaries, as chromaticities (x, y) from the standards.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Primaries {
    Bt709,
    /// BT.601 with 525 lines (SMPTE 170M).
    Smpte170m,
    Bt2020,
    /// Display P3 (SMPTE EG 432-1).
    P3,
}

type Matrix = [[f64; 3]; 3];

/// D65.
const WHITE: [f64; 2] = [0.3127, 0.3290];

impl Primaries {
    fn chromaticities(self) -> [[f64; 2]; 3] {
        match self {
            Self::Bt709 => [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]],
            Self::Smpte170m => [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]],
            Self::Bt2020 => [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]],
            Self::P3 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]],
        }
    }

    /// Returns the matrix from linear light to CIE XYZ, with white at a luminance of 1 (SMPTE RP 177).
    fn to_xyz(self) -> Matrix {
        let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
        let columns = self.chromaticities().map(xyz);
        let rows: Matrix = std::array::from_fn(|row| columns.map(|column| column[row]));
        let amounts = times(&inverse(&rows), xyz(WHITE));
        rows.map(|row| std::array::from_fn(|column| row[column] * amounts[column]))
    }

    /// Returns the share that each primary contributes to luminance.
    pub fn weights(self) -> [f64; 3] {
        self.to_xyz()[1]
    }

    /// Returns the matrix from linear light in these primaries to linear light in `other`.
    pub fn to(self, other: Self) -> Matrix {
        let (from, to) = (self.to_xyz(), inverse(&other.to_xyz()));
        std::array::from_fn(|row| {
            std::array::from_fn(|column| (0..3).map(|k| to[row][k] * from[k][column]).sum())
        })
    }
}

/// `matrix` times `vector`.
pub fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// Moves a colour outside the gamut towards the grey of the same luminance, only as far as needed. `weights`
/// are the luminance weights of the target primaries; `light` is linear with 1 as white.
pub fn into_gamut(light: [f64; 3], weights: [f64; 3]) -> [f64; 3] {
    let grey: f64 = light.iter().zip(weights).map(|(light, weight)| light * weight).sum();
    if !(0.0..=1.0).contains(&grey) {
        return [grey.clamp(0.0, 1.0); 3];
    }
    let least = light.into_iter().fold(0.0, f64::min);
    let most = light.into_iter().fold(1.0, f64::max);
    let keep = (grey / (grey - least).max(1e-12)).min((1.0 - grey) / (most - grey).max(1e-12)).min(1.0);
    light.map(|light| grey + (light - grey) * keep)
}

fn inverse(m: &Matrix) -> Matrix {
    let minor = |r: usize, c: usize| {
        let [a, b] = [(r + 1) % 3, (r + 2) % 3];
        let [d, e] = [(c + 1) % 3, (c + 2) % 3];
        m[a][d] * m[b][e] - m[a][e] * m[b][d]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
    std::array::from_fn(|row| std::array::from_fn(|column| minor(column, row) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_those_of_the_standards() {
        // ITU-R BT.2087, table 1: BT.2020 to BT.709, inverse of its M2.
        let wanted = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]];
        for (row, wanted) in Primaries::Bt2020.to(Primaries::Bt709).iter().zip(wanted) {
            row.iter().zip(wanted).for_each(|(a, b)| assert!((a - b).abs() < 2e-4, "{a} {b}"));
        }
        let luma = Primaries::Bt709.weights();
        [0.2126, 0.7152, 0.0722].iter().zip(luma).for_each(|(a, b)| assert!((a - b).abs() < 1e-4));
        let white = times(&Primaries::P3.to(Primaries::Bt709), [1.0; 3]);
        white.into_iter().for_each(|light| assert!((light - 1.0).abs() < 1e-9));
    }

    #[test]
    fn colours_are_shown_as_near_as_can_be() {
        let weights = Primaries::Bt709.weights();
        let inside = [0.2, 0.5, 0.9];
        assert_eq!(into_gamut(inside, weights), inside);
        let green = into_gamut(times(&Primaries::Bt2020.to(Primaries::Bt709), [0.0, 0.6, 0.0]), weights);
        assert!(green.into_iter().all(|light| (-1e-9..=1.0 + 1e-9).contains(&light)), "{green:?}");
        assert!(green[1] > 2.0 * green[0] && green[1] > 2.0 * green[2]);
        assert_eq!(into_gamut([3.0, 3.0, 3.0], weights), [1.0; 3]);
    }
}
