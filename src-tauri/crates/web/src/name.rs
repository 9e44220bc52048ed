//! The host's own name: `<128 random bits>.localhost`, which browsers take to the
//! loopback address without asking anybody (RFC 6761 §6.3).
//!
//! A browser gives a cookie of `127.0.0.1` to every port there, and so to whatever
//! program of another user listens on one. A name that nobody else knows is a site
//! of its own. It is kept in the home folder, so that a page finds its program
//! again when that was started anew at the same port.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

const FILE: &str = "browser-host";
const LENGTH: usize = 32;

/// The name that is kept in `home`, or a new one.
///
/// # Errors
/// No randomness. That a new name cannot be kept is none.
pub(crate) fn of_home(home: &Path) -> io::Result<String> {
    let path = home.join(FILE);
    if let Some(kept) = fs::read_to_string(&path).ok().filter(|kept| is_name(kept)) {
        return Ok(format!("{kept}.localhost"));
    }
    let mut bytes = [0; LENGTH / 2];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let name = hex::encode(bytes);
    // Where nothing can be kept, the name is good for this run.
    let _ = keep(&path, &name);
    Ok(format!("{name}.localhost"))
}

fn is_name(text: &str) -> bool {
    text.len() == LENGTH && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn keep(path: &Path, name: &str) -> io::Result<()> {
    if let Some(home) = path.parent() {
        fs::create_dir_all(home)?;
    }
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create(true).truncate(true).open(path)?.write_all(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_kept_and_nothing_else_is_taken_for_one() {
        let home = tempfile::tempdir().unwrap();
        let name = of_home(home.path()).unwrap();
        assert_eq!(of_home(home.path()).unwrap(), name);
        fs::write(home.path().join(FILE), "evil.example/").unwrap();
        assert!(is_name(of_home(home.path()).unwrap().strip_suffix(".localhost").unwrap()));
    }
}
