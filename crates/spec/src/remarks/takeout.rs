use serde_json::Value;

use super::Remarks;

/// Returns what the JSON file that Google Takeout writes beside a medium says about it; `None` if the text is no
/// such file.
pub fn takeout_remarks(json: &str) -> Option<Remarks> {
    let said: Value = serde_json::from_str(json.trim_start_matches('\u{feff}')).ok()?;
    // Albums have a JSON file of their own, without these.
    const OWN: [&str; 4] = ["photoTakenTime", "geoData", "imageViews", "googlePhotosOrigin"];
    if !OWN.iter().any(|key| said.get(key).is_some()) {
        return None;
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut remarks = Remarks { file_name: text(&said, "title"), ..Remarks::default() };
    remarks.is_favourite = said.get("favorited") == Some(&Value::Bool(true));
    if let Some(description) = text(&said, "description") {
        remarks.describe(&description);
    }
    let people = said.get("people").and_then(Value::as_array).into_iter().flatten();
    people.filter_map(|person| text(person, "name")).for_each(|name| remarks.add_person(&name, None));
    for key in ["geoData", "geoDataExif"] {
        let degrees = |side: &str| said.get(key)?.get(side)?.as_f64();
        if let (Some(lat), Some(lon)) = (degrees("latitude"), degrees("longitude")) {
            remarks.put_at(lat, lon);
        }
    }
    Some(remarks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_the_place_and_the_heart_are_read() {
        let json = r#"{"title": "IMG_1.jpg", "description": "On the pier", "imageViews": "3",
            "photoTakenTime": {"timestamp": "1559736000"}, "geoData": {"latitude": 0.0, "longitude": 0.0},
            "geoDataExif": {"latitude": 38.7, "longitude": -9.1},
            "people": [{"name": "Anna"}, {"name": "Bob Smith"}, {"name": 3}, 7], "favorited": true}"#;
        let remarks = takeout_remarks(json).unwrap();
        let names: Vec<&str> = remarks.people.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["Anna", "Bob Smith"]);
        assert_eq!(remarks.position_e7, Some((387_000_000, -91_000_000)));
        assert_eq!((remarks.caption.as_deref(), remarks.is_favourite), (Some("On the pier"), true));
        assert_eq!(remarks.file_name.as_deref(), Some("IMG_1.jpg"));
    }

    #[test]
    fn other_json_is_no_takeout() {
        for json in ["", "{", "[]", "3", "null", r#"{"title": "Summer", "people": [{"name": "Anna"}]}"#] {
            assert_eq!(takeout_remarks(json), None, "{json}");
        }
        let odd = r#"{"photoTakenTime": 3, "people": {"name": "x"}, "favorited": "yes", "geoData": [1, 2]}"#;
        assert_eq!(takeout_remarks(odd), Some(Remarks::default()));
    }
}
