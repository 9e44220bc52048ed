//! Changing a passphrase: the keys stay, their files are sealed anew.
//!
//! A person has one file, which is replaced as a whole. The host's passphrase
//! opens two, the host's keys and the founding key; they change together:
//!
//! 1. `keys/host.change` is written as a whole: both files, sealed under the new
//!    passphrase. With its rename the change is made.
//! 2. Each file is replaced from it; then it is removed.
//!
//! After a power failure between the two, whoever opens one of the files first
//! ends the second step ([`settle`]). So at any time one passphrase opens both,
//! the old or the new. A temporary file that was left by a power failure is
//! never read, and removed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use yinxin_record::cbor::{self, Fields, Value};
use yinxin_record::key::{SecretKey, Signer as _};

use crate::duty::Duty;
use crate::error::{OfficeError, Result};
use crate::folder::{Folder, sync_folder, write_private_file};
use crate::keyring::{self, HostKeys, Locking, Passphrase};
use crate::office::Office;
use crate::{private_file, strength, whole_file};

/// Two sealed key files.
const MAX_PENDING: u64 = 128 * 1024;

/// A change of passphrase.
#[derive(Debug)]
pub struct PassphraseChange<'a> {
    /// Opens the key now.
    pub old: &'a Passphrase,
    /// Opens it from now on.
    pub new: &'a Passphrase,
    /// How the key files are made.
    pub locking: Locking,
}

impl Office {
    /// Changes the passphrase of the person called `name`.
    ///
    /// # Errors
    /// [`OfficeError::WrongPassphrase`], [`OfficeError::WeakPassphrase`],
    /// [`OfficeError::UnknownPerson`] and what reading and writing may fail with.
    pub fn change_passphrase(&self, name: &str, change: &PassphraseChange<'_>) -> Result<()> {
        self.change_passphrase_in(name, change, None)
    }

    /// The same of a key that may lie in a folder of its owner's, `keys`.
    ///
    /// # Errors
    /// As [`Office::change_passphrase`].
    pub fn change_passphrase_in(
        &self,
        name: &str,
        change: &PassphraseChange<'_>,
        keys: Option<&Path>,
    ) -> Result<()> {
        strength::check(change.new, &[name, &self.genesis()?.name], change.locking)?;
        let unlocked = self.unlock_in(name, Duty::ChangePassphrase, change.old, keys)?;
        let path = self.key_path(&unlocked.person, keys);
        let _hold = hold(keys.unwrap_or(&self.folder.keys()))?;
        keyring::write_key(&path, "person", &unlocked.key, change.new, change.locking)
    }

    /// Changes the passphrase of the host's keys and of the founding key. Where
    /// unattended unlocking is on, it stays so.
    ///
    /// # Errors
    /// As [`Office::change_passphrase`].
    pub fn change_host_passphrase(&self, change: &PassphraseChange<'_>) -> Result<()> {
        strength::check(change.new, &[&self.genesis()?.name], change.locking)?;
        let (founder, host) = self.unlock_founder_and_host(change.old)?;
        self.seal_host(&founder, &host, change.new, change.locking)
    }

    /// Opens what the host's passphrase protects; both must be the keys in
    /// force.
    pub(crate) fn unlock_founder_and_host(&self, passphrase: &Passphrase) -> Result<(SecretKey, HostKeys)> {
        let (folder, path) = (&self.folder, self.folder.founding_key());
        let (founder, host) = rayon::join(
            || keyring::read_key(&path, "founding", passphrase, "host"),
            || keyring::read_host_keys(folder, Some(passphrase)),
        );
        let (founder, host) = (founder?, host?);
        let certified = self.genesis()?.keys;
        if founder.public_key() != certified.founding {
            return Err(OfficeError::KeyFileDamaged(path));
        }
        Ok((founder, self.in_force(host)?))
    }

    /// Seals founding and host keys under `passphrase`, both or none.
    pub(crate) fn seal_host(
        &self,
        founder: &SecretKey,
        host: &HostKeys,
        passphrase: &Passphrase,
        locking: Locking,
    ) -> Result<()> {
        let (founding, host) = rayon::join(
            || keyring::seal_key("founding", founder, passphrase, locking),
            || keyring::seal_host_keys(host, passphrase, locking),
        );
        let pending = Pending { founding: founding?, host: host? };
        let _hold = hold(&self.folder.keys())?;
        pending.make(&self.folder)?;
        pending.carry_out(&self.folder)
    }
}

/// Ends what a power failure left of a change of the key file at `path`, before
/// that is read.
pub(crate) fn settle(path: &Path) -> Result<()> {
    let folder = Folder::new(path.ancestors().nth(2).unwrap_or(Path::new(".")));
    let of_host = [folder.host_keys(), folder.founding_key()].iter().any(|known| known == path);
    if of_host && pending_path(&folder).exists() {
        let _hold = hold(&folder.keys())?;
        // Another program may have been quicker.
        if pending_path(&folder).exists() {
            Pending::read(&folder)?.carry_out(&folder)?;
        }
    }
    for left in [path, &pending_path(&folder)].map(whole_file::temporary) {
        if left.exists() {
            // Best effort: it is never read, and the next change removes it, too.
            let _ = hold(&folder.keys()).and_then(|_hold| remove(&left));
        }
    }
    Ok(())
}

fn pending_path(folder: &Folder) -> PathBuf {
    folder.keys().join("host.change")
}

/// A change that is made and not yet carried out.
struct Pending {
    /// What `founding.age` is to hold.
    founding: Vec<u8>,
    /// What `host.age` is to hold.
    host: Vec<u8>,
}

impl Pending {
    fn make(&self, folder: &Folder) -> Result<()> {
        let bytes = cbor::encode(&Value::map([
            ("founding", Value::bytes(&*self.founding)),
            ("host", Value::bytes(&*self.host)),
        ]));
        write_private_file(&pending_path(folder), &bytes)
    }

    fn read(folder: &Folder) -> Result<Self> {
        let path = pending_path(folder);
        let bytes = private_file::read(&path, MAX_PENDING)?;
        let parsed = cbor::decode(&bytes, bytes.len()).ok().and_then(|value| {
            let mut fields = Fields::of(value).ok()?;
            let bytes = |value: &Value| value.as_bytes().map(<[u8]>::to_vec);
            let pending = Self {
                founding: fields.take("founding", bytes).ok()?,
                host: fields.take("host", bytes).ok()?,
            };
            fields.finish().ok().map(|()| pending)
        });
        parsed.ok_or(OfficeError::KeyFileDamaged(path))
    }

    fn carry_out(&self, folder: &Folder) -> Result<()> {
        write_private_file(&folder.founding_key(), &self.founding)?;
        write_private_file(&folder.host_keys(), &self.host)?;
        remove(&pending_path(folder))?;
        sync_folder(&folder.keys())
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(OfficeError::file(path)(error)),
        _ => Ok(()),
    }
}

/// Keeps other programs and threads from changing key files until it is dropped;
/// the system frees it when the program ends, however it ends.
fn hold(keys: &Path) -> Result<File> {
    let path = keys.join(".lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(OfficeError::file(&path))?;
    file.lock().map_err(OfficeError::file(&path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::create_private_folder;
    use crate::surroundings::Surroundings;

    struct Counting;

    impl Surroundings for Counting {
        fn now(&self) -> u64 {
            0
        }

        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::from(text.to_owned())
    }

    /// Keys under `old`, and what they are to be sealed as under `new`.
    fn begun(at: &Path) -> (Folder, Pending) {
        let folder = Folder::new(at);
        create_private_folder(&folder.keys()).unwrap();
        let (founder, host) = (SecretKey::from_seed(&[1; 32]), HostKeys::generate(&Counting));
        let sealed = |text: &str| Pending {
            founding: keyring::seal_key("founding", &founder, &passphrase(text), Locking::Public).unwrap(),
            host: keyring::seal_host_keys(&host, &passphrase(text), Locking::Public).unwrap(),
        };
        let old = sealed("old");
        write_private_file(&folder.founding_key(), &old.founding).unwrap();
        write_private_file(&folder.host_keys(), &old.host).unwrap();
        (folder, sealed("new"))
    }

    /// Whether `text` opens the founding key, and the host's.
    fn opens(folder: &Folder, text: &str) -> [bool; 2] {
        let passphrase = passphrase(text);
        [
            keyring::read_host_keys(folder, Some(&passphrase)).is_ok(),
            keyring::read_key(&folder.founding_key(), "founding", &passphrase, "host").is_ok(),
        ]
    }

    /// What has happened on the disk when the power fails.
    type Step = fn(&Folder, &Pending);

    /// The steps of a change, each one thing that is on the disk or not.
    const STEPS: [Step; 5] = [
        |_, _| {},
        |folder, new| new.make(folder).unwrap(),
        |folder, new| write_private_file(&folder.founding_key(), &new.founding).unwrap(),
        |folder, new| write_private_file(&folder.host_keys(), &new.host).unwrap(),
        |folder, _| remove(&pending_path(folder)).unwrap(),
    ];

    #[test]
    fn wherever_the_power_fails_one_passphrase_opens_both() {
        for cut in 0..STEPS.len() {
            for torn in [0, 1, 100, usize::MAX] {
                let place = tempfile::tempdir().unwrap();
                let (folder, new) = begun(place.path());
                STEPS[..=cut].iter().for_each(|step| step(&folder, &new));
                // The next step had begun: its temporary file is there in part, or whole.
                let next = [pending_path(&folder), folder.founding_key(), folder.host_keys()];
                for path in &next {
                    let part = &new.host[..torn.min(new.host.len())];
                    fs::write(whole_file::temporary(path), part).unwrap();
                }
                let made = cut > 0;
                assert_eq!(opens(&folder, "old"), [!made; 2], "{cut} {torn}");
                assert_eq!(opens(&folder, "new"), [made; 2], "{cut} {torn}");
                assert!(!pending_path(&folder).exists());
                assert!(!next.iter().any(|path| whole_file::temporary(path).exists()));
            }
        }
    }

    #[test]
    fn a_change_that_is_damaged_says_so_and_concerns_no_person() {
        let place = tempfile::tempdir().unwrap();
        let (folder, new) = begun(place.path());
        new.make(&folder).unwrap();
        let whole = fs::read(pending_path(&folder)).unwrap();
        write_private_file(&pending_path(&folder), &whole[..whole.len() - 1]).unwrap();
        let refused = keyring::read_host_keys(&folder, Some(&passphrase("old"))).unwrap_err();
        assert!(matches!(refused, OfficeError::KeyFileDamaged(at) if at == pending_path(&folder)));
        let person = folder.keys().join("somebody.age");
        keyring::write_key(
            &person,
            "person",
            &SecretKey::from_seed(&[2; 32]),
            &passphrase("x"),
            Locking::Public,
        )
        .unwrap();
        keyring::read_key(&person, "person", &passphrase("x"), "somebody").unwrap();
    }

    #[test]
    fn a_persons_file_is_the_old_or_the_new_one() {
        let place = tempfile::tempdir().unwrap();
        let (folder, _) = begun(place.path());
        let (path, key) = (folder.keys().join("somebody.age"), SecretKey::from_seed(&[2; 32]));
        keyring::write_key(&path, "person", &key, &passphrase("old"), Locking::Public).unwrap();
        let new = keyring::seal_key("person", &key, &passphrase("new"), Locking::Public).unwrap();
        let read = |text: &str| keyring::read_key(&path, "person", &passphrase(text), "somebody").is_ok();
        for torn in [0, 1, new.len()] {
            fs::write(whole_file::temporary(&path), &new[..torn]).unwrap();
            assert!(read("old") && !read("new"), "{torn}");
            assert!(!whole_file::temporary(&path).exists());
        }
        write_private_file(&path, &new).unwrap();
        assert!(read("new") && !read("old"));
    }

    #[test]
    fn programs_that_settle_at_once_do_not_disturb_each_other() {
        let place = tempfile::tempdir().unwrap();
        let (folder, new) = begun(place.path());
        new.make(&folder).unwrap();
        let opened: Vec<[bool; 2]> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| opens(&folder, "new"))).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(opened, [[true; 2]; 8]);
    }
}
