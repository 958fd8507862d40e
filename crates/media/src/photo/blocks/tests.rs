use std::fs;
use std::io::{BufReader, Cursor};

use flate2::Compression;
use flate2::read::ZlibEncoder;

use super::super::tests::{Field, ascii, directory, jpeg, two_colours, with_exif};
use super::*;
use crate::probe;

/// 1 March 2020, 12:00.
const NOON: i64 = 1_583_064_000;

fn xmp(date: &str) -> Vec<u8> {
    let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{rdf}'><rdf:Description \
         xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreateDate='{date}'/></rdf:RDF></x:xmpmeta>"
    )
    .into_bytes()
}

fn record(number: u8, text: &str) -> Vec<u8> {
    [&[0x1c, 2, number][..], &(text.len() as u16).to_be_bytes(), text.as_bytes()].concat()
}

fn iptc(day: &str, clock: &str) -> Vec<u8> {
    [record(5, "A title"), record(55, day), record(60, clock)].concat()
}

/// Returns a list of Photoshop's resources, with these records behind another resource with an odd name.
fn resources(records: &[u8]) -> Vec<u8> {
    let resource = |number: u16, name: &[u8], content: &[u8]| {
        let length = (content.len() as u32).to_be_bytes();
        [b"8BIM", &number.to_be_bytes()[..], name, &length, content, &[0][..content.len() % 2]].concat()
    };
    [resource(0x03ed, b"\x02ab\0", &[0; 15]), resource(0x0404, b"\0\0", records)].concat()
}

fn segment(kind: u8, start: &[u8], content: &[u8]) -> Vec<u8> {
    let length = (start.len() + content.len() + 2) as u16;
    [&[0xff, kind][..], &length.to_be_bytes(), start, content].concat()
}

fn with_segments(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = jpeg(&two_colours(16, 16));
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    two_colours(16, 16).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [kind, content].concat();
    [&(content.len() as u32).to_be_bytes()[..], &body, &crc32fast::hash(&body).to_be_bytes()].concat()
}

/// Returns a PNG with chunks in front of the picture and behind it.
fn png(front: &[Vec<u8>], behind: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    let (header, end) = (33, plain.len() - 12);
    [&plain[..header], &front.concat(), &plain[header..end], &behind.concat(), &plain[end..]].concat()
}

fn deflated(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    ZlibEncoder::new(text, Compression::default()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Returns a TIFF of one pixel with these fields besides its own.
fn tiff(fields: Vec<Field>) -> Vec<u8> {
    let short = |tag, value: u8| (tag, 3, 1, vec![0, value, 0, 0]);
    let own = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (278, 1), (279, 1)];
    let mut all: Vec<Field> = own.into_iter().map(|(tag, value)| short(tag, value)).chain(fields).collect();
    all.sort_by_key(|field| field.0);
    [b"MM\0*\0\0\0\x08".to_vec(), directory(8, &all)].concat()
}

/// Returns what the file says: seconds from noon, offset, source, and whether only the day is known.
fn said(bytes: &[u8]) -> Option<(i64, Option<i16>, TimeSource, bool)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, bytes).unwrap();
    let CaptureTime { local_s, offset_min, source, day_only } = probe(&path).unwrap().taken?;
    Some((local_s - NOON, offset_min, source, day_only))
}

#[test]
fn a_jpeg_has_xmp_and_iptc() {
    const NAMESPACE: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
    const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
    let noon = segment(0xe1, NAMESPACE, &xmp("2020-03-01T12:00:00+01:00"));
    let late = segment(0xed, PHOTOSHOP, &resources(&iptc("20200301", "120005-0330")));
    let by_xmp = Some((0, Some(60), TimeSource::Xmp, false));
    assert_eq!(said(&with_segments(std::slice::from_ref(&noon))), by_xmp);
    assert_eq!(said(&with_segments(&[late.clone(), noon.clone()])), by_xmp);
    assert_eq!(said(&with_segments(&[late])), Some((5, Some(-210), TimeSource::Iptc, false)));
    // The extension of a long packet is no packet, and a later packet is that of another program.
    let extension = segment(0xe1, b"http://ns.adobe.com/xmp/extension/\0", &xmp("2001-01-01T00:00:00"));
    let second = segment(0xe1, NAMESPACE, &xmp("2001-01-01T00:00:00"));
    assert_eq!(said(&with_segments(&[extension, noon.clone(), second])), by_xmp);
    // A long list is split, and segments of other programs stand between its parts.
    let list = resources(&iptc("20200301", "120005"));
    let (one, two) = list.split_at(40);
    let parts =
        [segment(0xed, PHOTOSHOP, one), segment(0xe2, b"MPF\0", &[9; 500]), segment(0xed, PHOTOSHOP, two)];
    assert_eq!(said(&with_segments(&parts)), Some((5, None, TimeSource::Iptc, false)));
}

#[test]
fn exif_comes_first_if_it_has_the_time_of_the_exposure() {
    let packet = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0", &xmp("2020-03-01T12:00:09"));
    let with = |fields: &[Field]| {
        let block = [b"MM\0*\0\0\0\x08".to_vec(), directory(8, fields)].concat();
        said(&with_exif(&with_segments(std::slice::from_ref(&packet)), &block))
    };
    let by_xmp = Some((9, None, TimeSource::Xmp, false));
    // The time of the last change comes after the packet.
    assert_eq!(with(&[ascii(0x0132, "2020:03:01 12:00:00")]), by_xmp);
    assert_eq!(with(&[ascii(0x0132, "0000:00:00 00:00:00")]), by_xmp);
    assert_eq!(with(&[ascii(0x0132, "    :  :     :  :  ")]), by_xmp);
    assert_eq!(with(&[ascii(0x010f, "Canon")]), by_xmp);
}

#[test]
fn days_and_wrong_records_of_iptc() {
    let with = |records: &[u8]| {
        said(&with_segments(&[segment(0xed, b"Photoshop 3.0\0", &resources(records))]))
            .map(|(second, _, source, day_only)| (second, source, day_only))
    };
    let day = Some((-43_200, TimeSource::Iptc, true));
    assert_eq!(with(&record(55, "20200301")), day);
    assert_eq!(with(&iptc("20200301", "996100")), day);
    assert_eq!(
        with(&[record(62, "20200301"), record(63, "120000")].concat()),
        Some((0, TimeSource::Iptc, false))
    );
    assert_eq!(with(&iptc("00000000", "000000+0000")), None);
    assert_eq!(with(&record(55, "20200301")[..7]), None);
    assert_eq!(with(&[0x1c, 2, 55, 0xff, 0xff]), None);
}

#[test]
fn a_png_has_xmp_and_texts_in_front_of_the_picture_or_behind_it() {
    let packet = |compressed: u8, packet: &[u8]| {
        png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0", &[compressed, 0, 0, 0][..], packet].concat())
    };
    let noon = xmp("2020-03-01T12:00:00+01:00");
    let by_xmp = Some((0, Some(60), TimeSource::Xmp, false));
    for chunk in [packet(0, &noon), packet(1, &deflated(&noon))] {
        assert_eq!(said(&png(std::slice::from_ref(&chunk), &[])), by_xmp);
        assert_eq!(said(&png(&[], &[chunk])), by_xmp);
    }
    let by_text = Some((0, None, TimeSource::Text, false));
    for (keyword, text) in [
        ("Creation Time", "2020:03:01 12:00:00"),
        ("Creation Time", "Sun, 1 Mar 2020 12:00:00"),
        ("Creation Time", "Sun 01 Mar 2020 12:00:00 PM CET"),
        ("CreationTime", "2020-03-01T12:00:00"),
        ("DateTime", "2020:03:01 12:00:00"),
        ("Create Date", "2020:03:01 12:00:00"),
        ("exif:DateTimeOriginal", "2020:03:01 12:00:00"),
    ] {
        let start = [keyword.as_bytes(), b"\0"].concat();
        let chunks = [
            png_chunk(b"tEXt", &[&start, text.as_bytes()].concat()),
            png_chunk(b"zTXt", &[&start, &b"\0"[..], &deflated(text.as_bytes())].concat()),
            png_chunk(b"iTXt", &[&start, &b"\0\0en\0\0"[..], text.as_bytes()].concat()),
        ];
        for chunk in chunks {
            assert_eq!(said(&png(std::slice::from_ref(&chunk), &[])), by_text, "{keyword}: {text}");
            assert_eq!(said(&png(&[], &[chunk])), by_text, "{keyword}: {text}");
        }
    }
    // These are the times of the file.
    for keyword in ["date:create", "date:modify", "Comment"] {
        let chunk = png_chunk(b"tEXt", &[keyword.as_bytes(), b"\x002020-03-01T12:00:00+01:00"].concat());
        assert_eq!(said(&png(&[chunk], &[])), None, "{keyword}");
    }
}

#[test]
fn damaged_texts_of_a_png_say_nothing() {
    for content in [&b""[..], b"Creation Time", b"Creation Time\0\0notzlib", b"\0\0\0\0"] {
        for kind in [b"tEXt", b"zTXt", b"iTXt"] {
            assert_eq!(said(&png(&[png_chunk(kind, content)], &[])), None);
        }
    }
    let exif = [b"MM\0*\0\0\0\x08".to_vec(), directory(8, &[ascii(0x0132, "2020:03:01 12:00:00")])].concat();
    let whole = png(&[], &[png_chunk(b"eXIf", &exif)]);
    assert_eq!(said(&whole), Some((0, None, TimeSource::Changed, false)));
}

#[test]
fn webp_gif_and_tiff_have_xmp() {
    let packet = xmp("2020-03-01T12:00:00");
    let by_xmp = Some((0, None, TimeSource::Xmp, false));
    let mut webp = encoded(ImageFormat::WebP);
    webp.extend(
        [b"XMP ", &(packet.len() as u32).to_le_bytes()[..], &packet, &[0][..packet.len() % 2]].concat(),
    );
    let length = (webp.len() as u32 - 8).to_le_bytes();
    webp[4..8].copy_from_slice(&length);
    assert_eq!(said(&webp), by_xmp);

    let mut gif = encoded(ImageFormat::Gif);
    let colours = if gif[10] & 0x80 == 0 { 0 } else { 3 * (2 << (gif[10] & 7)) };
    let trailer: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    let comment = b"\x21\xfe\x02hi\0".to_vec();
    gif.splice(
        13 + colours..13 + colours,
        [comment, b"\x21\xff\x0bXMP DataXMP".to_vec(), packet.clone(), trailer].concat(),
    );
    assert_eq!(said(&gif), by_xmp);

    let number = packet.len() as u32;
    assert_eq!(said(&tiff(vec![(700, 1, number, packet.clone())])), by_xmp);
    assert_eq!(said(&tiff(vec![(700, 7, number, packet)])), by_xmp);
}

#[test]
fn a_tiff_has_iptc_as_bytes_or_numbers_or_in_photoshops_list() {
    let by_iptc = Some((0, Some(60), TimeSource::Iptc, false));
    let mut records = iptc("20200301", "120000+0100");
    assert_eq!(said(&tiff(vec![(33_723, 7, records.len() as u32, records.clone())])), by_iptc);
    let list = resources(&records);
    assert_eq!(said(&tiff(vec![(34_377, 1, list.len() as u32, list)])), by_iptc);
    records.resize(records.len().next_multiple_of(4), 0);
    assert_eq!(said(&tiff(vec![(33_723, 4, records.len() as u32 / 4, records)])), by_iptc);
}

/// Counts the bytes that are read.
struct Counted(Cursor<Vec<u8>>, u64);

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(bytes)?;
        self.1 += read as u64;
        Ok(read)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn pictures_are_not_read() {
    let pixels = png_chunk(b"IDAT", &vec![7; 3 << 20]);
    let text = png_chunk(b"tEXt", b"Creation Time\x002020:03:01 12:00:00");
    let segments = vec![segment(0xe2, b"ICC_PROFILE\0", &[9; 60_000]); 40];
    let files = [
        (PhotoFormat::Raster(ImageFormat::Png), png(&[pixels], &[text])),
        (PhotoFormat::Jpeg, [with_segments(&segments), vec![0; 3 << 20]].concat()),
    ];
    for (format, bytes) in files {
        let mut reader = BufReader::with_capacity(512, Counted(Cursor::new(bytes), 0));
        let blocks = read(&mut reader, format).unwrap();
        assert_eq!(blocks.texts.len(), usize::from(format != PhotoFormat::Jpeg));
        assert!(reader.get_ref().1 < 40_000, "{} bytes of {format:?}", reader.get_ref().1);
    }
}

#[test]
fn any_damage_leaves_what_stands_in_front_of_it() {
    let packet = segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0", &xmp("2020-03-01T12:00:00"));
    let chunk = png_chunk(b"tEXt", b"Creation Time\x002020:03:01 12:00:00");
    let files = [
        (PhotoFormat::Jpeg, with_segments(&[packet])),
        (PhotoFormat::Raster(ImageFormat::Png), png(&[chunk], &[])),
        (PhotoFormat::Raster(ImageFormat::Gif), encoded(ImageFormat::Gif)),
        (PhotoFormat::Raster(ImageFormat::WebP), encoded(ImageFormat::WebP)),
        (PhotoFormat::Raster(ImageFormat::Tiff), tiff(vec![])),
    ];
    for (format, bytes) in files {
        let whole = read(&mut Cursor::new(&bytes), format).unwrap();
        for end in 0..bytes.len() {
            let part = read(&mut Cursor::new(&bytes[..end]), format).unwrap();
            assert!(
                part.xmp.is_none() || part.xmp == whole.xmp || part.taken().is_none(),
                "{format:?} {end}"
            );
        }
    }
}

/// Returns what people said according to a file, as sources with a text.
fn remarks(bytes: &[u8]) -> Vec<(SaidSource, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    fs::write(&path, bytes).unwrap();
    let said = probe(&path).unwrap().said;
    let texts = [said.title, said.caption, said.place].into_iter().flatten().chain(said.keywords);
    let texts = texts.map(|text| (text.source, text.value));
    let stars = said.stars.map(|stars| (stars.source, format!("{} stars", stars.value)));
    let people = said.people.into_iter().map(|person| (person.source, person.name));
    stars.into_iter().chain(texts).chain(people).collect()
}

#[test]
fn what_people_said_is_read_from_every_block() {
    use SaidSource::{Exif, Iptc, Text, Xmp};
    let own = |found: Vec<(SaidSource, String)>, source: SaidSource| -> Vec<String> {
        assert!(found.iter().all(|(of, _)| *of == source), "{found:?}");
        found.into_iter().map(|(_, text)| text).collect()
    };
    let mut records = [record(5, "The pier"), record(25, "beach"), record(25, "sea")].concat();
    records.extend([record(120, "At noon"), record(90, "Lisbon"), record(101, "Portugal")].concat());
    let all = ["The pier", "At noon", "Lisbon, Portugal", "beach", "sea"];
    let by_iptc = with_segments(&[segment(0xed, b"Photoshop 3.0\0", &resources(&records))]);
    assert_eq!(own(remarks(&by_iptc), Iptc), all);
    assert_eq!(own(remarks(&tiff(vec![(33_723, 1, records.len() as u32, records.clone())])), Iptc), all);
    // Old programs write Latin 1, and a wrong length ends the records.
    let latin = [&[0x1c, 2, 25, 0, 3][..], b"\xc9t\xe9", &[0x1c, 2, 25, 0xff, 0xff]].concat();
    let latin = with_segments(&[segment(0xed, b"Photoshop 3.0\0", &resources(&latin))]);
    assert_eq!(own(remarks(&latin), Iptc), ["\u{c9}t\u{e9}"]);
    let wide = |tag: u16, text: &str| -> Field {
        let bytes: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        (tag, 1, bytes.len() as u32, bytes)
    };
    let block = |fields: &[Field]| {
        let block = [b"MM\0*\0\0\0\x08".to_vec(), directory(8, fields)].concat();
        own(remarks(&with_exif(&with_segments(&[]), &block)), Exif)
    };
    let fields = [
        ascii(0x010e, "At noon"),
        (0x4746, 3, 1, vec![0, 4]),
        wide(0x9c9b, "The pier"),
        wide(0x9c9e, "beach;\u{e9}t\u{e9}"),
    ];
    assert_eq!(block(&fields), ["4 stars", "The pier", "At noon", "beach", "\u{e9}t\u{e9}"]);
    assert_eq!(block(&[ascii(0x010e, "SONY DSC"), (0x4746, 3, 1, vec![0, 9])]), [""; 0]);
    let text = |keyword: &str, text: &str| {
        png_chunk(b"tEXt", &[keyword.as_bytes(), b"\0", text.as_bytes()].concat())
    };
    let chunks = [text("Title", "The pier"), text("Software", "x"), text("Description", "At noon")];
    assert_eq!(own(remarks(&png(&chunks, &[])), Text), ["The pier", "At noon"]);
    let rated =
        String::from_utf8(xmp("2020-03-01")).unwrap().replace("CreateDate='2020-03-01'", "Rating='5'");
    let packet = [b"XML:com.adobe.xmp\0", &[0, 0, 0, 0][..], rated.as_bytes()].concat();
    assert_eq!(own(remarks(&png(&[], &[png_chunk(b"iTXt", &packet)])), Xmp), ["5 stars"]);
}
