//! The file of a warrant: what the register answers to a request for an officer.
//!
//! ```text
//! { "yinxin": "warrant/v0", "warrant": {"proof": text, "roster": bstr, "statement": bstr} }
//! ```

use yinxin_record::act::Warrant;
use yinxin_record::cbor::{self, Fields, Value};

use super::error::RealmError;

/// The longest warrant, in bytes: it must fit into an entry.
pub const MAX_WARRANT: usize = 65_535;

const VERSION: &str = "warrant/v0";

const MAX_ITEMS: usize = 16;

/// The bytes of the file.
#[must_use]
pub fn warrant_bytes(warrant: &Warrant) -> Vec<u8> {
    cbor::encode(&Value::map([("yinxin", Value::text(VERSION)), ("warrant", warrant.to_value())]))
}

/// Reads the file; nothing of it is verified.
///
/// # Errors
/// [`RealmError::BadAnswer`].
pub fn parse_warrant(bytes: &[u8]) -> Result<Warrant, RealmError> {
    read(bytes).ok_or(RealmError::BadAnswer("file"))
}

fn read(bytes: &[u8]) -> Option<Warrant> {
    if cbor::has_more_items(bytes, MAX_ITEMS) {
        return None;
    }
    let mut fields = Fields::of(cbor::decode(bytes, MAX_WARRANT).ok()?).ok()?;
    fields.take("yinxin", |v| (v.as_text() == Some(VERSION)).then_some(())).ok()?;
    let warrant = fields.take("warrant", |value| Warrant::of_value(value.clone()).ok()).ok()?;
    fields.finish().ok()?;
    Some(warrant)
}
