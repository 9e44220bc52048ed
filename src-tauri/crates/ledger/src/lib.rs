//! One office's append-only log: arithmetic, formats, proofs.
//!
//! One file a concept:
//!
//! | | |
//! |---|---|
//! | [`tree`] | the Merkle tree of RFC 6962: roots, inclusion, consistency |
//! | [`chain`] | a running hash over the entries, which finds accidents |
//! | [`note`] | signed notes and verifier keys (C2SP signed-note) |
//! | [`checkpoint`] | the signed size and root of a log (C2SP tlog-checkpoint) |
//! | [`cosignature`] | what a witness adds to a checkpoint (C2SP tlog-cosignature) |
//! | [`tile`] | the tree and the entries as static files (C2SP tlog-tiles) |
//! | [`log_proof`] | an entry's proof as a file (C2SP tlog-proof) |
//! | [`policy`] | which logs and witnesses somebody trusts (C2SP tlog-policy) |
//! | [`receipt`] | the same proof for COSE tools |
//! | [`store`] | many ledgers in SQLite: append, read, never change |
//!
//! All but the store read no clock, no file and no randomness, and take hostile
//! input: bounded, strict, an error with a name.

pub mod chain;
pub mod checkpoint;
pub mod cosignature;
pub mod log_proof;
pub mod note;
pub mod policy;
pub mod receipt;
pub mod store;
pub mod tile;
pub mod tree;
