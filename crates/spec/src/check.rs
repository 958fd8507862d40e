use super::clip_text::clip_text;
use super::node::{Kind, Node};
use super::pattern::{LONGEST, PatternError, normalise};
use super::shape::{Forms, Key, Shape, Table, Word, endings_in_words};
use super::suggest::{nearest, unknown_key_help};
use super::value::{Fields, Item, Value};
use super::{Container, RuleAction, SpanMap, SubtitleFormat};
use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_base::{MediaPath, PathError, Span};

/// Most outputs of one spec.
pub(super) const MOST_OUTPUTS: usize = 1000;

/// Most names that a mapping of the user's own names may have, and the longest of them in characters.
pub(super) const MOST_NAMES: usize = 1000;
pub(super) const LONGEST_NAME: usize = 200;

/// Checks a tree of nodes against the language: collects every mistake, records the place of every value, and
/// returns the valid values.
#[derive(Default)]
pub(super) struct Check {
    pub diagnostics: Vec<Diagnostic>,
    pub spans: SpanMap,
}

/// The place of a value in the spec.
#[derive(Clone)]
pub(super) struct Here {
    /// Its path, as in the [`SpanMap`].
    pub path: String,
    /// Its name in messages.
    pub name: String,
    /// Where labels point.
    pub span: Span,
}

impl Check {
    /// Returns the value of a node if it fits `shape`; otherwise reports what is wrong.
    pub fn value(&mut self, node: &Node, shape: &'static Shape, here: &Here) -> Option<Value> {
        self.cut_off(node, shape, here);
        match shape {
            _ if node.is_null() && !matches!(shape, Shape::Outputs(_)) => self.nothing(shape, here),
            Shape::Forms(forms) => self.forms(node, shape, forms, here),
            Shape::Table(table) => self.table(node, table, here).map(Value::Table),
            Shape::List { of, least, most } => self.list(node, shape, of, (*least, *most), here),
            Shape::Named(table) => self.named(node, shape, table, here),
            Shape::Shots(most) => self.shots(node, shape, *most, here),
            Shape::Outputs(table) => self.outputs(node, shape, table, here),
            Shape::Word(words) => self.word(node, shape, words, here),
            Shape::WordOrFile(_, ending) if node.text().is_some_and(|text| text.ends_with(ending)) => {
                self.file(node, shape, here)
            }
            Shape::WordOrFile(words, _) => self.word(node, shape, words, here),
            Shape::WordOrColour(_) if node.text().is_some_and(|text| text.starts_with('#')) => {
                self.scalar(node, shape, here)
            }
            Shape::WordOrColour(words) => self.word(node, shape, words, here),
            Shape::File => self.file(node, shape, here),
            Shape::FileEnding(endings) => self.file_ending(node, shape, endings, here),
            Shape::Pattern { may_drop } => self.pattern(node, shape, *may_drop, here),
            _ => self.scalar(node, shape, here),
        }
    }

    /// Reports a mistake at a place.
    pub fn complain(&mut self, code: Code, here: &Here, message: String, label: &str, help: String) {
        let diagnostic = Diagnostic::error(code, message).at(Some(here.span), label);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    pub(super) fn wrong_type(&mut self, node: &Node, shape: &Shape, here: &Here) -> Option<Value> {
        let message = format!("{} takes {}, not {}", here.name, shape.noun(), node.noun());
        let label = format!("this is {}", node.noun());
        let help = match shape {
            Shape::Table(Table { keys: [key, ..], .. }) => {
                format!("write its keys on separate lines below it, such as `{}: {}`", key.name, key.example)
            }
            _ => format!("write {}", shape.noun()),
        };
        self.complain(Code::WRONG_TYPE, here, message, &label, help);
        None
    }

    fn nothing(&mut self, shape: &Shape, here: &Here) -> Option<Value> {
        let help = format!("write {}, or remove it", shape.noun());
        self.complain(Code::WRONG_TYPE, here, format!("{} has no value", here.name), "nothing here", help);
        None
    }

    fn forms(&mut self, node: &Node, shape: &Shape, forms: &Forms, here: &Here) -> Option<Value> {
        let form = match node.kind {
            Kind::Scalar { .. } => forms.scalar,
            Kind::List(_) => forms.list,
            Kind::Map(_) => forms.map,
        };
        match form {
            Some(form) => self.value(node, form, here),
            None => self.wrong_type(node, shape, here),
        }
    }

    /// Returns the values of a mapping, each checked against its key.
    pub fn table(&mut self, node: &Node, table: &'static Table, here: &Here) -> Option<Fields> {
        let Kind::Map(entries) = &node.kind else {
            self.wrong_type(node, &Shape::Table(table), here);
            return None;
        };
        let mut fields = Fields::default();
        let mut seen: Vec<(&Key, Span)> = Vec::new();
        let mut meant: Vec<&str> = Vec::new();
        for (key_node, value) in entries {
            let Some(key) = self.key(key_node, table, here) else {
                meant.extend(nearest(key_node.text().unwrap_or(""), table.names()));
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(known, _)| known.name == key.name) {
                self.duplicate(key.name, *first, key_node.span);
                continue;
            }
            seen.push((key, key_node.span));
            let inner = here.key(key.name, place(key_node, value));
            self.spans.insert(inner.path.clone(), inner.span);
            if let Some(value) = self.value(value, key.shape, &inner) {
                fields.insert(key.name, value);
            }
        }
        for key in table.keys.iter().filter(|key| key.required) {
            let there = seen.iter().any(|(known, _)| known.name == key.name);
            if !there && !meant.contains(&key.name) {
                let help = format!("add `{}: {}`", key.name, key.example);
                let message = format!("{} has no `{}`", here.name, key.name);
                self.complain(Code::MISSING_KEY, here, message, &format!("`{}` is missing", key.name), help);
            }
        }
        Some(fields)
    }

    fn key(&mut self, node: &Node, table: &'static Table, here: &Here) -> Option<&'static Key> {
        let name = match &node.kind {
            Kind::Scalar { text, .. } => text.as_str(),
            _ => "",
        };
        let known = table.keys.iter().find(|key| key.name == name);
        if known.is_none() {
            let message = format!("unknown key `{}`", clip_text(name));
            let label = format!("not a key of {}", here.name);
            let help = unknown_key_help(name, table);
            self.diagnostics
                .push(Diagnostic::error(Code::UNKNOWN_KEY, message).at(Some(node.span), label).help(help));
        }
        known
    }

    pub(super) fn duplicate(&mut self, name: &str, first: Span, second: Span) {
        self.diagnostics.push(
            Diagnostic::error(Code::DUPLICATE_KEY, format!("`{name}` appears twice"))
                .at(Some(second), "again here")
                .at(Some(first), "first here")
                .help("keep one of the two"),
        );
    }

    fn list(
        &mut self,
        node: &Node,
        shape: &Shape,
        of: &'static Shape,
        (least, most): (usize, usize),
        here: &Here,
    ) -> Option<Value> {
        let Kind::List(nodes) = &node.kind else { return self.wrong_type(node, shape, here) };
        if !(least..=most).contains(&nodes.len()) {
            let wanted = match () {
                () if least == most => format!("{least}"),
                () if nodes.len() < least => format!("at least {least}"),
                () => format!("at most {most}"),
            };
            let message = format!("{} has {} entries, but takes {wanted}", here.name, nodes.len());
            let empty = here.path == "media" && nodes.is_empty();
            let code = if empty { Code::EMPTY_MEDIA } else { Code::BAD_VALUE };
            self.complain(code, here, message, "this list", format!("write {}", shape.noun()));
            return None;
        }
        let mut items = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let inner = here.item(index, node.span);
            self.spans.insert(inner.path.clone(), inner.span);
            let Some(value) = self.value(node, of, &inner) else { continue };
            if matches!(value, Value::Word(_)) && items.iter().any(|item: &Item| item.value == value) {
                let message = format!("{} appears twice", inner.name);
                self.complain(Code::BAD_VALUE, &inner, message, "again here", "keep one of the two".into());
            }
            items.push(Item { index, value });
        }
        Some(Value::List(items))
    }

    /// Returns the values of a mapping from the user's own names.
    fn named(&mut self, node: &Node, shape: &Shape, table: &'static Table, here: &Here) -> Option<Value> {
        let Kind::Map(entries) = &node.kind else { return self.wrong_type(node, shape, here) };
        if entries.len() > MOST_NAMES {
            let message = format!("{} has more than {MOST_NAMES} entries", here.name);
            self.complain(Code::TOO_LARGE, here, message, "too many", "remove some".into());
            return None;
        }
        let mut named: Vec<(String, Fields)> = Vec::new();
        for (key, value) in entries {
            let name = key.text().unwrap_or_default().trim();
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                let place = Here { span: key.span, ..here.clone() };
                let message = format!("a name in {} is empty or too long", here.name);
                let help = format!("write a name of at most {LONGEST_NAME} characters");
                self.complain(Code::BAD_VALUE, &place, message, "this name", help);
                continue;
            }
            if let Some((_, first)) = named.iter().zip(entries).find(|((known, _), _)| known == name) {
                self.duplicate(name, first.0.span, key.span);
                continue;
            }
            let inner = Here {
                path: format!("{}.{name}", here.path),
                name: format!("`{}`", clip_text(name)),
                span: key.span,
            };
            self.spans.insert(inner.path.clone(), key.span);
            if let Some(fields) = self.table(value, table, &inner) {
                named.push((name.to_owned(), fields));
            }
        }
        Some(Value::Named(named))
    }

    fn outputs(&mut self, node: &Node, shape: &Shape, table: &'static Table, here: &Here) -> Option<Value> {
        let Kind::Map(entries) = &node.kind else { return self.wrong_type(node, shape, here) };
        if entries.is_empty() {
            let help = "name a file, as `movie.mp4: {}`, or remove `outputs`".into();
            self.complain(Code::BAD_VALUE, here, "`outputs` names no file".into(), "empty", help);
        }
        if entries.len() > MOST_OUTPUTS {
            let message = format!("`outputs` names more than {MOST_OUTPUTS} files");
            let help = "split the outputs over several specs".into();
            self.complain(Code::TOO_LARGE, here, message, "too many", help);
            return None;
        }
        let mut outputs: Vec<(MediaPath, Fields)> = Vec::new();
        for (key, value) in entries {
            let name = Here { path: String::new(), name: "an output".into(), span: key.span };
            let Some(path) = self.output_name(key, &name) else { continue };
            let inner = Here {
                path: format!("{}.{path}", here.path),
                name: format!("`{}`", clip_text(path.as_str())),
                span: key.span,
            };
            if outputs.iter().any(|(known, _)| *known == path) {
                let first = self.spans.find(&inner.path);
                self.diagnostics.push(
                    Diagnostic::error(Code::DUPLICATE_OUTPUT, format!("{} is written twice", inner.name))
                        .at(Some(key.span), "again here")
                        .at(first, "first here")
                        .help("give it another name, or remove it"),
                );
                continue;
            }
            self.spans.insert(inner.path.clone(), key.span);
            let fields =
                if value.is_null() { Some(Fields::default()) } else { self.table(value, table, &inner) };
            outputs.push((path, fields.unwrap_or_default()));
        }
        Some(Value::Outputs(outputs))
    }

    fn output_name(&mut self, key: &Node, here: &Here) -> Option<MediaPath> {
        let Some(Value::File(path)) = self.value(key, &Shape::File, here) else { return None };
        let name = path.name();
        let ends = Container::of(name).is_some();
        if !ends {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            let message =
                format!("the output `{}` does not end in `.mp4`, `.mov` or `.webm`", clip_text(name));
            let help = format!("write `{}.mp4`: mmm writes only MP4, MOV and WebM", clip_text(stem));
            self.complain(Code::NOT_MP4, here, message, "not MP4, MOV or WebM", help);
        }
        ends.then_some(path)
    }

    fn word(&mut self, node: &Node, shape: &Shape, words: &'static [Word], here: &Here) -> Option<Value> {
        let Some(text) = node.text() else { return self.wrong_type(node, shape, here) };
        if let Some(word) = words.iter().find(|word| word.name == text) {
            return Some(Value::Word(word.name));
        }
        let message = format!("{} can't be `{}`", here.name, clip_text(text));
        let all = format!("write {}", shape.noun());
        let help = match nearest(text, words.iter().map(|word| word.name)) {
            Some(word) => format!("did you mean `{word}`? {all}"),
            None => all,
        };
        self.complain(Code::BAD_VALUE, here, message, "not an allowed value", help);
        None
    }

    fn file(&mut self, node: &Node, shape: &Shape, here: &Here) -> Option<Value> {
        let Some(text) = node.text() else { return self.wrong_type(node, shape, here) };
        self.path_is_local(text, here)?;
        if text.len() > LONGEST {
            let message = format!("{} is longer than {LONGEST} bytes", here.name);
            self.complain(Code::BAD_VALUE, here, message, "this path", "write a shorter path".into());
            return None;
        }
        match MediaPath::new(text) {
            Ok(path) => Some(Value::File(path)),
            Err(error) => self.bad_path(error, here),
        }
    }

    fn file_ending(&mut self, node: &Node, shape: &Shape, endings: &[&str], here: &Here) -> Option<Value> {
        let Some(Value::File(path)) = self.file(node, shape, here) else { return None };
        let name = path.name().to_ascii_lowercase();
        let fits = |ending: &&str| name.strip_suffix(*ending).is_some_and(|stem| !stem.is_empty());
        if endings.iter().any(fits) {
            return Some(Value::File(path));
        }
        let message = format!("{} can't be written to `{}`", here.name, clip_text(path.name()));
        let (label, help) = match endings.iter().find(|ending| **ending == name) {
            Some(ending) => {
                ("nothing in front of its ending", format!("write a name in front of `{ending}`"))
            }
            None => ("wrong file extension", format!("end the name in {}", endings_in_words(endings))),
        };
        let code =
            if endings == SubtitleFormat::ENDINGS { Code::SUBTITLE_ENDING } else { Code::PICTURE_ENDING };
        self.complain(code, here, message, label, help);
        None
    }

    fn pattern(&mut self, node: &Node, shape: &Shape, may_drop: bool, here: &Here) -> Option<Value> {
        let Some(text) = node.text() else { return self.wrong_type(node, shape, here) };
        let (text, action) = match text.strip_prefix('!') {
            Some(rest) if may_drop => (rest, RuleAction::Drop),
            Some(rest) => {
                let help = format!(
                    "to exclude files, write `\"!{0}\"` as an entry of its own in the list `media`; for a \
                     name that starts with `!`, write `./!{0}`",
                    clip_text(rest)
                );
                self.complain(
                    Code::BAD_VALUE,
                    here,
                    format!("{} can't exclude files", here.name),
                    "starts with `!`",
                    help,
                );
                return None;
            }
            None => (text, RuleAction::Take(super::Known::default())),
        };
        self.path_is_local(text, here)?;
        match normalise(text) {
            Ok(pattern) => Some(Value::Pattern(pattern, action)),
            Err(PatternError::Path(error)) => self.bad_path(error, here),
            Err(PatternError::Glob(why)) => {
                let message = format!("{} is not a valid glob: {}", here.name, clip_text(&why));
                let help = match text.replace('\\', "/") {
                    slashed if slashed != text => {
                        format!("write `/` between folders: `{}`", clip_text(&slashed))
                    }
                    _ => {
                        "close every `[` and `{`; in a name, write `[[]` for `[` and `[{]` for `{`".to_owned()
                    }
                };
                self.complain(Code::BAD_GLOB, here, message, "can't be read", help);
                None
            }
        }
    }

    /// Reports paths that users write for files elsewhere, such as `~/a`, URLs and drive letters, and returns
    /// `None` for them.
    fn path_is_local(&mut self, text: &str, here: &Here) -> Option<()> {
        let drive = text.as_bytes().get(1..3).is_some_and(|rest| rest == b":\\" || rest == b":/");
        let (message, help) = match () {
            () if text.contains('\0') => ("a path can't contain a NUL character", "remove the NUL character"),
            () if text.starts_with("~/") || text == "~" => (
                "a path can't start with `~`",
                "write a path relative to the spec, and move or link the files there",
            ),
            () if text.contains("://") => (
                "a path can't be a URL",
                "download the file into the folder of the spec, and write its relative path",
            ),
            () if drive => return self.bad_path(PathError::Absolute, here).map(|_| ()),
            () => return Some(()),
        };
        self.complain(Code::PATH_OUTSIDE, here, message.into(), "not in the folder of the spec", help.into());
        None
    }

    fn bad_path(&mut self, error: PathError, here: &Here) -> Option<Value> {
        let (code, label, help) = match error {
            PathError::Empty => {
                (Code::PATH_EMPTY, "names nothing", "name a file or folder below the folder of the spec")
            }
            PathError::Absolute | PathError::Leaves => (
                Code::PATH_OUTSIDE,
                "not in the folder of the spec",
                "write a path relative to the spec, and move or link the files there",
            ),
        };
        self.complain(code, here, error.to_string(), label, help.into());
        None
    }
}

impl Here {
    /// The whole spec.
    pub fn top(span: Span) -> Self {
        Self { path: String::new(), name: "the spec".into(), span }
    }

    fn key(&self, key: &str, span: Span) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Self { path, name: format!("`{key}`"), span }
    }

    fn item(&self, index: usize, span: Span) -> Self {
        let list = self.name.strip_prefix("an entry of ").unwrap_or(&self.name);
        Self { path: format!("{}[{index}]", self.path), name: format!("an entry of {list}"), span }
    }
}

/// Returns where a label for a value points: at the value, or at its key if the value takes lines of its own
/// or is empty.
fn place(key: &Node, value: &Node) -> Span {
    if value.block || value.span.len == 0 { key.span } else { value.span }
}
