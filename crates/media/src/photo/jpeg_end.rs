//! Finds whether a JPEG is complete, from its markers (ITU-T T.81, annex B).

use std::iter;

/// The coefficients of a block.
const COEFFICIENTS: usize = 64;

/// Whether the first picture of the file has its end marker (EOI).
pub(super) fn has_end(bytes: &[u8]) -> bool {
    segments(bytes).any(|(kind, _)| kind == 0xd9)
}

/// Whether the scans of a progressive JPEG without an end marker contain all bits of all coefficients. If the
/// file ends between two scans, the decoder doesn't notice, because the picture is only less sharp.
pub(super) fn has_all_scans(bytes: &[u8]) -> bool {
    // For each component its name and the bits of each coefficient that are still to come.
    let mut components: Vec<(u8, [u8; COEFFICIENTS])> = Vec::new();
    for (kind, segment) in segments(bytes) {
        match kind {
            0xc2 | 0xca if components.is_empty() => {
                let listed = segment.get(6..).unwrap_or_default().as_chunks::<3>().0;
                components.extend(listed.iter().map(|&[name, ..]| (name, [u8::MAX; COEFFICIENTS])));
            }
            0xda => {
                let Some((names, [first, last, bits])) = scan(segment) else { return false };
                for (name, coefficients) in &mut components {
                    let range = usize::from(first)..=usize::from(last);
                    if names.iter().any(|[scanned, _]| scanned == name)
                        && let Some(coefficients) = coefficients.get_mut(range)
                    {
                        coefficients.fill(bits & 15);
                    }
                }
            }
            _ => {}
        }
    }
    !components.is_empty() && components.iter().all(|(_, coefficients)| *coefficients == [0; COEFFICIENTS])
}

/// Returns the components of a scan with their tables, and its range of coefficients and bits.
fn scan(segment: &[u8]) -> Option<(&[[u8; 2]], [u8; 3])> {
    let (&count, rest) = segment.split_first()?;
    let (components, rest) = rest.split_at_checked(usize::from(count) * 2)?;
    Some((components.as_chunks().0, *rest.first_chunk()?))
}

/// Returns the markers of the first picture, each with what belongs to it without the scan data.
fn segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    iter::from_fn(move || {
        loop {
            let &[mark, kind] = bytes.get(at..)?.first_chunk()?;
            at += 1;
            match (mark, kind) {
                (0xff, 0xd9) => return Some((kind, &[][..])),
                // A segment with a length; some are followed by scan data without one.
                (0xff, 0xc0..=0xcf | 0xda..=0xfe) => {
                    let length = usize::from(u16::from_be_bytes(*bytes.get(at + 1..)?.first_chunk()?));
                    let segment = bytes.get(at + 3..at + 1 + length).unwrap_or_default();
                    at += 1 + length;
                    return Some((kind, segment));
                }
                _ => {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_mark_inside_a_thumbnail_is_not_the_end() {
        let thumbnail = b"\xff\xd8\xff\xe1\0\x06\xff\xd9\0\0\xff\xda\0\x02abc\xff\0";
        assert!(!has_end(thumbnail));
        assert!(has_end(&[thumbnail as &[u8], b"x\xff\xd9"].concat()));
    }

    #[test]
    fn every_bit_of_every_coefficient_needs_a_scan() {
        let frame = b"\xff\xd8\xff\xc2\0\x0e\x08\0\x08\0\x08\x02\x01\x11\0\x02\x11\0";
        let scan = |names: &[u8], range: [u8; 3]| {
            let components: Vec<u8> = names.iter().flat_map(|&name| [name, 0]).collect();
            let length = (6 + components.len() as u16).to_be_bytes();
            [b"\xff\xda", &length[..], &[names.len() as u8], &components, &range, b"data"].concat()
        };
        let scans = [
            scan(&[1, 2], [0, 0, 0x01]),
            scan(&[1], [1, 63, 0x00]),
            scan(&[2], [1, 63, 0x01]),
            scan(&[1, 2], [0, 0, 0x10]),
            scan(&[2], [1, 63, 0x10]),
        ];
        for count in 0..=scans.len() {
            let file = [&frame[..], &scans[..count].concat()].concat();
            assert_eq!(has_all_scans(&file), count == scans.len(), "{count}");
        }
        assert!(!has_all_scans(&scans.concat()));
    }
}
