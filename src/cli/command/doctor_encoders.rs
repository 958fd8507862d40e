use serde_json::{Value, json};

use crate::cli::encoder_wish::EncoderWish;
use crate::cli::session::Session;
use mmm_exec::MediaTools;
use mmm_facts::Encoder;
use mmm_spec::Codec;

/// The encoder of a codec on this machine, and why it was chosen.
pub(super) struct Encoding {
    codec: Codec,
    chosen: Encoder,
    because: String,
    /// Every hardware encoder for the codec, and why it can't be used; `None` if it works.
    tried: Vec<(&'static str, Option<String>)>,
}

impl Encoding {
    /// Tests every hardware encoder for `codec`.
    pub fn of(codec: Codec, wish: EncoderWish, tools: &dyn MediaTools) -> Self {
        let hardware = Encoder::HARDWARE.into_iter();
        let named = hardware.filter_map(|encoder| Some((encoder, encoder.name(codec)?)));
        let all: Vec<(Encoder, &'static str, Option<String>)> =
            named.map(|(encoder, name)| (encoder, name, tools.try_encoder(encoder, codec).err())).collect();
        let (chosen, because) = match wish {
            EncoderWish::Auto => match all.iter().find(|(_, _, trouble)| trouble.is_none()) {
                Some((encoder, ..)) => (*encoder, "the first one that works".to_owned()),
                None => (Encoder::Software, "no hardware encoder works".to_owned()),
            },
            EncoderWish::Named(of, encoder) if of == codec && !encoder.is_software() => {
                let trouble = all
                    .iter()
                    .find(|(other, ..)| *other == encoder)
                    .and_then(|(.., trouble)| trouble.clone());
                let because =
                    trouble.map_or("as set".to_owned(), |why| format!("as set; it does not work: {why}"));
                (encoder, because)
            }
            EncoderWish::Software | EncoderWish::Named(..) => (Encoder::Software, "as set".to_owned()),
        };
        let tried = all.into_iter().map(|(_, name, trouble)| (name, trouble)).collect();
        Self { codec, chosen, because, tried }
    }

    fn name(&self) -> &'static str {
        self.chosen.name(self.codec).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        let tried = self
            .tried
            .iter()
            .map(|(name, trouble)| json!({"name": name, "works": trouble.is_none(), "reason": trouble}));
        json!({
            "codec": self.codec,
            "chosen": self.name(),
            "because": self.because,
            "tried": tried.collect::<Vec<Value>>(),
        })
    }

    /// Prints the result for people.
    pub fn say(&self, session: &Session) {
        let codec = json!(self.codec);
        let codec = codec.as_str().unwrap_or_default();
        session.printer.say(&format!("  {codec:<14} encoded by {}: {}", self.name(), self.because));
        for (name, trouble) in &self.tried {
            let trouble = trouble.as_deref().unwrap_or("works");
            session.printer.say(&format!("    {name:<18} {trouble}"));
        }
    }
}
