//! What a register's entries say, as tables: read by the ledger rules, written
//! with every entry, held against the entries by the audit.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use yinxin_ledger::store;
use yinxin_record::act::{Act, Appointment, NumberedPolicy, Standing};
use yinxin_record::key::PublicKey;
use yinxin_record::rules::OfficeState;
use yinxin_record::{Digest, Id};

use crate::error::{OfficeError, Result};
use crate::state::id_of;

/// What is known of an office, in a register.
pub(crate) fn office_state(db: &Connection, id: &Id) -> Result<Option<OfficeState>> {
    let mut query = db.prepare_cached(
        "SELECT version, leaf, code, act FROM office_act WHERE office = ?1 ORDER BY version DESC LIMIT 1",
    )?;
    let mut rows = query.query([id.0])?;
    rows.next()?.map(read_state).transpose()
}

/// Whether an office has, or had, this code.
pub(crate) fn is_code_taken(db: &Connection, code: &str) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM office_act WHERE code = ?1")?.exists([code])?)
}

/// Whether an office's host has, or had, the key with this thumbprint.
pub(crate) fn is_key_used(db: &Connection, kid: &Digest) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM office_key WHERE kid = ?1")?.exists([kid.0])?)
}

/// The number of the latest policy, or 0.
pub(crate) fn policy_number(db: &Connection) -> Result<u64> {
    Ok(latest_policy(db)?.map_or(0, |policy| policy.number))
}

/// The latest policy.
pub(crate) fn latest_policy(db: &Connection) -> Result<Option<NumberedPolicy>> {
    let mut query = db.prepare_cached("SELECT number, text FROM policy_act ORDER BY number DESC LIMIT 1")?;
    let row = query.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    row.map(|(number, text)| Ok(NumberedPolicy { number: store::unsigned(number)?, text })).transpose()
}

/// An act about an office, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfficeAct {
    pub(crate) office: Id,
    pub(crate) position: u64,
    pub(crate) state: OfficeState,
}

/// Every act about every office, in the order of the ledger.
pub(crate) fn office_acts(db: &Connection) -> Result<Vec<OfficeAct>> {
    let mut query = db.prepare_cached(
        "SELECT version, leaf, code, act, office, position FROM office_act ORDER BY position",
    )?;
    let mut rows = query.query([])?;
    let mut acts = Vec::new();
    while let Some(row) = rows.next()? {
        acts.push(OfficeAct {
            office: id_of(&row.get::<_, Vec<u8>>("office")?)?,
            position: store::unsigned(row.get("position")?)?,
            state: read_state(row)?,
        });
    }
    Ok(acts)
}

fn read_state(row: &Row<'_>) -> Result<OfficeState> {
    let damaged = || OfficeError::Damaged("an office's row");
    let act: Vec<u8> = row.get("act")?;
    let Ok(Act::Office(standing)) = Act::parse(&act) else { return Err(damaged()) };
    let leaf = Digest::from_slice(&row.get::<_, Vec<u8>>("leaf")?).ok_or_else(damaged)?;
    if row.get::<_, String>("code")? != standing.code {
        return Err(damaged());
    }
    Ok(OfficeState { version: row.get("version")?, leaf, standing: *standing })
}

/// Takes in what an entry said of an office.
pub(crate) fn store_office(db: &Connection, id: &Id, position: u64, state: &OfficeState) -> Result<()> {
    let standing: &Standing = &state.standing;
    db.prepare_cached(
        "INSERT INTO office_act (position, office, version, leaf, code, act) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        store::signed(position),
        id.0,
        state.version,
        state.leaf.0,
        standing.code,
        Act::Office(Box::new(standing.clone())).to_bytes(),
    ])?;
    let mut insert = db.prepare_cached("INSERT OR IGNORE INTO office_key (kid) VALUES (?1)")?;
    for key in standing.keys.signing() {
        insert.execute([key.thumbprint().0])?;
    }
    Ok(())
}

/// Takes in the policy that an entry said.
pub(crate) fn store_policy(db: &Connection, position: u64, policy: &NumberedPolicy) -> Result<()> {
    db.prepare_cached("INSERT INTO policy_act (position, number, text) VALUES (?1, ?2, ?3)")?
        .execute(params![store::signed(position), store::signed(policy.number), policy.text])?;
    Ok(())
}

/// Takes in whom an entry has appointed.
pub(crate) fn store_appointment(
    db: &Connection,
    id: &Id,
    position: u64,
    appointment: &Appointment,
) -> Result<()> {
    let act = Act::Appoint(Box::new(appointment.clone())).to_bytes();
    db.prepare_cached("INSERT INTO appointment_act (position, office, act) VALUES (?1, ?2, ?3)")?
        .execute(params![store::signed(position), id.0, act])?;
    Ok(())
}

/// Every appointment with its position and the office's id, in the order of the
/// ledger.
pub(crate) fn appointments(db: &Connection) -> Result<Vec<(u64, Id, Appointment)>> {
    let damaged = || OfficeError::Damaged("an appointment's row");
    let mut query =
        db.prepare_cached("SELECT position, office, act FROM appointment_act ORDER BY position")?;
    let mut rows = query.query([])?;
    let mut appointments = Vec::new();
    while let Some(row) = rows.next()? {
        let act: Vec<u8> = row.get("act")?;
        let Ok(Act::Appoint(appointment)) = Act::parse(&act) else { return Err(damaged()) };
        let office = id_of(&row.get::<_, Vec<u8>>("office")?)?;
        appointments.push((store::unsigned(row.get("position")?)?, office, *appointment));
    }
    Ok(appointments)
}

/// Every policy with its position, in the order of the ledger.
pub(crate) fn policies(db: &Connection) -> Result<Vec<(u64, NumberedPolicy)>> {
    let mut query = db.prepare_cached("SELECT position, number, text FROM policy_act ORDER BY position")?;
    let mut rows = query.query([])?;
    let mut policies = Vec::new();
    while let Some(row) = rows.next()? {
        let number = store::unsigned(row.get(1)?)?;
        policies.push((store::unsigned(row.get(0)?)?, NumberedPolicy { number, text: row.get(2)? }));
    }
    Ok(policies)
}

/// Whether the list of keys that are never used again lacks one of `keys`, or has
/// others.
pub(crate) fn unknown_keys(db: &Connection, keys: impl Iterator<Item = PublicKey>) -> Result<bool> {
    let known: BTreeSet<[u8; 32]> = keys.map(|key| key.thumbprint().0).collect();
    let mut query = db.prepare_cached("SELECT kid FROM office_key ORDER BY kid")?;
    let stored: Vec<Vec<u8>> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(!stored.iter().map(Vec::as_slice).eq(known.iter().map(<[u8; 32]>::as_slice)))
}
