//! Programs that are started from here: without input, with a plain sentence
//! if they fail.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{machine, pages};

/// `cargo` with these arguments, in the source tree.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(crate::root::root());
    command
}

/// Sets up and builds everything that is shipped, in the release profile.
pub fn build() -> Result<(), String> {
    machine::for_building()?;
    pages::build()?;
    run(&mut cargo(&["build", "--release", "--package", "yinxin-cli", "--package", "yinxin-desktop"]))
}

/// Runs it to its end; what it prints goes where this program prints.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.stdin(Stdio::null()).status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", line(command))) }
}

/// Whether it starts and succeeds; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Why a program did not start.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("{}: {error}", line(command))
}

fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
