/// The comment that marks a finished movie or picture as written by `mmm`. In a picture it is followed by the
/// digest of the rest of the file, so a picture that another program changed is no longer recognized.
pub const OUR_MARK: &str = "made by mmm";
