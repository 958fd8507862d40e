use std::collections::BTreeSet;

use mmm_base::Time;
use mmm_facts::Flaw;

/// Tracks the packets that enter a decoder and the pictures that leave it, and finds damaged or missing
/// pictures.
///
/// Anything decoded after a damaged packet may depend on it, whether the decoder reports that or not; only a
/// keyframe ends the damage.
#[derive(Default)]
pub(super) struct Flaws {
    found: Vec<Flaw>,
    /// The start of the current flaw, until a keyframe ends it.
    since: Option<Time>,
    /// The display time of the last keyframe sent to the decoder.
    key: Option<Time>,
    /// The display time of the last packet sent, and its decoding time if that is earlier.
    sent: Option<(Time, Time)>,
    /// The display times of pictures that were sent and haven't been received.
    waiting: BTreeSet<Time>,
    /// The display time of the picture received last.
    shown: Option<Time>,
}

/// A packet that was sent to the decoder.
pub(super) struct Sent {
    /// When its picture is shown, and when it is decoded.
    pub shown: Time,
    pub decoded: Time,
    pub key: bool,
    /// Whether the packet must produce a picture at its display time.
    pub promises: bool,
}

impl Flaws {
    /// Records a packet sent to the decoder.
    pub fn send(&mut self, packet: &Sent) {
        if packet.key {
            if let Some(from) = self.since.take().filter(|since| *since < packet.shown) {
                self.found.push(Flaw { from, to: Some(packet.shown) });
            }
            self.key = Some(packet.shown);
        }
        if packet.promises {
            self.waiting.insert(packet.shown);
        }
        self.sent = Some((packet.shown, packet.decoded.min(packet.shown)));
    }

    /// Records that the last packet sent could not be decoded.
    pub fn refuse(&mut self) {
        if let Some((shown, from)) = self.sent {
            self.doubt(shown, from);
        }
    }

    /// Records a picture shown at `time`. `usual` is the longest time that a picture lasts in a stream
    /// without pauses; `None` if pauses may be intended.
    pub fn receive(&mut self, time: Time, is_flawed: bool, usual: Option<Time>) {
        if is_flawed {
            self.doubt(time, time);
        }
        let later = self.waiting.split_off(&time);
        let lost = std::mem::replace(&mut self.waiting, later);
        self.waiting.remove(&time);
        let Some(before) = self.shown.replace(time) else { return };
        let mut lost = lost.into_iter().filter(|lost| *lost > before);
        // A single missing picture may be one that is never shown.
        if let (Some(first), Some(_)) = (lost.next(), lost.next())
            && time - first > Flaw::SHORTEST
        {
            self.doubt(first, first);
        } else if let Some(usual) = usual
            && time - before > Flaw::SHORTEST.max(usual)
        {
            self.doubt(before + usual, before + usual);
        }
    }

    /// Starts a flaw: the picture shown at `shown` is damaged, and pictures decoded after it are shown at
    /// `from` or later.
    fn doubt(&mut self, shown: Time, from: Time) {
        match self.key {
            // Pictures that lead up to a keyframe don't affect those after it.
            Some(key) if shown < key => self.found.push(Flaw { from: shown, to: Some(key) }),
            key => {
                let from = key.map_or(from, |key| key.max(from));
                self.since = Some(self.since.map_or(from, |since| since.min(from)));
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.since.is_none() && self.found.is_empty()
    }

    /// Whether the end of the last flaw is still unknown.
    pub fn is_open(&self) -> bool {
        self.since.is_some()
    }

    /// Whether the picture shown at `time` is damaged or missing, as far as is known.
    pub fn cover(&self, time: Time) -> bool {
        self.since.is_some_and(|since| since <= time) || self.found.iter().any(|flaw| flaw.covers(time))
    }

    /// Returns all flaws found, in order.
    pub fn list(&self) -> Vec<Flaw> {
        let open = self.since.map(|from| Flaw { from, to: None });
        Flaw::merged(self.found.iter().copied().chain(open).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Time = Time::from_millis(40);

    fn at(frame: i64) -> Time {
        Time::from_micros(FRAME.micros() * frame)
    }

    /// Runs a stream with a keyframe every 50 frames, of which those in `refused` can't be decoded.
    fn followed(refused: std::ops::Range<i64>) -> Flaws {
        let mut flaws = Flaws::default();
        for frame in 0..150 {
            let (shown, key) = (at(frame), frame % 50 == 0);
            flaws.send(&Sent { shown, decoded: shown - FRAME, key, promises: true });
            if refused.contains(&frame) {
                flaws.refuse();
            } else {
                flaws.receive(shown, false, None);
            }
        }
        flaws
    }

    #[test]
    fn what_follows_a_damaged_packet_is_lacking_up_to_the_next_keyframe() {
        assert_eq!(followed(0..0).list(), []);
        assert_eq!(followed(60..64).list(), [Flaw { from: at(59), to: Some(at(100)) }]);
        assert_eq!(followed(100..101).list(), [Flaw { from: at(100), to: None }]);
        assert_eq!(followed(90..102).list(), [Flaw { from: at(89), to: None }]);
    }

    #[test]
    fn pictures_that_lead_up_to_a_keyframe_end_with_it() {
        let mut flaws = Flaws::default();
        let packet = |frame: i64, decoded: i64, key| Sent {
            shown: at(frame),
            decoded: at(decoded),
            key,
            promises: true,
        };
        flaws.send(&packet(50, 47, true));
        flaws.send(&packet(48, 48, false));
        flaws.refuse();
        flaws.send(&packet(53, 50, false));
        flaws.receive(at(50), false, None);
        flaws.receive(at(53), false, None);
        assert_eq!(flaws.list(), [Flaw { from: at(48), to: Some(at(50)) }]);
        assert!(!flaws.cover(at(53)));
    }

    #[test]
    fn pictures_that_never_come_are_missed_and_pauses_are_not() {
        let mut flaws = Flaws::default();
        let packet =
            |frame: i64| Sent { shown: at(frame), decoded: at(frame), key: frame == 0, promises: true };
        for frame in 0..30 {
            flaws.send(&packet(frame));
            if !(10..20).contains(&frame) {
                flaws.receive(at(frame), false, None);
            }
        }
        assert_eq!(flaws.list(), [Flaw { from: at(10), to: None }]);
        let (mut paused, mut lost) = (Flaws::default(), Flaws::default());
        for frame in [0, 1, 2, 60, 61] {
            for (flaws, usual) in [(&mut paused, None), (&mut lost, Some(FRAME))] {
                flaws.send(&packet(frame));
                flaws.receive(at(frame), false, usual);
            }
        }
        assert!(paused.is_empty());
        assert_eq!(lost.list(), [Flaw { from: at(3), to: None }]);
    }

    #[test]
    fn flaws_that_touch_are_one() {
        let flaw = |from, to| Flaw { from: at(from), to: Some(at(to)) };
        let open = Flaw { from: at(70), to: None };
        assert_eq!(Flaw::merged(vec![flaw(5, 8), flaw(1, 5)]), [flaw(1, 8)]);
        assert_eq!(Flaw::merged(vec![open, flaw(80, 90), flaw(1, 5)]), [flaw(1, 5), open]);
    }
}
