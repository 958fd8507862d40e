use roxmltree::Node;

use super::xmp_packet::{RDF, XmpName, XmpPacket};

const CAMERA: &str = "http://ns.google.com/photos/1.0/camera/";
const CONTAINER: &str = "http://ns.google.com/photos/1.0/container/";
const ITEM: &str = "http://ns.google.com/photos/1.0/container/item/";

/// The most pictures in one file.
const MOST_ITEMS: usize = 100;

/// What the XMP of a photo says about the moving picture in its file.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct XmpMotion {
    /// How many bytes before the end of the file it begins.
    pub from_end: Option<u64>,
    /// How many bytes it has; `None` if it goes on to the end of the file.
    pub bytes: Option<u64>,
    /// When the photo was taken, in microseconds of the moving picture; `None` if that is not said.
    pub still_us: Option<i64>,
}

/// Returns what XMP says about the moving picture in the file of a photo; `None` if it names none.
///
/// Reads [Google's Motion Photo format](https://developer.android.com/media/platform/motion-photo-format), which
/// other makers write too, and its predecessor, `MicroVideo`.
pub fn xmp_motion(xml: &str) -> Option<XmpMotion> {
    let packet = XmpPacket::parse(xml)?;
    let own = packet.own()?;
    let camera = |name: &'static str| number(&own, (CAMERA, name));
    let is_motion = camera("MotionPhoto").is_some_and(|version| version > 0);
    let is_video = camera("MicroVideo").is_some_and(|version| version > 0);
    if !is_motion && !is_video {
        return None;
    }
    let still = camera("MotionPhotoPresentationTimestampUs").filter(|_| is_motion);
    let still = still.or_else(|| camera("MicroVideoPresentationTimestampUs"));
    // -1 stands for a time that the camera doesn't know.
    let still_us = still.filter(|still| *still >= 0);
    let listed = listed(&own).filter(|_| is_motion);
    let offset = || u64::try_from(camera("MicroVideoOffset")?).ok();
    let (from_end, bytes) = match listed {
        Some((from_end, bytes)) => (Some(from_end), Some(bytes)),
        None => (offset(), None),
    };
    Some(XmpMotion { from_end, bytes, still_us })
}

/// Returns how many bytes before the end of the file the moving picture of the directory begins, and its length.
fn listed(own: &[Node]) -> Option<(u64, u64)> {
    let directory = own.iter().flat_map(|node| node.children());
    let directory = directory.filter(|node| node.has_tag_name((CONTAINER, "Directory")));
    let items: Vec<Node> = directory
        .flat_map(|node| node.descendants())
        .filter(|node| node.has_tag_name((RDF, "li")))
        .take(MOST_ITEMS)
        .collect();
    let text = |item: &Node, name: &'static str| {
        item.descendants().find_map(|node| value(node, (ITEM, name))).map(str::to_owned)
    };
    let bytes = |item: &Node, name: &'static str| text(item, name)?.parse::<u64>().ok();
    let is_motion = |item: &Node| text(item, "Semantic").is_some_and(|said| said == "MotionPhoto");
    let at = items.iter().position(is_motion)?;
    let length = bytes(&items[at], "Length")?;
    // The items follow each other up to the end of the file.
    let after = items[at..]
        .iter()
        .map(|item| bytes(item, "Length").unwrap_or(0).saturating_add(bytes(item, "Padding").unwrap_or(0)));
    Some((after.fold(0, u64::saturating_add), length))
}

fn number(own: &[Node], name: XmpName) -> Option<i64> {
    own.iter().find_map(|node| value(*node, name).or_else(|| element(*node, name)))?.trim().parse().ok()
}

fn element<'a>(node: Node<'a, '_>, name: XmpName) -> Option<&'a str> {
    node.children().find(|child| child.has_tag_name(name))?.text()
}

/// Returns the text of an attribute, or of a child element of that name.
fn value<'a>(node: Node<'a, '_>, name: XmpName) -> Option<&'a str> {
    node.attribute(name).or_else(|| element(node, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(attributes: &str, elements: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='{RDF}'><rdf:Description rdf:about='' \
             xmlns:GCamera='{CAMERA}' xmlns:C='{CONTAINER}' xmlns:I='{ITEM}' {attributes}>{elements}\
             </rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    }

    #[test]
    fn the_older_form_counts_from_the_end() {
        let said = |more: &str| {
            xmp_motion(&packet(&format!("GCamera:MicroVideo='1' GCamera:MicroVideoOffset='4000' {more}"), ""))
        };
        let usual = XmpMotion { from_end: Some(4000), bytes: None, still_us: None };
        assert_eq!(said(""), Some(usual));
        assert_eq!(said("GCamera:MicroVideoPresentationTimestampUs='-1'"), Some(usual));
        let timed = XmpMotion { still_us: Some(1_500_000), ..usual };
        assert_eq!(said("GCamera:MicroVideoPresentationTimestampUs='1500000'"), Some(timed));
    }

    #[test]
    fn the_items_of_a_directory_follow_each_other_up_to_the_end() {
        let item = |semantic: &str, more: &str| {
            format!(
                "<rdf:li rdf:parseType='Resource'><C:Item I:Mime='video/mp4' I:Semantic='{semantic}' {more}/>\
                 </rdf:li>"
            )
        };
        let items = [
            item("Primary", "I:Length='0' I:Padding='8'"),
            item("GainMap", "I:Length='500'"),
            item("MotionPhoto", "I:Length='4000' I:Padding='2'"),
            item("Other", "I:Length='30'"),
        ];
        let listed = format!("<C:Directory><rdf:Seq>{}</rdf:Seq></C:Directory>", items.concat());
        let timed = "GCamera:MotionPhoto='1' GCamera:MotionPhotoPresentationTimestampUs='700'";
        let wanted = XmpMotion { from_end: Some(4032), bytes: Some(4000), still_us: Some(700) };
        assert_eq!(xmp_motion(&packet(timed, &listed)), Some(wanted));
        let elements = "<GCamera:MotionPhoto>1</GCamera:MotionPhoto>".to_owned() + &listed;
        assert_eq!(xmp_motion(&packet("", &elements)), Some(XmpMotion { still_us: None, ..wanted }));
        assert_eq!(xmp_motion(&packet("GCamera:MotionPhoto='0'", &listed)), None);
    }

    #[test]
    fn what_names_no_moving_picture_says_nothing_and_numbers_may_lie() {
        for text in ["", "no", "<a/>", &packet("", ""), &packet("GCamera:MicroVideo='x'", "")] {
            assert_eq!(xmp_motion(text), None, "{text}");
        }
        let lying = packet("GCamera:MicroVideo='1' GCamera:MicroVideoOffset='-4'", "");
        assert_eq!(xmp_motion(&lying), Some(XmpMotion::default()));
        let huge = u64::MAX.to_string();
        let item = |semantic: &str| format!("<rdf:li I:Semantic='{semantic}' I:Length='{huge}'/>");
        let both = item("MotionPhoto") + &item("Other");
        let listed = format!("<C:Directory><rdf:Seq>{both}</rdf:Seq></C:Directory>");
        let found = xmp_motion(&packet("GCamera:MotionPhoto='1'", &listed)).unwrap();
        assert_eq!((found.from_end, found.bytes), (Some(u64::MAX), Some(u64::MAX)));
    }
}
