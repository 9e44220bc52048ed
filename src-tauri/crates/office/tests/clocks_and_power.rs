//! Clocks that are wrong, and power that fails while people change.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use fixture::{Desk, LOCKING, World, passphrase};
use yinxin_evidence::{Verdict, verify};
use yinxin_office::people::{Anew, NewKey, Unlocked};
use yinxin_office::{Office, OfficeError, Selection, Surroundings};
use yinxin_record::Digest;
use yinxin_record::roster::{Acting, Role};
use yinxin_record::rules::Violation;

/// The same world at another time.
struct At<'a>(u64, &'a World);

impl Surroundings for At<'_> {
    fn now(&self) -> u64 {
        self.0
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.1.fill(bytes);
    }
}

const EARLY: u64 = 0;
/// 2099-12-31.
const LATE: u64 = 4_102_358_400;

fn propose(desk: &mut Desk, admin: &Unlocked, anew: &Anew<'_>, now: u64) -> Digest {
    let id = desk.office.person(anew.name).unwrap().id;
    desk.office.propose(Some(&id), anew, admin, &At(now, &desk.world)).unwrap().draft
}

fn suspend<'a>(suspended: bool, name: &'a str, role: Role) -> Anew<'a> {
    Anew { name, post: Some("科员"), roles: [role].into(), acting: None, suspended, key: NewKey::Kept }
}

fn approve(desk: &mut Desk, now: u64) -> (usize, Vec<OfficeError>) {
    let (approver, host) = (&desk.approver, &desk.host);
    let go_on = &mut |_, _| ControlFlow::Continue(());
    let world = At(now, &desk.world);
    let approval = desk.office.approve(Selection::All, approver, host, &world, go_on).unwrap();
    (approval.published.len(), approval.refused.into_iter().map(|(_, error)| error).collect())
}

#[test]
fn order_comes_from_the_ledger_whatever_the_clocks_say() {
    let mut desk = Desk::administered();
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let record = desk.published(1)[0];
    // Suspended in 1970 by the clock, and back in 2099: one after the other all the same.
    for (suspended, now) in [(true, EARLY), (false, LATE), (true, LATE), (false, EARLY)] {
        let anew = suspend(suspended, "审批示例", Role::Approver);
        let draft = propose(&mut desk, &system, &anew, now);
        let at = At(now, &desk.world);
        desk.office.confirm(&draft, &security, &desk.host, &at).unwrap();
        desk.import(&[("910", "时钟社区")], false);
        let go_on = &mut |_, _| ControlFlow::Continue(());
        let world = At(now, &desk.world);
        let approved = desk.office.approve(Selection::All, &desk.approver, &desk.host, &world, go_on);
        assert_eq!(matches!(approved, Err(OfficeError::Suspended(_))), suspended, "{now}: {approved:?}");
    }
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
    let file = desk.office.export(&record, None, None, Some(&desk.host), &At(EARLY, &desk.world)).unwrap();
    let report = verify(&file.bytes, Some(&desk.office.policy().unwrap()), None);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", report.findings);
}

/// The one thing that a clock decides.
#[test]
fn a_wrong_clock_gives_an_acting_approver_no_day_more() {
    let mut desk = Desk::administered();
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let acting = Some(Acting { from: fixture::NOW, until: fixture::NOW + 86_400 });
    let anew = Anew { acting, ..suspend(false, "审核示例", Role::Reviewer) };
    let draft = propose(&mut desk, &system, &anew, LATE);
    desk.office.confirm(&draft, &security, &desk.host, &At(EARLY, &desk.world)).unwrap();
    desk.approver = desk.sign_in("审核示例");
    desk.import(&[("911", "代理社区")], false);
    for now in [EARLY, LATE] {
        let (published, refused) = approve(&mut desk, now);
        assert!(matches!(refused[..], [OfficeError::Rule(Violation::NotActing)]), "{refused:?}");
        assert_eq!(published, 0);
    }
    assert_eq!(approve(&mut desk, fixture::NOW).0, 1);
}

/// A copy of every key file.
fn key_files(desk: &Desk) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(desk.path().join("keys")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| (path.clone(), fs::read(&path).unwrap())).collect()
}

#[test]
fn wherever_the_power_fails_a_person_has_the_old_key_or_the_new_one() {
    let mut desk = Desk::administered();
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let (old, new) = (passphrase("经办示例"), passphrase("新的口令"));
    let before = key_files(&desk);
    let key = NewKey::Here { passphrase: &new, locking: LOCKING };
    let anew = Anew { key, ..suspend(false, "经办示例", Role::Drafter) };
    let draft = propose(&mut desk, &system, &anew, fixture::NOW);
    let opens = |desk: &Desk| {
        let office = Office::open(&desk.path()).unwrap();
        [&old, &new].map(|passphrase| office.sign_in("经办示例", passphrase).is_ok())
    };
    // The new key lies there and counts for nothing; nor is the old one gone.
    assert_eq!(opens(&desk), [true, false]);
    let between = key_files(&desk);
    desk.office.confirm(&draft, &security, &desk.host, &desk.world).unwrap();
    assert_eq!(opens(&desk), [false, true]);
    // The power failed before the old file was removed.
    for (path, bytes) in between.iter().chain(&before) {
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(opens(&desk), [false, true]);
    // It failed after the key was made and before the change was proposed: a spare
    // file, which nobody is given.
    let spare = desk.path().join("keys").join(format!("{}.age", "ab".repeat(32)));
    fs::write(&spare, &between[0].1).unwrap();
    assert_eq!(opens(&desk), [false, true]);
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
}
