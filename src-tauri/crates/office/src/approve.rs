//! Approve: sign what waits, append it, publish.
//!
//! Batches of [`BATCH`](crate::submit::BATCH) records: each is checked and
//! signed over all cores, judged by the ledger rules one by one, and appended
//! with its records' new states and a signed checkpoint in one transaction.
//! What `done` was told is on disk.

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension, Row, params};
use yinxin_ledger::store::{self, LedgerId};
use yinxin_record::Id;
use yinxin_record::act::Act;
use yinxin_record::key::Signer as _;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, Delta, View as _};
use yinxin_record::statement::{Anchor, Claims, MAX_BYTES, Statement};

use crate::content::{self, ContentKey};
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::{Office, rule_error, sign_head};
use crate::people::Unlocked;
use crate::state::{LedgerView, store_record_state};
use crate::submit::BATCH;
use crate::surroundings::Surroundings;

/// What is to be approved.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    /// Everything that waits.
    All,
    /// What waits of these records.
    Records(&'a [Id]),
}

/// What became of an approval.
#[derive(Debug, Default)]
pub struct Approval {
    /// Records whose act is published, in ledger order.
    pub published: Vec<Id>,
    /// Records whose act was refused, and why; nothing of them has changed.
    pub refused: Vec<(Id, OfficeError)>,
}

/// A row that waits, with what is needed to check it.
struct Waiting {
    no: i64,
    record: Id,
    draft: Vec<u8>,
    content: i64,
    sealed: Vec<u8>,
    key: ContentKey,
}

/// A completed entry.
struct Completed {
    no: i64,
    record: Id,
    statement: Statement,
    content: i64,
}

impl AsRef<[u8]> for Completed {
    fn as_ref(&self) -> &[u8] {
        self.statement.bytes()
    }
}

type Checked = std::result::Result<Completed, (Id, OfficeError)>;

/// What every approval of a batch has in common.
struct Signing<'a> {
    origin: String,
    anchor: Anchor,
    approver: &'a Unlocked,
    iat: u64,
}

impl Office {
    /// Approves and publishes. `done` hears, after each batch is on disk, how
    /// many are published and how many refused so far.
    ///
    /// # Errors
    /// What the store may fail with; earlier batches stay published. What one
    /// record is refused for is in [`Approval::refused`].
    pub fn approve(
        &mut self,
        selection: Selection<'_>,
        approver: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
        done: &mut dyn FnMut(usize, usize),
    ) -> Result<Approval> {
        let mut approval = Approval::default();
        let mut queue = Queue::new(selection);
        let signing = self.signing(approver, surroundings)?;
        let mut checked = self.load(&mut queue, &mut approval)?.map(|batch| signing.check(batch));
        while let Some(batch) = checked.take() {
            let next = self.load(&mut queue, &mut approval)?;
            let (ledger, origin) = (self.ledger, &self.origin);
            let db = &mut self.db;
            // While one batch is written, the next is checked and signed.
            let (written, next) = rayon::join(
                || publish(db, ledger, origin, batch, host),
                || next.map(|batch| signing.check(batch)),
            );
            let (published, refused) = written?;
            approval.published.extend(published);
            approval.refused.extend(refused);
            done(approval.published.len(), approval.refused.len());
            checked = next;
        }
        if matches!(selection, Selection::All) {
            // What another program published meanwhile is no refusal.
            approval.refused.retain(|(_, error)| !matches!(error, OfficeError::NothingWaits(_)));
        }
        Ok(approval)
    }

    fn signing<'a>(&self, approver: &'a Unlocked, surroundings: &dyn Surroundings) -> Result<Signing<'a>> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        Ok(Signing {
            origin: self.origin.to_string(),
            anchor: view.anchor()?,
            approver,
            iat: surroundings.now(),
        })
    }

    fn load(&self, queue: &mut Queue<'_>, approval: &mut Approval) -> Result<Option<Vec<Waiting>>> {
        let rows = match queue {
            Queue::All { after } => {
                let rows = self.waiting_after(*after)?;
                *after = rows.last().map_or(*after, |row| row.no);
                rows
            }
            Queue::Records(ids) => {
                let (batch, rest) = ids.split_at(ids.len().min(BATCH));
                *ids = rest;
                let mut rows = Vec::with_capacity(batch.len());
                for id in batch {
                    match self.waiting_of(id)? {
                        Some(row) => rows.push(row),
                        None => approval.refused.push((*id, self.why_nothing_waits(id))),
                    }
                }
                if rows.is_empty() && !ids.is_empty() {
                    return self.load(queue, approval);
                }
                rows
            }
        };
        Ok((!rows.is_empty()).then_some(rows))
    }

    fn waiting_after(&self, after: i64) -> Result<Vec<Waiting>> {
        let mut query = self.db.prepare_cached(
            "SELECT s.record, r.id, s.draft, s.content, c.sealed, c.key_no
             FROM submission s JOIN record r ON r.no = s.record JOIN content c ON c.no = s.content
             WHERE s.state = 'submitted' AND s.record > ?1 ORDER BY s.record LIMIT ?2",
        )?;
        let rows = query.query_map(params![after, i64::try_from(BATCH).unwrap_or(1)], waiting_row)?;
        rows.map(|row| self.with_key(row?)).collect()
    }

    fn waiting_of(&self, id: &Id) -> Result<Option<Waiting>> {
        let row = self
            .db
            .prepare_cached(
                "SELECT s.record, r.id, s.draft, s.content, c.sealed, c.key_no
                 FROM submission s JOIN record r ON r.no = s.record JOIN content c ON c.no = s.content
                 WHERE s.state = 'submitted' AND r.id = ?1",
            )?
            .query_row([id.0], waiting_row)
            .optional()?;
        row.map(|row| self.with_key(row)).transpose()
    }

    fn with_key(&self, (mut waiting, key_no): (Waiting, i64)) -> Result<Waiting> {
        waiting.key = content::load_key(&self.content_keys, key_no)?;
        Ok(waiting)
    }

    fn why_nothing_waits(&self, id: &Id) -> OfficeError {
        self.stored(id).err().unwrap_or(OfficeError::NothingWaits(*id))
    }
}

enum Queue<'a> {
    All { after: i64 },
    Records(&'a [Id]),
}

impl<'a> Queue<'a> {
    fn new(selection: Selection<'a>) -> Self {
        match selection {
            Selection::All => Self::All { after: 0 },
            Selection::Records(ids) => Self::Records(ids),
        }
    }
}

fn waiting_row(row: &Row<'_>) -> rusqlite::Result<(Waiting, i64)> {
    let waiting = Waiting {
        no: row.get(0)?,
        record: Id(row.get(1)?),
        draft: row.get(2)?,
        content: row.get(3)?,
        sealed: row.get(4)?,
        key: ContentKey::default(),
    };
    Ok((waiting, row.get(5)?))
}

impl Signing<'_> {
    /// Checks and signs a batch over all cores, in order.
    fn check(&self, batch: Vec<Waiting>) -> Vec<Checked> {
        let one = |waiting: Waiting| {
            let record = waiting.record;
            self.check_one(&waiting).map_err(|error| (record, error))
        };
        batch.into_par_iter().map(one).collect()
    }

    /// Before signing, everything that is signed is recomputed from what is
    /// stored. The drafter's signature was made or checked when the draft was
    /// submitted, and the contents open only beside that very draft.
    fn check_one(&self, waiting: &Waiting) -> Result<Completed> {
        let damaged = |what| OfficeError::Damaged(what);
        let pending = Statement::parse_pending(&waiting.draft).map_err(|_| damaged("a stored draft"))?;
        if pending.subject() != waiting.record || pending.outermost().header.claims.iss != self.origin {
            return Err(damaged("a stored draft is about something else"));
        }
        let (record, draft) = (waiting.record, &waiting.draft);
        if !content::holds(record, draft, &waiting.sealed, &waiting.key, pending.act.digests()) {
            return Err(damaged("contents are not those that were signed"));
        }
        if pending.outermost().header.kid == self.approver.key.public_key().thumbprint() {
            return Err(rules::Violation::SamePerson.into());
        }
        let claims = Claims { iss: self.origin.clone(), sub: waiting.record, iat: self.iat };
        let statement = pending.approved(claims, self.anchor, &self.approver.key)?;
        if statement.bytes().len() > MAX_BYTES {
            return Err(OfficeError::TooLarge);
        }
        Ok(Completed { no: waiting.no, record: waiting.record, statement, content: waiting.content })
    }
}

type Written = (Vec<Id>, Vec<(Id, OfficeError)>);

/// Judges and appends a batch, with its records' states and the new checkpoint,
/// in one transaction.
fn publish(
    db: &mut Connection,
    ledger: LedgerId,
    origin: &Origin,
    batch: Vec<Checked>,
    host: &HostKeys,
) -> Result<Written> {
    let transaction = Office::begin(db)?;
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
        match judge(&transaction, &mut view, &completed) {
            Ok(position) => {
                settle(&transaction, &completed, position)?;
                published.push(completed.record);
                entries.push(completed);
            }
            Err(error @ OfficeError::Database(_)) => return Err(error),
            Err(error) => refused.push((completed.record, error)),
        }
    }
    if !entries.is_empty() {
        let head = store::append(&transaction, ledger, &before, &entries)?;
        sign_head(&transaction, ledger, origin, &head, host)?;
        transaction.commit()?;
    }
    Ok((published, refused))
}

/// Applies the ledger rules and takes what waited; returns the position that the
/// entry gets.
fn judge(db: &Connection, view: &mut LedgerView<'_>, completed: &Completed) -> Result<u64> {
    let leaf = yinxin_ledger::tree::leaf_hash(completed.statement.bytes());
    let decision = rules::apply(view, &completed.statement, leaf);
    let decision = decision.map_err(|error| why_refused(db, completed, rule_error(error)))?;
    let position = view.size();
    // Only what still waits, exactly as it was signed, is published.
    let taken = db
        .prepare_cached("DELETE FROM submission WHERE record = ?1 AND content = ?2 AND state = 'submitted'")?
        .execute(params![completed.no, completed.content])?;
    if taken == 0 {
        return Err(OfficeError::NothingWaits(completed.record));
    }
    if let Delta::Record(_, state) = &decision.delta {
        store_record_state(db, completed.no, state)?;
    }
    view.advance(&decision.delta)?;
    Ok(position)
}

/// The rule's reason, unless the act is refused because another program has
/// published it meanwhile.
fn why_refused(db: &Connection, completed: &Completed, reason: OfficeError) -> OfficeError {
    let waits = "SELECT EXISTS (SELECT 1 FROM submission WHERE record = ?1 AND content = ?2)";
    match db.query_row(waits, params![completed.no, completed.content], |row| row.get(0)) {
        Ok(true) => reason,
        Ok(false) => OfficeError::NothingWaits(completed.record),
        Err(error) => error.into(),
    }
}

/// Stores what the ledger will say of the record.
fn settle(db: &Connection, completed: &Completed, position: u64) -> Result<()> {
    let act: &Act = &completed.statement.act;
    db.prepare_cached(
        "INSERT INTO record_act (record, position, act, version, content) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        completed.no,
        i64::try_from(position).unwrap_or(i64::MAX),
        act.word(),
        act.version(),
        completed.content
    ])?;
    Ok(())
}
