//! Pools of so many photos that models look only at those that cheap measures leave in the running.

use crate::space::Space;

/// Photos that differ in their colours and shapes, a minute apart.
fn photos(space: &Space, indices: std::ops::Range<u32>) {
    for index in indices {
        let mix =
            |x: u32, y: u32| (x * 7919 + y * 104_729 + index * 1_299_709).wrapping_mul(2_654_435_761) >> 16;
        let picture = image::RgbImage::from_fn(640, 480, |x, y| {
            let cell = mix(x / 80, y / 60);
            let shade = (x + y) as u8 / 16;
            image::Rgb([0, 5, 10].map(|shift| 40 + (cell >> shift & 31) as u8 * 5 + shade))
        });
        let (hour, minute) = (8 + index / 60, index % 60);
        let mut png = std::io::Cursor::new(Vec::new());
        image::DynamicImage::from(picture).write_to(&mut png, image::ImageFormat::Png).unwrap();
        space.write(&format!("photos/IMG_20240608_{hour:02}{minute:02}00.png"), png.into_inner());
    }
}

#[test]
fn models_look_at_a_shortlist_of_a_large_pool() {
    let space = Space::new();
    photos(&space, 0..320);
    space.movie(
        "media:\n  - photos/\n  - {path: photos/IMG_20240608_083000.png, required: true}\nduration: 6s\n",
    );
    let ran = space.run(&["plan", "--json"]).expect_success();
    let made = ran.actions();
    let plan = ran.events().pop().unwrap();
    let left = plan["left_out"].as_array().unwrap();
    let passed: Vec<&str> = (left.iter())
        .filter(|left| left["reason"].as_str().is_some_and(|why| why.contains("not looked at by models")))
        .map(|left| left["source"].as_str().unwrap())
        .collect();
    let shots = plan["shots"].as_array().unwrap();
    assert!((1..=120).contains(&passed.len()), "{} of 320 were passed over", passed.len());
    assert!((320 - passed.len()) >= 10 * shots.len(), "{} shots", shots.len());
    assert!(shots.iter().all(|shot| !passed.contains(&shot["source"].as_str().unwrap())));
    assert!(shots.iter().any(|shot| shot["source"] == "photos/IMG_20240608_083000.png"));
    // Each is measured at a glance, and only those in the running are looked at.
    assert_eq!(made["photo-facts"], 320 + 320 - passed.len(), "{made:?}");
    // The text counts them, and names them only if asked.
    let text = space.run(&["plan"]).expect_success().stdout;
    assert!(text.contains(&format!("{} others were not looked at by models", passed.len())), "{text}");
    assert!(
        !text.contains(passed[0]) && space.run(&["plan", "-v"]).expect_success().stdout.contains(passed[0])
    );
    // A photo more changes little: nothing is measured again, and hardly any other comes into the running.
    photos(&space, 320..321);
    let again = space.run(&["plan", "--json"]).expect_success().actions();
    assert!((1..=40).contains(&again["photo-facts"]), "{again:?}");
    // Without models, there is nothing to spare.
    let plain = space.last_event(&["plan", "--no-models", "--json"]);
    assert!(!plain.to_string().contains("not looked at"), "{plain}");
}
