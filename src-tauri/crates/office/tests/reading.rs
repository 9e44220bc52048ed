//! Reading leaves the folder as it is, whether or not it may be written.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod fixture;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use fixture::{Desk, World};
use rusqlite::Connection;
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::Filter;
use yinxin_office::{Office, OfficeError};
use yinxin_record::{Coded as _, Id};

const ONE: Filter<'_> = Filter { text: None, state: None, limit: 1, after: None, drafter: None };

/// A folder and everything in it, marked as not writable; writable again at
/// the end, so that it can be removed.
struct Marked(PathBuf);

impl Marked {
    fn new(folder: &Path) -> Self {
        mark(folder, true);
        Self(folder.to_owned())
    }
}

impl Drop for Marked {
    fn drop(&mut self) {
        mark(&self.0, false);
    }
}

fn mark(path: &Path, readonly: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, file) = if readonly { (0o555, 0o444) } else { (0o755, 0o644) };
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    if path.is_file() {
        return set(path, file);
    }
    set(path, 0o755);
    for entry in fs::read_dir(path).unwrap() {
        mark(&entry.unwrap().path(), readonly);
    }
    set(path, folder);
}

/// Every file with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    all
}

/// Copies the files of an office as they are at this moment.
fn copy(from: &Path, to: &Path, also: fn(&str) -> bool) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name), |_| true);
        } else if also(name) {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn reads_everything(folder: &Path, ids: &[Id]) {
    let office = Office::read(folder).unwrap();
    assert_eq!(office.list(&ONE).unwrap().total, ids.len() as u64);
    assert_eq!(office.list(&Filter { text: Some("第1社区"), ..ONE }).unwrap().total, 1);
    assert_eq!(office.show(&ids[0], None).unwrap().versions.len(), 1);
    assert!(office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
    let exported = office.export(&ids[0], None, None, None, &World::default()).unwrap();
    let policy = office.policy().unwrap();
    assert_eq!(verify(&exported.bytes, Some(&policy), Some(&office)).verdict, Verdict::Genuine);
    let tiles = tempfile::tempdir().unwrap();
    assert_eq!(office.write_tiles(tiles.path(), &mut |_, _| {}).unwrap(), office.head().unwrap().size);
    office.check_undisturbed().unwrap();
}

#[test]
fn a_folder_that_may_not_be_written_is_read_and_left_as_it_is() {
    let mut desk = Desk::new();
    let ids = desk.published(3);
    let path = desk.path();
    let Desk { folder: _folder, office, world, drafter, .. } = desk;
    drop(office);
    for empty_log in [false, true] {
        if empty_log {
            fs::write(path.join("yinxin.db-wal"), b"").unwrap();
        }
        let before = contents(&path);
        let marked = Marked::new(&path);
        reads_everything(&path, &ids);
        let mut office = Office::read(&path).unwrap();
        let refused = office.withdraw(&ids[0], "撤并", &drafter, &world).unwrap_err();
        assert_eq!(refused.code(), "file_read_only");
        drop(office);
        assert!(contents(&path) == before, "reading changed the folder");
        drop(marked);
    }
}

#[test]
fn a_folder_that_may_be_written_is_left_as_it_is() {
    let mut desk = Desk::new();
    let ids = desk.published(3);
    let path = desk.path();
    let Desk { folder: _folder, office, world, drafter, .. } = desk;
    drop(office);
    let before = contents(&path);
    reads_everything(&path, &ids);
    let mut office = Office::read(&path).unwrap();
    assert_eq!(office.withdraw(&ids[0], "撤并", &drafter, &world).unwrap_err().code(), "file_read_only");
    drop(office);
    assert!(contents(&path) == before, "reading changed the folder");
}

#[test]
fn who_reads_sees_one_state_while_others_write() {
    let mut desk = Desk::new();
    let ids = desk.published(2);
    let reader = Office::read(&desk.path()).unwrap();
    desk.import(&[("500", "新社区")], false);
    // Reading waits for nobody, and sees what is committed.
    let other = Connection::open(desk.path().join("yinxin.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM submission;").unwrap();
    assert_eq!(reader.list(&ONE).unwrap().total, 3);
    assert!(reader.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.approve().published.len(), 1);
    assert_eq!(reader.head().unwrap().size, ids.len() as u64 + 4);
    reader.check_undisturbed().unwrap();
}

#[test]
fn what_a_stopped_program_left_is_read_or_said() {
    let mut desk = Desk::new();
    let ids = desk.published(3);
    // The office is open: what it wrote is still in its -wal.
    let [whole, without] = ["whole", "without"].map(|name| desk.folder.path().join(name));
    copy(&desk.path(), &whole, |_| true);
    copy(&desk.path(), &without, |name| !name.ends_with("-shm"));
    assert!(fs::metadata(without.join("yinxin.db-wal")).unwrap().len() > 0);
    for folder in [&whole, &without] {
        let before = contents(folder);
        let marked = Marked::new(folder);
        match Office::read(folder) {
            Ok(_) => reads_everything(folder, &ids),
            Err(error) => assert!(matches!(error, OfficeError::WritingUnfinished(_)), "{error}"),
        }
        assert!(contents(folder) == before, "reading changed the folder");
        drop(marked);
    }
    // Where it may be written, it is all there, and still is after reading.
    let log = fs::read(without.join("yinxin.db-wal")).unwrap();
    reads_everything(&without, &ids);
    assert!(fs::read(without.join("yinxin.db-wal")).unwrap() == log);
    assert_eq!(Office::open(&without).unwrap().list(&ONE).unwrap().total, 3);
}

#[test]
fn what_was_read_without_locks_is_refused_if_somebody_wrote() {
    let mut desk = Desk::new();
    desk.published(1);
    let path = desk.path();
    let Desk { folder: _folder, office, .. } = desk;
    drop(office);
    let marked = Marked::new(&path);
    let reader = Office::read(&path).unwrap();
    drop(marked);
    let db = Connection::open(path.join("yinxin.db")).unwrap();
    db.execute_batch("UPDATE record SET template = 'other'").unwrap();
    drop(db);
    assert!(matches!(reader.check_undisturbed(), Err(OfficeError::ChangedMeanwhile(_))));
}
