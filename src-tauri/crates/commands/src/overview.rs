//! What the status line and the 工作台 show.

use serde::Serialize;
use ts_rs::TS;
use yinxin_record::roster::Role;

use crate::audit::{self, AuditView};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::records::RecordRow;
use yinxin_office::browse::{Filter, State};

/// The most records that are shown as what happened last.
const RECENT: usize = 8;

/// Where the office stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Overview {
    /// Entries of the ledger.
    #[ts(type = "number")]
    pub entries: u64,
    /// Records in force.
    pub published: u32,
    /// Records withdrawn.
    pub withdrawn: u32,
    /// How many drafts wait for an approver.
    pub waiting: u32,
    /// Since when the oldest of them waits: seconds since 1970.
    #[ts(type = "number | null")]
    pub oldest: Option<u64>,
    /// How many drafts wait for a reviewer.
    pub to_review: u32,
    /// Since when the oldest of them waits: seconds since 1970.
    #[ts(type = "number | null")]
    pub oldest_to_review: Option<u64>,
    /// How many came back to whoever sits at the desk.
    pub returned: u32,
    /// The first of them.
    pub returned_to_me: Vec<RecordRow>,
    /// How many drafts of whoever sits at the desk wait for a reviewer or approver.
    pub submitted: u32,
    /// The first of them.
    pub submitted_by_me: Vec<RecordRow>,
    /// How many forms whoever sits at the desk has begun.
    pub forms: u32,
    /// The newest records, for whoever sits at the desk.
    pub recent: Vec<RecordRow>,
    /// What the last audit found.
    pub audit: Option<AuditView>,
    /// This machine's clock: seconds since 1970.
    #[ts(type = "number")]
    pub now: u64,
    /// The latest time that somebody has signed with, by his own clock; a clock
    /// far behind it is wrong.
    #[ts(type = "number | null")]
    pub latest_signed: Option<u64>,
    /// If the register has suspended the office, how many entries of the ledger count.
    #[ts(type = "number | null")]
    pub suspended: Option<u64>,
}

pub(crate) fn overview(desk: &Desk, _: &Nothing) -> Result<Overview, Failure> {
    let (open, person) = match desk.member() {
        Ok((open, person)) => (open, Some(person)),
        Err(_) => (desk.open_office()?, None),
    };
    let office = open.read();
    let counts = office.counts()?;
    let mut overview = Overview {
        entries: counts.entries,
        published: counts.published,
        withdrawn: counts.withdrawn,
        waiting: counts.waiting,
        oldest: counts.oldest,
        to_review: counts.to_review,
        oldest_to_review: counts.oldest_to_review,
        returned: 0,
        returned_to_me: Vec::new(),
        submitted: 0,
        submitted_by_me: Vec::new(),
        forms: 0,
        recent: Vec::new(),
        audit: audit::last(&open.folder),
        now: desk.surroundings().now(),
        latest_signed: counts.latest_signed,
        suspended: office.standing_in_realm()?.filter(|one| one.suspended).map(|one| one.head.size),
    };
    // Contents are for people of the office only.
    let Some(person) = person else { return Ok(overview) };
    let rows = |filter: &Filter<'_>| -> Result<Vec<RecordRow>, Failure> {
        Ok(office.list(filter)?.records.iter().map(RecordRow::from).collect())
    };
    overview.recent = rows(&Filter { limit: RECENT, ..Filter::default() })?;
    if person.person.member.roles.contains(&Role::Drafter) {
        let mine = |state| Filter {
            state: Some(state),
            limit: RECENT,
            drafter: Some(person.person.id),
            ..Filter::default()
        };
        let count = |state| -> Result<u32, Failure> {
            Ok(office.list(&mine(state))?.total.try_into().unwrap_or(u32::MAX))
        };
        overview.returned = count(State::Returned)?;
        overview.returned_to_me = rows(&mine(State::Returned))?;
        overview.submitted = count(State::InReview)?.saturating_add(count(State::Submitted)?);
        overview.submitted_by_me = rows(&mine(State::InReview))?;
        overview.submitted_by_me.extend(rows(&mine(State::Submitted))?);
        overview.submitted_by_me.truncate(RECENT);
        overview.forms = u32::try_from(office.count_forms(&person)?).unwrap_or(u32::MAX);
    }
    Ok(overview)
}
