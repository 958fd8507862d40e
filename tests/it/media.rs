//! Creates media for the tests.

use std::fs;
use std::io::{Cursor, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::measure::ffprobe;
use crate::space::{Space, fixture};
use crate::tools::ffmpeg;

/// Returns a mono 16-bit WAV file.
pub fn wav(hz: u32, samples: &[i16]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((bytes + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(hz.to_le_bytes());
    file.extend((hz * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(bytes.to_le_bytes());
    samples.iter().for_each(|sample| file.extend(sample.to_le_bytes()));
    file
}

/// Returns a picture as a PNG file.
pub fn png(picture: impl Into<image::DynamicImage>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// Writes a clip of twelve seconds at 25 fps that moves over a photo, with a keyframe every `gop` frames.
/// Frames half a second apart always differ.
pub fn write_walk(space: &Space, name: &str, gop: u32) {
    let gop = gop.to_string();
    let h264 = ["-c:v", "libx264", "-g", &gop, "-keyint_min", &gop, "-sc_threshold", "0"];
    write_walk_with(space, name, &h264);
}

/// Writes the clip of [`write_walk`] with another encoder.
pub fn write_walk_with(space: &Space, name: &str, encoder: &[&str]) {
    let (photo, path) = (fixture("photos/hill.jpg"), space.path(name));
    let picture = "scale=1600:1200,setsar=1,crop=640:360:x='3*n':y='300+n'";
    let from = ["-loop", "1", "-framerate", "25", "-t", "12", "-i", photo.to_str().unwrap(), "-vf", picture];
    let how = ["-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p", path.to_str().unwrap()];
    ffmpeg(&[&from, encoder, &how].concat());
}

/// A packet of a clip's video.
pub struct Packet {
    pub time_s: f64,
    /// The offset of its first byte in the file.
    pub start: u64,
    /// In bytes.
    pub size: usize,
    pub is_key: bool,
}

/// Returns the packets of a clip's video in file order.
#[track_caller]
pub fn packets(clip: &Path) -> Vec<Packet> {
    let args = ["-select_streams", "v", "-show_entries", "packet=pts_time,pos,size,flags"];
    let read = |packet: &Value| {
        let number = |field: &str| packet[field].as_str().unwrap().parse::<f64>().unwrap();
        Packet {
            time_s: number("pts_time"),
            start: number("pos") as u64,
            size: number("size") as usize,
            is_key: packet["flags"].as_str().unwrap().starts_with('K'),
        }
    };
    ffprobe(clip, &args)["packets"].as_array().unwrap().iter().map(read).collect()
}

/// Overwrites the packets of a clip between two times with zeros, except the keyframes.
#[track_caller]
pub fn zero_packets(clip: &Path, from_s: f64, to_s: f64) {
    let mut file = fs::OpenOptions::new().write(true).open(clip).unwrap();
    let mut count = 0;
    for packet in packets(clip) {
        if !packet.is_key && (from_s..to_s).contains(&packet.time_s) {
            file.seek(SeekFrom::Start(packet.start)).unwrap();
            file.write_all(&vec![0; packet.size]).unwrap();
            count += 1;
        }
    }
    assert!(count > 10, "{count} packets");
}

/// Returns a JPEG with an EXIF block that has these ASCII tags, instead of what it had.
pub fn with_exif(jpeg: &[u8], camera: &str, taken: &str, zone: Option<&str>) -> Vec<u8> {
    let (make, model) = camera.split_once(' ').unwrap_or((camera, camera));
    let main = [(0x010f, make), (0x0110, model)];
    let exif: Vec<(u16, &str)> = [(0x9003, Some(taken)), (0x9011, zone)]
        .into_iter()
        .filter_map(|(tag, text)| Some((tag, text?)))
        .collect();
    let length = |entries: usize| 2 + 12 * entries + 4;
    let exif_at = 8 + length(main.len() + 1);
    let mut texts_at = exif_at + length(exif.len());
    let (mut block, mut texts) = (b"II*\0\x08\0\0\0".to_vec(), Vec::new());
    let mut text = |block: &mut Vec<u8>, (tag, text): (u16, &str)| {
        let bytes = [text.as_bytes(), b"\0\0\0\0"].concat();
        block.extend(tag.to_le_bytes());
        block.extend([2, 0]);
        block.extend((bytes.len() as u32).to_le_bytes());
        block.extend((texts_at as u32).to_le_bytes());
        texts_at += bytes.len();
        texts.extend(bytes);
    };
    block.extend([main.len() as u8 + 1, 0]);
    main.into_iter().for_each(|entry| text(&mut block, entry));
    block.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0]);
    block.extend((exif_at as u32).to_le_bytes());
    block.extend([0; 4]);
    block.extend([exif.len() as u8, 0]);
    exif.into_iter().for_each(|entry| text(&mut block, entry));
    block.extend([0; 4]);
    block.extend(texts);
    let mut segment = vec![0xff, 0xd8, 0xff, 0xe1];
    segment.extend((block.len() as u16 + 8).to_be_bytes());
    segment.extend(b"Exif\0\0");
    segment.extend(block);
    segment.extend(&without_exif(jpeg)[2..]);
    segment
}

/// Returns a JPEG without its EXIF and XMP blocks.
pub fn without_exif(jpeg: &[u8]) -> Vec<u8> {
    let (mut kept, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != 0xda {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != 0xe1 {
            kept.extend(&jpeg[at..end]);
        }
        at = end;
    }
    kept.extend(&jpeg[at..]);
    kept
}
