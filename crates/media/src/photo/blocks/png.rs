use std::io::{self, BufRead, Read, Seek};

use flate2::read::ZlibDecoder;

use super::{Blocks, MOST_BLOCK_BYTES};

/// The keyword of an XMP packet (Adobe's XMP specification, part 3, 1.1.5).
const XMP: &str = "XML:com.adobe.xmp";

/// Reads the chunks with facts (PNG, third edition, 11.3), which may stand behind the picture too.
pub(super) fn read(reader: &mut (impl BufRead + Seek), blocks: &mut Blocks) -> io::Result<()> {
    reader.seek_relative(8)?;
    loop {
        let mut length = [0; 4];
        let mut kind = [0; 4];
        reader.read_exact(&mut length)?;
        reader.read_exact(&mut kind)?;
        let length = u32::from_be_bytes(length);
        let is_wanted = matches!(&kind, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt") && length <= MOST_BLOCK_BYTES;
        if &kind == b"IEND" {
            return Ok(());
        } else if !is_wanted {
            reader.seek_relative(i64::from(length) + 4)?;
            continue;
        }
        let mut chunk = vec![0; length as usize];
        reader.read_exact(&mut chunk)?;
        reader.seek_relative(4)?;
        match &kind {
            b"eXIf" => {
                blocks.exif.get_or_insert(chunk);
            }
            _ => match text(&kind, &chunk) {
                Some((keyword, text)) if keyword == XMP => {
                    blocks.xmp.get_or_insert_with(|| text.into_bytes());
                }
                Some(found) => blocks.texts.push(found),
                None => {}
            },
        }
    }
}

/// Returns the keyword and the text of a chunk.
fn text(kind: &[u8; 4], chunk: &[u8]) -> Option<(String, String)> {
    let (keyword, rest) = until_zero(chunk)?;
    let text = match kind {
        b"tEXt" => latin_1(rest),
        // The method of compression is always 0.
        b"zTXt" => latin_1(&inflated(rest.get(1..)?)?),
        _ => {
            let (&[is_compressed, _method], rest) = rest.split_first_chunk::<2>()?;
            let (_language, rest) = until_zero(rest)?;
            let (_translated_keyword, rest) = until_zero(rest)?;
            let bytes = if is_compressed == 1 { inflated(rest)? } else { rest.to_vec() };
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    Some((latin_1(keyword), text))
}

fn until_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|&byte| byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

/// Returns as much of a compressed text as can be decompressed and is no more than a block may have.
fn inflated(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let read = ZlibDecoder::new(bytes).take(MOST_BLOCK_BYTES.into()).read_to_end(&mut text);
    (read.is_ok() || !text.is_empty()).then_some(text)
}
