//! Amend, withdraw, erase, return: one record at a time.

use serde_json::json;
use yinxin_office::browse::State;
use yinxin_record::Id;

use super::unlock;
use crate::Context;
use crate::answer::Answer;
use crate::args::{Amend, Reasoned};
use crate::failure::Failure;
use crate::who;
use crate::world::Machine;

/// `amend`.
pub(super) fn amend(args: &Amend, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, who::AMEND, context)?;
    office.amend(&args.id, &args.settings, &drafter, &Machine(context))?;
    Ok(match office.show(&args.id, None)?.summary.state {
        State::InReview => done("amend_submitted_for_review", "in_review", &args.id, context),
        _ => done("amend_submitted", "submitted", &args.id, context),
    })
}

/// `withdraw`.
pub(super) fn withdraw(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, who::WITHDRAW, context)?;
    office.withdraw(&args.id, &args.reason, &drafter, &Machine(context))?;
    Ok(done("withdraw_submitted", "submitted", &args.id, context))
}

/// `erase`.
pub(super) fn erase(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, who::ERASE, context)?;
    office.erase(&args.id, &args.reason, &drafter, &Machine(context))?;
    Ok(done("erase_submitted", "submitted", &args.id, context))
}

/// `return`.
pub(super) fn give_back(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, signer) = unlock(&args.actor, who::RETURN, context)?;
    office.return_submission(&args.id, None, &args.reason, &signer, &Machine(context))?;
    Ok(done("returned", "returned", &args.id, context))
}

fn done(key: &str, state: &str, id: &Id, context: &Context) -> Answer {
    let id = id.to_string();
    Answer::done(context.locale.say(key, &[("id", id.clone())]), json!({"id": id, "state": state}))
}
