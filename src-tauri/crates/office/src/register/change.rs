//! What the register says of an office: one admin proposes it, the other confirms.
//!
//! With an office's act goes the realm's next policy, where that follows from it:
//! both are proposed, confirmed and written together.

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use yinxin_record::act::{Act, Appointment, NumberedPolicy, Standing, Successor};
use yinxin_record::digits::Digits;
use yinxin_record::rules::{Delta, OfficeState, Violation};
use yinxin_record::statement::{Claims, Statement, sign_draft};
use yinxin_record::{Digest, Id};

use super::offices::RegisteredOffice;
use super::policy;
use super::stored::{
    latest_policy, office_acts, office_state, store_appointment, store_office, store_policy,
};
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::keyring::HostKeys;
use crate::office::{Office, append_entry};
use crate::people::Unlocked;
use crate::realm::{AppointmentRequest, Presented, PresentedPerson, RealmError, Request};
use crate::state::{LedgerView, id_of, load_roster};
use crate::submit::seconds;
use crate::surroundings::{Surroundings, random};

/// What is to be said of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It is in the realm, or its people are compared anew.
    Admitted(Box<Request>),
    /// Its host has other keys.
    Rotated(Box<Request>),
    /// It is back after it was suspended.
    Readmitted(Box<Request>),
    /// Nothing that it signs beyond its cut-off counts.
    Suspended(Ended),
    /// The same, and other offices follow it.
    Succeeded(Ended, Vec<String>),
    /// Somebody is to be an officer of it.
    Appointed(Box<AppointmentRequest>),
}

/// An office that is suspended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Which office, by code.
    pub code: String,
    /// What it has shown, if that is more than the register knows: the cut-off is
    /// where this ends.
    pub request: Option<Box<Request>>,
}

/// A change that waits for the other admin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingChange {
    /// The office's id in the register.
    pub office: Id,
    /// What the register says of it now.
    pub before: Option<RegisteredOffice>,
    /// What it would say.
    pub after: Standing,
    /// Its people, if it has shown them.
    pub presented: Option<Presented>,
    /// The twenty digits of what it has shown: the office reads the same.
    pub digits: Option<Digits>,
    /// The policy that would follow, if it is another one.
    pub policy: Option<NumberedPolicy>,
    /// Whom it would appoint, if that is all that it says.
    pub officer: Option<WaitingOfficer>,
    /// Who proposed it, by member id.
    pub proposer: Id,
    /// When: seconds since 1970.
    pub proposed: u64,
    /// The digest of the first admin's signed layer: what is confirmed.
    pub draft: Digest,
}

/// Somebody who waits to be appointed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingOfficer {
    /// Who.
    pub person: PresentedPerson,
    /// Whether the office has this person already, with another key or role.
    pub is_known: bool,
    /// The code of the office that lends this person, if one does.
    pub lender: Option<String>,
}

/// What is to be signed, before anybody has.
struct Saying {
    office: Id,
    act: Act,
    policy: Option<NumberedPolicy>,
    request: Option<Vec<u8>>,
}

struct Row {
    office: Id,
    draft: Vec<u8>,
    policy: Option<Vec<u8>>,
    request: Option<Vec<u8>>,
    proposer: Id,
    proposed: i64,
}

impl Office {
    /// Proposes what the register is to say of an office. Gives what waits then.
    ///
    /// # Errors
    /// [`OfficeError::Realm`], [`OfficeError::AdminNeeded`] and what reading and
    /// writing may fail with.
    pub fn propose_office(
        &mut self,
        said: &Said,
        admin: &Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<WaitingChange> {
        self.must_be_register()?;
        self.must_be_for(admin, Duty::ProposeOffice)?;
        let saying = self.saying(said, surroundings)?;
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        if change_row(&transaction)?.is_some() {
            return Err(RealmError::ChangeWaits.into());
        }
        let sign = |act: &Act, sub: Id| {
            let claims = Claims { iss: self.origin.to_string(), sub, iat: surroundings.now() };
            sign_draft(act, claims, &admin.key)
        };
        let Saying { office, act, policy, request } = saying;
        let draft = sign(&act, office)?;
        let policy = policy.map(|policy| sign(&Act::Policy(policy), Id(random(surroundings)))).transpose()?;
        transaction.execute(
            "INSERT INTO register_change (one, office, draft, policy, request, proposer, proposed)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
            params![office.0, draft, policy, request, admin.person.id.0, seconds(surroundings.now())],
        )?;
        transaction.commit()?;
        self.office_change()?.ok_or(OfficeError::Damaged("what was proposed"))
    }

    /// The change that waits, if there is one.
    ///
    /// # Errors
    /// [`RealmError::NotRegister`] and what reading may fail with.
    pub fn office_change(&self) -> Result<Option<WaitingChange>> {
        self.must_be_register()?;
        change_row(&self.db)?.map(|row| self.waiting_change(&row)).transpose()
    }

    fn waiting_change(&self, row: &Row) -> Result<WaitingChange> {
        let draft = pending(&row.draft)?;
        if draft.subject() != row.office {
            return Err(damaged());
        }
        match draft.act {
            Act::Office(standing) => self.waiting_standing(row, *standing),
            Act::Appoint(appointment) => self.waiting_officer(row, &appointment),
            _ => Err(damaged()),
        }
    }

    /// Nothing that the register says of the office changes but for its people.
    fn waiting_officer(&self, row: &Row, appointment: &Appointment) -> Result<WaitingChange> {
        let known = office_state(&self.db, &row.office)?.ok_or_else(damaged)?;
        let request = AppointmentRequest::parse(row.request.as_deref().ok_or_else(damaged)?)?;
        // Judged once more: the second admin relies on nothing that the first did.
        let person = request.judge(self.origin.realm(), &known)?;
        if row.policy.is_some() || request.appointment()? != *appointment {
            return Err(damaged());
        }
        self.check_lender(appointment)?;
        let officer = WaitingOfficer {
            person,
            is_known: appointment.member.follows.is_some(),
            lender: appointment.lender.clone(),
        };
        Ok(WaitingChange {
            office: row.office,
            before: self.offices()?.into_iter().find(|office| office.id == row.office),
            after: known.standing,
            presented: None,
            digits: Some(request.digits()),
            policy: None,
            officer: Some(officer),
            proposer: row.proposer,
            proposed: u64::try_from(row.proposed).unwrap_or_default(),
            draft: Digest::of(&row.draft),
        })
    }

    fn waiting_standing(&self, row: &Row, after: Standing) -> Result<WaitingChange> {
        let policy = match row.policy.as_deref().map(pending).transpose()?.map(|pending| pending.act) {
            None => None,
            Some(Act::Policy(policy)) => Some(policy),
            Some(_) => return Err(damaged()),
        };
        let known = office_state(&self.db, &row.office)?;
        let request = row.request.as_deref().map(Request::parse).transpose()?;
        let digits = request.as_ref().map(Request::digits);
        // Judged once more: the second admin relies on nothing that the first did.
        let key = self.vkey()?;
        let judged = request.map(|request| request.judge(self.origin.realm(), known.as_ref(), Some(&key)));
        let presented = judged.transpose()?;
        let before = self.offices()?.into_iter().find(|office| office.id == row.office);
        let draft = Digest::of(&row.draft);
        let (proposer, proposed) = (row.proposer, u64::try_from(row.proposed).unwrap_or_default());
        Ok(WaitingChange {
            office: row.office,
            before,
            after,
            presented,
            digits,
            policy,
            officer: None,
            proposer,
            proposed,
            draft,
        })
    }

    /// Confirms the change that `draft` names: it is in the ledger then. Gives the
    /// office as it stands.
    ///
    /// # Errors
    /// [`RealmError::NoChange`] if another one waits, [`OfficeError::Rule`] and
    /// what reading and writing may fail with.
    pub fn confirm_office(
        &mut self,
        draft: &Digest,
        admin: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<RegisteredOffice> {
        self.must_be_register()?;
        self.must_be_for(admin, Duty::ConfirmOffice)?;
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let row = change_row(&transaction)?.filter(|row| Digest::of(&row.draft) == *draft);
        let row = row.ok_or(OfficeError::Realm(RealmError::NoChange))?;
        // What is confirmed must be what the request shows, as it was when proposed.
        self.check_said(&transaction, &self.waiting_change(&row)?)?;
        for bytes in [Some(&row.draft), row.policy.as_ref()].into_iter().flatten() {
            self.write(&transaction, pending(bytes)?, admin, host, surroundings)?;
        }
        transaction.execute("DELETE FROM register_change", [])?;
        transaction.commit()?;
        let confirmed = self.offices()?.into_iter().find(|office| office.id == row.office);
        confirmed.ok_or(OfficeError::Damaged("an office's row"))
    }

    /// Drops what waits.
    ///
    /// # Errors
    /// [`RealmError::NoChange`], [`OfficeError::AdminNeeded`].
    pub fn drop_office_change(&mut self, draft: &Digest, admin: &Unlocked) -> Result<()> {
        self.must_be_register()?;
        self.must_be_for(admin, Duty::DropOffice)?;
        let transaction = Self::begin(&mut self.db)?;
        let waits = change_row(&transaction)?.filter(|row| Digest::of(&row.draft) == *draft);
        waits.ok_or(OfficeError::Realm(RealmError::NoChange))?;
        transaction.execute("DELETE FROM register_change", [])?;
        transaction.commit()?;
        Ok(())
    }

    /// The act that says it, and what follows from it.
    fn saying(&self, said: &Said, surroundings: &dyn Surroundings) -> Result<Saying> {
        if let Said::Appointed(request) = said {
            return self.appointing(request);
        }
        let (office, standing, request) = self.standing_said(said, surroundings)?;
        let policy = self.policy_after(&self.db, &office, &standing)?;
        let request = request.map(Request::to_bytes);
        Ok(Saying { office, act: Act::Office(Box::new(standing)), policy, request })
    }

    fn appointing(&self, request: &AppointmentRequest) -> Result<Saying> {
        let appointment = request.appointment()?;
        let known = self.office_with_code(&appointment.code)?;
        let state = office_state(&self.db, &known.id)?.ok_or_else(damaged)?;
        request.judge(self.origin.realm(), &state)?;
        self.check_lender(&appointment)?;
        let act = Act::Appoint(Box::new(appointment));
        Ok(Saying { office: known.id, act, policy: None, request: Some(request.to_bytes()) })
    }

    /// An office that lends somebody is in the realm, and another one.
    fn check_lender(&self, appointment: &Appointment) -> Result<()> {
        let Some(lender) = &appointment.lender else { return Ok(()) };
        let office = self.office_with_code(lender)?;
        if *lender == appointment.code || office.standing.suspended {
            return Err(RealmError::WrongStanding(office.standing.name).into());
        }
        Ok(())
    }

    /// Of what changes how an office stands: which office it is about, and what that
    /// has shown.
    fn standing_said<'a>(
        &self,
        said: &'a Said,
        surroundings: &dyn Surroundings,
    ) -> Result<(Id, Standing, Option<&'a Request>)> {
        match said {
            Said::Admitted(request) | Said::Rotated(request) | Said::Readmitted(request) => {
                let (known, standing) = self.asked(request)?;
                let suspended = known.as_ref().is_some_and(|known| known.standing.suspended);
                if suspended != matches!(said, Said::Readmitted(_)) {
                    return Err(RealmError::WrongStanding(standing.name).into());
                }
                if matches!(said, Said::Rotated(_)) && request.keys.is_none() {
                    return Err(RealmError::NoKeysAsked.into());
                }
                if matches!(said, Said::Admitted(_)) && request.keys.is_some() {
                    return Err(RealmError::KeysAsked.into());
                }
                let id = known.map_or_else(|| Id(random(surroundings)), |known| known.id);
                Ok((id, standing, Some(request)))
            }
            Said::Suspended(ended) => self.ended(ended, &[]),
            Said::Succeeded(ended, successors) => self.ended(ended, successors),
            Said::Appointed(_) => Err(damaged()),
        }
    }

    fn ended<'a>(
        &self,
        ended: &'a Ended,
        successors: &[String],
    ) -> Result<(Id, Standing, Option<&'a Request>)> {
        let known = self.office_with_code(&ended.code)?;
        let mut standing = match &ended.request {
            Some(request) => self.asked(request)?.1,
            None => Standing { follows: self.follows(&known.id)?, ..known.standing.clone() },
        };
        if standing.code != ended.code {
            return Err(RealmError::OtherOffice(standing.name).into());
        }
        if known.standing.suspended && known.standing.successors == *successors {
            return Err(RealmError::WrongStanding(known.standing.name).into());
        }
        standing.suspended = true;
        standing.successors = self.checked_successors(&ended.code, successors)?;
        Ok((known.id, standing, ended.request.as_deref()))
    }

    /// What a request asks the register to say, and what is known of the office.
    fn asked(&self, request: &Request) -> Result<(Option<RegisteredOffice>, Standing)> {
        let known = self.offices()?.into_iter().find(|office| request.is_from(&office.standing.code));
        let state = known.as_ref().map(|known| office_state(&self.db, &known.id)).transpose()?.flatten();
        let presented = request.judge(self.origin.realm(), state.as_ref(), Some(&self.vkey()?))?;
        let follows = state.map(|known| Successor { version: known.version + 1, previous: known.leaf });
        let standing = presented.standing(follows);
        let same = |known: &Standing| Standing { follows: known.follows, ..standing.clone() } == *known;
        if known.as_ref().is_some_and(|known| same(&known.standing)) {
            return Err(RealmError::NothingChanges(standing.name).into());
        }
        Ok((known, standing))
    }

    fn follows(&self, id: &Id) -> Result<Option<Successor>> {
        let known = office_state(&self.db, id)?;
        Ok(known.map(|known| Successor { version: known.version + 1, previous: known.leaf }))
    }

    /// Offices of the register, sorted, none twice and not the office itself.
    fn checked_successors(&self, code: &str, successors: &[String]) -> Result<Vec<String>> {
        let mut sorted = successors.to_vec();
        sorted.sort();
        sorted.dedup();
        for successor in &sorted {
            let office = self.office_with_code(successor)?;
            if successor == code || office.standing.suspended {
                return Err(RealmError::WrongStanding(office.standing.name).into());
            }
        }
        Ok(sorted)
    }

    /// The policy that follows, if it is another one than the latest.
    fn policy_after(&self, db: &Connection, id: &Id, standing: &Standing) -> Result<Option<NumberedPolicy>> {
        let mut standings: Vec<(Id, Standing)> =
            office_acts(db)?.into_iter().map(|act| (act.office, act.state.standing)).collect();
        standings.push((*id, standing.clone()));
        policy::next(&self.origin, &self.vkey()?, &standings, latest_policy(db)?.as_ref())
    }

    /// What would be said is what the office has shown, or that it is suspended as it
    /// is known; and the policy is the one that follows. Nothing else is for the
    /// first admin to decide.
    fn check_said(&self, db: &Connection, change: &WaitingChange) -> Result<()> {
        if change.officer.is_some() {
            // It is the request's, word for word, and nothing follows.
            return Ok(());
        }
        let after = &change.after;
        let shown = match (&change.presented, &change.before) {
            (Some(presented), _) => presented.standing(after.follows),
            (None, Some(before)) if after.suspended => before.standing.clone(),
            (None, _) => return Err(damaged()),
        };
        let shown = Standing {
            suspended: after.suspended,
            successors: after.successors.clone(),
            follows: after.follows,
            ..shown
        };
        let policy = self.policy_after(db, &change.office, after)?;
        let holds = shown == *after && policy == change.policy;
        if holds { Ok(()) } else { Err(damaged()) }
    }

    /// Signs as second admin and appends.
    fn write(
        &self,
        db: &Connection,
        pending: Statement,
        admin: &Unlocked,
        host: &HostKeys,
        surroundings: &dyn Surroundings,
    ) -> Result<()> {
        let layer = pending.outermost();
        let roster = load_roster(db)?;
        let (_, proposer) = roster.by_kid(&layer.header.kid).ok_or(Violation::NotInRoster)?;
        layer.verify(&proposer.key).map_err(|_| OfficeError::Damaged("the first admin's signature"))?;
        let claims = Claims { iss: self.origin.to_string(), sub: pending.subject(), iat: surroundings.now() };
        let anchor = LedgerView::load(db, self.ledger, &self.origin)?.anchor()?;
        let entry = pending.approved(claims, anchor, &admin.key)?.bytes().to_vec();
        let (delta, position) = append_entry(db, self.ledger, &self.origin, entry, host)?;
        store_delta(db, &delta, position)
    }
}

/// Takes in what an entry of the register changed.
pub(crate) fn store_delta(db: &Connection, delta: &Delta, position: u64) -> Result<()> {
    match delta {
        Delta::Office(id, state) => {
            let state: &OfficeState = state;
            store_office(db, id, position, state)
        }
        Delta::Policy(policy) => store_policy(db, position, policy),
        Delta::Appointed(id, appointment) => store_appointment(db, id, position, appointment),
        Delta::Founded(_) | Delta::Member(..) | Delta::Record(..) => {
            Err(OfficeError::Damaged("an entry of the register"))
        }
    }
}

fn damaged() -> OfficeError {
    OfficeError::Damaged("a stored change of the register")
}

fn pending(draft: &[u8]) -> Result<Statement> {
    Statement::parse_pending(draft).map_err(|_| damaged())
}

fn change_row(db: &Connection) -> Result<Option<Row>> {
    let mut query =
        db.prepare_cached("SELECT office, draft, policy, request, proposer, proposed FROM register_change")?;
    let row = query
        .query_row([], |row| {
            let (office, proposer): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(4)?);
            Ok((office, row.get(1)?, row.get(2)?, row.get(3)?, proposer, row.get(5)?))
        })
        .optional()?;
    let of = |(office, draft, policy, request, proposer, proposed): (Vec<u8>, _, _, _, Vec<u8>, _)| {
        let (office, proposer) = (id_of(&office)?, id_of(&proposer)?);
        Ok(Row { office, draft, policy, request, proposer, proposed })
    };
    row.map(of).transpose()
}
