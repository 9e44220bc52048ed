//! Stored contents: disclosures sealed under keys that are kept apart, so that
//! destroying a key destroys the contents (DESIGN §5).
//!
//! A set of disclosures is the CBOR array of their bytes, sealed with
//! ChaCha20-Poly1305 (RFC 8439) under a key of its own, hence nonce 0. The
//! subject's id and the digest of the signed layer that commits to the contents
//! are associated data: whoever opens the contents knows that this layer is
//! still the one that was signed with them. The key is committed to `content-keys.db`
//! before the set is committed to `yinxin.db`; a crash in between leaves a key
//! without a set, which harms nothing. Contents that are dropped go in the other
//! order: the set with its transaction, the key after it (`destroying.sql`).

use std::collections::BTreeSet;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use rusqlite::{Connection, OptionalExtension, params};
use yinxin_record::cbor::{self, Value};
use yinxin_record::disclosure::Disclosure;
use yinxin_record::{Digest, Id};
use zeroize::Zeroizing;

use crate::error::{OfficeError, Result};

/// More than the values of one record, which are bounded when they are checked.
const MAX_SET: usize = 16 << 20;

/// The key of one set.
pub(crate) type ContentKey = Zeroizing<[u8; 32]>;

/// A set sealed in memory, not yet stored.
pub(crate) struct Sealed {
    pub subject: Id,
    pub key: ContentKey,
    pub bytes: Vec<u8>,
}

/// Seals the encoded `disclosures` of `subject`, which the signed `layer` commits to, under
/// `key`, which is used for nothing else.
pub(crate) fn seal(subject: Id, layer: &[u8], disclosures: Vec<Vec<u8>>, key: ContentKey) -> Result<Sealed> {
    let set = Value::Array(disclosures.into_iter().map(Value::Bytes).collect());
    let plain = Zeroizing::new(cbor::encode(&set));
    let payload = Payload { msg: &plain, aad: &bound(subject, layer) };
    let bytes = cipher(&key).encrypt(&Nonce::default(), payload);
    Ok(Sealed { subject, key, bytes: bytes.map_err(|_| OfficeError::TooLarge)? })
}

/// Opens what [`seal`] made: the bytes of each disclosure.
fn unseal(subject: Id, layer: &[u8], sealed: &[u8], key: &ContentKey) -> Result<Vec<Value>> {
    let damaged = || OfficeError::Damaged("sealed contents");
    let payload = Payload { msg: sealed, aad: &bound(subject, layer) };
    let plain = cipher(key).decrypt(&Nonce::default(), payload).map_err(|_| damaged())?;
    let plain = Zeroizing::new(plain);
    match cbor::decode(&plain, MAX_SET) {
        Ok(Value::Array(items)) if items.iter().all(|item| item.as_bytes().is_some()) => Ok(items),
        _ => Err(damaged()),
    }
}

/// Whether what is sealed is what a signed `layer` commits to: its disclosures
/// have exactly these sorted digests.
pub(crate) fn holds(subject: Id, layer: &[u8], sealed: &[u8], key: &ContentKey, digests: &[Digest]) -> bool {
    let Ok(items) = unseal(subject, layer, sealed, key) else { return false };
    let found: BTreeSet<Digest> = items.iter().filter_map(Value::as_bytes).map(Digest::of).collect();
    found.iter().eq(digests)
}

fn bound(subject: Id, layer: &[u8]) -> Vec<u8> {
    [subject.0.as_slice(), &Digest::of(layer).0].concat()
}

fn cipher(key: &ContentKey) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(&Key::from(**key))
}

/// Commits the keys of `sets` and returns their numbers, in order.
pub(crate) fn store_keys<'s>(
    keys: &mut Connection,
    sets: impl IntoIterator<Item = &'s Sealed>,
) -> Result<Vec<i64>> {
    let transaction = keys.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let mut numbers = Vec::new();
    {
        let mut insert = transaction.prepare_cached("INSERT INTO content_key (secret) VALUES (?1)")?;
        for set in sets {
            insert.execute([set.key.as_slice()])?;
            numbers.push(transaction.last_insert_rowid());
        }
    }
    transaction.commit()?;
    Ok(numbers)
}

/// Commits one key and returns its number.
pub(crate) fn store_key(keys: &mut Connection, key: &ContentKey) -> Result<i64> {
    keys.execute("INSERT INTO content_key (secret) VALUES (?1)", [key.as_slice()])?;
    Ok(keys.last_insert_rowid())
}

/// Drops a key under which nothing was stored after all.
pub(crate) fn drop_key(db: &Connection, no: i64) -> Result<()> {
    db.prepare_cached("INSERT OR IGNORE INTO key_to_destroy (no) VALUES (?1)")?.execute([no])?;
    Ok(())
}

/// Destroys the keys of what was dropped from `db`, once that is committed. What
/// fails here is done at the next opening, so nobody need hear of it: what was
/// asked for is done.
pub(crate) fn destroy_dropped(db: &mut Connection, keys: &mut Connection) {
    let _ = try_destroy_dropped(db, keys);
}

fn try_destroy_dropped(db: &mut Connection, keys: &mut Connection) -> Result<()> {
    let dropped: Vec<i64> = db
        .prepare_cached("SELECT no FROM key_to_destroy")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if dropped.is_empty() {
        return Ok(());
    }
    delete_all(keys, "DELETE FROM content_key WHERE no = ?1", &dropped)?;
    // Only now: what is not destroyed must not be forgotten.
    delete_all(db, "DELETE FROM key_to_destroy WHERE no = ?1", &dropped)
}

fn delete_all(db: &mut Connection, sql: &str, numbers: &[i64]) -> Result<()> {
    let transaction = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for no in numbers {
        transaction.prepare_cached(sql)?.execute([no])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Stores a set whose key has the number `key_no`; returns the set's number.
pub(crate) fn store_set(db: &Connection, set: &Sealed, key_no: i64) -> Result<i64> {
    db.prepare_cached("INSERT INTO content (subject, key_no, sealed) VALUES (?1, ?2, ?3)")?
        .execute(params![set.subject.0, key_no, set.bytes])?;
    Ok(db.last_insert_rowid())
}

/// Reads the set number `no`, which the signed `layer` commits to.
pub(crate) fn load_set(db: &Connection, keys: &Connection, no: i64, layer: &[u8]) -> Result<Vec<Disclosure>> {
    let row = db
        .prepare_cached("SELECT subject, key_no, sealed FROM content WHERE no = ?1")?
        .query_row([no], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let (subject, key_no, sealed) = row.ok_or(OfficeError::Damaged("contents are missing"))?;
    if sealed.is_empty() {
        // Erased, by an act that `audit` looks for.
        return Ok(Vec::new());
    }
    let subject = Id::from_slice(&subject).ok_or(OfficeError::Damaged("subject"))?;
    let items = unseal(subject, layer, &sealed, &load_key(keys, key_no)?)?;
    let disclosures = items.iter().filter_map(Value::as_bytes).map(Disclosure::parse);
    disclosures.collect::<Result<_, _>>().map_err(|_| OfficeError::Damaged("a disclosure"))
}

/// Reads the key number `no`.
pub(crate) fn load_key(keys: &Connection, no: i64) -> Result<ContentKey> {
    let secret: Option<Vec<u8>> = keys
        .prepare_cached("SELECT secret FROM content_key WHERE no = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    let secret = Zeroizing::new(secret.ok_or(OfficeError::Damaged("content key is missing"))?);
    let key: [u8; 32] = secret.as_slice().try_into().map_err(|_| OfficeError::Damaged("content key"))?;
    Ok(Zeroizing::new(key))
}
