use std::collections::VecDeque;
use std::path::Path;

use ffmpeg_next::codec::{decoder, threading};
use ffmpeg_next::{Discard, Error, Packet, codec, ffi, frame};

use super::super::container::{Container, start_of};
use super::flaws::{Flaws, Sent};
use super::geometry::Geometry;
use super::lead::{Lead, is_separable};
use super::{ClipFrame, Skip};
use mmm_base::Time;
use mmm_facts::MediaError;

/// The largest frames that are decoded, in pixels: 8K by 8K.
const MOST_FRAME_PIXELS: i64 = 1 << 26;

/// The most frames a decoder delays (the largest buffer of H.264 and HEVC), plus the one it outputs.
const MOST_HELD: usize = 17;

/// A packet up to this size contains no picture; it only says that the last one stays.
const LEAST_PICTURE_BYTES: usize = 8;

/// Run-up in a program stream, where many frames have no time stamp: the times in the group of pictures at
/// the seek position are guessed and may be a frame off. A group usually lasts half a second.
const PROGRAM_STREAM: Time = Time::from_secs(1);

/// A clip's file and its decoder: the state that is dropped when the file is reopened.
pub(super) struct Open {
    container: Container,
    pub decoder: decoder::Video,
    stream: usize,
    /// Length of a tick in seconds, as a fraction.
    pub base: (i64, i64),
    /// The tick of the first frame shown.
    origin: i64,
    /// How far before the seek target decoding begins, so that the times are reliable.
    pub run_up: Time,
    pub geometry: Geometry,
    skip: Skip,
    /// Whether frames can be skipped one by one.
    separable: bool,
    lead: Lead,
    /// The time of the last keyframe sent to the decoder.
    last_key: Option<Time>,
    /// No frame shown at or after this time is needed.
    pub limit: Option<Time>,
    /// The decoding time of the first packet that was left out because of the limit. All frames left out are
    /// shown then or later.
    pub stopped: Option<Time>,
    /// Whether no packet has been read yet.
    pub unread: bool,
    /// Whether all packets were sent to the decoder.
    drained: bool,
    last: Option<Time>,
    /// If packets have no display times: the decoding times of the last ones, newest last.
    pub undated: Option<VecDeque<i64>>,
    /// Whether something in the file could not be decoded correctly.
    pub damaged: bool,
    /// Where the damage is, since the last seek.
    pub flaws: Flaws,
    /// Whether a gap between pictures always means loss: true for broadcast containers.
    pauseless: bool,
}

impl Open {
    pub fn new(path: &Path, threads: usize, skip: Skip) -> Result<Self, MediaError> {
        let mut container = Container::open(path)?;
        let dated = container.input.format().name() != "avi";
        let run_up = if container.input.format().name() == "mpeg" { PROGRAM_STREAM } else { Time::ZERO };
        let pauseless = matches!(container.input.format().name(), "mpeg" | "mpegts");
        // Decoder threads delay frames by an unknown number, and without display times that number is needed.
        let threads = if dated { threads } else { 1 };
        let stream = container.picture().ok_or(MediaError::NoPicture)?;
        let (index, origin, geometry) = (stream.index(), start_of(&stream), Geometry::of(&stream));
        let base =
            (i64::from(stream.time_base().numerator()), i64::from(stream.time_base().denominator()).max(1));
        let parameters = stream.parameters();
        let separable = dated && is_separable(&parameters);
        let tick = stream.time_base();
        let mut context =
            codec::Context::from_parameters(parameters).map_err(|error| container.error(error))?;
        context.set_threading(threading::Config {
            kind: threading::Type::Frame,
            count: threads.max(1),
            safe: true,
        });
        // SAFETY: sets a number of a context that isn't open yet.
        unsafe { (*context.as_mut_ptr()).max_pixels = MOST_FRAME_PIXELS };
        let mut decoder = context.decoder();
        decoder.set_packet_time_base(tick);
        let decoder = decoder.video().map_err(|error| match error {
            Error::DecoderNotFound => MediaError::unsupported("the clip's codec is not read"),
            error => container.error(error),
        })?;
        for mut other in container.input.streams_mut() {
            if other.index() != index {
                // SAFETY: the stream is alive; the demuxer then drops its packets.
                unsafe { (*other.as_mut_ptr()).discard = ffi::AVDiscard::AVDISCARD_ALL };
            }
        }
        let mut open = Self {
            container,
            decoder,
            stream: index,
            base,
            origin,
            run_up,
            geometry,
            skip,
            separable,
            lead: Lead::default(),
            last_key: None,
            limit: None,
            stopped: None,
            unread: true,
            drained: false,
            last: None,
            undated: (!dated).then(VecDeque::new),
            damaged: false,
            flaws: Flaws::default(),
            pauseless,
        };
        open.skip(skip);
        Ok(open)
    }

    pub fn key_spacing(&self) -> Option<Time> {
        let stream = self.container.input.stream(self.stream)?;
        let end = stream.start_time().max(0).checked_add(stream.duration()).filter(|&end| end > 0)?;
        // SAFETY: the stream is alive; libav requires a mutable pointer but only reads the index.
        let pointer = unsafe { stream.as_ptr() }.cast_mut();
        // SAFETY: as above.
        let count = unsafe { ffi::avformat_index_get_entries_count(pointer) };
        // SAFETY: as above; `at` is within the index, and null is handled.
        let entry = |at: i32| unsafe { ffi::avformat_index_get_entry(pointer, at).as_ref() };
        let is_key = |entry: &&ffi::AVIndexEntry| entry.flags() & ffi::AVINDEX_KEYFRAME != 0;
        let mut keys: Vec<i64> =
            (0..count).filter_map(entry).filter(is_key).map(|entry| entry.timestamp).collect();
        keys.first()?;
        keys.push(end);
        let longest = keys.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max()?;
        Some(self.micros(longest))
    }

    pub fn skip(&mut self, skip: Skip) {
        self.skip = skip;
        self.last_key = None;
        let discard = match skip {
            Skip::Nothing | Skip::LoopFilter => Discard::Default,
            Skip::Unreferenced => Discard::NonReference,
            Skip::AllButKeys { .. } => Discard::NonKey,
        };
        self.decoder.skip_frame(discard);
        // Keyframes are predicted from unfiltered samples, so they decode correctly without the loop filter
        // when decoded alone. That saves an eighth of the work and is invisible in small pictures.
        let alone = matches!(skip, Skip::AllButKeys { .. });
        let unfiltered = alone || skip == Skip::LoopFilter;
        self.decoder.skip_loop_filter(if unfiltered { Discard::All } else { Discard::Default });
        self.leave_unread(if alone { Discard::NonKey } else { Discard::Default });
    }

    /// Lets the demuxer skip unneeded packets without reading them.
    fn leave_unread(&mut self, unwanted: Discard) {
        if let Some(mut stream) = self.container.input.stream_mut(self.stream) {
            // SAFETY: sets a number of a live stream.
            unsafe { (*stream.as_mut_ptr()).discard = unwanted.into() };
        }
    }

    /// From now on, frames superseded before `wanted` may be skipped; `None` requests all frames.
    pub fn lead_to(&mut self, wanted: Option<Time>) {
        self.lead = wanted.filter(|_| self.separable).map_or_else(Lead::default, Lead::to);
    }

    /// Whether the frame of a packet is superseded; if so, the decoder skips it unless other frames depend on
    /// it.
    fn leaves_out(&mut self, packet: &Packet) -> bool {
        let Some(ticks) = packet.pts() else { return false };
        let shown = self.micros(ticks.saturating_sub(self.origin));
        let is_over = self.lead.passes(shown);
        if self.skip.keeps_frames() {
            self.decoder.skip_frame(if is_over { Discard::NonReference } else { Discard::Default });
        }
        is_over
    }

    /// Seeks to the keyframe that the demuxer believes to be at or before `time`; returns whether that
    /// worked.
    pub fn seek(&mut self, time: Time) -> bool {
        let Some(ticks) = self.ticks(time) else { return false };
        // SAFETY: the container is alive and not being read.
        let result = unsafe {
            let input = self.container.input.as_mut_ptr();
            ffi::av_seek_frame(input, self.stream as i32, ticks, ffi::AVSEEK_FLAG_BACKWARD)
        };
        self.decoder.flush();
        self.unread = false;
        self.drained = false;
        self.stopped = None;
        self.last = None;
        self.last_key = None;
        self.lead_to(None);
        self.flaws = Flaws::default();
        if let Some(undated) = &mut self.undated {
            undated.clear();
        }
        result >= 0
    }

    pub fn keys(&mut self, from: Time, to: Time) -> Result<Vec<Time>, MediaError> {
        self.leave_unread(Discard::NonKey);
        let keys = self.keys_ahead(from, to);
        self.skip(self.skip);
        keys
    }

    fn keys_ahead(&mut self, from: Time, to: Time) -> Result<Vec<Time>, MediaError> {
        let mut keys = Vec::new();
        while let Some(packet) = self.container.packet()? {
            if packet.stream() != self.stream || !packet.is_key() {
                continue;
            }
            let Some(ticks) = packet.pts() else { continue };
            let time = self.micros(ticks.saturating_sub(self.origin));
            if time >= from {
                keys.push(time);
            }
            if time >= to {
                break;
            }
        }
        keys.sort_unstable();
        Ok(keys)
    }

    fn ticks(&self, time: Time) -> Option<i64> {
        let (num, den) = (i128::from(self.base.0).max(1), i128::from(self.base.1));
        let ticks = i128::from(time.micros()) * den / (num * 1_000_000);
        i64::try_from(ticks).ok()?.checked_add(self.origin)
    }

    pub fn next(&mut self) -> Result<Option<ClipFrame>, MediaError> {
        loop {
            let mut frame = frame::Video::empty();
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) => {
                    // SAFETY: reads a number of a live frame.
                    let flawed = frame.is_corrupt() || unsafe { (*frame.as_ptr()).decode_error_flags } != 0;
                    let length = self.length(&frame);
                    let Some(frame) = self.placed(frame) else { continue };
                    let usual = length.filter(|_| self.pauseless).map(|length| length.scale(8, 1));
                    self.flaws.receive(frame.time, flawed, usual);
                    self.damaged |= flawed || !self.flaws.is_empty();
                    return Ok(Some(frame));
                }
                Err(Error::Eof) => return Ok(None),
                // The decoder needs more packets, or a frame could not be decoded.
                Err(error) => {
                    if !is_waiting(error) {
                        self.refused();
                    }
                    if self.drained {
                        return Ok(None);
                    }
                    self.feed()?;
                }
            }
        }
    }

    /// Sends the decoder one packet, or the end of the stream.
    fn feed(&mut self) -> Result<(), MediaError> {
        self.unread = false;
        match self.container.packet()? {
            // A packet that the decoder rejects is lost, and the next one may be good.
            Some(packet) if packet.stream() == self.stream && self.is_beyond(&packet) => {
                self.stopped = packet.dts().map(|ticks| self.micros(ticks.saturating_sub(self.origin)));
                self.drain();
            }
            Some(packet) if packet.stream() == self.stream && self.wants(&packet) => {
                self.remember(packet.dts());
                let left_out = self.leaves_out(&packet);
                self.follow(&packet, left_out);
                if self.decoder.send_packet(&packet).is_err_and(|error| !is_waiting(error)) {
                    self.refused();
                }
            }
            Some(_) => {}
            None => self.drain(),
        }
        Ok(())
    }

    /// Requests the frames that the decoder still holds.
    fn drain(&mut self) {
        self.drained = true;
        // Fails only if the end was signalled before.
        let _ = self.decoder.send_eof();
    }

    /// Whether this packet and all after it are shown at or after the limit: no packet is shown before it is
    /// decoded, and packets come in decoding order.
    fn is_beyond(&self, packet: &Packet) -> bool {
        let Some(limit) = self.limit.filter(|_| self.undated.is_none()) else { return false };
        packet.dts().is_some_and(|ticks| self.micros(ticks.saturating_sub(self.origin)) >= limit)
    }

    /// Records that the decoder rejected the last packet or could not decode it.
    fn refused(&mut self) {
        self.damaged = true;
        self.flaws.refuse();
    }

    /// Records a packet that is sent to the decoder, which may skip it.
    fn follow(&mut self, packet: &Packet, left_out: bool) {
        let Some(ticks) = packet.pts().or(packet.dts()) else { return };
        let time = |ticks: i64| self.micros(ticks.saturating_sub(self.origin));
        let (shown, decoded) = (time(ticks), time(packet.dts().unwrap_or(ticks)));
        // A packet doesn't promise a picture if frames may be skipped or have no times, or if it only says
        // that nothing changed.
        let all = self.skip.keeps_frames() && !left_out;
        let promises = all && self.undated.is_none() && packet.size() > LEAST_PICTURE_BYTES;
        self.flaws.send(&Sent { shown, decoded, key: packet.is_key(), promises });
    }

    /// Reads on, without decoding, until the end of the last flaw is known.
    pub fn find_end_of_flaw(&mut self) -> Result<(), MediaError> {
        while self.flaws.is_open() {
            match self.container.packet()? {
                Some(packet) if packet.stream() == self.stream && packet.is_key() => {
                    self.follow(&packet, false)
                }
                Some(_) => {}
                None => return Ok(()),
            }
        }
        Ok(())
    }

    /// Whether a packet must be decoded at all.
    fn wants(&mut self, packet: &Packet) -> bool {
        let Skip::AllButKeys { apart } = self.skip else { return true };
        let Some(time) = packet.pts().or(packet.dts()).map(|ticks| self.micros(ticks)) else { return true };
        let wanted = packet.is_key() && self.last_key.is_none_or(|last| time >= last + apart);
        if wanted {
            self.last_key = Some(time);
        }
        wanted
    }

    /// Converts ticks to time, to the nearest microsecond.
    fn micros(&self, ticks: i64) -> Time {
        let (num, den) = (i128::from(self.base.0), i128::from(self.base.1));
        Time::from_micros((i128::from(ticks) * num * 1_000_000 + den / 2).div_euclid(den) as i64)
    }

    /// Keeps the decoding time of a packet if packets have no display times.
    fn remember(&mut self, dts: Option<i64>) {
        let Some(undated) = &mut self.undated else { return };
        undated.extend(dts);
        if undated.len() > MOST_HELD {
            undated.pop_front();
        }
    }

    /// Returns the tick at which the frame decoded last is shown.
    ///
    /// AVI only numbers frames in storage order. The decoder delays each frame by a known number of frames to
    /// reorder them, so its time is that of the packet as many frames earlier.
    fn shown_at(&mut self, frame: &frame::Video) -> Option<i64> {
        let last = match &self.undated {
            Some(undated) => *undated.back()?,
            None => return frame.timestamp(),
        };
        // The last frames come out as if more packets were sent.
        self.remember(self.drained.then(|| last + frame.packet().duration.max(1)));
        let undated = self.undated.as_ref()?;
        // SAFETY: reads a number of a live decoder.
        let held = unsafe { (*self.decoder.as_ptr()).has_b_frames }.max(0) as usize;
        let place = undated.len().checked_sub(1)?.saturating_sub(held);
        undated.get(place).copied()
    }

    /// Returns how long a frame is shown, if its packet says so.
    fn length(&self, frame: &frame::Video) -> Option<Time> {
        Some(frame.packet().duration).filter(|&ticks| ticks > 0).map(|ticks| self.micros(ticks))
    }

    /// Returns the frame with its time; `None` if it is before the clip's start.
    fn placed(&mut self, frame: frame::Video) -> Option<ClipFrame> {
        let length = self.length(&frame).unwrap_or(Time::ZERO);
        let time = match self.shown_at(&frame) {
            Some(ticks) => self.micros(ticks.saturating_sub(self.origin)),
            None => self.last.map_or(Time::ZERO, |last| last + length),
        };
        // Time always increases, whatever the file says.
        if time < Time::ZERO || self.last.is_some_and(|last| time <= last) {
            return None;
        }
        self.last = Some(time);
        let geometry = self.geometry.of_frame(&frame);
        Some(ClipFrame { time, frame, geometry })
    }
}

/// Whether the decoder only needs to be called again.
fn is_waiting(error: Error) -> bool {
    matches!(error, Error::Other { errno } if errno == ffmpeg_next::error::EAGAIN)
}
