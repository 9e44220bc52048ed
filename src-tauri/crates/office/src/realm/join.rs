//! An office takes in what its register says of it.

use rusqlite::{Connection, OptionalExtension as _, params};
use yinxin_evidence::Admission;
use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::policy::Policy;
use yinxin_ledger::store::{self, StoredTiles};
use yinxin_ledger::tree;
use yinxin_record::act::{Act, Standing};
use yinxin_record::origin::Origin;
use yinxin_record::rules::OfficeState;
use yinxin_record::statement::Statement;

use super::answer::Answer;
use super::error::RealmError;
use super::keys;
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::export::Proofs;
use crate::keyring::{HostKeys, Locking, Passphrase};
use crate::office::{Office, check_head};
use crate::people::Unlocked;
use crate::state::load_roster_before;
use crate::state_of;
use crate::submit::seconds;
use crate::surroundings::Surroundings;

/// What taking an answer in has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// What the register says of the office.
    pub standing: Standing,
    /// Whether the host has new keys since.
    pub replaced: bool,
}

/// An answer that was taken in.
pub(crate) struct Admitted {
    pub(crate) answer: Answer,
    pub(crate) standing: Standing,
    pub(crate) policy: String,
}

impl Admitted {
    /// The office as the register knows it.
    pub(crate) fn state(&self) -> OfficeState {
        OfficeState {
            version: self.standing.version(),
            leaf: tree::leaf_hash(&self.answer.statement),
            standing: self.standing.clone(),
        }
    }
}

impl Office {
    /// Takes in what the register says of this office. `host` opens the host's
    /// keys where the register has certified new ones: these sign from now on.
    ///
    /// # Errors
    /// [`OfficeError::Realm`], [`OfficeError::AdminNeeded`],
    /// [`OfficeError::HostLocked`] and what reading and writing may fail with.
    pub fn join(
        &mut self,
        answer: &Answer,
        policy: &Policy,
        admin: &Unlocked,
        host: Option<(&Passphrase, Locking)>,
        surroundings: &dyn Surroundings,
    ) -> Result<Joined> {
        self.must_be_for(admin, Duty::JoinRealm)?;
        if self.origin.is_register() {
            return Err(RealmError::IsRegister.into());
        }
        let standing = answer.judge(&self.origin.register(), policy)?;
        let in_force = keys::in_force(&self.db, self.ledger)?;
        let is_kept = (in_force.log, in_force.receipt) == (standing.keys.log, standing.keys.receipt);
        let next = if is_kept { None } else { Some(self.certified_next(&standing, host)?) };
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.db, rusqlite::TransactionBehavior::Immediate)?;
        state_of::check(&transaction, self.ledger)?;
        self.check_ours(&transaction, &standing)?;
        store_answer(&transaction, answer, &standing, policy, surroundings.now())?;
        if let Some((next, ..)) = &next {
            check_head(&transaction, self.ledger, &self.origin)?;
            let head = store::head(&transaction, self.ledger)?;
            keys::replace(&transaction, &self.origin, &head, next)?;
        }
        transaction.commit()?;
        let replaced = next.is_some();
        if let Some((next, passphrase, locking)) = next {
            // Whatever fails now: the file holds both, and the ones in force are known.
            self.store_host_keys(&next, passphrase, locking)?;
            self.forget_recovery()?;
        }
        Ok(Joined { standing, replaced })
    }

    /// The keys that lie beside those in force, if the register certified them.
    fn certified_next<'a>(
        &self,
        standing: &Standing,
        host: Option<(&'a Passphrase, Locking)>,
    ) -> Result<(HostKeys, &'a Passphrase, Locking)> {
        let (passphrase, locking) = host.ok_or(OfficeError::HostLocked)?;
        let next = self.unlock_host(Some(passphrase))?.next.ok_or(RealmError::OtherKeys)?;
        if next.certified()? != standing.keys {
            return Err(RealmError::OtherKeys.into());
        }
        Ok((*next, passphrase, locking))
    }

    /// It is about this office, its ledger and its people, and newer than what was
    /// known.
    fn check_ours(&self, db: &Connection, standing: &Standing) -> Result<()> {
        let genesis = tree::leaf_hash(&store::entry(db, self.ledger, 0)?);
        if standing.code != self.origin.code() || standing.ledger != genesis {
            return Err(RealmError::OtherOffice(standing.name.clone()).into());
        }
        let (head, now) = (standing.head, store::head(db, self.ledger)?);
        let root =
            |size| tree::root(size, &StoredTiles::new(db, self.ledger)).map_err(store::StoreError::from);
        if head.size > now.size || root(head.size)? != head.root {
            return Err(RealmError::OtherHistory("head").into());
        }
        if load_roster_before(db, head.size)?.digest() != standing.roster {
            return Err(RealmError::OtherHistory("roster").into());
        }
        let known = admitted(db)?.map_or(0, |admitted| admitted.standing.version());
        if standing.version() <= known { Err(RealmError::NotNewer.into()) } else { Ok(()) }
    }

    /// What the register said of this office, as far as it was taken in.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn standing_in_realm(&self) -> Result<Option<Standing>> {
        Ok(self.admitted_to_realm()?.map(|admitted| admitted.standing))
    }

    pub(crate) fn admitted_to_realm(&self) -> Result<Option<Admitted>> {
        admitted(&self.db)
    }

    /// What evidence says of the office in its realm, under the head of `proofs`.
    pub(crate) fn admission(&self, db: &Connection, proofs: &Proofs<'_>) -> Result<Option<Admission>> {
        let Some(Admitted { answer, standing, .. }) = admitted(db)? else { return Ok(None) };
        let consistency = tree::consistency_proof(standing.head.size, proofs.head.size, &proofs.tiles);
        Ok(Some(Admission {
            statement: answer.statement,
            proof: answer.proof,
            roster: answer.roster,
            founding: load_roster_before(db, standing.head.size)?.to_bytes(),
            consistency: consistency.map_err(store::StoreError::from)?,
        }))
    }
}

/// The log key of the realm's register, by the policy that the latest answer was
/// taken in with.
pub(crate) fn register_key(db: &Connection, origin: &Origin) -> Result<Option<VerifierKey>> {
    let Some(admitted) = admitted(db)? else { return Ok(None) };
    let policy = Policy::parse(&admitted.policy).map_err(|_| OfficeError::Damaged("the realm's policy"))?;
    Ok(policy.log(&origin.register().to_string()).cloned())
}

/// The latest answer that was taken in.
pub(crate) fn admitted(db: &Connection) -> Result<Option<Admitted>> {
    let mut query = db.prepare_cached(
        "SELECT statement, proof, roster, policy FROM admission ORDER BY version DESC LIMIT 1",
    )?;
    let row = query
        .query_row([], |row| {
            let answer = Answer { statement: row.get(0)?, proof: row.get(1)?, roster: row.get(2)? };
            Ok((answer, row.get(3)?))
        })
        .optional()?;
    row.map(|(answer, policy)| Ok(Admitted { standing: standing_of(&answer.statement)?, answer, policy }))
        .transpose()
}

fn standing_of(statement: &[u8]) -> Result<Standing> {
    match Statement::parse(statement).map(|statement| statement.act) {
        Ok(Act::Office(standing)) => Ok(*standing),
        _ => Err(OfficeError::Damaged("what the register said")),
    }
}

fn store_answer(
    db: &Connection,
    answer: &Answer,
    standing: &Standing,
    policy: &Policy,
    now: u64,
) -> Result<()> {
    db.execute(
        "INSERT INTO admission (version, statement, proof, roster, policy, taken)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            standing.version(),
            answer.statement,
            answer.proof,
            answer.roster,
            policy.to_text(),
            seconds(now)
        ],
    )?;
    Ok(())
}
