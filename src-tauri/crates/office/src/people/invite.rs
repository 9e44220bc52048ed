//! Somebody is invited to make a key where they sit: the file that goes out, and
//! what the office remembers of it.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_ledger::{store, tree};
use yinxin_record::disclosure::Disclosure;
use yinxin_record::invitation::{Invitation, LONGEST};
use yinxin_record::key::SecretKey;
use yinxin_record::roster::{Role, may_be_held_together};
use yinxin_record::rules::Violation;
use yinxin_record::{Digest, Id};
use zeroize::Zeroizing;

use super::invitation_error::InvitationError;
use super::said::name_and_post;
use super::{Unlocked, check_name, text_of};
use crate::content;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::keyring::{HostKeys, Passphrase};
use crate::office::Office;
use crate::state::id_of;
use crate::submit::seconds;
use crate::surroundings::{Surroundings, random};

/// For how many days an invitation stands where nothing else is said.
pub const USUAL_DAYS: u64 = 14;

const DAY: u64 = 86_400;

/// By how much the clock may be behind the one that an invitation was made by.
const CLOCK_BEHIND: u64 = DAY;

/// How often other digits may be typed before an invitation is used up.
pub(super) const TRIES: u32 = 3;

/// Whom to invite.
#[derive(Debug)]
pub struct Inviting<'a> {
    /// Somebody who is there and is to have a new key; `None` for somebody new.
    pub person: Option<Id>,
    /// The name; unique within the office.
    pub name: &'a str,
    /// The post.
    pub post: Option<&'a str>,
    /// What the person is to do.
    pub roles: BTreeSet<Role>,
    /// For how many days it stands.
    pub days: u64,
}

/// In whose name somebody is invited, or an answer taken.
#[derive(Debug, Clone, Copy)]
pub enum Inviter<'a> {
    /// Whoever knows the host's passphrase, while the founding key admits.
    Founder(&'a Passphrase),
    /// One of the two admins; the other one confirms.
    Admin(&'a Unlocked),
}

/// What an inviter holds.
pub(super) enum Authority<'a> {
    Founder(Box<(SecretKey, HostKeys)>),
    Admin(&'a Unlocked),
}

/// An invitation that was neither answered nor withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What it says.
    pub invitation: Invitation,
    /// Whether the person is in the office already and is to have a new key.
    pub is_known: bool,
    /// Which admin made it; `None` if the founding key did.
    pub inviter: Option<Id>,
    /// How often the digits may be typed still.
    pub tries_left: u32,
}

/// A row of `invitation`.
pub(super) struct Row {
    pub nonce: Id,
    person: Id,
    roles: String,
    issued: i64,
    expires: i64,
    inviter: Option<Vec<u8>>,
    pub wrong: u32,
    ended: Option<String>,
    content: Option<i64>,
}

impl Row {
    fn read(row: &rusqlite::Row<'_>) -> Result<Self> {
        Ok(Self {
            nonce: id_of(&row.get::<_, Vec<u8>>("nonce")?)?,
            person: id_of(&row.get::<_, Vec<u8>>("person")?)?,
            roles: row.get("roles")?,
            issued: row.get("issued")?,
            expires: row.get("expires")?,
            inviter: row.get("inviter")?,
            wrong: row.get("wrong")?,
            ended: row.get("ended")?,
            content: row.get("content")?,
        })
    }

    pub(super) fn check_not_ended(&self) -> Result<(), InvitationError> {
        match self.ended.as_deref() {
            None => Ok(()),
            Some("withdrawn") => Err(InvitationError::Withdrawn),
            Some("used_up") => Err(InvitationError::UsedUp),
            Some(_) => Err(InvitationError::Used),
        }
    }
}

/// Refuses an invitation whose time has not come, or is over.
pub(super) fn check_time(invitation: &Invitation, now: u64) -> Result<(), InvitationError> {
    if now.saturating_add(CLOCK_BEHIND) < invitation.issued {
        return Err(InvitationError::ClockBehind);
    }
    if now > invitation.expires { Err(InvitationError::Expired) } else { Ok(()) }
}

/// Ends an invitation: its name and post go, its number stays, so that it is
/// known if it comes again.
pub(super) fn end(db: &Connection, nonce: &Id, how: &str, answer: Option<&[u8]>) -> Result<()> {
    let content: Option<i64> = db
        .prepare_cached("SELECT content FROM invitation WHERE nonce = ?1 AND ended IS NULL")?
        .query_row([nonce.0], |row| row.get(0))
        .optional()?
        .ok_or(InvitationError::NoSuch)?;
    db.prepare_cached("UPDATE invitation SET ended = ?2, answer = ?3, content = NULL WHERE nonce = ?1")?
        .execute(params![nonce.0, how, answer])?;
    db.prepare_cached("DELETE FROM content WHERE no = ?1")?.execute([content])?;
    Ok(())
}

impl Office {
    /// Invites somebody to make a key; gives the file that is to reach them.
    ///
    /// # Errors
    /// [`OfficeError::AdminNeeded`], [`OfficeError::FoundingOver`],
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::BadName`],
    /// [`OfficeError::NameTaken`], [`OfficeError::RolesTogether`],
    /// [`InvitationError::Days`], [`InvitationError::Stands`] and what writing may
    /// fail with.
    pub fn invite(
        &mut self,
        inviting: &Inviting<'_>,
        by: Inviter<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<(Invitation, Vec<u8>)> {
        self.authority(by, inviting.person.as_ref())?;
        let invitation = self.invitation(inviting, surroundings)?;
        let disclosures = name_and_post(inviting.name, inviting.post, surroundings);
        let encoded = disclosures.iter().map(Disclosure::to_bytes).collect();
        let key = Zeroizing::new(random(surroundings));
        let sealed = content::seal(invitation.member, &invitation.nonce.0, encoded, key)?;
        let key_no = content::store_keys(&mut self.content_keys, [&sealed])?[0];
        let transaction = Self::begin(&mut self.db)?;
        let content = content::store_set(&transaction, &sealed, key_no)?;
        let inviter = match by {
            Inviter::Founder(_) => None,
            Inviter::Admin(admin) => Some(admin.person.id.0),
        };
        store_invitation(&transaction, &invitation, inviter, content)?;
        transaction.commit()?;
        let bytes = invitation.to_bytes();
        Ok((invitation, bytes))
    }

    /// Whoever may invite, or take an answer, of somebody who is there or not.
    pub(super) fn authority<'a>(&self, by: Inviter<'a>, person: Option<&Id>) -> Result<Authority<'a>> {
        match by {
            Inviter::Admin(admin) => {
                self.must_be_for(admin, Duty::InvitePeople)?;
                Ok(Authority::Admin(admin))
            }
            Inviter::Founder(_) if !self.is_founding()? => Err(OfficeError::FoundingOver),
            Inviter::Founder(_) if person.is_some() => Err(Violation::FounderOnlyAdmits.into()),
            Inviter::Founder(passphrase) => {
                Ok(Authority::Founder(Box::new(self.unlock_founder_and_host(passphrase)?)))
            }
        }
    }

    /// What is to be said, provided that it can be.
    fn invitation(&self, inviting: &Inviting<'_>, surroundings: &dyn Surroundings) -> Result<Invitation> {
        let Inviting { person, name, post, roles, days } = inviting;
        check_name(name)?;
        post.map_or(Ok(()), check_name)?;
        if !may_be_held_together(roles) {
            return Err(OfficeError::RolesTogether);
        }
        let most = LONGEST / DAY;
        if !(1..=most).contains(days) {
            return Err(InvitationError::Days { days: *days, most }.into());
        }
        let member = person.map(|id| self.person_with(&id)).transpose()?.map(|person| person.id);
        self.check_name_is_free(name, member.as_ref())?;
        let now = surroundings.now();
        let is_same = |standing: &Standing| standing.invitation.name == *name;
        if self.invitations()?.iter().any(|one| is_same(one) && one.invitation.expires >= now) {
            return Err(InvitationError::Stands((*name).to_owned()).into());
        }
        Ok(Invitation {
            origin: self.origin.clone(),
            genesis: self.genesis_leaf()?,
            office: self.genesis()?.name,
            nonce: Id(random(surroundings)),
            member: member.unwrap_or_else(|| Id(random(surroundings))),
            name: (*name).to_owned(),
            post: post.map(str::to_owned),
            roles: roles.clone(),
            issued: now,
            expires: now.saturating_add(days * DAY),
        })
    }

    /// What tells this office's ledger from another one of the same origin.
    pub(super) fn genesis_leaf(&self) -> Result<Digest> {
        Ok(tree::leaf_hash(&store::entry(&self.db, self.ledger, 0)?))
    }

    /// The invitations that were neither answered nor withdrawn, the oldest first;
    /// also those whose time is over.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn invitations(&self) -> Result<Vec<Standing>> {
        let mut query =
            self.db.prepare_cached("SELECT * FROM invitation WHERE ended IS NULL ORDER BY issued, nonce")?;
        let mut rows = query.query([])?;
        let mut standing = Vec::new();
        while let Some(row) = rows.next()? {
            standing.push(self.standing(&Row::read(row)?)?);
        }
        Ok(standing)
    }

    /// The invitation with this number, ended or not.
    pub(super) fn invitation_row(&self, nonce: &Id) -> Result<Option<Row>> {
        let mut query = self.db.prepare_cached("SELECT * FROM invitation WHERE nonce = ?1")?;
        let mut rows = query.query([nonce.0])?;
        rows.next()?.map(Row::read).transpose()
    }

    /// What an invitation says that has not ended, put together again.
    pub(super) fn standing(&self, row: &Row) -> Result<Standing> {
        let damaged = || OfficeError::Damaged("an invitation");
        let content = row.content.ok_or_else(damaged)?;
        let said = content::load_set(&self.db, &self.content_keys, content, &row.nonce.0)?;
        let roles: Option<BTreeSet<Role>> = row.roles.split(' ').map(Role::of_word).collect();
        let is_known = match self.person_with(&row.person) {
            Ok(_) => true,
            Err(OfficeError::UnknownPerson(_)) => false,
            Err(error) => return Err(error),
        };
        Ok(Standing {
            invitation: Invitation {
                origin: self.origin.clone(),
                genesis: self.genesis_leaf()?,
                office: self.genesis()?.name,
                nonce: row.nonce,
                member: row.person,
                name: text_of(&said, "name").ok_or_else(damaged)?,
                post: text_of(&said, "post"),
                roles: roles.ok_or_else(damaged)?,
                issued: store::unsigned(row.issued)?,
                expires: store::unsigned(row.expires)?,
            },
            is_known,
            inviter: row.inviter.as_deref().map(id_of).transpose()?,
            tries_left: TRIES.saturating_sub(row.wrong),
        })
    }

    /// Withdraws the invitation with this number: no answer to it is taken.
    ///
    /// # Errors
    /// As [`Office::invite`]; [`InvitationError::NoSuch`], and that it has ended.
    pub fn withdraw_invitation(&mut self, nonce: &Id, by: Inviter<'_>) -> Result<()> {
        self.authority(by, None)?;
        self.invitation_row(nonce)?.ok_or(InvitationError::NoSuch)?.check_not_ended()?;
        let transaction = Self::begin(&mut self.db)?;
        end(&transaction, nonce, "withdrawn", None)?;
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(())
    }
}

fn store_invitation(
    db: &Connection,
    invitation: &Invitation,
    inviter: Option<[u8; 16]>,
    content: i64,
) -> Result<()> {
    let roles: Vec<&str> = invitation.roles.iter().map(|role| role.as_str()).collect();
    db.prepare_cached(
        "INSERT INTO invitation (nonce, person, roles, issued, expires, inviter, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        invitation.nonce.0,
        invitation.member.0,
        roles.join(" "),
        seconds(invitation.issued),
        seconds(invitation.expires),
        inviter,
        content
    ])?;
    Ok(())
}
