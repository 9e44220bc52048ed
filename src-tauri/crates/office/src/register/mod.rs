//! The register (名录): the ledger that admits offices to a realm.
//!
//! ```text
//! stored   its entries as tables
//! ```

pub(crate) mod stored;
