//! Files that were handed in and files to be handed out.
//!
//! A page never names a path. The host takes a file in (from its own dialog, a
//! drop, an upload) and gives the page a [`FileRef`]; a command takes the token.
//! What a command makes goes the same way back: the page hands the token to the
//! host, which asks where to save it, or sends it.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use ts_rs::TS;
use yinxin_office::import::SheetError;

use crate::desk::held;
use crate::error::DeskError;
use crate::handed::Handed;

/// The most files that are remembered; the oldest are forgotten first.
const REMEMBERED: usize = 256;

/// What a file is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A sheet to import.
    Sheet,
    /// Evidence to verify.
    Evidence,
    /// A policy to verify by.
    Policy,
    /// A photo or scan of a recovery sheet.
    Picture,
    /// An invitation to make a key.
    Invitation,
    /// The answer to one.
    Answer,
    /// What an office asks its register for.
    Request,
    /// What a register answers.
    RegisterAnswer,
    /// A register's warrant for an officer.
    Warrant,
}

impl FileKind {
    /// The most bytes that are taken in.
    #[must_use]
    pub fn limit(self) -> u64 {
        match self {
            Self::Sheet => yinxin_office::import::Limits::default().file,
            // One byte more is let in, so that the verifier itself says why not.
            Self::Evidence => yinxin_evidence::file::MAX_BYTES as u64 + 1,
            Self::Policy => yinxin_ledger::policy::MAX_POLICY as u64,
            Self::Picture => yinxin_office::recovery::MAX_FILE,
            Self::Invitation | Self::Answer => yinxin_record::invitation::MAX_BYTES as u64,
            Self::Request => yinxin_office::realm::MAX_REQUEST as u64,
            Self::RegisterAnswer => yinxin_office::realm::MAX_ANSWER as u64,
            Self::Warrant => yinxin_office::realm::MAX_WARRANT as u64,
        }
    }

    /// The ends of names that a dialog offers.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Sheet => &["csv", "xlsx"],
            Self::Evidence => &["yinxin"],
            Self::Policy => &["txt", "policy"],
            Self::Picture => &["png", "jpg", "jpeg"],
            Self::Invitation => &["yinxin-invitation"],
            Self::Answer => &["yinxin-answer"],
            Self::Request => &["yinxin-request"],
            Self::RegisterAnswer => &["yinxin-admission"],
            Self::Warrant => &["yinxin-warrant"],
        }
    }

    fn too_large(self, name: &str, size: u64) -> DeskError {
        let max = self.limit();
        match self {
            Self::Sheet => SheetError::TooLarge { size, max }.into(),
            Self::Evidence
            | Self::Policy
            | Self::Picture
            | Self::Invitation
            | Self::Answer
            | Self::Request
            | Self::RegisterAnswer
            | Self::Warrant => DeskError::FileTooLarge { path: name.to_owned(), max },
        }
    }
}

/// A file that the page may speak of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileRef {
    /// Stands for the file; worth nothing outside this run.
    pub token: String,
    /// Its name, without folders.
    pub name: String,
    /// Its bytes.
    #[ts(type = "number")]
    pub size: u64,
}

/// A file to be handed out.
#[derive(Debug)]
pub struct OutgoingFile {
    /// The name to offer.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

struct Known {
    order: u64,
    name: String,
    path: PathBuf,
    /// Whether it was made here, to be handed out.
    outgoing: bool,
    /// Whether it is ours to remove.
    ours: bool,
}

#[derive(Default)]
struct Register {
    files: HashMap<String, Known>,
    opened: Vec<FileRef>,
    next: u64,
}

/// The files of a desk. What was uploaded or made lies in a private folder that
/// goes with the desk.
pub struct Files {
    folder: Handed,
    known: Mutex<Register>,
}

impl Files {
    pub(crate) fn new(home: &Path) -> Result<Self, DeskError> {
        let folder = Handed::new(home).map_err(DeskError::file(home))?;
        Ok(Self { folder, known: Mutex::default() })
    }

    /// Takes in a file where it lies; nothing is copied.
    ///
    /// # Errors
    /// `file_not_found`, `file_not_permitted`, `sheet_too_large`,
    /// `file_too_large`; anything but a regular file is not found.
    pub fn take(&self, path: &Path, kind: FileKind) -> Result<FileRef, DeskError> {
        let shown = path.display().to_string();
        let about = fs::metadata(path).map_err(DeskError::file(&shown))?;
        if !about.is_file() {
            return Err(DeskError::file(path)(io::ErrorKind::NotFound.into()));
        }
        if about.len() > kind.limit() {
            return Err(kind.too_large(&shown, about.len()));
        }
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        self.remember(name, path.to_owned(), about.len(), false, false)
    }

    /// The evidence that the system asked to be opened, once.
    pub(crate) fn take_opened(&self) -> Vec<FileRef> {
        std::mem::take(&mut held(&self.known).opened)
    }

    /// Keeps evidence that the system asked to be opened, until a page asks.
    ///
    /// # Errors
    /// As [`Files::take`].
    pub fn open_later(&self, path: &Path) -> Result<(), DeskError> {
        let file = self.take(path, FileKind::Evidence)?;
        held(&self.known).opened.push(file);
        Ok(())
    }

    /// Begins to take in an upload called `name`, of `size` bytes if that is said.
    ///
    /// # Errors
    /// `sheet_too_large`, `file_too_large`, and what writing may fail with.
    pub fn upload(&self, name: &str, kind: FileKind, size: Option<u64>) -> Result<Upload<'_>, DeskError> {
        if let Some(size) = size.filter(|size| *size > kind.limit()) {
            return Err(kind.too_large(name, size));
        }
        let file = NamedTempFile::new_in(self.folder.path()).map_err(DeskError::file(name))?;
        Ok(Upload { files: self, file, name: plain_name(name), kind, size: 0 })
    }

    /// Keeps a file that was made, to be handed out.
    pub(crate) fn hand_out(&self, file: &OutgoingFile) -> Result<FileRef, DeskError> {
        let mut kept = NamedTempFile::new_in(self.folder.path()).map_err(DeskError::file(&file.name))?;
        kept.write_all(&file.bytes).map_err(DeskError::file(&file.name))?;
        let (_, path) = kept.keep().map_err(|error| DeskError::file(&file.name)(error.error))?;
        self.remember(file.name.clone(), path, file.bytes.len() as u64, true, true)
    }

    /// The file that a token stands for, to be handed out; only what was made here.
    ///
    /// # Errors
    /// `no_such_file`, and what reading may fail with.
    pub fn outgoing(&self, token: &str) -> Result<OutgoingFile, DeskError> {
        let (name, path) = self.find(token, true)?;
        let bytes = fs::read(&path).map_err(DeskError::file(&path))?;
        Ok(OutgoingFile { name, bytes })
    }

    /// Where a file lies that was taken in.
    pub(crate) fn path(&self, token: &str) -> Result<PathBuf, DeskError> {
        self.find(token, false).map(|(_, path)| path)
    }

    /// The name of a file that was taken in, or made here.
    pub(crate) fn name(&self, token: &str) -> Result<String, DeskError> {
        self.find_either(token).map(|(name, _)| name)
    }

    /// Reads a file that was taken in, or made here.
    pub(crate) fn read(&self, token: &str, kind: FileKind) -> Result<Vec<u8>, DeskError> {
        let (name, path) = self.find_either(token)?;
        let mut bytes = Vec::new();
        let opened = File::open(&path).and_then(|file| file.take(kind.limit() + 1).read_to_end(&mut bytes));
        opened.map_err(DeskError::file(&path))?;
        if bytes.len() as u64 > kind.limit() {
            return Err(kind.too_large(&name, bytes.len() as u64));
        }
        Ok(bytes)
    }

    fn find_either(&self, token: &str) -> Result<(String, PathBuf), DeskError> {
        self.find(token, false).or_else(|_| self.find(token, true))
    }

    fn find(&self, token: &str, outgoing: bool) -> Result<(String, PathBuf), DeskError> {
        let known = held(&self.known);
        let file = known.files.get(token).filter(|file| file.outgoing == outgoing);
        file.map(|file| (file.name.clone(), file.path.clone())).ok_or(DeskError::NoSuchFile)
    }

    fn remember(
        &self,
        name: String,
        path: PathBuf,
        size: u64,
        outgoing: bool,
        ours: bool,
    ) -> Result<FileRef, DeskError> {
        let mut token = [0_u8; 16];
        getrandom::fill(&mut token).map_err(DeskError::internal)?;
        let token = yinxin_record::Id(token).to_string();
        let mut known = held(&self.known);
        let order = known.next;
        known.next += 1;
        known.files.insert(token.clone(), Known { order, name: name.clone(), path, outgoing, ours });
        if known.files.len() > REMEMBERED {
            forget_oldest(&mut known.files);
        }
        Ok(FileRef { token, name, size })
    }
}

fn forget_oldest(files: &mut HashMap<String, Known>) {
    let oldest = files.iter().min_by_key(|(_, file)| file.order).map(|(token, _)| token.clone());
    if let Some(file) = oldest.and_then(|token| files.remove(&token)).filter(|file| file.ours) {
        // Best effort: the folder goes with the desk.
        let _ = fs::remove_file(file.path);
    }
}

/// An upload that is being received; dropped, it leaves nothing.
pub struct Upload<'f> {
    files: &'f Files,
    file: NamedTempFile,
    name: String,
    kind: FileKind,
    size: u64,
}

impl Upload<'_> {
    /// Takes in the next bytes.
    ///
    /// # Errors
    /// `sheet_too_large`, `file_too_large` as soon as there are too many;
    /// `disk_full` and what else writing may fail with.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), DeskError> {
        self.size += bytes.len() as u64;
        if self.size > self.kind.limit() {
            return Err(self.kind.too_large(&self.name, self.size));
        }
        self.file.write_all(bytes).map_err(DeskError::file(&self.name))
    }

    /// It is whole.
    ///
    /// # Errors
    /// What writing may fail with.
    pub fn finish(mut self) -> Result<FileRef, DeskError> {
        self.file.flush().map_err(DeskError::file(&self.name))?;
        // The reader goes by the name's end.
        let end = Path::new(&self.name).extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        let (_, path) = self.file.keep().map_err(|error| DeskError::file(&self.name)(error.error))?;
        let named = path.with_extension(end.unwrap_or_default());
        fs::rename(&path, &named).map_err(DeskError::file(&self.name))?;
        self.files.remember(self.name, named, self.size, false, true)
    }
}

/// The last part of a name, without what a file system or a terminal would obey.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use yinxin_record::Coded as _;

    use super::*;

    #[test]
    fn what_was_taken_in_is_not_handed_out() {
        let home = tempfile::tempdir().unwrap();
        let files = Files::new(home.path()).unwrap();
        let mut upload = files.upload("../../etc/名录.CSV", FileKind::Sheet, Some(3)).unwrap();
        upload.write(b"a,b").unwrap();
        let file = upload.finish().unwrap();
        assert_eq!((file.name.as_str(), file.size), ("名录.CSV", 3));
        assert_eq!(files.outgoing(&file.token).unwrap_err().code(), "no_such_file");
        assert_eq!(files.read(&file.token, FileKind::Sheet).unwrap(), b"a,b");
        assert_eq!(files.path(&file.token).unwrap().extension().unwrap(), "csv");
        let made = files.hand_out(&OutgoingFile { name: "x".into(), bytes: vec![1] }).unwrap();
        assert_eq!(files.outgoing(&made.token).unwrap().bytes, [1]);
    }

    #[test]
    fn too_large_is_refused_before_it_is_whole() {
        let home = tempfile::tempdir().unwrap();
        let files = Files::new(home.path()).unwrap();
        let limit = usize::try_from(FileKind::Policy.limit()).unwrap();
        let refused = files.upload("p.txt", FileKind::Policy, Some(FileKind::Policy.limit() + 1));
        assert_eq!(refused.err().map(|error| error.code()), Some("file_too_large"));
        let mut upload = files.upload("p.txt", FileKind::Policy, None).unwrap();
        upload.write(&vec![b'a'; limit]).unwrap();
        assert_eq!(upload.write(b"a").unwrap_err().code(), "file_too_large");
        drop(upload);
        assert_eq!(files.folder.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn old_files_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        let files = Files::new(home.path()).unwrap();
        let made = |n: u8| files.hand_out(&OutgoingFile { name: "x".into(), bytes: vec![n] }).unwrap();
        let first = made(0);
        for n in 0..=255 {
            made(n);
        }
        assert_eq!(files.outgoing(&first.token).unwrap_err().code(), "no_such_file");
        assert_eq!(files.folder.path().read_dir().unwrap().count(), REMEMBERED);
    }

    #[test]
    fn only_regular_files_are_taken() {
        let home = tempfile::tempdir().unwrap();
        let files = Files::new(home.path()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(files.take(folder.path(), FileKind::Evidence).unwrap_err().code(), "file_not_found");
        assert_eq!(
            files.take(&folder.path().join("no"), FileKind::Evidence).unwrap_err().code(),
            "file_not_found"
        );
    }
}
