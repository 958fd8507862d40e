use mmm_facts::Embedding;
use tokenizers::Tokenizer;

use super::embed::{embedding, embedding_output};
use super::json_settings::JsonSettings;
use super::pair_config::{MOST_TOKENS, PairConfig};
use crate::net::{ModelError, Net, Port, WholeTensor};

/// The names of the output in common exports.
const OUTPUTS: [&str; 9] = [
    "text_embeds",
    "text_embedding",
    "text_embeddings",
    "text_features",
    "sentence_embedding",
    "embedding",
    "embeddings",
    "pooler_output",
    "output",
];
/// The most tokens of a text if nothing says otherwise, for CLIP and for SigLIP.
const CLIP_TOKENS: usize = 77;
const SIGLIP_TOKENS: usize = 64;
/// Names of the token that fills up short texts.
const PADS: [&str; 4] = ["<pad>", "[PAD]", "<|endoftext|>", "</s>"];

/// The model of a pair that reads texts, with its tokenizer.
pub struct TextTower {
    net: Net,
    tokenizer: Tokenizer,
    inputs: Inputs,
    output: String,
    /// The most tokens of a text.
    most: usize,
    /// The token that fills up short texts; `None` if they stay short.
    pad: Option<i32>,
    /// Whether the token that marks the end may fill up texts too.
    pads_by_end: bool,
}

/// The names of the inputs.
#[derive(Default)]
struct Inputs {
    tokens: String,
    mask: Option<String>,
    kinds: Option<String>,
    positions: Option<String>,
}

impl TextTower {
    /// Loads the model from its bytes in ONNX form, and its tokenizer from the content of tokenizer.json.
    /// `tokenizer_config` and `config` are the contents of tokenizer_config.json and config.json, if they are
    /// there.
    ///
    /// # Errors
    /// If the model or the tokenizer can't be read, if the model has other inputs and outputs, or if a file
    /// of settings is wrong.
    pub fn read(
        model: Vec<u8>,
        tokenizer: &[u8],
        tokenizer_config: Option<&[u8]>,
        config: Option<&[u8]>,
    ) -> Result<Self, ModelError> {
        let config = PairConfig::read(config)?;
        let (tokenizer, own_pad) = read_tokenizer(tokenizer)?;
        let tokenizer_config = JsonSettings::read("tokenizer_config.json", tokenizer_config)?;
        let net = Net::read("for texts", model)?;
        let (inputs, length) = inputs(&net)?;
        let is_siglip = config.is_siglip || length == Some(SIGLIP_TOKENS);
        let usual = if is_siglip { SIGLIP_TOKENS } else { CLIP_TOKENS };
        let most = length.or(config.tokens).unwrap_or(usual);
        // CLIP sees no token after the end of a text, and a mask hides them. SigLIP has seen texts of full
        // length only.
        let pad = (length.is_some() || (is_siglip && inputs.mask.is_none())).then(|| {
            let id = |token: &str| tokenizer.token_to_id(token).and_then(|id| i32::try_from(id).ok());
            let named = tokenizer_config.text(&["pad_token", "content"]);
            let named = named.or(tokenizer_config.text(&["pad_token"]));
            let said = named.and_then(id).or(config.pad).or(own_pad);
            said.or_else(|| PADS.into_iter().find_map(id)).unwrap_or(0)
        });
        let output = embedding_output(&net, &OUTPUTS)?;
        Ok(Self { net, tokenizer, inputs, output, most, pad, pads_by_end: is_siglip })
    }

    /// Returns the embedding of a text.
    ///
    /// # Errors
    /// If the text has no tokens, or if the model fails or gives no embedding.
    pub fn embed(&self, text: &str) -> Result<Embedding, ModelError> {
        let (tokens, count) = self.tokens(text)?;
        let length = tokens.len();
        let tensor = |values: Vec<i32>| WholeTensor { shape: vec![1, length], values };
        let mask = (0..length).map(|at| i32::from(at < count)).collect();
        let all = [
            (Some(&self.inputs.tokens), tensor(tokens)),
            (self.inputs.mask.as_ref(), tensor(mask)),
            (self.inputs.kinds.as_ref(), tensor(vec![0; length])),
            (self.inputs.positions.as_ref(), tensor((0..length as i32).collect())),
        ];
        let given: Vec<(&str, &WholeTensor)> =
            all.iter().filter_map(|(name, tensor)| Some((name.as_ref()?.as_str(), tensor))).collect();
        embedding(&self.net, &self.net.run_on_whole(&given, &[self.output.as_str()])?)
    }

    /// Returns the tokens of a text, filled up if the model needs that, and how many there are before.
    fn tokens(&self, text: &str) -> Result<(Vec<i32>, usize), ModelError> {
        let wrong = |reason: String| ModelError::Settings { file: "tokenizer.json".to_owned(), reason };
        let encoded = self.tokenizer.encode(text, true).map_err(|error| wrong(error.to_string()))?;
        let ids: Result<Vec<i32>, _> = encoded.get_ids().iter().map(|id| i32::try_from(*id)).collect();
        let mut ids = ids.map_err(|_| wrong("it has a token above 2,147,483,647".to_owned()))?;
        let Some(last) = ids.last().copied() else {
            return Err(wrong(format!("it makes no token of “{text}”")));
        };
        if ids.len() > self.most {
            // The last token of a text marks its end.
            ids.truncate(self.most - 1);
            ids.push(last);
        }
        let count = ids.len();
        if let Some(pad) = self.pad {
            // CLIP takes the highest token for the end, which must be there once: the runtime takes the last
            // of several.
            let pad = if pad == last && !self.pads_by_end { 0 } else { pad };
            ids.resize(self.most, pad);
        }
        Ok((ids, count))
    }
}

/// Returns the tokenizer without padding and truncation, and the token by which it pads.
fn read_tokenizer(text: &[u8]) -> Result<(Tokenizer, Option<i32>), ModelError> {
    let mut tokenizer = Tokenizer::from_bytes(text).map_err(|error| ModelError::Settings {
        file: "tokenizer.json".to_owned(),
        reason: format!("it is no tokenizer of Hugging Face: {error}"),
    })?;
    let pad = tokenizer.get_padding().and_then(|padding| i32::try_from(padding.pad_id).ok());
    tokenizer.with_padding(None);
    tokenizer.with_truncation(None).map_err(|error| ModelError::Settings {
        file: "tokenizer.json".to_owned(),
        reason: error.to_string(),
    })?;
    Ok((tokenizer, pad))
}

/// Returns the inputs of a model for texts, and the number of tokens if it is fixed.
fn inputs(net: &Net) -> Result<(Inputs, Option<usize>), ModelError> {
    let ports = net.inputs();
    let (mut inputs, mut tokens) = (Inputs::default(), Vec::new());
    for port in &ports {
        let name = Some(port.name.clone());
        match port.name.as_str() {
            "attention_mask" | "mask" => inputs.mask = name,
            "token_type_ids" => inputs.kinds = name,
            "position_ids" => inputs.positions = name,
            _ => tokens.push(port),
        }
    }
    let fits = |port: &Port| {
        let is_one = port.fixed(0).is_none_or(|length| length == 1);
        let is_flat = port.rank().is_none_or(|rank| rank == 2);
        let is_read = port.fixed(1).is_none_or(|length| (1..=MOST_TOKENS).contains(&length));
        is_one && is_flat && is_read && port.is_whole != Some(false)
    };
    match tokens.as_slice() {
        [port] if fits(port) => {
            inputs.tokens = port.name.clone();
            Ok((inputs, port.fixed(1)))
        }
        _ => {
            let wanted = "one input [1, tokens] of whole numbers such as `input_ids`, and at most \
                          `attention_mask`, `token_type_ids` and `position_ids`";
            Err(net.other_form("inputs", &ports, wanted))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        fs::read(format!("{}/../../fixtures/models/clip/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    /// Returns the fixture's tower with `[UNK]`, token 1, at the end of each text and as its pad token.
    fn tower(config: Option<&str>) -> TextTower {
        let text = String::from_utf8(fixture("tokenizer.json")).unwrap();
        let end = r#""post_processor": {
            "type": "TemplateProcessing",
            "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "[UNK]", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"[UNK]": {"id": "[UNK]", "ids": [1], "tokens": ["[UNK]"]}}
        }"#;
        let text = text.replace("\"post_processor\": null", end).replace("\"pad_id\": 0", "\"pad_id\": 1");
        let config = config.map(str::as_bytes);
        TextTower::read(fixture("text.onnx"), text.as_bytes(), None, config).unwrap()
    }

    #[test]
    fn the_end_of_a_text_is_there_once_unless_the_model_is_a_siglip() {
        let clip = tower(None);
        let (tokens, count) = clip.tokens("red").unwrap();
        assert_eq!((tokens.len(), count, tokens[1]), (16, 2, 1));
        assert!(tokens[2..].iter().all(|token| *token == 0), "{tokens:?}");
        let (tokens, _) = tower(Some(r#"{"model_type": "siglip"}"#)).tokens("red").unwrap();
        assert!(tokens[1..].iter().all(|token| *token == 1), "{tokens:?}");
        let (tokens, count) = clip.tokens(&"red ".repeat(30)).unwrap();
        assert_eq!((tokens.len(), count, tokens[15]), (16, 16, 1), "the end stays");
        let (tokens, _) = tower(Some(r#"{"text_config": {"pad_token_id": 7}}"#)).tokens("red").unwrap();
        assert_eq!(tokens[2], 7);
    }
}
