//! The answer to an invitation is taken, once somebody has typed the twenty digits
//! that the person read over the telephone.

use rusqlite::Connection;
use yinxin_record::digits::Digits;
use yinxin_record::invitation::Answer;
use yinxin_record::key::PublicKey;
use yinxin_record::{Digest, Id};

use super::admit::Admitted;
use super::change::{Anew, NewKey, Proposed};
use super::invitation_error::InvitationError;
use super::invite::{Authority, Inviter, Standing, TRIES, check_time, end};
use super::{Person, PersonChange, Unlocked};
use crate::content;
use crate::error::{OfficeError, Result};
use crate::office::Office;
use crate::surroundings::Surroundings;

/// An answer that is to be taken.
#[derive(Debug)]
pub struct Taking<'a> {
    /// Whose answer it is to be: the name in the invitation.
    pub name: &'a str,
    /// The bytes of its file.
    pub answer: &'a [u8],
    /// What the person read over the telephone, as it was typed.
    pub digits: &'a str,
}

/// What came of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The founding key admitted the person.
    Admitted(Box<Person>),
    /// The other admin is to confirm.
    Proposed(Proposed),
}

/// Which invitation goes with an act, and the answer to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered<'a> {
    nonce: Id,
    answer: &'a [u8],
}

impl Answered<'_> {
    /// The invitation is used from now on.
    pub(super) fn end(&self, db: &Connection) -> Result<()> {
        end(db, &self.nonce, "answered", Some(self.answer))
    }
}

impl Office {
    /// Judges an answer of the person called `name` in everything but the digits.
    ///
    /// # Errors
    /// [`InvitationError`] names the first thing that is wrong.
    pub fn check_answer(&self, name: &str, answer: &[u8], now: u64) -> Result<Standing> {
        self.read_answer(name, answer, now).map(|(_, standing)| standing)
    }

    fn read_answer(&self, name: &str, bytes: &[u8], now: u64) -> Result<(Answer, Standing)> {
        use InvitationError as E;
        let answer = Answer::parse(bytes).map_err(|_| E::AnswerUnreadable)?;
        if answer.origin != self.origin {
            let (found, own) = (answer.origin.to_string(), self.origin.to_string());
            return Err(E::OtherOffice { found, own }.into());
        }
        let row = self.invitation_row(&answer.nonce)?.ok_or(E::NoSuch)?;
        row.check_not_ended()?;
        let standing = self.standing(&row)?;
        let invitation = &standing.invitation;
        if invitation.name != name {
            return Err(E::OtherPerson { asked: name.to_owned(), found: invitation.name.clone() }.into());
        }
        check_time(invitation, now)?;
        let same = answer.member == invitation.member;
        if !same || answer.invitation != Digest::of(&invitation.to_bytes()) {
            return Err(E::Changed.into());
        }
        if !answer.is_proved() {
            return Err(E::Unproved.into());
        }
        if self.is_key_known(&answer.key)? {
            return Err(E::KeyUsed.into());
        }
        Ok((answer, standing))
    }

    /// Takes an answer: the founding key admits the person, or one admin proposes
    /// what the other confirms.
    ///
    /// # Errors
    /// [`InvitationError`]; as [`Office::propose`], and what writing may fail with.
    pub fn take_answer(
        &mut self,
        taking: &Taking<'_>,
        by: Inviter<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<Taken> {
        let Taking { name, answer: bytes, digits } = *taking;
        let (answer, standing) = match by {
            // Who may not, hears nothing about answers.
            Inviter::Admin(_) => {
                self.authority(by, None)?;
                self.read_answer(name, bytes, surroundings.now())?
            }
            Inviter::Founder(_) => self.read_answer(name, bytes, surroundings.now())?,
        };
        let person = standing.is_known.then_some(&standing.invitation.member);
        let authority = self.authority(by, person)?;
        let typed: Digits = digits.parse().map_err(|yinxin_record::digits::NotDigits { found }| {
            InvitationError::NotTwenty { found: found.unwrap_or(0) }
        })?;
        self.compare(&answer.nonce, typed, Digits::of_answer(bytes))?;
        let answered = Answered { nonce: answer.nonce, answer: bytes };
        let taken = match authority {
            Authority::Founder(keys) => {
                let admitted = Admitted::of(&standing.invitation, answer.key);
                let person = self.add_person(&admitted, &keys.0, &keys.1, Some(answered), surroundings)?;
                Taken::Admitted(Box::new(person))
            }
            Authority::Admin(admin) => Taken::Proposed(self.propose_answered(
                &standing,
                answer.key,
                admin,
                answered,
                surroundings,
            )?),
        };
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        Ok(taken)
    }

    /// Compares digits; counts other ones. Where that were too many, the
    /// invitation is used up.
    fn compare(&mut self, nonce: &Id, typed: Digits, right: Digits) -> Result<()> {
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.db, rusqlite::TransactionBehavior::Immediate)?;
        // Read within the transaction: tries that come together are all counted.
        let row = self.invitation_row(nonce)?.ok_or(InvitationError::NoSuch)?;
        row.check_not_ended()?;
        if typed == right {
            return Ok(());
        }
        let wrong = row.wrong.saturating_add(1);
        transaction.execute(
            "UPDATE invitation SET wrong = ?2 WHERE nonce = ?1",
            rusqlite::params![nonce.0, wrong],
        )?;
        let left = TRIES.saturating_sub(wrong);
        if left == 0 {
            end(&transaction, nonce, "used_up", None)?;
        }
        transaction.commit()?;
        content::destroy_dropped(&mut self.db, &mut self.content_keys);
        if left == 0 {
            return Err(InvitationError::UsedUp.into());
        }
        Err(InvitationError::OtherDigits { left }.into())
    }

    fn propose_answered(
        &mut self,
        standing: &Standing,
        key: PublicKey,
        admin: &Unlocked,
        answered: Answered<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<Proposed> {
        let invitation = &standing.invitation;
        let now = standing.is_known.then(|| self.person_with(&invitation.member)).transpose()?;
        let anew = Anew {
            name: &invitation.name,
            post: invitation.post.as_deref(),
            roles: invitation.roles.clone(),
            acting: now.as_ref().and_then(|now| now.member.acting),
            suspended: false,
            key: NewKey::Made(key),
        };
        self.check_anew(now.as_ref(), &anew)?;
        let prepared = self.prepare(invitation.member, key, &anew, admin, surroundings)?;
        let proposed = self.store_proposals(&[prepared], None, Some(answered), admin, surroundings.now())?;
        proposed.into_iter().next().ok_or(OfficeError::NoSuchChange)
    }

    /// The digits of the answer that brought `key` for `person`, if one did.
    pub(super) fn digits_of(&self, person: &Id, key: &PublicKey) -> Result<Option<Digits>> {
        let mut query = self
            .db
            .prepare_cached("SELECT answer FROM invitation WHERE person = ?1 AND answer IS NOT NULL")?;
        let mut rows = query.query([person.0])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(0)?;
            if Answer::parse(&bytes).is_ok_and(|answer| answer.key == *key) {
                return Ok(Some(Digits::of_answer(&bytes)));
            }
        }
        Ok(None)
    }

    /// Whether the office, or anybody in it, has or had this key, or would have it.
    fn is_key_known(&self, key: &PublicKey) -> Result<bool> {
        let waits = |change: &PersonChange| change.after.member.key == *key;
        Ok(self.is_key_taken(key)? || self.changes()?.iter().any(waits))
    }
}
