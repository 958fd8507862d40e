use mmm_facts::{Course, SectionKind};

/// An intro or an outro has less energy than its neighbour by more than this, or little energy at all.
const LESS_END: f64 = 0.1;
/// A break has less energy than both its neighbours by more than this, or little energy at all.
const LESS: f64 = 0.15;
/// Below this, energy is little.
const LITTLE: f64 = 0.3;
/// The longest intro, outro or break, as a share of the track.
const LONGEST: f64 = 0.3;
/// A peak's energy is within this distance of the strongest section.
const NEAR_TOP: f64 = 0.1;
/// If the strongest sections fill more than this share of the track, they are its body and there is no peak.
const MOST_PEAKS: f64 = 2.0 / 3.0;
/// A build rises by more than this from its first to its last quarter, in at most `RISE_BARS` bars.
const BUILD_RISE: f64 = 0.25;
const RISE_BARS: usize = 16;
/// A section of at most this many bars is also a build if it is one step of more than [`NEAR_TOP`] below the
/// top.
const STEP_BARS: usize = 8;
/// A rise or fall of more than this within a section counts as a course.
const COURSE_RISE: f64 = 0.15;

/// The function of a section, by the energy of its bars.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SectionRole {
    /// Mean of its bars, 0..=1.
    pub energy: f64,
    pub kind: SectionKind,
    pub course: Course,
}

/// Returns the roles of the sections from `starts` on, by the energy of the bars
/// ([`bar_energy`](super::bar_energy::bar_energy)).
pub fn roles(bar_energy: &[f64], starts: &[usize]) -> Vec<SectionRole> {
    let ends = starts.iter().skip(1).copied().chain([bar_energy.len()]);
    let parts: Vec<Part> =
        starts.iter().zip(ends).map(|(start, end)| Part::of(&bar_energy[*start..end])).collect();
    let is_flat = bar_energy.windows(2).all(|pair| pair[0] == pair[1]);
    let kinds = if is_flat { vec![SectionKind::Body; parts.len()] } else { Shape::of(&parts).kinds() };
    let role = |(part, kind): (&Part, SectionKind)| SectionRole {
        energy: part.energy,
        kind,
        course: course(kind, part.rise),
    };
    parts.iter().zip(kinds).map(role).collect()
}

/// Returns the course of energy in a section of this kind that rises by `rise`.
fn course(kind: SectionKind, rise: f64) -> Course {
    match kind {
        SectionKind::Peak => Course::Peak,
        SectionKind::Build => Course::Building,
        _ if rise > COURSE_RISE => Course::Building,
        _ if rise < -COURSE_RISE => Course::Dropping,
        _ => Course::Steady,
    }
}

/// The measurements of one section.
#[derive(Clone, Copy)]
struct Part {
    bars: usize,
    energy: f64,
    /// Energy of its last quarter minus that of its first.
    rise: f64,
}

impl Part {
    fn of(bars: &[f64]) -> Self {
        let quarter = (bars.len() / 4).max(1);
        let rise =
            if bars.len() < 4 { 0.0 } else { mean(&bars[bars.len() - quarter..]) - mean(&bars[..quarter]) };
        Self { bars: bars.len(), energy: mean(bars), rise }
    }
}

/// All sections of a track.
struct Shape<'a> {
    parts: &'a [Part],
    /// Bars of the track.
    bars: usize,
    /// The least energy of a peak; infinite if no section stands out.
    peak: f64,
    /// Energy of the strongest section.
    top: f64,
}

impl<'a> Shape<'a> {
    fn of(parts: &'a [Part]) -> Self {
        let bars = parts.iter().map(|part| part.bars).sum();
        let top = parts.iter().map(|part| part.energy).fold(0.0, f64::max);
        let high: usize =
            parts.iter().filter(|part| part.energy >= top - NEAR_TOP).map(|part| part.bars).sum();
        let stands_out = high as f64 <= MOST_PEAKS * bars as f64;
        Self { parts, bars, top, peak: if stands_out { top - NEAR_TOP } else { f64::INFINITY } }
    }

    fn kinds(&self) -> Vec<SectionKind> {
        let energies: Vec<(usize, f64)> = self.parts.iter().map(|part| (part.bars, part.energy)).collect();
        let intro = self.quiet_end(energies.iter().copied());
        let outro = self.parts.len() - self.quiet_end(energies.iter().rev().copied());
        let kind = |i: usize| match i {
            _ if i < intro => SectionKind::Intro,
            _ if i >= outro => SectionKind::Outro,
            _ if self.parts[i].energy >= self.peak => SectionKind::Peak,
            _ if self.is_build(i) => SectionKind::Build,
            _ if self.is_break(i) => SectionKind::Break,
            _ => SectionKind::Body,
        };
        (0..self.parts.len()).map(kind).collect()
    }

    /// Returns how many sections, given as (bars, energy) from one end of the track inwards, form its intro
    /// or outro: the first one if it has less energy, and those after it with little energy.
    fn quiet_end(&self, mut parts: impl Iterator<Item = (usize, f64)>) -> usize {
        let longest = LONGEST * self.bars as f64;
        let (Some((mut bars, first)), Some(mut next)) = (parts.next(), parts.next()) else {
            return 0;
        };
        if bars as f64 > longest || first >= LITTLE && next.1 - first <= LESS_END {
            return 0;
        }
        let mut count = 1;
        while next.1 < LITTLE && (bars + next.0) as f64 <= longest {
            (count, bars) = (count + 1, bars + next.0);
            next = parts.next().unwrap_or((self.bars, 1.0));
        }
        count
    }

    /// Whether the section rises to a stronger one, or is the last step before a section near the top.
    fn is_build(&self, i: usize) -> bool {
        let Part { bars, energy, rise } = self.parts[i];
        let Some(after) = self.parts.get(i + 1).map(|part| part.energy) else {
            return false;
        };
        let is_dip = i > 0 && self.parts[i - 1].energy - energy > LESS;
        let rises = bars <= RISE_BARS && rise > BUILD_RISE && after > energy;
        let is_step = bars <= STEP_BARS && !is_dip && after - energy > NEAR_TOP;
        rises || is_step && after >= self.top - NEAR_TOP
    }

    /// Whether the section is inside the music, and quieter than its neighbours or quiet overall.
    fn is_break(&self, i: usize) -> bool {
        let Part { bars, energy, .. } = self.parts[i];
        let (Some(before), Some(after)) = (i.checked_sub(1), self.parts.get(i + 1)) else {
            return false;
        };
        let is_dip = self.parts[before].energy.min(after.energy) - energy > LESS;
        bars as f64 <= LONGEST * self.bars as f64 && (is_dip || energy < LITTLE)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::form::bar_energy::bar_energy;
    use crate::audio::form::bar_features::Bar;

    fn bars(parts: &[(usize, f64)]) -> Vec<Bar> {
        let bar = |level: f64| Bar { level, low_level: level, flux: 0.1 * level, ..Bar::default() };
        parts.iter().flat_map(|(count, level)| vec![bar(*level); *count]).collect()
    }

    #[test]
    fn a_song_has_its_parts() {
        let parts = [(8, 0.2), (16, 0.5), (16, 0.8), (8, 0.3), (16, 0.8), (8, 0.1)];
        let roles = roles(&bar_energy(&bars(&parts)), &[0, 8, 24, 40, 48, 64]);
        use SectionKind::*;
        let kinds: Vec<SectionKind> = roles.iter().map(|role| role.kind).collect();
        assert_eq!(kinds, [Intro, Body, Peak, Break, Peak, Outro]);
        assert_eq!(roles[2].energy, roles[4].energy);
    }

    #[test]
    fn a_dip_before_the_top_is_a_break_and_quiet_ends_are_one() {
        let parts = [(4, 0.2), (4, 0.25), (24, 0.8), (8, 0.4), (24, 0.85), (16, 0.6), (4, 0.3), (4, 0.1)];
        let roles = roles(&bar_energy(&bars(&parts)), &[0, 4, 8, 32, 40, 64, 80, 84]);
        use SectionKind::*;
        let kinds: Vec<SectionKind> = roles.iter().map(|role| role.kind).collect();
        assert_eq!(kinds, [Intro, Intro, Body, Break, Peak, Body, Outro, Outro]);
    }

    #[test]
    fn what_fills_the_piece_is_no_peak() {
        let roles = roles(&bar_energy(&bars(&[(4, 0.2), (40, 0.8)])), &[0, 4]);
        assert_eq!((roles[0].kind, roles[1].kind), (SectionKind::Intro, SectionKind::Body));
    }

    #[test]
    fn a_riser_builds() {
        let ramp = (0..16).map(|i| (1, 0.2 + 0.04 * f64::from(i)));
        let parts: Vec<(usize, f64)> = [(32, 0.4)].into_iter().chain(ramp).chain([(16, 0.9)]).collect();
        let roles = roles(&bar_energy(&bars(&parts)), &[0, 32, 48]);
        assert_eq!((roles[1].kind, roles[1].course), (SectionKind::Build, Course::Building));
        assert_eq!((roles[2].kind, roles[2].course), (SectionKind::Peak, Course::Peak));
    }

    #[test]
    fn flat_music_has_no_shape() {
        let flat = roles(&bar_energy(&bars(&[(40, 0.5)])), &[0, 20]);
        assert!(flat.iter().all(|role| role.kind == SectionKind::Body && role.energy == 0.5));
        assert!(roles(&[], &[]).is_empty());
    }
}
