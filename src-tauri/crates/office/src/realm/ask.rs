//! An office asks its register: to be admitted, to have its people compared again,
//! or to have the keys of its host replaced.

use std::collections::BTreeSet;

use yinxin_evidence::Supporting;
use yinxin_ledger::store;
use yinxin_ledger::tree;
use yinxin_record::act::CertifiedKeys;
use yinxin_record::key::{Signature, Signer as _};

use super::error::RealmError;
use super::join::register_key;
use super::request::{Request, possession};
use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::export::Proofs;
use crate::keyring::{HostKeys, Locking, Passphrase};
use crate::office::Office;
use crate::people::Unlocked;
use crate::surroundings::Surroundings;

/// That the host's keys are to be replaced: what opens the present ones.
#[derive(Debug)]
pub struct Replacement<'a> {
    /// The host's passphrase.
    pub passphrase: &'a Passphrase,
    /// How the key file is made.
    pub locking: Locking,
}

impl Office {
    /// The request that the register judges. With `replace` the host gets new keys,
    /// which lie beside those in force until the register's answer is taken in;
    /// asked again, the same ones.
    ///
    /// # Errors
    /// [`RealmError::IsRegister`], [`RealmError::NoAdmins`],
    /// [`OfficeError::AdminNeeded`], [`OfficeError::WrongPassphrase`] and what
    /// reading and writing may fail with.
    pub fn request(
        &self,
        admin: &Unlocked,
        replace: Option<&Replacement<'_>>,
        surroundings: &dyn Surroundings,
    ) -> Result<Request> {
        self.must_be_for(admin, Duty::AskRegister)?;
        if self.origin.is_register() {
            return Err(RealmError::IsRegister.into());
        }
        let keys = replace.map(|replace| self.next_keys(replace, surroundings)).transpose()?;
        let snapshot = self.db.unchecked_transaction()?;
        let request = self.present(keys)?;
        snapshot.finish()?;
        // What the register would refuse is told here already.
        let known = self.admitted_to_realm()?.map(|admitted| admitted.state());
        request.judge(self.origin.realm(), known.as_ref(), register_key(&self.db, &self.origin)?.as_ref())?;
        Ok(request)
    }

    fn present(&self, keys: Option<(CertifiedKeys, [Signature; 4])>) -> Result<Request> {
        let proofs = Proofs::load(self, &self.db)?;
        let acts = self.acts_about_people()?;
        let mut positions: BTreeSet<u64> = acts.iter().map(|said| said.position).collect();
        positions.extend([0, proofs.head.size - 1]);
        let shown = |position: u64| -> Result<Supporting> {
            let entry = store::entry(&self.db, self.ledger, position)?;
            Ok(Supporting { position, entry, path: proofs.path(position)? })
        };
        let known = self.admitted_to_realm()?.map_or(0, |admitted| admitted.standing.head.size);
        let consistency = tree::consistency_proof(known, proofs.head.size, &proofs.tiles);
        Ok(Request {
            entries: positions.into_iter().map(shown).collect::<Result<_>>()?,
            people: acts.latest().flat_map(|said| said.disclosures.clone()).collect(),
            checkpoint: proofs.note.clone(),
            consistency: consistency.map_err(store::StoreError::from)?,
            keys,
        })
    }

    /// The keys that are to come, made if there are none, with what they sign.
    fn next_keys(
        &self,
        replace: &Replacement<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<(CertifiedKeys, [Signature; 4])> {
        let mut host = self.unlock_host(Some(replace.passphrase))?;
        let next = match &host.next {
            Some(next) => (**next).clone(),
            None => HostKeys::generate(surroundings),
        };
        host.next = Some(Box::new(next.clone()));
        self.store_host_keys(&host, replace.passphrase, replace.locking)?;
        let certified = next.certified()?;
        let message = possession(&self.origin.to_string(), &certified);
        let [log, receipt, transport, witness] = [&next.log, &next.receipt, &next.transport, &next.witness];
        let sign = |key: &yinxin_record::key::SecretKey| key.sign(&message).map_err(OfficeError::from);
        Ok((certified, [sign(log)?, sign(receipt)?, sign(transport)?, sign(witness)?]))
    }
}
