use mmm_base::{MediaPath, Time};
use mmm_facts::{Conflict, Facts, Material, Medium, PictureHash, Shortage, WayOut};
use mmm_spec::{CutOn, Length};

/// The bounds of `constraints.shot`.
const SHOT: (Time, Time) = (Time::from_millis(100), Time::from_secs(600));
/// The range of shots if the spec sets none.
const USUAL: (Time, Time) = (Time::from_millis(500), Time::from_secs(8));
/// The highest value of `constraints.repeats`.
const MOST_REPEATS: i64 = 100;
/// A longer shot, or more media, are not worth proposing.
const LONGEST: Time = Time::from_secs(120);
const MOST_MEDIA: i64 = 1000;
/// How many required media are tried as optional ones.
const OPTIONAL: usize = 8;
/// The shortest `duration` that a spec can set.
const LEAST: Time = Time::from_secs(1);
/// The step between the lengths that are proposed.
const TENTH: Time = Time::from_millis(100);

/// Returns a conflict with the changes that resolve it: for each kind of change, the smallest of those tried
/// after which a plan `exists`.
pub(super) fn ways_out(material: &Material, conflict: Conflict, exists: fn(&Material) -> bool) -> Conflict {
    let mut trial = Trial { material: Material { kept: None, ..material.clone() }, exists };
    let ways: Vec<Option<WayOut>> = match &conflict {
        Conflict::TooLittle(shortage) => trial.of_too_little(shortage),
        Conflict::TooMuchRequired { rules, needed, wanted, for_people, .. } => {
            let each = wanted.scale(1, (rules.len() + for_people).max(1) as i64);
            vec![trial.length(longer(*needed)), trial.shot(&trial.shorter(each))]
        }
        Conflict::ShorterThanAShot { wanted, shortest, .. } => {
            vec![trial.length(longer(*shortest)), trial.shot(&trial.shorter(*wanted))]
        }
        Conflict::AllTooShort { longest, .. } => {
            vec![trial.shot(&trial.shorter(*longest)), trial.media(1)]
        }
        Conflict::NoCuts { wanted, spacing, .. } => trial.of_no_cuts(*wanted, *spacing),
        _ => Vec::new(),
    };
    let mut ways: Vec<WayOut> = ways.into_iter().flatten().collect();
    if ways.is_empty() {
        ways.extend(trial.free(true));
    }
    if ways.is_empty() {
        ways.extend(trial.optional());
    }
    if ways.is_empty() {
        ways.extend(trial.any_shot());
    }
    conflict.with_ways(ways)
}

/// A material with one thing changed at a time.
struct Trial {
    material: Material,
    exists: fn(&Material) -> bool,
}

impl Trial {
    fn of_too_little(&mut self, shortage: &Shortage) -> Vec<Option<WayOut>> {
        let Shortage { wanted, filled, usable, longest, repeats, .. } = *shortage;
        let lacking = (wanted - filled).micros().max(1);
        let turns = i64::from(repeats) + 1;
        let each = longest.micros().max(1) * turns;
        let once = (filled.micros() / turns).max(1);
        let needed = Time::from_micros(wanted.micros() / usable.max(1) as i64 / turns);
        let (shortest, most) = self.range();
        let wider: Vec<(Time, Time)> =
            [needed, needed + TENTH + TENTH, needed.scale(5, 4), needed.scale(2, 1)]
                .into_iter()
                .map(|longest| (shortest, up(longest)))
                .filter(|(_, longest)| *longest > most && *longest <= LONGEST)
                .collect();
        // Where cuts are far apart, as on downbeats, no medium may fit twice.
        let all = [1.0, 0.97, 0.9, 0.75, 0.4].map(|share| down(scaled(filled, share)));
        let shown_once = (0..10).map(|step| down(scaled(Time::from_micros(once), 0.85_f64.powi(step))));
        let lengths = all.into_iter().chain(shown_once);
        vec![
            self.length(lengths),
            self.media((lacking + each - 1) / each),
            self.repeats((wanted.micros() - 1) / once, repeats),
            self.shot(&wider),
        ]
    }

    fn of_no_cuts(&mut self, wanted: Time, spacing: Option<Time>) -> Vec<Option<WayOut>> {
        let (shortest, longest) = self.range();
        let (most, fewest) = (wanted.micros() / shortest.micros().max(1), wanted.micros() / longest.micros());
        // The lengths of whole shots around the wanted one, the nearest first.
        let mut near = [longest.scale(fewest, 1), shortest.scale(fewest + 1, 1), shortest.scale(most, 1)];
        near.sort_by_key(|length| (*length - wanted).micros().abs());
        let step = spacing.unwrap_or(TENTH);
        let ranges = [
            (shortest, wanted.scale(1, most.max(1))),
            (wanted.scale(1, fewest + 1), longest),
            (shortest, longest + step),
            (shortest - step, longest),
            (shortest - step, longest + step),
            (shortest, longest.max(step + step)),
            (shortest.scale(1, 2), longest.scale(2, 1)),
        ];
        let wider: Vec<(Time, Time)> = ranges
            .into_iter()
            .map(|(min, max)| (down(min).max(SHOT.0), up(max).min(SHOT.1)))
            .filter(|(min, max)| *min <= shortest && *max >= longest && (*min, *max) != (shortest, longest))
            .collect();
        vec![self.free(spacing.is_some()), self.shot(&wider), self.length(near)]
    }

    fn range(&self) -> (Time, Time) {
        self.material.settings.constraints.shot.unwrap_or(USUAL)
    }

    /// Returns ranges that begin with at most `shortest`.
    fn shorter(&self, shortest: Time) -> Vec<(Time, Time)> {
        let (min, max) = self.range();
        let shares = [1.0, 0.8, 0.5, 0.25].map(|share| down(scaled(shortest, share)));
        shares.into_iter().filter(|least| *least < min).map(|least| (least, max)).collect()
    }

    fn works(&self) -> bool {
        (self.exists)(&self.material)
    }

    fn length(&mut self, lengths: impl IntoIterator<Item = Time>) -> Option<WayOut> {
        let before = self.material.settings.duration;
        let works = |length: &Time| {
            self.material.settings.duration = Length::Exact(*length);
            *length >= LEAST && self.works()
        };
        let found = lengths.into_iter().find(works).map(|length| WayOut::Duration { length });
        self.material.settings.duration = before;
        found
    }

    fn shot(&mut self, ranges: &[(Time, Time)]) -> Option<WayOut> {
        let before = self.material.settings.constraints.shot;
        let works = |range: &&(Time, Time)| {
            self.material.settings.constraints.shot = Some(**range);
            SHOT.0 <= range.0 && range.0 <= range.1 && range.1 <= SHOT.1 && self.works()
        };
        let found = ranges.iter().find(works);
        self.material.settings.constraints.shot = before;
        found.map(|&(shortest, longest)| WayOut::Shot { shortest, longest })
    }

    fn repeats(&mut self, least: i64, now: u32) -> Option<WayOut> {
        let least = least.max(i64::from(now) + 1);
        let counts = [least, least + 1, least + 2, least * 3 / 2 + 3];
        let works = |count: &u32| {
            self.material.settings.constraints.repeats = *count;
            self.works()
        };
        let counts = counts.into_iter().filter(|count| *count <= MOST_REPEATS);
        let found = counts.filter_map(|count| u32::try_from(count).ok()).find(works);
        self.material.settings.constraints.repeats = now;
        found.map(|repeats| WayOut::Repeats { repeats })
    }

    fn media(&mut self, least: i64) -> Option<WayOut> {
        let present = self.material.media.len();
        let like = example(&self.material.media)?;
        let counts = [least, least + 1, least + 2, least * 5 / 4 + 3, least * 2 + 4];
        let works = |count: &usize| {
            self.material.media.extend((present..*count + present).map(|number| another(&like, number)));
            let works = self.works();
            self.material.media.truncate(present);
            works
        };
        let counts = counts.into_iter().filter(|count| *count <= MOST_MEDIA);
        let found = counts.filter_map(|count| usize::try_from(count).ok()).find(works);
        found.map(|count| WayOut::MoreMedia { count })
    }

    fn free(&mut self, on_beats: bool) -> Option<WayOut> {
        let before = std::mem::replace(&mut self.material.settings.constraints.cut_on, CutOn::Free);
        let found = (on_beats && before != CutOn::Free && self.works()).then_some(WayOut::Free);
        self.material.settings.constraints.cut_on = before;
        found
    }

    /// Returns the first required medium without which a plan exists.
    fn optional(&mut self) -> Option<WayOut> {
        let is_required = |medium: &Medium| medium.known.required || medium.known.role.is_some();
        let media = &self.material.media;
        let required: Vec<usize> = (0..media.len()).filter(|&index| is_required(&media[index])).collect();
        for index in required.into_iter().take(OPTIONAL) {
            let before = self.material.media[index].known.clone();
            let known = &mut self.material.media[index].known;
            (known.required, known.role) = (false, None);
            let works = self.works();
            self.material.media[index].known = before;
            if works {
                return Some(WayOut::Optional { path: self.material.media[index].path.clone() });
            }
        }
        None
    }

    fn any_shot(&mut self) -> Option<WayOut> {
        self.material.settings.constraints.shot.take()?;
        self.works().then_some(WayOut::AnyShot)
    }
}

/// Returns the medium that those to be added are like: a photo, or else the longest clip.
fn example(media: &[Medium]) -> Option<Medium> {
    let length = |medium: &&Medium| match &medium.facts {
        Facts::Photo(_) => Time::MAX,
        Facts::Clip(facts) => facts.picture.duration,
        Facts::Music(_) => Time::ZERO,
    };
    media.iter().max_by_key(length).cloned()
}

/// Returns a good medium that looks like none of the others.
fn another(like: &Medium, number: usize) -> Medium {
    let mut medium = like.clone();
    medium.known = mmm_spec::Known::default();
    medium.said = mmm_facts::Said::default();
    medium.flaws.clear();
    if let Ok(path) = MediaPath::new(&format!("{}-{number}", like.path)) {
        medium.path = path;
    }
    let hash = PictureHash((number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    match &mut medium.facts {
        Facts::Photo(facts) => {
            facts.issues.clear();
            facts.hash = hash;
            facts.sight = None;
        }
        Facts::Clip(facts) => {
            facts.picture.issues.clear();
            facts.picture.samples.iter_mut().for_each(|sample| sample.hash = hash);
        }
        Facts::Music(_) => {}
    }
    medium
}

/// Returns lengths from `least` on.
fn longer(least: Time) -> [Time; 4] {
    [1.0, 1.05, 1.25, 2.0].map(|share| up(scaled(least, share)))
}

fn scaled(time: Time, share: f64) -> Time {
    Time::from_secs_f64(time.secs() * share)
}

/// Rounds down to a tenth of a second.
fn down(time: Time) -> Time {
    TENTH.scale(time.micros().div_euclid(TENTH.micros()), 1)
}

/// Rounds up to a tenth of a second.
fn up(time: Time) -> Time {
    TENTH.scale((time.micros() + TENTH.micros() - 1).div_euclid(TENTH.micros()), 1)
}
