use super::FinishedFile;

/// What a finished file is to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub width: u32,
    pub height: u32,
    pub frames: u32,
    /// None where the movie is silent.
    pub samples: Option<u64>,
}

/// What of `wanted` a file does not hold, in words; empty where all is well.
pub fn shortcomings(file: &FinishedFile, wanted: &Wanted) -> Vec<String> {
    let mut found = Vec::new();
    if (file.width, file.height) != (wanted.width, wanted.height) {
        let (width, height) = (wanted.width, wanted.height);
        found.push(format!("the picture is {}×{}, not {width}×{height}", file.width, file.height));
    }
    if file.frames != wanted.frames {
        found.push(format!("it has {} frames, not {}", file.frames, wanted.frames));
    }
    if !file.steady {
        found.push("its frames stand at uneven times".to_owned());
    }
    if file.samples != wanted.samples {
        let say = |samples: Option<u64>| samples.map_or("none".to_owned(), |samples| samples.to_string());
        found.push(format!("it has {} samples of sound, not {}", say(file.samples), say(wanted.samples)));
    }
    if !file.starts_at_once {
        found.push("its index stands at the end".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: FinishedFile = FinishedFile {
        width: 640,
        height: 360,
        frames: 90,
        steady: true,
        samples: Some(144_000),
        starts_at_once: true,
    };

    #[test]
    fn every_shortcoming_is_named() {
        let wanted = Wanted { width: 640, height: 360, frames: 90, samples: Some(144_000) };
        assert!(shortcomings(&FILE, &wanted).is_empty());
        let other = Wanted { width: 1920, height: 1080, frames: 91, samples: None };
        let found = shortcomings(&FILE, &other);
        assert_eq!(found.len(), 3);
        assert_eq!(found[1], "it has 90 frames, not 91");
    }
}
