use super::signature::{Alignment, Signature};
use crate::picture::Plane;

/// Cells of a block of the thumbnail, across and down.
const BLOCK: (usize, usize) = (8, 9);
/// A block with a smaller standard deviation, in levels, looks the same wherever it moves, and has no vote.
const PLAIN: f32 = 6.0;
/// A block also votes for moves that explain it nearly as well as the best one, in levels.
const NEARLY: f32 = 1.5;
/// The least correlation at which two pictures surely align.
const LEAST_FIT: f64 = 0.7;
/// The least number of votes, and of shares of all votes in thirds, with which they align although the whole
/// correlates less: something large moves before the background.
const LEAST_VOTES: usize = 4;
const THIRDS: usize = 2;

/// How the camera moved from one picture to the next.
#[derive(Clone, Copy, Debug)]
pub struct CameraMove {
    pub alignment: Alignment,
    /// Whether the pictures align, so that the move is known.
    pub fits: bool,
}

/// Returns how the camera moved between two pictures, whatever moves in them. `last` is the move before, as
/// shares of the picture.
///
/// The best alignment of the whole may be that of somebody in front of a plain background. So the blocks of the
/// picture vote, each for all that explain it about equally well, between no move, the move before, and that
/// alignment. Of those with as many votes, the first in this order wins: what isn't seen to move stays.
pub fn camera(before: &Signature, now: &Signature, last: (f64, f64)) -> CameraMove {
    let whole = before.align(now);
    let (one, other) = (before.thumb(), now.thumb());
    let cells =
        |(x, y): (f64, f64)| ((x * one.width as f64).round() as i64, (y * one.height as f64).round() as i64);
    let moves = [(0.0, 0.0), last, whole.shift];
    let (votes, voters) = votes(one, other, &moves.map(cells));
    let (mut shift, mut most) = (moves[0], votes[0]);
    for (other, votes) in moves.into_iter().zip(votes) {
        if votes > most {
            (shift, most) = (other, votes);
        }
    }
    let is_whole = most == 0 || cells(shift) == cells(whole.shift);
    let alignment = if is_whole { whole } else { before.aligned(now, shift) };
    let is_voted = most >= LEAST_VOTES && most * 3 >= voters * THIRDS;
    CameraMove { alignment, fits: alignment.correlation > LEAST_FIT || is_voted }
}

/// Returns how many blocks each move explains best, and how many blocks vote.
fn votes(one: &Plane, other: &Plane, moves: &[(i64, i64); 3]) -> ([usize; 3], usize) {
    let (mut votes, mut voters) = ([0; 3], 0);
    if (one.width, one.height) != (other.width, other.height) {
        return (votes, voters);
    }
    for top in (0..one.height).step_by(BLOCK.1) {
        for left in (0..one.width).step_by(BLOCK.0) {
            let deviation = deviation(one, (left, top));
            if deviation < PLAIN {
                continue;
            }
            let apart = moves.map(|by| difference(one, other, (left, top), by));
            let best = apart.iter().flatten().copied().fold(f32::MAX, f32::min);
            if best >= deviation {
                continue;
            }
            voters += 1;
            for (votes, apart) in votes.iter_mut().zip(apart) {
                *votes += usize::from(apart.is_some_and(|apart| apart <= best + NEARLY));
            }
        }
    }
    (votes, voters)
}

fn deviation(plane: &Plane, (left, top): (usize, usize)) -> f32 {
    let (mut count, mut sum, mut squares) = (0.0f32, 0.0f32, 0.0f32);
    for row in top..(top + BLOCK.1).min(plane.height) {
        for value in &plane.row(row)[left..(left + BLOCK.0).min(plane.width)] {
            count += 1.0;
            sum += value;
            squares += value * value;
        }
    }
    (squares / count - (sum / count) * (sum / count)).max(0.0).sqrt()
}

/// Returns the mean difference of a block from where it would be after a move; `None` if most of it would be
/// outside of the picture.
fn difference(one: &Plane, other: &Plane, (left, top): (usize, usize), (x, y): (i64, i64)) -> Option<f32> {
    let (mut count, mut all, mut sum) = (0, 0, 0.0f32);
    for row in top..(top + BLOCK.1).min(one.height) {
        for column in left..(left + BLOCK.0).min(one.width) {
            all += 1;
            let (to_column, to_row) = (column as i64 + x, row as i64 + y);
            if (0..other.width as i64).contains(&to_column) && (0..other.height as i64).contains(&to_row) {
                count += 1;
                sum += (one.row(row)[column] - other.row(to_row as usize)[to_column as usize]).abs();
            }
        }
    }
    (count * 2 > all).then(|| sum / count as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RgbView;

    /// Paints a picture: hills that move by `shift` cells, and a person in strong colours at `person`.
    fn picture(shift: f64, person: Option<f64>) -> Signature {
        let (width, height) = (96, 54);
        let mut pixels = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let at = f64::from(x) - 2.0 * shift;
                let hill = 110.0 + 16.0 * (at * 0.3).sin() + 14.0 * (f64::from(y) * 0.4 + at * 0.11).cos();
                let is_person = person.is_some_and(|left| (f64::from(x) - 2.0 * left).abs() < 9.0 && y > 8);
                let value = if is_person { 255.0 * f64::from(y % 4 / 2) } else { hill };
                pixels.extend([value as u8; 3]);
            }
        }
        Signature::of(&RgbView::new(width, height, &pixels).unwrap())
    }

    #[test]
    fn somebody_who_walks_does_not_move_the_camera() {
        let (before, now) = (picture(0.0, Some(14.0)), picture(0.0, Some(20.0)));
        let found = camera(&before, &now, (0.0, 0.0));
        assert!(found.fits && found.alignment.shift.0.abs() < 0.011, "{found:?}");
    }

    #[test]
    fn a_pan_ends_where_nothing_is_seen_to_move() {
        // What is plain across looks the same wherever the camera turns.
        let sea = |level: f64| {
            let row = |y: u32| (level + 20.0 * (f64::from(y) * 0.9).sin()) as u8;
            let pixels: Vec<u8> = (0..54).flat_map(|y| [row(y); 3 * 96]).collect();
            Signature::of(&RgbView::new(96, 54, &pixels).unwrap())
        };
        let found = camera(&sea(120.0), &sea(120.0), (4.0 / 48.0, 0.0));
        assert!(found.fits && found.alignment.shift.0.abs() < 0.011, "{found:?}");
    }

    #[test]
    fn a_pan_is_a_move_of_the_camera() {
        for person in [None, Some(20.0)] {
            let found = camera(&picture(0.0, person), &picture(4.0, person), (4.0 / 48.0, 0.0));
            assert!(found.fits && (found.alignment.shift.0 - 4.0 / 48.0).abs() < 0.015, "{found:?}");
        }
        let found = camera(&picture(0.0, None), &picture(4.0, None), (0.0, 0.0));
        assert!(found.fits && (found.alignment.shift.0 - 4.0 / 48.0).abs() < 0.015, "{found:?}");
    }
}
