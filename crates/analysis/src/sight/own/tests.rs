//! Tests with the tiny pair of the fixtures, which knows colours and nothing else.

use std::fs;

use mmm_facts::Embedding;

use super::*;
use crate::RgbView;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../../fixtures/models/clip/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn image_tower() -> ImageTower {
    ImageTower::read(fixture("image.onnx"), Some(&fixture("preprocessor_config.json")), None).unwrap()
}

fn text_tower() -> TextTower {
    TextTower::read(fixture("text.onnx"), &fixture("tokenizer.json"), None, None).unwrap()
}

fn picture(colour: [u8; 3]) -> Embedding {
    let bytes = colour.repeat(40 * 30);
    image_tower().embed(&RgbView::new(40, 30, &bytes).unwrap()).unwrap()
}

#[test]
fn a_picture_is_closest_to_its_words() {
    let tower = text_tower();
    let texts =
        ["a photo of red", "a photo of green", "a photo of blue"].map(|text| tower.embed(text).unwrap());
    for (index, colour) in [[200, 30, 20], [20, 180, 40], [10, 40, 220]].into_iter().enumerate() {
        let picture = picture(colour);
        let cosines = texts.each_ref().map(|text| picture.cosine(text).unwrap());
        let best = (0..3).max_by(|one, other| cosines[*one].total_cmp(&cosines[*other]));
        assert_eq!(best, Some(index), "{cosines:?}");
    }
    assert_eq!(tower.embed("a photo of RED").unwrap(), texts[0], "the tokenizer folds case");
}

#[test]
fn a_long_text_is_cut_and_a_short_one_filled_up() {
    let tower = text_tower();
    let (tokens, count) = (tower.embed("red").unwrap(), tower.embed(&"red ".repeat(500)).unwrap());
    assert!(tokens.cosine(&count).unwrap() > 0.99);
}

#[test]
fn files_of_another_form_are_errors() {
    let (image, text, tokenizer) = (fixture("image.onnx"), fixture("text.onnx"), fixture("tokenizer.json"));
    let no_image = |model: Vec<u8>| ImageTower::read(model, None, None).err().unwrap().to_string();
    let no_text = |model: Vec<u8>, tokenizer: &[u8]| {
        TextTower::read(model, tokenizer, None, None).err().unwrap().to_string()
    };
    let swapped = no_image(text.clone());
    assert_eq!(
        swapped,
        "the model for pictures has the inputs `input_ids` [1, 16], but one input [1, 3, height, width] such as \
         `pixel_values` is needed"
    );
    assert!(
        no_text(image.clone(), &tokenizer).contains("the inputs `pixel_values` [1, 3, ?, ?], but one input")
    );
    for cut in [0, 1, 10, image.len() / 3, image.len() / 2, image.len() - 3] {
        assert!(no_image(image[..cut].to_vec()).contains("for pictures"), "{cut} bytes");
    }
    for wrong in ["", "{", "{}", "[1]", r#"{"version": "1.0", "model": {"type": "Magic"}}"#] {
        assert!(no_text(text.clone(), wrong.as_bytes()).starts_with("`tokenizer.json` cannot be used"));
    }
    for cut in (0..tokenizer.len()).step_by(97) {
        no_text(text.clone(), &tokenizer[..cut]);
    }
}
