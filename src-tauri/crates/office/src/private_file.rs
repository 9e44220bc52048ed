//! Key files are read only if nobody else can read or change them.
//!
//! A copy of a key file can be tried against passphrases for ever, and a file
//! that others may replace is not the one that was written. So the file must
//! belong to this user and be closed to everybody else, and the folder it lies
//! in must not be writable for others (as `ssh` asks of its key files). On
//! systems without Unix permissions nothing is asked.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use yinxin_record::Coded;

use crate::error::{OfficeError, Result};
use crate::whole_file;

/// Why a key file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Exposure {
    /// Others may read or write the file.
    #[error("{0} is open to others")]
    File(PathBuf),
    /// The file or its folder belongs to another user.
    #[error("{0} belongs to another user")]
    Foreign(PathBuf),
    /// Others may write in the folder.
    #[error("others may write in {0}")]
    Folder(PathBuf),
    /// The medium knows no users: what is written there is open to others.
    #[error("files in {0} cannot be closed to others")]
    Medium(PathBuf),
}

impl Coded for Exposure {
    fn code(&self) -> &'static str {
        match self {
            Self::File(_) => "key_file_open",
            Self::Foreign(_) => "key_file_foreign",
            Self::Folder(_) => "key_folder_open",
            Self::Medium(_) => "key_folder_unclosable",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        let (Self::File(path) | Self::Foreign(path) | Self::Folder(path) | Self::Medium(path)) = self;
        vec![("path", path.display().to_string())]
    }
}

/// Reads a key file of at most `max` bytes.
///
/// # Errors
/// [`OfficeError::Exposed`], and what opening and reading may fail with.
pub(crate) fn read(path: &Path, max: u64) -> Result<Vec<u8>> {
    let file = whole_file::open(path).map_err(OfficeError::file(path))?;
    // Asked of the open file: the name may stand for another by now.
    check(&file, path)?;
    small(file, path, max)
}

/// Reads a file beside the keys that holds no secret.
pub(crate) fn read_any(path: &Path, max: u64) -> Result<Vec<u8>> {
    small(whole_file::open(path).map_err(OfficeError::file(path))?, path, max)
}

fn small(file: File, path: &Path, max: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(max + 1).read_to_end(&mut bytes).map_err(OfficeError::file(path))?;
    if bytes.len() as u64 > max {
        return Err(OfficeError::KeyFileDamaged(path.to_owned()));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn check(file: &File, path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    let about = file.metadata().map_err(OfficeError::file(path))?;
    if about.uid() != user {
        return Err(Exposure::Foreign(path.to_owned()).into());
    }
    if is_open(&about) {
        return Err(Exposure::File(path.to_owned()).into());
    }
    check_holder(path.parent().unwrap_or(Path::new(".")))
}

#[cfg(unix)]
fn check_holder(folder: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let user = rustix::process::geteuid().as_raw();
    let about = folder.metadata().map_err(OfficeError::file(folder))?;
    // The system's own administrator can do as he likes anyway.
    if about.uid() != user && about.uid() != 0 {
        return Err(Exposure::Foreign(folder.to_owned()).into());
    }
    if about.mode() & 0o022 != 0 {
        return Err(Exposure::Folder(folder.to_owned()).into());
    }
    Ok(())
}

/// Whether keys that lie in `folder`, or are to lie there, can be read: it must
/// be closed to others, and so must be what is written there. A stick with FAT
/// knows no users, and whatever is on it is everybody's.
///
/// # Errors
/// [`OfficeError::Exposed`], and what writing and reading may fail with.
pub(crate) fn check_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        check_holder(folder)?;
        let probe = folder.join(".yinxin-probe");
        let written = whole_file::write(&probe, b"", whole_file::Readers::Owner);
        let open = written.and_then(|()| probe.metadata()).map(|about| is_open(&about));
        // Best effort: it holds nothing, and the next probe replaces it.
        let _ = std::fs::remove_file(&probe);
        match open {
            Ok(true) => return Err(Exposure::Medium(folder.to_owned()).into()),
            Ok(false) => {}
            // Keys that are there can be used where nothing can be written.
            Err(error) if is_write_protected(&error) => {}
            Err(error) => return Err(OfficeError::file(folder)(error)),
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(unix)]
fn is_write_protected(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem)
}

/// Whether others may read or write what this says.
#[cfg(unix)]
fn is_open(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::mode(about) & 0o077 != 0
}

#[cfg(not(unix))]
fn check(_: &File, _: &Path) -> Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::whole_file::Readers;

    fn code(path: &Path) -> Option<&'static str> {
        read(path, 4).err().map(|error| error.code())
    }

    #[test]
    fn only_what_is_closed_to_others_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        whole_file::write(&path, b"1234", Readers::Owner).unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"1234");
        for (file, within, refused) in [
            (0o400, 0o500, None),
            (0o600, 0o755, None),
            (0o640, 0o700, Some("key_file_open")),
            (0o620, 0o700, Some("key_file_open")),
            (0o604, 0o700, Some("key_file_open")),
            (0o601, 0o700, Some("key_file_open")),
            (0o600, 0o770, Some("key_folder_open")),
            (0o600, 0o702, Some("key_folder_open")),
        ] {
            fs::set_permissions(&path, Permissions::from_mode(file)).unwrap();
            fs::set_permissions(folder.path(), Permissions::from_mode(within)).unwrap();
            assert_eq!(code(&path), refused, "{file:o} in {within:o}");
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(read(&path, 3).unwrap_err().code(), "key_file_damaged");
    }

    #[test]
    fn a_folder_for_keys_is_closed_to_others_and_nothing_is_left_there() {
        let folder = tempfile::tempdir().unwrap();
        for (within, refused) in
            [(0o700, None), (0o755, None), (0o500, None), (0o770, Some("key_folder_open"))]
        {
            fs::set_permissions(folder.path(), Permissions::from_mode(within)).unwrap();
            assert_eq!(check_folder(folder.path()).err().map(|error| error.code()), refused, "{within:o}");
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
        let gone = check_folder(&folder.path().join("no"));
        assert_eq!(gone.unwrap_err().code(), "file_not_found");
    }

    /// Only who may give files away can see this: in a container, as root.
    #[test]
    fn what_belongs_to_another_user_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        whole_file::write(&path, b"1234", Readers::Owner).unwrap();
        if std::os::unix::fs::chown(&path, Some(65_534), None).is_err() {
            return;
        }
        assert_eq!(code(&path), Some("key_file_foreign"));
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
        std::os::unix::fs::chown(folder.path(), Some(65_534), None).unwrap();
        assert_eq!(code(&path), Some("key_file_foreign"));
    }
}
