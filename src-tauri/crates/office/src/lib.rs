//! One office: its folder, people, drafts and approvals, import, search,
//! export, audit. Everything a desk does, without a screen.
//!
//! [`Office`] is the way in. Nothing here reads the clock or draws randomness
//! by itself ([`Surroundings`]), and nothing here prints: errors are values
//! whose texts are in the locale files ([`OfficeError`]).

pub mod audit;
pub mod browse;
pub mod error;
pub mod folder;
pub mod import;
pub mod keyring;
pub mod people;
pub mod submit;
pub mod whole_file;

mod approve;
mod content;
mod database;
mod draft;
mod export;
mod office;
mod publication;
mod reading;
mod search_index;
mod state;
mod surroundings;

pub use approve::{Approval, Selection};
pub use error::OfficeError;
pub use export::Exported;
pub use office::{Founding, Office};
pub use surroundings::Surroundings;
