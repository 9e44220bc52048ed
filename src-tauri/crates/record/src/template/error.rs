//! Why a template is refused.

use super::SECRECY_REVIEW;
use crate::Coded;
use crate::cbor::CborError;

/// Why a template is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// More bytes than [`super::MAX_BYTES`].
    #[error("a template of {len} bytes, at most {max}")]
    TooLarge {
        /// Bytes found.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// Not JSON, or not the members that a template has.
    #[error("not the JSON of a template: {detail}")]
    NotJson {
        /// What the reader met, and where.
        detail: String,
    },
    /// Not deterministic CBOR.
    #[error("not the CBOR of a template: {0}")]
    NotCbor(#[from] CborError),
    /// Deterministic CBOR, but not the members that a template has, or not
    /// its one encoding.
    #[error("not the members of a template: {detail}")]
    NotATemplate {
        /// What the reader met.
        detail: String,
    },
    /// A name, key or code that is not lower-case letters, digits and
    /// underscores, or is a word of CEL.
    #[error("{name:?} cannot be a name")]
    Name {
        /// The name.
        name: String,
    },
    /// Versions count from 1.
    #[error("versions count from 1")]
    Version,
    /// A label or message is empty, too long, or has control characters.
    #[error("label of {of} is empty or unfit")]
    Label {
        /// What it labels.
        of: String,
    },
    /// More fields than [`super::MAX_FIELDS`].
    #[error("{count} fields, at most {max}")]
    TooManyFields {
        /// Fields found.
        count: usize,
        /// Fields allowed.
        max: usize,
    },
    /// Two fields have the same key, or a column header would fit both.
    #[error("two fields are called {name:?}")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// The record key names no field, or one twice.
    #[error("record key names {field:?}")]
    RecordKey {
        /// What it names.
        field: String,
    },
    /// `open` for personal data, long text, or what not everyone may see.
    #[error("field {field} cannot be open")]
    Open {
        /// The field.
        field: String,
    },
    /// A format on something that is no string.
    #[error("field {field} has no format: it is no string")]
    Format {
        /// The field.
        field: String,
    },
    /// A constraint that does not fit the type, or cannot be met.
    #[error("field {field}: constraint {constraint} does not fit")]
    Constraint {
        /// The field.
        field: String,
        /// The constraint.
        constraint: &'static str,
    },
    /// A default that the field itself would refuse.
    #[error("field {field} refuses its own default")]
    Default {
        /// The field.
        field: String,
    },
    /// No required string field [`SECRECY_REVIEW`].
    #[error("there is no required field {SECRECY_REVIEW}")]
    SecrecyReview,
    /// Two rules with one code.
    #[error("two rules are called {rule}")]
    RuleTwice {
        /// The code.
        rule: String,
    },
    /// A rule that is no CEL, or uses what rules may not use.
    #[error("rule {rule}: {detail}")]
    Rule {
        /// The code.
        rule: String,
        /// What the reader met.
        detail: String,
    },
    /// A rule about a field that is not there.
    #[error("rule {rule} asks for {field:?}")]
    RuleField {
        /// The code.
        rule: String,
        /// The unknown field.
        field: String,
    },
}

impl Coded for TemplateError {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "template_too_large",
            Self::NotJson { .. } => "template_not_json",
            Self::NotCbor(_) => "template_not_cbor",
            Self::NotATemplate { .. } => "template_members",
            Self::Name { .. } => "template_name",
            Self::Version => "template_version",
            Self::Label { .. } => "template_label",
            Self::TooManyFields { .. } => "template_too_many_fields",
            Self::NameTwice { .. } => "template_name_twice",
            Self::RecordKey { .. } => "template_record_key",
            Self::Open { .. } => "template_open",
            Self::Format { .. } => "template_format",
            Self::Constraint { .. } => "template_constraint",
            Self::Default { .. } => "template_default",
            Self::SecrecyReview => "template_secrecy_review",
            Self::RuleTwice { .. } => "template_rule_twice",
            Self::Rule { .. } => "template_rule",
            Self::RuleField { .. } => "template_rule_field",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { len, max } => vec![("len", len.to_string()), ("max", max.to_string())],
            Self::NotJson { detail } | Self::NotATemplate { detail } => vec![("detail", detail.clone())],
            Self::NotCbor(error) => vec![("detail", error.to_string())],
            Self::Name { name } | Self::NameTwice { name } => vec![("name", name.clone())],
            Self::Version | Self::SecrecyReview => Vec::new(),
            Self::Label { of } => vec![("of", of.clone())],
            Self::TooManyFields { count, max } => {
                vec![("count", count.to_string()), ("max", max.to_string())]
            }
            Self::RecordKey { field }
            | Self::Open { field }
            | Self::Format { field }
            | Self::Default { field } => vec![("field", field.clone())],
            Self::Constraint { field, constraint } => {
                vec![("field", field.clone()), ("constraint", (*constraint).to_owned())]
            }
            Self::RuleTwice { rule } => vec![("rule", rule.clone())],
            Self::Rule { rule, detail } => vec![("rule", rule.clone()), ("detail", detail.clone())],
            Self::RuleField { rule, field } => vec![("rule", rule.clone()), ("field", field.clone())],
        }
    }
}
