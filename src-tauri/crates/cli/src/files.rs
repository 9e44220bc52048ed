//! Files in and out: bounded reading, writing as a whole.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::failure::{CliError, Failure};

/// Reads at most `max` bytes.
///
/// # Errors
/// What opening and reading may fail with, and a file that is longer.
pub(crate) fn read(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    let bytes = read_beginning(path, max)?;
    if bytes.len() as u64 > max {
        return Err(CliError::FileTooLarge { path: path.to_owned(), max }.into());
    }
    Ok(bytes)
}

/// Reads a file, of a longer one the first `max + 1` bytes.
pub(crate) fn read_beginning(path: &Path, max: u64) -> Result<Vec<u8>, Failure> {
    take(path, max.saturating_add(1)).map_err(Failure::file(path))
}

fn take(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file as a whole, or leaves what was there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let temporary = path.with_file_name(name);
    let written = write_synced(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // Best effort: what failed is told, whether or not this succeeds.
        let _ = fs::remove_file(&temporary);
        Failure::file(path)(error)
    })
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_long_is_refused_and_whole_files_replace_whole_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write(&path, b"123").unwrap();
        write(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert!(read(&path, 4).unwrap_err().is_one_of(&["file_too_large"]));
        assert_eq!(read_beginning(&path, 2).unwrap(), b"123");
        assert!(read(&folder.path().join("b"), 4).unwrap_err().is_one_of(&["file_not_found"]));
        assert!(write(&folder.path().join("no/such"), b"").unwrap_err().is_one_of(&["file_not_found"]));
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
