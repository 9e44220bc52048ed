//! Submit drafts for review and approval.

use std::ops::ControlFlow;
use std::sync::mpsc;

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_record::act::Successor;
use yinxin_record::rules::Violation;
use yinxin_record::validate::{Validator, Values, cells_of, parse_set};
use yinxin_record::{Digest, Id};

use crate::browse::{Stored, by_record_key};
use crate::content;
use crate::draft::{self, Doing, Draft, Named, TemplateInUse};
use crate::duty::Duty;
use crate::erase::check_ending;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::people::Unlocked;
use crate::search_index;
use crate::state::record_state;
use crate::surroundings::{Surroundings, random};

/// How many drafts are committed together.
pub const BATCH: usize = 1_000;

/// How many batches may be on their way from one thread to the other.
pub(crate) const AHEAD: usize = 3;

/// The longest reason, in characters.
const MAX_REASON: usize = 2_000;

/// One thing to submit: checked values for a new record, or for a new version.
#[derive(Clone, Copy)]
pub(crate) enum Submission<'v> {
    New(&'v Values),
    Amended(Id, &'v Values),
}

/// What became of submissions.
#[derive(Debug, Default)]
pub(crate) struct Submitted {
    /// The records of which something waits now, in order.
    pub records: Vec<Id>,
    /// How many of them are new.
    pub new: usize,
    /// Which submissions were refused, by their place, and why.
    pub refused: Vec<(usize, OfficeError)>,
    /// Why it ended early.
    pub failed: Option<OfficeError>,
}

impl Submitted {
    /// The record of the only submission.
    pub(crate) fn only(mut self) -> Result<Id> {
        let error = self.failed.or_else(|| self.refused.pop().map(|(_, error)| error));
        match (self.records.first(), error) {
            (Some(record), None) => Ok(*record),
            (_, error) => Err(error.unwrap_or(OfficeError::Interrupted)),
        }
    }

    fn take(&mut self, written: Vec<Written>) {
        let gone_through = self.records.len() + self.refused.len();
        for (place, written) in written.into_iter().enumerate() {
            match written {
                Ok((record, is_new)) => {
                    self.records.push(record);
                    self.new += usize::from(is_new);
                }
                Err(error) => self.refused.push((gone_through + place, error)),
            }
        }
    }
}

/// A record that is written, and whether it is new; or why it is refused.
type Written = Result<(Id, bool)>;

/// Tells why one submission is refused, so that the others can go on, from what
/// ends everything.
fn refusable<T>(result: Result<T>) -> Result<Result<T>> {
    use OfficeError as E;
    match result {
        Err(
            error @ (E::WaitsAlready(_)
            | E::AlreadyThere(_)
            | E::KeyTaken { .. }
            | E::Withdrawn(_)
            | E::NoSuchRecord(_)
            | E::TooLarge
            | E::Rule(_)
            | E::Damaged(_)),
        ) => Ok(Err(error)),
        other => other.map(Ok),
    }
}

impl Office {
    /// Signs and stores submissions in batches; calls `done` after each batch
    /// is on disk with how many are stored so far, and stops if it says so.
    /// What one submission is refused for stops no other. It fails only as long
    /// as nothing came of it; later, what ended it is in the outcome.
    pub(crate) fn submit_all(
        &mut self,
        template: &TemplateInUse,
        submissions: &[Submission<'_>],
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
        done: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<Submitted> {
        self.must_be_for(drafter, Duty::Draft)?;
        let mut successors = self.successors(submissions)?.into_iter();
        let origin = self.origin.to_string();
        let (db, keys) = (&mut self.db, &mut self.content_keys);
        let mut outcome = Submitted::default();
        // The workers sign ahead while this thread writes, and while it waits
        // for the disk.
        rayon::in_place_scope(|scope| {
            let (ready, signed) = mpsc::sync_channel(AHEAD);
            scope.spawn(move |_| {
                for batch in submissions.chunks(BATCH) {
                    let successors = successors.by_ref().take(batch.len()).collect();
                    let drafts = sign_drafts(template, batch, successors, &origin, drafter, surroundings);
                    // Nobody receives any more once writing has failed.
                    if ready.send(drafts).is_err() {
                        return;
                    }
                }
            });
            for batch in signed {
                let now = surroundings.now();
                match write_batch(db, keys, &template.template.name, batch, drafter, now) {
                    Ok(written) => outcome.take(written),
                    Err(error) => {
                        outcome.failed = Some(error);
                        break;
                    }
                }
                if done(outcome.records.len()).is_break() {
                    break;
                }
            }
        });
        match outcome.failed {
            Some(error) if outcome.records.is_empty() && outcome.refused.is_empty() => Err(error),
            _ => Ok(outcome),
        }
    }

    /// What each amended record's new version follows; `None` where it is to
    /// be a first version.
    fn successors(&self, batch: &[Submission<'_>]) -> Result<Vec<Result<Option<Successor>>>> {
        let one = |submission: &Submission<'_>| match submission {
            Submission::New(_) => Ok(Ok(None)),
            Submission::Amended(id, _) => refusable(successor(&self.db, id, 1)),
        };
        batch.iter().map(one).collect()
    }

    /// Submits a new version of a record with some values changed (`field=value`); of a
    /// returned first version, the corrected first version.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::WaitsAlready`],
    /// [`OfficeError::Withdrawn`], [`OfficeError::Set`],
    /// [`OfficeError::NothingChanges`], [`OfficeError::KeyTaken`],
    /// [`OfficeError::Values`].
    pub fn amend(
        &mut self,
        id: &Id,
        settings: &[String],
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        self.must_be_for(drafter, Duty::Draft)?;
        let stored = self.editable(id)?;
        let template = TemplateInUse::builtin(&stored.template)?;
        let old = self.latest_values(&stored)?;
        let mut cells = cells_of(&old);
        for setting in settings {
            let (key, cell) = parse_set(&template.template, setting)?;
            cells.insert(key, cell);
        }
        let validator = Validator::new(&template.template).map_err(|_| OfficeError::Damaged("template"))?;
        let values = validator.check(1, &cells).map_err(OfficeError::Values)?;
        if values == old {
            return Err(OfficeError::NothingChanges(*id));
        }
        let submission = [Submission::Amended(*id, &values)];
        let go_on = &mut |_| ControlFlow::Continue(());
        self.submit_all(&template, &submission, drafter, surroundings, go_on)?.only()?;
        Ok(())
    }

    /// Submits the withdrawal of a published record.
    ///
    /// # Errors
    /// [`OfficeError::NoSuchRecord`], [`OfficeError::WaitsAlready`],
    /// [`OfficeError::Withdrawn`], [`OfficeError::NotPublished`],
    /// [`OfficeError::BadReason`].
    pub fn withdraw(
        &mut self,
        id: &Id,
        reason: &str,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        self.must_be_for(drafter, Duty::Withdraw)?;
        self.submit_ending(id, Ending::Withdraw, reason, drafter, surroundings)
    }

    /// Drafts the end of a record.
    pub(crate) fn submit_ending(
        &mut self,
        id: &Id,
        ending: Ending,
        reason: &str,
        drafter: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        check_reason(reason)?;
        let stored = self.stored(id)?;
        check_ending(id, ending, stored.withdrawn, stored.erased)?;
        refuse_waiting(&self.db, id)?;
        let template = TemplateInUse::builtin(&stored.template)?;
        let of = successor(&self.db, id, 0)?.ok_or(OfficeError::NotPublished(*id))?;
        let doing = Doing::End(ending, reason, of);
        let origin = self.origin.to_string();
        let draft = draft::sign(*id, &doing, &template, &origin, drafter, surroundings)?;
        let key_no = content::store_keys(&mut self.content_keys, [&draft.sealed])?[0];
        let transaction = Self::begin(&mut self.db)?;
        refuse_waiting(&transaction, id)?;
        drop_submission(&transaction, stored.no)?;
        write_submission(&transaction, stored.no, &draft, key_no, None, drafter, surroundings.now())?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(())
    }

    /// Whether something of a record waits for approval.
    pub(crate) fn waits(&self, id: &Id) -> Result<bool> {
        is_waiting(&self.db, id)
    }

    /// The record, if a drafter may change it now.
    pub(crate) fn editable(&self, id: &Id) -> Result<Stored> {
        let stored = self.stored(id)?;
        if stored.withdrawn {
            return Err(OfficeError::Withdrawn(*id));
        }
        refuse_waiting(&self.db, id)?;
        Ok(stored)
    }
}

/// How a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is no longer in force.
    Withdraw,
    /// And its contents are destroyed.
    Erase,
}

pub(crate) fn check_reason(reason: &str) -> Result<()> {
    let controls = reason.chars().any(|c| c.is_control() && c != '\n');
    if reason.trim().is_empty() || reason.chars().count() > MAX_REASON || controls {
        return Err(OfficeError::BadReason);
    }
    Ok(())
}

fn refuse_waiting(db: &Connection, id: &Id) -> Result<()> {
    if is_waiting(db, id)? { Err(OfficeError::WaitsAlready(*id)) } else { Ok(()) }
}

fn is_waiting(db: &Connection, id: &Id) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM submission s JOIN record r ON r.no = s.record
             WHERE r.id = ?1 AND s.state = 'submitted')",
        )?
        .query_row([id.0], |row| row.get(0))?)
}

/// What an act on a published record follows, its number `step` above the
/// current version; `None` if the record is not published.
fn successor(db: &Connection, id: &Id, step: u32) -> Result<Option<Successor>> {
    let state = record_state(db, id)?;
    Ok(state.map(|state| Successor { version: state.version + step, previous: state.leaf }))
}

/// A signed draft, and whether its record is new.
type Signed = (Draft, bool);

/// Signs a batch over all cores, in order.
fn sign_drafts(
    template: &TemplateInUse,
    batch: &[Submission<'_>],
    successors: Vec<Result<Option<Successor>>>,
    origin: &str,
    drafter: &Unlocked,
    surroundings: &dyn Surroundings,
) -> Vec<Result<Signed>> {
    let one = |(submission, successor): (&Submission<'_>, Result<Option<Successor>>)| {
        let (id, is_new, values) = match *submission {
            Submission::New(values) => (Id(random(surroundings)), true, values),
            Submission::Amended(id, values) => (id, false, values),
        };
        let doing = match successor? {
            Some(successor) => Doing::Amend(values, successor),
            None => Doing::Publish(values),
        };
        Ok((draft::sign(id, &doing, template, origin, drafter, surroundings)?, is_new))
    };
    batch.par_iter().zip(successors).map(one).collect()
}

/// Stores a batch in one transaction, its content keys in another before it.
fn write_batch(
    db: &mut Connection,
    keys: &mut Connection,
    template: &str,
    batch: Vec<Result<Signed>>,
    drafter: &Unlocked,
    now: u64,
) -> Result<Vec<Written>> {
    let transaction = Office::begin(db)?;
    let batch = batch.into_iter().map(refusable).collect::<Result<Vec<_>>>()?;
    let sealed = batch.iter().flatten().map(|(draft, _)| &draft.sealed);
    let mut key_numbers = content::store_keys(keys, sealed)?.into_iter();
    let mut written = Vec::with_capacity(batch.len());
    for signed in batch {
        let signed = match signed {
            Ok(signed) => signed,
            Err(error) => {
                written.push(Err(error));
                continue;
            }
        };
        let key_no = key_numbers.next().ok_or(OfficeError::Damaged("content keys"))?;
        let placed = refusable(place(&transaction, &signed, template))?;
        written.push(match placed {
            Ok((no, pending_key)) => {
                write_submission(&transaction, no, &signed.0, key_no, pending_key, drafter, now)?;
                Ok((signed.0.record, signed.1))
            }
            Err(error) => {
                content::drop_key(&transaction, key_no)?;
                Err(error)
            }
        });
    }
    transaction.commit()?;
    content::destroy_dropped(db, keys);
    Ok(written)
}

/// Readies the record of a draft: its number, and the record key that takes
/// effect with the act. A new record has its key already. What is refused is
/// refused before anything is written.
fn place<'d>(db: &Connection, signed: &'d Signed, template: &str) -> Result<(i64, Option<&'d Digest>)> {
    let (draft, is_new) = signed;
    let named = draft.named.as_ref().ok_or(OfficeError::Damaged("a draft without values"))?;
    if *is_new {
        return Ok((place_new(db, draft.record, named, template)?, None));
    }
    Ok((place_known(db, draft, named)?, Some(&named.record_key)))
}

/// Adds a record and returns its number, unless another program has submitted
/// the same thing meanwhile.
fn place_new(db: &Connection, record: Id, named: &Named, template: &str) -> Result<i64> {
    if let Some(other) = by_record_key(db, &named.record_key)? {
        return Err(OfficeError::AlreadyThere(other.id));
    }
    db.prepare_cached("INSERT INTO record (id, template, record_key) VALUES (?1, ?2, ?3)")?
        .execute(params![record.0, template, named.record_key.0])?;
    let no = db.last_insert_rowid();
    search_index::insert(db, no, &named.tokens)?;
    Ok(no)
}

/// Readies a record for a new version and returns its number; what was
/// returned before is replaced.
fn place_known(db: &Connection, draft: &Draft, named: &Named) -> Result<i64> {
    let record = draft.record;
    let (no, version, withdrawn): (i64, u32, bool) = db
        .prepare_cached("SELECT no, version, withdrawn FROM record WHERE id = ?1")?
        .query_row([record.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?
        .ok_or_else(|| OfficeError::NoSuchRecord(record.to_string()))?;
    if withdrawn {
        return Err(OfficeError::Withdrawn(record));
    }
    refuse_waiting(db, &record)?;
    if draft.version != version + 1 {
        return Err(Violation::NotCurrent.into());
    }
    if let Some(other) = by_record_key(db, &named.record_key)?.filter(|other| other.id != record) {
        return Err(OfficeError::KeyTaken { id: record, other: other.id });
    }
    if version == 0 {
        // Nothing is published yet: the corrected draft is all there is.
        db.prepare_cached("UPDATE record SET record_key = ?2 WHERE no = ?1")?
            .execute(params![no, named.record_key.0])?;
    }
    drop_submission(db, no)?;
    search_index::store(db, no, &named.tokens)?;
    Ok(no)
}

/// Drops what waits or came back of a record, with its contents: no act refers
/// to them, because publishing moves them from the submission to the act.
pub(crate) fn drop_submission(db: &Connection, no: i64) -> Result<()> {
    let content: Option<i64> = db
        .prepare_cached("DELETE FROM submission WHERE record = ?1 RETURNING content")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    if let Some(content) = content {
        db.prepare_cached("DELETE FROM content WHERE no = ?1")?.execute([content])?;
    }
    Ok(())
}

/// Stores a draft as what waits.
fn write_submission(
    db: &Connection,
    no: i64,
    draft: &Draft,
    key_no: i64,
    record_key: Option<&Digest>,
    drafter: &Unlocked,
    now: u64,
) -> Result<()> {
    let content = content::store_set(db, &draft.sealed, key_no)?;
    db.prepare_cached(
        "INSERT INTO submission (record, act, version, draft, drafter, submitted, content, record_key, state,
                                 asks_review)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'submitted', ?9)",
    )?
    .execute(params![
        no,
        draft.act,
        draft.version,
        draft.signed,
        drafter.person.id.0,
        seconds(now),
        content,
        record_key.map(|key| key.0),
        draft.asks_review
    ])?;
    Ok(())
}

/// Seconds for SQLite.
pub(crate) fn seconds(time: u64) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}
