//! The kinds of actions, one per file. Only these files say what a kind is called, what it reads, and what
//! affects its answer.

mod clip_picture;
mod clip_sound;
mod music_beats;
mod music_form;
mod photo_facts;
mod photo_mask;
mod picture_embedding;
mod poster;
mod preview;
mod probe;
mod segment;
mod sound;
mod still;
mod text_embedding;

pub(super) use clip_picture::ClipPicture;
pub use clip_picture::ClipPictureFields;
pub(super) use clip_sound::ClipSound;
pub use clip_sound::ClipSoundFields;
pub(super) use music_beats::MusicBeats;
pub use music_beats::MusicBeatsFields;
pub(super) use music_form::MusicForm;
pub use music_form::MusicFormFields;
pub(super) use photo_facts::PhotoFacts;
pub use photo_facts::PhotoFields;
pub(super) use photo_mask::PhotoMask;
pub(super) use picture_embedding::PictureEmbedding;
pub use picture_embedding::PictureEmbeddingFields;
pub(super) use poster::Poster;
pub(super) use preview::Preview;
pub(super) use probe::Probe;
pub(super) use segment::Segment;
pub(super) use sound::Sound;
pub(super) use still::Still;
pub(super) use text_embedding::TextEmbedding;
pub use text_embedding::TextEmbeddingFields;
