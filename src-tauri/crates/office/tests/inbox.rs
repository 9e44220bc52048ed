//! What an approver sees, and that nothing else is signed.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::ops::ControlFlow;

use fixture::Desk;
use rusqlite::Connection;
use yinxin_office::inbox::Seen;
use yinxin_office::{Approval, OfficeError, Selection};

fn approve(desk: &mut Desk, seen: &[Seen]) -> Approval {
    let go_on = &mut |_, _| ControlFlow::Continue(());
    desk.office.approve(Selection::Seen(seen), &desk.approver, &desk.host, &desk.world, go_on).unwrap()
}

#[test]
fn only_what_was_seen_is_signed() {
    let mut desk = Desk::new();
    desk.import(&[("001", "甲社区"), ("002", "乙社区")], false);
    let (seen, own) = desk.office.all_waiting(&desk.approver.person.id).unwrap();
    assert_eq!((seen.len(), own), (2, 0));
    assert_eq!(desk.office.all_waiting(&desk.drafter.person.id).unwrap(), (Vec::new(), 2));
    // After it was seen, the first is returned and submitted with another name.
    let id = seen[0].record;
    desk.office.return_submission(&id, None, "名称不对", &desk.approver, &desk.world).unwrap();
    desk.office.amend(&id, &["village=丙社区".into()], &desk.drafter, &desk.world).unwrap();
    let approval = approve(&mut desk, &seen);
    assert_eq!(approval.published, [seen[1].record]);
    assert!(matches!(&approval.refused[..], [(refused, OfficeError::AnotherDraft(_))] if *refused == id));
    // Seen again, it is signed.
    let (seen, _) = desk.office.all_waiting(&desk.approver.person.id).unwrap();
    assert_eq!(approve(&mut desk, &seen).published, [id]);
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn pages_are_whole_and_in_order() {
    let mut desk = Desk::new();
    let ids = desk.published(3);
    desk.office.withdraw(&ids[1], "重复登记", &desk.drafter, &desk.world).unwrap();
    desk.office.amend(&ids[0], &["village=新名".into()], &desk.drafter, &desk.world).unwrap();
    desk.import(&[("900", "新设社区")], false);
    let first = desk.office.inbox(None, 2).unwrap();
    assert_eq!((first.total, first.waiting.len()), (3, 2));
    let second = desk.office.inbox(first.next.as_deref(), 2).unwrap();
    assert_eq!((second.waiting.len(), second.next), (1, None));
    let all: Vec<_> = first.waiting.iter().chain(&second.waiting).collect();
    assert_eq!(all.iter().map(|w| w.act.as_str()).collect::<Vec<_>>(), ["amend", "withdraw", "publish"]);
    assert_eq!(all[0].before["village"].as_text(), Some("第0社区"));
    assert_eq!(all[1].reason.as_deref(), Some("重复登记"));
    assert_eq!(all[1].values["village"].as_text(), Some("第1社区"));
    assert!(all[2].before.is_empty());
    assert!(all.iter().all(|w| w.drafter == "经办示例" && !w.damaged));
    assert!(matches!(desk.office.inbox(Some("x"), 2), Err(OfficeError::BadCursor(_))));
    let counts = desk.office.counts().unwrap();
    assert_eq!((counts.waiting, counts.published, counts.withdrawn, counts.entries), (3, 3, 0, 6));
}

#[test]
fn a_long_approval_can_be_stopped_between_batches() {
    let mut desk = Desk::new();
    let rows: Vec<(String, String)> = (0..999).map(|i| (format!("{i:03}"), format!("第{i}社区"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    desk.import(&rows, false);
    let (seen, _) = desk.office.all_waiting(&desk.approver.person.id).unwrap();
    // More than one batch: the same drafts are asked for twice.
    let twice: Vec<Seen> = seen.iter().chain(&seen).copied().collect();
    let stop = &mut |_, _| ControlFlow::Break(());
    let approval =
        desk.office.approve(Selection::Seen(&twice), &desk.approver, &desk.host, &desk.world, stop).unwrap();
    // The first batch holds the first draft twice; the second was not begun.
    assert_eq!((approval.published.len(), approval.refused.len()), (999, 1));
    assert!(desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

#[test]
fn a_draft_by_nobody_of_the_office_is_shown_as_damaged() {
    let mut desk = Desk::new();
    desk.import(&[("001", "甲社区"), ("002", "乙社区")], false);
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute("UPDATE submission SET drafter = zeroblob(16) WHERE record = 1", []).unwrap();
    let waiting = desk.office.inbox(None, 10).unwrap().waiting;
    let shown: Vec<_> = waiting.iter().map(|w| (w.drafter.as_str(), w.damaged)).collect();
    assert_eq!(shown, [("", true), ("经办示例", false)]);
}

#[test]
fn only_what_was_seen_is_returned() {
    let mut desk = Desk::new();
    desk.import(&[("001", "甲社区")], false);
    let (seen, _) = desk.office.all_waiting(&desk.approver.person.id).unwrap();
    let Seen { record, draft } = seen[0];
    // After it was seen, it is returned and submitted with another name.
    desk.office.return_submission(&record, Some(&draft), "名称不对", &desk.approver, &desk.world).unwrap();
    desk.office.amend(&record, &["village=丙社区".into()], &desk.drafter, &desk.world).unwrap();
    let late = desk.office.return_submission(&record, Some(&draft), "名称不对", &desk.approver, &desk.world);
    assert!(matches!(late, Err(OfficeError::AnotherDraft(id)) if id == record));
    assert_eq!(desk.office.inbox(None, 10).unwrap().total, 1);
    desk.office.return_submission(&record, None, "名称不对", &desk.approver, &desk.world).unwrap();
}
