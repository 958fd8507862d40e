use mmm_spec::{WrittenTime, date_text};

/// The number of IPTC's records among Photoshop's resources.
const IPTC: u16 = 0x0404;

/// Record 2 of the model, and its datasets for when the picture was made and digitised: date, then time.
const RECORD: u8 = 2;
const DATES: [(u8, u8); 2] = [(55, 60), (62, 63)];

/// Returns the IPTC records in a list of Photoshop's resources (Adobe Photoshop File Formats Specification,
/// Image Resource Blocks).
pub(in super::super) fn in_resources(mut list: &[u8]) -> Option<&[u8]> {
    loop {
        // `8BIM`, a number, a name of a padded length, a length.
        let (head, rest) = list.split_first_chunk::<6>()?;
        if !head.starts_with(b"8BIM") {
            return None;
        }
        let name = usize::from(*rest.first()?) + 1;
        let rest = rest.get(name + name % 2..)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if u16::from_be_bytes([head[4], head[5]]) == IPTC {
            return Some(&rest[..length.min(rest.len())]);
        }
        list = rest.get(length.checked_add(length % 2)?..)?;
    }
}

/// Returns when the picture was made, according to its records (IPTC-NAA Information Interchange Model 4.2).
pub(super) fn iptc_date(records: &[u8]) -> Option<WrittenTime> {
    DATES.into_iter().find_map(|(date, time)| {
        let date = dataset(records, date)?;
        let time = dataset(records, time).unwrap_or_default();
        // A wrong time leaves the day.
        date_text(&format!("{date}T{time}")).or_else(|| date_text(&date))
    })
}

/// Returns the text of the first dataset of that number in record 2.
fn dataset(mut records: &[u8], number: u8) -> Option<String> {
    loop {
        let start = records.iter().position(|&byte| byte == 0x1c)?;
        let (&[_, record, dataset, high, low], rest) = records[start..].split_first_chunk::<5>()?;
        // The highest bit marks a length of more bytes, which no date has.
        let length = usize::from(u16::from_be_bytes([high, low]));
        let text = rest.get(..length)?;
        if (record, dataset) == (RECORD, number) {
            return Some(String::from_utf8_lossy(text).into_owned());
        }
        records = &rest[length..];
    }
}
