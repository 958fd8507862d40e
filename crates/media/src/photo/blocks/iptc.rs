use mmm_spec::{Remarks, WrittenTime, date_text};

/// The number of IPTC's records among Photoshop's resources.
const IPTC: u16 = 0x0404;

/// Record 2 of the model, and its datasets for when the picture was made and digitised: date, then time.
const RECORD: u8 = 2;
const DATES: [(u8, u8); 2] = [(55, 60), (62, 63)];

/// Datasets of record 2: the object's name and headline, a keyword, the caption, and the place from its smallest
/// part to the country.
const TITLES: [u8; 2] = [5, 105];
const KEYWORD: u8 = 25;
const CAPTION: u8 = 120;
const PLACE: [u8; 4] = [92, 90, 95, 101];

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

/// Returns what the records say about the picture.
pub(super) fn iptc_remarks(records: &[u8]) -> Remarks {
    let mut remarks = Remarks::default();
    let texts =
        |number: u8| datasets(records).filter(move |(found, _)| *found == number).map(|(_, text)| text);
    TITLES.into_iter().filter_map(|title| texts(title).next()).for_each(|text| remarks.name(&text));
    texts(KEYWORD).for_each(|keyword| remarks.add_keyword(&keyword));
    texts(CAPTION).take(1).for_each(|text| remarks.describe(&text));
    remarks.locate(PLACE.into_iter().filter_map(|part| texts(part).next()));
    remarks
}

/// Returns the text of the first dataset of that number in record 2.
fn dataset(records: &[u8], number: u8) -> Option<String> {
    datasets(records).find(|(found, _)| *found == number).map(|(_, text)| text)
}

/// Returns the numbers and texts of record 2. Few programs say how they encode texts; what is no UTF-8 is Latin 1.
fn datasets(mut records: &[u8]) -> impl Iterator<Item = (u8, String)> {
    let next = move || loop {
        let start = records.iter().position(|&byte| byte == 0x1c)?;
        let (&[_, record, dataset, high, low], rest) = records[start..].split_first_chunk::<5>()?;
        // The highest bit marks a length of more bytes, which no text has.
        let length = usize::from(u16::from_be_bytes([high, low]));
        let text = rest.get(..length)?;
        records = &rest[length..];
        if record == RECORD {
            let latin_1 = || text.iter().map(|&byte| char::from(byte)).collect();
            return Some((dataset, std::str::from_utf8(text).map_or_else(|_| latin_1(), str::to_owned)));
        }
    };
    std::iter::from_fn(next)
}
