use super::recorded::Recorded;
use mmm_base::{CaptureTime, TimeSource};
use mmm_spec::{CameraRule, Zone, name_time};

/// The time of a medium by its own sources and by the spec, before it is compared with others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reading {
    pub time: CaptureTime,
    /// Whether the spec says how its clock was set.
    pub corrected: bool,
}

impl Reading {
    /// Whether it is a time in UTC of which only the standard says that it is UTC, as in the headers of clips.
    pub fn claims_utc(&self) -> bool {
        self.time.source == TimeSource::Header && self.time.offset_min == Some(0) && !self.corrected
    }

    /// Whether its offset is that of the place where it was taken.
    pub fn names_zone(&self) -> bool {
        let always_utc =
            matches!(self.time.source, TimeSource::Header | TimeSource::Takeout | TimeSource::Name);
        let is_utc = always_utc || (self.time.source == TimeSource::Tag && self.time.offset_min == Some(0));
        self.time.offset_min.is_some() && (self.corrected || !is_utc)
    }
}

/// An export may carry the time of the export in its header, as a changed photo may that of the change; so long
/// after the time in its name it is not when the medium was taken, in whatever zone. In seconds.
const EXPORTED_S: i64 = 26 * 3600;

/// Returns the time that is believed for a file: of its own, of the files beside it, or of its name.
pub fn best_time(file_name: &str, own: Option<CaptureTime>, beside: &[CaptureTime]) -> Option<CaptureTime> {
    let name = name_time(file_name);
    let is_late = |own: CaptureTime, name: CaptureTime| {
        let day_s = if name.day_only { 86_400 } else { 0 };
        own.local_s.saturating_sub(name.local_s) > EXPORTED_S + day_s
    };
    let beside = beside.iter().copied().min_by_key(|time| time.source);
    let Some(own) = own else { return beside.or(name) };
    match own.source {
        TimeSource::Header => Some(name.filter(|name| is_late(own, *name)).unwrap_or(own)),
        // A name with only the day is often that of a copy, which is made after the photo.
        TimeSource::Changed => {
            let name = name.filter(|name| !name.day_only || is_late(own, *name));
            Some(beside.or(name).unwrap_or(own))
        }
        _ => Some(own),
    }
}

/// Returns the time of a medium with the corrections of the spec. Those of its own entry come before those of
/// its camera.
pub(super) fn reading(medium: &Recorded, cameras: &[CameraRule]) -> Option<Reading> {
    let known = medium.known;
    if let Some(time) = known.taken {
        return Some(Reading { time: zoned(time, known.zone.as_ref()), corrected: true });
    }
    let camera = medium.probe.camera.as_deref();
    let rule = camera.and_then(|camera| cameras.iter().find(|rule| rule.means(camera)));
    let shift_s = known.clock_s.or_else(|| rule?.clock_s);
    let zone = known.zone.as_ref().or_else(|| rule?.zone.as_ref());
    let mut time = best_time(medium.path.name(), medium.probe.taken, medium.beside)?;
    time.local_s = time.local_s.saturating_add(shift_s.unwrap_or(0));
    Some(Reading { time: zoned(time, zone), corrected: zone.is_some() })
}

/// Returns the time that a clock in this zone showed.
fn zoned(time: CaptureTime, zone: Option<&Zone>) -> CaptureTime {
    match zone {
        Some(zone) => CaptureTime { offset_min: Some(zone.offset_min(time.local_s)), ..time },
        None => time,
    }
}
