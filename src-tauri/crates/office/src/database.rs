//! Open the two databases for writing, and bring an older one up to date.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{OfficeError, Result};
use crate::reading::{self, Reading};

/// How long a writer waits for another process before saying so.
const BUSY: Duration = Duration::from_secs(5);

/// How much of the database is kept in memory.
const CACHE_KIB: i64 = 64 * 1024;

/// Bytes of a page: entries are about a kilobyte, so few go to waste and a batch
/// is written in half as many pieces as with SQLite's own 4,096.
const PAGE: i64 = 8_192;

/// How many pages the write-ahead log may hold before they are copied into the
/// database: 32 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;

/// The schema versions of `yinxin.db`, forward only: index + 1 is
/// `user_version` after it ran.
const MIGRATIONS: &[&[&str]] = &[
    &[yinxin_ledger::store::SCHEMA, include_str!("schema.sql")],
    &[include_str!("forms.sql")],
    &[include_str!("destroying.sql")],
    &[include_str!("people.sql")],
    &[include_str!("erasing.sql")],
    &[include_str!("realm.sql")],
    &[include_str!("reviewing.sql")],
    &[include_str!("invite.sql")],
    &[include_str!("appointing.sql")],
    &[include_str!("state_of.sql")],
];

/// `content-keys.db`. Key numbers are never given twice.
const CONTENT_KEYS: &[&[&str]] =
    &[&["CREATE TABLE content_key (no INTEGER PRIMARY KEY AUTOINCREMENT, secret BLOB NOT NULL) STRICT;"]];

pub(crate) fn open_database(path: &Path) -> Result<Connection> {
    open(path, MIGRATIONS)
}

pub(crate) fn open_content_keys(path: &Path) -> Result<Connection> {
    open(path, CONTENT_KEYS)
}

pub(crate) fn read_database(path: &Path) -> Result<Reading> {
    reading::read(path, newest(MIGRATIONS))
}

pub(crate) fn read_content_keys(path: &Path) -> Result<Reading> {
    reading::read(path, newest(CONTENT_KEYS))
}

/// Makes a new database file with the newest schema.
pub(crate) fn create_database(path: &Path) -> Result<Connection> {
    create(path, MIGRATIONS)
}

/// Makes a new content key file.
pub(crate) fn create_content_keys(path: &Path) -> Result<Connection> {
    create(path, CONTENT_KEYS)
}

fn create(path: &Path, migrations: &[&[&str]]) -> Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    configure(&db)?;
    migrate(&mut db, migrations)?;
    Ok(db)
}

fn open(path: &Path, migrations: &[&[&str]]) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    check_ours(&db)?;
    configure(&db)?;
    migrate(&mut db, migrations)?;
    Ok(db)
}

/// Nothing is written into a database that is not ours.
pub(crate) fn check_ours(db: &Connection) -> Result<()> {
    if version(db)? == 0 {
        return Err(OfficeError::Damaged("not a database of this program"));
    }
    Ok(())
}

fn version(db: &Connection) -> Result<i64> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// What reading and writing have in common.
pub(crate) fn configure_any(db: &Connection) -> Result<()> {
    db.busy_timeout(BUSY)?;
    db.pragma_update(None, "trusted_schema", false)?;
    // A batch of a thousand records fits into memory and is written once.
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn configure(db: &Connection) -> Result<()> {
    configure_any(db)?;
    // Only heeded while the file is new.
    db.pragma_update(None, "page_size", PAGE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // A publish that returned is on disk.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Deleted cells are overwritten; whole freed pages cost no extra writing.
    db.pragma_update(None, "secure_delete", "fast")?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    // Otherwise a statement that could use a partial index is prepared anew for
    // every value that is bound to it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// The version of a database that this program knows.
pub(crate) fn check_known(db: &Connection, known: i64) -> Result<i64> {
    let found = version(db)?;
    if found > known {
        return Err(OfficeError::NewerDatabase { found, known });
    }
    Ok(found)
}

fn newest(migrations: &[&[&str]]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

fn migrate(db: &mut Connection, migrations: &[&[&str]]) -> Result<()> {
    let known = newest(migrations);
    let found = check_known(db, known)?;
    if found == known {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found = usize::try_from(version(&transaction)?).unwrap_or(0);
    for scripts in migrations.iter().skip(found) {
        for script in *scripts {
            transaction.execute_batch(script)?;
        }
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn statements_are_prepared_once() {
        let folder = tempfile::tempdir().unwrap();
        let db = create_database(&folder.path().join("yinxin.db")).unwrap();
        let mut query = db.prepare("SELECT record FROM submission WHERE record_key = ?1").unwrap();
        for key in [[1_u8; 32], [2; 32], [3; 32]] {
            assert!(!query.exists([key]).unwrap());
        }
        assert_eq!(query.get_status(StatementStatus::RePrepare), 0);
    }
}
