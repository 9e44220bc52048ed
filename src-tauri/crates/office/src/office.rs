//! One office on one desktop: the folder, its databases, its ledger.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};
use yinxin_ledger::checkpoint::Checkpoint;
use yinxin_ledger::note::{KeyKind, VerifierKey};
use yinxin_ledger::store::{self, Head, LedgerId, StoredTiles};
use yinxin_ledger::tree;
use yinxin_record::Id;
use yinxin_record::act::{Act, Genesis, OfficeKeys};
use yinxin_record::check_digit;
use yinxin_record::key::{PublicKey, SecretKey, Signer as _};
use yinxin_record::origin::Origin;
use yinxin_record::rules::{self, Delta, RuleError};
use yinxin_record::statement::{Claims, Statement, sign_alone};

use crate::content;
use crate::database;
use crate::erase::overwrite_freed;
use crate::error::{OfficeError, Result};
use crate::folder::{Folder, create_private_folder, make_private, sync_folder};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::people::check_name;
use crate::reading::Seen;
use crate::realm::keys;
use crate::state::{LedgerView, load_genesis};
use crate::state_of::{self, StateOf};
use crate::strength;
use crate::surroundings::{Surroundings, random};

/// An open office.
pub struct Office {
    pub(crate) folder: Folder,
    pub(crate) db: Connection,
    pub(crate) content_keys: Connection,
    pub(crate) origin: Origin,
    pub(crate) ledger: LedgerId,
    /// The databases that are read without locks.
    as_they_lie: Vec<Seen>,
    state_made_anew: bool,
}

/// What founding an office needs.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The realm (a city).
    pub realm: &'a str,
    /// The office's name.
    pub name: &'a str,
    /// The office's 统一社会信用代码.
    pub code: &'a str,
    /// Protects the founding key and the host's keys.
    pub passphrase: &'a Passphrase,
    /// How key files are made.
    pub locking: Locking,
}

impl Office {
    /// Founds an office in `folder`, which must not exist or be empty. It
    /// appears there whole or not at all.
    ///
    /// # Errors
    /// [`OfficeError::Origin`], [`OfficeError::OfficeCode`],
    /// [`OfficeError::BadName`], [`OfficeError::WeakPassphrase`],
    /// [`OfficeError::FolderTaken`] and what writing may fail with.
    pub fn create(folder: &Path, founding: &Founding<'_>, surroundings: &dyn Surroundings) -> Result<Self> {
        let origin = Origin::new(founding.realm, founding.code)?;
        Self::create_as(folder, &origin, founding, surroundings)
    }

    /// Founds the register of a realm, which the office that `founding` names keeps.
    ///
    /// # Errors
    /// As [`Office::create`].
    pub fn create_register(
        folder: &Path,
        founding: &Founding<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<Self> {
        let origin = Origin::new(founding.realm, founding.code)?.register();
        Self::create_as(folder, &origin, founding, surroundings)
    }

    fn create_as(
        folder: &Path,
        origin: &Origin,
        founding: &Founding<'_>,
        surroundings: &dyn Surroundings,
    ) -> Result<Self> {
        check_digit::check_uscc(founding.code)
            .map_err(|_| OfficeError::OfficeCode(founding.code.to_owned()))?;
        check_name(founding.name)?;
        strength::check(founding.passphrase, &[founding.name], founding.locking)?;
        if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
            return Err(OfficeError::FolderTaken(folder.to_owned()));
        }
        let absolute = std::path::absolute(folder).map_err(OfficeError::file(folder))?;
        let parent = absolute.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(parent).map_err(OfficeError::file(parent))?;
        let building = parent.join(format!(".yinxin-{}", Id(random(surroundings))));
        let built =
            build(&building, origin, founding, surroundings).and_then(|()| move_in(&building, &absolute));
        if let Err(error) = built {
            // Best effort: what failed is told, whether or not this succeeds.
            let _ = std::fs::remove_dir_all(&building);
            return Err(error);
        }
        Self::open(folder)
    }

    /// Opens the office in `folder`, to write and to read.
    ///
    /// # Errors
    /// [`OfficeError::NoOffice`] and what reading may fail with.
    pub fn open(folder: &Path) -> Result<Self> {
        let folder = existing(folder)?;
        let mut db = database::open_database(&folder.database())?;
        let mut content_keys = database::open_content_keys(&folder.content_keys())?;
        content::destroy_dropped(&mut db, &mut content_keys);
        // What cannot be done now is done at the next opening.
        let _ = overwrite_freed(&db, &content_keys);
        let mut office = Self::of(folder, db, content_keys, Vec::new())?;
        // What cannot be made anew can still be read and audited; whatever signs or
        // judges says so.
        office.state_made_anew =
            state_of::catch_up(&mut office.db, office.ledger, &office.origin).unwrap_or_default();
        Ok(office)
    }

    /// Opens the office in `folder` only to read, and leaves the folder as it
    /// is; it need not be writable. Everything that writes fails.
    ///
    /// # Errors
    /// [`OfficeError::NoOffice`], [`OfficeError::OlderDatabase`],
    /// [`OfficeError::WritingUnfinished`] and what reading may fail with.
    pub fn read(folder: &Path) -> Result<Self> {
        let folder = existing(folder)?;
        let db = database::read_database(&folder.database())?;
        let keys = database::read_content_keys(&folder.content_keys())?;
        let as_they_lie = db.as_it_lies.into_iter().chain(keys.as_it_lies).collect();
        Self::of(folder, db.db, keys.db, as_they_lie)
    }

    fn of(folder: Folder, db: Connection, content_keys: Connection, as_they_lie: Vec<Seen>) -> Result<Self> {
        let origin = db.query_row("SELECT origin FROM office", [], |row| row.get(0)).optional()?;
        let origin: String = origin.ok_or(OfficeError::Damaged("whose folder this is"))?;
        let (ledger, _) =
            store::find_ledger(&db, &origin)?.ok_or(OfficeError::Damaged("own ledger is missing"))?;
        let origin = origin.parse().map_err(|_| OfficeError::Damaged("origin"))?;
        Ok(Self { folder, db, content_keys, origin, ledger, as_they_lie, state_made_anew: false })
    }

    /// Refuses what was read if it had to be read without locks and somebody
    /// wrote meanwhile: ask when done.
    ///
    /// # Errors
    /// [`OfficeError::ChangedMeanwhile`].
    pub fn check_undisturbed(&self) -> Result<()> {
        self.as_they_lie.iter().try_for_each(Seen::check)
    }

    /// Whether the saved state lagged behind the ledger and was made anew from the
    /// entries when the office was opened.
    #[must_use]
    pub fn was_state_made_anew(&self) -> bool {
        self.state_made_anew
    }

    /// The origin of the office's ledger.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// What entry 0 says about the office.
    ///
    /// # Errors
    /// [`OfficeError::Damaged`].
    pub fn genesis(&self) -> Result<Genesis> {
        load_genesis(&self.db, self.ledger)
    }

    /// Where the office's ledger stands.
    ///
    /// # Errors
    /// What reading may fail with.
    pub fn head(&self) -> Result<Head> {
        Ok(store::head(&self.db, self.ledger)?)
    }

    /// The verifier key of the office's checkpoints (C2SP signed-note).
    ///
    /// # Errors
    /// [`OfficeError::Damaged`].
    pub fn vkey(&self) -> Result<VerifierKey> {
        log_vkey(&self.origin.to_string(), keys::in_force(&self.db, self.ledger)?.log)
    }

    /// Unlocks the host's keys: with the passphrase, or without where
    /// unattended unlocking is on. They must be the ones that are in force: those of
    /// the genesis, or those that the register certified since.
    ///
    /// # Errors
    /// [`OfficeError::HostLocked`], [`OfficeError::WrongPassphrase`],
    /// [`OfficeError::KeyFileDamaged`].
    pub fn unlock_host(&self, passphrase: Option<&Passphrase>) -> Result<HostKeys> {
        let keys = keyring::read_host_keys(&self.folder, passphrase)?;
        self.in_force(keys)
    }

    /// Of the keys of the host's file, those that are in force.
    pub(crate) fn in_force(&self, keys: HostKeys) -> Result<HostKeys> {
        let certified = keys::in_force(&self.db, self.ledger)?;
        let known = keys.in_force(|keys| certified.are(keys));
        known.ok_or_else(|| OfficeError::KeyFileDamaged(self.folder.host_keys()))
    }

    /// Stores the host's keys under `passphrase`, and for unattended unlocking where
    /// that is on.
    pub(crate) fn store_host_keys(
        &self,
        keys: &HostKeys,
        passphrase: &Passphrase,
        locking: Locking,
    ) -> Result<()> {
        keyring::write_host_keys(&self.folder, keys, passphrase, locking)?;
        if self.is_unattended() { keyring::write_unattended(&self.folder, keys) } else { Ok(()) }
    }

    /// Stores the host's keys so that only this user's programs can use them
    /// without a passphrase (0600), or removes that file.
    ///
    /// # Errors
    /// As [`Office::unlock_host`], and what writing may fail with.
    pub fn set_unattended(&self, host: Option<&HostKeys>) -> Result<()> {
        match host {
            Some(keys) => keyring::write_unattended(&self.folder, keys),
            None => keyring::remove_unattended(&self.folder),
        }
    }

    /// Whether the host's keys unlock without a passphrase.
    #[must_use]
    pub fn is_unattended(&self) -> bool {
        self.folder.unattended_keys().exists()
    }

    /// Starts a writing transaction: waits for other writers, then nobody else
    /// writes until it ends.
    pub(crate) fn begin(db: &mut Connection) -> Result<Transaction<'_>> {
        Ok(db.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

/// The folder, if an office is in it.
fn existing(folder: &Path) -> Result<Folder> {
    let folder = Folder::new(folder);
    if !folder.database().is_file() {
        return Err(OfficeError::NoOffice(folder.path().to_owned()));
    }
    if !folder.content_keys().is_file() {
        return Err(OfficeError::KeyFileMissing(folder.content_keys()));
    }
    Ok(folder)
}

/// Gives a finished office its place. A folder that is there stays the same
/// folder (somebody may stand in it); the database comes last, and only with
/// it is there an office.
fn move_in(building: &Path, place: &Path) -> Result<()> {
    let moved = |from: &Path, to: &Path| std::fs::rename(from, to).map_err(OfficeError::file(to));
    if !place.exists() {
        moved(building, place)?;
        return sync_folder(place.parent().unwrap_or(place));
    }
    make_private(place)?;
    let (from, to) = (Folder::new(building), Folder::new(place));
    moved(&from.keys(), &to.keys())?;
    moved(&from.content_keys(), &to.content_keys())?;
    moved(&from.database(), &to.database())?;
    std::fs::remove_dir(building).map_err(OfficeError::file(building))?;
    sync_folder(place)
}

fn build(
    folder: &Path,
    origin: &Origin,
    founding: &Founding<'_>,
    surroundings: &dyn Surroundings,
) -> Result<()> {
    let paths = Folder::new(folder);
    create_private_folder(folder)?;
    create_private_folder(&paths.keys())?;
    let founder = SecretKey::from_seed(&random(surroundings));
    let host = HostKeys::generate(surroundings);
    keyring::write_key(&paths.founding_key(), "founding", &founder, founding.passphrase, founding.locking)?;
    keyring::write_host_keys(&paths, &host, founding.passphrase, founding.locking)?;
    database::create_content_keys(&paths.content_keys())?;
    let mut db = database::create_database(&paths.database())?;
    let transaction = Office::begin(&mut db)?;
    let vkey = log_vkey(&origin.to_string(), host.log.public_key())?;
    let ledger = store::create_ledger(&transaction, &origin.to_string(), &vkey.to_string())?;
    transaction.execute("INSERT INTO office (one, origin) VALUES (1, ?1)", [origin.to_string()])?;
    StateOf::save(&transaction, ledger, &Head::empty())?;
    let genesis = genesis_entry(&transaction, ledger, origin, founding, &founder, &host, surroundings)?;
    append_entry(&transaction, ledger, origin, genesis, &host)?;
    transaction.commit()?;
    Ok(())
}

fn genesis_entry(
    db: &Connection,
    ledger: LedgerId,
    origin: &Origin,
    founding: &Founding<'_>,
    founder: &SecretKey,
    host: &HostKeys,
    surroundings: &dyn Surroundings,
) -> Result<Vec<u8>> {
    let act = Act::Genesis(Box::new(Genesis {
        code: founding.code.to_owned(),
        name: founding.name.to_owned(),
        realm: founding.realm.to_owned(),
        keys: OfficeKeys { founding: founder.public_key(), host: host.certified()? },
    }));
    let claims = Claims { iss: origin.to_string(), sub: Id(random(surroundings)), iat: surroundings.now() };
    let anchor = LedgerView::load(db, ledger, origin)?.anchor()?;
    Ok(sign_alone(&act, claims, anchor, founder)?)
}

/// Judges one entry, appends it and signs the new head, inside the caller's
/// transaction. Returns what the entry changed and its position.
pub(crate) fn append_entry(
    db: &Connection,
    ledger: LedgerId,
    origin: &Origin,
    entry: Vec<u8>,
    host: &HostKeys,
) -> Result<(Delta, u64)> {
    let view = LedgerView::load(db, ledger, origin)?;
    let statement = Statement::parse(&entry).map_err(|_| OfficeError::TooLarge)?;
    let leaf = tree::leaf_hash(&entry);
    let decision = rules::apply(&view, &statement, leaf).map_err(rule_error)?;
    for (layer, key) in statement.layers.iter().zip(&decision.signers) {
        layer.verify(key).map_err(|_| OfficeError::Damaged("signature"))?;
    }
    let before = store::head(db, ledger)?;
    if before.size > 0 {
        check_head(db, ledger, origin)?;
    }
    let head = store::append(db, ledger, &before, &[entry])?;
    sign_head(db, ledger, origin, &head, host)?;
    StateOf::save(db, ledger, &head)?;
    Ok((decision.delta, before.size))
}

/// Refuses to build on a ledger whose head is not the one that its own log key
/// signed: entries that were changed must not get a new signature over them.
///
/// # Errors
/// [`OfficeError::Damaged`].
pub(crate) fn check_head(db: &Connection, ledger: LedgerId, origin: &Origin) -> Result<()> {
    let head = store::head(db, ledger)?;
    let key = log_vkey(&origin.to_string(), keys::in_force(db, ledger)?.log)?;
    let signed = keys::signed_at(db, ledger, head.size)?
        .and_then(|stored| Checkpoint::open(&stored.note, &key).ok())
        .is_some_and(|(signed, _)| signed.size == head.size && signed.root == head.root);
    let tiles = StoredTiles::new(db, ledger);
    let root = tree::root(head.size, &tiles).map_err(store::StoreError::from)?;
    if signed && root == head.root { Ok(()) } else { Err(OfficeError::Damaged("the signed head")) }
}

/// Signs checkpoint and receipt of `head` and stores both.
pub(crate) fn sign_head(
    db: &Connection,
    ledger: LedgerId,
    origin: &Origin,
    head: &Head,
    host: &HostKeys,
) -> Result<()> {
    store::insert_checkpoint(db, ledger, head.size, &keys::sign(origin, head, host)?)?;
    Ok(())
}

/// The verifier key of a ledger's checkpoints: named after its origin.
pub(crate) fn log_vkey(origin: &str, key: PublicKey) -> Result<VerifierKey> {
    VerifierKey::new(origin, KeyKind::Ed25519, key).map_err(|_| OfficeError::Damaged("log key"))
}

/// A rule's refusal, or the database's.
pub(crate) fn rule_error(error: RuleError<OfficeError>) -> OfficeError {
    match error {
        RuleError::Violation(violation) => violation.into(),
        RuleError::View(error) => error,
    }
}
