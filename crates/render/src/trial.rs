use ffmpeg_next::codec::{self, Context};
use ffmpeg_next::{decoder, encoder, ffi, frame};

use super::RenderError;
use super::encoded::Encoded;
use super::picture::PictureEncoder;
use mmm_base::Rate;
use mmm_facts::{Canvas, Encoder, Profile};
use mmm_media::{Yuv420, quiet_libav};
use mmm_spec::{Aspect, Codec};

/// The size and number of the test pictures; every hardware encoder supports the size.
const SIZE: (u32, u32) = (640, 360);
const FRAMES: u32 = 6;
/// The least similarity in dB of decoded pictures to their originals; broken output is below 20.
const LEAST_DB: f64 = 30.0;

/// Checks whether an encoder works on this machine: it must open twice with the same setup, and a handful of
/// frames must survive encoding and decoding. Speed and quality are not tested.
///
/// # Errors
/// The reason not to use the encoder, in a few words.
pub fn try_encoder(encoder: Encoder, codec: Codec) -> Result<(), String> {
    let name = encoder.name(codec).ok_or("not used for this codec")?;
    quiet_libav();
    if encoder::find_by_name(name).is_none() {
        return Err("this libavcodec has no such encoder".to_owned());
    }
    let (width, height) = SIZE;
    let rate = Rate(30, 1);
    let canvas = Canvas { width, height, rate, encoder, ..Canvas::of(Aspect::Wide, codec, Profile::Final) };
    let pictures: Vec<Yuv420> = (0..FRAMES).map(picture).collect();
    let encode = || {
        let mut encoder = PictureEncoder::new(canvas)?;
        pictures.iter().try_for_each(|picture| encoder.push(picture))?;
        encoder.finish()
    };
    let words = |error: RenderError| match error {
        RenderError::Encoder(reason) => format!("it does not open here ({})", reason.to_lowercase()),
        other => other.to_string(),
    };
    let (one, other) = (encode().map_err(words)?, encode().map_err(words)?);
    if one.setup != other.setup {
        return Err("its segments can't be joined".to_owned());
    }
    let decoded = decode(&one, codec).map_err(|error| format!("what it makes can't be decoded: {error}"))?;
    if decoded.len() != pictures.len() {
        return Err(format!("{} of {FRAMES} pictures came back", decoded.len()));
    }
    let worst =
        pictures.iter().zip(&decoded).map(|(was, is)| nearness(&was.y, is)).fold(f64::INFINITY, f64::min);
    if worst < LEAST_DB {
        return Err(format!("its frames decode to different pictures ({worst:.0} dB)"));
    }
    Ok(())
}

/// Returns a moving ramp with colours across it.
fn picture(number: u32) -> Yuv420 {
    let (width, height) = SIZE;
    let plane = |width: u32, height: u32, sample: &dyn Fn(u32, u32) -> u32| {
        (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| sample(x, y) as u8).collect()
    };
    Yuv420 {
        width,
        height,
        y: plane(width, height, &|x, y| 40 + (x + y + number * 4) / 6 % 160),
        u: plane(width / 2, height / 2, &|x, _| 64 + x / 3),
        v: plane(width / 2, height / 2, &|_, y| 64 + y / 2),
    }
}

/// Returns the luma of every picture, row by row without padding.
fn decode(encoded: &Encoded, codec: Codec) -> Result<Vec<Vec<u8>>, ffmpeg_next::Error> {
    let id = match codec {
        Codec::H264 => codec::Id::H264,
        Codec::Hevc => codec::Id::HEVC,
        Codec::Av1 => codec::Id::AV1,
    };
    let library = decoder::find(id).ok_or(ffmpeg_next::Error::DecoderNotFound)?;
    let mut context = Context::new_with_codec(library);
    let size = encoded.setup.extradata.len();
    // SAFETY: the context is ours and not open yet; extradata is in memory that libav may free, with the
    // padding that it requires.
    unsafe {
        let memory = ffi::av_mallocz(size + ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize).cast::<u8>();
        if memory.is_null() {
            return Err(ffmpeg_next::Error::Unknown);
        }
        std::ptr::copy_nonoverlapping(encoded.setup.extradata.as_ptr(), memory, size);
        (*context.as_mut_ptr()).extradata = memory;
        (*context.as_mut_ptr()).extradata_size = size as i32;
    }
    let mut decoder = context.decoder().video()?;
    let mut found = Vec::new();
    for packet in &encoded.packets {
        let mut copy = ffmpeg_next::Packet::copy(&packet.bytes);
        copy.set_pts(Some(packet.pts));
        decoder.send_packet(&copy)?;
        take(&mut decoder, &mut found);
    }
    decoder.send_eof()?;
    take(&mut decoder, &mut found);
    Ok(found)
}

/// Collects every picture that is ready.
fn take(decoder: &mut decoder::Video, found: &mut Vec<Vec<u8>>) {
    let mut frame = frame::Video::empty();
    while decoder.receive_frame(&mut frame).is_ok() {
        let (width, stride) = (frame.width() as usize, frame.stride(0));
        let rows = frame.data(0).chunks(stride.max(1)).take(frame.height() as usize);
        found.push(rows.flat_map(|row| row[..width.min(row.len())].to_vec()).collect());
    }
}

/// Returns the similarity of two pictures in dB (peak signal-to-noise ratio); zero if their sizes differ.
fn nearness(was: &[u8], is: &[u8]) -> f64 {
    if was.len() != is.len() {
        return 0.0;
    }
    let squares = was.iter().zip(is).map(|(was, is)| f64::from(was.abs_diff(*is)).powi(2));
    10.0 * (255.0 * 255.0 * was.len() as f64 / squares.sum::<f64>().max(1e-6)).log10()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mmm_facts::Encoders;

    #[test]
    fn software_passes_and_what_is_not_there_says_why() {
        for codec in Encoders::CODECS {
            let name = Encoder::Software.name(codec).unwrap();
            if encoder::find_by_name(name).is_some() {
                assert_eq!(try_encoder(Encoder::Software, codec), Ok(()), "{name}");
            }
        }
        let missing = try_encoder(Encoder::Amf, Codec::Av1).unwrap_err();
        assert_eq!(missing, "not used for this codec");
    }

    #[test]
    fn other_pictures_are_far() {
        let (one, other) = (picture(0), picture(30));
        assert!(nearness(&one.y, &one.y) > 90.0);
        assert!(nearness(&one.y, &other.y) < LEAST_DB);
        assert_eq!(nearness(&one.y, &one.u), 0.0);
    }
}
