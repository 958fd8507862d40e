use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::geo_place::GeoPlace;
use super::orientation::Orientation;
use super::subject_box::SubjectBox;
use mmm_base::Score;
use mmm_spec::{MediaFilter, Remarks, SaidArea, folded_name};

/// What people and their photo libraries said about a medium. Of single values, the first source that has one
/// counts; lists have the entries of all sources, each once.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// 1..=5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stars: Option<Sourced<u8>>,
    /// What says that it is rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected: Option<SaidSource>,
    /// What says that it is a favourite, or picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favourite: Option<SaidSource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Sourced<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Sourced<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<Sourced<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<SaidPerson>,
    /// From the smallest part to the country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Sourced<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Sourced<GeoPlace>>,
}

/// A value and what says it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Sourced<T> {
    pub value: T,
    pub source: SaidSource,
}

/// A person in a medium.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct SaidPerson {
    pub name: String,
    pub source: SaidSource,
    /// Where the face is in a photo, upright; its weight is 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<SubjectBox>,
}

/// Where something about a medium was found, in the order in which sources are believed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaidSource {
    /// An XMP packet inside the file.
    Xmp,
    /// IPTC records inside the file.
    Iptc,
    /// The EXIF block.
    Exif,
    /// A text chunk of a PNG file.
    Text,
    /// The tags of a clip.
    Tag,
    /// An XMP file beside the medium.
    Sidecar,
    /// The JSON file that Google Takeout writes beside the medium.
    Takeout,
}

/// How the picture of a photo is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StoredPicture {
    /// Width and height in pixels before it is rotated upright.
    pub size: (u32, u32),
    pub orientation: Orientation,
}

impl Said {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what the next source says. Areas of people count only if `stored` says how the photo is stored.
    pub fn add(&mut self, remarks: &Remarks, source: SaidSource, stored: Option<StoredPicture>) {
        fn first<T: Clone>(slot: &mut Option<Sourced<T>>, value: &Option<T>, source: SaidSource) {
            if slot.is_none() {
                *slot = value.clone().map(|value| Sourced { value, source });
            }
        }
        // Stars, a rejection and a heart are one judgement: that of the first source that has one.
        if self.stars.is_none() && self.rejected.is_none() && self.favourite.is_none() {
            first(&mut self.stars, &remarks.stars, source);
            self.rejected = remarks.is_rejected.then_some(source);
            self.favourite = remarks.is_favourite.then_some(source);
        }
        first(&mut self.title, &remarks.title, source);
        first(&mut self.caption, &remarks.caption, source);
        first(&mut self.place, &remarks.place, source);
        let position = remarks.position_e7.map(|(lat_e7, lon_e7)| GeoPlace { lat_e7, lon_e7 });
        first(&mut self.position, &position, source);
        for keyword in &remarks.keywords {
            let folded = folded_name(keyword);
            if !self.keywords.iter().any(|known| folded_name(&known.value) == folded) {
                self.keywords.push(Sourced { value: keyword.clone(), source });
            }
        }
        for person in &remarks.people {
            let area = person.area.zip(stored).map(|(area, stored)| stored.upright(area, remarks.applied_to));
            let folded = folded_name(&person.name);
            match self.people.iter_mut().find(|known| folded_name(&known.name) == folded) {
                Some(known) => known.area = known.area.or(area),
                None => self.people.push(SaidPerson { name: person.name.clone(), source, area }),
            }
        }
    }

    /// Returns the stars for filters: a favourite without stars counts as 5, and what is rejected has none.
    pub fn rank(&self) -> Option<u8> {
        let stars = self.stars.map(|stars| stars.value);
        match (self.rejected, self.favourite) {
            (Some(_), _) => None,
            (None, Some(_)) => Some(5),
            (None, None) => stars,
        }
    }

    /// Whether a filter admits the medium.
    pub fn passes(&self, filter: &MediaFilter) -> bool {
        let people: BTreeSet<String> = self.people.iter().map(|person| folded_name(&person.name)).collect();
        filter.admits(self.rank(), &people)
    }

    /// Whether it shows a person of this name.
    pub fn shows(&self, name: &str) -> bool {
        let folded = folded_name(name);
        self.people.iter().any(|person| folded_name(&person.name) == folded)
    }
}

impl StoredPicture {
    /// Returns an area in the upright picture.
    ///
    /// Regions are relative to the stored picture, whatever its orientation is (Metadata Working Group, Guidelines
    /// 2.0, 5.9). Some programs write those of the upright picture instead: then the size of the picture that they
    /// were drawn on is upright too.
    fn upright(self, area: SaidArea, applied_to: Option<(u32, u32)>) -> SubjectBox {
        let lies = |(width, height): (u32, u32)| width.cmp(&height);
        let is_turned = applied_to.is_some_and(|applied| lies(applied) == lies(self.size).reverse());
        let is_upright = self.orientation.is_sideways() && is_turned && self.size.0 != self.size.1;
        let orientation = if is_upright { Orientation::UPRIGHT } else { self.orientation };
        let corner = |x: Score, y: Score| orientation.upright_point((x.get(), y.get()));
        let (one, other) = (corner(area.left, area.top), corner(area.right, area.bottom));
        let from = (one.0.min(other.0), one.1.min(other.1));
        SubjectBox::between(from, (one.0.max(other.0), one.1.max(other.1)), 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(stars: Option<u8>, keywords: &[&str], people: &[&str]) -> Remarks {
        let mut remarks = Remarks { stars, ..Remarks::default() };
        keywords.iter().for_each(|keyword| remarks.add_keyword(keyword));
        people.iter().for_each(|name| remarks.add_person(name, None));
        remarks
    }

    #[test]
    fn the_first_source_that_judges_counts_and_lists_are_joined() {
        let mut said = Said::default();
        said.add(&remarks(None, &["Beach"], &["Anna"]), SaidSource::Xmp, None);
        said.add(&remarks(Some(2), &["beach", "sea"], &["ANNA", "Bob"]), SaidSource::Sidecar, None);
        let takeout = Remarks { is_favourite: true, caption: Some("x".into()), ..Remarks::default() };
        said.add(&takeout, SaidSource::Takeout, None);
        assert_eq!(said.stars, Some(Sourced { value: 2, source: SaidSource::Sidecar }));
        assert_eq!((said.favourite, said.rank()), (None, Some(2)));
        let keywords: Vec<_> = said.keywords.iter().map(|one| (one.value.as_str(), one.source)).collect();
        assert_eq!(keywords, [("Beach", SaidSource::Xmp), ("sea", SaidSource::Sidecar)]);
        let people: Vec<_> = said.people.iter().map(|one| (one.name.as_str(), one.source)).collect();
        assert_eq!(people, [("Anna", SaidSource::Xmp), ("Bob", SaidSource::Sidecar)]);
        assert_eq!(said.caption.unwrap().source, SaidSource::Takeout);
    }

    #[test]
    fn a_favourite_counts_as_five_stars_and_a_rejected_one_as_none() {
        let said = |stars, is_rejected, is_favourite| {
            let mut said = Said::default();
            let remarks = Remarks { stars, is_rejected, is_favourite, ..Remarks::default() };
            said.add(&remarks, SaidSource::Xmp, None);
            said.rank()
        };
        assert_eq!(said(None, false, true), Some(5));
        assert_eq!(said(Some(3), false, true), Some(5));
        assert_eq!(said(Some(3), true, false), None);
        assert_eq!(said(None, false, false), None);
    }

    /// Returns the box of a face that is stored in the upper left, 0.1..0.3 across and 0.2..0.6 down.
    fn face(orientation: u32, applied: Option<(u32, u32)>) -> [f64; 4] {
        let mut remarks = Remarks { applied_to: applied, ..Remarks::default() };
        remarks.add_person("Anna", SaidArea::around((0.2, 0.4), (0.2, 0.4)));
        let stored = StoredPicture { size: (4000, 3000), orientation: Orientation::from_exif(orientation) };
        let mut said = Said::default();
        said.add(&remarks, SaidSource::Xmp, Some(stored));
        let area = said.people[0].area.unwrap();
        [area.x.get(), area.y.get(), area.width.get(), area.height.get()]
            .map(|side| (side * 1e3).round() / 1e3)
    }

    #[test]
    fn faces_are_turned_with_the_picture() {
        assert_eq!(face(1, None), [0.1, 0.2, 0.2, 0.4]);
        assert_eq!(face(2, None), [0.7, 0.2, 0.2, 0.4]);
        assert_eq!(face(3, None), [0.7, 0.4, 0.2, 0.4]);
        assert_eq!(face(4, None), [0.1, 0.4, 0.2, 0.4]);
        assert_eq!(face(5, None), [0.2, 0.1, 0.4, 0.2]);
        // Rotated right: what is on the left comes up, and what is up comes to the right.
        assert_eq!(face(6, Some((4000, 3000))), [0.4, 0.1, 0.4, 0.2]);
        assert_eq!(face(7, None), [0.4, 0.7, 0.4, 0.2]);
        assert_eq!(face(8, None), [0.2, 0.7, 0.4, 0.2]);
        // Drawn on the upright picture.
        assert_eq!(face(6, Some((3000, 4000))), [0.1, 0.2, 0.2, 0.4]);
        assert_eq!(face(3, Some((3000, 4000))), [0.7, 0.4, 0.2, 0.4]);
    }

    #[test]
    fn what_is_said_is_left_out_of_json_where_nothing_is() {
        assert_eq!(serde_json::to_string(&Said::default()).unwrap(), "{}");
        assert!(Said::default().is_empty());
    }
}
