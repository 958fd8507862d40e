//! Figures about what the plan shows and omits, measured from the plan and the facts, not from the file.

use std::collections::BTreeSet;

use super::streams::NO_PLAN;
use mmm_base::{MediaPath, Rate};
use mmm_facts::Wanted;
use mmm_facts::{Facts, Issue, PictureHash};
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{Medium, Shot};
use mmm_spec::Role;

const REJECTS: Measure = Measure { name: "rejects shown", unit: "shots" };
const REPEATS: Measure = Measure { name: "moments shown twice", unit: "shots" };
const CHAPTERS: Measure = Measure { name: "chapters missing", unit: "chapters" };
const ORDER: Measure = Measure { name: "out of order", unit: "shots" };

/// A chapter with at least this share of the media must appear.
const LARGE: f64 = 0.05;

/// Returns the figures about the choice of shots.
pub(super) fn figures(rate: Rate, wanted: Option<&Wanted>) -> Vec<Figure> {
    let Some(wanted) = wanted else {
        return [REJECTS, REPEATS, CHAPTERS, ORDER]
            .map(|measure| Figure::unmeasured(measure, NO_PLAN))
            .to_vec();
    };
    let story = Story::of(wanted);
    vec![story.rejects(rate), story.repeats(rate), story.missing(), story.order(rate)]
}

/// The shots together with the media that they were chosen from.
struct Story<'a> {
    wanted: &'a Wanted<'a>,
    /// The chapter of each medium.
    chapters: &'a [usize],
    /// Each shot with its first frame, and the index of its medium.
    shown: Vec<(u32, &'a Shot, usize)>,
}

impl<'a> Story<'a> {
    fn of(wanted: &'a Wanted<'a>) -> Self {
        let media = &wanted.material.media;
        let index = |path: &MediaPath| media.iter().position(|medium| medium.path == *path);
        let shots = wanted.timeline.shots.iter();
        let shown =
            shots.filter_map(|shot| Some((shot.start, &shot.shot, index(&shot.shot.source.path)?))).collect();
        Self { wanted, chapters: wanted.chapters, shown }
    }

    fn media(&self) -> &'a [Medium] {
        &self.wanted.material.media
    }

    /// Counts shots of media with issues while the chapter still has an unused photo without issues that
    /// isn't similar to anything shown, and isn't a worse version of another medium.
    fn rejects(&self, rate: Rate) -> Figure {
        let is_shown = |index: usize| self.shown.iter().any(|(_, _, shown)| *shown == index);
        let better = |index: usize| {
            let medium = &self.media()[index];
            let Facts::Photo(photo) = &medium.facts else { return false };
            let like = |other: usize| {
                hash(&self.media()[other])
                    .is_some_and(|hash| hash.distance(photo.hash) <= PictureHash::SIMILAR)
            };
            photo.issues.is_empty()
                && !is_shown(index)
                && !self.wanted.is_worse_version(index)
                && !self.shown.iter().any(|(_, _, shown)| like(*shown))
        };
        let left: Vec<usize> = (0..self.media().len()).filter(|index| better(*index)).collect();
        let faults = self.shown.iter().filter_map(|(frame, _, index)| {
            let medium = &self.media()[*index];
            let issue = self.wanted.material.issues(medium).first().filter(|_| !medium.known.required)?;
            let chapter = self.chapters[*index];
            let better = left.iter().find(|left| self.chapters[**left] == chapter)?;
            let what = format!("{}, while `{}` is left out", issue_word(*issue), self.media()[*better].path);
            Some(FigurePlace::frame(*frame, rate, what))
        });
        let faults: Vec<FigurePlace> = faults.collect();
        Figure::measured(REJECTS, faults.len() as f64, Limit::Most(0.0)).at(faults)
    }

    /// Counts shots that repeat an earlier one.
    fn repeats(&self, rate: Rate) -> Figure {
        let allowed = self.wanted.material.settings.constraints.repeats > 0;
        let twice = |at: usize| {
            let (frame, planned, index) = self.shown[at];
            let earlier = self.shown[..at].iter().find(|(_, other, before)| {
                is_same_moment(planned, other) || self.are_doubles(index, *before)
            })?;
            let what = format!("shows what `{}` has shown", earlier.1.id);
            Some(FigurePlace::frame(frame, rate, what))
        };
        let faults: Vec<FigurePlace> = (0..self.shown.len()).filter_map(twice).collect();
        let limit = if allowed { Limit::None } else { Limit::Most(0.0) };
        Figure::measured(REPEATS, faults.len() as f64, limit).at(faults)
    }

    /// Whether two photos are duplicates and at most one of them is required.
    fn are_doubles(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.media()[one], &self.media()[other]);
        let both = one.known.required && other.known.required;
        let near = hash(one).zip(hash(other)).is_some_and(|(a, b)| a.distance(b) <= PictureHash::SAME);
        one.path != other.path && near && !both
    }

    /// Counts chapters with a large share of the media of which nothing is shown.
    fn missing(&self) -> Figure {
        let large: Vec<usize> = self.large().collect();
        let shown: BTreeSet<usize> = self.shown.iter().map(|(_, _, index)| self.chapters[*index]).collect();
        if large.len() > self.shown.len() {
            return Figure::unmeasured(CHAPTERS, "there are more chapters than shots");
        }
        let missing: Vec<usize> = large.into_iter().filter(|chapter| !shown.contains(chapter)).collect();
        let figure = Figure::measured(CHAPTERS, missing.len() as f64, Limit::Most(0.0));
        let first = |chapter: &usize| self.chapters.iter().position(|other| other == chapter);
        match missing.first().and_then(first) {
            Some(index) => figure.note(format!("nothing of that of `{}`", self.media()[index].path)),
            None => figure,
        }
    }

    /// Returns chapters with at least a twentieth of the media and something usable among them.
    fn large(&self) -> impl Iterator<Item = usize> {
        let all: BTreeSet<usize> = self.chapters.iter().copied().collect();
        all.into_iter().filter(move |chapter| {
            let members = || self.chapters.iter().zip(self.media()).filter(|(other, _)| *other == chapter);
            let is_good = |index: usize| {
                self.chapters[index] == *chapter
                    && self.wanted.material.issues(&self.media()[index]).is_empty()
                    && !self.wanted.is_worse_version(index)
            };
            (0..self.chapters.len()).any(is_good)
                && members().count() as f64 >= LARGE * self.chapters.len() as f64
        })
    }

    /// Counts shots that belong to an earlier chapter than a shot before them. Opening and ending are exempt,
    /// and repeats have a figure of their own.
    fn order(&self, rate: Rate) -> Figure {
        let mut latest = 0;
        let mut faults = Vec::new();
        for (frame, planned, index) in &self.shown {
            if planned.is_repeat() || matches!(planned.merits.role, Some(Role::Opening | Role::Ending)) {
                continue;
            }
            if self.chapters[*index] < latest {
                faults.push(FigurePlace::frame(
                    *frame,
                    rate,
                    "is of an earlier chapter than what came before",
                ));
            }
            latest = latest.max(self.chapters[*index]);
        }
        Figure::measured(ORDER, faults.len() as f64, Limit::Most(0.0)).at(faults)
    }
}

/// Whether two shots show overlapping parts of the same clip, or the same photo.
fn is_same_moment(one: &Shot, other: &Shot) -> bool {
    one.source.path == other.source.path
        && match (one.source.part, other.source.part) {
            (Some(one), Some(other)) => one.0 < other.1 && other.0 < one.1,
            _ => true,
        }
}

/// Returns the hash of a photo, if it is meaningful.
fn hash(medium: &Medium) -> Option<PictureHash> {
    match &medium.facts {
        Facts::Photo(photo) if !photo.issues.contains(&Issue::Empty) => Some(photo.hash),
        _ => None,
    }
}

fn issue_word(issue: Issue) -> &'static str {
    match issue {
        Issue::Blurred => "blurred",
        Issue::Underexposed => "underexposed",
        Issue::Overexposed => "overexposed",
        Issue::Empty => "empty",
        Issue::Covered => "covered",
        Issue::Screenshot => "a screenshot",
        Issue::Document => "a document",
        Issue::Small => "too small",
        Issue::Short => "too short",
        Issue::Shaky => "shaky",
    }
}
