use std::io::{Cursor, Write};

use super::*;

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
}

fn longs(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A movie with a track of timed metadata that has this key and these edits (length, start in the media), at 600
/// ticks per second; its media has 1000.
fn movie(key: &str, edits: &[(u32, i32)]) -> Vec<u8> {
    let list = edits.iter().flat_map(|(length, start)| longs(&[*length, *start as u32, 0x1_0000]));
    let list = [longs(&[0, edits.len() as u32]), list.collect()].concat();
    let described = [longs(&[0, 1]), boxed(b"mebx", key.as_bytes())].concat();
    let table = boxed(b"minf", &boxed(b"stbl", &boxed(b"stsd", &described)));
    let media = [boxed(b"mdhd", &longs(&[0, 0, 0, 1000, 1])), table].concat();
    let track = [boxed(b"edts", &boxed(b"elst", &list)), boxed(b"mdia", &media)].concat();
    let inside = [boxed(b"mvhd", &longs(&[0, 0, 0, 600, 1])), boxed(b"trak", &track)].concat();
    [boxed(b"ftyp", b"qt  \0\0\0\0"), boxed(b"mdat", b"....."), boxed(b"moov", &inside)].concat()
}

const KEY: &str = "com.apple.quicktime.still-image-time";

fn time_of(movie: &[u8]) -> Option<i64> {
    still_time(&mut Cursor::new(movie), movie.len() as u64).unwrap().map(|time| time.micros() / 1000)
}

#[test]
fn the_time_of_the_photo_is_that_of_the_delayed_sample() {
    assert_eq!(time_of(&movie(KEY, &[(900, -1), (1, 0)])), Some(1500));
    assert_eq!(time_of(&movie(KEY, &[(600, -1), (300, -1), (1, 100)])), Some(1400));
    assert_eq!(time_of(&movie(KEY, &[])), Some(0));
    assert_eq!(time_of(&movie("com.apple.quicktime.detected-face", &[(900, -1), (1, 0)])), None);
    assert_eq!(time_of(&movie(KEY, &[(0, 5000)])), None, "before the start");
}

#[test]
fn a_damaged_movie_has_no_time_and_does_no_harm() {
    let whole = movie(KEY, &[(900, -1), (1, 0)]);
    for end in 0..whole.len() {
        time_of(&whole[..end]);
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut wrong = whole.clone();
            wrong[at] = byte;
            time_of(&wrong);
        }
    }
}

fn found(bytes: &[u8], format: PhotoFormat, said: Option<XmpMotion>) -> Option<Result<MotionPlace, String>> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    locate(&mut file, format, said).unwrap().map(|found| found.map_err(|error| error.to_string()))
}

fn place(from: usize, to: usize) -> Option<Result<MotionPlace, String>> {
    Some(Ok(MotionPlace { bytes: (from as u64, to as u64), still: None }))
}

/// A JPEG with Samsung's trailer, whose entry of the moving picture has this content.
fn samsung(content: &[u8]) -> Vec<u8> {
    let data = [b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data", content].concat();
    let size = (data.len() as u32).to_le_bytes();
    let directory = [b"SEFH\x6b\0\0\0\x01\0\0\0\0\0\x30\x0a", &size[..], &size[..]].concat();
    let end = [&(directory.len() as u32).to_le_bytes()[..], b"SEFT"].concat();
    [b"\xff\xd8\xff\xd9".to_vec(), data, directory, end].concat()
}

#[test]
fn the_moving_picture_is_found_by_xmp_by_trailer_and_by_box() {
    let clip = movie(KEY, &[]);
    let behind = [b"\xff\xd8\xff\xd9", clip.as_slice()].concat();
    let from_end = Some(clip.len() as u64);
    let said = XmpMotion { from_end, ..XmpMotion::default() };
    assert_eq!(found(&behind, PhotoFormat::Jpeg, Some(said)), place(4, behind.len()));
    assert_eq!(found(&behind, PhotoFormat::Jpeg, None), None);
    let trailer = samsung(&clip);
    assert_eq!(found(&trailer, PhotoFormat::Jpeg, None), place(28, 28 + clip.len()));
    // The length in the XMP of Samsung may leave out the trailer.
    assert_eq!(found(&trailer, PhotoFormat::Jpeg, Some(said)), place(28, 28 + clip.len()));
    let heic = [boxed(b"ftyp", b"heic\0\0\0\0"), boxed(b"mpvd", &clip)].concat();
    assert_eq!(found(&heic, PhotoFormat::Heic, None), place(24, heic.len()));
}

#[test]
fn a_moving_picture_that_is_not_where_it_should_be_is_explained() {
    let jpeg = [&b"\xff\xd8\xff\xd9"[..], &[7; 200]].concat();
    let said = |from_end: Option<u64>, bytes| Some(XmpMotion { from_end, bytes, still_us: None });
    let outside = "its moving picture would begin outside of the file";
    for from_end in [None, Some(0), Some(204), Some(205), Some(u64::MAX)] {
        let found = found(&jpeg, PhotoFormat::Jpeg, said(from_end, Some(u64::MAX)));
        assert_eq!(found, Some(Err(outside.to_owned())), "{from_end:?}");
    }
    let other = "there is no moving picture where its XMP says that one begins";
    assert_eq!(found(&jpeg, PhotoFormat::Jpeg, said(Some(150), None)), Some(Err(other.to_owned())));
    let not = Some(Err("its moving picture is not an MP4".to_owned()));
    assert_eq!(found(&samsung(&[7; 200]), PhotoFormat::Jpeg, None), not);
}

#[test]
fn a_damaged_trailer_does_no_harm() {
    let whole = samsung(&movie(KEY, &[]));
    for end in 0..whole.len() {
        assert!(found(&whole[..end], PhotoFormat::Jpeg, None).is_none_or(|found| found.is_err()), "{end}");
    }
    for at in whole.len() - 32..whole.len() {
        for byte in [0, 0x7f, 0xff] {
            let mut wrong = whole.clone();
            wrong[at] = byte;
            found(&wrong, PhotoFormat::Jpeg, None);
        }
    }
}
