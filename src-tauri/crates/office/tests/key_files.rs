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
use yinxin_office::recovery::{ReadBack, Recovery, RecoveryCode, RecoveryError, Sheet};
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

/// The groups of the code as they stand on a page.
fn groups(page: &str) -> Vec<String> {
    page.split("<b>").skip(1).map(|rest| rest[..5].to_owned()).collect()
}

fn code(text: &str) -> ReadBack {
    ReadBack::Code(RecoveryCode::parse(text).unwrap())
}

#[test]
fn a_recovery_sheet_is_made_read_back_and_used() {
    let (desk, _) = desk();
    let office = &desk.office;
    assert_eq!(office.recovery().unwrap(), Recovery::NotMade);
    assert!(office.make_recovery(&passphrase("wrong"), LOCKING, &desk.world).is_err());
    assert_eq!(office.recovery().unwrap(), Recovery::NotMade);
    let page = office.make_recovery(&passphrase("host"), LOCKING, &desk.world).unwrap();
    assert_eq!(office.recovery().unwrap(), Recovery::Made(fixture::NOW));
    let typed = groups(&page).join(" ").to_lowercase();
    // The secret is in no file of the office.
    for entry in fs::read_dir(desk.path().join("keys")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for secret in groups(&page) {
            assert!(!bytes.windows(5).any(|part| part == secret.as_bytes()));
        }
    }
    office.check_recovery(&code(&typed), &desk.world).unwrap();
    assert_eq!(office.recovery().unwrap(), Recovery::Checked(fixture::NOW));
    // Both files are lost, and with the sheet there are new ones.
    fs::remove_file(desk.path().join("keys/founding.age")).unwrap();
    fs::write(desk.path().join("keys/host.age"), b"damaged").unwrap();
    let new = passphrase("新的口令");
    let weak = office.use_recovery(&code(&typed), &passphrase("口令"), Locking::Secret).unwrap_err();
    assert!(matches!(weak, OfficeError::WeakPassphrase(_)));
    office.use_recovery(&code(&typed), &new, LOCKING).unwrap();
    office.unlock_host(Some(&new)).unwrap();
    office.make_recovery(&new, LOCKING, &desk.world).unwrap();
    // The newer sheet counts, and has to be read back.
    assert_eq!(office.recovery().unwrap(), Recovery::Made(fixture::NOW));
    let old = office.check_recovery(&code(&typed), &desk.world).unwrap_err();
    assert!(matches!(old, OfficeError::Recovery(RecoveryError::OtherSheet)));
}

#[test]
fn sheets_of_other_offices_and_older_ones_are_told_apart() {
    let (desk, _) = desk();
    let page = desk.office.make_recovery(&passphrase("host"), LOCKING, &desk.world).unwrap();
    let sheet = |office: &str, number: &str| {
        let code = RecoveryCode::parse(&groups(&page).concat()).unwrap();
        ReadBack::Sheet(Sheet { office: office.into(), number: number.into(), code })
    };
    let number = page.split("</title>").next().unwrap().rsplit(' ').next().unwrap().to_owned();
    let refused = |given: ReadBack| desk.office.check_recovery(&given, &desk.world).unwrap_err();
    let other = refused(sheet("990000000000000021", &number));
    assert!(
        matches!(other, OfficeError::Recovery(RecoveryError::OtherOffice { found, .. }) if found.starts_with("99"))
    );
    let older = refused(sheet(fixture::CODE, "00000000"));
    assert!(matches!(older, OfficeError::Recovery(RecoveryError::OtherSheet)));
    desk.office.check_recovery(&sheet(fixture::CODE, &number), &desk.world).unwrap();
    fs::write(desk.path().join("keys/recovery.age"), b"damaged").unwrap();
    assert!(matches!(refused(sheet(fixture::CODE, &number)), OfficeError::KeyFileDamaged(_)));
    fs::remove_file(desk.path().join("keys/recovery.json")).unwrap();
    let none = refused(sheet(fixture::CODE, &number));
    assert!(matches!(none, OfficeError::Recovery(RecoveryError::NotMade)));
}
