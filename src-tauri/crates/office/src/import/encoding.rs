//! Bytes of a text file become text, or are refused: nothing is guessed away.
//!
//! 1. A UTF-8 byte order mark settles it: UTF-8.
//! 2. Marks of UTF-16 and UTF-32, and NUL bytes, are refused.
//! 3. What is valid UTF-8 is UTF-8.
//! 4. What begins with at least eight characters beyond ASCII in UTF-8 and then
//!    breaks is damaged UTF-8; GB18030 does not look like that by chance.
//! 5. All else is read strictly as GB18030 (GB 18030-2022, as the WHATWG
//!    Encoding Standard maps it), of which GBK and GB 2312 are parts.
//!
//! Characters of the private use areas are refused as well: different machines
//! draw different characters for them.

use encoding_rs::{DecoderResult, GB18030};
use yinxin_record::validate::is_private;

use super::SheetError;

/// How a text file was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with one.
    Utf8Bom,
    /// GB18030, of which GBK is a part.
    Gb18030,
}

impl Encoding {
    /// Its usual name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 BOM",
            Self::Gb18030 => "GB18030",
        }
    }
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const GB18030_MARK: &[u8] = b"\x84\x31\x95\x33";

/// How many characters beyond ASCII prove that a file was meant as UTF-8.
const PROOF: usize = 8;

/// The text that `bytes` say and how they said it.
///
/// # Errors
/// [`SheetError::Encoding`] with the line of the first bad byte.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), SheetError> {
    refuse_wide(bytes)?;
    let (text, encoding) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (utf8(rest)?, Encoding::Utf8Bom),
        None if is_meant_as_utf8(bytes) => (utf8(bytes)?, Encoding::Utf8),
        None => (gb18030(bytes.strip_prefix(GB18030_MARK).unwrap_or(bytes))?, Encoding::Gb18030),
    };
    match text.find(is_private) {
        Some(at) => Err(refused(&text.as_bytes()[..at], "private")),
        None => Ok((text, encoding)),
    }
}

fn refuse_wide(bytes: &[u8]) -> Result<(), SheetError> {
    let wide: [(&[u8], &str); 4] = [
        (b"\xff\xfe\0\0", "utf32"),
        (b"\0\0\xfe\xff", "utf32"),
        (b"\xff\xfe", "utf16"),
        (b"\xfe\xff", "utf16"),
    ];
    if let Some((_, reason)) = wide.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(refused(&[], reason));
    }
    match bytes.iter().position(|b| *b == 0) {
        Some(at) => Err(refused(&bytes[..at], "nul")),
        None => Ok(()),
    }
}

fn is_meant_as_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().next().is_none_or(|chunk| {
        chunk.invalid().is_empty() || chunk.valid().chars().filter(|c| !c.is_ascii()).count() >= PROOF
    })
}

fn utf8(bytes: &[u8]) -> Result<String, SheetError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(refused(&bytes[..error.valid_up_to()], "malformed")),
    }
}

fn gb18030(bytes: &[u8]) -> Result<String, SheetError> {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0);
    let mut text = String::with_capacity(capacity);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::OutputFull => Err(refused(&bytes[..read], "malformed")),
        DecoderResult::Malformed(bad, after) => {
            let good = read.saturating_sub(usize::from(bad) + usize::from(after));
            Err(refused(&bytes[..good], "malformed"))
        }
    }
}

/// An error at the line that follows the good bytes.
fn refused(good: &[u8], reason: &'static str) -> SheetError {
    let ends = good.iter().filter(|b| **b == b'\n').count();
    SheetError::Encoding { row: 1 + ends as u64, reason }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(row: u64, reason: &'static str) -> Result<(String, Encoding), SheetError> {
        Err(SheetError::Encoding { row, reason })
    }

    fn gbk(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn accepted_encodings_are_told_apart() {
        let text = "名称,代码\n武汉市𠀀,4201\n".to_owned();
        assert_eq!(decode(text.as_bytes()), Ok((text.clone(), Encoding::Utf8)));
        let marked = [UTF8_MARK, text.as_bytes()].concat();
        assert_eq!(decode(&marked), Ok((text.clone(), Encoding::Utf8Bom)));
        assert_eq!(decode(&gbk(&text)), Ok((text.clone(), Encoding::Gb18030)));
        assert_eq!(decode(&[GB18030_MARK, &gbk(&text)].concat()), Ok((text, Encoding::Gb18030)));
        assert_eq!(decode(b""), Ok((String::new(), Encoding::Utf8)));
        assert_eq!(decode(b"a,b\n"), Ok(("a,b\n".to_owned(), Encoding::Utf8)));
    }

    #[test]
    fn other_encodings_are_refused() {
        assert_eq!(decode(b"\xff\xfea\0"), at(1, "utf16"));
        assert_eq!(decode(b"\xfe\xff\0a"), at(1, "utf16"));
        assert_eq!(decode(b"\xff\xfe\0\0a\0\0\0"), at(1, "utf32"));
        assert_eq!(decode(b"\0\0\xfe\xff\0\0\0a"), at(1, "utf32"));
        assert_eq!(decode(b"a\nb\nc\0"), at(3, "nul"));
    }

    #[test]
    fn damage_is_named_by_its_line() {
        let mut bytes = gbk("名称\n武汉\n江岸\n");
        bytes[6] = 0xff;
        assert_eq!(decode(&bytes), at(2, "malformed"));
        let mut cut = gbk("名称\n武汉");
        cut.pop();
        assert_eq!(decode(&cut), at(2, "malformed"));
        let mut damaged = "社区名称街道名称\n武汉\n".as_bytes().to_vec();
        damaged[26] = b'x';
        assert_eq!(decode(&damaged), at(2, "malformed"));
        assert_eq!(decode(b"\xef\xbb\xbfa\n\xd6\xd0"), at(2, "malformed"));
        assert_eq!(decode("a\nb\u{e000}".as_bytes()), at(2, "private"));
        assert_eq!(decode(b"\xd6\xd0\n\xaa\xa1"), at(2, "private"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }

        #[test]
        fn text_survives_utf8(text in "[^\\x00\u{e000}-\u{f8ff}\u{f0000}-\u{10ffff}\u{feff}]{0,40}") {
            prop_assert_eq!(decode(text.as_bytes()), Ok((text, Encoding::Utf8)));
        }

        #[test]
        fn chinese_survives_gb18030(text in "[\u{4e00}-\u{9fa5}]{8,40}") {
            // 锘 and what follows it can be, byte for byte, the mark of UTF-8.
            prop_assume!(!text.starts_with('锘'));
            prop_assert_eq!(decode(&gbk(&text)), Ok((text, Encoding::Gb18030)));
        }
    }
}
