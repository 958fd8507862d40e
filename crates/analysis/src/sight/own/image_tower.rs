use mmm_facts::Embedding;

use super::embed::{embedding, embedding_output};
use super::pair_config::{MOST_SIDE, PairConfig};
use super::preprocessing::Preprocessing;
use crate::RgbView;
use crate::net::{ModelError, Net, Port};

/// The names of the output in common exports.
const OUTPUTS: [&str; 8] = [
    "image_embeds",
    "image_embedding",
    "image_embeddings",
    "image_features",
    "embedding",
    "embeddings",
    "pooler_output",
    "output",
];

/// The model of a pair that looks at pictures.
pub struct ImageTower {
    net: Net,
    input: String,
    output: String,
    preprocessing: Preprocessing,
}

impl ImageTower {
    /// Loads the model from its bytes in ONNX form. `preprocessing` and `config` are the contents of
    /// preprocessor_config.json and config.json, if they are there.
    ///
    /// # Errors
    /// If the model can't be read or has other inputs and outputs, or if a file of settings is wrong.
    pub fn read(
        model: Vec<u8>,
        preprocessing: Option<&[u8]>,
        config: Option<&[u8]>,
    ) -> Result<Self, ModelError> {
        let config = PairConfig::read(config)?;
        let mut preprocessing = Preprocessing::read(preprocessing, &config)?;
        let net = Net::read("for pictures", model)?;
        let input = picture_input(&net)?;
        let own = (input.fixed(2), input.fixed(3));
        preprocessing.resize((own.0.unwrap_or(preprocessing.size.0), own.1.unwrap_or(preprocessing.size.1)));
        let output = embedding_output(&net, &OUTPUTS)?;
        Ok(Self { net, input: input.name, output, preprocessing })
    }

    /// Returns the pixels of the longer side that it sees.
    pub fn side(&self) -> usize {
        self.preprocessing.size.0.max(self.preprocessing.size.1)
    }

    /// Returns the embedding of a picture.
    ///
    /// # Errors
    /// If the model fails or gives no embedding.
    pub fn embed(&self, picture: &RgbView) -> Result<Embedding, ModelError> {
        let tensor = self.preprocessing.tensor(picture);
        let given = self.net.run(&[(self.input.as_str(), &tensor)], &[self.output.as_str()])?;
        embedding(&self.net, &given)
    }
}

/// Returns the input for pictures, the only one.
fn picture_input(net: &Net) -> Result<Port, ModelError> {
    let inputs = net.inputs();
    let fits = |port: &Port| {
        let may_be = |dimension: usize, length: usize| port.fixed(dimension).is_none_or(|own| own == length);
        let side =
            |dimension: usize| port.fixed(dimension).is_none_or(|side| (1..=MOST_SIDE).contains(&side));
        let is_picture = port.rank().is_none_or(|rank| rank == 4) && may_be(0, 1) && may_be(1, 3);
        is_picture && side(2) && side(3) && port.is_whole != Some(true)
    };
    match inputs.as_slice() {
        [port] if fits(port) => Ok(port.clone()),
        _ => Err(net.other_form("inputs", &inputs, "one input [1, 3, height, width] such as `pixel_values`")),
    }
}
