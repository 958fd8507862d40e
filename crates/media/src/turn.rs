//! Rotates and mirrors stored pictures into upright ones.

use mmm_facts::Orientation;

/// Side in pixels of the tiles that are rotated one at a time, so that source and target stay in cache.
const TILE: usize = 32;

/// A traversal of the stored pixels in upright order.
struct Walk {
    start: isize,
    /// Step in the stored picture for one pixel to the right in the upright one.
    right: isize,
    /// Step for one pixel down.
    down: isize,
}

impl Walk {
    fn new(orientation: Orientation, width: usize, height: usize) -> Self {
        let (w, h) = (width as isize, height as isize);
        let (start, right, down) = match orientation.exif() {
            2 => (w - 1, -1, w),
            3 => (w * h - 1, -1, -w),
            4 => ((h - 1) * w, 1, -w),
            5 => (0, w, 1),
            6 => ((h - 1) * w, -w, 1),
            7 => (w * h - 1, -w, -1),
            8 => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        Self { start, right, down }
    }
}

/// Returns the upright form of a stored picture of `width` by `height` pixels of `N` bytes each.
pub(super) fn turn<const N: usize>(
    stored: Vec<u8>,
    (width, height): (usize, usize),
    orientation: Orientation,
) -> Vec<u8> {
    if orientation == Orientation::UPRIGHT {
        return stored;
    }
    let walk = Walk::new(orientation, width, height);
    let (wide, high) = if orientation.is_sideways() { (height, width) } else { (width, height) };
    let from = stored.as_chunks::<N>().0;
    let mut upright = vec![0; wide * high * N];
    let to = upright.as_chunks_mut::<N>().0;
    for top in (0..high).step_by(TILE) {
        for left in (0..wide).step_by(TILE) {
            for y in top..(top + TILE).min(high) {
                let row = walk.start + y as isize * walk.down;
                for x in left..(left + TILE).min(wide) {
                    to[y * wide + x] = from[(row + x as isize * walk.right) as usize];
                }
            }
        }
    }
    upright
}

/// Returns where a point of the upright picture lies in the stored one; both from 0 to 1 on each axis.
pub(super) fn stored_point((u, v): (f64, f64), orientation: Orientation) -> (f64, f64) {
    match orientation.exif() {
        2 => (1.0 - u, v),
        3 => (1.0 - u, 1.0 - v),
        4 => (u, 1.0 - v),
        5 => (v, u),
        6 => (v, 1.0 - u),
        7 => (1.0 - v, 1.0 - u),
        8 => (1.0 - v, u),
        _ => (u, v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected upright form of a 3 by 2 picture `abc/def`, by the drawings of EXIF 2.3.
    const UPRIGHT: [(u32, &str); 8] = [
        (1, "abcdef"),
        (2, "cbafed"),
        (3, "fedcba"),
        (4, "defabc"),
        (5, "adbecf"),
        (6, "daebfc"),
        (7, "fcebda"),
        (8, "cfbead"),
    ];

    #[test]
    fn each_orientation_turns_as_exif_draws_it() {
        for (number, upright) in UPRIGHT {
            let turned = turn::<1>(b"abcdef".to_vec(), (3, 2), Orientation::from_exif(number));
            assert_eq!(String::from_utf8(turned).unwrap(), upright, "orientation {number}");
        }
    }

    #[test]
    fn two_turnings_are_one() {
        for (one, _) in UPRIGHT {
            for (other, _) in UPRIGHT {
                let (one, other) = (Orientation::from_exif(one), Orientation::from_exif(other));
                let first = turn::<1>(b"abcdef".to_vec(), (3, 2), one);
                let size = if one.is_sideways() { (2, 3) } else { (3, 2) };
                let at_once = turn::<1>(b"abcdef".to_vec(), (3, 2), one.then(other));
                assert_eq!(at_once, turn::<1>(first, size, other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn points_go_back_to_where_their_pixels_came_from() {
        for (number, upright) in UPRIGHT {
            let orientation = Orientation::from_exif(number);
            let (wide, high) = if orientation.is_sideways() { (2, 3) } else { (3, 2) };
            for (at, letter) in upright.chars().enumerate() {
                let middle = |at: usize, len: usize| (at as f64 + 0.5) / len as f64;
                let (x, y) = stored_point((middle(at % wide, wide), middle(at / wide, high)), orientation);
                let stored = (y * 2.0) as usize * 3 + (x * 3.0) as usize;
                assert_eq!("abcdef".chars().nth(stored), Some(letter), "orientation {number}");
            }
        }
    }

    #[test]
    fn an_inverse_takes_turnings_and_points_back() {
        for (number, _) in UPRIGHT {
            let orientation = Orientation::from_exif(number);
            assert_eq!(orientation.then(orientation.inverse()), Orientation::UPRIGHT);
            let there = stored_point((0.2, 0.7), orientation);
            let (x, y) = stored_point(there, orientation.inverse());
            assert!((x - 0.2).abs() < 1e-12 && (y - 0.7).abs() < 1e-12, "orientation {number}");
        }
    }

    #[test]
    fn pictures_larger_than_a_tile_turn_whole() {
        let (width, height) = (TILE * 2 + 5, TILE + 3);
        let stored: Vec<u8> = (0..width * height * 3).map(|at| (at % 253) as u8).collect();
        let right = turn::<3>(stored.clone(), (width, height), Orientation::from_exif(6));
        assert_ne!(right, stored);
        assert_eq!(turn::<3>(right, (height, width), Orientation::from_exif(8)), stored);
    }
}
