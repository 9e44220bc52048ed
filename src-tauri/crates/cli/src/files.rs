//! Files in and out: bounded reading, writing as a whole.

use std::io::{self, Read as _};
use std::path::Path;

use yinxin_office::whole_file::{self, Readers};

use crate::failure::{CliError, Failure};

/// Enough of a file to know its kind.
const BEGINNING: u64 = 16 << 20;

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
    whole_file::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Refuses a place inside the data folder: what stands there is the office's.
pub(crate) fn check_outside(path: &Path, data: &Path) -> Result<(), Failure> {
    let data = data.canonicalize().map_err(Failure::file(data))?;
    let absolute = std::path::absolute(path).map_err(Failure::file(path))?;
    // Of a path that is not there yet, the part that is.
    let there = absolute.ancestors().find_map(|part| part.canonicalize().ok());
    if there.is_some_and(|there| there.starts_with(&data)) {
        return Err(CliError::InsideData { path: path.to_owned() }.into());
    }
    Ok(())
}

/// Writes a file as a whole; replaces only one that `is_same_kind` knows by its
/// beginning.
pub(crate) fn replace(
    path: &Path,
    bytes: &[u8],
    is_same_kind: impl FnOnce(&[u8]) -> bool,
) -> Result<(), Failure> {
    check_free(path, is_same_kind)?;
    whole_file::write(path, bytes, Readers::Usual).map_err(Failure::file(path))
}

/// Refuses a place where something else is, before anything is done.
pub(crate) fn check_free(path: &Path, is_same_kind: impl FnOnce(&[u8]) -> bool) -> Result<(), Failure> {
    let is_free = match path.symlink_metadata() {
        // A link, a device or a pipe is never what stood there before.
        Ok(there) => there.is_file() && is_same_kind(&read_beginning(path, BEGINNING)?),
        Err(_) => true,
    };
    if !is_free {
        return Err(CliError::OtherFileThere { path: path.to_owned() }.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn nothing_is_written_into_the_data_folder_or_over_other_files() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        for inside in ["data", "data/x", "data/no/such/x", "other/../data/x"] {
            fs::create_dir_all(folder.path().join("other")).unwrap();
            let refused = check_outside(&folder.path().join(inside), &data).unwrap_err();
            assert!(refused.is_one_of(&["inside_data_folder"]), "{inside}");
        }
        check_outside(&folder.path().join("data.yinxin"), &data).unwrap();
        let path = folder.path().join("policy");
        replace(&path, b"# one", |_| false).unwrap();
        replace(&path, b"# two", |there| there.starts_with(b"#")).unwrap();
        let refused = replace(&path, b"# three", |there| there.starts_with(b"!")).unwrap_err();
        assert!(refused.is_one_of(&["other_file_there"]));
        assert_eq!(read(&path, 9).unwrap(), b"# two");
    }

    #[test]
    fn too_long_is_refused_and_so_is_what_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"12345").unwrap();
        assert_eq!(read(&path, 5).unwrap(), b"12345");
        assert!(read(&path, 4).unwrap_err().is_one_of(&["file_too_large"]));
        assert_eq!(read_beginning(&path, 2).unwrap(), b"123");
        assert!(read(&folder.path().join("b"), 4).unwrap_err().is_one_of(&["file_not_found"]));
        assert!(read(folder.path(), 4).unwrap_err().is_one_of(&["not_a_file"]));
    }
}
