use roxmltree::Node;

use super::super::xmp_packet::{RDF, XmpName, XmpPacket};
use super::{Remarks, SaidArea};

const ACD: &str = "http://ns.acdsee.com/iptc/1.0/";
const CRS: &str = "http://ns.adobe.com/camera-raw-settings/1.0/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const DIGIKAM: &str = "http://www.digikam.org/ns/1.0/";
const DYNAMIC: &str = "http://ns.adobe.com/xmp/1.0/DynamicMedia/";
const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
const IPTC_CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
const IPTC_EXT: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0/";
const MICROSOFT: &str = "http://ns.microsoft.com/photo/1.0/";
const MICROSOFT_PEOPLE: &str = "http://ns.microsoft.com/photo/1.2/";
const MICROSOFT_REGIONS: &str = "http://ns.microsoft.com/photo/1.2/t/RegionInfo#";
const MICROSOFT_REGION: &str = "http://ns.microsoft.com/photo/1.2/t/Region#";
const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
const REGIONS: &str = "http://www.metadataworkinggroup.com/schemas/regions/";
const AREA: &str = "http://ns.adobe.com/xmp/sType/Area#";
const DIMENSIONS: &str = "http://ns.adobe.com/xap/1.0/sType/Dimensions#";
const MEDIA_MANAGEMENT: &str = "http://ns.adobe.com/xap/1.0/mm/";
const XMP: &str = "http://ns.adobe.com/xap/1.0/";

/// Bags of keywords, and what separates the levels of those that are a tree.
const KEYWORDS: [(XmpName, Option<char>); 5] = [
    ((DC, "subject"), None),
    ((LIGHTROOM, "hierarchicalSubject"), Some('|')),
    ((DIGIKAM, "TagsList"), Some('/')),
    ((MICROSOFT, "LastKeywordXMP"), Some('/')),
    ((ACD, "keywords"), None),
];

/// Returns what XMP says about a medium: the packet in it, or the file beside it. `None` if the text is no XMP.
pub fn xmp_remarks(xml: &str) -> Option<Remarks> {
    let packet = XmpPacket::parse(xml)?;
    let own = Own(packet.own()?);
    let mut remarks = Remarks::default();
    judge(&own, &mut remarks);
    for (name, level) in KEYWORDS {
        for text in own.items(name) {
            match level {
                Some(level) => text.split(level).for_each(|part| remarks.add_keyword(part)),
                None => remarks.add_keyword(&text),
            }
        }
    }
    for name in [(DC, "title"), (PHOTOSHOP, "Headline")] {
        own.items(name).iter().for_each(|text| remarks.name(text));
    }
    own.items((DC, "description")).iter().for_each(|text| remarks.describe(text));
    let parts = [(IPTC_CORE, "Location"), (PHOTOSHOP, "City"), (PHOTOSHOP, "State"), (PHOTOSHOP, "Country")];
    remarks.locate(parts.into_iter().filter_map(|name| own.text(name)));
    let angle = |name: &'static str| degrees(&own.text((EXIF, name))?);
    if let (Some(lat), Some(lon)) = (angle("GPSLatitude"), angle("GPSLongitude")) {
        remarks.put_at(lat, lon);
    }
    people(&own, &mut remarks);
    remarks.file_name =
        own.text((CRS, "RawFileName")).or_else(|| own.text((MEDIA_MANAGEMENT, "DerivedFrom")));
    remarks.file_name.take_if(|name| !is_file_name(name));
    Some(remarks)
}

/// Reads stars, labels and flags.
fn judge(own: &Own, remarks: &mut Remarks) {
    let number = |name| own.text(name)?.parse::<f64>().ok();
    if let Some(rating) = number((XMP, "Rating")) {
        remarks.rate(rating);
    }
    // Windows counts in percent: 1, 25, 50, 75 and 99.
    if let Some(percent) = number((MICROSOFT, "Rating")).filter(|percent| (1.0..=100.0).contains(percent)) {
        remarks.rate((percent / 25.0).round() + 1.0);
    }
    match own.text((XMP, "Label")).map(|label| label.to_lowercase()).as_deref() {
        Some("rejected" | "reject") => remarks.is_rejected = true,
        Some("select" | "approved" | "favorite" | "favourite") => remarks.is_favourite = true,
        _ => {}
    }
    // digiKam: 1 is rejected, 2 pending, 3 accepted. Adobe: -1 is rejected, 1 picked.
    let flags = [((DIGIKAM, "PickLabel"), 1.0, 3.0), ((DYNAMIC, "pick"), -1.0, 1.0)];
    for (name, rejected, picked) in flags {
        let flag = number(name);
        remarks.is_rejected |= flag == Some(rejected);
        remarks.is_favourite |= flag == Some(picked);
    }
    // What is rejected is no favourite.
    remarks.is_favourite &= !remarks.is_rejected;
}

fn people(own: &Own, remarks: &mut Remarks) {
    for regions in own.nodes((REGIONS, "Regions")) {
        remarks.applied_to = remarks.applied_to.or_else(|| applied_to(regions));
        for region in structs(regions, (REGIONS, "RegionList")) {
            // A region without a type is that of a program that knows only faces.
            let kind = field_text(region, (REGIONS, "Type"));
            if let Some(name) = field_text(region, (REGIONS, "Name"))
                && kind.is_none_or(|kind| kind.eq_ignore_ascii_case("face"))
            {
                remarks.add_person(&name, working_group_area(region, remarks.applied_to));
            }
        }
    }
    for info in own.nodes((MICROSOFT_PEOPLE, "RegionInfo")) {
        for region in structs(info, (MICROSOFT_REGIONS, "Regions")) {
            if let Some(name) = field_text(region, (MICROSOFT_REGION, "PersonDisplayName")) {
                remarks.add_person(&name, microsoft_area(region));
            }
        }
    }
    own.items((IPTC_EXT, "PersonInImage")).iter().for_each(|name| remarks.add_person(name, None));
    for person in own.nodes((IPTC_EXT, "PersonInImageWDetails")).flat_map(listed) {
        let name = fields(person).flat_map(|node| node.children());
        let name = name.filter(|node| node.has_tag_name((IPTC_EXT, "PersonName"))).flat_map(texts).next();
        name.iter().for_each(|name| remarks.add_person(name, None));
    }
}

/// Returns the size in pixels of the picture that the regions were drawn on.
fn applied_to(regions: Node) -> Option<(u32, u32)> {
    let size = field(regions, (REGIONS, "AppliedToDimensions"))?;
    let side = |name: &'static str| {
        let pixels = field_text(size, (DIMENSIONS, name))?.parse::<f64>().ok()?;
        (pixels >= 1.0 && pixels <= f64::from(u32::MAX)).then_some(pixels as u32)
    };
    Some((side("w")?, side("h")?))
}

/// Returns the area of a region: its centre and its size, as fractions or in pixels (Metadata Working Group,
/// Guidelines 2.0, 5.9).
fn working_group_area(region: Node, applied_to: Option<(u32, u32)>) -> Option<SaidArea> {
    let area = field(region, (REGIONS, "Area"))?;
    let number = |name: &'static str| field_text(area, (AREA, name))?.parse::<f64>().ok();
    let (across, down) = match field_text(area, (AREA, "unit")).as_deref() {
        Some("pixel") => applied_to?,
        _ => (1, 1),
    };
    let (across, down) = (f64::from(across), f64::from(down));
    SaidArea::around(
        (number("x")? / across, number("y")? / down),
        (number("w")? / across, number("h")? / down),
    )
}

/// Returns the area of one of Microsoft's regions: its left and upper edge and its size, as fractions.
fn microsoft_area(region: Node) -> Option<SaidArea> {
    let text = field_text(region, (MICROSOFT_REGION, "Rectangle"))?;
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    match numbers?.as_slice() {
        &[x, y, width, height] => SaidArea::around((x + width / 2.0, y + height / 2.0), (width, height)),
        _ => None,
    }
}

/// Parses an angle such as `38,42.5N` or `38,42,30N`, in degrees.
fn degrees(text: &str) -> Option<f64> {
    let (angle, side) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let sign = match side {
        "N" | "E" => 1.0,
        "S" | "W" => -1.0,
        _ => return None,
    };
    let parts: Option<Vec<f64>> = angle.split(',').map(|part| part.trim().parse().ok()).collect();
    let parts =
        parts.filter(|parts| (1..=3).contains(&parts.len()) && parts.iter().all(|part| *part >= 0.0))?;
    Some(sign * parts.iter().rev().fold(0.0, |smaller, part| part + smaller / 60.0))
}

/// Whether a text is the name of a file, and not an identifier.
fn is_file_name(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(stem, ending)| {
        let is_ending =
            (2..=4).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        !stem.is_empty() && is_ending && !stem.contains(':')
    })
}

/// The nodes with the properties of a medium.
struct Own<'a, 'input>(Vec<Node<'a, 'input>>);

impl<'a, 'input> Own<'a, 'input> {
    /// Returns the elements of a property.
    fn nodes(&self, name: XmpName) -> impl Iterator<Item = Node<'a, 'input>> {
        self.0.iter().flat_map(move |node| node.children().filter(move |child| child.has_tag_name(name)))
    }

    /// Returns the texts of a property: that of its attribute, and those of its elements, one for each entry of a
    /// list.
    fn items(&self, name: XmpName) -> Vec<String> {
        let attributes = self.0.iter().filter_map(move |node| node.attribute(name)).map(str::to_owned);
        attributes.chain(self.nodes(name).flat_map(texts)).collect()
    }

    fn text(&self, name: XmpName) -> Option<String> {
        self.items(name).into_iter().map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
    }
}

/// Returns the texts of a property: one, or one for each entry of a list.
fn texts(property: Node) -> Vec<String> {
    let entries: Vec<Node> = listed(property).collect();
    let text = |node: &Node| {
        node.descendants()
            .filter_map(|node| node.text())
            .find(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    if entries.is_empty() {
        text(&property).into_iter().collect()
    } else {
        entries.iter().filter_map(text).collect()
    }
}

/// Returns the entries of a list.
fn listed<'a, 'input>(property: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    let lists = property
        .children()
        .filter(|child| ["Bag", "Seq", "Alt"].iter().any(|list| child.has_tag_name((RDF, *list))));
    lists.flat_map(|list| list.children().filter(|entry| entry.has_tag_name((RDF, "li"))))
}

/// Returns the entries of a list in a field of a structure.
fn structs<'a, 'input>(node: Node<'a, 'input>, list: XmpName) -> impl Iterator<Item = Node<'a, 'input>> {
    field(node, list).into_iter().flat_map(listed)
}

/// Returns the nodes that hold the fields of a structure: itself, or a description in it.
fn fields<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    let inner = node.children().filter(|child| child.has_tag_name((RDF, "Description")));
    std::iter::once(node).chain(inner)
}

/// Returns the element of a field of a structure.
fn field<'a, 'input>(node: Node<'a, 'input>, name: XmpName) -> Option<Node<'a, 'input>> {
    fields(node).find_map(|node| node.children().find(|child| child.has_tag_name(name)))
}

/// Returns the text of a field of a structure, which may be an attribute or an element.
fn field_text(node: Node, name: XmpName) -> Option<String> {
    let attribute = fields(node).find_map(|node| node.attribute(name)).map(str::to_owned);
    let text = attribute.or_else(|| field(node, name)?.text().map(str::to_owned))?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
