use std::collections::{BTreeMap, BTreeSet};

use mmm_base::{Key, MediaPath};
use mmm_facts::Profile;

use super::Storyboard;

/// How the shots of an output differ from those of the previous build.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BoardChanges {
    /// The shots that look different, by name, each with the reason. Empty after a first build.
    pub changed: BTreeMap<String, String>,
    /// The names of shots that are no longer in the movie.
    pub gone: Vec<String>,
}

/// The shots of the last builds: for each profile and output, the keys of each shot's segments.
#[derive(Default)]
pub(super) struct BoardsBefore(BTreeMap<(Profile, MediaPath), BTreeMap<String, Vec<Key>>>);

impl BoardsBefore {
    /// Compares an output with its last build and stores it in place of that build. `reasons` belong to the
    /// actions that ran.
    pub(super) fn replace(
        &mut self,
        profile: Profile,
        output: MediaPath,
        board: &Storyboard,
        reasons: &BTreeMap<Key, String>,
    ) -> BoardChanges {
        let now = board.shots.iter().map(|shot| (shot.shot.shot.id.clone(), shot.segments.clone())).collect();
        let changes = match self.0.get(&(profile, output.clone())) {
            Some(before) => compare(before, &now, reasons),
            None => BoardChanges::default(),
        };
        self.0.insert((profile, output), now);
        changes
    }
}

fn compare(
    before: &BTreeMap<String, Vec<Key>>,
    now: &BTreeMap<String, Vec<Key>>,
    reasons: &BTreeMap<Key, String>,
) -> BoardChanges {
    let why = |keys: &[Key]| {
        // The shot's body comes after the dissolve into it, and its reason is more specific.
        let known = keys.iter().rev().filter_map(|key| reasons.get(key)).find(|reason| !reason.is_empty());
        // After an undone change, the segment comes from the cache and has no reason.
        known.cloned().unwrap_or_else(|| "same as in an earlier build".to_owned())
    };
    let changed = now.iter().filter_map(|(id, keys)| match before.get(id) {
        None => Some((id.clone(), "new in the movie".to_owned())),
        Some(old) if old == keys => None,
        Some(_) => Some((id.clone(), why(keys))),
    });
    let ids: BTreeSet<&String> = now.keys().collect();
    let gone = before.keys().filter(|id| !ids.contains(id)).cloned().collect();
    BoardChanges { changed: changed.collect(), gone }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::action_key;

    #[test]
    fn a_shot_differs_if_any_of_its_segments_does() {
        let key = |n: u32| action_key("segment", 1, &n);
        let board = |shots: &[(&str, &[u32])]| {
            let shot = |(id, keys): &(&str, &[u32])| {
                ((*id).to_owned(), keys.iter().map(|n| key(*n)).collect::<Vec<_>>())
            };
            shots.iter().map(shot).collect::<BTreeMap<_, _>>()
        };
        let before = board(&[("a", &[1, 2]), ("b", &[3]), ("c", &[4])]);
        let now = board(&[("a", &[1, 5]), ("b", &[3]), ("d", &[6]), ("e", &[])]);
        let reasons = [(key(5), "the look changed".to_owned()), (key(1), "another".to_owned())];
        let changes = compare(&before, &now, &reasons.into_iter().collect());
        let changed: Vec<_> = changes.changed.iter().map(|(id, why)| (id.as_str(), why.as_str())).collect();
        assert_eq!(
            changed,
            [("a", "the look changed"), ("d", "new in the movie"), ("e", "new in the movie")]
        );
        assert_eq!(changes.gone, ["c"]);
        // A cached segment has no reason of its own.
        let undone = compare(&now, &before, &BTreeMap::new());
        assert_eq!(undone.changed["a"], "same as in an earlier build");
    }
}
