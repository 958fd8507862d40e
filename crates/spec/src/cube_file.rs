use std::fmt;

/// Red, green and blue as code values, 0 to 1.
type Colour = [f64; 3];

/// A user's colour table (LUT) from a .cube file (Cube LUT Specification 1.0 of Adobe and IRIDAS): three
/// curves, or a cube in which red varies fastest.
#[derive(Clone, PartialEq, Debug)]
pub struct CubeFile {
    kind: Kind,
    /// Number of points along each side.
    size: usize,
    points: Vec<Colour>,
    /// The input colours of the first and of the last point.
    domain: (Colour, Colour),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Curves,
    Cube,
}

/// What is wrong with a .cube file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BadCube {
    /// Counted from 1; the last line if something is missing.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for BadCube {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

/// The largest sizes that the specification allows.
const MOST_CURVE: usize = 65_536;
const MOST_CUBE: usize = 256;

impl CubeFile {
    /// Parses the text of a .cube file.
    ///
    /// # Errors
    /// With the line that can't be read, or if there are too few or too many points.
    pub fn parse(text: &str) -> Result<Self, BadCube> {
        let mut found: Option<(Kind, usize)> = None;
        let mut domain = ([0.0; 3], [1.0; 3]);
        let mut points: Vec<Colour> = Vec::new();
        let mut last = 1;
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            last = number + 1;
            let bad = |what: String| BadCube { line: number + 1, what };
            let line = line.trim();
            let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            match word {
                "" | "TITLE" => {}
                _ if word.starts_with('#') => {}
                "LUT_3D_SIZE" => found = Some((Kind::Cube, size(rest, MOST_CUBE).map_err(bad)?)),
                "LUT_1D_SIZE" => found = Some((Kind::Curves, size(rest, MOST_CURVE).map_err(bad)?)),
                "DOMAIN_MIN" => domain.0 = colour(rest).map_err(bad)?,
                "DOMAIN_MAX" => domain.1 = colour(rest).map_err(bad)?,
                _ if word.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                    return Err(bad(format!("`{}` is not a keyword of a .cube file", word.escape_debug())));
                }
                _ => points.push(colour(line).map_err(bad)?),
            }
        }
        let bad = |what: String| BadCube { line: last, what };
        let (kind, size) = found.ok_or_else(|| bad("LUT_3D_SIZE or LUT_1D_SIZE is missing".to_owned()))?;
        let wanted = if kind == Kind::Cube { size.pow(3) } else { size };
        if points.len() != wanted {
            return Err(bad(format!("found {} points, expected {wanted}", points.len())));
        }
        if (0..3).any(|i| domain.1[i] <= domain.0[i]) {
            return Err(bad("DOMAIN_MAX is not above DOMAIN_MIN".to_owned()));
        }
        Ok(Self { kind, size, points, domain })
    }

    /// Returns the colour that replaces `colour`, interpolated linearly between the points around it.
    pub fn look_up(&self, colour: Colour) -> Colour {
        let last = (self.size - 1) as f64;
        let place: Colour = std::array::from_fn(|i| {
            let (least, most) = (self.domain.0[i], self.domain.1[i]);
            ((colour[i] - least) / (most - least)).clamp(0.0, 1.0) * last
        });
        let low = place.map(|place| (place as usize).min(self.size.saturating_sub(2)));
        let part: Colour = std::array::from_fn(|i| place[i] - low[i] as f64);
        match self.kind {
            Kind::Curves => std::array::from_fn(|i| {
                let high = (low[i] + 1).min(self.size - 1);
                mix(self.points[low[i]][i], self.points[high][i], part[i])
            }),
            Kind::Cube => self.between(low, part),
        }
    }

    /// Interpolates between the eight points of a cell.
    fn between(&self, low: [usize; 3], part: Colour) -> Colour {
        let at = |r: usize, g: usize, b: usize| {
            let [r, g, b] = [low[0] + r, low[1] + g, low[2] + b].map(|index| index.min(self.size - 1));
            self.points[r + (g + b * self.size) * self.size]
        };
        std::array::from_fn(|i| {
            let along_red = |g: usize, b: usize| mix(at(0, g, b)[i], at(1, g, b)[i], part[0]);
            let along_green = |b: usize| mix(along_red(0, b), along_red(1, b), part[1]);
            mix(along_green(0), along_green(1), part[2])
        })
    }
}

fn mix(from: f64, to: f64, part: f64) -> f64 {
    from + (to - from) * part
}

fn size(text: &str, most: usize) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(size) if (2..=most).contains(&size) => Ok(size),
        _ => Err(format!("the size must be a whole number from 2 to {most}")),
    }
}

fn colour(text: &str) -> Result<Colour, String> {
    let bad = || "expected three numbers".to_owned();
    let mut numbers = text.split_whitespace().map(|word| word.parse::<f64>().ok().filter(|n| n.is_finite()));
    let mut next = || numbers.next().flatten().ok_or_else(bad);
    let colour = [next()?, next()?, next()?];
    if numbers.next().is_some() { Err(bad()) } else { Ok(colour) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that swaps red and blue.
    const SWAPPED: &str = "TITLE \"swap\"\n# a comment\nLUT_3D_SIZE 2\n\
        0 0 0\n0 0 1\n0 1 0\n0 1 1\n1 0 0\n1 0 1\n1 1 0\n1 1 1\n";

    #[test]
    fn red_runs_fastest_and_what_lies_between_is_mixed() {
        let cube = CubeFile::parse(SWAPPED).unwrap();
        let [r, g, b] = cube.look_up([0.25, 0.5, 0.9]);
        assert!((r - 0.9).abs() < 1e-9 && (g - 0.5).abs() < 1e-9 && (b - 0.25).abs() < 1e-9, "{r} {g} {b}");
    }

    #[test]
    fn curves_and_a_domain_of_its_own() {
        let text = "LUT_1D_SIZE 3\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n0 0 0\n.5 .25 1\n1 1 1\n";
        let curves = CubeFile::parse(text).unwrap();
        assert_eq!(curves.look_up([1.0, 1.0, 0.5]), [0.5, 0.25, 0.5]);
        assert_eq!(curves.look_up([3.0, -1.0, 2.0]), [1.0, 0.0, 1.0]);
    }

    #[test]
    fn mistakes_are_reported_with_their_line() {
        let wrong = |text: &str| CubeFile::parse(text).unwrap_err().to_string();
        assert_eq!(wrong(""), "line 1: LUT_3D_SIZE or LUT_1D_SIZE is missing");
        assert_eq!(wrong("LUT_3D_SIZE 2\n0 0 0\n"), "line 2: found 1 points, expected 8");
        assert_eq!(wrong("LUT_1D_SIZE 2\n0 0\n"), "line 2: expected three numbers");
        assert_eq!(wrong("LUT_1D_SIZE 2\n0 0 nan\n"), "line 2: expected three numbers");
        assert_eq!(wrong("LUT_3D_SIZE 999\n"), "line 1: the size must be a whole number from 2 to 256");
        assert_eq!(wrong("<html>\n"), "line 1: expected three numbers");
        assert_eq!(wrong("LUT_4D_SIZE 2\n"), "line 1: `LUT_4D_SIZE` is not a keyword of a .cube file");
    }
}
