use super::versions::Version;
use mmm_facts::PictureHash;

/// The properties by which pictures are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    /// `None` if the picture is empty, because its hash says nothing.
    pub hash: Option<PictureHash>,
    /// Capture time in UTC seconds.
    pub taken: Option<i64>,
}

/// A better near-duplicate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Twin {
    /// Its index.
    pub of: usize,
    pub likeness: Likeness,
}

/// How much two near-duplicates have in common.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Likeness {
    /// They are only similar and were taken at different times.
    Similar,
    /// They are from one burst or show the same.
    Burst,
    /// They are versions of one medium.
    Version(Version),
}

impl Twin {
    /// Whether both may be shown if there is nothing else.
    pub fn may_show_both(&self) -> bool {
        self.likeness == Likeness::Similar
    }
}

/// Pictures taken within this many seconds are of one burst.
const BURST_S: u64 = 60;

/// Returns for every picture its best near-duplicate, if that is another picture. `ranked` lists the
/// pictures, best first; those that are not listed neither have near-duplicates nor are any.
pub(super) fn find(faces: &[Face], ranked: &[usize]) -> Vec<Option<Twin>> {
    let mut twins = vec![None; faces.len()];
    let mut leaders: Vec<usize> = Vec::new();
    for &index in ranked {
        twins[index] = nearest(faces, &leaders, index);
        if twins[index].is_none() {
            leaders.push(index);
        }
    }
    twins
}

fn nearest(faces: &[Face], leaders: &[usize], index: usize) -> Option<Twin> {
    let hash = faces[index].hash?;
    let distance = |&of: &usize| faces[of].hash.map(|other| (of, hash.distance(other)));
    let alike = leaders.iter().filter_map(distance).filter(|&(_, distance)| distance <= PictureHash::SIMILAR);
    alike.min_by_key(|&(of, distance)| (!in_burst(faces, of, index), distance)).map(|(of, distance)| {
        let is_burst = distance <= PictureHash::SAME || in_burst(faces, of, index);
        Twin { of, likeness: if is_burst { Likeness::Burst } else { Likeness::Similar } }
    })
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
        Face { hash: Some(PictureHash(bits)), taken: Some(taken) }
    }

    fn twin(of: usize, likeness: Likeness) -> Twin {
        Twin { of, likeness }
    }

    #[test]
    fn the_best_of_a_burst_leads_it() {
        let faces = [face(0, 0), face(0x3f, 30), face(u64::MAX, 40), face(0xff, 9000), face(1, 9000)];
        let twins = find(&faces, &[1, 0, 2, 3, 4]);
        assert_eq!(twins[0], Some(twin(1, Likeness::Burst)));
        assert_eq!(twins[1], None);
        assert_eq!(twins[2], None);
        assert_eq!(twins[3], Some(twin(1, Likeness::Burst)), "the same picture, hours later");
        assert_eq!(twins[4], Some(twin(1, Likeness::Similar)), "alike, hours later");
    }

    #[test]
    fn empty_pictures_have_no_twins() {
        let empty = Face { hash: None, taken: Some(0) };
        assert_eq!(find(&[empty, empty], &[0, 1]), [None, None]);
    }
}
