use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::facts_json::facts_json;
use crate::cli::sight_json::sight_line;
use mmm_base::{MediaPath, Rate};
use mmm_facts::{Facts, Material, Medium, PhraseFit, Probe};
use mmm_lexicon::{Query, Relevance};
use mmm_plan::{BetterKind, Judgement, judge, relevance};
use mmm_spec::{Known, Settings};

/// Photos and clips that are compared with each other, and with a query if there is one.
pub(super) struct Sheet {
    query: Option<Query>,
    files: Vec<PathBuf>,
    media: Vec<Medium>,
}

/// A photo or clip with how good it is.
pub(super) struct Judged {
    pub file: PathBuf,
    pub probe: Probe,
    pub facts: Facts,
    /// `None` if it can't be shown at all.
    pub judgement: Option<Judgement>,
    /// The better medium that shows the same.
    pub better: Option<(BetterKind, PathBuf)>,
    /// How well it matches the query.
    pub relevance: Option<Relevance>,
}

impl Sheet {
    pub fn new(query: Option<&str>) -> Self {
        Self { query: query.map(Query::read), files: Vec::new(), media: Vec::new() }
    }

    /// Adds a photo or clip; leaves out music.
    pub fn add(&mut self, file: &Path, probe: Probe, facts: Facts, fits: Vec<PhraseFit>) {
        if matches!(facts, Facts::Music(_)) {
            return;
        }
        let said = probe.said.clone();
        self.files.push(file.to_owned());
        self.media.push(Medium {
            path: media_path(file, self.media.len()),
            rule: 0,
            known: Known::default(),
            probe,
            facts,
            flaws: Vec::new(),
            beside: Vec::new(),
            said,
            motion: None,
            fits,
        });
    }

    /// Judges all media: those that match the query best come first, or without a query the best ones.
    pub fn judged(self) -> Vec<Judged> {
        let Self { query, files, media } = self;
        let material = Material {
            settings: Settings::default(),
            media,
            cameras: Vec::new(),
            music: Vec::new(),
            rate: Rate(30, 1),
            frame: (1920, 1080),
            kept: None,
            passed_over: std::collections::BTreeSet::new(),
        };
        let judgements = judge(&material);
        let each = material.media.into_iter().zip(judgements).zip(&files);
        let mut all: Vec<Judged> = each
            .map(|((medium, judgement), file)| {
                let better = judgement.and_then(|judgement| judgement.better);
                Judged {
                    file: file.clone(),
                    judgement,
                    better: better.map(|better| (better.kind, files[better.medium].clone())),
                    relevance: query.as_ref().map(|query| relevance(query, &medium)),
                    probe: medium.probe,
                    facts: medium.facts,
                }
            })
            .collect();
        let place = |judged: &Judged| {
            let score = judged.judgement.map(|judgement| judgement.score);
            let fit = judged.relevance.as_ref().map(|found| (found.score() * 1000.0).round() as i64);
            std::cmp::Reverse((fit, judged.better.is_none(), score))
        };
        all.sort_by(|one, other| place(one).cmp(&place(other)).then_with(|| one.file.cmp(&other.file)));
        all
    }
}

impl Judged {
    /// Returns the figure by which it is ranked, 0..=1.
    pub fn rank(&self) -> f64 {
        match (&self.relevance, self.judgement) {
            (Some(found), _) => found.score(),
            (None, Some(judgement)) => judgement.score.get(),
            (None, None) => 0.0,
        }
    }

    /// Says why it would be taken or left, in the words of a person who picks pictures.
    pub fn because(&self) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        if let Some(found) = &self.relevance {
            for found in &found.because {
                let by = found.by.to_string();
                if !said.contains(&by) {
                    said.push(by);
                }
            }
        }
        if let Some((kind, other)) = &self.better {
            let other = other.file_name().unwrap_or(other.as_os_str()).to_string_lossy();
            said.push(match kind {
                BetterKind::Version => format!("another version of {other}"),
                BetterKind::Burst => format!("shows the same as {other}, which is better"),
                BetterKind::Similar => format!("similar to {other}, which is better"),
            });
        }
        let issues = match &self.facts {
            Facts::Photo(facts) => facts.issues.as_slice(),
            Facts::Clip(facts) => facts.picture.issues.as_slice(),
            Facts::Music(_) => &[],
        };
        said.extend(issues.iter().map(|issue| format!("{issue:?}").to_lowercase()));
        if self.judgement.is_none() {
            said.push("too short to be shown".to_owned());
        }
        said
    }

    /// Returns what models see in it, in a few words.
    pub fn shows(&self) -> String {
        self.facts.sight().map(sight_line).unwrap_or_default()
    }

    pub fn json(&self, rank: usize) -> Value {
        json!({
            "source": self.file.display().to_string(),
            "kind": self.probe.kind,
            "rank": rank,
            "match": self.relevance.as_ref().map(Relevance::score),
            "score": self.judgement.map(|judgement| judgement.score),
            "because": self.because(),
            "facts": facts_json(&self.probe, &self.facts),
        })
    }

    pub fn line(&self, rank: usize) -> String {
        let because = self.because().join("; ");
        let because = if because.is_empty() { because } else { format!("  {because}") };
        format!("{rank:>4}  {:.2}  {}{because}", self.rank(), self.file.display())
    }
}

/// Returns the path by which a file is compared with others: its names, without what leads out of the folder.
fn media_path(file: &Path, number: usize) -> MediaPath {
    let parts = file.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name.to_string_lossy()),
        _ => None,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    MediaPath::new(&path)
        .unwrap_or_else(|_| MediaPath::new(&format!("medium-{number}")).expect("a plain name is a path"))
}
