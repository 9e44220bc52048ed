//! A computer is lost: everybody whose key lay on it is suspended as one step, or
//! nobody is.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;

use fixture::Desk;
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::people::{Anew, Unlocked};
use yinxin_office::{Office, OfficeError};
use yinxin_record::roster::Role;
use yinxin_record::{Coded as _, Digest, Id};

struct Lost {
    desk: Desk,
    system: Unlocked,
    security: Unlocked,
    published: Id,
}

impl Lost {
    /// Two of each admin, and people at work.
    fn new() -> Self {
        let mut desk = Desk::administered();
        fixture::admit(&mut desk.office, &desk.world, "系统二示例", &[Role::SystemAdmin]);
        fixture::admit(&mut desk.office, &desk.world, "安保二示例", &[Role::SecurityAdmin]);
        let published = desk.published(1)[0];
        let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
        Self { desk, system, security, published }
    }

    fn ids(&self, names: &[&str]) -> Vec<Id> {
        names.iter().map(|name| self.desk.office.person(name).unwrap().id).collect()
    }

    fn propose(&mut self, names: &[&str]) -> Result<Vec<Digest>, OfficeError> {
        let ids = self.ids(names);
        let proposed = self.desk.office.propose_lost(&ids, &self.system, &self.desk.world)?;
        Ok(proposed.iter().map(|one| one.draft).collect())
    }

    fn confirm(&mut self, drafts: &[Digest]) -> Result<usize, OfficeError> {
        let Desk { office, host, world, .. } = &mut self.desk;
        let confirmed = office.confirm_all(drafts, &self.security, host, world)?;
        Ok(confirmed.iter().map(|one| one.returned.len()).sum())
    }

    fn suspended(&self) -> Vec<String> {
        let people = self.desk.office.people().unwrap();
        people.into_iter().filter(|person| person.suspended).map(|person| person.name).collect()
    }

    /// Nothing waits, nobody is suspended, nothing was appended.
    #[track_caller]
    fn nothing_happened(&self, size: u64) {
        assert!(self.desk.office.changes().unwrap().is_empty());
        assert!(self.suspended().is_empty());
        assert_eq!(self.desk.office.head().unwrap().size, size);
        self.clean();
    }

    #[track_caller]
    fn clean(&self) {
        let report = self.desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(report.is_clean(), "{:?}", report.damages);
    }
}

#[test]
fn everybody_on_it_is_suspended_as_one_step() {
    let mut lost = Lost::new();
    lost.desk.import(&[("500", "新设社区")], false);
    let names = ["经办示例", "审批示例", "安保二示例"];
    let drafts = lost.propose(&names).unwrap();
    let waiting = lost.desk.office.changes().unwrap();
    assert_eq!((waiting.len(), lost.suspended().len()), (3, 0));
    assert!(waiting.iter().all(|one| one.together.is_some() && one.together == waiting[0].together));
    let size = lost.desk.office.head().unwrap().size;
    // What the drafter had submitted comes back.
    assert_eq!(lost.confirm(&drafts).unwrap(), 1);
    assert_eq!(lost.desk.office.head().unwrap().size, size + 3);
    assert_eq!(lost.suspended(), names);
    assert!(lost.desk.office.changes().unwrap().is_empty());
    lost.clean();
    // What they signed before stays valid.
    let file = lost.desk.office.export(&lost.published, None, None, None, &lost.desk.world).unwrap();
    let report = verify(&file.bytes, Some(&lost.desk.office.policy().unwrap()), None);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", report.findings);
    // It can be opened again, as it is.
    assert_eq!(Office::open(&lost.desk.path()).unwrap().people().unwrap().len(), 8);
}

#[test]
fn a_set_of_which_one_is_impossible_is_refused_whole() {
    let mut lost = Lost::new();
    let size = lost.desk.office.head().unwrap().size;
    for (names, code) in [
        (&[][..], "nobody_chosen"),
        (&["经办示例", "系统示例"], "own_key_lost"),
        // Each alone could go; both together would leave no security admin.
        (&["经办示例", "安保示例", "安保二示例"], "violation_last_admin"),
    ] {
        assert_eq!(lost.propose(names).unwrap_err().code(), code);
        lost.nothing_happened(size);
    }
    let ids = [lost.ids(&["经办示例"])[0], Id([9; 16])];
    let unknown = lost.desk.office.propose_lost(&ids, &lost.system, &lost.desk.world);
    assert_eq!(unknown.unwrap_err().code(), "unknown_person");
    lost.nothing_happened(size);
    // Somebody named twice is one.
    let twice = lost.propose(&["经办示例", "经办示例"]).unwrap();
    assert_eq!(twice.len(), 1);
    // Something waits of one of them already.
    assert_eq!(lost.propose(&["审批示例", "经办示例"]).unwrap_err().code(), "change_waits");
    assert_eq!(lost.desk.office.changes().unwrap().len(), 1);
    lost.confirm(&twice).unwrap();
    assert_eq!(lost.propose(&["审批示例", "经办示例"]).unwrap_err().code(), "person_unchanged");
    assert_eq!(lost.suspended(), ["经办示例"]);
}

#[test]
fn whose_own_key_is_lost_does_not_confirm() {
    let mut lost = Lost::new();
    let drafts = lost.propose(&["经办示例", "安保示例"]).unwrap();
    let size = lost.desk.office.head().unwrap().size;
    assert_eq!(lost.confirm(&drafts).unwrap_err().code(), "own_key_lost");
    assert_eq!((lost.suspended().len(), lost.desk.office.head().unwrap().size), (0, size));
    lost.security = lost.desk.sign_in("安保二示例");
    lost.confirm(&drafts).unwrap();
    assert_eq!(lost.suspended(), ["经办示例", "安保示例"]);
    lost.clean();
}

/// What fails in the middle leaves nothing half done: in a transaction, a program
/// that is killed is a failure like another.
#[test]
fn a_failure_at_any_of_them_leaves_all_as_it_was() {
    let mut lost = Lost::new();
    let names = ["经办示例", "审批示例", "审核示例"];
    let size = lost.desk.office.head().unwrap().size;
    let db = rusqlite::Connection::open(lost.desk.path().join("yinxin.db")).unwrap();
    let fail_at = |table: &str, column: &str, id: &Id| {
        db.execute_batch(&format!(
            "DROP TRIGGER IF EXISTS fail; CREATE TRIGGER fail BEFORE INSERT ON {table}
             WHEN new.{column} = x'{id}' BEGIN SELECT raise(ABORT, 'injected'); END"
        ))
        .unwrap();
    };
    let ids = lost.ids(&names);
    for id in &ids {
        fail_at("person_change", "person", id);
        assert_eq!(lost.propose(&names).unwrap_err().code(), "database_failed");
        lost.nothing_happened(size);
    }
    db.execute_batch("DROP TRIGGER fail").unwrap();
    let drafts = lost.propose(&names).unwrap();
    for id in &ids {
        fail_at("member_act", "person", id);
        assert_eq!(lost.confirm(&drafts).unwrap_err().code(), "database_failed");
        assert_eq!(lost.desk.office.changes().unwrap().len(), 3);
        assert_eq!((lost.suspended().len(), lost.desk.office.head().unwrap().size), (0, size));
        lost.clean();
    }
    db.execute_batch("DROP TRIGGER fail").unwrap();
    // One that is not there, or comes twice, refuses all.
    for wrong in [Digest::of(b"other"), drafts[0]] {
        let all = [drafts.clone(), vec![wrong]].concat();
        assert_eq!(lost.confirm(&all).unwrap_err().code(), "no_such_change");
        assert_eq!((lost.suspended().len(), lost.desk.office.head().unwrap().size), (0, size));
    }
    lost.confirm(&drafts).unwrap();
    assert_eq!(lost.suspended(), names);
    lost.clean();
}

#[test]
fn what_was_proposed_as_one_is_dropped_as_one() {
    let mut lost = Lost::new();
    let size = lost.desk.office.head().unwrap().size;
    let drafts = lost.propose(&["经办示例", "审批示例"]).unwrap();
    let with_other = [drafts.clone(), vec![Digest::of(b"other")]].concat();
    let refused = lost.desk.office.drop_changes(&with_other, &lost.security);
    assert_eq!(refused.unwrap_err().code(), "no_such_change");
    assert_eq!(lost.desk.office.changes().unwrap().len(), 2);
    lost.desk.office.drop_changes(&drafts, &lost.security).unwrap();
    lost.nothing_happened(size);
    // Their keys are theirs still.
    lost.desk.sign_in("经办示例");
    // Who was suspended alone comes back as before.
    let person = lost.desk.office.person("经办示例").unwrap();
    let anew = Anew { suspended: true, ..Anew::of(&person) };
    lost.desk.office.propose(Some(&person.id), &anew, &lost.system, &lost.desk.world).unwrap();
    assert_eq!(lost.desk.office.changes().unwrap()[0].together, None);
}
