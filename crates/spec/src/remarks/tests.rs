use proptest::prelude::*;

use super::{Remarks, SaidArea, xmp_remarks};

const SPACES: [(&str, &str); 16] = [
    ("x", "adobe:ns:meta/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("lr", "http://ns.adobe.com/lightroom/1.0/"),
    ("digiKam", "http://www.digikam.org/ns/1.0/"),
    ("xmpDM", "http://ns.adobe.com/xmp/1.0/DynamicMedia/"),
    ("MicrosoftPhoto", "http://ns.microsoft.com/photo/1.0/"),
    ("MP", "http://ns.microsoft.com/photo/1.2/"),
    ("MPRI", "http://ns.microsoft.com/photo/1.2/t/RegionInfo#"),
    ("MPReg", "http://ns.microsoft.com/photo/1.2/t/Region#"),
    ("mwg-rs", "http://www.metadataworkinggroup.com/schemas/regions/"),
    ("stArea", "http://ns.adobe.com/xmp/sType/Area#"),
    ("stDim", "http://ns.adobe.com/xap/1.0/sType/Dimensions#"),
    ("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
    ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
];

fn packet(attributes: &str, elements: &str) -> String {
    let spaces: String = SPACES.iter().map(|(name, space)| format!(" xmlns:{name}='{space}'")).collect();
    format!(
        "<?xpacket begin=''?><x:xmpmeta{spaces} xmlns:exif='http://ns.adobe.com/exif/1.0/' \
         xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/'><rdf:RDF><rdf:Description rdf:about='' \
         {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
}

fn read(attributes: &str, elements: &str) -> Remarks {
    xmp_remarks(&packet(attributes, elements)).unwrap()
}

fn bag(name: &str, entries: &[&str]) -> String {
    let entries: String = entries.iter().map(|entry| format!("<rdf:li>{entry}</rdf:li>")).collect();
    format!("<{name}><rdf:Bag>{entries}</rdf:Bag></{name}>")
}

fn sides(area: Option<SaidArea>) -> Option<[f64; 4]> {
    area.map(|area| [area.left, area.top, area.right, area.bottom].map(|side| side.get()))
}

#[test]
fn stars_labels_and_flags() {
    let judged = |attributes: &str| {
        let remarks = read(attributes, "");
        (remarks.stars, remarks.is_rejected, remarks.is_favourite)
    };
    assert_eq!(judged("xmp:Rating='4'"), (Some(4), false, false));
    assert_eq!(judged("xmp:Rating='-1'"), (None, true, false));
    assert_eq!(judged("xmp:Rating='0'"), (None, false, false));
    assert_eq!(judged("xmp:Rating='NaN'"), (None, false, false));
    assert_eq!(judged("xmp:Rating='5 stars'"), (None, false, false));
    assert_eq!(judged("xmp:Rating='3' digiKam:PickLabel='1'"), (Some(3), true, false));
    assert_eq!(judged("digiKam:PickLabel='3'"), (None, false, true));
    assert_eq!(judged("xmpDM:pick='-1'"), (None, true, false));
    assert_eq!(judged("xmpDM:pick='1'"), (None, false, true));
    assert_eq!(judged("xmp:Label='Rejected'"), (None, true, false));
    assert_eq!(judged("xmp:Label='Select'"), (None, false, true));
    assert_eq!(judged("xmp:Label='Red'"), (None, false, false));
    for (percent, stars) in [("1", 1), ("25", 2), ("50", 3), ("75", 4), ("99", 5), ("100", 5)] {
        assert_eq!(judged(&format!("MicrosoftPhoto:Rating='{percent}'")).0, Some(stars), "{percent}");
    }
    assert_eq!(judged("MicrosoftPhoto:Rating='0'"), (None, false, false));
    assert_eq!(read("", "<xmp:Rating> 5 </xmp:Rating>").stars, Some(5));
}

#[test]
fn keywords_of_all_programs_come_once() {
    let all = [
        bag("dc:subject", &["beach", "Lisbon", "beach"]),
        bag("lr:hierarchicalSubject", &["Places|Portugal|Lisbon"]),
        bag("digiKam:TagsList", &["Places/Portugal", "sea"]),
    ];
    let keywords = read("", &all.concat()).keywords;
    assert_eq!(keywords, ["beach", "Lisbon", "Places", "Portugal", "sea"]);
}

#[test]
fn titles_captions_and_places() {
    let alt = |name: &str, text: &str| {
        format!("<{name}><rdf:Alt><rdf:li xml:lang='x-default'>{text}</rdf:li></rdf:Alt></{name}>")
    };
    let place = "photoshop:City='Lisbon' photoshop:Country='Portugal' exif:GPSLatitude='38,42.5N' \
                 exif:GPSLongitude='9,8,6W'";
    let remarks = read(place, &(alt("dc:title", "The pier") + &alt("dc:description", "At\n the end")));
    assert_eq!(remarks.title.as_deref(), Some("The pier"));
    assert_eq!(remarks.caption.as_deref(), Some("At the end"));
    assert_eq!(remarks.place.as_deref(), Some("Lisbon, Portugal"));
    assert_eq!(remarks.position_e7, Some((387_083_333, -91_350_000)));
    assert_eq!(read("", &alt("dc:description", "OLYMPUS DIGITAL CAMERA")).caption, None);
    assert_eq!(read("exif:GPSLatitude='NaN,1N' exif:GPSLongitude='-3E'", "").position_e7, None);
}

/// Regions as Lightroom writes them: descriptions with attributes.
fn lightroom(regions: &str) -> String {
    format!(
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:AppliedToDimensions stDim:w='4000' stDim:h='3000' \
         stDim:unit='pixel'/><mwg-rs:RegionList><rdf:Bag>{regions}</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
}

fn region(name: &str, kind: &str, area: &str) -> String {
    format!(
        "<rdf:li><rdf:Description mwg-rs:Name='{name}' mwg-rs:Type='{kind}'><mwg-rs:Area {area}/>\
         </rdf:Description></rdf:li>"
    )
}

#[test]
fn faces_have_names_and_areas() {
    let area = "stArea:x='0.5' stArea:y='0.4' stArea:w='0.2' stArea:h='0.3' stArea:unit='normalized'";
    let pixels = "stArea:x='2000' stArea:y='1200' stArea:w='800' stArea:h='900' stArea:unit='pixel'";
    let all = [
        region("Anna", "Face", area),
        region("Bob", "Face", pixels),
        region("Rex", "Pet", area),
        region("", "Face", area),
    ];
    let remarks = read("", &lightroom(&all.concat()));
    assert_eq!(remarks.applied_to, Some((4000, 3000)));
    let found: Vec<_> =
        remarks.people.iter().map(|person| (person.name.as_str(), sides(person.area))).collect();
    let wanted = Some([0.4, 0.25, 0.6, 0.55]);
    assert_eq!(found, [("Anna", wanted), ("Bob", wanted)]);
    // The same as elements, in which a structure has no description.
    let elements = "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Seq>\
        <rdf:li rdf:parseType='Resource'><mwg-rs:Area rdf:parseType='Resource'><stArea:x>0.5</stArea:x>\
        <stArea:y>0.4</stArea:y><stArea:w>0.2</stArea:w><stArea:h>0.3</stArea:h></mwg-rs:Area>\
        <mwg-rs:Name>Anna</mwg-rs:Name></rdf:li></rdf:Seq></mwg-rs:RegionList></mwg-rs:Regions>";
    let remarks = read("", elements);
    assert_eq!((remarks.people[0].name.as_str(), sides(remarks.people[0].area)), ("Anna", wanted));
}

#[test]
fn people_of_other_vocabularies() {
    let microsoft = "<MP:RegionInfo><rdf:Description><MPRI:Regions><rdf:Bag><rdf:li><rdf:Description \
        MPReg:Rectangle='0.1, 0.2, 0.3, 0.4' MPReg:PersonDisplayName='Carla'/></rdf:li></rdf:Bag>\
        </MPRI:Regions></rdf:Description></MP:RegionInfo>";
    let details = "<Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li rdf:parseType='Resource'>\
        <Iptc4xmpExt:PersonName><rdf:Alt><rdf:li>Eve</rdf:li></rdf:Alt></Iptc4xmpExt:PersonName></rdf:li>\
        </rdf:Bag></Iptc4xmpExt:PersonInImageWDetails>";
    let all = [microsoft.to_owned(), bag("Iptc4xmpExt:PersonInImage", &["Dan", "Carla"]), details.to_owned()];
    let people = read("", &all.concat()).people;
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Carla", "Dan", "Eve"]);
    assert_eq!(sides(people[0].area), Some([0.1, 0.2, 0.4, 0.6]));
}

#[test]
fn broken_regions_keep_the_name() {
    for area in [
        "",
        "stArea:x='NaN' stArea:y='0.4' stArea:w='0.2' stArea:h='0.3'",
        "stArea:x='1.7' stArea:y='0.4' stArea:w='0.2' stArea:h='0.3'",
        "stArea:x='0.5' stArea:y='0.4' stArea:w='-0.2' stArea:h='0.3'",
        "stArea:x='0.5' stArea:y='0.4' stArea:w='1e300' stArea:h='0.3'",
        "stArea:x='half' stArea:y='0.4' stArea:w='0.2' stArea:h='0.3'",
    ] {
        let people = read("", &lightroom(&region("Anna", "Face", area))).people;
        assert_eq!((people.len(), people[0].name.as_str(), people[0].area), (1, "Anna", None), "{area}");
    }
    // Pixels of an unknown picture.
    let odd = lightroom(&region(
        "Anna",
        "Face",
        "stArea:x='5' stArea:y='4' stArea:w='2' stArea:h='3' stArea:unit='pixel'",
    ));
    let odd = odd.replace("stDim:w='4000'", "stDim:w='NaN'");
    assert_eq!(read("", &odd).people[0].area, None);
}

#[test]
fn the_file_that_it_is_about_is_named() {
    let name = |attributes: &str| read(attributes, "").file_name;
    assert_eq!(name("crs:RawFileName='IMG_1.CR2'").as_deref(), Some("IMG_1.CR2"));
    assert_eq!(name("crs:RawFileName='xmp.did:0f3e.12'"), None);
    assert_eq!(name("xmp:Rating='3'"), None);
}

#[test]
fn what_is_no_xmp_or_hostile_says_nothing() {
    let packet = packet("xmp:Rating='4'", "");
    let bomb = format!("<!DOCTYPE a [<!ENTITY b 'x'>]>{}", packet.replace("'4'", "'&b;'"));
    for wrong in ["", "<", "{}", "<a/>", &packet[..packet.len() / 2], &"<a>".repeat(100_000), &bomb] {
        assert_eq!(xmp_remarks(wrong), None);
    }
    // The XMP of a picture that went into this one.
    let pantry = "<photoshop:Pantry><rdf:Bag><rdf:li><rdf:Description xmp:Rating='5'/></rdf:li></rdf:Bag>\
                  </photoshop:Pantry>";
    assert_eq!(read("", pantry), Remarks::default());
}

proptest! {
    #[test]
    fn no_value_is_a_panic(x in "\\PC{0,12}", y in any::<f64>(), name in "[a-z|/,.:]{0,12}") {
        let clean = |text: &str| text.replace(['&', '<', '\'', '"'], "");
        let area = format!("stArea:x='{y}' stArea:y='{}' stArea:w='{y}' stArea:h='0.1'", clean(&x));
        let rest = lightroom(&region(&name, "Face", &area));
        let attributes = format!("xmp:Rating='{y}' MicrosoftPhoto:Rating='{y}' exif:GPSLatitude='{}' \
            crs:RawFileName='{name}'", clean(&x));
        xmp_remarks(&packet(&attributes, &rest));
    }
}
