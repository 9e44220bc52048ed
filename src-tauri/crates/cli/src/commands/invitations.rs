//! People join by file: an invitation, an answer, twenty digits.

use serde_json::{Value, json};
use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_office::people::{
    Acceptance, Accepted, InvitationError, Inviter, Inviting, Standing, Taken, Taking, Unlocked,
    accept as make_key, read_invitation,
};
use yinxin_office::{Office, OfficeError, Surroundings as _};
use yinxin_record::invitation::{Answer as Answered, Invitation, MAX_BYTES};

use super::people::as_json;
use super::{changes, to_write};
use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{Accept, Folder, Invite, InviterArgs, Take, WithdrawInvitation};
use crate::failure::Failure;
use crate::locale::clean;
use crate::world::Machine;
use crate::{files, secret, time, who};

/// What opens the keys of whoever invites.
enum Opened {
    Admin(Box<Unlocked>),
    Founder(Passphrase),
}

impl Opened {
    fn inviter(&self) -> Inviter<'_> {
        match self {
            Self::Admin(admin) => Inviter::Admin(admin),
            Self::Founder(passphrase) => Inviter::Founder(passphrase),
        }
    }
}

/// The office, to write in, and whoever invites there.
fn open(args: &InviterArgs, context: &Context) -> Result<(Office, Opened), Failure> {
    let office = to_write(&args.data, context)?;
    let passphrase = secret::read_optional(args.passphrase_file.as_deref())?;
    let host = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let opened = match (&args.name, passphrase, host) {
        (Some(name), Some(passphrase), _) => {
            let keys = args.keys.as_deref();
            Opened::Admin(Box::new(office.unlock_in(name, who::PEOPLE_INVITE, &passphrase, keys)?))
        }
        (_, _, host) => Opened::Founder(host.unwrap_or_default()),
    };
    Ok((office, opened))
}

/// `people invite`.
pub(super) fn invite(args: &Invite, context: &Context) -> Result<Answer, Failure> {
    files::check_outside(&args.out, &args.inviter.data)?;
    let (mut office, opened) = open(&args.inviter, context)?;
    let known = args.person.as_deref().map(|name| office.person(name)).transpose()?;
    let post = args.post.as_deref().filter(|post| !post.is_empty());
    let inviting = Inviting {
        person: known.as_ref().map(|person| person.id),
        name: args.new.as_deref().or(args.person.as_deref()).unwrap_or_default(),
        post: post.or_else(|| known.as_ref()?.post.as_deref()),
        roles: known
            .as_ref()
            .filter(|_| args.role.is_empty())
            .map_or_else(|| args.role.iter().copied().collect(), |person| person.member.roles.clone()),
        days: args.days,
    };
    let (invitation, bytes) = office.invite(&inviting, opened.inviter(), &Machine(context))?;
    files::replace(&args.out, &bytes, |there| Invitation::parse(there).is_ok())?;
    let out = args.out.display().to_string();
    let mut text = vec![context.locale.say(
        "invited",
        &[
            ("name", invitation.name.clone()),
            ("out", out.clone()),
            ("until", time::shown(invitation.expires)),
        ],
    )];
    text.extend(said(&invitation, context));
    text.push(context.locale.say("invited_next", &[]));
    Ok(Answer { code: DONE, text, json: json!({"out": out, "invitation": invitation_json(&invitation)}) })
}

/// `people invitations`.
pub(super) fn list(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let standing = super::reading(&args.data, |office| Ok(office.invitations()?))?;
    let mut text = vec![context.locale.say("invitations_standing", &[("n", standing.len().to_string())])];
    text.extend(standing.iter().map(|one| standing_line(one, context)));
    let json: Vec<Value> = standing
        .iter()
        .map(|one| json!({"invitation": invitation_json(&one.invitation), "tries_left": one.tries_left}))
        .collect();
    Ok(Answer { code: DONE, text, json: json!({"invitations": json}) })
}

fn standing_line(standing: &Standing, context: &Context) -> String {
    let Invitation { name, expires, .. } = &standing.invitation;
    let over = *expires < Machine(context).now();
    let key = if over { "invitation_line_over" } else { "invitation_line" };
    let tries = ("left", standing.tries_left.to_string());
    let args = [("name", clean(name)), ("until", time::shown(*expires)), tries];
    context.locale.bullet(&context.locale.say(key, &args))
}

/// `people withdraw-invitation`.
pub(super) fn withdraw(args: &WithdrawInvitation, context: &Context) -> Result<Answer, Failure> {
    let (mut office, opened) = open(&args.inviter, context)?;
    let standing = office.invitations()?;
    let found = standing.iter().find(|one| one.invitation.name == args.person);
    let nonce = found.map(|one| one.invitation.nonce);
    let nonce = nonce.ok_or(OfficeError::from(InvitationError::NoSuch))?;
    office.withdraw_invitation(&nonce, opened.inviter())?;
    let text = context.locale.say("invitation_withdrawn", &[("name", args.person.clone())]);
    Ok(Answer::done(text, json!({"withdrawn": nonce.to_string()})))
}

/// `people accept`.
pub(super) fn accept(args: &Accept, context: &Context) -> Result<Answer, Failure> {
    let bytes = files::read_beginning(&args.invitation, MAX_BYTES as u64)?;
    let (Some(out), Some(passphrase)) = (&args.out, &args.passphrase_file) else {
        return look(&bytes, context);
    };
    let passphrase = secret::read(passphrase)?;
    let Accepted { invitation, answer, digits, key_file } = match (&args.keys, &args.data) {
        (Some(keys), _) => {
            let locking = Locking::default();
            let acceptance = Acceptance { invitation: &bytes, keys, passphrase: &passphrase, locking };
            make_key(&acceptance, &Machine(context))?
        }
        (None, data) => {
            let data = data.as_deref().unwrap_or(std::path::Path::new("."));
            files::check_outside(out, data)?;
            Office::read(data)?.accept_here(&bytes, &passphrase, Locking::default(), &Machine(context))?
        }
    };
    files::replace(out, &answer, |there| Answered::parse(there).is_ok())?;
    let (out, key_file) = (out.display().to_string(), key_file.display().to_string());
    let mut text = said(&invitation, context);
    text.push(context.locale.say("accepted", &[("out", out.clone()), ("key", key_file.clone())]));
    text.push(context.locale.say("accepted_digits", &[("digits", digits.to_string())]));
    let json = json!({"out": out, "key": key_file, "digits": digits.to_string(),
        "invitation": invitation_json(&invitation)});
    Ok(Answer { code: DONE, text, json })
}

/// What an invitation says, before anything is made.
fn look(bytes: &[u8], context: &Context) -> Result<Answer, Failure> {
    let invitation = read_invitation(bytes, Machine(context).now())?;
    let mut text = said(&invitation, context);
    text.push(context.locale.say("accept_next", &[]));
    Ok(Answer { code: DONE, text, json: json!({"invitation": invitation_json(&invitation)}) })
}

/// `people take`.
pub(super) fn take(args: &Take, context: &Context) -> Result<Answer, Failure> {
    let answer = files::read_beginning(&args.answer, MAX_BYTES as u64)?;
    let (mut office, opened) = open(&args.inviter, context)?;
    let taking = Taking { name: &args.person, answer: &answer, digits: &args.digits };
    match office.take_answer(&taking, opened.inviter(), &Machine(context))? {
        Taken::Admitted(person) => {
            let words = super::people::roles(&person, context);
            let said = [("name", person.name.clone()), ("roles", words)];
            Ok(Answer::done(context.locale.say("person_added", &said), as_json(&person)))
        }
        Taken::Proposed(proposed) => changes::proposed(&office, &[proposed], &args.person, context),
    }
}

/// What an invitation says, line by line.
fn said(invitation: &Invitation, context: &Context) -> Vec<String> {
    let locale = &context.locale;
    let roles: Vec<String> = invitation.roles.iter().map(|role| locale.word("role", role.as_str())).collect();
    let none = || locale.say("nothing", &[]);
    let post = invitation.post.as_deref().map_or_else(none, clean);
    let office = format!("{} ({})", clean(&invitation.office), invitation.origin);
    let line = |key: &str, value: String| {
        locale.bullet(&locale.say("invitation_says", &[("what", locale.say(key, &[])), ("value", value)]))
    };
    vec![
        line("column_office", office),
        line("column_name", clean(&invitation.name)),
        line("column_post", post),
        line("column_roles", locale.list(&roles)),
        line("column_until", time::shown(invitation.expires)),
    ]
}

fn invitation_json(invitation: &Invitation) -> Value {
    json!({
        "origin": invitation.origin.to_string(),
        "office": invitation.office,
        "nonce": invitation.nonce.to_string(),
        "member": invitation.member.to_string(),
        "name": invitation.name,
        "post": invitation.post,
        "roles": invitation.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(),
        "issued": invitation.issued,
        "expires": invitation.expires,
    })
}
