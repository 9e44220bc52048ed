//! Erased values are in no file of the folder: not in the databases, their logs,
//! the search index, nor in pages that were freed.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;
use std::path::Path;

use fixture::{Desk, passphrase};
use rusqlite::Connection;
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::{Filter, State};
use yinxin_office::{Office, OfficeError};
use yinxin_record::Id;
use yinxin_record::roster::Role;

/// Stands in fields that are committed; its pairs of characters are in no other text.
const VALUE: &str = "龘靐齉爩";
const AMENDED: &str = "鱻麤龗灪";
const REASON: &str = "籲灩厵驫";

fn contains(file: &Path, needle: &[u8]) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The files below `folder` that hold `needle`.
fn found(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, needle));
        } else if contains(&path, needle) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found
}

/// Every pair of characters that the index knows of a text.
fn pairs(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

fn content_keys(desk: &Desk) -> Vec<Vec<u8>> {
    let db = Connection::open(desk.path().join("content-keys.db")).unwrap();
    let mut query = db.prepare("SELECT secret FROM content_key").unwrap();
    let keys = query.query_map([], |row| row.get(0)).unwrap();
    keys.collect::<Result<_, _>>().unwrap()
}

fn clean(desk: &Desk) {
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
}

/// Records, one of which has had the values that are to go, in three versions.
fn desk() -> (Desk, Id) {
    let mut desk = Desk::new();
    let records = desk.published(900);
    let record = records[7];
    for town in [VALUE, AMENDED] {
        let setting = format!("town={town}");
        desk.office.amend(&record, &[setting], &desk.drafter, &desk.world).unwrap();
        assert_eq!(desk.approve().published, [record]);
    }
    (desk, record)
}

fn erase(desk: &mut Desk, record: &Id) {
    desk.office.erase(record, "当事人申请删除", &desk.drafter, &desk.world).unwrap();
    assert_eq!(desk.approve().published, [*record]);
}

#[test]
fn what_is_erased_is_in_no_file() {
    let (mut desk, record) = desk();
    let before = content_keys(&desk);
    let texts: Vec<String> = [VALUE, AMENDED].iter().flat_map(|text| pairs(text)).collect();
    // The index has them in the clear, so the scan sees what it looks for.
    assert!(texts.iter().any(|text| !found(&desk.path(), text.as_bytes()).is_empty()));
    erase(&mut desk, &record);
    let after = content_keys(&desk);
    let destroyed: Vec<&Vec<u8>> = before.iter().filter(|key| !after.contains(key)).collect();
    assert_eq!(destroyed.len(), 3);
    clean(&desk);
    for text in &texts {
        assert_eq!(found(&desk.path(), text.as_bytes()), Vec::<String>::new(), "{text}");
    }
    for key in destroyed {
        assert_eq!(found(&desk.path(), key), Vec::<String>::new());
    }
}

#[test]
fn what_another_program_reads_is_overwritten_at_the_next_opening() {
    let (mut desk, record) = desk();
    let reader = Connection::open(desk.path().join("yinxin.db")).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM record;").unwrap();
    let mut reading = reader.prepare("SELECT * FROM record").unwrap();
    let mut rows = reading.query([]).unwrap();
    rows.next().unwrap();
    erase(&mut desk, &record);
    drop(rows);
    drop(reading);
    reader.execute_batch("COMMIT").unwrap();
    drop(reader);
    desk.office = Office::open(&desk.path()).unwrap();
    for text in pairs(AMENDED) {
        assert_eq!(found(&desk.path(), text.as_bytes()), Vec::<String>::new(), "{text}");
    }
    clean(&desk);
}

#[test]
fn what_stays_proves_that_something_was_there() {
    let (mut desk, record) = desk();
    let policy = desk.office.policy().unwrap();
    let old = desk.office.export(&record, None, None, None, &desk.world).unwrap().bytes;
    assert_eq!(verify(&old, Some(&policy), None).verdict, Verdict::Genuine);
    erase(&mut desk, &record);
    let details = desk.office.show(&record, None).unwrap();
    assert_eq!(details.summary.state, State::Withdrawn);
    assert_eq!(details.versions.len(), 4);
    assert_eq!(details.versions[3].act, "erase");
    assert_eq!(details.versions[3].signed[0].name, "经办示例");
    // What the template says in the open is in the act for ever.
    assert!(details.versions[0].values.contains_key("village_code"));
    assert!(!details.versions[0].values.contains_key("town"));
    // A file that left the house cannot be called back; one that is made now discloses
    // nothing and says that it is over, and so do the own ledgers of the old one.
    let now = desk.office.export(&record, None, None, Some(&desk.host), &desk.world).unwrap();
    assert_eq!(now.disclosed.0, 0);
    let report = verify(&now.bytes, Some(&policy), None);
    assert_eq!(report.verdict, Verdict::Withdrawn, "{:?}", report.findings);
    let report = verify(&old, Some(&policy), Some(&desk.office));
    assert_eq!(report.verdict, Verdict::Withdrawn, "{:?}", report.findings);
    assert!(report.findings.iter().any(|finding| finding.code == "finding_erased"));
    // It is found by its open values, and not by the others.
    let by = |text: &str| {
        let filter = Filter { text: Some(text), limit: 10, ..Filter::default() };
        desk.office.list(&filter).unwrap().total
    };
    assert_eq!((by("420102002007"), by(VALUE), by(AMENDED)), (1, 0, 0));
}

#[test]
fn a_withdrawn_record_is_erased_with_the_reason_of_its_withdrawal() {
    let (mut desk, record) = desk();
    desk.office.withdraw(&record, REASON, &desk.drafter, &desk.world).unwrap();
    assert_eq!(desk.approve().published, [record]);
    let withdrawn = desk.office.export(&record, None, None, None, &desk.world).unwrap().bytes;
    erase(&mut desk, &record);
    clean(&desk);
    let values = &desk.office.show(&record, None).unwrap().versions[3].values;
    assert!(values.is_empty(), "{values:?}");
    let policy = desk.office.policy().unwrap();
    let file = desk.office.export(&record, Some(1), None, None, &desk.world).unwrap().bytes;
    for (file, known) in [(file, None), (withdrawn, Some(&desk.office as _))] {
        let report = verify(&file, Some(&policy), known);
        assert_eq!(report.verdict, Verdict::Withdrawn, "{:?}", report.findings);
    }
}

#[test]
fn what_is_erased_stays_so() {
    let (mut desk, record) = desk();
    erase(&mut desk, &record);
    let again = desk.office.erase(&record, "再删", &desk.drafter, &desk.world);
    assert!(matches!(again, Err(OfficeError::Erased(_))), "{again:?}");
    let withdrawn = desk.office.withdraw(&record, "撤销", &desk.drafter, &desk.world);
    assert!(matches!(withdrawn, Err(OfficeError::Erased(_))), "{withdrawn:?}");
    let amended = desk.office.amend(&record, &["village=改名社区".into()], &desk.drafter, &desk.world);
    assert!(matches!(amended, Err(OfficeError::Withdrawn(_))), "{amended:?}");
    // Importing the same thing again does not bring it back.
    assert_eq!(desk.plan(&[("007", "第7社区")]).new_records(), 0);
}

#[test]
fn two_people_erase() {
    let (mut desk, record) = desk();
    let not_drafter = desk.office.erase(&record, "删除", &desk.approver, &desk.world);
    assert!(matches!(not_drafter, Err(OfficeError::RoleNeeded { role: Role::Drafter, .. })));
    assert!(matches!(
        desk.office.erase(&record, " ", &desk.drafter, &desk.world),
        Err(OfficeError::BadReason)
    ));
    desk.office.erase(&record, "删除", &desk.drafter, &desk.world).unwrap();
    // Until it is approved everything is there.
    assert!(desk.office.show(&record, None).unwrap().versions[0].values.contains_key("town"));
    let waiting = desk.office.inbox(None, 10).unwrap();
    assert_eq!(
        (waiting.waiting[0].act.as_str(), waiting.waiting[0].reason.as_deref()),
        ("erase", Some("删除"))
    );
    desk.office.take_back(&record, &desk.drafter).unwrap();
    assert!(desk.office.sign_in("经办示例", &passphrase("经办示例")).is_ok());
    clean(&desk);
}

#[test]
fn an_audit_sees_what_was_emptied_without_an_act_and_what_was_not_emptied() {
    let (mut desk, record) = desk();
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let codes = |desk: &Desk| -> Vec<&'static str> {
        let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
        report.damages.iter().map(|damage| damage.code).collect()
    };
    let sealed: Vec<u8> =
        db.query_row("SELECT sealed FROM content WHERE no = 5", [], |row| row.get(0)).unwrap();
    db.execute("UPDATE content SET sealed = x'' WHERE no = 5", []).unwrap();
    assert_eq!(codes(&desk), ["damage_contents"]);
    db.execute("UPDATE content SET sealed = ?1 WHERE no = 5", [sealed]).unwrap();
    db.execute("DELETE FROM key_to_destroy", []).unwrap();
    clean(&desk);
    erase(&mut desk, &record);
    db.execute(
        "UPDATE content SET sealed = x'00' WHERE no = (
             SELECT a.content FROM record_act a JOIN record r ON r.no = a.record WHERE r.id = ?1 AND a.version = 1)",
        [record.0],
    )
    .unwrap();
    assert!(codes(&desk).contains(&"damage_not_erased"));
    db.execute("UPDATE record SET erased = 0 WHERE id = ?1", [record.0]).unwrap();
    assert!(codes(&desk).contains(&"damage_table_record"));
}
