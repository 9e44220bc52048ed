//! Erase: a record's contents are destroyed by an act that two people sign.
//!
//! ```text
//! drafter   erase(reason)  ─ waits like any draft ─  approver
//! with the act, in one transaction   the sealed sets of every earlier act on the
//!                                    record are emptied, its forms dropped, its
//!                                    names taken out of search and record key
//! after the commit                   the keys are destroyed, and what was freed in
//!                                    both databases is overwritten
//! ```
//!
//! What the acts say in the open stays, as their digests do. Until overwriting is
//! done a mark says so, and the next opening does it.

use rusqlite::{Connection, params};
use yinxin_ledger::store::{self, LedgerId};
use yinxin_record::Id;
use yinxin_record::cbor::Value;
use yinxin_record::statement::Statement;
use yinxin_record::template;
use yinxin_record::validate::Values;

use crate::draft::values_of;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::search_index;
use crate::submit::Ending;
use crate::surroundings::Surroundings;

/// The most bytes of free pages that are filled at a time.
const FILLER: i64 = 64 << 20;

impl Office {
    /// Drafts the erasure of a record, in force or withdrawn. It takes effect when
    /// it is approved, and cannot be undone then.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::NotPublished`],
    /// [`OfficeError::Erased`], [`OfficeError::WaitsAlready`],
    /// [`OfficeError::BadReason`].
    pub fn erase(
        &mut self,
        id: &Id,
        reason: &str,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        self.must_be_for(drafter, Duty::Erase)?;
        self.submit_ending(id, Ending::Erase, reason, drafter, surroundings)
    }
}

/// Empties the contents of every act on record number `no` so far, and forgets
/// what names it, but for what its acts say in the open.
pub(crate) fn empty_contents(db: &Connection, ledger: LedgerId, no: i64) -> Result<()> {
    db.execute(
        "UPDATE content SET sealed = x'' WHERE no IN (SELECT content FROM record_act WHERE record = ?1)",
        [no],
    )?;
    db.execute("DELETE FROM form WHERE record = (SELECT id FROM record WHERE no = ?1)", [no])?;
    let open = open_values(db, ledger, no)?;
    let texts = open.values().filter_map(Value::as_text);
    search_index::store(db, no, &search_index::tokens(texts))?;
    let template: String =
        db.query_row("SELECT template FROM record WHERE no = ?1", [no], |row| row.get(0))?;
    let named_in_the_open = template::builtin(&template)
        .is_some_and(|template| template.record_key.iter().all(|key| open.contains_key(key)));
    if !named_in_the_open {
        db.execute("UPDATE record SET record_key = x'' WHERE no = ?1", [no])?;
    }
    db.execute("INSERT OR IGNORE INTO to_overwrite (one) VALUES (1)", [])?;
    Ok(())
}

/// What the current version of a record says in the open.
fn open_values(db: &Connection, ledger: LedgerId, no: i64) -> Result<Values> {
    let position: i64 = db.query_row(
        "SELECT max(position) FROM record_act WHERE record = ?1 AND act IN ('publish', 'amend')",
        [no],
        |row| row.get(0),
    )?;
    let entry = store::entry(db, ledger, store::unsigned(position)?)?;
    let statement = Statement::parse(&entry).map_err(|_| OfficeError::Damaged("an entry"))?;
    Ok(statement.act.content().map(|content| values_of(content, &[])).unwrap_or_default())
}

/// Overwrites what was freed, if that is still to be done. It fails as long as
/// another program reads; then the mark stays, and the next opening tries again.
pub(crate) fn overwrite_freed(db: &Connection, keys: &Connection) -> Result<()> {
    let wanted: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM to_overwrite)", [], |row| row.get(0))?;
    if !wanted {
        return Ok(());
    }
    // Deleted terms stay in the segments of the index until these are merged.
    db.execute("INSERT INTO search_index (search_index) VALUES ('optimize')", [])?;
    for one in [keys, db] {
        fill_free_pages(one)?;
    }
    if empty_log(keys)? && empty_log(db)? {
        db.execute("DELETE FROM to_overwrite", [])?;
    }
    Ok(())
}

/// Takes every free page of the database and gives it back zeroed.
fn fill_free_pages(db: &Connection) -> Result<()> {
    db.pragma_update(None, "secure_delete", true)?;
    let filled = fill(db);
    db.pragma_update(None, "secure_delete", "fast")?;
    filled
}

fn fill(db: &Connection) -> Result<()> {
    let count = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let free = count("freelist_count")?.saturating_mul(count("page_size")?);
    db.execute_batch("CREATE TABLE filler (zeros BLOB)")?;
    let mut left = free;
    while left > 0 {
        db.execute("INSERT INTO filler (zeros) VALUES (zeroblob(?1))", params![left.min(FILLER)])?;
        left -= FILLER;
    }
    db.execute_batch("DROP TABLE filler")?;
    Ok(())
}

/// Moves the write-ahead log into the database and cuts it off; says whether
/// nobody was in the way.
fn empty_log(db: &Connection) -> Result<bool> {
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Refuses to end what is ended already.
pub(crate) fn check_ending(id: &Id, ending: Ending, withdrawn: bool, erased: bool) -> Result<()> {
    match ending {
        _ if erased => Err(OfficeError::Erased(*id)),
        Ending::Withdraw if withdrawn => Err(OfficeError::Withdrawn(*id)),
        Ending::Withdraw | Ending::Erase => Ok(()),
    }
}
