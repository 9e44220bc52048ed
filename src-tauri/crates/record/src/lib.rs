//! Records and what is signed about them: templates, fields, disclosures,
//! acts, layered statements. Pure: no clock, no randomness, no files.

pub mod act;
pub mod cbor;
pub mod check_digit;
pub mod coded;
pub mod cose;
pub mod digest;
pub mod digits;
pub mod disclosure;
pub mod invitation;
pub mod key;
pub mod origin;
pub mod roster;
pub mod rules;
pub mod statement;
pub mod template;
pub mod validate;

pub use coded::Coded;
pub use digest::{Digest, Id};
