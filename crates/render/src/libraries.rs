use ffmpeg_next::{decoder, encoder};

use mmm_facts::{CodecEntry, Libraries};

/// Returns the codecs that libav supports on this machine.
pub fn libraries() -> Libraries {
    let encoders = [
        ("libx264", "writes the picture", true),
        ("libx265", "writes HEVC, where a spec asks for it", false),
        ("libsvtav1", "writes AV1, where a spec asks for it", false),
        ("aac", "writes the sound", true),
        ("libwebp_anim", "writes posters and previews in WebP", false),
    ];
    let decoders = [
        ("h264", "reads clips of most cameras and phones"),
        ("hevc", "reads clips of newer phones"),
        ("vp9", "reads WebM clips"),
        ("libdav1d", "reads AV1 clips"),
        ("prores", "reads ProRes clips"),
        ("mjpeg", "reads clips of older cameras"),
    ];
    let encoders = encoders.into_iter().map(|(name, purpose, needed)| {
        let there = encoder::find_by_name(name).is_some();
        CodecEntry { name, purpose, there, needed }
    });
    let decoders = decoders.into_iter().map(|(name, purpose)| {
        let there = decoder::find_by_name(name).is_some();
        CodecEntry { name, purpose, there, needed: false }
    });
    Libraries { codecs: encoders.chain(decoders).collect() }
}
