use std::collections::BTreeMap;

use mmm_base::Score;
use mmm_facts::{
    ObjectKind, PictureFeatures, SeenFace, SeenObject, SeenTag, Sight, SightMoment, SubjectBox, Tag,
};

/// A face in one look is that of another look if the middles of their boxes are at most this many sides of the
/// larger one apart.
const NEAR: f64 = 1.0;
/// The most tags, and the least probability of one.
const TAGS: usize = 10;
const LEAST: f64 = 0.01;

/// Returns what a clip shows as a whole. Faces are followed from look to look; there are as many as are ever seen
/// at once. Of each kind of object, the look counts in which it is surest. A tag counts half by its highest
/// probability and half by its mean; the features are the mean.
pub fn overview(looks: &[SightMoment]) -> Sight {
    let features: Vec<&PictureFeatures> = looks.iter().map(|look| &look.sight.features).collect();
    Sight {
        faces: faces(looks),
        objects: objects(looks),
        tags: tags(looks),
        features: PictureFeatures::mean(&features),
    }
}

/// Returns one face for each person that is followed: the box is the median of theirs, the smile the greatest,
/// the openness of the eyes the median.
fn faces(looks: &[SightMoment]) -> Vec<SeenFace> {
    let mut tracks: Vec<Vec<SeenFace>> = Vec::new();
    for look in looks {
        let mut open: Vec<usize> = (0..tracks.len()).collect();
        for face in &look.sight.faces {
            let apart = |track: &usize| tracks[*track].last().map_or(f64::MAX, |last| apart(last, face));
            let nearest = open.iter().copied().min_by(|one, other| apart(one).total_cmp(&apart(other)));
            match nearest.filter(|track| apart(track) <= NEAR) {
                Some(track) => {
                    open.retain(|other| *other != track);
                    tracks[track].push(*face);
                }
                None => tracks.push(vec![*face]),
            }
        }
    }
    tracks.sort_by_key(|track| std::cmp::Reverse((track.len(), weight(track))));
    tracks.truncate(looks.iter().map(|look| look.sight.faces.len()).max().unwrap_or(0));
    let mut faces: Vec<SeenFace> = tracks.iter().map(|track| followed(track)).collect();
    faces.sort_by_key(|face| std::cmp::Reverse((face.area.weight, face.area)));
    faces
}

fn weight(track: &[SeenFace]) -> Score {
    track.iter().map(|face| face.area.weight).max().unwrap_or_default()
}

fn followed(track: &[SeenFace]) -> SeenFace {
    let edge = |edge: fn(&SubjectBox) -> f64| {
        let edges = track.iter().map(|face| Score::new(edge(&face.area)));
        median(edges.collect()).unwrap_or_default().get()
    };
    let from = (edge(|area| area.x.get()), edge(|area| area.y.get()));
    let to = (edge(SubjectBox::right), edge(SubjectBox::bottom));
    SeenFace {
        area: SubjectBox::between(from, to, weight(track).get()),
        smile: track.iter().filter_map(|face| face.smile).max(),
        eyes_open: median(track.iter().filter_map(|face| face.eyes_open).collect()),
    }
}

/// Returns how far the middles of two faces are apart, in sides of the larger one.
fn apart(one: &SeenFace, other: &SeenFace) -> f64 {
    let ((x, y), (to_x, to_y)) = (one.area.middle(), other.area.middle());
    let side = |part: fn(&SubjectBox) -> Score| part(&one.area).max(part(&other.area)).get().max(1e-4);
    let (across, down) = ((to_x - x) / side(|area| area.width), (to_y - y) / side(|area| area.height));
    (across * across + down * down).sqrt()
}

fn median(mut scores: Vec<Score>) -> Option<Score> {
    scores.sort();
    scores.get(scores.len() / 2).copied()
}

fn objects(looks: &[SightMoment]) -> Vec<SeenObject> {
    let mut best: BTreeMap<ObjectKind, Vec<SeenObject>> = BTreeMap::new();
    for look in looks {
        let mut kinds: BTreeMap<ObjectKind, Vec<SeenObject>> = BTreeMap::new();
        for seen in &look.sight.objects {
            kinds.entry(seen.kind).or_default().push(*seen);
        }
        for (kind, seen) in kinds {
            let known = best.entry(kind).or_default();
            if sure(&seen) > sure(known) {
                *known = seen;
            }
        }
    }
    let mut objects: Vec<SeenObject> = best.into_values().flatten().collect();
    objects.sort_by_key(|seen| (std::cmp::Reverse(seen.area.weight), seen.kind, seen.area));
    objects
}

fn sure(objects: &[SeenObject]) -> Score {
    objects.iter().map(|seen| seen.area.weight).max().unwrap_or_default()
}

fn tags(looks: &[SightMoment]) -> Vec<SeenTag> {
    let mut found: BTreeMap<Tag, (f64, f64)> = BTreeMap::new();
    for seen in looks.iter().flat_map(|look| &look.sight.tags) {
        let (most, sum) = found.entry(seen.tag).or_default();
        *most = most.max(seen.confidence.get());
        *sum += seen.confidence.get();
    }
    let count = looks.len().max(1) as f64;
    let tag = |(tag, (most, sum))| SeenTag { tag, confidence: Score::new((most + sum / count) / 2.0) };
    let mut tags: Vec<SeenTag> = found.into_iter().map(tag).collect();
    tags.sort_by_key(|seen| (std::cmp::Reverse(seen.confidence), seen.tag));
    tags.retain(|seen| seen.confidence >= Score::new(LEAST));
    tags.truncate(TAGS);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_base::Time;

    fn face(x: f64, smile: f64) -> SeenFace {
        let area = SubjectBox::between((x, 0.2), (x + 0.1, 0.35), 0.9);
        SeenFace { area, smile: Some(Score::new(smile)), eyes_open: Some(Score::new(1.0)) }
    }

    fn looks(sights: Vec<Sight>) -> Vec<SightMoment> {
        let time = |at: usize| Time::from_secs(at as i64);
        sights.into_iter().enumerate().map(|(at, sight)| SightMoment { time: time(at), sight }).collect()
    }

    #[test]
    fn a_face_that_moves_is_one_face_with_its_best_smile() {
        let seen = |faces: &[SeenFace]| Sight { faces: faces.to_vec(), ..Sight::default() };
        let looks = looks(vec![
            seen(&[face(0.1, 0.1), face(0.7, 0.0)]),
            seen(&[face(0.15, 0.9), face(0.7, 0.1)]),
            seen(&[face(0.2, 0.2)]),
        ]);
        let faces = overview(&looks).faces;
        assert_eq!(faces.len(), 2);
        assert_eq!(faces[0].smile.max(faces[1].smile), Some(Score::new(0.9)));
        let at = |x: f64| faces.iter().any(|face| (face.area.x.get() - x).abs() < 1e-9);
        assert!(at(0.15) && at(0.7), "{faces:?}");
    }

    #[test]
    fn somebody_who_crosses_the_picture_is_not_a_crowd() {
        let seen = |x: f64| Sight { faces: vec![face(x, 0.0)], ..Sight::default() };
        assert_eq!(overview(&looks(vec![seen(0.0), seen(0.4), seen(0.8)])).faces.len(), 1);
    }

    #[test]
    fn a_thing_that_is_seen_once_is_still_seen() {
        let dog = SeenObject { kind: ObjectKind(16), area: SubjectBox::between((0.1, 0.1), (0.4, 0.5), 0.8) };
        let tag = |confidence: f64| SeenTag { tag: Tag(207), confidence: Score::new(confidence) };
        let with = Sight { objects: vec![dog], tags: vec![tag(0.8)], ..Sight::default() };
        let whole = overview(&looks(vec![Sight::default(), with, Sight::default(), Sight::default()]));
        assert_eq!(whole.objects, [dog]);
        assert!((whole.tags[0].confidence.get() - 0.5).abs() < 1e-9, "{:?}", whole.tags);
        assert_eq!(overview(&[]), Sight::default());
    }
}
