use std::ffi::{CStr, c_char, c_int};

use ffmpeg_next::{codec, ffi, filter, format, software};
use libloading::os::unix::Library;
use mmm_facts::{Canvas, Profile, Tool, Tools};
use mmm_media::{Yuv420, quiet_libav};
use mmm_spec::{Aspect, Codec};

use super::picture::PictureEncoder;

/// The size of the test picture whose stream reveals x264's version.
const SIGNED: (u32, u32) = (64, 64);

/// Returns the versions of the libraries on this machine. Takes a few milliseconds, because x264 reports its
/// version only in encoded streams.
pub fn tools() -> Tools {
    let suite = text(unsafe { ffi::av_version_info() });
    let av = |number: u32| {
        let number = format!("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff);
        suite.as_ref().map_or_else(|| number.clone(), |suite| format!("{number} ({suite})"))
    };
    let library = Library::this();
    let versions = [
        (Tool::Libavcodec, Some(av(codec::version()))),
        (Tool::Libavfilter, Some(av(filter::version()))),
        (Tool::Libavformat, Some(av(format::version()))),
        (Tool::Libswresample, Some(av(software::resampling::version()))),
        (Tool::Libswscale, Some(av(software::scaling::version()))),
        (Tool::Libx264, x264()),
        (Tool::Libx265, variable(&library, b"x265_version_str\0")),
        (Tool::Libsvtav1, function(&library, b"svt_av1_get_version\0")),
        (Tool::Libwebp, webp(&library)),
        (Tool::Libdav1d, function(&library, b"dav1d_version\0")),
    ];
    Tools::new(versions.into_iter().filter_map(|(tool, version)| Some((tool, version?))))
}

/// Copies a text that a library owns.
fn text(text: *const c_char) -> Option<String> {
    // SAFETY: libraries return the address of a constant, or null.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// Returns the result of a function without arguments, if it exists. Libraries linked statically into
/// libavcodec hide theirs and are identified by libavcodec's version.
fn function(library: &Library, name: &[u8]) -> Option<String> {
    // SAFETY: all functions looked up here are declared as `const char *f(void)`.
    let function = unsafe { library.get::<unsafe extern "C" fn() -> *const c_char>(name) }.ok()?;
    text(unsafe { function() })
}

/// Returns the text that an exported variable points to, if it exists.
fn variable(library: &Library, name: &[u8]) -> Option<String> {
    // SAFETY: x265 declares it as `extern const char *x265_version_str`.
    let variable = unsafe { library.get::<*const *const c_char>(name) }.ok()?;
    text(unsafe { **variable })
}

/// Returns libwebp's version, a number with one byte per part.
fn webp(library: &Library) -> Option<String> {
    // SAFETY: declared as `int WebPGetEncoderVersion(void)`.
    let function =
        unsafe { library.get::<unsafe extern "C" fn() -> c_int>(b"WebPGetEncoderVersion\0") }.ok()?;
    let number = unsafe { function() };
    Some(format!("{}.{}.{}", number >> 16, number >> 8 & 0xff, number & 0xff))
}

/// Returns x264's version. It writes `x264 - core 164 r3095 baee400 - …` into the first picture of a stream.
fn x264() -> Option<String> {
    quiet_libav();
    let (width, height) = SIGNED;
    let canvas = Canvas { width, height, ..Canvas::of(Aspect::Wide, Codec::H264, Profile::Draft) };
    let mut encoder = PictureEncoder::new(canvas).ok()?;
    let plane = |width: u32, height: u32| vec![128; (width * height) as usize];
    let (y, u, v) = (plane(width, height), plane(width / 2, height / 2), plane(width / 2, height / 2));
    encoder.push(&Yuv420 { width, height, y, u, v }).ok()?;
    let encoded = encoder.finish().ok()?;
    let bytes = encoded.packets.iter().flat_map(|packet| &packet.bytes).copied().collect::<Vec<u8>>();
    let start = bytes.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let version: Vec<u8> =
        bytes[start..].iter().copied().take_while(|byte| byte.is_ascii_graphic() || *byte == b' ').collect();
    let version = String::from_utf8(version).ok()?;
    Some(version.split(" - ").next()?.trim().to_owned())
}

const MARK: &[u8] = b"x264 - core ";

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn every_library_reports_its_version() {
        let tools = tools();
        let number =
            |tool| tools.version(tool).is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()));
        for tool in Tool::ALL {
            assert!(number(tool), "{tool}: {:?}", tools.version(tool));
        }
    }

    #[test]
    fn x264_reports_what_others_read_in_its_streams() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.h264");
        let args = "-v error -f lavfi -i color=gray:s=64x64:d=0.1 -c:v libx264";
        let run = Command::new("ffmpeg").args(args.split(' ')).arg(&file).status().unwrap();
        assert!(run.success());
        let bytes = std::fs::read(&file).unwrap();
        let wanted = format!("x264 - core {} - H.264", tools().version(Tool::Libx264).unwrap());
        let found = bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes());
        assert!(found, "{wanted}");
    }
}
