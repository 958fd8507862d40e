//! How photos of people are framed, from the facts to the frames of the timeline.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::timeline::{Footage, lay_out};
use crate::{plan, words};
use mmm_base::{Digest, Time};
use mmm_facts::{
    BarsCause, Canvas, Extent, FramingReason, Material, ObjectKind, PictureSource, Profile, SaidPerson,
    SaidSource, SeenFace, SeenObject, Shot, ShownInTurn, Sight, SubjectBox, Timeline, Typefaces, View,
    sample::{material, photo, photo_facts},
};
use mmm_spec::{Aspect, Codec, Fit, Length, PhotoMotion};

const ASPECTS: [Aspect; 4] = [Aspect::Wide, Aspect::Tall, Aspect::Square, Aspect::Portrait];
/// A box: left, top, width, height.
type Sides = (f64, f64, f64, f64);

/// A movie of one photo.
struct Portrait {
    material: Material,
    size: (u32, u32),
}

/// What a photo looks like in a movie.
struct Filmed {
    shot: Shot,
    /// What of the photo each frame shows.
    frames: Vec<Extent>,
    glides: bool,
}

fn area((x, y, width, height): Sides) -> SubjectBox {
    SubjectBox::between((x, y), (x + width, y + height), 0.9)
}

impl Portrait {
    fn of(size: (u32, u32), faces: &[Sides], objects: &[(u8, Sides)]) -> Self {
        let mut medium = photo("a.jpg", 0);
        let picture = medium.probe.picture.as_mut().unwrap();
        (picture.width, picture.height) = size;
        let faces = faces.iter().map(|face| SeenFace { area: area(*face), smile: None, eyes_open: None });
        let objects =
            objects.iter().map(|(kind, at)| SeenObject { kind: ObjectKind(*kind), area: area(*at) });
        let (faces, objects) = (faces.collect(), objects.collect());
        photo_facts(&mut medium).sight = Some(Box::new(Sight { faces, objects, ..Sight::default() }));
        let mut material = material(0, 120_000);
        material.media = vec![medium];
        Self { material, size }.lasting(3.0)
    }

    fn lasting(mut self, secs: f64) -> Self {
        self.material.settings.duration = Length::Exact(Time::from_secs_f64(secs));
        self.material.settings.constraints.shot = Some((Time::from_millis(500), Time::from_secs(20)));
        self
    }

    fn naming(mut self, faces: &[Sides]) -> Self {
        let person = |(index, face): (usize, &Sides)| SaidPerson {
            name: format!("Person {index}"),
            source: SaidSource::Xmp,
            area: Some(area(*face)),
        };
        self.material.media[0].said.people = faces.iter().enumerate().map(person).collect();
        self
    }

    fn filmed(&self, aspect: Aspect) -> Filmed {
        let mut material = self.material.clone();
        material.settings.aspect = aspect;
        let canvas = Canvas::of(aspect, Codec::H264, Profile::Final);
        material.frame = (canvas.width, canvas.height);
        let plan = plan(&material).unwrap();
        let music = material.settings.music.iter().map(|track| &track.path);
        let paths = material.media.iter().map(|medium| &medium.path).chain(music);
        let footage: BTreeMap<_, _> = paths
            .map(|path| {
                let source = Digest::of(path.as_str().as_bytes());
                (path.clone(), Footage { source, size: self.size, track: None })
            })
            .collect();
        let timeline = lay_out(&plan, &material.settings, canvas, &footage, &Typefaces::default());
        let (frames, glides) = shown(&timeline, self.size);
        Filmed { shot: plan.shots.into_iter().next().unwrap(), frames, glides }
    }
}

/// Returns what each frame of the first shot shows of its photo, and whether it moves along it.
fn shown(timeline: &Timeline, size: (u32, u32)) -> (Vec<Extent>, bool) {
    let first = &timeline.shots[0];
    let mut glides = false;
    let mut frames = Vec::new();
    for segment in timeline.segments.iter().filter(|segment| segment.start < first.end()) {
        let View::Shot(view) = &segment.recipe.view else { panic!("the first shot has a transition") };
        glides |= matches!(view.picture, PictureSource::Photo(photo) if photo.glides);
        frames.extend((0..segment.recipe.frames).map(|index| view.seen(index, size, timeline.canvas)));
    }
    (frames, glides)
}

impl Filmed {
    fn reason(&self) -> Option<FramingReason> {
        self.shot.reason.framing
    }

    fn bars(&self) -> Option<BarsCause> {
        match self.reason() {
            Some(FramingReason::Bars { cause }) => Some(cause),
            _ => None,
        }
    }

    fn ends(&self) -> [Extent; 2] {
        [self.frames[0], self.frames[self.frames.len() - 1]]
    }
}

/// The finest step of a fact, and what rounding adds to it.
const FINE: f64 = 3e-4;

/// Returns the head around a face: with three tenths of its height above it, as far as the photo shows it.
fn head((x, y, width, height): Sides) -> Sides {
    let top = (y - 0.3 * height).max(0.0);
    (x, top, width, y + height - top)
}

fn holds(frame: &Extent, (x, y, width, height): Sides) -> bool {
    frame.x <= x + FINE
        && frame.y <= y + FINE
        && x + width <= frame.x + frame.width + FINE
        && y + height <= frame.y + frame.height + FINE
}

fn cuts(frame: &Extent, sides: Sides) -> bool {
    let (x, y, width, height) = sides;
    let inside = |from: f64, length: f64, start: f64, side: f64| {
        (from + length).min(start + side) - from.max(start) > FINE
    };
    let is_seen = inside(x, width, frame.x, frame.width) && inside(y, height, frame.y, frame.height);
    is_seen && !holds(frame, sides)
}

#[test]
fn a_standing_person_is_shown_to_the_upper_body_in_every_aspect() {
    let face = (0.45, 0.17, 0.1, 0.09);
    let portrait = Portrait::of((2400, 3600), &[face], &[(0, (0.3, 0.13, 0.4, 0.85))]);
    for aspect in ASPECTS {
        let filmed = portrait.filmed(aspect);
        assert_eq!((filmed.shot.framing.fit, filmed.reason()), (Fit::Crop, None), "{aspect:?}");
        for frame in &filmed.frames {
            assert!(holds(frame, head(face)), "{aspect:?}: {frame:?}");
            let room = (head(face).1 - frame.y) / frame.height;
            assert!((0.04..0.35).contains(&room), "{aspect:?}: {room} above the head");
        }
        let high = face.3 / filmed.frames[0].height;
        let least = if aspect == Aspect::Wide { 1.0 / 6.0 } else { 0.08 };
        assert!(high >= least, "{aspect:?}: the face has {high} of the frame");
    }
}

#[test]
fn a_person_between_others_keeps_all_heads() {
    let faces = [(0.25, 0.3, 0.1, 0.13), (0.45, 0.25, 0.1, 0.13), (0.65, 0.35, 0.1, 0.13)];
    let portrait = Portrait::of((4032, 3024), &faces, &[]);
    for aspect in [Aspect::Wide, Aspect::Square, Aspect::Portrait] {
        let filmed = portrait.filmed(aspect);
        assert_eq!((filmed.bars(), filmed.glides), (None, false), "{aspect:?}");
        for frame in &filmed.frames {
            assert!(faces.iter().all(|face| holds(frame, head(*face))), "{aspect:?}: {frame:?}");
        }
    }
}

#[test]
fn the_frame_moves_from_face_to_face_where_they_do_not_fit() {
    let (small, large) = ((0.75, 0.3, 0.09, 0.12), (0.15, 0.25, 0.12, 0.16));
    let portrait = Portrait::of((4032, 3024), &[small, large], &[]);
    let what = ShownInTurn::Heads;
    let filmed = Portrait::of((4032, 3024), &[small, large], &[]).lasting(4.2).filmed(Aspect::Tall);
    assert_eq!((filmed.reason(), filmed.glides), (Some(FramingReason::MovesAlong { what }), true));
    let [start, end] = filmed.ends();
    assert!(holds(&start, head(small)) && !holds(&start, head(large)), "{start:?}");
    assert!(holds(&end, head(large)) && !holds(&end, head(small)), "it ends on the larger face: {end:?}");
    let said = words::shot(&filmed.shot.reason);
    assert!(said.contains("moves from face to face, because the frame can't show all at once"), "{said}");
    // In less time the frame would have to move too fast, and photos may have to stand still.
    let fast = portrait.filmed(Aspect::Tall);
    assert_eq!((fast.bars(), fast.glides), (Some(BarsCause::Heads), false));
    assert!(
        words::shot(&fast.shot.reason).contains("between blurred bars, because a crop would cut off a head")
    );
    let mut still = portrait.lasting(4.2);
    still.material.settings.style.photos = PhotoMotion::Still;
    assert_eq!(still.filmed(Aspect::Tall).bars(), Some(BarsCause::Heads));
}

#[test]
fn smaller_faces_are_left_out_whole_or_not_at_all() {
    let main = (0.2, 0.25, 0.16, 0.21);
    let beside = |x: f64| [main, (x, 0.3, 0.06, 0.08)];
    let far = Portrait::of((4032, 3024), &beside(0.85), &[]).filmed(Aspect::Tall);
    assert_eq!(far.reason(), Some(FramingReason::MainFaces { others: 1 }));
    assert!(far.frames.iter().all(|frame| holds(frame, head(main)) && !cuts(frame, head(beside(0.85)[1]))));
    let near = Portrait::of((4032, 3024), &beside(0.45), &[]).filmed(Aspect::Tall);
    assert_eq!(near.reason(), None);
    assert!(near.frames.iter().all(|frame| beside(0.45).iter().all(|face| holds(frame, head(*face)))));
}

#[test]
fn a_crop_that_the_spec_asks_for_shows_the_largest_face() {
    let faces = [(0.8, 0.3, 0.09, 0.12), (0.1, 0.25, 0.12, 0.16)];
    let mut portrait = Portrait::of((4032, 3024), &faces, &[]);
    portrait.material.settings.style.fit = Fit::Crop;
    let filmed = portrait.filmed(Aspect::Tall);
    assert_eq!((filmed.shot.framing.fit, filmed.reason()), (Fit::Crop, None));
    assert!(filmed.frames.iter().all(|frame| holds(frame, head(faces[1]))));
    portrait.material.settings.style.fit = Fit::Fill;
    let filmed = portrait.filmed(Aspect::Tall);
    assert_eq!((filmed.shot.framing.fit, filmed.reason()), (Fit::Fill, None), "the spec asks for bars");
}

#[test]
fn a_small_photo_is_not_enlarged_to_a_crop() {
    let face = (0.4, 0.2, 0.2, 0.15);
    let small = Portrait::of((150, 225), &[face], &[]).filmed(Aspect::Wide);
    assert_eq!(small.bars(), Some(BarsCause::Pixels));
    assert_eq!(Portrait::of((400, 600), &[face], &[]).filmed(Aspect::Wide).bars(), None);
}

#[test]
fn persons_without_a_face_and_then_objects_decide() {
    let (person, dog) = ((0.3, 0.1, 0.4, 0.85), (0.1, 0.7, 0.2, 0.2));
    let filmed = Portrait::of((2400, 3600), &[], &[(16, dog), (0, person)]).filmed(Aspect::Wide);
    assert_eq!(filmed.bars(), None);
    let upper = (person.0, person.1, person.2, 0.3 * person.3);
    assert!(filmed.frames.iter().all(|frame| holds(frame, upper)), "{:?}", filmed.frames[0]);
    let filmed = Portrait::of((2400, 3600), &[], &[(16, dog)]).filmed(Aspect::Wide);
    assert!(filmed.frames.iter().all(|frame| holds(frame, dog)));
    // A large object is shown from its foot to its top.
    let tower = (0.2, 0.1, 0.5, 0.8);
    let filmed = Portrait::of((2400, 3600), &[], &[(16, tower)]).lasting(6.0).filmed(Aspect::Wide);
    assert_eq!(filmed.reason(), Some(FramingReason::MovesAlong { what: ShownInTurn::Subject }));
    let [start, end] = filmed.ends();
    assert!(start.y > end.y && end.y <= 0.1 + FINE && start.y + start.height >= 0.9 - FINE);
}

#[test]
fn a_tall_picture_without_a_subject_is_shown_by_a_move_if_there_is_time() {
    let scene = |secs| Portrait::of((3024, 4032), &[], &[]).lasting(secs).filmed(Aspect::Wide);
    let slow = scene(3.0);
    assert_eq!(slow.reason(), Some(FramingReason::MovesAlong { what: ShownInTurn::Picture }));
    let [start, end] = slow.ends();
    assert!(start.y + start.height - end.y >= 0.5, "half of the photo is shown");
    assert_eq!(scene(0.6).bars(), Some(BarsCause::Picture));
}

#[test]
fn a_face_that_only_a_person_named_is_a_head() {
    let (seen, named) = ((0.4, 0.3, 0.15, 0.11), (0.42, 0.72, 0.15, 0.11));
    let portrait = Portrait::of((2400, 3600), &[seen], &[]);
    assert_eq!(portrait.filmed(Aspect::Wide).bars(), None);
    let both = Portrait::of((2400, 3600), &[seen], &[]).naming(&[named]).filmed(Aspect::Wide);
    assert!(both.bars() == Some(BarsCause::Heads) || both.glides, "{:?}", both.reason());
    // A name beside a face that is seen adds nothing.
    let same =
        Portrait::of((2400, 3600), &[seen], &[]).naming(&[(0.38, 0.28, 0.2, 0.16)]).filmed(Aspect::Wide);
    assert_eq!((same.bars(), same.glides), (None, false));
    // It counts without models as well.
    let mut unseen = Portrait::of((2400, 3600), &[], &[]).naming(&[named]);
    photo_facts(&mut unseen.material.media[0]).sight = None;
    let filmed = unseen.filmed(Aspect::Wide);
    assert!(filmed.bars().is_none() && filmed.frames.iter().all(|frame| holds(frame, head(named))));
}

/// Faces of a few people, and how they are framed.
fn scenes() -> impl Strategy<Value = (Vec<Sides>, (u32, u32), Aspect, f64)> {
    let face = (0.0..0.9f64, 0.0..0.85f64, 0.03..0.35f64).prop_map(|(x, y, side)| {
        let (width, height) = (side.min(1.0 - x), (1.2 * side).min(1.0 - y));
        (x, y, width, height)
    });
    let sizes = [(4000, 3000), (3000, 4000), (6000, 4000), (2400, 4200), (3000, 3000), (4000, 1500)];
    let faces = proptest::collection::vec(face, 1..5);
    (faces, proptest::sample::select(sizes.to_vec()), proptest::sample::select(&ASPECTS), 1.0..7.0f64)
}

/// Whether a crop of the frame's shape could show all heads: then there must be no bars.
fn fits(faces: &[Sides], size: (u32, u32), frame: &Canvas) -> bool {
    let shape = f64::from(frame.width) * f64::from(size.1) / (f64::from(frame.height) * f64::from(size.0));
    let (wide, high) = (shape.min(1.0), (1.0 / shape).min(1.0));
    let along = |from: fn(Sides) -> f64, to: fn(Sides) -> f64| {
        let heads = || faces.iter().map(|face| head(*face));
        heads().map(to).fold(0.0, f64::max) - heads().map(from).fold(1.0, f64::min)
    };
    // The ears are beside the box.
    let ears = faces.iter().map(|face| 0.3 * face.2).fold(0.0, f64::max);
    along(|head| head.0, |head| head.0 + head.2) + ears <= wide - FINE
        && along(|head| head.1, |head| head.1 + head.3) <= high - FINE
}

fn side(face: &Sides) -> f64 {
    (face.2 * face.3).sqrt()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_main_head_is_cut_and_bars_are_the_last_resort((faces, size, aspect, secs) in scenes()) {
        let filmed = Portrait::of(size, &faces, &[]).lasting(secs).filmed(aspect);
        let canvas = Canvas::of(aspect, Codec::H264, Profile::Final);
        let largest = faces.iter().map(side).fold(0.0, f64::max);
        let main: Vec<Sides> = faces.iter().filter(|face| side(face) > 0.401 * largest).copied().collect();
        let is_crop = filmed.shot.framing.fit == Fit::Crop;
        for frame in filmed.frames.iter().filter(|_| is_crop) {
            let inside = frame.x >= -FINE && frame.y >= -FINE && frame.x + frame.width <= 1.0 + FINE
                && frame.y + frame.height <= 1.0 + FINE;
            prop_assert!(inside, "the frame leaves the photo: {:?}", frame);
            let shape = frame.width * f64::from(size.0) / (frame.height * f64::from(size.1));
            let wanted = f64::from(canvas.width) / f64::from(canvas.height);
            prop_assert!((shape / wanted - 1.0).abs() < 2e-3, "distorted: {} for {}", shape, wanted);
        }
        if filmed.glides {
            for end in filmed.ends() {
                let heads = || main.iter().map(|face| head(*face));
                prop_assert!(heads().all(|head| !cuts(&end, head)), "an end cuts a head: {:?}", end);
                prop_assert!(heads().any(|head| holds(&end, head)), "an end shows nobody: {:?}", end);
            }
            let seen = |face: &Sides| filmed.frames.iter().any(|frame| holds(frame, head(*face)));
            prop_assert!(main.iter().all(seen), "somebody is never seen whole");
            let steps = filmed.frames.windows(2).map(|pair| {
                let (x, y) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
                (x / pair[0].width).abs().max((y / pair[0].height).abs())
            });
            let fastest = steps.fold(0.0, f64::max) * 30.0;
            prop_assert!(fastest <= 0.25 / 0.75 + 0.02, "{} frames a second", fastest);
        } else if is_crop {
            let others = match filmed.reason() {
                Some(FramingReason::MainFaces { others }) => others as usize,
                other => { prop_assert_eq!(other, None); 0 }
            };
            for frame in &filmed.frames {
                let is_seen = |face: &&Sides| side(face) > 0.201 * largest;
                for face in faces.iter().filter(is_seen).filter(|face| !holds(frame, head(**face))) {
                    prop_assert!(others > 0 && side(face) < 0.56 * largest, "a head is lost: {:?}", face);
                }
            }
            for face in faces.iter().filter(|face| side(face) > 0.201 * largest) {
                for frame in &filmed.frames {
                    prop_assert!(!cuts(frame, *face), "a face is cut: {:?} by {:?}", face, frame);
                }
            }
        } else {
            prop_assert_eq!(filmed.bars(), Some(BarsCause::Heads));
            prop_assert!(!fits(&faces, size, &canvas), "a crop would show all heads");
        }
    }

    #[test]
    fn a_person_alone_has_room_above_the_head((faces, size, aspect, secs) in scenes()) {
        let face = faces[0];
        let filmed = Portrait::of(size, &[face], &[]).lasting(secs).filmed(aspect);
        for frame in filmed.frames.iter().filter(|_| filmed.shot.framing.fit == Fit::Crop) {
            prop_assert!(holds(frame, head(face)), "{:?}", frame);
            let room = (head(face).1 - frame.y) / frame.height;
            let is_large = head(face).3 > 0.9 * filmed.frames[0].height;
            let is_at_edge = frame.y < 0.085;
            prop_assert!(room >= 0.035 || is_large || is_at_edge, "{} above the head in {:?}", room, frame);
        }
    }
}
