use super::streams::NO_PLAN;
use mmm_base::Rate;
use mmm_facts::{Figure, FigurePlace, FramingReason, Limit, Measure, Wanted};

const BARS: Measure = Measure { name: "blurred bars", unit: "shots" };

/// Counts the shots whose picture stands between blurred bars although the spec doesn't ask for that.
pub(super) fn figure(rate: Rate, wanted: Option<&Wanted>) -> Figure {
    let Some(wanted) = wanted else { return Figure::unmeasured(BARS, NO_PLAN) };
    let shots = wanted.timeline.shots.iter();
    let places: Vec<FigurePlace> = shots
        .filter_map(|shot| match shot.shot.reason.framing {
            Some(FramingReason::Bars { cause }) => {
                Some(FigurePlace::frame(shot.start, rate, cause.to_string()))
            }
            _ => None,
        })
        .collect();
    Figure::measured(BARS, places.len() as f64, Limit::None).at(places)
}
