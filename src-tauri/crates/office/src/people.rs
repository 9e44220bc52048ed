//! The people of an office: admit, list, unlock.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use yinxin_ledger::store;
use yinxin_record::Id;
use yinxin_record::act::Act;
use yinxin_record::cbor::Value;
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::{Member, Role, may_be_held_together};
use yinxin_record::rules::Violation;
use yinxin_record::statement::{Claims, sign_alone};
use zeroize::Zeroizing;

use crate::content;
use crate::error::{OfficeError, Result};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::{Office, append_entry};
use crate::state::{LedgerView, read_member};
use crate::strength;
use crate::surroundings::{Surroundings, random};

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
    /// Position of the member act.
    pub position: u64,
}

impl Person {
    /// Refuses what this person's roles do not allow.
    ///
    /// # Errors
    /// [`OfficeError::RoleNeeded`].
    pub(crate) fn must_hold(&self, role: Role) -> Result<()> {
        if self.member.roles.contains(&role) {
            return Ok(());
        }
        Err(OfficeError::RoleNeeded { name: self.name.clone(), role })
    }
}

/// A person whose key is unlocked: who may sign now.
#[derive(Debug)]
pub struct Unlocked {
    /// Who.
    pub person: Person,
    pub(crate) key: SecretKey,
}

/// Who is to be admitted.
#[derive(Debug)]
pub struct Admission<'a> {
    /// The person's name; unique within the office.
    pub name: &'a str,
    /// The person's post.
    pub post: Option<&'a str>,
    /// What the person may do.
    pub roles: BTreeSet<Role>,
    /// Protects the person's key.
    pub passphrase: &'a Passphrase,
    /// Protects founding and host keys.
    pub host_passphrase: &'a Passphrase,
    /// How the key file is made.
    pub locking: Locking,
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

impl Office {
    /// Admits a person, signed by the founding key: possible until the first
    /// record is published.
    ///
    /// # Errors
    /// [`OfficeError::NameTaken`], [`OfficeError::RolesTogether`],
    /// [`OfficeError::WeakPassphrase`], [`OfficeError::FoundingOver`], [`OfficeError::WrongPassphrase`] and what
    /// writing may fail with.
    pub fn admit(&mut self, admission: &Admission<'_>, surroundings: &dyn Surroundings) -> Result<Person> {
        self.check_admission(admission)?;
        let (founder, host) = rayon::join(
            || keyring::read_key(&self.folder.founding_key(), "founding", admission.host_passphrase, "host"),
            || keyring::read_host_keys(&self.folder, Some(admission.host_passphrase)),
        );
        let (founder, host) = (founder?, host?);
        let id = Id(random(surroundings));
        let key = SecretKey::from_seed(&random(surroundings));
        // The key file comes first: an entry without its key would be a person
        // who can never sign; a key without its entry is only a spare file.
        let path = self.folder.person_key(&id);
        keyring::write_key(&path, "person", &key, admission.passphrase, admission.locking)?;
        let added = self.add_person(id, key.public_key(), admission, &founder, &host, surroundings);
        // Where the database failed, the entry may be there all the same.
        if added.as_ref().is_err_and(|error| !matches!(error, OfficeError::Database(_))) {
            // Best effort: what failed is told, whether or not this succeeds.
            let _ = std::fs::remove_file(&path);
        }
        added
    }

    fn check_admission(&self, admission: &Admission<'_>) -> Result<()> {
        check_name(admission.name)?;
        admission.post.map_or(Ok(()), check_name)?;
        if !may_be_held_together(&admission.roles) {
            return Err(OfficeError::RolesTogether);
        }
        let names = [admission.name, &self.genesis()?.name];
        strength::check(admission.passphrase, &names, admission.locking)?;
        self.check_name_is_free(admission.name)
    }

    fn check_name_is_free(&self, name: &str) -> Result<()> {
        if self.people()?.iter().any(|person| person.name == name) {
            return Err(OfficeError::NameTaken(name.to_owned()));
        }
        Ok(())
    }

    /// Appends the member act and stores what it commits to, in one transaction.
    fn add_person(
        &mut self,
        id: Id,
        key: PublicKey,
        admission: &Admission<'_>,
        founder: &SecretKey,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Person> {
        let disclosures = name_and_post(admission, surroundings);
        let encoded = disclosures.iter().map(Disclosure::to_bytes).collect();
        let member = Member { key, roles: admission.roles.clone() };
        let act = Act::Member { key, roles: member.roles.clone(), digests: sorted_digests(&disclosures) };
        let claims = Claims { iss: self.origin.to_string(), sub: id, iat: surroundings.now() };
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        // Another program may have admitted somebody of this name meanwhile.
        self.check_name_is_free(admission.name)?;
        let anchor = LedgerView::load(&transaction, self.ledger, &self.origin)?.anchor()?;
        let entry = sign_alone(&act, claims, anchor, founder)?;
        let sealed = content::seal(id, &entry, encoded, Zeroizing::new(random(surroundings)))?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let appended = append_entry(&transaction, self.ledger, &self.origin, entry, host);
        let (_, position) = appended.map_err(founding_over)?;
        let content = content::store_set(&transaction, &sealed, key_no)?;
        store_person(&transaction, &id, position, &member, content)?;
        transaction.commit()?;
        let (name, post) = (admission.name.to_owned(), admission.post.map(str::to_owned));
        Ok(Person { id, name, post, member, position })
    }

    /// Everybody, in order of admission.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn people(&self) -> Result<Vec<Person>> {
        let mut query = self
            .db
            .prepare_cached("SELECT id, key, roles, position, content FROM person ORDER BY position")?;
        let mut rows = query.query([])?;
        let mut people = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, member) = read_member(
                &row.get::<_, Vec<u8>>(0)?,
                &row.get::<_, Vec<u8>>(1)?,
                &row.get::<_, String>(2)?,
            )?;
            let position = store::unsigned(row.get(3)?)?;
            let disclosures = self.member_contents(position, row.get(4)?)?;
            let text = |key: &str| {
                let found = disclosures.iter().find(|d| d.key == key)?;
                found.value.as_text().map(str::to_owned)
            };
            people.push(Person {
                id,
                name: text("name").ok_or(OfficeError::Damaged("a person's name"))?,
                post: text("post"),
                member,
                position,
            });
        }
        Ok(people)
    }

    /// The disclosures of a person's member act.
    pub(crate) fn person_disclosures(&self, id: &Id) -> Result<Vec<Disclosure>> {
        let (position, no): (i64, i64) =
            self.db.query_row("SELECT position, content FROM person WHERE id = ?1", [id.0], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        self.member_contents(store::unsigned(position)?, no)
    }

    fn member_contents(&self, position: u64, no: i64) -> Result<Vec<Disclosure>> {
        let entry = store::entry(&self.db, self.ledger, position)?;
        content::load_set(&self.db, &self.content_keys, no, &entry)
    }

    /// The person called `name`.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`].
    pub fn person(&self, name: &str) -> Result<Person> {
        let found = self.people()?.into_iter().find(|person| person.name == name);
        found.ok_or_else(|| OfficeError::UnknownPerson(name.to_owned()))
    }

    /// Unlocks the key of the person called `name`, who must hold `role`.
    ///
    /// # Errors
    /// [`OfficeError::UnknownPerson`], [`OfficeError::RoleNeeded`],
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::KeyFileDamaged`].
    pub fn unlock(&self, name: &str, role: Role, passphrase: &Passphrase) -> Result<Unlocked> {
        self.person(name)?.must_hold(role)?;
        self.sign_in(name, passphrase)
    }

    /// Unlocks the key of the person called `name`, whatever the role.
    ///
    /// # Errors
    /// As [`Office::unlock`], but for the role.
    pub fn sign_in(&self, name: &str, passphrase: &Passphrase) -> Result<Unlocked> {
        let person = self.person(name)?;
        let path = self.folder.person_key(&person.id);
        let key = keyring::read_key(&path, "person", passphrase, name)?;
        if key.public_key() != person.member.key {
            return Err(OfficeError::KeyFileDamaged(path));
        }
        Ok(Unlocked { person, key })
    }
}

fn founding_over(error: OfficeError) -> OfficeError {
    match error {
        OfficeError::Rule(Violation::FoundingOver) => OfficeError::FoundingOver,
        other => other,
    }
}

fn store_person(db: &Connection, id: &Id, position: u64, member: &Member, content: i64) -> Result<()> {
    let roles: Vec<&str> = member.roles.iter().map(|role| role.as_str()).collect();
    db.execute(
        "INSERT INTO person (id, position, key, roles, content) VALUES (?1, ?2, ?3, ?4, ?5)",
        rusqlite::params![id.0, store::signed(position), member.key.0, roles.join(" "), content],
    )?;
    Ok(())
}

fn name_and_post(admission: &Admission<'_>, surroundings: &dyn Surroundings) -> Vec<Disclosure> {
    let post = admission.post.map_or(Value::Null, Value::text);
    vec![
        Disclosure { salt: random(surroundings), value: Value::text(admission.name), key: "name".into() },
        Disclosure { salt: random(surroundings), value: post, key: "post".into() },
    ]
}
