use crate::base::Digest;

/// The nets that there are; the order is that of `WEIGHTS`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum WhichNet {
    /// Beats and downbeats, 50 frames a second: `feat` [1, T, 272], `h0` and `c0` [2, 1, 150] (zeros at
    /// the start) to `act` [1, T, 3] (beat, downbeat, neither), `h` and `c` for the next frames.
    Beat1,
    /// The same from other training data.
    Beat2,
    /// The same from other training data again.
    Beat3,
    /// Speech, singing and music, 100 frames a second: `feat` [1, T, 80] to `probs` [1, T, 3].
    AudioEvents,
}

impl WhichNet {
    pub const ALL: [Self; 4] = [Self::Beat1, Self::Beat2, Self::Beat3, Self::AudioEvents];

    /// The digest of its weights.
    pub fn digest(self) -> Digest {
        self.weights().digest.parse().unwrap_or_else(|_| Digest::of(self.weights().bytes))
    }

    /// What the net is made of.
    pub fn weights(self) -> &'static Weights {
        &WEIGHTS[self as usize]
    }
}

/// A net in ONNX form, and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    pub name: &'static str,
    pub version: &'static str,
    /// SPDX identifier.
    pub licence: &'static str,
    /// Who is to be named with it.
    pub attribution: &'static str,
    /// BLAKE3 of `bytes`; belongs in the key of every action that runs the net.
    pub digest: &'static str,
    pub bytes: &'static [u8],
}

const BEATNET: &str = "Mojtaba Heydari, Frank Cwitkowitz, Zhiyao Duan: BeatNet: CRNN and Particle Filtering for \
    Online Joint Beat, Downbeat and Meter Tracking, ISMIR 2021; converted from PyTorch to ONNX";
const FIRERED: &str = "FireRedVAD team (FireRedTeam/FireRedVAD), unchanged";

/// Every net that is built in; models/LICENSES.md tells where each was taken from.
pub static WEIGHTS: [Weights; 4] = [
    Weights {
        name: "beatnet-1",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "cbcc76210502a1d572584a8e9bdf14cf0753989a7a12974d479cf14ef36b5e45",
        bytes: include_bytes!("../../models/beatnet-1.onnx"),
    },
    Weights {
        name: "beatnet-2",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "610683711758c7ec57bfcf9297c006c0e4e2a18206016f2ba3915e02f876189e",
        bytes: include_bytes!("../../models/beatnet-2.onnx"),
    },
    Weights {
        name: "beatnet-3",
        version: "1.1.3",
        licence: "CC-BY-4.0",
        attribution: BEATNET,
        digest: "008eb2d113d1c85f0787f9d5ac5cc44b6d19822a04ae4684263a3da21f407ea2",
        bytes: include_bytes!("../../models/beatnet-3.onnx"),
    },
    Weights {
        name: "fireredvad-aed",
        version: "1",
        licence: "Apache-2.0",
        attribution: FIRERED,
        digest: "408e77202f8dab098fec30123ae7c5e16d70f6661030d00d7595f9f7a1b945e0",
        bytes: include_bytes!("../../models/aed.onnx"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_net_is_the_one_that_is_named() {
        for which in WhichNet::ALL {
            let weights = which.weights();
            assert_eq!(Digest::of(weights.bytes).to_string(), weights.digest, "{}", weights.name);
        }
    }
}
