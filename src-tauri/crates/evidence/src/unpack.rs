//! Taking a file apart for other tools.
//!
//! ```text
//! statement.cose      the outermost layer: COSE_Sign1
//! draft.cose          the innermost layer
//! review.cose         the layer between, if there is one
//! proof.tlog-proof    C2SP tlog-proof
//! receipt.cose        a complete COSE Receipt (RFC 9942)
//! disclosures.json    [{"key", "value", "salt", "digest", "bytes"}], bytes in hex
//! keys.json           {"origin", "log": vkey, "receipt", "founding", "signers": {purpose: key},
//!                      "checkpoint", "root", "size", "index"}, keys in hex
//! ```
//!
//! Unpacking verifies nothing. The receipt is for tools that want one; it does
//! not authenticate the tree size.

use serde_json::{Map, json};
use yinxin_ledger::checkpoint::CheckpointError;
use yinxin_ledger::log_proof::{LogProof, LogProofError};
use yinxin_ledger::note::{KeyKind, VerifierKey, VerifierKeyError};
use yinxin_ledger::receipt::{self, ReceiptError};
use yinxin_record::act::{Act, CertifiedKeys, Genesis};
use yinxin_record::disclosure::{Disclosure, DisclosureError};
use yinxin_record::roster::{Roster, RosterError};
use yinxin_record::statement::{Purpose, Statement, StatementError};
use yinxin_record::{Coded, cbor::Value};

use crate::file::Evidence;

/// A file that cannot be taken apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnpackError {
    /// The statement or the genesis is unreadable.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// The proof is unreadable.
    #[error(transparent)]
    Proof(#[from] LogProofError),
    /// The checkpoint is unreadable.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The receipt is unreadable.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    /// A disclosure is unreadable.
    #[error(transparent)]
    Disclosure(#[from] DisclosureError),
    /// The roster is unreadable.
    #[error(transparent)]
    Roster(#[from] RosterError),
    /// The log key of the genesis is none.
    #[error(transparent)]
    LogKey(#[from] VerifierKeyError),
    /// Entry 0 is missing or no genesis.
    #[error("the genesis is missing")]
    NoGenesis,
    /// A signer is not in the roster.
    #[error("a signer is not in the roster")]
    UnknownSigner,
}

impl Coded for UnpackError {
    fn code(&self) -> &'static str {
        "evidence_cannot_unpack"
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("detail", self.to_string())]
    }
}

/// The files in `evidence`, by name.
///
/// # Errors
/// [`UnpackError`].
pub fn unpack(evidence: &Evidence) -> Result<Vec<(&'static str, Vec<u8>)>, UnpackError> {
    let statement = Statement::parse(&evidence.statement)?;
    let proof = LogProof::parse(&evidence.proof)?;
    let mut files = vec![("statement.cose", evidence.statement.clone())];
    for (name, purpose) in [("draft.cose", Purpose::Draft), ("review.cose", Purpose::Review)] {
        files.extend(statement.layer(purpose).map(|layer| (name, layer.bytes.clone())));
    }
    files.push(("proof.tlog-proof", evidence.proof.clone().into_bytes()));
    let size = proof.unverified()?.size;
    let receipt = receipt::with_proof(&evidence.receipt, size, proof.index, &proof.proof)?;
    files.push(("receipt.cose", receipt));
    files.push(("disclosures.json", disclosures(&evidence.disclosures)?));
    files.push(("keys.json", keys(evidence, &statement, &proof)?));
    Ok(files)
}

fn disclosures(items: &[Vec<u8>]) -> Result<Vec<u8>, UnpackError> {
    let one = |bytes: &Vec<u8>| {
        let disclosure = Disclosure::parse(bytes)?;
        let value = match &disclosure.value {
            Value::Text(text) => json!(text),
            Value::Int(n) => json!(n),
            Value::Bool(b) => json!(b),
            Value::Null | Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Tag(..) => json!(null),
        };
        Ok(json!({
            "key": disclosure.key,
            "value": value,
            "salt": hex::encode(disclosure.salt),
            "digest": disclosure.digest().to_string(),
            "bytes": hex::encode(bytes),
        }))
    };
    let list = items.iter().map(one).collect::<Result<Vec<_>, UnpackError>>()?;
    Ok(pretty(&json!(list)))
}

fn keys(evidence: &Evidence, statement: &Statement, proof: &LogProof) -> Result<Vec<u8>, UnpackError> {
    let (checkpoint, genesis) = (proof.unverified()?, genesis(evidence)?);
    let roster = Roster::parse(&evidence.roster)?;
    let mut signers = Map::new();
    for layer in &statement.layers {
        let (_, member) = roster.by_kid(&layer.header.kid).ok_or(UnpackError::UnknownSigner)?;
        signers.insert(layer.header.purpose.as_str().to_owned(), json!(member.key.to_string()));
    }
    let host = host_keys(evidence, &genesis)?;
    let log = VerifierKey::new(&checkpoint.origin, KeyKind::Ed25519, host.log)?;
    Ok(pretty(&json!({
        "origin": checkpoint.origin,
        "log": log.to_string(),
        "receipt": host.receipt.to_string(),
        "founding": genesis.keys.founding.to_string(),
        "signers": signers,
        "checkpoint": proof.checkpoint,
        "root": checkpoint.root.to_string(),
        "size": checkpoint.size,
        "index": proof.index,
    })))
}

/// Those that the register certifies, or else those of the genesis.
fn host_keys(evidence: &Evidence, genesis: &Genesis) -> Result<CertifiedKeys, UnpackError> {
    let Some(admission) = &evidence.admission else { return Ok(genesis.keys.host.clone()) };
    match Statement::parse(&admission.statement)?.act {
        Act::Office(standing) => Ok(standing.keys),
        _ => Ok(genesis.keys.host.clone()),
    }
}

fn genesis(evidence: &Evidence) -> Result<Genesis, UnpackError> {
    let first = evidence.entries.iter().find(|entry| entry.position == 0);
    match Statement::parse(&first.ok_or(UnpackError::NoGenesis)?.entry)?.act {
        Act::Genesis(genesis) => Ok(*genesis),
        _ => Err(UnpackError::NoGenesis),
    }
}

fn pretty(value: &serde_json::Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}
