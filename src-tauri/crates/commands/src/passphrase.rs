//! New passphrases: judged while they are typed, and changed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::keyring::Locking;
use yinxin_office::strength;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::people::Secret;
use crate::session::HOST;

/// Judge a passphrase that is being typed; nothing is kept of it.
#[derive(Debug, Deserialize, TS)]
pub struct PassphraseJudge {
    /// What is typed so far.
    #[ts(as = "String")]
    pub passphrase: Secret,
    /// Names that everybody connects with it: the person's, or that of an office
    /// that is to be founded. The open office's need not be said.
    pub names: Vec<String>,
}

/// Whether a passphrase may be taken.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PassphraseJudged {
    /// Why not.
    pub refused: Option<Failure>,
}

/// Change a passphrase.
#[derive(Debug, Deserialize, TS)]
pub struct PassphraseChange {
    /// The host's, not one's own.
    pub host: bool,
    /// What opens the key now.
    #[ts(as = "String")]
    pub old: Secret,
    /// What opens it from now on.
    #[ts(as = "String")]
    pub new: Secret,
}

pub(crate) fn passphrase_judge(desk: &Desk, asked: &PassphraseJudge) -> Result<PassphraseJudged, Failure> {
    let open = desk.open_office().ok();
    let own = open.iter().map(|open| open.entry.name.as_str());
    let names: Vec<&str> = asked.names.iter().map(|name| name.trim()).chain(own).collect();
    let judged = strength::judge(&asked.passphrase.passphrase(), &names);
    Ok(PassphraseJudged { refused: judged.err().map(|weakness| Failure::of(&weakness)) })
}

pub(crate) fn passphrase_change(desk: &Desk, asked: &PassphraseChange) -> Result<Nothing, Failure> {
    let (open, person) = desk.member()?;
    let (old, new) = (asked.old.passphrase(), asked.new.passphrase());
    let change = yinxin_office::passphrase_change::PassphraseChange {
        old: &old,
        new: &new,
        locking: Locking::default(),
    };
    // Key files are no part of the database: what writes there need not be waited for.
    let office = open.read_aside()?;
    let keys = if asked.host { None } else { desk.own_folder_of(&person.person.name, &office)? };
    let (whose, name) = (if asked.host { HOST } else { &person.person.name }, &person.person.name);
    desk.try_passphrase(&open, whose, || {
        if asked.host {
            office.change_host_passphrase(&change)
        } else {
            office.change_passphrase_in(name, &change, keys.as_deref())
        }
    })?;
    Ok(Nothing {})
}
