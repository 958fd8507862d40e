use super::crop::{Crop, KEPT};
use super::placing::{Axis, Slot, Span};
use super::whom::{Head, People, joined, middle, objects_of, persons_of};
use mmm_base::{Score, Time};
use mmm_facts::{
    BarsCause, FramingReason, PhotoCrop, PhotoFacts, PictureStream, Said, ShotFraming, ShownInTurn,
    SubjectBox, SubjectMask, Window,
};
use mmm_spec::Fit;

/// The room above the highest head, as a share of the crop's height: what is best, what is good, and none.
const ROOMS: [f64; 3] = [0.1, 0.04, 0.0];
/// There may be this much more room above heads if that is closer to the middle of the photo.
const MORE_ROOM: f64 = 0.2;
/// The room between a head at the end of a move and the edge behind it, as a share of the crop.
const MARGIN: f64 = 0.12;
/// A head fills at most this share of the crop that moves to it, so that it is whole for a while.
const WELL_INSIDE: f64 = 0.9;
/// The fastest move along a photo, in crops per second.
const FASTEST: f64 = 0.25;
/// A move along a photo shows at least this much of a subject, and this much of a photo without one.
const MOST_OF_SUBJECT: f64 = 0.8;
const HALF_OF_PHOTO: f64 = 0.5;
/// Faces that are clearly larger than others may be shown without them.
const CLEARLY: f64 = 0.55;
/// A crop that loses much is enlarged at most this many times.
const MOST_ENLARGED: f64 = 12.0;
/// The pixels on the shorter side of the movie for which that is judged: a draft is framed like the final
/// movie.
const LINES: f64 = 1080.0;

/// How a picture is framed, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Framed {
    pub framing: ShotFraming,
    pub reason: Option<FramingReason>,
}

/// A photo that is to be framed, with what is known of it.
pub(super) struct FramedPhoto<'a> {
    pub picture: &'a PictureStream,
    pub facts: &'a PhotoFacts,
    pub said: &'a Said,
    pub mask: Option<&'a SubjectMask>,
    /// Width and height of the movie.
    pub frame: (u32, u32),
    /// How long the frame may move along the photo; `None` if it may not.
    pub move_for: Option<Time>,
}

/// What the frame shows.
enum Part {
    /// The crop at a place, with what must stay in it.
    Still { at: f64, subject: Option<SubjectBox>, focus: (Score, Score), beside: u32 },
    /// The crops between two places.
    Along { from: f64, to: f64, focus: (Score, Score), what: ShownInTurn },
}

/// What a photo is about.
enum About {
    People(People),
    /// The boxes, the most important first, and whether all of them must be seen.
    Things(Vec<SubjectBox>),
    Nothing,
}

impl FramedPhoto<'_> {
    /// Returns how the photo is framed.
    pub fn framed(&self, wanted: Fit) -> Framed {
        let crop = Crop::of(self.picture, self.frame);
        let about = self.about();
        if matches!(wanted, Fit::Fill | Fit::Contain) {
            return self.whole(wanted, &about, None);
        }
        let part = match &about {
            About::People(people) => self.people(crop, people),
            About::Things(things) => self.things(crop, things),
            About::Nothing => self.scene(crop),
        };
        let is_asked = wanted == Fit::Crop;
        match part {
            _ if !is_asked && self.is_too_small(crop) => {
                self.whole(Fit::Fill, &about, Some(BarsCause::Pixels))
            }
            Some(part) => self.cropped(crop, part),
            None if is_asked => self.cropped(crop, self.least_bad(crop, &about)),
            None => {
                let cause = match about {
                    About::People(_) => BarsCause::Heads,
                    About::Things(_) => BarsCause::Subject,
                    About::Nothing => BarsCause::Picture,
                };
                self.whole(Fit::Fill, &about, Some(cause))
            }
        }
    }

    /// Returns what decides about the framing: faces, else persons, else the mask, else objects, else what
    /// stands out by its colours and forms.
    fn about(&self) -> About {
        let sight = self.facts.sight.as_deref();
        let people = People::with_faces(sight, self.said);
        if !people.main.is_empty() {
            return About::People(people);
        }
        let persons = persons_of(sight);
        if !persons.is_empty() {
            return About::People(People::without_faces(&persons));
        }
        let masked = self.mask.map(|mask| mask.subjects.clone()).unwrap_or_default();
        if !masked.is_empty() {
            return About::Things(masked);
        }
        let full = |area: SubjectBox| SubjectBox { weight: Score::ONE, ..area };
        let objects: Vec<SubjectBox> = objects_of(sight).into_iter().map(full).collect();
        match (objects.is_empty(), self.facts.subjects.is_empty()) {
            (false, _) => About::Things(objects),
            (true, false) => About::Things(self.facts.subjects.clone()),
            (true, true) => About::Nothing,
        }
    }

    /// Whether a crop that loses much would be enlarged too much.
    fn is_too_small(&self, crop: Crop) -> bool {
        let pixels = (f64::from(self.picture.width) * crop.width).max(1.0);
        let lines = f64::from(self.frame.0.min(self.frame.1).max(1));
        crop.kept() < KEPT && f64::from(self.frame.0) * LINES / lines > MOST_ENLARGED * pixels
    }

    fn people(&self, crop: Crop, people: &People) -> Option<Part> {
        let (main, others) = (people.main.as_slice(), people.others.as_slice());
        let all = [main, others].concat();
        let persons =
            joined(&people.bodies).filter(|bodies| main.len() == people.bodies.len() && crop.holds(bodies));
        let still = |shown: &[Head], beside: &[Head]| {
            let faint: Vec<SubjectBox> =
                beside.iter().map(|head| head.area).chain(people.faint.clone()).collect();
            let sure: Vec<SubjectBox> = beside.iter().map(|head| head.area).collect();
            let ways = ROOMS.iter().flat_map(|room| [(*room, &faint), (*room, &sure)]);
            ways.into_iter().find_map(|(room, uncut)| heads(crop, shown, persons, room, uncut, &all))
        };
        let larger: Vec<Head> = main.iter().filter(|head| head.size >= CLEARLY).copied().collect();
        let smaller: Vec<Head> = all.iter().filter(|head| head.size < CLEARLY).copied().collect();
        still(&all, &[])
            .or_else(|| still(main, others))
            .or_else(|| self.along_heads(crop, main, others))
            .or_else(|| if larger.len() < main.len() { still(&larger, &smaller) } else { None })
    }

    /// Returns a move from the first to the last of several heads, which ends on the larger one.
    fn along_heads(&self, crop: Crop, main: &[Head], others: &[Head]) -> Option<Part> {
        let (axis, side) = crop.axis();
        let room = if axis == Axis::Down { ROOMS[1] * side } else { 0.0 };
        let span = |head: &Head| {
            let span = axis.span(&head.area);
            Span { from: (span.from - room).max(0.0), ..span }
        };
        let first = main.iter().min_by(|one, other| span(one).from.total_cmp(&span(other).from))?;
        let last = main.iter().max_by(|one, other| span(one).to.total_cmp(&span(other).to))?;
        if main.iter().any(|head| span(head).length() > WELL_INSIDE * side) {
            return None;
        }
        let end = |shown: &Head, best: f64| {
            let rest = main.iter().chain(others).filter(|head| *head != shown);
            Slot { side, whole: span(shown), uncut: rest.map(|head| axis.span(&head.area)).collect() }
                .place(best)
        };
        let low = end(first, span(first).from - MARGIN * side)?;
        let high = end(last, span(last).to + MARGIN * side - side)?;
        if high <= low || high - low > self.reach(side) {
            return None;
        }
        let ends_high = last.size > first.size || (last.size == first.size && axis == Axis::Across);
        let ((from, to), head) = if ends_high { ((low, high), last) } else { ((high, low), first) };
        Some(Part::Along { from, to, focus: middle(&head.area), what: ShownInTurn::Heads })
    }

    /// Returns how far the frame may move along the photo, as a fraction of the photo's side.
    fn reach(&self, side: f64) -> f64 {
        self.move_for.map_or(0.0, |time| FASTEST * time.secs() * side)
    }

    fn things(&self, crop: Crop, things: &[SubjectBox]) -> Option<Part> {
        if let Some(all) = crop.kept_subject(things) {
            let (axis, side) = crop.axis();
            let at = (axis.span(&all).middle() - side / 2.0).clamp(0.0, 1.0 - side);
            return Some(Part::Still { at, subject: Some(all), focus: middle(&all), beside: 0 });
        }
        let all = Crop::WHOLE.subject(things)?;
        let (axis, side) = crop.axis();
        let span = axis.span(&all);
        if span.length() <= side {
            return self.along_photo(crop, span.middle());
        }
        let travel = (span.length() + 2.0 * MARGIN * side - side).min(1.0 - side).min(self.reach(side));
        let (low, high) = ends(span.middle(), side, travel);
        let is_shown = travel > 0.0 && span.part_in(low, high + side - low) >= MOST_OF_SUBJECT;
        is_shown.then(|| self.along(axis, (low, high), side, ShownInTurn::Subject))
    }

    fn scene(&self, crop: Crop) -> Option<Part> {
        let (axis, side) = crop.axis();
        let focus = self.facts.focus;
        if crop.kept() >= KEPT {
            let middle = if axis == Axis::Across { focus.0 } else { focus.1 };
            let at = (middle.get() - side / 2.0).clamp(0.0, 1.0 - side);
            return Some(Part::Still { at, subject: None, focus, beside: 0 });
        }
        self.along_photo(crop, 0.5)
    }

    /// Returns a move along the photo around `middle`, if that shows enough of it.
    fn along_photo(&self, crop: Crop, middle: f64) -> Option<Part> {
        let (axis, side) = crop.axis();
        let travel = (1.0 - side).min(self.reach(side));
        let is_shown = travel > 0.0 && side + travel >= HALF_OF_PHOTO;
        is_shown.then(|| self.along(axis, ends(middle, side, travel), side, ShownInTurn::Picture))
    }

    /// Returns a move along the photo: upwards, or across towards what attracts the eye.
    fn along(&self, axis: Axis, (low, high): (f64, f64), side: f64, what: ShownInTurn) -> Part {
        let focus = self.facts.focus;
        let ends_high = axis == Axis::Across && focus.0.get() >= (low + high + side) / 2.0;
        let (from, to) = if ends_high { (low, high) } else { (high, low) };
        let end = Score::new(to + side / 2.0);
        let focus = if axis == Axis::Across { (end, focus.1) } else { (focus.0, end) };
        Part::Along { from, to, focus, what }
    }

    /// Returns the crop that loses least, for a spec that asks for a crop: it keeps the largest heads, or the
    /// most important things, as far as they fit.
    fn least_bad(&self, crop: Crop, about: &About) -> Part {
        let (axis, side) = crop.axis();
        let boxes: Vec<SubjectBox> = match about {
            About::People(people) => {
                let mut main = people.main.clone();
                main.sort_by(|one, other| other.size.total_cmp(&one.size));
                main.iter().map(|head| SubjectBox { weight: Score::ONE, ..head.area }).collect()
            }
            About::Things(things) => things.clone(),
            About::Nothing => Vec::new(),
        };
        let subject = crop.subject(&boxes);
        let focus = subject.as_ref().map_or(self.facts.focus, middle);
        let middle = if axis == Axis::Across { focus.0 } else { focus.1 };
        let at = (middle.get() - side / 2.0).clamp(0.0, 1.0 - side);
        Part::Still { at, subject, focus, beside: 0 }
    }

    fn cropped(&self, crop: Crop, part: Part) -> Framed {
        let centre = (Score::HALF, Score::HALF);
        let (axis, _) = crop.axis();
        let window = |at: f64| {
            let cover = Window::cover((self.picture.width, self.picture.height), self.frame, centre);
            let place =
                |side: i32| ((at * f64::from(Window::UNIT)).round() as i32).clamp(0, Window::UNIT - side);
            match axis {
                Axis::Across => Window { x: place(cover.width), ..cover },
                Axis::Down => Window { y: place(cover.height), ..cover },
            }
        };
        let (crop, subject, focus, reason) = match part {
            Part::Still { at, subject, focus, beside } => {
                let reason = (beside > 0).then_some(FramingReason::MainFaces { others: beside });
                (PhotoCrop { from: window(at), to: None }, subject, focus, reason)
            }
            Part::Along { from, to, focus, what } => {
                let crop = PhotoCrop { from: window(from), to: Some(window(to)) };
                (crop, None, focus, Some(FramingReason::MovesAlong { what }))
            }
        };
        let track = Vec::new();
        Framed { framing: ShotFraming { fit: Fit::Crop, focus, subject, crop: Some(crop), track }, reason }
    }

    /// Returns the framing of the whole photo.
    fn whole(&self, fit: Fit, about: &About, cause: Option<BarsCause>) -> Framed {
        let subject = match about {
            About::People(people) => joined(people.main.iter().map(|head| &head.area)),
            About::Things(things) => Crop::WHOLE.subject(things),
            About::Nothing => None,
        };
        let focus = subject.as_ref().map_or(self.facts.focus, middle);
        let framing = ShotFraming { fit, focus, subject, crop: None, track: Vec::new() };
        Framed { framing, reason: cause.map(|cause| FramingReason::Bars { cause }) }
    }
}

/// Returns the crop that shows heads, with `room` above them and none of `uncut` cut. It holds `persons` as
/// well if it can.
fn heads(
    crop: Crop,
    shown: &[Head],
    persons: Option<SubjectBox>,
    room: f64,
    uncut: &[SubjectBox],
    all: &[Head],
) -> Option<Part> {
    let (axis, side) = crop.axis();
    let whole = joined(shown.iter().map(|head| &head.area))?;
    if !crop.holds_all_of(&whole) {
        return None;
    }
    let mut span = axis.span(&whole);
    let best = match axis {
        Axis::Across => persons.map_or(span, |persons| axis.span(&persons)).middle() - side / 2.0,
        Axis::Down => {
            let most = span.from - room * side;
            let feet = persons.map_or(0.0, |persons| axis.span(&persons).to);
            let least = (most - MORE_ROOM * side).max(feet - side).min(most);
            ((1.0 - side) / 2.0).clamp(least, most)
        }
    };
    if axis == Axis::Down {
        span.from = (span.from - room * side).max(0.0);
    }
    let uncut = uncut.iter().map(|area| axis.span(area)).collect();
    let at = Slot { side, whole: span, uncut }.place(best)?;
    let is_beside = |head: &&Head| axis.span(&head.area).part_in(at, side) < 0.5;
    let beside = all.iter().filter(is_beside).count() as u32;
    // What must stay in the frame is every head in it, with the room above.
    let is_inside = |head: &&Head| axis.span(&head.area).part_in(at, side) > 1.0 - 1e-6;
    let inside = joined(all.iter().filter(is_inside).map(|head| &head.area)).unwrap_or(whole);
    let top = (inside.y.get() - room.min(ROOMS[1]) * crop.height).max(0.0);
    let subject = SubjectBox::between((inside.x.get(), top), (inside.right(), inside.bottom()), 1.0);
    Some(Part::Still { at, subject: Some(subject), focus: middle(&whole), beside })
}

/// Returns two places, `travel` apart, between which a crop of length `side` shows what is around `middle`.
fn ends(middle: f64, side: f64, travel: f64) -> (f64, f64) {
    let low = (middle - (side + travel) / 2.0).clamp(0.0, (1.0 - side - travel).max(0.0));
    (low, low + travel)
}
