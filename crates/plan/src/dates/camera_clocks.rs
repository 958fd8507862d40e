use std::collections::{BTreeMap, BTreeSet};

use super::reading::Reading;
use super::recorded::Recorded;
use mmm_base::TimeSource;
use mmm_spec::name_time;

/// A name and a header of the same clip may be this far apart, in seconds: one is taken at the start, the
/// other perhaps at the end.
const SLACK_S: i64 = 300;
/// Times of media that were taken together are at most this far apart, in seconds.
const TOGETHER_S: i64 = 20 * 60;

/// Makers whose cameras have no time zone, and often write local time into the header of a clip. They are
/// believed sooner to have done so; the other media decide.
const WITHOUT_ZONE: [&str; 15] = [
    "gopro",
    "dji",
    "insta360",
    "canon",
    "nikon",
    "sony",
    "panasonic",
    "fujifilm",
    "olympus",
    "om",
    "leica",
    "pentax",
    "ricoh",
    "garmin",
    "sjcam",
];

/// Beginnings of file names of such cameras.
const NAMES: [&str; 10] = ["GX", "GH", "GOPR", "GP", "GL", "DJI", "MVI", "DSC", "MAH", "INSTA"];

/// Returns for each medium whether its header has local time where UTC belongs.
///
/// This is decided for all media of a camera together: by names that contain the time, otherwise by the media
/// of other sources that were taken at nearly the same time, if it is local or if it is UTC.
pub(super) fn local_for_utc(media: &[Recorded], readings: &[Option<Reading>], zone_min: i16) -> Vec<bool> {
    let mut local = vec![false; media.len()];
    if zone_min == 0 {
        return local;
    }
    let mut cameras: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, medium) in media.iter().enumerate() {
        if readings[index].is_some_and(|reading| reading.claims_utc()) {
            cameras.entry(camera(medium)).or_default().push(index);
        }
    }
    if cameras.is_empty() {
        return local;
    }
    let others = Others::of(media, readings, zone_min);
    for clips in cameras.values() {
        let is_local = by_names(media, readings, clips, zone_min)
            .unwrap_or_else(|| others.show_local(media, readings, clips, zone_min));
        clips.iter().for_each(|&clip| local[clip] = is_local);
    }
    local
}

/// Returns the camera of a clip: its name in the file, otherwise the letters that its file name begins with.
fn camera(medium: &Recorded) -> String {
    medium.probe.camera.clone().unwrap_or_else(|| letters(medium))
}

fn letters(medium: &Recorded) -> String {
    let name = medium.path.name();
    name.chars().take_while(|letter| letter.is_ascii_alphabetic()).collect::<String>().to_uppercase()
}

/// Returns whether the names of clips contain the times of their headers, or those times in this zone.
fn by_names(
    media: &[Recorded],
    readings: &[Option<Reading>],
    clips: &[usize],
    zone_min: i16,
) -> Option<bool> {
    let (mut as_local, mut as_utc) = (0, 0);
    for &clip in clips {
        let named =
            name_time(media[clip].path.name()).filter(|name| !name.day_only && name.offset_min.is_none());
        let (Some(name), Some(reading)) = (named, readings[clip]) else { continue };
        let length_s = media[clip].probe.duration.map_or(0, |length| length.micros() / 1_000_000);
        let near = |apart: i64| apart.abs() <= SLACK_S + length_s;
        let ahead = name.local_s - reading.time.local_s;
        as_local += usize::from(near(ahead));
        as_utc += usize::from(near(ahead - i64::from(zone_min) * 60));
    }
    (as_local != as_utc).then_some(as_local > as_utc)
}

/// The media whose times are believed.
struct Others {
    /// In UTC seconds, in order.
    times: Vec<i64>,
    /// Their cameras, as far as these name their zone.
    zoned: BTreeSet<String>,
}

impl Others {
    fn of(media: &[Recorded], readings: &[Option<Reading>], zone_min: i16) -> Self {
        let mut others = Self { times: Vec::new(), zoned: BTreeSet::new() };
        for (medium, reading) in media.iter().zip(readings) {
            let Some(reading) = reading.filter(|reading| !reading.claims_utc() && !reading.time.day_only)
            else {
                continue;
            };
            others.times.push(reading.time.utc_s(zone_min));
            if reading.names_zone() && reading.time.source != TimeSource::Spec {
                others.zoned.extend(medium.probe.camera.clone());
            }
        }
        others.times.sort_unstable();
        others
    }

    /// Whether the clips of a camera are among these media if their times are local, and not if they are UTC.
    fn show_local(
        &self,
        media: &[Recorded],
        readings: &[Option<Reading>],
        clips: &[usize],
        zone_min: i16,
    ) -> bool {
        if self.times.is_empty() {
            return false;
        }
        let apart = |shift_min: i16| {
            let shift_s = i64::from(shift_min) * 60;
            let time = |clip: &usize| readings[*clip].map_or(0, |reading| reading.time.local_s - shift_s);
            let mut apart: Vec<i64> = clips.iter().map(|clip| self.nearest_s(time(clip))).collect();
            apart.sort_unstable();
            apart[apart.len() / 2]
        };
        let (as_utc, as_local) = (apart(0), apart(zone_min));
        let first = &media[clips[0]];
        let maker = first.probe.camera.as_deref().unwrap_or_default().to_lowercase();
        let has_zone = first.probe.camera.as_ref().is_some_and(|camera| self.zoned.contains(camera));
        let maker = maker.split(' ').next().unwrap_or_default();
        if has_zone {
            // A camera that knows its zone elsewhere knows UTC too, unless the clips are clearly among others.
            return clips.len() >= 3 && as_local <= TOGETHER_S / 2 && as_utc >= 6 * TOGETHER_S;
        }
        if WITHOUT_ZONE.contains(&maker) || NAMES.iter().any(|name| letters(first).starts_with(name)) {
            return as_utc > TOGETHER_S && as_local * 2 < as_utc;
        }
        as_utc > 2 * TOGETHER_S && as_local * 3 < as_utc
    }

    /// Returns the distance to the nearest of these times.
    fn nearest_s(&self, time: i64) -> i64 {
        let next = self.times.partition_point(|&other| other < time);
        let around = [next.checked_sub(1), Some(next)];
        let apart = around
            .into_iter()
            .flatten()
            .filter_map(|at| self.times.get(at))
            .map(|other| i64::try_from(other.abs_diff(time)).unwrap_or(i64::MAX));
        apart.min().unwrap_or(i64::MAX)
    }
}
