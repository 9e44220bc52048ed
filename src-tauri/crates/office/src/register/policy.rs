//! The realm's policy, as it follows from the entries of the register: its own log,
//! and where what retired and suspended keys signed ends to count.

use std::collections::BTreeMap;

use yinxin_ledger::note::VerifierKey;
use yinxin_ledger::policy::{CutOff, Policy};
use yinxin_record::Id;
use yinxin_record::act::{NumberedPolicy, Standing};
use yinxin_record::key::PublicKey;
use yinxin_record::origin::Origin;
use yinxin_record::statement::Base;

use crate::error::{OfficeError, Result};
use crate::office::log_vkey;

/// The policy after these standings, each office's in their order; nothing if the
/// latest one says the same.
pub(super) fn next(
    register: &Origin,
    key: &VerifierKey,
    standings: &[(Id, Standing)],
    latest: Option<&NumberedPolicy>,
) -> Result<Option<NumberedPolicy>> {
    let damaged = |_| OfficeError::Damaged("policy");
    let (number, before) = match latest {
        // Witnesses and whatever else two people have agreed on stay.
        Some(latest) => (latest.number + 1, Policy::parse(&latest.text).map_err(damaged)?),
        None => (1, Policy::of(1, std::slice::from_ref(key), &[], 0).map_err(damaged)?),
    };
    let cut_offs = cut_offs(register, standings)?;
    if latest.is_some() && cut_offs == before.cut_offs {
        return Ok(None);
    }
    let policy = Policy { number, cut_offs, ..before };
    Ok(Some(NumberedPolicy { number, text: policy.to_text() }))
}

/// One for every log key that was replaced or whose office is suspended: at the
/// head that the register saw then.
fn cut_offs(register: &Origin, standings: &[(Id, Standing)]) -> Result<Vec<CutOff>> {
    let mut latest: BTreeMap<Id, &Standing> = BTreeMap::new();
    let mut ended: Vec<(&str, PublicKey, Base)> = Vec::new();
    for (id, standing) in standings {
        let before = latest.insert(*id, standing);
        let retired = before.map(|before| before.keys.log).filter(|key| *key != standing.keys.log);
        ended.extend(retired.map(|key| (standing.code.as_str(), key, standing.head)));
    }
    let suspended = latest.values().filter(|standing| standing.suspended);
    ended.extend(suspended.map(|standing| (standing.code.as_str(), standing.keys.log, standing.head)));
    let cut_off = |(code, key, head): (&str, PublicKey, Base)| -> Result<CutOff> {
        let origin = Origin::new(register.realm(), code)?;
        Ok(CutOff { key: log_vkey(&origin.to_string(), key)?, size: head.size, root: head.root })
    };
    ended.into_iter().map(cut_off).collect()
}
