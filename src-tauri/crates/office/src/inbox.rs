//! What waits for a reviewer or an approver, with its contents: what is shown before
//! it is signed.

use std::collections::HashMap;

use rusqlite::params;
use serde::Serialize;
use yinxin_record::statement::Statement;
use yinxin_record::validate::Values;
use yinxin_record::{Digest, Id};

use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::step::Step;

/// A draft that somebody saw: reviewing and approving name it, so that what is signed
/// is what was seen, even if the record was returned and submitted again meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The record.
    pub record: Id,
    /// The digest of the signed layers so far: the drafter's, and the reviewer's
    /// round it where there is one.
    pub draft: Digest,
}

/// A draft that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The record.
    pub record: Id,
    /// The digest of the signed layers so far, as in [`Seen`].
    pub draft: Digest,
    /// The template's name.
    pub template: String,
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it would make, or withdraw.
    pub version: u32,
    /// Who drafted it; empty if nobody of the office did.
    pub drafter: String,
    /// The drafter's member id.
    pub drafter_id: Id,
    /// Since when it waits: seconds since 1970.
    pub submitted: u64,
    /// The values that it says; of a withdrawal those in force.
    pub values: Values,
    /// The values in force that it would change.
    pub before: Values,
    /// Why, if it is a withdrawal.
    pub reason: Option<String>,
    /// Whose signature it waits for.
    pub step: Step,
    /// Who reviewed it.
    pub review: Option<Review>,
    /// Whether its contents cannot be read, or who signed it is nobody of the
    /// office.
    pub damaged: bool,
    /// Why the last approval or review of it had no effect, if people had changed
    /// meanwhile: a code of the ledger rules.
    pub stale: Option<String>,
}

/// Who reviewed a draft, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Review {
    /// Name; empty if nobody of the office did.
    pub by: String,
    /// Member id.
    #[serde(skip)]
    pub by_id: Id,
    /// When it was stored: seconds since 1970.
    pub at: u64,
}

/// A page of what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// How many wait in all.
    pub total: usize,
    /// These, the oldest first.
    pub waiting: Vec<Waiting>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A row of `submission` with its record.
struct Row {
    no: i64,
    record: Id,
    template: String,
    act: String,
    version: u32,
    draft: Vec<u8>,
    drafter: [u8; 16],
    submitted: i64,
    content: i64,
    stale: Option<String>,
    asks_review: bool,
    /// The reviewer's layer, who that is, and when it was stored.
    review: Option<(Vec<u8>, [u8; 16], i64)>,
}

impl Office {
    /// A page of what waits, for whomever it does, the oldest first.
    ///
    /// # Errors
    /// [`OfficeError::BadCursor`] and what reading may fail with.
    pub fn inbox(&self, after: Option<&str>, limit: usize) -> Result<Inbox> {
        self.inbox_where("s.state = 'submitted'", after, limit)
    }

    /// A page of what waits for one step.
    ///
    /// # Errors
    /// As [`Office::inbox`].
    pub fn inbox_of(&self, step: Step, after: Option<&str>, limit: usize) -> Result<Inbox> {
        self.inbox_where(step.condition(), after, limit)
    }

    fn inbox_where(&self, condition: &str, after: Option<&str>, limit: usize) -> Result<Inbox> {
        let bad_cursor = |cursor: &str| OfficeError::BadCursor(cursor.to_owned());
        let from: i64 = after.map_or(Ok(0), |cursor| cursor.parse().map_err(|_| bad_cursor(cursor)))?;
        // One snapshot, so that what is shown belongs together.
        let snapshot = self.db.unchecked_transaction()?;
        let count = format!("SELECT count(*) FROM submission s WHERE {condition}");
        let total: i64 = self.db.query_row(&count, [], |row| row.get(0))?;
        let mut rows = self.waiting_rows(condition, from, limit.saturating_add(1))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.no.to_string());
        let names: HashMap<Id, String> =
            self.people()?.into_iter().map(|person| (person.id, person.name)).collect();
        let waiting = rows.into_iter().map(|row| self.waiting(row, &names)).collect::<Result<_>>()?;
        snapshot.finish()?;
        Ok(Inbox { total: usize::try_from(total).unwrap_or_default(), waiting, next })
    }

    /// Everything that waits for approval, but for what `approver` drafted or
    /// reviewed; and how much that is.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn all_waiting(&self, approver: &Id) -> Result<(Vec<Seen>, usize)> {
        self.all_of(Step::Approve, approver)
    }

    /// Everything that waits for `step`, but for what `signer` has signed before;
    /// and how much that is.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn all_of(&self, step: Step, signer: &Id) -> Result<(Vec<Seen>, usize)> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT r.id, coalesce(s.review, s.draft), s.drafter = ?1 OR s.reviewer IS ?1
             FROM submission s JOIN record r ON r.no = s.record WHERE {} ORDER BY s.record",
            step.condition()
        ))?;
        let mut rows = query.query([signer.0])?;
        let (mut others, mut own) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            if row.get(2)? {
                own += 1;
                continue;
            }
            let draft = Digest::of(row.get_ref(1)?.as_blob().map_err(|_| OfficeError::Damaged("a draft"))?);
            others.push(Seen { record: Id(row.get(0)?), draft });
        }
        Ok((others, own))
    }

    fn waiting_rows(&self, condition: &str, after: i64, limit: usize) -> Result<Vec<Row>> {
        let mut query = self.db.prepare_cached(&format!(
            "SELECT s.record, r.id, r.template, s.act, s.version, s.draft, s.drafter, s.submitted, s.content,
                    s.stale, s.asks_review, s.review, s.reviewer, s.reviewed
             FROM submission s JOIN record r ON r.no = s.record
             WHERE {condition} AND s.record > ?1 ORDER BY s.record LIMIT ?2"
        ))?;
        let rows = query.query_map(params![after, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok(Row {
                no: row.get(0)?,
                record: Id(row.get(1)?),
                template: row.get(2)?,
                act: row.get(3)?,
                version: row.get(4)?,
                draft: row.get(5)?,
                drafter: row.get(6)?,
                submitted: row.get(7)?,
                content: row.get(8)?,
                stale: row.get(9)?,
                asks_review: row.get(10)?,
                review: match row.get::<_, Option<Vec<u8>>>(11)? {
                    Some(layer) => Some((layer, row.get(12)?, row.get(13)?)),
                    None => None,
                },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn waiting(&self, row: Row, names: &HashMap<Id, String>) -> Result<Waiting> {
        let said = self.said_by(&row);
        let before = self.values_in_force(row.no);
        let damaged = said.is_err() || before.is_err();
        let (said, before) = (unless_damaged(said)?, unless_damaged(before)?);
        let (values, reason) = if matches!(row.act.as_str(), "withdraw" | "erase") {
            let reason = said.get("reason").and_then(yinxin_record::cbor::Value::as_text).map(str::to_owned);
            (before.clone(), reason)
        } else {
            (said, None)
        };
        let drafter_id = Id(row.drafter);
        let drafter = names.get(&drafter_id);
        let so_far = row.review.as_ref().map_or(&row.draft, |(layer, ..)| layer);
        let draft = Digest::of(so_far);
        let review = row.review.map(|(_, by, at)| Review {
            by: names.get(&Id(by)).cloned().unwrap_or_default(),
            by_id: Id(by),
            at: u64::try_from(at).unwrap_or_default(),
        });
        let unknown = drafter.is_none() || review.as_ref().is_some_and(|review| review.by.is_empty());
        Ok(Waiting {
            record: row.record,
            draft,
            template: row.template,
            act: row.act,
            version: row.version,
            drafter: drafter.cloned().unwrap_or_default(),
            drafter_id,
            submitted: u64::try_from(row.submitted).unwrap_or_default(),
            values,
            before,
            reason,
            step: Step::of_row(row.asks_review, review.is_some()),
            review,
            damaged: damaged || unknown,
            stale: row.stale,
        })
    }

    fn said_by(&self, row: &Row) -> Result<Values> {
        let statement =
            Statement::parse_pending(&row.draft).map_err(|_| OfficeError::Damaged("a stored draft"))?;
        self.values(&statement, row.content)
    }
}

/// What could be read; nothing where it is damaged, which is told beside it.
fn unless_damaged(values: Result<Values>) -> Result<Values> {
    match values {
        Err(OfficeError::Damaged(_)) => Ok(Values::new()),
        other => other,
    }
}
