use super::Plane;

/// Gradients under this many levels per pixel are noise.
const LEAST_GRADIENT: f32 = 2.5;
/// In a picture full of edges, only the strongest are searched: at most this share of its pixels.
const MOST_EDGES: f64 = 0.12;
/// A line keeps its direction within this angle's cosine (12°).
const SAME_WAY: f32 = 0.978;
/// Only lines within this angle of a row or a column are searched: its tangent (20°).
const LEANING: f32 = 0.364;
/// The least length of a line, as a share of the longer side, and the most width, as a share of its length.
const LEAST_LENGTH: f64 = 0.06;
const MOST_WIDTH: f64 = 0.12;

/// A straight edge that runs nearly along a row or a column.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Line {
    pub way: LineWay,
    /// The middle, from −1 at the left or top border to 1 at the right or bottom one.
    pub middle: (f64, f64),
    /// Length as a share of the picture's longer side.
    pub length: f64,
    /// How far it is turned clockwise from its row or column, in degrees.
    pub turn: f64,
}

/// What a line runs along.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineWay {
    Row,
    Column,
}

/// Returns the straight edges in a small plane (a few hundred pixels; a larger one shows texture rather than
/// lines) that run nearly along rows or columns.
///
/// Pixels whose gradients have one direction are joined to regions, strongest first (von Gioi and others,
/// "LSD: a line segment detector", 2010); a region that is long and thin is a line.
pub fn lines_in(small: &Plane) -> Vec<Line> {
    if small.width < 16 || small.height < 16 {
        return Vec::new();
    }
    let field = Gradients::of(small);
    let edges = field.strongest_first();
    let mut free = vec![false; field.sizes.len()];
    edges.iter().for_each(|at| free[*at as usize] = true);
    let mut lines = Vec::new();
    let mut region = Vec::new();
    for start in edges {
        if free[start as usize] {
            field.grow(start, &mut free, &mut region);
            lines.extend(field.line(&region));
        }
    }
    lines
}

/// The gradients of a plane.
struct Gradients {
    width: usize,
    height: usize,
    /// Unit vectors, and their lengths in levels per pixel.
    ways: Vec<(f32, f32)>,
    sizes: Vec<f32>,
    /// Whether the pixel is on an edge that runs nearly along a row or a column.
    is_edge: Vec<bool>,
}

impl Gradients {
    /// Computes Sobel's gradients; there are none at the border.
    fn of(plane: &Plane) -> Self {
        let (width, height) = (plane.width, plane.height);
        let count = width * height;
        let mut field = Self {
            width,
            height,
            ways: vec![(0.0, 0.0); count],
            sizes: vec![0.0; count],
            is_edge: vec![false; count],
        };
        for y in 1..height - 1 {
            let (above, here, below) = (plane.row(y - 1), plane.row(y), plane.row(y + 1));
            for x in 1..width - 1 {
                let right = above[x + 1] + 2.0 * here[x + 1] + below[x + 1];
                let left = above[x - 1] + 2.0 * here[x - 1] + below[x - 1];
                let low = below[x - 1] + 2.0 * below[x] + below[x + 1];
                let high = above[x - 1] + 2.0 * above[x] + above[x + 1];
                let (across, down) = ((right - left) / 8.0, (low - high) / 8.0);
                let (less, more) = (across.abs().min(down.abs()), across.abs().max(down.abs()));
                if more < LEAST_GRADIENT || less > LEANING * more {
                    continue;
                }
                let size = (across * across + down * down).sqrt();
                let at = y * width + x;
                field.ways[at] = (across / size, down / size);
                field.sizes[at] = size;
                field.is_edge[at] = true;
            }
        }
        field
    }

    /// Returns the pixels on edges, those of the largest gradients first, in steps of a level.
    fn strongest_first(&self) -> Vec<u32> {
        const STEPS: usize = 256;
        let step = |at: usize| STEPS - 1 - (self.sizes[at] as usize).min(STEPS - 1);
        let edges = || (0..self.sizes.len()).filter(|at| self.is_edge[*at]);
        let mut starts = [0usize; STEPS];
        edges().for_each(|at| starts[step(at)] += 1);
        let mut before = 0;
        for start in &mut starts {
            before += std::mem::replace(start, before);
        }
        let mut sorted = vec![0; before];
        for at in edges() {
            let next = &mut starts[step(at)];
            sorted[*next] = at as u32;
            *next += 1;
        }
        sorted.truncate((MOST_EDGES * self.sizes.len() as f64) as usize);
        sorted
    }

    /// Sets `region` to the pixels around `start` that are free and whose gradients have one direction, and
    /// takes them.
    fn grow(&self, start: u32, free: &mut [bool], region: &mut Vec<u32>) {
        region.clear();
        region.push(start);
        free[start as usize] = false;
        let mut sum = self.ways[start as usize];
        let mut next = 0;
        while let Some(&at) = region.get(next) {
            next += 1;
            let at = at as usize;
            for beside in [at - self.width - 1, at - 1, at + self.width - 1] {
                for (other, is_free) in free.iter_mut().enumerate().skip(beside).take(3) {
                    let (x, y) = self.ways[other];
                    let along = x * sum.0 + y * sum.1;
                    let square = sum.0 * sum.0 + sum.1 * sum.1;
                    if *is_free && along > 0.0 && along * along >= SAME_WAY * SAME_WAY * square {
                        *is_free = false;
                        sum = (sum.0 + x, sum.1 + y);
                        region.push(other as u32);
                    }
                }
            }
        }
    }

    /// Returns the line that a region makes; `None` if it is short or thick.
    fn line(&self, region: &[u32]) -> Option<Line> {
        let longer = self.width.max(self.height) as f64;
        if (region.len() as f64) < LEAST_LENGTH * longer {
            return None;
        }
        let place = |at: u32| {
            let at = at as usize;
            ((at % self.width) as f64, (at / self.width) as f64)
        };
        let (mut mass, mut cx, mut cy) = (0.0, 0.0, 0.0);
        for &at in region {
            let ((x, y), size) = (place(at), f64::from(self.sizes[at as usize]));
            (mass, cx, cy) = (mass + size, cx + size * x, cy + size * y);
        }
        (cx, cy) = (cx / mass, cy / mass);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for &at in region {
            let ((x, y), size) = (place(at), f64::from(self.sizes[at as usize]));
            let (x, y) = (x - cx, y - cy);
            (xx, xy, yy) = (xx + size * x * x, xy + size * x * y, yy + size * y * y);
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        let (sin, cos) = angle.sin_cos();
        let (mut along, mut across) = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
        for &at in region {
            let (x, y) = place(at);
            let (u, v) = (cos * (x - cx) + sin * (y - cy), cos * (y - cy) - sin * (x - cx));
            along = (along.0.min(u), along.1.max(u));
            across = (across.0.min(v), across.1.max(v));
        }
        let (length, width) = (along.1 - along.0 + 1.0, across.1 - across.0 + 1.0);
        if length < LEAST_LENGTH * longer || width > MOST_WIDTH * length.max(25.0) {
            return None;
        }
        let degrees = angle.to_degrees();
        let (way, turn) = if degrees.abs() <= 45.0 {
            (LineWay::Row, degrees)
        } else {
            (LineWay::Column, degrees - 90.0 * degrees.signum())
        };
        let middle = (2.0 * cx / self.width as f64 - 1.0, 2.0 * cy / self.height as f64 - 1.0);
        Some(Line { way, middle, length: length / longer, turn })
    }
}
