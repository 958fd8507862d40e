use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use image::{DynamicImage, ImageFormat, RgbImage, RgbaImage};
use moxcms::ColorProfile;
use tempfile::TempDir;
use turbojpeg::{Image, PixelFormat, Subsamp};

use super::*;
use crate::probe;
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::{GeoPlace, MediaKind, Probe};

const RED: [u8; 3] = [220, 30, 40];
const BLUE: [u8; 3] = [20, 40, 210];

/// Returns a picture that is red on the left and blue on the right.
pub(super) fn two_colours(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| image::Rgb(if x < width / 2 { RED } else { BLUE }))
}

pub(super) fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let image = Image {
        pixels: picture.as_raw().as_slice(),
        width,
        pitch: width * 3,
        height,
        format: PixelFormat::RGB,
    };
    turbojpeg::compress(image, 95, Subsamp::Sub2x2).unwrap().to_vec()
}

/// One field of an EXIF directory: tag, type, number of values, and their bytes.
pub(super) type Field = (u16, u16, u32, Vec<u8>);

pub(super) fn ascii(tag: u16, text: &str) -> Field {
    let bytes = [text.as_bytes(), b"\0"].concat();
    (tag, 2, bytes.len() as u32, bytes)
}

fn angle(tag: u16, parts: [u32; 3]) -> Field {
    (tag, 5, 3, parts.iter().flat_map(|part| [part.to_be_bytes(), 1u32.to_be_bytes()]).flatten().collect())
}

/// Returns a directory at `at` bytes into the block, followed by the values that don't fit into its entries.
pub(super) fn directory(at: usize, fields: &[Field]) -> Vec<u8> {
    let mut entries = (fields.len() as u16).to_be_bytes().to_vec();
    let mut values = Vec::new();
    let behind = at + 2 + fields.len() * 12 + 4;
    for (tag, kind, count, bytes) in fields {
        entries.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
        entries.extend(count.to_be_bytes());
        if bytes.len() <= 4 {
            entries.extend([bytes.as_slice(), &vec![0; 4 - bytes.len()]].concat());
        } else {
            entries.extend(((behind + values.len()) as u32).to_be_bytes());
            values.extend(bytes);
        }
    }
    [entries, vec![0; 4], values].concat()
}

/// Returns an EXIF block of a phone held upright: orientation 6, a time with or without its zone, a place.
fn exif_block(zone: Option<&str>) -> Vec<u8> {
    let link = |tag, to: usize| (tag, 4, 1, (to as u32).to_be_bytes().to_vec());
    let first = |photo, place| {
        let orientation = (0x0112, 3, 1, vec![0, 6, 0, 0]);
        let names = [ascii(0x010f, "Canon"), ascii(0x0110, "Canon EOS 80D")];
        directory(8, &[&names[..], &[orientation, link(0x8769, photo), link(0x8825, place)]].concat())
    };
    let photo_at = 8 + first(0, 0).len();
    let mut photo = vec![ascii(0x9003, "2023:07:14 10:12:57")];
    photo.extend(zone.map(|zone| ascii(0x9011, zone)));
    let photo = directory(photo_at, &photo);
    let place_at = photo_at + photo.len();
    let place = [
        ascii(0x01, "S"),
        angle(0x02, [43, 30, 36]),
        ascii(0x03, "E"),
        angle(0x04, [4, 0, 0]),
        angle(0x07, [8, 11, 0]),
        ascii(0x1d, "2023:07:14"),
    ];
    let header = b"MM\0*\0\0\0\x08".to_vec();
    [header, first(photo_at, place_at), photo, directory(place_at, &place)].concat()
}

pub(super) fn with_exif(jpeg: &[u8], block: &[u8]) -> Vec<u8> {
    let length = (block.len() as u16 + 8).to_be_bytes();
    [&jpeg[..2], b"\xff\xe1", &length, b"Exif\0\0", block, &jpeg[2..]].concat()
}

fn written(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("-a %d:b\n📷.txt");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn at(picture: &RgbPicture, x: u32, y: u32) -> [u8; 3] {
    let start = ((y * picture.width + x) * 3) as usize;
    picture.pixels[start..start + 3].try_into().unwrap()
}

fn is_like(found: [u8; 3], wanted: [u8; 3]) -> bool {
    found.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) <= 12)
}

#[test]
fn a_phones_photo_is_read_upright() {
    let bytes = with_exif(&jpeg(&two_colours(400, 300)), &exif_block(Some("+02:00")));
    let (_folder, path) = written(&bytes);
    let Probe { kind, format, picture, taken, place, camera, .. } = probe(&path).unwrap();
    let picture = picture.unwrap();
    assert_eq!((kind, format.as_str()), (MediaKind::Photo, "jpeg"));
    assert_eq!((picture.width, picture.height, picture.orientation.exif()), (300, 400, 6));
    assert_eq!(taken, Some(CaptureTime::new(1_689_329_577, Some(120), TimeSource::Exif)));
    assert_eq!(place, Some(GeoPlace { lat_e7: -435_100_000, lon_e7: 40_000_000 }));
    assert_eq!(camera.as_deref(), Some("Canon EOS 80D"));
    let whole = decode_photo(&path, (u32::MAX, u32::MAX)).unwrap();
    assert_eq!((whole.width, whole.height), (300, 400));
    assert!(is_like(at(&whole, 150, 20), RED) && is_like(at(&whole, 150, 380), BLUE));
}

#[test]
fn a_missing_zone_is_found_by_the_satellites() {
    let bytes = with_exif(&jpeg(&two_colours(16, 16)), &exif_block(None));
    let (_folder, path) = written(&bytes);
    assert_eq!(probe(&path).unwrap().taken.unwrap().offset_min, Some(120));
}

#[test]
fn jpegs_are_reduced_while_decoded() {
    let bytes = with_exif(&jpeg(&two_colours(1600, 1200)), &exif_block(None));
    let (_folder, path) = written(&bytes);
    let size = |cover| decode_photo(&path, cover).map(|picture| (picture.width, picture.height));
    assert_eq!(size((150, 200)), Ok((150, 200)));
    assert_eq!(size((151, 200)), Ok((300, 400)));
    assert_eq!(size((10_000, 10)), Ok((1200, 1600)));
}

#[test]
fn the_other_formats_are_read() {
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Bmp, ImageFormat::Tiff]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        two_colours(96, 64).save_with_format(&path, format).unwrap();
        let picture = probe(&path).unwrap().picture.unwrap();
        assert_eq!((picture.width, picture.height), (96, 64), "{format:?}");
        let whole = decode_photo(&path, (96, 64)).unwrap();
        assert!(is_like(at(&whole, 5, 5), RED) && is_like(at(&whole, 90, 60), BLUE), "{format:?}");
        let small = decode_photo(&path, (24, 16)).unwrap();
        assert_eq!((small.width, small.height), (24, 16), "{format:?}");
        assert!(is_like(at(&small, 2, 2), RED) && is_like(at(&small, 22, 14), BLUE), "{format:?}");
    }
}

#[test]
fn see_through_pixels_stand_on_white_and_deep_ones_become_eight_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    RgbaImage::from_pixel(4, 4, image::Rgba([0, 0, 0, 128])).save(&path).unwrap();
    assert_eq!(at(&decode_photo(&path, (4, 4)).unwrap(), 1, 1), [127; 3]);
    DynamicImage::new_luma16(4, 4).save(&path).unwrap();
    assert_eq!(probe(&path).unwrap().picture.unwrap().color.depth, 16);
    assert_eq!(at(&decode_photo(&path, (4, 4)).unwrap(), 1, 1), [0; 3]);
}

#[test]
fn a_profile_that_unpacks_to_too_much_is_ignored() {
    let (_folder, path) = written(b"");
    RgbImage::from_pixel(4, 4, image::Rgb([230, 140, 60])).save_with_format(&path, ImageFormat::Png).unwrap();
    let plain = fs::read(&path).unwrap();
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let shown = |padding: usize| {
        let mut packed = ZlibEncoder::new(b"a\0\0".to_vec(), Compression::fast());
        packed.write_all(&profile).unwrap();
        packed.write_all(&vec![0; padding]).unwrap();
        let data = [b"iCCP".to_vec(), packed.finish().unwrap()].concat();
        let mut crc = Crc::new();
        crc.update(&data);
        let length = (data.len() as u32 - 4).to_be_bytes();
        // The chunk follows the header, which ends after 33 bytes.
        let chunk = [&length[..], &data, &crc.sum().to_be_bytes()].concat();
        fs::write(&path, [&plain[..33], &chunk, &plain[33..]].concat()).unwrap();
        at(&decode_photo(&path, (4, 4)).unwrap(), 1, 1)
    };
    assert!(is_like(shown(1000), [245, 134, 31]), "{:?}", shown(1000));
    assert_eq!(shown(70 << 20), [230, 140, 60]);
}

#[test]
fn sixteen_bits_become_the_nearest_of_eight() {
    let ramp = image::ImageBuffer::from_fn(1024, 4, |x, _| image::Luma([x as u16 * 64]));
    let folder = tempfile::tempdir().unwrap();
    for format in [ImageFormat::Png, ImageFormat::Tiff] {
        let path = folder.path().join("a");
        DynamicImage::ImageLuma16(ramp.clone()).save_with_format(&path, format).unwrap();
        let picture = decode_photo(&path, (1024, 4)).unwrap();
        for x in 0..1024 {
            let (found, wanted) = (f64::from(at(&picture, x, 1)[0]), f64::from(x * 64) / 257.0);
            assert!((found - wanted).abs() <= 0.51, "{found} instead of {wanted} in {format:?}");
        }
    }
}

#[test]
fn of_a_motion_photo_the_still_is_shown() {
    let clips = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips");
    let still = jpeg(&two_colours(400, 300));
    let (_folder, path) = written(&[still, fs::read(clips.join("rabbit.mp4")).unwrap()].concat());
    let Probe { kind, picture, .. } = probe(&path).unwrap();
    assert_eq!((kind, picture.map(|p| (p.width, p.height))), (MediaKind::Photo, Some((400, 300))));
    let picture = decode_photo(&path, (400, 300)).unwrap();
    assert!(is_like(at(&picture, 20, 150), RED) && is_like(at(&picture, 380, 150), BLUE));
}

#[test]
fn grey_jpegs_are_read() {
    let pixels = vec![90; 64 * 64];
    let image =
        Image { pixels: pixels.as_slice(), width: 64, pitch: 64, height: 64, format: PixelFormat::GRAY };
    let bytes = turbojpeg::compress(image, 90, Subsamp::Gray).unwrap();
    let (_folder, path) = written(&bytes);
    assert!(is_like(at(&decode_photo(&path, (64, 64)).unwrap(), 30, 30), [90; 3]));
}

#[test]
fn a_cut_jpeg_is_truncated_but_one_without_its_end_mark_is_whole() {
    let bytes = jpeg(&two_colours(640, 480));
    let (_folder, path) = written(&bytes[..bytes.len() / 2]);
    assert_eq!(decode_photo(&path, (640, 480)), Err(MediaError::Truncated));
    fs::write(&path, &bytes[..bytes.len() - 2]).unwrap();
    assert!(decode_photo(&path, (640, 480)).is_ok());
    fs::write(&path, &bytes[..100]).unwrap();
    assert!(decode_photo(&path, (640, 480)).is_err());
}

#[test]
fn a_progressive_jpeg_may_lack_its_end_mark_but_no_scan() {
    let photos = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos");
    let hill = decode_photo(&photos.join("hill.jpg"), (960, 639)).unwrap();
    let (width, height) = (hill.width as usize, hill.height as usize);
    let image =
        Image { pixels: hill.pixels.as_slice(), width, pitch: width * 3, height, format: PixelFormat::RGB };
    let mut compressor = turbojpeg::Compressor::new().unwrap();
    compressor.set_progressive(true).unwrap();
    let bytes = compressor.compress_to_vec(image).unwrap();
    let cut = |end: usize| {
        let (_folder, path) = written(&bytes[..end]);
        decode_photo(&path, (u32::MAX, u32::MAX))
    };
    let whole = cut(bytes.len()).unwrap();
    assert_eq!(cut(bytes.len() - 1).unwrap(), whole);
    assert_eq!(cut(bytes.len() - 2).unwrap(), whole);
    let last_scan = bytes.windows(2).rposition(|mark| mark == b"\xff\xda").unwrap();
    for end in [bytes.len() / 2, last_scan, (last_scan + bytes.len()) / 2, bytes.len() - 30] {
        assert_eq!(cut(end), Err(MediaError::Truncated), "{end} of {}", bytes.len());
    }
}

#[test]
fn enormous_pictures_are_refused_by_their_header() {
    let mut bytes = jpeg(&two_colours(16, 16));
    let frame = bytes.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 9].fill(0xff);
    let (_folder, path) = written(&bytes);
    assert_eq!(probe(&path), Err(MediaError::TooLarge { width: 65_535, height: 65_535 }));
    assert!(decode_photo(&path, (100, 100)).is_err());
}

#[test]
fn what_is_no_photo_is_named() {
    let (_folder, path) = written(b"dear diary");
    assert_eq!(probe(&path), Err(MediaError::not_media("text")));
    fs::write(&path, b"").unwrap();
    assert_eq!(probe(&path), Err(MediaError::Empty));
    fs::write(&path, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap();
    assert_eq!(
        probe(&path),
        Err(MediaError::corrupt("a part that describes its pictures is missing (`meta`)"))
    );
    fs::write(&path, b"\0\0\0\x0cJXL \r\n\x87\n").unwrap();
    assert_eq!(probe(&path).unwrap_err().to_string(), "JPEG XL photos are not supported yet");
    fs::write(&path, b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n").unwrap();
    assert_eq!(probe(&path), Err(MediaError::not_media("text")));
    assert_eq!(probe(path.parent().unwrap()), Err(MediaError::not_media("a folder")));
    assert!(probe(&path.with_extension("gone")).unwrap_err().is_transient());
}

#[test]
fn a_damaged_exif_block_costs_nothing_but_itself() {
    let mut block = exif_block(None);
    for byte in &mut block[10..40] {
        *byte = 0xff;
    }
    let (_folder, path) = written(&with_exif(&jpeg(&two_colours(32, 32)), &block));
    assert_eq!(probe(&path).unwrap().picture.unwrap().orientation, Orientation::UPRIGHT);
    assert!(decode_photo(&path, (32, 32)).is_ok());
}

#[test]
fn exif_is_read_in_every_dialect() {
    // Clocks, and what is meant: seconds of 1 March 2020, or none.
    type Clocks<'a> = &'a [(u16, &'a str)];
    let cases: [(Clocks<'_>, Option<i64>); 13] = [
        (&[(0x9003, "2020:03:01 24:28:33")], Some(1713)),
        (&[(0x9003, "2020/03/01 10:00:00")], Some(36_000)),
        (&[(0x9003, "2020-03-01T10:00:00")], Some(36_000)),
        (&[(0x9003, "2020.03.01 10:00")], Some(36_000)),
        (&[(0x9003, "2020:03:01  10:00:00.75 ")], Some(36_000)),
        (&[(0x9003, "0000:00:00 00:00:00"), (0x9004, "2020:03:01 10:00:00")], Some(36_000)),
        (&[(0x9003, "    :  :     :  :  "), (0x9004, "2020:03:01 10:00:00")], Some(36_000)),
        (&[(0x9003, "2020:03:01"), (0x9004, "2020:03:01 10:00:00")], Some(36_000)),
        (&[(0x9003, "1980:00:00 00:00:00")], None),
        (&[(0x9003, "1970:01:01 00:00:00"), (0x0132, "1970:01:01 00:00:00")], None),
        (&[(0x9003, "1970:01:01 00:00:00"), (0x9004, "2020:03:01 10:00:00")], Some(36_000)),
        (&[(0x9003, "2020:03:01"), (0x0132, "2020:03:01 10:00:00")], Some(36_000)),
        (&[(0x0132, "2022:05:05 12:00:00"), (0x9004, "2020:03:01 10:00:00")], Some(36_000)),
    ];
    for (clocks, want) in cases {
        let fields = clocks.iter().map(|(tag, text)| ascii(*tag, text));
        let (changed, photo): (Vec<Field>, Vec<Field>) = fields.partition(|field| field.0 == 0x0132);
        let link = |to: usize| [&changed[..], &[(0x8769, 4, 1, (to as u32).to_be_bytes().to_vec())]].concat();
        let at = 8 + directory(8, &link(0)).len();
        let block = [b"MM\0*\0\0\0\x08".to_vec(), directory(8, &link(at)), directory(at, &photo)].concat();
        let (_folder, path) = written(&with_exif(&jpeg(&two_colours(16, 16)), &block));
        let want = want.map(|second| CaptureTime::new(1_583_020_800 + second, None, TimeSource::Exif));
        assert_eq!(probe(&path).unwrap().taken, want, "{clocks:?}");
    }
}
