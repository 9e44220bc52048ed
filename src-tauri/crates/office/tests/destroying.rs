//! Contents that nothing refers to any more are destroyed, and no others.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use fixture::Desk;
use rusqlite::Connection;
use yinxin_office::inbox::Seen;
use yinxin_office::{Office, Selection};
use yinxin_record::Id;

fn database(desk: &Desk) -> Connection {
    Connection::open(desk.path().join("yinxin.db")).unwrap()
}

fn key_file(desk: &Desk) -> Connection {
    Connection::open(desk.path().join("content-keys.db")).unwrap()
}

fn numbers(db: &Connection, sql: &str) -> BTreeSet<i64> {
    let mut query = db.prepare(sql).unwrap();
    query.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn keys(desk: &Desk) -> BTreeSet<i64> {
    numbers(&key_file(desk), "SELECT no FROM content_key")
}

/// Every set has its key and every key its set or form; nothing is left over.
#[track_caller]
fn nothing_left_over(desk: &Desk) {
    let db = database(desk);
    let stored = numbers(&db, "SELECT key_no FROM content UNION SELECT key_no FROM form");
    assert_eq!(stored, keys(desk));
    let referred = "SELECT content FROM member_act UNION SELECT content FROM person_change UNION SELECT content FROM invitation UNION SELECT content FROM record_act
                    UNION SELECT content FROM submission";
    assert_eq!(numbers(&db, "SELECT no FROM content"), numbers(&db, referred));
    assert!(numbers(&db, "SELECT no FROM key_to_destroy").is_empty());
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

fn give_back(desk: &mut Desk, id: &Id) {
    desk.office.return_submission(id, None, "请补正", &desk.approver, &desk.world).unwrap();
}

#[test]
fn contents_that_are_taken_back_are_destroyed() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let before = keys(&desk);
    desk.office.amend(&id, &["village=错名社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.office.take_back(&id, &desk.drafter).unwrap();
    assert_eq!(keys(&desk), before);
    desk.import(&[("500", "新设社区")], false);
    let new = desk.office.inbox(None, 10).unwrap().waiting[0].record;
    give_back(&mut desk, &new);
    desk.office.take_back(&new, &desk.drafter).unwrap();
    assert_eq!(keys(&desk), before);
    nothing_left_over(&desk);
}

#[test]
fn contents_that_are_replaced_are_destroyed() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let published = keys(&desk);
    desk.office.amend(&id, &["village=错名社区".into()], &desk.drafter, &desk.world).unwrap();
    let first = keys(&desk);
    give_back(&mut desk, &id);
    desk.office.amend(&id, &["village=正名社区".into()], &desk.drafter, &desk.world).unwrap();
    let second = keys(&desk);
    assert!(first.intersection(&second).eq(&published));
    nothing_left_over(&desk);
    give_back(&mut desk, &id);
    desk.office.withdraw(&id, "撤并", &desk.drafter, &desk.world).unwrap();
    assert!(second.intersection(&keys(&desk)).eq(&published));
    nothing_left_over(&desk);
    // A sheet replaces what came back, too.
    give_back(&mut desk, &id);
    assert_eq!(desk.import(&[("000", "另名社区")], true).amended, 1);
    nothing_left_over(&desk);
    desk.approve();
    assert_eq!(desk.office.show(&id, None).unwrap().versions.len(), 2);
    nothing_left_over(&desk);
}

#[test]
fn a_key_that_outlived_a_crash_is_destroyed_at_the_next_opening() {
    let mut desk = Desk::new();
    let id = desk.published(1)[0];
    let before = keys(&desk);
    desk.office.amend(&id, &["village=错名社区".into()], &desk.drafter, &desk.world).unwrap();
    let file = key_file(&desk);
    let full = "CREATE TRIGGER full BEFORE DELETE ON content_key BEGIN SELECT RAISE(ABORT, 'full'); END";
    file.execute_batch(full).unwrap();
    desk.office.take_back(&id, &desk.drafter).unwrap();
    assert_eq!(keys(&desk).len(), before.len() + 1);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
    file.execute_batch("DROP TRIGGER full").unwrap();
    Office::open(&desk.path()).unwrap();
    assert_eq!(keys(&desk), before);
    nothing_left_over(&desk);
}

#[test]
fn what_older_versions_left_is_destroyed() {
    let mut desk = Desk::new();
    desk.published(2);
    desk.import(&[("500", "新设社区")], false);
    let (before, people) = (keys(&desk), desk.office.people().unwrap());
    let (db, file) = (database(&desk), key_file(&desk));
    file.execute("INSERT INTO content_key (secret) VALUES (zeroblob(32))", []).unwrap();
    let left = file.last_insert_rowid();
    db.execute_batch(
        "DROP TRIGGER content_dropped; DROP TRIGGER form_dropped; DROP TRIGGER form_saved;
         DROP TRIGGER content_erased; DROP TABLE key_to_destroy; DROP TABLE to_overwrite;
         ALTER TABLE record DROP COLUMN erased;
         CREATE TABLE old AS SELECT person AS id, position, key, roles, content FROM person;
         DROP VIEW person; DROP TABLE member_act; DROP TABLE person_change; DROP TABLE invitation;
         ALTER TABLE submission DROP COLUMN stale;
         DROP TABLE office_act; DROP TABLE office_key; DROP TABLE policy_act;
         DROP TABLE register_change; DROP TABLE admission; DROP TABLE host_key; DROP TABLE state_of;
         DROP TABLE appointment_act; DROP TABLE appointment_asked;
         ALTER TABLE submission DROP COLUMN asks_review; ALTER TABLE submission DROP COLUMN review;
         ALTER TABLE submission DROP COLUMN reviewer; ALTER TABLE submission DROP COLUMN reviewed;
         ALTER TABLE old RENAME TO person; PRAGMA user_version = 2;",
    )
    .unwrap();
    let orphan = "INSERT INTO content (subject, key_no, sealed) VALUES (zeroblob(16), ?1, zeroblob(40))";
    db.execute(orphan, [left]).unwrap();
    desk.office = Office::open(&desk.path()).unwrap();
    assert_eq!(keys(&desk), before);
    nothing_left_over(&desk);
    assert_eq!(desk.approve().published.len(), 1);
    assert_eq!(desk.office.people().unwrap(), people);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn what_replaced_a_draft_meanwhile_is_not_published_as_that_draft() {
    let mut desk = Desk::new();
    let rows: Vec<(String, String)> = (0..999).map(|i| (format!("{i:03}"), format!("第{i}社区"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    desk.import(&rows, false);
    let (mut seen, _) = desk.office.all_waiting(&desk.approver.person.id).unwrap();
    let last: Seen = seen.pop().unwrap();
    // The last is in the second batch, which is read before the first is written.
    seen.extend([seen[0], seen[0], last]);
    let mut other = Office::open(&desk.path()).unwrap();
    let mut replaced = false;
    let replace = &mut |_, _| {
        if !std::mem::replace(&mut replaced, true) {
            other.return_submission(&last.record, None, "名称不对", &desk.approver, &desk.world).unwrap();
            let change = ["village=别名社区".to_owned()];
            other.amend(&last.record, &change, &desk.drafter, &desk.world).unwrap();
        }
        ControlFlow::Continue(())
    };
    let approval = desk
        .office
        .approve(Selection::Seen(&seen), &desk.approver, &desk.host, &desk.world, replace)
        .unwrap();
    assert_eq!(approval.published.len(), 998);
    assert_eq!(desk.office.inbox(None, 10).unwrap().waiting[0].values["village"].as_text(), Some("别名社区"));
    nothing_left_over(&desk);
}
