//! Reviewing what waits, so that it waits for approval.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::step::Step;
use yinxin_office::{Reviewed as Outcome, Selection};

use crate::approval::{DraftSeen, Refused, WaitingAll, all_of, count, refusals, seen};
use crate::desk::{Desk, Owner};
use crate::failure::Failure;
use crate::job::{JobKind, JobResult, JobView};
use crate::office::Nothing;

/// Sign as reviewer.
#[derive(Debug, Deserialize, TS)]
pub struct ReviewRequest {
    /// What was seen.
    pub items: Vec<DraftSeen>,
}

/// What reviewing did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Reviewed {
    /// How many wait for approval now.
    pub reviewed: u32,
    /// What was refused, and why; nothing of it has changed.
    pub refused: Vec<Refused>,
    /// How many were left because the job was cancelled or failed.
    pub left: u32,
    /// Why it ended early; what is said above holds.
    pub failed: Option<Failure>,
}

pub(crate) fn review_all(desk: &Desk, _: &Nothing) -> Result<WaitingAll, Failure> {
    all_of(desk, Step::Review)
}

pub(crate) fn review(desk: &Desk, asked: &ReviewRequest) -> Result<JobView, Failure> {
    let (open, person) = desk.member()?;
    let seen = asked.items.iter().map(seen).collect::<Result<Vec<_>, _>>()?;
    let (surroundings, owner) = (desk.shared_surroundings(), Owner::of(&open, &person));
    desk.start(JobKind::Review, Some(owner), move |progress| {
        let asked = seen.len();
        let mut so_far = |reviewed: usize, refused: usize| {
            progress.so_far(reviewed + refused, Some(asked));
            progress.go_on()
        };
        let outcome = open.write().review(Selection::Seen(&seen), &person, &*surroundings, &mut so_far)?;
        Ok(JobResult::Review(reviewed(outcome, asked)))
    })
}

fn reviewed(outcome: Outcome, asked: usize) -> Reviewed {
    Reviewed {
        reviewed: count(outcome.reviewed.len()),
        refused: refusals(&outcome.refused),
        left: count(asked.saturating_sub(outcome.reviewed.len() + outcome.refused.len())),
        failed: outcome.failed.map(Failure::from),
    }
}
