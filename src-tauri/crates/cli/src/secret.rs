//! Passphrase files: the first line is the passphrase.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use yinxin_office::keyring::Passphrase;
use zeroize::Zeroizing;

use crate::failure::{CliError, Failure};

/// The longest passphrase file that is read.
const MAX: u64 = 4 * 1024;

/// Reads the passphrase in `path`.
///
/// # Errors
/// A file that is missing, empty, longer than 4 KiB or not UTF-8.
pub(crate) fn read(path: &Path) -> Result<Passphrase, Failure> {
    Ok(Passphrase::from(read_line(path)?.to_string()))
}

/// The same of a secret that is no passphrase.
pub(crate) fn read_line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let opened = File::open(path).and_then(|file| file.take(MAX + 1).read_to_end(&mut bytes));
    opened.map_err(|source| CliError::PassphraseFile { path: path.to_owned(), source })?;
    if bytes.len() as u64 > MAX {
        return Err(CliError::PassphraseFileTooLong { path: path.to_owned(), max: MAX }.into());
    }
    let text =
        std::str::from_utf8(&bytes).map_err(|_| CliError::PassphraseNotText { path: path.to_owned() })?;
    let line = first_line(text);
    if line.is_empty() {
        return Err(CliError::PassphraseFileEmpty { path: path.to_owned() }.into());
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// Reads the passphrase in `path`, if there is one to read.
pub(crate) fn read_optional(path: Option<&Path>) -> Result<Option<Passphrase>, Failure> {
    path.map(read).transpose()
}

/// The first line without its end, and without the mark that some editors put
/// before UTF-8.
fn first_line(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = text.split('\n').next().unwrap_or_default();
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_counts() {
        for (text, line) in [
            ("口令 1", "口令 1"),
            ("口令\n", "口令"),
            ("口令\r\n第二行\r\n", "口令"),
            (" 口令 \n", " 口令 "),
            ("\u{feff}口令\n", "口令"),
            ("\n口令", ""),
            ("\r\n", ""),
            ("", ""),
        ] {
            assert_eq!(first_line(text), line, "{text:?}");
        }
    }

    #[test]
    fn bad_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        let code = |bytes: Option<&[u8]>| {
            if let Some(bytes) = bytes {
                std::fs::write(&path, bytes).unwrap();
            }
            read(&path).err().and_then(|failure| failure.first().map(|told| told.code))
        };
        assert_eq!(code(None), Some("passphrase_file_not_read"));
        assert_eq!(code(Some(b"")), Some("passphrase_file_empty"));
        assert_eq!(code(Some(b"\nx")), Some("passphrase_file_empty"));
        assert_eq!(code(Some(b"\xff\xfea\0")), Some("passphrase_file_not_text"));
        assert_eq!(code(Some(&[b'x'; 4097])), Some("passphrase_file_too_long"));
        assert_eq!(code(Some(&[b'x'; 4096])), None);
    }
}
