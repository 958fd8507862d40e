use std::collections::BTreeSet;

use super::candidate::Candidate;
use super::limits::Limits;
use super::twins::Twin;
use mmm_facts::{Conflict, Material};
use mmm_spec::{PersonShots, folded_name};

/// Requires the best media of each person that the spec asks for, until there are enough of them.
///
/// Media that an earlier plan shows come first, so that it stays. Then those without a better near-duplicate and
/// without an issue come first, and the best of them.
pub(super) fn reserve<'a>(
    candidates: &mut [Candidate<'a>],
    twins: &[Option<Twin>],
    material: &'a Material,
    limits: &Limits,
) -> Result<(), Conflict> {
    let kept: BTreeSet<_> =
        material.kept.iter().flat_map(|kept| &kept.shots).map(|shot| &shot.source).collect();
    for PersonShots { name, least } in &material.settings.constraints.people {
        let named: Vec<usize> =
            (0..candidates.len()).filter(|&index| candidates[index].opinion.shows(name)).collect();
        let usable = |&&index: &&usize| {
            let candidate = &candidates[index];
            let is_distinct = twins[index].is_none_or(|twin| twin.may_show_both());
            candidate.required || (is_distinct && candidate.longest(limits) >= limits.min)
        };
        let mut usable: Vec<usize> = named.iter().filter(usable).copied().collect();
        let least = *least;
        if usable.len() < least as usize {
            let (name, named, usable) = (name.clone(), named.len(), usable.len());
            return Err(Conflict::People { name, least, named, usable, names: names(material) });
        }
        let key = |index: usize| {
            let candidate = &candidates[index];
            let is_kept = kept.contains(&candidate.medium.path) || kept.contains(&candidate.shown.path);
            (
                !candidate.required,
                candidate.is_rejected(),
                !is_kept,
                twins[index].is_some(),
                candidate.is_flawed(),
            )
        };
        usable.sort_by(|&one, &other| {
            let (first, second) = (&candidates[one], &candidates[other]);
            let by_score = || second.score.total_cmp(&first.score);
            key(one)
                .cmp(&key(other))
                .then_with(by_score)
                .then_with(|| first.medium.path.cmp(&second.medium.path))
        });
        for index in usable.into_iter().take(least as usize) {
            let candidate = &mut candidates[index];
            if !candidate.required {
                (candidate.required, candidate.person) = (true, Some(name.as_str()));
            }
        }
    }
    Ok(())
}

/// Returns the names of all people, each once.
fn names(material: &Material) -> Vec<String> {
    let people = material.media.iter().flat_map(|medium| &medium.said.people);
    let mut names: Vec<(String, String)> =
        people.map(|person| (folded_name(&person.name), person.name.clone())).collect();
    names.sort();
    names.dedup_by(|one, other| one.0 == other.0);
    names.into_iter().map(|(_, name)| name).collect()
}
