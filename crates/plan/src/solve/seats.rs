/// Rounds a count to coarse steps of about √2, so that one more medium seldom moves a seat from one part of
/// the movie to another.
pub(super) fn coarse(count: usize) -> u64 {
    const STEPS: [(usize, u64); 24] = [
        (1, 1),
        (2, 2),
        (3, 3),
        (5, 5),
        (7, 7),
        (11, 10),
        (15, 13),
        (22, 19),
        (31, 27),
        (44, 38),
        (63, 54),
        (89, 75),
        (126, 107),
        (178, 151),
        (252, 213),
        (357, 302),
        (504, 427),
        (713, 604),
        (1009, 854),
        (1427, 1208),
        (2018, 1708),
        (2854, 2416),
        (4036, 3416),
        (5708, 4831),
    ];
    if count == 0 {
        return 0;
    }
    STEPS.iter().find(|(most, _)| count <= *most).map_or(count as u64, |(_, weight)| *weight)
}

/// The seats (slots) that one part of the story may claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Claim {
    pub weight: u64,
    /// Seats that it must have.
    pub least: usize,
    /// Seats that it can fill.
    pub most: usize,
    /// Whether it gets a first seat before the rest are distributed.
    pub major: bool,
}

/// Distributes `seats` by weight (Sainte-Laguë), with each claim between its least and its most. Distributes
/// fewer if all are full.
pub(super) fn apportion(claims: &[Claim], seats: usize) -> Vec<usize> {
    let mut given: Vec<usize> = claims.iter().map(|claim| claim.least).collect();
    let mut left = seats.saturating_sub(given.iter().sum());
    let mut majors: Vec<usize> = (0..claims.len())
        .filter(|&index| claims[index].major && given[index] == 0 && claims[index].most > 0)
        .collect();
    majors.sort_by_key(|&index| std::cmp::Reverse(claims[index].weight));
    for index in majors.into_iter().take(left) {
        given[index] = 1;
        left -= 1;
    }
    for _ in 0..left {
        let open = (0..claims.len()).filter(|&index| given[index] < claims[index].most);
        // The greatest weight / (2 × seats + 1); on a tie, the first.
        let next = open.reduce(|best, index| {
            let value = |one: usize, other: usize| claims[one].weight * (2 * given[other] as u64 + 1);
            if value(index, best) > value(best, index) { index } else { best }
        });
        match next {
            Some(index) => given[index] += 1,
            None => break,
        }
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(weight: u64, most: usize, major: bool) -> Claim {
        Claim { weight, least: 0, most, major }
    }

    #[test]
    fn seats_follow_weights() {
        let claims = [claim(10, 99, true), claim(20, 99, true), claim(30, 99, true)];
        assert_eq!(apportion(&claims, 12), [2, 4, 6]);
    }

    #[test]
    fn every_major_part_has_a_seat_and_none_more_than_it_fills() {
        let claims = [claim(1000, 4, true), claim(1, 5, true), claim(1, 5, false), claim(0, 0, true)];
        assert_eq!(apportion(&claims, 5), [4, 1, 0, 0]);
        assert_eq!(apportion(&claims, 99), [4, 5, 5, 0]);
        let required = [Claim { least: 3, ..claim(1, 3, true) }, claim(99, 9, true)];
        assert_eq!(apportion(&required, 4), [3, 1]);
    }

    #[test]
    fn coarse_counts_grow_and_hold() {
        assert_eq!((coarse(20), coarse(21)), (19, 19));
        assert_eq!((coarse(0), coarse(1), coarse(100), coarse(101)), (0, 1, 107, 107));
        assert!((1..9000).all(|count| coarse(count) <= coarse(count + 1)));
    }
}
