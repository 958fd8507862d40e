use super::super::*;
use super::movie;
use mmm_base::MediaPath;

#[test]
fn a_first_spec_reads_well() {
    let text = starter(&Starter {
        title: Some("Lisbon: June".into()),
        media: vec![Found::Folder("photos".into()), Found::Glob("*.mp4".into())],
        music: vec!["song one.mp3".into(), "b.mp3".into()],
        photos: 41,
        clips: 1,
    });
    insta::assert_snapshot!(text, @r#"
    # A movie for mmm. `mmm build` builds it, and `mmm check` finds mistakes.
    mmm: 1
    title: "Lisbon: June"

    # 41 photos and 1 clip.
    # Files, folders and globs, relative to this file. A leading ! excludes files.
    media:
      - photos/
      - "*.mp4"
      # - "!**/receipts/**"
      # - path: dive.mp4            # one file, with its own settings
      #   required: true
      #   in: 3.2s
      #   out: 9s
      #   caption: The first dive

    # Cuts fall on the beats of the music. Tracks in a list play one after the other.
    music: song one.mp3
    # music: b.mp3

    # The length: exactly `60s`, anything in `45s..75s`, or the length of the `music`.
    # Without it, the movie is as long as the media allow.
    # duration: 60s

    # The aspect ratio: 16:9, 9:16, 1:1, 4:5, 4:3 or 21:9.
    # aspect: "16:9"

    # Where it will be shown: whatsapp, discord, instagram-reel, youtube or tv. Or choose yourself:
    # for: whatsapp
    # size: 1080                  # 480, 720, 1080, 1440 or 2160 pixels on the shorter side
    # quality: good               # small, good or best
    # max-size: 16MB              # the most bytes of the file

    # style:
    #   pace: auto                # auto, calm, steady or lively
    #   transitions: auto         # auto, cut, dissolve, dip, wipe, slide, zoom, or several: [cut, dip]
    #   photos: ken-burns         # ken-burns or still
    #   fit: auto                 # auto, crop, fill or contain
    #   titles: auto              # auto, off, or a list of { text, at, for }

    # constraints:
    #   order: chronological      # chronological or as-listed
    #   shot: 0.8s..6s            # the shortest and the longest shot
    #   repeats: 0                # how often a photo or clip may repeat
    #   cut-on: beat              # beat, downbeat or free

    # Several cuts of one movie. Each uses the settings above and overrides some of them.
    # outputs:
    #   movie.mp4: {}
    #   story.mp4: { aspect: "9:16", duration: 30s, subtitles: story.srt }
    "#);
    let movie = movie(&text);
    assert_eq!(movie.media.len(), 2);
    assert_eq!(movie.outputs[0].settings.music.len(), 1);
}

/// The settings in comments are valid too.
#[test]
fn its_examples_hold() {
    let text = starter(&Starter { music: vec!["a.mp3".into()], ..Starter::default() });
    let rest = text.split_once("# Without it").unwrap().1;
    let key = regex::Regex::new("^# ( *[a-z0-9.-]+:( .*)?)$").unwrap();
    let example: String =
        rest.lines().filter_map(|line| key.captures(line)).map(|found| found[1].to_owned() + "\n").collect();
    let full = movie(&format!("media: a\nmusic: b.mp3\n{example}\n"));
    assert_eq!(full.outputs.len(), 2);
    assert!(full.outputs[0].settings.constraints.shot.is_some());
}

#[test]
fn odd_names_are_found_again() {
    for name in [
        "a b.jpg",
        "it's.jpg",
        "say \"hi\".jpg",
        "🎬.jpg",
        "new\nline.jpg",
        "!bang.jpg",
        "#tag.jpg",
        "a #1.jpg",
        "a: b.jpg",
        "a[1].jpg",
        "a[1.jpg",
        "{x}.jpg",
        "*.jpg",
        "~home.jpg",
        "back\\slash.jpg",
        "- dash.jpg",
        " space.jpg",
        "null",
        "1:02",
        "é.jpg",
        "x//y.jpg",
    ] {
        let path = MediaPath::new(name).unwrap();
        let file = Starter {
            media: vec![Found::File(path.to_string())],
            title: Some(name.into()),
            ..Starter::default()
        };
        let text = starter(&file);
        let selection = select(&movie(&text), &Listing::of(std::slice::from_ref(&path)));
        assert_eq!(selection.taken.len(), 1, "{name:?}\n{text}");

        let inside = MediaPath::new(&format!("{name}/x.jpg")).unwrap();
        let folder = Starter {
            media: vec![Found::Folder(path.to_string())],
            music: vec![name.into()],
            ..Starter::default()
        };
        let text = starter(&folder);
        let movie = movie(&text);
        assert_eq!(
            select(&movie, &Listing::of(std::slice::from_ref(&inside))).taken.len(),
            1,
            "{name:?}\n{text}"
        );
        assert_eq!(movie.outputs[0].settings.music[0].path, path, "{name:?}\n{text}");
    }
    assert_eq!(movie(&starter(&Starter::default())).media[0].pattern, ".");
}
