use mmm_base::{CaptureTime, TimeSource};
use roxmltree::Node;

use super::super::xmp_packet::{XmpName, XmpPacket};
use super::written::date_text;

const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// The properties that say when a medium was taken, in the order in which they are believed. Other dates,
/// such as `xmp:ModifyDate`, are those of edits.
const PROPERTIES: [XmpName; 4] = [
    (EXIF, "DateTimeOriginal"),
    (PHOTOSHOP, "DateCreated"),
    (XMP, "CreateDate"),
    (EXIF, "DateTimeDigitized"),
];

/// Returns when a medium was taken, according to its XMP: the packet in it or the file beside it.
pub fn xmp_time(xml: &str, source: TimeSource) -> Option<CaptureTime> {
    let packet = XmpPacket::parse(xml)?;
    let own = packet.own()?;
    let found = PROPERTIES
        .iter()
        .find_map(|&name| own.iter().flat_map(|node| values(*node, name)).find_map(date_text))?;
    Some(found.from_source(source))
}

/// Returns the texts of a property of `node`, which may be an attribute or an element.
fn values<'a>(node: Node<'a, 'a>, name: XmpName) -> impl Iterator<Item = &'a str> {
    let elements = node.children().filter(move |child| child.has_tag_name(name));
    let texts = elements.filter_map(|child| {
        child.descendants().filter_map(|node| node.text()).find(|text| !text.trim().is_empty())
    });
    node.attribute(name).into_iter().chain(texts)
}

#[cfg(test)]
mod tests {
    use super::super::super::xmp_packet::RDF;
    use super::*;

    /// 1 March 2020 at 12:00.
    const NOON: i64 = 1_583_064_000;

    fn packet(attributes: &str, elements: &str) -> String {
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
             <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"{RDF}\">\
             <rdf:Description rdf:about=\"\" xmlns:exif=\"{EXIF}\" xmlns:p=\"{PHOTOSHOP}\" xmlns:xmp=\"{XMP}\" \
             {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>\n   <?xpacket end=\"w\"?>\0\0"
        )
    }

    fn read(attributes: &str, elements: &str) -> Option<(i64, Option<i16>, bool)> {
        let time = xmp_time(&packet(attributes, elements), TimeSource::Xmp)?;
        assert_eq!(time.source, TimeSource::Xmp);
        Some((time.local_s, time.offset_min, time.day_only))
    }

    #[test]
    fn properties_are_attributes_or_elements_with_any_prefix() {
        let noon = Some((NOON, Some(60), false));
        assert_eq!(read("exif:DateTimeOriginal='2020-03-01T12:00:00+01:00'", ""), noon);
        assert_eq!(read("", "<exif:DateTimeOriginal>2020-03-01T12:00+01:00</exif:DateTimeOriginal>"), noon);
        assert_eq!(read("", "<p:DateCreated> 2020-03-01T12:00:00.5+01:00 </p:DateCreated>"), noon);
        let qualified = "<xmp:CreateDate rdf:parseType='Resource'><rdf:value>2020-03-01T12:00:00+01:00\
                         </rdf:value></xmp:CreateDate>";
        assert_eq!(read("", qualified), noon);
        assert_eq!(read("xmp:CreateDate='2020-03-01T12:00:00'", ""), Some((NOON, None, false)));
        assert_eq!(read("p:DateCreated='2020-03-01'", ""), Some((NOON - 43_200, None, true)));
    }

    #[test]
    fn the_exposure_comes_first_and_edits_never() {
        let all = "xmp:ModifyDate='2024-01-01T00:00:00' xmp:MetadataDate='2024-01-01T00:00:00' \
                   xmp:CreateDate='2020-03-03T12:00:00' p:DateCreated='2020-03-02T12:00:00'";
        let original = "<exif:DateTimeOriginal>2020-03-01T12:00:00</exif:DateTimeOriginal>";
        assert_eq!(read(all, original), Some((NOON, None, false)));
        assert_eq!(read(all, ""), Some((NOON + 86_400, None, false)));
        assert_eq!(read("xmp:ModifyDate='2024-01-01T00:00:00'", ""), None);
        let unset = "<exif:DateTimeOriginal>0000-00-00T00:00:00</exif:DateTimeOriginal>";
        assert_eq!(read(all, unset), Some((NOON + 86_400, None, false)));
        assert_eq!(read("p:DateCreated='2020-03'", ""), None);
    }

    #[test]
    fn the_dates_of_other_pictures_do_not_count() {
        let pantry = "<p:Pantry><rdf:Bag><rdf:li><rdf:Description xmp:CreateDate='2001-01-01T00:00:00'/>\
                      </rdf:li></rdf:Bag></p:Pantry>";
        assert_eq!(read("", pantry), None);
        assert_eq!(read("xmp:CreateDate='2020-03-01T12:00:00'", pantry), Some((NOON, None, false)));
    }

    #[test]
    fn what_is_no_xmp_says_nothing() {
        let packet = packet("xmp:CreateDate='2020-03-01T12:00:00'", "");
        for wrong in ["", "<", "><", "no", "<a/>", &packet[..packet.len() / 2], &"<a>".repeat(100_000)] {
            assert_eq!(xmp_time(wrong, TimeSource::Sidecar), None);
        }
        // Another vocabulary has the same words.
        let other = packet.replace(XMP, "http://example.com/");
        assert_eq!(xmp_time(&other, TimeSource::Sidecar), None);
    }
}
