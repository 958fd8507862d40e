use mmm_facts::Model;

/// Returns the weights of a built-in model, in ONNX form.
pub(super) fn weights(model: Model) -> &'static [u8] {
    match model {
        Model::Beat1 => include_bytes!("../../../../models/beatnet-1.onnx"),
        Model::Beat2 => include_bytes!("../../../../models/beatnet-2.onnx"),
        Model::Beat3 => include_bytes!("../../../../models/beatnet-3.onnx"),
        Model::AudioEvents => include_bytes!("../../../../models/aed.onnx"),
        Model::Tags => include_bytes!("../../../../models/efficientnet-lite0.onnx"),
        Model::Faces => include_bytes!("../../../../models/centerface.onnx"),
        Model::Landmarks => include_bytes!("../../../../models/face-landmarks.onnx"),
        Model::Expressions => include_bytes!("../../../../models/face-blendshapes.onnx"),
        Model::Objects => include_bytes!("../../../../models/nanodet.onnx"),
        Model::Subject => include_bytes!("../../../../models/u2netp.onnx"),
    }
}

#[cfg(test)]
mod tests {
    use mmm_base::Digest;

    use super::*;

    #[test]
    fn the_digest_of_a_model_is_that_of_its_weights() {
        for model in Model::ALL {
            assert_eq!(model.digest(), Digest::of(weights(model)), "{}", model.info().name);
        }
    }
}
