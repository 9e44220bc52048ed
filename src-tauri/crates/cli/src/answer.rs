//! What a command came to: text for people, JSON for programs, an exit code.

use std::io::{self, ErrorKind, Write as _};

use serde_json::Value;
use yinxin_evidence::Verdict;

use crate::Context;
use crate::failure::Failure;

/// Done, or genuine.
pub(crate) const DONE: u8 = 0;
/// Failed.
pub(crate) const FAILED: u8 = 1;
/// Called wrongly.
pub(crate) const USAGE: u8 = 2;
/// Done in part.
pub(crate) const IN_PART: u8 = 3;
/// Altered or damaged.
pub(crate) const ALTERED: u8 = 10;

/// A result.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The exit code.
    pub(crate) code: u8,
    /// What people read, in lines.
    pub(crate) text: Vec<String>,
    /// One object.
    pub(crate) json: Value,
}

impl Answer {
    /// Something that was done.
    pub(crate) fn done(text: String, json: Value) -> Self {
        Self { code: DONE, text: vec![text], json }
    }

    /// Prints it on stdout and gives the exit code.
    pub(crate) fn print(self, context: &Context) -> u8 {
        let text = if context.json { self.json.to_string() } else { self.text.join("\n") };
        match print(&text) {
            Ok(()) => self.code,
            Err(error) => Failure::output(&error).print_to_stderr(context),
        }
    }
}

/// Prints a line or more on stdout. A reader that has gone away is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written =
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Prints a line or more on stderr, if anybody listens.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The exit code of many files: the worst verdict, and failed if a file could
/// not be read, unless another is altered.
pub(crate) fn worst_of(verdicts: &[Option<Verdict>]) -> u8 {
    let worst = verdicts.iter().flatten().max();
    let unread = verdicts.iter().any(Option::is_none);
    match worst {
        Some(Verdict::Altered) => ALTERED,
        _ if unread => FAILED,
        Some(verdict) => verdict.exit_code(),
        None => DONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_file_decides() {
        let all = [
            Some(Verdict::Genuine),
            Some(Verdict::Superseded),
            Some(Verdict::Withdrawn),
            Some(Verdict::Undetermined),
            Some(Verdict::Altered),
        ];
        let codes: Vec<u8> = (1..=all.len()).map(|n| worst_of(&all[..n])).collect();
        assert_eq!(codes, [0, 11, 12, 13, 10]);
    }

    #[test]
    fn an_unread_file_fails_unless_another_is_altered() {
        assert_eq!(worst_of(&[None]), FAILED);
        assert_eq!(worst_of(&[Some(Verdict::Genuine), None]), FAILED);
        assert_eq!(worst_of(&[None, Some(Verdict::Withdrawn)]), FAILED);
        assert_eq!(worst_of(&[None, Some(Verdict::Altered)]), ALTERED);
    }
}
