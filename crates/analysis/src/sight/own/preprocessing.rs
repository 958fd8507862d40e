use fast_image_resize::FilterType;

use super::super::inputs::{Part, image_by};
use super::json_settings::JsonSettings;
use super::pair_config::{MOST_SIDE, PairConfig};
use crate::RgbView;
use crate::net::{ModelError, Tensor};

/// What CLIP and SigLIP take if nothing says otherwise.
const CLIP_MEAN: [f32; 3] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
const CLIP_DEVIATION: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];
const SIGLIP: [f32; 3] = [0.5; 3];
const SIDE: usize = 224;

/// How a picture becomes the input of a model.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Preprocessing {
    /// Height and width in pixels.
    pub size: (usize, usize),
    /// The length to which the shorter side is resized before the middle is cut out; `None` if the whole
    /// picture is squeezed into `size`.
    short_side: Option<usize>,
    mean: [f32; 3],
    deviation: [f32; 3],
    /// What the levels 0..=255 are multiplied by first.
    scale: f32,
    filter: FilterType,
}

impl Preprocessing {
    /// Reads preprocessor_config.json of Transformers or preprocess_cfg.json of OpenCLIP.
    pub fn read(text: Option<&[u8]>, config: &PairConfig) -> Result<Self, ModelError> {
        let file = JsonSettings::read("preprocessor_config.json", text)?;
        let side = config.side.unwrap_or(SIDE);
        let crop =
            if file.is(&["do_center_crop"]) == Some(false) { None } else { size(&file, &["crop_size"])? };
        let (resized, is_whole) = match size(&file, &["size"])? {
            // Transformers names the shorter side or both, OpenCLIP gives a number or both.
            Some(Size::Short(side)) => (Some(side), false),
            Some(Size::Both(both)) => {
                let squeezes = match file.text(&["resize_mode"]) {
                    Some("squash") => true,
                    Some("shortest") => false,
                    Some(_) => return Err(file.wrong(&["resize_mode"], "\"shortest\" or \"squash\"")),
                    None => file.get(&["size", "height"]).is_some() && crop.is_none(),
                };
                return Self::scaled(&file, config, both, (!squeezes).then_some(both.0.min(both.1)), crop);
            }
            None => (None, config.is_siglip && crop.is_none()),
        };
        let short = resized.unwrap_or(side);
        Self::scaled(&file, config, (short, short), (!is_whole).then_some(short), crop)
    }

    fn scaled(
        file: &JsonSettings,
        config: &PairConfig,
        size: (usize, usize),
        short_side: Option<usize>,
        crop: Option<Size>,
    ) -> Result<Self, ModelError> {
        let first = |one: &str, other: &str| Ok(file.colours(&[one])?.or(file.colours(&[other])?));
        let (usual_mean, usual_deviation) =
            if config.is_siglip { (SIGLIP, SIGLIP) } else { (CLIP_MEAN, CLIP_DEVIATION) };
        let (mut mean, mut deviation) = (
            first("image_mean", "mean")?.unwrap_or(usual_mean),
            first("image_std", "std")?.unwrap_or(usual_deviation),
        );
        if file.is(&["do_normalize"]) == Some(false) {
            (mean, deviation) = ([0.0; 3], [1.0; 3]);
        }
        if deviation.iter().any(|value| !(*value > 0.0 && value.is_finite())) {
            let key = if file.get(&["image_std"]).is_some() { "image_std" } else { "std" };
            return Err(file.wrong(&[key], "three numbers above 0"));
        }
        let factor = file.get(&["rescale_factor"]).and_then(|factor| factor.as_f64()).unwrap_or(1.0 / 255.0);
        let scale = if file.is(&["do_rescale"]) == Some(false) { 1.0 } else { factor as f32 };
        let size = match crop {
            Some(Size::Short(side)) => (side, side),
            Some(Size::Both(both)) => both,
            None => size,
        };
        Ok(Self { size, short_side, mean, deviation, scale, filter: filter(file)? })
    }

    /// Sets the size to the one that the model takes.
    pub fn resize(&mut self, size: (usize, usize)) {
        let (old, new) = (self.size.0.max(1), size.0);
        self.short_side = self.short_side.map(|side| (side * new / old).max(new));
        self.size = size;
    }

    /// Returns the input of the model for a picture: [1, 3, height, width].
    pub fn tensor(&self, picture: &RgbView) -> Tensor {
        let (height, width) = self.size;
        let mut tensor = image_by(picture, self.part(picture), (width, height), self.filter);
        let pixels = (width * height).max(1);
        for (channel, values) in tensor.values.chunks_mut(pixels).enumerate().take(3) {
            let (mean, deviation) = (self.mean[channel], self.deviation[channel]);
            values.iter_mut().for_each(|value| *value = (*value * self.scale - mean) / deviation);
        }
        tensor
    }

    /// Returns the part of a picture that the model sees.
    fn part(&self, picture: &RgbView) -> Part {
        let Some(short_side) = self.short_side else { return Part::whole(picture) };
        let (width, height) = (picture.width() as f64, picture.height() as f64);
        let scale = width.min(height) / short_side as f64;
        let (wide, high) =
            ((self.size.1 as f64 * scale).min(width), (self.size.0 as f64 * scale).min(height));
        Part { x: (width - wide) / 2.0, y: (height - high) / 2.0, width: wide, height: high }
    }
}

/// A size in a file of settings.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Size {
    /// The shorter side.
    Short(usize),
    /// Height and width.
    Both((usize, usize)),
}

/// Returns a size: a number, two numbers in a list, `shortest_edge`, or `height` and `width`.
fn size(file: &JsonSettings, keys: &[&str]) -> Result<Option<Size>, ModelError> {
    let Some(value) = file.get(keys) else { return Ok(None) };
    let side = |value: &serde_json::Value| {
        value.as_u64().map(|side| side as usize).filter(|side| (1..=MOST_SIDE).contains(side))
    };
    let both = |height: &serde_json::Value, width: &serde_json::Value| {
        Some(Size::Both((side(height)?, side(width)?)))
    };
    let found = match value.as_array().map(Vec::as_slice) {
        Some([height, width]) => both(height, width),
        Some(_) => None,
        None => match (value.get("shortest_edge"), value.get("height"), value.get("width")) {
            (Some(short), _, _) => side(short).map(Size::Short),
            (None, Some(height), Some(width)) => both(height, width),
            _ => side(value).map(Size::Short),
        },
    };
    let wanted = format!("a number of pixels, or two, from 1 to {MOST_SIDE}");
    found.map(Some).ok_or_else(|| file.wrong(keys, &wanted))
}

/// Returns how pixels are weighted; Transformers numbers the ways as Pillow does.
fn filter(file: &JsonSettings) -> Result<FilterType, ModelError> {
    let by_number = file.get(&["resample"]);
    let by_name = file.get(&["interpolation"]);
    Ok(match (by_number.and_then(|number| number.as_u64()), by_name.and_then(|name| name.as_str())) {
        (Some(0), _) | (None, Some("nearest")) => FilterType::Box,
        (Some(1), _) | (None, Some("lanczos")) => FilterType::Lanczos3,
        (Some(2), _) | (None, Some("bilinear")) => FilterType::Bilinear,
        (Some(3), _) | (None, Some("bicubic" | "random")) => FilterType::CatmullRom,
        (Some(4), _) => FilterType::Box,
        (Some(5), _) => FilterType::Hamming,
        (None, None) if by_number.is_none() && by_name.is_none() => FilterType::CatmullRom,
        _ if by_number.is_some() => return Err(file.wrong(&["resample"], "a number from 0 to 5")),
        _ => return Err(file.wrong(&["interpolation"], "\"bicubic\" or \"bilinear\"")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, config: &str) -> Preprocessing {
        let config = PairConfig::read(Some(config.as_bytes())).unwrap();
        Preprocessing::read(Some(text.as_bytes()).filter(|text| !text.is_empty()), &config).unwrap()
    }

    #[test]
    fn the_forms_of_transformers_and_openclip_are_read() {
        let clip = read("", "{}");
        assert_eq!((clip.size, clip.short_side, clip.mean), ((224, 224), Some(224), CLIP_MEAN));
        let siglip = read("", r#"{"model_type": "siglip", "vision_config": {"image_size": 256}}"#);
        assert_eq!((siglip.size, siglip.short_side, siglip.mean), ((256, 256), None, SIGLIP));
        let transformers = read(
            r#"{"size": {"shortest_edge": 256}, "crop_size": {"height": 224, "width": 224}, "resample": 2,
                "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}"#,
            "{}",
        );
        assert_eq!((transformers.size, transformers.short_side), ((224, 224), Some(256)));
        assert_eq!((transformers.filter, transformers.mean), (FilterType::Bilinear, [0.0; 3]));
        let squeezed =
            read(r#"{"size": {"height": 384, "width": 384}, "image_mean": [0.5, 0.5, 0.5]}"#, "{}");
        assert_eq!((squeezed.size, squeezed.short_side), ((384, 384), None));
        let open_clip = r#"{"size": [240, 240], "resize_mode": "shortest", "interpolation": "bicubic",
            "mean": [0.1, 0.2, 0.3], "std": [0.2, 0.2, 0.2]}"#;
        let open_clip = read(open_clip, r#"{"vision_cfg": {"image_size": 240}}"#);
        assert_eq!(
            (open_clip.size, open_clip.short_side, open_clip.mean),
            ((240, 240), Some(240), [0.1, 0.2, 0.3])
        );
        let old =
            read(r#"{"size": 288, "crop_size": 288, "do_normalize": false, "do_rescale": false}"#, "{}");
        assert_eq!((old.size, old.mean, old.scale), ((288, 288), [0.0; 3], 1.0));
    }

    #[test]
    fn wrong_settings_are_errors_that_name_their_key() {
        for (text, words) in [
            ("{", "preprocessor_config.json"),
            ("[]", "no JSON object"),
            (r#"{"size": 0}"#, "`size` is 0"),
            (r#"{"size": {"edge": 3}}"#, "`size` is"),
            (r#"{"size": [3]}"#, "`size` is [3]"),
            (r#"{"crop_size": 99999}"#, "`crop_size`"),
            (r#"{"image_mean": [1, 2]}"#, "`image_mean` is [1,2], but must be three numbers"),
            (r#"{"image_std": [0, 1, 1]}"#, "above 0"),
            (r#"{"resample": 9}"#, "`resample` is 9"),
            (r#"{"size": [9, 9], "resize_mode": "longest"}"#, "`resize_mode`"),
        ] {
            let error = Preprocessing::read(Some(text.as_bytes()), &PairConfig::default()).unwrap_err();
            assert!(error.to_string().contains(words), "{text}: {error}");
        }
        let config = PairConfig::read(Some(br#"{"text_config": {"max_position_embeddings": -1}}"#));
        assert!(config.unwrap_err().to_string().contains("config.json"));
    }

    #[test]
    fn the_middle_or_the_whole_is_seen() {
        // Green between red edges.
        let row = [[[255, 0, 0]; 10], [[0, 255, 0]; 10], [[255, 0, 0]; 10]].concat();
        let bytes = row.repeat(10).concat();
        let picture = RgbView::new(30, 10, &bytes).unwrap();
        let plain = r#"{"size": 8, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}"#;
        let tensor = read(plain, "{}").tensor(&picture);
        assert_eq!(tensor.shape, [1, 3, 8, 8]);
        let mean =
            |channel: usize, tensor: &Tensor| tensor.values[channel * 64..][..64].iter().sum::<f32>() / 64.0;
        assert!(mean(0, &tensor) < 0.1 && mean(1, &tensor) > 0.9, "the middle is green");
        let whole = plain.replace("8,", r#"{"height": 8, "width": 8},"#);
        let tensor = read(&whole, "{}").tensor(&picture);
        assert!((mean(0, &tensor) - 2.0 / 3.0).abs() < 0.05, "two thirds are red");
    }
}
