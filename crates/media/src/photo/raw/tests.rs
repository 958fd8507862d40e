use std::fs;
use std::io::Cursor;

use super::*;
use crate::{decode_photo, probe};
use mmm_facts::{GeoPlace, Probe};
use turbojpeg::{Image, PixelFormat, Subsamp};

/// A preview as large as those for the screens of cameras.
const SCREEN: (u32, u32) = (1620, 1080);
const RED: [u8; 3] = [210, 40, 30];
const GREEN: [u8; 3] = [30, 160, 60];

/// Returns a JPEG that is red in its left half and green in its right half.
fn picture((width, height): (u32, u32)) -> Vec<u8> {
    let row = (0..width).flat_map(|x| if x < width / 2 { RED } else { GREEN }).collect::<Vec<u8>>();
    let pixels = row.repeat(height as usize);
    let image = Image {
        pixels: pixels.as_slice(),
        width: width as usize,
        pitch: row.len(),
        height: height as usize,
        format: PixelFormat::RGB,
    };
    turbojpeg::compress(image, 90, Subsamp::Sub2x2).unwrap().to_vec()
}

/// A lossless JPEG, as the samples of many sensors are: the same bytes with another frame header.
fn lossless(size: (u32, u32)) -> Vec<u8> {
    let mut jpeg = picture(size);
    let at = jpeg.windows(2).position(|mark| mark == b"\xff\xc0").unwrap();
    jpeg[at + 1] = 0xc3;
    jpeg
}

/// Little-endian values of a tag: its number, its type, and its bytes.
type Tagged = (u16, u16, Vec<u8>);

fn short(tag: u16, value: u16) -> Tagged {
    (tag, 3, value.to_le_bytes().to_vec())
}

fn long(tag: u16, value: u32) -> Tagged {
    (tag, 4, value.to_le_bytes().to_vec())
}

fn text(tag: u16, value: &str) -> Tagged {
    (tag, 2, [value.as_bytes(), b"\0"].concat())
}

/// A raw photo that is written from its parts.
struct Writing(Vec<u8>);

impl Writing {
    fn new(magic: &[u8; 4]) -> Self {
        Self([magic as &[u8], &[0; 4]].concat())
    }

    fn put(&mut self, bytes: &[u8]) -> u32 {
        let at = self.0.len() as u32;
        self.0.extend(bytes);
        self.0.resize(self.0.len().next_multiple_of(2), 0);
        at
    }

    fn directory(&mut self, mut tags: Vec<Tagged>) -> u32 {
        tags.sort();
        let mut entries = (tags.len() as u16).to_le_bytes().to_vec();
        for (tag, kind, value) in tags {
            let width = [1, 1, 1, 2, 4, 8][usize::from(kind)];
            entries.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
            entries.extend((value.len() as u32 / width).to_le_bytes());
            match value.len() {
                0..=4 => entries.extend([value.as_slice(), &vec![0; 4 - value.len()]].concat()),
                _ => entries.extend(self.put(&value).to_le_bytes()),
            }
        }
        entries.extend([0; 4]);
        self.put(&entries)
    }

    fn finish(mut self, main: u32) -> Vec<u8> {
        self.0[4..8].copy_from_slice(&main.to_le_bytes());
        self.0
    }

    /// Adds what every camera writes into the main directory.
    fn common(&mut self, make: &str, orientation: u16) -> Vec<Tagged> {
        let exposure = self.directory(vec![text(0x9003, "2024:05:01 10:03:00"), text(0x9011, "+02:00")]);
        let degrees = |parts: [u32; 3]| parts.iter().flat_map(|part| [*part, 1]).collect::<Vec<u32>>();
        let rational = |tag, parts| (tag, 5, degrees(parts).iter().flat_map(|n| n.to_le_bytes()).collect());
        let place = self.directory(vec![
            text(1, "N"),
            rational(2, [42, 57, 0]),
            text(3, "W"),
            rational(4, [2, 19, 0]),
        ]);
        vec![
            text(0x10f, make),
            text(0x110, "Model One"),
            short(0x112, orientation),
            long(0x8769, exposure),
            long(0x8825, place),
        ]
    }

    /// Adds a directory of sensor samples.
    fn sensor(&mut self, (width, height): (u32, u32)) -> u32 {
        let samples = self.put(&lossless((64, 48)));
        self.directory(vec![
            long(0x100, width),
            long(0x101, height),
            short(0x103, 7),
            short(0x106, 32803),
            long(0x111, samples),
            long(0x117, 4000),
        ])
    }

    /// Adds a thumbnail of plain samples, and returns its tags.
    fn thumbnail(&mut self) -> Vec<Tagged> {
        let samples = self.put(&[90; 160 * 120 * 3]);
        vec![
            long(0xfe, 1),
            long(0x100, 160),
            long(0x101, 120),
            (0x102, 3, [8u16; 3].iter().flat_map(|bits| bits.to_le_bytes()).collect()),
            short(0x103, 1),
            short(0x106, 2),
            long(0x111, samples),
            short(0x115, 3),
            long(0x116, 120),
            long(0x117, 160 * 120 * 3),
        ]
    }
}

/// As DNG, NEF, SRW and 3FR: a thumbnail, and below it a preview and the sensor's samples.
fn below(make: &str, preview: (u32, u32), orientation: u16, more: Vec<Tagged>) -> Vec<u8> {
    let mut file = Writing::new(b"II*\0");
    let jpeg = picture(preview);
    let at = file.put(&jpeg);
    let shown = file.directory(vec![
        long(0xfe, 1),
        long(0x100, preview.0),
        long(0x101, preview.1),
        short(0x103, 7),
        short(0x106, 6),
        long(0x111, at),
        long(0x117, jpeg.len() as u32),
    ]);
    let sensor = file.sensor((6000, 4000));
    let mut tags = [file.thumbnail(), file.common(make, orientation), more].concat();
    tags.push((0x14a, 4, [sensor, shown].iter().flat_map(|at| at.to_le_bytes()).collect()));
    let main = file.directory(tags);
    file.finish(main)
}

fn dng(preview: (u32, u32), orientation: u16) -> Vec<u8> {
    below("Example", preview, orientation, vec![(0xc612, 1, vec![1, 4, 0, 0])])
}

/// As ARW and older NEF: the preview by the tags of a thumbnail, here in the main directory.
fn arw(preview: (u32, u32)) -> Vec<u8> {
    let mut file = Writing::new(b"II*\0");
    let jpeg = picture(preview);
    let at = file.put(&jpeg);
    let sensor = file.sensor((6000, 4000));
    let mut tags = file.common("SONY", 1);
    tags.extend([long(0x201, at), long(0x202, jpeg.len() as u32), long(0x14a, sensor), short(0x103, 6)]);
    let main = file.directory(tags);
    file.finish(main)
}

/// As RW2 (the preview in a tag) and ORF (in the maker's notes, which only a search finds).
fn of_magic(magic: &[u8; 4], tag: u16) -> Vec<u8> {
    let mut file = Writing::new(magic);
    let mut tags = file.common("Example", 6);
    tags.push((tag, 1, picture(SCREEN)));
    let main = file.directory(tags);
    file.finish(main)
}

fn raf() -> Vec<u8> {
    let mut bytes = b"FUJIFILMCCD-RAW 0201FF383501".to_vec();
    bytes.resize(160, 0);
    let mut block = Writing::new(b"II*\0");
    let tags = block.common("FUJIFILM", 6);
    let main = block.directory(tags);
    let block = [b"Exif\0\0", block.finish(main).as_slice()].concat();
    let length = (block.len() as u16 + 2).to_be_bytes();
    let jpeg = picture(SCREEN);
    let jpeg = [b"\xff\xd8\xff\xe1", length.as_slice(), &block, &jpeg[2..]].concat();
    bytes[84..88].copy_from_slice(&160u32.to_be_bytes());
    bytes[88..92].copy_from_slice(&(jpeg.len() as u32).to_be_bytes());
    [bytes, jpeg, vec![7; 5000]].concat()
}

fn boxed(kind: &[u8], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), kind, content].concat()
}

fn cr3() -> Vec<u8> {
    let block = |tags: Vec<Tagged>| {
        let mut file = Writing::new(b"II*\0");
        let main = file.directory(tags);
        file.finish(main)
    };
    let main = block(vec![text(0x10f, "Canon"), text(0x110, "Canon EOS R7"), short(0x112, 8)]);
    let exposure = block(vec![text(0x9003, "2024:05:01 10:03:00"), text(0x9011, "+02:00")]);
    let name =
        [0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0, 0x81, 0x11, 0xf4, 0xce, 0x46, 0x2b, 0x6a, 0x48];
    let canon = [&name[..], &boxed(b"CMT1", &main), &boxed(b"CMT2", &exposure)].concat();
    let name =
        [0xea, 0xf4, 0x2b, 0x5e, 0x1c, 0x98, 0x4b, 0x88, 0xb9, 0xfb, 0xb7, 0xdc, 0x40, 0x6e, 0x4d, 0x16];
    let small = boxed(b"PRVW", &[&[0; 16], picture((1296, 864)).as_slice()].concat());
    let screen = boxed(b"uuid", &[&name[..], &[0; 8], &small].concat());
    let jpeg = picture(SCREEN);
    let start = boxed(b"ftyp", b"crx \0\0\0\x01crx isom");
    let at = |moov: usize| (start.len() + moov + screen.len() + 8) as u64;
    let moov = |moov: usize| {
        let size = [&[0; 8], &1u32.to_be_bytes()[..], &(jpeg.len() as u32).to_be_bytes()].concat();
        let place = [&[0; 4], &1u32.to_be_bytes()[..], &at(moov).to_be_bytes()].concat();
        let table = boxed(b"stbl", &[boxed(b"stsz", &size), boxed(b"co64", &place)].concat());
        let track = boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &table)));
        boxed(b"moov", &[boxed(b"uuid", &canon), track].concat())
    };
    let moov = moov(moov(0).len());
    [start, moov, screen, boxed(b"mdat", &[jpeg, vec![3; 4000]].concat())].concat()
}

/// One raw photo of each build, by its format.
fn raws() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("dng", dng(SCREEN, 6)),
        ("nef", below("NIKON CORPORATION", SCREEN, 6, vec![])),
        ("arw", arw(SCREEN)),
        ("rw2", of_magic(b"IIU\0", 0x2e)),
        ("orf", of_magic(b"IIRO", 0x927c)),
        ("raf", raf()),
        ("cr3", cr3()),
    ]
}

fn read(bytes: &[u8]) -> (Result<Probe, MediaError>, Result<super::super::RgbPicture, MediaError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("IMG_0001.tif");
    fs::write(&path, bytes).unwrap();
    (probe(&path), decode_photo(&path, (400, 400)))
}

#[test]
fn raw_photos_are_shown_by_their_preview_upright_and_with_their_facts() {
    for (format, bytes) in raws() {
        let (probed, decoded) = read(&bytes);
        let (probed, decoded) = (probed.unwrap(), decoded.unwrap());
        assert_eq!(probed.format, format);
        let picture = probed.picture.unwrap();
        let upright = format == "arw";
        let size = if upright { SCREEN } else { turned(SCREEN) };
        assert_eq!((picture.width, picture.height), size, "{format}");
        assert!(decoded.width.max(decoded.height) >= 400 && decoded.width < 1000, "{format}: {decoded:?}");
        // Orientation 6 brings the left side to the top, 8 to the bottom.
        let (first, last) = (&decoded.pixels[..3], &decoded.pixels[decoded.pixels.len() - 3..]);
        let near = |pixel: &[u8], colour: [u8; 3]| pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 12);
        let (top, bottom) = if format == "cr3" { (GREEN, RED) } else { (RED, GREEN) };
        assert!(near(first, top) && near(last, bottom), "{format}: {first:?} {last:?}");
        let taken = probed.taken.unwrap();
        assert_eq!((taken.local_s, taken.offset_min), (1_714_557_780, Some(120)), "{format}");
        assert!(probed.camera.unwrap().ends_with(if format == "cr3" { "Canon EOS R7" } else { "Model One" }));
        let place = GeoPlace { lat_e7: 429_500_000, lon_e7: -23_166_667 };
        assert_eq!(probed.place, (format != "cr3").then_some(place), "{format}");
    }
}

#[test]
fn a_preview_that_is_upright_already_is_not_turned_again() {
    let (probed, decoded) = read(&dng((1080, 1620), 6));
    let picture = probed.unwrap().picture.unwrap();
    assert_eq!((picture.width, picture.height), (1080, 1620));
    let decoded = decoded.unwrap();
    assert!(decoded.pixels[0].abs_diff(RED[0]) < 12 && decoded.height > decoded.width);
}

#[test]
fn thumbnails_and_samples_of_sensors_are_no_previews() {
    let error = |bytes: &[u8]| read(bytes).0.unwrap_err();
    let raw = |format: &str, preview| MediaError::RawPhoto { format: format.to_owned(), preview };
    assert_eq!(error(&dng((640, 427), 1)), raw("DNG", Some((640, 427))));
    assert_eq!(error(&dng((640, 427), 6)), raw("DNG", Some((427, 640))));
    assert_eq!(error(&below("NIKON", (80, 60), 1, vec![])), raw("NEF", Some((160, 120))));
    assert_eq!(error(&[b"FOVb".as_slice(), &[0; 900]].concat()), raw("X3F", None));
    // The samples of the sensor, as one lossless JPEG with the size of a frame.
    let mut file = Writing::new(b"MM*\0");
    file.0[..4].copy_from_slice(b"II*\0");
    let samples = lossless(SCREEN);
    let at = file.put(&samples);
    let main = vec![short(0x103, 7), short(0x106, 34892), long(0x111, at), long(0x117, samples.len() as u32)];
    let main = file.directory([main, vec![text(0x10f, "PENTAX")]].concat());
    assert_eq!(error(&file.finish(main)), raw("PEF", None));
    assert_eq!(
        raw("DNG", Some((160, 120))).to_string(),
        "it is a raw photo (DNG) whose largest preview has only 160x120 pixels, too few to fill a frame"
    );
}

#[test]
fn a_tiff_with_exif_and_reduced_pages_stays_a_tiff() {
    let mut file = Writing::new(b"II*\0");
    let reduced = file.thumbnail();
    let reduced = file.directory(reduced);
    let mut tags = [file.thumbnail(), file.common("Scanner Works", 1)].concat();
    tags[0] = long(0xfe, 0);
    tags.push(long(0x14a, reduced));
    let main = file.directory(tags);
    let (probed, decoded) = read(&file.finish(main));
    let probed = probed.unwrap();
    assert_eq!((probed.format.as_str(), probed.picture.unwrap().width), ("tiff", 160));
    assert!(decoded.is_ok());
}

/// Damages raw photos with a fixed sequence of numbers: whatever is wrong, reading ends and nothing panics.
#[test]
fn damaged_raw_photos_are_read_or_refused() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for (name, bytes) in raws() {
        let format = match RawFormat::of_head(&bytes) {
            Some(format) => format,
            None => RawFormat::of_tiff(&mut Cursor::new(&bytes)).unwrap().unwrap(),
        };
        for round in 0..200 {
            let mut damaged = bytes.clone();
            damaged.truncate(if round % 4 == 0 { next(bytes.len()) } else { bytes.len() });
            // Numbers and offsets are at the ends of the file, the picture in the middle.
            for _ in 0..8 {
                let (length, end) = (damaged.len(), next(2));
                let at = if end == 0 { next(200) } else { length.saturating_sub(1 + next(900)) };
                if let Some(byte) = damaged.get_mut(at) {
                    *byte = [0, 1, 0x7f, 0xff, next(256) as u8][next(5)];
                }
            }
            let mut file = Cursor::new(&damaged);
            RawFormat::of_tiff(&mut file).unwrap();
            let found = find(&mut file, format);
            assert!(!matches!(&found, Err(error) if error.is_transient()), "{name}: {found:?}");
            exif_block(&mut file, format).unwrap();
        }
    }
}
