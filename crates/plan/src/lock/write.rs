use super::Lock;

const HEAD: &str = "\
# Written by `mmm build`; keep it in git, and the same movie is made anywhere.
# `mmm update` plans afresh. Times are seconds.
";

impl Lock {
    /// The lock as text: the same for equal locks.
    pub fn write(&self) -> String {
        let body = toml::to_string(self).expect("a lock is plain values with text keys");
        format!("{HEAD}{body}")
    }
}
