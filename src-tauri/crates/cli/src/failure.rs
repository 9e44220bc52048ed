//! What went wrong: codes and arguments, explained from the locale file.
//!
//! On stderr in four lines (what happened, what is safe, what to do next,
//! code); with `--json` also as `{"errors": [{code, what, safe, next, args}]}`
//! on stdout.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinxin_commands::DeskError;
use yinxin_office::OfficeError;
use yinxin_office::import::ImportError;
use yinxin_record::Coded;
use yinxin_record::validate::Problem;

use crate::Context;
use crate::answer::{FAILED, note, print};
use crate::locale::Arg;

/// What only the command line can fail with.
#[derive(Debug)]
pub(crate) enum CliError {
    /// A passphrase file cannot be read.
    PassphraseFile { path: PathBuf, source: io::Error },
    /// Nothing stands in its first line.
    PassphraseFileEmpty { path: PathBuf },
    /// It is too long to be one.
    PassphraseFileTooLong { path: PathBuf, max: u64 },
    /// It is not UTF-8.
    PassphraseNotText { path: PathBuf },
    /// A policy file is none.
    PolicyUnreadable { path: PathBuf, detail: String },
    /// A file is larger than anything of its kind.
    FileTooLarge { path: PathBuf, max: u64 },
    /// A file is to be written into the data folder.
    InsideData { path: PathBuf },
    /// A file of another kind stands where one is to be written.
    OtherFileThere { path: PathBuf },
    /// Stdout does not take the result.
    OutputFailed { detail: String },
    /// The system gives no random bytes.
    NoRandomness { detail: String },
    /// The system does not say where a user's data belong.
    NoHome,
    /// The window's host cannot listen or answer.
    Listening { detail: String },
}

impl Coded for CliError {
    fn code(&self) -> &'static str {
        match self {
            Self::PassphraseFile { .. } => "passphrase_file_not_read",
            Self::PassphraseFileEmpty { .. } => "passphrase_file_empty",
            Self::PassphraseFileTooLong { .. } => "passphrase_file_too_long",
            Self::PassphraseNotText { .. } => "passphrase_file_not_text",
            Self::PolicyUnreadable { .. } => "policy_unreadable",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::InsideData { .. } => "inside_data_folder",
            Self::OtherFileThere { .. } => "other_file_there",
            Self::OutputFailed { .. } => "output_failed",
            Self::NoRandomness { .. } => "no_randomness",
            Self::NoHome => "no_home",
            Self::Listening { .. } => "not_listening",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        let path = |path: &Path| ("path", path.display().to_string());
        match self {
            Self::PassphraseFile { path: at, source } => vec![path(at), ("detail", source.to_string())],
            Self::PassphraseFileEmpty { path: at }
            | Self::PassphraseNotText { path: at }
            | Self::InsideData { path: at }
            | Self::OtherFileThere { path: at } => vec![path(at)],
            Self::PassphraseFileTooLong { path: at, max } | Self::FileTooLarge { path: at, max } => {
                vec![path(at), ("max", max.to_string())]
            }
            Self::PolicyUnreadable { path: at, detail } => vec![path(at), ("detail", detail.clone())],
            Self::OutputFailed { detail } | Self::NoRandomness { detail } | Self::Listening { detail } => {
                vec![("detail", detail.clone())]
            }
            Self::NoHome => Vec::new(),
        }
    }
}

/// One error, ready to be explained.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: &'static str,
    pub(crate) args: Vec<Arg>,
}

impl Told {
    pub(crate) fn of(error: &dyn Coded) -> Self {
        Self { code: error.code(), args: error.args() }
    }

    /// As JSON.
    pub(crate) fn json(&self, context: &Context) -> Value {
        let text = context.locale.error(self.code, &self.args);
        let args: serde_json::Map<String, Value> =
            self.args.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({"code": self.code, "what": text.what, "safe": text.safe, "next": text.next, "args": args})
    }

    /// In four lines.
    pub(crate) fn lines(&self, context: &Context) -> String {
        let text = context.locale.error(self.code, &self.args);
        let label = |key: &str| context.locale.say(key, &[]);
        let detail = context.locale.detail(&self.args);
        [
            format!("{}{}", label("label_what"), text.what),
            format!("{}{}", label("label_safe"), text.safe),
            format!("{}{}", label("label_next"), text.next),
            format!("{}{}{detail}", label("label_code"), self.code),
        ]
        .join("\n")
    }
}

/// A command that failed: at least one error, and what is wrong with values.
#[derive(Debug)]
pub(crate) struct Failure {
    errors: Vec<Told>,
    problems: Vec<Problem>,
    /// The exit code.
    pub(crate) code: u8,
}

impl Failure {
    /// A failure by one error.
    pub(crate) fn of(error: &dyn Coded) -> Self {
        Self { errors: vec![Told::of(error)], problems: Vec::new(), code: FAILED }
    }

    /// Stdout did not take the result.
    pub(crate) fn output(error: &io::Error) -> Self {
        CliError::OutputFailed { detail: error.to_string() }.into()
    }

    /// A file that could not be read or written.
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| OfficeError::File { path, source }.into()
    }

    /// The first error.
    pub(crate) fn first(&self) -> Option<&Told> {
        self.errors.first()
    }

    /// Whether one of the errors has one of these codes.
    pub(crate) fn is_one_of(&self, codes: &[&str]) -> bool {
        self.errors.iter().any(|error| codes.contains(&error.code))
    }

    /// Explains it and gives the exit code.
    pub(crate) fn print(&self, context: &Context) -> u8 {
        if context.json {
            // What stdout does not take is told on stderr all the same.
            let _ = print(&self.json(context).to_string());
        }
        self.print_to_stderr(context)
    }

    /// Explains it on stderr only.
    pub(crate) fn print_to_stderr(&self, context: &Context) -> u8 {
        for error in &self.errors {
            note(&error.lines(context));
        }
        for problem in &self.problems {
            note(&context.locale.bullet(&context.locale.problem_of_values(problem)));
        }
        self.code
    }

    fn json(&self, context: &Context) -> Value {
        let errors: Vec<Value> = self.errors.iter().map(|error| error.json(context)).collect();
        if self.problems.is_empty() {
            return json!({ "errors": errors });
        }
        let problems = self.problems.iter().map(|problem| {
            json!({
                "field": problem.field,
                "code": problem.code(),
                "message": context.locale.problem(problem),
            })
        });
        json!({"errors": errors, "problems": problems.collect::<Vec<_>>()})
    }
}

impl From<CliError> for Failure {
    fn from(error: CliError) -> Self {
        Self::of(&error)
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::of(&error)
    }
}

impl From<OfficeError> for Failure {
    fn from(error: OfficeError) -> Self {
        let mut failure = Self::of(&error);
        if let OfficeError::Values(problems) = error {
            failure.problems = problems;
        }
        failure
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Office(error) => error.into(),
            ImportError::Sheet(errors) => Self {
                errors: errors.iter().map(|error| Told::of(error)).collect(),
                problems: Vec::new(),
                code: FAILED,
            },
        }
    }
}
