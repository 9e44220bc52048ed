//! What waits for review or approval; approving, returning, withdrawing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::inbox::{Seen, Waiting};
use yinxin_office::step::Step;
use yinxin_office::{Approval, OfficeError, Selection};
use yinxin_record::{Digest, Id};

use crate::desk::{Desk, Owner};
use crate::error::DeskError;
use crate::failure::Failure;
use crate::job::{JobKind, JobResult, JobView};
use crate::office::Nothing;
use crate::people::Secret;
use crate::records::{RecordRequest, ReviewView, ShownValues, record_id, shown};
use crate::session::HOST;

/// Ask for a page of what waits, the oldest first.
#[derive(Debug, Clone, Default, Deserialize, TS)]
pub struct WaitingRequest {
    /// Where the page before ended.
    pub after: Option<String>,
    /// At most this many, up to 500.
    pub limit: u32,
    /// Only what waits for this signature; if it is missing, whatever waits.
    #[ts(optional)]
    pub step: Option<StepView>,
}

/// The next signature on a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepView {
    /// The reviewer's.
    Review,
    /// The approver's.
    Approve,
}

impl From<Step> for StepView {
    fn from(step: Step) -> Self {
        match step {
            Step::Review => Self::Review,
            Step::Approve => Self::Approve,
        }
    }
}

impl From<StepView> for Step {
    fn from(step: StepView) -> Self {
        match step {
            StepView::Review => Self::Review,
            StepView::Approve => Self::Approve,
        }
    }
}

/// A page of what waits.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WaitingPage {
    /// How many there are on all pages.
    pub total: u32,
    /// These.
    pub waiting: Vec<WaitingView>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// One draft that waits.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WaitingView {
    /// The record's id.
    pub record: String,
    /// The digest of the draft that is shown, with its review where there is one,
    /// in hex: signing names it, so that what is signed is what was seen.
    pub draft: String,
    /// The template's name.
    pub template: String,
    /// `publish`, `amend` or `withdraw`.
    pub act: String,
    /// The version that it would make, or withdraw.
    pub version: u32,
    /// Who drafted it.
    pub drafter: String,
    /// Whether that is whoever sits at the desk, who cannot review or approve it.
    pub own: bool,
    /// Whose signature it waits for.
    pub step: StepView,
    /// Who reviewed it.
    pub review: Option<ReviewView>,
    /// Whether that is whoever sits at the desk, who cannot approve it.
    pub own_review: bool,
    /// Since when it waits: seconds since 1970.
    #[ts(type = "number")]
    pub submitted: u64,
    /// The values that it says; of a withdrawal those that are in force.
    pub values: ShownValues,
    /// The values in force that it changes; empty if there are none.
    pub before: ShownValues,
    /// Why, if it is a withdrawal.
    pub reason: Option<String>,
    /// Whether its contents cannot be read or its drafter is nobody of the
    /// office, so that it cannot be approved.
    pub damaged: bool,
    /// Why the last approval of it had no effect, if people had changed meanwhile:
    /// a code of the ledger rules.
    pub stale: Option<String>,
}

/// Everything that waits and that whoever sits at the desk may sign.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WaitingAll {
    /// The oldest first.
    pub items: Vec<DraftSeen>,
    /// How many more wait that the same person has signed before.
    pub own: u32,
}

/// A draft that somebody saw.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DraftSeen {
    /// The record's id.
    pub record: String,
    /// The digest of the draft, in hex.
    pub draft: String,
}

/// Approve and publish.
#[derive(Debug, Deserialize, TS)]
pub struct ApproveRequest {
    /// What was seen.
    pub items: Vec<DraftSeen>,
    /// Opens the host's keys, where they do not open by themselves.
    #[ts(as = "Option<String>")]
    pub host_passphrase: Option<Secret>,
}

/// What approving did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Approved {
    /// How many records are registered now.
    pub published: u32,
    /// What was refused, and why; nothing of it has changed.
    pub refused: Vec<Refused>,
    /// How many were left because the job was cancelled or failed.
    pub left: u32,
    /// Why it ended early; what is said above holds.
    pub failed: Option<Failure>,
}

/// A refusal.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Refused {
    /// The record's id.
    pub record: String,
    /// Why.
    pub failure: Failure,
}

/// Return what waits to its drafter.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReturnRequest {
    /// The record's id.
    pub record: String,
    /// The digest of the draft that was seen, in hex; if it is missing, whatever
    /// waits is returned.
    #[ts(optional)]
    pub draft: Option<String>,
    /// Why.
    pub reason: String,
}

/// Submit the withdrawal of a record.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct WithdrawRequest {
    /// The record's id.
    pub record: String,
    /// Why.
    pub reason: String,
}

/// Submit the erasure of a record.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct EraseRequest {
    /// The record's id.
    pub record: String,
    /// Why.
    pub reason: String,
}

/// The most of one page.
const MAX_PAGE: usize = 500;

pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(crate) fn waiting(desk: &Desk, asked: &WaitingRequest) -> Result<WaitingPage, Failure> {
    let (open, person) = desk.member()?;
    let limit = usize::try_from(asked.limit).unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let (office, after) = (open.read(), asked.after.as_deref());
    let page = match asked.step {
        Some(step) => office.inbox_of(step.into(), after, limit)?,
        None => office.inbox(after, limit)?,
    };
    let view = |waiting: &Waiting| WaitingView {
        record: waiting.record.to_string(),
        draft: waiting.draft.to_string(),
        template: waiting.template.clone(),
        act: waiting.act.clone(),
        version: waiting.version,
        drafter: waiting.drafter.clone(),
        own: waiting.drafter_id == person.person.id,
        step: waiting.step.into(),
        review: waiting.review.as_ref().map(ReviewView::from),
        own_review: waiting.review.as_ref().is_some_and(|review| review.by_id == person.person.id),
        submitted: waiting.submitted,
        values: shown(&waiting.values),
        before: shown(&waiting.before),
        reason: waiting.reason.clone(),
        damaged: waiting.damaged,
        stale: waiting.stale.clone(),
    };
    Ok(WaitingPage {
        total: count(page.total),
        waiting: page.waiting.iter().map(view).collect(),
        next: page.next,
    })
}

pub(crate) fn waiting_all(desk: &Desk, _: &Nothing) -> Result<WaitingAll, Failure> {
    all_of(desk, Step::Approve)
}

pub(crate) fn all_of(desk: &Desk, step: Step) -> Result<WaitingAll, Failure> {
    let (open, person) = desk.member()?;
    let (others, own) = open.read().all_of(step, &person.person.id)?;
    let item = |seen: &Seen| DraftSeen { record: seen.record.to_string(), draft: seen.draft.to_string() };
    Ok(WaitingAll { items: others.iter().map(item).collect(), own: count(own) })
}

pub(crate) fn approve(desk: &Desk, asked: &ApproveRequest) -> Result<JobView, Failure> {
    let (open, person) = desk.member()?;
    let seen = asked.items.iter().map(seen).collect::<Result<Vec<_>, _>>()?;
    let passphrase = asked.host_passphrase.as_ref().map(Secret::passphrase);
    let unlock = || open.read_aside()?.unlock_host(passphrase.as_ref());
    let host = match &passphrase {
        Some(_) => desk.try_passphrase(&open, HOST, unlock)?,
        None => unlock()?,
    };
    let (surroundings, owner) = (desk.shared_surroundings(), Owner::of(&open, &person));
    desk.start(JobKind::Approve, Some(owner), move |progress| {
        let asked = seen.len();
        let mut so_far = |published: usize, refused: usize| {
            progress.so_far(published + refused, Some(asked));
            progress.go_on()
        };
        let approval =
            open.write().approve(Selection::Seen(&seen), &person, &host, &*surroundings, &mut so_far)?;
        Ok(JobResult::Approve(approved(approval, asked)))
    })
}

fn draft_digest(text: &str) -> Result<Digest, DeskError> {
    text.parse().map_err(|_| DeskError::BadRequest("draft".to_owned()))
}

pub(crate) fn seen(item: &DraftSeen) -> Result<Seen, Failure> {
    let draft = draft_digest(&item.draft)?;
    let record = item.record.parse().map_err(|_| DeskError::BadRequest("record".to_owned()))?;
    Ok(Seen { record, draft })
}

pub(crate) fn refusals(refused: &[(Id, OfficeError)]) -> Vec<Refused> {
    let refusal =
        |(id, error): &(Id, OfficeError)| Refused { record: id.to_string(), failure: Failure::of(error) };
    refused.iter().map(refusal).collect()
}

fn approved(approval: Approval, asked: usize) -> Approved {
    Approved {
        published: count(approval.published.len()),
        refused: refusals(&approval.refused),
        left: count(asked.saturating_sub(approval.published.len() + approval.refused.len())),
        failed: approval.failed.map(Failure::from),
    }
}

pub(crate) fn return_to_drafter(desk: &Desk, asked: &ReturnRequest) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    let id = record_id(&asked.record)?;
    let draft = asked.draft.as_deref().map(draft_digest).transpose()?;
    let reason = asked.reason.trim();
    open.write().return_submission(&id, draft.as_ref(), reason, &person, desk.surroundings())?;
    Ok(Nothing {})
}

pub(crate) fn take_back(desk: &Desk, asked: &RecordRequest) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    open.write().take_back(&record_id(&asked.id)?, &person)?;
    Ok(Nothing {})
}

pub(crate) fn erase(desk: &Desk, asked: &EraseRequest) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    let id = record_id(&asked.record)?;
    open.write().erase(&id, asked.reason.trim(), &person, desk.surroundings())?;
    Ok(Nothing {})
}

pub(crate) fn withdraw(desk: &Desk, asked: &WithdrawRequest) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    let id = record_id(&asked.record)?;
    open.write().withdraw(&id, asked.reason.trim(), &person, desk.surroundings())?;
    Ok(Nothing {})
}
