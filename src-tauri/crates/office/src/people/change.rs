//! An admin proposes what is to be said of somebody from now on.
//!
//! Nothing of it has effect before the other admin confirms it. A key that is made
//! for it lies beside the others meanwhile, in a file named after the key itself,
//! so that at no moment is there a person whose key is missing.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_record::act::{Act, Membership, Successor};
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::roster::{Acting, Member, Role, may_be_held_together};
use yinxin_record::rules::{self, View as _, Violation, keeps_both_admins};
use yinxin_record::statement::{Claims, sign_draft};
use yinxin_record::{Digest, Id};
use zeroize::Zeroizing;

use super::answer::Answered;
use super::said::name_and_post;
use super::{Person, Unlocked, check_name};
use crate::content::{self, Sealed};
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::keyring::{self, Locking, Passphrase};
use crate::office::Office;
use crate::state::{LedgerView, load_roster, member_state};
use crate::strength;
use crate::submit::seconds;
use crate::surroundings::{Surroundings, random};

/// Who somebody is to be from now on: whole, not as a difference.
#[derive(Debug)]
pub struct Anew<'a> {
    /// The name; unique within the office.
    pub name: &'a str,
    /// The post.
    pub post: Option<&'a str>,
    /// What the person may do.
    pub roles: BTreeSet<Role>,
    /// When the person also approves, for somebody who is away.
    pub acting: Option<Acting>,
    /// Whether the person may sign nothing for now.
    pub suspended: bool,
    /// With which key.
    pub key: NewKey<'a>,
}

/// The key that somebody is to sign with.
#[derive(Debug)]
pub enum NewKey<'a> {
    /// The one there is.
    Kept,
    /// A new one, made and kept at this desk.
    Here {
        /// Protects it.
        passphrase: &'a Passphrase,
        /// How its file is made.
        locking: Locking,
    },
    /// One that its owner has made elsewhere.
    Made(PublicKey),
}

impl<'a> Anew<'a> {
    /// `person` as it is now, to be changed.
    #[must_use]
    pub fn of(person: &'a Person) -> Self {
        Self {
            name: &person.name,
            post: person.post.as_deref(),
            roles: person.member.roles.clone(),
            acting: person.member.acting,
            suspended: person.suspended,
            key: NewKey::Kept,
        }
    }

    fn says_nothing_new_of(&self, now: &Person) -> bool {
        let Person { name, post, member, suspended, .. } = now;
        matches!(self.key, NewKey::Kept)
            && self.name == name
            && self.post == post.as_deref()
            && self.roles == member.roles
            && self.acting == member.acting
            && self.suspended == *suspended
    }
}

/// What now waits for the other admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proposed {
    /// Whom it is about; a new id for somebody new.
    pub person: Id,
    /// The digest of the first admin's signed layer.
    pub draft: Digest,
}

/// A proposal that is signed and not stored.
pub(super) struct Prepared {
    name: String,
    draft: Vec<u8>,
    sealed: Sealed,
}

impl Office {
    /// Proposes what is to be said of `person`, or of somebody new, in the name of
    /// `admin`, who is one of the two admins.
    ///
    /// # Errors
    /// [`OfficeError::AdminNeeded`], [`OfficeError::ChangeWaits`],
    /// [`OfficeError::BadName`], [`OfficeError::NameTaken`],
    /// [`OfficeError::RolesTogether`], [`OfficeError::PersonUnchanged`],
    /// [`OfficeError::KeyNeeded`], [`OfficeError::WeakPassphrase`],
    /// [`OfficeError::Rule`] and what writing may fail with.
    pub fn propose(
        &mut self,
        person: Option<&Id>,
        anew: &Anew<'_>,
        admin: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Proposed> {
        self.must_be_for(admin, Duty::ProposePeople)?;
        let now = person.map(|id| self.person_with(id)).transpose()?;
        self.check_anew(now.as_ref(), anew)?;
        let id = now.as_ref().map_or_else(|| Id(random(surroundings)), |now| now.id);
        let made = self.make_key(anew, surroundings)?;
        let key = match (&anew.key, &now) {
            (NewKey::Kept, Some(now)) => now.member.key,
            (NewKey::Kept, None) => return Err(OfficeError::KeyNeeded),
            (NewKey::Made(key), _) => *key,
            (NewKey::Here { .. }, _) => made.ok_or(OfficeError::KeyNeeded)?,
        };
        let written = self
            .prepare(id, key, anew, admin, surroundings)
            .and_then(|prepared| self.store_proposals(&[prepared], None, None, admin, surroundings.now()));
        if let (Err(_), Some(made)) = (&written, made) {
            // Best effort: what failed is told, whether or not this succeeds.
            let _ = std::fs::remove_file(self.folder.key_file(&made));
        }
        written?.into_iter().next().ok_or(OfficeError::NoSuchChange)
    }

    /// What can be refused before anything is signed. The rules judge again.
    pub(super) fn check_anew(&self, now: Option<&Person>, anew: &Anew<'_>) -> Result<()> {
        check_name(anew.name)?;
        anew.post.map_or(Ok(()), check_name)?;
        if !may_be_held_together(&anew.roles) {
            return Err(OfficeError::RolesTogether);
        }
        if now.is_some_and(|now| anew.says_nothing_new_of(now)) {
            return Err(OfficeError::PersonUnchanged(anew.name.to_owned()));
        }
        if let NewKey::Here { passphrase, locking } = anew.key {
            strength::check(passphrase, &[anew.name, &self.genesis()?.name], locking)?;
        }
        if let NewKey::Made(key) = anew.key
            && (self.is_key_taken(&key)? || key.verifier().is_err())
        {
            return Err(Violation::Taken.into());
        }
        if let Some(now) = now {
            // The key makes no difference here.
            let member = Member { key: now.member.key, roles: anew.roles.clone(), acting: None };
            if !keeps_both_admins(&load_roster(&self.db)?, &now.id, &member, anew.suspended) {
                return Err(Violation::LastAdmin.into());
            }
        }
        self.check_name_is_free(anew.name, now.map(|now| &now.id))
    }

    /// Whether the office, or anybody in it, has or had this key.
    pub(crate) fn is_key_taken(&self, key: &PublicKey) -> Result<bool> {
        let view = LedgerView::load(&self.db, self.ledger, &self.origin)?;
        Ok(self.genesis()?.keys.signing().contains(key) || view.is_key_used(&key.thumbprint())?)
    }

    /// Nobody else is called `name`, or would be.
    pub(crate) fn check_name_is_free(&self, name: &str, but: Option<&Id>) -> Result<()> {
        let is_other = |id: &Id| but != Some(id);
        let taken = self.people()?.iter().any(|person| person.name == name && is_other(&person.id))
            || self.changes()?.iter().any(|change| change.after.name == name && is_other(&change.person));
        if taken { Err(OfficeError::NameTaken(name.to_owned())) } else { Ok(()) }
    }

    fn make_key(&self, anew: &Anew<'_>, surroundings: &dyn Surroundings) -> Result<Option<PublicKey>> {
        let NewKey::Here { passphrase, locking } = anew.key else { return Ok(None) };
        let key = SecretKey::from_seed(&random(surroundings));
        let path = self.folder.key_file(&key.public_key());
        keyring::write_key(&path, "person", &key, passphrase, locking)?;
        Ok(Some(key.public_key()))
    }

    /// Signs what the other admin is to confirm; nothing is stored yet.
    pub(super) fn prepare(
        &self,
        id: Id,
        key: PublicKey,
        anew: &Anew<'_>,
        admin: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Prepared> {
        let follows = member_state(&self.db, &id)?
            .map(|now| Successor { version: now.version + 1, previous: now.leaf });
        let disclosures = name_and_post(anew.name, anew.post, surroundings);
        let membership = Membership {
            member: Member { key, roles: anew.roles.clone(), acting: anew.acting },
            suspended: anew.suspended,
            digests: sorted_digests(&disclosures),
            follows,
            warrant: None,
        };
        rules::possible(&membership)?;
        let claims = Claims { iss: self.origin.to_string(), sub: id, iat: surroundings.now() };
        let draft = sign_draft(&Act::Member(membership), claims, &admin.key)?;
        let encoded = disclosures.iter().map(Disclosure::to_bytes).collect();
        let sealed = content::seal(id, &draft, encoded, Zeroizing::new(random(surroundings)))?;
        Ok(Prepared { name: anew.name.to_owned(), draft, sealed })
    }

    /// Stores proposals, all or none: those that are to be confirmed together, or
    /// one, with the answer that it came from.
    pub(super) fn store_proposals(
        &mut self,
        prepared: &[Prepared],
        together: Option<Id>,
        answered: Option<Answered<'_>>,
        admin: &Unlocked,
        now: u64,
    ) -> Result<Vec<Proposed>> {
        let sets = prepared.iter().map(|one| &one.sealed);
        let key_nos = content::store_keys(&mut self.content_keys, sets)?;
        let transaction = Self::begin(&mut self.db)?;
        for one in prepared {
            if waits(&transaction, &one.sealed.subject)? {
                key_nos.iter().try_for_each(|no| content::drop_key(&transaction, *no))?;
                transaction.commit()?;
                return Err(OfficeError::ChangeWaits(one.name.clone()));
            }
        }
        answered.map_or(Ok(()), |answered| answered.end(&transaction))?;
        for (one, key_no) in prepared.iter().zip(key_nos) {
            store_change(&transaction, one, key_no, together, admin, now)?;
        }
        transaction.commit()?;
        let proposed =
            |one: &Prepared| Proposed { person: one.sealed.subject, draft: Digest::of(&one.draft) };
        Ok(prepared.iter().map(proposed).collect())
    }
}

fn waits(db: &Connection, person: &Id) -> Result<bool> {
    let found = db
        .prepare_cached("SELECT 1 FROM person_change WHERE person = ?1")?
        .query_row([person.0], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

fn store_change(
    db: &Connection,
    prepared: &Prepared,
    key_no: i64,
    together: Option<Id>,
    admin: &Unlocked,
    now: u64,
) -> Result<()> {
    let Prepared { draft, sealed, .. } = prepared;
    let content = content::store_set(db, sealed, key_no)?;
    db.prepare_cached(
        "INSERT INTO person_change (person, draft, proposer, proposed, content, together)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        sealed.subject.0,
        draft,
        admin.person.id.0,
        seconds(now),
        content,
        together.map(|id| id.0)
    ])?;
    Ok(())
}
