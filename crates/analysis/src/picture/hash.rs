use image::GrayImage;
use image_hasher::{HashAlg, HasherConfig};

use mmm_facts::PictureHash;

use super::Plane;

/// Longest side of the plane that is hashed; finer detail doesn't affect similarity.
const SIDE: usize = 128;

/// Returns the perceptual hash of `luma`: pHash (DCT, low frequencies against their median).
pub fn picture_hash(luma: &Plane) -> PictureHash {
    let small = luma.reduced(SIDE, SIDE);
    let bytes = small.values.iter().map(|value| value.round() as u8).collect();
    let Some(picture) = GrayImage::from_raw(small.width as u32, small.height as u32, bytes) else {
        return PictureHash::default();
    };
    let hasher = HasherConfig::with_bytes_type::<[u8; 8]>()
        .hash_size(8, 8)
        .hash_alg(HashAlg::Median)
        .preproc_dct()
        .to_hasher();
    PictureHash(u64::from_be_bytes(hasher.hash_image(&picture).into_inner()))
}
