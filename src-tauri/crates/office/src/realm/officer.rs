//! Officers whom the register appoints: an office that has no admins left, or too
//! few people for three officers of its own, asks for them.
//!
//! ```text
//! ask    whoever is to be one makes a key, or shows their own, and the request
//! take   with the register's warrant the same person signs, and is one
//! ```

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use yinxin_record::act::{Act, Appointment, Membership, Successor, Warrant};
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{SecretKey, Signer as _};
use yinxin_record::roster::{Member, Role};
use yinxin_record::rules::{Delta, Violation};
use yinxin_record::statement::{Claims, sign_alone};
use yinxin_record::{Digest, Id};
use zeroize::Zeroizing;

use super::appointment::AppointmentRequest;
use super::error::RealmError;
use crate::content;
use crate::error::{OfficeError, Result};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::{Office, append_entry};
use crate::people::{
    Confirmed, Person, check_name, in_folder, key_in_folder, name_and_post, settle, store_said,
};
use crate::state::{LedgerView, load_roster, member_state};
use crate::strength;
use crate::surroundings::{Surroundings, random};

/// Who asks to be appointed.
#[derive(Debug)]
pub struct Officer<'a> {
    /// The name: of somebody in the office, or of somebody new.
    pub name: &'a str,
    /// The post.
    pub post: Option<&'a str>,
    /// System admin, security admin or auditor.
    pub role: Role,
    /// With which key.
    pub key: OfficerKey<'a>,
    /// The code of the office that lends this person, if one does.
    pub lender: Option<&'a str>,
}

/// The key of somebody who asks to be appointed.
#[derive(Debug)]
pub enum OfficerKey<'a> {
    /// A new one, beside the others of the office or in a folder of the person's.
    Made {
        /// The person's folder.
        keys: Option<&'a Path>,
        /// Protects the key.
        passphrase: &'a Passphrase,
        /// How the key file is made.
        locking: Locking,
    },
    /// The one in a folder of the person's that the passphrase opens.
    InFolder {
        /// The folder.
        keys: &'a Path,
        /// Opens the key.
        passphrase: &'a Passphrase,
    },
    /// One that the person has: that of another office, on a stick.
    Own {
        /// Its file, in a folder of the person's.
        file: &'a Path,
        /// Opens it.
        passphrase: &'a Passphrase,
    },
}

impl Office {
    /// The request that the register judges, and the person's key where it is a new
    /// one. Asked again, the request of before is void here.
    ///
    /// # Errors
    /// [`RealmError::IsRegister`], [`RealmError::NotInRealm`], [`RealmError::OtherOffice`],
    /// [`OfficeError::Rule`], [`OfficeError::BadName`], [`OfficeError::NameTaken`],
    /// [`OfficeError::WeakPassphrase`], [`OfficeError::WrongPassphrase`] and what
    /// reading and writing may fail with.
    pub fn ask_for_officer(
        &mut self,
        officer: &Officer<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<AppointmentRequest> {
        let known = self.check_officer(officer)?;
        let (key, made) = self.officer_key(officer, surroundings)?;
        let asked = self.ask_with(officer, known.as_ref(), &key, surroundings);
        if let (Err(_), Some(made)) = (&asked, made) {
            // Best effort: what failed is told, whether or not this succeeds.
            let _ = std::fs::remove_file(made);
        }
        asked
    }

    /// Who it is, if the office has somebody of this name.
    fn check_officer(&self, officer: &Officer<'_>) -> Result<Option<Person>> {
        if self.origin.is_register() {
            return Err(RealmError::IsRegister.into());
        }
        if self.admitted_to_realm()?.is_none() {
            return Err(RealmError::NotInRealm.into());
        }
        if officer.lender == Some(self.origin.code()) {
            return Err(RealmError::OtherOffice(self.genesis()?.name).into());
        }
        if ![Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor].contains(&officer.role) {
            return Err(Violation::NotAppointable.into());
        }
        check_name(officer.name)?;
        officer.post.map_or(Ok(()), check_name)?;
        let known = self.people()?.into_iter().find(|person| person.name == officer.name);
        if known.is_none() {
            self.check_name_is_free(officer.name, None)?;
        }
        Ok(known)
    }

    /// The key, and its file if it was made now.
    fn officer_key(
        &self,
        officer: &Officer<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<(SecretKey, Option<PathBuf>)> {
        match officer.key {
            OfficerKey::Made { keys, passphrase, locking } => {
                strength::check(passphrase, &[officer.name, &self.genesis()?.name], locking)?;
                let key = SecretKey::from_seed(&random(surroundings));
                let file = match keys {
                    Some(keys) => key_in_folder(keys, &key.public_key())?,
                    None => self.folder.key_file(&key.public_key()),
                };
                keyring::write_key(&file, "person", &key, passphrase, locking)?;
                Ok((key, Some(file)))
            }
            OfficerKey::InFolder { keys, passphrase } => {
                Ok((key_that_opens(keys, passphrase, officer.name)?, None))
            }
            OfficerKey::Own { file, passphrase } => {
                let key = keyring::read_key(file, "person", passphrase, officer.name)?;
                // Where it is looked for from now on; the owner's own folder.
                let folder = file.parent().unwrap_or(Path::new("."));
                let named = key_in_folder(folder, &key.public_key())?;
                if named != file {
                    keyring::copy_key(file, &named)?;
                }
                Ok((key, None))
            }
        }
    }

    fn ask_with(
        &mut self,
        officer: &Officer<'_>,
        known: Option<&Person>,
        key: &SecretKey,
        surroundings: &dyn Surroundings,
    ) -> Result<AppointmentRequest> {
        let (person, public) =
            (known.map_or_else(|| Id(random(surroundings)), |known| known.id), key.public_key());
        let keeps = known.is_some_and(|known| known.member.key == public);
        if !keeps && self.is_key_taken(&public)? {
            return Err(Violation::Taken.into());
        }
        let follows = member_state(&self.db, &person)?
            .map(|now| Successor { version: now.version + 1, previous: now.leaf });
        let people = name_and_post(officer.name, officer.post, surroundings);
        let appointment = Appointment {
            code: self.origin.code().to_owned(),
            roster: load_roster(&self.db)?.digest(),
            person,
            member: Membership {
                member: Member::new(public, [officer.role].into()),
                suspended: false,
                digests: sorted_digests(&people),
                follows,
                warrant: None,
            },
            lender: officer.lender.map(str::to_owned),
        };
        let request = AppointmentRequest::sign(&self.origin, appointment, people, key)?;
        self.store_asked(&person, &request, surroundings)?;
        Ok(request)
    }

    fn store_asked(
        &mut self,
        person: &Id,
        request: &AppointmentRequest,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        let encoded = request.people.iter().map(Disclosure::to_bytes).collect();
        let sealed = content::seal(*person, &request.act, encoded, Zeroizing::new(random(surroundings)))?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let transaction = Self::begin(&mut self.db)?;
        forget_asked(&transaction, person)?;
        let content = content::store_set(&transaction, &sealed, key_no)?;
        transaction.execute(
            "INSERT INTO appointment_asked (person, act, content) VALUES (?1, ?2, ?3)",
            params![person.0, request.act, content],
        )?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(())
    }

    /// Takes the register's warrant in: the person whom it names signs with the key
    /// that `passphrase` opens, which lies beside the office's or in one of `folders`.
    /// Says who that is now, and whose drafts came back.
    ///
    /// # Errors
    /// [`RealmError::BadAnswer`], [`RealmError::NotAsked`],
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::Rule`] and what reading and
    /// writing may fail with.
    pub fn take_officer(
        &mut self,
        warrant: &Warrant,
        passphrase: &Passphrase,
        folders: &[PathBuf],
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Confirmed> {
        if self.origin.is_register() {
            return Err(RealmError::IsRegister.into());
        }
        let said = warrant.appointment(self.origin.realm()).ok_or(RealmError::BadAnswer("statement"))?;
        if said.code != self.origin.code() {
            return Err(RealmError::OtherOffice(said.code).into());
        }
        let (act, content) = asked(&self.db, &said)?.ok_or(RealmError::NotAsked)?;
        let people = content::load_set(&self.db, &self.content_keys, content, &act)?;
        let public = said.member.member.key;
        let here = self.folder.key_file(&public);
        let own = folders.iter().map(|keys| in_folder(keys, &public.thumbprint()));
        let file = own.filter(|file| !here.exists() && file.exists()).next().unwrap_or(here);
        let name = crate::people::text_of(&people, "name").unwrap_or_default();
        let key = keyring::read_key(&file, "person", passphrase, &name)?;
        if key.public_key() != public {
            return Err(OfficeError::KeyFileDamaged(file));
        }
        self.append_officer(warrant, said, &people, &key, host, surroundings)
    }

    fn append_officer(
        &mut self,
        warrant: &Warrant,
        said: Appointment,
        people: &[Disclosure],
        key: &SecretKey,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Confirmed> {
        let person = said.person;
        let act = Act::Member(Membership { warrant: Some(Box::new(warrant.clone())), ..said.member });
        let claims = Claims { iss: self.origin.to_string(), sub: person, iat: surroundings.now() };
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let name = crate::people::text_of(people, "name").unwrap_or_default();
        self.check_name_is_free(&name, Some(&person))?;
        let before = self.person_with(&person).ok();
        let anchor = LedgerView::load(&transaction, self.ledger, &self.origin)?.anchor()?;
        let entry = sign_alone(&act, claims, anchor, key)?;
        let encoded = people.iter().map(Disclosure::to_bytes).collect();
        let sealed = content::seal(person, &entry, encoded, Zeroizing::new(random(surroundings)))?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let (delta, position) = append_entry(&transaction, self.ledger, &self.origin, entry, host)?;
        let Delta::Member(_, state) = delta else { return Err(OfficeError::Damaged("a member act")) };
        let content = content::store_set(&transaction, &sealed, key_no)?;
        store_said(&transaction, &person, position, &state, false, content)?;
        forget_asked(&transaction, &person)?;
        // What waited about this person was signed about who it was before.
        let returned = settle(&transaction, &person, &state, surroundings.now())?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        self.remove_replaced_key(before.as_ref(), &state.member.key);
        Ok(Confirmed { person: self.person_with(&person)?, returned })
    }
}

/// The most key files of a folder that a passphrase is tried on.
const MAX_TRIED: usize = 32;

fn key_that_opens(keys: &Path, passphrase: &Passphrase, name: &str) -> Result<SecretKey> {
    let entries = std::fs::read_dir(keys).map_err(OfficeError::file(keys))?.flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "age"));
    files.sort();
    files.truncate(MAX_TRIED);
    let mut refused = OfficeError::KeyFileMissing(keys.to_owned());
    for file in files {
        match keyring::read_key(&file, "person", passphrase, name) {
            Ok(key) if file == in_folder(keys, &key.public_key().thumbprint()) => return Ok(key),
            Ok(_) => {}
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// What was asked for this person, and the number of its name and post; nothing if it
/// was something else.
fn asked(db: &Connection, said: &Appointment) -> Result<Option<(Vec<u8>, i64)>> {
    let act = Act::Appoint(Box::new(said.clone())).to_bytes();
    let row = db
        .prepare_cached("SELECT act, content FROM appointment_asked WHERE person = ?1")?
        .query_row([said.person.0], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.filter(|(asked, _)| Digest::of(asked) == Digest::of(&act)))
}

fn forget_asked(db: &Connection, person: &Id) -> Result<()> {
    let content: Option<i64> = db
        .prepare_cached("DELETE FROM appointment_asked WHERE person = ?1 RETURNING content")?
        .query_row([person.0], |row| row.get(0))
        .optional()?;
    if let Some(content) = content {
        db.execute("DELETE FROM content WHERE no = ?1", [content])?;
    }
    Ok(())
}
