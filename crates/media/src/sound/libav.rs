use ffmpeg_next::codec::decoder;
use ffmpeg_next::{Error, codec, ffi, frame};

use super::super::container::{Container, start_of};
use super::swr::Mixer;
use super::{Block, Layout, Source};
use mmm_base::Time;
use mmm_facts::MediaError;

/// A longer jump of the time stamps, in seconds, is a gap in the sound; coarse containers jitter by some
/// milliseconds.
const LEAST_HOLE_S: f64 = 0.05;

/// A jump of this many seconds or more is a wrong time stamp, not a gap.
const MOST_HOLE_S: f64 = 30.0;

/// How far before the seek target decoding starts, so that codecs that depend on earlier samples have
/// settled.
const RUN_UP: Time = Time::from_secs(1);

/// Sound decoded by libav.
pub(super) struct Libav {
    container: Container,
    decoder: decoder::Audio,
    stream: usize,
    /// Length of a tick in seconds.
    tick_s: f64,
    /// The tick of time 0: the start of the picture, or of the sound if there is no picture.
    origin: i64,
    /// Whether there is a picture: only then do time stamps decide where sound belongs.
    is_clip: bool,
    /// Where the container says that the sound ends, in seconds after time 0.
    end_s: Option<f64>,
    mixer: Mixer,
    /// Samples per channel from time 0 to the next one; `None` before the first frame.
    position: Option<i64>,
    rate_hz: u32,
    drained: bool,
    damaged: bool,
}

impl Libav {
    /// Opens the sound track of this number, counted from 1, or the one that is chosen.
    pub fn open(container: Container, track: Option<u8>, layout: Layout) -> Result<Self, MediaError> {
        let stream = container.sound(track).ok_or(MediaError::NoSound)?;
        let (index, base) = (stream.index(), stream.time_base());
        let tick_s = f64::from(base);
        let picture = container.picture().map(|picture| {
            let start_s = start_of(&picture) as f64 * f64::from(picture.time_base());
            (start_s / tick_s).round() as i64
        });
        let start = start_of(&stream);
        let origin = picture.unwrap_or(start);
        // MP4 lists its samples, so the duration is that of the edit list, without padding.
        let listed = container.input.format().name().starts_with("mov") && stream.frames() > 0;
        let length = Some(stream.duration()).filter(|&length| listed && length > 0);
        let end_s = length.map(|length| (start - origin + length) as f64 * tick_s);
        let mut decoder = codec::Context::from_parameters(stream.parameters())
            .map_err(|error| container.error(error))?
            .decoder();
        decoder.set_packet_time_base(base);
        let decoder = decoder.audio().map_err(|error| match error {
            Error::DecoderNotFound => MediaError::unsupported("the sound's codec is not read"),
            error => container.error(error),
        })?;
        let mut source = Self {
            container,
            decoder,
            stream: index,
            tick_s,
            origin,
            is_clip: picture.is_some(),
            end_s,
            mixer: Mixer::new(layout),
            position: None,
            rate_hz: 0,
            drained: false,
            damaged: false,
        };
        source.read_only_sound();
        Ok(source)
    }

    fn read_only_sound(&mut self) {
        for mut stream in self.container.input.streams_mut() {
            if stream.index() != self.stream {
                // SAFETY: the stream is alive; the demuxer then drops its packets.
                unsafe { (*stream.as_mut_ptr()).discard = ffi::AVDiscard::AVDISCARD_ALL };
            }
        }
    }

    fn decoded(&mut self) -> Result<Option<frame::Audio>, MediaError> {
        loop {
            let mut frame = frame::Audio::empty();
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) if frame.samples() > 0 && frame.rate() > 0 => return Ok(Some(frame)),
                Ok(()) => {}
                Err(Error::Eof) => return Ok(None),
                Err(_) if self.drained => return Ok(None),
                Err(_) => self.feed()?,
            }
        }
    }

    fn feed(&mut self) -> Result<(), MediaError> {
        match self.container.packet()? {
            Some(packet) if packet.stream() == self.stream => {
                self.damaged |= self.decoder.send_packet(&packet).is_err();
            }
            Some(_) => {}
            None => {
                self.drained = true;
                // Fails only if the end was signalled before.
                let _ = self.decoder.send_eof();
            }
        }
        Ok(())
    }

    /// Returns the sample, counted from time 0, at which a frame belongs according to its time stamp.
    fn wanted(&self, frame: &frame::Audio) -> Option<i64> {
        let ticks = frame.timestamp().filter(|_| self.is_clip)?;
        let samples = ticks.saturating_sub(self.origin) as f64 * self.tick_s * f64::from(self.rate_hz);
        Some(samples.round() as i64)
    }

    /// Moves the samples of a frame to their time: fills a gap before them with silence and drops samples
    /// that come too early.
    fn placed(&mut self, samples: Vec<f32>, wanted: Option<i64>) -> Vec<f32> {
        let channels = self.mixer.channels();
        let count = (samples.len() / channels) as i64;
        let rate = f64::from(self.rate_hz);
        let silence = match (self.position, wanted) {
            // Before the first frame, a gap of any length counts.
            (None, Some(wanted)) => wanted.min((MOST_HOLE_S * rate) as i64),
            (None, None) => 0,
            (Some(at), Some(wanted)) => {
                let hole = wanted.saturating_sub(at);
                let real = (LEAST_HOLE_S * rate..MOST_HOLE_S * rate).contains(&(hole.unsigned_abs() as f64));
                if real { hole } else { 0 }
            }
            (Some(_), None) => 0,
        };
        let position = self.position.unwrap_or(0);
        let early = usize::try_from(-silence).unwrap_or(0).min(count as usize);
        let mut placed = vec![0.0; usize::try_from(silence).unwrap_or(0) * channels];
        placed.extend_from_slice(&samples[early * channels..]);
        let over = self.end_s.map_or(0, |end_s| {
            let end = (end_s * rate).round() as i64;
            (position + (placed.len() / channels) as i64).saturating_sub(end).max(0) as usize
        });
        placed.truncate(placed.len().saturating_sub(over * channels));
        // If the first frame is dropped whole, the next one is placed like a first frame.
        if self.position.is_some() || !placed.is_empty() {
            self.position = Some(position + (placed.len() / channels) as i64);
        }
        placed
    }
}

impl Source for Libav {
    fn next(&mut self) -> Result<Option<Block>, MediaError> {
        while let Some(frame) = self.decoded()? {
            if frame.rate() != self.rate_hz {
                let (old, new) = (i128::from(self.rate_hz.max(1)), i128::from(frame.rate()));
                self.position = self.position.map(|at| (i128::from(at) * new / old) as i64);
                self.rate_hz = frame.rate();
            }
            let samples = self.mixer.mix_frame(&frame)?;
            let placed = self.placed(samples, self.wanted(&frame));
            if !placed.is_empty() {
                return Ok(Some(Block { rate_hz: self.rate_hz, samples: placed }));
            }
        }
        let missing_s =
            self.end_s.unwrap_or(0.0) - self.position.unwrap_or(0) as f64 / f64::from(self.rate_hz.max(1));
        self.damaged |= missing_s > 0.5;
        Ok(None)
    }

    fn seeks(&self) -> bool {
        self.is_clip
    }

    fn seek(&mut self, time: Time) -> Option<i64> {
        let before = time - RUN_UP;
        if !self.is_clip || before <= Time::ZERO {
            return None;
        }
        let ticks = self.origin.checked_add((before.secs() / self.tick_s) as i64)?;
        // SAFETY: the container is alive and not being read.
        let result = unsafe {
            let input = self.container.input.as_mut_ptr();
            ffi::av_seek_frame(input, self.stream as i32, ticks, ffi::AVSEEK_FLAG_BACKWARD)
        };
        self.decoder.flush();
        self.drained = false;
        if result < 0 {
            return None;
        }
        // Only the first frame tells where the demuxer went; reading it consumes it.
        let frame = self.decoded().ok()??;
        self.rate_hz = frame.rate();
        let next = self.wanted(&frame)?.checked_add(frame.samples() as i64)?;
        self.position = Some(next);
        let late = (time.secs() * f64::from(self.rate_hz)) as i64;
        (0..=late).contains(&next).then_some(next)
    }

    fn is_damaged(&self) -> bool {
        self.damaged || self.container.refusals > 0
    }
}
