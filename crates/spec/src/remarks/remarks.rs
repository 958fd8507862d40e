use mmm_base::Score;

use super::said_text::{is_boilerplate, said_text};

/// What one source says about a medium, with its boxes as they are stored there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Remarks {
    /// 1..=5.
    pub stars: Option<u8>,
    pub is_rejected: bool,
    /// Whether it is a favourite or has a pick flag.
    pub is_favourite: bool,
    pub title: Option<String>,
    pub caption: Option<String>,
    pub keywords: Vec<String>,
    pub people: Vec<NamedPerson>,
    /// From the smallest part to the country: `Alfama, Lisbon, Portugal`.
    pub place: Option<String>,
    /// WGS 84 degrees times 10,000,000: latitude and longitude.
    pub position_e7: Option<(i32, i32)>,
    /// Width and height, in pixels, of the picture that the areas of people were drawn on.
    pub applied_to: Option<(u32, u32)>,
    /// The name of the file that it says it is about.
    pub file_name: Option<String>,
}

/// A person in a medium.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NamedPerson {
    pub name: String,
    pub area: Option<SaidArea>,
}

/// A part of a picture, as fractions of its width and height from the upper left, 0..=1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SaidArea {
    pub left: Score,
    pub top: Score,
    pub right: Score,
    pub bottom: Score,
}

impl SaidArea {
    /// Creates the area around a centre; `None` if it isn't in the picture. What lies outside is cut off.
    pub fn around((x, y): (f64, f64), (width, height): (f64, f64)) -> Option<Self> {
        let is_inside = [x, y].iter().all(|place| (0.0..=1.0).contains(place));
        let has_size = [width, height].iter().all(|size| *size > 0.0 && *size <= 1.0);
        (is_inside && has_size).then(|| Self {
            left: Score::new(x - width / 2.0),
            top: Score::new(y - height / 2.0),
            right: Score::new(x + width / 2.0),
            bottom: Score::new(y + height / 2.0),
        })
    }
}

/// The most keywords, and the most people, of one source.
const MOST_KEYWORDS: usize = 500;
const MOST_PEOPLE: usize = 200;

impl Remarks {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        let Self { applied_to: _, file_name: _, .. } = self;
        *self == Self { applied_to: self.applied_to, file_name: self.file_name.clone(), ..Self::default() }
    }

    /// Adds a rating as programs write it: 1 to 5 stars, 0 for none, -1 for rejected. Other numbers are ignored.
    pub fn rate(&mut self, rating: f64) {
        if rating == -1.0 {
            self.is_rejected = true;
        } else if (1.0..=5.0).contains(&rating) {
            self.stars = self.stars.or(Some(rating.round() as u8));
        }
    }

    /// Adds a keyword, unless it is already there.
    pub fn add_keyword(&mut self, text: &str) {
        if self.keywords.len() < MOST_KEYWORDS
            && let Some(keyword) = said_text(text)
            && !self.keywords.contains(&keyword)
        {
            self.keywords.push(keyword);
        }
    }

    /// Adds a person, or the area of one who is already there without one.
    pub fn add_person(&mut self, name: &str, area: Option<SaidArea>) {
        let Some(name) = said_text(name) else { return };
        let is_full = self.people.len() == MOST_PEOPLE;
        match self.people.iter_mut().find(|known| known.name == name) {
            Some(known) => known.area = known.area.or(area),
            None if is_full => {}
            None => self.people.push(NamedPerson { name, area }),
        }
    }

    /// Sets the caption if there is none and this isn't the text that a camera writes into every picture.
    pub fn describe(&mut self, text: &str) {
        let text = said_text(text).filter(|text| !is_boilerplate(text));
        self.caption = self.caption.take().or(text);
    }

    /// Sets the title if there is none.
    pub fn name(&mut self, text: &str) {
        self.title = self.title.take().or_else(|| said_text(text));
    }

    /// Sets the place from its parts, the smallest first.
    pub fn locate<T: AsRef<str>>(&mut self, parts: impl IntoIterator<Item = T>) {
        let mut named: Vec<String> = Vec::new();
        for part in parts.into_iter().filter_map(|part| said_text(part.as_ref())) {
            if !named.contains(&part) {
                named.push(part);
            }
        }
        if self.place.is_none() && !named.is_empty() {
            self.place = Some(named.join(", "));
        }
    }

    /// Sets where it was taken, in degrees. Nobody takes photos in the Gulf of Guinea at 0/0: that is written
    /// where the place is unknown.
    pub fn put_at(&mut self, lat_deg: f64, lon_deg: f64) {
        let is_place = lat_deg.abs() <= 90.0 && lon_deg.abs() <= 180.0 && (lat_deg != 0.0 || lon_deg != 0.0);
        if is_place && self.position_e7.is_none() {
            self.position_e7 = Some(((lat_deg * 1e7).round() as i32, (lon_deg * 1e7).round() as i32));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_stars_or_a_rejection_or_nothing() {
        let rated = |rating: f64| {
            let mut remarks = Remarks::default();
            remarks.rate(rating);
            (remarks.stars, remarks.is_rejected)
        };
        assert_eq!(rated(5.0), (Some(5), false));
        assert_eq!(rated(3.4), (Some(3), false));
        assert_eq!(rated(-1.0), (None, true));
        for wrong in [0.0, -2.0, 6.0, 0.4, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(rated(wrong), (None, false), "{wrong}");
        }
    }

    #[test]
    fn areas_lie_in_the_picture() {
        let area = SaidArea::around((0.1, 0.5), (0.4, 0.2)).unwrap();
        let sides = [area.left, area.top, area.right, area.bottom].map(Score::get);
        assert_eq!(sides, [0.0, 0.4, 0.3, 0.6]);
        for (middle, size) in [
            ((1.1, 0.5), (0.1, 0.1)),
            ((0.5, f64::NAN), (0.1, 0.1)),
            ((0.5, 0.5), (0.0, 0.1)),
            ((0.5, 0.5), (0.1, f64::NAN)),
            ((0.5, 0.5), (-0.1, 0.1)),
            ((0.5, 0.5), (0.1, 7.0)),
        ] {
            assert_eq!(SaidArea::around(middle, size), None);
        }
    }

    #[test]
    fn lists_are_bounded_and_have_each_entry_once() {
        let mut remarks = Remarks::default();
        for number in 0..10_000 {
            remarks.add_keyword(&format!("{}", number % 5000));
            remarks.add_person(&format!("{}", number % 5000), None);
        }
        assert_eq!((remarks.keywords.len(), remarks.people.len()), (MOST_KEYWORDS, MOST_PEOPLE));
        let area = SaidArea::around((0.5, 0.5), (0.1, 0.1));
        remarks.add_person("7", area);
        assert_eq!(remarks.people[7], NamedPerson { name: "7".to_owned(), area });
        assert!(!remarks.is_empty() && Remarks { applied_to: Some((1, 1)), ..Remarks::default() }.is_empty());
    }

    #[test]
    fn an_unknown_place_is_no_place() {
        let mut remarks = Remarks::default();
        remarks.put_at(0.0, 0.0);
        remarks.put_at(91.0, 3.0);
        remarks.put_at(f64::NAN, 3.0);
        assert_eq!(remarks.position_e7, None);
        remarks.put_at(38.7, -9.1);
        assert_eq!(remarks.position_e7, Some((387_000_000, -91_000_000)));
        remarks.locate(["", " Lisbon ", "Lisbon", "Portugal"]);
        assert_eq!(remarks.place.as_deref(), Some("Lisbon, Portugal"));
    }
}
