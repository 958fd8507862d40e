//! Songs with known beats, synthesised: rhythms that accent the off-beat, and others that must not be mistaken
//! for them.

use std::f64::consts::TAU;

use super::{BeatAnalyst, BeatEar};
use mmm_facts::MusicBeatFacts;

const RATE: f64 = BeatAnalyst::RATE_HZ as f64;
/// When the first beat is, in seconds.
const FIRST_S: f64 = 0.5;
/// A minor, F, C, G; the frequencies of their notes.
const CHORDS: [[f64; 3]; 4] =
    [[220.0, 261.6, 329.6], [174.6, 220.0, 261.6], [261.6, 329.6, 392.0], [196.0, 246.9, 293.7]];
/// Beats with less confidence get a warning.
const UNSURE: f64 = 0.5;

/// A song of bars of four or three beats, to which sounds are added.
struct Song {
    samples: Vec<f32>,
    bpm: f64,
    bars: usize,
    meter: usize,
}

impl Song {
    fn new(bpm: f64, meter: usize) -> Self {
        let bars = (30.0 * bpm / 60.0) as usize / meter;
        let seconds = FIRST_S + (bars * meter) as f64 * 60.0 / bpm + 0.5;
        Self { samples: vec![0.0; (seconds * RATE) as usize], bpm, bars, meter }
    }

    /// Calls `play` for each bar with its first beat and its chord.
    fn bars(mut self, play: impl Fn(&mut Self, f64, [f64; 3])) -> Self {
        for bar in 0..self.bars {
            let first = (bar * self.meter) as f64;
            play(&mut self, first, CHORDS[bar % CHORDS.len()]);
        }
        self
    }

    /// Adds `seconds` of a sound, given over its own time and its own noise, at a beat.
    fn add(&mut self, beat: f64, seconds: f64, sound: impl Fn(f64, f64) -> f64) {
        let first = ((FIRST_S + beat * 60.0 / self.bpm) * RATE).round() as usize;
        let mut seed = 1u32;
        for i in 0..(seconds * RATE) as usize {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(seed >> 8) / f64::from(1 << 23) - 1.0;
            if let Some(sample) = self.samples.get_mut(first + i) {
                *sample += (0.25 * sound(i as f64 / RATE, noise)) as f32;
            }
        }
    }

    fn kick(&mut self, beats: &[f64]) {
        for beat in beats {
            self.add(*beat, 0.3, |t, noise| {
                let phase = 50.0 * t + 3.0 * (1.0 - (-t / 0.02).exp());
                1.8 * (-t / 0.09).exp() * (TAU * phase).sin() + 0.5 * noise * (-t / 0.004).exp()
            });
        }
    }

    fn snare(&mut self, beats: &[f64]) {
        for beat in beats {
            self.add(*beat, 0.3, |t, noise| {
                0.6 * noise * (-t / 0.07).exp() + 0.5 * (-t / 0.05).exp() * (TAU * 190.0 * t).sin()
            });
        }
    }

    fn rim(&mut self, beats: &[f64]) {
        for beat in beats {
            self.add(*beat, 0.1, |t, noise| {
                (-t / 0.012).exp() * (0.7 * (TAU * 1700.0 * t).sin() + 0.2 * noise)
            });
        }
    }

    /// A hi-hat that rings for about `seconds`.
    fn hat(&mut self, beats: &[f64], gain: f64, seconds: f64) {
        for beat in beats {
            self.add(*beat, 0.25, |t, noise| gain * noise * (TAU * 7000.0 * t).sin() * (-t / seconds).exp());
        }
    }

    /// A chord that lasts `length` beats; a short one is a stab.
    fn chord(&mut self, beats: &[f64], notes: [f64; 3], gain: f64, length: f64) {
        let seconds = length * 60.0 / self.bpm;
        for beat in beats {
            self.add(*beat, seconds, |t, _| {
                let tone =
                    |hz: f64| (1..6).map(|k| (TAU * hz * f64::from(k) * t).sin() / f64::from(k)).sum::<f64>();
                let shape = (t / 0.004).min(1.0) * ((seconds - t) / 0.03).clamp(0.0, 1.0);
                gain * 0.4 * shape * (-t / 1.5).exp() * notes.iter().map(|hz| tone(*hz)).sum::<f64>()
            });
        }
    }

    fn bass(&mut self, beats: &[f64], root: f64, length: f64) {
        let (hz, seconds) = (root / 4.0, length * 60.0 / self.bpm);
        for beat in beats {
            self.add(*beat, seconds, |t, _| {
                let tone = (1..4).map(|k| (TAU * hz * f64::from(k) * t).sin() / f64::from(k)).sum::<f64>();
                0.6 * tone * (t / 0.006).min(1.0) * ((seconds - t) / 0.02).clamp(0.0, 1.0)
            });
        }
    }

    fn heard(&self) -> MusicBeatFacts {
        let both: Vec<f32> =
            self.samples.iter().flat_map(|sample| [*sample; BeatAnalyst::CHANNELS]).collect();
        let mut analyst = BeatAnalyst::new(BeatEar::built_in());
        analyst.samples(&both);
        analyst.finish().unwrap()
    }
}

/// What was detected of a song.
#[derive(Debug)]
struct Followed {
    /// Tempo over the true one.
    tempo: f64,
    /// The mean distance of a detected beat from the true one before it, in periods, −0.5..0.5.
    off: f64,
    confidence: f64,
}

fn follow(song: &Song) -> Followed {
    let found = song.heard();
    let angle = |second: f64| TAU * (second - FIRST_S) * song.bpm / 60.0;
    let angles: Vec<f64> = found.beats.iter().map(|beat| angle(beat.time.secs())).collect();
    let (sines, cosines): (f64, f64) =
        (angles.iter().map(|angle| angle.sin()).sum(), angles.iter().map(|angle| angle.cos()).sum());
    Followed {
        tempo: f64::from(found.tempo_milli_bpm) / 1000.0 / song.bpm,
        off: sines.atan2(cosines) / TAU,
        confidence: found.confidence.get(),
    }
}

/// The beats of a bar, `off` later.
fn quarters(bar: f64, off: f64) -> [f64; 4] {
    [0.0, 1.0, 2.0, 3.0].map(|beat| bar + beat + off)
}

/// Chords on the off-beats, kick and rim on the third beat alone, and hardly a bass note on a beat.
fn one_drop(bpm: f64, organ: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.chord(&quarters(bar, 0.5), chord, 1.0, 0.2);
        song.hat(&quarters(bar, 0.5), 0.4, 0.03);
        song.hat(&quarters(bar, 0.0), 0.2, 0.02);
        song.kick(&[bar + 2.0]);
        song.rim(&[bar + 2.0]);
        song.chord(&quarters(bar, 0.75), [2.0 * chord[1]; 3], organ, 0.15);
        song.chord(&quarters(bar, 0.5), [2.0 * chord[1]; 3], organ, 0.15);
        song.bass(&[1.5, 2.0, 2.5, 3.5].map(|beat| bar + beat), chord[0], 0.4);
    })
}

fn ska(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.chord(&quarters(bar, 0.5), chord, 1.0, 0.2);
        song.hat(&quarters(bar, 0.5), 0.4, 0.03);
        song.kick(&[bar, bar + 2.0]);
        song.snare(&[bar + 1.0, bar + 3.0]);
        song.bass(&quarters(bar, 0.0), chord[0], 0.8);
    })
}

/// Four on the floor, with an open hi-hat on the off-beats, and the bass there too.
fn house(bpm: f64, bass: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.kick(&quarters(bar, 0.0));
        song.hat(&quarters(bar, 0.5), 0.6, 0.1);
        song.snare(&[bar + 1.0, bar + 3.0]);
        song.bass(&quarters(bar, bass), chord[0], 0.4);
        song.chord(&[bar], chord, 0.4, 3.9);
    })
}

fn rock(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.kick(&[bar, bar + 2.0, bar + 2.5]);
        song.snare(&[bar + 1.0, bar + 3.0]);
        song.hat(&quarters(bar, 0.0), 0.5, 0.03);
        song.hat(&quarters(bar, 0.5), 0.4, 0.03);
        song.bass(&quarters(bar, 0.0), chord[0], 0.45);
        song.bass(&quarters(bar, 0.5), chord[0], 0.45);
        song.chord(&[bar, bar + 2.0], chord, 0.6, 1.9);
    })
}

fn polka(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.bass(&[bar, bar + 2.0], chord[0], 0.4);
        song.bass(&[bar + 1.0, bar + 3.0], 0.75 * chord[0], 0.4);
        song.kick(&quarters(bar, 0.0));
        song.chord(&quarters(bar, 0.5), chord, 0.6, 0.2);
        song.hat(&quarters(bar, 0.5), 0.3, 0.03);
    })
}

/// Kicks, bass and chords that anticipate the beats, over a backbeat.
fn syncopated(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.kick(&[bar, bar + 1.5, bar + 3.5]);
        song.snare(&[bar + 1.0, bar + 3.0]);
        song.hat(&quarters(bar, 0.0), 0.5, 0.03);
        song.hat(&quarters(bar, 0.5), 0.4, 0.03);
        song.bass(&[bar, bar + 1.5, bar + 3.5], chord[0], 0.9);
        song.chord(&[bar, bar + 1.5], chord, 0.6, 1.4);
    })
}

fn ballad(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        for (n, note) in [0, 1, 2, 1, 0, 1, 2, 1].into_iter().enumerate() {
            song.chord(&[bar + 0.5 * n as f64], [2.0 * chord[note]; 3], 0.3, 0.6);
        }
        song.bass(&[bar, bar + 2.0], chord[0], 1.9);
        song.chord(&[bar], chord, 0.3, 3.9);
    })
}

fn waltz(bpm: f64) -> Song {
    Song::new(bpm, 3).bars(|song, bar, chord| {
        song.bass(&[bar], chord[0], 0.9);
        song.chord(&[bar + 1.0, bar + 2.0], chord, 0.6, 0.4);
    })
}

fn swing(bpm: f64) -> Song {
    Song::new(bpm, 4).bars(|song, bar, chord| {
        song.hat(&quarters(bar, 0.0), 0.6, 0.1);
        song.hat(&[bar + 1.0 + 2.0 / 3.0, bar + 3.0 + 2.0 / 3.0], 0.5, 0.1);
        for (beat, step) in [1.0, 1.26, 1.5, 1.26].into_iter().enumerate() {
            song.bass(&[bar + beat as f64], step * chord[0], 0.9);
        }
        song.chord(&[bar + 2.0 / 3.0, bar + 2.0 + 2.0 / 3.0], chord, 0.4, 0.3);
    })
}

/// Asserts that the beats are where they were planted, and sure.
fn assert_right(name: &str, songs: impl IntoIterator<Item = Song>) {
    for song in songs {
        let found = follow(&song);
        let right = (found.tempo - 1.0).abs() < 0.02 && found.off.abs() < 0.08;
        assert!(right && found.confidence > 0.8, "{name} {}: {found:?}", song.bpm);
    }
}

#[test]
fn one_drop_is_followed_on_the_beat_or_with_doubts() {
    for (bpm, organ) in [(102.0, 0.0), (108.0, 0.0), (108.0, 0.3)] {
        let found = follow(&one_drop(bpm, organ));
        assert!((found.tempo - 1.0).abs() < 0.02, "{bpm}: {found:?}");
        assert!(found.off.abs() < 0.08 || found.confidence < UNSURE, "{bpm}: {found:?}");
        // The planner still cuts on these beats.
        assert!(found.confidence > 0.2, "{bpm}: {found:?}");
    }
}

#[test]
fn ska_and_polka_are_followed_on_the_beat() {
    assert_right("ska", [ska(138.0), ska(150.0)]);
    assert_right("polka", [polka(116.0), polka(128.0)]);
}

#[test]
fn off_beat_hats_and_off_beat_bass_leave_no_doubts() {
    assert_right("house", [house(124.0, 0.0)]);
    assert_right("trance", [house(120.0, 0.5), house(132.0, 0.5)]);
}

#[test]
fn rock_and_syncopation_leave_no_doubts() {
    assert_right("rock", [rock(92.0), rock(120.0), rock(150.0)]);
    assert_right("syncopated", [syncopated(100.0), syncopated(120.0)]);
}

#[test]
fn ballads_waltzes_and_swing_leave_no_doubts() {
    assert_right("ballad", [ballad(66.0), ballad(72.0)]);
    assert_right("waltz", [waltz(100.0), waltz(180.0)]);
    assert_right("swing", [swing(132.0), swing(160.0)]);
}
