//! What came of signing many: how many were signed, which were refused and why.

use serde_json::{Value, json};
use yinxin_office::browse::{Filter, State};
use yinxin_office::{Office, OfficeError};
use yinxin_record::{Coded as _, Id};

use super::{failure_json, message, stopped_early};
use crate::Context;
use crate::answer::{Answer, DONE, FAILED, IN_PART};
use crate::failure::Failure;

/// How many records are in `state`.
pub(super) fn waiting(office: &Office, state: State) -> Result<u64, Failure> {
    let filter = Filter { state: Some(state), limit: 1, ..Filter::default() };
    Ok(office.list(&filter)?.total)
}

/// The ids in order, each once.
pub(super) fn unique(ids: &[Id]) -> Vec<Id> {
    let mut seen = std::collections::BTreeSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

/// What was signed, with the keys of the texts that say so.
pub(super) struct Outcome<'a> {
    pub done: &'a [Id],
    /// Also the name of the count in JSON.
    pub said: &'static str,
    pub refused: &'a [(Id, OfficeError)],
    pub said_refused: &'static str,
    pub failed: Option<&'a OfficeError>,
}

impl Outcome<'_> {
    pub(super) fn answer(&self, context: &Context) -> Answer {
        let (done, refused) = (self.done.len(), self.refused.len());
        let code = match (done, refused) {
            (_, 0) if self.failed.is_none() => DONE,
            (0, _) => FAILED,
            _ => IN_PART,
        };
        let mut text = vec![context.locale.say(self.said, &[("n", done.to_string())])];
        if refused > 0 {
            text.push(context.locale.say(self.said_refused, &[("n", refused.to_string())]));
        }
        text.extend(self.refused.iter().map(|(id, error)| {
            context.locale.bullet(&format!("{id} {} [{}]", message(error, context), error.code()))
        }));
        text.extend(self.failed.map(|error| stopped_early(error, context)));
        let refusal = |(id, error): &(Id, OfficeError)| -> Value {
            json!({"id": id.to_string(), "code": error.code(), "message": message(error, context)})
        };
        let json = json!({
            self.said: done,
            "ids": self.done.iter().map(Id::to_string).collect::<Vec<_>>(),
            "refused": self.refused.iter().map(refusal).collect::<Vec<_>>(),
            "failed": self.failed.map(|error| failure_json(error, context)),
        });
        Answer { code, text, json }
    }
}
