use super::framing::{FrameWish, FramedMedium, frame_medium};
use super::moment::{self, Part};
use super::photo_framing::Framed;
use super::transitions::{self, Side};
use super::{framing, outline, reasons, story, titles, treatment};
use crate::cast::{Candidate, Cast, Limits, Subject, Tier, Wishes, voices_in};
use crate::music::{Pace, length, levels, soundtrack};
use crate::solve::{Solved, Take, solve};
use mmm_base::{Score, Time};
use mmm_facts::{
    Chapter, Conflict, EditPlan, Material, MediaKind, PictureHash, Shot, ShotMerits, ShotReason, ShotSound,
    ShotSource, StoryBeat, Transition,
};
use mmm_spec::{ClipSound, Role, Titles};

/// Plans the movie: which moment falls on which beats, in which order, and why.
///
/// # Errors
/// If the requests in the spec can't be met together; never because the result would be poor.
pub fn plan(material: &Material) -> Result<EditPlan, Conflict> {
    soundtrack::check(material)?;
    let settings = &material.settings;
    let wishes = Wishes::read(settings.prompt.as_deref());
    let pace = Pace::new(settings.style.pace, wishes.pace);
    let planned = |cast: &Cast| {
        let solved = solve(material, cast, &pace)?;
        Composer { material, cast, pace: &pace, solved: &solved }.write()
    };
    let cast = Cast::gather(material, &wishes)?;
    if !cast.plays_by_choice() {
        return planned(&cast);
    }
    // A moving picture lasts two or three seconds; a photo fills longer shots. What the spec asks for comes first.
    if !is_tight(material, &cast, &pace)
        && let Ok(plan) = planned(&cast)
    {
        return Ok(plan);
    }
    planned(&Cast::gather_held(material, &wishes)?)
}

/// Whether media without issues can hardly fill a movie of the length that the spec asks for.
fn is_tight(material: &Material, cast: &Cast, pace: &Pace) -> bool {
    let limits = Limits::usual(&material.settings.constraints);
    let longest = |index: usize| cast.candidates[index].longest(&limits);
    let room: Time = cast.pool(Tier::Good, &limits).into_iter().map(longest).sum();
    let is_new = material.kept.is_none() && !length::is_open(material.settings.duration);
    let wanted = length::decide(material, cast, pace, 1.0).map(|extent| extent.length);
    is_new && wanted.is_ok_and(|wanted| wanted.scale(5, 4) > room)
}

/// Turns a solved movie into an edit plan.
struct Composer<'a> {
    material: &'a Material,
    cast: &'a Cast<'a>,
    pace: &'a Pace,
    solved: &'a Solved<'a>,
}

impl Composer<'_> {
    fn write(&self) -> Result<EditPlan, Conflict> {
        let Self { material, cast, solved, .. } = self;
        let Solved { grid, takes, extent, .. } = solved;
        let settings = &material.settings;
        let parts = self.parts();
        let homes = self.homes();
        let transitions = self.transitions(&parts, &homes);
        let energies: Vec<(f64, f64)> = takes.iter().map(|take| self.under(take)).collect();
        let beats = story::beats(&energies);
        let mut shots: Vec<Shot> = (0..takes.len())
            .map(|index| self.shot(index, parts[index].as_ref(), transitions[index], beats[index]))
            .collect();
        self.level(&mut shots);
        let captions: Vec<Option<&str>> = takes.iter().map(|take| self.caption(take)).collect();
        let cues = titles::cues(settings, &shots, &captions, extent.length)?;
        let (titles, hidden_titles) =
            if settings.style.titles == Titles::Off { (Vec::new(), cues) } else { (cues, Vec::new()) };
        let chapters = self.chapters(&homes);
        let outline = outline::outline(cast, grid, self.pace, &shots, &chapters);
        let music = soundtrack::faded(material, &extent.cues, extent.length);
        let ends = match (shots.first(), shots.last()) {
            (Some(first), Some(last)) => {
                transitions::ends(&settings.style.transitions, first.length, last.length)
            }
            _ => (Time::ZERO, Time::ZERO),
        };
        let left_out = reasons::left_out(cast, takes, &Limits::usual(&settings.constraints));
        let length = extent.length;
        Ok(EditPlan { length, shots, ends, music, chapters, titles, hidden_titles, left_out, outline })
    }

    fn candidate(&self, take: &Take) -> &Candidate<'_> {
        &self.cast.candidates[take.who]
    }

    fn span(&self, take: &Take) -> Time {
        self.solved.grid.span(take.from, take.to)
    }

    /// Returns the energy under a shot, and the fraction of the movie at which it starts.
    fn under(&self, take: &Take) -> (f64, f64) {
        let grid = &self.solved.grid;
        let share = grid.nodes[take.from].time.secs() / grid.length().secs();
        (grid.raw_energy(take.from, take.to), share)
    }

    /// Returns the part of its clip that each shot shows, `None` for photos; a clip that repeats shows
    /// another part.
    fn parts(&self) -> Vec<Option<Part>> {
        let takes = &self.solved.takes;
        let mut seen: Vec<Vec<(Time, Time)>> = vec![Vec::new(); self.cast.candidates.len()];
        let pick = |take: &Take| {
            let part = moment::pick(self.candidate(take), self.span(take), &seen[take.who], take.part);
            seen[take.who].extend(part.map(|part| (part.from, part.to)));
            part
        };
        takes.iter().map(pick).collect()
    }

    /// Returns the chapter that each shot belongs to. The opening and the ending may come from another
    /// chapter, and belong to that of their neighbour. Repeats belong to the current chapter.
    fn homes(&self) -> Vec<usize> {
        let takes = &self.solved.takes;
        let mut told = self.candidate(&takes[0]).place.chapter;
        let own = |take: &Take| {
            let candidate = self.candidate(take);
            let is_placed = matches!(candidate.role, Some(Role::Opening | Role::Ending));
            if take.turn == 0 && !is_placed {
                told = candidate.place.chapter;
            }
            if take.turn == 0 { candidate.place.chapter } else { told }
        };
        let mut homes: Vec<usize> = takes.iter().map(own).collect();
        let last = homes.len() - 1;
        if last > 0 {
            if self.candidate(&takes[0]).role == Some(Role::Opening) {
                homes[0] = homes[1];
            }
            if self.candidate(&takes[last]).role == Some(Role::Ending) {
                homes[last] = homes[last - 1];
            }
        }
        homes
    }

    fn transitions(&self, parts: &[Option<Part>], homes: &[usize]) -> Vec<Transition> {
        let takes = &self.solved.takes;
        let side = |index: usize| {
            let take: &Take = &takes[index];
            let handles = match self.candidate(take).kind {
                MediaKind::Clip => Some(parts[index].map_or((Time::ZERO, Time::ZERO), |part| part.handles)),
                _ => None,
            };
            Side { length: self.span(take), handles }
        };
        let style = &self.material.settings.style;
        let into = |index: usize| match index {
            0 => Transition::CUT,
            _ => {
                let new_chapter = homes[index] != homes[index - 1];
                let path = &self.candidate(&takes[index]).medium.path;
                let rate = self.material.rate;
                transitions::between(style, side(index - 1), side(index), new_chapter, rate, path)
            }
        };
        (0..takes.len()).map(into).collect()
    }

    fn shot(&self, index: usize, part: Option<&Part>, transition: Transition, story_beat: StoryBeat) -> Shot {
        let Solved { grid, takes, .. } = self.solved;
        let take = &takes[index];
        let candidate = self.candidate(take);
        let path = &candidate.shown.path;
        let node = grid.nodes[take.from];
        let stretch = part.map(|part| (part.from, part.to));
        let wish =
            FrameWish::of(&self.material.settings.style, self.material.frame, self.span(take), stretch);
        let Framed { framing, reason } = frame_medium(FramedMedium::shown(candidate), wish);
        Shot {
            id: if take.turn == 0 { path.to_string() } else { format!("{path}#{}", take.turn + 1) },
            start: node.time,
            length: self.span(take),
            beat: node.beat,
            transition,
            source: ShotSource { path: path.clone(), kind: candidate.kind, part: stretch },
            framing,
            treatment: treatment::treatment(self.material, candidate),
            sound: self.sound(candidate, stretch),
            merits: ShotMerits {
                role: candidate.role,
                story_beat,
                energy_match: self.energy_match(take, part),
                quality: part.map_or(candidate.look.aesthetic, |part| part.quality),
                variety: self.variety(index),
                wanted: Score::new(candidate.wanted),
            },
            reason: ShotReason { framing: reason, ..reasons::of_shot(self.cast, grid, take, part) },
        }
    }

    /// Returns what is heard of a part of a medium; `level` sets its gain when all shots are known.
    fn sound(&self, candidate: &Candidate, part: Option<(Time, Time)>) -> ShotSound {
        let voices = match (candidate.facts, part) {
            (Subject::Clip(facts), Some(part)) => voices_in(facts, part),
            _ => Vec::new(),
        };
        let has_music = !self.solved.extent.cues.is_empty();
        let is_kept = framing::sound(candidate, has_music, &voices) == ClipSound::Keep;
        ShotSound { is_kept, voices: if is_kept { voices } else { Vec::new() }, ..ShotSound::default() }
    }

    /// Sets the gains that bring the sounds of the clips to one level.
    fn level(&self, shots: &mut [Shot]) {
        for index in 0..shots.len() {
            let take = &self.solved.takes[index];
            let shot = &shots[index];
            let (Subject::Clip(facts), Some(part)) = (self.candidate(take).facts, shot.source.part) else {
                continue;
            };
            if shot.sound.is_kept {
                let same = shots.iter().filter(|other| other.source.path == shot.source.path);
                let (gain, is_windy) = (levels::of_clip(facts, same), levels::is_windy(facts, part));
                let sound = &mut shots[index].sound;
                (sound.gain, sound.is_windy) = (gain, is_windy);
                sound.one_sided = facts.sound.one_sided;
            }
        }
    }

    /// Returns how close the shot's liveliness, by its length and its motion, is to that of the music.
    fn energy_match(&self, take: &Take, part: Option<&Part>) -> Score {
        let quick = (1.0 - (self.span(take).secs() - 0.5) / 4.0).clamp(0.0, 1.0);
        let lively = part.map_or(quick, |part| (quick + part.motion.get()) / 2.0);
        Score::new(1.0 - (lively - self.solved.grid.energy(take.from, take.to)).abs())
    }

    /// Returns how much the shot differs from its neighbours.
    fn variety(&self, index: usize) -> Score {
        let takes = &self.solved.takes;
        let hash = |index: usize| -> PictureHash { self.candidate(&takes[index]).hash };
        let near = [index.checked_sub(1), Some(index + 1).filter(|&next| next < takes.len())];
        let distance = near.into_iter().flatten().map(|other| hash(other).distance(hash(index))).min();
        Score::new(distance.map_or(1.0, |bits| f64::from(bits) / 32.0))
    }

    fn caption(&self, take: &Take) -> Option<&str> {
        self.cast.candidates[take.who].caption().filter(|_| take.turn == 0)
    }

    fn chapters(&self, homes: &[usize]) -> Vec<Chapter> {
        let Solved { grid, takes, .. } = self.solved;
        let starts = (0..takes.len()).filter(|&index| index == 0 || homes[index] != homes[index - 1]);
        starts
            .map(|index| Chapter {
                start: grid.nodes[takes[index].from].time,
                title: self.cast.titles[homes[index]].clone(),
            })
            .collect()
    }
}
