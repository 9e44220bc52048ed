//! The desk: what is open, whose key is unlocked, what runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yinxin_office::folder::Folder;
use yinxin_office::people::Unlocked;
use yinxin_office::{Office, OfficeError, Surroundings};
use yinxin_record::Id;

use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::Files;
use crate::home::Home;
use crate::idle::Idleness;
use crate::import::Plans;
use crate::job::Jobs;
use crate::key_folder::OfferedFolders;
use crate::list_of_commands::WhoMay;
use crate::office::OfficeEntry;
use crate::session::Tries;
use crate::settings::Settings;

/// An open office. Pages never wait for long work: what takes its time has a
/// connection of its own, and what is being typed has one, too.
pub(crate) struct OpenOffice {
    pub(crate) entry: OfficeEntry,
    pub(crate) folder: PathBuf,
    identity: Identity,
    reader: Mutex<Office>,
    writer: Mutex<Office>,
    forms: Mutex<Office>,
}

impl OpenOffice {
    /// For what is read at once.
    pub(crate) fn read(&self) -> MutexGuard<'_, Office> {
        held(&self.reader)
    }

    /// For what is written; jobs hold it to their end.
    pub(crate) fn write(&self) -> MutexGuard<'_, Office> {
        held(&self.writer)
    }

    /// For what is being typed.
    pub(crate) fn forms(&self) -> MutexGuard<'_, Office> {
        held(&self.forms)
    }

    /// Whether the folder is still where it was opened: what is written to files
    /// that were removed or moved away would be lost, or end up elsewhere.
    fn check_there(&self) -> Result<(), OfficeError> {
        if identity(&self.folder)? == self.identity {
            return Ok(());
        }
        Err(OfficeError::NoOffice(self.folder.clone()))
    }

    /// For reading that takes its time: nobody waits for it.
    pub(crate) fn read_aside(&self) -> Result<Office, OfficeError> {
        Office::read(&self.folder)
    }
}

/// What tells the database from another one at the same place.
type Identity = (u64, u64);

fn identity(folder: &Path) -> Result<Identity, OfficeError> {
    let about = std::fs::metadata(Folder::new(folder).database());
    let about = about.map_err(|_| OfficeError::NoOffice(folder.to_owned()))?;
    #[cfg(unix)]
    return Ok({
        use std::os::unix::fs::MetadataExt as _;
        (about.dev(), about.ino())
    });
    #[cfg(not(unix))]
    return Ok((0, u64::from(about.is_file())));
}

/// Which office is open, and whose key is unlocked in it: held together, so that
/// nobody who unlocks in one office finds himself in another.
#[derive(Default)]
pub(crate) struct Sitting {
    pub(crate) office: Option<Arc<OpenOffice>>,
    pub(crate) person: Option<Arc<Unlocked>>,
    /// Grows whenever one of them changes.
    pub(crate) number: u64,
    /// Since when nobody has used the desk.
    pub(crate) used: Idleness,
    /// After how many idle minutes the desk locked itself, if it did.
    pub(crate) idle: Option<u16>,
}

impl Sitting {
    pub(crate) fn change(
        &mut self,
        office: Option<Arc<OpenOffice>>,
        person: Option<Arc<Unlocked>>,
        now: u64,
    ) {
        *self = Self { office, person, number: self.number + 1, used: Idleness::since(now), idle: None };
    }
}

/// Who asked for something that is kept at the desk: only they are given it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    origin: String,
    person: Id,
}

impl Owner {
    pub(crate) fn of(office: &OpenOffice, person: &Unlocked) -> Self {
        Self { origin: office.entry.origin.clone(), person: person.person.id }
    }
}

/// One desk of one desktop. Hosts share it between threads.
pub struct Desk {
    home: Home,
    surroundings: Arc<dyn Surroundings + Send + Sync>,
    sitting: Arc<Mutex<Sitting>>,
    tries: Mutex<Tries>,
    jobs: Jobs,
    files: Files,
    plans: Plans,
    offered_folders: OfferedFolders,
}

impl Desk {
    /// A desk over a home folder. An office that stands alone there is opened.
    ///
    /// # Errors
    /// [`DeskError`] if no place for files that are handed in can be made.
    pub fn new(home: Home, surroundings: Arc<dyn Surroundings + Send + Sync>) -> Result<Self, DeskError> {
        let desk = Self {
            files: Files::new(home.path())?,
            home,
            surroundings,
            sitting: Arc::default(),
            tries: Mutex::default(),
            jobs: Jobs::default(),
            plans: Plans::default(),
            offered_folders: OfferedFolders::default(),
        };
        if desk.home.folder("office").is_some() {
            // Why it does not open is said when it is asked for.
            let _ = desk.open("office");
        }
        Ok(desk)
    }

    /// The home folder.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The files that were handed in or are to be handed out.
    pub fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    pub(crate) fn plans(&self) -> &Plans {
        &self.plans
    }

    pub(crate) fn offered_folders(&self) -> &OfferedFolders {
        &self.offered_folders
    }

    pub(crate) fn surroundings(&self) -> &dyn Surroundings {
        &*self.surroundings
    }

    pub(crate) fn shared_surroundings(&self) -> Arc<dyn Surroundings + Send + Sync> {
        Arc::clone(&self.surroundings)
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings::read(&self.home.settings())
    }

    pub(crate) fn keep_settings(&self, settings: &Settings) -> Result<(), Failure> {
        let place = self.home.settings();
        let failed = || DeskError::file(&place);
        std::fs::create_dir_all(self.home.path()).map_err(failed())?;
        let bytes = serde_json::to_vec_pretty(settings).map_err(DeskError::internal)?;
        let temporary = place.with_extension("new");
        std::fs::write(&temporary, bytes).map_err(failed())?;
        Ok(std::fs::rename(&temporary, &place).map_err(failed())?)
    }

    /// Opens an office; whoever was at the desk is locked out.
    pub(crate) fn open(&self, id: &str) -> Result<OfficeEntry, Failure> {
        let folder = self.home.folder(id).ok_or_else(|| OfficeError::NoOffice(id.into()))?;
        // The writer comes first: it brings an older database up to date.
        let (writer, forms) = (Office::open(&folder)?, Office::open(&folder)?);
        let reader = Office::read(&folder)?;
        let entry = OfficeEntry::of(id, &folder, &reader)?;
        let open = OpenOffice {
            entry: entry.clone(),
            identity: identity(&folder)?,
            folder,
            reader: Mutex::new(reader),
            writer: Mutex::new(writer),
            forms: Mutex::new(forms),
        };
        held(&self.sitting).change(Some(Arc::new(open)), None, self.surroundings.now());
        self.plans.clear();
        Ok(entry)
    }

    pub(crate) fn open_office(&self) -> Result<Arc<OpenOffice>, Failure> {
        held(&self.sitting).office.clone().ok_or_else(|| DeskError::NoOfficeOpen.into())
    }

    /// Lets somebody who has unlocked a key of this office sit down, if it is
    /// still the one that is open.
    pub(crate) fn sit_down(&self, office: &Arc<OpenOffice>, person: Unlocked) -> Result<(), Failure> {
        let mut sitting = held(&self.sitting);
        if !sitting.office.as_ref().is_some_and(|open| Arc::ptr_eq(open, office)) {
            return Err(DeskError::Locked.into());
        }
        sitting.change(Some(Arc::clone(office)), Some(Arc::new(person)), self.surroundings.now());
        let number = sitting.number;
        drop(sitting);
        self.watch(number);
        Ok(())
    }

    pub(crate) fn end_session(&self) {
        let mut sitting = held(&self.sitting);
        let office = sitting.office.clone();
        sitting.change(office, None, self.surroundings.now());
        drop(sitting);
        self.plans.clear();
    }

    /// Tells one sitting from another, for windows that share a desk.
    pub(crate) fn sitting(&self) -> u64 {
        held(&self.sitting).number
    }

    pub(crate) fn sitting_lock(&self) -> &Arc<Mutex<Sitting>> {
        &self.sitting
    }

    /// After how many idle minutes the desk locked itself, if that is how the
    /// last sitting ended.
    pub(crate) fn locked_idle(&self) -> Option<u16> {
        held(&self.sitting).idle
    }

    pub(crate) fn tries(&self) -> MutexGuard<'_, Tries> {
        held(&self.tries)
    }

    /// Who is at the desk, and in which office.
    pub(crate) fn member(&self) -> Result<(Arc<OpenOffice>, Arc<Unlocked>), Failure> {
        let sitting = held(&self.sitting);
        let office = sitting.office.clone().ok_or(DeskError::NoOfficeOpen)?;
        office.check_there()?;
        Ok((office, sitting.person.clone().ok_or(DeskError::Locked)?))
    }

    /// Who is at the desk, if anybody is, to be told what is theirs.
    pub(crate) fn owner(&self) -> Option<Owner> {
        self.member().ok().map(|(office, person)| Owner::of(&office, &person))
    }

    /// Whether whoever is at the desk may ask for this.
    pub(crate) fn authorise(&self, who: WhoMay) -> Result<(), Failure> {
        if who == WhoMay::Anyone {
            return Ok(());
        }
        let (office, unlocked) = self.member()?;
        // Who may do what can have changed since the key was unlocked.
        let person = office.read().person_now(&unlocked)?;
        Ok(who.check(&person)?)
    }
}

/// A thread that panicked while it held a lock leaves what was there: the
/// database has rolled back, and everything else is replaced as a whole.
pub(crate) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
