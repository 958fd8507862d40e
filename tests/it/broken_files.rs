//! Damaged photos, clips and songs of every format: the movie is built from the rest, and each is named.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::measure::{probe, rgb_frame, sound};
use crate::space::{Run, Space, fixture};
use crate::tools::ffmpeg;

/// Words of libraries, which mean nothing to people.
const FOREIGN: [&str; 12] = [
    "decoder",
    "decoding",
    "bitstream",
    "lzw",
    "deflate",
    "crc",
    "chunk",
    "huffman",
    "Unknown(",
    "os error",
    "marker",
    "Invalid",
];

/// Returns numbers that look random and are the same every time.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    }
}

/// Returns the beginnings of a file, and copies of it with wrong bytes, some of them in its header.
fn damaged(bytes: &[u8], seed: u64) -> Vec<(String, Vec<u8>)> {
    let cut = |percent: usize| (format!("cut{percent}"), bytes[..bytes.len() * percent / 100].to_vec());
    let mut next = numbers(seed);
    let mut flipped = |round: usize| {
        let mut copy = bytes.to_vec();
        let from = if round == 0 { 0 } else { bytes.len().min(400) };
        for _ in 0..=4 * round {
            let at = from + next(copy.len() - from);
            if let Some(byte) = copy.get_mut(at) {
                *byte = next(256) as u8;
            }
        }
        (format!("flip{round}"), copy)
    };
    let flips: Vec<_> = (0..4).map(&mut flipped).collect();
    [10, 50, 90, 99].map(cut).into_iter().chain(flips).collect()
}

/// Writes damaged copies of the files in `whole/` to `photos/`, and returns their paths.
fn write_damaged(space: &Space) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut files: Vec<_> =
        fs::read_dir(space.path("whole")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for (seed, file) in files.iter().enumerate() {
        let name = file.file_name().unwrap().to_str().unwrap();
        for (damage, bytes) in damaged(&fs::read(file).unwrap(), seed as u64 + 1) {
            let path = format!("photos/{damage}-{name}");
            space.write(&path, bytes);
            names.insert(path);
        }
    }
    names
}

/// Checks that each file is shown, left out or named, and that messages are our own words.
#[track_caller]
fn assert_accounted_for(space: &Space, ran: &Run, names: &BTreeSet<String>) {
    let plan = space.last_event(&["plan", "--json", "--no-models"]);
    let list = |list: &str| plan[list].as_array().unwrap().clone();
    let used: Vec<_> = [list("shots"), list("left_out")].concat();
    let events = ran.events();
    let messages: Vec<&str> = events.iter().filter_map(|event| event["message"].as_str()).collect();
    for name in names {
        let is_used = used.iter().any(|one| one["source"] == name.as_str());
        let is_named = messages.iter().any(|message| message.contains(&format!("`{name}`")));
        assert!(is_used || is_named, "{name} is neither used nor named\n{}", ran.stdout);
    }
    for message in messages {
        let found = FOREIGN.iter().find(|word| message.contains(*word));
        assert!(found.is_none(), "{found:?} in {message}");
    }
    assert!(probe(&space.path("movie.draft.mp4"))["streams"].as_array().is_some_and(|all| !all.is_empty()));
}

fn with_good_photos() -> Space {
    let space = Space::with_photos(&["hill", "bee", "fig"]);
    space.movie("media: photos/\nduration: 4s\nstyle: {titles: off, transitions: cut}\n");
    fs::create_dir_all(space.path("whole")).unwrap();
    space
}

#[track_caller]
fn draft(space: &Space) -> Run {
    space.run(&["build", "--profile", "draft", "--no-models", "--json"]).expect_success()
}

#[test]
fn damaged_photos_of_every_format_are_named_and_the_movie_is_built() {
    let space = with_good_photos();
    let photo = fixture("photos/fig.jpg");
    let whole = |name: &str| space.path(&format!("whole/{name}")).to_str().unwrap().to_owned();
    for (name, coding) in [
        ("rgb.png", "-c:v png"),
        ("deep.png", "-c:v png -pix_fmt rgb48be"),
        ("plain.tif", "-c:v tiff -compression_algo raw -pix_fmt rgb24"),
        ("packed.tif", "-c:v tiff -compression_algo lzw -pix_fmt rgb24"),
        ("wide.tif", "-c:v tiff -compression_algo deflate -pix_fmt rgb48le"),
        ("palette.tif", "-c:v tiff -compression_algo packbits -pix_fmt pal8"),
        ("subsampled.tif", "-c:v tiff -compression_algo lzw -pix_fmt yuv420p"),
        ("bit.tif", "-c:v tiff -compression_algo packbits -pix_fmt monob"),
        ("plain.bmp", "-c:v bmp"),
        ("plain.gif", "-c:v gif"),
        ("lossy.webp", "-c:v libwebp"),
        ("lossless.webp", "-c:v libwebp -lossless 1"),
        ("baseline.jpg", "-c:v mjpeg -q:v 4"),
    ] {
        let to = whole(name);
        let mut args = vec!["-i", photo.to_str().unwrap(), "-vf", "scale=160:-2"];
        args.extend(coding.split(' '));
        args.extend(["-frames:v", "1", to.as_str()]);
        ffmpeg(&args);
    }
    for name in ["hill.heic", "grid.avif", "alpha.png", "gray.jpg"] {
        space.take(&format!("photos/{name}"), &format!("whole/{name}"));
    }
    let names = write_damaged(&space);
    assert_eq!(names.len(), 17 * 8);
    let ran = draft(&space);
    // The decoder of AVIF would show wrong colours.
    for name in ["photos/flip2-grid.avif", "photos/flip3-grid.avif"] {
        let named = ran.events().iter().any(|event| {
            event["message"]
                .as_str()
                .is_some_and(|message| message.contains(&format!("`{name}` is left out")))
        });
        assert!(named, "{name}\n{}", ran.stdout);
    }
    assert!(ran.codes().iter().all(|code| code.starts_with("mmm::media::")), "{:?}", ran.codes());
    assert_accounted_for(&space, &ran, &names);
    // Nothing is tried again.
    assert_eq!(draft(&space).finished_event()["actions"]["run"], 0);
}

#[test]
fn damaged_clips_of_every_codec_are_named_and_the_movie_is_built() {
    let space = with_good_photos();
    let clip = fixture("clips/rabbit.mp4");
    for (name, coding) in [
        ("h264.ts", "-c:v libx264 -g 12 -c:a mp2"),
        ("mpeg4.avi", "-c:v mpeg4 -c:a libmp3lame"),
        ("mpeg1.mpg", "-c:v mpeg1video -c:a mp2"),
        ("wmv.wmv", "-c:v wmv2 -c:a wmav2"),
        ("sorenson.flv", "-c:v flv1 -an"),
        ("vp8.webm", "-c:v libvpx -c:a libvorbis"),
        ("fragments.mp4", "-c:v libx264 -c:a aac -movflags frag_keyframe+empty_moov"),
    ] {
        let to = space.path(&format!("whole/{name}"));
        let mut args = vec!["-i", clip.to_str().unwrap(), "-t", "1.5", "-vf", "scale=160:90"];
        args.extend(coding.split(' '));
        args.push(to.to_str().unwrap());
        ffmpeg(&args);
    }
    for name in ["rabbit.mp4", "mjpeg.avi", "prores.mov", "hevc10.mkv", "vp9.webm", "av1.mkv"] {
        space.take(&format!("clips/{name}"), &format!("whole/{name}"));
    }
    let names = write_damaged(&space);
    let ran = draft(&space);
    let known = |code: &String| code.starts_with("mmm::media::") || code.starts_with("mmm::render::");
    assert!(ran.codes().iter().all(known), "{:?}", ran.codes());
    assert_accounted_for(&space, &ran, &names);
}

/// A song of beats in one format each, without its last tenth and with wrong bytes in its middle.
#[test]
fn damaged_songs_play_as_far_as_they_can_be_read() {
    let space = with_good_photos();
    space.clicks("song.wav", 120.0, 6.0);
    let song = space.path("song.wav");
    let (mut outputs, mut damaged) = (String::new(), Vec::new());
    for (name, coding) in [
        ("adts.aac", "-c:a aac"),
        ("lame.mp3", "-c:a libmp3lame"),
        ("free.flac", "-c:a flac"),
        ("vorbis.ogg", "-c:a libvorbis"),
        ("opus.opus", "-c:a libopus"),
        ("pcm.wav", "-c:a pcm_s16le"),
        ("pcm.aiff", "-c:a pcm_s16be"),
        ("dolby.ac3", "-c:a ac3"),
    ] {
        let bytes = write_coded(&space, &song, name, coding);
        let mut scratched = bytes.clone();
        let middle = bytes.len() / 2;
        scratched[middle..middle + 40].fill(0xa5);
        for (damage, bytes) in [("cut", bytes[..bytes.len() * 9 / 10].to_vec()), ("scratched", scratched)] {
            let path = format!("songs/{damage}-{name}");
            space.write(&path, bytes);
            outputs += &format!("  {damage}-{}.mp4: {{music: {path}}}\n", name.replace('.', "-"));
            damaged.push(path);
        }
    }
    space.movie(&format!(
        "media: photos/\nduration: 4s\nstyle: {{titles: off, transitions: cut}}\noutputs:\n{outputs}"
    ));
    let ran = draft(&space);
    assert!(ran.codes().iter().all(|code| code.starts_with("mmm::m")), "{:?}", ran.codes());
    let warning = |path: &str| {
        let found = ran.events();
        let code = |event: &serde_json::Value| event["code"] == "mmm::media::damaged";
        found.into_iter().filter(code).any(|event| event["message"].as_str().unwrap().contains(path))
    };
    // PCM has no checks, and a cut file of frames only looks shorter.
    for path in ["songs/scratched-adts.aac", "songs/cut-pcm.wav", "songs/cut-free.flac"] {
        assert!(warning(path), "no warning for {path}\n{}", ran.stdout);
    }
    for path in damaged {
        let name = Path::new(&path).file_name().unwrap().to_str().unwrap().replace('.', "-");
        let movie = space.path(&format!("{name}.draft.mp4"));
        let loudest = sound(&movie, 48_000).iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
        assert!(loudest > 0.05, "{path} is silent");
    }
    // Songs in order have no warning.
    space.movie("media: photos/\nmusic: whole/adts.aac\nduration: 4s\n");
    assert_eq!(draft(&space).codes().iter().filter(|code| code.ends_with("damaged")).count(), 0);
}

/// Songs in every container that says how long they are, or that shows where it was cut.
const PROMISING: [(&str, &str); 21] = [
    ("pcm.wav", "-c:a pcm_s16le"),
    ("float.wav", "-c:a pcm_f32le"),
    ("adpcm.wav", "-c:a adpcm_ms"),
    ("mp3.wav", "-c:a libmp3lame"),
    ("rf64.wav", "-c:a pcm_s16le -rf64 always"),
    ("wave.w64", "-c:a pcm_s16le"),
    ("pcm.aiff", "-c:a pcm_s16be"),
    ("pcm.caf", "-c:a pcm_s16be"),
    ("pcm.au", "-c:a pcm_s16be"),
    ("free.flac", "-c:a flac"),
    ("flac.ogg", "-c:a flac"),
    ("vorbis.ogg", "-c:a libvorbis"),
    ("opus.opus", "-c:a libopus"),
    ("vorbis.mka", "-c:a libvorbis"),
    ("opus.webm", "-c:a libopus"),
    ("flac.mka", "-c:a flac"),
    ("lame.mp3", "-c:a libmp3lame"),
    ("fast.m4a", "-c:a aac -movflags +faststart"),
    ("pack.wv", "-c:a wavpack"),
    ("true.tta", "-c:a tta"),
    ("windows.wma", "-c:a wmav2"),
];

/// Encodes a song into `whole/NAME`, and returns the bytes of the file.
fn write_coded(space: &Space, song: &Path, name: &str, coding: &str) -> Vec<u8> {
    let whole = space.path(&format!("whole/{name}"));
    let mut args = vec!["-i", song.to_str().unwrap()];
    args.extend(coding.split(' '));
    args.push(whole.to_str().unwrap());
    ffmpeg(&args);
    fs::read(&whole).unwrap()
}

#[test]
fn half_a_song_in_any_container_is_named_and_a_whole_one_is_not() {
    let space = with_good_photos();
    space.clicks("song.wav", 120.0, 6.0);
    let song = space.path("song.wav");
    let mut songs = Vec::new();
    for (name, coding) in PROMISING {
        let bytes = write_coded(&space, &song, name, coding);
        space.write(&format!("half/{name}"), &bytes[..bytes.len() / 2]);
        songs.extend([format!("whole/{name}"), format!("half/{name}")]);
    }
    let songs = songs.join(", ");
    let style = "style: {titles: off, transitions: cut}";
    space.movie(&format!("media: photos/\nduration: 4s\n{style}\nmusic: [{songs}]\n"));
    let ran = space.run(&["plan", "--json", "--no-models"]).expect_success();
    let is_damage = |event: &serde_json::Value| event["code"] == "mmm::media::damaged";
    let found: Vec<_> = ran.events().into_iter().filter(is_damage).collect();
    for (name, _) in PROMISING {
        let of = |path: String| {
            let named = |event: &&serde_json::Value| event["message"].as_str().unwrap().contains(&path);
            found.iter().filter(named).count()
        };
        assert_eq!(of(format!("`half/{name}`")), 1, "{name}\n{}", ran.stdout);
        assert_eq!(of(format!("`whole/{name}`")), 0, "{name}\n{}", ran.stdout);
    }
    let aiff =
        found.iter().find(|event| event["message"].as_str().unwrap().contains("half/pcm.aiff")).unwrap();
    assert_eq!(
        aiff["message"],
        "`half/pcm.aiff` is damaged: only 3s of 6s can be read, and the movie uses that part"
    );
    assert_eq!(aiff["labels"][0]["line"], 4);
}

/// A song whose headers are intact and whose sound can't be decoded is found before anything is analysed.
#[test]
fn songs_that_cant_be_used_are_all_reported_by_check_and_by_build() {
    let space = with_good_photos();
    space.clicks("song.wav", 120.0, 4.0);
    let song = space.path("song.wav");
    let zeroed = |name: &str, coding: &str, keep: &dyn Fn(&[u8]) -> usize| {
        let to = space.path(name);
        let mut args = vec!["-i", song.to_str().unwrap()];
        args.extend(coding.split(' '));
        args.push(to.to_str().unwrap());
        ffmpeg(&args);
        let mut bytes = fs::read(&to).unwrap();
        let from = keep(&bytes);
        bytes[from..].fill(0);
        fs::write(&to, bytes).unwrap();
    };
    let data = |bytes: &[u8]| bytes.windows(4).position(|window| window == b"mdat").unwrap() + 4;
    zeroed("zero.m4a", "-c:a aac -movflags +faststart", &data);
    zeroed("zero.flac", "-c:a flac", &|bytes| bytes.len() / 10);
    space.write("text.mp3", "no music\n".repeat(50));
    space.write("empty.ogg", "");
    space.movie(
        "media:\n  - photos/\n  - gone.jpg\nduration: 4s\nmusic:\n  - zero.m4a\n  - zero.flac\n  - text.mp3\n  \
         - empty.ogg\n  - gone.mp3\n  - song.wav\n",
    );
    let errors = |args: &[&str]| {
        let found = space.run(args).expect_exit(3).events();
        let errors = found.into_iter().filter(|event| event["severity"] == "error");
        let one = |event: serde_json::Value| {
            assert!(event["help"].is_string(), "{event:#}");
            (event["code"].as_str().unwrap().to_owned(), event["labels"][0]["line"].as_u64().unwrap())
        };
        errors.map(one).collect::<Vec<_>>()
    };
    let unreadable = |line| ("mmm::music::unreadable".to_owned(), line);
    let missing = |line| ("mmm::media::missing".to_owned(), line);
    let wanted = vec![missing(3), unreadable(6), unreadable(7), unreadable(8), unreadable(9), missing(10)];
    assert_eq!(errors(&["check", "--json"]), wanted);
    assert_eq!(errors(&["build", "--profile", "draft", "--no-models", "--json"]), wanted);
    // The cache now has all answers.
    assert_eq!(errors(&["check", "--json"]), wanted);
}

/// What `image` doesn't read is read by another decoder, in the right colours.
#[test]
fn pictures_that_one_library_refuses_are_read_by_another() {
    let space = Space::new();
    let mut media = String::new();
    for (name, coding) in [
        ("palette.tif", "-compression_algo lzw"),
        ("full.tif", "-pix_fmt yuv444p -compression_algo raw"),
        ("half.tif", "-pix_fmt yuv420p -compression_algo deflate"),
        ("wide.tif", "-pix_fmt yuv422p -compression_algo packbits"),
        ("alpha.tif", "-pix_fmt ya8 -compression_algo raw"),
        ("rgb.tif", "-pix_fmt rgb24 -compression_algo lzw"),
    ] {
        let to = space.path(name);
        let source = "color=0xC86432:s=960x540:d=0.04,format=rgb24";
        let filter = match name {
            "palette.tif" => "split[a][b];[a]palettegen[p];[b][p]paletteuse",
            _ => "scale=out_range=full:out_color_matrix=bt601",
        };
        let mut args = vec!["-f", "lavfi", "-i", source, "-vf", filter, "-frames:v", "1", "-c:v", "tiff"];
        args.extend(coding.split(' '));
        args.push(to.to_str().unwrap());
        ffmpeg(&args);
        media += &format!("  - {{path: {name}, required: true}}\n");
    }
    space.movie(&format!("media:\n{media}duration: 9s\nconstraints: {{order: as-listed}}\nstyle: {{titles: off, transitions: cut, photos: still}}\n"));
    let ran = draft(&space);
    assert_eq!(ran.codes(), [""; 0]);
    for shot in space.timeline()["shots"].as_array().unwrap() {
        let (name, start) = (shot["source"].as_str().unwrap(), shot["start"].as_u64().unwrap());
        let at = start + shot["frames"].as_u64().unwrap() / 2;
        let frame = rgb_frame(&space.path("movie.draft.mp4"), &crate::measure::only_frame(at as usize));
        let middle = &frame[frame.len() / 2 / 3 * 3..][..3];
        let wanted: [u8; 3] = if name == "alpha.tif" { [124; 3] } else { [0xc8, 0x64, 0x32] };
        let apart = middle.iter().zip(wanted).map(|(a, b)| a.abs_diff(b)).max().unwrap();
        assert!(apart <= 8, "{name}: {middle:?} instead of {wanted:?}");
    }
}
