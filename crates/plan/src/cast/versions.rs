use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::candidate::{Candidate, Subject};
use super::likeness::{
    are_copies, are_of_one_time, are_one_live_photo, better_copy, distance, is_clearly_larger, live_setting,
    may_be_of_one_time,
};
use crate::dates::{FileName, LONGEST_PAIR, Mark, PROXY_LENGTHS};
use mmm_base::Time;
use mmm_facts::{Material, PictureHash};
use mmm_spec::LivePhotos;

/// How a version of a picture belongs to a better one, the strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Tie {
    /// To the clip or photo of which it is the thumbnail.
    Thumbnail,
    /// To the clip of which it is the proxy.
    Proxy,
    /// To the result of editing it.
    Edit,
    /// To the JPEG or HEIC that the camera wrote beside the raw photo.
    Raw,
    /// To a better copy.
    Copy,
    /// To the photo with which a phone wrote it.
    Pair,
}

/// A medium that is another version of a medium that is preferred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Version {
    /// The index of the best version.
    pub best: usize,
    /// The index of the version to which it belongs directly, on the way to the best.
    pub next: usize,
    pub tie: Tie,
    /// Whether it is usually worse than `next`; otherwise `next` is preferred for another reason.
    pub is_worse: bool,
}

/// The formats of raw photos, as a probe names them.
const RAW: &[&str] = &[
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "gpr", "iiq", "kdc", "mef", "mos", "mrw",
    "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f",
];

/// Returns for every medium of which a better version exists how it belongs to that. `usable` says which
/// media can be shown at all; others neither are versions nor have any.
///
/// The ties form trees: each medium belongs to at most one better version.
pub(super) fn find(candidates: &[Candidate], usable: &[bool], material: &Material) -> Vec<Option<Version>> {
    let names: Vec<FileName> =
        candidates.iter().map(|candidate| FileName::of(candidate.medium.path.as_str())).collect();
    let better = vec![None; candidates.len()];
    let mut trees = Trees { candidates, names: &names, usable, material, better };
    trees.tie_to_sources();
    trees.tie_live_photos();
    trees.tie_by_stems();
    trees.tie_pairs_by_content();
    trees.tie_copies();
    trees.versions()
}

/// Whether a photo is the camera's raw file, shown by the picture that is embedded in it.
fn is_raw(candidate: &Candidate) -> bool {
    RAW.contains(&candidate.medium.probe.format.to_ascii_lowercase().as_str())
}

/// Whether it can be the clip of a live photo.
pub(super) fn is_short_clip(candidate: &Candidate) -> bool {
    let duration = candidate.medium.probe.duration;
    matches!(candidate.facts, Subject::Clip(_)) && duration.is_some_and(|length| length <= LONGEST_PAIR)
}

/// What is compared first when copies are looked for.
struct Picture {
    index: usize,
    hash: PictureHash,
    is_photo: bool,
    pixels: u64,
    is_dated: bool,
    /// Equal for equal stems.
    stem: usize,
}

impl Picture {
    /// Whether this can be the better copy of `other`, if they are copies at all.
    fn may_replace(&self, other: &Self) -> bool {
        self.is_photo == other.is_photo
            && self.index != other.index
            && (self.pixels > other.pixels || (self.is_dated && !other.is_dated) || self.stem == other.stem)
    }
}

struct Trees<'a> {
    candidates: &'a [Candidate<'a>],
    names: &'a [FileName<'a>],
    usable: &'a [bool],
    material: &'a Material,
    better: Vec<Option<(usize, Tie)>>,
}

impl Trees<'_> {
    fn is_photo(&self, index: usize) -> bool {
        matches!(self.candidates[index].facts, Subject::Photo)
    }

    fn indices(&self) -> impl Iterator<Item = usize> + use<> {
        let usable: Vec<usize> = (0..self.usable.len()).filter(|&index| self.usable[index]).collect();
        usable.into_iter()
    }

    /// Ties a medium to a better one, unless it has one already or that would be a circle.
    fn tie(&mut self, index: usize, to: usize, tie: Tie) -> bool {
        let is_free = self.better[index].is_none() && self.root(to) != index;
        if is_free {
            self.better[index] = Some((to, tie));
        }
        is_free
    }

    fn root(&self, mut index: usize) -> usize {
        while let Some((to, _)) = self.better[index] {
            index = to;
        }
        index
    }

    /// Ties thumbnails and proxies to their clips.
    fn tie_to_sources(&mut self) {
        let mut sources: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for index in self.indices() {
            sources.entry(self.names[index].source()).or_default().push(index);
        }
        for group in sources.into_values().filter(|group| group.len() > 1) {
            for &index in &group {
                let others = group.iter().copied().filter(|&other| other != index);
                let found = match (self.names[index].mark, self.is_photo(index)) {
                    (Mark::Thumbnail, true) => (self.pictured(index, others), Tie::Thumbnail),
                    (Mark::Proxy, false) => (self.proxied(index, others), Tie::Proxy),
                    _ => continue,
                };
                if let (Some(to), tie) = found {
                    self.tie(index, to, tie);
                }
            }
        }
    }

    /// Returns what a thumbnail shows: the clip of its name in its folder, or else the larger photo.
    fn pictured(&self, index: usize, others: impl Iterator<Item = usize>) -> Option<usize> {
        let is_source = |&other: &usize| {
            self.names[other].folder == self.names[index].folder
                && !matches!(self.names[other].mark, Mark::Proxy | Mark::Thumbnail)
                && (!self.is_photo(other)
                    || is_clearly_larger(&self.candidates[other], &self.candidates[index]))
        };
        others.filter(is_source).min_by_key(|&other| (self.is_photo(other), self.by_size(other)))
    }

    /// Returns the clip of a proxy, the nearest in the folders.
    fn proxied(&self, index: usize, others: impl Iterator<Item = usize>) -> Option<usize> {
        let length = |index: usize| match self.candidates[index].facts {
            Subject::Clip(facts) => facts.picture.duration,
            Subject::Photo => Time::ZERO,
        };
        let is_source = |&other: &usize| {
            !self.is_photo(other)
                && self.names[other].mark != Mark::Proxy
                && (length(other) - length(index)).micros().abs() <= PROXY_LENGTHS.micros()
                && self.candidates[other].pixels() >= self.candidates[index].pixels()
        };
        let common = |other: usize| {
            let (one, other) = (self.names[index].folder.split('/'), self.names[other].folder.split('/'));
            one.zip(other).take_while(|(one, other)| one == other).count()
        };
        others.filter(is_source).min_by_key(|&other| (Reverse(common(other)), self.by_size(other)))
    }

    /// Returns a key by which larger pictures come first.
    fn by_size(&self, index: usize) -> (Reverse<u64>, &str) {
        let candidate = &self.candidates[index];
        (Reverse(candidate.pixels()), candidate.medium.path.as_str())
    }

    /// Ties the clips of Live Photos to the photos that have their identifier, whatever their names are.
    fn tie_live_photos(&mut self) {
        let mut photos: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let id = |index: usize| self.candidates[index].medium.probe.live_id.as_deref();
        for index in self.indices().filter(|&index| self.is_photo(index)) {
            id(index).into_iter().for_each(|id| photos.entry(id).or_default().push(index));
        }
        let clips: Vec<usize> = self.indices().filter(|&index| self.is_short_clip(index)).collect();
        for clip in clips {
            let of_id = id(clip).and_then(|id| photos.get(id)).into_iter().flatten().copied();
            let name = &self.names[clip];
            let key = |&photo: &usize| {
                let other = &self.names[photo];
                let is_raw = is_raw(&self.candidates[photo]);
                let (folder, stem) = (other.folder != name.folder, other.stem != name.stem);
                (folder, stem, other.is_edit() != name.is_edit(), is_raw, self.by_size(photo))
            };
            if let Some(photo) = of_id.min_by_key(key) {
                self.tie(clip, photo, Tie::Pair);
            }
        }
    }

    /// Whether a clip and a photo say that they are of two Live Photos.
    fn are_of_two_live_photos(&self, clip: usize, photo: usize) -> bool {
        are_one_live_photo(self.candidates[photo].medium, self.candidates[clip].medium) == Some(false)
    }

    /// Ties media of one folder whose names differ only in the marks of versions.
    fn tie_by_stems(&mut self) {
        let mut stems: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for index in self.indices().filter(|&index| self.better[index].is_none()) {
            let name = &self.names[index];
            stems.entry((name.folder, name.stem.as_str())).or_default().push(index);
        }
        for group in stems.into_values().filter(|group| group.len() > 1) {
            self.tie_pairs(&group);
            self.tie_edits(&group);
            self.tie_raws(&group);
        }
    }

    /// Ties originals, and earlier edits, to the latest edit of the same kind.
    fn tie_edits(&mut self, group: &[usize]) {
        for &index in group {
            if let Some(to) = self.latest_edit(index, group) {
                self.tie(index, to, Tie::Edit);
            }
        }
    }

    /// Returns the latest edit of a medium, or of the medium of which it is an earlier edit.
    fn latest_edit(&self, index: usize, group: &[usize]) -> Option<usize> {
        let name = &self.names[index];
        let of_kind = || group.iter().copied().filter(|&other| self.is_photo(other) == self.is_photo(index));
        let edits = || {
            let belongs = |&other: &usize| other != index && self.belong(index, other);
            of_kind().filter(|&other| self.names[other].is_edit()).filter(belongs)
        };
        let rank = |edit: usize| {
            let FileName { mark, number, .. } = self.names[edit];
            (mark, number, self.candidates[edit].medium.path.as_str())
        };
        if name.is_edit() {
            return edits().filter(|&edit| rank(edit) > rank(index)).max_by_key(|&edit| rank(edit));
        }
        let number = |edit: usize| self.names[edit].number;
        // `a-edited(1).jpg` is that of `a(1).jpg` if there is one, otherwise the second edit of `a.jpg`.
        let is_of_none = |&edit: &usize| {
            let is_its_own = |other: usize| !self.names[other].is_edit() && number(other) == number(edit);
            name.number.is_none() && !of_kind().any(is_its_own)
        };
        edits()
            .filter(|&edit| number(edit) == name.number)
            .max_by_key(|&edit| rank(edit))
            .or_else(|| edits().filter(is_of_none).max_by_key(|&edit| rank(edit)))
    }

    /// Whether nothing speaks against two files of one name being of one moment.
    fn belong(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.candidates[one], &self.candidates[other]);
        may_be_of_one_time(one, other)
            || distance(one.seen(), other.seen()).is_some_and(|distance| distance <= PictureHash::SIMILAR)
    }

    fn tie_raws(&mut self, group: &[usize]) {
        let is_raw = |index: usize| self.is_photo(index) && is_raw(&self.candidates[index]);
        let raws: Vec<usize> = group.iter().copied().filter(|&index| is_raw(index)).collect();
        for raw in raws {
            let is_developed = |&&other: &&usize| {
                self.is_photo(other)
                    && !self::is_raw(&self.candidates[other])
                    && self.names[other].number == self.names[raw].number
                    && !matches!(self.names[other].mark, Mark::Edit(_) | Mark::Thumbnail)
                    && self.belong(raw, other)
            };
            let found = group.iter().filter(is_developed).min_by_key(|&&other| self.by_size(other)).copied();
            if let Some(to) = found {
                self.tie(raw, to, Tie::Raw);
            }
        }
    }

    /// Ties short clips to the photos of their names.
    fn tie_pairs(&mut self, group: &[usize]) {
        let clips: Vec<usize> = group.iter().copied().filter(|&index| self.is_short_clip(index)).collect();
        for clip in clips {
            let name = &self.names[clip];
            let is_still = |&&photo: &&usize| {
                self.is_photo(photo)
                    && self.names[photo].mark != Mark::Thumbnail
                    && self.names[photo].number == name.number
                    && !self.are_of_two_live_photos(clip, photo)
                    && self.belong(clip, photo)
            };
            let key = |&&photo: &&usize| {
                let other = &self.names[photo];
                (other.is_edit() != name.is_edit(), is_raw(&self.candidates[photo]), self.by_size(photo))
            };
            if let Some(&still) = group.iter().filter(is_still).min_by_key(key) {
                self.tie(clip, still, Tie::Pair);
            }
        }
    }

    fn is_short_clip(&self, index: usize) -> bool {
        is_short_clip(&self.candidates[index])
    }

    /// Ties short clips to photos that were taken with them and show one of their moments, or have their name
    /// in another folder.
    fn tie_pairs_by_content(&mut self) {
        let photos: Vec<usize> = self.indices().filter(|&index| self.is_photo(index)).collect();
        let free = |&index: &usize| self.is_short_clip(index) && self.better[index].is_none();
        let clips: Vec<usize> = self.indices().filter(free).collect();
        for clip in clips {
            let apart = |photo: usize| {
                if self.are_of_two_live_photos(clip, photo) {
                    return None;
                }
                let is_same_name = self.names[photo].stem == self.names[clip].stem
                    && self.names[photo].number == self.names[clip].number
                    && self.names[photo].mark != Mark::Thumbnail;
                let (clip, photo) = (&self.candidates[clip], &self.candidates[photo]);
                let is_of_one_time = are_of_one_time(clip, photo);
                if is_same_name && is_of_one_time {
                    return Some(0);
                }
                let most = if is_of_one_time { PictureHash::SIMILAR } else { PictureHash::SAME };
                distance(clip.seen(), photo.seen())
                    .filter(|distance| may_be_of_one_time(clip, photo) && *distance <= most)
            };
            let still = photos
                .iter()
                .filter_map(|&photo| Some((apart(photo)?, self.by_size(photo), photo)))
                .min()
                .map(|(_, _, photo)| photo);
            if let Some(still) = still {
                self.tie(clip, still, Tie::Pair);
            }
        }
    }

    /// Ties every medium to its best copy.
    fn tie_copies(&mut self) {
        let pictures = self.pictures();
        for picture in &pictures {
            let index = picture.index;
            if self.better[index].is_some() {
                continue;
            }
            // The hash of a clip is that of its best moment, which copies need not share.
            let most = if self.is_photo(index) { PictureHash::SAME } else { u64::BITS };
            let better = pictures
                .iter()
                .filter(|other| other.may_replace(picture) && other.hash.distance(picture.hash) <= most)
                .map(|other| (other.hash.distance(picture.hash), self.by_size(other.index), other.index))
                .filter(|&(.., other)| self.root(other) != index && self.is_better_copy(other, index));
            let best = better.min().map(|(.., other)| other);
            if let Some(other) = best {
                let tie = if self.is_raw_copy(other, index) { Tie::Raw } else { Tie::Copy };
                self.tie(index, other, tie);
            }
        }
    }

    /// Returns what is compared first of every medium with a picture, because a folder has millions of pairs.
    fn pictures(&self) -> Vec<Picture> {
        let mut stems: BTreeMap<&str, usize> = BTreeMap::new();
        let mut pictures = Vec::new();
        for index in self.indices() {
            let candidate = &self.candidates[index];
            let next = stems.len();
            let stem = *stems.entry(self.names[index].stem.as_str()).or_insert(next);
            pictures.extend(candidate.picture_hash().map(|hash| Picture {
                index,
                hash,
                is_photo: self.is_photo(index),
                pixels: candidate.pixels(),
                is_dated: candidate.medium.probe.taken.is_some(),
                stem,
            }));
        }
        pictures
    }

    fn is_raw_copy(&self, developed: usize, raw: usize) -> bool {
        self.is_photo(raw) && is_raw(&self.candidates[raw]) && !is_raw(&self.candidates[developed])
    }

    /// Whether `one` is the copy to show of the two.
    fn is_better_copy(&self, one: usize, other: usize) -> bool {
        let (first, second) = (&self.candidates[one], &self.candidates[other]);
        if self.is_photo(one) != self.is_photo(other) || !are_copies(first.seen(), second.seen()) {
            return false;
        }
        let same_name = self.names[one].stem == self.names[other].stem;
        if same_name && (self.is_raw_copy(one, other) || self.is_raw_copy(other, one)) {
            return self.is_raw_copy(one, other);
        }
        let is_better = |one, other| better_copy(one, other, same_name).is_some();
        if is_better(first, second) || is_better(second, first) || !same_name {
            return is_better(first, second);
        }
        // The same file in two folders.
        let by_path = || second.medium.path.cmp(&first.medium.path);
        first.score.total_cmp(&second.score).then_with(by_path).is_gt()
    }

    /// Chooses the best version of each tree, and returns the way of every other to it.
    fn versions(&self) -> Vec<Option<Version>> {
        let mut trees: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in self.indices() {
            trees.entry(self.root(index)).or_default().push(index);
        }
        let mut versions = vec![None; self.candidates.len()];
        for (root, members) in trees.into_iter().filter(|(_, members)| members.len() > 1) {
            let best = self.best(root, &members);
            let way: Vec<usize> = self.way(best);
            for index in members.into_iter().filter(|&index| index != best) {
                versions[index] = self.version(index, best, &way);
            }
        }
        versions
    }

    /// Returns a medium and all better versions on the way to its root.
    fn way(&self, index: usize) -> Vec<usize> {
        std::iter::successors(Some(index), |&at| self.better[at].map(|(to, _)| to)).collect()
    }

    /// Whether the spec wants a photo, and not its clip.
    fn stays_still(&self, photo: usize, clip: usize) -> bool {
        let medium = |index: usize| self.candidates[index].medium;
        let said = || live_setting(self.material, medium(photo), medium(clip));
        self.is_photo(photo) && !self.is_photo(clip) && said() == LivePhotos::Still
    }

    fn version(&self, index: usize, best: usize, way: &[usize]) -> Option<Version> {
        // If the best version is usually worse than this one, the way leads down to it.
        if let Some(at) = way.iter().position(|&on| on == index) {
            let next = way[at.checked_sub(1)?];
            return Some(Version { best, next, tie: self.better[next]?.1, is_worse: false });
        }
        let (next, tie) = self.better[index]?;
        Some(Version { best, next, tie, is_worse: true })
    }

    /// Returns the version that is shown: one that the spec requires, or else the root, unless it has an
    /// issue and another version of the same picture has none.
    fn best(&self, root: usize, members: &[usize]) -> usize {
        let mut ordered = members.to_vec();
        ordered.sort_by_key(|&index| {
            (self.way(index).len(), self.better[index].map(|(_, tie)| tie), self.by_size(index))
        });
        let is_required = |&&index: &&usize| self.candidates[index].required;
        if let Some(&required) = ordered.iter().find(is_required) {
            return required;
        }
        // An edit is what somebody wanted, and proxies and thumbnails are not meant to be seen.
        let may_replace = |&&index: &&usize| {
            let is_kind = |&at: &usize| {
                self.better[at].is_none_or(|(_, tie)| matches!(tie, Tie::Raw | Tie::Copy | Tie::Pair))
            };
            let candidate = &self.candidates[index];
            !self.stays_still(root, index)
                && !candidate.is_flawed()
                && !candidate.is_rejected()
                && self.way(index).iter().all(is_kind)
        };
        ordered.iter().find(may_replace).copied().unwrap_or(root)
    }
}
