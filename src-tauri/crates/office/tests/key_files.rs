//! Key files that were cut off, changed, or opened to others.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use fixture::{Desk, LOCKING, passphrase};
use yinxin_office::keyring::Locking;
use yinxin_office::passphrase_change::PassphraseChange;
use yinxin_office::private_file::Exposure;
use yinxin_office::{Office, OfficeError};

/// A desk whose host needs no passphrase, and the files of its keys.
fn desk() -> (Desk, [PathBuf; 3]) {
    let desk = Desk::new();
    desk.office.set_unattended(Some(&desk.host)).unwrap();
    let keys = desk.path().join("keys");
    let drafter = keys.join(format!("{}.age", desk.drafter.person.id));
    (desk, [drafter, keys.join("host.age"), keys.join("host.unattended")])
}

/// Opens each key in turn.
fn open(office: &Office) -> [Result<(), OfficeError>; 3] {
    [
        office.sign_in("经办示例", &passphrase("经办示例")).map(drop),
        office.unlock_host(Some(&passphrase("host"))).map(drop),
        office.unlock_host(None).map(drop),
    ]
}

#[test]
fn a_key_file_that_ends_too_early_is_damaged_wherever_it_ends() {
    let (desk, files) = desk();
    for (n, file) in files.iter().enumerate() {
        let whole = fs::read(file).unwrap();
        for end in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
            fs::write(file, &whole[..end]).unwrap();
            let damaged = &open(&desk.office)[n];
            assert!(
                matches!(damaged, Err(OfficeError::KeyFileDamaged(at)) if at == file),
                "{} at {end}: {damaged:?}",
                file.display()
            );
        }
        fs::write(file, [&whole[..], b"more"].concat()).unwrap();
        assert!(matches!(&open(&desk.office)[n], Err(OfficeError::KeyFileDamaged(_))));
        fs::write(file, vec![b'x'; 70_000]).unwrap();
        assert!(matches!(&open(&desk.office)[n], Err(OfficeError::KeyFileDamaged(_))));
        fs::write(file, &whole).unwrap();
    }
    assert!(open(&desk.office).iter().all(Result::is_ok));
}

#[test]
fn a_key_file_that_others_can_read_is_not_opened() {
    let (desk, files) = desk();
    for (n, file) in files.iter().enumerate() {
        fs::set_permissions(file, Permissions::from_mode(0o644)).unwrap();
        let refused = &open(&desk.office)[n];
        assert!(
            matches!(refused, Err(OfficeError::Exposed(Exposure::File(at))) if at == file),
            "{refused:?}"
        );
        fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
    }
    assert!(open(&desk.office).iter().all(Result::is_ok));
}

#[test]
fn no_key_is_opened_in_a_folder_where_others_write() {
    let (desk, _) = desk();
    let keys = desk.path().join("keys");
    fs::set_permissions(&keys, Permissions::from_mode(0o730)).unwrap();
    for refused in open(&desk.office) {
        assert!(
            matches!(&refused, Err(OfficeError::Exposed(Exposure::Folder(at))) if *at == keys),
            "{refused:?}"
        );
    }
}

#[test]
fn a_person_changes_the_own_passphrase_and_keeps_the_key() {
    let desk = Desk::new();
    let (old, new) = (passphrase("经办示例"), passphrase("新的口令"));
    let change = |old, new| PassphraseChange { old, new, locking: LOCKING };
    let wrong = desk.office.change_passphrase("经办示例", &change(&new, &old)).unwrap_err();
    assert!(matches!(wrong, OfficeError::WrongPassphrase { .. }));
    desk.office.change_passphrase("经办示例", &change(&old, &new)).unwrap();
    assert!(desk.office.sign_in("经办示例", &old).is_err());
    assert_eq!(desk.office.sign_in("经办示例", &new).unwrap().person, desk.drafter.person);
    let weak = PassphraseChange { old: &new, new: &old, locking: Locking::Secret };
    let refused = desk.office.change_passphrase("经办示例", &weak).unwrap_err();
    assert!(matches!(refused, OfficeError::WeakPassphrase(_)));
    desk.office.sign_in("经办示例", &new).unwrap();
}

#[test]
fn the_hosts_passphrase_changes_for_both_of_its_files() {
    let (mut desk, _) = desk();
    let (old, new) = (passphrase("host"), passphrase("新的口令"));
    let change = PassphraseChange { old: &old, new: &new, locking: LOCKING };
    desk.office.change_host_passphrase(&change).unwrap();
    assert!(desk.office.unlock_host(Some(&old)).is_err());
    desk.office.unlock_host(Some(&new)).unwrap();
    desk.office.unlock_host(None).unwrap();
    let roles = [yinxin_record::roster::Role::Drafter].into();
    let mut admission = yinxin_office::people::Admission {
        name: "新人示例",
        post: None,
        roles,
        passphrase: &new,
        host_passphrase: &old,
        locking: LOCKING,
    };
    assert!(matches!(desk.office.admit(&admission, &desk.world), Err(OfficeError::WrongPassphrase { .. })));
    admission.host_passphrase = &new;
    desk.office.admit(&admission, &desk.world).unwrap();
    let again = desk.office.change_host_passphrase(&change).unwrap_err();
    assert!(matches!(again, OfficeError::WrongPassphrase { .. }));
}
