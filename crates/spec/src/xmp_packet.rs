use roxmltree::{Document, Node};

pub(super) const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A name in a namespace.
pub(super) type XmpName = (&'static str, &'static str);

/// The XMP of one medium: the packet in it, or the file beside it.
pub(super) struct XmpPacket<'a>(Document<'a>);

impl<'a> XmpPacket<'a> {
    /// Parses XML; `None` if it is damaged. A document with a DTD is rejected, so no entity of its own is ever
    /// expanded.
    pub fn parse(xml: &'a str) -> Option<Self> {
        // A packet is padded with spaces so that it can grow, or with zeros.
        let start = xml.find('<')?;
        let end = xml.rfind('>')?;
        Document::parse(xml.get(start..=end)?).ok().map(Self)
    }

    /// Returns the nodes with the properties of the medium itself; `None` if the XML is no XMP. Packets nest the
    /// XMP of other pictures that went into this one, so only its own properties count.
    pub fn own(&self) -> Option<Vec<Node<'_, 'a>>> {
        let rdf = self.0.descendants().find(|node| node.has_tag_name((RDF, "RDF")))?;
        Some(rdf.children().filter(Node::is_element).collect())
    }
}
