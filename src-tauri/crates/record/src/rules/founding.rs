//! The genesis, and what the founding key may do.

use super::{Decision, Delta, Enforced, Judge, View, Violation};
use crate::act::Genesis;
use crate::key::PublicKey;
use crate::statement::{Purpose, Statement};

impl<V: View> Judge<'_, V> {
    pub(super) fn found(&self, genesis: &Genesis) -> Result<Decision, Violation> {
        let origin = self.view.origin();
        // A register's genesis names the office that keeps it.
        let by_code = origin.is_register() || genesis.code == origin.code();
        let is_ours = genesis.realm == origin.realm() && by_code;
        self.enforced.require(is_ours, Violation::GenesisOrigin)?;
        let signer = founder(self.statement, genesis, self.enforced)?;
        self.enforced.require(genesis.keys.are_different(), Violation::Taken)?;
        Ok(Decision { delta: Delta::Founded(Box::new(genesis.clone())), signers: vec![signer] })
    }
}

/// One layer, in the name of the founding key. The signature is the caller's to
/// check.
///
/// # Errors
/// [`Violation::WrongLayers`], [`Violation::NotFounder`].
pub fn signed_by_founder(statement: &Statement, genesis: &Genesis) -> Result<(), Violation> {
    founder(statement, genesis, Enforced::all()).map(drop)
}

pub(super) fn founder(
    statement: &Statement,
    genesis: &Genesis,
    enforced: Enforced,
) -> Result<PublicKey, Violation> {
    let header = &statement.outermost().header;
    let alone = statement.layers.len() == 1 && header.purpose == Purpose::Approve;
    enforced.require(alone, Violation::WrongLayers)?;
    let is_founder = header.kid == genesis.keys.founding.thumbprint();
    enforced.require(is_founder, Violation::NotFounder)?;
    Ok(genesis.keys.founding)
}
