//! Commands typed in the practice city: shown, run, and held to the exit code
//! that they should have.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use super::city::City;
use crate::program::cannot_start;

/// Where commands are typed.
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    binary: PathBuf,
}

impl<'a> Desk<'a> {
    /// A desk whose `yinxin` is `binary`.
    pub fn new(city: &'a City, binary: PathBuf) -> Self {
        Self { city, binary }
    }

    /// Says what comes next.
    pub fn heading(&self, text: &str) {
        println!("\n── {text}");
    }

    /// Runs `yinxin` in the city's folder; it must exit with `expected`.
    pub fn types(&self, words: &[&str], expected: i32) -> Result<(), String> {
        self.run("", words, expected, &|_| true)
    }

    /// Verifies in the city's folder or one below it, and shows the whole report.
    pub fn verifies_in(&self, folder: &str, words: &[&str], verdict: i32) -> Result<(), String> {
        self.run(folder, &[&["verify"], words].concat(), verdict, &|_| true)
    }

    /// Verifies, and shows the head of the report and what fails.
    pub fn verifies(&self, words: &[&str], verdict: i32) -> Result<(), String> {
        let in_head = Cell::new(true);
        let shown = |line: &str| {
            in_head.set(in_head.get() && !line.is_empty());
            in_head.get() || line.contains('✖')
        };
        self.run("", &[&["verify"], words].concat(), verdict, &shown)
    }

    fn run(
        &self,
        folder: &str,
        words: &[&str],
        expected: i32,
        shown: &dyn Fn(&str) -> bool,
    ) -> Result<(), String> {
        let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        let inside = if folder.is_empty() { String::new() } else { format!("{folder} ") };
        println!("\n{inside}$ yinxin {line}");
        let start = Instant::now();
        let output = self.output(&self.city.path.join(folder), words)?;
        let took = start.elapsed().as_secs_f64();
        let as_expected = output.status.code() == Some(expected);
        for text in [&output.stderr, &output.stdout] {
            let text = String::from_utf8_lossy(text);
            text.lines().filter(|line| shown(line) || !as_expected).for_each(|line| println!("  {line}"));
        }
        if as_expected {
            println!("  → {expected} {} ({took:.2} s)", meaning(words, expected));
            return Ok(());
        }
        let expected = format!("{expected} {}", meaning(words, expected));
        Err(format!("yinxin {line}: {}; 应为 expected: {expected}", output.status))
    }

    /// Runs a command for its JSON, without showing either.
    pub fn json(&self, words: &[&str]) -> Result<serde_json::Value, String> {
        let output = self.output(&self.city.path, words)?;
        serde_json::from_slice(&output.stdout).map_err(|error| format!("yinxin {}: {error}", words.join(" ")))
    }

    fn output(&self, folder: &Path, words: &[&str]) -> Result<Output, String> {
        let mut command = Command::new(&self.binary);
        command.args(words).current_dir(folder).stdin(Stdio::null());
        command.output().map_err(|error| cannot_start(&command, &error))
    }
}

/// The word for an exit code.
fn meaning(words: &[&str], code: i32) -> &'static str {
    match code {
        0 if words.first() == Some(&"verify") => "属实 genuine",
        0 => "完成 done",
        10 => "不一致 altered",
        11 => "已变更 superseded",
        12 => "已撤销 withdrawn",
        13 => "无法判定 undetermined",
        _ => "?",
    }
}

/// As one types it in a shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("village=新社区"), "village=新社区");
        assert_eq!(quoted("两个 词"), "'两个 词'");
        assert_eq!(quoted(""), "''");
    }
}
