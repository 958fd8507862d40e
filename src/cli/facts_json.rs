//! Facts as JSON for other programs; docs/json.md describes the format.

use serde_json::{Value, json};

use super::format::{civil, clock};
use super::sight_json::sight_json;
use mmm_base::Time;
use mmm_facts::{ClipFacts, Facts, MediaKind, MotionPart, MusicFacts, PhotoFacts, PictureQuality, Probe};
use mmm_plan::{ClipWindow, best_windows, words};

/// Returns the facts of a file as `mmm analyze --json` prints them.
pub(super) fn facts_json(probe: &Probe, facts: &Facts) -> Value {
    let mut value = match facts {
        Facts::Photo(photo) => photo_json(photo),
        Facts::Clip(clip) => clip_json(clip),
        Facts::Music(music) => music_json(music),
    };
    if let (Value::Object(value), Value::Object(headers)) =
        (&mut value, probe_json(probe, length_of(probe, facts)))
    {
        value.extend(headers);
    }
    value
}

/// Returns how long a file is: by its headers, or if they don't say, as far as it can be decoded.
pub(super) fn length_of(probe: &Probe, facts: &Facts) -> Option<Time> {
    probe.duration.or(match facts {
        Facts::Photo(_) => None,
        Facts::Clip(clip) => Some(clip.picture.duration),
        Facts::Music(music) => Some(music.form.duration),
    })
}

fn probe_json(probe: &Probe, length: Option<Time>) -> Value {
    let picture = probe.picture.as_ref();
    let place = probe.place.map(
        |place| json!({"lat_deg": f64::from(place.lat_e7) / 1e7, "lon_deg": f64::from(place.lon_e7) / 1e7}),
    );
    json!({
        "format": probe.format,
        "bytes": probe.bytes,
        "duration_s": length,
        "width_px": picture.map(|p| p.width),
        "height_px": picture.map(|p| p.height),
        "orientation": picture.map(|p| p.orientation.exif()),
        "video_codec": picture.filter(|_| probe.kind == MediaKind::Clip).map(|p| p.codec.as_str()),
        "rate_hz": picture.and_then(|p| p.rate).map(|rate| f64::from(rate.0) / f64::from(rate.1)),
        "variable_rate": picture.map(|p| p.variable_rate),
        "color": picture.map(|p| p.color),
        "sound": probe.sound,
        "pictures": probe.pictures,
        "sound_tracks": probe.sounds,
        "taken": probe.taken.map(|taken| civil(taken.local_s)),
        "taken_offset_min": probe.taken.and_then(|taken| taken.offset_min),
        "taken_source": probe.taken.map(|taken| taken.source),
        "taken_day_only": probe.taken.map(|taken| taken.day_only),
        "place": place,
        "camera": probe.camera,
        "live_id": probe.live_id,
        "still_at_s": probe.still_at,
        "moving_picture": motion_json(probe.motion.as_ref()),
        "said": (!probe.said.is_empty()).then_some(&probe.said),
        "description": describe(probe),
    })
}

/// Returns the headers of the moving picture in the file of a photo.
fn motion_json(motion: Option<&MotionPart>) -> Value {
    match motion {
        None => Value::Null,
        Some(MotionPart::Unreadable(error)) => json!({"error": error.to_string()}),
        Some(MotionPart::Clip(clip)) => {
            let picture = clip.picture.as_ref();
            json!({
                "duration_s": clip.duration,
                "width_px": picture.map(|p| p.width),
                "height_px": picture.map(|p| p.height),
                "video_codec": picture.map(|p| p.codec.as_str()),
                "still_at_s": clip.still_at,
            })
        }
    }
}

/// Describes a file from its headers alone.
fn describe(probe: &Probe) -> String {
    let kind = match probe.kind {
        MediaKind::Photo => "photo",
        MediaKind::Clip => "clip",
        MediaKind::Music => "music",
    };
    let time = probe.taken.map(|taken| {
        let when = clock(taken.local_s, taken.offset_min, taken.day_only);
        format!(", taken {when} by {}", words::time_source(taken.source))
    });
    let place = probe.place.map(|place| {
        format!(", at {:.4}°, {:.4}°", f64::from(place.lat_e7) / 1e7, f64::from(place.lon_e7) / 1e7)
    });
    format!(
        "{kind}{}{} (from the file, not from its content)",
        time.unwrap_or_default(),
        place.unwrap_or_default()
    )
}

fn look_json(look: &PictureQuality) -> Value {
    json!({
        "sharpness": look.sharpness,
        "exposure": look.exposure,
        "contrast": look.contrast,
        "colourfulness": look.colourfulness,
        "brightness": look.brightness,
        "noise": look.noise,
        "aesthetic": look.aesthetic,
    })
}

fn photo_json(photo: &PhotoFacts) -> Value {
    let mut value = look_json(&photo.look);
    let look = &photo.look;
    value["motion_blur"] = json!(look.motion_blur);
    value["clipped"] = json!(look.clipped);
    value["tilt_deg"] = json!(f64::from(look.tilt_cdeg) / 100.0);
    value["tilt_certainty"] = json!(look.tilt_certainty);
    value["composition"] = json!(look.composition);
    value["face_sharpness"] = json!(look.face_sharpness);
    value["issues"] = json!(photo.issues);
    value["hash"] = json!(format!("{:016x}", photo.hash.0));
    value["focus"] = json!([photo.focus.0, photo.focus.1]);
    value["subjects"] = json!(photo.subjects);
    value["colours"] = json!(photo.colours);
    if let Some(sight) = &photo.sight {
        value["sight"] = sight_json(sight);
    }
    value
}

fn clip_json(clip: &ClipFacts) -> Value {
    let mut value = look_json(&clip.picture.look);
    value["issues"] = json!(clip.picture.issues);
    value["motion"] = json!(clip.picture.motion);
    let windows = best_windows(clip, ClipWindow::USUAL).into_iter();
    let windows =
        windows.map(|window| json!({"start_s": window.start, "end_s": window.end, "score": window.score}));
    value["windows"] = windows.collect();
    if let Some(sight) = &clip.picture.sight {
        value["sight"] = sight_json(sight);
        value["looks_s"] = clip.picture.looks.iter().map(|look| json!(look.time)).collect();
    }
    value["has_sound"] = json!(clip.sound.has_sound);
    value["loudness_lufs"] = json!(clip.sound.loudness.map(|level| f64::from(level) / 100.0));
    value["one_sided"] = json!(clip.sound.one_sided);
    let sounds = clip.sound.sounds.iter().map(|stretch| {
        json!({
            "start_s": stretch.start,
            "end_s": stretch.end,
            "kind": stretch.kind,
            "confidence": stretch.confidence,
        })
    });
    value["sounds"] = sounds.collect();
    let shots = clip.picture.shots.iter().map(|shot| json!({"start_s": shot.start, "end_s": shot.end}));
    value["shots"] = shots.collect();
    let samples = clip.picture.samples.iter().map(|moment| {
        json!({
            "time_s": moment.time,
            "aesthetic": moment.aesthetic,
            "motion": moment.motion,
            "action": moment.action,
            "steadiness": moment.steadiness,
            "appeal": moment.appeal,
        })
    });
    value["samples"] = samples.collect();
    let subjects = clip.picture.subjects.iter();
    value["subjects"] = subjects.map(|at| json!({"time_s": at.time, "subject": at.subject})).collect();
    value
}

fn music_json(music: &MusicFacts) -> Value {
    let mut value = beats_json(music);
    value["onsets_s"] = json!(music.form.onsets);
    value["loudness_lufs"] = json!(music.form.loudness.map(|level| f64::from(level) / 100.0));
    value["vibe"] = json!(music.form.vibe);
    value["vibe"]["onset_density"] = json!(f64::from(music.form.vibe.onset_density) / 100.0);
    value
}

/// Returns the beats as `mmm beats --json` prints them.
pub(super) fn beats_json(music: &MusicFacts) -> Value {
    let beats = music.beat.beats.iter();
    let beats = beats
        .map(|beat| json!({"time": beat.time, "position": beat.position, "confidence": beat.confidence}));
    let tempo = f64::from(music.beat.tempo_milli_bpm) / 1000.0;
    json!({
        "duration": music.form.duration,
        "tempo": tempo,
        "meter": music.beat.meter,
        "confidence": music.beat.confidence,
        "beats": beats.collect::<Vec<_>>(),
        "sections": music.form.sections,
        "events": music.form.events,
        "energy": music.form.energy,
    })
}
