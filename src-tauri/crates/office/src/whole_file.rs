//! Files as wholes: written completely or not at all, read only if they end.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read what this user makes.
    Usual,
    /// Only this user.
    Owner,
}

/// A path that leads to a pipe, a device or a folder: reading it might never
/// end. Stands inside the [`io::Error`] of [`open`].
#[derive(Debug, thiserror::Error)]
#[error("not a regular file")]
pub struct NotRegular;

/// Whether [`open`] refused what is no regular file.
#[must_use]
pub fn is_not_regular(error: &io::Error) -> bool {
    matches!(error.get_ref(), Some(inner) if inner.is::<NotRegular>())
}

/// Opens a file for reading, links followed.
///
/// # Errors
/// What opening may fail with, and [`NotRegular`].
pub fn open(path: &Path) -> io::Result<File> {
    // Asked before opening: opening a pipe waits for somebody to write.
    if fs::metadata(path)?.is_file() { File::open(path) } else { Err(io::Error::other(NotRegular)) }
}

/// Writes a file durably and as a whole, or leaves what was there: a temporary
/// neighbour, synced, then renamed over `path`.
///
/// # Errors
/// What making, writing and renaming may fail with.
pub fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let temporary = temporary(path);
    // A neighbour that was left by a crash could have other readers.
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let written = write_synced(&temporary, bytes, readers).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Best effort: what failed is told, whether or not this succeeds.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// The neighbour in which [`write`] makes what is to be at `path`; a crash may
/// leave it behind.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    path.with_file_name(name)
}

fn write_synced(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_files_replace_whole_files_and_leave_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(folder.path().join(".a.new"), b"left by a crash").unwrap();
        write(&path, b"123", Readers::Usual).unwrap();
        write(&path, b"12345", Readers::Owner).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"12345");
        fs::create_dir(folder.path().join("b")).unwrap();
        assert!(write(&folder.path().join("b"), b"", Readers::Usual).is_err());
        assert!(write(&folder.path().join("no/such"), b"", Readers::Usual).is_err());
        assert_eq!(folder.path().read_dir().unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn what_may_never_end_is_not_opened() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        write(&file, b"1", Readers::Owner).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        symlink(&file, &link).unwrap();
        open(&link).unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&pipe, Path::new("/dev/zero"), folder.path()] {
            let refused = open(path).unwrap_err();
            assert!(is_not_regular(&refused), "{}", path.display());
        }
    }
}
