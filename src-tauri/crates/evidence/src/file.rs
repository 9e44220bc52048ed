//! The `.yinxin` file: one deterministic CBOR map (`docs/FORMAT.md` §7).
//!
//! ```text
//! { "proof": text, "people": [* bstr], "roster": bstr, ? "status": bstr,
//!   "yinxin": "evidence/v0", "entries": [+ [position, entry, path]],
//!   "receipt": bstr, "template": bstr,
//!   ? "admission": { "proof": text, "roster": bstr, "founding": bstr,
//!                    "statement": bstr, "consistency": [* hash] },
//!   "statement": bstr, "disclosures": [* bstr] }
//! ```
//!
//! Reading takes the map apart and insists on its order and limits; what the
//! parts say is read by [`crate::verify`], which reports on each of them.
//! Every [`Evidence`] has one encoding, and only that one is read.

use yinxin_ledger::tree::{MAX_CONSISTENCY, MAX_INCLUSION};
use yinxin_record::cbor::{self, CborError, FieldError, Fields, Value};
use yinxin_record::{Coded, Digest};

/// The longest file, in bytes.
pub const MAX_BYTES: usize = 16 << 20;
/// The most disclosures.
pub const MAX_DISCLOSURES: usize = 1_000;
/// The most other entries.
pub const MAX_ENTRIES: usize = 64;
/// The most disclosures of member acts.
pub const MAX_PEOPLE: usize = 128;

/// What a file of this version says under `yinxin`.
pub const VERSION: &str = "evidence/v0";

/// More data items than any file within the other limits has. Read items take
/// more memory than their bytes, so they are counted first.
const MAX_ITEMS: usize = 16_384;

const KEYS: [&str; 11] = [
    "proof",
    "people",
    "roster",
    "status",
    "yinxin",
    "entries",
    "receipt",
    "template",
    "admission",
    "statement",
    "disclosures",
];

/// The parts of a file, as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The entry: `publish` or `amend`.
    pub statement: Vec<u8>,
    /// CBOR of the template that the act names.
    pub template: Vec<u8>,
    /// The chosen disclosures, sorted by digest.
    pub disclosures: Vec<Vec<u8>>,
    /// The tlog-proof, with the checkpoint and its cosignatures.
    pub proof: String,
    /// The roster that the statement names.
    pub roster: Vec<u8>,
    /// Other entries of the same ledger, by position.
    pub entries: Vec<Supporting>,
    /// Names and posts of the signers, sorted by digest.
    pub people: Vec<Vec<u8>>,
    /// The receipt, without proof.
    pub receipt: Vec<u8>,
    /// The owner's status claim.
    pub status: Option<Vec<u8>>,
    /// What the register of its realm says of the office.
    pub admission: Option<Admission>,
}

/// The office's admission to its realm, with the proof that the register says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The entry of the register: `office`.
    pub statement: Vec<u8>,
    /// The tlog-proof of that entry, with the register's checkpoint.
    pub proof: String,
    /// The register's roster, which the entry names.
    pub roster: Vec<u8>,
    /// The office's roster at the head that the entry names.
    pub founding: Vec<u8>,
    /// That this head and the file's checkpoint are of one ledger: the consistency
    /// proof from the smaller to the larger.
    pub consistency: Vec<Digest>,
}

/// Another entry of the ledger, with the proof that it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supporting {
    /// Where in the ledger.
    pub position: u64,
    /// The entry.
    pub entry: Vec<u8>,
    /// Its inclusion path to the root of the file's checkpoint.
    pub path: Vec<Digest>,
}

/// Why bytes are no evidence file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Something else altogether: it does not begin as a map with one of our
    /// keys. Whether it was altered cannot be said.
    #[error("not an evidence file")]
    NotEvidence,
    /// A version that this program does not read.
    #[error("evidence of another version: {0}")]
    OtherVersion(String),
    /// More bytes than [`MAX_BYTES`].
    #[error("{len} bytes, at most {MAX_BYTES} are read")]
    TooLong {
        /// Bytes given.
        len: usize,
    },
    /// More data items than any evidence file has.
    #[error("more data items than an evidence file has")]
    TooManyItems,
    /// Not deterministic CBOR.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not exactly the fields of an evidence file.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A list that is not sorted, or has something twice.
    #[error("{0} is not sorted or has something twice")]
    Order(&'static str),
}

impl Coded for FileError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotEvidence => "evidence_not_evidence",
            Self::OtherVersion(_) => "evidence_other_version",
            Self::TooLong { .. } => "evidence_too_long",
            Self::TooManyItems => "evidence_too_many_items",
            Self::Cbor(_) => "evidence_not_canonical",
            Self::Field(_) => "evidence_fields",
            Self::Order(_) => "evidence_order",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("detail", self.to_string())]
    }
}

impl Evidence {
    /// The bytes of the file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let list = |items: &[Vec<u8>]| Value::Array(items.iter().map(Value::bytes).collect());
        let mut map = vec![
            ("yinxin", Value::text(VERSION)),
            ("statement", Value::bytes(&self.statement)),
            ("template", Value::bytes(&self.template)),
            ("disclosures", list(&self.disclosures)),
            ("proof", Value::text(self.proof.as_str())),
            ("roster", Value::bytes(&self.roster)),
            ("entries", Value::Array(self.entries.iter().map(Supporting::to_value).collect())),
            ("people", list(&self.people)),
            ("receipt", Value::bytes(&self.receipt)),
        ];
        if let Some(status) = &self.status {
            map.push(("status", Value::bytes(status)));
        }
        if let Some(admission) = &self.admission {
            map.push(("admission", admission.to_value()));
        }
        cbor::encode(&Value::Map(map.into_iter().map(|(key, value)| (Value::text(key), value)).collect()))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`FileError::NotEvidence`] for what is something else; any other
    /// [`FileError`] for what begins as evidence and cannot be read.
    pub fn parse(bytes: &[u8]) -> Result<Self, FileError> {
        if !begins_as_evidence(bytes) {
            return Err(FileError::NotEvidence);
        }
        if bytes.len() > MAX_BYTES {
            return Err(FileError::TooLong { len: bytes.len() });
        }
        if cbor::has_more_items(bytes, MAX_ITEMS) {
            return Err(FileError::TooManyItems);
        }
        let mut fields = Fields::of(cbor::decode(bytes, MAX_BYTES)?)?;
        let version = fields.take("yinxin", |v| v.as_text().map(str::to_owned))?;
        if version != VERSION {
            return Err(FileError::OtherVersion(version));
        }
        let evidence = Self {
            statement: fields.take("statement", byte_string)?,
            template: fields.take("template", byte_string)?,
            disclosures: fields.take("disclosures", |v| byte_strings(v, MAX_DISCLOSURES))?,
            proof: fields.take("proof", |v| v.as_text().map(str::to_owned))?,
            roster: fields.take("roster", byte_string)?,
            entries: fields.take("entries", entries)?,
            people: fields.take("people", |v| byte_strings(v, MAX_PEOPLE))?,
            receipt: fields.take("receipt", byte_string)?,
            status: fields.optional("status").map(status).transpose()?,
            admission: fields.optional("admission").map(Admission::of).transpose()?,
        };
        fields.finish()?;
        evidence.check_order()?;
        Ok(evidence)
    }

    fn check_order(&self) -> Result<(), FileError> {
        if !sorted_by_digest(&self.disclosures) {
            return Err(FileError::Order("disclosures"));
        }
        if !sorted_by_digest(&self.people) {
            return Err(FileError::Order("people"));
        }
        if self.entries.windows(2).any(|pair| pair[0].position >= pair[1].position) {
            return Err(FileError::Order("entries"));
        }
        Ok(())
    }
}

impl Admission {
    fn to_value(&self) -> Value {
        Value::map([
            ("proof", Value::text(self.proof.as_str())),
            ("roster", Value::bytes(&self.roster)),
            ("founding", Value::bytes(&self.founding)),
            ("statement", Value::bytes(&self.statement)),
            ("consistency", Value::Array(self.consistency.iter().map(Value::bytes).collect())),
        ])
    }

    fn of(value: Value) -> Result<Self, FieldError> {
        let mut fields = Fields::of(value)?;
        let admission = Self {
            proof: fields.take("proof", |v| v.as_text().map(str::to_owned))?,
            roster: fields.take("roster", byte_string)?,
            founding: fields.take("founding", byte_string)?,
            statement: fields.take("statement", byte_string)?,
            consistency: fields.take("consistency", |v| hashes(v, MAX_CONSISTENCY))?,
        };
        fields.finish()?;
        Ok(admission)
    }
}

impl Supporting {
    fn to_value(&self) -> Value {
        let path = self.path.iter().map(Value::bytes).collect();
        Value::Array(vec![Value::uint(self.position), Value::bytes(&self.entry), Value::Array(path)])
    }

    fn of(value: &Value) -> Option<Self> {
        let [position, entry, path] = value.as_array()? else { return None };
        Some(Self {
            position: position.as_uint()?,
            entry: byte_string(entry)?,
            path: hashes(path, MAX_INCLUSION)?,
        })
    }
}

fn hashes(value: &Value, max: usize) -> Option<Vec<Digest>> {
    let hashes = value.as_array().filter(|hashes| hashes.len() <= max)?;
    hashes.iter().map(|hash| Digest::from_slice(hash.as_bytes()?)).collect()
}

/// Whether `bytes` begin with the head of a map and then one of our keys.
fn begins_as_evidence(bytes: &[u8]) -> bool {
    let head = match bytes.first() {
        Some(0xa0..=0xb7 | 0xbf) => 1,
        Some(0xb8) => 2,
        Some(0xb9) => 3,
        Some(0xba) => 5,
        Some(0xbb) => 9,
        _ => return false,
    };
    let rest = bytes.get(head..).unwrap_or_default();
    KEYS.iter().any(|key| rest.starts_with(&cbor::encode(&Value::text(*key))))
}

fn byte_string(value: &Value) -> Option<Vec<u8>> {
    value.as_bytes().map(<[u8]>::to_vec)
}

fn byte_strings(value: &Value, max: usize) -> Option<Vec<Vec<u8>>> {
    value.as_array().filter(|items| items.len() <= max)?.iter().map(byte_string).collect()
}

fn entries(value: &Value) -> Option<Vec<Supporting>> {
    let items = value.as_array().filter(|items| (1..=MAX_ENTRIES).contains(&items.len()))?;
    items.iter().map(Supporting::of).collect()
}

// Takes what `Fields::optional` gives.
fn status(value: Value) -> Result<Vec<u8>, FieldError> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        _ => Err(FieldError::Malformed("status".to_owned())),
    }
}

fn sorted_by_digest(items: &[Vec<u8>]) -> bool {
    let digests: Vec<Digest> = items.iter().map(|item| Digest::of(item)).collect();
    digests.windows(2).all(|pair| pair[0] < pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence() -> Evidence {
        Evidence {
            statement: b"statement".to_vec(),
            template: b"template".to_vec(),
            disclosures: Vec::new(),
            proof: "proof".to_owned(),
            roster: vec![0x80],
            entries: vec![Supporting { position: 0, entry: vec![1], path: vec![Digest::of(b"")] }],
            people: Vec::new(),
            receipt: vec![2],
            status: Some(vec![3]),
            admission: Some(Admission {
                statement: vec![4],
                proof: "proof".to_owned(),
                roster: vec![0x80],
                founding: vec![0x80],
                consistency: vec![Digest::of(b"")],
            }),
        }
    }

    #[test]
    fn reads_back() {
        assert_eq!(Evidence::parse(&evidence().to_bytes()), Ok(evidence()));
        let without = Evidence { status: None, admission: None, ..evidence() };
        assert_eq!(Evidence::parse(&without.to_bytes()), Ok(without));
    }

    #[test]
    fn something_else_is_no_evidence() {
        for bytes in [&b""[..], b"\xa9", b"{\"yinxin\":1}", b"\x89PNG\r\n\x1a\n", b"\xa1\x61a\x01", b"\x80"] {
            assert_eq!(Evidence::parse(bytes), Err(FileError::NotEvidence), "{bytes:?}");
        }
    }

    #[test]
    fn order_limits_and_version_are_insisted_on() {
        let twice = Evidence { people: vec![vec![1], vec![1]], ..evidence() };
        assert_eq!(Evidence::parse(&twice.to_bytes()), Err(FileError::Order("people")));
        let mut unsorted = evidence();
        unsorted.entries.push(unsorted.entries[0].clone());
        assert_eq!(Evidence::parse(&unsorted.to_bytes()), Err(FileError::Order("entries")));
        let none = Evidence { entries: Vec::new(), ..evidence() };
        assert_eq!(
            Evidence::parse(&none.to_bytes()),
            Err(FileError::Field(FieldError::Malformed("entries".to_owned())))
        );
        let mut newer = evidence().to_bytes();
        let at = newer.windows(11).position(|w| w == b"evidence/v0").unwrap();
        newer[at + 10] = b'1';
        assert_eq!(Evidence::parse(&newer), Err(FileError::OtherVersion("evidence/v1".to_owned())));
    }

    #[test]
    fn many_small_items_are_refused_before_they_take_memory() {
        let mut bytes = b"\xa1\x65proof\x9a\x00\x10\x00\x00".to_vec();
        bytes.resize(bytes.len() + (1 << 20), 0);
        assert_eq!(Evidence::parse(&bytes), Err(FileError::TooManyItems));
    }
}
