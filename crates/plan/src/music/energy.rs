use super::pace;
use super::soundtrack::Cue;
use mmm_base::Time;

/// The energy of the music along the movie. It does not depend on where cuts may fall, so a shot has the same
/// energy whichever grid it was planned on.
pub(super) struct Energy {
    /// Sums of the energy of the steps before each, as it is and relative to the rest of the movie.
    raw: Vec<f64>,
    relative: Vec<f64>,
}

/// The distance between two values.
const STEP: Time = Time::from_millis(100);
/// The energy at a time is heard from this long before to this long after it: about four beats.
const HEARD: (Time, Time) = (Time::from_millis(750), Time::from_millis(1250));

impl Energy {
    /// Computes the energy of a movie of `length`. After the end of the music, its last energy continues;
    /// without music it is ½ everywhere.
    pub fn of(cues: &[Cue], length: Time) -> Self {
        let steps = (length.micros() + STEP.micros() - 1) / STEP.micros();
        let mut raw: Vec<f64> = Vec::with_capacity(steps as usize);
        let mut cues_ahead = cues.iter().peekable();
        for step in 0..steps {
            let (start, end) = (at(step), at(step + 1));
            while cues_ahead.next_if(|cue| cue.end() <= start).is_some() {}
            let cue = cues_ahead.peek().filter(|cue| cue.start <= start);
            let here = cue.map(|cue| {
                let from = cue.from + (start - cue.start);
                cue.facts.form.energy.mean(from, from + (end.min(cue.end()) - start)).get()
            });
            raw.push(here.unwrap_or_else(|| last(&raw)));
        }
        let relative = match cues {
            [] => vec![0.5; raw.len()],
            _ => pace::normalised(&smooth(&raw)),
        };
        Self { raw: sums(&raw), relative: sums(&relative) }
    }

    /// Returns the mean energy between two times of the movie, 0..=1.
    pub fn raw(&self, from: Time, to: Time) -> f64 {
        mean(&self.raw, from, to)
    }

    /// Returns the mean energy between two times relative to the rest of the movie, 0..=1.
    pub fn relative(&self, from: Time, to: Time) -> f64 {
        mean(&self.relative, from, to)
    }
}

fn at(step: i64) -> Time {
    Time::from_micros(step * STEP.micros())
}

/// Returns the energy of the last second so far, ½ if there is none.
fn last(raw: &[f64]) -> f64 {
    let heard = &raw[raw.len().saturating_sub(10)..];
    if heard.is_empty() { 0.5 } else { heard.iter().sum::<f64>() / heard.len() as f64 }
}

fn smooth(raw: &[f64]) -> Vec<f64> {
    let sums = sums(raw);
    (0..raw.len() as i64).map(|step| mean(&sums, at(step) - HEARD.0, at(step) + HEARD.1)).collect()
}

fn sums(values: &[f64]) -> Vec<f64> {
    let sum = |sum: &mut f64, value: &f64| {
        *sum += value;
        Some(*sum)
    };
    std::iter::once(0.0).chain(values.iter().scan(0.0, sum)).collect()
}

/// Returns the mean from `from` to `to` of values whose sums are given, as far as there are any.
fn mean(sums: &[f64], from: Time, to: Time) -> f64 {
    let last = (sums.len() - 1) as f64;
    let place = |time: Time| (time.secs() / STEP.secs()).clamp(0.0, last);
    let sum = |place: f64| {
        let whole = place.floor();
        let next = (whole as usize + 1).min(sums.len() - 1);
        let below = sums[whole as usize];
        below + (sums[next] - below) * (place - whole)
    };
    let (from, to) = (place(from), place(to));
    if to <= from { 0.5 } else { (sum(to) - sum(from)) / (to - from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_takes_parts_of_steps() {
        let sums = sums(&[0.0, 1.0, 0.5]);
        let mean = |from, to| mean(&sums, Time::from_millis(from), Time::from_millis(to));
        assert_eq!(mean(0, 200), 0.5);
        assert!((mean(50, 150) - 0.5).abs() < 1e-12);
        assert!((mean(100, 900) - 0.75).abs() < 1e-12, "as far as there are any");
        assert_eq!(mean(100, 100), 0.5);
    }

    #[test]
    fn without_music_the_energy_is_a_half() {
        let energy = Energy::of(&[], Time::from_secs(3));
        assert_eq!(energy.raw(Time::ZERO, Time::from_secs(3)), 0.5);
        assert_eq!(energy.relative(Time::from_secs(1), Time::from_secs(2)), 0.5);
    }
}
