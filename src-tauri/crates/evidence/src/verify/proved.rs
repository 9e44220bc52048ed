//! What is proved, once every check on contents, people and placement passed.

use yinxin_record::template::{Field, Keep};

use super::Missing;
use super::admission::person;
use super::case::Case;
use super::witnesses;
use crate::report::{AsOf, Kept, Known, Label, Proved, ProvedSigner, ProvedValue, ProvedWitness, Shown};

/// Reads the proved values out of the case.
pub(super) fn proved(case: &Case<'_>) -> Result<Proved, Missing> {
    let (checkpoint, genesis, template) = (case.checkpoint()?, case.genesis()?, case.template()?);
    let witnesses = witnesses::counted(case)?;
    Ok(Proved {
        origin: checkpoint.origin.clone(),
        office: genesis.name.clone(),
        office_code: genesis.code.clone(),
        record: case.statement()?.subject().to_string(),
        version: case.state()?.version,
        kind: template.name.clone(),
        label: label(&template.label),
        template_version: template.version,
        values: values(case)?,
        withheld: template.committed_fields().count().saturating_sub(case.disclosures()?.len()),
        signers: signers(case)?,
        position: case.proof()?.index,
        leaf: case.leaf.to_string(),
        size: checkpoint.size,
        root: checkpoint.root.to_string(),
        as_of: as_of(case, &witnesses)?,
        witnesses,
    })
}

fn label(label: &yinxin_record::template::Label) -> Label {
    Label { zh: label.zh.clone(), en: label.en.clone() }
}

fn values(case: &Case<'_>) -> Result<Vec<ProvedValue>, Missing> {
    let (content, disclosures) = (case.content()?, case.disclosures()?);
    let value = |field: &Field| {
        let (value, kept) = match field.keep {
            Keep::Open => (content.open.get(&field.key), Kept::Open),
            Keep::Committed => {
                let disclosed = disclosures.iter().find(|disclosure| disclosure.key == field.key);
                (disclosed.map(|disclosure| &disclosure.value), Kept::Disclosed)
            }
        };
        let value = Shown::of(value?)?;
        Some(ProvedValue { key: field.key.clone(), label: label(&field.label), value, kept })
    };
    Ok(case.template()?.fields.iter().filter_map(value).collect())
}

fn signers(case: &Case<'_>) -> Result<Vec<ProvedSigner>, Missing> {
    let roster = case.roster()?;
    let signer = |layer: &yinxin_record::statement::Layer| {
        let (id, _) = roster.by_kid(&layer.header.kid).ok_or(Missing("roster"))?;
        Ok(ProvedSigner {
            purpose: layer.header.purpose.as_str(),
            member: id.to_string(),
            name: person(case, &id, "name")?,
            post: person(case, &id, "post")?,
            time: layer.header.claims.iat,
        })
    };
    case.statement()?.layers.iter().map(signer).collect()
}

/// Own ledgers know best, then the owner; the checkpoint only shows what the
/// file chose to bring.
fn as_of(case: &Case<'_>, witnesses: &[ProvedWitness]) -> Result<AsOf, Missing> {
    let checkpoint = case.checkpoint()?;
    let own = case.known.and_then(|known| {
        known.log_key(&checkpoint.origin)?;
        known.size(&checkpoint.origin)
    });
    if let Some(size) = own.filter(|size| *size > case.proof().map_or(u64::MAX, |proof| proof.index)) {
        return Ok(AsOf { size, time: None, by: Known::Ledger });
    }
    if case.has_status {
        let claim = &case.status()?.claim;
        return Ok(AsOf { size: claim.base.size, time: Some(claim.time), by: Known::Claim });
    }
    let time = witnesses.iter().map(|witness| witness.time).max();
    Ok(AsOf { size: checkpoint.size, time, by: Known::Checkpoint })
}
