use std::borrow::Cow;

use super::assemble_medium::{audio, clock, filter, known, zone};
use super::check::{Check, Here};
use super::name_form::normal_name;
use super::target::Rejected;
use super::time_text::time_text;
use super::value::{Fields, Item, Value};
use super::words::Choice;
use super::{
    BeatsByHand, CameraRule, Codec, Colour, Constraints, Container, Factor, Known, Length, Look, MediaFilter,
    MediaRule, Movie, Output, PersonShots, Poster, RuleAction, Settings, Style, Target, Title, Titles, Track,
    TransitionKind, Transitions,
};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{MediaPath, Span};

/// The output of a spec that names none.
const OUTPUT: &str = "movie.mp4";

/// Most bytes of the spec's general settings that all outputs together may copy.
const MOST_SHARED: usize = 8 << 20;

impl Check {
    /// Builds the movie from the values of a whole spec, and reports values that contradict each other.
    pub(super) fn movie(&mut self, fields: &Fields) -> Movie {
        let media = self.media(fields.get("media"));
        let mut plain = Settings::default();
        override_settings(&mut plain, fields);
        let mut base = Settings::default();
        if let Some(target) = fields.word::<Target>("for") {
            target.set(&mut base);
            override_settings(&mut base, fields);
        } else {
            base = plain.clone();
        }
        let said: Option<Codec> = fields.word("codec");
        let mut outputs = match fields.get("outputs") {
            Some(Value::Outputs(outputs)) => outputs.clone(),
            _ => MediaPath::new(OUTPUT).map(|name| vec![(name, Fields::default())]).unwrap_or_default(),
        };
        if bytes_of(&base) * outputs.len() > MOST_SHARED {
            self.shares_too_much(outputs.len());
            outputs.truncate(1);
        }
        let outputs: Vec<Output> = outputs
            .into_iter()
            .map(|(name, fields)| {
                let own: Option<Target> = fields.word("for");
                let mut settings = match own {
                    // A bundle of its own replaces the bundle above it.
                    Some(target) => {
                        let mut settings = plain.clone();
                        target.set(&mut settings);
                        settings
                    }
                    None => base.clone(),
                };
                override_settings(&mut settings, &fields);
                settings.container = Container::of(name.as_str()).unwrap_or_default();
                let said = fields.word("codec").or(if own.is_some() { None } else { said });
                settings.codec = said.unwrap_or(settings.container.codecs()[0]);
                let (preview, subtitles) =
                    (fields.file("preview").cloned(), fields.file("subtitles").cloned());
                Output { name, settings, poster: poster(&fields), preview, subtitles }
            })
            .collect();
        // Outputs that inherit the same mistake give equal diagnostics, which are shown once.
        for output in &outputs {
            self.music_is_there(output);
            self.tracks_are_heard(output);
            self.titles_fit(output);
            self.overwrites_nothing(output, &media);
            self.container_fits(output);
            self.suits_its_target(output);
            self.poster_is_in_it(output);
        }
        self.writes_no_file_twice(&outputs);
        Movie { media, cameras: cameras(fields.get("cameras")), outputs }
    }

    /// Reports outputs that inherit too much. Each output has its own copy, so a few long texts could fill
    /// the memory.
    fn shares_too_much(&mut self, outputs: usize) {
        let here = Here { path: "outputs".into(), name: "`outputs`".into(), span: self.place("outputs") };
        let message = format!(
            "{outputs} outputs take over more than {} MiB of titles, music and texts from above them",
            MOST_SHARED >> 20
        );
        let help = "write them below the outputs that need them, or a spec for each group of outputs".into();
        self.complain(Code::TOO_LARGE, &here, message, "each has a copy", help);
    }

    fn media(&mut self, value: Option<&Value>) -> Vec<MediaRule> {
        let rules: Vec<MediaRule> = match value {
            Some(Value::List(items)) => items.iter().filter_map(|item| self.rule(item)).collect(),
            Some(Value::Pattern(pattern, action)) => {
                vec![plain(pattern, action)]
            }
            _ => return Vec::new(),
        };
        // Entries with mistakes may have been meant to include files.
        let complete = rules.len() == self.entries("media");
        if complete && !rules.is_empty() && rules.iter().all(|rule| rule.action == RuleAction::Drop) {
            let here = Here { path: "media".into(), name: "`media`".into(), span: self.place("media") };
            self.complain(
                Code::EMPTY_MEDIA,
                &here,
                "`media` excludes files but includes none".into(),
                "only entries with `!`",
                "add an entry above them that includes files, such as `- photos/`".into(),
            );
        }
        rules
    }

    /// Whether every entry of `media` could be read, so that its rules are numbered as in the text.
    pub(super) fn has_all_media(&self, movie: &Movie) -> bool {
        let entries = self.entries("media");
        !movie.media.is_empty() && (entries == 0 || movie.media.len() == entries)
    }

    /// Returns how many entries a list has in the text of the spec.
    fn entries(&self, list: &str) -> usize {
        (0..).take_while(|index| self.spans.get(&format!("{list}[{index}]")).is_some()).count()
    }

    fn rule(&mut self, item: &Item) -> Option<MediaRule> {
        match &item.value {
            Value::Pattern(pattern, action) => Some(plain(pattern, action)),
            Value::Table(fields) => {
                let known = known(fields);
                self.part_has_length(&known, item.index);
                let Some(Value::Pattern(pattern, _)) = fields.get("path") else { return None };
                let filter = filter(fields);
                Some(MediaRule { pattern: pattern.clone(), action: RuleAction::Take(known), filter })
            }
            _ => None,
        }
    }

    fn part_has_length(&mut self, known: &Known, index: usize) {
        let (Some(from), Some(to)) = (known.from, known.to) else { return };
        if from < to {
            return;
        }
        let path = |key: &str| format!("media[{index}].{key}");
        self.diagnostics.push(
            Diagnostic::error(Code::BAD_RANGE, "`out` must be later than `in`")
                .at(self.spans.find(&path("out")), "the part ends here")
                .at(self.spans.find(&path("in")), "the part starts here")
                .help("write a later `out` or an earlier `in`"),
        );
    }

    fn music_is_there(&mut self, output: &Output) {
        let settings = &output.settings;
        if settings.duration != Length::Music || !settings.music.is_empty() {
            return;
        }
        let span = self.spans.for_output(output.name.as_str(), "duration");
        let diagnostic = Diagnostic::error(Code::NEEDS_MUSIC, "`duration` is `music`, but there is no music")
            .at(span, "there is no music")
            .help("add `music: song.mp3`, or write a length such as `duration: 60s`");
        self.diagnostics.push(diagnostic);
    }

    /// Checks that `from` of each track is before `to`, and that a track after a loop is not forgotten.
    fn tracks_are_heard(&mut self, output: &Output) {
        let music = &output.settings.music;
        let name = output.name.as_str();
        let is_turned = |(from, to)| from >= to;
        let turned = music.iter().position(|track| track.from.zip(track.to).is_some_and(is_turned));
        if let Some(index) = turned {
            let diagnostic = Diagnostic::error(Code::BAD_RANGE, "`to` must be later than `from`")
                .at(self.spans.for_output(name, &format!("music[{index}].to")), "the music ends here")
                .help("write a later `to` or an earlier `from`");
            self.diagnostics.push(diagnostic);
        }
        if let Some(index) = music.iter().position(|track| track.is_loop)
            && let Some(next) = music.get(index + 1)
        {
            let message = format!("`{}` is never heard: `loop` repeats the track before it", next.path);
            let diagnostic = Diagnostic::error(Code::BAD_VALUE, message)
                .at(self.spans.for_output(name, &format!("music[{index}].loop")), "repeats to the end")
                .at(self.spans.for_output(name, &format!("music[{}]", index + 1)), "never begins")
                .help("set `loop` on the last track only");
            self.diagnostics.push(diagnostic);
        }
    }

    fn titles_fit(&mut self, output: &Output) {
        let (Titles::List(titles), Length::Exact(end) | Length::Within(_, end)) =
            (&output.settings.style.titles, output.settings.duration)
        else {
            return;
        };
        let late = titles.iter().enumerate().find(|(_, title)| title.at >= end);
        if let Some((index, title)) = late {
            let name = output.name.as_str();
            let diagnostic = Diagnostic::error(Code::BAD_RANGE, "a title appears after the end of the movie")
                .at(
                    self.spans.for_output(name, &format!("style.titles[{index}].at")),
                    format!("at {}", title.at),
                )
                .at(self.spans.for_output(name, "duration"), "the movie ends before")
                .help("show it earlier, or write a longer `duration`");
            self.diagnostics.push(diagnostic);
        }
    }

    fn container_fits(&mut self, output: &Output) {
        let (name, Settings { codec, container, .. }) = (output.name.as_str(), &output.settings);
        if container.codecs().contains(codec) {
            return;
        }
        let (message, help) = match container {
            Container::Webm => (
                format!("`{name}` can't contain `{}` video: WebM needs AV1", codec.word()),
                "end the name in `.mp4`, or write `codec: av1` below this output",
            ),
            Container::Mp4 | Container::Mov => (
                format!("`{name}` can't contain `{}` video: MOV does not support it", codec.word()),
                "end the name in `.mp4`, or write `codec: hevc`",
            ),
        };
        let place = self.spans.for_output(name, "codec");
        let diagnostic = Diagnostic::error(Code::BAD_VALUE, message).at(place, "requested here").help(help);
        self.diagnostics.push(diagnostic);
    }

    /// Reports a length that the place doesn't take where an output will be shown, and warns about settings
    /// with which it does not play there.
    fn suits_its_target(&mut self, output: &Output) {
        let Some(target) = output.settings.target else { return };
        let name = output.name.as_str();
        if let (Some(longest), Length::Exact(least) | Length::Within(least, _)) =
            (target.longest(), output.settings.duration)
            && least > longest
        {
            let (long, most) = (time_text(least), time_text(longest));
            let message = format!("`{name}` lasts {long}, but {} takes at most {most}", target.name());
            let error = Diagnostic::error(Code::OUTPUT_TOO_LONG, message)
                .at(self.spans.for_output(name, "duration"), "this length")
                .at(self.spans.for_output(name, "for"), format!("at most {most}"))
                .help(format!("write `duration: {most}` or less below this output"));
            self.diagnostics.push(error);
        }
        for Rejected { key, why, instead } in target.rejected(&output.settings) {
            let place = match key {
                "" => self.spans.find(&format!("outputs.{name}")),
                key => self.spans.for_output(name, key),
            };
            let warning = Diagnostic::warning(Code::TARGET_LIMIT, why)
                .at(place.or_else(|| self.spans.for_output(name, "for")), "set here")
                .help(instead);
            self.diagnostics.push(warning);
        }
    }

    fn poster_is_in_it(&mut self, output: &Output) {
        let (Some(Poster { at: Some(at), .. }), Length::Exact(end) | Length::Within(_, end)) =
            (&output.poster, output.settings.duration)
        else {
            return;
        };
        if *at < end {
            return;
        }
        let name = output.name.as_str();
        let diagnostic =
            Diagnostic::error(Code::BAD_RANGE, "the poster shows a time after the end of the movie")
                .at(self.spans.find(&format!("outputs.{name}.poster.at")), format!("at {at}"))
                .at(self.spans.for_output(name, "duration"), "the movie ends before")
                .help("write an earlier time, or remove `at`");
        self.diagnostics.push(diagnostic);
    }

    /// Returns the files that an output writes, each with the place of its name in the spec.
    fn writes(output: &Output) -> impl Iterator<Item = Written<'_>> {
        let at = format!("outputs.{}", output.name);
        let poster = output.poster.iter().map(|poster| (&poster.path, "poster"));
        let beside = poster.chain(output.preview.iter().map(|path| (path, "preview")));
        let beside = beside.chain(output.subtitles.iter().map(|path| (path, "subtitles")));
        let movie = Written { name: output.name.as_str().into(), at: at.clone(), draft_of: None };
        let draft = Written { name: output.draft().into(), at: at.clone(), draft_of: Some(&output.name) };
        let beside = beside.map(move |(path, key)| Written {
            name: path.as_str().into(),
            at: format!("{at}.{key}"),
            draft_of: None,
        });
        [movie, draft].into_iter().chain(beside)
    }

    fn writes_no_file_twice(&mut self, outputs: &[Output]) {
        let mut written: Vec<Written<'_>> = Vec::new();
        for file in outputs.iter().flat_map(Self::writes) {
            // Disks of Macs hold one file for both forms of a name.
            let is_same = |one: &str, other: &str| normal_name(one) == normal_name(other);
            if let Some(first) = written.iter().find(|known| is_same(&known.name, &file.name)) {
                let name = &file.name;
                let message = match (first.draft_of, file.draft_of) {
                    // Two outputs of one name are reported as such.
                    (Some(one), Some(other)) if is_same(one.as_str(), other.as_str()) => continue,
                    (Some(one), Some(other)) => {
                        format!("`{name}` is the draft of both `{one}` and `{other}`")
                    }
                    (Some(movie), None) | (None, Some(movie)) => {
                        format!("`{name}` is also the draft of `{movie}`")
                    }
                    (None, None) => format!("`{name}` is written twice"),
                };
                let label = |file: &Written<'_>, other| match file.draft_of {
                    Some(_) => "its draft",
                    None => other,
                };
                self.diagnostics.push(
                    Diagnostic::error(Code::DUPLICATE_OUTPUT, message)
                        .at(self.spans.find(&file.at), label(&file, "again here"))
                        .at(self.spans.find(&first.at), label(first, "first here"))
                        .help("give one of them another name, or remove it"),
                );
            }
            written.push(file);
        }
    }

    fn overwrites_nothing(&mut self, output: &Output, media: &[MediaRule]) {
        for Written { name, at, draft_of } in Self::writes(output) {
            let normal = normal_name(&name);
            let is_same = |other: &str| other == name || !other.is_ascii() && normal_name(other) == normal;
            let medium =
                media.iter().position(|rule| rule.action != RuleAction::Drop && is_same(&rule.pattern));
            let track = output.settings.music.iter().position(|track| is_same(track.path.as_str()));
            let input = match (medium, track) {
                (Some(index), _) => self.spans.find(&format!("media[{index}]")),
                (None, Some(index)) => {
                    self.spans.for_output(output.name.as_str(), &format!("music[{index}]"))
                }
                (None, None) => continue,
            };
            let written = self.spans.get(&at);
            let help = match written {
                Some(_) => "give the output another name",
                None => "give the output another name, such as `outputs: { film.mp4: {} }`",
            };
            let what = match draft_of {
                Some(movie) => format!("the draft of `{movie}`"),
                None => format!("the output `{name}`"),
            };
            let message = format!("{what} would overwrite one of its inputs");
            let diagnostic = Diagnostic::error(Code::OUTPUT_IS_INPUT, message)
                .at(input, "named here")
                .at(written, "and written here")
                .help(help);
            self.diagnostics.push(diagnostic);
        }
    }

    fn place(&self, path: &str) -> Span {
        self.spans.find(path).unwrap_or_default()
    }
}

/// A file that an output writes.
struct Written<'a> {
    name: Cow<'a, str>,
    /// The place of its name in the spec; of a draft, that of its movie.
    at: String,
    draft_of: Option<&'a MediaPath>,
}

/// Returns a rule that is written as a path alone.
fn plain(pattern: &str, action: &RuleAction) -> MediaRule {
    MediaRule { pattern: pattern.to_owned(), action: action.clone(), filter: MediaFilter::default() }
}

/// Returns roughly how much memory settings take, in bytes.
fn bytes_of(settings: &Settings) -> usize {
    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let file = |path: &Option<MediaPath>| path.as_ref().map_or(0, |path| path.as_str().len());
    let track = |track: &Track| size_of::<Track>() + track.path.as_str().len() + file(&track.beats.file);
    let titles = match &settings.style.titles {
        Titles::List(titles) => titles.iter().map(|title| size_of::<Title>() + title.text.len()).sum(),
        _ => 0,
    };
    let texts = text(&settings.title) + text(&settings.prompt) + file(&settings.style.cube);
    let people = settings.constraints.people.iter().map(|one| size_of::<PersonShots>() + one.name.len());
    texts + titles + people.sum::<usize>() + settings.music.iter().map(track).sum::<usize>()
}

fn cameras(value: Option<&Value>) -> Vec<CameraRule> {
    let Some(Value::Named(named)) = value else { return Vec::new() };
    let rule = |(name, fields): &(String, Fields)| CameraRule {
        name: name.clone(),
        clock_s: clock(fields),
        zone: zone(fields),
    };
    named.iter().map(rule).collect()
}

fn poster(fields: &Fields) -> Option<Poster> {
    match fields.get("poster")? {
        Value::File(path) => Some(Poster { path: path.clone(), at: None }),
        Value::Table(fields) => Some(Poster { path: fields.file("path")?.clone(), at: fields.time("at") }),
        _ => None,
    }
}

/// Overrides in `settings` what `fields` contain, and keeps the rest.
fn override_settings(settings: &mut Settings, fields: &Fields) {
    let words = |key| fields.text(key).map(|text: &str| (!text.is_empty()).then(|| text.to_owned()));
    set(&mut settings.title, words("title"));
    set(&mut settings.prompt, words("prompt"));
    set(&mut settings.music, fields.get("music").map(tracks));
    if let Some(Value::Length(length)) = fields.get("duration") {
        settings.duration = *length;
    }
    set(&mut settings.aspect, fields.word("aspect"));
    set(&mut settings.codec, fields.word("codec"));
    set(&mut settings.rate, fields.word("rate"));
    set(&mut settings.size, fields.word("size"));
    set(&mut settings.quality, fields.word("quality"));
    if let Some(Value::Bytes(most)) = fields.get("max-size") {
        settings.max_size = *most;
    }
    if let Some(fields) = fields.table("style") {
        override_style(&mut settings.style, fields);
    }
    if let Some(fields) = fields.table("constraints") {
        override_constraints(&mut settings.constraints, fields);
    }
}

fn override_style(style: &mut Style, fields: &Fields) {
    set(&mut style.pace, fields.word("pace"));
    set(&mut style.transitions, fields.get("transitions").map(transitions));
    set(&mut style.dip, fields.get("dip").and_then(colour));
    set(&mut style.photos, fields.word("photos"));
    set(&mut style.live_photos, fields.word("live-photos"));
    set(&mut style.fit, fields.word("fit"));
    if let Some(look) = fields.word("look") {
        (style.look, style.cube) = (look, None);
    }
    if let Some(Value::File(cube)) = fields.get("look") {
        (style.look, style.cube) = (Look::Natural, Some(cube.clone()));
    }
    set(&mut style.steady, fields.said("steady"));
    set(&mut style.titles, fields.get("titles").map(titles));
    if let Some(Value::Loudness(loudness)) = fields.get("loudness") {
        style.loudness = *loudness;
    }
}

fn override_constraints(constraints: &mut Constraints, fields: &Fields) {
    set(&mut constraints.order, fields.word("order"));
    if let Some(Value::Range(shortest, longest)) = fields.get("shot") {
        constraints.shot = Some((*shortest, *longest));
    }
    if let Some(Value::Count(repeats)) = fields.get("repeats") {
        constraints.repeats = *repeats;
    }
    set(&mut constraints.cut_on, fields.word("cut-on"));
    set(&mut constraints.chapter_gap, fields.time("chapter-gap"));
    if let Some(Value::Shots(people)) = fields.get("people") {
        constraints.people.clone_from(people);
    }
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

fn tracks(value: &Value) -> Vec<Track> {
    match value {
        Value::List(items) => items.iter().flat_map(|item| tracks(&item.value)).collect(),
        Value::File(path) => vec![Track::new(path.clone())],
        Value::Table(fields) => {
            let beats = fields.get("beats").map(beats_by_hand).unwrap_or_default();
            let track = |path: &MediaPath| Track {
                from: fields.time("from"),
                to: fields.time("to"),
                is_loop: fields.flag("loop"),
                crossfade: fields.time("crossfade"),
                audio: audio(fields),
                beats,
                ..Track::new(path.clone())
            };
            fields.file("path").map(track).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn beats_by_hand(value: &Value) -> BeatsByHand {
    match value {
        Value::File(path) => BeatsByHand { file: Some(path.clone()), ..BeatsByHand::default() },
        Value::Table(fields) => BeatsByHand {
            file: fields.file("file").cloned(),
            multiply: match fields.get("multiply") {
                Some(Value::Factor(factor)) => *factor,
                _ => Factor::default(),
            },
            offset: fields.time("offset").unwrap_or_default(),
            first_downbeat: fields.time("first-downbeat"),
        },
        _ => BeatsByHand::default(),
    }
}

fn transitions(value: &Value) -> Transitions {
    let kinds: Vec<TransitionKind> = match value {
        Value::List(items) => items.iter().filter_map(|item| kind(&item.value)).collect(),
        one => kind(one).into_iter().collect(),
    };
    if kinds.is_empty() { Transitions::Auto } else { Transitions::Only(kinds) }
}

fn colour(value: &Value) -> Option<Colour> {
    match value {
        Value::Word("black") => Some(Colour::BLACK),
        Value::Word("white") => Some(Colour::WHITE),
        Value::Colour(colour) => Some(*colour),
        _ => None,
    }
}

fn kind(value: &Value) -> Option<TransitionKind> {
    match value {
        Value::Word(word) => TransitionKind::of(word),
        _ => None,
    }
}

fn titles(value: &Value) -> Titles {
    match value {
        Value::Word("off") => Titles::Off,
        Value::List(items) => Titles::List(items.iter().filter_map(|item| title(&item.value)).collect()),
        _ => Titles::Auto,
    }
}

fn title(value: &Value) -> Option<Title> {
    let Value::Table(fields) = value else { return None };
    Some(Title { text: fields.text("text")?.to_owned(), at: fields.time("at")?, length: fields.time("for")? })
}
