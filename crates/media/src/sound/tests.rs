use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::clip::tests::clip;
use crate::probe;
use mmm_base::Time;
use mmm_facts::{MediaError, MediaKind};

/// Writes a WAV file of 16-bit samples.
fn wav(rate_hz: u32, channels: u16, samples: &[i16]) -> (TempDir, PathBuf) {
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let (block, size) = (channels * 2, bytes.len() as u32);
    let head = [
        b"RIFF",
        &(36 + size).to_le_bytes()[..],
        b"WAVEfmt \x10\0\0\0\x01\0",
        &channels.to_le_bytes(),
        &rate_hz.to_le_bytes(),
        &(rate_hz * u32::from(block)).to_le_bytes(),
        &block.to_le_bytes(),
        b"\x10\0data",
        &size.to_le_bytes(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, [head.concat(), bytes].concat()).unwrap();
    (folder, path)
}

/// Returns noise that is the same on each run.
fn noise(count: usize) -> Vec<i16> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 18) as i16
    };
    (0..count).map(|_| next() - 8192).collect()
}

fn read(reader: &mut SoundReader) -> Vec<f32> {
    let (mut all, mut block) = (Vec::new(), Vec::new());
    while reader.read(&mut block).unwrap() {
        all.extend_from_slice(&block);
    }
    all
}

fn samples(path: &Path, rate_hz: u32, layout: Layout) -> Vec<f32> {
    read(&mut SoundReader::open(path, rate_hz, layout).unwrap())
}

#[test]
fn samples_pass_unchanged_at_their_own_rate() {
    let wanted = noise(5000);
    let (_folder, path) = wav(48_000, 1, &wanted);
    let probe = probe(&path).unwrap();
    assert_eq!((probe.kind, probe.format.as_str()), (MediaKind::Music, "wav"));
    let found = samples(&path, 48_000, Layout::Mono);
    assert_eq!(found.len(), wanted.len());
    assert!(found.iter().zip(&wanted).all(|(found, wanted)| *found == f32::from(*wanted) / 32_768.0));
    let stereo = samples(&path, 48_000, Layout::Stereo);
    assert!(stereo.as_chunks::<2>().0.iter().zip(&found).all(|(pair, one)| pair == &[*one; 2]));
}

#[test]
fn another_rate_keeps_the_length() {
    let (_folder, path) = wav(44_100, 2, &noise(44_100 * 2 + 14));
    assert_eq!(samples(&path, 48_000, Layout::Stereo).len() / 2, 48_008);
    assert_eq!(samples(&path, 22_050, Layout::Mono).len(), 22_054);
}

#[test]
fn a_seek_gives_the_samples_that_reading_gives() {
    let (_folder, path) = wav(44_100, 1, &noise(44_100 * 4));
    let whole = samples(&path, 48_000, Layout::Mono);
    let mut reader = SoundReader::open(&path, 48_000, Layout::Mono).unwrap();
    for start_ms in [3500, 250, 0, 1001] {
        reader.seek(Time::from_millis(start_ms)).unwrap();
        let found = read(&mut reader);
        assert_eq!(found, whole[start_ms as usize * 48..], "{start_ms}");
    }
    reader.seek(Time::from_secs(100)).unwrap();
    assert!(read(&mut reader).is_empty());
}

#[test]
fn a_cut_file_gives_what_is_there() {
    let (_folder, path) = wav(48_000, 1, &noise(48_000));
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let mut reader = SoundReader::open(&path, 48_000, Layout::Mono).unwrap();
    let count = read(&mut reader).len();
    assert!((20_000..=24_000).contains(&count), "{count}");
    assert!(reader.is_damaged());
}

#[test]
fn a_clips_sound_keeps_its_place_beside_the_picture() {
    for (name, late_ms) in [("a.mov", 0), ("a.mov", 400), ("a.mkv", 400), ("a.mkv", 0)] {
        let (_folder, path) = clip(name, Some(late_ms), |at| at);
        let found = samples(&path, 48_000, Layout::Mono);
        let loud = found.iter().position(|sample| *sample > 0.4);
        assert_eq!(loud, Some(late_ms as usize * 48), "{name} {late_ms}");
        assert_eq!(found.len(), 48_000 + late_ms as usize * 48, "{name} {late_ms}");
    }
}

#[test]
fn sound_before_the_picture_is_left_out() {
    // The picture starts a second later: sample 0 is the one that plays with the first frame.
    let (_folder, path) = clip("a.mkv", Some(500), |at| 25 + at);
    let found = samples(&path, 48_000, Layout::Mono);
    assert!((23_900..=24_100).contains(&found.len()), "{}", found.len());
    assert!(found.iter().all(|sample| *sample < 0.4));
}

#[test]
fn a_far_seek_in_a_clip_meets_the_same_samples() {
    let (_folder, path) = clip("a.mov", Some(1500), |at| at);
    let whole = samples(&path, 44_100, Layout::Mono);
    let mut reader = SoundReader::open(&path, 44_100, Layout::Mono).unwrap();
    reader.seek(Time::from_millis(2200)).unwrap();
    let found = read(&mut reader);
    assert_eq!(found.len(), whole.len() - 97_020);
}

#[test]
fn what_has_no_sound_says_so() {
    let (_folder, path) = clip("a.mp4", None, |at| at);
    let refused = SoundReader::open(&path, 48_000, Layout::Mono).err();
    assert_eq!(refused, Some(MediaError::NoSound));
}

#[test]
fn a_cut_song_says_how_long_it_should_be() {
    let (_folder, path) = wav(48_000, 2, &noise(48_000 * 4));
    let bytes = fs::read(&path).unwrap();
    let missed = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let mut reader = SoundReader::open(&path, 44_100, Layout::Stereo).unwrap();
        read(&mut reader);
        (reader.missed(), reader.is_damaged())
    };
    assert_eq!(missed(&bytes), (None, false));
    assert_eq!(missed(&bytes[..bytes.len() / 2]), (Some(Time::from_secs(2)), true));
    // A pipe leaves a placeholder.
    for placeholder in [u32::MAX, 0x7fff_f000] {
        let mut piped = bytes.clone();
        piped[4..8].copy_from_slice(&placeholder.to_le_bytes());
        piped[40..44].copy_from_slice(&placeholder.to_le_bytes());
        assert_eq!(missed(&piped), (None, false), "{placeholder:x}");
    }
}

#[test]
fn a_song_of_headers_alone_cant_be_used() {
    let (_folder, path) = wav(48_000, 1, &noise(48_000));
    let head = fs::read(&path).unwrap()[..44].to_vec();
    fs::write(&path, head).unwrap();
    assert_eq!(probe(&path), Err(MediaError::NoSound));
    let (_folder, path) = wav(48_000, 1, &[]);
    assert_eq!(probe(&path), Err(MediaError::NoSound));
}
