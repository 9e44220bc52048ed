//! Review what waits, so that it waits for approval.

use std::ops::ControlFlow;

use yinxin_office::Selection;
use yinxin_office::browse::State;

use super::outcome::{Outcome, unique, waiting};
use super::unlock;
use crate::Context;
use crate::answer::Answer;
use crate::args::Review;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::who;
use crate::world::Machine;

/// `review`.
pub(super) fn review(args: &Review, context: &Context) -> Result<Answer, Failure> {
    let ids = unique(&args.ids);
    let (mut office, reviewer) = unlock(&args.actor, who::REVIEW, context)?;
    let selection = if args.all { Selection::All } else { Selection::Records(&ids) };
    let total = if args.all { waiting(&office, State::InReview)? } else { ids.len() as u64 };
    let review = {
        let mut progress = Progress::of_steps(context, "reviewed_so_far", total);
        office.review(selection, &reviewer, &Machine(context), &mut |reviewed, _| {
            progress.at(reviewed as u64, total);
            ControlFlow::Continue(())
        })?
    };
    let outcome = Outcome {
        done: &review.reviewed,
        said: "reviewed",
        refused: &review.refused,
        said_refused: "review_refused",
        failed: review.failed.as_ref(),
    };
    Ok(outcome.answer(context))
}
