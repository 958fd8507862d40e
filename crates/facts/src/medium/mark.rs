/// The comment in a finished movie. In a picture the digest of all else in the file follows it: what another
/// program changed is no longer ours.
pub const OUR_MARK: &str = "made by mmm";
