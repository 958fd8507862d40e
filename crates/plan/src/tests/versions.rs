use std::collections::BTreeSet;

use crate::{plan, words};
use mmm_base::{CaptureTime, Rate, Time};
use mmm_facts::{
    BetterTwin, EditPlan, Issue, Kept, LeftOutCause, Material, Medium, PictureHash, VersionKind,
    sample::{clip, clip_facts, material, photo, photo_facts, set_appeal, set_quality},
};
use mmm_spec::{Length, Role};

/// 2023-07-14T09:00:00.
const NINE: i64 = 1_689_325_200;

/// Returns the plan of the media among ten photos of other things.
#[track_caller]
fn planned(media: &[Medium]) -> EditPlan {
    let mut material = material(10, 120_000);
    material.media.extend(media.iter().cloned());
    let plan = plan(&material).unwrap();
    super::laws::hold(&material, &plan);
    // The order in which media are listed decides nothing.
    let mut turned = material.clone();
    turned.media.reverse();
    if media.iter().all(|medium| medium.probe.taken.is_some()) {
        assert_eq!(shown(&crate::plan(&turned).unwrap(), media), shown(&plan, media));
    }
    plan
}

/// Returns which of the media a plan shows, in their order.
fn shown(plan: &EditPlan, media: &[Medium]) -> Vec<String> {
    let is_shown = |medium: &&Medium| plan.shots.iter().any(|shot| shot.source.path == medium.path);
    media.iter().filter(is_shown).map(|medium| medium.path.to_string()).collect()
}

#[track_caller]
fn shows(media: &[Medium], wanted: &[&str]) {
    assert_eq!(shown(&planned(media), media), wanted);
}

fn reason(plan: &EditPlan, path: &str) -> String {
    let left = plan.left_out.iter().find(|left| left.source.as_str() == path);
    left.map_or_else(|| "shown".to_owned(), |left| words::left_out(&left.cause))
}

#[track_caller]
fn explains(media: &[Medium], path: &str, wanted: &str) {
    assert_eq!(reason(&planned(media), path), wanted);
}

/// Sets the size of the picture, with the bytes of a JPEG of that size.
fn sized(mut medium: Medium, width: u32, height: u32) -> Medium {
    let picture = medium.probe.picture.as_mut().unwrap();
    (picture.width, picture.height) = (width, height);
    medium.probe.bytes = u64::from(width) * u64::from(height) / 3;
    medium
}

fn at(mut medium: Medium, seconds: i64, offset_min: Option<i16>) -> Medium {
    medium.probe.taken = Some(CaptureTime::new(NINE + seconds, offset_min, mmm_base::TimeSource::Exif));
    medium
}

fn required(mut medium: Medium) -> Medium {
    medium.known.required = true;
    medium
}

fn flawed(mut medium: Medium, issue: Issue) -> Medium {
    match &mut medium.facts {
        mmm_facts::Facts::Photo(facts) => facts.issues = vec![issue],
        _ => clip_facts(&mut medium).picture.issues = vec![issue],
    }
    medium
}

/// Returns a photo that shows the picture of a number.
fn picture(name: &str, number: u64) -> Medium {
    let mut medium = photo(name, 0);
    photo_facts(&mut medium).hash = PictureHash(mmm_facts::sample::noise(number));
    medium
}

/// Returns a clip of four pictures, each shown for a quarter of it.
fn film(name: &str, number: u64, millis: i64) -> Medium {
    let mut medium = clip(name, 0, Time::from_millis(millis));
    let samples = &mut clip_facts(&mut medium).picture.samples;
    let count = samples.len() as u64;
    for (at, sample) in samples.iter_mut().enumerate() {
        sample.hash = PictureHash(mmm_facts::sample::noise(number * 10 + at as u64 * 4 / count));
    }
    medium
}

/// Returns an original and a messenger's copy of it, which looks sharper.
fn original_and_copy() -> [Medium; 2] {
    let original = at(sized(picture("a.jpg", 1), 2000, 1334), 0, Some(120));
    let mut copy = sized(picture("z_640.jpg", 1), 640, 427);
    photo_facts(&mut copy).hash.0 ^= 0b101;
    set_quality(&mut copy, 0.99);
    [original, copy]
}

#[test]
fn the_copy_with_clearly_more_pixels_is_shown() {
    let [original, copy] = original_and_copy();
    shows(&[original.clone(), copy.clone()], &["a.jpg"]);
    explains(&[original.clone(), copy.clone()], "z_640.jpg", "copy of a.jpg, which has more pixels");
    for seconds in [0, 5, 3600, 40 * 86_400, -86_400] {
        let mut copy = at(copy.clone(), seconds, None);
        // Copies of other cameras' photos are no burst.
        copy.probe.camera = Some("a messenger".to_owned());
        shows(&[original.clone(), copy], &["a.jpg"]);
    }
    // Several sizes of one picture.
    let sizes: Vec<Medium> = [(1600, 1067), (1280, 854), (960, 640), (640, 427)]
        .into_iter()
        .map(|(width, height)| {
            let mut copy = sized(picture(&format!("copy/{width}.jpg"), 1), width, height);
            set_quality(&mut copy, 0.95);
            copy
        })
        .chain([original.clone()])
        .collect();
    shows(&sizes, &["a.jpg"]);
    explains(&sizes, "copy/640.jpg", "copy of a.jpg, which has more pixels");
    // An eighth on each side is more, a twentieth isn't.
    let near = |width, height| at(sized(picture("near.jpg", 1), width, height), 0, Some(120));
    explains(&[original.clone(), near(1780, 1187)], "near.jpg", "copy of a.jpg, which has more pixels");
    let mut better = near(1900, 1267);
    set_quality(&mut better, 0.9);
    explains(&[original, better], "a.jpg", "near-duplicate of near.jpg, which is sharper");
}

#[test]
fn an_issue_of_the_larger_copy_alone_turns_the_choice() {
    let [original, copy] = original_and_copy();
    let blurred = flawed(original.clone(), Issue::Blurred);
    shows(&[blurred.clone(), copy.clone()], &["z_640.jpg"]);
    explains(&[blurred.clone(), copy.clone()], "a.jpg", "copy of z_640.jpg, which has no flaw");
    let media = [blurred, flawed(copy, Issue::Small)];
    let plan = planned(&media);
    assert_eq!(reason(&plan, "z_640.jpg"), "copy of a.jpg, which has more pixels and is left out too");
    assert_eq!(reason(&plan, "a.jpg"), "blurred");
}

#[test]
fn the_spec_overrules_what_is_better() {
    let [original, copy] = original_and_copy();
    let media = [original.clone(), required(copy.clone())];
    shows(&media, &["z_640.jpg"]);
    explains(&media, "a.jpg", "copy of z_640.jpg, which is required");
    shows(&[required(original.clone()), required(copy.clone())], &["a.jpg", "z_640.jpg"]);
    for role in [Role::Opening, Role::Ending, Role::Highlight] {
        let mut copy = copy.clone();
        copy.known.role = Some(role);
        shows(&[original.clone(), copy], &["z_640.jpg"]);
    }
    let pair = [at(picture("p.HEIC", 2), 0, None), at(film("p.MOV", 3, 2900), 0, None)];
    shows(&[pair[0].clone(), required(pair[1].clone())], &["p.MOV"]);
    shows(&[required(pair[0].clone()), required(pair[1].clone())], &["p.HEIC", "p.MOV"]);
    let edit = [at(picture("e.jpg", 4), 0, None), at(picture("e-edited.jpg", 5), 0, None)];
    let media = [required(edit[0].clone()), edit[1].clone()];
    explains(&media, "e-edited.jpg", "edit of e.jpg, which is required");
    let proxy = [at(film("x.mp4", 6, 9000), 0, None), required(at(film("x_proxy.mp4", 6, 9000), 0, None))];
    explains(&proxy, "x.mp4", "shown by its proxy x_proxy.mp4, which is required");
}

#[test]
fn copies_are_not_shown_even_if_nothing_else_is_left() {
    let [original, copy] = original_and_copy();
    let similar = |bits: u64| {
        let mut other = at(sized(picture("similar.jpg", 1), 2000, 1334), 86_400, Some(120));
        photo_facts(&mut other).hash.0 ^= bits;
        other
    };
    let mut material = material(0, 120_000);
    material.media = vec![original, copy, similar(0x3f_0000_0000)];
    material.settings.duration = Length::Exact(Time::from_secs(35));
    let plan = plan(&material).unwrap();
    assert_eq!(shown(&plan, &material.media), ["a.jpg", "similar.jpg"]);
}

#[test]
fn different_pictures_are_not_copies() {
    let [original, copy] = original_and_copy();
    // One camera, four seconds apart: a burst, of which the better one stays.
    let later = at(copy.clone(), 4, Some(120));
    explains(&[original.clone(), later], "a.jpg", "near-duplicate of z_640.jpg, which is sharper");
    // Another shape.
    let square = sized(copy.clone(), 640, 640);
    explains(&[original.clone(), square], "a.jpg", "near-duplicate of z_640.jpg, which is sharper");
    let mut other = copy.clone();
    photo_facts(&mut other).hash.0 ^= 0xff_0000;
    explains(&[original.clone(), other], "a.jpg", "near-duplicate of z_640.jpg, which is sharper");
    shows(&[original, sized(picture("z_640.jpg", 2), 640, 427)], &["a.jpg", "z_640.jpg"]);
    let black = |name: &str, width| flawed(sized(picture(name, 1), width, width), Issue::Empty);
    let plan = planned(&[black("black.jpg", 2000), black("covered.jpg", 600)]);
    assert!(!reason(&plan, "covered.jpg").contains("copy"), "{}", reason(&plan, "covered.jpg"));
}

#[test]
fn of_equal_copies_the_one_that_says_more_is_shown() {
    let original = at(sized(picture("a/IMG_1.jpg", 1), 2000, 1500), 0, Some(0));
    let mut resaved = sized(picture("b/resaved.jpg", 1), 2000, 1500);
    set_quality(&mut resaved, 0.9);
    explains(
        &[original.clone(), resaved],
        "b/resaved.jpg",
        "copy of a/IMG_1.jpg, which says when it was taken",
    );
    let mut squeezed = at(sized(picture("b/IMG_1.jpg", 1), 2000, 1500), 0, Some(0));
    squeezed.probe.bytes /= 3;
    set_quality(&mut squeezed, 0.9);
    explains(&[original.clone(), squeezed], "b/IMG_1.jpg", "copy of a/IMG_1.jpg, which is less compressed");
    // An album of an export repeats the original of an edit.
    let again = at(sized(picture("album/IMG_1.jpg", 1), 2000, 1500), 0, Some(0));
    let edit = at(sized(picture("a/IMG_1-edited.jpg", 9), 1000, 1000), 0, Some(0));
    shows(&[original, edit, again], &["a/IMG_1-edited.jpg"]);
}

#[test]
fn the_files_of_a_pair_are_shown_as_the_photo() {
    for (still, moving) in [
        ("IMG_1234.HEIC", "IMG_1234.MOV"),
        ("IMG_1234.HEIC", "IMG_1234_HEVC.MOV"),
        ("IMG_1234.HEIC", "IMG_1234.HEIC.MP4"),
        ("IMG_1234.JPG", "IMG_1234.JPG.MP4"),
        ("img_1234.heic", "IMG_1234.MOV"),
        ("IMG_1234.heic", "img_1234_hevc.mov"),
        ("IMG_1234(1).HEIC", "IMG_1234(1).MOV"),
        ("PXL_20230714_090000123.MP.jpg", "PXL_20230714_090000123.MP"),
        ("PXL_20230714_090000123.MP.jpg", "PXL_20230714_090000123.MP.mp4"),
        ("MVIMG_20230714_090000.jpg", "MVIMG_20230714_090000.MP4"),
    ] {
        let (still, moving) = (format!("d/{still}"), format!("d/{moving}"));
        let mut lively = film(&moving, 2, 2900);
        set_quality(&mut lively, 0.9);
        let said = format!("clip that belongs to the photo {still}");
        let zoned = [at(picture(&still, 1), 0, Some(120)), at(lively.clone(), -7199, Some(0))];
        explains(&zoned, &moving, &said);
        explains(&[picture(&still, 1), lively.clone()], &moving, &said);
        explains(&[at(picture(&still, 1), 0, Some(120)), lively.clone()], &moving, &said);
        // The photo has no zone, or the camera wrote local time into the clip.
        explains(&[at(picture(&still, 1), 0, None), at(lively.clone(), -7199, Some(0))], &moving, &said);
        explains(&[at(picture(&still, 1), 0, Some(120)), at(lively, 1, Some(0))], &moving, &said);
    }
}

#[test]
fn a_clip_that_shows_the_photo_is_its_pair_whatever_its_name() {
    let mut moving = at(film("Trim 1.mov", 2, 2900), 1, Some(120));
    set_quality(&mut moving, 0.9);
    let mut still = at(picture("IMG_7.HEIC", 1), 0, Some(120));
    let seen = |bits: u64| PictureHash(mmm_facts::sample::noise(21) ^ bits);
    photo_facts(&mut still).hash = seen(0x7f);
    explains(&[still.clone(), moving.clone()], "Trim 1.mov", "clip that belongs to the photo IMG_7.HEIC");
    // Without a time, the picture must be the same.
    moving.probe.taken = None;
    shows(&[still.clone(), moving.clone()], &["IMG_7.HEIC", "Trim 1.mov"]);
    photo_facts(&mut still).hash = seen(1);
    shows(&[still.clone(), moving.clone()], &["IMG_7.HEIC"]);
    // The name and the time, in another folder.
    let apart =
        [at(picture("p/IMG_8.HEIC", 1), 0, Some(120)), at(film("v/IMG_8.MOV", 2, 2900), 1, Some(120))];
    shows(&apart, &["p/IMG_8.HEIC"]);
    // A longer clip has a beginning and an end of its own.
    let long = at(film("Trim 1.mov", 2, 9000), 1, Some(120));
    assert!(planned(&[still, long]).shots.iter().any(|shot| shot.source.path.as_str() == "Trim 1.mov"));
}

#[test]
fn the_clip_of_a_pair_is_shown_if_only_the_photo_has_an_issue() {
    let (still, moving) = (at(picture("a.HEIC", 1), 0, None), at(film("a.MOV", 2, 2900), 0, None));
    let media = [flawed(still.clone(), Issue::Blurred), moving.clone()];
    shows(&media, &["a.MOV"]);
    explains(&media, "a.HEIC", "photo that belongs to the clip a.MOV, which has no flaw");
    let media = [flawed(still.clone(), Issue::Blurred), flawed(moving.clone(), Issue::Shaky)];
    explains(&media, "a.MOV", "clip that belongs to the photo a.HEIC, which is left out too");
    // A copy of the photo comes before the clip.
    let copy = sized(picture("WhatsApp.jpg", 1), 1600, 1200);
    shows(&[flawed(still, Issue::Blurred), moving, copy], &["WhatsApp.jpg"]);
}

#[test]
fn files_that_share_a_name_by_chance_are_no_pair() {
    let still = at(picture("DSC_0001.JPG", 1), 0, Some(120));
    let both = ["DSC_0001.JPG", "DSC_0001.MOV"];
    shows(&[still.clone(), at(film("DSC_0001.MOV", 2, 9000), 0, Some(120))], &both);
    shows(&[still.clone(), at(film("DSC_0001.MOV", 2, 3000), 3 * 3600 + 400, Some(120))], &both);
    shows(&[still.clone(), at(film("DSC_0001.MOV", 2, 3000), 5 * 86_400, Some(0))], &both);
    shows(&[still.clone(), film("other/DSC_0001.MOV", 2, 3000)], &["DSC_0001.JPG", "other/DSC_0001.MOV"]);
    shows(&[still.clone(), film("DSC_0001(1).MOV", 2, 3000)], &["DSC_0001.JPG", "DSC_0001(1).MOV"]);
    // A clip that was written anew has another time, but shows the photo.
    let mut seen = still;
    photo_facts(&mut seen).hash = PictureHash(mmm_facts::sample::noise(22) ^ 0xff);
    shows(&[seen, at(film("DSC_0001.MOV", 2, 3000), 5 * 86_400, Some(0))], &["DSC_0001.JPG"]);
}

#[test]
fn an_edit_is_shown_instead_of_its_original() {
    for (original, edit) in [
        ("IMG_1002.JPG", "IMG_E1002.JPG"),
        ("IMG_1002.HEIC", "IMG_E1002.JPG"),
        ("IMG_1.jpg", "IMG_1-edited.jpg"),
        ("IMG_1.jpg", "IMG_1-bearbeitet.jpg"),
        ("IMG_1.jpg", "IMG_1-modifié.jpg"),
        ("IMG_1.jpg", "IMG_1-modificato.jpg"),
        ("IMG_1.jpg", "IMG_1-ha editado.jpg"),
        ("IMG_1.jpg", "img_1~2.jpg"),
        ("IMG_1.jpg", "IMG_1 (edited).jpg"),
        ("IMG_1.jpg", "IMG_1_edit.jpg"),
        ("IMG_1.NEF", "IMG_1-Edit.tif"),
        ("IMG_1.jpg", "IMG_1-edited(1).jpg"),
        ("IMG_1(1).jpg", "IMG_1-edited(1).jpg"),
        ("PXL_1.MP.jpg", "PXL_1.MP~2.jpg"),
    ] {
        let (original, edit) = (format!("d/{original}"), format!("d/{edit}"));
        // Black and white, cropped and mirrored: another picture, smaller and worse.
        let mut changed = sized(picture(&edit, 2), 380, 380);
        set_quality(&mut changed, 0.2);
        let said = format!("edited as {edit}");
        explains(&[picture(&original, 1), changed.clone()], &original, &said);
        let dated = [at(picture(&original, 1), 0, Some(120)), at(changed.clone(), 0, Some(120))];
        explains(&dated, &original, &said);
        explains(&[at(picture(&original, 1), 0, Some(120)), changed.clone()], &original, &said);
        // A day is no time.
        let mut day = changed.clone();
        let midnight = CaptureTime::new(NINE - 9 * 3600, None, mmm_base::TimeSource::Iptc);
        day.probe.taken = Some(CaptureTime { day_only: true, ..midnight });
        explains(&[at(picture(&original, 1), 0, Some(120)), day], &original, &said);
        // Nor is the last change.
        let mut saved = changed.clone();
        saved.probe.taken = Some(CaptureTime::new(NINE + 5000, None, mmm_base::TimeSource::Changed));
        explains(&[at(picture(&original, 1), 0, Some(120)), saved], &original, &said);
        // Taken at another time, it is another photo.
        let other = [at(picture(&original, 1), 0, Some(120)), at(changed, 5000, Some(120))];
        shows(&other, &[&original, &edit]);
    }
}

#[test]
fn everything_that_belongs_to_an_edited_photo_is_one_shot() {
    let media = [
        at(picture("IMG_1002.HEIC", 1), 0, Some(120)),
        at(film("IMG_1002.MOV", 2, 2900), 0, Some(120)),
        at(picture("IMG_E1002.HEIC", 3), 0, Some(120)),
        at(film("IMG_E1002.MOV", 4, 2900), 0, Some(120)),
        sized(picture("WhatsApp Image.jpg", 1), 1600, 1200),
    ];
    let plan = planned(&media);
    assert_eq!(shown(&plan, &media), ["IMG_E1002.HEIC"]);
    assert_eq!(reason(&plan, "IMG_1002.HEIC"), "edited as IMG_E1002.HEIC");
    assert_eq!(reason(&plan, "IMG_E1002.MOV"), "clip that belongs to the photo IMG_E1002.HEIC");
    let belongs = "clip that belongs to the photo IMG_1002.HEIC, which is left out too";
    assert_eq!(reason(&plan, "IMG_1002.MOV"), belongs);
    let copy = "copy of IMG_1002.HEIC, which has more pixels and is left out too";
    assert_eq!(reason(&plan, "WhatsApp Image.jpg"), copy);
    // Without the photos, the edited clip.
    let clips = [at(film("IMG_1002.MOV", 2, 9000), 0, None), at(film("IMG_E1002.MOV", 4, 9000), 0, None)];
    explains(&clips, "IMG_1002.MOV", "edited as IMG_E1002.MOV");
}

#[test]
fn the_latest_edit_is_shown_and_its_issues_do_not_matter() {
    let media = [picture("a.jpg", 1), picture("a~2.jpg", 2), picture("a~3.jpg", 3)];
    shows(&media, &["a~3.jpg"]);
    explains(&media, "a~2.jpg", "edited as a~3.jpg");
    let media = [picture("a.jpg", 1), flawed(picture("a-edited.jpg", 2), Issue::Underexposed)];
    let plan = planned(&media);
    assert_eq!(reason(&plan, "a.jpg"), "edited as a-edited.jpg, which is left out too");
}

#[test]
fn names_that_only_look_alike_are_no_edits() {
    let media = [picture("a.jpg", 1), picture("credited.jpg", 2), picture("other/a-edited.jpg", 3)];
    shows(&media, &["a.jpg", "credited.jpg", "other/a-edited.jpg"]);
    let media = [picture("a(1).jpg", 1), picture("a.jpg", 2), picture("a-edited.jpg", 3)];
    shows(&media, &["a(1).jpg", "a-edited.jpg"]);
}

#[test]
fn a_proxy_or_thumbnail_is_left_out_beside_its_clip() {
    for (source, proxy) in [
        ("GX010123.MP4", "GL010123.LRV"),
        ("GOPR0123.MP4", "GOPR0123.LRV"),
        ("DJI_0001.MP4", "DJI_0001.LRF"),
        ("name.mp4", "name_proxy.mp4"),
        ("name.mov", "name.proxy.mov"),
        ("name.mov", "Proxy/NAME.mov"),
        ("CLIP/C0001M01.MP4", "SUB/C0001S03.MP4"),
        ("VID_20230501_120000_00_001.mp4", "LRV_20230501_120000_11_001.lrv"),
        ("S1.mov", "S_S1.mov"),
    ] {
        // The colours of a proxy may differ so much that its hashes do.
        let mut small = sized(film(proxy, 2, 9010), 640, 480);
        set_quality(&mut small, 0.9);
        let media = [sized(film(source, 1, 9000), 3840, 2880), small];
        explains(&media, proxy, &format!("proxy of {source}"));
        // Its clip may be blurred; the proxy is the same picture.
        let media = [flawed(media[0].clone(), Issue::Blurred), media[1].clone()];
        assert!(!shown(&planned(&media), &media).contains(&proxy.to_owned()), "{proxy}");
        // Another length is another clip.
        let media = [film(source, 1, 12_000), film(proxy, 2, 9000)];
        shows(&media, &[source, proxy]);
    }
    let thumbnail = flawed(sized(picture("GX010123.THM", 3), 160, 120), Issue::Small);
    explains(&[film("GX010123.MP4", 1, 60_000), thumbnail], "GX010123.THM", "thumbnail of GX010123.MP4");
    let thumbnail = sized(picture("mvi_0102.thm", 3), 960, 540);
    explains(&[film("MVI_0102.AVI", 1, 3000), thumbnail], "mvi_0102.thm", "thumbnail of MVI_0102.AVI");
}

#[test]
fn a_smaller_copy_of_a_clip_is_found_by_its_content() {
    let mut original = sized(film("a.mp4", 1, 8000), 1920, 1440);
    original.probe.picture.as_mut().unwrap().rate = Some(Rate(30, 1));
    let mut copy = sized(film("VID-20230714-WA0001.mp4", 1, 8040), 640, 480);
    // The best windows of the two may differ.
    set_appeal(clip_facts(&mut copy), (5.5, 8.0), 1.0);
    set_appeal(clip_facts(&mut original), (0.0, 2.5), 1.0);
    set_quality(&mut copy, 0.9);
    let said = "copy of a.mp4, which has more pixels";
    explains(&[original.clone(), copy.clone()], "VID-20230714-WA0001.mp4", said);
    let other_days = [at(original.clone(), 0, Some(0)), at(copy.clone(), 86_400, Some(0))];
    explains(&other_days, "VID-20230714-WA0001.mp4", said);
    shows(&[flawed(original.clone(), Issue::Blurred), copy.clone()], &["VID-20230714-WA0001.mp4"]);
    // Another take of the same length, and the same take cut shorter.
    let both = ["a.mp4", "b.mp4"];
    shows(&[original.clone(), sized(film("b.mp4", 2, 8000), 640, 480)], &both);
    let mut shorter = sized(film("b.mp4", 1, 6000), 640, 480);
    set_appeal(clip_facts(&mut shorter), (3.5, 6.0), 1.0);
    shows(&[original, shorter], &both);
}

#[test]
fn a_raw_photo_is_left_out_beside_its_jpeg() {
    for format in ["dng", "nef", "cr3", "arw", "pef", "orf", "rw2", "raf", "cr2"] {
        let mut raw = at(picture(&format!("DSC_1.{}", format.to_uppercase()), 1), 0, None);
        raw.probe.format = format.to_owned();
        set_quality(&mut raw, 0.95);
        let path = raw.path.to_string();
        let jpeg = at(sized(picture("DSC_1.JPG", 2), 1600, 1200), 0, None);
        explains(&[jpeg.clone(), raw.clone()], &path, "raw photo of DSC_1.JPG");
        let media = [flawed(jpeg.clone(), Issue::Small), raw.clone()];
        explains(&media, "DSC_1.JPG", &format!("also there as the raw photo {path}, which has no flaw"));
        explains(
            &[jpeg.clone(), required(raw.clone())],
            "DSC_1.JPG",
            &format!("also there as the raw photo {path}, which is required"),
        );
        shows(&[sized(picture("other.JPG", 2), 1600, 1200), raw.clone()], &["other.JPG", &path]);
        // Two cards: other folders, the same picture.
        let card = at(picture("JPG/DSC_1.JPG", 1), 0, None);
        explains(&[card, raw], &path, "raw photo of JPG/DSC_1.JPG");
    }
}

#[test]
fn a_locked_plan_replaces_a_copy_when_the_original_arrives() {
    let [original, copy] = original_and_copy();
    let mut material = material(10, 120_000);
    material.media.push(at(copy, 3600, Some(120)));
    let before = plan(&material).unwrap();
    let known: BTreeSet<_> = material.media.iter().map(|medium| medium.path.clone()).collect();
    let after = |material: &Material| plan(material).unwrap();
    assert!(before.shots.iter().any(|shot| shot.source.path.as_str() == "z_640.jpg"));
    material.kept = Some(Kept::of(&before, known));
    material.media.push(original);
    let after = after(&material);
    let now: Vec<&str> = after.shots.iter().map(|shot| shot.source.path.as_str()).collect();
    assert!(now.contains(&"a.jpg") && !now.contains(&"z_640.jpg"), "{now:?}");
    assert_eq!(after.shots.len(), before.shots.len());
}

#[test]
fn reasons_are_values() {
    let [original, copy] = original_and_copy();
    let plan = planned(&[original.clone(), copy]);
    let left = plan.left_out.iter().find(|left| left.source.as_str() == "z_640.jpg").unwrap();
    let wanted = LeftOutCause::Version {
        of: original.path,
        version: VersionKind::Copy,
        how: Some(BetterTwin::Larger),
        shown: true,
    };
    assert_eq!(left.cause, wanted);
    let json = serde_json::to_value(&left.cause).unwrap();
    let text = r#"{"kind":"version","of":"a.jpg","version":"copy","how":"larger","shown":true}"#;
    assert_eq!(json, serde_json::from_str::<serde_json::Value>(text).unwrap());
}
