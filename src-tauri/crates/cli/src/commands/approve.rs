//! Approve and publish what waits.

use std::ops::ControlFlow;

use yinxin_office::Selection;
use yinxin_office::browse::State;

use super::outcome::{Outcome, unique, waiting};
use super::to_write;
use crate::Context;
use crate::answer::Answer;
use crate::args::Approve;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::secret;
use crate::who;
use crate::world::Machine;

/// `approve`.
pub(super) fn approve(args: &Approve, context: &Context) -> Result<Answer, Failure> {
    let (actor, ids) = (&args.what.actor, unique(&args.what.ids));
    let mut office = to_write(&actor.data, context)?;
    let passphrase = secret::read(&actor.passphrase_file)?;
    let host_passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let approver = office.unlock_in(&actor.name, who::APPROVE, &passphrase, actor.keys.as_deref())?;
    let host = office.unlock_host(host_passphrase.as_ref())?;
    let selection = if args.what.all { Selection::All } else { Selection::Records(&ids) };
    let total = if args.what.all { waiting(&office, State::Submitted)? } else { ids.len() as u64 };
    let approval = {
        let mut progress = Progress::of_steps(context, "published_so_far", total);
        office.approve(selection, &approver, &host, &Machine(context), &mut |published, _| {
            progress.at(published as u64, total);
            ControlFlow::Continue(())
        })?
    };
    let outcome = Outcome {
        done: &approval.published,
        said: "published",
        refused: &approval.refused,
        said_refused: "approve_refused",
        failed: approval.failed.as_ref(),
    };
    let mut answer = outcome.answer(context);
    if let Some(standing) = office.standing_in_realm()?.filter(|standing| standing.suspended) {
        let size = standing.head.size.to_string();
        answer.text.push(context.locale.say("office_suspended", &[("size", size)]));
    }
    Ok(answer)
}
