//! The other admin confirms what was proposed, and it is in the ledger; or one
//! of the two drops it.

use rusqlite::{Connection, params};
use yinxin_record::act::{Act, Membership};
use yinxin_record::digits::Digits;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::key::PublicKey;
use yinxin_record::roster::{Role, Roster};
use yinxin_record::rules::{Delta, MemberState, Violation};
use yinxin_record::statement::{Claims, Statement};
use yinxin_record::{Coded as _, Digest, Id};

use super::said::store_said;
use super::{Person, Unlocked, text_of};
use crate::content;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::{Office, append_entry};
use crate::review::drop_reviews;
use crate::state::{LedgerView, id_of, load_roster};
use crate::submit::seconds;
use crate::surroundings::Surroundings;

/// A change that waits for the other admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonChange {
    /// Whom it is about.
    pub person: Id,
    /// Who that is now; `None` for somebody new.
    pub before: Option<Person>,
    /// Who that would be; its `position` says nothing yet.
    pub after: Person,
    /// The admin who proposed it.
    pub proposer: Id,
    /// Since when it waits: seconds since 1970.
    pub proposed: u64,
    /// The digest of the first admin's signed layer: confirming names it, so that
    /// what is signed is what was seen.
    pub draft: Digest,
    /// Whether it was signed about who the person was before, and so cannot be
    /// confirmed.
    pub overtaken: bool,
    /// The digits of the answer that the person's new key came with: what the
    /// person read over the telephone.
    pub digits: Option<Digits>,
    /// What it was proposed together with, and is confirmed together with.
    pub together: Option<Id>,
}

/// What confirming did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// Who the person is now.
    pub person: Person,
    /// Records whose draft came back because its drafter may not sign it any more.
    pub returned: Vec<Id>,
}

/// A row of `person_change`.
struct Row {
    person: Id,
    draft: Vec<u8>,
    proposer: Id,
    proposed: i64,
    content: i64,
    together: Option<Vec<u8>>,
}

impl Office {
    /// What waits for the other admin, the oldest first.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn changes(&self) -> Result<Vec<PersonChange>> {
        self.change_rows()?.iter().map(|row| self.change(row)).collect()
    }

    fn change_rows(&self) -> Result<Vec<Row>> {
        let mut query = self.db.prepare_cached(
            "SELECT person, draft, proposer, proposed, content, together FROM person_change
             ORDER BY proposed, person",
        )?;
        let mut rows = query.query([])?;
        let mut changes = Vec::new();
        while let Some(row) = rows.next()? {
            changes.push(Row {
                person: id_of(&row.get::<_, Vec<u8>>(0)?)?,
                draft: row.get(1)?,
                proposer: id_of(&row.get::<_, Vec<u8>>(2)?)?,
                proposed: row.get(3)?,
                content: row.get(4)?,
                together: row.get(5)?,
            });
        }
        Ok(changes)
    }

    fn change(&self, row: &Row) -> Result<PersonChange> {
        let (_, membership, disclosures) = self.read_change(row)?;
        let before = match self.person_with(&row.person) {
            Ok(person) => Some(person),
            Err(OfficeError::UnknownPerson(_)) => None,
            Err(error) => return Err(error),
        };
        let key = membership.member.key;
        let brings_key = before.as_ref().is_none_or(|before| before.member.key != key);
        let follows = before.as_ref().map_or(1, |before| before.version + 1);
        Ok(PersonChange {
            person: row.person,
            digits: if brings_key { self.digits_of(&row.person, &key)? } else { None },
            together: row.together.as_deref().map(id_of).transpose()?,
            overtaken: membership.version() != follows,
            before,
            after: Person {
                id: row.person,
                name: text_of(&disclosures, "name").ok_or(OfficeError::Damaged("a person's name"))?,
                post: text_of(&disclosures, "post"),
                version: membership.version(),
                member: membership.member,
                suspended: membership.suspended,
                position: 0,
                appointed: None,
            },
            proposer: row.proposer,
            proposed: u64::try_from(row.proposed).unwrap_or_default(),
            draft: Digest::of(&row.draft),
        })
    }

    /// What a change says, provided that its contents are those that were signed.
    fn read_change(&self, row: &Row) -> Result<(Statement, Membership, Vec<Disclosure>)> {
        let damaged = || OfficeError::Damaged("a stored change of a person");
        let pending = Statement::parse_pending(&row.draft).map_err(|_| damaged())?;
        let Act::Member(membership) = &pending.act else { return Err(damaged()) };
        let is_about = pending.subject() == row.person;
        let is_ours = pending.outermost().header.claims.iss == self.origin.to_string();
        let disclosures = content::load_set(&self.db, &self.content_keys, row.content, &row.draft)?;
        let holds = yinxin_record::disclosure::sorted_digests(&disclosures) == membership.digests;
        if !(is_about && is_ours && holds) {
            return Err(damaged());
        }
        let membership = membership.clone();
        Ok((pending, membership, disclosures))
    }

    fn change_row(&self, draft: &Digest) -> Result<Row> {
        let found = self.change_rows()?.into_iter().find(|row| Digest::of(&row.draft) == *draft);
        found.ok_or(OfficeError::NoSuchChange)
    }

    /// Confirms the change with this draft in the name of `admin`, who is the
    /// other one of the two admins, and appends it.
    ///
    /// # Errors
    /// As [`Office::confirm_all`].
    pub fn confirm(
        &mut self,
        draft: &Digest,
        admin: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Confirmed> {
        let confirmed = self.confirm_all(&[*draft], admin, host, surroundings)?;
        confirmed.into_iter().next().ok_or(OfficeError::NoSuchChange)
    }

    /// Confirms the changes with these drafts, each an entry of its own, in one
    /// transaction: all of them, or none.
    ///
    /// # Errors
    /// [`OfficeError::AdminNeeded`], [`OfficeError::NobodyChosen`],
    /// [`OfficeError::NoSuchChange`], [`OfficeError::NameTaken`],
    /// [`OfficeError::OwnKeyLost`], [`OfficeError::Rule`] and what writing may
    /// fail with.
    pub fn confirm_all(
        &mut self,
        drafts: &[Digest],
        admin: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Vec<Confirmed>> {
        self.must_be_for(admin, Duty::ConfirmPeople)?;
        if drafts.is_empty() {
            return Err(OfficeError::NobodyChosen);
        }
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.db, rusqlite::TransactionBehavior::Immediate)?;
        let append = |draft| self.append_change(&transaction, draft, admin, host, surroundings);
        let appended = drafts.iter().map(append).collect::<Result<Vec<Appended>>>()?;
        transaction.commit()?;
        for one in &appended {
            self.remove_replaced_key(one.before.as_ref(), &one.key);
        }
        let confirmed =
            |one: Appended| Ok(Confirmed { person: self.person_with(&one.person)?, returned: one.returned });
        appended.into_iter().map(confirmed).collect()
    }

    /// Appends one change, inside the caller's transaction.
    fn append_change(
        &self,
        db: &Connection,
        draft: &Digest,
        admin: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<Appended> {
        // Read within the transaction: another program may have dropped it.
        let row = self.change_row(draft)?;
        if row.together.is_some() && row.person == admin.person.id {
            return Err(OfficeError::OwnKeyLost(admin.person.name.clone()));
        }
        let (pending, _, disclosures) = self.read_change(&row)?;
        let name = text_of(&disclosures, "name").unwrap_or_default();
        self.check_name_is_free(&name, Some(&row.person))?;
        check_proposer(&pending, &load_roster(db)?)?;
        let before = self.person_with(&row.person).ok();
        let claims = Claims { iss: self.origin.to_string(), sub: row.person, iat: surroundings.now() };
        let anchor = LedgerView::load(db, self.ledger, &self.origin)?.anchor()?;
        let entry = pending.approved(claims, anchor, &admin.key)?.bytes().to_vec();
        let (delta, position) = append_entry(db, self.ledger, &self.origin, entry, host)?;
        let Delta::Member(person, state) = delta else { return Err(OfficeError::Damaged("a member act")) };
        db.execute("DELETE FROM person_change WHERE person = ?1", [person.0])?;
        store_said(db, &person, position, &state, true, row.content)?;
        let returned = settle(db, &person, &state, surroundings.now())?;
        Ok(Appended { person, before, key: state.member.key, returned })
    }

    /// Removes the key file of who a person was `before`, which opens nothing any more
    /// once the key is `now`.
    pub(crate) fn remove_replaced_key(&self, before: Option<&Person>, now: &PublicKey) {
        if let Some(before) = before.filter(|before| before.member.key != *now) {
            // Best effort: what was asked for is done.
            let _ = std::fs::remove_file(self.folder.key_of(&before.id, &before.member.key));
        }
    }

    /// Drops the change with this draft: `admin` is one of the two admins, the
    /// one who proposed it or the other.
    ///
    /// # Errors
    /// As [`Office::drop_changes`].
    pub fn drop_change(&mut self, draft: &Digest, admin: &Unlocked) -> Result<()> {
        self.drop_changes(&[*draft], admin)
    }

    /// Drops the changes with these drafts: all of them, or none.
    ///
    /// # Errors
    /// [`OfficeError::AdminNeeded`], [`OfficeError::NoSuchChange`] and what writing
    /// may fail with.
    pub fn drop_changes(&mut self, drafts: &[Digest], admin: &Unlocked) -> Result<()> {
        self.must_be_for(admin, Duty::DropPeople)?;
        let rows = drafts.iter().map(|draft| self.change_row(draft)).collect::<Result<Vec<Row>>>()?;
        let transaction = Self::begin(&mut self.db)?;
        for row in &rows {
            let dropped = transaction.execute(
                "DELETE FROM person_change WHERE person = ?1 AND draft = ?2",
                params![row.person.0, row.draft],
            )?;
            if dropped == 0 {
                return Err(OfficeError::NoSuchChange);
            }
            transaction.execute("DELETE FROM content WHERE no = ?1", [row.content])?;
        }
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        self.remove_spare_keys(&rows.iter().filter_map(|row| key_in(&row.draft)).collect::<Vec<_>>())
    }

    /// Removes the files of keys that were made for something that did not come about,
    /// and were given to nobody.
    pub(crate) fn remove_spare_keys(&self, keys: &[PublicKey]) -> Result<()> {
        let people = self.people()?;
        for key in keys.iter().filter(|key| !people.iter().any(|person| person.member.key == **key)) {
            // Best effort: a key that nobody was given is only a spare file.
            let _ = std::fs::remove_file(self.folder.key_file(key));
        }
        Ok(())
    }
}

/// The key that a draft would give somebody.
fn key_in(draft: &[u8]) -> Option<PublicKey> {
    match Statement::parse_pending(draft).ok()?.act {
        Act::Member(membership) => Some(membership.member.key),
        _ => None,
    }
}

/// Drops what waits about somebody; gives the keys that it would have given.
pub(crate) fn drop_waiting(db: &Connection, person: &Id) -> Result<Vec<PublicKey>> {
    let mut query = db.prepare("DELETE FROM person_change WHERE person = ?1 RETURNING draft, content")?;
    let rows = query.query_map([person.0], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))?;
    let mut keys = Vec::new();
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let (draft, content) = row;
        db.execute("DELETE FROM content WHERE no = ?1", [content])?;
        keys.extend(key_in(&draft));
    }
    Ok(keys)
}

/// What one confirmed change did.
struct Appended {
    person: Id,
    before: Option<Person>,
    key: PublicKey,
    returned: Vec<Id>,
}

/// The first admin signed it, and is one still.
fn check_proposer(pending: &Statement, roster: &Roster) -> Result<()> {
    let layer = pending.outermost();
    let (_, proposer) = roster.by_kid(&layer.header.kid).ok_or(Violation::NotInRoster)?;
    layer.verify(&proposer.key).map_err(|_| OfficeError::Damaged("the first admin's signature"))
}

/// What waits and was signed by whom a person was before: drafts go back, reviews are
/// dropped. Gives the records of the drafts.
pub(crate) fn settle(db: &Connection, person: &Id, state: &MemberState, now: u64) -> Result<Vec<Id>> {
    let returned = return_drafts(db, person, state, now)?;
    drop_reviews(db, person, state)?;
    Ok(returned)
}

/// What waits of a drafter who may not sign it any more goes back: nobody can
/// approve it.
fn return_drafts(db: &Connection, person: &Id, state: &MemberState, now: u64) -> Result<Vec<Id>> {
    let mut query = db.prepare(
        "SELECT r.id, s.record, s.draft FROM submission s JOIN record r ON r.no = s.record
         WHERE s.drafter = ?1 AND s.state = 'submitted'",
    )?;
    let mut rows = query.query([person.0])?;
    let mut returned = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(violation) = why_not_signed_any_more(&row.get::<_, Vec<u8>>(2)?, state) else { continue };
        db.prepare_cached(
            "UPDATE submission SET state = 'returned', returned = ?2, stale = ?3 WHERE record = ?1",
        )?
        .execute(params![row.get::<_, i64>(1)?, seconds(now), violation.code()])?;
        returned.push(id_of(&row.get::<_, Vec<u8>>(0)?)?);
    }
    Ok(returned)
}

fn why_not_signed_any_more(draft: &[u8], drafter: &MemberState) -> Option<Violation> {
    let kid = Statement::parse_pending(draft).ok()?.innermost().header.kid;
    if drafter.suspended || drafter.member.key.thumbprint() != kid {
        return Some(Violation::NotInRoster);
    }
    (!drafter.member.roles.contains(&Role::Drafter)).then_some(Violation::WrongRole)
}
