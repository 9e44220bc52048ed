//! Audit the office's own ledger.

use std::ops::ControlFlow;

use serde_json::{Value, json};
use yinxin_office::audit::{AuditReport, Damage};

use crate::Context;
use crate::answer::{ALTERED, Answer, DONE};
use crate::args::Audit;
use crate::failure::Failure;
use crate::files;
use crate::progress::Progress;

/// The longest checkpoint file that is read.
const MAX_CHECKPOINT: u64 = 64 * 1024;

/// Errors that say that what is stored is damaged: an audit ends with 10.
const DAMAGED: [&str; 2] = ["stored_data_damaged", "database_damaged"];

/// `audit`.
pub(super) fn audit(args: &Audit, context: &Context) -> Result<Answer, Failure> {
    let against = match &args.against {
        Some(path) => Some(files::read(path, MAX_CHECKPOINT)?),
        None => None,
    };
    let against = against.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let report = read(args, against.as_deref(), context).map_err(|mut failure| {
        if failure.is_one_of(&DAMAGED) {
            failure.code = ALTERED;
        }
        failure
    })?;
    Ok(answer(&report, against.is_some(), context))
}

fn read(args: &Audit, against: Option<&str>, context: &Context) -> Result<AuditReport, Failure> {
    let mut progress = Progress::now_and_then(context, "audited_so_far");
    let report = &mut |done, of| {
        progress.at(done, of);
        ControlFlow::Continue(())
    };
    super::reading(&args.data, |office| Ok(office.audit(against, report)?))
}

fn answer(report: &AuditReport, held_against: bool, context: &Context) -> Answer {
    let damages: Vec<String> = report.damages.iter().map(|damage| message(damage, context)).collect();
    let text = text(report, &damages, held_against, context);
    let mut json = serde_json::to_value(report).unwrap_or(Value::Null);
    if let Value::Object(map) = &mut json {
        map.insert("clean".to_owned(), json!(report.is_clean()));
        map.insert("messages".to_owned(), json!(damages));
    }
    Answer { code: if report.is_clean() { DONE } else { ALTERED }, text, json }
}

fn text(report: &AuditReport, damages: &[String], held_against: bool, context: &Context) -> Vec<String> {
    let say = |key: &str, args: &[(&'static str, String)]| context.locale.say(key, args);
    let entries = [("origin", report.origin.clone()), ("n", report.entries.to_string())];
    let mut lines = vec![say("audit_ledger", &entries), say("audit_root", &[("root", report.root.clone())])];
    if report.is_clean() {
        lines.push(say("audit_clean", &[]));
    } else {
        lines.push(say("audit_damaged", &[("n", report.found.to_string())]));
        lines.extend(damages.iter().map(|damage| context.locale.bullet(damage)));
    }
    if report.found > damages.len() {
        lines.push(say("audit_more", &[("n", (report.found - damages.len()).to_string())]));
    }
    match report.against {
        Some(size) => lines.push(say("audit_against", &[("size", size.to_string())])),
        None if !held_against => lines.push(say("audit_not_against", &[])),
        None => {}
    }
    if !report.is_clean() {
        lines.push(say("audit_next", &[]));
    }
    lines
}

fn message(damage: &Damage, context: &Context) -> String {
    let text = context.locale.damage(damage.code, &damage.args);
    match damage.position {
        Some(position) => {
            let entry = context
                .locale
                .say("entry", &[("position", position.to_string()), ("index", position.to_string())]);
            context.locale.say_plain("labelled", &[("label", entry), ("value", text)])
        }
        None => text,
    }
}
