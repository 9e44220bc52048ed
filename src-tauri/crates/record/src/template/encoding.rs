//! A template as JSON and as CBOR.
//!
//! People write JSON; what is signed and digested is CBOR. Both say the same
//! maps, arrays, texts, integers and booleans; neither says null. Reading CBOR
//! writes it again and compares, so that a template has one digest.

use super::{MAX_BYTES, Template, TemplateError};
use crate::Digest;
use crate::cbor::{self, Value};

/// The most bytes of JSON that are looked at: the same content with generous
/// white space and escapes.
const MAX_JSON: usize = 8 * MAX_BYTES;

impl Template {
    /// Reads and checks a template written as JSON.
    ///
    /// # Errors
    /// [`TemplateError`] names the first thing that is wrong.
    pub fn from_json(json: &str) -> Result<Self, TemplateError> {
        if json.len() > MAX_JSON {
            return Err(TemplateError::TooLarge { len: json.len(), max: MAX_JSON });
        }
        let template: Self = serde_json::from_str(json)
            .map_err(|error| TemplateError::NotJson { detail: error.to_string() })?;
        template.check()?;
        Ok(template)
    }

    /// The one CBOR encoding of this template.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        // Texts, integers, booleans, arrays and string-keyed maps always
        // become JSON values; `Null` would be refused by every reader.
        let json = serde_json::to_value(self).unwrap_or_default();
        cbor::encode(&cbor_of(&json).unwrap_or(Value::Null))
    }

    /// Reads and checks a template from its CBOR.
    ///
    /// # Errors
    /// [`TemplateError`] names the first thing that is wrong; bytes that say a
    /// template in another way than [`Template::to_cbor`] are refused too.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, TemplateError> {
        if bytes.len() > MAX_BYTES {
            return Err(TemplateError::TooLarge { len: bytes.len(), max: MAX_BYTES });
        }
        let refused = |detail: String| TemplateError::NotATemplate { detail };
        let json = json_of(cbor::decode(bytes, MAX_BYTES)?)
            .ok_or_else(|| refused("a kind of item that templates do not have".to_owned()))?;
        let template: Self = serde_json::from_value(json).map_err(|error| refused(error.to_string()))?;
        if template.to_cbor() != bytes {
            return Err(refused("not the encoding that a template has".to_owned()));
        }
        template.check()?;
        Ok(template)
    }

    /// The digest that acts name this version of the template by.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_cbor())
    }
}

fn cbor_of(json: &serde_json::Value) -> Option<Value> {
    Some(match json {
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => Value::Int(number.as_i64()?),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(cbor_of).collect::<Option<_>>()?),
        serde_json::Value::Object(members) => {
            let entry = |(key, value): (&String, _)| Some((Value::text(key), cbor_of(value)?));
            Value::Map(members.iter().map(entry).collect::<Option<_>>()?)
        }
        serde_json::Value::Null => return None,
    })
}

fn json_of(value: Value) -> Option<serde_json::Value> {
    Some(match value {
        Value::Bool(flag) => flag.into(),
        Value::Int(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Array(items) => items.into_iter().map(json_of).collect::<Option<Vec<_>>>()?.into(),
        Value::Map(entries) => {
            let entry = |(key, value): (Value, Value)| Some((key.as_text()?.to_owned(), json_of(value)?));
            serde_json::Value::Object(entries.into_iter().map(entry).collect::<Option<_>>()?)
        }
        Value::Bytes(_) | Value::Tag(..) | Value::Null => return None,
    })
}
