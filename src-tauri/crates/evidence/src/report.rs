//! What verifying a file found: a verdict, every finding, and what is proved.
//!
//! As JSON, for the desktop, the web and the command line alike:
//!
//! ```text
//! { "verdict": "genuine" | "superseded" | "withdrawn" | "undetermined" | "altered",
//!   "findings": [ { "group": "authenticity" | "integrity" | "usability" | "security",
//!                   "check": "inclusion", "outcome": "passed" | "failed" | "undecided" | "noted",
//!                   "code": "finding_included", "args": { "position": "7", "size": "20" } } ],
//!   "proved": null | {
//!     "origin", "office", "office_code", "record", "version",
//!     "kind", "label": {"zh", "en"}, "template_version",
//!     "values": [ { "key", "label": {"zh", "en"}, "kept": "open" | "disclosed",
//!                   "value": {"type": "text", "is": "…"} | {"type": "int", "is": "-5"}
//!                          | {"type": "bool", "is": true} | {"type": "null"} } ],
//!     "withheld": 3,
//!     "signers": [ { "purpose", "member", "name": "…" | null, "post": "…" | null, "time" } ],
//!     "position", "leaf", "size", "root",
//!     "witnesses": [ { "name", "time" } ],
//!     "as_of": { "size", "time": 1700000000 | null, "by": "checkpoint" | "claim" | "ledger" } } }
//! ```
//!
//! Codes and names of checks are stable; texts are in the locale files. Times
//! are seconds since 1970. Integers among the values are decimal text, because
//! JSON readers round large numbers.
//!
//! `proved` is absent unless every check on contents, people and placement
//! passed. With the verdict `undetermined` it says what the file proves *if*
//! the log is what it claims to be.

use serde::{Serialize, Serializer};
use yinxin_record::cbor::Value;

use crate::code::Code;

/// The one word for a file; the worst of many is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// 属实.
    Genuine,
    /// 已变更.
    Superseded,
    /// 已撤销.
    Withdrawn,
    /// 无法判定.
    Undetermined,
    /// 不一致.
    Altered,
}

impl Verdict {
    /// The stable word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
            Self::Undetermined => "undetermined",
            Self::Altered => "altered",
        }
    }

    /// What a command ends with.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Genuine => 0,
            Self::Altered => 10,
            Self::Superseded => 11,
            Self::Withdrawn => 12,
            Self::Undetermined => 13,
        }
    }
}

/// The four words of archive law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// 真实性.
    Authenticity,
    /// 完整性.
    Integrity,
    /// 可用性.
    Usability,
    /// 安全性.
    Security,
}

impl Group {
    /// Every group, in the order of the law.
    pub const ALL: [Self; 4] = [Self::Authenticity, Self::Integrity, Self::Usability, Self::Security];
}

/// The checks of `docs/FORMAT.md` §7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Check {
    Format,
    Template,
    Fields,
    Disclosures,
    Inclusion,
    Checkpoint,
    Genesis,
    Roster,
    Signers,
    Admission,
    Signatures,
    Receipt,
    Trust,
    Witnesses,
    Status,
    Realm,
    Ledger,
}

impl Check {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Template => "template",
            Self::Fields => "fields",
            Self::Disclosures => "disclosures",
            Self::Inclusion => "inclusion",
            Self::Checkpoint => "checkpoint",
            Self::Genesis => "genesis",
            Self::Roster => "roster",
            Self::Signers => "signers",
            Self::Admission => "admission",
            Self::Signatures => "signatures",
            Self::Receipt => "receipt",
            Self::Trust => "trust",
            Self::Witnesses => "witnesses",
            Self::Status => "status",
            Self::Realm => "realm",
            Self::Ledger => "ledger",
        }
    }

    pub(crate) fn group(self) -> Group {
        match self {
            Self::Format | Self::Status | Self::Ledger => Group::Usability,
            Self::Template | Self::Fields | Self::Disclosures | Self::Inclusion | Self::Checkpoint => {
                Group::Integrity
            }
            Self::Genesis
            | Self::Roster
            | Self::Signers
            | Self::Admission
            | Self::Signatures
            | Self::Receipt
            | Self::Realm => Group::Authenticity,
            Self::Trust | Self::Witnesses => Group::Security,
        }
    }
}

/// The names of all checks, in the order in which they are made.
#[must_use]
pub fn check_names() -> &'static [&'static str] {
    &[
        "format",
        "template",
        "fields",
        "disclosures",
        "inclusion",
        "checkpoint",
        "genesis",
        "roster",
        "signers",
        "admission",
        "signatures",
        "receipt",
        "trust",
        "witnesses",
        "status",
        "realm",
        "ledger",
    ]
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It could not be decided.
    Undecided,
    /// Said beside the outcome; it decides nothing by itself, except that
    /// superseded and withdrawn are noted.
    Noted,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Under which word of archive law it stands.
    pub group: Group,
    /// Which check made it; see [`check_names`].
    pub check: &'static str,
    /// How the check went.
    pub outcome: Outcome,
    /// What is said; see [`crate::finding_codes`].
    pub code: &'static str,
    /// What the text may mention, by name.
    #[serde(serialize_with = "as_map")]
    pub args: Vec<(&'static str, String)>,
}

fn as_map<S: Serializer>(args: &[(&'static str, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(args.iter().map(|(name, value)| (name, value)))
}

/// A finding before the check that made it is put beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    outcome: Outcome,
    code: Code,
    args: Vec<String>,
}

/// The longest argument, in characters: some come from the file.
const MAX_ARG: usize = 300;

impl Remark {
    pub(crate) fn passed(code: Code, args: &[&dyn ToString]) -> Self {
        Self::new(Outcome::Passed, code, args)
    }

    pub(crate) fn failed(code: Code, args: &[&dyn ToString]) -> Self {
        Self::new(Outcome::Failed, code, args)
    }

    pub(crate) fn undecided(code: Code, args: &[&dyn ToString]) -> Self {
        Self::new(Outcome::Undecided, code, args)
    }

    pub(crate) fn noted(code: Code, args: &[&dyn ToString]) -> Self {
        Self::new(Outcome::Noted, code, args)
    }

    fn new(outcome: Outcome, code: Code, args: &[&dyn ToString]) -> Self {
        debug_assert_eq!(args.len(), code.arg_names().len(), "{code:?}");
        let short = |arg: &&dyn ToString| arg.to_string().chars().take(MAX_ARG).collect();
        Self { outcome, code, args: args.iter().map(short).collect() }
    }

    pub(crate) fn is_failed(&self) -> bool {
        self.outcome == Outcome::Failed
    }

    pub(crate) fn of(self, check: Check) -> Finding {
        Finding {
            group: check.group(),
            check: check.as_str(),
            outcome: self.outcome,
            code: self.code.as_str(),
            args: self.code.arg_names().iter().copied().zip(self.args).collect(),
        }
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A proved value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "is", rename_all = "lowercase")]
pub enum Shown {
    /// Text.
    Text(String),
    /// An integer, in decimal.
    Int(String),
    /// Yes or no.
    Bool(bool),
    /// Left empty.
    Null,
}

impl Shown {
    /// The value as it is shown; `None` for what no field can hold.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(Self::Text(text.clone())),
            Value::Int(n) => Some(Self::Int(n.to_string())),
            Value::Bool(b) => Some(Self::Bool(*b)),
            Value::Null => Some(Self::Null),
            Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Tag(..) => None,
        }
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// In the act.
    Open,
    /// In a disclosure that the act commits to.
    Disclosed,
}

/// A field and its proved value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvedValue {
    /// The field's key.
    pub key: String,
    /// The field's name.
    pub label: Label,
    /// Its value.
    pub value: Shown,
    /// Where it stands.
    pub kept: Kept,
}

/// Somebody who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvedSigner {
    /// `draft`, `review` or `approve`.
    pub purpose: &'static str,
    /// The member's id.
    pub member: String,
    /// The name, if it was disclosed.
    pub name: Option<String>,
    /// The post, if it was disclosed.
    pub post: Option<String>,
    /// When, by the signer's clock.
    pub time: u64,
}

/// A witness that cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProvedWitness {
    /// Its name in the policy.
    pub name: String,
    /// When it saw the checkpoint.
    pub time: u64,
}

/// From where it is known how the record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// The checkpoint of the file.
    Checkpoint,
    /// The owner's status claim.
    Claim,
    /// The verifier's own copy of the ledger.
    Ledger,
}

/// As of when the report knows how the record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// The size of the ledger.
    pub size: u64,
    /// When that was: witnessed, or claimed by the owner; `None` if nobody says.
    pub time: Option<u64>,
    /// From where it is known.
    pub by: Known,
}

/// What is proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proved {
    /// The ledger.
    pub origin: String,
    /// The office's name, as its genesis says.
    pub office: String,
    /// The office's 统一社会信用代码.
    pub office_code: String,
    /// The record's id.
    pub record: String,
    /// Which version of the record.
    pub version: u32,
    /// The template's name.
    pub kind: String,
    /// What people call the template.
    pub label: Label,
    /// Which version of the template.
    pub template_version: u32,
    /// Open and disclosed values, in the template's order.
    pub values: Vec<ProvedValue>,
    /// How many committed fields are not disclosed.
    pub withheld: usize,
    /// Who signed, the drafter first.
    pub signers: Vec<ProvedSigner>,
    /// Where in the ledger.
    pub position: u64,
    /// The leaf hash, in hex.
    pub leaf: String,
    /// The checkpoint's size.
    pub size: u64,
    /// The checkpoint's root, in hex.
    pub root: String,
    /// Named witnesses whose cosignatures hold.
    pub witnesses: Vec<ProvedWitness>,
    /// As of when.
    pub as_of: AsOf,
}

/// Everything that verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The one word.
    pub verdict: Verdict,
    /// Every finding, by check.
    pub findings: Vec<Finding>,
    /// What is proved, if anything.
    pub proved: Option<Proved>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_many_is_the_greatest() {
        let all = [
            Verdict::Altered,
            Verdict::Genuine,
            Verdict::Withdrawn,
            Verdict::Undetermined,
            Verdict::Superseded,
        ];
        let mut sorted = all;
        sorted.sort();
        assert_eq!(sorted.map(Verdict::exit_code), [0, 11, 12, 13, 10]);
        assert_eq!(all.into_iter().max(), Some(Verdict::Altered));
    }

    #[test]
    fn json_has_the_documented_shape() {
        let finding = Remark::passed(Code::Included, &[&7, &20]).of(Check::Inclusion);
        let json = serde_json::to_value(&finding).unwrap();
        let expected = serde_json::json!({
            "group": "integrity", "check": "inclusion", "outcome": "passed",
            "code": "finding_included", "args": {"position": "7", "size": "20"},
        });
        assert_eq!(json, expected);
        let values = [Value::text("甲"), Value::Int(-5), Value::Bool(true), Value::Null];
        let shown: Vec<Shown> = values.iter().filter_map(Shown::of).collect();
        let expected = serde_json::json!([
            {"type": "text", "is": "甲"}, {"type": "int", "is": "-5"},
            {"type": "bool", "is": true}, {"type": "null"},
        ]);
        assert_eq!(serde_json::to_value(shown).unwrap(), expected);
    }
}
