use super::black::frames_word;
use super::streams::NO_PLAN;
use super::view_of::view_of;
use mmm_base::{Rate, Time};
use mmm_facts::Wanted;
use mmm_facts::{Figure, FigurePlace, Limit, Measure};
use mmm_facts::{Move, PictureSource, TimelineShot, Window};

const FOCUS: Measure = Measure { name: "focus lost", unit: "shots" };

/// Counts photos whose focus point leaves the frame at either end of the shot's move. A move goes evenly from
/// one window to the other, so a point inside both is never outside.
pub(super) fn figure(rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(FOCUS, NO_PLAN) };
    let mut judged = 0;
    let mut lost = Vec::new();
    for shot in &wanted.timeline.shots {
        let focus = shot.shot.framing.focus;
        let focus = (focus.0.get(), focus.1.get());
        let Some(kept) = keeps(shot, focus, wanted) else { continue };
        judged += 1;
        if !kept {
            let what = format!("its focus leaves the frame within {}", frames_word(shot.frames));
            lost.push(FigurePlace::frame(shot.start, rate, what));
        }
    }
    if judged == 0 {
        return Figure::unmeasured(FOCUS, "no photo is shown");
    }
    Figure::measured(FOCUS, lost.len() as f64, Limit::Most(0.0)).at(lost)
}

/// Whether a photo's focus stays in the frame; `None` for clips.
fn keeps(shot: &TimelineShot, focus: (f64, f64), wanted: &Wanted) -> Option<bool> {
    let view = view_of(shot, wanted)?;
    let PictureSource::Photo(photo) = &view.picture else { return None };
    let unit = f64::from(Window::UNIT);
    let cropped = view.framing.window(Time::ZERO).unwrap_or(Window::WHOLE);
    let framed =
        |at: f64, start: i32, side: i32| (at * unit - f64::from(start)) / f64::from(side.max(1)) * unit;
    let point = (framed(focus.0, cropped.x, cropped.width), framed(focus.1, cropped.y, cropped.height));
    let Move { from, to } = photo.motion;
    // A move along the photo shows one thing after the other, and ends on its focus.
    Some((photo.glides || holds(&from, point)) && holds(&to, point))
}

/// Whether a point, in millionths, is inside a window, with a tolerance of a thousandth.
fn holds(window: &Window, point: (f64, f64)) -> bool {
    let inside = |at: f64, start: i32, side: i32| {
        (f64::from(start) - 1000.0..=f64::from(start + side) + 1000.0).contains(&at)
    };
    inside(point.0, window.x, window.width) && inside(point.1, window.y, window.height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_what_is_in_it() {
        let window = Window { x: 80_000, y: 0, width: 920_000, height: 920_000 };
        assert!(holds(&window, (80_000.0, 500_000.0)) && holds(&window, (1_000_000.0, 0.0)));
        assert!(!holds(&window, (50_000.0, 500_000.0)) && !holds(&window, (500_000.0, 990_000.0)));
    }
}
