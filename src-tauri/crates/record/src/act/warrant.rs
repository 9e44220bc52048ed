//! The warrant: the register's appointment, as the appointed person carries it into
//! the office's ledger.
//!
//! ```text
//! { "proof": text, "roster": bstr, "statement": bstr }
//! ```

use super::{Act, Appointment};
use crate::cbor::{FieldError, Fields, Value};
use crate::digest::Digest;
use crate::origin::Origin;
use crate::roster::Roster;
use crate::rules;
use crate::statement::Statement;

/// An entry of the register, with the proof; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warrant {
    /// The entry: `appoint`.
    pub statement: Vec<u8>,
    /// Its tlog-proof, with the register's checkpoint.
    pub proof: String,
    /// The register's roster, which the entry names.
    pub roster: Vec<u8>,
}

impl Warrant {
    /// What both admins of the register of `realm` have signed, if they have. That
    /// the entry stands in the register only its `proof` shows.
    #[must_use]
    pub fn appointment(&self, realm: &str) -> Option<Appointment> {
        let statement = Statement::parse(&self.statement).ok()?;
        let header = &statement.outermost().header;
        let anchor = header.anchor.as_ref()?;
        let register = Origin::new(realm, crate::origin::REGISTER).ok()?;
        let is_its = header.claims.iss == register.to_string() && anchor.rules == rules::VERSION;
        (is_its && anchor.roster == Digest::of(&self.roster)).then_some(())?;
        let signers = rules::admins(&Roster::parse(&self.roster).ok()?, &statement).ok()?;
        let signed = statement.layers.iter().zip(&signers).all(|(layer, key)| layer.verify(key).is_ok());
        match statement.act {
            Act::Appoint(appointment) if signed => Some(*appointment),
            _ => None,
        }
    }

    /// The map that acts carry.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::map([
            ("proof", Value::text(self.proof.as_str())),
            ("roster", Value::bytes(&self.roster)),
            ("statement", Value::bytes(&self.statement)),
        ])
    }

    /// Reads what [`Warrant::to_value`] wrote.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn of_value(value: Value) -> Result<Self, FieldError> {
        let bytes = |value: &Value| value.as_bytes().map(<[u8]>::to_vec);
        let mut fields = Fields::of(value)?;
        let warrant = Self {
            statement: fields.take("statement", bytes)?,
            proof: fields.take("proof", |value| value.as_text().map(str::to_owned))?,
            roster: fields.take("roster", bytes)?,
        };
        fields.finish()?;
        Ok(warrant)
    }
}
