use mmm_base::Time;
use mmm_spec::normal_name;

/// The longest clip of a pair. Phones film 1.5 s before and 1.5 s after a photo; containers round.
pub(crate) const LONGEST_PAIR: Time = Time::from_millis(4_100);
/// The most by which a proxy is shorter or longer than its clip.
pub(crate) const PROXY_LENGTHS: Time = Time::from_millis(500);

/// What the name of a file says about what it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FileName<'a> {
    pub folder: &'a str,
    /// The name in lower case, without its ending and without everything that marks a version:
    /// `img_1234` for `IMG_E1234.HEIC`, `IMG_1234_HEVC.MOV` and `IMG_1234.HEIC.MP4`.
    pub stem: String,
    /// The number that distinguishes files of the same name: 1 for `IMG_1234(1).HEIC`.
    pub number: Option<u32>,
    pub mark: Mark,
}

/// The version that a name claims to be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Mark {
    Plain,
    /// The result of editing; of two, the higher number is the later one.
    Edit(u32),
    Proxy,
    Thumbnail,
}

/// Words after a name that mark the result of editing, in lower case, as programs and Google Photos in many
/// languages write them.
const EDITED: &[&str] = &[
    "edited",
    "edit",
    "edits",
    "effects",
    "enhanced",
    "enhanced-nr",
    "retouched",
    "bearbeitet",
    "bewerkt",
    "modifié",
    "modifie",
    "retouché",
    "editado",
    "editada",
    "ha editado",
    "editat",
    "modificato",
    "modificata",
    "edytowane",
    "edytowany",
    "zmodyfikowane",
    "redigeret",
    "redigert",
    "redigerad",
    "muokattu",
    "upravené",
    "upraveno",
    "szerkesztett",
    "szerkesztve",
    "editate",
    "düzenlendi",
    "đã chỉnh sửa",
    "diedit",
    "изменено",
    "отредактировано",
    "змінено",
    "编辑",
    "已编辑",
    "已編輯",
    "編集済み",
    "편집됨",
    "수정됨",
];
/// Words after a name that mark a proxy.
const PROXY: &[&str] = &["proxy", "proxies", "lowres", "low-res", "lores", "lrv", "lrf"];
/// Folders in which cameras and editing programs write proxies.
const PROXY_FOLDERS: &[&str] = &["proxy", "proxies", "proxy media", "sub", "lrv", "lrf"];
/// Endings of photos.
const PHOTO: &[&str] = &["heic", "heif", "hif", "jpg", "jpeg", "png", "avif", "webp", "tif", "tiff", "dng"];
/// What else stands before the last ending, besides the ending of a photo: `PXL_1.MP.jpg`,
/// `PXL_1.RAW-01.COVER.jpg`.
const INNER: &[&str] =
    &["mov", "mp4", "mp", "mv", "ls", "ts", "cover", "original", "raw-01", "raw-02", "portrait-02"];
/// What separates a mark from the name.
const SEPARATORS: [char; 4] = ['-', '_', '.', ' '];

impl<'a> FileName<'a> {
    /// Reads a path.
    pub fn of(path: &'a str) -> Self {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let file = normal_name(file).to_lowercase();
        let (stem, ending) =
            file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((&file, ""));
        let (ending, number) = numbered(ending).map_or((ending, None), |(rest, number)| (rest, Some(number)));
        let mark = match ending {
            "thm" => Mark::Thumbnail,
            "lrv" | "lrf" => Mark::Proxy,
            _ => Mark::Plain,
        };
        let is_photo = PHOTO.contains(&ending);
        let mut name = Self { folder, stem: stem.to_owned(), number, mark };
        while name.strip(is_photo) {}
        name.strip_edit_beginning();
        if !is_photo && name.mark == Mark::Plain {
            name.strip_proxy_beginning();
            if is_proxy_folder(folder) {
                name.mark = Mark::Proxy;
            }
        }
        name
    }

    /// Removes one mark from the end; returns whether there was one.
    fn strip(&mut self, is_photo: bool) -> bool {
        let stem = self.stem.trim_end_matches([' ', '_']);
        let edit = || edit_mark(stem).filter(|_| !matches!(self.mark, Mark::Proxy | Mark::Thumbnail));
        let is_proxy = !is_photo && !matches!(self.mark, Mark::Edit(_));
        let thumbnail = || sony_thumbnail(stem).filter(|_| is_photo && self.mark == Mark::Plain);
        let proxy = || word_mark(stem, PROXY).or_else(|| counted_version(stem, 's')).filter(|_| is_proxy);
        let (rest, mark, number) = if let Some((rest, number)) = numbered(stem) {
            (rest, None, Some(number))
        } else if let Some(rest) = inner_ending(stem) {
            (rest, None, None)
        } else if let Some((rest, order)) = edit() {
            (rest, Some(Mark::Edit(order)), None)
        } else if let Some(rest) = proxy() {
            (rest, Some(Mark::Proxy), None)
        } else if let Some(rest) = thumbnail() {
            (rest, Some(Mark::Thumbnail), None)
        } else if let Some(rest) = word_mark(stem, &["hevc"]) {
            (rest, None, None)
        } else {
            return false;
        };
        if !rest.chars().any(char::is_alphanumeric) {
            return false;
        }
        self.number = self.number.or(number);
        self.mark = match (self.mark, mark) {
            // An edit of an edit: the last mark is the outermost.
            (Mark::Plain, Some(mark)) => mark,
            (mark, _) => mark,
        };
        self.stem = rest.to_owned();
        true
    }

    /// Removes Apple's mark of an edit.
    fn strip_edit_beginning(&mut self) {
        let is_counted = |rest: &&str| rest.starts_with(|first: char| first.is_ascii_digit());
        if let Some(rest) = self.stem.strip_prefix("img_e").filter(is_counted) {
            self.stem = format!("img_{rest}");
            if self.mark == Mark::Plain {
                self.mark = Mark::Edit(1);
            }
        }
    }

    /// Removes the mark of a proxy from the beginning.
    fn strip_proxy_beginning(&mut self) {
        let rest = ["s_", "proxy_", "proxy-"].iter().find_map(|mark| self.stem.strip_prefix(mark));
        if let Some(rest) = rest.filter(|rest| rest.chars().any(char::is_alphanumeric)) {
            self.stem = rest.to_owned();
            self.mark = Mark::Proxy;
        }
    }

    /// Whether it names the result of editing.
    pub fn is_edit(&self) -> bool {
        matches!(self.mark, Mark::Edit(_))
    }

    /// Returns the name that a clip shares with its proxy and its thumbnail. Some cameras count both alike
    /// but begin their names differently.
    pub fn source(&self) -> String {
        let stem = self.stem.as_str();
        // GoPro: GX010123.MP4 or GH010123.MP4, GL010123.LRV, GX010123.THM.
        if let Some(count) = stem.strip_prefix('g').and_then(|rest| rest.strip_prefix(['x', 'h', 'l', 's']))
            && count.len() == 6
            && count.bytes().all(|byte| byte.is_ascii_digit())
        {
            return format!("gopro {count}");
        }
        // Insta360: VID_20230501_120000_00_001.mp4, LRV_20230501_120000_11_001.lrv.
        if let ["vid" | "lrv", day, time, _, count] = stem.split('_').collect::<Vec<_>>()[..] {
            return format!("vid_{day}_{time}_{count}");
        }
        // Sony: C0001M01.MP4, C0001S03.MP4.
        counted_version(stem, 'm').unwrap_or(stem).to_owned()
    }
}

fn is_proxy_folder(folder: &str) -> bool {
    folder.split('/').any(|part| PROXY_FOLDERS.contains(&part.to_lowercase().as_str()))
}

/// Splits a number in brackets off the end.
fn numbered(stem: &str) -> Option<(&str, u32)> {
    let (rest, inside) = stem.strip_suffix(')')?.rsplit_once('(')?;
    let number = inside.parse().ok().filter(|_| inside.len() <= 3)?;
    Some((rest.trim_end(), number))
}

fn inner_ending(stem: &str) -> Option<&str> {
    let (rest, ending) = stem.rsplit_once('.')?;
    (PHOTO.contains(&ending) || INNER.contains(&ending)).then_some(rest)
}

/// Splits the mark of an edit off the end: `-edited`, `_edit-2`, ` (edited)`, `~2`.
fn edit_mark(stem: &str) -> Option<(&str, u32)> {
    if let Some(rest) = stem.strip_suffix(".portrait-01") {
        return Some((rest, 1));
    }
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((rest, inside)) = stem.strip_suffix(close).and_then(|rest| rest.rsplit_once(open))
            && EDITED.contains(&inside)
        {
            return Some((rest.trim_end_matches(SEPARATORS), 1));
        }
    }
    let bare = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let count = stem[bare.len()..].parse().ok().filter(|_| stem.len() - bare.len() <= 3);
    if let (Some(rest), Some(count)) = (bare.strip_suffix('~'), count) {
        return Some((rest, count));
    }
    let bare = if count.is_some() { bare.trim_end_matches(SEPARATORS) } else { stem };
    word_mark(bare, EDITED).map(|rest| (rest, count.unwrap_or(1)))
}

/// Splits one of `words`, and what separates it from the name, off the end.
fn word_mark<'a>(stem: &'a str, words: &[&str]) -> Option<&'a str> {
    let rest = |word: &&str| {
        let rest = stem.strip_suffix(*word)?;
        let bare = rest.trim_end_matches(SEPARATORS);
        (bare.len() < rest.len()).then_some(bare)
    };
    // The longest word, so that nothing of it stays: `-ha editado`.
    words.iter().filter_map(rest).min_by_key(|rest| rest.len())
}

/// Splits a letter and two digits off a number, with which Sony's cameras mark versions: `C0001S03`.
fn counted_version(stem: &str, letter: char) -> Option<&str> {
    let at = stem.len().checked_sub(2).filter(|at| stem.is_char_boundary(*at))?;
    let (rest, digits) = stem.split_at(at);
    let rest = rest.strip_suffix(letter)?;
    let is_digit = |letter: char| letter.is_ascii_digit();
    (digits.chars().all(is_digit) && rest.ends_with(is_digit)).then_some(rest)
}

/// Splits the mark of a thumbnail off the name that Sony's cameras give to it: `C0001T01` for the clip `C0001`.
fn sony_thumbnail(stem: &str) -> Option<&str> {
    let clip = counted_version(stem, 't')?;
    let count = clip.strip_prefix('c')?;
    (count.len() == 4 && count.bytes().all(|byte| byte.is_ascii_digit())).then_some(clip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> (String, Option<u32>, Mark) {
        let name = FileName::of(path);
        (name.stem, name.number, name.mark)
    }

    #[test]
    fn the_files_of_one_pair_have_one_stem() {
        let pairs: &[&[&str]] = &[
            &["IMG_1234.HEIC", "IMG_1234.MOV", "IMG_1234_HEVC.MOV", "img_1234.heic.mp4", "IMG_1234.JPG.MP4"],
            &["PXL_20230501_120500123.MP.jpg", "PXL_20230501_120500123.MP", "PXL_20230501_120500123.MP.mp4"],
            &["MVIMG_20190501_120000.jpg", "MVIMG_20190501_120000.MP4"],
            &["PXL_1.RAW-01.MP.COVER.jpg", "PXL_1.RAW-02.ORIGINAL.dng", "PXL_1.mp4"],
            &["Café_1.jpg", "Cafe\u{301}_1.mov", "CAFÉ_1.MOV"],
            &[
                "IMG_1234(1).HEIC",
                "IMG_1234(1).MOV",
                "IMG_1234_HEVC(1).MOV",
                "IMG_1234.HEIC(1).MP4",
                "IMG_1234.MP4(1)",
            ],
        ];
        for pair in pairs {
            let names: Vec<_> = pair.iter().map(|path| read(path)).collect();
            assert!(names.windows(2).all(|two| two[0] == two[1]), "{names:?}");
            assert_eq!(names[0].2, Mark::Plain);
        }
        assert_eq!(read("IMG_1234(1).HEIC"), ("img_1234".to_owned(), Some(1), Mark::Plain));
        assert_ne!(read("IMG_1234.HEIC"), read("IMG_1234(1).HEIC"));
    }

    #[test]
    fn marks_of_edits_are_read_in_many_languages() {
        for path in [
            "IMG_E1002.JPG",
            "img_1002-edited.jpg",
            "IMG_1002-bearbeitet.jpg",
            "IMG_1002-modifié.jpg",
            "IMG_1002-modifie\u{301}.jpg",
            "IMG_1002-ha editado.jpg",
            "IMG_1002-editado.HEIC",
            "IMG_1002-編集済み.jpg",
            "IMG_1002 (edited).jpg",
            "IMG_1002(Edited).jpg",
            "IMG_1002_edit.jpg",
            "IMG_1002 - Edited.jpg",
            "IMG_1002-Edit.tif",
            "IMG_1002-EFFECTS.jpg",
            "IMG_1002.HEIC-edited.jpg",
            "IMG_1002-Enhanced-NR.dng",
        ] {
            assert_eq!(read(path), ("img_1002".to_owned(), None, Mark::Edit(1)), "{path}");
        }
        assert_eq!(read("IMG_1002~2.jpg"), ("img_1002".to_owned(), None, Mark::Edit(2)));
        assert_eq!(read("IMG_1002.MP~3.jpg"), ("img_1002".to_owned(), None, Mark::Edit(3)));
        assert_eq!(read("IMG_1002-Edit-2.tif"), ("img_1002".to_owned(), None, Mark::Edit(2)));
        assert_eq!(read("IMG_1002-edited(1).jpg"), ("img_1002".to_owned(), Some(1), Mark::Edit(1)));
        assert_eq!(read("PXL_1.PORTRAIT-01.COVER.jpg"), ("pxl_1".to_owned(), None, Mark::Edit(1)));
        assert_eq!(read("PXL_1.PORTRAIT-02.ORIGINAL.jpg"), ("pxl_1".to_owned(), None, Mark::Plain));
    }

    #[test]
    fn marks_of_proxies_are_read() {
        let same = |source: &str, proxy: &str, mark: Mark| {
            let (source, proxy) = (FileName::of(source), FileName::of(proxy));
            assert_eq!((source.source(), source.mark), (proxy.source(), Mark::Plain));
            assert_eq!(proxy.mark, mark);
        };
        same("GX010123.MP4", "GL010123.LRV", Mark::Proxy);
        same("GH020123.MP4", "GL020123.LRV", Mark::Proxy);
        same("GOPR0123.MP4", "GOPR0123.LRV", Mark::Proxy);
        same("GX010123.MP4", "GX010123.THM", Mark::Thumbnail);
        same("MVI_0102.AVI", "MVI_0102.THM", Mark::Thumbnail);
        same("DJI_0001.MP4", "DJI_0001.LRF", Mark::Proxy);
        same("VID_20230501_120000_00_001.mp4", "LRV_20230501_120000_11_001.lrv", Mark::Proxy);
        same("CLIP/C0001M01.MP4", "SUB/C0001S03.MP4", Mark::Proxy);
        same("C0001.MP4", "SUB/C0001S03.MP4", Mark::Proxy);
        same("CLIP/C0001.MP4", "THMBNL/C0001T01.JPG", Mark::Thumbnail);
        same("name.mp4", "name_proxy.mp4", Mark::Proxy);
        same("name.mov", "name.proxy.mov", Mark::Proxy);
        same("name.mov", "Proxy/NAME.mov", Mark::Proxy);
        same("name.mov", "S_name.mp4", Mark::Proxy);
    }

    #[test]
    fn other_names_keep_what_only_looks_like_a_mark() {
        for path in [
            "credited.jpg",
            "edited.jpg",
            "(1).jpg",
            "-edit.jpg",
            "proxy.mov",
            "img_eiffel.jpg",
            "~2.jpg",
            "",
        ] {
            let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
            assert_eq!(read(path), (stem.to_owned(), None, Mark::Plain), "{path}");
        }
        for path in ["DSC0001T01.jpg", "C001T01.jpg", "C0001T01.mp4"] {
            assert_eq!(read(path).2, Mark::Plain, "{path}");
        }
        assert_eq!(read("a.b").0, "a");
        assert_eq!(read(".jpg").0, ".jpg");
        assert_eq!(read("é)(.jpg").0, "é)(");
    }
}
