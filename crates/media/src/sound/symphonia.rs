use std::fs::File;
use std::io;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::default::{get_codecs, get_probe};

use super::swr::Mixer;
use super::{Block, Layout, Source};
use mmm_base::Time;
use mmm_facts::MediaError;

/// libav's names of the containers that symphonia reads gaplessly. symphonia reads MP4 and Matroska too, but
/// ignores their edit lists and delays.
const CONTAINERS: [&str; 6] = ["mp3", "flac", "ogg", "wav", "aiff", "aac"];

/// Those that a pipe writes without knowing how long they will be.
const OPEN_ENDED: [&str; 2] = ["wav", "aiff"];

/// Sound decoded by symphonia.
pub(super) struct Symphonia {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    mixer: Mixer,
    /// The first block, read on opening to check that there is one.
    first: Option<Block>,
    rate_hz: u32,
    /// Samples per channel according to the header.
    stated: Option<u64>,
    /// Whether the file may end before its headers say: a pipe leaves a placeholder for the length.
    open_ended: bool,
    damaged: bool,
}

impl Symphonia {
    /// Opens a file that libav recognises as a `container`; `None` if symphonia can't read it.
    pub fn open(file: File, container: &str, layout: Layout) -> Option<Self> {
        if !CONTAINERS.contains(&container) {
            return None;
        }
        let stream = MediaSourceStream::new(Box::new(file), Default::default());
        let (options, tags) = (FormatOptions::default(), MetadataOptions::default());
        let format = get_probe().probe(&Hint::new(), stream, options, tags).ok()?;
        let track = format.default_track(TrackType::Audio)?;
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return None };
        let options = AudioDecoderOptions::default().gapless(true);
        let decoder = get_codecs().make_audio_decoder(parameters, &options).ok()?;
        let (track, stated) = (track.id, track.num_frames);
        let (mixer, first) = (Mixer::new(layout), None);
        let open_ended = OPEN_ENDED.contains(&container);
        let mut source =
            Self { format, decoder, track, mixer, first, rate_hz: 0, stated, open_ended, damaged: false };
        source.first = Some(source.next().ok()??);
        Some(source)
    }

    fn packet(&mut self) -> Result<Option<Packet>, MediaError> {
        loop {
            match self.format.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(Error::IoError(error)) if of_the_disk(&error) => return Err(error.into()),
                // The stated length shows whether much is missing.
                Err(Error::IoError(error))
                    if self.open_ended && error.kind() == io::ErrorKind::UnexpectedEof =>
                {
                    return Ok(None);
                }
                // Any error that symphonia calls unrecoverable; the sound read so far remains valid.
                Err(_) => {
                    self.damaged = true;
                    return Ok(None);
                }
            }
        }
    }

    /// Returns the samples of a packet. A damaged packet becomes silence, so that all later sound keeps its
    /// time.
    fn decoded(&mut self, packet: &Packet) -> Result<Vec<f32>, MediaError> {
        let mut samples = Vec::new();
        match self.decoder.decode(packet) {
            Ok(buffer) => {
                self.rate_hz = buffer.spec().rate();
                let count = buffer.spec().channels().count();
                buffer.copy_to_vec_interleaved(&mut samples);
                self.mixer.mix(samples, count, self.rate_hz)
            }
            Err(Error::IoError(error)) if of_the_disk(&error) => Err(error.into()),
            Err(_) => {
                self.damaged = true;
                let channels = self.mixer.channels();
                let count = packet.dur.get().min(u64::from(self.rate_hz)) as usize;
                Ok(vec![0.0; count * channels])
            }
        }
    }
}

impl Source for Symphonia {
    fn next(&mut self) -> Result<Option<Block>, MediaError> {
        if let Some(block) = self.first.take() {
            return Ok(Some(block));
        }
        while let Some(packet) = self.packet()? {
            let samples = self.decoded(&packet)?;
            if !samples.is_empty() && self.rate_hz > 0 {
                return Ok(Some(Block { rate_hz: self.rate_hz, samples }));
            }
        }
        Ok(None)
    }

    fn seeks(&self) -> bool {
        false
    }

    fn seek(&mut self, _time: Time) -> Option<i64> {
        None
    }

    fn is_damaged(&self) -> bool {
        self.damaged
    }

    fn stated_s(&self) -> Option<f64> {
        (self.rate_hz > 0).then_some(self.stated? as f64 / f64::from(self.rate_hz))
    }
}

/// Whether the disk failed: decoders report damage with system errors, too.
fn of_the_disk(error: &io::Error) -> bool {
    MediaError::from(error).is_transient()
}
