//! What the endings of file names say of their contents.

use mmm_base::MediaPath;
use mmm_facts::MediaError;

/// File endings that show that a file is meant as media.
const PICTURE_ENDINGS: [&str; 42] = [
    "jpg", "jpeg", "jpe", "mpo", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif", "hif", "avif",
    "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "mts", "m2ts", "ts", "3gp", "wmv", "dng",
    "nef", "nrw", "arw", "sr2", "pef", "cr2", "cr3", "crw", "orf", "rw2", "raf", "srw", "x3f", "3fr",
];
const SOUND_ENDINGS: [&str; 7] = ["mp3", "m4a", "wav", "flac", "ogg", "opus", "aac"];

/// Whether a file is named as a photo or a clip.
pub(super) fn is_picture_name(path: &MediaPath) -> bool {
    ends(path, &PICTURE_ENDINGS)
}

/// Whether a file that can't be used lies among media by chance, as a text file does, so that there is nothing to
/// say of it.
pub(super) fn is_stray(path: &MediaPath, error: &MediaError) -> bool {
    let is_meant = is_picture_name(path) || ends(path, &SOUND_ENDINGS);
    !is_meant && matches!(error, MediaError::NotMedia { .. })
}

fn ends(path: &MediaPath, endings: &[&str]) -> bool {
    let ending = path.name().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_file_is_stray_and_a_broken_photo_is_not() {
        let not_media = MediaError::not_media("a text file");
        let stray = |name: &str, error: &MediaError| is_stray(&MediaPath::new(name).unwrap(), error);
        assert!(stray("a/notes.txt", &not_media) && stray("jpg", &not_media));
        assert!(!stray("a/IMG_1.JPG", &not_media) && !stray("song.mp3", &not_media));
        assert!(!stray("a/film.xyz", &MediaError::Truncated), "only media can end too early");
    }
}
