//! A program that is started for the test, with all that it starts itself.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use crate::Anything;

/// A process group; it ends when this is dropped.
pub struct Process(Child);

impl Process {
    /// Starts a program as the leader of a group of its own.
    pub fn start(command: &mut Command) -> Result<Self, Anything> {
        let child = command.stdin(Stdio::null()).process_group(0).spawn();
        let named = |error| format!("{}: {error}", command.get_program().display());
        Ok(Self(child.map_err(named)?))
    }

    /// What it writes to its standard output, if that was kept.
    pub fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.0.stdout.take()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The leader is not waited for yet, so the group still has its number.
        // Best effort: a group that has ended cannot be killed.
        let kill = format!("kill -9 -{}", self.0.id());
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
