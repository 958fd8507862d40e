//! Warnings about keys of a spec that are right by themselves and change nothing where they stand.

use super::db::{Db, MovieDb, Project};
use super::need::Need;
use super::queries;
use super::recorded::recorded;
use mmm_base::Span;
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_facts::{MediaKind, Probe};
use mmm_plan::{Recorded, best_time};
use mmm_spec::{
    ClipSound, Fit, Known, Length, Movie, Output, PhotoMotion, RuleAction, Style, Taken, Titles,
    TransitionKind,
};

/// Returns the keys of a spec that have no effect, one warning for each.
pub(super) fn no_effect(db: &MovieDb, project: Project, movie: &Movie) -> Vec<Diagnostic> {
    let spans = &queries::parsed(db, project).spans;
    let mut found = Vec::new();
    let times = recorded(db, project);
    for (index, rule) in movie.media.iter().enumerate() {
        let RuleAction::Take(known) = &rule.action else { continue };
        let at = |key: &str| spans.find(&format!("media[{index}].{key}"));
        let media = Media::of_rule(db, project, index);
        let idle = media.idle_keys(known, movie, &times);
        found.extend(
            idle.into_iter().map(|Idle { key, message, help }| warning(message, at(&key)).help(help)),
        );
    }
    let idle_in = |output: &Output| {
        let mut idle = music_keys(output);
        idle.extend(style_keys(output, || Media::of_all(db, project).are_photos()));
        idle.extend(subtitles_key(movie, output));
        idle
    };
    let idle: Vec<Vec<Idle>> = movie.outputs.iter().map(idle_in).collect();
    for (output, keys) in movie.outputs.iter().zip(&idle) {
        for Idle { key, message, help } in keys {
            let place = |output: &Output| spans.for_output(output.name.as_str(), key);
            let at = place(output);
            // Outputs share what they don't override; one of them may have a use for the key.
            let mut others = movie.outputs.iter().zip(&idle).filter(|(other, _)| place(other) == at);
            let is_idle = others.all(|(_, keys)| keys.iter().any(|idle| idle.key == *key));
            let warning = warning(message.clone(), at).help(help.clone());
            if is_idle && !found.contains(&warning) {
                found.push(warning);
            }
        }
    }
    found
}

/// A key without effect: why, and what to do.
struct Idle {
    key: String,
    message: String,
    help: String,
}

impl Idle {
    fn new(key: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { key: key.into(), message: message.into(), help: help.into() }
    }
}

fn warning(message: String, at: Option<Span>) -> Diagnostic {
    Diagnostic::warning(Code::NO_EFFECT, message).at(at, "changes nothing")
}

/// The media that a rule includes, or all, with their headers; no media if one of them is not known yet.
struct Media<'a>(Vec<(&'a Taken, &'a Probe)>);

impl<'a> Media<'a> {
    fn of_rule(db: &'a MovieDb, project: Project, index: usize) -> Self {
        let taken = queries::selection(db, project).taken.iter();
        Self::known(db, taken.filter(|taken| taken.rule == index || taken.last_rule == index))
    }

    fn of_all(db: &'a MovieDb, project: Project) -> Self {
        Self::known(db, queries::shown(db, project))
    }

    fn known(db: &'a MovieDb, mut taken: impl Iterator<Item = &'a Taken>) -> Self {
        let probed = |taken: &'a Taken| match queries::probe(db, db.media(&taken.path)) {
            Need::Ready(Ok(probe)) => Some((taken, probe)),
            _ => None,
        };
        let known = taken.try_fold(Vec::new(), |mut known, taken| {
            known.push(probed(taken)?);
            Some(known)
        });
        Self(known.unwrap_or_default())
    }

    /// Whether there are media, and `is_so` holds for each.
    fn all(&self, is_so: impl Fn(&Taken, &Probe) -> bool) -> bool {
        !self.0.is_empty() && self.0.iter().all(|(taken, probe)| is_so(taken, probe))
    }

    fn are_photos(&self) -> bool {
        self.all(|_, probe| probe.kind == MediaKind::Photo && probe.motion.is_none())
    }

    /// Whether there are media, and none is a live photo by what its file says.
    fn are_not_live(&self) -> bool {
        self.all(|_, probe| probe.motion.is_none() && probe.live_id.is_none())
    }

    /// Whether there are photos and clips of which some may belong together by their names.
    fn may_be_pairs(&self) -> bool {
        let has = |kind| self.0.iter().any(|(_, probe)| probe.kind == kind);
        has(MediaKind::Photo) && has(MediaKind::Clip)
    }

    /// Returns the keys of their rule that have no effect.
    fn idle_keys(&self, known: &Known, movie: &Movie, times: &[Recorded]) -> Vec<Idle> {
        let mut found = Vec::new();
        if self.are_photos() {
            found.extend(clip_keys(known).map(|key| {
                let message = format!("`{key}` has no effect on photos");
                Idle::new(key, message, format!("remove `{key}`, or name a clip"))
            }));
        } else if known.audio.is_some()
            && self.all(|taken, probe| {
                probe.kind == MediaKind::Photo || taken.known.sound == Some(ClipSound::Mute)
            })
        {
            let message = "`audio` has no effect beside `sound: mute`";
            found.push(Idle::new("audio", message, "remove `audio`, or write `sound: keep`"));
        }
        if known.live.is_some() && self.are_not_live() && !self.may_be_pairs() {
            let message = "`live` has no effect on media that are no Live Photos and no Motion Photos";
            found.push(Idle::new("live", message, "remove `live`, or name a live photo"));
        }
        found.extend(beside_taken(known).into_iter().flatten().map(|key| {
            let message = format!("`{key}` has no effect beside `taken`");
            Idle::new(key, message, format!("remove `{key}` or `taken`"))
        }));
        let keys = [("clock", known.clock_s.is_some()), ("zone", known.zone.is_some())];
        if keys.iter().any(|(_, is_set)| *is_set) && self.have_no_time(times) {
            found.extend(keys.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| {
                let message = format!("`{key}` has no effect on media that don't say when they were taken");
                Idle::new(key, message, "write `taken` instead")
            }));
        }
        if known.focus.is_some() && self.are_whole(movie) {
            let message = "`focus` has no effect where nothing of the picture is cut off";
            found.push(Idle::new(
                "focus",
                message,
                "remove `focus`, or set `fit` of `style` to `crop` or `auto`",
            ));
        }
        found
    }

    /// Whether none of them has a time that a key could correct.
    fn have_no_time(&self, times: &[Recorded]) -> bool {
        self.all(|taken, _| {
            let recorded = times.iter().find(|recorded| *recorded.path == taken.path);
            let time = recorded.map(|of| best_time(of.path.name(), of.probe.taken, of.beside));
            taken.known.taken.is_none() && time == Some(None)
        })
    }

    /// Whether every movie shows them whole and unmoved. A photo that moves does so about its focus.
    fn are_whole(&self, movie: &Movie) -> bool {
        let is_photo = |probe: &Probe| probe.kind == MediaKind::Photo;
        let is_whole = |style: &Style| {
            let is_still = style.photos == PhotoMotion::Still;
            let is_fitted = matches!(style.fit, Fit::Contain | Fit::Fill);
            is_fitted && self.all(|_, probe| is_still || !is_photo(probe))
        };
        movie.outputs.iter().all(|output| is_whole(&output.settings.style))
    }
}

/// Returns the keys of a rule that only clips have a use for.
fn clip_keys(known: &Known) -> impl Iterator<Item = &'static str> {
    let keys = [
        ("in", known.from.is_some()),
        ("out", known.to.is_some()),
        ("speed", known.speed.is_some()),
        ("steady", known.steady.is_some()),
        ("sound", known.sound.is_some()),
        ("audio", known.audio.is_some()),
    ];
    keys.into_iter().filter(|(_, is_set)| *is_set).map(|(key, _)| key)
}

/// Returns the keys of a rule that correct a recorded time, where it names the time itself.
fn beside_taken(known: &Known) -> [Option<&'static str>; 2] {
    let Some(taken) = known.taken else { return [None, None] };
    let zone = known.zone.is_some() && taken.offset_min.is_some();
    [known.clock_s.map(|_| "clock"), zone.then_some("zone")]
}

/// Returns the keys of an output's music that have no effect.
fn music_keys(output: &Output) -> Vec<Idle> {
    let music = &output.settings.music;
    let mut found = Vec::new();
    let Some(last) = music.len().checked_sub(1) else { return found };
    if music[last].crossfade.is_some() && !music[last].is_loop {
        let message = "`crossfade` has no effect on the last track, after which no other one begins";
        let help = "remove it, add another track, or write `loop: true`";
        found.push(Idle::new(format!("music[{last}].crossfade"), message, help));
    }
    if music[last].is_loop && output.settings.duration == Length::Music {
        let message = "`loop` has no effect where the movie is as long as its music";
        let help = "set `duration` to a length, or remove `loop`";
        found.push(Idle::new(format!("music[{last}].loop"), message, help));
    }
    found
}

/// Returns the keys of an output's style that have no effect.
fn style_keys(output: &Output, has_only_photos: impl Fn() -> bool) -> Vec<Idle> {
    let style = &output.settings.style;
    let mut found = Vec::new();
    if !style.dip.is_black() && !style.transitions.name(TransitionKind::Dip) {
        let message = "`dip` has no effect without `dip` in `transitions`";
        found.push(Idle::new("style.dip", message, "write `transitions: [cut, dip]`, or remove `dip`"));
    }
    if style.steady && has_only_photos() {
        let message = "`steady` has no effect on photos, and the movie has no clips";
        found.push(Idle::new("style.steady", message, "remove `steady`, or add clips"));
    }
    found
}

/// Returns the key that names a file of subtitles, if there is nothing to write into it.
fn subtitles_key(movie: &Movie, output: &Output) -> Option<Idle> {
    let is_text = |text: &str| !text.trim().is_empty();
    let has_title = match &output.settings.style.titles {
        Titles::List(titles) => titles.iter().any(|title| is_text(&title.text)),
        Titles::Auto | Titles::Off => output.settings.title.as_deref().is_some_and(is_text),
    };
    let has_caption = movie.media.iter().any(|rule| match &rule.action {
        RuleAction::Take(known) => known.caption.as_deref().is_some_and(is_text),
        RuleAction::Drop => false,
    });
    let message = "`subtitles` has no effect on a movie without titles and captions: the file stays empty";
    let help = "write a `title`, or a `caption` beside a `path`, or remove `subtitles`";
    (output.subtitles.is_some() && !has_title && !has_caption).then(|| Idle::new("subtitles", message, help))
}
