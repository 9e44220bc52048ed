//! The office in its realm.
//!
//! ```text
//! request      the file with which an office asks its register; how that is judged
//! appointment  the same for one of its officers
//! answer       the file with which the register answers; how that is judged
//! ask          make the request
//! join         take the answer in
//! officer      ask for an officer; take the register's warrant in
//! keys         the host's keys, before and after they were replaced
//! warrant      the file with which the register answers that
//! error        what can go wrong
//! ```

mod answer;
mod appointment;
mod ask;
mod error;
mod join;
pub(crate) mod keys;
mod officer;
mod request;
mod warrant;

pub use answer::{Answer, MAX_ANSWER};
pub use appointment::{AppointmentRequest, MAX_APPOINTMENT};
pub use ask::Replacement;
pub use error::RealmError;
pub use join::Joined;
pub(crate) use join::register_key;
pub use officer::{Officer, OfficerKey, own_officer_key};
pub use request::{MAX_REQUEST, Presented, PresentedPerson, Request};
pub use warrant::{MAX_WARRANT, parse_warrant, warrant_bytes};
