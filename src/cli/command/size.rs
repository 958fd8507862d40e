//! How a movie fits into its `max-size`.

use serde_json::{Value, json};

use mmm_engine::SizeReport;
use mmm_spec::bytes_text;

pub(super) fn size_json(size: &SizeReport) -> Value {
    json!({
        "limit": size.limit,
        "at_most": size.at_most,
        "crf": size.rate_factor,
        "crf_of_quality": size.asked,
        "finer": size.finer.map(|(factor, segments)| json!({"crf": factor, "segments": segments})),
        "sound_kbit_s": size.sound,
        "rounds": size.rounds,
        "fits": size.fits,
    })
}

/// Returns a sentence without a period.
pub(super) fn size_words(size: &SizeReport) -> String {
    let limit = bytes_text(size.limit);
    let settings = || {
        let sound = size.sound.map_or_else(String::new, |rate| format!(", sound at {rate} kbit/s"));
        match size.rate_factor == size.asked {
            true if sound.is_empty() => "its quality unchanged".to_owned(),
            true => format!("CRF {}{sound}", size.rate_factor),
            false => {
                let finer = size.finer.map_or_else(String::new, |(factor, segments)| {
                    format!(" (CRF {factor} in {segments} segments)")
                });
                format!("CRF {}{finer} instead of {}{sound}", size.rate_factor, size.asked)
            }
        }
    };
    let rounds = if size.rounds == 1 { "1 round".to_owned() } else { format!("{} rounds", size.rounds) };
    match size.fits {
        Some(true) => format!("at most {limit}: fits with {}, found in {rounds}", settings()),
        Some(false) => format!("at most {limit}: does not fit, tried in {rounds}"),
        None => format!("at most {limit}: the build will find settings that fit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_said_in_one_line() {
        let size = SizeReport {
            limit: 16_000_000,
            rate_factor: 26.5,
            asked: 20.0,
            finer: None,
            sound: Some(96),
            rounds: 2,
            fits: Some(true),
            at_most: Some(15_000_000),
            smallest: Some(15_000_000),
        };
        let wanted = "at most 16MB: fits with CRF 26.5 instead of 20, sound at 96 kbit/s, found in 2 rounds";
        assert_eq!(size_words(&size), wanted);
        let mixed = size_words(&SizeReport { finer: Some((24.0, 5)), ..size.clone() });
        assert!(mixed.contains("CRF 26.5 (CRF 24 in 5 segments) instead of 20"), "{mixed}");
        let first = SizeReport { rate_factor: 20.0, sound: None, rounds: 1, ..size };
        assert_eq!(size_words(&first), "at most 16MB: fits with its quality unchanged, found in 1 round");
    }
}
