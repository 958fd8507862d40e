//! The actions that produce the facts of a medium, and the facts that their answers make up.

use mmm_base::Digest;
use mmm_exec::{
    Action, Answer, ClipPictureFields, ClipSoundFields, MusicBeatsFields, MusicFormFields, PhotoFields,
};
use mmm_facts::{
    Beat, ClipFacts, ClipPictureFacts, ClipSoundFacts, Facts, MediaError, MediaKind, ModelSet, Models,
    MotionPart, MusicFacts, Probe,
};

/// How closely the analysis looks at a picture.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Eye {
    /// Without models: what is cheap to measure.
    Glance,
    /// With the models of pictures, if there are any.
    Look,
}

/// Joins what the analysts of one medium answered into its facts: those of a photo, of a clip with or without its
/// sound, or of music.
///
/// # Errors
/// If one could not read it, or if the answers are not those of one medium.
pub(super) fn joined(answers: &[Answer]) -> Result<Facts, MediaError> {
    let clip = |picture: &ClipPictureFacts, sound: ClipSoundFacts| {
        Ok(Facts::Clip(ClipFacts { picture: picture.clone(), sound }))
    };
    match answers {
        [Answer::PhotoFacts(facts)] => Ok(Facts::Photo((**facts).clone())),
        [Answer::ClipPicture(picture)] => clip(picture, ClipSoundFacts::default()),
        [Answer::ClipPicture(picture), Answer::ClipSound(sound)] => clip(picture, (**sound).clone()),
        [Answer::MusicBeats(beat), Answer::MusicForm(form)] => {
            Ok(Facts::Music(MusicFacts { beat: (**beat).clone(), form: (**form).clone() }))
        }
        _ => Err(answers
            .iter()
            .find_map(|answer| match answer {
                Answer::Unreadable(error) => Some(error.clone()),
                _ => None,
            })
            .unwrap_or_else(mismatch)),
    }
}

/// Returns the actions that produce the facts of a medium and don't depend on each other's answers.
/// `track` is the number of the sound track that is heard, `None` for the one that is chosen.
pub(super) fn actions_of(
    source: Digest,
    probe: &Probe,
    track: Option<u8>,
    model_set: ModelSet,
    eye: Eye,
) -> Vec<Action> {
    let models = match eye {
        Eye::Glance => Models::default(),
        Eye::Look => model_set.pictures(),
    };
    match probe.kind {
        MediaKind::Photo => vec![Action::PhotoFacts(PhotoFields::of(source, probe, models))],
        MediaKind::Clip => vec![
            Action::ClipPicture(ClipPictureFields { source, models }),
            Action::ClipSound(ClipSoundFields { source, track, models: model_set.clip_sound() }),
        ],
        MediaKind::Music => {
            vec![Action::MusicBeats(MusicBeatsFields { source, track, models: model_set.beats() })]
        }
    }
}

/// Returns the actions that produce the facts of the moving picture in the file of a photo.
pub(super) fn motion_actions(
    source: Digest,
    probe: &Probe,
    is_heard: bool,
    model_set: ModelSet,
) -> Vec<Action> {
    if probe.kind != MediaKind::Photo || !matches!(probe.motion, Some(MotionPart::Clip(_))) {
        return Vec::new();
    }
    let sound = ClipSoundFields { source, track: None, models: model_set.clip_sound() };
    let sound = is_heard.then_some(Action::ClipSound(sound));
    let picture = ClipPictureFields { source, models: model_set.pictures() };
    std::iter::once(Action::ClipPicture(picture)).chain(sound).collect()
}

/// Returns the action that finds the subject of a photo; `None` without a model for that.
pub(super) fn mask_action(source: Digest, probe: &Probe, model_set: ModelSet) -> Option<Action> {
    let models = model_set.masks();
    (!models.is_empty()).then(|| Action::PhotoMask(PhotoFields::of(source, probe, models)))
}

/// Returns the action that finds the structure of a piece of music with these beats.
pub(super) fn form_action(source: Digest, track: Option<u8>, beats: Vec<Beat>) -> Action {
    Action::MusicForm(Box::new(MusicFormFields { source, track, beats }))
}

/// Returns the error for an answer of the wrong kind. The store checks its records, so such an answer is a
/// bug, but it must not panic.
pub(super) fn mismatch() -> MediaError {
    MediaError::Corrupt { reason: "the cache contains an answer of another kind".to_owned() }
}
