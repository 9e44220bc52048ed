//! List, search, show.

use serde_json::{Value, json};
use yinxin_office::OfficeError;
use yinxin_office::Surroundings as _;
use yinxin_office::browse::{Details, Filter, Pending, State, Summary, Version};
use yinxin_office::step::Step;
use yinxin_record::validate::Values;

use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{Page, Show};
use crate::failure::Failure;
use crate::locale::clean;
use crate::record_text::{self, Difference};
use crate::world::Machine;
use crate::{table, time};

/// `list` and `search`.
pub(super) fn list(args: &Page, text: Option<&str>, context: &Context) -> Result<Answer, Failure> {
    let filter =
        Filter { text, state: args.state, limit: args.limit, after: args.after.as_deref(), drafter: None };
    let page = super::reading(&args.data, |office| Ok(office.list(&filter)?))?;
    let json = serde_json::to_value(&page).unwrap_or(Value::Null);
    let (total, here) = (page.total.to_string(), page.records.len().to_string());
    let mut lines = vec![context.locale.say("listed", &[("total", total), ("n", here)])];
    if !page.records.is_empty() {
        let header = ["column_id", "column_state", "column_version", "column_record"];
        let header = header.map(|key| context.locale.say(key, &[]));
        let rows: Vec<Vec<String>> = page.records.iter().map(|record| row(record, context)).collect();
        lines.extend(table::layout(&header, &rows));
    }
    if let Some(next) = page.next {
        lines.push(context.locale.say_plain("listed_next", &[("cursor", next)]));
    }
    Ok(Answer { code: DONE, text: lines, json })
}

fn row(record: &Summary, context: &Context) -> Vec<String> {
    vec![
        record.id.to_string(),
        state_and_act(record, context),
        record.version.to_string(),
        if record.damaged {
            context.locale.say("record_damaged", &[])
        } else {
            record_text::title(&context.locale, &record.template, &record.values)
        },
    ]
}

/// The state; with what waits or came back, if something does.
fn state_and_act(record: &Summary, context: &Context) -> String {
    let state = state(record.state, context);
    match &record.pending {
        Some(pending) => {
            let args = [("state", state), ("act", pending.act.clone())];
            context.locale.say_plain("state_and_act", &args)
        }
        None => state,
    }
}

fn state(state: State, context: &Context) -> String {
    let word = match state {
        State::InReview => "in_review",
        State::Submitted => "submitted",
        State::Returned => "returned",
        State::Published => "published",
        State::Withdrawn => "withdrawn",
    };
    context.locale.word("state", word)
}

/// `show`.
pub(super) fn show(args: &Show, context: &Context) -> Result<Answer, Failure> {
    let (details, awaited) = super::reading(&args.data, |office| {
        let details = office.show(&args.id, None)?;
        let pending = details.summary.pending.as_ref();
        let awaited = pending.map(|pending| office.awaited(pending, Machine(context).now())).transpose()?;
        Ok((details, awaited.unwrap_or_default()))
    })?;
    let wanted = |version: &Version| args.version.is_none_or(|number| version.version == number);
    if let Some(version) = args.version.filter(|_| !details.versions.iter().any(wanted)) {
        return Err(OfficeError::NoSuchVersion { id: args.id, version }.into());
    }
    let shown = Shown { details: &details, awaited: &awaited, context };
    let json = shown.json(&wanted);
    Ok(Answer { code: DONE, text: shown.text(&wanted), json })
}

/// A record with what changed from version to version.
struct Shown<'a> {
    details: &'a Details,
    /// Who may sign next what waits.
    awaited: &'a [String],
    context: &'a Context,
}

impl Shown<'_> {
    fn kind(&self) -> &str {
        &self.details.summary.template
    }

    fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        self.context.locale.say(key, args)
    }

    /// What a version changed in the one before it; nothing for the first and
    /// for a withdrawal.
    fn changes(&self, index: usize) -> Vec<Difference> {
        let versions = &self.details.versions;
        match (versions[..index].last(), &versions[index]) {
            (Some(before), now) if now.act == "amend" => self.between(&before.values, &now.values),
            _ => Vec::new(),
        }
    }

    /// What that which waits would change.
    fn pending_changes(&self) -> Vec<Difference> {
        let summary = &self.details.summary;
        let amends = summary.pending.as_ref().is_some_and(|pending| pending.act == "amend");
        match self.details.versions.last().filter(|_| amends) {
            Some(current) => self.between(&current.values, &summary.values),
            None => Vec::new(),
        }
    }

    fn between(&self, old: &Values, new: &Values) -> Vec<Difference> {
        record_text::differences(&self.context.locale, self.kind(), old, new)
    }

    fn json(&self, wanted: &dyn Fn(&Version) -> bool) -> Value {
        let mut json = serde_json::to_value(&self.details.summary).unwrap_or(Value::Null);
        let versions = self.details.versions.iter().enumerate().filter(|(_, version)| wanted(version));
        let with_changes = |(index, version): (usize, &Version)| {
            with(serde_json::to_value(version).unwrap_or(Value::Null), &self.changes(index))
        };
        let versions: Vec<Value> = versions.map(with_changes).collect();
        if let Value::Object(map) = &mut json {
            map.insert("versions".to_owned(), json!(versions));
            if let Some(pending) = map.get_mut("pending").filter(|pending| pending.is_object()) {
                *pending = with(pending.take(), &self.pending_changes());
                pending["waits_for"] = json!(self.awaited);
            }
        }
        json
    }

    fn text(&self, wanted: &dyn Fn(&Version) -> bool) -> Vec<String> {
        let summary = &self.details.summary;
        let mut lines = vec![self.say(
            "record_heading",
            &[
                ("id", summary.id.to_string()),
                ("state", state(summary.state, self.context)),
                ("version", summary.version.to_string()),
            ],
        )];
        if let Some(pending) = &summary.pending {
            lines.extend(self.pending_text(pending));
        }
        for (index, version) in self.details.versions.iter().enumerate() {
            if wanted(version) {
                lines.push(String::new());
                lines.extend(self.version_text(index, version));
            }
        }
        lines.push(String::new());
        lines.push(self.say("claimed_times", &[]));
        lines
    }

    fn pending_text(&self, pending: &Pending) -> Vec<String> {
        let args = [
            ("act", pending.act.clone()),
            ("version", pending.version.to_string()),
            ("name", pending.drafter.clone()),
            ("time", pending.submitted.to_string()),
        ];
        let mut lines = vec![self.say("record_waits", &args)];
        let reason = pending.reason.as_ref().map(|why| self.say("record_reason", &[("why", clean(why))]));
        lines.extend(self.indented(reason.into_iter().collect()));
        if let Some(review) = &pending.review {
            let args = [("name", review.by.clone()), ("time", review.at.to_string())];
            lines.push(self.say("record_reviewed", &args));
        }
        lines.extend(pending.step.map(|step| self.waits_for(step)));
        if let Some(stale) = &pending.stale {
            let why = [("why", self.context.locale.error(stale, &[]).what)];
            lines.push(match pending.step {
                Some(Step::Review) => self.say("record_review_stale", &why),
                _ => self.say("record_stale", &why),
            });
        }
        if let Some(returned) = pending.returned.as_ref().filter(|returned| !returned.by.is_empty()) {
            let args = [
                ("name", returned.by.clone()),
                ("time", returned.at.to_string()),
                ("why", returned.reason.clone()),
            ];
            lines.push(self.say("record_returned", &args));
        }
        if self.details.versions.is_empty() {
            let summary = &self.details.summary;
            lines.extend(self.indented(record_text::lines(
                &self.context.locale,
                self.kind(),
                &summary.values,
            )));
        }
        let changes = self.pending_changes();
        lines.extend(self.indented(changes.iter().map(|change| change.line(&self.context.locale)).collect()));
        lines
    }

    /// For what it waits, and for whom.
    fn waits_for(&self, step: Step) -> String {
        if self.awaited.is_empty() {
            return self.say("record_waits_for_nobody", &[]);
        }
        let names: Vec<String> = self.awaited.iter().map(|name| clean(name)).collect();
        let names = [("names", self.context.locale.list(&names))];
        match step {
            Step::Review => self.say("record_waits_for_review", &names),
            Step::Approve => self.say("record_waits_for_approval", &names),
        }
    }

    fn version_text(&self, index: usize, version: &Version) -> Vec<String> {
        let args = [
            ("act", version.act.clone()),
            ("version", version.version.to_string()),
            ("position", version.position.to_string()),
        ];
        let mut lines = vec![self.say("version_heading", &args)];
        let mut inner = vec![self.say("version_leaf", &[("leaf", version.leaf.to_string())])];
        for signed in &version.signed {
            let post = signed.post.as_deref().map(|post| self.say("post", &[("post", post.to_owned())]));
            let who = format!("{}{}", clean(&signed.name), post.unwrap_or_default());
            let when = time::shown(signed.claimed);
            inner.push(format!("{} {who} {when}", self.context.locale.word("purpose", signed.purpose)));
        }
        let changes = self.changes(index);
        if changes.is_empty() {
            inner.extend(record_text::lines(&self.context.locale, self.kind(), &version.values));
        } else {
            inner.push(self.say("version_changes", &[]));
            inner.extend(
                changes.iter().map(|change| self.context.locale.bullet(&change.line(&self.context.locale))),
            );
        }
        lines.extend(self.indented(inner));
        lines
    }

    fn indented(&self, lines: Vec<String>) -> Vec<String> {
        lines.into_iter().map(|line| format!("  {line}")).collect()
    }
}

fn with(mut json: Value, changes: &[Difference]) -> Value {
    if let Value::Object(map) = &mut json {
        map.insert("differences".to_owned(), changes.iter().map(Difference::json).collect());
    }
    json
}
