//! Who is in the register, and what is written for them.

use std::collections::BTreeSet;

use yinxin_ledger::store;
use yinxin_record::Id;
use yinxin_record::act::{Standing, Warrant};

use super::stored::{OfficeAct, appointments, latest_policy, office_acts};
use crate::error::{OfficeError, Result};
use crate::export::Proofs;
use crate::office::Office;
use crate::realm::{Answer, RealmError};
use crate::state::load_roster_before;

/// An office in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredOffice {
    /// Its id in the register.
    pub id: Id,
    /// What was last said of it.
    pub standing: Standing,
    /// Position of the latest act about it.
    pub position: u64,
}

impl Office {
    /// Whether this is a register.
    #[must_use]
    pub fn is_register(&self) -> bool {
        self.origin.is_register()
    }

    pub(crate) fn must_be_register(&self) -> Result<()> {
        if self.is_register() { Ok(()) } else { Err(RealmError::NotRegister.into()) }
    }

    /// Every office of the realm, by code.
    ///
    /// # Errors
    /// [`RealmError::NotRegister`] and what reading may fail with.
    pub fn offices(&self) -> Result<Vec<RegisteredOffice>> {
        self.must_be_register()?;
        let mut latest: Vec<OfficeAct> = Vec::new();
        for act in office_acts(&self.db)? {
            latest.retain(|known| known.office != act.office);
            latest.push(act);
        }
        latest.sort_by(|a, b| a.state.standing.code.cmp(&b.state.standing.code));
        let office = |act: OfficeAct| RegisteredOffice {
            id: act.office,
            standing: act.state.standing,
            position: act.position,
        };
        Ok(latest.into_iter().map(office).collect())
    }

    /// The office with this code.
    ///
    /// # Errors
    /// [`RealmError::UnknownOffice`], and as [`Office::offices`].
    pub fn office_with_code(&self, code: &str) -> Result<RegisteredOffice> {
        let found = self.offices()?.into_iter().find(|office| office.standing.code == code);
        Ok(found.ok_or_else(|| RealmError::UnknownOffice(code.to_owned()))?)
    }

    /// What the office with this code takes in: what was last said of it, with the
    /// proof under the register's latest checkpoint.
    ///
    /// # Errors
    /// As [`Office::office_with_code`].
    pub fn answer(&self, code: &str) -> Result<Answer> {
        let snapshot = self.db.unchecked_transaction()?;
        let position = self.office_with_code(code)?.position;
        let proof = Proofs::load(self, &snapshot)?.log_proof(position)?.to_text();
        let answer = Answer {
            statement: store::entry(&snapshot, self.ledger, position)?,
            proof,
            roster: load_roster_before(&snapshot, position)?.to_bytes(),
        };
        snapshot.finish()?;
        Ok(answer)
    }

    /// The offices in which the register has appointed somebody, by id.
    ///
    /// # Errors
    /// [`RealmError::NotRegister`] and what reading may fail with.
    pub fn appointed(&self) -> Result<BTreeSet<Id>> {
        self.must_be_register()?;
        Ok(appointments(&self.db)?.into_iter().map(|(_, office, _)| office).collect())
    }

    /// The warrant that the office with this code takes in: whom the register has
    /// appointed there last, with the proof under its latest checkpoint.
    ///
    /// # Errors
    /// [`RealmError::NobodyAppointed`], and as [`Office::office_with_code`].
    pub fn warrant(&self, code: &str) -> Result<Warrant> {
        let snapshot = self.db.unchecked_transaction()?;
        let office = self.office_with_code(code)?;
        let latest = appointments(&snapshot)?.into_iter().rev().find(|(_, id, _)| *id == office.id);
        let (position, ..) = latest.ok_or(RealmError::NobodyAppointed(office.standing.name))?;
        let warrant = Warrant {
            statement: store::entry(&snapshot, self.ledger, position)?,
            proof: Proofs::load(self, &snapshot)?.log_proof(position)?.to_text(),
            roster: load_roster_before(&snapshot, position)?.to_bytes(),
        };
        snapshot.finish()?;
        Ok(warrant)
    }

    /// The realm's latest policy, as a file.
    pub(crate) fn realm_policy(&self) -> Result<String> {
        let policy = latest_policy(&self.db)?.ok_or(OfficeError::Realm(RealmError::NoPolicy))?;
        Ok(policy.text)
    }
}
