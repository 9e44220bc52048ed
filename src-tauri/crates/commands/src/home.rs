//! The home folder of a desktop, and which offices are in it.
//!
//! ```text
//! HOME/yinxin.db …          HOME itself is the folder of one office, or
//! HOME/office/              the office that was founded here
//! HOME/practice/<slug>/     the offices of the practice city
//! HOME/settings.json        language, zoom, theme, when to lock
//! HOME/own-keys/            keys that were made here for offices elsewhere
//! HOME/key-folder           another folder for them, if one was chosen
//! HOME/handed/              files handed in and out, while a program runs
//! ```

use std::path::{Path, PathBuf};

use yinxin_office::Office;
use yinxin_office::folder::Folder;

use crate::failure::Failure;
use crate::office::{ClosedOffice, OfficeEntry};

/// The id of an office that is the home folder itself, or the one founded here.
const OWN: &str = "office";

/// A home folder; nothing in it need exist.
#[derive(Debug, Clone)]
pub struct Home(PathBuf);

impl Home {
    /// The home at `path`.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where this user's programs keep their data; `None` where the system does
    /// not say.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        dirs::data_dir().map(|data| Self(data.join("yinxin")))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.0.join("settings.json")
    }

    /// Where keys lie that were made here for offices elsewhere.
    pub(crate) fn own_keys(&self) -> PathBuf {
        self.0.join("own-keys")
    }

    /// What says where else they lie.
    pub(crate) fn key_folder(&self) -> PathBuf {
        self.0.join("key-folder")
    }

    /// Where the practice city is, or would be.
    pub(crate) fn practice(&self) -> PathBuf {
        self.0.join("practice")
    }

    /// Where this desktop's own office is, or would be founded.
    pub(crate) fn own_office(&self) -> PathBuf {
        if is_office(&self.0) { self.0.clone() } else { self.0.join(OWN) }
    }

    /// The folder of the office with this id; only ids that [`Home::offices`] gives.
    pub(crate) fn folder(&self, id: &str) -> Option<PathBuf> {
        self.folders().into_iter().find(|(known, _)| known == id).map(|(_, folder)| folder)
    }

    fn folders(&self) -> Vec<(String, PathBuf)> {
        let own = (OWN.to_owned(), self.own_office());
        let city = yinxin_practice::City::at(&self.practice());
        let practice =
            city.offices.into_iter().map(|office| (format!("practice/{}", office.slug), office.folder));
        std::iter::once(own).chain(practice).filter(|(_, folder)| is_office(folder)).collect()
    }

    /// The offices that are here, and those that are but cannot be opened.
    pub(crate) fn offices(&self) -> (Vec<OfficeEntry>, Vec<ClosedOffice>) {
        let (mut open, mut shut) = (Vec::new(), Vec::new());
        for (id, folder) in self.folders() {
            match entry(&id, &folder) {
                Ok(office) => open.push(office),
                Err(failure) => shut.push(ClosedOffice { id, folder: folder.display().to_string(), failure }),
            }
        }
        (open, shut)
    }
}

fn is_office(folder: &Path) -> bool {
    Folder::new(folder).database().is_file()
}

pub(crate) fn entry(id: &str, folder: &Path) -> Result<OfficeEntry, Failure> {
    // Looking changes nothing: an older database is brought up to date when it
    // is opened.
    OfficeEntry::of(id, folder, &Office::read(folder)?)
}
