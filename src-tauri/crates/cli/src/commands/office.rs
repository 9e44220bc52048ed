//! Found an office.

use serde_json::json;
use yinxin_office::keyring::Locking;
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
    let founding = Founding {
        realm: &args.realm,
        name: &args.name,
        code: &args.code,
        passphrase: &secret::read(&args.passphrase_file)?,
        locking: Locking::default(),
    };
    let office = Office::create(&args.data, &founding, &Machine(context))?;
    let (origin, vkey) = (office.origin().to_string(), office.vkey()?.to_string());
    let reminder = recovery::reminder(&office, context)?;
    let mut texts = vec![
        context.locale.say("office_created", &[("name", args.name.clone()), ("origin", origin.clone())]),
        context.locale.say("office_vkey", &[("vkey", vkey.clone())]),
        context.locale.say("office_next", &[]),
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
