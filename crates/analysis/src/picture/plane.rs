use crate::RgbView;

/// One channel of a picture, 0..=255 in floats, rows from the top.
#[derive(Clone, Debug)]
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Plane {
    /// Returns the luma of `view` with BT.709's weights, on the coded values.
    pub fn luma(view: &RgbView) -> Self {
        let values = view.pixels().map(luma_of).collect();
        Self { width: view.width(), height: view.height(), values }
    }

    /// Returns the three channels of `view`, each value the mean of the pixels in a cell of a grid of `width`
    /// × `height`.
    pub fn reduced_rgb(view: &RgbView, width: usize, height: usize) -> [Self; 3] {
        let mut sums = [(); 3].map(|()| vec![0u32; width * height]);
        let mut counts = vec![0u32; width * height];
        let columns: Vec<usize> = (0..view.width()).map(|x| x * width / view.width()).collect();
        // Four rows per cell are enough.
        for y in (0..view.height()).step_by((view.height() / (4 * height)).max(1)) {
            let line = (y * height / view.height()) * width;
            for (rgb, column) in view.row(y).chunks_exact(3).zip(&columns) {
                let cell = line + column;
                counts[cell] += 1;
                for (sum, value) in sums.iter_mut().zip(rgb) {
                    sum[cell] += u32::from(*value);
                }
            }
        }
        sums.map(|sum| {
            let values = sum.iter().zip(&counts).map(|(&sum, &n)| sum as f32 / n.max(1) as f32).collect();
            Self { width, height, values }
        })
    }

    /// Returns the luma of three channels of the same size.
    pub fn luma_of_channels([r, g, b]: &[Self; 3]) -> Self {
        let values = (r.values.iter().zip(&g.values).zip(&b.values))
            .map(|((r, g), b)| 0.2126 * r + 0.7152 * g + 0.0722 * b)
            .collect();
        Self { width: r.width, height: r.height, values }
    }

    /// Returns the means of the cells of a grid, which is never larger than the plane itself.
    pub fn reduced(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.clamp(1, self.width), height.clamp(1, self.height));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = y * self.height / height..(y + 1) * self.height / height;
            for x in 0..width {
                let columns = x * self.width / width..(x + 1) * self.width / width;
                let count = (rows.len() * columns.len()) as f32;
                let sum: f32 = rows.clone().flat_map(|row| &self.row(row)[columns.clone()]).sum();
                values.push(sum / count);
            }
        }
        Self { width, height, values }
    }

    /// Returns a plane of half the size, each value the mean of four, as often as one side is longer than
    /// `most`.
    pub fn halved_to(&self, most: usize) -> Self {
        if self.width.max(self.height) <= most || self.width.min(self.height) < 2 {
            return self.clone();
        }
        let (width, height) = (self.width / 2, self.height / 2);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
            values.extend(pairs.map(|(a, b)| ((a[0] + a[1]) + (b[0] + b[1])) * 0.25));
        }
        Self { width, height, values }.halved_to(most)
    }

    /// Returns the means of the cells of a grid, which is never larger than the plane itself: as
    /// [`Plane::reduced`], but for rounding, and faster where cells are small.
    pub fn shrunk(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.clamp(1, self.width), height.clamp(1, self.height));
        let edges: Vec<usize> = (0..=width).map(|x| x * self.width / width).collect();
        let mut sums = vec![0.0f32; self.width];
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = y * self.height / height..(y + 1) * self.height / height;
            let count = rows.len();
            sums.fill(0.0);
            for row in rows {
                for (sum, value) in sums.iter_mut().zip(self.row(row)) {
                    *sum += value;
                }
            }
            values.extend(edges.windows(2).map(|edge| {
                sums[edge[0]..edge[1]].iter().sum::<f32>() / (count * (edge[1] - edge[0])) as f32
            }));
        }
        Self { width, height, values }
    }

    /// Returns the same rows as [`RgbView::some_rows`] for a picture of the same height.
    pub fn some_rows(&self) -> impl Iterator<Item = &[f32]> {
        let step = (self.height / RgbView::SOME_ROWS).max(1);
        self.values.chunks_exact(self.width).step_by(step)
    }

    /// Returns the values of row `y`.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    /// Averages each value with its `radius` neighbours on all sides (fewer at the borders).
    pub fn box_blurred(&self, radius: usize) -> Self {
        self.blurred_rows(radius).transposed().blurred_rows(radius).transposed()
    }

    fn blurred_rows(&self, radius: usize) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        let mut sums = vec![0.0f64; self.width + 1];
        for row in self.values.chunks_exact(self.width) {
            for (x, value) in row.iter().enumerate() {
                sums[x + 1] = sums[x] + f64::from(*value);
            }
            values.extend((0..self.width).map(|x| {
                let (from, to) = (x.saturating_sub(radius), (x + radius + 1).min(self.width));
                ((sums[to] - sums[from]) / (to - from) as f64) as f32
            }));
        }
        Self { values, ..*self }
    }

    fn transposed(&self) -> Self {
        let columns = (0..self.width).flat_map(|x| self.values[x..].iter().step_by(self.width).copied());
        Self { width: self.height, height: self.width, values: columns.collect() }
    }
}

fn luma_of([r, g, b]: [u8; 3]) -> f32 {
    0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reducing_keeps_the_mean_and_blurring_keeps_a_flat_plane() {
        let values: Vec<f32> = (0..48).map(|i| i as f32).collect();
        let plane = Plane { width: 8, height: 6, values };
        let small = plane.reduced(4, 3);
        assert_eq!((small.width, small.height), (4, 3));
        assert!((small.values.iter().sum::<f32>() / 12.0 - 23.5).abs() < 1e-3);
        assert_eq!(plane.shrunk(4, 3).values, small.values);
        assert_eq!(plane.shrunk(5, 4).values.len(), 20);
        let half = plane.halved_to(4);
        assert_eq!((half.width, half.height, half.values[0]), (4, 3, 4.5));
        assert_eq!((plane.halved_to(8).width, plane.halved_to(1).height), (8, 1));
        let flat = Plane { width: 5, height: 3, values: vec![7.0; 15] };
        assert_eq!(flat.box_blurred(2).values, flat.values);
        assert_eq!(plane.transposed().transposed().values, plane.values);
    }
}
