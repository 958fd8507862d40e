//! Tests that every model runs and that wrong use returns errors. Their accuracy is compared with another
//! runtime in the modules that use them.

use super::*;
use mmm_facts::Model;

#[test]
fn every_net_runs_and_gives_shares() {
    let (features, state) = (Tensor::zeros(&[1, 20, 272]), Tensor::zeros(&[2, 1, 150]));
    for which in [Model::Beat1, Model::Beat2, Model::Beat3] {
        let inputs = [("feat", &features), ("h0", &state), ("c0", &state)];
        let out = Net::get(which).unwrap().run(&inputs, &["act", "h", "c"]).unwrap();
        assert_eq!([&out[0].shape[..], &out[1].shape[..]], [&[1, 20, 3][..], &[2, 1, 150][..]]);
        assert!(out[0].values.chunks(3).all(|share| (share.iter().sum::<f32>() - 1.0).abs() < 1e-5));
    }
}

#[test]
fn wrong_names_and_shapes_are_errors() {
    let net = Net::get(Model::Beat1).unwrap();
    let state = Tensor::zeros(&[2, 1, 150]);
    let run = |name: &str, feat: &Tensor| net.run(&[(name, feat), ("h0", &state), ("c0", &state)], &["act"]);
    let whole = Tensor::zeros(&[1, 2, 272]);
    assert!(matches!(run("features", &whole), Err(ModelError::UnknownName { .. })));
    let torn = Tensor::new(&[1, 2, 272], vec![0.0; 10]);
    assert!(matches!(run("feat", &torn), Err(ModelError::Shape { .. })));
    assert!(matches!(run("feat", &Tensor::zeros(&[1, 2, 5])), Err(ModelError::Run { .. })));
}
