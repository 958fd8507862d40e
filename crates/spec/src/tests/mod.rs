//! Tests of the language: what can be read, which mistakes are reported, and the pages that are generated
//! from it.

mod comments;
mod limits;
mod mistakes;
mod noise;
mod people;
mod reading;
mod reference;
mod schema;
mod selecting;
mod starting;
mod written_files;
mod yaml;

use super::{Movie, Parsed, parse};

/// A spec that uses most of the language.
const RICH: &str = r#"# yaml-language-server: $schema=../schema/movie.schema.json
mmm: 1
title: Lisbon, June
prompt: >
  Our trip in order, from arrival to the last sunset. Calm at first,
  lively in the middle, finish on the beach.

media:
  - photos/**/*.{jpg,heic,png}
  - clips/
  - "!photos/receipts/**"
  - path: clips/dive.mp4
    required: true
    in: 3.2s
    out: 9s
    speed: 0.5
    steady: false
    live: play
    sound: keep
    audio: 2
  - path: photos/IMG_0042.jpg
    required: true
    caption: Grandma's 80th 🎂
    focus: [0.31, 0.40]
    role: opening
    taken: 2024-06-08T10:15+02:00
    clock: "+3h17m"
    zone: Europe/Lisbon
  - path: family/
    people: Anna and (Bob or Carla Smith)
    rating: 3..

cameras:
  Canon R7: { clock: -1h, zone: +01:00 }

music:
  - path: music/song.mp3
    from: 12s
    audio: 3
    to: 90s
    crossfade: 2s
    beats: { multiply: 0.5, offset: -20ms, first-downbeat: 1.92s }
  - path: music/coda.mp3
    beats: music/coda.beats
    loop: true

duration: 60s
aspect: "16:9"
codec: hevc
size: 1440
quality: best
max-size: 1.5GB

style:
  pace: auto
  transitions: [cut, dissolve]
  dip: '#f4efe6'
  photos: still
  live-photos: still
  fit: contain
  look: film
  steady: true
  titles:
    - { text: Day one, at: 2s, for: 3s }
  loudness: -16 LUFS

constraints:
  order: as-listed
  shot: 0.8s..6s
  repeats: 1
  cut-on: downbeat
  chapter-gap: 30min
  people: { Anna: 3.. }

outputs:
  movie.mp4: {}
  story.mp4: { aspect: 9:16, duration: 30s, style: { pace: lively }, constraints: { repeats: 0 } }
  silent.MP4:
    music: []
    title: ""
    duration: 45s..75s
    subtitles: silent.srt
  reel.mp4: { for: instagram-reel, quality: small }
"#;

fn movie(text: &str) -> Movie {
    let Parsed { movie, diagnostics, .. } = parse(text.as_bytes());
    assert_eq!(diagnostics, [], "{text}");
    movie.expect("a movie where there is no diagnostic")
}

fn codes(text: &str) -> Vec<&'static str> {
    let parsed = parse(text.as_bytes());
    assert_eq!(
        parsed.movie.is_none(),
        parsed.diagnostics.iter().any(mmm_base::diagnostics::Diagnostic::is_error)
    );
    parsed.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
}
