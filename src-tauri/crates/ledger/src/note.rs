//! Signed notes: C2SP signed-note v1.0.0.
//!
//! ```text
//! text, one or more lines              ┐ what is signed: the text with its last newline
//! more text                            ┘
//!                                        an empty line, the last one of the note
//! — name base64(key id ‖ signature)    ┐ em dash U+2014, space, name, space, base64
//! — name base64(key id ‖ signature)    ┘
//! ```
//!
//! A key is known by its name and its id, the first four bytes of
//! SHA-256(name ‖ 0x0A ‖ kind ‖ public key), and is written
//! `name+id in hex+base64(kind ‖ public key)`.
//! Two kinds are built: 0x01, Ed25519 over the text, here; and 0x04, the
//! timestamped Ed25519 of a witness, in [`crate::cosignature`].
//! 0x06 (ML-DSA-44 cosignature) is reserved and not built.
//!
//! Signatures by unknown keys are kept and otherwise ignored. A signature by a
//! known key must hold, and there may be only one of each. UTF-8, no control
//! characters but newline; at most 64 KiB and 64 signatures.
//! A note says nothing until a trusted key's signature on it has been checked.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_record::Digest;
use yinxin_record::key::{PublicKey, Signature, Signer, SignerUnavailable};

/// The longest note that is read, in bytes.
pub const MAX_NOTE: usize = 64 * 1024;

/// The most signatures that a note may carry.
pub const MAX_SIGNATURES: usize = 64;

/// What a key signs and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// 0x01: Ed25519 over the note's text.
    Ed25519,
    /// 0x04: a witness's timestamped Ed25519 cosignature.
    Cosigner,
}

impl KeyKind {
    /// The signature type byte of signed-note.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosigner => 0x04,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0x01 => Some(Self::Ed25519),
            0x04 => Some(Self::Cosigner),
            _ => None,
        }
    }
}

/// The text is not a verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifierKeyError {
    /// Not `name+eight lower-case hex digits+base64`.
    #[error("not a verifier key")]
    Malformed,
    /// The name is empty or has a space, a plus sign or a control character.
    #[error("not a key name")]
    BadName,
    /// A kind of key that is not built.
    #[error("unknown kind of key")]
    UnknownKind,
    /// The key id is not that of this name and key.
    #[error("the key id does not belong to this name and key")]
    WrongId,
    /// The public key is not an acceptable Ed25519 key.
    #[error("not an acceptable public key")]
    BadKey,
}

/// A key that verifies notes, with its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    id: u32,
    kind: KeyKind,
    key: PublicKey,
}

impl VerifierKey {
    /// The key of this name and kind; its id follows.
    ///
    /// # Errors
    /// [`VerifierKeyError::BadName`], [`VerifierKeyError::BadKey`].
    pub fn new(name: &str, kind: KeyKind, key: PublicKey) -> Result<Self, VerifierKeyError> {
        if !is_key_name(name) {
            return Err(VerifierKeyError::BadName);
        }
        key.verifier().map_err(|_| VerifierKeyError::BadKey)?;
        Ok(Self { name: name.to_owned(), id: key_id(name, kind, &key), kind, key })
    }

    /// Reads `name+id+base64(kind ‖ key)`.
    ///
    /// # Errors
    /// [`VerifierKeyError`].
    pub fn parse(text: &str) -> Result<Self, VerifierKeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VerifierKeyError::Malformed);
        };
        let bytes = STANDARD.decode(key).map_err(|_| VerifierKeyError::Malformed)?;
        let (kind, key) = bytes.split_first().ok_or(VerifierKeyError::Malformed)?;
        let kind = KeyKind::from_byte(*kind).ok_or(VerifierKeyError::UnknownKind)?;
        let key = PublicKey(key.try_into().map_err(|_| VerifierKeyError::BadKey)?);
        let parsed = Self::new(name, kind, key)?;
        if id == format!("{:08x}", parsed.id) { Ok(parsed) } else { Err(VerifierKeyError::WrongId) }
    }

    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the key signs.
    #[must_use]
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The Ed25519 key itself.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind.byte()];
        bytes.extend_from_slice(&self.key.0);
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

/// The first four bytes of SHA-256(name ‖ 0x0A ‖ kind ‖ key), big-endian.
fn key_id(name: &str, kind: KeyKind, key: &PublicKey) -> u32 {
    let hash = Digest::of_parts(&[name.as_bytes(), b"\n", &[kind.byte()], &key.0]);
    let [a, b, c, d, ..] = hash.0;
    u32::from_be_bytes([a, b, c, d])
}

/// Whether `name` may name a key: not empty, no Unicode space, no `+`, and,
/// because it stands in a note, no ASCII control character.
#[must_use]
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c < ' ')
}

/// A note was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE`].
    #[error("the note is longer than {MAX_NOTE} bytes")]
    TooLong,
    /// A control character other than newline.
    #[error("the note has a control character")]
    ControlCharacter,
    /// The text does not end in a newline.
    #[error("the text does not end in a newline")]
    BadText,
    /// No empty line with at least one signature line after it.
    #[error("the note has no signatures")]
    NoSignatures,
    /// More than [`MAX_SIGNATURES`].
    #[error("the note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// A line below the text is no signature line.
    #[error("malformed signature line")]
    BadSignatureLine,
    /// Two signatures by the same key.
    #[error("two signatures by {0}")]
    Duplicate(String),
    /// The key asked for has not signed.
    #[error("not signed by {0}")]
    NotSigned(String),
    /// A signature by a known key does not hold.
    #[error("the signature by {0} does not hold")]
    BadSignature(String),
    /// The key is of a kind that does not sign this way.
    #[error("{0} is a key of another kind")]
    WrongKind(String),
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The signature proper, without the id; never empty.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// Reads a signature line without its newline.
    ///
    /// # Errors
    /// [`NoteError::BadSignatureLine`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let parse = || {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let decoded = STANDARD.decode(signature).ok()?;
            let (id, bytes) = decoded.split_first_chunk()?;
            let id = u32::from_be_bytes(*id);
            let whole = is_key_name(name) && !bytes.is_empty();
            whole.then(|| Self { name: name.to_owned(), id, bytes: bytes.to_vec() })
        };
        parse().ok_or(NoteError::BadSignatureLine)
    }

    fn is_by(&self, name: &str, id: u32) -> bool {
        self.name == name && self.id == id
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "— {} {}", self.name, STANDARD.encode(bytes))
    }
}

/// A text and the signatures below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note that nobody has signed yet. `text` ends in a newline.
    ///
    /// # Errors
    /// [`NoteError::BadText`], [`NoteError::ControlCharacter`], [`NoteError::TooLong`].
    pub fn unsigned(text: &str) -> Result<Self, NoteError> {
        check_characters(text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::BadText);
        }
        Ok(Self { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Reads a signed note. No signature has been checked by that.
    ///
    /// # Errors
    /// [`NoteError`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        check_characters(note)?;
        // The text keeps the first of the two newlines.
        let split = note.rfind("\n\n").ok_or(NoteError::NoSignatures)? + 1;
        let mut parsed = Self::unsigned(&note[..split])?;
        let lines = note[split + 1..].strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        for line in lines.split('\n') {
            if parsed.signatures.len() == MAX_SIGNATURES {
                return Err(NoteError::TooManySignatures);
            }
            parsed.signatures.push(NoteSignature::parse(line)?);
        }
        Ok(parsed)
    }

    /// The text, with its last newline: what is signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in their order.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Adds a signature, unless the key has one already.
    ///
    /// # Errors
    /// [`NoteError::BadSignatureLine`], [`NoteError::Duplicate`],
    /// [`NoteError::TooManySignatures`], [`NoteError::TooLong`].
    pub fn add(&mut self, signature: NoteSignature) -> Result<(), NoteError> {
        if !is_key_name(&signature.name) || signature.bytes.is_empty() {
            return Err(NoteError::BadSignatureLine);
        }
        if self.signatures.iter().any(|s| s.is_by(&signature.name, signature.id)) {
            return Err(NoteError::Duplicate(signature.name));
        }
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        self.signatures.push(signature);
        if self.to_string().len() > MAX_NOTE {
            self.signatures.pop();
            return Err(NoteError::TooLong);
        }
        Ok(())
    }

    /// Signs the text (0x01) as `name` and adds the signature.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&mut self, name: &str, signer: &dyn Signer) -> Result<(), SignError> {
        let key = VerifierKey::new(name, KeyKind::Ed25519, signer.public_key())?;
        let bytes = signer.sign(self.text.as_bytes())?.to_vec();
        Ok(self.add(NoteSignature { name: key.name, id: key.id, bytes })?)
    }

    /// Checks that `key`, of kind 0x01, has signed the text, once.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`], [`NoteError::Duplicate`],
    /// [`NoteError::BadSignature`], [`NoteError::WrongKind`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        if key.kind != KeyKind::Ed25519 {
            return Err(NoteError::WrongKind(key.name.clone()));
        }
        let signature = self.signature_by(key)?.ok_or_else(|| NoteError::NotSigned(key.name.clone()))?;
        let bad = || NoteError::BadSignature(key.name.clone());
        let bytes: &Signature = signature.bytes.as_slice().try_into().map_err(|_| bad())?;
        key.key.verify(self.text.as_bytes(), bytes).map_err(|_| bad())
    }

    /// The one signature that bears the name and id of `key`, unchecked.
    ///
    /// # Errors
    /// [`NoteError::Duplicate`].
    pub fn signature_by(&self, key: &VerifierKey) -> Result<Option<&NoteSignature>, NoteError> {
        let mut by_key = self.signatures.iter().filter(|s| s.is_by(&key.name, key.id));
        match (by_key.next(), by_key.next()) {
            (_, Some(_)) => Err(NoteError::Duplicate(key.name.clone())),
            (signature, None) => Ok(signature),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

fn check_characters(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE {
        return Err(NoteError::TooLong);
    }
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::ControlCharacter);
    }
    Ok(())
}

/// A note could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The name or key cannot sign notes.
    #[error(transparent)]
    Key(#[from] VerifierKeyError),
    /// The signature could not be added.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signer would not or could not sign.
    #[error(transparent)]
    Unavailable(#[from] SignerUnavailable),
}
