use mmm_facts::{Model, ObjectKind, SeenObject, SubjectBox};

use super::inputs::{Part, image};
use super::overlap::without_overlaps;
use crate::RgbView;
use crate::net::{ModelError, Net, Tensor};

/// Pixels of a side of what the model takes.
const SIDE: usize = 416;
/// The kinds of objects.
const KINDS: usize = 80;
/// The least confidence of an object.
const LEAST: f32 = 0.35;
/// Objects of one kind overlap by at most this much (intersection over union).
const OVERLAP: f64 = 0.5;
/// The most objects of a picture.
const MOST: usize = 24;

/// Returns the objects in a picture, the most certain first: those of COCO (Lin and others, 2014), by NanoDet
/// (RangiLyu, 2020).
pub(super) fn objects_in(picture: &RgbView) -> Result<Vec<SeenObject>, ModelError> {
    let net = Net::get(Model::Objects)?;
    let input = image(picture, Part::whole(picture), (SIDE, SIDE));
    let [scores, boxes]: [Tensor; 2] = net
        .run(&[("image", &input)], &["scores", "boxes"])?
        .try_into()
        .map_err(|_| net.failure("other outputs"))?;
    let cells = scores.values.chunks_exact(KINDS).zip(boxes.values.chunks_exact(4));
    let mut found: Vec<SeenObject> = cells.filter_map(|(scores, edges)| object(scores, edges)).collect();
    found.sort_by_key(|seen| (std::cmp::Reverse(seen.area.weight), seen.kind, seen.area));
    let mut kept = without_overlaps(found, OVERLAP, |seen| seen.area, |one, other| one.kind == other.kind);
    kept.truncate(MOST);
    Ok(kept)
}

/// Returns what a cell of the model's grids shows, if it is certain enough.
fn object(scores: &[f32], edges: &[f32]) -> Option<SeenObject> {
    let best = (0..KINDS).max_by(|&a, &b| scores[a].total_cmp(&scores[b]).then(b.cmp(&a)))?;
    let share = |pixels: f32| f64::from(pixels) / SIDE as f64;
    let (from, to) = ((share(edges[0]), share(edges[1])), (share(edges[2]), share(edges[3])));
    let area = SubjectBox::between(from, to, f64::from(scores[best]));
    (scores[best] >= LEAST).then_some(SeenObject { kind: ObjectKind(best as u8), area })
}
