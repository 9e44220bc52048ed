//! A practice city (演练城市): three offices in one folder, with real
//! communities, invented people, and work that waits, so that a person can
//! learn and nothing that counts can be touched.
//!
//! ```text
//! <city>/
//!   README.txt            what this is
//!   data-bureau/          武汉市数据局            each a data folder as any
//!   civil-affairs/        武汉市民政局            office has: Office::open
//!   market-supervision/   武汉市市场监督管理局
//! ```
//!
//! Practice cannot pass for the real thing: the realm is [`REALM`], which stands
//! in every ledger, every statement and every exported file, and
//! [`Origin::is_practice`](yinxin_record::origin::Origin::is_practice) reads it
//! there. Persons, passphrases and the codes of the offices are invented;
//! `practice/ORIGINS.md` says which data are real.
//!
//! The passphrases are constants that anybody can read ([`people_at`],
//! [`HOST_PASSPHRASE`]), so sealing key files with much work would protect
//! nothing: it is set as low as it goes, and unlocking takes no time. For the
//! same reason the hosts' keys unlock unattended. Neither is a pattern for a
//! real office.
//!
//! [`build`] makes the city; clock and randomness are its arguments. What stands
//! in it when it is done is declared in `works.rs` and `information.rs`.

mod building;
mod city;
mod communities;
mod desk;
mod error;
mod information;
mod offices;
mod people;
mod step;
mod works;

pub use city::{City, PracticeOffice, build};
pub use error::PracticeError;
pub use offices::{REALM, people_at};
pub use people::{HOST_PASSPHRASE, PracticePerson};
pub use step::Step;
