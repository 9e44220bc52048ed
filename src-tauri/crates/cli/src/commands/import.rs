//! Import a sheet: judge every row, submit the good ones, list the others.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use yinxin_office::import::{Changed, Encoding, Imported, Limits, Plan};
use yinxin_office::people::Unlocked;
use yinxin_office::{Office, OfficeError};
use yinxin_record::validate::Problem;
use yinxin_record::{Coded as _, template};

use super::{failure_json, message, stopped_early, to_write};
use crate::Context;
use crate::answer::{Answer, DONE, FAILED, IN_PART, note};
use crate::args::Import;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::record_text::{self, Difference};
use crate::secret;
use crate::who;
use crate::world::Machine;

/// What an import came to.
struct Outcome<'a> {
    args: &'a Import,
    context: &'a Context,
    plan: Plan,
    imported: Imported,
}

/// `import`.
pub(super) fn import(args: &Import, context: &Context) -> Result<Answer, Failure> {
    let mut office = if args.dry_run { Office::read(&args.data)? } else { to_write(&args.data, context)? };
    let drafter = unlock(&office, args)?;
    let plan = office.plan_import(&args.template, &args.file, &Limits::default())?;
    note(&context.locale.say("no_secrets", &[]));
    let imported = match &drafter {
        Some(drafter) => submit(&mut office, &plan, args, drafter, context)?,
        None => Imported::default(),
    };
    office.check_undisturbed()?;
    Ok(Outcome { args, context, plan, imported }.answer())
}

/// The drafter, unless nothing is to be signed.
fn unlock(office: &Office, args: &Import) -> Result<Option<Unlocked>, Failure> {
    let (Some(name), Some(path)) = (&args.name, &args.passphrase_file) else { return Ok(None) };
    if args.dry_run {
        return Ok(None);
    }
    Ok(Some(office.unlock_in(name, who::IMPORT, &secret::read(path)?, args.keys.as_deref())?))
}

fn submit(
    office: &mut Office,
    plan: &Plan,
    args: &Import,
    drafter: &Unlocked,
    context: &Context,
) -> Result<Imported, Failure> {
    let changed = plan.changed.iter().filter(|row| args.amend && !row.waits).count();
    let total = (plan.new_records() + changed) as u64;
    let mut progress = Progress::of_steps(context, "submitted_so_far", total);
    Ok(office.import(plan, args.amend, drafter, &Machine(context), &mut |done| {
        progress.at(done as u64, total);
        ControlFlow::Continue(())
    })?)
}

impl Outcome<'_> {
    /// Rows that were to be amended, but whose record waits already.
    fn waiting(&self) -> Vec<&Changed> {
        self.plan.changed.iter().filter(|row| self.args.amend && row.waits).collect()
    }

    /// The other rows that have changed: amended, or offered for it.
    fn changed(&self) -> Vec<&Changed> {
        let late: BTreeSet<u64> = self.imported.refusals.iter().map(|(row, _)| *row).collect();
        let is_left = |row: &&Changed| late.contains(&row.row) || (self.args.amend && row.waits);
        self.plan.changed.iter().filter(|row| !is_left(row)).collect()
    }

    fn refused(&self) -> usize {
        self.plan.refused + self.waiting().len() + self.imported.refused
    }

    /// As the import would end, also for `--dry-run`.
    fn code(&self) -> u8 {
        if self.imported.failed.is_some() {
            let done = self.imported.submitted + self.imported.amended;
            return if done == 0 { FAILED } else { IN_PART };
        }
        let amended = if self.args.amend { self.changed().len() } else { 0 };
        let left = self.changed().len() - amended;
        if self.refused() == 0 && left == 0 {
            return DONE;
        }
        let taken = self.plan.new_records() + self.plan.present + amended;
        if taken == 0 && left == 0 { FAILED } else { IN_PART }
    }

    fn answer(&self) -> Answer {
        Answer { code: self.code(), text: self.text(), json: self.json() }
    }

    fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.context.locale.say(key, args)
    }

    fn text(&self) -> Vec<String> {
        let plan = &self.plan;
        let mut lines = vec![self.say(
            "import_plan",
            &[
                ("new", plan.new_records().to_string()),
                ("present", plan.present.to_string()),
                ("changed", self.changed().len().to_string()),
                ("refused", self.refused().to_string()),
            ],
        )];
        lines.extend(self.about_file());
        lines.extend(self.plan.withdrawn.iter().map(|(row, id)| {
            let text = self.say("import_withdrawn", &[("id", id.to_string())]);
            self.bullet(&self.row(*row), text)
        }));
        lines.extend(self.changed_text());
        lines.extend(self.refused_text());
        lines.push(self.ending());
        lines
    }

    fn about_file(&self) -> Vec<String> {
        let plan = &self.plan;
        let encoding = plan
            .encoding
            .map(|encoding| self.say("import_encoding", &[("encoding", encoding.as_str().to_owned())]));
        let ignored = (!plan.ignored.is_empty())
            .then(|| self.say("import_ignored", &[("columns", self.context.locale.list(&plan.ignored))]));
        let defaulted = plan.defaulted.iter().map(|(field, value)| {
            self.say("import_defaulted", &[("field", field.clone()), ("value", value.clone())])
        });
        encoding.into_iter().chain(ignored).chain(defaulted).collect()
    }

    fn changed_text(&self) -> Vec<String> {
        if self.changed().is_empty() {
            return Vec::new();
        }
        let key = if self.args.amend { "import_amending" } else { "import_changed" };
        let mut lines = vec![self.say(key, &[("n", self.changed().len().to_string())])];
        for changed in self.changed() {
            let row = self.row(changed.row);
            let differences = differences(changed).map(|difference| difference.line(&self.context.locale));
            let text = self.context.locale.choose("；", "; ");
            let text = differences.collect::<Vec<_>>().join(text);
            lines.push(self.bullet(&row, format!("{} {text}", changed.id)));
        }
        lines
    }

    fn refused_text(&self) -> Vec<String> {
        if self.refused() == 0 {
            return Vec::new();
        }
        let mut lines = vec![self.say("import_refused", &[("n", self.refused().to_string())])];
        for problem in &self.plan.problems {
            let text = self.context.locale.problem_of_values(problem);
            lines.push(self.bullet(&self.row(problem.row), text));
        }
        for changed in self.waiting() {
            let error = OfficeError::WaitsAlready(changed.id);
            lines.push(self.bullet(&self.row(changed.row), message(&error, self.context)));
        }
        for (row, error) in &self.imported.refusals {
            lines.push(self.bullet(&self.row(*row), message(error, self.context)));
        }
        lines
    }

    fn row(&self, row: u64) -> String {
        self.context.locale.say_plain("row", &[("row", row.to_string())])
    }

    fn bullet(&self, row: &str, text: String) -> String {
        self.context.locale.bullet(&record_text::labelled(&self.context.locale, row, text))
    }

    fn ending(&self) -> String {
        if self.args.dry_run {
            return self.say("import_dry_run", &[]);
        }
        let done = [
            ("submitted", self.imported.submitted.to_string()),
            ("amended", self.imported.amended.to_string()),
        ];
        let asks_review = template::builtin(&self.args.template).is_some_and(|template| template.review);
        let mut text = if asks_review {
            self.say("import_done_for_review", &done)
        } else {
            self.say("import_done", &done)
        };
        if self.imported.meanwhile > 0 {
            text.push('\n');
            text.push_str(&self.say("import_meanwhile", &[("n", self.imported.meanwhile.to_string())]));
        }
        if let Some(error) = &self.imported.failed {
            text.push('\n');
            text.push_str(&stopped_early(error, self.context));
        }
        text
    }

    fn json(&self) -> Value {
        let plan = &self.plan;
        let problems = plan.problems.iter().map(|problem| self.problem_json(problem));
        let waiting = self
            .waiting()
            .into_iter()
            .map(|changed| refusal_json(changed.row, &OfficeError::WaitsAlready(changed.id), self.context));
        let late = self.imported.refusals.iter().map(|(row, error)| refusal_json(*row, error, self.context));
        json!({
            "new": plan.new_records(),
            "present": plan.present,
            "changed": self.changed().len(),
            "refused": self.refused(),
            "submitted": self.imported.submitted,
            "amended": self.imported.amended,
            "meanwhile": self.imported.meanwhile,
            "failed": self.imported.failed.as_ref().map(|error| failure_json(error, self.context)),
            "problems": problems.chain(waiting).chain(late).collect::<Vec<_>>(),
            "changed_rows": self.changed().into_iter().map(changed_json).collect::<Vec<_>>(),
            "withdrawn_rows": plan.withdrawn.iter().map(withdrawn_json).collect::<Vec<_>>(),
            "ignored": plan.ignored,
            "defaulted": plan.defaulted.iter().map(defaulted_json).collect::<Vec<_>>(),
            "encoding": plan.encoding.map(Encoding::as_str),
            "dry_run": self.args.dry_run,
        })
    }

    fn problem_json(&self, problem: &Problem) -> Value {
        json!({
            "row": problem.row,
            "field": problem.field,
            "code": problem.code(),
            "message": self.context.locale.problem(problem),
        })
    }
}

fn withdrawn_json((row, id): &(u64, yinxin_record::Id)) -> Value {
    json!({"row": row, "id": id.to_string()})
}

fn defaulted_json((field, value): &(String, String)) -> Value {
    json!({"field": field, "value": value})
}

fn changed_json(changed: &Changed) -> Value {
    let differences: Vec<Value> = differences(changed).map(|difference| difference.json()).collect();
    json!({"row": changed.row, "id": changed.id.to_string(), "differences": differences})
}

fn differences(changed: &Changed) -> impl Iterator<Item = Difference> {
    changed.differences.iter().map(|(field, old, new)| Difference {
        field: field.clone(),
        old: old.clone(),
        new: new.clone(),
    })
}

fn refusal_json(row: u64, error: &OfficeError, context: &Context) -> Value {
    json!({"row": row, "field": null, "code": error.code(), "message": message(error, context)})
}
