use mmm_analysis::see;
use mmm_base::Time;
use mmm_facts::{MediaError, SightMoment};
use mmm_media::{ClipFrame, ClipScaler, RgbPicture};

use super::examined::Examined;
use super::rgb_view::rgb_view;

/// The size in pixels at which models look at a clip: enough for faces of a twelfth of the picture.
const SIDE_PX: u32 = 512;
/// Stretches of equal length of which the best picture each is kept until all are known.
const CELLS: usize = 24;
/// Models look at most so often, and once for so much decoding, in millions of pixels of the frames as stored:
/// a look takes about as long as decoding half of them.
const MOST: usize = 12;
const MILLIONS: f64 = 200.0;
/// There is at most one look for so much of a clip.
const APART: Time = Time::from_secs(1);

/// Chooses the pictures of a clip that models look at, and lets them look.
pub(super) struct Looks {
    length: Time,
    cells: Vec<Option<Kept>>,
    /// Pixels that were decoded, in millions.
    decoded: f64,
}

/// A picture that may be looked at.
struct Kept {
    time: Time,
    promise: f64,
    picture: RgbPicture,
}

impl Looks {
    /// Returns the looks at a clip of about this length. If it is longer, or zero because nobody knows it, it grows
    /// with the frames.
    pub fn new(length: Time) -> Self {
        let cells = std::iter::repeat_with(|| None).take(CELLS).collect();
        Self { length: length.max(Time::from_millis(1)), cells, decoded: 0.0 }
    }

    /// Counts a decoded frame.
    pub fn count(&mut self, frame: &ClipFrame) {
        self.decoded += f64::from(frame.frame.width()) * f64::from(frame.frame.height()) / 1e6;
    }

    /// Keeps a frame if it promises more than the others of its stretch.
    ///
    /// # Errors
    /// If its format can't be converted.
    pub fn offer(
        &mut self,
        frame: &ClipFrame,
        promise: f64,
        scaler: &mut ClipScaler,
    ) -> Result<(), MediaError> {
        let cell = self.cell(frame.time);
        if cell.as_ref().is_none_or(|kept| promise > kept.promise) {
            let picture = scaler.to_small_rgb(frame, SIDE_PX)?;
            *cell = Some(Kept { time: frame.time, promise, picture });
        }
        Ok(())
    }

    /// Returns the stretch that contains a time.
    fn cell(&mut self, time: Time) -> &mut Option<Kept> {
        while time >= self.length {
            self.double();
        }
        let cell = time.micros().max(0) as u128 * CELLS as u128 / self.length.micros() as u128;
        &mut self.cells[(cell as usize).min(CELLS - 1)]
    }

    /// Makes the stretches twice as long.
    fn double(&mut self) {
        self.length = self.length.scale(2, 1);
        let mut cells = std::mem::take(&mut self.cells).into_iter();
        while let (Some(one), Some(other)) = (cells.next(), cells.next()) {
            let is_better = match (&one, &other) {
                (Some(one), Some(other)) => other.promise > one.promise,
                (one, _) => one.is_none(),
            };
            self.cells.push(if is_better { other } else { one });
        }
        self.cells.resize_with(CELLS, || None);
    }

    /// Returns what models see in the pictures that promise most and are far apart, in order of time.
    ///
    /// # Errors
    /// If a model can't be loaded or run. The inner error is a picture without pixels.
    pub fn look(self) -> Examined<Vec<SightMoment>> {
        let mut looks = Vec::new();
        for kept in self.chosen() {
            let view = match rgb_view(&kept.picture) {
                Ok(view) => view,
                Err(error) => return Ok(Err(error)),
            };
            looks.push(SightMoment { time: kept.time, sight: see(&view)? });
        }
        Ok(Ok(looks))
    }

    /// Returns the pictures to look at: as many as the decoding allows, at least one. Each time the one is added
    /// that promises most, less so near those already chosen.
    fn chosen(self) -> Vec<Kept> {
        let Self { length, cells, decoded } = self;
        let affordable = (decoded / MILLIONS) as usize;
        let count = affordable.min(MOST).min((length.micros() / APART.micros()) as usize).max(1);
        let spread = length.scale(1, count as i64);
        let mut open: Vec<Kept> = cells.into_iter().flatten().collect();
        let mut chosen: Vec<Kept> = Vec::new();
        while chosen.len() < count {
            let merit = |kept: &Kept| {
                let apart = chosen.iter().map(|other| (other.time - kept.time).micros().abs()).min();
                let free = apart.map_or(1.0, |apart| apart as f64 / spread.micros().max(1) as f64);
                kept.promise * free.min(1.0)
            };
            let ranked = (0..open.len()).map(|index| (index, merit(&open[index])));
            let Some((best, _)) = ranked.reduce(|one, other| if other.1 > one.1 { other } else { one })
            else {
                break;
            };
            chosen.push(open.remove(best));
        }
        chosen.sort_by_key(|kept| kept.time);
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(promises: &[f64], decoded: f64) -> Vec<i64> {
        let mut looks = Looks::new(Time::from_secs(24));
        looks.decoded = decoded;
        for (index, promise) in promises.iter().enumerate() {
            let picture = RgbPicture { width: 1, height: 1, pixels: vec![0; 3] };
            let time = Time::from_secs(index as i64);
            looks.cells[index] = Some(Kept { time, promise: *promise, picture });
        }
        looks.chosen().iter().map(|kept| kept.time.micros() / 1_000_000).collect()
    }

    #[test]
    fn a_clip_whose_length_nobody_knows_has_as_many_looks() {
        let mut looks = Looks::new(Time::ZERO);
        looks.decoded = 1e9;
        for second in 0..60 {
            let time = Time::from_secs(second);
            let picture = RgbPicture { width: 1, height: 1, pixels: vec![0; 3] };
            let promise = if second == 31 { 9.0 } else { 0.5 };
            let cell = looks.cell(time);
            if cell.as_ref().is_none_or(|kept| promise > kept.promise) {
                *cell = Some(Kept { time, promise, picture });
            }
        }
        let times: Vec<i64> = looks.chosen().iter().map(|kept| kept.time.micros() / 1_000_000).collect();
        assert!(times.len() == MOST && times.contains(&31), "{times:?}");
        assert!(times.windows(2).all(|pair| (2..=12).contains(&(pair[1] - pair[0]))), "{times:?}");
    }

    #[test]
    fn looks_are_spread_and_denser_where_something_happens() {
        let mut promises = [0.5; 24];
        assert_eq!(chosen(&promises, 0.0).len(), 1, "there is always a look");
        assert_eq!(chosen(&promises, 4.0 * MILLIONS), [0, 6, 12, 18]);
        promises[14..17].fill(2.0);
        let found = chosen(&promises, 4.0 * MILLIONS);
        assert!(found.len() == 4 && found.contains(&14) && found.contains(&16), "{found:?}");
        assert_eq!(chosen(&promises, 1e9).len(), MOST);
        assert_eq!(chosen(&[], 1e9), [] as [i64; 0]);
    }
}
