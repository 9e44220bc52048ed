//! What clap says about a command line, in our words: help and version on
//! stdout, everything else explained on stderr.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use serde_json::json;

use crate::Context;
use crate::answer::{DONE, FAILED, USAGE, note, print};
use crate::failure::Told;
use crate::locale::Arg;

/// Says it and gives the exit code.
pub(crate) fn tell(context: &Context, error: &Error) -> u8 {
    let rendered = error.render().to_string();
    let rendered = rendered.trim_end();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match print(rendered) {
            Ok(()) => DONE,
            Err(_) => FAILED,
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            note(rendered);
            USAGE
        }
        kind => explain(context, error, kind),
    }
}

fn explain(context: &Context, error: &Error, kind: ErrorKind) -> u8 {
    let told = Told { code: code(kind), args: args(error) };
    if context.json {
        // What stdout does not take is told on stderr all the same.
        let _ = print(&json!({"errors": [told.json(context)]}).to_string());
    }
    note(&told.lines(context));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.trim_start_matches("Usage:").trim();
        note(&format!("{}{usage}", context.locale.say("label_usage", &[])));
    }
    USAGE
}

fn code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnknownArgument => "usage_unknown_argument",
        ErrorKind::InvalidSubcommand => "usage_unknown_command",
        ErrorKind::MissingRequiredArgument => "usage_missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "usage_bad_value",
        ErrorKind::ArgumentConflict => "usage_conflict",
        _ => "usage_other",
    }
}

/// Which argument, which value, and what was expected of it.
fn args(error: &Error) -> Vec<Arg> {
    let text = |kind| error.get(kind).and_then(text);
    let given = text(ContextKind::InvalidArg).or_else(|| text(ContextKind::InvalidSubcommand));
    let mut args = vec![
        ("argument", given.unwrap_or_default()),
        ("value", text(ContextKind::InvalidValue).unwrap_or_default()),
    ];
    let expected = std::error::Error::source(error).map(ToString::to_string);
    args.extend(expected.or_else(|| text(ContextKind::ValidValue)).map(|expected| ("detail", expected)));
    args
}

fn text(value: &ContextValue) -> Option<String> {
    match value {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(" ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}
