//! What could not be done stops nothing else, and what was done is told.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;

use fixture::Desk;
use rusqlite::Connection;
use yinxin_office::import::{Limits, Plan};
use yinxin_office::{Office, OfficeError, Selection};

fn go_on(_: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// More than one batch of new communities, in two subdistricts.
fn many(desk: &Desk) -> Plan {
    let path = desk.sheet(&[]);
    let mut text = fs::read_to_string(&path).unwrap();
    for town in ["420102002", "420102003"] {
        for n in 0..600 {
            text += &format!("{town}{n:03},第{n}社区,{town},某某街道,420102,江岸区,4201,42,湖北省\n");
        }
    }
    fs::write(&path, text).unwrap();
    desk.office.plan_import("community", &path, &Limits::default()).unwrap()
}

/// Makes every further row in `table` fail, as a full disk would.
fn fill_up(desk: &Desk, table: &str) {
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute_batch(&format!(
        "CREATE TRIGGER IF NOT EXISTS full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END"
    ))
    .unwrap();
}

fn free(desk: &Desk) {
    Connection::open(desk.path().join("yinxin.db")).unwrap().execute_batch("DROP TRIGGER full").unwrap();
}

#[test]
fn rows_that_are_out_of_date_are_refused_and_the_others_submitted() {
    let mut desk = Desk::new();
    let ids = desk.published(4);
    let rows =
        [("000", "甲社区"), ("001", "乙社区"), ("002", "丙社区"), ("003", "丁社区"), ("500", "新社区")];
    let plan = desk.plan(&rows);
    // Meanwhile one waits, one is withdrawn, and one is at its next version.
    desk.office.amend(&ids[3], &["village=戊社区".into()], &desk.drafter, &desk.world).unwrap();
    desk.office.withdraw(&ids[2], "撤并", &desk.drafter, &desk.world).unwrap();
    desk.approve();
    desk.office.amend(&ids[1], &["village=己社区".into()], &desk.drafter, &desk.world).unwrap();
    let imported = desk.office.import(&plan, true, &desk.drafter, &desk.world, &mut go_on).unwrap();
    assert_eq!((imported.submitted, imported.amended, imported.refused), (1, 2, 2));
    let [(3, OfficeError::WaitsAlready(_)), (4, OfficeError::Withdrawn(_))] = &imported.refusals[..] else {
        panic!("{:?}", imported.refusals)
    };
    assert!(imported.failed.is_none());
    assert!(matches!(imported.whole(), Err(OfficeError::WaitsAlready(_))));
    assert_eq!(desk.approve().published.len(), 4);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn a_record_that_is_taken_back_meanwhile_is_refused() {
    let mut desk = Desk::new();
    desk.import(&[("000", "甲社区")], false);
    let id = desk.office.inbox(None, 1).unwrap().waiting[0].record;
    desk.office.return_submission(&id, None, "名称不对", &desk.approver, &desk.world).unwrap();
    let plan = desk.plan(&[("000", "乙社区"), ("001", "丙社区")]);
    desk.office.take_back(&id, &desk.drafter).unwrap();
    let imported = desk.office.import(&plan, true, &desk.drafter, &desk.world, &mut go_on).unwrap();
    assert_eq!((imported.submitted, imported.amended), (1, 0));
    assert!(matches!(&imported.refusals[..], [(2, OfficeError::NoSuchRecord(_))]));
}

#[test]
fn what_was_imported_before_a_failure_is_told() {
    let mut desk = Desk::new();
    let plan = many(&desk);
    let folder = desk.path();
    let mut fill = |_| {
        fill_up(&desk, "submission");
        ControlFlow::Continue(())
    };
    let mut office = Office::open(&folder).unwrap();
    let imported = office.import(&plan, false, &desk.drafter, &desk.world, &mut fill).unwrap();
    assert_eq!(imported.submitted, 1_000);
    assert!(matches!(imported.failed, Some(OfficeError::Database(_))));
    // If nothing came of it, it has failed.
    let again = office.import(&many(&desk), false, &desk.drafter, &desk.world, &mut go_on);
    assert!(matches!(again, Err(OfficeError::Database(_))));
    free(&desk);
    let plan = many(&desk);
    assert_eq!(
        desk.office.import(&plan, false, &desk.drafter, &desk.world, &mut go_on).unwrap().submitted,
        200
    );
}

#[test]
fn what_was_published_before_a_failure_is_told() {
    let mut desk = Desk::new();
    let plan = many(&desk);
    desk.office.import(&plan, false, &desk.drafter, &desk.world, &mut go_on).unwrap();
    let mut office = Office::open(&desk.path()).unwrap();
    let mut fill = |_, _| {
        fill_up(&desk, "record_act");
        ControlFlow::Continue(())
    };
    let approval =
        office.approve(Selection::All, &desk.approver, &desk.host, &desk.world, &mut fill).unwrap();
    assert_eq!((approval.published.len(), approval.refused.len()), (1_000, 0));
    assert!(matches!(approval.failed, Some(OfficeError::Database(_))));
    free(&desk);
    assert_eq!(desk.approve().published.len(), 200);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}
