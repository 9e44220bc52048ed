//! The register of a realm: which offices are in it.

use serde_json::{Value, json};
use yinxin_office::realm::{
    Answer as FromRegister, AppointmentRequest, MAX_APPOINTMENT, MAX_REQUEST, PresentedPerson, Request,
    parse_warrant, warrant_bytes,
};
use yinxin_office::register::{Ended, RegisteredOffice, Said, WaitingChange, WaitingOfficer};
use yinxin_office::{Office, OfficeError};
use yinxin_record::Digest;
use yinxin_record::act::Standing;
use yinxin_record::roster::Role;

use super::{office, unlock};
use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{
    Actor, ConfirmOffice, DropOffice, Folder, FromRequest, RegisterCommand, Suspend, WriteAnswer,
};
use crate::failure::Failure;
use crate::locale::clean;
use crate::world::Machine;
use crate::{files, secret, table, who};

/// `register …`.
pub(super) fn run(command: &RegisterCommand, context: &Context) -> Result<Answer, Failure> {
    match command {
        RegisterCommand::Create(args) => office::create_register(args, context),
        RegisterCommand::Admit(args) => from_request(args, Said::Admitted, context),
        RegisterCommand::Rotate(args) => from_request(args, Said::Rotated, context),
        RegisterCommand::Readmit(args) => from_request(args, Said::Readmitted, context),
        RegisterCommand::Suspend(args) => end(args, &Said::Suspended(ended(args)?), context),
        RegisterCommand::Succeed(args) => {
            end(&args.ended, &Said::Succeeded(ended(&args.ended)?, args.by.clone()), context)
        }
        RegisterCommand::Reappoint(args) => reappoint(args, context),
        RegisterCommand::Changes(args) => changes(args, context),
        RegisterCommand::Confirm(args) => confirm(args, context),
        RegisterCommand::Drop(args) => drop(args, context),
        RegisterCommand::Answer(args) => answer(args, context),
        RegisterCommand::Warrant(args) => warrant(args, context),
        RegisterCommand::List(args) => list(args, context),
    }
}

fn from_request(
    args: &FromRequest,
    said: impl FnOnce(Box<Request>) -> Said,
    context: &Context,
) -> Result<Answer, Failure> {
    propose(&args.actor, &said(Box::new(read_request(&args.request)?)), context)
}

/// `register reappoint`.
fn reappoint(args: &FromRequest, context: &Context) -> Result<Answer, Failure> {
    let bytes = files::read(&args.request, MAX_APPOINTMENT as u64)?;
    let request = AppointmentRequest::parse(&bytes).map_err(OfficeError::from)?;
    propose(&args.actor, &Said::Appointed(Box::new(request)), context)
}

/// Where the office has shown nothing newer, what it has registered since does not
/// count, and that is said.
fn end(args: &Suspend, said: &Said, context: &Context) -> Result<Answer, Failure> {
    let mut answer = propose(&args.actor, said, context)?;
    if args.request.is_none() {
        answer.text.push(context.locale.say("suspended_at_known_head", &[]));
    }
    Ok(answer)
}

fn ended(args: &Suspend) -> Result<Ended, Failure> {
    let request = args.request.as_deref().map(read_request).transpose()?;
    Ok(Ended { code: args.code.clone(), request: request.map(Box::new) })
}

fn read_request(path: &std::path::Path) -> Result<Request, Failure> {
    Ok(Request::parse(&files::read(path, MAX_REQUEST as u64)?).map_err(OfficeError::from)?)
}

fn propose(actor: &Actor, said: &Said, context: &Context) -> Result<Answer, Failure> {
    let (mut register, admin) = unlock(actor, who::REGISTER_PROPOSE, context)?;
    let change = register.propose_office(said, &admin, &Machine(context))?;
    let code = [("code", change.after.code.clone())];
    let mut text = vec![context.locale.say("office_proposed", &code)];
    text.extend(told(&change, context));
    Ok(Answer { code: DONE, text, json: change_json(&change) })
}

/// `register changes`.
fn changes(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let change = super::reading(&args.data, |register| Ok(register.office_change()?))?;
    let text = match &change {
        Some(change) => told(change, context),
        None => vec![context.locale.say("office_nothing_waits", &[])],
    };
    Ok(Answer { code: DONE, text, json: json!({"change": change.as_ref().map(change_json)}) })
}

/// `register confirm`.
fn confirm(args: &ConfirmOffice, context: &Context) -> Result<Answer, Failure> {
    let (mut register, admin) = unlock(&args.change.actor, who::REGISTER_CONFIRM, context)?;
    let draft = chosen(&register, &args.change)?;
    let appoints = register.office_change()?.is_some_and(|change| change.officer.is_some());
    let host = register.unlock_host(secret::read_optional(args.host_passphrase_file.as_deref())?.as_ref())?;
    let before = register.policy().ok().map(|policy| policy.number);
    let office = register.confirm_office(&draft, &admin, &host, &Machine(context))?;
    let policy = register.policy()?.number;
    let said = [("name", office.standing.name.clone()), ("code", office.standing.code.clone())];
    let key = if appoints { "officer_confirmed" } else { "office_confirmed" };
    let mut text = vec![context.locale.say(key, &said)];
    if before != Some(policy) {
        text.push(context.locale.say("office_policy_follows", &[("number", policy.to_string())]));
    }
    Ok(Answer { code: DONE, text, json: json!({"office": office_json(&office), "policy": policy}) })
}

/// `register drop`.
fn drop(args: &DropOffice, context: &Context) -> Result<Answer, Failure> {
    let (mut register, admin) = unlock(&args.actor, who::REGISTER_DROP, context)?;
    let draft = chosen(&register, args)?;
    register.drop_office_change(&draft, &admin)?;
    let text = context.locale.say("office_change_dropped", &[("code", args.code.clone())]);
    Ok(Answer::done(text, json!({"dropped": draft.to_string()})))
}

/// The digest of the change that waits for this office.
fn chosen(register: &Office, asked: &DropOffice) -> Result<Digest, Failure> {
    let change = register.office_change()?.filter(|change| change.after.code == asked.code);
    let change = change.ok_or(OfficeError::from(yinxin_office::realm::RealmError::NoChange))?;
    Ok(asked.draft.unwrap_or(change.draft))
}

/// `register answer`.
fn answer(args: &WriteAnswer, context: &Context) -> Result<Answer, Failure> {
    let answer = super::reading(&args.data, |register| Ok(register.answer(&args.code)?))?;
    files::check_outside(&args.out, &args.data)?;
    files::replace(&args.out, &answer.to_bytes(), |there| FromRegister::parse(there).is_ok())?;
    let out = args.out.display().to_string();
    let said = [("code", args.code.clone()), ("out", out.clone())];
    Ok(Answer::done(context.locale.say("answer_written", &said), json!({"out": out, "code": args.code})))
}

/// `register warrant`.
fn warrant(args: &WriteAnswer, context: &Context) -> Result<Answer, Failure> {
    let warrant = super::reading(&args.data, |register| Ok(register.warrant(&args.code)?))?;
    files::check_outside(&args.out, &args.data)?;
    files::replace(&args.out, &warrant_bytes(&warrant), |there| parse_warrant(there).is_ok())?;
    let out = args.out.display().to_string();
    let said = [("code", args.code.clone()), ("out", out.clone())];
    Ok(Answer::done(context.locale.say("warrant_written", &said), json!({"out": out, "code": args.code})))
}

/// `register list`.
fn list(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let offices = super::reading(&args.data, |register| Ok(register.offices()?))?;
    let header = ["column_name", "column_code", "column_standing", "column_size", "column_version"];
    let header = header.map(|key| context.locale.say(key, &[]));
    let row = |office: &RegisteredOffice| {
        let standing = &office.standing;
        vec![
            clean(&standing.name),
            standing.code.clone(),
            standing_of(standing, context),
            standing.head.size.to_string(),
            standing.version().to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = offices.iter().map(row).collect();
    let json: Vec<Value> = offices.iter().map(office_json).collect();
    Ok(Answer { code: DONE, text: table::layout(&header, &rows), json: json!({"offices": json}) })
}

fn standing_of(standing: &Standing, context: &Context) -> String {
    let key = match (standing.suspended, standing.successors.is_empty()) {
        (false, _) => "office_in_force",
        (true, true) => "office_is_suspended",
        (true, false) => "office_is_succeeded",
    };
    context.locale.say(key, &[("codes", standing.successors.join(" "))])
}

/// What waits, as both admins compare it: the office, its people, what follows.
fn told(change: &WaitingChange, context: &Context) -> Vec<String> {
    let (say, after) = (|key: &str, args: &[_]| context.locale.say(key, args), &change.after);
    if let Some(officer) = &change.officer {
        return told_officer(change, officer, context);
    }
    let mut text = vec![
        say("office_change", &[("name", after.name.clone()), ("code", after.code.clone())]),
        say("office_change_standing", &[("standing", standing_of(after, context))]),
        say("office_change_head", &[("size", after.head.size.to_string())]),
    ];
    if change.before.as_ref().is_some_and(|before| before.standing.keys != after.keys) {
        text.push(say("office_change_keys", &[]));
    }
    if let Some(presented) = &change.presented {
        text.push(say("office_change_people", &[("n", presented.people.len().to_string())]));
        text.extend(
            presented.people.iter().map(|person| context.locale.bullet(&person_line(person, context))),
        );
    }
    if let Some(digits) = &change.digits {
        text.push(say("office_change_digits", &[("digits", digits.to_string())]));
    }
    if let Some(policy) = &change.policy {
        text.push(say("office_change_policy", &[("number", policy.number.to_string())]));
    }
    text.push(say("office_change_draft", &[("draft", change.draft.to_string())]));
    text
}

/// Whom the register would appoint, as both admins compare it.
fn told_officer(change: &WaitingChange, officer: &WaitingOfficer, context: &Context) -> Vec<String> {
    let (say, office) = (|key: &str, args: &[_]| context.locale.say(key, args), &change.after);
    let mut text = vec![
        say("office_change", &[("name", office.name.clone()), ("code", office.code.clone())]),
        say(if officer.is_known { "officer_known" } else { "officer_new" }, &[]),
        context.locale.bullet(&person_line(&officer.person, context)),
    ];
    text.extend(officer.lender.as_ref().map(|code| say("officer_lent", &[("code", code.clone())])));
    text.extend(change.digits.map(|digits| say("officer_change_digits", &[("digits", digits.to_string())])));
    text.push(say("office_change_draft", &[("draft", change.draft.to_string())]));
    text
}

fn person_line(person: &PresentedPerson, context: &Context) -> String {
    let roles: Vec<String> =
        person.member.roles.iter().map(|role| context.locale.word("role", role.as_str())).collect();
    let name = person.name.as_deref().map_or_else(|| person.id.to_string(), clean);
    let post = person.post.as_deref().map(clean).unwrap_or_default();
    let key = person.member.key.thumbprint().to_string();
    let said = [("name", name), ("post", post), ("roles", context.locale.list(&roles)), ("key", key)];
    context.locale.say("office_change_person", &said)
}

fn office_json(office: &RegisteredOffice) -> Value {
    let mut json = standing_json(&office.standing);
    json["id"] = json!(office.id.to_string());
    json["position"] = json!(office.position);
    json
}

fn standing_json(standing: &Standing) -> Value {
    json!({
        "code": standing.code,
        "name": standing.name,
        "version": standing.version(),
        "suspended": standing.suspended,
        "successors": standing.successors,
        "head": {"size": standing.head.size, "root": standing.head.root.to_string()},
        "log_key": standing.keys.log.to_string(),
    })
}

fn person_json(person: &PresentedPerson) -> Value {
    json!({
        "id": person.id.to_string(),
        "name": person.name,
        "post": person.post,
        "roles": person.member.roles.iter().copied().map(Role::as_str).collect::<Vec<_>>(),
        "key": person.member.key.thumbprint().to_string(),
    })
}

fn officer_json(officer: &WaitingOfficer) -> Value {
    json!({"person": person_json(&officer.person), "known": officer.is_known, "lender": officer.lender})
}

fn change_json(change: &WaitingChange) -> Value {
    let people =
        change.presented.as_ref().map(|shown| shown.people.iter().map(person_json).collect::<Vec<_>>());
    json!({
        "draft": change.draft.to_string(),
        "before": change.before.as_ref().map(office_json),
        "after": standing_json(&change.after),
        "people": people,
        "officer": change.officer.as_ref().map(officer_json),
        "digits": change.digits.map(|digits| digits.to_string()),
        "policy": change.policy.as_ref().map(|policy| policy.number),
        "proposer": change.proposer.to_string(),
        "proposed": change.proposed,
    })
}
