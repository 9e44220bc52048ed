//! What waits, read in batches.

use rusqlite::{Connection, OptionalExtension, Row, params};
use yinxin_record::{Digest, Id};

use super::Selection;
use crate::content::{self, ContentKey};
use crate::error::{OfficeError, Result};
use crate::inbox::Seen;
use crate::submit::BATCH;

/// A row that waits, with what is needed to check it.
pub(super) struct Waiting {
    pub no: i64,
    pub record: Id,
    pub draft: Vec<u8>,
    pub content: i64,
    pub sealed: Vec<u8>,
    pub key: ContentKey,
}

/// Reads a selection batch by batch.
pub(super) struct Reader<'a> {
    queue: Queue<'a>,
    /// Records of the selection of which nothing waits.
    pub absent: Vec<Id>,
    /// Records of which another draft waits than the one that was seen.
    pub replaced: Vec<Id>,
}

enum Queue<'a> {
    All { after: i64 },
    Records(&'a [Id]),
    Seen(&'a [Seen]),
}

impl<'a> Reader<'a> {
    pub(super) fn new(selection: Selection<'a>) -> Self {
        let queue = match selection {
            Selection::All => Queue::All { after: 0 },
            Selection::Records(ids) => Queue::Records(ids),
            Selection::Seen(seen) => Queue::Seen(seen),
        };
        Self { queue, absent: Vec::new(), replaced: Vec::new() }
    }

    /// The next batch; empty at the end.
    pub(super) fn next(&mut self, db: &Connection, keys: &Connection) -> Result<Vec<Waiting>> {
        match &mut self.queue {
            Queue::All { after } => {
                let rows = waiting_after(db, keys, *after)?;
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
                    match waiting_of(db, keys, id)? {
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
                    match waiting_of(db, keys, &seen.record)? {
                        Some(row) if Digest::of(&row.draft) == seen.draft => rows.push(row),
                        Some(_) => self.replaced.push(seen.record),
                        None => self.absent.push(seen.record),
                    }
                }
                Ok(rows)
            }
        }
    }
}

fn waiting_after(db: &Connection, keys: &Connection, after: i64) -> Result<Vec<Waiting>> {
    let mut query = db.prepare_cached(
        "SELECT s.record, r.id, s.draft, s.content, c.sealed, c.key_no
         FROM submission s JOIN record r ON r.no = s.record JOIN content c ON c.no = s.content
         WHERE s.state = 'submitted' AND s.record > ?1 ORDER BY s.record LIMIT ?2",
    )?;
    let rows = query.query_map(params![after, i64::try_from(BATCH).unwrap_or(1)], waiting_row)?;
    rows.map(|row| with_key(keys, row?)).collect()
}

fn waiting_of(db: &Connection, keys: &Connection, id: &Id) -> Result<Option<Waiting>> {
    let row = db
        .prepare_cached(
            "SELECT s.record, r.id, s.draft, s.content, c.sealed, c.key_no
             FROM submission s JOIN record r ON r.no = s.record JOIN content c ON c.no = s.content
             WHERE s.state = 'submitted' AND r.id = ?1",
        )?
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
        key: ContentKey::default(),
    };
    Ok((waiting, row.get(5)?))
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
