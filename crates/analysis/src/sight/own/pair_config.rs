use super::json_settings::JsonSettings;
use crate::net::ModelError;

/// The longest text of any model, in tokens, and the largest picture, in pixels of a side.
pub(super) const MOST_TOKENS: usize = 8192;
pub(super) const MOST_SIDE: usize = 2048;

/// What the config.json of a pair says, as Transformers or OpenCLIP writes it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct PairConfig {
    /// Whether the pair is a SigLIP (Zhai and others, 2023), which differs from CLIP where nothing else is
    /// said.
    pub is_siglip: bool,
    /// The side of the square that the model for pictures takes.
    pub side: Option<usize>,
    /// The most tokens that the model for texts takes.
    pub tokens: Option<usize>,
    /// The token that fills up short texts.
    pub pad: Option<i32>,
}

impl PairConfig {
    pub fn read(text: Option<&[u8]>) -> Result<Self, ModelError> {
        let file = JsonSettings::read("config.json", text)?;
        let first = |places: &[&[&str]], most: usize| -> Result<Option<usize>, ModelError> {
            let place = places.iter().find(|place| file.get(place).is_some());
            place.map_or(Ok(None), |place| file.count(place, most))
        };
        let is_siglip = file.text(&["model_type"]).is_some_and(|kind| kind.contains("siglip"))
            || [&["init_logit_bias"][..], &["model_cfg", "init_logit_bias"]]
                .iter()
                .any(|place| file.get(place).is_some());
        let sides: [&[&str]; 3] = [
            &["vision_config", "image_size"],
            &["vision_cfg", "image_size"],
            &["model_cfg", "vision_cfg", "image_size"],
        ];
        // OpenCLIP may write a pair of numbers; the file beside the model for pictures has them too.
        let is_pair = sides.iter().any(|place| file.get(place).is_some_and(|value| value.is_array()));
        let pad =
            file.get(&["text_config", "pad_token_id"]).and_then(|pad| i32::try_from(pad.as_i64()?).ok());
        Ok(Self {
            is_siglip,
            side: if is_pair { None } else { first(&sides, MOST_SIDE)? },
            tokens: first(
                &[
                    &["text_config", "max_position_embeddings"],
                    &["text_cfg", "context_length"],
                    &["model_cfg", "text_cfg", "context_length"],
                ],
                MOST_TOKENS,
            )?,
            pad,
        })
    }
}
