//! `cargo +nightly fuzz run motion`: nothing behind a JPEG makes the readers of moving pictures panic or hang.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use mmm_facts::MotionPart;
use mmm_media::{ClipReader, probe};

/// A photo without XMP.
const PHOTO: &[u8] = include_bytes!("../../fixtures/photos/gray.jpg");

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let from_end = bytes.len();
    let packet = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description \
         xmlns:G='http://ns.google.com/photos/1.0/camera/' G:MicroVideo='1' G:MicroVideoOffset='{from_end}'/>\
         </rdf:RDF></x:xmpmeta>"
    );
    let length = (packet.len() as u16 + 2).to_be_bytes();
    let parts = [&PHOTO[..2], b"\xff\xe1", &length, packet.as_bytes(), &PHOTO[2..], bytes];
    file.write_all(&parts.concat()).expect("room for the file");
    let found = probe(file.path()).expect("the photo is intact");
    if let Some(MotionPart::Clip(_)) = found.motion
        && let Ok(mut clip) = ClipReader::open(file.path())
    {
        for _ in 0..3 {
            let _ = clip.next();
        }
    }
});
