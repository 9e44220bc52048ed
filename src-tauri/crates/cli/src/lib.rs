//! The command line `yinxin`: the office from scripts and terminals.
//!
//! Commands and options are declared in [`args`], one file of `commands` does
//! a group of them, and each gives one [`answer::Answer`] or one
//! [`failure::Failure`]. Results go to stdout, everything else to stderr; with
//! `--json` stdout holds exactly one JSON object. No text that people read
//! stands in the sources: all of it is in `locales/*.json`.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done; genuine |
//! | 1 | failed |
//! | 2 | called wrongly |
//! | 3 | done in part, each refusal is listed |
//! | 10 | altered; for `audit` damaged |
//! | 11, 12, 13 | superseded, withdrawn, undetermined |

mod answer;
mod args;
mod commands;
#[cfg(test)]
mod completeness;
mod failure;
mod files;
mod help;
mod locale;
mod progress;
mod record_text;
mod secret;
mod table;
mod time;
mod usage;
pub mod who;
mod world;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use answer::Answer;
use args::Args;
use failure::Failure;
use locale::{Language, Locale};

/// What every command needs: how to speak.
pub(crate) struct Context {
    pub(crate) locale: Locale,
    pub(crate) json: bool,
}

/// Runs the program with this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let given: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let context = Context { locale: Locale::new(Language::before_parsing(&given)), json: asks_json(&given) };
    let parsed = help::localised(&context.locale)
        .try_get_matches_from(given)
        .and_then(|matches| Args::from_arg_matches(&matches));
    let code = match parsed {
        Ok(args) => finish(&context, commands::run(&args.command, &context)),
        Err(error) => usage::tell(&context, &error),
    };
    ExitCode::from(code)
}

fn asks_json(given: &[std::ffi::OsString]) -> bool {
    given.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}

/// Prints what a command came to, and gives its exit code.
fn finish(context: &Context, result: Result<Answer, Failure>) -> u8 {
    match result {
        Ok(answer) => answer.print(context),
        Err(failure) => failure.print(context),
    }
}
