use super::{MediaTimes, Recorded, best_time};
use crate::cast::{capture_times, chapters, time_remarks};
use mmm_base::{CaptureTime, Time, TimeSource};
use mmm_facts::sample::{clip, material, photo};
use mmm_facts::{Material, Medium, TimeCertainty, TimeRemark};
use mmm_spec::{CameraRule, Zone};

/// 2024-06-08T10:00:00.
const TEN: i64 = 1_717_840_800;
const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn phone(name: &str, local_s: i64) -> Medium {
    let mut medium = photo(name, 0);
    medium.probe.taken = Some(CaptureTime::new(local_s, Some(120), TimeSource::Exif));
    medium.probe.camera = Some("Apple iPhone 15".to_owned());
    medium
}

fn camera(name: &str, local_s: i64, camera: &str) -> Medium {
    let mut medium = photo(name, 0);
    medium.probe.taken = Some(CaptureTime::new(local_s, None, TimeSource::Exif));
    medium.probe.camera = Some(camera.to_owned());
    medium
}

/// A clip whose header has this time, which is UTC by the standard.
fn headed(name: &str, header_s: i64) -> Medium {
    let mut medium = clip(name, 0, Time::from_secs(8));
    medium.probe.taken = Some(CaptureTime::new(header_s, Some(0), TimeSource::Header));
    medium.probe.camera = None;
    medium
}

fn undated(name: &str) -> Medium {
    let mut medium = photo(name, 0);
    medium.probe.taken = None;
    medium.probe.camera = None;
    medium
}

fn movie(media: Vec<Medium>) -> Material {
    let mut movie = material(0, 120_000);
    movie.media = media;
    movie
}

fn order(movie: &Material) -> Vec<&str> {
    let cast = crate::cast::Cast::gather(movie, &crate::cast::Wishes::read(None)).unwrap();
    cast.candidates.iter().map(|candidate| candidate.medium.path.as_str()).collect()
}

fn recorded(movie: &Material) -> Vec<Recorded<'_>> {
    movie.media.iter().map(Recorded::from).collect()
}

fn resolve(movie: &Material) -> MediaTimes {
    super::resolve(&recorded(movie), &movie.cameras)
}

fn utc(movie: &Material, index: usize) -> i64 {
    resolve(movie).times[index].unwrap().utc_s
}

fn odd(movie: &Material) -> Vec<TimeRemark> {
    time_remarks(&recorded(movie), &movie.cameras, &movie.settings.constraints)
}

/// Photos of a phone at 10:00, 10:20 … of a day in summer, in UTC+2.
fn walk() -> Vec<Medium> {
    (0..10).map(|at| phone(&format!("IMG_{at:04}.jpg"), TEN + at * 20 * MINUTE)).collect()
}

#[test]
fn a_camera_that_writes_local_time_for_utc_is_recognised_by_its_neighbours() {
    let mut media = walk();
    media.push(headed("GX010012.MP4", TEN + 10 * MINUTE));
    let movie = movie(media);
    let time = resolve(&movie).times[10].unwrap();
    // By the letter it was taken at 12:10, when the phone still took photos: nothing contradicts it.
    assert_eq!((time.utc_s, time.certainty), (TEN + 10 * MINUTE, TimeCertainty::Stated));
    let mut media = walk();
    media.truncate(3);
    media.push(headed("GX010012.MP4", TEN + 10 * MINUTE));
    let movie = self::movie(media);
    let time = resolve(&movie).times[3].unwrap();
    assert_eq!((time.utc_s, time.certainty), (TEN + 10 * MINUTE - 2 * HOUR, TimeCertainty::LocalForUtc));
    assert_eq!(order(&movie), ["IMG_0000.jpg", "GX010012.MP4", "IMG_0001.jpg", "IMG_0002.jpg"]);
    assert_eq!(odd(&movie), []);
}

#[test]
fn a_clip_in_utc_stays_where_it_is() {
    let mut media = walk();
    media.truncate(3);
    media.push(headed("VID_1.mp4", TEN + 10 * MINUTE - 2 * HOUR));
    let movie = movie(media);
    assert_eq!(utc(&movie, 3), TEN + 10 * MINUTE - 2 * HOUR);
    assert_eq!(order(&movie)[1], "VID_1.mp4");
}

#[test]
fn names_decide_before_neighbours() {
    // The name says 10:10, and so does the header: the header is local.
    let mut media = walk();
    media.push(headed("VID_20240608_101000.mp4", TEN + 10 * MINUTE));
    let local = movie(media);
    assert_eq!(utc(&local, 10), TEN + 10 * MINUTE - 2 * HOUR);
    // The name says 12:10, and the header is two hours behind it: the header is UTC, though the local time
    // would be among the photos.
    let mut media = walk();
    media.truncate(3);
    media.push(headed("VID_20240608_121000.mp4", TEN + 10 * MINUTE));
    let utc_header = movie(media);
    assert_eq!(utc(&utc_header, 3), TEN + 10 * MINUTE);
}

#[test]
fn names_of_clips_tell_the_zone_that_no_photo_names() {
    let mut media = vec![camera("a.jpg", TEN, "Nikon D750"), camera("b.jpg", TEN + HOUR, "Nikon D750")];
    media.push(headed("VID_20240608_103000.mp4", TEN + 30 * MINUTE - 2 * HOUR));
    let movie = movie(media);
    assert_eq!(resolve(&movie).zone_min, 120);
    assert_eq!(order(&movie), ["a.jpg", "VID_20240608_103000.mp4", "b.jpg"]);
}

#[test]
fn the_levers_of_the_spec_move_times() {
    let mut movie = movie(walk());
    movie.media[1].known.taken = Some(CaptureTime::new(TEN - HOUR, Some(120), TimeSource::Spec));
    movie.media[2].known.clock_s = Some(-3 * HOUR);
    movie.media[3].known.zone = Zone::parse("Europe/Lisbon");
    assert_eq!(utc(&movie, 1), TEN - 3 * HOUR);
    assert_eq!(utc(&movie, 2), TEN + 40 * MINUTE - 5 * HOUR);
    assert_eq!(utc(&movie, 3), TEN + HOUR - HOUR);
    let times = capture_times(&recorded(&movie), &movie.cameras);
    assert_eq!(times[1].unwrap().source, TimeSource::Spec);
}

#[test]
fn a_camera_s_clock_is_corrected_for_all_that_it_took() {
    let rule =
        |name: &str, hours: i64| CameraRule { name: name.into(), clock_s: Some(hours * HOUR), zone: None };
    let mut movie = movie(walk());
    movie.media.push(camera("DSC_1.jpg", TEN + 3 * HOUR, "Canon EOS R7"));
    movie.media.push(camera("DSC_2.jpg", TEN + 4 * HOUR, "Canon EOS R7"));
    movie.media[11].known.clock_s = Some(-HOUR);
    movie.cameras = vec![rule("Canon R7", -3)];
    assert_eq!(utc(&movie, 10), TEN - 2 * HOUR);
    // An entry of its own comes first.
    assert_eq!(utc(&movie, 11), TEN + 3 * HOUR - 2 * HOUR);
    movie.cameras = vec![rule("Canon R8", -3)];
    let known = vec!["Apple iPhone 15".to_owned(), "Canon EOS R7".to_owned()];
    assert_eq!(odd(&movie), [TimeRemark::UnknownCamera { name: "Canon R8".into(), known }]);
}

#[test]
fn a_zone_says_what_the_clock_of_a_clip_showed() {
    let mut movie = movie(vec![headed("GX010012.MP4", TEN)]);
    movie.media[0].known.zone = Zone::parse("+03:00");
    let time = resolve(&movie).times[0].unwrap();
    assert_eq!((time.utc_s, time.zone_min), (TEN - 3 * HOUR, 180));
}

#[test]
fn a_day_without_a_time_stays_on_its_day() {
    let name = |day: u32, number: u32| format!("IMG-202406{day:02}-WA{number:04}.jpg");
    let mut media = vec![phone("a.jpg", TEN - DAY), phone("z.jpg", TEN + DAY)];
    media.extend([undated(&name(8, 2)), undated(&name(8, 1))]);
    let movie = self::movie(media);
    assert_eq!(order(&movie), ["a.jpg", &name(8, 1), &name(8, 2), "z.jpg"]);
    assert_eq!(chapters(&movie), [0, 2, 1, 1]);
    assert_eq!(resolve(&movie).times[2].unwrap().certainty, TimeCertainty::Day);
    // On a day with other media they follow the last of these, in its chapter.
    let mut media = walk();
    media.extend([phone("next.jpg", TEN + DAY), undated(&name(8, 1)), undated("x.jpg")]);
    let movie = self::movie(media);
    assert_eq!(order(&movie)[9..], ["IMG_0009.jpg", &name(8, 1), "x.jpg", "next.jpg"]);
    assert_eq!(chapters(&movie), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
}

#[test]
fn a_header_of_an_export_gives_way_to_the_name() {
    let header = |days: i64| Some(CaptureTime::new(TEN + days * DAY, Some(0), TimeSource::Header));
    let name = "VID_20240608_100000.mp4";
    assert_eq!(best_time(name, header(90), &[]).unwrap().source, TimeSource::Name);
    assert_eq!(best_time(name, header(0), &[]).unwrap().source, TimeSource::Header);
    let exif = Some(CaptureTime::new(TEN + 90 * DAY, None, TimeSource::Exif));
    assert_eq!(best_time(name, exif, &[]), exif);
    let json = CaptureTime::new(TEN, Some(0), TimeSource::Takeout);
    let xmp = CaptureTime::new(TEN, None, TimeSource::Sidecar);
    assert_eq!(best_time(name, None, &[json, xmp]), Some(xmp));
    assert_eq!(best_time(name, None, &[json]), Some(json));
    assert_eq!(best_time("DSC_0001.JPG", None, &[]), None);
}

#[test]
fn the_last_change_gives_way_to_what_says_when_it_was_taken() {
    let changed = |days: i64| Some(CaptureTime::new(TEN + days * DAY, None, TimeSource::Changed));
    let source = |name: &str, own, beside: &[CaptureTime]| best_time(name, own, beside).unwrap().source;
    assert_eq!(source("DSC_0001.JPG", changed(90), &[]), TimeSource::Changed);
    assert_eq!(source("IMG_20240608_100000.jpg", changed(90), &[]), TimeSource::Name);
    assert_eq!(source("IMG_20240608_100000.jpg", changed(-90), &[]), TimeSource::Name);
    let json = CaptureTime::new(TEN, Some(0), TimeSource::Takeout);
    assert_eq!(source("IMG_20240608_100000.jpg", changed(90), &[json]), TimeSource::Takeout);
    // A name with only the day says less than a clock of that day or before it.
    assert_eq!(source("IMG-20240608-WA0001.jpg", changed(90), &[]), TimeSource::Name);
    assert_eq!(source("IMG-20240608-WA0001.jpg", changed(0), &[]), TimeSource::Changed);
    assert_eq!(source("IMG-20240608-WA0001.jpg", changed(-3), &[]), TimeSource::Changed);
}

#[test]
fn a_medium_takes_the_time_of_another_version() {
    let film = |name: &str, seconds: i64| {
        let mut medium = undated(name);
        medium.probe = clip(name, 0, Time::from_secs(seconds)).probe;
        medium.probe.taken = None;
        medium
    };
    let dated = |mut medium: Medium, source| {
        medium.probe.taken = Some(CaptureTime::new(TEN + 5 * DAY, Some(120), source));
        medium
    };
    let exif = |name: &str| dated(undated(name), TimeSource::Exif);
    let source = |of: Medium, other: Medium| {
        let movie = movie(vec![phone("a/A_1.jpg", TEN), of, other, phone("a/Z_1.jpg", TEN + 9 * DAY)]);
        let time = capture_times(&recorded(&movie), &movie.cameras)[1].unwrap();
        assert_eq!(time.source == TimeSource::Version, time.utc_s == TEN + 5 * DAY - 2 * HOUR);
        time.source
    };
    assert_eq!(source(undated("a/DSC_2-edited.jpg"), exif("a/DSC_2.jpg")), TimeSource::Version);
    assert_eq!(source(undated("a/DSC_2-edited(1).jpg"), exif("a/dsc_2.JPG")), TimeSource::Version);
    assert_eq!(source(undated("a/DSC_2.jpg"), exif("a/DSC_2.NEF")), TimeSource::Version);
    assert_eq!(source(film("a/MVI_0102.AVI", 90), exif("a/MVI_0102.THM")), TimeSource::Version);
    let moving = |seconds| dated(film("a/IMG_5.MOV", seconds), TimeSource::Tag);
    assert_eq!(source(undated("a/IMG_5.jpg"), moving(3)), TimeSource::Version);
    assert_eq!(source(undated("a/IMG_5.jpg"), moving(30)), TimeSource::Neighbour);
    let live = |mut medium: Medium, id: &str| {
        medium.probe.live_id = Some(id.to_owned());
        medium
    };
    let of = |id| source(live(undated("a/IMG_5.jpg"), "ONE"), live(moving(3), id));
    assert_eq!((of("ONE"), of("OTHER")), (TimeSource::Version, TimeSource::Neighbour));
    assert_eq!(
        source(film("a/GX010001.MP4", 9), dated(film("a/GL010001.LRV", 9), TimeSource::Tag)),
        TimeSource::Version
    );
    // Proxies and thumbnails in other folders.
    let proxied = |of: &str, other: &str| source(film(of, 9), dated(film(other, 9), TimeSource::Tag));
    assert_eq!(proxied("DCIM/GX010001.MP4", "PROXY/GL010001.LRV"), TimeSource::Version);
    assert_eq!(proxied("PROXY/GL010001.LRV", "DCIM/GX010001.MP4"), TimeSource::Version);
    assert_eq!(proxied("M4ROOT/CLIP/C0001.MP4", "M4ROOT/SUB/C0001S03.MP4"), TimeSource::Version);
    assert_eq!(
        source(film("M4ROOT/CLIP/C0001.MP4", 9), exif("M4ROOT/THMBNL/C0001T01.JPG")),
        TimeSource::Version
    );
    assert_eq!(source(film("DCIM/DJI_0001.MP4", 9), exif("MISC/THM/DJI_0001.THM")), TimeSource::Version);
    assert_eq!(proxied("a/MVI_1.MP4", "b/MVI_1.MP4"), TimeSource::Neighbour);
    let other_length = dated(film("PROXY/GL010001.LRV", 12), TimeSource::Tag);
    assert_eq!(source(film("DCIM/GX010001.MP4", 9), other_length), TimeSource::Neighbour);
    // Other pictures.
    assert_eq!(source(undated("a/DSC_2(1).jpg"), exif("a/DSC_2.jpg")), TimeSource::Neighbour);
    assert_eq!(source(undated("a/DSC_2-edited.jpg"), exif("b/DSC_2.jpg")), TimeSource::Neighbour);
    assert_eq!(source(undated("a/DSC_20.jpg"), exif("a/DSC_2.jpg")), TimeSource::Neighbour);
    // A change or a day gives way, a clock of its own does not.
    let changed = dated(undated("a/DSC_2-edited.jpg"), TimeSource::Changed);
    assert_eq!(source(changed, exif("a/DSC_2.jpg")), TimeSource::Version);
    assert_eq!(source(undated("a/20240613-edited.jpg"), exif("a/20240613.jpg")), TimeSource::Version);
    assert_eq!(source(undated("a/20240612-edited.jpg"), exif("a/20240612.jpg")), TimeSource::Name);
    let clock = "a/IMG_20240608_120000";
    assert_eq!(
        source(undated(&format!("{clock}-edited.jpg")), exif(&format!("{clock}.jpg"))),
        TimeSource::Name
    );
    // A clock without a time corrects nothing.
    let mut shifted = undated("a/DSC_2-edited.jpg");
    shifted.known.clock_s = Some(HOUR);
    assert_eq!(source(shifted, exif("a/DSC_2.jpg")), TimeSource::Version);
    let mut said = undated("a/DSC_2-edited.jpg");
    said.known.taken = Some(CaptureTime::new(TEN, None, TimeSource::Spec));
    assert_eq!(source(said, exif("a/DSC_2.jpg")), TimeSource::Spec);
}

#[test]
fn a_proxy_of_two_clips_of_one_name_tells_nothing() {
    let film = |name: &str, taken: bool| {
        let mut medium = clip(name, 0, Time::from_secs(9));
        let time = CaptureTime::new(TEN + 5 * DAY, Some(120), TimeSource::Tag);
        medium.probe.taken = taken.then_some(time);
        medium
    };
    let source = |media: Vec<Medium>| {
        let movie = movie(media);
        capture_times(&recorded(&movie), &movie.cameras)[0].unwrap().source
    };
    let (clip, proxy) = (film("100/GX010001.MP4", false), film("PROXY/GL010001.LRV", true));
    assert_eq!(source(vec![clip.clone(), proxy.clone()]), TimeSource::Version);
    let other = film("101/GX010001.MP4", false);
    assert_eq!(source(vec![clip, proxy, other]), TimeSource::Neighbour);
}

#[test]
fn media_years_away_are_reported_by_camera() {
    let mut media = walk();
    media.push(camera("b/DSC_1.jpg", TEN - 3446 * DAY, "Canon EOS R7"));
    media.push(camera("b/DSC_2.jpg", TEN - 3446 * DAY + HOUR, "Canon EOS R7"));
    let mut movie = movie(media);
    let wanted = TimeRemark::YearsAway {
        media: movie.media[10..].iter().map(|medium| medium.path.clone()).collect(),
        camera: Some("Canon EOS R7".to_owned()),
        year: 2015,
        days: 3446,
    };
    assert_eq!(odd(&movie), [wanted]);
    movie.cameras = vec![CameraRule { name: "Canon EOS R7".into(), clock_s: Some(3446 * DAY), zone: None }];
    assert_eq!(odd(&movie), []);
}

#[test]
fn a_camera_whose_clock_was_reset_is_reported_however_many_media_it_took() {
    // The first of January 2015 at 00:00.
    const RESET: i64 = 1_420_070_400;
    for (right, wrong) in [(4, 4), (5, 2), (2, 6), (1, 1)] {
        let mut media: Vec<Medium> = walk().into_iter().take(right).collect();
        let reset = |at| camera(&format!("b/DSC_{at}.jpg"), RESET + at * MINUTE, "Olympus TG-5");
        media.extend((0..wrong).map(reset));
        let found = odd(&movie(media));
        assert!(
            matches!(&found[..], [TimeRemark::YearsAway { media, year: 2015, .. }] if media.len() == wrong as usize),
            "{right}, {wrong}: {found:?}"
        );
    }
    // A party of New Year by the same camera, a month before the rest, is none.
    let mut media = walk();
    media.push(phone("party.jpg", 1_704_067_200));
    assert_eq!(odd(&movie(media)), []);
}

#[test]
fn a_movie_of_many_years_is_no_mistake() {
    let media = (0..12).map(|year| phone(&format!("{year}.jpg"), TEN + year * 400 * DAY)).collect();
    assert_eq!(odd(&movie(media)), []);
}

#[test]
fn a_clip_alone_in_a_chapter_is_reported() {
    let mut media = walk();
    media.push(headed("clip.mp4", TEN + 9 * HOUR));
    let mut movie = movie(media);
    let path = movie.media[10].path.clone();
    assert_eq!(odd(&movie), [TimeRemark::AloneInChapter { path, camera: None, nearest_s: -8 * HOUR }]);
    movie.media[10].known.clock_s = Some(0);
    assert_eq!(odd(&movie), []);
}

#[test]
fn two_cameras_of_one_folder_that_never_overlap_are_reported() {
    let mut media: Vec<Medium> = walk();
    media.truncate(4);
    media.extend(
        (0..3).map(|at| camera(&format!("DSC_{at}.jpg"), TEN + 197 * MINUTE + at * MINUTE, "Canon EOS R7")),
    );
    let mut movie = movie(media);
    let cameras = ("Canon EOS R7".to_owned(), "Apple iPhone 15".to_owned());
    assert_eq!(odd(&movie), [TimeRemark::NeverTogether { cameras, apart_s: 137 * MINUTE }]);
    movie.cameras = vec![CameraRule { name: "Canon R7".into(), clock_s: Some(0), zone: None }];
    assert_eq!(odd(&movie), []);
    // Both state the same zone: their clocks were set alike.
    let mut zoned = self::movie(movie.media.clone());
    let zone = |movie: &mut Material, zone: Option<i16>| {
        movie.media.iter_mut().skip(4).for_each(|one| one.probe.taken.as_mut().unwrap().offset_min = zone);
    };
    zone(&mut zoned, Some(120));
    assert_eq!(odd(&zoned), []);
    zone(&mut zoned, Some(60));
    assert_eq!(odd(&zoned).len(), 1);
    // A raw photo and its JPEG count once.
    let mut pair = self::movie(walk().into_iter().take(4).collect());
    let copies = ["DSC_1.NEF", "DSC_1.jpg"];
    pair.media.extend(copies.map(|name| camera(name, TEN + 197 * MINUTE, "Canon EOS R7")));
    assert_eq!(odd(&pair), []);
    // Cameras of different folders may be of different days, but hardly of different hours.
    movie.cameras.clear();
    for (at, medium) in movie.media.iter_mut().enumerate().skip(4) {
        medium.path = mmm_base::MediaPath::new(&format!("other/{at}.jpg")).unwrap();
    }
    assert_eq!(odd(&movie).len(), 1);
    for medium in movie.media.iter_mut().skip(4) {
        medium.probe.taken.as_mut().unwrap().local_s += 2 * DAY;
    }
    assert_eq!(odd(&movie), []);
}
