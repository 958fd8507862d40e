use super::Repertoire;

/// Lato Medium: Latin, Greek and Cyrillic.
pub const MEDIUM: &[u8] = include_bytes!("../../../assets/fonts/Lato-Medium.ttf");
/// Lato Bold, with the same characters.
pub const BOLD: &[u8] = include_bytes!("../../../assets/fonts/Lato-Bold.ttf");

/// Whether the built-in faces draw all of a cluster.
pub fn built_in_has(cluster: &str) -> bool {
    Repertoire::of(BOLD, 0).is_some_and(|lato| lato.suits(cluster))
}
