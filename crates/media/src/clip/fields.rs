use std::collections::VecDeque;

use ffmpeg_next::format::Pixel;
use ffmpeg_next::{ffi, filter, frame};

use super::ClipFrame;
use super::geometry::Geometry;
use mmm_base::Time;
use mmm_facts::MediaError;

/// Deinterlaces: converts each field of interlaced frames into a picture with libavfilter's bwdif, which
/// compares the fields before and after and interpolates only moving areas (Weston's three-field filter with
/// yadif's test).
///
/// Progressive frames pass unmodified.
pub(super) struct Fields {
    graph: filter::Graph,
    shape: (Pixel, u32, u32),
    geometry: Geometry,
}

/// The filter's ticks per microsecond: a field lies between two frames.
const TICKS: i64 = 2;

impl Fields {
    /// Returns a filter for frames of the format and size of this one.
    pub fn of(frame: &ClipFrame) -> Result<Self, MediaError> {
        let mut fields =
            Self { graph: filter::Graph::new(), shape: shape(&frame.frame), geometry: frame.geometry };
        fields.set_up().map_err(|_| refused())?;
        Ok(fields)
    }

    fn set_up(&mut self) -> Result<(), ffmpeg_next::Error> {
        let missing = ffmpeg_next::Error::FilterNotFound;
        let (source, sink) =
            (filter::find("buffer").ok_or(missing)?, filter::find("buffersink").ok_or(missing)?);
        let (format, width, height) = self.shape;
        let format = ffi::AVPixelFormat::from(format) as i32;
        let shape =
            format!("video_size={width}x{height}:pix_fmt={format}:time_base=1/1000000:pixel_aspect=1/1");
        // Never use more threads than the single one of a segment: the output must not depend on their order.
        // SAFETY: sets a number of a graph that isn't configured yet.
        unsafe { (*self.graph.as_mut_ptr()).nb_threads = 1 };
        self.graph.add(&source, "in", &shape)?;
        self.graph.add(&sink, "out", "")?;
        let chain = "bwdif=mode=send_field:parity=auto:deint=interlaced";
        self.graph.output("in", 0)?.input("out", 0)?.parse(chain)?;
        self.graph.validate()
    }

    /// Whether a frame has the format and shape that the filter was set up for.
    pub fn fit(&self, frame: &ClipFrame) -> bool {
        self.shape == shape(&frame.frame) && self.geometry == frame.geometry
    }

    /// Passes the next frame to the filter and appends the pictures available so far.
    pub fn take(&mut self, mut frame: ClipFrame, ready: &mut VecDeque<ClipFrame>) -> Result<(), MediaError> {
        frame.frame.set_pts(Some(frame.time.micros()));
        let source = self.graph.get("in");
        source.map_or(Ok(()), |mut source| source.source().add(&frame.frame)).map_err(|_| refused())?;
        self.drain(ready);
        Ok(())
    }

    /// Appends the remaining pictures.
    pub fn finish(mut self, ready: &mut VecDeque<ClipFrame>) -> Result<(), MediaError> {
        let source = self.graph.get("in");
        source.map_or(Ok(()), |mut source| source.source().flush()).map_err(|_| refused())?;
        self.drain(ready);
        Ok(())
    }

    fn drain(&mut self, ready: &mut VecDeque<ClipFrame>) {
        let Some(mut sink) = self.graph.get("out") else { return };
        loop {
            let mut picture = frame::Video::empty();
            if sink.sink().frame(&mut picture).is_err() {
                return;
            }
            let Some(ticks) = picture.pts() else { continue };
            let time = Time::from_micros(ticks / TICKS);
            ready.push_back(ClipFrame { time, frame: picture, geometry: self.geometry });
        }
    }
}

fn shape(frame: &frame::Video) -> (Pixel, u32, u32) {
    (frame.format(), frame.width(), frame.height())
}

fn refused() -> MediaError {
    MediaError::unsupported("interlaced frames of this kind are not supported")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{ClipReader, ProgressiveClip};
    use super::*;

    /// Returns how much each row differs from the mean of its neighbours: combing counts, gradients don't.
    fn comb(frame: &ClipFrame) -> f64 {
        let (frame, stride) = (&frame.frame, frame.frame.stride(0));
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let at = |x: usize, y: usize| i32::from(frame.data(0)[y * stride + x]);
        let bend = |x: usize, y: usize| (2 * at(x, y) - at(x, y - 1) - at(x, y + 1)).abs();
        let sum: i64 = (1..height - 1)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| i64::from(bend(x, y)))
            .sum();
        sum as f64 / (width * height) as f64
    }

    #[test]
    fn each_field_becomes_a_picture_without_combs() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/clips/interlaced.ts");
        let (mut stored, mut shown) = (Vec::new(), Vec::new());
        let mut reader = ClipReader::open(&path).unwrap();
        while let Some(frame) = reader.next().unwrap() {
            stored.push((frame.time, comb(&frame)));
        }
        let mut clip = ProgressiveClip::open(&path, 1).unwrap();
        while let Some(frame) = clip.next().unwrap() {
            shown.push((frame.time, comb(&frame)));
        }
        assert_eq!((stored.len(), shown.len()), (50, 100));
        for (n, (time, _)) in shown.iter().enumerate() {
            assert!((time.secs() - n as f64 * 0.02).abs() < 0.002, "picture {n} at {time:?}");
        }
        let most = |all: &[(Time, f64)]| all.iter().map(|(_, comb)| *comb).fold(0.0, f64::max);
        assert!(most(&shown) < 0.7 * most(&stored), "{} of {}", most(&shown), most(&stored));
        // A seek gives the same pictures, except for the first ones, which have no earlier frames to refer
        // to.
        clip.seek(Time::from_secs(1)).unwrap();
        let times: Vec<Time> = std::iter::from_fn(|| clip.next().unwrap()).map(|frame| frame.time).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(times.last(), shown.last().map(|(time, _)| time));
    }
}
