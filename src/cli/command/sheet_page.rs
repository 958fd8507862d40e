//! Writes media and what is known of them to one HTML file: a contact sheet.

use std::collections::BTreeMap;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::sheet::Judged;
use crate::cli::exit::Exit;
use crate::cli::format::{count, escaped};
use crate::cli::session::Session;
use mmm_base::Time;
use mmm_engine::{DrawnMoment, MomentFiles, MomentFrame, draw_moments};
use mmm_facts::{Facts, Sight, SubjectBox};
use mmm_lexicon::Thing;
use mmm_plan::{ClipWindow, best_window};
use mmm_spec::{Aspect, Fit};
use mmm_store::digest_file;

/// Objects that are less certain have no box on the page.
const CERTAIN: f64 = 0.5;
/// How much of a clip is shown around the middle of its best window, by the picture from its middle.
const AROUND: Time = Time::from_millis(200);

/// Draws the media, each whole in a wide frame; returns JPEGs by file. Media that can't be drawn are missing.
pub(super) fn pictures(media: &[Judged], session: &Session) -> Result<BTreeMap<PathBuf, Vec<u8>>, Exit> {
    let store = session.store()?;
    let mut files = MomentFiles::default();
    let mut moments = BTreeMap::new();
    for judged in media {
        let Ok(source) = digest_file(&judged.file, &session.cancel) else { continue };
        files.known.entry(source).or_default().push(judged.file.clone());
        let part = match &judged.facts {
            Facts::Clip(facts) => {
                let best = best_window(facts, ClipWindow::USUAL);
                let best = best.as_ref().map_or(Time::ZERO, ClipWindow::middle);
                Some(((best - AROUND).max(Time::ZERO), (best + AROUND).min(facts.picture.duration)))
            }
            _ => None,
        };
        let frame = MomentFrame { aspect: Aspect::Wide, fit: Fit::Fill, focus: None, move_for: None };
        moments.insert(judged.file.clone(), DrawnMoment { source, part, frame });
    }
    let mut wanted: Vec<DrawnMoment> = moments.values().cloned().collect();
    wanted.sort();
    wanted.dedup();
    let (means, printer) = (&session.config.means, &session.printer);
    let drawn = draw_moments(&wanted, &files, &store, means, &session.cancel, printer);
    let drawn = drawn.map_err(|stop| session.stopped(&stop, None))?;
    printer.done();
    Ok(moments.into_iter().filter_map(|(file, moment)| Some((file, drawn.get(&moment)?.clone()))).collect())
}

/// Returns the HTML page.
pub(super) fn page(media: &[Judged], query: Option<&str>, pictures: &BTreeMap<PathBuf, Vec<u8>>) -> String {
    let title = query.map_or_else(|| "Contact sheet".to_owned(), |query| format!("“{query}”"));
    let order = if query.is_some() { "the best match" } else { "the best" };
    let left = media.iter().filter(|judged| judged.better.is_some()).count();
    let figures: String = media.iter().map(|judged| figure(judged, pictures.get(&judged.file))).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{0} · mmm analyze</title>\n<style>\n{1}</style>\n<h1>{0}</h1>\n\
         <p class=\"told\">{2}, {order} first; {left} of them show the same as a better one and are pale. \
         Green boxes are faces, blue ones objects.</p>\n<main>\n{figures}</main>\n",
        escaped(&title),
        include_str!("sheet_page.css"),
        count(media.len(), "photo or clip").replace("photo or clips", "photos and clips"),
    )
}

fn figure(judged: &Judged, picture: Option<&Vec<u8>>) -> String {
    let image = match picture {
        Some(jpeg) => format!("<img alt=\"\" src=\"data:image/jpeg;base64,{}\">", STANDARD.encode(jpeg)),
        None => String::new(),
    };
    let boxes = match &judged.facts {
        Facts::Photo(facts) => facts.sight.as_deref().map_or_else(String::new, |sight| {
            let size =
                judged.probe.picture.as_ref().map_or((16, 9), |picture| (picture.width, picture.height));
            boxes(sight, size)
        }),
        _ => String::new(),
    };
    let class = if judged.better.is_some() { " class=\"left\"" } else { "" };
    let name = judged.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let line = |class: &str, text: String| {
        if text.is_empty() { text } else { format!("<div class=\"{class}\">{}</div>", escaped(&text)) }
    };
    format!(
        "<figure{class}><div class=\"frame\">{image}{boxes}</div><figcaption><meter value=\"{0:.2}\"></meter>\
         <strong>{0:.2}</strong>{1}{2}{3}{4}</figcaption></figure>\n",
        judged.rank(),
        escaped(&name),
        line("why", judged.because().join("; ")),
        line("shows", judged.shows()),
        line("look", look(&judged.facts)),
    )
}

/// Lists the measures of a picture.
fn look(facts: &Facts) -> String {
    let look = match facts {
        Facts::Photo(facts) => facts.look,
        Facts::Clip(facts) => facts.picture.look,
        Facts::Music(_) => return String::new(),
    };
    format!(
        "sharp {:.2}, exposure {:.2}, contrast {:.2}, colour {:.2}",
        look.sharpness.get(),
        look.exposure.get(),
        look.contrast.get(),
        look.colourfulness.get(),
    )
}

/// Draws boxes around faces and objects of a picture of this size that is shown whole in a wide frame.
fn boxes(sight: &Sight, (width, height): (u32, u32)) -> String {
    let aspect = f64::from(width.max(1)) / f64::from(height.max(1)) / (16.0 / 9.0);
    let (wide, tall) = (aspect.min(1.0), (1.0 / aspect).min(1.0));
    let place = |area: &SubjectBox| {
        let across = |x: f64| ((1.0 - wide) / 2.0 + x * wide) * 100.0;
        let down = |y: f64| ((1.0 - tall) / 2.0 + y * tall) * 100.0;
        let (left, top) = (across(area.x.get()), down(area.y.get()));
        let (right, bottom) = (across(area.right()), down(area.bottom()));
        format!("left:{left:.1}%;top:{top:.1}%;width:{:.1}%;height:{:.1}%", right - left, bottom - top)
    };
    let objects = sight.objects.iter().filter(|seen| seen.area.weight.get() >= CERTAIN).map(|seen| {
        let name = Thing::new(seen.kind.0).map_or("", Thing::name);
        format!("<i style=\"{}\"><b>{}</b></i>", place(&seen.area), escaped(name))
    });
    let faces = sight.faces.iter().map(|face| {
        let smile = face.smile.map(|smile| format!("smile {:.1}", smile.get()));
        let eyes = face.eyes_open.map(|open| format!("eyes {:.1}", open.get()));
        let said = smile.into_iter().chain(eyes).collect::<Vec<_>>().join(" ");
        let label = if said.is_empty() { said } else { format!("<b>{said}</b>") };
        format!("<i class=\"face\" style=\"{}\">{label}</i>", place(&face.area))
    });
    objects.chain(faces).collect()
}
