//! `cargo xtask run`: a practice city, made anew, and the main job in it.
//!
//! ```text
//! practice-city/
//!   secrets/     passphrases, random
//!   desk/        the office's data folder
//!   evidence/    exported files and the policy, to look at
//!   home/        the window's data folder, with three practice offices
//!   screenshots/ pictures of the window, where there is no display
//!   elsewhere/   a folder that holds nothing but one file and the policy
//! ```

mod city;
mod desk;
mod job;
mod window;

use crate::{program, root};

/// Sets up, builds, and does the main job.
///
/// # Errors
/// A step that did not end as it should have.
pub fn run() -> Result<(), String> {
    window::show(&done()?)
}

/// The same, and nobody has to close a window: for the tests.
///
/// # Errors
/// As [`run`].
pub fn run_unseen() -> Result<(), String> {
    window::show_unseen(&done()?)
}

fn done() -> Result<city::City, String> {
    program::build()?;
    let city = city::City::make(&root::root())?;
    job::run(&desk::Desk::new(&city, root::yinxin()))?;
    window::furnish(&city)?;
    Ok(city)
}
