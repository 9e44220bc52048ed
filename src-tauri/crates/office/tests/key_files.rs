//! Key files that were cut off, changed, or opened to others.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use fixture::{Desk, passphrase};
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
