//! The folder for files that are handed in and out, below the home folder: what a
//! program that was killed left there goes when the next one starts.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A private folder of this run. It is locked by a file beside it for as long as
/// the program runs, however that ends.
pub(crate) struct Handed {
    folder: TempDir,
    lock: Option<(PathBuf, File)>,
}

impl Handed {
    /// Makes one below `home`, and removes those whose program has ended. Where
    /// nothing can be written there, it is made where the system keeps such.
    pub(crate) fn new(home: &Path) -> io::Result<Self> {
        Self::below(&home.join("handed")).or_else(|_| {
            let folder = tempfile::Builder::new().prefix("yinxin-").tempdir()?;
            Ok(Self { folder, lock: None })
        })
    }

    fn below(parent: &Path) -> io::Result<Self> {
        make_private(parent)?;
        sweep(parent)?;
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(parent)?;
        let path = folder.path().with_extension("lock");
        let lock = File::create(&path)?;
        lock.lock()?;
        Ok(Self { folder, lock: Some((path, lock)) })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Handed {
    fn drop(&mut self) {
        // Best effort: what stays is swept at the next start.
        if let Some((path, _)) = &self.lock {
            let _ = fs::remove_file(path);
        }
    }
}

/// Folders without a lock are left: their program is just starting.
fn sweep(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        // Somebody else may have swept it meanwhile.
        let Ok(lock) = File::open(&path) else { continue };
        if lock.try_lock().is_ok() {
            let _ = fs::remove_dir_all(path.with_extension(""));
            let _ = fs::remove_file(&path);
        }
    }
    Ok(())
}

/// Only this user may look into it.
fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_goes_and_what_is_in_use_stays() {
        let home = tempfile::tempdir().unwrap();
        let left = home.path().join("handed/run-left");
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("sheet.csv"), "示例").unwrap();
        fs::write(left.with_extension("lock"), "").unwrap();
        let first = Handed::new(home.path()).unwrap();
        assert!(!left.exists() && !left.with_extension("lock").exists());
        let second = Handed::new(home.path()).unwrap();
        assert!(first.path().is_dir() && second.path().is_dir());
        drop((first, second));
        assert_eq!(home.path().join("handed").read_dir().unwrap().count(), 0);
    }

    #[test]
    fn a_home_that_cannot_be_written_is_no_hindrance() {
        let home = tempfile::NamedTempFile::new().unwrap();
        assert!(Handed::new(home.path()).unwrap().path().is_dir());
    }
}
