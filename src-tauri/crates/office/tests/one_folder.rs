//! Two programs on one folder, a locked database, a damaged one.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;
use std::thread;

use fixture::{Desk, World, found, passphrase};
use rusqlite::Connection;
use yinxin_office::browse::{Filter, State};
use yinxin_office::duty::Duty;
use yinxin_office::import::Limits;
use yinxin_office::{Office, OfficeError, Selection};
use yinxin_record::Coded;

fn rows(count: usize) -> Vec<(String, String)> {
    (0..count).map(|i| (format!("{i:03}"), format!("第{i}社区"))).collect()
}

#[test]
fn two_programs_that_approve_at_once_publish_everything_once() {
    let mut desk = Desk::new();
    let rows = rows(900);
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    desk.import(&rows, false);
    let path = desk.path();
    let approve = || {
        let mut office = Office::open(&path).unwrap();
        let approver = office.unlock("审批示例", Duty::Approve, &passphrase("审批示例")).unwrap();
        let host = office.unlock_host(Some(&passphrase("host"))).unwrap();
        let world = World::default();
        let approval = office
            .approve(Selection::All, &approver, &host, &world, &mut |_, _| ControlFlow::Continue(()))
            .unwrap();
        assert!(approval.refused.is_empty());
        approval.published.len()
    };
    let (one, other) = thread::scope(|scope| {
        let (one, other) = (scope.spawn(approve), scope.spawn(approve));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one + other, 900);
    let office = Office::open(&path).unwrap();
    let page = office.list(&Filter { state: Some(State::Published), limit: 1, ..Filter::default() }).unwrap();
    assert_eq!(page.total, 900);
    assert_eq!(office.head().unwrap().size, 903);
    assert!(office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn two_programs_that_import_at_once_submit_everything_once() {
    let desk = Desk::new();
    let rows = rows(900);
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let sheet = desk.sheet(&rows);
    let path = desk.path();
    let import = |seed: u64| {
        let mut office = Office::open(&path).unwrap();
        let drafter = office.unlock("经办示例", Duty::Draft, &passphrase("经办示例")).unwrap();
        let world = World::from(seed);
        let plan = office.plan_import("community", &sheet, &Limits::default()).unwrap();
        office.import(&plan, false, &drafter, &world, &mut |_| ControlFlow::Continue(())).unwrap().submitted
    };
    let (one, other) = thread::scope(|scope| {
        let (one, other) = (scope.spawn(|| import(1 << 40)), scope.spawn(|| import(2 << 40)));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(one + other, 900);
    let office = Office::open(&path).unwrap();
    assert_eq!(office.list(&Filter { limit: 1, ..Filter::default() }).unwrap().total, 900);
}

#[test]
fn a_database_locked_by_another_program_is_said_and_nothing_changes() {
    let mut desk = Desk::new();
    desk.import(&[("001", "保成社区")], false);
    let other = Connection::open(desk.path().join("yinxin.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Reading goes on; writing waits, then says so.
    assert_eq!(desk.office.list(&Filter { limit: 1, ..Filter::default() }).unwrap().total, 1);
    let refused = desk
        .office
        .approve(Selection::All, &desk.approver, &desk.host, &desk.world, &mut |_, _| {
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert_eq!(refused.code(), "database_busy");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.approve().published.len(), 1);
}

#[test]
fn a_damaged_or_newer_database_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office");
    drop(found(&path, &World::default()));
    let database = path.join("yinxin.db");
    Connection::open(&database).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(Office::open(&path), Err(OfficeError::NewerDatabase { found: 99, .. })));
    std::fs::write(&database, "not a database, but long enough to look at its first page").unwrap();
    let code = Office::open(&path).err().map(|error| error.code());
    assert_eq!(code, Some("database_damaged"));
    std::fs::remove_file(&database).unwrap();
    assert!(matches!(Office::open(&path), Err(OfficeError::NoOffice(_))));
    Connection::open(&database).unwrap().execute_batch("CREATE TABLE other (x)").unwrap();
    let before = std::fs::read(&database).unwrap();
    assert!(matches!(Office::open(&path), Err(OfficeError::Damaged(_))));
    assert_eq!(std::fs::read(&database).unwrap(), before, "a foreign database is left alone");
}

#[test]
fn a_key_file_that_is_gone_or_swapped_is_said() {
    let desk = Desk::new();
    let person = desk.office.person("经办示例").unwrap();
    let other = desk.office.person("审批示例").unwrap();
    let keys = desk.path().join("keys");
    let (mine, his) = (keys.join(format!("{}.age", person.id)), keys.join(format!("{}.age", other.id)));
    let unlock = |secret| desk.office.unlock("经办示例", Duty::Draft, &passphrase(secret)).map(|_| ());
    std::fs::copy(&his, &mine).unwrap();
    assert!(matches!(unlock("审批示例"), Err(OfficeError::KeyFileDamaged(_))));
    std::fs::write(&mine, b"age-encryption.org/v1\n-> scrypt").unwrap();
    assert!(matches!(unlock("经办示例"), Err(OfficeError::KeyFileDamaged(_))));
    std::fs::write(&mine, b"").unwrap();
    assert!(matches!(unlock("经办示例"), Err(OfficeError::KeyFileDamaged(_))));
    std::fs::remove_file(&mine).unwrap();
    assert!(matches!(unlock("经办示例"), Err(OfficeError::KeyFileMissing(_))));
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_keys_and_folder() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.office.set_unattended(Some(&desk.host)).unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&desk.path()), 0o700);
    for file in std::fs::read_dir(desk.path().join("keys")).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}
