use mmm_facts::{Model, SeenFace, SubjectBox};

use super::inputs::{Part, image};
use super::overlap::without_overlaps;
use crate::RgbView;
use crate::net::{ModelError, Net, Tensor};

/// A face with what its expression is read by.
pub(super) struct FoundFace {
    pub seen: SeenFace,
    /// The middles of its box and of its eyes, in pixels of the picture: the eye that is on the left first.
    pub middle: (f64, f64),
    pub eyes: [(f64, f64); 2],
    /// The longer side of its box in pixels.
    pub side: f64,
}

/// Both sides of what the model takes are multiples of this, in pixels.
const STEP: f64 = 32.0;
/// Pixels of the longer side: at the first a glance tells whether there may be faces at all, at the second
/// they are found.
const GLANCE: f64 = 320.0;
const LONG: f64 = 640.0;
/// Pixels between two cells of the model's maps.
const STRIDE: f64 = 4.0;
/// The least confidence of a face, and of a possible one at a glance.
const LEAST: f32 = 0.5;
const POSSIBLE: f32 = 0.2;
/// Faces overlap by at most this much (intersection over union).
const OVERLAP: f64 = 0.3;

/// Returns the faces in a picture, the most certain first. CenterFace (Xu and others, 2019) finds a box and
/// five points: the eyes, the tip of the nose, the corners of the mouth. A picture without people gets a glance
/// only, which costs a quarter.
pub(super) fn faces_in(picture: &RgbView, has_people: bool) -> Result<Vec<FoundFace>, ModelError> {
    if !has_people && found(picture, GLANCE, POSSIBLE)?.is_empty() {
        return Ok(Vec::new());
    }
    found(picture, LONG, LEAST)
}

/// Returns the faces with at least a confidence in a picture whose longer side is reduced to `long` pixels.
fn found(picture: &RgbView, long: f64, least: f32) -> Result<Vec<FoundFace>, ModelError> {
    let net = Net::get(Model::Faces)?;
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let scale = long / width.max(height);
    let side = |length: f64| ((length * scale / STEP).round().max(1.0) * STEP) as usize;
    let size = (side(width), side(height));
    let input = image(picture, Part::whole(picture), size);
    let maps: [Tensor; 4] = net
        .run(&[("image", &input)], &["heat", "scale", "offset", "landmarks"])?
        .try_into()
        .map_err(|_| net.failure("other outputs"))?;
    let maps = Maps::of(&maps, size).ok_or_else(|| net.failure("maps of other sizes"))?;
    let mut found: Vec<FoundFace> = maps.peaks(least).map(|cell| maps.face(cell, (width, height))).collect();
    found.sort_by(|one, other| {
        let place = |face: &FoundFace| (face.seen.area.x, face.seen.area.y);
        other.seen.area.weight.cmp(&one.seen.area.weight).then(place(one).cmp(&place(other)))
    });
    Ok(without_overlaps(found, OVERLAP, |face| face.seen.area, |_, _| true))
}

/// What the model says for each cell of a grid.
struct Maps<'a> {
    width: usize,
    height: usize,
    heat: &'a [f32],
    scale: &'a [f32],
    offset: &'a [f32],
    points: &'a [f32],
}

impl<'a> Maps<'a> {
    fn of([heat, scale, offset, points]: &'a [Tensor; 4], size: (usize, usize)) -> Option<Self> {
        let (width, height) = (size.0 / STRIDE as usize, size.1 / STRIDE as usize);
        let cells = width * height;
        let has = |tensor: &Tensor, channels: usize| tensor.values.len() == channels * cells;
        let is_whole = has(heat, 1) && has(scale, 2) && has(offset, 2) && has(points, 10);
        is_whole.then_some(Self {
            width,
            height,
            heat: &heat.values,
            scale: &scale.values,
            offset: &offset.values,
            points: &points.values,
        })
    }

    /// Returns the cells in which a face with at least a confidence has its middle.
    fn peaks(&self, least: f32) -> impl Iterator<Item = usize> + '_ {
        (0..self.heat.len()).filter(move |&cell| self.heat[cell] >= least)
    }

    fn face(&self, cell: usize, (width, height): (f64, f64)) -> FoundFace {
        let cells = self.width * self.height;
        let at = |map: &[f32], channel: usize| f64::from(map[channel * cells + cell]);
        let (column, row) = ((cell % self.width) as f64, (cell / self.width) as f64);
        // From the model's pixels to the picture's.
        let across = width / (self.width as f64 * STRIDE);
        let down = height / (self.height as f64 * STRIDE);
        let tall = libm::exp(at(self.scale, 0)) * STRIDE;
        let wide = libm::exp(at(self.scale, 1)) * STRIDE;
        let left = (column + at(self.offset, 1) + 0.5) * STRIDE - wide / 2.0;
        let top = (row + at(self.offset, 0) + 0.5) * STRIDE - tall / 2.0;
        let point = |index: usize| {
            let (y, x) = (at(self.points, 2 * index), at(self.points, 2 * index + 1));
            ((left + x * wide) * across, (top + y * tall) * down)
        };
        let share = |x: f64, y: f64| (x * across / width, y * down / height);
        let confidence = f64::from(self.heat[cell]);
        let area = SubjectBox::between(share(left, top), share(left + wide, top + tall), confidence);
        FoundFace {
            seen: SeenFace { area, smile: None, eyes_open: None },
            middle: ((left + wide / 2.0) * across, (top + tall / 2.0) * down),
            eyes: [point(0), point(1)],
            side: (wide * across).max(tall * down),
        }
    }
}
