//! Evidence: made, verified; and the policy that others verify by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_evidence::report::{Finding, Label, Proved, Report, Shown};
use yinxin_evidence::verify::KnownLedgers;
use yinxin_ledger::policy::Policy;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::{FileKind, FileRef, OutgoingFile};
use crate::office::Nothing;
use crate::records::record_id;

/// Make evidence of a registered version.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportRequest {
    /// The record's id.
    pub record: String,
    /// Which version; none for the current one.
    pub version: Option<u32>,
    /// The committed fields to show; none for all.
    pub disclose: Option<Vec<String>>,
}

/// Verify a file.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct VerifyRequest {
    /// The file's token.
    pub file: String,
    /// A policy's token.
    pub policy: Option<String>,
    /// Whether to use what the ledgers here know.
    pub own_ledgers: bool,
}

/// What verifying found; words and codes as in the documented JSON report.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VerifyReport {
    /// The file's name.
    pub file: String,
    /// `genuine`, `superseded`, `withdrawn`, `undetermined` or `altered`.
    pub verdict: String,
    /// Every finding.
    pub findings: Vec<FindingView>,
    /// What is proved, if anything.
    pub proved: Option<ProvedView>,
}

/// One finding.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FindingView {
    /// `authenticity`, `integrity`, `usability` or `security`.
    pub group: String,
    /// Which check made it.
    pub check: String,
    /// `passed`, `failed`, `undecided` or `noted`.
    pub outcome: String,
    /// Which text.
    pub code: String,
    /// What the text may mention.
    pub args: BTreeMap<String, String>,
}

/// A text in both languages.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LabelView {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What is proved.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProvedView {
    /// The ledger.
    pub origin: String,
    /// Whether that is a ledger for practice (演练).
    pub practice: bool,
    /// The office's name.
    pub office: String,
    /// Its 统一社会信用代码.
    pub office_code: String,
    /// The record's id.
    pub record: String,
    /// Which version.
    pub version: u32,
    /// What people call the template.
    pub label: LabelView,
    /// Open and disclosed values, in the template's order.
    pub values: Vec<ProvedValueView>,
    /// How many committed fields are not disclosed.
    pub withheld: u32,
    /// Who signed, the drafter first.
    pub signers: Vec<ProvedSignerView>,
    /// Where in the ledger.
    #[ts(type = "number")]
    pub position: u64,
    /// The leaf hash, in hex.
    pub leaf: String,
    /// The checkpoint's size.
    #[ts(type = "number")]
    pub size: u64,
    /// The checkpoint's root, in hex.
    pub root: String,
    /// Witnesses whose cosignatures hold.
    pub witnesses: Vec<WitnessView>,
    /// As of when.
    pub as_of: AsOfView,
}

/// A proved value.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProvedValueView {
    /// The field's key.
    pub key: String,
    /// Its name.
    pub label: LabelView,
    /// `text`, `int`, `bool` or `null`.
    pub kind: String,
    /// The value in words; empty for `null`.
    pub value: String,
    /// Whether it stands in the ledger itself.
    pub open: bool,
}

/// Somebody who signed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProvedSignerView {
    /// `draft`, `review` or `approve`.
    pub purpose: String,
    /// The name, if it was disclosed.
    pub name: Option<String>,
    /// The post, if it was disclosed.
    pub post: Option<String>,
    /// When, by the signer's clock: seconds since 1970.
    #[ts(type = "number")]
    pub time: u64,
}

/// A witness.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WitnessView {
    /// Its name in the policy.
    pub name: String,
    /// When it saw the checkpoint: seconds since 1970.
    #[ts(type = "number")]
    pub time: u64,
}

/// As of when the report knows how the record stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AsOfView {
    /// The size of the ledger.
    #[ts(type = "number")]
    pub size: u64,
    /// When that was: seconds since 1970, if anybody says.
    #[ts(type = "number | null")]
    pub time: Option<u64>,
    /// `checkpoint`, `claim` or `ledger`.
    pub by: String,
}

/// The stable word by which a value is serialized.
fn word(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).ok();
    json.as_ref().and_then(|json| json.as_str()).unwrap_or_default().to_owned()
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        let args = finding.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            group: word(&finding.group),
            check: finding.check.to_owned(),
            outcome: word(&finding.outcome),
            code: finding.code.to_owned(),
            args: args.collect(),
        }
    }
}

impl From<&Label> for LabelView {
    fn from(label: &Label) -> Self {
        Self { zh: label.zh.clone(), en: label.en.clone() }
    }
}

impl From<&Proved> for ProvedView {
    fn from(proved: &Proved) -> Self {
        let origin: Option<yinxin_record::origin::Origin> = proved.origin.parse().ok();
        let signer = |signer: &yinxin_evidence::report::ProvedSigner| ProvedSignerView {
            purpose: signer.purpose.to_owned(),
            name: signer.name.clone(),
            post: signer.post.clone(),
            time: signer.time,
        };
        let witness = |witness: &yinxin_evidence::report::ProvedWitness| WitnessView {
            name: witness.name.clone(),
            time: witness.time,
        };
        Self {
            practice: origin.is_some_and(|origin| origin.is_practice()),
            origin: proved.origin.clone(),
            office: proved.office.clone(),
            office_code: proved.office_code.clone(),
            record: proved.record.clone(),
            version: proved.version,
            label: LabelView::from(&proved.label),
            values: proved.values.iter().map(proved_value).collect(),
            withheld: u32::try_from(proved.withheld).unwrap_or(u32::MAX),
            signers: proved.signers.iter().map(signer).collect(),
            position: proved.position,
            leaf: proved.leaf.clone(),
            size: proved.size,
            root: proved.root.clone(),
            witnesses: proved.witnesses.iter().map(witness).collect(),
            as_of: AsOfView { size: proved.as_of.size, time: proved.as_of.time, by: word(&proved.as_of.by) },
        }
    }
}

fn proved_value(value: &yinxin_evidence::report::ProvedValue) -> ProvedValueView {
    let (kind, text) = match &value.value {
        Shown::Text(text) => ("text", text.clone()),
        Shown::Int(number) => ("int", number.clone()),
        Shown::Bool(flag) => ("bool", flag.to_string()),
        Shown::Null => ("null", String::new()),
    };
    ProvedValueView {
        key: value.key.clone(),
        label: LabelView::from(&value.label),
        kind: kind.to_owned(),
        value: text,
        open: value.kept == yinxin_evidence::report::Kept::Open,
    }
}

impl VerifyReport {
    fn of(file: String, report: &Report) -> Self {
        Self {
            file,
            verdict: report.verdict.as_str().to_owned(),
            findings: report.findings.iter().map(FindingView::from).collect(),
            proved: report.proved.as_ref().map(ProvedView::from),
        }
    }
}

pub(crate) fn export(desk: &Desk, asked: &ExportRequest) -> Result<FileRef, Failure> {
    let id = record_id(&asked.record)?;
    let (open, _) = desk.member()?;
    let office = open.read();
    // The status claim is added where the host's keys open by themselves.
    let host = if office.is_unattended() { Some(office.unlock_host(None)?) } else { None };
    let disclose = asked.disclose.as_deref();
    let exported = office.export(&id, asked.version, disclose, host.as_ref(), desk.surroundings())?;
    let short: String = id.to_string().chars().take(8).collect();
    let name = format!("{}-{short}-v{}.yinxin", open.entry.name, exported.version);
    Ok(desk.files().hand_out(&OutgoingFile { name, bytes: exported.bytes })?)
}

pub(crate) fn policy(desk: &Desk, _: &Nothing) -> Result<FileRef, Failure> {
    let open = desk.open_office()?;
    let text = open.read().policy()?.to_text();
    let name = format!("{}-policy.txt", open.entry.name);
    Ok(desk.files().hand_out(&OutgoingFile { name, bytes: text.into_bytes() })?)
}

pub(crate) fn verify(desk: &Desk, asked: &VerifyRequest) -> Result<VerifyReport, Failure> {
    let bytes = desk.files().read(&asked.file, FileKind::Evidence)?;
    let name = desk.files().name(&asked.file).unwrap_or_default();
    let policy = asked.policy.as_deref().map(|token| read_policy(desk, token)).transpose()?;
    let open = if asked.own_ledgers { desk.open_office().ok() } else { None };
    let report = match &open {
        Some(open) => {
            let office = open.read();
            let known: &dyn KnownLedgers = &*office;
            yinxin_evidence::verify(&bytes, policy.as_ref(), Some(known))
        }
        None => yinxin_evidence::verify(&bytes, policy.as_ref(), None),
    };
    Ok(VerifyReport::of(name, &report))
}

pub(crate) fn read_policy(desk: &Desk, token: &str) -> Result<Policy, Failure> {
    let name = desk.files().name(token)?;
    let unreadable = |detail: String| DeskError::PolicyUnreadable { path: name.clone(), detail };
    let bytes = desk.files().read(token, FileKind::Policy)?;
    let text = String::from_utf8(bytes).map_err(|error| unreadable(error.to_string()))?;
    Ok(Policy::parse(&text).map_err(|error| unreadable(error.to_string()))?)
}
