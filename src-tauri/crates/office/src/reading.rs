//! Open a database that is only read, and leave its folder as it was.
//!
//! Where the folder may be written, SQLite coordinates with whoever writes:
//! the reader sees one snapshot, and its `-wal` and `-shm` go when it closes.
//! Where it may not be written (a read-only medium, somebody else's copy), no
//! file can be made beside the database, so it is read as it lies there.

use std::fs::{self, Metadata, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::database::{check_known, check_ours, configure_any};
use crate::error::{OfficeError, Result};

/// A database that is only read.
pub(crate) struct Reading {
    pub db: Connection,
    /// Set if it is read without locks: true only while nobody writes.
    pub as_it_lies: Option<Seen>,
}

/// What a file was when it was opened.
#[derive(Debug)]
pub(crate) struct Seen {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
}

impl Seen {
    fn at(path: &Path) -> Result<Self> {
        let there = fs::metadata(path).map_err(OfficeError::file(path))?;
        Ok(Self { path: path.to_owned(), size: there.len(), modified: there.modified().ok() })
    }

    /// Refuses what was read if the file has changed since it was opened.
    pub(crate) fn check(&self) -> Result<()> {
        let now = Self::at(&self.path)?;
        if now.size == self.size && now.modified == self.modified {
            return Ok(());
        }
        Err(OfficeError::ChangedMeanwhile(self.path.clone()))
    }
}

/// Opens the database at `path`, whose schema must be version `known`.
pub(crate) fn read(path: &Path, known: i64) -> Result<Reading> {
    let reading = if may_be_written(path) { beside_writers(path)? } else { untouched(path)? };
    configure_any(&reading.db)?;
    let found = check_known(&reading.db, known)?;
    if found < known {
        return Err(OfficeError::OlderDatabase { found, known });
    }
    Ok(reading)
}

/// Whether files may be made and changed here. A folder without any right to
/// write is left alone even by those whom rights do not bind.
fn may_be_written(path: &Path) -> bool {
    let marked = |there: Metadata| there.permissions().readonly();
    let folder = path.parent().unwrap_or(Path::new("."));
    let forbidden = fs::metadata(folder).is_ok_and(marked) || fs::metadata(path).is_ok_and(marked);
    !forbidden && OpenOptions::new().write(true).open(path).is_ok()
}

fn beside_writers(path: &Path) -> Result<Reading> {
    // Only a connection that could write takes its -wal and -shm away again.
    let keeps_log = log_size(path).is_some_and(|size| size > 0);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.pragma_update(None, "query_only", true)?;
    // What a program that was stopped left behind is for the next writer.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps_log)?;
    check_ours(&db)?;
    Ok(Reading { db, as_it_lies: None })
}

fn untouched(path: &Path) -> Result<Reading> {
    if let Some(size) = log_size(path) {
        match open_uri(path, "mode=ro&readonly_shm=1") {
            Ok(db) => return Ok(Reading { db, as_it_lies: None }),
            Err(error) if !needs_file(&error) => return Err(error),
            Err(_) if size > 0 => return Err(OfficeError::WritingUnfinished(path.to_owned())),
            Err(_) => {}
        }
    }
    let as_it_lies = Some(Seen::at(path)?);
    Ok(Reading { db: open_uri(path, "mode=ro&immutable=1")?, as_it_lies })
}

fn open_uri(path: &Path, options: &str) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let absolute = std::path::absolute(path).map_err(OfficeError::file(path))?;
    let db = Connection::open_with_flags(uri(&absolute, options), flags)?;
    check_ours(&db)?;
    Ok(db)
}

/// Whether it failed because there is no `-shm` and none can be made.
fn needs_file(error: &OfficeError) -> bool {
    let OfficeError::Database(error) = error else { return false };
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// The size of the write-ahead log beside the database, if there is one.
fn log_size(path: &Path) -> Option<u64> {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    fs::metadata(name).ok().map(|there| there.len())
}

/// The URI of a file (RFC 8089); bytes that are not plain are escaped.
fn uri(absolute: &Path, options: &str) -> String {
    let mut uri = String::from("file://");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?" + options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_schema_is_said_and_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a?b#c%20 库.db");
        let db = Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA user_version = 1;").unwrap();
        drop(db);
        let before = fs::read(&path).unwrap();
        assert!(matches!(read(&path, 2), Err(OfficeError::OlderDatabase { found: 1, known: 2 })));
        let mut marked = fs::metadata(&path).unwrap().permissions();
        marked.set_readonly(true);
        fs::set_permissions(&path, marked).unwrap();
        assert!(matches!(read(&path, 2), Err(OfficeError::OlderDatabase { found: 1, known: 2 })));
        assert!(read(&path, 1).unwrap().as_it_lies.is_some());
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
