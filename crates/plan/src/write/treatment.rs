use super::exposure;
use crate::cast::Candidate;
use mmm_facts::{Material, Treatment};

/// Returns the treatment of a medium's picture.
pub(super) fn treatment(material: &Material, candidate: &Candidate) -> Treatment {
    Treatment {
        speed: candidate.speed(),
        steady: material.steadies(candidate.shown),
        lift: exposure::lift(candidate),
        look: material.settings.style.look,
    }
}
