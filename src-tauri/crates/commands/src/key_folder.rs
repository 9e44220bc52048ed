//! Where people of this desktop have keys of their own: in the home folder, or in a
//! folder that was chosen, as on a USB stick.
//!
//! A page names no path. The host offers folders: the one that a person chose in
//! its own dialog or named when the program was started, and those on media that
//! are plugged in. The page gives back the token of one of them. Which one was
//! chosen is remembered in the home folder, beside the settings and not among
//! them, because settings come from the page.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use yinxin_office::people::{KeyPlace, prepare_own_folder};
use yinxin_office::{Office, OfficeError};

use crate::desk::{Desk, held};
use crate::error::DeskError;
use crate::failure::Failure;
use crate::office::Nothing;

/// What a folder for keys is called that is made on a medium.
const ON_MEDIUM: &str = "yinxin-keys";

/// The most folders that are offered; nobody has so many sticks.
const OFFERED: usize = 64;

/// A folder that may be chosen for keys of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderRef {
    /// Stands for the folder; worth nothing outside this run.
    pub token: String,
    /// Where it is.
    pub folder: String,
    /// How many keys are in it.
    pub keys: u32,
    /// Whether it is made when it is chosen.
    pub new: bool,
}

/// Where keys of one's own are.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KeyFolderView {
    /// Where it is.
    pub folder: String,
    /// Where the usual one is, in the home folder.
    pub usual: String,
    /// Whether it was chosen; else it is the usual one.
    pub chosen: bool,
    /// Whether a folder that was chosen is there now.
    pub there: bool,
    /// What may be chosen.
    pub offered: Vec<FolderRef>,
}

/// Choose a folder for keys of one's own.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct KeyFolderChoose {
    /// Which, by [`FolderRef::token`]; `null` for the usual one.
    pub folder: Option<String>,
}

/// The folders that were offered: token and path.
#[derive(Debug, Default)]
pub(crate) struct OfferedFolders(Mutex<Vec<(String, PathBuf)>>);

impl OfferedFolders {
    /// The same folder has the same token.
    fn token(&self, path: &Path) -> Result<String, DeskError> {
        let mut offered = held(&self.0);
        if let Some((token, _)) = offered.iter().find(|(_, known)| known == path) {
            return Ok(token.clone());
        }
        let mut token = [0_u8; 16];
        getrandom::fill(&mut token).map_err(DeskError::internal)?;
        let token = yinxin_record::Id(token).to_string();
        if offered.len() == OFFERED {
            offered.remove(0);
        }
        offered.push((token.clone(), path.to_owned()));
        Ok(token)
    }

    fn path(&self, token: &str) -> Option<PathBuf> {
        held(&self.0).iter().find(|(known, _)| known == token).map(|(_, path)| path.clone())
    }

    fn all(&self) -> Vec<PathBuf> {
        held(&self.0).iter().map(|(_, path)| path.clone()).collect()
    }
}

impl Desk {
    /// Offers a folder to the page, which may choose it then.
    ///
    /// # Errors
    /// `internal`, without randomness.
    pub fn offer_key_folder(&self, folder: &Path) -> Result<FolderRef, DeskError> {
        Ok(FolderRef {
            token: self.offered_folders().token(folder)?,
            folder: folder.display().to_string(),
            keys: keys_in(folder),
            new: !folder.is_dir(),
        })
    }

    /// Chooses the folder for keys of one's own; it is remembered in the home folder.
    ///
    /// # Errors
    /// `key_folder_gone`, that others can reach what lies in it, and what writing
    /// may fail with.
    pub fn choose_key_folder(&self, folder: &Path) -> Result<(), DeskError> {
        // Only on a medium that is there a folder is made.
        if !folder.is_dir() && !folder.parent().is_some_and(Path::is_dir) {
            return Err(DeskError::KeyFolderGone(folder.to_owned()));
        }
        let Some(text) = folder.to_str().filter(|_| folder.is_absolute()) else {
            return Err(DeskError::file(folder)(io::ErrorKind::InvalidFilename.into()));
        };
        prepare_own_folder(folder)?;
        self.offer_key_folder(folder)?;
        let place = self.home().key_folder();
        fs::create_dir_all(self.home().path()).map_err(DeskError::file(self.home().path()))?;
        let temporary = place.with_extension("new");
        fs::write(&temporary, text).map_err(DeskError::file(&temporary))?;
        fs::rename(&temporary, &place).map_err(DeskError::file(&place))
    }

    /// The folder that was chosen, whether or not it is there.
    pub(crate) fn chosen_key_folder(&self) -> Option<PathBuf> {
        let kept = fs::read_to_string(self.home().key_folder()).ok()?;
        Some(PathBuf::from(kept)).filter(|folder| folder.is_absolute())
    }

    /// The chosen folder, provided that it is there.
    pub(crate) fn key_folder_there(&self) -> Result<Option<PathBuf>, DeskError> {
        let Some(folder) = self.chosen_key_folder() else { return Ok(None) };
        if folder.is_dir() { Ok(Some(folder)) } else { Err(DeskError::KeyFolderGone(folder)) }
    }

    /// In which folder of one's own the key of somebody lies; `None` if it is
    /// beside the office's.
    pub(crate) fn own_folder_of(&self, name: &str, office: &Office) -> Result<Option<PathBuf>, Failure> {
        let usual = self.home().own_keys();
        let folders: Vec<PathBuf> = self.chosen_key_folder().into_iter().chain([usual.clone()]).collect();
        match office.find_key(name, &folders)? {
            KeyPlace::Office => Ok(None),
            KeyPlace::Own(folder) => Ok(Some(folder)),
            // Which file is missing is told when it is opened.
            KeyPlace::Nowhere => Ok(self.key_folder_there()?.or(Some(usual).filter(|usual| usual.is_dir()))),
        }
    }
}

fn keys_in(folder: &Path) -> u32 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let is_key = |name: &Path| {
        let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let digits = stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits && name.extension().is_some_and(|end| end == "age")
    };
    let keys = entries.flatten().filter(|entry| is_key(Path::new(&entry.file_name()))).count();
    u32::try_from(keys).unwrap_or(u32::MAX)
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// What may be chosen on a medium: where keys are, or a folder that is made for them.
fn on_medium(medium: &Path) -> Vec<PathBuf> {
    let all = std::iter::once(medium.to_owned()).chain(folders_in(medium));
    let mut with_keys: Vec<PathBuf> = all.filter(|folder| keys_in(folder) > 0).collect();
    if with_keys.is_empty() {
        with_keys.push(medium.join(ON_MEDIUM));
    }
    with_keys
}

/// Where the system shows media that are plugged in.
fn media() -> Vec<PathBuf> {
    let user = ["USER", "LOGNAME"].into_iter().find_map(std::env::var_os);
    let roots = ["/run/media", "/media"].map(Path::new);
    let of_user = user.into_iter().flat_map(|user| roots.map(|root| root.join(&user)));
    of_user.flat_map(|folder| folders_in(&folder)).collect()
}

pub(crate) fn key_folder(desk: &Desk, _: &Nothing) -> Result<KeyFolderView, Failure> {
    let chosen = desk.chosen_key_folder();
    let mut all: Vec<PathBuf> = chosen.iter().cloned().chain(desk.offered_folders().all()).collect();
    all.extend(media().iter().flat_map(|medium| on_medium(medium)));
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in all {
        let can_be = folder.is_dir() || folder.parent().is_some_and(Path::is_dir);
        if can_be && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let offered = folders.iter().map(|folder| desk.offer_key_folder(folder)).collect::<Result<_, _>>()?;
    let usual = desk.home().own_keys();
    let folder = chosen.as_ref().unwrap_or(&usual);
    Ok(KeyFolderView {
        usual: usual.display().to_string(),
        there: folder.is_dir(),
        folder: folder.display().to_string(),
        chosen: chosen.is_some(),
        offered,
    })
}

pub(crate) fn key_folder_choose(desk: &Desk, asked: &KeyFolderChoose) -> Result<KeyFolderView, Failure> {
    match &asked.folder {
        Some(token) => {
            let folder = desk.offered_folders().path(token).ok_or(DeskError::NoSuchFolder)?;
            desk.choose_key_folder(&folder)?;
        }
        None => forget(desk)?,
    }
    key_folder(desk, &Nothing {})
}

/// Keys lie in the usual folder again; what lies in the other one stays there.
fn forget(desk: &Desk) -> Result<(), OfficeError> {
    let place = desk.home().key_folder();
    match fs::remove_file(&place) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(OfficeError::File { path: place, source })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_medium_the_folders_with_keys_are_offered_or_one_that_is_made() {
        let medium = tempfile::tempdir().unwrap();
        let at = medium.path();
        fs::create_dir(at.join("photos")).unwrap();
        assert_eq!(on_medium(at), [at.join(ON_MEDIUM)]);
        for name in ["note.age", "0011.age", &format!("{}.txt", "ab".repeat(32))] {
            fs::write(at.join("photos").join(name), "").unwrap();
        }
        assert_eq!(on_medium(at), [at.join(ON_MEDIUM)]);
        fs::create_dir(at.join("own")).unwrap();
        fs::write(at.join("own").join(format!("{}.age", "ab".repeat(32))), "").unwrap();
        assert_eq!(on_medium(at), [at.join("own")]);
        assert_eq!(keys_in(&at.join("own")), 1);
        assert_eq!(on_medium(&at.join("no")), [at.join("no").join(ON_MEDIUM)]);
    }

    #[test]
    fn a_folder_that_is_offered_twice_has_one_token_and_old_ones_are_forgotten() {
        let offered = OfferedFolders::default();
        let first = offered.token(Path::new("/a")).unwrap();
        assert_eq!(offered.token(Path::new("/a")).unwrap(), first);
        for n in 0..OFFERED {
            offered.token(Path::new(&format!("/{n}"))).unwrap();
        }
        assert_eq!(offered.all().len(), OFFERED);
        assert_eq!(offered.path(&first), None);
    }
}
