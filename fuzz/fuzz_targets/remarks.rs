//! `cargo +nightly fuzz run remarks`: no text makes the readers of XMP, of Takeout's JSON and of queries
//! panic; what they read is in range.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mmm_base::TimeSource;
use mmm_lexicon::Query;
use mmm_spec::{Remarks, is_of_file, said_text, takeout_remarks, xmp_remarks, xmp_time};

fn check(remarks: &Remarks) {
    assert!(remarks.stars.is_none_or(|stars| (1..=5).contains(&stars)));
    assert!(remarks.keywords.len() <= 500 && remarks.people.len() <= 200);
    for area in remarks.people.iter().filter_map(|person| person.area) {
        assert!(area.left <= area.right && area.top <= area.bottom);
    }
}

fuzz_target!(|text: &str| {
    let both = xmp_remarks(text).into_iter().chain(takeout_remarks(text));
    for remarks in both {
        check(&remarks);
        if let Some(name) = &remarks.file_name {
            is_of_file(name, "IMG_1234(1).jpg");
        }
    }
    xmp_time(text, TimeSource::Xmp);
    said_text(text);
    Query::read(text);
});
