use std::fs;
use std::path::{Path, PathBuf};

use heifer_isobmff::HeifFile;
use heifer_isobmff::boxes::{ColorInfo, HevcConfig, Property};
use heifer_isobmff::writer::{ALPHA_URN, HeifWriter, ImageSpec};
use moxcms::ColorProfile;

use super::super::profile::to_srgb;
use super::*;
use crate::{decode_photo, probe};
use mmm_base::{CaptureTime, TimeSource};
use mmm_facts::MediaKind;

const FULL: (u32, u32) = (u32::MAX, u32::MAX);

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/photos").join(name)
}

fn decoded(name: &str) -> RgbPicture {
    decode_photo(&fixture(name), FULL).unwrap()
}

/// Returns the mean difference of two pictures of the same size, in steps of 255.
fn apart(one: &RgbPicture, other: &RgbPicture) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let sum: u64 = one.pixels.iter().zip(&other.pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.pixels.len() as f64
}

fn at(picture: &RgbPicture, x: u32, y: u32) -> [u8; 3] {
    let start = ((y * picture.width + x) * 3) as usize;
    picture.pixels[start..start + 3].try_into().unwrap()
}

/// Returns the part of a picture that begins at its upper left corner.
fn cut(picture: &RgbPicture, width: u32, height: u32) -> RgbPicture {
    let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| at(picture, x, y))).collect();
    RgbPicture { width, height, pixels }
}

/// The coded picture of a HEIC with a single one, or the first of its tiles.
struct Coded {
    size: (u32, u32),
    config: HevcConfig,
    slices: Vec<Vec<u8>>,
    color: Option<ColorInfo>,
}

impl Coded {
    fn of(name: &str) -> Self {
        let bytes = fs::read(fixture(name)).unwrap();
        let file = HeifFile::parse(&bytes).unwrap();
        let id = *file.referenced_items(file.primary_id, b"dimg").first().unwrap_or(&file.primary_id);
        let data = file.item_data(id).unwrap();
        let (mut rest, mut slices) = (&data[..], Vec::new());
        while let Some((length, tail)) = rest.split_first_chunk::<4>() {
            let (slice, tail) = tail.split_at(u32::from_be_bytes(*length) as usize);
            slices.push(slice.to_vec());
            rest = tail;
        }
        let config = file.hevc_config(id).unwrap().unwrap().clone();
        let color = file.item_properties(id).unwrap().find_map(|property| match property {
            Property::Color(color) => Some(color.clone()),
            _ => None,
        });
        Self { size: file.image_size(id).unwrap().unwrap(), config, slices, color }
    }

    fn image(&self) -> ImageSpec<'_> {
        let plain = ImageSpec::new(self.size.0, self.size.1, self.config.clone(), &self.slices);
        ImageSpec { color: self.color.clone(), ..plain }
    }

    /// Returns a file with this picture and whatever `more` adds.
    fn file(&self, more: impl FnOnce(&mut HeifWriter, u32)) -> Vec<u8> {
        let mut writer = HeifWriter::new();
        let id = writer.add_image(&self.image());
        more(&mut writer, id);
        writer.finish()
    }
}

#[test]
fn all_orientations_stand_upright_and_are_turned_once() {
    let upright = decoded("orientation-1.jpg");
    for number in 1..=8 {
        let name = format!("orientation-{number}.avif");
        // The EXIF block agrees, as in photos from phones.
        let block = facts(&fs::read(fixture(&name)).unwrap()).0.unwrap();
        let mut reader = ::exif::Reader::new();
        let said = reader.continue_on_error(true).read_raw(block).unwrap();
        let said = said.get_field(::exif::Tag::Orientation, ::exif::In::PRIMARY).unwrap();
        assert_eq!(said.value.get_uint(0), Some(number));
        let picture = probe(&fixture(&name)).unwrap().picture.unwrap();
        assert_eq!((picture.width, picture.height), (240, 360), "{name}");
        assert_eq!(u32::from(picture.orientation.exif()), number);
        let found = apart(&decoded(&name), &upright);
        assert!(found < 2.5, "{name} is {found} away");
    }
}

#[test]
fn a_heic_has_the_picture_and_the_facts_of_its_jpeg() {
    let (heic, jpeg) = (probe(&fixture("hill.heic")).unwrap(), probe(&fixture("hill.jpg")).unwrap());
    assert_eq!((heic.kind, heic.format.as_str()), (MediaKind::Photo, "heic"));
    assert!(heic.taken.is_some() && heic.place.is_some() && heic.camera.is_some());
    assert_eq!((heic.taken, heic.place, heic.camera), (jpeg.taken, jpeg.place, jpeg.camera));
    let (heic, jpeg) = (decoded("hill.heic"), decoded("hill.jpg"));
    assert!(apart(&heic, &jpeg) < 4.0, "{}", apart(&heic, &jpeg));
    let small = decode_photo(&fixture("hill.heic"), (300, 100)).unwrap();
    assert_eq!((small.width, small.height), (300, 200));
    let wanted = heic.resized(300, 200).unwrap();
    assert!(apart(&small, &wanted) < 1.5, "{}", apart(&small, &wanted));
}

#[test]
fn a_packet_of_xmp_says_when_a_heic_was_taken() {
    let packet = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
                  xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
                  xmlns:p='http://ns.adobe.com/photoshop/1.0/' p:DateCreated='2020-03-01T12:00:00+01:00'/>\
                  </rdf:RDF></x:xmpmeta>";
    let file = Coded::of("deep.heic").file(|writer, id| {
        writer.add_xmp(id, packet.as_bytes());
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.heic");
    fs::write(&path, file).unwrap();
    let noon = CaptureTime::new(1_583_064_000, Some(60), TimeSource::Xmp);
    assert_eq!(probe(&path).unwrap().taken, Some(noon));
}

#[test]
fn tiles_are_put_side_by_side_and_cut_to_the_picture() {
    let (grid, whole) = (decoded("grid.avif"), decoded("path.jpg").resized(480, 360).unwrap());
    assert!(apart(&grid, &whole) < 4.0, "{}", apart(&grid, &whole));
    // Ten bits take two bytes, and an odd last column has half a chroma sample.
    let deep = Coded::of("deep.heic");
    let file = |width, height| {
        let mut writer = HeifWriter::new();
        let tiles = [(); 4].map(|()| writer.add_image(&ImageSpec { hidden: true, ..deep.image() }));
        let grid = writer.add_grid(2, 2, width, height, &tiles, deep.color.as_ref(), None);
        writer.set_primary(grid);
        writer.finish()
    };
    let picture = decode(&file(501, 101), FULL).unwrap();
    let tile = decoded("deep.heic");
    assert_eq!((picture.width, picture.height), (501, 101));
    for (x, y) in [(3, 3), (200, 40), (300, 20), (120, 90), (490, 95)] {
        let (found, wanted) = (at(&picture, x, y), at(&tile, x % 256, y % 64));
        assert!(found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 1), "{found:?} {wanted:?}");
    }
    for (width, height) in [(513, 128), (256, 128), (512, 64)] {
        let found = decode(&file(width, height), FULL).unwrap_err().to_string();
        assert!(found.contains("do not fit together"), "{found}");
    }
}

#[test]
fn the_clean_aperture_is_all_that_is_shown() {
    let hill = Coded::of("hill.heic");
    let mut writer = HeifWriter::new();
    writer.add_image(&ImageSpec { crop: Some((600, 402)), ..hill.image() });
    let file = writer.finish();
    assert_eq!(header(&file).unwrap().stored, (600, 402));
    let part = decode(&file, FULL).unwrap();
    let wanted = cut(&decode(&hill.file(|_, _| {}), FULL).unwrap(), 600, 402);
    assert!(apart(&part, &wanted) < 0.1, "{}", apart(&part, &wanted));
}

#[test]
fn wide_colours_become_srgb_by_code_points_and_by_profiles() {
    // Computed from the matrices of the two standards and the sRGB curve, which both use (IEC 61966-2-1).
    let orange = at(&decoded("p3.avif"), 30, 30);
    assert!(orange.iter().zip([245u8, 134, 31]).all(|(a, b)| a.abs_diff(b) <= 3), "{orange:?}");
    let hill = Coded::of("hill.heic");
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let plain = decode(&hill.file(|_, _| {}), FULL).unwrap();
    let wide = decode(&hill.file(|writer, id| writer.add_icc_profile(id, &p3)), FULL).unwrap();
    assert_eq!(Some(wide.pixels), to_srgb(&plain.pixels, 3, &p3));
    let broken = decode(&hill.file(|writer, id| writer.add_icc_profile(id, b"no profile")), FULL).unwrap();
    assert_eq!(broken.pixels, plain.pixels);
}

#[test]
fn high_dynamic_range_is_brought_to_the_movies() {
    let color = probe(&fixture("pq.avif")).unwrap().picture.unwrap().color;
    assert_eq!((color.primaries, color.transfer, color.depth), (9, 16, 10));
    // White of 203 nits maps to 90 % of the code values.
    let [r, g, b] = at(&decoded("pq.avif"), 30, 30);
    assert!((222..=237).contains(&g), "{g}");
    assert!(r.abs_diff(g) <= 1 && b.abs_diff(g) <= 1, "{r} {g} {b}");
}

#[test]
fn ten_bits_become_eight_without_a_step_too_much() {
    assert_eq!(probe(&fixture("deep.heic")).unwrap().picture.unwrap().color.depth, 10);
    let picture = decoded("deep.heic");
    for x in 0..256 {
        let found = at(&picture, x, 30);
        assert!(found.iter().all(|&sample| sample.abs_diff(x as u8) <= 4), "{found:?} at {x}");
    }
}

#[test]
fn see_through_pictures_stand_on_white() {
    let (avif, png) = (decoded("alpha.avif"), decoded("alpha.png"));
    assert!(apart(&avif, &png) < 3.0, "{}", apart(&avif, &png));
    let small = decode_photo(&fixture("alpha.avif"), (60, 40)).unwrap();
    let wanted = png.resized(60, 40).unwrap();
    assert!(apart(&small, &wanted) < 3.0, "{}", apart(&small, &wanted));
    let hill = Coded::of("hill.heic");
    let alpha = ImageSpec { auxiliary_type: Some(ALPHA_URN), hidden: true, ..hill.image() };
    let plain = decode(&hill.file(|_, _| {}), FULL).unwrap();
    for premultiplied in [false, true] {
        let seen = decode(
            &hill.file(|writer, id| {
                let alpha = writer.add_alpha(id, &alpha);
                if premultiplied {
                    writer.add_reference(*b"prem", id, &[alpha]);
                }
            }),
            FULL,
        );
        let (seen, own) = (at(&seen.unwrap(), 400, 600), at(&plain, 400, 600));
        // The picture is its own alpha: dark areas nearly vanish, and are paler still if premultiplied.
        assert!(own.iter().all(|&sample| sample < 200), "{own:?}");
        assert!(seen.iter().zip(own).all(|(&seen, own)| seen > own), "{seen:?} {own:?}");
        let sum = |pixel: [u8; 3]| pixel.into_iter().map(u32::from).sum::<u32>();
        assert_eq!(premultiplied, sum(seen) > 660, "{seen:?}");
    }
}

#[test]
fn other_pictures_in_the_file_are_not_the_photo() {
    let (hill, deep) = (Coded::of("hill.heic"), Coded::of("deep.heic"));
    let file = hill.file(|writer, id| {
        // A depth map, as phones add it, and another picture of a burst.
        let depth =
            ImageSpec { auxiliary_type: Some("urn:mpeg:hevc:2015:auxid:2"), hidden: true, ..deep.image() };
        let depth = writer.add_image(&depth);
        writer.add_reference(*b"auxl", depth, &[id]);
        writer.add_image(&deep.image());
    });
    assert_eq!(header(&file).unwrap().stored, hill.size);
    assert_eq!(decode(&file, FULL).unwrap().pixels, decode(&hill.file(|_, _| {}), FULL).unwrap().pixels);
}

#[test]
fn damaged_files_say_what_is_wrong() {
    let file = Coded::of("hill.heic").file(|_, _| {});
    let with = |from: &[u8], to: &[u8]| {
        let at = file.windows(from.len()).position(|window| window == from).unwrap();
        decode(&[&file[..at], to, &file[at + from.len()..]].concat(), FULL).unwrap_err()
    };
    assert_eq!(decode(&file[..file.len() / 2], FULL), Err(MediaError::Truncated));
    assert_eq!(decode(&file[..40], FULL), Err(MediaError::Truncated));
    assert_eq!(with(b"hvc1", b"jxl1").to_string(), "photos of the kind `jxl1` are not supported");
    assert_eq!(
        with(b"pitm", b"skip").to_string(),
        "the file is damaged: a part that describes its pictures is missing (`pitm`)"
    );
    let huge = with(&960u32.to_be_bytes(), &400_000_000u32.to_be_bytes());
    assert_eq!(huge, MediaError::TooLarge { width: 400_000_000, height: 640 });
    let larger = with(&960u32.to_be_bytes(), &9_600u32.to_be_bytes()).to_string();
    assert!(larger.contains("smaller than the file says"), "{larger}");
    // A camera's own bytes after the boxes are harmless, and so is the clip of a Motion Photo.
    for more in [&b"\xff\xff\xff\xffsefd"[..], b"\0\0\0\x10mpvdftypmp42"] {
        assert!(decode(&[&file[..], more].concat(), FULL).is_ok());
    }
}

#[test]
fn a_photo_whose_data_was_never_written_is_damaged() {
    for (name, written) in [("hill.heic", 50), ("hill.heic", 90), ("deep.heic", 90), ("grid.avif", 50)] {
        let mut file = fs::read(fixture(name)).unwrap();
        let end = file.len();
        file[end * written / 100..].fill(0);
        let found = decode(&file, FULL).unwrap_err().to_string();
        assert!(found.contains("a part of the picture cannot be decoded"), "{name}: {found}");
        assert!(decode_photo(&fixture(name), FULL).is_ok());
    }
}

#[test]
fn a_photo_with_the_bytes_of_another_file_in_it_is_damaged() {
    let mut file = fs::read(fixture("hill.heic")).unwrap();
    let end = file.len();
    let foreign = fs::read(fixture("hill.jpg")).unwrap();
    let (from, to) = (end * 4 / 10, end / 2);
    file[from..to].copy_from_slice(&foreign[from..to]);
    let found = decode(&file, FULL).unwrap_err().to_string();
    assert!(found.contains("a part of the picture cannot be decoded"), "{found}");
}

#[test]
fn one_wrong_bit_in_the_picture_of_an_avif_is_damage() {
    for name in ["grid.avif", "orientation-1.avif", "alpha.avif"] {
        let whole = fs::read(fixture(name)).unwrap();
        assert!(decode(&whole, FULL).is_ok(), "{name}");
        let data = whole.windows(4).rposition(|window| window == b"mdat").unwrap() + 4;
        for percent in [30, 50, 70, 90] {
            let mut file = whole.clone();
            file[data + (whole.len() - data) * percent / 100] ^= 0x10;
            let found = decode(&file, FULL).map(|_| ()).unwrap_err().to_string();
            assert!(found.contains("a part of the picture cannot be decoded"), "{name} {percent}: {found}");
        }
    }
}
