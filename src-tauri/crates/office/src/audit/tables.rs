//! The office's own tables, held against what the entries say.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Row, params};
use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::store::LedgerId;
use yinxin_record::disclosure::sorted_digests;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{MemberState, RecordState};
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use super::{Damage, Findings};
use crate::error::Result;
use crate::office::Office;
use crate::state::read_member_state;

/// A row of `record_act` with its contents.
pub(super) struct ActRow {
    record: [u8; 16],
    subject: Vec<u8>,
    template: String,
    act: String,
    version: u32,
    pub key_no: i64,
    pub sealed: Vec<u8>,
}

impl ActRow {
    /// Whether the row says what `statement` says.
    pub(super) fn is(&self, statement: &Statement, version: u32) -> bool {
        let record = statement.subject().0;
        let kind = statement.act.content().map(|content| content.kind.as_str());
        self.record == record
            && self.subject == record
            && kind.is_none_or(|kind| kind == self.template)
            && self.act == statement.act.word()
            && self.version == version
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// The rows of the entries `from..=last`, by position; `None` where a row cannot
/// be what it should.
pub(super) fn act_rows(db: &Connection, from: u64, last: u64) -> Result<BTreeMap<u64, Option<ActRow>>> {
    let mut query = db.prepare_cached(
        "SELECT a.position, r.id, c.subject, r.template, a.act, a.version, c.key_no, c.sealed
         FROM record_act a JOIN record r ON r.no = a.record JOIN content c ON c.no = a.content
         WHERE a.position BETWEEN ?1 AND ?2",
    )?;
    let rows = query.query_map(params![signed(from), signed(last)], |row| {
        Ok((unsigned(row.get(0)?), act_row(row).ok()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn act_row(row: &Row<'_>) -> rusqlite::Result<ActRow> {
    Ok(ActRow {
        record: row.get(1)?,
        subject: row.get(2)?,
        template: row.get(3)?,
        act: row.get(4)?,
        version: row.get(5)?,
        key_no: row.get(6)?,
        sealed: row.get(7)?,
    })
}

type CheckpointRow = (u64, String, Vec<u8>);

/// The checkpoints of the sizes `after + 1 ..= last`.
pub(super) fn checkpoints(
    db: &Connection,
    ledger: LedgerId,
    after: u64,
    last: u64,
) -> Result<Vec<CheckpointRow>> {
    let mut query = db.prepare_cached(
        "SELECT size, note, receipt FROM checkpoint WHERE ledger = ?1 AND size > ?2 AND size <= ?3 ORDER BY size",
    )?;
    let rows = query.query_map(params![ledger.0, signed(after), signed(last)], |row| {
        Ok((unsigned(row.get(0)?), row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The size of the largest checkpoint.
pub(super) fn latest_size(db: &Connection, ledger: LedgerId) -> Result<u64> {
    let size: i64 =
        db.query_row("SELECT coalesce(max(size), 0) FROM checkpoint WHERE ledger = ?1", [ledger.0], |row| {
            row.get(0)
        })?;
    Ok(unsigned(size))
}

pub(super) fn count_tiles(db: &Connection, ledger: LedgerId) -> Result<u64> {
    let count: i64 =
        db.query_row("SELECT count(*) FROM tile WHERE ledger = ?1", [ledger.0], |row| row.get(0))?;
    Ok(unsigned(count))
}

/// Whether anything is stored of the acts on a record before `position`.
pub(super) fn has_contents_before(db: &Connection, record: &Id, position: u64) -> Result<bool> {
    let mut query = db.prepare_cached(
        "SELECT EXISTS (
             SELECT 1 FROM record_act a JOIN record r ON r.no = a.record JOIN content c ON c.no = a.content
             WHERE r.id = ?1 AND a.position < ?2 AND length(c.sealed) > 0)",
    )?;
    Ok(query.query_row(params![record.0, signed(position)], |row| row.get(0))?)
}

/// Compares `record` with the replayed records, and the keys that name their
/// things with those of the published values.
pub(super) fn compare_records(
    db: &Connection,
    records: &HashMap<Id, RecordState>,
    keys: &HashMap<Id, Digest>,
    findings: &mut Findings,
) -> Result<()> {
    let mut query =
        db.prepare("SELECT id, version, leaf, withdrawn, erased, record_key FROM record WHERE version > 0")?;
    let mut rows = query.query([])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        let Some(id) = Id::from_slice(&id) else {
            findings.add(Damage::whole("damage_table_record", vec![("id", hex::encode(id))]));
            continue;
        };
        let leaf: Option<Vec<u8>> = row.get(2)?;
        let leaf = leaf.as_deref().and_then(Digest::from_slice);
        let stored = leaf.and_then(|leaf| {
            Some(RecordState {
                version: row.get(1).ok()?,
                leaf,
                withdrawn: row.get(3).ok()?,
                erased: row.get(4).ok()?,
            })
        });
        let expected = records.get(&id);
        seen += usize::from(expected.is_some());
        let key: Vec<u8> = row.get(5)?;
        let erased = expected.is_some_and(|state| state.erased);
        let key_holds = match keys.get(&id) {
            Some(expected) => key == expected.0,
            // Of what is erased only what its acts say in the open stays.
            None => !erased || key.is_empty(),
        };
        if stored.as_ref() != expected || !key_holds {
            findings.add(Damage::whole("damage_table_record", vec![("id", id.to_string())]));
        }
    }
    if seen != records.len() {
        let missing = records.len() - seen;
        findings.add(Damage::whole("damage_table_records_missing", vec![("count", missing.to_string())]));
    }
    Ok(())
}

/// What an entry says of a person.
pub(super) struct Said {
    pub person: Id,
    pub state: MemberState,
    pub by_people: bool,
    pub digests: Vec<Digest>,
}

/// Compares `member_act` and its contents with what the entries have `said`.
pub(super) fn compare_people(
    office: &Office,
    said: &mut BTreeMap<u64, Said>,
    findings: &mut Findings,
) -> Result<()> {
    let mut query = office.db.prepare("SELECT * FROM member_act")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let position = unsigned(row.get("position")?);
        let Some(said) = said.remove(&position) else {
            findings.add(Damage::at(position, "damage_table_people"));
            continue;
        };
        if !is_as_said(office, row, position, &said) {
            let args = vec![("id", said.person.to_string())];
            findings.add(Damage { position: Some(position), code: "damage_table_person", args });
        }
    }
    for position in said.keys() {
        findings.add(Damage::at(*position, "damage_table_people"));
    }
    Ok(())
}

/// Whether a row says what the entry says, and its contents are those of the act.
fn is_as_said(office: &Office, row: &Row<'_>, position: u64, said: &Said) -> bool {
    let person = row.get::<_, Vec<u8>>("person").is_ok_and(|id| id == said.person.0);
    let by_people = row.get::<_, bool>("by_people").is_ok_and(|by_people| by_people == said.by_people);
    let state = read_member_state(row).is_ok_and(|state| state == said.state);
    let contents = row.get("content").map_err(Into::into).and_then(|no| office.member_contents(position, no));
    person && by_people && state && contents.is_ok_and(|d| sorted_digests(&d) == said.digests)
}

/// Compares the ledger's verifier key with the one that the genesis certifies.
pub(super) fn compare_vkey(
    db: &Connection,
    origin: &Origin,
    certified: Option<&VerifierKey>,
    findings: &mut Findings,
) -> Result<()> {
    let stored = yinxin_ledger::store::find_ledger(db, &origin.to_string())?.map(|(_, vkey)| vkey);
    if stored != certified.map(ToString::to_string) {
        findings.add(Damage::whole("damage_vkey", Vec::new()));
    }
    Ok(())
}
