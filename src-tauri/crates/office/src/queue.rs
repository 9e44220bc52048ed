//! What waits for one step, read in batches.

use rusqlite::{Connection, OptionalExtension, Row, params};
use yinxin_record::{Digest, Id};

use crate::content::{self, ContentKey};
use crate::error::{OfficeError, Result};
use crate::inbox::Seen;
use crate::office::Office;
use crate::step::{Step, step_of};
use crate::submit::BATCH;

/// What is to be signed.
#[derive(Debug, Clone, Copy)]
pub enum Selection<'a> {
    /// Everything that waits for whoever signs.
    All,
    /// What waits of these records.
    Records(&'a [Id]),
    /// These drafts and no others, as somebody has seen them.
    Seen(&'a [Seen]),
}

/// A row that waits, with what is needed to check it.
pub(crate) struct Waiting {
    pub no: i64,
    pub record: Id,
    pub draft: Vec<u8>,
    /// The reviewer's layer round the draft, if it is signed.
    pub review: Option<Vec<u8>>,
    pub content: i64,
    pub sealed: Vec<u8>,
    pub key: ContentKey,
}

/// Reads a selection batch by batch.
pub(crate) struct Reader<'a> {
    step: Step,
    queue: Queue<'a>,
    /// Records of the selection of which nothing waits for this step.
    absent: Vec<Id>,
    /// Records of which another draft waits than the one that was seen.
    replaced: Vec<Id>,
}

enum Queue<'a> {
    All { after: i64 },
    Records(&'a [Id]),
    Seen(&'a [Seen]),
}

impl Waiting {
    /// The signed layers so far: what the next person signs.
    pub(crate) fn so_far(&self) -> &[u8] {
        self.review.as_ref().unwrap_or(&self.draft)
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(step: Step, selection: Selection<'a>) -> Self {
        let queue = match selection {
            Selection::All => Queue::All { after: 0 },
            Selection::Records(ids) => Queue::Records(ids),
            Selection::Seen(seen) => Queue::Seen(seen),
        };
        Self { step, queue, absent: Vec::new(), replaced: Vec::new() }
    }

    /// The next batch; empty at the end.
    pub(crate) fn next(&mut self, db: &Connection, keys: &Connection) -> Result<Vec<Waiting>> {
        match &mut self.queue {
            Queue::All { after } => {
                let rows = waiting_after(db, keys, self.step, *after)?;
                *after = rows.last().map_or(*after, |row| row.no);
                Ok(rows)
            }
            Queue::Records(ids) => {
                let mut rows = Vec::new();
                while let [id, rest @ ..] = ids {
                    if rows.len() == BATCH {
                        break;
                    }
                    *ids = rest;
                    match waiting_of(db, keys, self.step, id)? {
                        Some(row) => rows.push(row),
                        None => self.absent.push(*id),
                    }
                }
                Ok(rows)
            }
            Queue::Seen(all) => {
                let mut rows = Vec::new();
                while let [seen, rest @ ..] = all {
                    if rows.len() == BATCH {
                        break;
                    }
                    *all = rest;
                    match waiting_of(db, keys, self.step, &seen.record)? {
                        Some(row) if Digest::of(row.so_far()) == seen.draft => rows.push(row),
                        Some(_) => self.replaced.push(seen.record),
                        None => self.absent.push(seen.record),
                    }
                }
                Ok(rows)
            }
        }
    }
}

impl Office {
    /// Adds to `refused` what `reader` did not find, and why. Of everything that
    /// waits, what another program took meanwhile is no refusal.
    pub(crate) fn add_missing(&self, reader: Reader<'_>, refused: &mut Vec<(Id, OfficeError)>) {
        for id in reader.absent {
            let why = self.why_nothing_waits(reader.step, &id).unwrap_or_else(|error| error);
            refused.push((id, why));
        }
        refused.extend(reader.replaced.into_iter().map(|id| (id, OfficeError::AnotherDraft(id))));
        if matches!(reader.queue, Queue::All { .. }) {
            let nothing = |error: &OfficeError| {
                matches!(error, OfficeError::NothingWaits(_) | OfficeError::NothingToReview(_))
            };
            refused.retain(|(_, error)| !nothing(error));
        }
    }

    fn why_nothing_waits(&self, step: Step, id: &Id) -> Result<OfficeError> {
        let record = self.stored(id)?;
        Ok(match (step, step_of(&self.db, record.no)?) {
            (Step::Approve, Some(Step::Review)) => OfficeError::WaitsForReview(*id),
            (Step::Approve, _) => OfficeError::NothingWaits(*id),
            (Step::Review, _) => OfficeError::NothingToReview(*id),
        })
    }
}

const COLUMNS: &str = "s.record, r.id, s.draft, s.content, c.sealed, s.review, c.key_no";
const FROM: &str = "FROM submission s JOIN record r ON r.no = s.record JOIN content c ON c.no = s.content";

fn waiting_after(db: &Connection, keys: &Connection, step: Step, after: i64) -> Result<Vec<Waiting>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {COLUMNS} {FROM} WHERE {} AND s.record > ?1 ORDER BY s.record LIMIT ?2",
        step.condition()
    ))?;
    let rows = query.query_map(params![after, i64::try_from(BATCH).unwrap_or(1)], waiting_row)?;
    rows.map(|row| with_key(keys, row?)).collect()
}

fn waiting_of(db: &Connection, keys: &Connection, step: Step, id: &Id) -> Result<Option<Waiting>> {
    let row = db
        .prepare_cached(&format!("SELECT {COLUMNS} {FROM} WHERE {} AND r.id = ?1", step.condition()))?
        .query_row([id.0], waiting_row)
        .optional()?;
    row.map(|row| with_key(keys, row)).transpose()
}

fn waiting_row(row: &Row<'_>) -> rusqlite::Result<(Waiting, i64)> {
    let waiting = Waiting {
        no: row.get(0)?,
        record: Id(row.get(1)?),
        draft: row.get(2)?,
        content: row.get(3)?,
        sealed: row.get(4)?,
        review: row.get(5)?,
        key: ContentKey::default(),
    };
    Ok((waiting, row.get(6)?))
}

/// Adds the content key. Where it is missing, the contents will not open, and
/// only this record is refused.
fn with_key(keys: &Connection, (mut waiting, key_no): (Waiting, i64)) -> Result<Waiting> {
    match content::load_key(keys, key_no) {
        Ok(key) => waiting.key = key,
        Err(OfficeError::Damaged(_)) => {}
        Err(error) => return Err(error),
    }
    Ok(waiting)
}
