//! Verify evidence files: offline, without a database unless `--data` asks.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use yinxin_evidence::file::MAX_BYTES;
use yinxin_evidence::report::{Finding, Group, Known, Outcome, Proved, ProvedSigner, Report, Shown, Verdict};
use yinxin_evidence::verify::KnownLedgers;
use yinxin_ledger::policy::{MAX_POLICY, Policy};
use yinxin_office::Office;
use yinxin_record::origin::Origin;

use crate::Context;
use crate::answer::{Answer, worst_of};
use crate::args::Verify;
use crate::failure::{CliError, Failure};
use crate::files;
use crate::locale::{Arg, clean};
use crate::{record_text, time};

/// A file and what verifying it found; a failure if it could not be read.
struct Verified {
    path: PathBuf,
    report: Result<Report, Failure>,
}

impl Verified {
    fn verdict(&self) -> Option<Verdict> {
        self.report.as_ref().ok().map(|report| report.verdict)
    }
}

/// `verify`.
pub(super) fn verify(args: &Verify, context: &Context) -> Result<Answer, Failure> {
    let policy = args.policy.as_deref().map(read_policy).transpose()?;
    let all = match &args.data {
        Some(data) => super::reading(data, |office| Ok(verify_all(args, policy.as_ref(), Some(office))))?,
        None => verify_all(args, policy.as_ref(), None),
    };
    let verdicts: Vec<Option<Verdict>> = all.iter().map(Verified::verdict).collect();
    let worst = verdicts.iter().flatten().max().map(|verdict| verdict.as_str());
    let files: Vec<Value> = all.iter().map(|file| file_json(file, context)).collect();
    let json = json!({"files": files, "verdict": worst});
    Ok(Answer { code: worst_of(&verdicts), text: text(&all, context), json })
}

fn verify_all(args: &Verify, policy: Option<&Policy>, office: Option<&Office>) -> Vec<Verified> {
    let known = office.map(|office| office as &dyn KnownLedgers);
    let one = |path: &PathBuf| {
        let bytes = files::read_beginning(path, MAX_BYTES as u64);
        let report = bytes.map(|bytes| yinxin_evidence::verify(&bytes, policy, known));
        Verified { path: path.clone(), report }
    };
    args.files.iter().map(one).collect()
}

pub(super) fn read_policy(path: &Path) -> Result<Policy, Failure> {
    let unreadable = |detail: String| CliError::PolicyUnreadable { path: path.to_owned(), detail };
    let bytes = files::read(path, MAX_POLICY as u64)?;
    let text = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    Ok(Policy::parse(&text).map_err(|error| unreadable(error.to_string()))?)
}

fn file_json(file: &Verified, context: &Context) -> Value {
    let path = file.path.display().to_string();
    match &file.report {
        Ok(report) => {
            let mut json = serde_json::to_value(report).unwrap_or(Value::Null);
            if let Value::Object(map) = &mut json {
                map.insert("file".to_owned(), json!(path));
            }
            json
        }
        Err(failure) => json!({
            "file": path,
            "verdict": null,
            "findings": [],
            "proved": null,
            "error": failure.first().map(|told| told.json(context)),
        }),
    }
}

fn text(all: &[Verified], context: &Context) -> Vec<String> {
    let mut lines = Vec::new();
    for file in all {
        lines.push(context.locale.say_plain("verify_file", &[("file", file.path.display().to_string())]));
        match &file.report {
            Ok(report) => lines.extend(Telling { report, context }.lines()),
            Err(failure) => lines.extend(failure.first().map(|told| told.lines(context))),
        }
        lines.push(String::new());
    }
    if all.len() > 1 {
        lines.push(summary(all, context));
    } else {
        lines.pop();
    }
    lines
}

fn summary(all: &[Verified], context: &Context) -> String {
    let verdicts =
        [Verdict::Altered, Verdict::Undetermined, Verdict::Withdrawn, Verdict::Superseded, Verdict::Genuine];
    let count = |verdict| all.iter().filter(|file| file.verdict() == verdict).count();
    let counted = |word: String, n: usize| format!("{word} {n}");
    let parts: Vec<String> = verdicts
        .into_iter()
        .map(|verdict| (context.locale.word("verdict", verdict.as_str()), count(Some(verdict))))
        .chain([(context.locale.say("verify_unread", &[]), count(None))])
        .filter(|(_, n)| *n > 0)
        .map(|(word, n)| counted(word, n))
        .collect();
    let parts = context.locale.list(&parts);
    context.locale.say("verify_summary", &[("n", all.len().to_string()), ("parts", parts)])
}

/// One report in words.
struct Telling<'a> {
    report: &'a Report,
    context: &'a Context,
}

impl Telling<'_> {
    fn say(&self, key: &str, args: &[Arg]) -> String {
        self.context.locale.say(key, args)
    }

    fn lines(&self) -> Vec<String> {
        let verdict = self.report.verdict;
        let word = self.context.locale.word("verdict", verdict.as_str());
        let mut lines = vec![format!("{} {word}", mark_of_verdict(verdict)), self.sentence()];
        if self.is_practice() {
            lines.push(self.say("practice_ledger", &[]));
        }
        lines.push(String::new());
        for group in Group::ALL {
            lines.extend(self.group(group));
        }
        if let Some(proved) = &self.report.proved {
            lines.push(String::new());
            lines.extend(self.proved(proved));
        }
        lines.push(self.say("verify_claimed_times", &[]));
        lines
    }

    /// Whether what is proved stands in a ledger for practice.
    fn is_practice(&self) -> bool {
        let origin = self.report.proved.as_ref().and_then(|proved| proved.origin.parse::<Origin>().ok());
        origin.is_some_and(|origin| origin.is_practice())
    }

    /// What a citizen understands.
    fn sentence(&self) -> String {
        let verdict = self.report.verdict;
        let Some(proved) = &self.report.proved else {
            return match verdict {
                Verdict::Altered => self.say("sentence_altered", &[]),
                Verdict::Undetermined => self.say("sentence_undetermined", &[]),
                Verdict::Genuine | Verdict::Superseded | Verdict::Withdrawn => String::new(),
            };
        };
        let mut args = self.registered(proved);
        args.push(("now", self.changed_to()));
        match verdict {
            Verdict::Genuine => {
                let is_reviewed = proved.signers.iter().any(|signer| signer.purpose == "review");
                let signed = if is_reviewed {
                    self.say("sentence_genuine_reviewed", &args)
                } else {
                    self.say("sentence_genuine", &args)
                };
                let parts = [signed, self.witnessed(proved), self.as_of(proved)];
                parts.concat()
            }
            Verdict::Superseded => self.say("sentence_superseded", &args),
            Verdict::Withdrawn => self.say("sentence_withdrawn", &args),
            Verdict::Undetermined => self.say("sentence_undetermined_claims", &args),
            Verdict::Altered => self.say("sentence_altered", &[]),
        }
    }

    /// Who registered it, and when by the approver's clock.
    fn registered(&self, proved: &Proved) -> Vec<Arg> {
        let by = |purpose: &str| proved.signers.iter().find(|signer| signer.purpose == purpose);
        let name = |signer: Option<&ProvedSigner>| {
            let name = signer.and_then(|signer| signer.name.clone());
            name.unwrap_or_else(|| self.say("name_withheld", &[]))
        };
        let approver = by("approve");
        vec![
            ("office", proved.office.clone()),
            ("drafter", name(by("draft"))),
            ("reviewer", name(by("review"))),
            ("approver", name(approver)),
            ("time", approver.map_or_else(String::new, |signer| signer.time.to_string())),
            ("version", proved.version.to_string()),
        ]
    }

    /// The version that has taken this one's place, as far as is known.
    fn changed_to(&self) -> String {
        let later = self.report.findings.iter().filter(|finding| finding.code == "finding_superseded");
        let version = later.flat_map(|finding| &finding.args).filter(|(name, _)| *name == "version");
        version.map(|(_, value)| value.clone()).next_back().unwrap_or_default()
    }

    fn witnessed(&self, proved: &Proved) -> String {
        let Some(first) = proved.witnesses.iter().map(|witness| witness.time).min() else {
            return String::new();
        };
        let n = proved.witnesses.len().to_string();
        self.say("sentence_witnessed", &[("n", n), ("time", first.to_string())])
    }

    /// As of when nothing is known against it.
    fn as_of(&self, proved: &Proved) -> String {
        let as_of = proved.as_of;
        let key = match (as_of.by, as_of.time) {
            (Known::Ledger, _) => "as_of_ledger",
            (Known::Claim, _) => "as_of_claim",
            (Known::Checkpoint, Some(_)) => "as_of_witnessed",
            (Known::Checkpoint, None) => "as_of_checkpoint",
        };
        let time = as_of.time.unwrap_or_default().to_string();
        self.say(key, &[("size", as_of.size.to_string()), ("time", time)])
    }

    fn group(&self, group: Group) -> Vec<String> {
        let mine = || self.report.findings.iter().filter(move |finding| finding.group == group);
        if mine().next().is_none() {
            return Vec::new();
        }
        let word = self.context.locale.word("group", group_word(group));
        std::iter::once(word).chain(mine().map(|finding| self.finding(finding))).collect()
    }

    fn finding(&self, finding: &Finding) -> String {
        let mark = match finding.outcome {
            Outcome::Passed => "✔",
            Outcome::Failed => "✖",
            Outcome::Undecided => "？",
            Outcome::Noted => "·",
        };
        format!("  {mark} {}", self.context.locale.finding(finding.check, finding.code, &finding.args))
    }

    fn proved(&self, proved: &Proved) -> Vec<String> {
        let locale = &self.context.locale;
        let kind = locale.choose(&proved.label.zh, &proved.label.en).to_owned();
        let heading = if self.report.verdict == Verdict::Undetermined { "proved_if" } else { "proved" };
        let args = [
            ("template", clean(&kind)),
            ("record", proved.record.clone()),
            ("version", proved.version.to_string()),
            ("position", proved.position.to_string()),
            ("origin", proved.origin.clone()),
        ];
        let mut lines = vec![self.say(heading, &args)];
        for value in &proved.values {
            let label = clean(locale.choose(&value.label.zh, &value.label.en));
            lines.push(format!("  {}", record_text::labelled(locale, &label, self.value(&value.value))));
        }
        if proved.withheld > 0 {
            lines.push(format!("  {}", self.say("withheld", &[("n", proved.withheld.to_string())])));
        }
        lines.extend(proved.signers.iter().map(|signer| self.signer(signer)));
        lines
    }

    fn value(&self, value: &Shown) -> String {
        match value {
            Shown::Text(text) => clean(text),
            Shown::Int(number) => number.clone(),
            Shown::Bool(flag) => self.context.locale.word("bool", if *flag { "true" } else { "false" }),
            Shown::Null => self.say("empty", &[]),
        }
    }

    fn signer(&self, signer: &ProvedSigner) -> String {
        let name = signer.name.as_deref().map_or_else(|| self.say("name_withheld", &[]), clean);
        let post = signer.post.as_deref().map(|post| self.say("post", &[("post", post.to_owned())]));
        let purpose = self.context.locale.word("purpose", signer.purpose);
        format!("  {purpose} {name}{} {}", post.unwrap_or_default(), time::shown(signer.time))
    }
}

fn mark_of_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Genuine => "✔",
        Verdict::Altered => "✖",
        Verdict::Superseded | Verdict::Withdrawn => "⚠",
        Verdict::Undetermined => "？",
    }
}

fn group_word(group: Group) -> &'static str {
    match group {
        Group::Authenticity => "authenticity",
        Group::Integrity => "integrity",
        Group::Usability => "usability",
        Group::Security => "security",
    }
}
