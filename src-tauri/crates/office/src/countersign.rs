//! Before the next person signs: what is stored is what those before have signed.

use std::collections::HashMap;

use rusqlite::Connection;
use yinxin_ledger::store::LedgerId;
use yinxin_record::key::{Signer as _, Verifier};
use yinxin_record::origin::Origin;
use yinxin_record::roster::{Member, Roster};
use yinxin_record::rules::Violation;
use yinxin_record::statement::{Claims, Layer, Statement};
use yinxin_record::{Digest, Id};

use crate::content;
use crate::error::{OfficeError, Result};
use crate::office::check_head;
use crate::people::Unlocked;
use crate::queue::Waiting;
use crate::surroundings::Surroundings;

/// What every signature of a batch has in common.
pub(crate) struct Countersigning<'a> {
    origin: String,
    /// The key of everybody in the roster, decompressed once.
    keys: HashMap<Digest, Verifier>,
    pub signer: &'a Unlocked,
    iat: u64,
}

impl<'a> Countersigning<'a> {
    /// Refuses to build on a head that the log key did not sign.
    pub(crate) fn new(
        (db, ledger, origin): (&Connection, LedgerId, &Origin),
        roster: &Roster,
        signer: &'a Unlocked,
        surroundings: &dyn Surroundings,
    ) -> Result<Self> {
        check_head(db, ledger, origin)?;
        let prepared = |member: &Member| Some((member.key.thumbprint(), member.key.verifier().ok()?));
        Ok(Self {
            origin: origin.to_string(),
            keys: roster.iter().filter_map(|(_, member)| prepared(member)).collect(),
            signer,
            iat: surroundings.now(),
        })
    }

    /// What the next layer says of itself.
    pub(crate) fn claims(&self, record: Id) -> Claims {
        Claims { iss: self.origin.clone(), sub: record, iat: self.iat }
    }

    /// Recomputes everything that is signed from what is stored: form, the
    /// signatures so far, digests of the contents. Gives the layers so far.
    pub(crate) fn check(&self, waiting: &Waiting) -> Result<Statement> {
        let damaged = OfficeError::Damaged;
        let pending = Statement::parse_pending(waiting.so_far()).map_err(|_| damaged("a stored draft"))?;
        if pending.subject() != waiting.record || pending.outermost().header.claims.iss != self.origin {
            return Err(damaged("a stored draft is about something else"));
        }
        if pending.innermost().bytes != waiting.draft {
            return Err(damaged("a review of another draft"));
        }
        let (record, draft) = (waiting.record, &waiting.draft);
        if !content::holds(record, draft, &waiting.sealed, &waiting.key, pending.act.digests()) {
            return Err(damaged("contents are not those that were signed"));
        }
        pending.layers.iter().try_for_each(|layer| self.check_signed(layer))?;
        Ok(pending)
    }

    /// Somebody else of the roster signed the layer.
    fn check_signed(&self, layer: &Layer) -> Result<()> {
        let kid = layer.header.kid;
        if kid == self.signer.key.public_key().thumbprint() {
            return Err(Violation::SamePerson.into());
        }
        let key = self.keys.get(&kid).ok_or(Violation::NotInRoster)?;
        layer.verify_with(key).map_err(|_| OfficeError::Damaged("a signature on what waits"))
    }
}
