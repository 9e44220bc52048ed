//! New passphrases: judged while they are typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::strength;

use crate::desk::Desk;
use crate::failure::Failure;
use crate::people::Secret;

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

pub(crate) fn passphrase_judge(desk: &Desk, asked: &PassphraseJudge) -> Result<PassphraseJudged, Failure> {
    let open = desk.open_office().ok();
    let own = open.iter().map(|open| open.entry.name.as_str());
    let names: Vec<&str> = asked.names.iter().map(|name| name.trim()).chain(own).collect();
    let judged = strength::judge(&asked.passphrase.passphrase(), &names);
    Ok(PassphraseJudged { refused: judged.err().map(|weakness| Failure::of(&weakness)) })
}
