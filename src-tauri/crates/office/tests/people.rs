//! People change: what one admin proposes and the other confirms, and what
//! becomes of what they had signed.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;

use fixture::{Desk, LOCKING, passphrase};
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::{Filter, State};
use yinxin_office::import::Limits;
use yinxin_office::people::{Anew, Confirmed, NewKey, Person, Proposed, Unlocked};
use yinxin_office::{Office, OfficeError, Selection};
use yinxin_record::roster::{Acting, Role};
use yinxin_record::rules::Violation;

type Change = fn(&mut Anew<'_>);

struct Admins {
    system: Unlocked,
    security: Unlocked,
}

fn desk() -> (Desk, Admins) {
    let desk = Desk::administered();
    let admins = Admins { system: desk.sign_in("系统示例"), security: desk.sign_in("安保示例") };
    (desk, admins)
}

fn propose(
    desk: &mut Desk,
    admin: &Unlocked,
    name: &str,
    change: impl FnOnce(&mut Anew<'_>),
) -> Result<Proposed, OfficeError> {
    let person = desk.office.person(name).unwrap();
    let mut anew = Anew::of(&person);
    change(&mut anew);
    desk.office.propose(Some(&person.id), &anew, admin, &desk.world)
}

fn confirm(desk: &mut Desk, admin: &Unlocked, proposed: Proposed) -> Result<Confirmed, OfficeError> {
    desk.office.confirm(&proposed.draft, admin, &desk.host, &desk.world)
}

/// Both admins sign.
fn change(desk: &mut Desk, admins: &Admins, name: &str, change: impl FnOnce(&mut Anew<'_>)) -> Confirmed {
    let proposed = propose(desk, &admins.system, name, change).unwrap();
    confirm(desk, &admins.security, proposed).unwrap()
}

fn newcomer<'a>(name: &'a str, role: Role, passphrase: &'a yinxin_office::keyring::Passphrase) -> Anew<'a> {
    Anew {
        name,
        post: Some("科员"),
        roles: [role].into(),
        acting: None,
        suspended: false,
        key: NewKey::Here { passphrase, locking: LOCKING },
    }
}

#[track_caller]
fn clean(desk: &Desk) {
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
}

fn key_files(desk: &Desk) -> usize {
    desk.path().join("keys").read_dir().unwrap().count()
}

#[test]
fn somebody_new_is_admitted_by_both_admins() {
    let (mut desk, admins) = desk();
    desk.published(1);
    let secret = passphrase("新人示例");
    let anew = newcomer("新人示例", Role::Approver, &secret);
    let proposed = desk.office.propose(None, &anew, &admins.security, &desk.world).unwrap();
    // Nothing has effect yet.
    assert!(matches!(desk.office.person("新人示例"), Err(OfficeError::UnknownPerson(_))));
    let waiting = desk.office.changes().unwrap();
    assert_eq!((waiting.len(), waiting[0].draft, &waiting[0].before), (1, proposed.draft, &None));
    assert_eq!((waiting[0].after.name.as_str(), waiting[0].overtaken), ("新人示例", false));
    let confirmed = confirm(&mut desk, &admins.system, proposed).unwrap();
    assert_eq!((confirmed.person.name.as_str(), confirmed.returned.len()), ("新人示例", 0));
    assert!(desk.office.changes().unwrap().is_empty());
    desk.approver = desk.sign_in("新人示例");
    let published = {
        desk.import(&[("500", "新设社区")], false);
        desk.approve().published
    };
    clean(&desk);
    let file = desk.office.export(&published[0], None, None, None, &desk.world).unwrap();
    let report = verify(&file.bytes, Some(&desk.office.policy().unwrap()), None);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", report.findings);
    assert_eq!(report.proved.unwrap().signers[1].name.as_deref(), Some("新人示例"));
}

#[test]
fn one_admin_is_not_both() {
    let (mut desk, admins) = desk();
    let proposed = propose(&mut desk, &admins.system, "经办示例", |anew| anew.suspended = true).unwrap();
    let own = confirm(&mut desk, &admins.system, proposed);
    assert!(matches!(own, Err(OfficeError::Rule(Violation::SamePerson))), "{own:?}");
    for name in ["经办示例", "审批示例", "审计示例"] {
        let other = desk.sign_in(name);
        let confirmed = confirm(&mut desk, &other, proposed);
        assert!(matches!(confirmed, Err(OfficeError::AdminNeeded(_))), "{confirmed:?}");
        let proposal = propose(&mut desk, &other, "审批示例", |anew| anew.suspended = true);
        assert!(matches!(proposal, Err(OfficeError::AdminNeeded(_))), "{proposal:?}");
        assert!(matches!(desk.office.drop_change(&proposed.draft, &other), Err(OfficeError::AdminNeeded(_))));
    }
    assert_eq!(desk.office.changes().unwrap().len(), 1);
    clean(&desk);
}

#[test]
fn whoever_is_suspended_signs_nothing_and_comes_back() {
    let (mut desk, admins) = desk();
    let record = desk.published(1)[0];
    let sitting = desk.sign_in("经办示例");
    change(&mut desk, &admins, "经办示例", |anew| anew.suspended = true);
    // Also who sat at a desk all the while.
    let amended = desk.office.amend(&record, &["village=改名社区".into()], &sitting, &desk.world);
    assert!(matches!(amended, Err(OfficeError::Suspended(_))), "{amended:?}");
    let signed_in = desk.office.sign_in("经办示例", &passphrase("经办示例"));
    assert!(matches!(signed_in, Err(OfficeError::Suspended(_))), "{signed_in:?}");
    change(&mut desk, &admins, "经办示例", |anew| anew.suspended = false);
    desk.office.amend(&record, &["village=改名社区".into()], &sitting, &desk.world).unwrap();
    assert_eq!(desk.approve().published, [record]);
    clean(&desk);
}

#[test]
fn what_somebody_drafted_who_may_not_any_more_comes_back() {
    let (mut desk, admins) = desk();
    let record = desk.published(1)[0];
    desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world).unwrap();
    let changes: [(Change, Violation); 2] = [
        (|anew| anew.suspended = true, Violation::NotInRoster),
        (|anew| anew.roles = [Role::Reviewer].into(), Violation::WrongRole),
    ];
    let proposed = propose(&mut desk, &admins.system, "经办示例", changes[0].0).unwrap();
    let confirmed = confirm(&mut desk, &admins.security, proposed).unwrap();
    assert_eq!(confirmed.returned, [record]);
    let filter = Filter { state: Some(State::Returned), limit: 10, ..Filter::default() };
    let returned = desk.office.list(&filter).unwrap().records;
    let pending = returned[0].pending.as_ref().unwrap();
    assert_eq!(pending.stale.as_deref(), Some("violation_not_in_roster"));
    assert_eq!(pending.returned.as_ref().unwrap().by, "");
    // Nobody is stuck with it: another drafter takes it back.
    let secret = passphrase("接手示例");
    let anew = newcomer("接手示例", Role::Drafter, &secret);
    let proposed = desk.office.propose(None, &anew, &admins.system, &desk.world).unwrap();
    confirm(&mut desk, &admins.security, proposed).unwrap();
    desk.office.take_back(&record, &desk.sign_in("接手示例")).unwrap();
    change(&mut desk, &admins, "经办示例", |anew| anew.suspended = false);
    desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world).unwrap();
    assert_eq!(change(&mut desk, &admins, "经办示例", changes[1].0).returned, [record]);
    clean(&desk);
}

/// A sheet of more records than one batch.
fn import_two_batches(desk: &mut Desk) -> usize {
    let header = "village_code,village,town_code,town,county_code,county,city_code,province_code,province";
    let town = |town: &'static str, count: usize| {
        (0..count)
            .map(move |n| format!("{town}{n:03},第{n}社区,{town},示例街道,420102,江岸区,4201,42,湖北省"))
    };
    let rows: Vec<String> = town("420102002", 1_000).chain(town("420102003", 10)).collect();
    let path = desk.folder.path().join("two-batches.csv");
    std::fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    let plan = desk.office.plan_import("community", &path, &Limits::default()).unwrap();
    let go_on = &mut |_| ControlFlow::Continue(());
    desk.office.import(&plan, false, &desk.drafter, &desk.world, go_on).unwrap().whole().unwrap();
    rows.len()
}

#[test]
fn what_was_approved_and_then_overtaken_is_stale_to_both() {
    let (mut desk, admins) = desk();
    let count = import_two_batches(&mut desk);
    let both = |anew: &mut Anew<'_>| anew.roles = [Role::Reviewer, Role::SecrecyReviewer].into();
    let proposed = propose(&mut desk, &admins.system, "审核示例", both).unwrap();
    let mut other = Office::open(&desk.path()).unwrap();
    let (host, world) = (desk.host.clone(), fixture::World::default());
    let mut overtaken = false;
    // After the first batch is on disk another program changes the roster: what
    // was signed of the second batch is signed for people who are not those any more.
    let approval = desk
        .office
        .approve(Selection::All, &desk.approver, &desk.host, &desk.world, &mut |_, _| {
            if !overtaken {
                overtaken = true;
                other.confirm(&proposed.draft, &admins.security, &host, &world).unwrap();
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((approval.published.len(), approval.refused.len()), (1_000, count - 1_000));
    for (record, error) in &approval.refused {
        assert!(matches!(error, OfficeError::Rule(Violation::RosterStale)), "{error:?}");
        // The drafter sees it beside the record, the approver in what waits.
        let pending = desk.office.show(record, None).unwrap().summary.pending.unwrap();
        assert_eq!(pending.stale.as_deref(), Some("violation_roster_stale"));
    }
    let waiting = desk.office.inbox(None, 100).unwrap();
    assert_eq!(waiting.total, count - 1_000);
    assert!(waiting.waiting.iter().all(|w| w.stale.as_deref() == Some("violation_roster_stale")));
    // Signed again, it is published.
    assert_eq!(desk.approve().published.len(), count - 1_000);
    clean(&desk);
}

#[test]
fn a_new_key_replaces_the_old_one() {
    let (mut desk, admins) = desk();
    let record = desk.published(1)[0];
    let before = desk.office.export(&record, None, None, None, &desk.world).unwrap().bytes;
    let (sitting, files) = (desk.sign_in("审批示例"), key_files(&desk));
    let secret = passphrase("换新口令");
    let key = || NewKey::Here { passphrase: &secret, locking: LOCKING };
    let person = desk.office.person("审批示例").unwrap();
    let anew = Anew { key: key(), ..Anew::of(&person) };
    let proposed = desk.office.propose(Some(&person.id), &anew, &admins.system, &desk.world).unwrap();
    // The old key works until the change is confirmed.
    assert!(desk.office.sign_in("审批示例", &passphrase("审批示例")).is_ok());
    confirm(&mut desk, &admins.security, proposed).unwrap();
    assert_eq!(key_files(&desk), files);
    let old = desk.office.sign_in("审批示例", &passphrase("审批示例"));
    assert!(matches!(old, Err(OfficeError::WrongPassphrase { .. })), "{old:?}");
    desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.approver = sitting;
    let selection = Selection::All;
    let approved = desk
        .office
        .approve(selection, &desk.approver, &desk.host, &desk.world, &mut |_, _| ControlFlow::Continue(()));
    assert!(matches!(approved, Err(OfficeError::KeyReplaced(_))), "{approved:?}");
    desk.approver = desk.office.sign_in("审批示例", &secret).unwrap();
    assert_eq!(desk.approve().published, [record]);
    clean(&desk);
    // Both versions are genuine, each under the key of its time.
    let policy = desk.office.policy().unwrap();
    let after = desk.office.export(&record, None, None, None, &desk.world).unwrap().bytes;
    let first = desk.office.export(&record, Some(1), None, None, &desk.world).unwrap().bytes;
    for (file, verdict) in
        [(before, Verdict::Genuine), (after, Verdict::Genuine), (first, Verdict::Superseded)]
    {
        assert_eq!(verify(&file, Some(&policy), None).verdict, verdict);
    }
}

#[test]
fn a_dropped_change_leaves_nothing() {
    let (mut desk, admins) = desk();
    let (files, people) = (key_files(&desk), desk.office.people().unwrap());
    for dropper in [&admins.system, &admins.security] {
        let secret = passphrase("新人示例");
        let anew = newcomer("新人示例", Role::Drafter, &secret);
        let proposed = desk.office.propose(None, &anew, &admins.system, &desk.world).unwrap();
        assert_eq!(key_files(&desk), files + 1);
        desk.office.drop_change(&proposed.draft, dropper).unwrap();
        assert_eq!(key_files(&desk), files);
        let again = desk.office.drop_change(&proposed.draft, dropper);
        assert!(matches!(again, Err(OfficeError::NoSuchChange)));
        let confirmed = confirm(&mut desk, &admins.security, proposed);
        assert!(matches!(confirmed, Err(OfficeError::NoSuchChange)));
    }
    assert_eq!(desk.office.people().unwrap(), people);
    clean(&desk);
}

#[test]
fn what_cannot_be_is_refused_before_it_is_signed() {
    let (mut desk, admins) = desk();
    let admin = &admins.system;
    let refused =
        |desk: &mut Desk, name: &str, change: Change| propose(desk, admin, name, change).unwrap_err();
    assert!(matches!(refused(&mut desk, "经办示例", |_| {}), OfficeError::PersonUnchanged(_)));
    assert!(matches!(refused(&mut desk, "经办示例", |a| a.name = "审批示例"), OfficeError::NameTaken(_)));
    assert!(matches!(refused(&mut desk, "经办示例", |a| a.name = " "), OfficeError::BadName(_)));
    let both = |a: &mut Anew<'_>| a.roles = [Role::Drafter, Role::Auditor].into();
    assert!(matches!(refused(&mut desk, "经办示例", both), OfficeError::RolesTogether));
    assert!(matches!(refused(&mut desk, "经办示例", |a| a.roles.clear()), OfficeError::RolesTogether));
    let last = OfficeError::Rule(Violation::LastAdmin).to_string();
    assert_eq!(refused(&mut desk, "系统示例", |a| a.suspended = true).to_string(), last);
    assert_eq!(refused(&mut desk, "安保示例", |a| a.roles = [Role::Drafter].into()).to_string(), last);
    let acting = |a: &mut Anew<'_>| a.acting = Some(Acting { from: 1, until: 2 });
    let may_not = OfficeError::Rule(Violation::MayNotAct).to_string();
    for name in ["审批示例", "审计示例"] {
        assert_eq!(refused(&mut desk, name, acting).to_string(), may_not);
    }
    let taken = desk.office.person("审批示例").unwrap().member.key;
    let proposed = propose(&mut desk, admin, "经办示例", |a| a.key = NewKey::Made(taken));
    assert!(matches!(proposed, Err(OfficeError::Rule(Violation::Taken))));
    let secret = passphrase("x");
    let anew = Anew { key: NewKey::Kept, ..newcomer("新人示例", Role::Drafter, &secret) };
    let keyless = desk.office.propose(None, &anew, admin, &desk.world);
    assert!(matches!(keyless, Err(OfficeError::KeyNeeded)));
    assert!(desk.office.changes().unwrap().is_empty());
    // One change at a time, and no name twice while one waits.
    propose(&mut desk, admin, "经办示例", |a| a.name = "改名示例").unwrap();
    assert!(matches!(refused(&mut desk, "经办示例", |a| a.suspended = true), OfficeError::ChangeWaits(_)));
    assert!(matches!(refused(&mut desk, "审核示例", |a| a.name = "改名示例"), OfficeError::NameTaken(_)));
    clean(&desk);
}

#[test]
fn an_acting_approver_approves_in_time() {
    let (mut desk, admins) = desk();
    let record = desk.published(1)[0];
    let now = fixture::NOW;
    let over = Acting { from: now - 100, until: now - 1 };
    change(&mut desk, &admins, "审核示例", |anew| anew.acting = Some(over));
    desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.approver = desk.sign_in("审核示例");
    let approval = desk.approve();
    assert!(matches!(approval.refused[0].1, OfficeError::Rule(Violation::NotActing)));
    let acting = Acting { from: now - 100, until: now + 100 };
    change(&mut desk, &admins, "审核示例", |anew| anew.acting = Some(acting));
    assert_eq!(desk.approve().published, [record]);
    clean(&desk);
}

#[test]
fn what_was_said_of_somebody_is_shown_as_it_was_then() {
    let (mut desk, admins) = desk();
    let record = desk.published(1)[0];
    change(&mut desk, &admins, "审批示例", |anew| {
        anew.name = "更名示例";
        anew.post = Some("局长");
    });
    let shown = desk.office.show(&record, None).unwrap();
    assert_eq!(shown.versions[0].signed[1].name, "审批示例");
    let people: Vec<Person> = desk.office.people().unwrap();
    assert_eq!((people[1].name.as_str(), people[1].version), ("更名示例", 2));
    // The key is the same, and opens with the same passphrase.
    desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.approver = desk.office.sign_in("更名示例", &passphrase("审批示例")).unwrap();
    assert_eq!(desk.approve().published, [record]);
    assert_eq!(desk.office.show(&record, None).unwrap().versions[1].signed[1].name, "更名示例");
    clean(&desk);
}

#[test]
fn a_change_that_was_overtaken_is_not_confirmed() {
    let (mut desk, admins) = desk();
    let proposed = propose(&mut desk, &admins.system, "经办示例", |anew| anew.post = Some("科长")).unwrap();
    // Another program has changed the person meanwhile.
    let db = rusqlite::Connection::open(desk.path().join("yinxin.db")).unwrap();
    let (draft, content): (Vec<u8>, i64) = db
        .query_row("SELECT draft, content FROM person_change", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    db.execute("DELETE FROM person_change", []).unwrap();
    change(&mut desk, &admins, "经办示例", |anew| anew.post = Some("处长"));
    db.execute(
        "INSERT INTO person_change VALUES (?1, ?2, ?3, 0, ?4, NULL)",
        rusqlite::params![proposed.person.0, draft, admins.system.person.id.0, content],
    )
    .unwrap();
    assert!(desk.office.changes().unwrap()[0].overtaken);
    let confirmed = confirm(&mut desk, &admins.security, proposed);
    assert!(matches!(confirmed, Err(OfficeError::Rule(Violation::NotCurrent))), "{confirmed:?}");
    desk.office.drop_change(&proposed.draft, &admins.security).unwrap();
    clean(&desk);
}
