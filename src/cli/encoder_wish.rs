use mmm_base::diagnostics::{Code, Diagnostic};
use mmm_exec::MediaTools;
use mmm_facts::{Encoder, Encoders};
use mmm_spec::Codec;

/// The setting for the encoder of final movies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum EncoderWish {
    /// Software encoding, which gives the same bytes on every machine.
    #[default]
    Software,
    /// For each codec, the first hardware encoder of the machine that works.
    Auto,
    /// This encoder, for its codec.
    Named(Codec, Encoder),
}

impl EncoderWish {
    /// Parses `software`, `auto`, or libavcodec's name of an encoder.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        match text {
            "software" => Ok(Self::Software),
            "auto" => Ok(Self::Auto),
            name => {
                Encoder::of_name(name).map(|(codec, encoder)| Self::Named(codec, encoder)).ok_or_else(|| {
                    let hidden = if name.ends_with("_vaapi") {
                        ": VAAPI encodes only frames in GPU memory"
                    } else {
                        ""
                    };
                    let all =
                        Encoders::CODECS.map(|codec| Encoder::HARDWARE.map(|encoder| encoder.name(codec)));
                    let all: Vec<&str> = all.into_iter().flatten().flatten().collect();
                    let help = format!("write `software`, `auto`, or one of `{}`", all.join("`, `"));
                    Diagnostic::error(
                        Code::CONFIG_ENCODER,
                        format!("the encoder `{name}` is not supported{hidden}"),
                    )
                    .help(help)
                })
            }
        }
    }

    /// Returns the encoder of each codec on this machine. Tests encoders only if the setting needs hardware.
    ///
    /// # Errors
    /// If the named encoder does not work.
    pub fn encoders(self, tools: &dyn MediaTools) -> Result<Encoders, Diagnostic> {
        let mut encoders = Encoders::default();
        match self {
            Self::Software | Self::Named(_, Encoder::Software) => {}
            Self::Auto => {
                for codec in Encoders::CODECS {
                    let works = |encoder: &Encoder| tools.try_encoder(*encoder, codec).is_ok();
                    let found = Encoder::HARDWARE.into_iter().find(works);
                    encoders = encoders.with(codec, found.unwrap_or_default());
                }
            }
            Self::Named(codec, encoder) => {
                tools.try_encoder(encoder, codec).map_err(|reason| {
                    let name = encoder.name(codec).unwrap_or_default();
                    let message = format!("the encoder `{name}` can't be used on this machine: {reason}");
                    let help = "use `auto` for the first encoder that works, or `software`; run `mmm doctor`";
                    Diagnostic::error(Code::CONFIG_ENCODER, message).help(help)
                })?;
                encoders = encoders.with(codec, encoder);
            }
        }
        Ok(encoders)
    }

    /// Returns the setting in its written form.
    pub fn text(self) -> &'static str {
        match self {
            Self::Software => "software",
            Self::Auto => "auto",
            Self::Named(codec, encoder) => encoder.name(codec).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_libavs_and_software_by_name_is_software() {
        assert_eq!(EncoderWish::parse("auto").unwrap(), EncoderWish::Auto);
        let named = EncoderWish::parse("hevc_qsv").unwrap();
        assert_eq!(named, EncoderWish::Named(Codec::Hevc, Encoder::Qsv));
        assert_eq!(
            EncoderWish::parse("libx264").unwrap().encoders(&mmm_worker::LocalWorker::default()).unwrap(),
            Encoders::default()
        );
        for text in ["", "nvenc", "h264_vaapi", "mpeg4"] {
            assert_eq!(EncoderWish::parse(text).unwrap_err().code, Code::CONFIG_ENCODER, "{text}");
        }
    }
}
