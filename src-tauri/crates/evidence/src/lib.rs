//! Evidence (存证文件): the exported file that convinces a stranger.
//!
//! [`Evidence`] is the file and its parts, [`verify()`] reads one and reports
//! every check of `docs/FORMAT.md` §7, [`Evidence::assemble`] makes one,
//! [`unpack()`] takes one apart for other tools. Pure: no file, clock or
//! randomness; the bytes come from outside and are hostile until checked.

pub mod build;
mod code;
pub mod file;
pub mod report;
pub mod status;
pub mod unpack;
pub mod verify;

pub use build::{AssembleError, Parts};
pub use code::{finding_args, finding_codes};
pub use file::{Admission, Evidence, FileError, Supporting};
pub use report::{Finding, Group, Outcome, Proved, Report, Verdict};
pub use status::StatusClaim;
pub use unpack::{UnpackError, unpack};
pub use verify::{KnownLedgers, verify};
