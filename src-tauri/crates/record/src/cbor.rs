//! Deterministic CBOR, and nothing else (RFC 8949 §4.2.1).
//!
//! The data model is what the formats need: integers, byte and text strings,
//! arrays, maps, tags, `false`, `true`, `null`. No floats, no bignums, no
//! indefinite lengths, no other simple values. Arrays, maps and tags nest
//! [`MAX_DEPTH`] levels deep.
//!
//! There is exactly one byte string for every [`Value`], and [`decode`] accepts
//! only that one: shortest heads, map keys sorted bytewise by their encoding
//! and unique, nothing after the item. `minicbor` reads and writes the heads;
//! this module decides what is acceptable.

use minicbor::data::{IanaTag, Int, Tag, Type};
use minicbor::{Decoder, Encoder};

/// How deep arrays, maps and tags may nest.
pub const MAX_DEPTH: usize = 16;

/// A CBOR data item of the accepted model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Major types 0 and 1; −2⁶³ … 2⁶³−1 is all that the formats use.
    Int(i64),
    /// Major type 2.
    Bytes(Vec<u8>),
    /// Major type 3.
    Text(String),
    /// Major type 4.
    Array(Vec<Value>),
    /// Major type 5. [`encode`] sorts; keys must be unique.
    Map(Vec<(Value, Value)>),
    /// Major type 6.
    Tag(u64, Box<Value>),
    /// `false` and `true`.
    Bool(bool),
    /// `null`.
    Null,
}

/// Why bytes were refused. Positions are byte offsets from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// More input than the caller allows.
    #[error("{len} bytes, at most {max} are read")]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// The input ends inside an item, or a length points beyond it.
    #[error("ends too early at byte {at}")]
    Truncated {
        /// Where.
        at: usize,
    },
    /// Something follows the item.
    #[error("more bytes follow the item at byte {at}")]
    Trailing {
        /// Where the surplus begins.
        at: usize,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested too deeply at byte {at}")]
    TooDeep {
        /// Where.
        at: usize,
    },
    /// Not well-formed, or outside the accepted data model.
    #[error("a kind of item that is not accepted at byte {at}")]
    NotAccepted {
        /// Where.
        at: usize,
    },
    /// A map key repeats or stands out of order.
    #[error("map key repeated or out of order at byte {at}")]
    MapOrder {
        /// Where the offending key begins.
        at: usize,
    },
    /// A head is longer than it need be.
    #[error("not the shortest encoding at byte {at}")]
    NotShortest {
        /// Where.
        at: usize,
    },
}

/// The one encoding of `value`. Map entries are sorted; a repeated key is a
/// mistake of the caller and would not be accepted by [`decode`].
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    write(value, &mut out);
    out
}

/// Appends the one encoding of `value` to `out`.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    let mut encoder = Encoder::new(&mut *out);
    // Writing to a Vec cannot fail, so these results carry no information.
    match value {
        Value::Int(n) => drop(encoder.int(Int::from(*n))),
        Value::Bytes(bytes) => drop(encoder.bytes(bytes)),
        Value::Text(text) => drop(encoder.str(text)),
        Value::Bool(b) => drop(encoder.bool(*b)),
        Value::Null => drop(encoder.null()),
        Value::Tag(tag, inner) => {
            drop(encoder.tag(Tag::new(*tag)));
            write(inner, out);
        }
        Value::Array(items) => {
            drop(encoder.array(items.len() as u64));
            for item in items {
                write(item, out);
            }
        }
        Value::Map(entries) => {
            drop(encoder.map(entries.len() as u64));
            write_sorted(entries, out);
        }
    }
}

/// Writes entries as they come; only if their keys turn out not to be in order,
/// they are rearranged.
fn write_sorted(entries: &[(Value, Value)], out: &mut Vec<u8>) {
    let start = out.len();
    // Where each key begins and ends, and its value ends.
    let mut spans = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let begin = out.len();
        write(key, out);
        let middle = out.len();
        write(value, out);
        spans.push((begin - start, middle - start, out.len() - start));
    }
    let written = &out[start..];
    if !spans.is_sorted_by_key(|(begin, middle, _)| &written[*begin..*middle]) {
        let unsorted = out.split_off(start);
        spans.sort_by_key(|(begin, middle, _)| &unsorted[*begin..*middle]);
        for (begin, _, end) in spans {
            out.extend_from_slice(&unsorted[begin..end]);
        }
    }
}

/// Whether `bytes` hold more than `max` data items: their heads are counted one
/// after the other as they stand, because read items take more memory than their
/// bytes. What is not well-formed ends the count: the decoder will refuse it.
#[must_use]
pub fn has_more_items(bytes: &[u8], max: usize) -> bool {
    let mut at = 0_usize;
    for _ in 0..max {
        let Some(&first) = bytes.get(at) else { return false };
        let width = match first & 0x1f {
            0..=23 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return false,
        };
        let Some(argument) = bytes.get(at + 1..at + 1 + width) else { return false };
        let argument = match width {
            0 => u64::from(first & 0x1f),
            _ => argument.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)),
        };
        let is_string = matches!(first >> 5, 2 | 3);
        let content = if is_string { usize::try_from(argument).unwrap_or(usize::MAX) } else { 0 };
        at = (at + 1 + width).saturating_add(content);
    }
    true
}

/// Reads the one item that `bytes` encode, at most `max` bytes of it.
///
/// # Errors
/// [`CborError`] names the first thing that is wrong and where.
pub fn decode(bytes: &[u8], max: usize) -> Result<Value, CborError> {
    if bytes.len() > max {
        return Err(CborError::TooLong { len: bytes.len(), max });
    }
    let mut decoder = Decoder::new(bytes);
    let value = read(&mut decoder, 0)?;
    if decoder.position() < bytes.len() {
        return Err(CborError::Trailing { at: decoder.position() });
    }
    Ok(value)
}

fn read(decoder: &mut Decoder<'_>, depth: usize) -> Result<Value, CborError> {
    let at = decoder.position();
    if depth > MAX_DEPTH {
        return Err(CborError::TooDeep { at });
    }
    let refused = |e: minicbor::decode::Error| {
        if e.is_end_of_input() { CborError::Truncated { at } } else { CborError::NotAccepted { at } }
    };
    let value = match decoder.datatype().map_err(refused)? {
        Type::Bool => return decoder.bool().map(Value::Bool).map_err(refused),
        Type::Null => return decoder.null().map(|()| Value::Null).map_err(refused),
        Type::Bytes => {
            let bytes = decoder.bytes().map_err(refused)?.to_vec();
            check_head(decoder, at, bytes.len() as u64, bytes.len())?;
            Value::Bytes(bytes)
        }
        Type::String => {
            let text = decoder.str().map_err(refused)?.to_owned();
            check_head(decoder, at, text.len() as u64, text.len())?;
            Value::Text(text)
        }
        Type::Array => {
            let len = decoder.array().map_err(refused)?;
            let len = definite(decoder, at, len)?;
            Value::Array(read_items(decoder, depth, len)?)
        }
        Type::Map => {
            let len = decoder.map().map_err(refused)?;
            let len = definite(decoder, at, len)?;
            Value::Map(read_entries(decoder, depth, len)?)
        }
        Type::Tag => {
            let tag = decoder.tag().map_err(refused)?.as_u64();
            check_head(decoder, at, tag, 0)?;
            if tag == IanaTag::PosBignum.tag().as_u64() || tag == IanaTag::NegBignum.tag().as_u64() {
                return Err(CborError::NotAccepted { at });
            }
            Value::Tag(tag, Box::new(read(decoder, depth + 1)?))
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
            let n = decoder.i64().map_err(refused)?;
            // −1−n carries n in the head; `!n` is that n for negative numbers.
            check_head(decoder, at, if n < 0 { !n } else { n }.unsigned_abs(), 0)?;
            Value::Int(n)
        }
        _ => return Err(CborError::NotAccepted { at }),
    };
    Ok(value)
}

fn read_items(decoder: &mut Decoder<'_>, depth: usize, len: usize) -> Result<Vec<Value>, CborError> {
    let mut items = Vec::with_capacity(len.min(64));
    for _ in 0..len {
        items.push(read(decoder, depth + 1)?);
    }
    Ok(items)
}

fn read_entries(
    decoder: &mut Decoder<'_>,
    depth: usize,
    len: usize,
) -> Result<Vec<(Value, Value)>, CborError> {
    let input = decoder.input();
    let mut entries = Vec::with_capacity(len.min(64));
    let mut previous: &[u8] = &[];
    for _ in 0..len {
        let at = decoder.position();
        let key = read(decoder, depth + 1)?;
        let encoded = &input[at..decoder.position()];
        if encoded <= previous {
            return Err(CborError::MapOrder { at });
        }
        previous = encoded;
        entries.push((key, read(decoder, depth + 1)?));
    }
    Ok(entries)
}

/// The length of an array or map, which must be definite and could be true:
/// every item takes at least one byte.
fn definite(decoder: &Decoder<'_>, at: usize, len: Option<u64>) -> Result<usize, CborError> {
    let len = len.ok_or(CborError::NotAccepted { at })?;
    check_head(decoder, at, len, 0)?;
    let left = decoder.input().len() - decoder.position();
    match usize::try_from(len) {
        Ok(len) if len <= left => Ok(len),
        _ => Err(CborError::Truncated { at }),
    }
}

/// The head that began `at` and carried `argument`, with `content` bytes after
/// it, must have had its shortest form.
fn check_head(decoder: &Decoder<'_>, at: usize, argument: u64, content: usize) -> Result<(), CborError> {
    let shortest = match argument {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    };
    if decoder.position() - at - content == shortest { Ok(()) } else { Err(CborError::NotShortest { at }) }
}

impl Value {
    /// A byte string.
    #[must_use]
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::Bytes(bytes.as_ref().to_vec())
    }

    /// A text string.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An unsigned number; the formats stay below 2⁶³.
    #[must_use]
    pub fn uint(n: u64) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// A map with text keys.
    #[must_use]
    pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Self {
        Self::Map(entries.into_iter().map(|(k, v)| (Self::text(k), v)).collect())
    }

    /// The byte string in this item, if it is one.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text in this item, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The array in this item, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number in this item, if it is one that is not negative.
    #[must_use]
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Int(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }
}

/// Takes named fields out of a map one by one, so that a reader can insist
/// that nothing else was in it.
#[derive(Debug)]
pub struct Fields(Vec<(Value, Value)>);

/// A map did not have the fields that its format names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The item is no map.
    #[error("not a map")]
    NotAMap,
    /// A field is missing.
    #[error("field {0} is missing")]
    Missing(String),
    /// A field is there with another type or an impossible value.
    #[error("field {0} is malformed")]
    Malformed(String),
    /// A field that the format does not know.
    #[error("a field that the format does not know")]
    Unknown,
}

impl Fields {
    /// The fields of `value`.
    ///
    /// # Errors
    /// [`FieldError::NotAMap`].
    pub fn of(value: Value) -> Result<Self, FieldError> {
        match value {
            Value::Map(entries) => Ok(Self(entries)),
            _ => Err(FieldError::NotAMap),
        }
    }

    /// Takes the field under a text key, if there.
    pub fn optional(&mut self, key: &str) -> Option<Value> {
        let index = self.0.iter().position(|(k, _)| k.as_text() == Some(key))?;
        Some(self.0.remove(index).1)
    }

    /// Takes the field under an integer key, if there.
    pub fn optional_int(&mut self, key: i64) -> Option<Value> {
        let index = self.0.iter().position(|(k, _)| *k == Value::Int(key))?;
        Some(self.0.remove(index).1)
    }

    /// Takes the field under a text key and reads it with `read`.
    ///
    /// # Errors
    /// [`FieldError::Missing`], or [`FieldError::Malformed`] if `read` says no.
    pub fn take<T>(&mut self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Result<T, FieldError> {
        let value = self.optional(key).ok_or_else(|| FieldError::Missing(key.to_owned()))?;
        read(&value).ok_or_else(|| FieldError::Malformed(key.to_owned()))
    }

    /// Takes the field under an integer key and reads it with `read`.
    ///
    /// # Errors
    /// As [`Fields::take`].
    pub fn take_int<T>(&mut self, key: i64, read: impl FnOnce(&Value) -> Option<T>) -> Result<T, FieldError> {
        let value = self.owned_int(key)?;
        read(&value).ok_or_else(|| FieldError::Malformed(key.to_string()))
    }

    /// Takes the field under an integer key as it is.
    ///
    /// # Errors
    /// [`FieldError::Missing`].
    pub fn owned_int(&mut self, key: i64) -> Result<Value, FieldError> {
        self.optional_int(key).ok_or_else(|| FieldError::Missing(key.to_string()))
    }

    /// Insists that every field was taken.
    ///
    /// # Errors
    /// [`FieldError::Unknown`].
    pub fn finish(self) -> Result<(), FieldError> {
        if self.0.is_empty() { Ok(()) } else { Err(FieldError::Unknown) }
    }
}
