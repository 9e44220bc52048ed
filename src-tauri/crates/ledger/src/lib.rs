//! One office's append-only log: arithmetic, formats, proofs.
//!
//! One file a concept:
//! [`tree`], [`chain`] are arithmetic over digests; [`tile`], [`note`],
//! [`checkpoint`], [`cosignature`], [`log_proof`], [`policy`] are the C2SP
//! formats. They read no clock, no file and no randomness, and take hostile
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
