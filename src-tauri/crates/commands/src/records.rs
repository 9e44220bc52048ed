//! Records: lists and single ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::browse::{Details, Filter, Page, Pending, Signed, State, Summary, Version};
use yinxin_office::inbox::Review;
use yinxin_office::{Office, OfficeError};
use yinxin_record::Id;
use yinxin_record::cbor::Value;
use yinxin_record::validate::Values;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;

/// A value as a page shows it: text (also of decimal numbers and dates), a
/// whole number as text, yes or no, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(untagged)]
pub enum ShownValue {
    /// Text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Empty(()),
}

/// The values of a version, by field.
pub type ShownValues = BTreeMap<String, ShownValue>;

pub(crate) fn shown(values: &Values) -> ShownValues {
    let one = |value: &Value| match value {
        Value::Text(text) => ShownValue::Text(text.clone()),
        Value::Int(number) => ShownValue::Text(number.to_string()),
        Value::Bool(flag) => ShownValue::Bool(*flag),
        _ => ShownValue::Empty(()),
    };
    values.iter().map(|(key, value)| (key.clone(), one(value))).collect()
}

/// Ask for a page of records.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct RecordsRequest {
    /// Words to find in the latest values.
    pub text: Option<String>,
    /// `in_review`, `submitted`, `returned`, `published` or `withdrawn`.
    pub state: Option<String>,
    /// Where the page before ended.
    pub after: Option<String>,
    /// At most this many, up to 500.
    pub limit: u32,
}

/// The most records of one page.
const MAX_PAGE: usize = 500;

/// A page of records, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RecordPage {
    /// How many there are on all pages.
    pub total: u32,
    /// These.
    pub records: Vec<RecordRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// One line of a list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RecordRow {
    /// The record's id.
    pub id: String,
    /// The template's name.
    pub template: String,
    /// `in_review`, `submitted`, `returned`, `published` or `withdrawn`.
    pub state: RecordState,
    /// The current version; 0 before the first is registered.
    pub version: u32,
    /// The latest values, also of what waits.
    pub values: ShownValues,
    /// The registered values where what waits or came back differs from them;
    /// else empty.
    pub in_force: ShownValues,
    /// Whether the values cannot be read: an audit tells more.
    pub damaged: bool,
    /// Whether the contents are erased, so that only open values are left.
    pub erased: bool,
    /// What waits or came back.
    pub pending: Option<PendingView>,
}

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// Something of it waits for a reviewer.
    InReview,
    /// Something of it waits for an approver.
    Submitted,
    /// Something of it was returned to its drafter.
    Returned,
    /// It is registered and not withdrawn.
    Published,
    /// It is withdrawn.
    Withdrawn,
}

/// What waits, or came back.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PendingView {
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it would make, or withdraw.
    pub version: u32,
    /// Who drafted it.
    pub drafter: String,
    /// Since when it waits: seconds since 1970.
    #[ts(type = "number")]
    pub submitted: u64,
    /// Why, if it is a withdrawal.
    pub reason: Option<String>,
    /// Who reviewed it.
    pub review: Option<ReviewView>,
    /// Who returned it, when and why.
    pub returned: Option<ReturnedView>,
    /// Why it cannot be signed as it is, if people have changed since it was: a
    /// code of the ledger rules.
    pub stale: Option<String>,
}

/// A review.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReviewView {
    /// Who.
    pub by: String,
    /// When: seconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
}

/// A return.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReturnedView {
    /// Who; empty if it came back by itself, because people have changed.
    pub by: String,
    /// When: seconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
    /// Why; empty if it came back by itself.
    pub reason: String,
}

/// Ask for one record.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RecordRequest {
    /// The record's id.
    pub id: String,
}

/// A record with all its acts.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RecordDetails {
    /// As in a list.
    pub row: RecordRow,
    /// Who may sign next what waits, by name; but for who has signed it already.
    pub waits_for: Vec<String>,
    /// Every act on it in the ledger, oldest first.
    pub versions: Vec<VersionView>,
    /// How many entries the ledger has.
    #[ts(type = "number")]
    pub size: u64,
    /// The root over them, in hex.
    pub root: String,
    /// The origin of the ledger.
    pub origin: String,
}

/// One act on a record.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VersionView {
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it made or withdrew.
    pub version: u32,
    /// Position in the ledger.
    #[ts(type = "number")]
    pub position: u64,
    /// Leaf hash, in hex.
    pub leaf: String,
    /// The values; of a withdrawal the reason.
    pub values: ShownValues,
    /// The signatures, the drafter's first.
    pub signed: Vec<SignedView>,
}

/// A signature.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignedView {
    /// `draft`, `review`, `approve`.
    pub purpose: String,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// When, by the signer's clock: seconds since 1970.
    #[ts(type = "number")]
    pub claimed: u64,
}

impl From<State> for RecordState {
    fn from(state: State) -> Self {
        match state {
            State::InReview => Self::InReview,
            State::Submitted => Self::Submitted,
            State::Returned => Self::Returned,
            State::Published => Self::Published,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<&Summary> for RecordRow {
    fn from(summary: &Summary) -> Self {
        Self {
            id: summary.id.to_string(),
            template: summary.template.clone(),
            state: summary.state.into(),
            version: summary.version,
            values: shown(&summary.values),
            in_force: shown(&summary.in_force),
            damaged: summary.damaged,
            erased: summary.erased,
            pending: summary.pending.as_ref().map(PendingView::from),
        }
    }
}

impl From<&Pending> for PendingView {
    fn from(pending: &Pending) -> Self {
        Self {
            act: pending.act.clone(),
            version: pending.version,
            drafter: pending.drafter.clone(),
            submitted: pending.submitted,
            reason: pending.reason.clone(),
            review: pending.review.as_ref().map(ReviewView::from),
            returned: pending.returned.as_ref().map(|returned| ReturnedView {
                by: returned.by.clone(),
                at: returned.at,
                reason: returned.reason.clone(),
            }),
            stale: pending.stale.clone(),
        }
    }
}

impl From<&Review> for ReviewView {
    fn from(review: &Review) -> Self {
        Self { by: review.by.clone(), at: review.at }
    }
}

impl From<&Version> for VersionView {
    fn from(version: &Version) -> Self {
        Self {
            act: version.act.clone(),
            version: version.version,
            position: version.position,
            leaf: version.leaf.to_string(),
            values: shown(&version.values),
            signed: version.signed.iter().map(SignedView::from).collect(),
        }
    }
}

impl From<&Signed> for SignedView {
    fn from(signed: &Signed) -> Self {
        Self {
            purpose: signed.purpose.to_owned(),
            name: signed.name.clone(),
            post: signed.post.clone(),
            claimed: signed.claimed,
        }
    }
}

/// The record that a page means.
pub(crate) fn record_id(text: &str) -> Result<Id, Failure> {
    text.parse().map_err(|_| OfficeError::NoSuchRecord(text.chars().take(64).collect()).into())
}

pub(crate) fn records(desk: &Desk, asked: &RecordsRequest) -> Result<RecordPage, Failure> {
    let state = match asked.state.as_deref() {
        None => None,
        Some(word) => Some(State::of_word(word).ok_or_else(|| DeskError::BadRequest(word.to_owned()))?),
    };
    let text = asked.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let limit = usize::try_from(asked.limit).unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let filter = Filter { text, state, limit, after: asked.after.as_deref(), drafter: None };
    let (open, _) = desk.member()?;
    let page: Page = open.read().list(&filter)?;
    Ok(RecordPage {
        total: u32::try_from(page.total).unwrap_or(u32::MAX),
        records: page.records.iter().map(RecordRow::from).collect(),
        next: page.next,
    })
}

pub(crate) fn record(desk: &Desk, asked: &RecordRequest) -> Result<RecordDetails, Failure> {
    let id = record_id(&asked.id)?;
    let (open, _) = desk.member()?;
    details(&open.read(), &id, desk.surroundings().now())
}

fn details(office: &Office, id: &Id, now: u64) -> Result<RecordDetails, Failure> {
    let Details { summary, versions } = office.show(id, None)?;
    let head = office.head()?;
    let awaited = summary.pending.as_ref().map(|pending| office.awaited(pending, now)).transpose()?;
    Ok(RecordDetails {
        row: RecordRow::from(&summary),
        waits_for: awaited.unwrap_or_default(),
        versions: versions.iter().map(VersionView::from).collect(),
        size: head.size,
        root: head.root.to_string(),
        origin: office.origin().to_string(),
    })
}
