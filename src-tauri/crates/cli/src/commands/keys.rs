//! The host's keys without a passphrase, or with one again.

use serde_json::json;
use yinxin_office::Office;

use crate::Context;
use crate::answer::Answer;
use crate::args::{Switch, Unattended};
use crate::failure::Failure;
use crate::secret;

/// `keys unattended`.
pub(super) fn unattended(args: &Unattended, context: &Context) -> Result<Answer, Failure> {
    let office = Office::open(&args.data)?;
    let key = match args.switch {
        Switch::On => {
            let passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
            office.set_unattended(Some(&office.unlock_host(passphrase.as_ref())?))?;
            "unattended_on"
        }
        Switch::Off => {
            office.set_unattended(None)?;
            "unattended_off"
        }
    };
    Ok(Answer::done(context.locale.say(key, &[]), json!({"unattended": office.is_unattended()})))
}
