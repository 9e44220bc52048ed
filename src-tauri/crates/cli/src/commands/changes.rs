//! People change: one admin proposes, the other confirms.

use serde_json::{Value, json};
use yinxin_office::Office;
use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_office::people::{Anew, Confirmed, NewKey, Person, PersonChange, Proposed};
use yinxin_record::{Digest, Id};

use super::people::{as_json, roles, standing};
use super::unlock;
use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{Confirm, Drop, Folder, Lost, Propose};
use crate::failure::Failure;
use crate::locale::clean;
use crate::world::Machine;
use crate::{secret, time, who};

/// `people propose`.
pub(super) fn propose(args: &Propose, context: &Context) -> Result<Answer, Failure> {
    let (mut office, admin) = unlock(&args.actor, who::PEOPLE_PROPOSE, context)?;
    let passphrase = secret::read_optional(args.key_passphrase_file.as_deref())?;
    let now = args.person.as_deref().map(|name| office.person(name)).transpose()?;
    let anew = anew(args, now.as_ref(), passphrase.as_ref());
    let proposed = office.propose(now.as_ref().map(|now| &now.id), &anew, &admin, &Machine(context))?;
    self::proposed(&office, &[proposed], anew.name, context)
}

/// What now waits for the other admin.
pub(super) fn proposed(
    office: &Office,
    proposed: &[Proposed],
    names: &str,
    context: &Context,
) -> Result<Answer, Failure> {
    let is_one = |change: &&PersonChange| proposed.iter().any(|one| one.draft == change.draft);
    let changes = office.changes()?;
    let changes: Vec<&PersonChange> = changes.iter().filter(is_one).collect();
    let mut text = vec![context.locale.say("change_proposed", &[("name", names.to_owned())])];
    text.extend(changes.iter().flat_map(|change| said(change, context)));
    let mut json: Vec<Value> = changes.iter().map(|change| change_json(change, office)).collect();
    let json = if json.len() == 1 { json.remove(0) } else { json!({"changes": json}) };
    Ok(Answer { code: DONE, text, json })
}

/// `people lost`.
pub(super) fn lost(args: &Lost, context: &Context) -> Result<Answer, Failure> {
    let (mut office, admin) = unlock(&args.actor, who::PEOPLE_LOST, context)?;
    let id = |who: &String| who.parse::<Id>().or_else(|_| office.person(who).map(|person| person.id));
    let people = args.people.iter().map(id).collect::<Result<Vec<Id>, _>>()?;
    let proposed = office.propose_lost(&people, &admin, &Machine(context))?;
    let names = context.locale.list(&names(&office, &people)?);
    let mut answer = self::proposed(&office, &proposed, &names, context)?;
    answer.text.extend(["lost_means", "lost_next"].map(|key| context.locale.say(key, &[])));
    Ok(answer)
}

fn names(office: &Office, people: &[Id]) -> Result<Vec<String>, Failure> {
    people.iter().map(|id| Ok(clean(&office.person_with(id)?.name))).collect()
}

/// Who the person is to be: who they are, with what the options say.
fn anew<'a>(args: &'a Propose, now: Option<&'a Person>, passphrase: Option<&'a Passphrase>) -> Anew<'a> {
    let nobody = Anew {
        name: args.new.as_deref().unwrap_or_default(),
        post: None,
        roles: args.role.iter().copied().collect(),
        acting: None,
        suspended: false,
        key: NewKey::Kept,
    };
    let mut anew = now.map_or(nobody, Anew::of);
    if let Some(name) = &args.rename {
        anew.name = name;
    }
    if let Some(post) = &args.post {
        // An empty post is none.
        anew.post = Some(post.as_str()).filter(|post| !post.is_empty());
    }
    if !args.role.is_empty() {
        anew.roles = args.role.iter().copied().collect();
    }
    if args.not_acting {
        anew.acting = None;
    }
    anew.acting = args.acting.or(anew.acting);
    anew.suspended = (anew.suspended || args.suspend) && !args.resume;
    if let Some(passphrase) = passphrase {
        anew.key = NewKey::Here { passphrase, locking: Locking::default() };
    }
    anew
}

/// `people changes`.
pub(super) fn list(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let (changes, json) = super::reading(&args.data, |office| {
        let changes = office.changes()?;
        let json: Vec<Value> = changes.iter().map(|change| change_json(change, office)).collect();
        Ok((changes, json))
    })?;
    let mut text = vec![context.locale.say("changes_waiting", &[("n", changes.len().to_string())])];
    text.extend(changes.iter().flat_map(|change| said(change, context)));
    Ok(Answer { code: DONE, text, json: json!({"changes": json}) })
}

/// `people confirm`.
pub(super) fn confirm(args: &Confirm, context: &Context) -> Result<Answer, Failure> {
    let (mut office, admin) = unlock(&args.change.actor, who::PEOPLE_CONFIRM, context)?;
    let drafts = chosen(&office, &args.change)?;
    let host_passphrase = secret::read_optional(args.host_passphrase_file.as_deref())?;
    let host = office.unlock_host(host_passphrase.as_ref())?;
    let confirmed = office.confirm_all(&drafts, &admin, &host, &Machine(context))?;
    let name = |one: &Confirmed| context.locale.say("change_confirmed", &[("name", one.person.name.clone())]);
    let mut text: Vec<String> = confirmed.iter().map(name).collect();
    let returned: Vec<String> =
        confirmed.iter().flat_map(|one| &one.returned).map(ToString::to_string).collect();
    if !returned.is_empty() {
        text.push(context.locale.say("change_returned", &[("n", returned.len().to_string())]));
        text.extend(returned.iter().map(|id| context.locale.bullet(id)));
    }
    let mut people: Vec<Value> = confirmed.iter().map(|one| as_json(&one.person)).collect();
    let json = if people.len() == 1 {
        json!({"person": people.remove(0), "returned": returned})
    } else {
        json!({"people": people, "returned": returned})
    };
    Ok(Answer { code: DONE, text, json })
}

/// `people drop`.
pub(super) fn drop(args: &Drop, context: &Context) -> Result<Answer, Failure> {
    let (mut office, admin) = unlock(&args.actor, who::PEOPLE_DROP, context)?;
    let drafts = chosen(&office, args)?;
    office.drop_changes(&drafts, &admin)?;
    let text = context.locale.say("change_dropped", &[("name", context.locale.list(&args.people))]);
    let mut dropped: Vec<String> = drafts.iter().map(ToString::to_string).collect();
    let json = if dropped.len() == 1 { json!(dropped.remove(0)) } else { json!(dropped) };
    Ok(Answer::done(text, json!({"dropped": json})))
}

/// The changes that were asked for: of whoever is called so, now or then.
fn chosen(office: &Office, asked: &Drop) -> Result<Vec<Digest>, Failure> {
    let changes = office.changes()?;
    let is_it = |change: &&PersonChange| asked.draft.is_none_or(|draft| draft == change.draft);
    let of = |name: &String| {
        let is_called_so = |change: &&PersonChange| {
            change.before.as_ref().is_some_and(|before| before.name == *name) || change.after.name == *name
        };
        let found = changes.iter().filter(is_called_so).find(is_it).map(|change| change.draft);
        Ok(found.ok_or(yinxin_office::OfficeError::NoSuchChange)?)
    };
    asked.people.iter().map(of).collect()
}

/// What a change says, line by line.
fn said(change: &PersonChange, context: &Context) -> Vec<String> {
    let locale = &context.locale;
    let PersonChange { before, after, .. } = change;
    let key = if before.is_some() { "change_of" } else { "change_admits" };
    let name = before.as_ref().map_or(&after.name, |before| &before.name);
    let since = time::shown(change.proposed);
    let draft = change.draft.to_string();
    let mut lines = vec![locale.say(key, &[("name", clean(name)), ("since", since), ("draft", draft)])];
    let mut differs = |key: &str, show: &dyn Fn(&Person) -> String| {
        let (was, is) = (before.as_ref().map(show).unwrap_or_default(), show(after));
        if was != is {
            let label = locale.say(key, &[]);
            let none = || locale.say("nothing", &[]);
            let shown = |text: String| if text.is_empty() { none() } else { text };
            let args = [("what", label), ("was", shown(was)), ("is", shown(is))];
            lines.push(locale.bullet(&locale.say("change_line", &args)));
        }
    };
    differs("column_name", &|person| clean(&person.name));
    differs("column_post", &|person| clean(person.post.as_deref().unwrap_or_default()));
    differs("column_roles", &|person| roles(person, context));
    differs("column_standing", &|person| standing(person, context));
    differs("column_key", &|person| person.member.key.thumbprint().to_string());
    if let Some(digits) = &change.digits {
        lines.push(locale.bullet(&locale.say("change_digits", &[("digits", digits.to_string())])));
    }
    if change.overtaken {
        lines.push(locale.bullet(&locale.say("change_overtaken", &[])));
    }
    lines
}

fn change_json(change: &PersonChange, office: &Office) -> Value {
    let proposer = office.person_with(&change.proposer).map(|person| person.name).ok();
    json!({
        "person": change.person.to_string(),
        "before": change.before.as_ref().map(as_json),
        "after": as_json(&change.after),
        "proposer": proposer,
        "proposed": change.proposed,
        "draft": change.draft.to_string(),
        "overtaken": change.overtaken,
        "digits": change.digits.map(|digits| digits.to_string()),
        "together": change.together.map(|id| id.to_string()),
    })
}
