use super::similarity::Similarity;
use mmm_media::Crop;

/// The largest zoom: it loses a tenth of the width and height.
const MOST_ZOOM: f64 = 1.0 / 0.9;
/// Iterations when searching the share of a correction that fits: to a thousandth.
const STEPS: usize = 10;

/// The part of a picture that is shown, and the usable area around it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Room {
    /// Width and height of the picture as shown, in pixels.
    pub size: (u32, u32),
    pub shown: Crop,
    /// Contains `shown` and the usable area around it.
    pub around: Crop,
}

impl Room {
    /// Returns the room around `shown`: as much of the picture as the largest zoom would remove.
    pub fn of(size: (u32, u32), shown: Crop) -> Self {
        let reach = |from: u32, length: u32, whole: u32| {
            let more = (f64::from(length) * (MOST_ZOOM - 1.0)) as u32;
            let start = from.saturating_sub(more);
            let end = (from + length).saturating_add(more).min(whole);
            (start, end.max(from + length) - start)
        };
        let (x, width) = reach(shown.x, shown.width, size.0);
        let (y, height) = reach(shown.y, shown.height, size.1);
        Self { size, shown, around: Crop { x, y, width, height } }
    }

    /// Returns where a point of the output (from -½ to ½ of `shown`) is in the picture, in pixels.
    pub fn point(&self, (x, y): (f64, f64), correction: &Similarity, zoom: f64) -> (f64, f64) {
        let unit = f64::from(self.size.0);
        let middle = (f64::from(self.size.0) / 2.0, f64::from(self.size.1) / 2.0);
        let Crop { x: left, y: top, width, height } = self.shown;
        let (width, height) = (f64::from(width), f64::from(height));
        let there = (
            f64::from(left) + width * (0.5 + x / zoom) - middle.0,
            f64::from(top) + height * (0.5 + y / zoom) - middle.1,
        );
        let (x, y) = correction.at((there.0 / unit, there.1 / unit));
        (x * unit + middle.0, y * unit + middle.1)
    }

    /// Returns the smallest zoom, at least 1, at which a corrected picture has no border; `None` if no zoom
    /// helps.
    fn zoom_for(&self, correction: &Similarity) -> Option<f64> {
        let centre = self.point((0.0, 0.0), correction, 1.0);
        let (left, top) = (f64::from(self.around.x), f64::from(self.around.y));
        let (right, foot) = (left + f64::from(self.around.width), top + f64::from(self.around.height));
        let mut zoom: f64 = 1.0;
        for corner in [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)] {
            let (x, y) = self.point(corner, correction, 1.0);
            for (way, before, after) in [
                (x - centre.0, centre.0 - left, right - centre.0),
                (y - centre.1, centre.1 - top, foot - centre.1),
            ] {
                let free = if way < 0.0 { before } else { after };
                if free <= 0.0 {
                    return None;
                }
                zoom = zoom.max(way.abs() / free);
            }
        }
        Some(zoom)
    }

    /// Returns the zoom at which all corrections fit, or the largest allowed one, and the share of each
    /// correction that fits at that zoom.
    pub fn fit(&self, corrections: &[Similarity]) -> (f64, Vec<f64>) {
        let needed = corrections.iter().map(|one| self.zoom_for(one).unwrap_or(MOST_ZOOM));
        let zoom = needed.fold(1.0, f64::max).min(MOST_ZOOM);
        // A small tolerance, because the zoom was computed from one of these.
        let fits = |one: &Similarity| self.zoom_for(one).is_some_and(|needed| needed <= zoom + 1e-9);
        let share = |one: &Similarity| {
            if fits(one) {
                return 1.0;
            }
            let (mut least, mut most) = (0.0, 1.0);
            for _ in 0..STEPS {
                let middle = (least + most) / 2.0;
                if fits(&one.part(middle)) { least = middle } else { most = middle }
            }
            least
        };
        (zoom, corrections.iter().map(share).collect())
    }
}
