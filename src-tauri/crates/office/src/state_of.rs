//! Of which head the saved state is. The tables that the ledger rules read change in
//! the transaction of the append; a row beside them says of which head they are, and
//! nothing is judged, signed or appended where that is not the ledger's head.
//!
//! A state that lags behind its ledger (put back in part, judged by older rules, or of
//! an older database, which did not say) is made anew from the entries at the next
//! opening. What entries do not say cannot be made again: sealed contents. Where they
//! are missing, or the ledger itself lags behind, the office is only read.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_ledger::store::{self, Head, LedgerId, StoredTiles};
use yinxin_ledger::tree;
use yinxin_record::act::Act;
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, Delta, MemberState};
use yinxin_record::statement::Statement;
use yinxin_record::{Digest, Id};

use crate::audit::replay::Replay;
use crate::erase::empty_contents;
use crate::error::{OfficeError, Result};
use crate::office::{Office, check_head};
use crate::people::store_said;
use crate::realm::register_key;
use crate::register::store_delta;
use crate::state::store_record_state;

/// How many entries are read at a time.
const CHUNK: usize = 128;

/// What the saved state says that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StateOf {
    pub size: u64,
    pub root: Digest,
    pub rules: u32,
}

impl StateOf {
    /// The state that belongs to a head.
    pub(crate) fn head(head: &Head) -> Self {
        Self { size: head.size, root: head.root, rules: rules::VERSION }
    }

    /// What is saved; nothing where nobody knows.
    pub(crate) fn saved(db: &Connection, ledger: LedgerId) -> Result<Option<Self>> {
        let mut query = db.prepare_cached("SELECT size, root, rules FROM state_of WHERE ledger = ?1")?;
        let row = query
            .query_row([ledger.0], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?, row.get(2)?)))
            .optional()?;
        let read = |(size, root, rules): (i64, Vec<u8>, u32)| {
            let root =
                Digest::from_slice(&root).ok_or(OfficeError::Damaged("the root of the saved state"))?;
            Ok(Self { size: store::unsigned(size)?, root, rules })
        };
        row.map(read).transpose()
    }

    /// Says that the state is that of `head` from now on: in the transaction that
    /// appends and stores what the entries change.
    pub(crate) fn save(db: &Connection, ledger: LedgerId, head: &Head) -> Result<()> {
        let state = Self::head(head);
        db.prepare_cached(
            "INSERT OR REPLACE INTO state_of (ledger, size, root, rules) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![ledger.0, store::signed(state.size), state.root.0, state.rules])?;
        Ok(())
    }
}

/// Refuses to judge or sign where the saved state is not that of the ledger's head.
///
/// # Errors
/// [`OfficeError::StateOfAnotherHead`].
pub(crate) fn check(db: &Connection, ledger: LedgerId) -> Result<()> {
    let (head, saved) = (store::head(db, ledger)?, StateOf::saved(db, ledger)?);
    if saved == Some(StateOf::head(&head)) { Ok(()) } else { Err(differs(saved, &head)) }
}

fn differs(saved: Option<StateOf>, head: &Head) -> OfficeError {
    OfficeError::StateOfAnotherHead { state: saved.map(|state| state.size), ledger: head.size }
}

/// Makes the state anew from the entries where it lags behind the ledger, in one
/// transaction. Says whether it did.
///
/// # Errors
/// [`OfficeError::StateOfAnotherHead`] where the ledger lags behind the state or is
/// another one, where the entries break a rule, or where something is missing that they
/// do not say; [`OfficeError::Damaged`] where the log key did not sign them.
pub(crate) fn catch_up(db: &mut Connection, ledger: LedgerId, origin: &Origin) -> Result<bool> {
    if check(db, ledger).is_ok() {
        return Ok(false);
    }
    let transaction = Office::begin(db)?;
    let (head, saved) = (store::head(&transaction, ledger)?, StateOf::saved(&transaction, ledger)?);
    if saved == Some(StateOf::head(&head)) {
        // Another program was faster.
        return Ok(false);
    }
    if saved.is_some_and(|state| !is_prefix(&transaction, ledger, &state, &head)) {
        return Err(differs(saved, &head));
    }
    check_head(&transaction, ledger, origin)?;
    let said = Said::read(&transaction, ledger, origin)?.filter(|said| said.root == head.root);
    let stored = said.map(|said| said.store(&transaction, ledger)).transpose()?;
    if stored != Some(true) {
        return Err(differs(saved, &head));
    }
    StateOf::save(&transaction, ledger, &head)?;
    transaction.commit()?;
    Ok(true)
}

/// Whether the ledger was at this size what the state says that it was.
fn is_prefix(db: &Connection, ledger: LedgerId, state: &StateOf, head: &Head) -> bool {
    let root = || tree::root(state.size, &StoredTiles::new(db, ledger)).ok();
    state.size <= head.size && root() == Some(state.root)
}

/// What the entries have said.
struct Said {
    replay: Replay,
    root: Digest,
    /// The acts on records: which, act and version, by position.
    acts: Vec<(u64, Id, &'static str, u32)>,
    people: Vec<(u64, Id, Box<MemberState>, bool)>,
    register: Vec<(u64, Delta)>,
}

impl Said {
    /// Replays every entry; nothing if one of them cannot be read or breaks a rule.
    fn read(db: &Connection, ledger: LedgerId, origin: &Origin) -> Result<Option<Self>> {
        let mut query = db.prepare("SELECT size FROM checkpoint WHERE ledger = ?1 ORDER BY size")?;
        let sizes = query.query_map([ledger.0], |row| row.get::<_, i64>(0))?;
        let sizes: Vec<i64> = sizes.collect::<rusqlite::Result<_>>()?;
        let mut sizes = sizes.into_iter().map(|size| u64::try_from(size).unwrap_or(0)).peekable();
        let register = register_key(db, origin)?;
        let (mut replay, mut tree) = (Replay::new(origin, register), tree::Frontier::new());
        let (mut acts, mut people, mut register) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = 0;
        loop {
            let chunk = store::entries(db, ledger, next, CHUNK)?;
            if chunk.is_empty() {
                return Ok(Some(Self { replay, root: tree.root(), acts, people, register }));
            }
            for entry in chunk {
                let leaf = tree::leaf_hash(&entry.bytes);
                let Ok(statement) = Statement::parse(&entry.bytes) else { return Ok(None) };
                let Ok(decision) = rules::apply(&replay, &statement, leaf) else { return Ok(None) };
                replay.advance(Some(&decision));
                tree.push(leaf);
                next += 1;
                if sizes.next_if(|size| *size <= next) == Some(next) {
                    replay.roots.insert(next, tree.root());
                }
                let (position, by_people) = (next - 1, decision.signers.len() > 1);
                match decision.delta {
                    Delta::Founded(_) => {}
                    Delta::Member(id, state) => people.push((position, id, state, by_people)),
                    Delta::Record(id, state) => {
                        let act: &Act = &statement.act;
                        acts.push((position, id, act.word(), act.version().unwrap_or(state.version)));
                    }
                    delta @ (Delta::Office(..) | Delta::Policy(_) | Delta::Appointed(..)) => {
                        register.push((position, delta));
                    }
                }
            }
        }
    }

    /// Puts it in the place of what is saved. Says no if something is missing that
    /// entries do not say, or there is more than they say; then nothing may stay.
    fn store(&self, db: &Connection, ledger: LedgerId) -> Result<bool> {
        Ok(self.store_people(db)? && self.store_records(db, ledger)? && self.store_register(db)?)
    }

    fn store_people(&self, db: &Connection) -> Result<bool> {
        let mut contents = contents(db, "SELECT position, content FROM member_act")?;
        db.execute("DELETE FROM member_act", [])?;
        for (position, id, state, by_people) in &self.people {
            let Some(content) = contents.remove(position) else { return Ok(false) };
            store_said(db, id, *position, state, *by_people, content)?;
        }
        Ok(contents.is_empty())
    }

    fn store_records(&self, db: &Connection, ledger: LedgerId) -> Result<bool> {
        let records = &self.replay.records;
        let mut erased = Vec::new();
        let mut find = db.prepare("SELECT no FROM record WHERE id = ?1")?;
        for (id, state) in records {
            let no = find.query_row([id.0], |row| row.get::<_, i64>(0)).optional()?;
            let Some(no) = no else { return Ok(false) };
            store_record_state(db, no, state)?;
            erased.extend(state.erased.then_some(no));
        }
        let mut acts = contents(db, "SELECT position, content FROM record_act")?;
        let mut update = db.prepare(
            "UPDATE record_act SET record = (SELECT no FROM record WHERE id = ?2), act = ?3, version = ?4
             WHERE position = ?1",
        )?;
        for (position, id, act, version) in &self.acts {
            if acts.remove(position).is_none() {
                return Ok(false);
            }
            update.execute(params![store::signed(*position), id.0, act, version])?;
        }
        erased.into_iter().try_for_each(|no| empty_contents(db, ledger, no))?;
        let stored: i64 =
            db.query_row("SELECT count(*) FROM record WHERE version > 0", [], |row| row.get(0))?;
        Ok(acts.is_empty() && usize::try_from(stored) == Ok(records.len()))
    }

    fn store_register(&self, db: &Connection) -> Result<bool> {
        db.execute_batch("DELETE FROM office_act; DELETE FROM office_key; DELETE FROM policy_act; DELETE FROM appointment_act;")?;
        for (position, delta) in &self.register {
            store_delta(db, delta, *position)?;
        }
        Ok(true)
    }
}

/// Which contents belong to the act at which position.
fn contents(db: &Connection, sql: &str) -> Result<BTreeMap<u64, i64>> {
    let mut query = db.prepare(sql)?;
    let mut rows = query.query([])?;
    let mut contents = BTreeMap::new();
    while let Some(row) = rows.next()? {
        contents.insert(store::unsigned(row.get(0)?)?, row.get(1)?);
    }
    Ok(contents)
}
