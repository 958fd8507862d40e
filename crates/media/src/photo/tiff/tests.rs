use std::fs;
use std::io::Cursor;

use image::ImageFormat;
use tiff::encoder::{TiffEncoder, TiffKind};

use super::super::{decode_photo, raster};
use super::*;
use crate::probe;

const FULL: (u32, u32) = (u32::MAX, u32::MAX);

/// A picture with strips of the same length, one after the other.
struct Stored<'a> {
    size: (u32, u32),
    tags: &'a [(Tag, &'a [u16])],
    strips: u32,
    bytes: &'a [u8],
}

fn file(pictures: &[Stored<'_>]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    write(TiffEncoder::new(&mut file).unwrap(), pictures);
    file.into_inner()
}

fn big_file(pictures: &[Stored<'_>]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    write(TiffEncoder::new_big(&mut file).unwrap(), pictures);
    file.into_inner()
}

fn write<K: TiffKind>(mut encoder: TiffEncoder<&mut Cursor<Vec<u8>>, K>, pictures: &[Stored<'_>]) {
    for picture in pictures {
        let mut page = encoder.image_directory().unwrap();
        let at = page.write_data(picture.bytes).unwrap() as u32;
        let length = picture.bytes.len() as u32 / picture.strips;
        let offsets: Vec<u32> = (0..picture.strips).map(|strip| at + strip * length).collect();
        page.write_tag(Tag::ImageWidth, picture.size.0).unwrap();
        page.write_tag(Tag::ImageLength, picture.size.1).unwrap();
        page.write_tag(Tag::RowsPerStrip, picture.size.1).unwrap();
        page.write_tag(Tag::Compression, 1u16).unwrap();
        page.write_tag(Tag::StripOffsets, &offsets[..]).unwrap();
        page.write_tag(Tag::StripByteCounts, &vec![length; offsets.len()][..]).unwrap();
        for (tag, values) in picture.tags {
            page.write_tag(*tag, *values).unwrap();
        }
        page.finish().unwrap();
    }
}

fn shown(file: &[u8]) -> Result<RgbPicture, MediaError> {
    raster::decode(Cursor::new(file), ImageFormat::Tiff, FULL)
}

/// ITU-T T.871, section 7: the primaries.
#[test]
fn colours_of_ycbcr() {
    for (stored, shown) in [
        ([76, 85, 255], [254, 0, 0]),
        ([150, 44, 21], [0, 255, 1]),
        ([29, 255, 107], [0, 0, 254]),
        ([128, 128, 128], [128; 3]),
    ] {
        assert_eq!(rgb(stored), shown);
    }
}

#[test]
fn inks_in_planes_are_joined() {
    // Paper, black and cyan.
    let inks = [0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 255, 0];
    let tags: &[(Tag, &[u16])] = &[
        (Tag::BitsPerSample, &[8; 4]),
        (Tag::SamplesPerPixel, &[4]),
        (Tag::PhotometricInterpretation, &[5]),
        (Tag::PlanarConfiguration, &[2]),
    ];
    let file = file(&[Stored { size: (3, 1), tags, strips: 4, bytes: &inks }]);
    assert_eq!(shown(&file).unwrap().pixels, [255, 255, 255, 0, 0, 0, 0, 255, 255]);
}

#[test]
fn whole_numbers_of_32_bits_are_no_floating_point_numbers() {
    let samples = [u32::MAX, 0, 1 << 31].map(u32::to_ne_bytes).concat();
    let tags: &[(Tag, &[u16])] = &[
        (Tag::BitsPerSample, &[32; 3]),
        (Tag::SamplesPerPixel, &[3]),
        (Tag::PhotometricInterpretation, &[2]),
    ];
    let file = file(&[Stored { size: (1, 1), tags, strips: 1, bytes: &samples }]);
    assert_eq!(shown(&file).unwrap().pixels, [255, 0, 128]);
}

#[test]
fn samples_that_no_decoder_knows_are_refused() {
    // Signed samples.
    for (format, samples) in [(2, 3), (2, 1)] {
        let tags: &[(Tag, &[u16])] = &[
            (Tag::BitsPerSample, &[16; 3][..samples]),
            (Tag::SamplesPerPixel, &[samples as u16]),
            (Tag::PhotometricInterpretation, &[if samples == 3 { 2 } else { 1 }]),
            (Tag::SampleFormat, &[format; 3][..samples]),
        ];
        let file = file(&[Stored { size: (4, 1), tags, strips: 1, bytes: &vec![0x3a; samples * 8] }]);
        let found = shown(&file).unwrap_err().to_string();
        assert!(found.contains("not supported; export it as JPEG"), "{found}");
    }
}

#[test]
fn a_thumbnail_or_a_mask_in_front_is_not_the_picture() {
    let gray: &[(Tag, &[u16])] = &[(Tag::BitsPerSample, &[8]), (Tag::PhotometricInterpretation, &[1])];
    let kinds = |first, second| {
        let first = [&[(Tag::NewSubfileType, first)], gray].concat();
        let second = [&[(Tag::NewSubfileType, second)], gray].concat();
        file(&[
            Stored { size: (1, 1), tags: &first, strips: 1, bytes: &[10] },
            Stored { size: (2, 1), tags: &second, strips: 1, bytes: &[20, 30] },
        ])
    };
    for first in [&[1], &[4]] {
        let file = kinds(first, &[0]);
        assert_eq!(shown(&file).unwrap().pixels, [20, 20, 20, 30, 30, 30]);
        assert_eq!(raster::size(Cursor::new(&file), ImageFormat::Tiff), Ok((2, 1, 8)));
    }
    for (first, second) in [(&[0], &[0]), (&[2], &[1]), (&[1], &[1])] {
        assert_eq!(shown(&kinds(first, second)).unwrap().pixels, [10; 3]);
    }
}

#[test]
fn a_bigtiff_is_read_upright() {
    let gray: &[(Tag, &[u16])] = &[(Tag::BitsPerSample, &[8]), (Tag::PhotometricInterpretation, &[1])];
    let first = [&[(Tag::NewSubfileType, &[1u16][..])], gray].concat();
    let second = [gray, &[(Tag::Orientation, &[6][..])]].concat();
    let pictures = [
        Stored { size: (1, 1), tags: &first, strips: 1, bytes: &[10] },
        Stored { size: (3, 1), tags: &second, strips: 1, bytes: &[20, 30, 40] },
    ];
    for bytes in [big_file(&pictures), file(&pictures)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tif");
        fs::write(&path, bytes).unwrap();
        let found = probe(&path).unwrap();
        let picture = found.picture.unwrap();
        assert_eq!((found.format.as_str(), picture.width, picture.height), ("tiff", 1, 3));
        let picture = decode_photo(&path, FULL).unwrap();
        assert_eq!((picture.width, picture.height), (1, 3));
        assert_eq!(picture.pixels, [20, 20, 20, 30, 30, 30, 40, 40, 40]);
    }
}

#[test]
fn a_bigtiff_that_only_libav_could_read_is_refused() {
    let lab: &[(Tag, &[u16])] = &[
        (Tag::BitsPerSample, &[8; 3]),
        (Tag::SamplesPerPixel, &[3]),
        (Tag::PhotometricInterpretation, &[8]),
    ];
    let found = shown(&big_file(&[Stored { size: (1, 1), tags: lab, strips: 1, bytes: &[9; 3] }]));
    let found = found.unwrap_err().to_string();
    assert!(found.contains("not supported; export it as JPEG"), "{found}");
}

/// Returns a float of 16 bits: the sign, five bits of exponent and ten of fraction.
fn half(number: f32) -> [u8; 2] {
    let bits = number.to_bits();
    let exponent = (bits >> 23 & 0xff) as i32 - 127 + 15;
    let half = if number == 0.0 { 0 } else { (exponent as u16) << 10 | (bits >> 13 & 0x3ff) as u16 };
    half.to_ne_bytes()
}

#[test]
fn floating_point_samples_of_every_width_count_from_0_to_1_or_in_steps() {
    let numbers = [0.0f32, 0.5, 1.0, 0.25, 0.75, 0.125];
    for (scale, bits) in
        [1.0, 255.0, 65_535.0].into_iter().flat_map(|scale| [16, 32, 64].map(|bits| (scale, bits)))
    {
        // The largest number of 16 bits is 65504.
        let numbers = numbers.map(|number| (number * scale).min(65_504.0));
        let bytes: Vec<u8> = match bits {
            16 => numbers.iter().flat_map(|number| half(*number)).collect(),
            32 => numbers.iter().flat_map(|number| number.to_ne_bytes()).collect(),
            _ => numbers.iter().flat_map(|number| f64::from(*number).to_ne_bytes()).collect(),
        };
        let shown_as = [0u8, 128, 255, 64, 191, 32];
        for (samples, photometric) in [(1, 1u16), (3, 2)] {
            let tags: &[(Tag, &[u16])] = &[
                (Tag::BitsPerSample, &[bits; 3][..samples]),
                (Tag::SamplesPerPixel, &[samples as u16]),
                (Tag::PhotometricInterpretation, &[photometric]),
                (Tag::SampleFormat, &[3; 3][..samples]),
            ];
            let size = (6 / samples as u32, 1);
            let file = file(&[Stored { size, tags, strips: 1, bytes: &bytes }]);
            let found = shown(&file).unwrap().pixels;
            let wanted: Vec<u8> = match samples {
                1 => shown_as.iter().flat_map(|grey| [*grey; 3]).collect(),
                _ => shown_as.to_vec(),
            };
            let near = found.iter().zip(&wanted).all(|(found, wanted)| found.abs_diff(*wanted) <= 1);
            assert!(near && found.len() == wanted.len(), "{scale} {bits} {samples}: {found:?}");
        }
    }
}
