//! Values that are being typed: kept, private, submitted.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use fixture::{Desk, admit, found, passphrase};
use rusqlite::Connection;
use yinxin_office::browse::{Filter, State};
use yinxin_office::duty::Duty;
use yinxin_office::form::Typed;
use yinxin_office::{Office, OfficeError};
use yinxin_record::roster::Role;

fn community(code: &str, name: &str) -> Typed {
    [
        ("village_code", code),
        ("village", name),
        ("town_code", "420102002"),
        ("town", "大智街道"),
        ("county_code", "420102"),
        ("county", "江岸区"),
        ("city_code", "4201"),
        ("province_code", "42"),
        ("province", "湖北省"),
        ("secrecy_review", "不涉及国家秘密、工作秘密"),
    ]
    .map(|(key, text)| (key.to_owned(), text.to_owned()))
    .into()
}

#[test]
fn what_is_typed_is_there_after_a_crash_and_becomes_a_submission() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    assert_eq!(form.cells["secrecy_review"], "不涉及国家秘密、工作秘密");
    let strange = "𬒈 <script>=cmd()\u{202e}😀";
    let mut cells = community("420102002901", strange);
    desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();

    // Another process, after this one was killed.
    let other = Office::open(&desk.path()).unwrap();
    let kept = other.form(&form.id, &desk.drafter).unwrap();
    assert_eq!(kept.cells, cells);
    // What cannot stand in a record is told, and nothing is submitted.
    let refused = desk.office.submit_form(&form.id, &desk.drafter, &desk.world).unwrap_err();
    assert!(matches!(&refused, OfficeError::Values(problems) if problems.len() == 1), "{refused:?}");
    assert_eq!(desk.office.problems_of(&kept).unwrap().len(), 1);

    cells.insert("village".into(), "𬒈水社区".into());
    desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();
    let record = desk.office.submit_form(&form.id, &desk.drafter, &desk.world).unwrap();
    assert!(desk.office.forms(&desk.drafter).unwrap().is_empty());
    assert_eq!(desk.approve().published, [record]);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn a_form_is_its_drafters_alone_and_sealed() {
    let mut desk = Desk::new();
    admit(&mut desk.office, &desk.world, "另一示例", &[Role::Drafter]);
    let other = desk.office.unlock("另一示例", Duty::Draft, &passphrase("另一示例")).unwrap();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let marker = "独一无二的字样";
    desk.office
        .save_form(&form.id, &community("420102002901", marker), None, &desk.drafter, &desk.world)
        .unwrap();
    assert!(matches!(desk.office.form(&form.id, &other), Err(OfficeError::NoSuchForm(_))));
    assert!(desk.office.forms(&other).unwrap().is_empty());
    assert!(matches!(desk.office.discard_form(&form.id, &other), Err(OfficeError::NoSuchForm(_))));
    for file in ["yinxin.db", "yinxin.db-wal"] {
        let bytes = std::fs::read(desk.path().join(file)).unwrap_or_default();
        assert!(!bytes.windows(marker.len()).any(|part| part == marker.as_bytes()), "{file}");
    }
}

#[test]
fn every_saving_has_a_key_of_its_own_and_the_one_before_is_gone() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let path = desk.path().join("content-keys.db");
    let keys = || {
        let db = Connection::open(&path).unwrap();
        db.query_row("SELECT count(*), max(no) FROM content_key", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })
        .unwrap()
    };
    let (count, last) = keys();
    for n in 0..3 {
        let cells = community("420102002901", &format!("第{n}社区"));
        desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();
    }
    assert_eq!(keys(), (count, last + 3));
    desk.office.discard_form(&form.id, &desk.drafter).unwrap();
    assert_eq!(keys().0, count - 1);
}

#[test]
fn a_change_begins_with_the_record_and_is_gone_on_with() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let form = desk.office.begin_form("community", Some(&id), &desk.drafter, &desk.world).unwrap();
    assert_eq!((form.cells["village"].as_str(), &form.cells), ("第0社区", &form.before));
    let again = desk.office.begin_form("community", Some(&id), &desk.drafter, &desk.world).unwrap();
    assert_eq!(again.id, form.id);
    let unchanged = desk.office.submit_form(&form.id, &desk.drafter, &desk.world);
    assert!(matches!(unchanged, Err(OfficeError::NothingChanges(_))));
    let mut cells = form.cells;
    cells.insert("village".into(), "新名社区".into());
    desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();
    assert_eq!(desk.office.submit_form(&form.id, &desk.drafter, &desk.world).unwrap(), id);
    let waiting = &desk.office.inbox(None, 10).unwrap().waiting[0];
    assert_eq!(waiting.before["village"].as_text(), Some("第0社区"));
    assert_eq!(waiting.values["village"].as_text(), Some("新名社区"));
    // Nothing can be begun on it while that waits.
    let refused = desk.office.begin_form("community", Some(&id), &desk.drafter, &desk.world);
    assert!(matches!(refused, Err(OfficeError::WaitsAlready(_))));
}

#[test]
fn a_record_that_is_there_is_named_and_the_form_stays() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let cells = community("420102002000", "别名社区");
    desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();
    let refused = desk.office.submit_form(&form.id, &desk.drafter, &desk.world);
    assert!(matches!(refused, Err(OfficeError::AlreadyThere(other)) if other == id));
    assert_eq!(desk.office.forms(&desk.drafter).unwrap().len(), 1);
}

#[test]
fn too_much_is_refused_and_what_was_kept_stays() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let fits = "社".repeat(50_000);
    desk.office
        .save_form(&form.id, &community("420102002901", &fits), None, &desk.drafter, &desk.world)
        .unwrap();
    let huge: Typed = BTreeMap::from([("village".to_owned(), "社".repeat(400_000))]);
    let refused = desk.office.save_form(&form.id, &huge, None, &desk.drafter, &desk.world);
    assert!(matches!(refused, Err(OfficeError::FormTooLarge)));
    assert_eq!(desk.office.form(&form.id, &desk.drafter).unwrap().cells["village"], fits);
}

#[test]
fn a_drafter_takes_back_what_waits_or_was_returned() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    desk.office.amend(&id, &["village=错名社区".into()], &desk.drafter, &desk.world).unwrap();
    admit_after_founding_is_over(&mut desk);
    desk.office.take_back(&id, &desk.drafter).unwrap();
    let found = |desk: &Desk, text: &str| {
        desk.office.list(&Filter { text: Some(text), limit: 9, ..Filter::default() }).unwrap().total
    };
    assert_eq!((found(&desk, "错名"), found(&desk, "第0社区")), (0, 1));
    assert!(matches!(desk.office.take_back(&id, &desk.drafter), Err(OfficeError::NothingWaits(_))));

    // A first version that was returned is gone altogether.
    desk.import(&[("500", "新设社区")], false);
    let new = desk.office.inbox(None, 10).unwrap().waiting[0].record;
    desk.office.return_submission(&new, None, "请补正", &desk.approver, &desk.world).unwrap();
    desk.office.take_back(&new, &desk.drafter).unwrap();
    assert!(matches!(desk.office.show(&new, None), Err(OfficeError::NoSuchRecord(_))));
    assert_eq!(found(&desk, "新设"), 0);
    let returned = Filter { state: Some(State::Returned), limit: 9, ..Filter::default() };
    assert_eq!(desk.office.list(&returned).unwrap().total, 0);
    // It can be entered anew.
    assert_eq!(desk.import(&[("500", "新设社区")], false).submitted, 1);
    assert_eq!(desk.approve().published.len(), 1);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

fn admit_after_founding_is_over(desk: &mut Desk) {
    // Nobody else can be admitted by now, so another office's drafter tries.
    let folder = tempfile::tempdir().unwrap();
    let mut other = found(&folder.path().join("office"), &desk.world);
    admit(&mut other, &desk.world, "外人示例", &[Role::Drafter]);
    let stranger = other.unlock("外人示例", Duty::Draft, &passphrase("外人示例")).unwrap();
    let id = desk.office.inbox(None, 1).unwrap().waiting[0].record;
    assert!(matches!(desk.office.take_back(&id, &stranger), Err(OfficeError::UnknownPerson(_))));
}

#[test]
fn what_is_typed_about_a_record_that_is_taken_back_becomes_a_new_record() {
    let mut desk = Desk::new();
    desk.import(&[("500", "新设社区")], false);
    let id = desk.office.inbox(None, 10).unwrap().waiting[0].record;
    desk.office.return_submission(&id, None, "请补正", &desk.approver, &desk.world).unwrap();
    let form = desk.office.begin_form("community", Some(&id), &desk.drafter, &desk.world).unwrap();
    let mut cells = form.cells;
    cells.insert("village".into(), "改正社区".into());
    desk.office.save_form(&form.id, &cells, None, &desk.drafter, &desk.world).unwrap();
    desk.office.take_back(&id, &desk.drafter).unwrap();

    let kept = &desk.office.forms(&desk.drafter).unwrap()[0];
    assert_eq!((kept.record, &kept.cells, kept.before.is_empty()), (None, &cells, true));
    let record = desk.office.submit_form(&form.id, &desk.drafter, &desk.world).unwrap();
    assert_ne!(record, id);
    assert_eq!(desk.approve().published, [record]);
}

#[test]
fn a_form_whose_record_is_gone_is_one_for_a_new_record() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    // As a version before this one left it.
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute("UPDATE form SET record = zeroblob(16)", []).unwrap();
    assert_eq!(desk.office.forms(&desk.drafter).unwrap()[0].record, None);
    assert_eq!(desk.office.form(&form.id, &desk.drafter).unwrap().record, None);
}

#[test]
fn a_form_that_cannot_be_read_is_listed_as_damaged_and_can_be_discarded() {
    let mut desk = Desk::new();
    let mut begin = || desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap().id;
    let (whole, keyless, changed, misbound) = (begin(), begin(), begin(), begin());
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let key: i64 =
        db.query_row("SELECT key_no FROM form WHERE id = ?1", [keyless.0], |row| row.get(0)).unwrap();
    let keys = Connection::open(desk.path().join("content-keys.db")).unwrap();
    keys.execute("DELETE FROM content_key WHERE no = ?1", [key]).unwrap();
    db.execute("UPDATE form SET sealed = zeroblob(40) WHERE id = ?1", [changed.0]).unwrap();
    db.execute("UPDATE form SET record = x'00' WHERE id = ?1", [misbound.0]).unwrap();

    assert_eq!(desk.office.count_forms(&desk.drafter).unwrap(), 4);
    let forms = desk.office.forms(&desk.drafter).unwrap();
    let damaged = |id| forms.iter().find(|form| form.id == id).unwrap().damaged;
    assert_eq!([whole, keyless, changed, misbound].map(damaged), [false, true, true, true]);
    for id in [keyless, changed, misbound] {
        assert!(matches!(desk.office.form(&id, &desk.drafter), Err(OfficeError::Damaged(_))));
        desk.office.discard_form(&id, &desk.drafter).unwrap();
    }
    assert_eq!(desk.office.forms(&desk.drafter).unwrap().len(), 1);
}

#[test]
fn a_form_that_could_not_be_discarded_can_still_be_read() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute_batch("CREATE TRIGGER full BEFORE DELETE ON form BEGIN SELECT RAISE(ABORT, 'full'); END")
        .unwrap();
    assert!(desk.office.discard_form(&form.id, &desk.drafter).is_err());
    assert_eq!(desk.office.form(&form.id, &desk.drafter).unwrap().cells, form.cells);
}

#[test]
fn what_another_window_has_kept_is_not_overwritten() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let (mine, theirs) = (community("420102002901", "甲社区"), community("420102002901", "乙社区"));
    let (drafter, world) = (&desk.drafter, &desk.world);
    let mut other = Office::open(&desk.folder.path().join("office")).unwrap();
    let kept = other.save_form(&form.id, &theirs, Some(form.revision), drafter, world).unwrap();
    assert!(kept.revision > form.revision);
    let refused = desk.office.save_form(&form.id, &mine, Some(form.revision), drafter, world);
    assert!(matches!(refused, Err(OfficeError::FormChanged(id)) if id == form.id));
    assert_eq!(desk.office.form(&form.id, drafter).unwrap().cells, theirs);
    let again = desk.office.save_form(&form.id, &mine, Some(kept.revision), drafter, world).unwrap();
    assert_eq!(again.cells, mine);
    // Who does not say what it is based on replaces what is there.
    desk.office.save_form(&form.id, &theirs, None, drafter, world).unwrap();
}

#[test]
fn only_a_drafter_has_forms() {
    let mut desk = Desk::new();
    let form = desk.office.begin_form("community", None, &desk.drafter, &desk.world).unwrap();
    let (approver, world) = (&desk.approver, &desk.world);
    let begun = desk.office.begin_form("community", None, approver, world).map(drop);
    let saved = desk.office.save_form(&form.id, &form.cells, None, approver, world).map(drop);
    let discarded = desk.office.discard_form(&form.id, approver);
    for refused in [begun, saved, discarded] {
        assert!(matches!(refused, Err(OfficeError::RoleNeeded { role: Role::Drafter, .. })), "{refused:?}");
    }
}
