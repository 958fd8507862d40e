use mmm_base::{Score, Time};
use mmm_facts::{ObjectKind, SeenFace, SightMoment, SourceShot};

/// A face whose side is at least this share of the picture's is large enough to count in full.
const LARGE: f64 = 0.12;
/// What a face is worth without a smile, and what somebody is worth whose face is not seen, or an animal.
const FACE: f64 = 0.6;
const BODY: f64 = 0.4;
/// The kinds of animals among the objects.
const ANIMALS: std::ops::RangeInclusive<u8> = 14..=23;
/// From this certainty on an object is surely there.
const SURE: f64 = 0.5;

/// Returns how much the people and animals at a time of a clip are worth seeing, 0..=1, by the looks before
/// and after it in the same shot; `None` if no model looked at that shot.
pub fn people(looks: &[SightMoment], shots: &[SourceShot], time: Time) -> Option<f64> {
    let shot = shot_at(shots, time)?;
    let inside = |look: &&SightMoment| shot_at(shots, look.time) == Some(shot);
    let before = looks.iter().rfind(|look| look.time <= time && inside(look));
    let after = looks.iter().find(|look| look.time > time && inside(look));
    match (before, after) {
        (Some(one), Some(other)) => {
            let part = (time - one.time).secs() / (other.time - one.time).secs();
            Some(worth(one) * (1.0 - part) + worth(other) * part)
        }
        (one, other) => one.or(other).map(worth),
    }
}

/// Returns which of the shots, which are in order, a time lies in.
fn shot_at(shots: &[SourceShot], time: Time) -> Option<usize> {
    let at = shots.partition_point(|shot| shot.end < time);
    shots.get(at).filter(|shot| shot.start <= time).map(|_| at)
}

fn worth(look: &SightMoment) -> f64 {
    let faces = look.sight.faces.iter().map(worth_of_face).fold(0.0, f64::max);
    let objects = look.sight.objects.iter().filter(|seen| seen.area.weight.get() >= SURE);
    let lives = |kind: ObjectKind| kind == ObjectKind::PERSON || ANIMALS.contains(&kind.0);
    let bodies = if objects.into_iter().any(|seen| lives(seen.kind)) { BODY } else { 0.0 };
    faces.max(bodies)
}

fn worth_of_face(face: &SeenFace) -> f64 {
    let size = (face.area.area().sqrt() / LARGE).min(1.0);
    let smile = face.smile.map_or(0.0, Score::get);
    let open = face.eyes_open.map_or(1.0, |open| (open.get() / 0.5).min(1.0));
    size * open * (FACE + (1.0 - FACE) * smile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::{Sight, SubjectBox};

    fn look(secs: i64, smile: f64) -> SightMoment {
        let area = SubjectBox::between((0.3, 0.3), (0.5, 0.5), 0.9);
        let face = SeenFace { area, smile: Some(Score::new(smile)), eyes_open: Some(Score::new(1.0)) };
        let sight = Sight { faces: vec![face], ..Sight::default() };
        SightMoment { time: Time::from_secs(secs), sight }
    }

    #[test]
    fn people_count_between_looks_and_not_across_a_cut() {
        let shot = |start, end| SourceShot { start: Time::from_secs(start), end: Time::from_secs(end) };
        let shots = [shot(0, 6), shot(7, 9)];
        let looks = [look(1, 0.0), look(5, 1.0)];
        let at = |secs| people(&looks, &shots, Time::from_secs(secs));
        assert_eq!((at(0), at(1), at(5), at(6)), (Some(FACE), Some(FACE), Some(1.0), Some(1.0)));
        assert!((at(3).unwrap() - (FACE + 1.0) / 2.0).abs() < 1e-9);
        assert_eq!(at(8), None, "nobody looked at that shot");
    }
}
