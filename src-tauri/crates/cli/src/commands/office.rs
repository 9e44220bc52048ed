//! Found an office, or the register of a realm.

use serde_json::json;
use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_office::{Founding, Office};

use super::recovery;
use crate::Context;
use crate::answer::Answer;
use crate::args::Create;
use crate::failure::Failure;
use crate::secret;
use crate::world::Machine;

/// `office create`.
pub(super) fn create(args: &Create, context: &Context) -> Result<Answer, Failure> {
    let passphrase = secret::read(&args.passphrase_file)?;
    let office = Office::create(&args.data, &founding(args, &passphrase), &Machine(context))?;
    founded(&office, args, ["office_created", "office_next"], context)
}

/// `register create`.
pub(super) fn create_register(args: &Create, context: &Context) -> Result<Answer, Failure> {
    let passphrase = secret::read(&args.passphrase_file)?;
    let office = Office::create_register(&args.data, &founding(args, &passphrase), &Machine(context))?;
    founded(&office, args, ["register_created", "register_next"], context)
}

fn founding<'a>(args: &'a Create, passphrase: &'a Passphrase) -> Founding<'a> {
    Founding {
        realm: &args.realm,
        name: &args.name,
        code: &args.code,
        passphrase,
        locking: Locking::default(),
    }
}

fn founded(
    office: &Office,
    args: &Create,
    [created, next]: [&str; 2],
    context: &Context,
) -> Result<Answer, Failure> {
    let (origin, vkey) = (office.origin().to_string(), office.vkey()?.to_string());
    let reminder = recovery::reminder(office, context)?;
    let mut texts = vec![
        context.locale.say(created, &[("name", args.name.clone()), ("origin", origin.clone())]),
        context.locale.say("office_vkey", &[("vkey", vkey.clone())]),
        context.locale.say(next, &[]),
    ];
    texts.extend(reminder);
    let json = json!({
        "origin": origin,
        "name": args.name,
        "code": args.code,
        "realm": args.realm,
        "vkey": vkey,
    });
    Ok(Answer::done(texts.join("\n"), json))
}
