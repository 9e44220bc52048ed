//! Whatever is changed directly in SQLite, `audit` finds and names the entry.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;

use fixture::Desk;
use rusqlite::Connection;
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::audit::AuditReport;
use yinxin_office::{Office, OfficeError, Selection};

const TRIGGERS: [&str; 8] = [
    "entry_is_final",
    "entry_stays",
    "checkpoint_is_final",
    "checkpoint_stays",
    "tile_grows",
    "tile_stays",
    "ledger_grows",
    "ledger_stays",
];

/// Changes the database as somebody with full access to the file can.
fn tamper(desk: &Desk, sql: &str) {
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    for trigger in TRIGGERS {
        db.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    db.pragma_update(None, "foreign_keys", false).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
}

fn audit(desk: &Desk) -> AuditReport {
    Office::open(&desk.path()).unwrap().audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap()
}

fn flip(column: &str, at: usize) -> String {
    // Replaces one byte of a blob by another.
    format!(
        "{column} = CAST(substr({column}, 1, {at}) || CASE WHEN substr({column}, {at} + 1, 1) = x'00' THEN x'01' ELSE x'00' END
         || substr({column}, {at} + 2) AS BLOB)"
    )
}

#[test]
fn what_is_changed_in_any_table_is_found() {
    // (statement, the entry that must be named, a code that must be among the findings)
    let leaf = flip("leaf", 3);
    let chain = flip("chain", 31);
    let cases: Vec<(String, Option<u64>, &str)> = vec![
        (format!("UPDATE entry SET {} WHERE position = 7", flip("bytes", 300)), Some(7), "damage_leaf"),
        (format!("UPDATE entry SET {} WHERE position = 0", flip("bytes", 5)), Some(0), "damage_leaf"),
        (format!("UPDATE entry SET {leaf} WHERE position = 9"), Some(9), "damage_leaf"),
        (format!("UPDATE entry SET {chain} WHERE position = 5"), Some(5), "damage_chain"),
        ("DELETE FROM entry WHERE position = 6".into(), Some(6), "damage_entry_missing"),
        ("DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)".into(), None, "damage_head_size"),
        (format!("UPDATE tile SET {} WHERE level = 0", flip("hashes", 8 * 32 + 4)), Some(8), "damage_tile"),
        ("DELETE FROM tile".into(), Some(0), "damage_tile"),
        ("INSERT INTO tile (ledger, level, number, hashes) VALUES (1, 0, 9, x'00')".into(), None, "damage_tile_count"),
        ("UPDATE checkpoint SET note = replace(note, '— ', '—  ') WHERE size = 13".into(), Some(12), "damage_checkpoint"),
        (format!("UPDATE checkpoint SET {} WHERE size = 13", flip("receipt", 90)), Some(12), "damage_receipt"),
        ("DELETE FROM checkpoint WHERE size = 13".into(), None, "damage_checkpoint_missing"),
        (format!("UPDATE ledger SET {}", flip("root", 0)), None, "damage_head_root"),
        (format!("UPDATE ledger SET {}", flip("chain", 0)), None, "damage_head_chain"),
        ("UPDATE ledger SET vkey = 'x'".into(), None, "damage_vkey"),
        ("UPDATE record SET withdrawn = 1 WHERE no = 3".into(), None, "damage_table_record"),
        ("UPDATE record SET version = 2 WHERE no = 3".into(), None, "damage_table_record"),
        ("UPDATE record SET record_key = x'00' WHERE no = 3".into(), None, "damage_table_record"),
        ("UPDATE record SET template = 'x' WHERE no = 3".into(), Some(5), "damage_table_act"),
        ("UPDATE content SET subject = x'00' WHERE no = 5".into(), Some(5), "damage_table_act"),
        ("UPDATE entry SET position = 4611686018427387904 WHERE position = 12".into(), Some(12), "damage_entry_missing"),
        ("DELETE FROM record WHERE no = 3".into(), None, "damage_table_records_missing"),
        ("UPDATE record_act SET version = 4 WHERE position = 8".into(), Some(8), "damage_table_act"),
        ("DELETE FROM record_act WHERE position = 8".into(), Some(8), "damage_table_act"),
        // Rows that cannot be what they should be.
        ("UPDATE record_act SET version = -1 WHERE position = 4".into(), Some(4), "damage_table_act"),
        ("UPDATE record SET id = x'00' WHERE no = 3".into(), Some(5), "damage_table_act"),
        ("UPDATE record SET id = x'00' WHERE no = 3".into(), None, "damage_table_record"),
        ("UPDATE record SET version = -1 WHERE no = 3".into(), None, "damage_table_records_missing"),
        ("UPDATE record SET version = 4294967296 WHERE no = 3".into(), None, "damage_table_record"),
        ("UPDATE content SET subject = x'' WHERE no = 5".into(), Some(5), "damage_table_act"),
        ("UPDATE entry SET leaf = x'00' WHERE position = 9".into(), Some(9), "damage_leaf"),
        ("UPDATE entry SET chain = x'' WHERE position = 9".into(), Some(9), "damage_chain"),
        ("UPDATE entry SET bytes = x'' WHERE position = 9".into(), Some(9), "damage_statement"),
        ("UPDATE tile SET hashes = x'00' WHERE level = 0".into(), Some(0), "damage_tile"),
        ("UPDATE member_act SET roles = 'approver drafter' WHERE position = 1".into(), Some(1), "damage_table_person"),
        ("UPDATE member_act SET suspended = 1 WHERE position = 2".into(), Some(2), "damage_table_person"),
        ("UPDATE member_act SET by_people = 1 WHERE position = 2".into(), Some(2), "damage_table_person"),
        (
            "UPDATE member_act SET acting_from = 1, acting_until = 2 WHERE position = 1".into(),
            Some(1),
            "damage_table_person",
        ),
        (format!("UPDATE member_act SET {} WHERE position = 1", flip("key", 3)), Some(1), "damage_table_person"),
        ("UPDATE member_act SET position = 9 WHERE position = 2".into(), Some(2), "damage_table_people"),
        ("DELETE FROM member_act WHERE position = 2".into(), Some(2), "damage_table_people"),
        (
            format!(
                "UPDATE content SET {} WHERE no = (SELECT content FROM record_act WHERE position = 4)",
                flip("sealed", 20)
            ),
            Some(4),
            "damage_contents",
        ),
        (
            "UPDATE record_act SET content = (SELECT content FROM record_act WHERE position = 5) WHERE position = 4".into(),
            Some(4),
            "damage_table_act",
        ),
    ];
    for (sql, position, code) in cases {
        let mut desk = Desk::new();
        desk.published(10);
        assert!(audit(&desk).is_clean());
        tamper(&desk, &sql);
        let report = audit(&desk);
        let named = report
            .damages
            .iter()
            .any(|damage| damage.code == code && (position.is_none() || damage.position == position));
        assert!(named, "{sql}\n{report:#?}");
    }
}

#[test]
fn nothing_is_signed_on_top_of_a_changed_ledger() {
    let mut desk = Desk::new();
    desk.published(3);
    desk.import(&[("900", "后来社区")], false);
    // An entry changed together with everything that is derived from it.
    tamper(&desk, &format!("UPDATE tile SET {} WHERE level = 0", flip("hashes", 4 * 32)));
    let refused = desk
        .office
        .approve(Selection::All, &desk.approver, &desk.host, &desk.world, &mut |_, _| {
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert!(matches!(refused, OfficeError::Damaged(_)));
    assert_eq!(desk.office.head().unwrap().size, 6);
}

#[test]
fn damage_here_is_no_finding_about_a_file() {
    let mut desk = Desk::new();
    let id = desk.published(3)[0];
    let policy = desk.office.policy().unwrap();
    let file = desk.office.export(&id, None, None, None, &desk.world).unwrap();
    tamper(&desk, "DELETE FROM record_act WHERE position = 3");
    let report = verify(&file.bytes, Some(&policy), Some(&desk.office));
    assert_eq!(report.verdict, Verdict::Undetermined, "{report:#?}");
    assert_eq!(verify(&file.bytes, Some(&policy), None).verdict, Verdict::Genuine);
}

#[test]
fn triggers_refuse_what_sql_alone_would_change() {
    let mut desk = Desk::new();
    desk.published(3);
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    for sql in [
        "UPDATE entry SET bytes = x'00' WHERE position = 1",
        "DELETE FROM entry WHERE position = 1",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE position = 1",
        "INSERT OR REPLACE INTO checkpoint SELECT * FROM checkpoint",
        "UPDATE checkpoint SET note = ''",
        "DELETE FROM checkpoint",
        "UPDATE tile SET hashes = zeroblob(32)",
        "DELETE FROM tile",
        "UPDATE ledger SET size = 1",
        "DELETE FROM ledger",
    ] {
        assert!(db.execute(sql, []).is_err(), "{sql}");
    }
    drop(db);
    assert!(audit(&desk).is_clean());
}

#[test]
fn a_truncated_ledger_shows_only_against_a_checkpoint_from_outside() {
    let mut desk = Desk::new();
    desk.published(3);
    let copy = desk.folder.path().join("copy");
    copy_folder(&desk.path(), &copy);
    desk.import(&[("900", "后来社区")], false);
    desk.approve();
    let out = desk.folder.path().join("tiles");
    desk.office.write_tiles(&out, &mut |_, _| {}).unwrap();
    let outside = std::fs::read_to_string(out.join("checkpoint")).unwrap();

    let restored = Office::open(&copy).unwrap();
    assert!(restored.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
    let report = restored.audit(Some(&outside), &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.damages[0].code, "damage_against_longer");
    assert!(desk.office.audit(Some(&outside), &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());

    let other = Desk::new();
    let report = other.office.audit(Some(&outside), &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(!report.is_clean());
    let refused = other.office.audit(Some("nonsense"), &mut |_, _| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(refused, OfficeError::NoCheckpoint));
    let foreign = outside.replacen("wuhan/", "hankou/", 1);
    let refused = other.office.audit(Some(&foreign), &mut |_, _| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(refused, OfficeError::OtherLedger { .. }));
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_draft_changed_after_submission_is_not_signed() {
    for sql in [
        format!("UPDATE submission SET {}", flip("draft", 200)),
        format!("UPDATE submission SET {}", flip("draft", 640)),
        "UPDATE submission SET draft = (SELECT draft FROM submission WHERE record = 2) WHERE record = 1"
            .to_owned(),
        "UPDATE submission SET content = (SELECT content FROM submission WHERE record = 2) WHERE record = 1"
            .to_owned(),
        format!("UPDATE content SET {} WHERE no > 2", flip("sealed", 10)),
    ] {
        let mut desk = Desk::new();
        desk.import(&[("001", "保成社区"), ("002", "泰宁社区")], false);
        tamper(&desk, &sql);
        let approval = desk.approve();
        assert!(!approval.refused.is_empty(), "{sql}");
        assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean(), "{sql}");
    }
}

#[test]
fn a_damaged_submission_is_refused_alone_and_nothing_of_it_changes() {
    let mut desk = Desk::new();
    let ids = desk.published(2);
    for id in &ids {
        desk.office.amend(id, &["village=新名社区".into()], &desk.drafter, &desk.world).unwrap();
    }
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let first = "WHERE record = (SELECT no FROM record WHERE id = ?1)";
    db.execute(&format!("UPDATE submission SET record_key = x'00' {first}"), [ids[0].0]).unwrap();
    let approval = desk.approve();
    assert_eq!(approval.published, [ids[1]]);
    assert!(matches!(&approval.refused[..], [(id, OfficeError::Damaged(_))] if *id == ids[0]));
    let waits = format!("SELECT count(*) FROM submission {first}");
    assert_eq!(db.query_row(&waits, [ids[0].0], |row| row.get::<_, i64>(0)).unwrap(), 1);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}
