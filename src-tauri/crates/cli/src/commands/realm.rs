//! An office asks its register, and takes in what it answers.

use serde_json::json;
use yinxin_office::keyring::Locking;
use yinxin_office::realm::{Answer as FromRegister, MAX_ANSWER, Replacement};

use super::verify::read_policy;
use super::{recovery, unlock};
use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{AskRegister, Join};
use crate::failure::Failure;
use crate::world::Machine;
use crate::{files, secret, who};

/// `office request`.
pub(super) fn request(args: &AskRegister, context: &Context) -> Result<Answer, Failure> {
    let (office, admin) = unlock(&args.actor, who::OFFICE_REQUEST, context)?;
    files::check_outside(&args.out, &args.actor.data)?;
    let passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let replacement =
        passphrase.as_ref().map(|passphrase| Replacement { passphrase, locking: Locking::default() });
    let request = office.request(&admin, replacement.as_ref(), &Machine(context))?;
    let bytes = request.to_bytes();
    files::replace(&args.out, &bytes, |there| yinxin_office::realm::Request::parse(there).is_ok())?;
    let out = args.out.display().to_string();
    let key = if args.new_keys { "request_written_keys" } else { "request_written" };
    let digits = request.digits().to_string();
    let text = vec![
        context.locale.say(key, &[("out", out.clone())]),
        context.locale.say("request_digits", &[("digits", digits.clone())]),
    ];
    let size = office.head()?.size;
    let json = json!({"out": out, "size": size, "new_keys": args.new_keys, "digits": digits});
    Ok(Answer { code: DONE, text, json })
}

/// `office join`.
pub(super) fn join(args: &Join, context: &Context) -> Result<Answer, Failure> {
    let (mut office, admin) = unlock(&args.actor, who::OFFICE_JOIN, context)?;
    let policy = read_policy(&args.policy)?;
    let answer = FromRegister::parse(&files::read(&args.answer, MAX_ANSWER as u64)?)
        .map_err(yinxin_office::OfficeError::from)?;
    let passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let host = passphrase.as_ref().map(|passphrase| (passphrase, Locking::default()));
    let joined = office.join(&answer, &policy, &admin, host, &Machine(context))?;
    let register = office.origin().register().to_string();
    let said = [("register", register.clone()), ("version", joined.standing.version().to_string())];
    let mut text = vec![context.locale.say("office_joined", &said)];
    if joined.standing.suspended {
        text.push(context.locale.say("office_suspended", &[("size", joined.standing.head.size.to_string())]));
    }
    if joined.replaced {
        text.push(context.locale.say("office_keys_replaced", &[]));
        text.extend(recovery::reminder(&office, context)?);
    }
    let json = json!({
        "register": register,
        "version": joined.standing.version(),
        "suspended": joined.standing.suspended,
        "head": {"size": joined.standing.head.size, "root": joined.standing.head.root.to_string()},
        "keys_replaced": joined.replaced,
        "policy": policy.number,
    });
    Ok(Answer { code: DONE, text, json })
}
