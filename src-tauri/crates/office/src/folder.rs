//! The data folder of one desktop (DESIGN §10).
//!
//! ```text
//! yinxin.db          ledgers, records, people (SQLite, WAL)
//! content-keys.db    the keys of stored disclosures, kept apart
//! keys/              age passphrase files: founding.age, host.age,
//!                    recovery.age, <member id>.age, <key thumbprint>.age
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use yinxin_record::Id;
use yinxin_record::key::PublicKey;

use crate::error::{OfficeError, Result};
use crate::whole_file::{self, Readers};

/// Paths within the data folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`; nothing is touched.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("yinxin.db")
    }

    /// The keys of stored disclosures.
    #[must_use]
    pub fn content_keys(&self) -> PathBuf {
        self.0.join("content-keys.db")
    }

    /// Where the key files are.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// The founding key.
    #[must_use]
    pub fn founding_key(&self) -> PathBuf {
        self.keys().join("founding.age")
    }

    /// The host's keys.
    #[must_use]
    pub fn host_keys(&self) -> PathBuf {
        self.keys().join("host.age")
    }

    /// The host's keys, readable without a passphrase; only if switched on.
    #[must_use]
    pub fn unattended_keys(&self) -> PathBuf {
        self.keys().join("host.unattended")
    }

    /// Founding and host keys, sealed under the code of the recovery sheet.
    #[must_use]
    pub fn recovery_keys(&self) -> PathBuf {
        self.keys().join("recovery.age")
    }

    /// Which recovery sheet counts, and whether it was read back.
    #[must_use]
    pub fn recovery_state(&self) -> PathBuf {
        self.keys().join("recovery.json")
    }

    /// The key that a person was admitted with by the founding key.
    #[must_use]
    pub fn person_key(&self, id: &Id) -> PathBuf {
        self.keys().join(format!("{id}.age"))
    }

    /// A key that was made for a change of a person: named after itself, so that
    /// no other key is in its way.
    #[must_use]
    pub fn key_file(&self, key: &PublicKey) -> PathBuf {
        self.keys().join(format!("{}.age", key.thumbprint()))
    }

    /// Where the key of a person is.
    #[must_use]
    pub fn key_of(&self, id: &Id, key: &PublicKey) -> PathBuf {
        let made_later = self.key_file(key);
        if made_later.exists() { made_later } else { self.person_key(id) }
    }
}

/// Makes a folder that only this user may enter.
pub(crate) fn create_private_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(OfficeError::file(path))
}

/// Lets only this user enter a folder that is there.
pub(crate) fn make_private(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(path, mode).map_err(OfficeError::file(path))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Writes a file that only this user may read, durably and as a whole.
pub(crate) fn write_private_file(path: &Path, bytes: &[u8]) -> Result<()> {
    whole_file::write(path, bytes, Readers::Owner).map_err(OfficeError::file(path))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes a rename in `folder` durable, where the system can.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    fs::File::open(folder).and_then(|f| f.sync_all()).map_err(OfficeError::file(folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}
