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

/// Returns every code, grouped by area. The source of docs/codes.md.
pub fn all_codes() -> &'static [CodeEntry] {
    ALL
}

codes! {
    NOT_UTF8 "mmm::spec::not-utf8",
        "The spec contains bytes that are not valid UTF-8.",
        "Save the file as UTF-8. Most editors offer this under “Save with encoding”.";
    UNREADABLE_YAML "mmm::spec::unreadable-yaml",
        "The spec is not valid YAML from the marked place on.",
        "Fix the marked place. Put quotes around text that starts with `*`, `&`, `!`, `[`, `{`, `@` or `%`, or that contains `: ` or ` #`.";
    YAML_TAG "mmm::spec::yaml-tag",
        "A word that starts with `!` has no quotes, so YAML reads it as a tag.",
        "Put quotes around it: `\"!photos/receipts/**\"`. The language itself has no tags.";
    COMMENT_IN_TEXT "mmm::spec::comment-in-text",
        "A text or a path without quotes ends at a ` #`, because YAML takes what follows for a comment.",
        "Put quotes around it: `\"Day #1\"`. If it is meant as a comment, write a space after the `#`.";
    TOO_LARGE "mmm::spec::too-large",
        "The spec is too long, too deeply nested, or grows too large when its aliases are filled in or its outputs take over what stands above them.",
        "Name folders or globs instead of single files, and write out aliases of aliases. A spec holds at most 1 MiB of text, and with its aliases filled in 4 MiB of text, 100,000 values and 32 levels.";
    SEVERAL_DOCUMENTS "mmm::spec::several-documents",
        "The file contains more than one YAML document.",
        "Keep one movie in each file: remove the `---` line. List several cuts of one movie under `outputs`.";
    TOO_MANY "mmm::spec::too-many",
        "The spec has more mistakes than are shown.",
        "Fix those that are shown, and check again.";
    UNKNOWN_KEY "mmm::spec::unknown-key",
        "The language has no such key at this place.",
        "Use the key that the help names, or remove it.";
    DUPLICATE_KEY "mmm::spec::duplicate-key",
        "The same key appears twice in one mapping.",
        "Keep one of the two.";
    MISSING_KEY "mmm::spec::missing-key",
        "A required key is missing.",
        "Add it.";
    WRONG_TYPE "mmm::spec::wrong-type",
        "The value is of a kind that the key does not accept, such as a list instead of text.",
        "Write a value of the kind that the message names.";
    BAD_VALUE "mmm::spec::bad-value",
        "The value is of the right kind, but the key does not accept it.",
        "Use one of the values that the help names.";
    BAD_RANGE "mmm::spec::bad-range",
        "A number or a time is out of range, or a range ends before it starts.",
        "Stay inside the bounds that the message names.";
    BARE_NUMBER "mmm::spec::bare-number",
        "A number has no unit where a time or a loudness is expected.",
        "Write the unit: `3.2s`, `1200ms`, `1:02.5`, `-14 LUFS`.";
    PATH_EMPTY "mmm::spec::path-empty",
        "A path names nothing.",
        "Name a file, a folder or a glob below the folder of the spec; `./` is the whole folder.";
    PATH_OUTSIDE "mmm::spec::path-outside",
        "A path is absolute or leads out of the folder of the spec, or a folder is a link that leads out of it.",
        "Move or link the files you need into the folder of the spec, file by file, and write the path relative to that folder.";
    BAD_GLOB "mmm::spec::bad-glob",
        "A glob has unbalanced brackets or braces, or is too large.",
        "Close every `[` and `{`. To match a file whose name contains one of `*?[]{}`, put that character in brackets: `[[]`.";
    EMPTY_MEDIA "mmm::spec::empty-media",
        "`media` names nothing that could be shown.",
        "Name at least one file, folder or glob that no leading `!` excludes.";
    DUPLICATE_OUTPUT "mmm::spec::duplicate-output",
        "Two outputs would be written to the same file.",
        "Give each output its own name.";
    NOT_MP4 "mmm::spec::not-mp4",
        "The name of an output does not end in `.mp4`, `.mov` or `.webm`.",
        "End the name in `.mp4`, `.mov` or `.webm`; `mmm` writes no other containers.";
    PICTURE_ENDING "mmm::spec::picture-ending",
        "The name of a poster or a preview does not end in one of the supported file types.",
        "End a poster in `.jpg`, `.png` or `.webp`, and a preview in `.gif` or `.webp`.";
    SUBTITLE_ENDING "mmm::spec::subtitle-ending",
        "The name of a file of subtitles does not end in `.srt` or `.vtt`.",
        "End it in `.srt` (SubRip) or `.vtt` (WebVTT).";
    TARGET_LIMIT "mmm::spec::target-limit",
        "A movie is made for a place (`for`) that does not accept or play it with these settings.",
        "Follow the help, or name another place. docs/outputs.md lists what each place accepts.";
    OUTPUT_IS_INPUT "mmm::spec::output-is-input",
        "An output has the same name as a photo, a clip or the music.",
        "Give the output another name, so that your own file is not overwritten.";
    NEEDS_MUSIC "mmm::spec::needs-music",
        "The spec uses a value that requires music, but names no music.",
        "Name the music, or use a value that works without it.";
    UNSUPPORTED_VERSION "mmm::spec::unsupported-version",
        "The spec is written for a version of the language that this `mmm` can't read.",
        "Install a newer `mmm`, or write `mmm: 1` and use only the keys of version 1.";

    NO_EFFECT "mmm::spec::no-effect",
        "A key of the spec changes nothing where it stands, such as `audio` on a photo.",
        "Remove it, or put it where it has an effect, as the help says.";
    UNKNOWN_ZONE "mmm::spec::unknown-zone",
        "A time zone has a name that the IANA database doesn't have.",
        "Write a name such as `Europe/Lisbon`, or an offset such as `+02:00`.";

    MEDIA_MISSING "mmm::media::missing",
        "A file that the spec names does not exist.",
        "Put the file back, or fix its name in the spec. Names are case-sensitive.";
    MEDIA_GLOB_MATCHES_NOTHING "mmm::media::glob-matches-nothing",
        "An entry of `media` matches no file.",
        "Fix the entry or remove it. Files whose name starts with a dot are included only when named in full.";
    MEDIA_EXCLUSION_IDLE "mmm::media::exclusion-matches-nothing",
        "An entry of `media` with a leading `!` excludes no file.",
        "Fix its spelling: names are case-sensitive. Put it below the entry that includes the files. Or remove it.";
    MEDIA_FOLDER_DENIED "mmm::media::folder-denied",
        "You have no permission to read a folder that `media` includes, so its files are not in the movie.",
        "Change the permissions of the folder, or exclude it with a leading `!`.";
    MEDIA_UNREADABLE "mmm::media::unreadable",
        "The file is damaged, empty or cut short, or you have no permission to read it.",
        "Copy the file again from its source, or check its permissions. The movie is built without it unless it is required.";
    MEDIA_DAMAGED "mmm::media::damaged",
        "A clip or a song is damaged, or ends before its headers say. The movie uses the part that can be read.",
        "Copy the file again from its source.";
    MEDIA_RAW "mmm::media::raw",
        "A raw photo contains no preview that is large enough to fill a frame, or none that `mmm` can find.",
        "Export it as JPEG, or copy the JPEG of the same picture from the camera.";
    MEDIA_UNSUPPORTED "mmm::media::unsupported",
        "The file is not a photo, a clip or music in a format that `mmm` reads.",
        "Convert it, for example to JPEG, H.264 in MP4, or MP3; or exclude it with a leading `!`.";
    MEDIA_TOO_LARGE "mmm::media::too-large",
        "The picture has more pixels than can be decoded safely.",
        "Reduce its size.";
    MEDIA_NO_PICTURE "mmm::media::no-picture",
        "`media` includes a clip that has no video.",
        "List sound under `music`, or exclude the file with a leading `!`.";
    MEDIA_ODD_TIME "mmm::media::odd-time",
        "The capture times of some media don't fit those of the others, as if the clock of a camera was wrong.",
        "Correct them with `taken`, `clock` or `zone` on the entry of `media`, or with `cameras` for all that one camera took. `clock: 0s` says that a clock was right.";
    MEDIA_UNKNOWN_CAMERA "mmm::media::unknown-camera",
        "An entry of `cameras` names a camera that took none of the media.",
        "Use the name that `mmm analyze` shows, or a part of it.";
    MEDIA_SOUND "mmm::media::sound-unsupported",
        "A clip has sound that `mmm` can't decode, so the movie shows it without its sound.",
        "Convert the sound, for example to AAC, or write `sound: mute` if you don't need it.";
    MEDIA_NO_TRACK "mmm::media::no-sound-track",
        "`audio` names a sound track that the file doesn't have, or that can't be decoded.",
        "Write the number of one of the tracks that the message lists, or remove `audio`.";
    MEDIA_SILENT_TRACK "mmm::media::silent-sound-track",
        "The sound track of a clip that is heard is nearly silent, and another track of it is not.",
        "Write `audio: 2`, with the number of the other track, on the entry of the clip in `media`.";
    MEDIA_CHANGED "mmm::media::changed",
        "The file changed while it was being read.",
        "Wait until the file is completely copied, and build again.";
    MEDIA_UNKNOWN_PERSON "mmm::media::unknown-person",
        "`people` of an entry of `media` names somebody whom no photo and no clip names.",
        "Write a name as `mmm analyze` shows it; the help lists the names that there are.";
    MEDIA_FILTER_EMPTY "mmm::media::filter-matches-nothing",
        "`people` or `rating` of an entry of `media` leaves out all of its files.",
        "Ask for less; the help lists the names and the stars that the files have.";
    MEDIA_SIDECAR "mmm::media::sidecar-unused",
        "An XMP or JSON file beside a photo or clip is not used: it can't be read, or it says that it belongs to another file.",
        "Write it again with the program that made it, rename it after its own medium, or remove it.";
    MEDIA_NAME_NOT_UTF8 "mmm::media::name-not-utf8",
        "The name of a file is not valid UTF-8, so no spec can name it.",
        "Rename the file.";
    MUSIC_UNREADABLE "mmm::music::unreadable",
        "The music can't be read, or contains no sound.",
        "Use another file: `mmm` reads MP3, M4A, FLAC, Ogg and WAV.";
    MUSIC_NO_BEATS "mmm::music::no-beats",
        "No beats were found in the music, so cuts fall on a regular grid.",
        "No action is needed. Write `cut-on: free` if you intend this.";
    MUSIC_BEATS_FILE "mmm::music::beats-file",
        "A beat list that the spec names does not exist, or is not a list of beats.",
        "Write one time in seconds on each line, each later than the one before; `mmm beats SONG --list OUT.beats` writes such a list.";
    LOOK_CUBE "mmm::look::cube",
        "A colour table (LUT) that the spec names does not exist, or can't be read.",
        "Name a `.cube` file with LUT_3D_SIZE or LUT_1D_SIZE, made for pictures in BT.709.";
    MUSIC_UNSURE "mmm::music::unsure-beats",
        "The beats of the music are uncertain, so cuts may miss them.",
        "Listen with `mmm beats SONG --click out.wav`. Correct the beats with `beats:`: shift or multiply them, say where the first bar begins, or name a file of your own.";
    MUSIC_BAR_OUTSIDE "mmm::music::bar-outside",
        "`first-downbeat` is after the end of its track, so bars are counted from the last beat.",
        "Write a time within the track at which a bar begins, or remove `first-downbeat`.";
    MUSIC_SILENT "mmm::music::silent",
        "Nothing is heard of a track: all of it is silent, or the part between `from` and `to` is.",
        "Change `from` or `to`, or name another track.";
    MUSIC_ENDS "mmm::music::ends-early",
        "The music ends before the movie, so the rest of the movie is silent.",
        "Write `loop: true` at the track, add another track, or make the movie shorter; `duration: music` makes it as long as the music.";

    PLAN_NO_MEDIA "mmm::plan::no-media",
        "There is nothing to show: no photo and no clip can be used.",
        "Add photos or clips, or fix the entries of `media`.";
    PLAN_TOO_LITTLE "mmm::plan::too-little",
        "There is not enough material for the requested length.",
        "Request a shorter `duration`, allow longer shots or `repeats`, or add media.";
    PLAN_TOO_MUCH "mmm::plan::too-much",
        "The required media do not fit into the requested length.",
        "Request a longer `duration`, allow shorter shots, or require less.";
    PLAN_MEDIUM "mmm::plan::medium",
        "The spec asks for something that a photo or clip can't provide, such as an `in` after the end of the clip.",
        "Fix the marked lines.";
    PLAN_PEOPLE "mmm::plan::people",
        "`constraints.people` asks for more shots of somebody than there are photos and clips with that person.",
        "Ask for fewer shots, fix the name, or include more media; the help lists the names that there are.";
    PLAN_MUSIC "mmm::plan::music",
        "The spec asks for something that the music can't provide, such as a `from` after its end.",
        "Fix the marked lines.";

    TITLE_NO_GLYPH "mmm::title::no-glyph",
        "A title or a caption contains a character that no font has: neither the built-in fonts nor those on this machine.",
        "Install a font that has it (on Debian and Ubuntu, the package that the help names), or name a folder of fonts with `--fonts`, `MMM_FONTS` or `fonts` in mmm.toml. Until then the character is left out.";

    LOCK_CONFLICT "mmm::lock::conflict",
        "Two branches changed the lock, and git left both sides in it.",
        "Take one side (`git checkout --ours -- movie.lock`, or `--theirs`) and build; or run `mmm update` to plan again.";
    LOCK_VERSION "mmm::lock::version",
        "The lock was written by a version of `mmm` whose lock format this version can't read.",
        "Install that version, or run `mmm update` to plan again with this one.";
    LOCK_BAD "mmm::lock::bad",
        "The file is not a valid lock: it was changed by hand or by another program.",
        "Restore it from git, or run `mmm update` to plan again.";
    LOCK_CHANGES "mmm::lock::changes",
        "The lock would have to change, and `--locked` or `--frozen` forbids it.",
        "Build without the flag, review the changes in the lock, and commit it.";
    LOCK_FONT "mmm::lock::font",
        "A font that the lock names is missing from this machine or has different content, and `--locked` or `--frozen` forbids a replacement.",
        "Install the same version of that font, or keep it in a folder beside the spec and name that folder as `fonts` in mmm.toml; or build without the flag and commit the lock.";

    OUTPUT_NOT_OURS "mmm::output::not-ours",
        "A file that `mmm` did not write, a link, or a folder exists where the output would be written.",
        "Move the file away, or give the output another name.";
    OUTPUT_UNWRITABLE "mmm::output::unwritable",
        "The output can't be written.",
        "Check that the folder exists and that you have permission to write to it.";
    OUTPUT_TOO_LARGE "mmm::output::too-large",
        "The movie does not fit into its `max-size`, even as coarse as anyone would want to watch it.",
        "Write a smaller `size`, a shorter `duration`, a newer `codec`, or a larger `max-size`.";
    OUTPUT_TOO_LONG "mmm::output::too-long",
        "The movie is longer than the place accepts where it will be shown (`for`).",
        "Write a shorter `duration`, or name another place.";
    OUTPUT_DISK_FULL "mmm::output::disk-full",
        "The disk of the cache, of the movie, or of another file that a command writes is full, or your quota on it.",
        "Free some space, for example with `mmm cache gc`, and build again: all finished work is kept.";

    CACHE_UNWRITABLE "mmm::cache::unwritable",
        "The cache can't be written, or holds a link where `mmm` has a folder or file of its own.",
        "Remove the link that the message names, or choose another folder with `--cache-dir` or `MMM_CACHE_DIR`.";
    CACHE_HEALED "mmm::cache::healed",
        "Cached segments were damaged or missing. They were discarded and built again, and the movie is complete.",
        "No action is needed. If it happens again, check the disk; `mmm cache verify` reads the whole cache.";
    CACHE_DIFFERS "mmm::cache::differs",
        "Repeating an action gave a different result from the one in the cache.",
        "Empty the cache with `mmm cache clean` and build again; if it happens again, report it with the versions that `mmm doctor` shows.";
    CACHE_BUSY "mmm::cache::busy",
        "Another program kept the cache locked for seconds, so nothing could be removed from it. Builds and collections lock it for a moment only.",
        "Wait until the other program is done. An older mmm locks the cache during a whole build.";

    RENDER_AVOIDED "mmm::render::moment-avoided",
        "A clip is damaged, or ends before its headers say. The planner planned again without that part of it.",
        "No action is needed. To get the moment back, copy the clip again from its source.";
    RENDER_HELD "mmm::render::picture-held",
        "A clip is damaged, or ends before its headers say, and no plan can avoid that part of it. The shot holds the last intact frame.",
        "Copy the clip again from its source, or avoid that part with `in` and `out`.";
    RENDER_ENCODER "mmm::render::encoder-failed",
        "A hardware encoder failed during a build. All segments of a movie must be compatible, so the whole movie was encoded by software.",
        "No action is needed for this movie. `mmm doctor` lists which encoders work; `encoder = \"software\"` in mmm.toml always uses software.";
    RENDER_LOUDNESS "mmm::render::loudness",
        "The sound of a movie does not have the loudness that the spec asks for: it would exceed a true peak of -1 dBTP, its sources are too quiet, or it is silent. mmm measured the decoded sound, corrected the level and encoded it again several times, and kept the closest.",
        "Ask for the `loudness` that the help names, or use other media or music.";
    RENDER_FAILED "mmm::render::failed",
        "A segment of the movie could not be rendered.",
        "Check the file that the message names: try the build without it. All finished work is kept.";

    REVIEW_FAILS "mmm::review::fails",
        "The movie was built, but one of its figures is outside its limit.",
        "Look at the places listed below the figure: each gives the time, the shot and the source. docs/review.md defines every figure.";
    REVIEW_NO_MOVIE "mmm::review::no-movie",
        "The movie to measure does not exist, or can't be read or decoded.",
        "Run `mmm build` first, or name a movie: `mmm review trip/movie.mp4`.";

    CLI_NO_SPEC "mmm::cli::no-spec",
        "There is no movie.yaml in this folder.",
        "Run `mmm init` to write one, or name the spec: `mmm build trip/movie.yaml`.";
    CLI_NO_OUTPUT "mmm::cli::no-output",
        "The spec has no output of that name.",
        "Use a name listed under `outputs`, exactly as written there.";
    CLI_NO_SHOT "mmm::cli::no-shot",
        "The movie has no shot of that number.",
        "Find the number with `mmm plan`; if there is no movie.lock yet, build first.";
    CLI_NO_CUT "mmm::cli::no-cut",
        "An argument of `mmm diff` is not a lock, a spec, or a git revision that contains a lock.",
        "Name two cuts of a movie, for example `mmm diff HEAD~1 movie.lock` or `mmm diff a/movie.yaml b/movie.yaml`.";
    CLI_NO_CHART "mmm::cli::no-chart",
        "`mmm analyze --svg` and `--png` draw exactly one piece of music, but none or several were named.",
        "Name one piece of music.";
    CLI_NO_PORT "mmm::cli::no-port",
        "The page of `mmm watch` can't be served: another program uses the port.",
        "Name a free port with `--port`, or leave `--port` out.";
    CLI_INTERRUPTED "mmm::cli::interrupted",
        "The build was interrupted.",
        "Run it again: it continues where it stopped.";

    CONFIG_ENCODER "mmm::config::encoder",
        "The encoder named by `--encoder`, `MMM_ENCODER` or `encoder` in mmm.toml is unknown, or does not work on this machine.",
        "Write `auto` to use the first encoder that works, or `software`. `mmm doctor` tries all of them and reports the results.";
    CONFIG_BAD "mmm::config::bad",
        "A setting of this machine, in mmm.toml, in a variable or in a flag, can't be used; or a project's mmm.toml sets `cache-dir` or `cache-limit`.",
        "Fix or remove the setting that the message names. A project can't choose the cache: set it in your own mmm.toml, with `--cache-dir`, or with `MMM_CACHE_DIR` and `MMM_CACHE_LIMIT`. docs/settings.md lists every key.";
    MODEL_BAD "mmm::model::bad",
        "The beat model named by `--beat-model`, or by `beat-model` in mmm.toml, is missing, is not ONNX, or does not have the inputs and outputs of Beat This!.",
        "Name a folder that contains Beat This! in ONNX form, or remove the setting: models for beats are built in.";
    MODEL_CLIP "mmm::model::clip",
        "The pair of models named by `--clip`, or by `clip` in mmm.toml, is incomplete or not ONNX, has other inputs or outputs than a pair like CLIP, or its tokenizer or settings can't be read.",
        "Name a folder with `image.onnx`, `text.onnx` and `tokenizer.json` of one model, as docs/models.md describes, or remove the setting: photos are then matched by the built-in models.";
}
