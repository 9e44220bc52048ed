//! Officers whom the register appoints: an office that has no admins left, or too
//! few people for three officers of its own, asks for them.
//!
//! ```text
//! keys   whoever is to be one makes a key, or opens one that they have
//! ask    and with it the request
//! take   with the register's warrant the same person signs, and is one
//! ```

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use yinxin_record::act::{Act, Appointment, Membership, Successor, Warrant};
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::origin::is_office_code;
use yinxin_record::roster::{Member, Role};
use yinxin_record::rules::{Delta, Violation};
use yinxin_record::statement::{Claims, sign_alone};
use yinxin_record::{Digest, Id};
use zeroize::Zeroizing;

use super::appointment::AppointmentRequest;
use super::error::RealmError;
use crate::content::{self, Sealed};
use crate::error::{OfficeError, Result};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::{Office, append_entry};
use crate::people::{
    Confirmed, Person, check_name, drop_waiting, in_folder, key_in_folder, name_and_post, settle, store_said,
    text_of,
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
    /// The code of the office that lends this person, if one does.
    pub lender: Option<&'a str>,
}

/// The key of somebody who is to be an officer, opened.
#[derive(Debug)]
pub struct OfficerKey {
    key: SecretKey,
    /// Its file, if it was made now.
    made: Option<PathBuf>,
}

// Keys.
impl Office {
    /// Makes a key for the person called `name`: beside the others of the office, or
    /// in a folder of the person's, `keys`.
    ///
    /// # Errors
    /// [`OfficeError::WeakPassphrase`], [`OfficeError::Exposed`] and what writing may
    /// fail with.
    pub fn make_officer_key(
        &self,
        name: &str,
        keys: Option<&Path>,
        passphrase: &Passphrase,
        locking: Locking,
        surroundings: &dyn Surroundings,
    ) -> Result<OfficerKey> {
        strength::check(passphrase, &[name, &self.genesis()?.name], locking)?;
        let key = SecretKey::from_seed(&random(surroundings));
        let file = match keys {
            Some(keys) => key_in_folder(keys, &key.public_key())?,
            None => self.folder.key_file(&key.public_key()),
        };
        keyring::write_key(&file, "person", &key, passphrase, locking)?;
        Ok(OfficerKey { key, made: Some(file) })
    }

    /// Opens the key that the person whom `warrant` names has made or shown: beside
    /// the office's keys, or in one of `folders`.
    ///
    /// # Errors
    /// [`RealmError::BadAnswer`], [`RealmError::NotAsked`],
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::KeyFileMissing`],
    /// [`OfficeError::KeyFileDamaged`].
    pub fn open_officer_key(
        &self,
        warrant: &Warrant,
        passphrase: &Passphrase,
        folders: &[PathBuf],
    ) -> Result<OfficerKey> {
        let said = warrant.appointment(self.origin.realm()).ok_or(RealmError::BadAnswer("statement"))?;
        let public = said.member.member.key;
        let here = self.folder.key_file(&public);
        let mut own = folders.iter().map(|keys| in_folder(keys, &public.thumbprint()));
        let file = own.find(|file| !here.exists() && file.exists()).unwrap_or(here);
        let (act, content) = asked(&self.db, &said)?.ok_or(RealmError::NotAsked)?;
        let people = content::load_set(&self.db, &self.content_keys, content, &act)?;
        let name = text_of(&people, "name").unwrap_or_default();
        let key = keyring::read_key(&file, "person", passphrase, &name)?;
        if key.public_key() != public {
            return Err(OfficeError::KeyFileDamaged(file));
        }
        Ok(OfficerKey { key, made: None })
    }
}

/// The most key files of a folder that a passphrase is tried on.
const MAX_TRIED: usize = 32;

/// Opens the key of the person called `name` that lies in a folder of the person's,
/// under whatever name; from then on it is called by its thumbprint there.
///
/// # Errors
/// [`OfficeError::WrongPassphrase`] if it opens none, [`OfficeError::KeyFileMissing`]
/// if there is none, [`OfficeError::Exposed`] and what reading may fail with.
pub fn own_officer_key(name: &str, keys: &Path, passphrase: &Passphrase) -> Result<OfficerKey> {
    let entries = std::fs::read_dir(keys).map_err(OfficeError::file(keys))?.flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "age"));
    files.sort();
    files.truncate(MAX_TRIED);
    let mut refused = OfficeError::KeyFileMissing(keys.to_owned());
    for file in files {
        match keyring::read_key(&file, "person", passphrase, name) {
            Ok(key) => {
                let named = key_in_folder(keys, &key.public_key())?;
                if named != file {
                    std::fs::rename(&file, &named).map_err(OfficeError::file(&file))?;
                }
                return Ok(OfficerKey { key, made: None });
            }
            // A guess is a guess, whatever else lies there.
            Err(error) if !matches!(refused, OfficeError::WrongPassphrase { .. }) => refused = error,
            Err(_) => {}
        }
    }
    Err(refused)
}

// Asking.
impl Office {
    /// The request that the register judges. What was asked for before is void here;
    /// a key that was made for it, and is nobody's, is gone.
    ///
    /// # Errors
    /// [`RealmError::IsRegister`], [`RealmError::NotInRealm`], [`RealmError::OtherOffice`],
    /// [`OfficeError::OfficeCode`], [`OfficeError::Rule`], [`OfficeError::BadName`],
    /// [`OfficeError::NameTaken`] and what reading and writing may fail with.
    pub fn ask_for_officer(
        &mut self,
        officer: &Officer<'_>,
        key: &OfficerKey,
        surroundings: &dyn Surroundings,
    ) -> Result<AppointmentRequest> {
        let asked = self
            .check_officer(officer)
            .and_then(|known| self.ask_with(officer, known.as_ref(), &key.key, surroundings));
        if let (Err(_), Some(made)) = (&asked, &key.made) {
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
        if let Some(lender) = officer.lender.filter(|lender| !is_office_code(lender)) {
            return Err(OfficeError::OfficeCode(lender.to_owned()));
        }
        if !Role::OFFICERS.contains(&officer.role) {
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
            size: self.head()?.size,
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
        let void = forget_asked(&transaction)?;
        let content = content::store_set(&transaction, &sealed, key_no)?;
        transaction.execute(
            "INSERT INTO appointment_asked (person, act, content) VALUES (?1, ?2, ?3)",
            params![person.0, request.act, content],
        )?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        let asked = request.appointment()?.member.member.key;
        self.remove_spare_keys(&void.into_iter().filter(|key| *key != asked).collect::<Vec<_>>())
    }

    /// Takes the register's warrant in: the person whom it names signs with `key`.
    /// Says who that is now, and whose drafts came back. What waited about this
    /// person was signed about who it was before, and is dropped.
    ///
    /// # Errors
    /// [`RealmError::IsRegister`], [`RealmError::BadAnswer`],
    /// [`RealmError::OtherOffice`], [`RealmError::NotAsked`],
    /// [`OfficeError::NameTaken`], [`OfficeError::Rule`] and what reading and writing
    /// may fail with.
    pub fn take_officer(
        &mut self,
        warrant: &Warrant,
        key: &OfficerKey,
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
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        // Read within: somebody may ask for something else at any time.
        let (act, content) = asked(&transaction, &said)?.ok_or(RealmError::NotAsked)?;
        let people = content::load_set(&transaction, &self.content_keys, content, &act)?;
        let name = text_of(&people, "name").unwrap_or_default();
        self.check_name_is_free(&name, Some(&said.person))?;
        let before = self.person_with(&said.person).ok();
        let (entry, sealed) = self.officer_entry(&transaction, warrant, &said, &people, key, surroundings)?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let (delta, position) = append_entry(&transaction, self.ledger, &self.origin, entry, host)?;
        let Delta::Member(person, state) = delta else { return Err(OfficeError::Damaged("a member act")) };
        let content = content::store_set(&transaction, &sealed, key_no)?;
        store_said(&transaction, &person, position, &state, false, content)?;
        forget_asked(&transaction)?;
        let waited = drop_waiting(&transaction, &person)?;
        let returned = settle(&transaction, &person, &state, surroundings.now())?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        self.remove_replaced_key(before.as_ref(), &state.member.key);
        self.remove_spare_keys(&waited)?;
        Ok(Confirmed { person: self.person_with(&person)?, returned })
    }

    /// What goes into the ledger, and the name and post that it commits to, sealed.
    fn officer_entry(
        &self,
        db: &Connection,
        warrant: &Warrant,
        said: &Appointment,
        people: &[Disclosure],
        key: &OfficerKey,
        surroundings: &dyn Surroundings,
    ) -> Result<(Vec<u8>, Sealed)> {
        let warrant = Some(Box::new(warrant.clone()));
        let act = Act::Member(Membership { warrant, ..said.member.clone() });
        let claims = Claims { iss: self.origin.to_string(), sub: said.person, iat: surroundings.now() };
        let anchor = LedgerView::load(db, self.ledger, &self.origin)?.anchor()?;
        let entry = sign_alone(&act, claims, anchor, &key.key)?;
        let encoded = people.iter().map(Disclosure::to_bytes).collect();
        let sealed = content::seal(said.person, &entry, encoded, Zeroizing::new(random(surroundings)))?;
        Ok((entry, sealed))
    }
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

/// Forgets every request; gives the keys that were to be somebody's.
fn forget_asked(db: &Connection) -> Result<Vec<PublicKey>> {
    let mut keys = Vec::new();
    let mut query = db.prepare("DELETE FROM appointment_asked RETURNING act, content")?;
    let rows = query.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?;
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let (act, content) = row;
        db.execute("DELETE FROM content WHERE no = ?1", [content])?;
        if let Ok(Act::Appoint(appointment)) = Act::parse(&act) {
            keys.push(appointment.member.member.key);
        }
    }
    Ok(keys)
}
