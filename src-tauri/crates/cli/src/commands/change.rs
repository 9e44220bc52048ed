//! Amend, withdraw, erase, return: one record at a time.

use serde_json::json;
use yinxin_office::Office;
use yinxin_record::Id;
use yinxin_record::roster::Role;

use crate::Context;
use crate::answer::Answer;
use crate::args::{Actor, Amend, Reasoned};
use crate::failure::Failure;
use crate::secret;
use crate::world::Machine;

/// `amend`.
pub(super) fn amend(args: &Amend, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, Role::Drafter)?;
    office.amend(&args.id, &args.settings, &drafter, &Machine(context))?;
    Ok(done("amend_submitted", "submitted", &args.id, context))
}

/// `withdraw`.
pub(super) fn withdraw(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, Role::Drafter)?;
    office.withdraw(&args.id, &args.reason, &drafter, &Machine(context))?;
    Ok(done("withdraw_submitted", "submitted", &args.id, context))
}

/// `erase`.
pub(super) fn erase(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, drafter) = unlock(&args.actor, Role::Drafter)?;
    office.erase(&args.id, &args.reason, &drafter, &Machine(context))?;
    Ok(done("erase_submitted", "submitted", &args.id, context))
}

/// `return`.
pub(super) fn give_back(args: &Reasoned, context: &Context) -> Result<Answer, Failure> {
    let (mut office, approver) = unlock(&args.actor, Role::Approver)?;
    office.return_submission(&args.id, None, &args.reason, &approver, &Machine(context))?;
    Ok(done("returned", "returned", &args.id, context))
}

fn unlock(actor: &Actor, role: Role) -> Result<(Office, yinxin_office::people::Unlocked), Failure> {
    let office = Office::open(&actor.data)?;
    let unlocked = office.unlock(&actor.name, role, &secret::read(&actor.passphrase_file)?)?;
    Ok((office, unlocked))
}

fn done(key: &str, state: &str, id: &Id, context: &Context) -> Answer {
    let id = id.to_string();
    Answer::done(context.locale.say(key, &[("id", id.clone())]), json!({"id": id, "state": state}))
}
