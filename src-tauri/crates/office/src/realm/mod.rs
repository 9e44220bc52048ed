//! The office in its realm.
//!
//! ```text
//! request   the file with which an office asks its register; how that is judged
//! answer    the file with which the register answers; how that is judged
//! ask       make the request
//! join      take the answer in
//! keys      the host's keys, before and after they were replaced
//! error     what can go wrong
//! ```

mod answer;
mod ask;
mod error;
mod join;
pub(crate) mod keys;
mod request;

pub use answer::{Answer, MAX_ANSWER};
pub use ask::Replacement;
pub use error::RealmError;
pub use join::Joined;
pub use request::{MAX_REQUEST, Presented, PresentedPerson, Request};
