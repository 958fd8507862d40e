use std::fs;
use std::path::{Path, PathBuf};

use ffmpeg_next::color::{Range, Space};
use ffmpeg_next::format::Pixel;
use ffmpeg_next::format::sample::{Sample, Type};
use ffmpeg_next::{ChannelLayout, Dictionary, Packet, Rational, codec, encoder, format, frame};
use tempfile::TempDir;

use super::*;
use crate::picture::packed;
use crate::quiet_libav as init;
use crate::{Yuv420, probe};
use mmm_base::{CaptureTime, Digest, Rate, Time, TimeSource};
use mmm_facts::Flaw;
use mmm_facts::{MediaError, MediaKind, Probe};

pub const FRAMES: i64 = 50;
pub const RATE_HZ: i32 = 48_000;
const SIZE: (u32, u32) = (128, 64);

/// Returns the luma of frame `at`, which differs from that of its neighbours.
fn luma(at: i64) -> u8 {
    40 + at as u8 * 3
}

/// Writes a clip of two seconds: every frame has a single luma, and its left half is reddish. Its sound of
/// one second starts `late_ms` after the picture and is silent except for a first sample of 0.5.
pub fn clip(name: &str, late_ms: Option<i64>, times: impl Fn(i64) -> i64) -> (TempDir, PathBuf) {
    init();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut output = format::output(&path).unwrap();
    let mut video = picture_encoder();
    let sound = late_ms.map(|_| sound_encoder());
    output.add_stream(encoder::find(codec::Id::MPEG4)).unwrap().set_parameters(&video);
    if let Some(sound) = &sound {
        output.add_stream(encoder::find(codec::Id::PCM_S16LE)).unwrap().set_parameters(sound);
    }
    output.write_header().unwrap();
    for at in 0..FRAMES {
        let mut frame = frame::Video::new(Pixel::YUV420P, SIZE.0, SIZE.1);
        frame.data_mut(0).fill(luma(at));
        frame.data_mut(1).fill(128);
        let stride = frame.stride(2);
        for row in frame.data_mut(2).chunks_mut(stride) {
            row.fill(110);
            row[..SIZE.0 as usize / 4].fill(180);
        }
        frame.set_pts(Some(times(at)));
        video.send_frame(&frame).unwrap();
        drain(&mut video, &mut output, 0, Rational(1, 25));
    }
    video.send_eof().unwrap();
    drain(&mut video, &mut output, 0, Rational(1, 25));
    if let (Some(mut sound), Some(late_ms)) = (sound, late_ms) {
        let mut frame = frame::Audio::new(Sample::I16(Type::Packed), RATE_HZ as usize, ChannelLayout::MONO);
        frame.data_mut(0).fill(0);
        frame.data_mut(0)[..2].copy_from_slice(&16_384_i16.to_le_bytes());
        frame.set_rate(RATE_HZ as u32);
        frame.set_pts(Some(late_ms * i64::from(RATE_HZ) / 1000));
        sound.send_frame(&frame).unwrap();
        sound.send_eof().unwrap();
        drain(&mut sound, &mut output, 1, Rational(1, RATE_HZ));
    }
    output.write_trailer().unwrap();
    (folder, path)
}

fn picture_encoder() -> encoder::Video {
    let mut video =
        codec::Context::new_with_codec(encoder::find(codec::Id::MPEG4).unwrap()).encoder().video().unwrap();
    video.set_width(SIZE.0);
    video.set_height(SIZE.1);
    video.set_format(Pixel::YUV420P);
    video.set_time_base(Rational(1, 25));
    video.set_frame_rate(Some(Rational(25, 1)));
    video.set_gop(10);
    video.set_bit_rate(2_000_000);
    // Keyframes only at regular intervals.
    video.open_with(Dictionary::from_iter([("sc_threshold", "1000000000")])).unwrap()
}

fn sound_encoder() -> encoder::Audio {
    let codec = encoder::find(codec::Id::PCM_S16LE).unwrap();
    let mut sound = codec::Context::new_with_codec(codec).encoder().audio().unwrap();
    sound.set_rate(RATE_HZ);
    sound.set_format(Sample::I16(Type::Packed));
    sound.set_channel_layout(ChannelLayout::MONO);
    sound.set_time_base(Rational(1, RATE_HZ));
    sound.open().unwrap()
}

fn drain(from: &mut encoder::Encoder, to: &mut format::context::Output, stream: usize, tick: Rational) {
    let mut packet = Packet::empty();
    while from.receive_packet(&mut packet).is_ok() {
        packet.set_stream(stream);
        if stream == 0 {
            // Without a duration the last frame has no length and isn't shown.
            packet.set_duration(1);
        }
        packet.rescale_ts(tick, to.stream(stream).unwrap().time_base());
        packet.write_interleaved(to).unwrap();
    }
}

fn steady(at: i64) -> i64 {
    at
}

/// Writes a display matrix into the track header of an MP4 or MOV file.
fn set_matrix(path: &Path, [a, b, c, d]: [i32; 4]) {
    let mut bytes = fs::read(path).unwrap();
    let header = bytes.windows(4).position(|name| name == b"tkhd").unwrap() + 4 + 40;
    let one = 1 << 16;
    let matrix = [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30];
    let matrix: Vec<u8> = matrix.iter().flat_map(|number: &i32| number.to_be_bytes()).collect();
    bytes[header..header + 36].copy_from_slice(&matrix);
    fs::write(path, bytes).unwrap();
}

fn all(path: &Path) -> Vec<ClipFrame> {
    let mut reader = ClipReader::open(path).unwrap();
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

fn whole(frame: &ClipFrame) -> Crop {
    let (width, height) = frame.shown_size();
    Crop { x: 0, y: 0, width, height }
}

fn scaled(scaler: &mut ClipScaler, frame: &ClipFrame, crop: Crop, size: (u32, u32)) -> Yuv420 {
    let mut picture = Yuv420::default();
    scaler.to_yuv420(frame, crop, size, &mut picture).unwrap();
    picture
}

fn mean(samples: &[u8]) -> f64 {
    samples.iter().map(|&sample| f64::from(sample)).sum::<f64>() / samples.len() as f64
}

#[test]
fn a_clip_tells_its_headers() {
    for (name, format) in [("a.mp4", "mp4"), ("a.mov", "mov"), ("a.mkv", "mkv")] {
        let (_folder, path) = clip(name, None, steady);
        let probe = probe(&path).unwrap();
        assert_eq!((probe.kind, probe.format.as_str()), (MediaKind::Clip, format));
        let picture = probe.picture.unwrap();
        assert_eq!((picture.width, picture.height, picture.codec.as_str()), (128, 64, "mpeg4"));
        let rate = picture.rate.unwrap();
        assert!((f64::from(rate.0) / f64::from(rate.1) - 25.0).abs() < 0.6, "{name}: {rate:?}");
        assert!(!picture.variable_rate, "{name}");
        let length = probe.duration.unwrap().secs();
        assert!((length - 2.0).abs() < 0.05, "{name}: {length}");
    }
}

#[test]
fn unequal_distances_are_noticed() {
    let (_folder, path) = clip("a.mp4", None, |at| at + if at > 20 { 10 } else { 0 });
    assert!(probe(&path).unwrap().picture.unwrap().variable_rate);
}

#[test]
fn frames_come_in_order_with_their_times() {
    for name in ["a.mp4", "a.mkv", "a.avi"] {
        let (_folder, path) = clip(name, None, steady);
        let frames = all(&path);
        assert_eq!(frames.len() as i64, FRAMES, "{name}");
        for (at, frame) in frames.iter().enumerate() {
            assert_eq!(frame.time, Rate(25, 1).time_of(at as i64), "{name}");
            let found = frame.frame.data(0)[0];
            assert!(found.abs_diff(luma(at as i64)) <= 3, "{name}: frame {at} is {found}");
        }
    }
}

#[test]
fn a_seek_lands_on_a_keyframe_at_or_before() {
    for name in ["a.mp4", "a.mkv", "a.ts"] {
        let (_folder, path) = clip(name, None, steady);
        let mut reader = ClipReader::open(&path).unwrap();
        for at in [49, 0, 23, 24, 10, 9] {
            let wanted = Rate(25, 1).time_of(at);
            reader.seek(wanted).unwrap();
            let mut frame = reader.next().unwrap().unwrap();
            assert!(frame.time <= wanted, "{name}: {:?} for {wanted:?}", frame.time);
            while frame.time < wanted {
                frame = reader.next().unwrap().unwrap();
            }
            let found = frame.frame.data(0)[0];
            assert!(found.abs_diff(luma(at)) <= 3, "{name}: {found} instead of frame {at}");
        }
    }
}

#[test]
fn only_keyframes_when_asked() {
    let (_folder, path) = clip("a.mp4", None, steady);
    let mut reader = ClipReader::open(&path).unwrap();
    reader.skip(Skip::AllButKeys { apart: Time::ZERO });
    let mut times = Vec::new();
    while let Some(frame) = reader.next().unwrap() {
        times.push(frame.time);
    }
    assert!((5..=6).contains(&times.len()), "{times:?}");
    let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
    assert_eq!(reader.key_spacing(), Some(longest));
    let mut reader = ClipReader::open(&path).unwrap();
    reader.skip(Skip::AllButKeys { apart: Time::from_millis(700) });
    let mut count = 0;
    while reader.next().unwrap().is_some() {
        count += 1;
    }
    assert!(count < times.len(), "{count}");
}

#[test]
fn sideways_clips_are_scaled_upright() {
    let (_folder, path) = clip("a.mp4", None, steady);
    set_matrix(&path, [0, 1, -1, 0]);
    let picture = probe(&path).unwrap().picture.unwrap();
    assert_eq!((picture.width, picture.height, picture.orientation.exif()), (64, 128, 6));
    let frames = all(&path);
    let mut scaler = ClipScaler::default();
    let yuv = scaled(&mut scaler, &frames[0], whole(&frames[0]), (32, 64));
    assert_eq!((yuv.width, yuv.height, yuv.v.len()), (32, 64, 512));
    // The reddish left half of the stored frame is the upper half after rotating right.
    assert!(mean(&yuv.v[..200]) > 150.0 && mean(&yuv.v[312..]) < 125.0);
    let upper = Crop { x: 0, y: 0, width: 64, height: 60 };
    let upper = scaled(&mut scaler, &frames[0], upper, (32, 32));
    assert!(upper.v.iter().all(|&sample| sample > 150));
    let small = scaler.to_small_rgb(&frames[0], 32).unwrap();
    assert_eq!((small.width, small.height), (16, 32));
    assert!(small.pixels[0] > small.pixels[small.pixels.len() - 3] + 30);
}

#[test]
fn a_frame_keeps_its_samples_when_only_copied() {
    let (_folder, path) = clip("a.mp4", None, steady);
    let frames = all(&path);
    // An MPEG-4 clip of this size is BT.601: grey is the same in both, reds differ.
    let yuv = scaled(&mut ClipScaler::default(), &frames[7], whole(&frames[7]), SIZE);
    let right = yuv.y[100];
    assert!(f64::from(right.abs_diff(luma(7))) < 8.0, "{right}");
    assert!(yuv.u.iter().all(|&sample| sample.abs_diff(128) <= 8));
}

#[test]
fn frames_that_lie_upside_down_in_memory_are_shown_so() {
    let (_folder, path) = clip("a.mp4", None, steady);
    let mut frame = all(&path).swap_remove(0);
    // The movie's own samples, so that no conversion is needed.
    frame.frame.set_color_space(Space::BT709);
    frame.frame.set_color_range(Range::MPEG);
    let mut scaler = ClipScaler::default();
    let upright = scaled(&mut scaler, &frame, whole(&frame), SIZE);
    assert!(upright.y == packed(&frame.frame, 0, SIZE.0 as usize, SIZE.1 as usize), "samples are copied");
    // SAFETY: each plane begins at its last row and goes up; the rows are the same ones.
    unsafe {
        let raw = &mut *frame.frame.as_mut_ptr();
        for (plane, rows) in [(0, SIZE.1), (1, SIZE.1 / 2), (2, SIZE.1 / 2)] {
            raw.data[plane] = raw.data[plane].offset(raw.linesize[plane] as isize * (rows as isize - 1));
            raw.linesize[plane] = -raw.linesize[plane];
        }
    }
    let turned = scaled(&mut scaler, &frame, whole(&frame), SIZE);
    let rows = |samples: &[u8], width: u32| -> Vec<u8> {
        samples.chunks(width as usize).rev().flatten().copied().collect()
    };
    assert!(turned.y == rows(&upright.y, SIZE.0) && turned.u == rows(&upright.u, SIZE.0 / 2));
}

#[test]
fn odd_sizes_are_refused_and_crops_end_at_the_edge() {
    let (_folder, path) = clip("a.mp4", None, steady);
    let frame = &all(&path)[0];
    let mut scaler = ClipScaler::default();
    assert!(scaler.to_yuv420(frame, whole(frame), (31, 32), &mut Yuv420::default()).is_err());
    let over = Crop { x: 120, y: 60, width: 4_000_000_000, height: 4_000_000_000 };
    assert!(scaler.to_yuv420(frame, over, (32, 32), &mut Yuv420::default()).is_ok());
}

/// Returns the mean distance between two pictures of one size, in levels of 255.
fn distance(one: &Yuv420, other: &Yuv420) -> f64 {
    let levels = one.y.iter().zip(&other.y).map(|(one, other)| f64::from(one.abs_diff(*other)));
    levels.sum::<f64>() / one.y.len() as f64
}

#[test]
fn drafts_average_what_is_reduced_to_half_or_less_and_look_alike() {
    let frame = &all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips/rabbit.mp4"))[3];
    let (width, height) = frame.shown_size();
    let at = |scaler: fn() -> ClipScaler, (part, of): (u32, u32)| {
        scaled(&mut scaler(), frame, whole(frame), (width * part / of / 2 * 2, height * part / of / 2 * 2))
    };
    for size in [(1, 2), (1, 3), (1, 4)] {
        let apart = distance(&at(ClipScaler::default, size), &at(ClipScaler::for_drafts, size));
        assert!(apart > 0.0 && apart < 3.0, "{size:?}: {apart}");
    }
    let same = (2, 3);
    assert_eq!(distance(&at(ClipScaler::default, same), &at(ClipScaler::for_drafts, same)), 0.0);
}

#[test]
fn music_has_no_frames_and_garbage_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    fs::write(&path, b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free").unwrap();
    assert!(matches!(probe(&path), Err(MediaError::Corrupt { .. } | MediaError::NotMedia { .. })));
    assert!(ClipReader::open(&path).is_err());
}

#[test]
fn a_clip_with_a_hole_in_its_bytes_goes_on() {
    let (_folder, path) = clip("a.mkv", None, steady);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0);
    fs::write(&path, bytes).unwrap();
    let frames = all(&path);
    assert!(frames.last().unwrap().time > Time::from_millis(800));
}

#[test]
fn two_threads_decode_the_same_frames_whole_or_damaged() {
    let clip = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips/rabbit.mp4");
    let whole = fs::read(&clip).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let frames = |threads: usize, from: i64| {
        let mut reader = ClipReader::with_threads(&path, threads).unwrap();
        reader.seek(Time::from_millis(from)).unwrap();
        let frames = std::iter::from_fn(|| reader.next().unwrap());
        frames.map(|frame| (frame.time, Digest::of(frame.frame.data(0)))).collect::<Vec<_>>()
    };
    for hole in [None, Some(0.3), Some(0.45), Some(0.6)] {
        let mut bytes = whole.clone();
        if let Some(place) = hole {
            let start = (place * bytes.len() as f64) as usize;
            bytes[start..start + 400].fill(0x55);
        }
        fs::write(&path, bytes).unwrap();
        for from in [0, 1200] {
            let one = frames(1, from);
            assert!(one.len() > 10, "{}", one.len());
            assert_eq!(frames(2, from), one, "a hole at {hole:?}, from {from} ms");
        }
    }
}

/// Covers clips of four orientations, and one whose pixels are wider than high.
#[test]
fn a_strip_is_what_the_whole_frame_shows_there() {
    init();
    for name in ["rabbit.mp4", "rot90.mov", "rot180.mov", "rot270.mp4", "anamorphic.mp4"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips").join(name);
        let frame = ClipReader::open(&path).unwrap().next().unwrap().unwrap();
        let (wide, high) = frame.shown_size();
        let mut scaler = ClipScaler::default();
        for x in [0.0, 0.2437, 0.6] {
            let part = Part { x, y: 0.3, width: 0.4, height: 0.5 };
            let mut strip = Yuv420::default();
            let taken = scaler.strip(&frame, part, &mut strip).unwrap();
            let inside = taken.x <= x && taken.y <= 0.3;
            assert!(inside && taken.x + taken.width >= x + 0.4 - 1e-9, "{name}: {taken:?}");
            let pixels = |part: f64, side: u32| (part * f64::from(side)).round() as u32;
            let crop = Crop {
                x: pixels(taken.x, wide),
                y: pixels(taken.y, high),
                width: pixels(taken.width, wide),
                height: pixels(taken.height, high),
            };
            let same = scaled(&mut ClipScaler::default(), &frame, crop, (strip.width, strip.height));
            assert_eq!(strip, same, "{name} at {x}");
        }
    }
}

/// Returns the display times of the frames after a seek, with a digest of each.
fn seen(
    path: &Path,
    at: Time,
    seek: fn(&mut ClipReader, Time) -> Result<(), MediaError>,
) -> Vec<(Time, Digest)> {
    let mut reader = ClipReader::open(path).unwrap();
    seek(&mut reader, at).unwrap();
    let mut seen = Vec::new();
    while let Some(frame) = reader.next().unwrap() {
        let luma = packed(&frame.frame, 0, frame.frame.width() as usize, frame.frame.height() as usize);
        seen.push((frame.time, Digest::of(&luma)));
    }
    seen
}

#[test]
fn frames_that_are_over_may_be_left_out_and_no_other_changes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips");
    for name in ["rabbit.mp4", "two-shots.mp4", "rot90.mov", "vfr.mp4", "interlaced.ts", "hevc10.mkv"] {
        let (path, length) = (folder.join(name), probe(&folder.join(name)).unwrap().duration.unwrap());
        let mut left_out = 0;
        for part in 0..5 {
            let at = length.scale(part, 5);
            let (all, some) = (seen(&path, at, ClipReader::seek), seen(&path, at, ClipReader::seek_to_show));
            let shown = all.iter().rposition(|(time, _)| *time <= at).unwrap();
            assert!(some.ends_with(&all[shown..]), "{name} at {at:?}");
            assert!(some.iter().all(|frame| all.contains(frame)), "{name} at {at:?}");
            left_out += all.len() - some.len();
        }
        // Enough of the five targets lie in the second half of a group of pictures.
        let separable = !matches!(name, "interlaced.ts" | "hevc10.mkv");
        assert_eq!(left_out > 5, separable, "{name}: {left_out}");
    }
}

#[test]
fn up_to_a_limit_no_frame_is_missing_and_few_beyond_are_decoded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips");
    for name in ["rabbit.mp4", "two-shots.mp4", "rot90.mov", "vfr.mp4", "av1.mkv", "hevc10.mkv", "vp9.webm"] {
        let (path, length) = (folder.join(name), probe(&folder.join(name)).unwrap().duration.unwrap());
        let whole = seen(&path, Time::ZERO, ClipReader::seek);
        let mut reader = ClipReader::with_threads(&path, 2).unwrap();
        for part in 1..8 {
            let limit = length.scale(part, 8);
            reader.stop_at(Some(limit));
            reader.seek(Time::ZERO).unwrap();
            let mut times = Vec::new();
            while let Some(frame) = reader.next().unwrap() {
                times.push(frame.time);
            }
            let all = whole.iter().map(|(time, _)| *time);
            let before = all.clone().filter(|time| *time < limit).count();
            assert!(all.clone().take(before).eq(times[..before].iter().copied()), "{name} up to {limit:?}");
            // What others before the limit are made from, for which cameras look ahead by a few frames.
            assert!(times.len() <= before + 5, "{name} up to {limit:?}: {} of {before}", times.len());
            let next = all.clone().nth(before);
            let stopped = reader.stopped();
            let is_true =
                stopped.is_none_or(|stopped| stopped >= limit && next.is_none_or(|next| stopped <= next));
            assert!(is_true, "{name} up to {limit:?}: {stopped:?}, {next:?}");
        }
        reader.stop_at(None);
        reader.seek(Time::ZERO).unwrap();
        assert_eq!(std::iter::from_fn(|| reader.next().unwrap()).count(), whole.len(), "{name}");
    }
}

/// Returns the times of all keyframes of a clip, read from its packets, relative to the first one.
fn keys_by_packets(path: &Path) -> Vec<f64> {
    let mut input = format::input(&path.to_owned()).unwrap();
    let picture = input.streams().best(ffmpeg_next::media::Type::Video).unwrap();
    let (index, tick) = (picture.index(), f64::from(picture.time_base()));
    let keys = input.packets().filter(|(stream, packet)| stream.index() == index && packet.is_key());
    let mut keys: Vec<f64> = keys.map(|(_, packet)| packet.pts().unwrap() as f64 * tick).collect();
    keys.sort_by(f64::total_cmp);
    keys.iter().map(|key| key - keys[0]).collect()
}

/// Covers the usual containers, with keyframes only and with few keyframes.
#[test]
fn keyframes_are_found_without_what_lies_between_them_and_all_is_read_after() {
    init();
    for name in
        ["rabbit.mp4", "rot90.mov", "av1.mkv", "hevc10.mkv", "vp9.webm", "interlaced.ts", "prores.mov"]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips").join(name);
        let frames = all(&path).len();
        let mut reader = ClipReader::open(&path).unwrap();
        let found = reader.keys(Time::ZERO, Time::from_secs(1000)).unwrap();
        let found: Vec<f64> = found.iter().map(|key| (*key - found[0]).micros() as f64 / 1e6).collect();
        let wanted = keys_by_packets(&path);
        // On a seek to the start of a transport stream, libav goes to its second keyframe.
        let count = wanted.len() - usize::from(name.ends_with(".ts"));
        let near = found.iter().zip(&wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-5);
        assert!(found.len() == count && near, "{name}: {found:?} for {wanted:?}");
        reader.seek(Time::ZERO).unwrap();
        let again = std::iter::from_fn(|| reader.next().unwrap()).count();
        assert_eq!(again, frames, "{name}");
    }
}

/// Returns the flaws that a reader finds from `from` to the end.
fn flaws(path: &Path, from: Time, threads: usize) -> Vec<Flaw> {
    let mut reader = ClipReader::with_threads(path, threads).unwrap();
    reader.seek(from).unwrap();
    while reader.next().unwrap().is_some() {}
    reader.into_flaws().unwrap()
}

#[test]
fn whole_clips_have_no_flaws_wherever_one_begins() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips");
    let clips = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut count = 0;
    for entry in clips.filter(|entry| entry.file_name() != "no-picture.mp4") {
        let probe = probe(&entry.path()).unwrap();
        assert_eq!(probe.kind, MediaKind::Clip, "{:?}", entry.file_name());
        count += 1;
        let length = probe.duration.unwrap_or(Time::ZERO);
        for part in [0, 1, 3, 6] {
            let found = flaws(&entry.path(), length.scale(part, 7), 1 + part as usize % 2);
            // Frames that lead up to the first keyframe can't be decoded from there.
            let found: Vec<Flaw> = found
                .into_iter()
                .filter(|flaw| flaw.to.is_none_or(|to| to > length.scale(part, 7)))
                .collect();
            assert!(found.is_empty(), "{:?} from {part}/7: {found:?}", entry.file_name());
        }
    }
    assert_eq!(count, 16);
}

#[test]
fn a_hole_in_the_bytes_is_a_flaw_up_to_the_next_keyframe() {
    let (folder, path) = clip("a.mp4", None, steady);
    let whole = fs::read(&path).unwrap();
    let (third, key) = (whole.len() / 3, Time::from_secs(2));
    for change in [|_: u8| 0, |byte: u8| byte ^ 0x55] {
        let mut bytes = whole.clone();
        for byte in &mut bytes[third..third + 600] {
            *byte = change(*byte);
        }
        let path = folder.path().join("b.mp4");
        fs::write(&path, bytes).unwrap();
        let found = flaws(&path, Time::ZERO, 1);
        assert!(!found.is_empty() && found.iter().all(|flaw| flaw.from < key), "{found:?}");
        assert_eq!(found, flaws(&path, Time::ZERO, 2));
    }
}

/// Returns what is read from a clip of three frames with these tags, whose track has this name.
fn tagged(name: &str, tags: &[(&str, &str)], track: &str) -> Probe {
    init();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut output = format::output(&path).unwrap();
    let mut video = picture_encoder();
    let mut stream = output.add_stream(encoder::find(codec::Id::MPEG4)).unwrap();
    stream.set_parameters(&video);
    stream.set_metadata(Dictionary::from_iter([("handler_name", track)]));
    output.set_metadata(Dictionary::from_iter(tags));
    // Without this flag, MOV has only the tags that QuickTime had first.
    let keyed = tags.iter().any(|(name, _)| name.starts_with("com."));
    let options = [("movflags", "use_metadata_tags")];
    output.write_header_with(Dictionary::from_iter(&options[..usize::from(keyed)])).unwrap();
    for at in 0..3 {
        let mut frame = frame::Video::new(Pixel::YUV420P, SIZE.0, SIZE.1);
        (0..3).for_each(|plane| frame.data_mut(plane).fill(luma(at)));
        frame.set_pts(Some(at));
        video.send_frame(&frame).unwrap();
        drain(&mut video, &mut output, 0, Rational(1, 25));
    }
    video.send_eof().unwrap();
    drain(&mut video, &mut output, 0, Rational(1, 25));
    output.write_trailer().unwrap();
    probe(&path).unwrap()
}

#[test]
fn each_container_states_its_time_in_its_own_way() {
    // 12 June 2019, 15:34:12.
    let shot = |offset_min, source| Some(CaptureTime::new(1_560_353_652, offset_min, source));
    let header = ("creation_time", "2019-06-12T15:34:12Z");
    let export = ("creation_time", "2024-02-01T08:00:00Z");
    let taken = |name: &str, tags: &[(&str, &str)]| tagged(name, tags, "VideoHandler").taken;
    for name in ["a.mp4", "a.mov", "a.mkv", "a.3gp"] {
        assert_eq!(taken(name, &[header]), shot(Some(0), TimeSource::Header), "{name}");
    }
    let keyed = ("com.apple.quicktime.creationdate", "2019-06-12T15:34:12+0200");
    assert_eq!(taken("a.mov", &[export, keyed]), shot(Some(120), TimeSource::Tag));
    for name in ["a.mp4", "a.mov", "a.mkv"] {
        let zoned = ("date", "2019-06-12T15:34:12+0200");
        assert_eq!(taken(name, &[export, zoned]), shot(Some(120), TimeSource::Tag), "{name}");
        assert_eq!(taken(name, &[header, ("date", "2019")]), shot(Some(0), TimeSource::Header), "{name}");
    }
    for unset in ["1904-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        assert_eq!(taken("a.mp4", &[("creation_time", unset)]), None);
    }
    let created = taken("a.avi", &[("date", "2019-06-12T15:34:12")]);
    assert_eq!(created, shot(None, TimeSource::Header));
}

#[test]
fn a_gopro_is_known_by_its_track() {
    assert_eq!(tagged("a.mp4", &[], "\tGoPro AVC").camera.as_deref(), Some("GoPro"));
    assert_eq!(tagged("a.mp4", &[], "VideoHandler").camera, None);
}
