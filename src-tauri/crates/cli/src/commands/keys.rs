//! The host's keys without a passphrase, or with one again; new passphrases.

use serde_json::json;
use yinxin_office::keyring::Locking;
use yinxin_office::passphrase_change::PassphraseChange;

use super::to_write;
use crate::Context;
use crate::answer::Answer;
use crate::args::{NewPassphrase, Switch, Unattended};
use crate::failure::Failure;
use crate::secret;

/// `keys unattended`.
pub(super) fn unattended(args: &Unattended, context: &Context) -> Result<Answer, Failure> {
    let office = to_write(&args.data, context)?;
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

/// `keys passphrase`.
pub(super) fn passphrase(args: &NewPassphrase, context: &Context) -> Result<Answer, Failure> {
    let office = to_write(&args.data, context)?;
    let (old, new) = (secret::read(&args.passphrase_file)?, secret::read(&args.new_passphrase_file)?);
    let change = PassphraseChange { old: &old, new: &new, locking: Locking::default() };
    let Some(name) = &args.name else {
        office.change_host_passphrase(&change)?;
        return Ok(Answer::done(
            context.locale.say("host_passphrase_changed", &[]),
            json!({"changed": "host"}),
        ));
    };
    office.change_passphrase_in(name, &change, args.keys.as_deref())?;
    let text = context.locale.say("passphrase_changed", &[("name", name.clone())]);
    Ok(Answer::done(text, json!({"changed": "person", "name": name})))
}
