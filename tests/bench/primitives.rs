//! What the machine can do, without us.

use std::time::{Duration, Instant};

use ed25519_dalek::{Signer as _, SigningKey};
use rayon::prelude::*;
use rusqlite::Connection;
use yinxin_record::Digest;

/// Wall-clock time.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Since the start.
    pub fn read(&self) -> Duration {
        self.0.elapsed()
    }
}

const SEED: [u8; 32] = [7; 32];

/// `count` Ed25519 signatures of `len` bytes, over all cores.
pub fn sign_all_cores(count: usize, len: usize) -> Duration {
    let key = SigningKey::from_bytes(&SEED);
    let message = vec![1; len];
    let watch = Stopwatch::start();
    let last = (0..count).into_par_iter().map(|_| key.sign(&message).to_bytes()[0]).max();
    std::hint::black_box(last);
    watch.read()
}

/// `count` of the library's own `verify_strict` of `len` bytes, over all cores,
/// with one decompressed key.
pub fn verify_all_cores(count: usize, len: usize) -> Duration {
    let key = SigningKey::from_bytes(&SEED);
    let message = vec![1; len];
    let (signature, verifier) = (key.sign(&message), key.verifying_key());
    let watch = Stopwatch::start();
    let all = (0..count).into_par_iter().all(|_| verifier.verify_strict(&message, &signature).is_ok());
    assert!(std::hint::black_box(all));
    watch.read()
}

/// `count` SHA-256 digests of `len` bytes on one core.
pub fn hash_one_core(count: usize, len: usize) -> Duration {
    let mut message = vec![1; len];
    let watch = Stopwatch::start();
    for i in 0..count {
        message[0] = i.to_le_bytes()[0];
        std::hint::black_box(Digest::of(&message));
    }
    watch.read()
}

/// Inserts for each of `rows` kinds of row `records` blobs of that many bytes,
/// `batch` to a transaction, into a fresh WAL database.
pub fn insert(records: usize, batch: usize, rows: &[usize]) -> Result<Duration, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut db = Connection::open(folder.path().join("raw.db"))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE raw (no INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")?;
    let watch = Stopwatch::start();
    for len in rows {
        let bytes = vec![5_u8; *len];
        let mut left = records;
        while left > 0 {
            let now = left.min(batch);
            let transaction = db.transaction()?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO raw (bytes) VALUES (?1)")?;
                for _ in 0..now {
                    insert.execute([&bytes])?;
                }
            }
            transaction.commit()?;
            left -= now;
        }
    }
    Ok(watch.read())
}

/// Median and 95th percentile.
pub fn median_p95(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |percent: usize| times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
    (at(50).copied().unwrap_or_default(), at(95).copied().unwrap_or_default())
}
