//! The people of an office.

use serde_json::{Value, json};
use yinxin_office::keyring::Locking;
use yinxin_office::people::{Admission, Appointed, Person};
use yinxin_record::roster::Role;

use super::{recovery, to_write};
use crate::Context;
use crate::answer::{Answer, DONE};
use crate::args::{Add, Folder};
use crate::failure::Failure;
use crate::locale::{clean, entry_number};
use crate::world::Machine;
use crate::{secret, table, time};

/// `people add`.
pub(super) fn add(args: &Add, context: &Context) -> Result<Answer, Failure> {
    let mut office = to_write(&args.data, context)?;
    let admission = Admission {
        name: &args.name,
        post: args.post.as_deref(),
        roles: args.role.iter().copied().collect(),
        passphrase: &secret::read(&args.passphrase_file)?,
        host_passphrase: &secret::read(&args.host_passphrase_file)?,
        locking: Locking::default(),
    };
    let person = office.admit(&admission, &Machine(context))?;
    let said = [("name", person.name.clone()), ("roles", roles(&person, context))];
    Ok(Answer::done(context.locale.say("person_added", &said), as_json(&person)))
}

/// `people list`.
pub(super) fn list(args: &Folder, context: &Context) -> Result<Answer, Failure> {
    let (people, recovery, reminder) = super::reading(&args.data, |office| {
        Ok((office.people()?, office.recovery()?, recovery::reminder(office, context)?))
    })?;
    let header =
        ["column_name", "column_post", "column_roles", "column_standing", "column_entry", "column_id"];
    let header = header.map(|key| context.locale.say(key, &[]));
    let row = |person: &Person| {
        vec![
            clean(&person.name),
            clean(person.post.as_deref().unwrap_or_default()),
            roles(person, context),
            standing(person, context),
            entry_number(&person.position.to_string()),
            person.id.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = people.iter().map(row).collect();
    let people: Vec<Value> = people.iter().map(as_json).collect();
    let json = json!({"people": people, "recovery": recovery.as_str()});
    let text = table::layout(&header, &rows).into_iter().chain(reminder).collect();
    Ok(Answer { code: DONE, text, json })
}

/// Suspended, acting for a time, appointed by the register, or nothing to say.
pub(super) fn standing(person: &Person, context: &Context) -> String {
    if person.suspended {
        return context.locale.say("standing_suspended", &[]);
    }
    if let Some(acting) = person.member.acting {
        let days = [("from", time::shown(acting.from)), ("until", time::shown(acting.until))];
        return context.locale.say("standing_acting", &days);
    }
    match &person.appointed {
        None => String::new(),
        Some(Appointed { lender: None }) => context.locale.say("standing_appointed", &[]),
        Some(Appointed { lender: Some(code) }) => {
            context.locale.say("standing_lent", &[("code", code.clone())])
        }
    }
}

pub(super) fn roles(person: &Person, context: &Context) -> String {
    let words: Vec<String> =
        person.member.roles.iter().map(|role| context.locale.word("role", role.as_str())).collect();
    context.locale.list(&words)
}

pub(super) fn as_json(person: &Person) -> Value {
    json!({
        "suspended": person.suspended,
        "acting": person.member.acting.map(|acting| [acting.from, acting.until]),
        "version": person.version,
        "id": person.id.to_string(),
        "name": person.name,
        "post": person.post,
        "roles": person.member.roles.iter().copied().map(Role::as_str).collect::<Vec<_>>(),
        "position": person.position,
        "appointed": person.appointed.is_some(),
        "lender": person.appointed.as_ref().and_then(|by| by.lender.clone()),
    })
}
