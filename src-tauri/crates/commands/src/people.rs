//! The people of the open office.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_office::people::{Admission, Person};
use yinxin_record::roster::{Acting, Role};
use zeroize::Zeroizing;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::Failure;
use crate::office::Nothing;
use crate::session::HOST;

/// A passphrase on its way; never shown, wiped after use.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Secret(Zeroizing<String>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// For what is read and forgotten at once.
    pub(crate) fn shown(&self) -> &str {
        &self.0
    }

    pub(crate) fn passphrase(&self) -> Passphrase {
        Passphrase::from(self.0.to_string())
    }
}

/// A person of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PersonView {
    /// The member's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// When the person also approves, for somebody who is away.
    pub acting: Option<ActingView>,
    /// Whether the person may sign nothing for now.
    pub suspended: bool,
    /// Position of the latest act about the person in the ledger.
    #[ts(type = "number")]
    pub position: u64,
    /// The thumbprint of the person's key, in hex.
    pub key: String,
    /// Whether the realm's register appointed the person.
    pub appointed: bool,
    /// The code of the office that lends the person, if one does.
    pub lender: Option<String>,
}

impl From<&Person> for PersonView {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id.to_string(),
            name: person.name.clone(),
            post: person.post.clone(),
            roles: person.member.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            acting: person.member.acting.map(ActingView::from),
            suspended: person.suspended,
            position: person.position,
            key: person.member.key.thumbprint().to_string(),
            appointed: person.appointed.is_some(),
            lender: person.appointed.as_ref().and_then(|by| by.lender.clone()),
        }
    }
}

/// A time in which somebody acts as approver, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActingView {
    /// Seconds since 1970.
    #[ts(type = "number")]
    pub from: u64,
    /// Seconds since 1970.
    #[ts(type = "number")]
    pub until: u64,
}

impl From<Acting> for ActingView {
    fn from(acting: Acting) -> Self {
        Self { from: acting.from, until: acting.until }
    }
}

/// Everybody, in order of admission.
#[derive(Debug, Clone, Serialize, TS)]
pub struct People {
    /// They.
    pub people: Vec<PersonView>,
    /// Whether the founding key can still admit somebody: until people have
    /// signed something.
    pub founding: bool,
}

/// Admit a person.
#[derive(Debug, Deserialize, TS)]
pub struct PeopleAdd {
    /// Name; unique within the office.
    pub name: String,
    /// Post.
    pub post: Option<String>,
    /// Roles, as words.
    pub roles: Vec<String>,
    /// Protects the person's key.
    #[ts(as = "String")]
    pub passphrase: Secret,
    /// Opens the founding key.
    #[ts(as = "String")]
    pub host_passphrase: Secret,
}

pub(crate) fn people(desk: &Desk, _: &Nothing) -> Result<People, Failure> {
    let open = desk.open_office()?;
    let office = open.read();
    let people = office.people()?.iter().map(PersonView::from).collect();
    Ok(People { people, founding: office.is_founding()? })
}

pub(crate) fn people_add(desk: &Desk, asked: &PeopleAdd) -> Result<PersonView, Failure> {
    let (roles, post) = (roles_of(&asked.roles)?, post_of(asked.post.as_deref()));
    let admission = Admission {
        name: asked.name.trim(),
        post,
        roles,
        passphrase: &asked.passphrase.passphrase(),
        host_passphrase: &asked.host_passphrase.passphrase(),
        locking: Locking::default(),
    };
    let open = desk.open_office()?;
    let admit = || open.write().admit(&admission, desk.surroundings());
    let person = desk.try_passphrase(&open, HOST, admit)?;
    Ok(PersonView::from(&person))
}

/// The roles that these words name.
pub(crate) fn roles_of(words: &[String]) -> Result<BTreeSet<Role>, DeskError> {
    let role = |word: &String| Role::of_word(word).ok_or_else(|| DeskError::BadRequest(word.clone()));
    words.iter().map(role).collect()
}

/// The post as it was typed; an empty one is none.
pub(crate) fn post_of(typed: Option<&str>) -> Option<&str> {
    typed.map(str::trim).filter(|post| !post.is_empty())
}
