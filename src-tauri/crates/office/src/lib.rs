//! One office: its folder, people, drafts and approvals, import, search,
//! export, audit. Everything a desk does, without a screen.
//!
//! [`Office`] is the way in. Nothing here reads the clock or draws randomness
//! by itself ([`Surroundings`]), and nothing here prints: errors are values
//! whose texts are in the locale files ([`OfficeError`]).
//!
//! | | |
//! |---|---|
//! | `office` | found, open or read an office; append an entry and sign the head |
//! | [`folder`], `database`, `reading` | the data folder; its databases to write, or only to read |
//! | [`whole_file`] | files written as a whole, read only if they end |
//! | [`keyring`], [`strength`], [`people`] | keys under passphrases that are hard to guess; who may sign |
//! | [`duty`] | which roles everything that signs or changes asks for |
//! | [`passphrase_change`] | new passphrases for keys that stay, whenever the power fails |
//! | [`private_file`] | key files: read only if nobody else can |
//! | [`realm`], [`register`] | the office in its realm; the register, which admits offices |
//! | [`recovery`] | founding and host keys once more, under a code on paper |
//! | [`import`] | sheets: read, match columns, judge rows, plan |
//! | `draft`, [`submit`] | a drafter's signed act; import, amend, withdraw |
//! | [`step`], `awaited`, `queue`, `give_back` | whose signature a draft waits for; read what waits; return it |
//! | `countersign`, `review`, `approve` | check what waits; sign as reviewer; sign as approver and publish, in batches |
//! | `state` | the ledger as the rules see it: roster, records, anchor |
//! | `state_of` | of which head that state is; made anew from the entries where it lags |
//! | `saved_ledger` | that state without an office, for tests only |
//! | `content`, `search_index` | sealed values; words to find them by |
//! | [`browse`], `export`, `publication` | list and show; evidence files; policy and tiles |
//! | [`audit`] | everything stored held against everything else |
//! | [`error`] | what can go wrong, by name |

pub mod audit;
pub mod browse;
pub mod counts;
pub mod duty;
pub mod error;
pub mod folder;
pub mod form;
pub mod import;
pub mod inbox;
pub mod keyring;
pub mod passphrase_change;
pub mod people;
pub mod private_file;
pub mod realm;
pub mod recovery;
pub mod register;
pub mod step;
pub mod strength;
pub mod submit;
pub mod whole_file;

mod approve;
mod awaited;
mod content;
mod countersign;
mod database;
mod draft;
mod erase;
mod export;
mod give_back;
mod office;
mod publication;
mod queue;
mod reading;
mod review;
#[cfg(feature = "saved-ledger")]
pub mod saved_ledger;
mod search_index;
mod state;
mod state_of;
mod surroundings;
mod take_back;

pub use approve::Approval;
pub use error::OfficeError;
pub use export::Exported;
pub use office::{Founding, Office};
pub use queue::Selection;
pub use review::Reviewed;
pub use surroundings::Surroundings;
