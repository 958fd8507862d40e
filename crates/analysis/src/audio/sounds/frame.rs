/// Cuts a stream into windows of `length` samples, `step` apart, the first at sample 0; an incomplete window
/// at the end is dropped.
pub struct Frames {
    length: usize,
    step: usize,
    recent: Vec<f32>,
}

impl Frames {
    /// `step` must be at most `length`.
    pub fn new(length: usize, step: usize) -> Self {
        Self { length, step, recent: Vec::new() }
    }

    /// Adds the next samples and calls `take` with every window that they complete.
    pub fn samples(&mut self, samples: &[f32], mut take: impl FnMut(&[f32])) {
        self.recent.extend_from_slice(samples);
        let mut first = 0;
        while let Some(window) = self.recent.get(first..first + self.length) {
            take(window);
            first += self.step;
        }
        self.recent.drain(..first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_do_not_depend_on_the_blocks() {
        let samples: Vec<f32> = (0..1000).map(|i| i as f32).collect();
        let starts = |block: usize| {
            let (mut frames, mut starts) = (Frames::new(400, 160), Vec::new());
            samples.chunks(block).for_each(|block| frames.samples(block, |window| starts.push(window[0])));
            starts
        };
        assert_eq!(starts(1000), [0.0, 160.0, 320.0, 480.0]);
        assert_eq!(starts(7), starts(1000));
    }
}
