use mmm_facts::PictureHash;

/// The properties by which pictures are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    /// `None` if the picture is empty, because its hash says nothing.
    pub hash: Option<PictureHash>,
    /// Capture time in UTC seconds.
    pub taken: Option<i64>,
    /// The index of the other half of a Live Photo: the same moment as a photo and as a clip.
    pub half: Option<usize>,
}

/// A better near-duplicate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Twin {
    /// Its index.
    pub of: usize,
    /// Whether both are from one burst or are the same picture; otherwise they are only similar and were
    /// taken at different times.
    pub burst: bool,
}

/// Pictures taken within this many seconds are of one burst.
const BURST_S: u64 = 60;

/// Returns for every picture its best near-duplicate, if that is another picture. `ranked` lists the
/// pictures, best first; those that are not listed neither have near-duplicates nor are any.
pub(super) fn find(faces: &[Face], ranked: &[usize]) -> Vec<Option<Twin>> {
    let mut twins = vec![None; faces.len()];
    let mut leaders: Vec<usize> = Vec::new();
    for &index in ranked {
        twins[index] = of_half(faces, &twins, &leaders, index).or_else(|| nearest(faces, &leaders, index));
        if twins[index].is_none() {
            leaders.push(index);
        }
    }
    twins
}

/// Returns the near-duplicate that follows from the picture's other half, which was ranked before it.
fn of_half(faces: &[Face], twins: &[Option<Twin>], leaders: &[usize], index: usize) -> Option<Twin> {
    let half = faces[index].half?;
    if leaders.contains(&half) { Some(Twin { of: half, burst: true }) } else { twins[half] }
}

fn nearest(faces: &[Face], leaders: &[usize], index: usize) -> Option<Twin> {
    let hash = faces[index].hash?;
    let distance = |&of: &usize| faces[of].hash.map(|other| (of, hash.distance(other)));
    let alike = leaders.iter().filter_map(distance).filter(|&(_, distance)| distance <= PictureHash::SIMILAR);
    alike
        .min_by_key(|&(of, distance)| (!in_burst(faces, of, index), distance))
        .map(|(of, distance)| Twin { of, burst: distance <= PictureHash::SAME || in_burst(faces, of, index) })
}

fn in_burst(faces: &[Face], one: usize, other: usize) -> bool {
    match (faces[one].taken, faces[other].taken) {
        (Some(one), Some(other)) => one.abs_diff(other) <= BURST_S,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(bits: u64, taken: i64) -> Face {
        Face { hash: Some(PictureHash(bits)), taken: Some(taken), half: None }
    }

    #[test]
    fn the_best_of_a_burst_leads_it() {
        let faces = [face(0, 0), face(0x3f, 30), face(u64::MAX, 40), face(0xff, 9000), face(1, 9000)];
        let twins = find(&faces, &[1, 0, 2, 3, 4]);
        assert_eq!(twins[0], Some(Twin { of: 1, burst: true }));
        assert_eq!(twins[1], None);
        assert_eq!(twins[2], None);
        assert_eq!(twins[3], Some(Twin { of: 1, burst: true }), "the same picture, hours later");
        assert_eq!(twins[4], Some(Twin { of: 1, burst: false }), "alike, hours later");
    }

    #[test]
    fn halves_of_one_moment_are_twins_whatever_they_look_like() {
        let of = |face: Face, half: usize| Face { half: Some(half), ..face };
        let faces = [of(face(0, 0), 1), of(face(u64::MAX, 2), 0), face(1, 5)];
        let twin = |of| Some(Twin { of, burst: true });
        assert_eq!(find(&faces, &[0, 1, 2]), [None, twin(0), twin(0)]);
        assert_eq!(find(&faces, &[1, 0, 2]), [twin(1), None, None]);
        // If another photo of the burst beats the still, its clip follows it.
        assert_eq!(find(&faces, &[2, 0, 1]), [twin(2), twin(2), None]);
    }

    #[test]
    fn empty_pictures_have_no_twins() {
        let empty = Face { hash: None, taken: Some(0), half: None };
        assert_eq!(find(&[empty, empty], &[0, 1]), [None, None]);
    }
}
