//! What a window may ask, the same in every host.
//!
//! [`COMMANDS`] declares each command once, in `list.rs`: its name, request,
//! response, who may ask and what it may fail with. Behind the list stands a
//! [`Desk`]: one open office, one person at most whose key is unlocked, running
//! jobs, and the files that were handed in or are to be handed out.
//!
//! A host carries requests to [`Desk::call`], or includes `list.rs` under a macro
//! of its own that binds every command; in both cases the whole list is bound or
//! nothing compiles. Failures travel as [`Failure`]: a code and arguments, whose texts
//! are in the locale files. Nothing here decides anything about records: that
//! is `office`.
//!
//! Types for the pages are written from the same declarations, by
//! [`typescript`]; a test holds the file in the tree against them.

mod approval;
mod audit;
mod changes;
mod desk;
mod error;
mod evidence;
mod failure;
mod files;
mod form;
mod handed;
mod handlers;
mod home;
mod idle;
mod import;
mod invitations;
mod job;
mod key_folder;
mod list_of_commands;
mod machine;
mod office;
mod officer;
mod overview;
mod passphrase;
mod people;
mod practice;
mod realm;
mod records;
mod recovery;
mod register;
mod review;
mod session;
mod settings;
mod template;
mod typescript;

pub use approval::*;
pub use audit::*;
pub use changes::*;
pub use desk::Desk;
pub use error::DeskError;
pub use evidence::*;
pub use failure::{ALWAYS, Failure, ProblemView};
pub use files::{FileKind, FileRef, OutgoingFile};
pub use form::*;
pub use home::Home;
pub use idle::{Here, Presence};
pub use import::*;
pub use invitations::*;
pub use job::*;
pub use key_folder::*;
pub use list_of_commands::{COMMANDS, Command, WhoMay};
pub use machine::Machine;
pub use office::*;
pub use officer::*;
pub use overview::*;
pub use passphrase::*;
pub use people::*;
pub use practice::*;
pub use realm::*;
pub use records::*;
pub use recovery::*;
pub use register::*;
pub use review::*;
pub use session::*;
pub use settings::Settings;
pub use template::*;
pub use typescript::typescript;
