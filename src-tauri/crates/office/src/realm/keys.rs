//! The host's keys, before and after they were replaced.
//!
//! A ledger begins with the keys of its genesis. When the register has certified
//! other keys and its answer is taken in, these sign from then on: the size that
//! the ledger has at that moment is signed once more, with the new keys.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::receipt;
use yinxin_ledger::store::{self, Checkpointed, Head, LedgerId};
use yinxin_record::act::CertifiedKeys;
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;

use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::state::load_genesis;

/// The keys that sign heads and receipts, and since which size of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeadKeys {
    /// They sign what is larger, and this size once more.
    pub(crate) since: u64,
    pub(crate) log: PublicKey,
    pub(crate) receipt: PublicKey,
    /// What they signed at `since`; nothing of the first ones.
    pub(crate) first: Option<Checkpointed>,
}

impl HeadKeys {
    pub(crate) fn of_genesis(keys: &CertifiedKeys) -> Self {
        Self { since: 0, log: keys.log, receipt: keys.receipt, first: None }
    }

    /// Whether these are `keys`.
    pub(crate) fn are(&self, keys: &HostKeys) -> bool {
        let certified = keys.signing();
        self.log == certified.0 && self.receipt == certified.1
    }
}

/// Every pair of keys that was in force, the oldest first; none without a ledger.
pub(crate) fn all(db: &Connection, ledger: LedgerId) -> Result<Vec<HeadKeys>> {
    let mut keys = vec![HeadKeys::of_genesis(&load_genesis(db, ledger)?.keys.host)];
    keys.extend(replaced(db)?);
    Ok(keys)
}

/// Those that replaced others.
pub(crate) fn replaced(db: &Connection) -> Result<Vec<HeadKeys>> {
    let mut query =
        db.prepare_cached("SELECT size, log, receipt, note, signed FROM host_key ORDER BY size")?;
    let mut rows = query.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        keys.push(read(row)?);
    }
    Ok(keys)
}

/// The keys that sign now.
pub(crate) fn in_force(db: &Connection, ledger: LedgerId) -> Result<HeadKeys> {
    let mut query = db
        .prepare_cached("SELECT size, log, receipt, note, signed FROM host_key ORDER BY size DESC LIMIT 1")?;
    let mut rows = query.query([])?;
    match rows.next()? {
        Some(row) => read(row),
        None => Ok(HeadKeys::of_genesis(&load_genesis(db, ledger)?.keys.host)),
    }
}

/// Checkpoint and receipt of this size, signed with the keys that are in force
/// since.
pub(crate) fn signed_at(db: &Connection, ledger: LedgerId, size: u64) -> Result<Option<Checkpointed>> {
    let anew = db
        .prepare_cached("SELECT note, signed FROM host_key WHERE size = ?1")?
        .query_row([store::signed(size)], |row| Ok(Checkpointed { note: row.get(0)?, receipt: row.get(1)? }))
        .optional()?;
    Ok(match anew {
        Some(anew) => Some(anew),
        None => store::checkpoint_at(db, ledger, size)?,
    })
}

/// Puts `keys` in force at `head`, which they sign.
pub(crate) fn replace(db: &Connection, origin: &Origin, head: &Head, keys: &HostKeys) -> Result<()> {
    let signed = sign(origin, head, keys)?;
    let (log, receipt) = keys.signing();
    db.execute(
        "INSERT INTO host_key (size, log, receipt, note, signed) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (size) DO UPDATE SET log = excluded.log, receipt = excluded.receipt,
             note = excluded.note, signed = excluded.signed",
        params![store::signed(head.size), log.0, receipt.0, signed.note, signed.receipt],
    )?;
    Ok(())
}

/// Signs checkpoint and receipt of `head`.
pub(crate) fn sign(origin: &Origin, head: &Head, keys: &HostKeys) -> Result<Checkpointed> {
    let origin = origin.to_string();
    let signed = Checkpoint { origin: origin.clone(), size: head.size, root: head.root };
    Ok(Checkpointed {
        note: signed.sign(&keys.log).map_err(|_| OfficeError::Damaged("checkpoint"))?.to_string(),
        receipt: receipt::make(&head.root, &origin, &keys.receipt)?,
    })
}

fn read(row: &Row<'_>) -> Result<HeadKeys> {
    let key = |name| -> Result<PublicKey> {
        let bytes: Vec<u8> = row.get(name)?;
        Ok(PublicKey(bytes.try_into().map_err(|_| OfficeError::Damaged("a host key's row"))?))
    };
    Ok(HeadKeys {
        since: store::unsigned(row.get("size")?)?,
        log: key("log")?,
        receipt: key("receipt")?,
        first: Some(Checkpointed { note: row.get("note")?, receipt: row.get("signed")? }),
    })
}
