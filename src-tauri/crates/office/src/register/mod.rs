//! The register (名录): the ledger that admits offices to a realm.
//!
//! ```text
//! offices  who is in it; what is written for them
//! change   one admin proposes, the other confirms
//! policy   the realm's policy, as it follows from the entries
//! stored   the entries as tables
//! ```

mod change;
mod offices;
mod policy;
pub(crate) mod stored;

pub(crate) use change::store_delta;
pub use change::{Ended, Said, WaitingChange, WaitingOfficer};
pub use offices::RegisteredOffice;
