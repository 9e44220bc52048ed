//! The desk: what is open, whose key is unlocked, what runs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yinxin_office::people::Unlocked;
use yinxin_office::{Office, OfficeError, Surroundings};
use yinxin_record::roster::Role;

use crate::error::DeskError;
use crate::failure::Failure;
use crate::files::Files;
use crate::home::Home;
use crate::import::Plans;
use crate::job::Jobs;
use crate::list_of_commands::WhoMay;
use crate::office::OfficeEntry;
use crate::session::{Session, Tries};
use crate::settings::Settings;

/// An open office. Reading never waits for a long piece of writing: each has a
/// connection of its own.
pub(crate) struct OpenOffice {
    pub(crate) entry: OfficeEntry,
    pub(crate) folder: PathBuf,
    reader: Mutex<Office>,
    writer: Mutex<Office>,
}

impl OpenOffice {
    pub(crate) fn read(&self) -> MutexGuard<'_, Office> {
        held(&self.reader)
    }

    pub(crate) fn write(&self) -> MutexGuard<'_, Office> {
        held(&self.writer)
    }
}

/// One desk of one desktop. Hosts share it between threads.
pub struct Desk {
    home: Home,
    surroundings: Arc<dyn Surroundings + Send + Sync>,
    open: Mutex<Option<Arc<OpenOffice>>>,
    session: Mutex<Option<Session>>,
    tries: Mutex<Tries>,
    jobs: Jobs,
    files: Files,
    plans: Plans,
}

impl Desk {
    /// A desk over a home folder. An office that stands alone there is opened.
    ///
    /// # Errors
    /// [`DeskError`] if no place for files that are handed in can be made.
    pub fn new(home: Home, surroundings: Arc<dyn Surroundings + Send + Sync>) -> Result<Self, DeskError> {
        let desk = Self {
            files: Files::new()?,
            home,
            surroundings,
            open: Mutex::default(),
            session: Mutex::default(),
            tries: Mutex::default(),
            jobs: Jobs::default(),
            plans: Plans::default(),
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
        let writer = Office::open(&folder)?;
        let reader = Office::read(&folder)?;
        let entry = OfficeEntry::of(id, &folder, &reader)?;
        let open = OpenOffice {
            entry: entry.clone(),
            folder,
            reader: Mutex::new(reader),
            writer: Mutex::new(writer),
        };
        self.end_session();
        *held(&self.open) = Some(Arc::new(open));
        Ok(entry)
    }

    pub(crate) fn open_office(&self) -> Result<Arc<OpenOffice>, Failure> {
        held(&self.open).clone().ok_or_else(|| DeskError::NoOfficeOpen.into())
    }

    pub(crate) fn begin_session(&self, person: Unlocked) {
        *held(&self.session) = Some(Session::new(person));
    }

    pub(crate) fn end_session(&self) {
        *held(&self.session) = None;
        self.plans.clear();
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Option<Session>> {
        held(&self.session)
    }

    pub(crate) fn tries(&self) -> MutexGuard<'_, Tries> {
        held(&self.tries)
    }

    /// Who is at the desk.
    pub(crate) fn person(&self) -> Result<Arc<Unlocked>, Failure> {
        let session = held(&self.session);
        session.as_ref().map(|session| Arc::clone(&session.person)).ok_or_else(|| DeskError::Locked.into())
    }

    /// Whether whoever is at the desk may ask for this.
    pub(crate) fn authorise(&self, who: WhoMay) -> Result<(), Failure> {
        if who == WhoMay::Anyone {
            return Ok(());
        }
        let person = self.person()?;
        match who.role() {
            Some(role) if !person.person.member.roles.contains(&role) => {
                Err(role_needed(&person.person.name, role))
            }
            _ => Ok(()),
        }
    }
}

fn role_needed(name: &str, role: Role) -> Failure {
    let error = OfficeError::RoleNeeded { name: name.to_owned(), role };
    error.into()
}

/// A thread that panicked while it held a lock leaves what was there: the
/// database has rolled back, and everything else is replaced as a whole.
pub(crate) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
