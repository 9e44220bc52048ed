//! Officers whom the register appoints: asked for, and taken in.

use serde_json::json;
use yinxin_office::keyring::Locking;
use yinxin_office::realm::{AppointmentRequest, MAX_WARRANT, Officer, own_officer_key, parse_warrant};
use yinxin_office::{Office, OfficeError};
use yinxin_record::roster::Role;

use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{RequestOfficer, TakeOfficer};
use crate::failure::Failure;
use crate::locale::clean;
use crate::world::Machine;
use crate::{files, secret};

/// `office request-officer`.
pub(super) fn request(args: &RequestOfficer, context: &Context) -> Result<Answer, Failure> {
    let is_same_kind = |there: &[u8]| AppointmentRequest::parse(there).is_ok();
    files::check_outside(&args.out, &args.data)?;
    files::check_free(&args.out, is_same_kind)?;
    let (passphrase, keys) = (secret::read(&args.passphrase_file)?, args.keys.as_deref());
    let (mut office, world) = (Office::open(&args.data)?, Machine(context));
    let key = match keys.filter(|_| args.own) {
        Some(keys) => own_officer_key(&args.officer, keys, &passphrase)?,
        None => office.make_officer_key(&args.officer, keys, &passphrase, Locking::default(), &world)?,
    };
    let officer = Officer {
        name: &args.officer,
        post: args.post.as_deref(),
        role: args.role,
        lender: args.lender.as_deref(),
    };
    let request = office.ask_for_officer(&officer, &key, &world)?;
    files::replace(&args.out, &request.to_bytes(), is_same_kind)?;
    let (out, digits) = (args.out.display().to_string(), request.digits().to_string());
    let role = context.locale.word("role", args.role.as_str());
    let said = [("name", clean(&args.officer)), ("role", role), ("out", out.clone())];
    let text = vec![
        context.locale.say("officer_requested", &said),
        context.locale.say("officer_digits", &[("digits", digits.clone())]),
    ];
    Ok(Answer { code: DONE, text, json: json!({"out": out, "digits": digits}) })
}

/// `office take-officer`.
pub(super) fn take(args: &TakeOfficer, context: &Context) -> Result<Answer, Failure> {
    let warrant =
        parse_warrant(&files::read(&args.warrant, MAX_WARRANT as u64)?).map_err(OfficeError::from)?;
    let mut office = Office::open(&args.data)?;
    let host = office.unlock_host(secret::read_optional(args.host_passphrase_file.as_deref())?.as_ref())?;
    let passphrase = secret::read(&args.passphrase_file)?;
    let folders: Vec<_> = args.keys.iter().cloned().collect();
    let key = office.open_officer_key(&warrant, &passphrase, &folders)?;
    let taken = office.take_officer(&warrant, &key, &host, &Machine(context))?;
    let roles: Vec<&str> = taken.person.member.roles.iter().copied().map(Role::as_str).collect();
    let named = roles.iter().map(|role| context.locale.word("role", role)).collect::<Vec<_>>();
    let said = [("name", clean(&taken.person.name)), ("roles", context.locale.list(&named))];
    let mut text = vec![context.locale.say("officer_taken", &said)];
    if !taken.returned.is_empty() {
        text.push(context.locale.say("change_returned", &[("n", taken.returned.len().to_string())]));
    }
    let returned: Vec<String> = taken.returned.iter().map(ToString::to_string).collect();
    let json = json!({"id": taken.person.id.to_string(), "name": taken.person.name, "roles": roles, "returned": returned});
    Ok(Answer { code: DONE, text, json })
}
