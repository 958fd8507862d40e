//! The boxes of ISO/IEC 14496-12.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// The most boxes that are looked at in a file or in another box.
const MOST_BOXES: usize = 1000;

/// The head of a box.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BoxHead {
    pub kind: [u8; 4],
    /// The first byte of its content, and the one behind its last.
    pub content: (u64, u64),
}

/// Returns the boxes in a stretch of `reader`, up to the first one that is damaged.
pub(super) fn boxes(reader: &mut (impl Read + Seek), within: (u64, u64)) -> io::Result<Vec<BoxHead>> {
    let mut found = Vec::new();
    visit(reader, within, |head| {
        found.push(head);
        true
    })?;
    Ok(found)
}

/// Returns the content of the first box of a kind in a stretch.
pub(super) fn content_of(
    reader: &mut (impl Read + Seek),
    within: (u64, u64),
    kind: &[u8; 4],
) -> io::Result<Option<(u64, u64)>> {
    let mut found = None;
    visit(reader, within, |head| {
        found = (head.kind == *kind).then_some(head.content);
        found.is_none()
    })?;
    Ok(found)
}

/// Calls `goes_on` with the boxes in a stretch, until it returns false.
fn visit(
    reader: &mut (impl Read + Seek),
    (from, to): (u64, u64),
    mut goes_on: impl FnMut(BoxHead) -> bool,
) -> io::Result<()> {
    let mut at = from;
    for _ in 0..MOST_BOXES {
        if to.saturating_sub(at) < 8 {
            break;
        }
        let Some((head, end)) = read_head(reader, at, to)? else { break };
        if !goes_on(head) {
            break;
        }
        at = end;
    }
    Ok(())
}

/// Returns a box and its end; `None` if it is damaged.
fn read_head(reader: &mut (impl Read + Seek), at: u64, to: u64) -> io::Result<Option<(BoxHead, u64)>> {
    reader.seek(SeekFrom::Start(at))?;
    let mut head = [0; 16];
    let short = reader.read_exact(&mut head[..8]);
    let [a, b, c, d, kind @ ..] = *head.first_chunk::<8>().unwrap_or(&[0; 8]);
    let size = u32::from_be_bytes([a, b, c, d]);
    let read = match (short, size) {
        (Ok(()), 1) => reader.read_exact(&mut head[8..]),
        (short, _) => short,
    };
    match read {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (skip, bytes) = match size {
        0 => (8, to - at),
        1 => (16, u64::from_be_bytes(*head.last_chunk::<8>().unwrap_or(&[0; 8]))),
        size => (8, u64::from(size)),
    };
    let is_whole = (skip..=to - at).contains(&bytes);
    Ok(is_whole.then(|| (BoxHead { kind, content: (at + skip, at + bytes) }, at + bytes)))
}

/// Returns the content of the box in which a HEIC has its moving picture.
pub(super) fn motion_box(reader: &mut (impl Read + Seek), length: u64) -> io::Result<Option<(u64, u64)>> {
    content_of(reader, (0, length), b"mpvd")
}
