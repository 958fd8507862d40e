//! Frames of a finished movie against the same frames as another program makes them of the sources, by a
//! measure of how alike people find two pictures: SSIMULACRA2, on which 70 is high quality and 90 can't be
//! told from the original at a normal distance.

use ssimulacra2::{ColorPrimaries, Rgb, TransferCharacteristic, compute_frame_ssimulacra2};

use crate::space::{Space, probe, stream};
use crate::tools::tool;

const WIDTH: usize = 1920;
const HEIGHT: usize = 1080;

/// One frame in sRGB, by ffmpeg.
fn frame(space: &Space, file: &str, filter: &str) -> Rgb {
    let output = tool("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(space.path(file))
        .args(["-vf", filter, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let part = |sample: u8| f32::from(sample) / 255.0;
    let pixels: Vec<[f32; 3]> =
        output.stdout.as_chunks::<3>().0.iter().map(|pixel| pixel.map(part)).collect();
    Rgb::new(pixels, WIDTH, HEIGHT, TransferCharacteristic::SRGB, ColorPrimaries::BT709).unwrap()
}

/// How alike frame `index` of the movie and a frame of a source are.
fn alike(space: &Space, index: usize, source: &str, filter: &str) -> f64 {
    let shown =
        format!("select=eq(n\\,{index}),scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int");
    compute_frame_ssimulacra2(frame(space, source, filter), frame(space, "movie.mp4", &shown)).unwrap()
}

const COVER: &str = "scale=1920:1080:force_original_aspect_ratio=increase:flags=bicubic,crop=1920:1080";
/// 533 by 800 pixels, as high as the frame, in its middle on even pixels.
const INSIDE: &str = "scale=718:1080:flags=bicubic,pad=1920:1080:600:0";

fn still_movie(space: &Space, file: &str, fit: &str) {
    space.movie(&format!(
        "media:\n  - {{path: {file}, focus: [0.5, 0.5]}}\nduration: 1s\n\
         style: {{photos: still, fit: {fit}, titles: off, transitions: cut}}\n"
    ));
    space.run(&["build"]).expect_success();
    assert_eq!(stream(&probe(&space.path("movie.mp4")), "video")["nb_frames"], "30");
}

#[test]
fn photos_look_as_another_program_scales_them() {
    for (photo, fit, filter) in
        [("hill.jpg", "crop", COVER), ("bee.jpg", "crop", COVER), ("dogs.jpg", "contain", INSIDE)]
    {
        let space = Space::new();
        space.take(&format!("photos/{photo}"), photo);
        still_movie(&space, photo, fit);
        for index in [3, 20] {
            let alike = alike(&space, index, photo, filter);
            assert!(alike > 70.0, "{photo}, frame {index}: {alike:.1}");
        }
    }
}

#[test]
fn clips_look_as_another_program_scales_them() {
    let space = Space::new();
    space.take("clips/rabbit.mp4", "rabbit.mp4");
    space.movie(
        "media:\n  - {path: rabbit.mp4, in: 0s, out: 1s, sound: mute}\nduration: 1s\nrate: 30\n\
         style: {fit: crop, titles: off, transitions: cut}\n",
    );
    space.run(&["build"]).expect_success();
    // Frame 15 of the movie is half a second into the clip.
    let filter = format!("select=gte(t\\,0.499),{COVER}");
    let alike = alike(&space, 15, "rabbit.mp4", &filter);
    // 69.6 when it was set; a clip that moves loses more to the encoder than a photo that stands.
    assert!(alike > 65.0, "{alike:.1}");
}
