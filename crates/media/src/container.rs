//! Opens clips and music with libav, which can't open any file but the given one.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use ffmpeg_next::format::context::{Input, StreamIo};
use ffmpeg_next::{Dictionary, Error, Packet, Stream, ffi, format};

use super::file_part::FilePart;
use super::kind::{self, Sniffed};
use super::motion;
use super::quiet_libav::quiet_libav;
use super::streams::ChosenStreams;
use mmm_facts::MediaError;

/// The allowed demuxers: self-contained containers. Excluded are formats that refer to other files (HLS,
/// DASH, concat, SDP, image sequences) and formats that accept arbitrary bytes (raw video).
const FORMATS: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,live_flv,asf,asf_o,ogg,rm,wtv,mxf,\
gxf,dv,nut,ivf,obu,mp3,flac,wav,w64,aiff,caf,aac,ac3,eac3,dts,dtshd,truehd,mlp,amr,amrnb,amrwb,ape,wv,tta,tak,mpc,\
mpc8,au,voc,dsf,iff,shn,oma,xwma,loas,nsv,yuv4mpegpipe,nistsphere";

/// Below this score libav itself would prefer to probe more of the file (`AVPROBE_SCORE_RETRY`).
const LEAST_PROBE_SCORE: i32 = ffi::AVPROBE_SCORE_MAX / 4;

/// After this many unreadable places, the file counts as ended.
const MOST_REFUSALS: u32 = 10_000;

/// Reading packets to tell a cover from a moving picture ends after this many.
const MOST_PACKETS: usize = 4096;

/// It ends earlier once a picture has had this many frames: another one with a single frame is a still.
const ENOUGH_FRAMES: u32 = 128;

/// Bytes read from the file at a time.
const BLOCK: usize = 128 * 1024;

/// A container with its streams, and the first disk error while reading it, if any.
pub(super) struct Container {
    pub input: Input,
    pub streams: ChosenStreams,
    disk: Disk,
    /// How often the demuxer failed to read the file's bytes.
    pub refusals: u32,
}

/// The first I/O error while reading the file.
type Disk = Arc<Mutex<Option<MediaError>>>;

fn taken(disk: &Disk) -> Option<MediaError> {
    disk.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

impl Container {
    /// Opens a file, or the moving picture in the file of a photo, and reads its headers.
    pub fn open(path: &Path) -> Result<Self, MediaError> {
        let mut file = kind::open(path)?;
        Self::read(match kind::sniff(&mut file)? {
            Sniffed::Photo(format) => motion::open(file, format)?,
            _ => FilePart::whole(file),
        })
    }

    /// Reads the headers of an open file, and chooses its streams.
    pub fn read(file: FilePart) -> Result<Self, MediaError> {
        let again = file.try_clone();
        let mut container = Self::headers(file)?;
        container.streams = ChosenStreams::of(&container.input, |wanted| {
            // Both have one position in the file, and the container goes on where it is.
            let mut again = again.ok()?;
            let position = again.stream_position().ok()?;
            again.rewind().ok()?;
            let counts = again.try_clone().ok().and_then(|file| Self::headers(file).ok());
            let counts = counts.map(|container| count_frames(container, wanted));
            again.seek(SeekFrom::Start(position)).ok()?;
            counts
        });
        Ok(container)
    }

    /// Reads the headers of an open file, without a choice of its streams.
    fn headers(mut file: FilePart) -> Result<Self, MediaError> {
        quiet_libav();
        let named = has_known_magic(&mut file)?;
        let disk = Arc::default();
        let io = StreamIo::from_read_seek_with_capacity(Watched { file, disk: Arc::clone(&disk) }, BLOCK)
            .map_err(spoken)?;
        let options = Dictionary::from_iter([
            ("format_whitelist", FORMATS),
            ("protocol_whitelist", "none"),
            ("export_xmp", "1"),
        ]);
        let opened = format::input_from_stream(io, None, Some(options));
        let input = opened.map_err(|_| taken(&disk).unwrap_or_else(|| unknown(named)))?;
        if input.probe_score() < LEAST_PROBE_SCORE {
            return Err(unknown(named));
        }
        Ok(Self { input, streams: ChosenStreams::default(), disk, refusals: 0 })
    }

    /// Returns the next packet of any stream; `None` at the end. Unreadable packets are skipped.
    ///
    /// # Errors
    /// If reading from the disk failed.
    pub fn packet(&mut self) -> Result<Option<Packet>, MediaError> {
        loop {
            let mut packet = Packet::empty();
            match packet.read(&mut self.input) {
                Ok(()) => return Ok(Some(packet)),
                // Some demuxers don't advance past the bytes they can't read.
                Err(Error::InvalidData) if self.refusals < MOST_REFUSALS => self.refusals += 1,
                Err(_) => return taken(&self.disk).map_or(Ok(None), Err),
            }
        }
    }

    /// Returns the error of a libav call, or the disk error that caused it.
    pub fn error(&self, error: Error) -> MediaError {
        taken(&self.disk).unwrap_or_else(|| spoken(error))
    }

    /// Returns the picture of a clip.
    pub fn picture(&self) -> Option<Stream<'_>> {
        self.input.stream(self.streams.picture?)
    }

    /// Returns the sound: the track of this number, counted from 1, or the one that is chosen.
    pub fn sound(&self, track: Option<u8>) -> Option<Stream<'_>> {
        let index = match track {
            Some(track) => self.streams.sounds.get(usize::from(track).checked_sub(1)?).copied(),
            None => self.streams.sound,
        };
        self.input.stream(index?)
    }
}

/// Returns the streams that readers of `path` choose, which `input` has opened.
pub fn chosen_streams(input: &Input, path: &Path) -> ChosenStreams {
    ChosenStreams::of(input, |wanted| {
        let container = Container::headers(FilePart::whole(kind::open(path).ok()?)).ok()?;
        Some(count_frames(container, wanted))
    })
}

/// Returns how many packets each of the wanted streams has, as far as it takes to find the stills.
fn count_frames(mut container: Container, wanted: &[usize]) -> Vec<u32> {
    let mut counts = vec![0; wanted.len()];
    for _ in 0..MOST_PACKETS {
        let Ok(Some(packet)) = container.packet() else { break };
        let Some(at) = wanted.iter().position(|index| *index == packet.stream()) else { continue };
        counts[at] += 1;
        if counts[at] >= ENOUGH_FRAMES || counts.iter().all(|count| *count > 1) {
            break;
        }
    }
    counts
}

/// Returns a stream's start in its own time base; zero if unknown.
pub(super) fn start_of(stream: &Stream<'_>) -> i64 {
    match stream.start_time() {
        ffi::AV_NOPTS_VALUE => 0,
        start => start,
    }
}

/// The first bytes of known containers.
const MAGIC: [&[u8]; 20] = [
    b"\x1a\x45\xdf\xa3",
    b"RIFF",
    b"RF64",
    b"riff\x2e\x91\xcf\x11",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"FORM",
    b"FLV",
    b"\x30\x26\xb2\x75",
    b"\xb7\xd8\x00\x20",
    b"caff",
    b".snd",
    b".RMF",
    b"wvpk",
    b"MAC ",
    b"TTA1",
    b"DSD ",
    b"nut/multi",
    b"Creative Voi",
];

/// Whether the file begins like a known container: if so and libav can't open it, it is damaged.
fn has_known_magic(file: &mut FilePart) -> Result<bool, MediaError> {
    let mut head = Vec::with_capacity(12);
    file.take(12).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(MAGIC.iter().any(|magic| head.starts_with(magic)) || head.get(4..8) == Some(b"ftyp"))
}

fn unknown(named: bool) -> MediaError {
    match named {
        true => MediaError::corrupt("its headers are missing or cannot be read"),
        false => MediaError::not_media("an unknown kind of file"),
    }
}

fn spoken(error: Error) -> MediaError {
    match error {
        Error::Eof => MediaError::Truncated,
        Error::InvalidData => MediaError::corrupt("its headers contradict each other"),
        Error::Unknown | Error::PatchWelcome | Error::DecoderNotFound => {
            MediaError::unsupported("its streams are coded in a way that is not supported")
        }
        _ => MediaError::undecodable(),
    }
}

/// A file that remembers its first read error.
struct Watched {
    file: FilePart,
    disk: Disk,
}

impl Read for Watched {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let result = self.file.read(bytes);
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
        {
            let seen =
                MediaError::Io { kind: error.kind().to_string(), message: error.to_string().to_lowercase() };
            *self.disk.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        }
        result
    }
}

impl Seek for Watched {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        // A position before the start is a wrong number in the file, not a disk error.
        self.file.seek(to)
    }
}
