use mmm_base::Score;

use super::lines::{Line, LineWay};
use super::tone::rise;

/// The most degrees by which a picture is taken to be tilted.
const MOST: f64 = 13.0;
/// Distance between the tilts that are tried, in degrees.
const STEP: f64 = 0.25;
/// Lines count for a tilt that is at most this many degrees off.
const NEAR: f64 = 1.0;
/// By how many degrees columns lean at the right border, where a camera looks up or down: the most, and the
/// distance of those that are tried; what the most costs.
const MOST_LEAN: f64 = 15.0;
const LEAN_STEP: f64 = 1.0;
const LEAN_COST: f64 = 0.3;
/// A column counts as much as so many rows, because only rows lean by perspective without a tilt.
const COLUMN: f64 = 2.0;
/// A tilt is sure to some degree from the first value on, and fully from the second on: the share of the
/// lines that agree with it, the share of these that disagree with level, and their length in longer sides.
const AGREED: (f64, f64) = (0.2, 0.5);
const NOT_LEVEL: (f64, f64) = (0.2, 0.5);
const LENGTH: (f64, f64) = (0.3, 0.8);

/// How far a picture is tilted.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Lean {
    /// Degrees clockwise; 0 if no tilt is more likely than none.
    pub degrees: f64,
    pub certainty: Score,
}

/// Returns the tilt on which the lines of a picture agree. Rows agree if they have its angle; columns also if
/// they converge, as those of buildings do.
pub fn lean_of(lines: &[Line]) -> Lean {
    let weighted: Vec<Weighted> = lines.iter().map(Weighted::of).collect();
    let all: f64 = weighted.iter().map(|line| line.weight).sum();
    let steps = (MOST / STEP) as i32;
    let level = Agreement::at(&weighted, 0.0);
    let mut best = level;
    for step in -steps..=steps {
        let found = Agreement::at(&weighted, f64::from(step) * STEP);
        // Of equals, the smaller tilt.
        let is_nearer = found.turn.abs() < best.turn.abs();
        if found.weight > best.weight || (found.weight >= best.weight && is_nearer) {
            best = found;
        }
    }
    if best.weight <= 0.0 {
        return Lean { degrees: 0.0, certainty: Score::ZERO };
    }
    let certainty = rise(best.weight / all, AGREED.0, AGREED.1)
        * rise(1.0 - level.weight / best.weight, NOT_LEVEL.0, NOT_LEVEL.1)
        * rise(best.length, LENGTH.0, LENGTH.1);
    Lean { degrees: best.turn, certainty: Score::new(certainty) }
}

/// A line with its weight: a long line is more certain, and more likely to be meant, than its parts.
struct Weighted {
    way: LineWay,
    x: f64,
    turn: f64,
    length: f64,
    weight: f64,
}

impl Weighted {
    fn of(line: &Line) -> Self {
        let count = if line.way == LineWay::Column { COLUMN } else { 1.0 };
        let weight = count * line.length * line.length.sqrt();
        Self { way: line.way, x: line.middle.0, turn: line.turn, length: line.length, weight }
    }
}

/// The lines that agree with a tilt.
#[derive(Clone, Copy)]
struct Agreement {
    turn: f64,
    weight: f64,
    length: f64,
}

impl Agreement {
    fn at(lines: &[Weighted], turn: f64) -> Self {
        let (weight, length) = fit(lines, LineWay::Row, turn, 0.0);
        let steps = (MOST_LEAN / LEAN_STEP) as i32;
        let mut columns = (0.0, 0.0);
        for step in -steps..=steps {
            let lean = f64::from(step) * LEAN_STEP;
            let (weight, length) = fit(lines, LineWay::Column, turn, lean);
            let weight = weight * (1.0 - LEAN_COST * lean.abs() / MOST_LEAN);
            if weight > columns.0 {
                columns = (weight, length);
            }
        }
        Self { turn, weight: weight + columns.0, length: length + columns.1 }
    }
}

/// Returns the weight and the length of the lines that have an angle, which grows by `lean` to the right
/// border.
fn fit(lines: &[Weighted], way: LineWay, turn: f64, lean: f64) -> (f64, f64) {
    let of_way = lines.iter().filter(|line| line.way == way);
    of_way.fold((0.0, 0.0), |(weight, length), line| {
        let near = (1.0 - (line.turn - turn - lean * line.x).abs() / NEAR).max(0.0);
        (weight + near * line.weight, length + near * line.length)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(way: LineWay, x: f64, length: f64, turn: f64) -> Line {
        Line { way, middle: (x, 0.0), length, turn }
    }

    fn lean(lines: &[Line]) -> (f64, f64) {
        let found = lean_of(lines);
        (found.degrees, found.certainty.get())
    }

    #[test]
    fn a_horizon_and_upright_edges_show_a_tilt() {
        let horizon = line(LineWay::Row, 0.0, 0.9, 5.0);
        assert_eq!(lean(&[horizon]), (5.0, 1.0));
        let house = [-0.5, 0.1, 0.6].map(|x| line(LineWay::Column, x, 0.3, -4.0));
        assert_eq!(lean(&house), (-4.0, 1.0));
        assert_eq!(lean(&[]), (0.0, 0.0));
    }

    #[test]
    fn edges_of_a_building_that_converge_are_no_tilt() {
        let tower = [-0.8, -0.4, 0.4, 0.8].map(|x| line(LineWay::Column, x, 0.3, 8.0 * x));
        assert_eq!(lean(&tower), (0.0, 0.0));
        // Its cornices lean to both sides.
        let cornices = [(-0.5, -9.0), (0.5, 9.0)].map(|(x, turn)| line(LineWay::Row, x, 0.3, turn));
        let all: Vec<Line> = tower.into_iter().chain(cornices).collect();
        assert_eq!(lean(&all).1, 0.0);
        let tilted: Vec<Line> = tower.iter().map(|edge| Line { turn: edge.turn + 4.0, ..*edge }).collect();
        let (degrees, certainty) = lean(&tilted);
        assert!((degrees - 4.0).abs() <= 0.5 && certainty > 0.5, "{degrees} {certainty}");
    }

    #[test]
    fn a_short_edge_or_many_that_disagree_are_not_sure() {
        assert_eq!(lean(&[line(LineWay::Row, 0.0, 0.2, 6.0)]).1, 0.0);
        let chaos: Vec<Line> = (-6..=6).map(|n| line(LineWay::Row, 0.0, 0.3, 2.0 * f64::from(n))).collect();
        assert_eq!(lean(&chaos).1, 0.0);
    }
}
