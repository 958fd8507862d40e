use mmm_base::{CaptureTime, TimeSource};
use serde_json::Value;

/// The last second of the year 9999.
const LAST_S: i64 = 253_402_300_799;

/// Returns when a medium was taken, according to the JSON file that Google Takeout writes beside it: its
/// `photoTakenTime`, in UTC. `creationTime` is when it was uploaded.
pub fn takeout_time(json: &str) -> Option<CaptureTime> {
    let said: Value = serde_json::from_str(json.trim_start_matches('\u{feff}')).ok()?;
    let seconds = match said.get("photoTakenTime")?.get("timestamp")? {
        Value::String(text) => text.trim().parse::<i64>().ok()?,
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))?,
        _ => return None,
    };
    let is_time = seconds > 0 && seconds <= LAST_S;
    is_time.then(|| CaptureTime::new(seconds, Some(0), TimeSource::Takeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_taken_counts_and_not_that_of_the_upload() {
        let taken = |time: &str| {
            takeout_time(&format!(
                r#"{{"title":"a.jpg","creationTime":{{"timestamp":"1561256963"}},"photoTakenTime":{time}}}"#
            ))
        };
        let june = Some(CaptureTime::new(1_559_736_000, Some(0), TimeSource::Takeout));
        assert_eq!(taken(r#"{"timestamp":"1559736000","formatted":"5 Jun 2019, 12:00:00 UTC"}"#), june);
        assert_eq!(taken(r#"{"timestamp":1559736000}"#), june);
        assert_eq!(taken(r#"{"timestamp":1559736000.25}"#), june);
        for wrong in [
            r#"{"timestamp":"0"}"#,
            r#"{"timestamp":"-62135596800"}"#,
            r#"{"timestamp":"soon"}"#,
            r#"{"timestamp":null}"#,
            r#"{"timestamp":1e300}"#,
            r#"{"formatted":"5 Jun 2019"}"#,
            "null",
            "[]",
        ] {
            assert_eq!(taken(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn other_json_says_nothing() {
        for json in ["", "{", "[]", "3", r#"{"title":"Summer","date":{"timestamp":"1559736000"}}"#] {
            assert_eq!(takeout_time(json), None, "{json}");
        }
    }
}
