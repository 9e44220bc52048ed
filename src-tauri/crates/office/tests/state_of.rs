//! The saved state says of which head it is, and nothing is built on another one.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;
use std::path::Path;

use fixture::Desk;
use rusqlite::Connection;
use yinxin_office::{Office, OfficeError, Selection};
use yinxin_record::Coded as _;

fn change(desk: &Desk, sql: &str) {
    Connection::open(desk.path().join("yinxin.db")).unwrap().execute_batch(sql).unwrap();
}

fn damages(folder: &Path) -> Vec<&'static str> {
    let office = Office::read(folder).unwrap();
    let report = office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    report.damages.iter().map(|damage| damage.code).collect()
}

/// Every table that the rules read.
fn state(desk: &Desk) -> Vec<String> {
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let tables = ["state_of", "member_act", "record", "record_act", "office_act", "office_key", "policy_act"];
    let mut lines = Vec::new();
    for table in tables {
        let mut query = db.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let columns = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..columns).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            lines.push(format!("{table} {}", cells.collect::<Vec<_>>().join(" ")));
        }
    }
    lines
}

/// A desk with records in every state, and a draft that waits.
fn busy() -> Desk {
    let mut desk = Desk::new();
    let ids = desk.published(4);
    desk.office.amend(&ids[0], &["village=新名社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.office.withdraw(&ids[1], "并入", &desk.drafter, &desk.world).unwrap();
    desk.office.erase(&ids[2], "申请", &desk.drafter, &desk.world).unwrap();
    desk.approve();
    desk.import(&[("900", "后来社区")], false);
    desk
}

#[test]
fn every_append_says_of_which_head_the_state_is() {
    let desk = busy();
    let head = desk.office.head().unwrap();
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let row: (i64, Vec<u8>, i64) = db
        .query_row("SELECT size, root, rules FROM state_of", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!(row, (i64::try_from(head.size).unwrap(), head.root.0.to_vec(), 0));
    assert!(damages(&desk.path()).is_empty());
    assert!(!Office::open(&desk.path()).unwrap().was_state_made_anew());
}

#[test]
fn a_state_that_lags_is_made_anew_from_the_entries() {
    // Nobody knows, other rules judged, or it is of an earlier head.
    let earlier = "UPDATE state_of SET size = 1, root = (SELECT leaf FROM entry WHERE position = 0)";
    let cases = [
        "DELETE FROM state_of",
        "UPDATE state_of SET rules = 7",
        earlier,
        "UPDATE record SET version = 1, withdrawn = 0, erased = 0 WHERE version > 0; DELETE FROM state_of",
        "UPDATE member_act SET roles = 'drafter', suspended = 1; DELETE FROM state_of",
        "UPDATE record_act SET version = 1, act = 'publish'; DELETE FROM state_of",
    ];
    for sql in cases {
        let mut desk = busy();
        let before = state(&desk);
        change(&desk, sql);
        assert!(damages(&desk.path()).contains(&"damage_state_of"), "{sql}");
        assert!(Office::read(&desk.path()).unwrap().people().is_ok());
        desk.office = Office::open(&desk.path()).unwrap();
        assert!(desk.office.was_state_made_anew(), "{sql}");
        assert_eq!(state(&desk), before, "{sql}");
        assert!(damages(&desk.path()).is_empty(), "{sql}");
        assert_eq!(desk.approve().published.len(), 1);
        assert!(!Office::open(&desk.path()).unwrap().was_state_made_anew());
    }
}

#[test]
fn nothing_is_built_on_a_state_that_cannot_be_made_anew() {
    let cases = [
        // The ledger lags behind the state, or is another one.
        "UPDATE state_of SET size = size + 1",
        "UPDATE state_of SET root = zeroblob(32)",
        "UPDATE state_of SET root = x'00'",
        // Contents that entries do not say.
        "DELETE FROM member_act WHERE position = 2; DELETE FROM state_of",
        "DELETE FROM record_act WHERE position = 6; DELETE FROM state_of",
        // A record that the ledger does not know.
        "UPDATE record SET version = 1, leaf = zeroblob(32) WHERE version = 0; DELETE FROM state_of",
        // Entries that the log key did not sign.
        "DROP TRIGGER entry_is_final; UPDATE entry SET bytes = CAST(bytes || x'00' AS BLOB) WHERE position = 5;
         DELETE FROM state_of",
    ];
    for sql in cases {
        let mut desk = busy();
        let head = desk.office.head().unwrap();
        change(&desk, &format!("PRAGMA foreign_keys = OFF; {sql}"));
        let spoilt = state(&desk);
        // Whether the office was open before, or is opened then.
        for opened in [false, true] {
            if opened {
                desk.office = Office::open(&desk.path()).unwrap();
                assert!(!desk.office.was_state_made_anew(), "{sql}");
            }
            for refused in refusals(&mut desk) {
                let code = refused.code();
                assert!(["state_of_another_head", "stored_data_damaged"].contains(&code), "{sql}: {code}");
            }
        }
        assert_eq!((desk.office.head().unwrap(), state(&desk)), (head, spoilt), "{sql}");
        assert!(damages(&desk.path()).contains(&"damage_state_of"), "{sql}");
    }
}

/// What everybody who signs is told.
fn refusals(desk: &mut Desk) -> Vec<OfficeError> {
    let go_on = &mut |_, _| ControlFlow::Continue(());
    let approved = desk.office.approve(Selection::All, &desk.approver, &desk.host, &desk.world, go_on);
    let id = yinxin_record::Id([7; 16]);
    let withdrawn = desk.office.withdraw(&id, "并入", &desk.drafter, &desk.world);
    vec![approved.map(drop).unwrap_err(), withdrawn.unwrap_err()]
}
