use super::code::{Code, CodeEntry};

macro_rules! codes {
    ($($name:ident $text:literal, $meaning:literal, $remedy:literal;)*) => {
        impl Code {
            $(#[doc = $meaning] pub const $name: Self = Self::new($text);)*
        }

        const ALL: &[CodeEntry] = &[$(
            CodeEntry { code: Code::new($text), meaning: $meaning, remedy: $remedy },
        )*];
    };
}

/// Every code, in the order of the rooms: the source of docs/codes.md.
pub fn all_codes() -> &'static [CodeEntry] {
    ALL
}

codes! {
    NOT_UTF8 "mmm::spec::not-utf8",
        "The spec holds bytes that are not UTF-8 text.",
        "Save the file as UTF-8. Most editors offer it under “Save with encoding”.";
    UNREADABLE_YAML "mmm::spec::unreadable-yaml",
        "The spec is not YAML from the marked place on.",
        "Mend the marked place. Texts that start with `*`, `&`, `!`, `[`, `{`, `@` or `%`, or that hold `: ` or ` #`, need quotes round them.";
    YAML_TAG "mmm::spec::yaml-tag",
        "A word that starts with `!` stands without quotes, so that YAML reads it as a tag.",
        "Put quotes round it: `\"!photos/receipts/**\"`. The language itself has no tags.";
    TOO_LARGE "mmm::spec::too-large",
        "The spec is too long, too deeply nested, or grows too large when its aliases are filled in.",
        "Name folders or globs instead of single files, and write out aliases of aliases. A spec holds at most 1 MiB of text, 100,000 values and 32 levels.";
    SEVERAL_DOCUMENTS "mmm::spec::several-documents",
        "More than one YAML document stands in the file.",
        "Keep one movie in a file: remove the `---` line. Several cuts of one movie go under `outputs`.";
    TOO_MANY "mmm::spec::too-many",
        "There are more mistakes than are shown.",
        "Mend those that are shown, and check again.";
    UNKNOWN_KEY "mmm::spec::unknown-key",
        "A key that the language does not have at this place.",
        "Use the key that the help names, or remove it.";
    DUPLICATE_KEY "mmm::spec::duplicate-key",
        "The same key stands twice in one mapping.",
        "Keep one of the two.";
    MISSING_KEY "mmm::spec::missing-key",
        "A key that must be there is not.",
        "Add it.";
    WRONG_TYPE "mmm::spec::wrong-type",
        "A value of another kind than the key takes, as a list where a text is wanted.",
        "Write a value of the kind that the message names.";
    BAD_VALUE "mmm::spec::bad-value",
        "A value of the right kind that the key does not know.",
        "Use one of the values that the help names.";
    BAD_RANGE "mmm::spec::bad-range",
        "A number or a time out of its bounds, or a range that ends before it starts.",
        "Stay inside the bounds that the message names.";
    BARE_NUMBER "mmm::spec::bare-number",
        "A number without a unit where a time or a loudness is wanted.",
        "Write the unit: `3.2s`, `1200ms`, `1:02.5`, `-14 LUFS`.";
    PATH_EMPTY "mmm::spec::path-empty",
        "A path that names nothing.",
        "Name a file, a folder or a glob below the folder of the spec; `./` is the whole folder.";
    PATH_OUTSIDE "mmm::spec::path-outside",
        "A path that is absolute or leaves the folder of the spec, or a folder that is a link out of it.",
        "Move or link what you need into the folder of the spec, file by file, and write the path from there.";
    BAD_GLOB "mmm::spec::bad-glob",
        "A glob whose brackets or braces do not fit, or that is too large.",
        "Close every `[` and `{`. To name a file whose name holds one of `*?[]{}`, put that letter in brackets: `[[]`.";
    EMPTY_MEDIA "mmm::spec::empty-media",
        "`media` names nothing that could be shown.",
        "Name at least one file, folder or glob that is not taken away by a leading `!`.";
    DUPLICATE_OUTPUT "mmm::spec::duplicate-output",
        "Two outputs would be written to the same file.",
        "Give each output a name of its own.";
    NOT_MP4 "mmm::spec::not-mp4",
        "An output whose name ends neither in `.mp4` nor in `.mov` nor in `.webm`.",
        "End the name in `.mp4`, `.mov` or `.webm`; no other containers are made.";
    PICTURE_ENDING "mmm::spec::picture-ending",
        "A poster or a preview whose name does not end as such a picture does.",
        "End a poster in `.jpg`, `.png` or `.webp`, and a preview in `.gif` or `.webp`.";
    OUTPUT_IS_INPUT "mmm::spec::output-is-input",
        "An output has the name of a medium or of the music.",
        "Give the output another name, so that nothing of yours is overwritten.";
    NEEDS_MUSIC "mmm::spec::needs-music",
        "A value that only means something with music, in a movie without.",
        "Name the music, or say it in another way.";
    UNSUPPORTED_VERSION "mmm::spec::unsupported-version",
        "The spec is written for a version of the language that this `mmm` does not read.",
        "Install a newer `mmm`, or write `mmm: 1` and keep to the keys of version 1.";

    MEDIA_MISSING "mmm::media::missing",
        "A file that the spec names is not there.",
        "Put it back, or mend its name in the spec. Names are case-sensitive.";
    MEDIA_GLOB_MATCHES_NOTHING "mmm::media::glob-matches-nothing",
        "An entry of `media` matches no file.",
        "Mend the entry or remove it. Files whose name starts with a dot are taken only when named in full.";
    MEDIA_UNREADABLE "mmm::media::unreadable",
        "The file is damaged, empty or cut short, or may not be read.",
        "Copy it again from where it came from, or check who may read it. The movie goes on without it unless it is required.";
    MEDIA_UNSUPPORTED "mmm::media::unsupported",
        "The file is no photo, clip or music in a format that is read here.",
        "Convert it, as to JPEG, H.264 in MP4 or MP3; or take it away with a leading `!`.";
    MEDIA_TOO_LARGE "mmm::media::too-large",
        "The picture has more pixels than can be decoded safely.",
        "Make it smaller.";
    MEDIA_NO_PICTURE "mmm::media::no-picture",
        "A clip without a picture stands among `media`.",
        "Put sound under `music`, or take the file away with a leading `!`.";
    MEDIA_CHANGED "mmm::media::changed",
        "The file changed while it was being read.",
        "Wait until it is copied, and build again.";
    MEDIA_NAME_NOT_UTF8 "mmm::media::name-not-utf8",
        "The name of a file is not UTF-8 text, so that no spec can name it.",
        "Rename the file.";
    MUSIC_UNREADABLE "mmm::music::unreadable",
        "The music can't be read, or holds no sound.",
        "Use another file: MP3, M4A, FLAC, Ogg and WAV are read.";
    MUSIC_NO_BEATS "mmm::music::no-beats",
        "No beats were found in the music, so cuts stand on a steady grid.",
        "Nothing needs to be done. `cut-on: free` says that it is meant.";
    MUSIC_BEATS_FILE "mmm::music::beats-file",
        "A list of beats that the spec names is not there, or is none.",
        "Write a time in seconds a line, each after the one before; `mmm beats SONG --list OUT.beats` writes such a list.";
    LOOK_CUBE "mmm::look::cube",
        "A table of colours that the spec names is not there, or can't be read.",
        "Name a `.cube` file with LUT_3D_SIZE or LUT_1D_SIZE, made for pictures in BT.709.";
    MUSIC_UNSURE "mmm::music::unsure-beats",
        "The beats of the music are unsure, so that cuts may miss them.",
        "Listen with `mmm beats SONG --click out.wav`. `beats:` sets them right: shift or multiply them, say where the first bar begins, or name a file of your own.";

    PLAN_NO_MEDIA "mmm::plan::no-media",
        "There is nothing to show: no photo and no clip can be used.",
        "Add photos or clips, or mend the entries of `media`.";
    PLAN_TOO_LITTLE "mmm::plan::too-little",
        "There is too little to show for the length that is asked for.",
        "Ask for a shorter `duration`, allow longer shots or `repeats`, or add media.";
    PLAN_TOO_MUCH "mmm::plan::too-much",
        "What is required does not fit into the length that is asked for.",
        "Ask for a longer `duration`, allow shorter shots, or require less.";
    PLAN_MEDIUM "mmm::plan::medium",
        "What the spec says about a medium can't hold, as an `in` after the end of the clip.",
        "Mend the marked lines.";
    PLAN_MUSIC "mmm::plan::music",
        "What the spec says about the music can't hold, as a `from` after its end.",
        "Mend the marked lines.";

    TITLE_NO_GLYPH "mmm::title::no-glyph",
        "A title or a caption has a character that no font draws: neither those in the program nor those on this machine.",
        "Install a font that has it (on Debian and Ubuntu the package that the help names), or name a folder of fonts with `--fonts`, `MMM_FONTS` or `fonts` in mmm.toml. Until then the character is left out.";

    LOCK_CONFLICT "mmm::lock::conflict",
        "Two branches changed the lock, and git left both sides in it.",
        "Take one side (`git checkout --ours -- movie.lock`, or `--theirs`) and build; or run `mmm update` to plan afresh.";
    LOCK_VERSION "mmm::lock::version",
        "The lock was written by a version of `mmm` whose locks this one does not read.",
        "Install that version, or run `mmm update` to plan afresh with this one.";
    LOCK_BAD "mmm::lock::bad",
        "The lock is no lock: someone or something changed it by hand.",
        "Take it back from git, or run `mmm update` to plan afresh.";
    LOCK_CHANGES "mmm::lock::changes",
        "The lock would have to change, and `--locked` or `--frozen` forbids it.",
        "Build without the flag, look at what changed in the lock, and commit it.";
    LOCK_FONT "mmm::lock::font",
        "A font that the lock names is not on this machine, or is there with another content, and `--locked` or `--frozen` forbids to take another.",
        "Install that font as it was, or keep it in a folder beside the spec and name that as `fonts` in mmm.toml; or build without the flag and commit the lock.";

    OUTPUT_NOT_OURS "mmm::output::not-ours",
        "A file that `mmm` did not make stands where the output is to be written.",
        "Move the file away, or give the output another name.";
    OUTPUT_UNWRITABLE "mmm::output::unwritable",
        "The output can't be written.",
        "Check that the folder exists and that you may write to it.";
    OUTPUT_DISK_FULL "mmm::output::disk-full",
        "The disk is full.",
        "Make room, as with `mmm cache gc`, and build again: all that was finished is kept.";

    CACHE_UNWRITABLE "mmm::cache::unwritable",
        "The cache can't be written.",
        "Choose another folder with `--cache-dir` or `MMM_CACHE_DIR`.";
    CACHE_HEALED "mmm::cache::healed",
        "Pieces in the cache were damaged or gone. They were thrown away and made again, and the movie is whole.",
        "Nothing needs to be done. If it comes back, look at the disk; `mmm cache verify` reads everything.";
    CACHE_DIFFERS "mmm::cache::differs",
        "Something that was made again came out otherwise than the cache has it.",
        "Empty the cache with `mmm cache clean` and build again; if it comes back, report it with the versions that `mmm doctor` shows.";
    CACHE_BUSY "mmm::cache::busy",
        "A build is using the cache, so nothing can be taken out of it.",
        "Wait until the build is done.";

    RENDER_AVOIDED "mmm::render::moment-avoided",
        "A clip is damaged or ends before its headers say. The plan was made again without that stretch of it.",
        "Nothing needs to be done. To have the moment back, copy the clip again from where it came from.";
    RENDER_HELD "mmm::render::picture-held",
        "A clip is damaged or ends before its headers say, and no plan does without that stretch of it: the last whole picture of the shot stays.",
        "Copy the clip again from where it came from, or keep clear of the place with `in` and `out`.";
    RENDER_ENCODER "mmm::render::encoder-failed",
        "An encoder in the machine's hardware failed in the middle of a build. All pieces of a movie have to fit together, so that the whole movie was made by software.",
        "Nothing needs to be done for this movie. `mmm doctor` says which encoders work; `encoder = \"software\"` in mmm.toml keeps to software.";
    RENDER_FAILED "mmm::render::failed",
        "A piece of the movie could not be made.",
        "Look at the file that the message names: try the build without it. Everything finished is kept.";

    REVIEW_FAILS "mmm::review::fails",
        "The movie is there, and a figure of it is not within its limit.",
        "Look at the places that are listed below the figure: each has its time, its shot and its source. docs/review.md says what every figure means.";
    REVIEW_NO_MOVIE "mmm::review::no-movie",
        "The movie that is to be measured is not there, or can't be read or decoded.",
        "Run `mmm build` first, or name a movie: `mmm review trip/movie.mp4`.";

    CLI_NO_SPEC "mmm::cli::no-spec",
        "There is no movie.yaml here.",
        "Run `mmm init` to write one, or name the spec: `mmm build trip/movie.yaml`.";
    CLI_NO_OUTPUT "mmm::cli::no-output",
        "The spec has no output of that name.",
        "Name one that stands under `outputs`, letter for letter.";
    CLI_NO_SHOT "mmm::cli::no-shot",
        "The movie has no shot of that number.",
        "Look the number up with `mmm plan`; where there is no movie.lock yet, build first.";
    CLI_NO_CUT "mmm::cli::no-cut",
        "What `mmm diff` was given is no lock, no spec, and no revision of git with a lock in it.",
        "Name two cuts of a movie, as `mmm diff HEAD~1 movie.lock` or `mmm diff a/movie.yaml b/movie.yaml`.";
    CLI_NO_CHART "mmm::cli::no-chart",
        "`mmm analyze --svg` and `--png` draw one piece of music, and there was none or several.",
        "Name one piece of music.";
    CLI_NO_PORT "mmm::cli::no-port",
        "The page of `mmm watch` can't be served: another program has the port.",
        "Name a free port with `--port`, or leave `--port` out.";
    CLI_INTERRUPTED "mmm::cli::interrupted",
        "The build was stopped from outside.",
        "Run it again: it goes on where it stopped.";

    CONFIG_ENCODER "mmm::config::encoder",
        "The encoder of `--encoder`, `MMM_ENCODER` or `encoder` in mmm.toml is not known here, or does not work on this machine.",
        "Write `auto` to have the first one that works, or `software`. `mmm doctor` tries all of them and says what it finds.";
    CONFIG_BAD "mmm::config::bad",
        "A setting of this machine, in mmm.toml, in a variable or in a flag, can't be used.",
        "Mend or remove the setting that the message names.";
    MODEL_BAD "mmm::model::bad",
        "The model for beats of `--beat-model`, or of `beat-model` in mmm.toml, is not there, is no ONNX, or does not take sound and give beats as Beat This! does.",
        "Name a folder with Beat This! in ONNX form, or do without it: nets for beats are built in.";
}
