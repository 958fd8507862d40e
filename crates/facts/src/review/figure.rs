use std::fmt;

use mmm_base::{MediaPath, Rate, Time};

/// What is measured, and its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Measure {
    pub name: &'static str,
    /// Empty if the value has no unit.
    pub unit: &'static str,
}

/// The limit that a value is compared with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Limit {
    /// The value is only reported.
    None,
    Most(f64),
    Least(f64),
    Within(f64, f64),
}

/// A place in the movie where something was found.
#[derive(Clone, PartialEq, Debug)]
pub struct FigurePlace {
    /// Frame of the movie, from 0.
    pub frame: u32,
    pub time: Time,
    /// Number of the shot, from 1, and its source; `None` without a plan.
    pub shot: Option<(usize, MediaPath)>,
    /// What was found there.
    pub what: String,
}

/// The result of comparing a figure with its limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Passes,
    Fails,
    /// Measured, but without a limit.
    Reported,
    /// Not measured; the note says why.
    Unmeasured,
}

/// One figure of a movie.
#[derive(Clone, PartialEq, Debug)]
pub struct Figure {
    pub measure: Measure,
    /// To a thousandth; `None` if it was not measured.
    pub value: Option<f64>,
    pub limit: Limit,
    /// Why it was not measured, or other information.
    pub note: Option<String>,
    /// The worst places, the worst first, at most [`Figure::MOST_PLACES`].
    pub places: Vec<FigurePlace>,
}

impl Figure {
    /// Most places that a figure lists.
    pub const MOST_PLACES: usize = 5;

    /// Creates a figure with its value. A value that is not finite counts as not measured.
    pub fn measured(measure: Measure, value: f64, limit: Limit) -> Self {
        if !value.is_finite() {
            return Self::unmeasured(measure, "it came out as no number");
        }
        let value = Some((value * 1000.0).round() / 1000.0);
        Self { measure, value, limit, note: None, places: Vec::new() }
    }

    /// Creates a figure that could not be measured, with the reason.
    pub fn unmeasured(measure: Measure, why: impl Into<String>) -> Self {
        Self { measure, value: None, limit: Limit::None, note: Some(why.into()), places: Vec::new() }
    }

    /// Sets the note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Adds places; the worst must come first.
    pub fn at(mut self, places: impl IntoIterator<Item = FigurePlace>) -> Self {
        self.places.extend(places.into_iter().take(Self::MOST_PLACES));
        self
    }

    /// Compares the value with its limit.
    pub fn verdict(&self) -> Verdict {
        let Some(value) = self.value else { return Verdict::Unmeasured };
        let holds = match self.limit {
            Limit::None => return Verdict::Reported,
            Limit::Most(most) => value <= most,
            Limit::Least(least) => value >= least,
            Limit::Within(least, most) => (least..=most).contains(&value),
        };
        if holds { Verdict::Passes } else { Verdict::Fails }
    }

    /// Returns the value and its unit, such as `0.4 frames`; a dash if there is no value.
    pub fn words(&self) -> String {
        match self.value {
            Some(value) => format!("{value} {}", self.measure.unit).trim_end().to_owned(),
            None => "–".to_owned(),
        }
    }
}

impl FigurePlace {
    /// Creates a place at frame `frame` of a movie of `rate` frames per second.
    pub fn frame(frame: u32, rate: Rate, what: impl Into<String>) -> Self {
        Self { frame, time: rate.time_of(i64::from(frame)), shot: None, what: what.into() }
    }

    /// Creates a place at `time`.
    pub fn time(time: Time, rate: Rate, what: impl Into<String>) -> Self {
        let micros = i128::from(time.micros().max(0)) * i128::from(rate.0);
        let frame = (micros / (1_000_000 * i128::from(rate.1.max(1)))) as u32;
        Self { frame, time, shot: None, what: what.into() }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Most(most) => write!(f, "at most {most}"),
            Self::Least(least) => write!(f, "at least {least}"),
            Self::Within(least, most) => write!(f, "from {least} to {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURE: Measure = Measure { name: "loudness", unit: "LUFS" };

    #[test]
    fn a_value_is_compared_with_its_limit_and_nonsense_never_passes() {
        let verdict = |value, limit| Figure::measured(MEASURE, value, limit).verdict();
        assert_eq!(verdict(-14.5, Limit::Within(-14.5, -13.5)), Verdict::Passes);
        assert_eq!(verdict(-14.501, Limit::Within(-14.5, -13.5)), Verdict::Fails);
        assert_eq!(verdict(0.5004, Limit::Most(0.5)), Verdict::Passes, "to a thousandth");
        assert_eq!(verdict(9.9, Limit::Least(10.0)), Verdict::Fails);
        assert_eq!(verdict(9.9, Limit::None), Verdict::Reported);
        for nonsense in [f64::NAN, f64::NEG_INFINITY, f64::INFINITY] {
            assert_eq!(verdict(nonsense, Limit::Most(0.0)), Verdict::Unmeasured);
        }
    }

    #[test]
    fn figures_read_well() {
        let figure = Figure::measured(MEASURE, -14.12, Limit::Within(-14.5, -13.5));
        assert_eq!(
            (figure.words(), figure.limit.to_string()),
            ("-14.12 LUFS".into(), "from -14.5 to -13.5".into())
        );
        assert_eq!(FigurePlace::time(Time::from_millis(999), Rate(30, 1), "").frame, 29);
    }
}
