//! The answer: what the register says of an office, with the proof.
//!
//! ```text
//! { "proof": text, "roster": bstr, "yinxin": "admission/v0", "statement": bstr }
//! ```

use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::log_proof::LogProof;
use yinxin_ledger::policy::Policy;
use yinxin_ledger::tree::leaf_hash;
use yinxin_record::Digest;
use yinxin_record::act::{Act, Standing};
use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::origin::Origin;
use yinxin_record::roster::Roster;
use yinxin_record::rules;
use yinxin_record::statement::Statement;

use super::error::RealmError;

/// The longest answer, in bytes.
pub const MAX_ANSWER: usize = 4 << 20;

const VERSION: &str = "admission/v0";

/// Five texts and byte strings, and what names them.
const MAX_ITEMS: usize = 16;

/// An answer, read; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The entry of the register: `office`.
    pub(crate) statement: Vec<u8>,
    /// Its tlog-proof, with the register's checkpoint.
    pub(crate) proof: String,
    /// The register's roster, which the entry names.
    pub(crate) roster: Vec<u8>,
}

impl Answer {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&Value::map([
            ("proof", Value::text(self.proof.as_str())),
            ("roster", Value::bytes(&self.roster)),
            ("yinxin", Value::text(VERSION)),
            ("statement", Value::bytes(&self.statement)),
        ]))
    }

    /// Reads an answer.
    ///
    /// # Errors
    /// [`RealmError::BadAnswer`].
    pub fn parse(bytes: &[u8]) -> Result<Self, RealmError> {
        read(bytes).ok_or(RealmError::BadAnswer("file"))
    }

    /// Checks that the register of `policy` says this; gives what it says.
    ///
    /// # Errors
    /// [`RealmError::RegisterUnknown`], [`RealmError::BadAnswer`].
    pub(crate) fn judge(&self, register: &Origin, policy: &Policy) -> Result<Standing, RealmError> {
        let origin = register.to_string();
        let key = policy.log(&origin).ok_or_else(|| RealmError::RegisterUnknown(origin.clone()))?;
        let bad = RealmError::BadAnswer;
        let proof = LogProof::parse(&self.proof).map_err(|_| bad("proof"))?;
        let (checkpoint, _) = Checkpoint::open(&proof.checkpoint, key).map_err(|_| bad("checkpoint"))?;
        proof.check(&leaf_hash(&self.statement), &checkpoint).map_err(|_| bad("proof"))?;
        let statement = Statement::parse(&self.statement).map_err(|_| bad("statement"))?;
        let header = &statement.outermost().header;
        let named = header.anchor.as_ref().map(|anchor| anchor.roster);
        let known_rules = header.anchor.as_ref().is_some_and(|anchor| anchor.rules == rules::VERSION);
        if header.claims.iss != origin || named != Some(Digest::of(&self.roster)) || !known_rules {
            return Err(bad("statement"));
        }
        let roster = Roster::parse(&self.roster).map_err(|_| bad("roster"))?;
        let signers = rules::admins(&roster, &statement).map_err(|_| bad("signers"))?;
        if statement.layers.iter().zip(&signers).any(|(layer, key)| layer.verify(key).is_err()) {
            return Err(bad("signers"));
        }
        match statement.act {
            Act::Office(standing) => Ok(*standing),
            _ => Err(bad("statement")),
        }
    }
}

fn read(bytes: &[u8]) -> Option<Answer> {
    if cbor::has_more_items(bytes, MAX_ITEMS) {
        return None;
    }
    let mut fields = Fields::of(cbor::decode(bytes, MAX_ANSWER).ok()?).ok()?;
    fields.take("yinxin", |v| (v.as_text() == Some(VERSION)).then_some(())).ok()?;
    let bytes = |value: &Value| value.as_bytes().map(<[u8]>::to_vec);
    let answer = Answer {
        statement: fields.take("statement", bytes).ok()?,
        proof: fields.take("proof", |v| v.as_text().map(str::to_owned)).ok()?,
        roster: fields.take("roster", bytes).ok()?,
    };
    fields.finish().ok()?;
    Some(answer)
}
