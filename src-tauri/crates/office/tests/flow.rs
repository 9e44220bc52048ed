//! The main job, and who may not do it.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;

use fixture::{Desk, admit, passphrase};
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::{Filter, State};
use yinxin_office::duty::Duty;
use yinxin_office::{Office, OfficeError, Selection};
use yinxin_record::cbor::Value;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;

fn filter(state: Option<State>) -> Filter<'static> {
    Filter { state, limit: 100, ..Filter::default() }
}

#[test]
fn import_approve_export_verify() {
    let mut desk = Desk::new();
    let imported = desk.import(&[("001", "保成社区"), ("002", "泰宁社区")], false);
    assert_eq!(imported.submitted, 2);
    assert_eq!(desk.office.list(&filter(Some(State::Submitted))).unwrap().total, 2);
    let approval = desk.approve();
    assert_eq!(approval.published.len(), 2);
    assert_eq!(desk.office.list(&filter(Some(State::Published))).unwrap().total, 2);
    assert_eq!(desk.office.list(&filter(Some(State::Submitted))).unwrap().total, 0);

    let id = approval.published[0];
    let file = desk.office.export(&id, None, None, None, &desk.world).unwrap();
    let policy = desk.office.policy().unwrap();
    let report = verify(&file.bytes, Some(&policy), None);
    assert_eq!(report.verdict, Verdict::Genuine, "{report:#?}");
    assert_eq!(verify(&file.bytes, None, None).verdict, Verdict::Undetermined);
    assert_eq!(verify(&file.bytes, None, Some(&desk.office)).verdict, Verdict::Genuine);
    let audit = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(audit.is_clean(), "{audit:#?}");
    assert_eq!(audit.entries, 5);
}

#[test]
fn amended_and_withdrawn_records_say_so() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let policy = desk.office.policy().unwrap();
    let before = desk.office.export(&id, None, None, Some(&desk.host), &desk.world).unwrap();
    assert!(before.has_status);

    desk.office.amend(&id, &["village=新社区".into()], &desk.drafter, &desk.world).unwrap();
    assert!(matches!(
        desk.office.amend(&id, &["village=别的".into()], &desk.drafter, &desk.world),
        Err(OfficeError::WaitsAlready(_))
    ));
    desk.approve();
    let verdict = |bytes: &[u8], known: bool| {
        let known: Option<&dyn yinxin_evidence::verify::KnownLedgers> =
            if known { Some(&desk.office) } else { None };
        verify(bytes, Some(&policy), known).verdict
    };
    assert_eq!(verdict(&before.bytes, false), Verdict::Genuine);
    assert_eq!(verdict(&before.bytes, true), Verdict::Superseded);
    let old = desk.office.export(&id, Some(1), None, None, &desk.world).unwrap();
    assert_eq!(verdict(&old.bytes, false), Verdict::Superseded);
    let new = desk.office.export(&id, None, None, Some(&desk.host), &desk.world).unwrap();
    assert_eq!((new.version, verdict(&new.bytes, true)), (2, Verdict::Genuine));

    desk.office.withdraw(&id, "撤并", &desk.drafter, &desk.world).unwrap();
    desk.approve();
    let verdict = |bytes: &[u8]| verify(bytes, Some(&policy), Some(&desk.office)).verdict;
    assert_eq!(verdict(&new.bytes), Verdict::Withdrawn);
    for version in [Some(1), Some(2), None] {
        let file = desk.office.export(&id, version, None, None, &desk.world).unwrap();
        assert_eq!(verify(&file.bytes, Some(&policy), None).verdict, Verdict::Withdrawn, "{version:?}");
    }
    assert!(matches!(
        desk.office.amend(&id, &["village=x".into()], &desk.drafter, &desk.world),
        Err(OfficeError::Withdrawn(_))
    ));
    let details = desk.office.show(&id, None).unwrap();
    assert_eq!(details.summary.state, State::Withdrawn);
    assert_eq!(details.versions.len(), 3);
    assert_eq!(details.versions[2].values.get("reason"), Some(&Value::text("撤并")));
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn the_same_file_twice_adds_nothing() {
    let mut desk = Desk::new();
    let rows = [("001", "保成社区"), ("002", "泰宁社区")];
    desk.import(&rows, false);
    let again = desk.plan(&rows);
    assert_eq!((again.new_records(), again.present, again.changed.len()), (0, 2, 0));
    desk.approve();
    let again = desk.plan(&rows);
    assert_eq!((again.new_records(), again.present, again.changed.len()), (0, 2, 0));

    let changed = [("001", "保成新社区"), ("002", "泰宁社区")];
    let plan = desk.plan(&changed);
    assert_eq!((plan.new_records(), plan.present, plan.changed.len()), (0, 1, 1));
    assert_eq!(plan.changed[0].differences, [("village".into(), "保成社区".into(), "保成新社区".into())]);
    assert_eq!(desk.import(&changed, false).amended, 0);
    assert_eq!(desk.office.list(&filter(Some(State::Submitted))).unwrap().total, 0);
    assert_eq!(desk.import(&changed, true).amended, 1);
    assert_eq!(desk.approve().published.len(), 1);
    assert_eq!(desk.plan(&changed).present, 2);
}

#[test]
fn no_amendment_names_another_records_thing() {
    let mut desk = Desk::new();
    let ids = desk.published(2);
    let taken = ["village_code=420102002001".to_owned()];
    let refused = desk.office.amend(&ids[0], &taken, &desk.drafter, &desk.world);
    assert!(matches!(refused, Err(OfficeError::KeyTaken { other, .. }) if other == ids[1]));
    // By its label, to a code that is free.
    let free = ["社区（村）代码=420102002777".to_owned()];
    desk.office.amend(&ids[0], &free, &desk.drafter, &desk.world).unwrap();
    assert_eq!(desk.approve().published, [ids[0]]);
}

#[test]
fn a_returned_amendment_leaves_the_record_its_name() {
    let mut desk = Desk::new();
    let rows = [("001", "保成社区")];
    desk.import(&rows, false);
    let id = desk.approve().published[0];
    let other = ["village_code=420102002777".to_owned()];
    desk.office.amend(&id, &other, &desk.drafter, &desk.world).unwrap();
    // While it waits, both names are taken.
    assert_eq!(desk.plan(&rows).new_records() + desk.plan(&[("777", "保成社区")]).new_records(), 0);
    desk.office.return_submission(&id, None, "代码有误", &desk.approver, &desk.world).unwrap();
    assert_eq!((desk.plan(&rows).new_records(), desk.plan(&[("777", "别的")]).new_records()), (0, 1));
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn a_withdrawn_record_does_not_come_back_by_import() {
    let mut desk = Desk::new();
    let rows = [("001", "保成社区"), ("002", "泰宁社区")];
    desk.import(&rows, false);
    let id = desk.approve().published[0];
    desk.office.withdraw(&id, "撤并", &desk.drafter, &desk.world).unwrap();
    desk.approve();
    for rows in [[("001", "保成社区"), ("002", "泰宁社区")], [("001", "新名"), ("002", "泰宁社区")]]
    {
        let plan = desk.plan(&rows);
        assert_eq!((plan.new_records(), plan.present, plan.changed.len()), (0, 2, 0));
        assert_eq!(plan.withdrawn.len(), 1);
    }
}

#[test]
fn a_plan_that_another_program_overtook_submits_nothing_twice() {
    let mut desk = Desk::new();
    let rows = [("001", "保成社区")];
    let plan = desk.plan(&rows);
    desk.import(&rows, false);
    let late = desk
        .office
        .import(&plan, false, &desk.drafter, &desk.world, &mut |_| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!((late.submitted, late.meanwhile), (0, 1));
    assert_eq!(desk.office.list(&filter(None)).unwrap().total, 1);
}

#[test]
fn returned_drafts_go_back_to_the_drafter_and_come_again() {
    let mut desk = Desk::new();
    desk.import(&[("001", "保成社区")], false);
    let id = desk.office.list(&filter(None)).unwrap().records[0].id;
    assert!(matches!(
        desk.office.return_submission(&id, None, " ", &desk.approver, &desk.world),
        Err(OfficeError::BadReason)
    ));
    desk.office.return_submission(&id, None, "名称有误", &desk.approver, &desk.world).unwrap();
    let returned = desk.office.list(&filter(Some(State::Returned))).unwrap();
    let back = returned.records[0].pending.as_ref().unwrap().returned.as_ref().unwrap().clone();
    assert_eq!((back.by.as_str(), back.reason.as_str()), ("审批示例", "名称有误"));
    assert!(desk.approve().published.is_empty());

    desk.office.amend(&id, &["village=保成新社区".into()], &desk.drafter, &desk.world).unwrap();
    assert_eq!(desk.approve().published, [id]);
    let details = desk.office.show(&id, Some(1)).unwrap();
    assert_eq!(details.versions[0].values["village"], Value::text("保成新社区"));
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn nobody_approves_what_he_drafted() {
    let mut desk = Desk::new();
    admit(&mut desk.office, &desk.world, "双岗示例", &[Role::Drafter, Role::Approver]);
    let both = desk.office.unlock("双岗示例", Duty::Draft, &passphrase("双岗示例")).unwrap();
    let plan = desk.plan(&[("001", "保成社区")]);
    desk.office.import(&plan, false, &both, &desk.world, &mut |_| ControlFlow::Continue(())).unwrap();
    let approval = desk
        .office
        .approve(Selection::All, &both, &desk.host, &desk.world, &mut |_, _| ControlFlow::Continue(()))
        .unwrap();
    assert!(approval.published.is_empty());
    assert!(matches!(approval.refused[0].1, OfficeError::Rule(Violation::SamePerson)));
    assert_eq!(desk.approve().published.len(), 1);
}

#[test]
fn roles_passphrases_and_founding_are_enforced() {
    let mut desk = Desk::new();
    let unlock =
        |office: &Office, name: &str, role, secret: &str| office.unlock(name, role, &passphrase(secret));
    assert!(matches!(
        unlock(&desk.office, "经办示例", Duty::Approve, "经办示例"),
        Err(OfficeError::RoleNeeded { .. })
    ));
    assert!(matches!(
        unlock(&desk.office, "经办示例", Duty::Draft, "wrong"),
        Err(OfficeError::WrongPassphrase { .. })
    ));
    assert!(matches!(unlock(&desk.office, "无名", Duty::Draft, "x"), Err(OfficeError::UnknownPerson(_))));
    assert!(matches!(desk.office.unlock_host(None), Err(OfficeError::HostLocked)));
    desk.office.set_unattended(Some(&desk.host)).unwrap();
    assert!(desk.office.unlock_host(None).is_ok());
    desk.office.set_unattended(None).unwrap();
    assert!(matches!(desk.office.unlock_host(None), Err(OfficeError::HostLocked)));

    let id = desk.published(1)[0];
    let admission = yinxin_office::people::Admission {
        name: "后来示例",
        post: None,
        roles: [Role::Drafter].into(),
        passphrase: &passphrase("x"),
        host_passphrase: &passphrase("host"),
        locking: fixture::LOCKING,
    };
    assert!(matches!(desk.office.admit(&admission, &desk.world), Err(OfficeError::FoundingOver)));
    let keys = std::fs::read_dir(desk.path().join("keys")).unwrap().count();
    assert_eq!(keys, 4, "no key file of somebody who was not admitted");
    assert!(matches!(
        desk.office.export(&id, Some(2), None, None, &desk.world),
        Err(OfficeError::NoSuchVersion { .. })
    ));
}

#[test]
fn only_chosen_fields_are_disclosed() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let policy = desk.office.policy().unwrap();
    let keys = ["county".to_owned()];
    let file = desk.office.export(&id, None, Some(&keys), None, &desk.world).unwrap();
    assert_eq!(file.disclosed.0, 1);
    let report = verify(&file.bytes, Some(&policy), None);
    assert_eq!(report.verdict, Verdict::Genuine);
    let secret = "湖北省".as_bytes();
    assert!(!file.bytes.windows(secret.len()).any(|window| window == secret));
    let unknown = ["nothing".to_owned()];
    assert!(matches!(
        desk.office.export(&id, None, Some(&unknown), None, &desk.world),
        Err(OfficeError::NoSuchField(_))
    ));
}

#[test]
fn pages_are_complete_and_do_not_overlap() {
    let mut desk = Desk::new();
    desk.published(25);
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page =
            desk.office.list(&Filter { limit: 10, after: after.as_deref(), ..Filter::default() }).unwrap();
        assert_eq!(page.total, 25);
        seen.extend(page.records.iter().map(|record| record.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 25);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 25);
    let found = desk.office.list(&Filter { text: Some("第7社"), limit: 10, ..Filter::default() }).unwrap();
    assert_eq!(found.total, 1);
    assert!(matches!(
        desk.office.list(&Filter { limit: 10, after: Some("x"), ..Filter::default() }),
        Err(OfficeError::BadCursor(_))
    ));
}

#[test]
fn an_office_is_not_founded_over_something_else() {
    let desk = Desk::new();
    let world = fixture::World::default();
    let founding = |code, realm| yinxin_office::Founding {
        realm,
        name: "武汉市民政局",
        code,
        passphrase: Box::leak(Box::new(passphrase("host"))),
        locking: fixture::LOCKING,
    };
    let create = |path: &std::path::Path, code, realm| {
        Office::create(path, &founding(code, realm), &world).map(|_| ())
    };
    assert!(matches!(create(&desk.path(), fixture::CODE, "wuhan"), Err(OfficeError::FolderTaken(_))));
    let fresh = desk.folder.path().join("fresh");
    assert!(matches!(create(&fresh, "11420100MB0889006E", "wuhan"), Err(OfficeError::OfficeCode(_))));
    assert!(matches!(create(&fresh, fixture::CODE, "Wuhan"), Err(OfficeError::Origin(_))));
    assert!(!fresh.exists());
    assert!(matches!(Office::open(&fresh), Err(OfficeError::NoOffice(_))));
    let left: Vec<_> = std::fs::read_dir(desk.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-built stays behind");
}

#[test]
fn an_empty_folder_that_is_there_becomes_the_office() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let held = std::fs::File::open(folder.path()).unwrap();
    let office = fixture::found(folder.path(), &fixture::World::default());
    assert_eq!(office.head().unwrap().size, 1);
    // The same folder still: whoever stands in it sees the office.
    assert_eq!(held.metadata().unwrap().ino(), folder.path().metadata().unwrap().ino());
    assert_eq!(folder.path().metadata().unwrap().mode() & 0o777, 0o700);
}

#[test]
fn tiles_are_what_the_checkpoint_says() {
    let mut desk = Desk::new();
    desk.published(300);
    let out = desk.folder.path().join("tiles");
    let size = desk.office.write_tiles(&out, &mut |_, _| {}).unwrap();
    assert_eq!(size, 303);
    for path in [
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/47",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/47",
    ] {
        assert!(out.join(path).is_file(), "{path}");
    }
    let text = std::fs::read_to_string(out.join("checkpoint")).unwrap();
    let vkey = desk.office.vkey().unwrap();
    let (checkpoint, _) = yinxin_ledger::checkpoint::Checkpoint::open(&text, &vkey).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (303, desk.office.head().unwrap().root));
}

#[test]
fn an_audit_that_is_stopped_says_nothing_of_the_ledger() {
    let mut desk = Desk::new();
    desk.published(1);
    let stopped = desk.office.audit(None, &mut |_, _| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(OfficeError::Interrupted)));
}

#[test]
fn what_is_registered_is_told_from_what_waits() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let registered = desk.office.show(&id, None).unwrap().summary.values;
    assert_eq!(desk.office.show(&id, None).unwrap().summary.in_force.len(), 0);
    desk.office.amend(&id, &["village=新社区".into()], &desk.drafter, &desk.world).unwrap();
    let waiting = desk.office.show(&id, None).unwrap().summary;
    assert_eq!(waiting.in_force, registered);
    assert_eq!(waiting.values["village"], Value::Text("新社区".to_owned()));
    desk.approve();
    let amended = desk.office.show(&id, None).unwrap().summary;
    assert_eq!((amended.in_force.len(), amended.values), (0, waiting.values));
}
