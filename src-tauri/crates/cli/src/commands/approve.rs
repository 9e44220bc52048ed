//! Approve and publish what waits.

use std::ops::ControlFlow;

use serde_json::{Value, json};
use yinxin_office::browse::{Filter, State};
use yinxin_office::{Approval, Office, OfficeError, Selection};
use yinxin_record::{Coded as _, Id};

use super::{failure_json, message, stopped_early};
use crate::Context;
use crate::answer::{Answer, DONE, FAILED, IN_PART};
use crate::args::Approve;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::secret;
use crate::who;
use crate::world::Machine;

/// `approve`.
pub(super) fn approve(args: &Approve, context: &Context) -> Result<Answer, Failure> {
    let mut office = Office::open(&args.actor.data)?;
    let passphrase = secret::read(&args.actor.passphrase_file)?;
    let host_passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let approver =
        office.unlock_in(&args.actor.name, who::APPROVE, &passphrase, args.actor.keys.as_deref())?;
    let host = office.unlock_host(host_passphrase.as_ref())?;
    let ids = unique(&args.ids);
    let selection = if args.all { Selection::All } else { Selection::Records(&ids) };
    let total = if args.all { waiting(&office)? } else { ids.len() as u64 };
    let approval = {
        let mut progress = Progress::of_steps(context, "published_so_far", total);
        office.approve(selection, &approver, &host, &Machine(context), &mut |published, _| {
            progress.at(published as u64, total);
            ControlFlow::Continue(())
        })?
    };
    Ok(answer(&approval, context))
}

fn waiting(office: &Office) -> Result<u64, Failure> {
    let filter = Filter { state: Some(State::Submitted), limit: 1, ..Filter::default() };
    Ok(office.list(&filter)?.total)
}

/// The ids in order, each once.
fn unique(ids: &[Id]) -> Vec<Id> {
    let mut seen = std::collections::BTreeSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

fn answer(approval: &Approval, context: &Context) -> Answer {
    let (published, refused) = (approval.published.len(), approval.refused.len());
    let code = match (published, refused) {
        (_, 0) if approval.failed.is_none() => DONE,
        (0, _) => FAILED,
        _ => IN_PART,
    };
    let mut text = vec![context.locale.say("published", &[("n", published.to_string())])];
    if refused > 0 {
        text.push(context.locale.say("approve_refused", &[("n", refused.to_string())]));
    }
    text.extend(approval.refused.iter().map(|(id, error)| {
        context.locale.bullet(&format!("{id} {} [{}]", message(error, context), error.code()))
    }));
    text.extend(approval.failed.as_ref().map(|error| stopped_early(error, context)));
    let json = json!({
        "published": published,
        "ids": approval.published.iter().map(Id::to_string).collect::<Vec<_>>(),
        "refused": approval.refused.iter().map(|(id, error)| refusal(id, error, context)).collect::<Vec<_>>(),
        "failed": approval.failed.as_ref().map(|error| failure_json(error, context)),
    });
    Answer { code, text, json }
}

fn refusal(id: &Id, error: &OfficeError, context: &Context) -> Value {
    json!({"id": id.to_string(), "code": error.code(), "message": message(error, context)})
}
