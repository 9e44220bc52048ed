//! The people of an office.
//!
//! ```text
//! mod      who they are; unlocking a key
//! invite   somebody is to make a key where they sit; accept, answer: they do
//! admit    the founding key admits
//! change   an admin proposes what is to be said of somebody from now on
//! lost     the same of everybody whose key lay on a computer that is lost
//! confirm  the other admin confirms, and it is in the ledger
//! said     the acts about people as they are stored
//! ```

mod accept;
mod admit;
mod answer;
mod change;
mod confirm;
mod invitation_error;
mod invite;
mod lost;
mod said;

use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension as _;
use yinxin_ledger::store;
use yinxin_record::Id;
use yinxin_record::act::{Act, Membership};
use yinxin_record::disclosure::Disclosure;
use yinxin_record::key::{SecretKey, Signer as _};
use yinxin_record::roster::Member;
use yinxin_record::rules::MemberState;
use yinxin_record::statement::Statement;

use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::keyring::{self, Passphrase};
use crate::office::Office;
use crate::state::{id_of, is_founding, member_state, read_member_state};

pub use accept::{Acceptance, Accepted, accept, prepare_own_folder, read_invitation};
pub(crate) use accept::{in_folder, key_in_folder};
pub use admit::Admission;
pub use answer::{Taken, Taking};
pub use change::{Anew, NewKey, Proposed};
pub use confirm::{Confirmed, PersonChange};
pub(crate) use confirm::{drop_waiting, settle};
pub use invitation_error::InvitationError;
pub use invite::{Inviter, Inviting, Standing, USUAL_DAYS};
pub(crate) use said::{Acts, Said, name_and_post, store_said};

/// The longest name or post, in characters.
const MAX_NAME: usize = 100;

/// A person of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The member's id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Post, if one was given.
    pub post: Option<String>,
    /// Key and roles.
    pub member: Member,
    /// Whether the person may sign nothing for now.
    pub suspended: bool,
    /// How many acts are about this person.
    pub version: u32,
    /// Position of the latest of them.
    pub position: u64,
    /// If the realm's register said it: by which appointment.
    pub appointed: Option<Appointed>,
}

/// How the realm's register appointed somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointed {
    /// The code of the office that lends this person, if one does.
    pub lender: Option<String>,
}

impl Person {
    /// Refuses somebody who may sign nothing for now.
    ///
    /// # Errors
    /// [`OfficeError::Suspended`].
    pub fn check_not_suspended(&self) -> Result<()> {
        if self.suspended { Err(OfficeError::Suspended(self.name.clone())) } else { Ok(()) }
    }
}

/// A person whose key is unlocked: who may sign now.
#[derive(Debug)]
pub struct Unlocked {
    /// Who, when the key was unlocked.
    pub person: Person,
    pub(crate) key: SecretKey,
}

/// Where the key of a person lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// Beside the office's keys.
    Office,
    /// In this folder of its owner's.
    Own(PathBuf),
    /// In none that was looked at.
    Nowhere,
}

/// A name or post that can stand in a list: not empty, at most 100 characters,
/// no control characters.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let bad = name.trim().is_empty()
        || name.trim() != name
        || name.chars().count() > MAX_NAME
        || name.chars().any(char::is_control);
    if bad { Err(OfficeError::BadName(name.to_owned())) } else { Ok(()) }
}

/// The text that a set of disclosures says under `key`.
pub(crate) fn text_of(disclosures: &[Disclosure], key: &str) -> Option<String> {
    disclosures.iter().find(|d| d.key == key)?.value.as_text().map(str::to_owned)
}

impl Office {
    /// Everybody, suspended or not, in order of admission.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn people(&self) -> Result<Vec<Person>> {
        let mut query = self.db.prepare_cached(
            "SELECT p.*, (SELECT min(position) FROM member_act WHERE person = p.person) AS first
             FROM person p ORDER BY first",
        )?;
        let mut rows = query.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            let id = id_of(&row.get::<_, Vec<u8>>("person")?)?;
            let position = store::unsigned(row.get("position")?)?;
            people.push(self.person_of(id, position, read_member_state(row)?, row.get("content")?)?);
        }
        Ok(people)
    }

    fn person_of(&self, id: Id, position: u64, state: MemberState, content: i64) -> Result<Person> {
        let (statement, disclosures) = self.member_act(position, content)?;
        Ok(Person {
            appointed: self.appointed_by(&statement),
            id,
            name: text_of(&disclosures, "name").ok_or(OfficeError::Damaged("a person's name"))?,
            post: text_of(&disclosures, "post"),
            member: state.member,
            suspended: state.suspended,
            version: state.version,
            position,
        })
    }

    fn appointed_by(&self, statement: &Statement) -> Option<Appointed> {
        let Act::Member(Membership { warrant: Some(warrant), .. }) = &statement.act else { return None };
        let lender = warrant.appointment(self.origin.realm()).and_then(|said| said.lender);
        Some(Appointed { lender })
    }

    /// The person called `name`.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`].
    pub fn person(&self, name: &str) -> Result<Person> {
        let found = self.people()?.into_iter().find(|person| person.name == name);
        found.ok_or_else(|| OfficeError::UnknownPerson(name.to_owned()))
    }

    /// The person with this id.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`].
    pub fn person_with(&self, id: &Id) -> Result<Person> {
        let found = self
            .db
            .prepare_cached("SELECT position, content FROM person WHERE person = ?1")?
            .query_row([id.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
            .optional()?;
        let (Some((position, content)), Some(state)) = (found, member_state(&self.db, id)?) else {
            return Err(OfficeError::UnknownPerson(id.to_string()));
        };
        self.person_of(*id, store::unsigned(position)?, state, content)
    }

    /// Whether the founding key still admits: people have signed nothing yet.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn is_founding(&self) -> Result<bool> {
        is_founding(&self.db)
    }

    /// Unlocks the key of the person called `name`, for `duty`.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`], and as [`Duty::check`] and
    /// [`Office::sign_in`].
    pub fn unlock(&self, name: &str, duty: Duty, passphrase: &Passphrase) -> Result<Unlocked> {
        self.unlock_in(name, duty, passphrase, None)
    }

    /// The same with a key that may lie in a folder of its owner's, `keys`.
    ///
    /// # Errors
    /// As [`Office::unlock`].
    pub fn unlock_in(
        &self,
        name: &str,
        duty: Duty,
        passphrase: &Passphrase,
        keys: Option<&Path>,
    ) -> Result<Unlocked> {
        duty.check(&self.person(name)?)?;
        self.sign_in_from(name, passphrase, keys)
    }

    /// Unlocks the key of the person called `name`, whatever the role.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`], [`OfficeError::Suspended`],
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::KeyFileMissing`],
    /// [`OfficeError::KeyFileDamaged`].
    pub fn sign_in(&self, name: &str, passphrase: &Passphrase) -> Result<Unlocked> {
        self.sign_in_from(name, passphrase, None)
    }

    /// Where the key of a person lies: here, or in a folder of its owner's.
    pub(crate) fn key_path(&self, person: &Person, keys: Option<&Path>) -> PathBuf {
        let Person { id, member, .. } = person;
        let own = |keys: &Path| in_folder(keys, &member.key.thumbprint());
        keys.map_or_else(|| self.folder.key_of(id, &member.key), own)
    }

    /// Looks for the key of the person called `name` beside the office's keys, and
    /// in `folders`, the first one first. Only what a file is called is looked at.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`].
    pub fn find_key(&self, name: &str, folders: &[PathBuf]) -> Result<KeyPlace> {
        let person = self.person(name)?;
        // A file that is named after its key is surely that; one that is named
        // after its owner may be of a key that was replaced.
        if self.folder.key_file(&person.member.key).exists() {
            return Ok(KeyPlace::Office);
        }
        if let Some(own) = folders.iter().find(|keys| self.key_path(&person, Some(keys)).exists()) {
            return Ok(KeyPlace::Own(own.clone()));
        }
        let is_here = self.folder.person_key(&person.id).exists();
        Ok(if is_here { KeyPlace::Office } else { KeyPlace::Nowhere })
    }

    /// The same as [`Office::sign_in`] with a key that may lie in a folder of its
    /// owner's, `keys`.
    ///
    /// # Errors
    /// As [`Office::sign_in`].
    pub fn sign_in_from(&self, name: &str, passphrase: &Passphrase, keys: Option<&Path>) -> Result<Unlocked> {
        let person = self.person(name)?;
        person.check_not_suspended()?;
        let path = self.key_path(&person, keys);
        let key = keyring::read_key(&path, "person", passphrase, name)?;
        if key.public_key() != person.member.key {
            return Err(OfficeError::KeyFileDamaged(path));
        }
        Ok(Unlocked { person, key })
    }

    /// Who somebody is by now whose key was unlocked before.
    ///
    /// # Errors
    /// [`OfficeError::KeyReplaced`] if it is not their key any more.
    pub fn person_now(&self, unlocked: &Unlocked) -> Result<Person> {
        let person = self.person_with(&unlocked.person.id)?;
        if person.member.key != unlocked.person.member.key {
            return Err(OfficeError::KeyReplaced(person.name));
        }
        Ok(person)
    }
}
