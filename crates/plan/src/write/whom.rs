use mmm_base::Score;
use mmm_facts::{ObjectKind, Said, SeenObject, Sight, SubjectBox};

/// A head around a face's box, in sides of the box: the hair above it, the ears beside it. Below, it ends
/// with the chin, as the box does.
const HAIR: f64 = 0.3;
const EARS: f64 = 0.08;
/// A face that may be cut if it can't be helped: its side is less than this share of the largest face's.
const TINY: f64 = 0.2;
/// The upper part of a person whose face isn't seen, as a share of the whole; and the head's share of it.
const UPPER: f64 = 0.3;
const HEAD_HIGH: f64 = 0.17;
const HEAD_WIDE: f64 = 0.5;
/// An object counts from this certainty and this share of the picture on.
const CERTAIN: f64 = 0.5;
const LARGE: f64 = 0.02;
/// An object matters as well if its area is at least this share of the largest one's.
const AS_LARGE_OBJECT: f64 = 0.25;

/// A head in a photo.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Head {
    pub area: SubjectBox,
    /// How large its face is, as a share of the largest face's side.
    pub size: f64,
}

/// The people in a photo.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct People {
    /// The heads of those that the photo is about.
    pub main: Vec<Head>,
    /// The heads of others.
    pub others: Vec<Head>,
    /// Heads that may be cut if it can't be helped: tiny ones, and those of people seen from behind.
    pub faint: Vec<SubjectBox>,
    /// Those that the photo is about, from head to foot as far as they are seen.
    pub bodies: Vec<SubjectBox>,
}

impl People {
    /// Returns the people whose faces models see or somebody named. A face that is named counts where models
    /// see none.
    pub fn with_faces(sight: Option<&Sight>, said: &Said) -> Self {
        let mut faces: Vec<SubjectBox> =
            sight.iter().flat_map(|sight| &sight.faces).map(|f| f.area).collect();
        for named in said.people.iter().filter_map(|person| person.area) {
            if named.area() > 0.0 && !faces.iter().any(|seen| meet(seen, &named)) {
                faces.push(named);
            }
        }
        let side = |face: &SubjectBox| face.area().sqrt();
        let largest = faces.iter().map(side).fold(0.0, f64::max);
        let mut people = Self::default();
        for face in &faces {
            let found = Head { area: head(face), size: side(face) / largest };
            match found.size {
                size if size >= Sight::MAIN_FACE => people.main.push(found),
                size if size >= TINY => people.others.push(found),
                _ => people.faint.push(found.area),
            }
        }
        for person in persons_of(sight) {
            if people.main.iter().any(|head| meet(&person, &head.area)) {
                people.bodies.push(person);
            } else if !faces.iter().any(|face| meet(&person, face)) {
                people.faint.push(top(&person));
            }
        }
        people
    }

    /// Returns the people whose faces nobody sees: the upper part of each counts as a head.
    pub fn without_faces(persons: &[SubjectBox]) -> Self {
        let main = persons.iter().map(|person| Head { area: upper(person), size: 1.0 }).collect();
        Self { main, bodies: persons.to_vec(), ..Self::default() }
    }
}

/// Returns the large persons in a photo; none if no model looked at it.
pub(super) fn persons_of(sight: Option<&Sight>) -> Vec<SubjectBox> {
    large(sight, |kind| kind == ObjectKind::PERSON)
}

/// Returns the boxes of the large objects in a photo, people included; none if no model looked at it.
pub(super) fn objects_of(sight: Option<&Sight>) -> Vec<SubjectBox> {
    large(sight, |_| true)
}

/// Returns the smallest box around all boxes; `None` without any.
pub(super) fn joined<'a>(boxes: impl IntoIterator<Item = &'a SubjectBox>) -> Option<SubjectBox> {
    boxes.into_iter().copied().reduce(|all, one| all.with(&one))
}

/// Returns the middle of a box.
pub(super) fn middle(area: &SubjectBox) -> (Score, Score) {
    let (x, y) = area.middle();
    (Score::new(x), Score::new(y))
}

/// Whether the middle of one box is inside the other.
fn meet(one: &SubjectBox, other: &SubjectBox) -> bool {
    let holds = |area: &SubjectBox, (x, y): (f64, f64)| {
        (area.x.get()..=area.right()).contains(&x) && (area.y.get()..=area.bottom()).contains(&y)
    };
    holds(one, other.middle()) || holds(other, one.middle())
}

/// Returns the boxes of the large objects of some kinds.
fn large(sight: Option<&Sight>, is_wanted: impl Fn(ObjectKind) -> bool) -> Vec<SubjectBox> {
    let counts = |seen: &&SeenObject| {
        is_wanted(seen.kind) && seen.area.weight.get() >= CERTAIN && seen.area.area() >= LARGE
    };
    let boxes: Vec<SubjectBox> =
        sight.iter().flat_map(|sight| &sight.objects).filter(counts).map(|seen| seen.area).collect();
    let largest = boxes.iter().map(SubjectBox::area).fold(0.0, f64::max);
    boxes.into_iter().filter(|area| area.area() >= largest * AS_LARGE_OBJECT).collect()
}

fn head(face: &SubjectBox) -> SubjectBox {
    let SubjectBox { x, y, width, height, weight } = *face;
    let (x, y, width, height) = (x.get(), y.get(), width.get(), height.get());
    let from = (x - EARS * width, y - HAIR * height);
    SubjectBox::between(from, (x + (1.0 + EARS) * width, y + height), weight.get())
}

fn upper(person: &SubjectBox) -> SubjectBox {
    let bottom = person.y.get() + UPPER * person.height.get();
    SubjectBox::between((person.x.get(), person.y.get()), (person.right(), bottom), person.weight.get())
}

/// Returns about where the head of a person is.
fn top(person: &SubjectBox) -> SubjectBox {
    let (middle, half) = (person.middle().0, HEAD_WIDE * person.width.get() / 2.0);
    let (from, high) = (person.y.get(), HEAD_HIGH * person.height.get());
    SubjectBox::between((middle - half, from), (middle + half, from + high), person.weight.get())
}
