//! Judge a batch and append it, in one transaction.

use rusqlite::{Connection, OptionalExtension, params};
use yinxin_ledger::store::{self, LedgerId};
use yinxin_record::act::Act;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, Delta, RecordState, View as _, Violation};
use yinxin_record::statement::Purpose;
use yinxin_record::{Coded as _, Digest, Id};

use super::{Checked, Completed};
use crate::erase::empty_contents;
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::{Office, check_head, rule_error, sign_head};
use crate::state::{LedgerView, store_record_state};
use crate::state_of::StateOf;

pub(super) type Written = (Vec<Id>, Vec<(Id, OfficeError)>);

/// Judges and appends a batch, with its records' states and the new checkpoint,
/// in one transaction.
pub(super) fn publish(
    db: &mut Connection,
    ledger: LedgerId,
    origin: &Origin,
    batch: Vec<Checked>,
    host: &HostKeys,
) -> Result<Written> {
    if batch.is_empty() {
        return Ok(Written::default());
    }
    let transaction = Office::begin(db)?;
    check_head(&transaction, ledger, origin)?;
    let before = store::head(&transaction, ledger)?;
    let mut view = LedgerView::load(&transaction, ledger, origin)?;
    let mut entries = Vec::with_capacity(batch.len());
    let (mut published, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
    for checked in batch {
        let completed = match checked {
            Ok(completed) => completed,
            Err(refusal) => {
                refused.push(refusal);
                continue;
            }
        };
        match judge(&transaction, &view, &completed) {
            Ok(judged) => {
                settle(&transaction, ledger, &mut view, &completed, &judged)?;
                published.push(completed.record);
                entries.push(completed);
            }
            Err(error @ OfficeError::Database(_)) => return Err(error),
            Err(error) => refused.push((completed.record, error)),
        }
    }
    let stale = mark_stale(&transaction, &refused)?;
    if !entries.is_empty() {
        let head = store::append(&transaction, ledger, &before, &entries)?;
        sign_head(&transaction, ledger, origin, &head, host)?;
        StateOf::save(&transaction, ledger, &head)?;
    }
    if stale || !entries.is_empty() {
        transaction.commit()?;
    }
    Ok((published, refused))
}

/// Notes beside what was refused that people have changed since it was signed, so
/// that both signers see it. Says whether it did.
fn mark_stale(db: &Connection, refused: &[(Id, OfficeError)]) -> Result<bool> {
    let mut marked = 0;
    for (record, error) in refused {
        let OfficeError::Rule(
            violation @ (Violation::RosterStale | Violation::NotInRoster | Violation::WrongRole),
        ) = error
        else {
            continue;
        };
        marked += db
            .prepare_cached(
                "UPDATE submission SET stale = ?2 WHERE record = (SELECT no FROM record WHERE id = ?1)",
            )?
            .execute(params![record.0, violation.code()])?;
    }
    Ok(marked > 0)
}

/// What an entry that may be published changes.
struct Judged {
    state: RecordState,
    /// The record key that takes effect with it.
    record_key: Option<Digest>,
}

/// Applies the ledger rules and finds what waits. Writes nothing: of what is
/// refused here, nothing has changed.
fn judge(db: &Connection, view: &LedgerView<'_>, completed: &Completed) -> Result<Judged> {
    let decision = rules::apply(view, &completed.statement, completed.leaf);
    let delta = decision.map_err(|error| why_refused(db, completed, rule_error(error)))?.delta;
    let Delta::Record(_, state) = delta else {
        return Err(OfficeError::Damaged("a draft that is no act on a record"));
    };
    // Only what still waits, exactly as it was signed, is published. Numbers of
    // records and contents that were dropped are given again; a draft is not.
    let draft = &completed.statement.innermost().bytes;
    let review = completed.statement.layer(Purpose::Review).map(|layer| &layer.bytes);
    let waiting: Option<Option<Vec<u8>>> = db
        .prepare_cached(
            "SELECT record_key FROM submission
             WHERE record = ?1 AND content = ?2 AND draft = ?3 AND review IS ?4 AND state = 'submitted'",
        )?
        .query_row(params![completed.no, completed.content, draft, review], |row| row.get(0))
        .optional()?;
    let key = waiting.ok_or(OfficeError::NothingWaits(completed.record))?;
    let whole = |key: Vec<u8>| Digest::from_slice(&key).ok_or(OfficeError::Damaged("a record key"));
    Ok(Judged { state, record_key: key.map(whole).transpose()? })
}

/// The rule's reason, unless the act is refused because another program has
/// published it meanwhile.
fn why_refused(db: &Connection, completed: &Completed, reason: OfficeError) -> OfficeError {
    let waits = "SELECT EXISTS (SELECT 1 FROM submission WHERE record = ?1 AND content = ?2 AND draft = ?3)";
    let draft = &completed.statement.innermost().bytes;
    match db.query_row(waits, params![completed.no, completed.content, draft], |row| row.get(0)) {
        Ok(true) => reason,
        Ok(false) => OfficeError::NothingWaits(completed.record),
        Err(error) => error.into(),
    }
}

/// Takes what waited and stores what the ledger will say of the record. What
/// fails here ends the batch, and with it all that it has written.
fn settle(
    db: &Connection,
    ledger: LedgerId,
    view: &mut LedgerView<'_>,
    completed: &Completed,
    judged: &Judged,
) -> Result<()> {
    let (act, position): (&Act, u64) = (&completed.statement.act, view.size());
    db.prepare_cached("DELETE FROM submission WHERE record = ?1")?.execute([completed.no])?;
    if let Some(key) = judged.record_key {
        db.prepare_cached("UPDATE record SET record_key = ?2 WHERE no = ?1")?
            .execute(params![completed.no, key.0])?;
    }
    store_record_state(db, completed.no, &judged.state)?;
    if judged.state.erased {
        empty_contents(db, ledger, completed.no)?;
    }
    store_record_act(db, completed.no, position, act, completed.content)?;
    view.count_record();
    Ok(())
}

/// Stores that the entry at `position` is about record number `no`.
pub(crate) fn store_record_act(
    db: &Connection,
    no: i64,
    position: u64,
    act: &Act,
    content: i64,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO record_act (record, position, act, version, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![no, store::signed(position), act.word(), act.version(), content])?;
    Ok(())
}
