//! Compares each model with another runtime, on patterns that any language makes alike.

use crate::net::{Net, Tensor};
use mmm_facts::Model;

fn pattern(height: usize, width: usize) -> Tensor {
    let value = |c: usize, y: usize, x: usize| ((7 * x + 13 * y + 29 * c + x * y) % 256) as f32;
    let rows = (0..3).flat_map(|c| (0..height).map(move |y| (c, y)));
    let values = rows.flat_map(|(c, y)| (0..width).map(move |x| value(c, y, x))).collect();
    Tensor::new(&[1, 3, height, width], values)
}

/// Compares the outputs of a model with those of ONNX Runtime: each value to a thousandth of the largest.
fn agrees(which: Model, input: (&str, &Tensor), fixture: &str) {
    let rows = fixture.lines().filter(|line| !line.starts_with('#'));
    let rows: Vec<Vec<&str>> = rows.map(|line| line.split('\t').collect()).collect();
    let mut names: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    names.dedup();
    let outputs = Net::get(which).unwrap().run(&[input], &names).unwrap();
    for (name, output) in names.iter().zip(&outputs) {
        let largest = output.values.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        for row in rows.iter().filter(|row| row[0] == *name) {
            let (at, wanted): (usize, f32) = (row[1].parse().unwrap(), row[2].parse().unwrap());
            let apart = (output.values[at] - wanted).abs();
            assert!(
                apart <= 1e-3 * largest + 1e-6,
                "{which:?} {name} {at}: {} for {wanted}",
                output.values[at]
            );
        }
    }
}

#[test]
fn models_of_pictures_agree_with_another_runtime() {
    let models: [(Model, (usize, usize), &str); 5] = [
        (Model::Tags, (224, 224), include_str!("../../../../models/fixtures/efficientnet-lite0.tsv")),
        (Model::Faces, (96, 128), include_str!("../../../../models/fixtures/centerface.tsv")),
        (Model::Landmarks, (256, 256), include_str!("../../../../models/fixtures/face-landmarks.tsv")),
        (Model::Objects, (416, 416), include_str!("../../../../models/fixtures/nanodet.tsv")),
        (Model::Subject, (96, 128), include_str!("../../../../models/fixtures/u2netp.tsv")),
    ];
    for (which, (height, width), fixture) in models {
        agrees(which, ("image", &pattern(height, width)), fixture);
    }
}

#[test]
fn expressions_agree_with_another_runtime() {
    let points = (0..478).flat_map(|i| [(37 * i % 256) as f32, (91 * i % 256) as f32, 0.0]);
    let points = Tensor::new(&[1, 478, 3], points.collect());
    let fixture = include_str!("../../../../models/fixtures/face-blendshapes.tsv");
    agrees(Model::Expressions, ("landmarks", &points), fixture);
}
