//! Review: what its template asks a reviewer for waits for one, and is approved
//! with three different signatures or not at all.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;

use fixture::{Desk, LOCKING, admit, passphrase};
use rusqlite::Connection;
use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::{Filter, State};
use yinxin_office::import::Limits;
use yinxin_office::inbox::Seen;
use yinxin_office::people::{Anew, NewKey, Unlocked};
use yinxin_office::step::Step;
use yinxin_office::{Approval, Office, OfficeError, Reviewed, Selection};
use yinxin_record::Id;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;

const REVIEWER: &str = "审核示例";
/// Who drafts, reviews and approves, though never the same draft twice.
const ALL_THREE: &str = "兼任示例";

fn desk() -> Desk {
    let mut desk = Desk::administered();
    admit(&mut desk.office, &desk.world, ALL_THREE, &[Role::Drafter, Role::Reviewer, Role::Approver]);
    admit(&mut desk.office, &desk.world, "保密示例", &[Role::SecrecyReviewer]);
    desk
}

/// Submits `count` records of a template that asks for a review.
fn submit(desk: &mut Desk, count: usize, by: &Unlocked) -> Vec<Id> {
    let mut sheet = String::from("索引号,信息名称,文号,生成日期,拟公开日期,公开依据,内容概述,保密审查\n");
    for i in 0..count {
        writeln!(
            sheet,
            "示例-2026-{i:05},示例事项{i},,2026-11-02,2026-11-20,《条例》,示例内容,不涉及国家秘密、工作秘密"
        )
        .unwrap();
    }
    let path = desk.folder.path().join("public.csv");
    fs::write(&path, sheet).unwrap();
    let plan = desk.office.plan_import("public_information", &path, &Limits::default()).unwrap();
    assert!(plan.problems.is_empty(), "{:?}", plan.problems);
    let go_on = &mut |_| ControlFlow::Continue(());
    desk.office.import(&plan, false, by, &desk.world, go_on).unwrap().whole().unwrap();
    let waiting = desk.office.inbox_of(Step::Review, None, count).unwrap();
    assert_eq!(waiting.total, count);
    waiting.waiting.iter().map(|waits| waits.record).collect()
}

fn submitted(desk: &mut Desk) -> Id {
    let drafter = desk.sign_in("经办示例");
    submit(desk, 1, &drafter)[0]
}

fn review(desk: &mut Desk, selection: Selection<'_>, by: &Unlocked) -> Reviewed {
    let go_on = &mut |_, _| ControlFlow::Continue(());
    desk.office.review(selection, by, &desk.world, go_on).unwrap()
}

fn approve(desk: &mut Desk, selection: Selection<'_>, by: &Unlocked) -> Approval {
    let go_on = &mut |_, _| ControlFlow::Continue(());
    desk.office.approve(selection, by, &desk.host, &desk.world, go_on).unwrap()
}

fn state(desk: &Desk, id: &Id) -> State {
    desk.office.show(id, None).unwrap().summary.state
}

fn stale(desk: &Desk, id: &Id) -> Option<String> {
    desk.office.show(id, None).unwrap().summary.pending.and_then(|pending| pending.stale)
}

#[track_caller]
fn clean(desk: &Desk) {
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
}

fn people_change<'a>(desk: &mut Desk, name: &str, change: impl FnOnce(&mut Anew<'a>)) {
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let person = desk.office.person(name).unwrap();
    let mut anew = Anew { name: "", post: None, key: NewKey::Kept, ..Anew::of(&person) };
    change(&mut anew);
    let anew = Anew { name, post: person.post.as_deref(), ..anew };
    let proposed = desk.office.propose(Some(&person.id), &anew, &system, &desk.world).unwrap();
    desk.office.confirm(&proposed.draft, &security, &desk.host, &desk.world).unwrap();
}

#[test]
fn three_people_sign_and_the_evidence_names_them() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    assert_eq!(state(&desk, &id), State::InReview);
    let counts = desk.office.counts().unwrap();
    assert_eq!((counts.to_review, counts.waiting), (1, 0));
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    assert_eq!(review(&mut desk, Selection::All, &reviewer).whole().unwrap().reviewed, [id]);
    assert_eq!(state(&desk, &id), State::Submitted);
    let waiting = desk.office.inbox_of(Step::Approve, None, 10).unwrap().waiting;
    assert_eq!(waiting[0].review.as_ref().unwrap().by, REVIEWER);
    assert!(!waiting[0].damaged);
    assert_eq!(approve(&mut desk, Selection::All, &approver).whole().unwrap().published, [id]);
    clean(&desk);
    let version = &desk.office.show(&id, None).unwrap().versions[0];
    let signed: Vec<_> = version.signed.iter().map(|s| (s.purpose, s.name.as_str())).collect();
    assert_eq!(signed, [("draft", "经办示例"), ("review", REVIEWER), ("approve", "审批示例")]);

    let (policy, file) =
        (desk.office.policy().unwrap(), desk.office.export(&id, None, None, None, &desk.world).unwrap());
    let report = verify(&file.bytes, Some(&policy), None);
    assert_eq!(report.verdict, Verdict::Genuine);
    let names: Vec<_> = report.proved.unwrap().signers.iter().map(|signer| signer.name.clone()).collect();
    assert_eq!(names, ["经办示例", REVIEWER, "审批示例"].map(|name| Some(name.to_owned())));
}

#[test]
fn no_byte_of_a_reviewed_record_can_change() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, approver) = (desk.sign_in("保密示例"), desk.sign_in("审批示例"));
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    approve(&mut desk, Selection::All, &approver).whole().unwrap();
    let policy = desk.office.policy().unwrap();
    let file = desk.office.export(&id, None, None, None, &desk.world).unwrap().bytes;
    for at in (0..file.len()).step_by(61) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_ne!(verify(&changed, Some(&policy), None).verdict, Verdict::Genuine, "byte {at}");
    }
}

#[test]
fn what_asks_for_no_review_waits_for_its_approver() {
    let mut desk = desk();
    desk.import(&[("001", "甲社区")], false);
    let id = desk.office.inbox(None, 1).unwrap().waiting[0].record;
    let reviewer = desk.sign_in(REVIEWER);
    let refused = review(&mut desk, Selection::Records(&[id]), &reviewer).refused;
    assert!(matches!(refused[..], [(_, OfficeError::NothingToReview(_))]), "{refused:?}");
    assert_eq!(review(&mut desk, Selection::All, &reviewer).refused.len(), 0);
    assert_eq!(desk.approve().published, [id]);
    clean(&desk);
}

/// Only acts with contents ask for a review.
#[test]
fn amending_is_reviewed_and_withdrawing_is_not() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    approve(&mut desk, Selection::All, &approver).whole().unwrap();
    desk.office.amend(&id, &["title=改名事项".into()], &desk.drafter, &desk.world).unwrap();
    assert_eq!(state(&desk, &id), State::InReview);
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    approve(&mut desk, Selection::All, &approver).whole().unwrap();
    desk.office.withdraw(&id, "理由", &desk.drafter, &desk.world).unwrap();
    assert_eq!(state(&desk, &id), State::Submitted);
    approve(&mut desk, Selection::All, &approver).whole().unwrap();
    clean(&desk);
}

#[test]
fn nothing_is_approved_before_it_is_reviewed() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let approver = desk.sign_in("审批示例");
    let (seen, _) = desk.office.all_of(Step::Review, &approver.person.id).unwrap();
    for selection in [Selection::Records(&[id]), Selection::Seen(&seen)] {
        let approval = approve(&mut desk, selection, &approver);
        assert!(approval.published.is_empty());
        assert!(matches!(approval.refused[..], [(_, OfficeError::WaitsForReview(_))]), "{approval:?}");
    }
    let approval = approve(&mut desk, Selection::All, &approver);
    assert!(approval.published.is_empty() && approval.refused.is_empty());
    // Even if the database says that no review is asked for: the act says it is.
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute("UPDATE submission SET asks_review = 0", []).unwrap();
    let approval = approve(&mut desk, Selection::All, &approver);
    assert!(matches!(approval.refused[..], [(_, OfficeError::Rule(Violation::NotReviewed))]), "{approval:?}");
    clean(&desk);
}

#[test]
fn a_draft_is_reviewed_once() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, other) = (desk.sign_in(REVIEWER), desk.sign_in("保密示例"));
    let (seen, _) = desk.office.all_of(Step::Review, &reviewer.person.id).unwrap();
    let twice = [seen[0], seen[0]];
    let outcome = review(&mut desk, Selection::Seen(&twice), &reviewer);
    assert_eq!(outcome.reviewed, [id]);
    assert!(matches!(outcome.refused[..], [(_, OfficeError::NothingToReview(_))]), "{outcome:?}");
    for by in [&reviewer, &other] {
        let refused = review(&mut desk, Selection::Records(&[id]), by).refused;
        assert!(matches!(refused[..], [(_, OfficeError::NothingToReview(_))]), "{refused:?}");
    }
}

#[test]
fn nobody_signs_the_same_draft_twice() {
    let mut desk = desk();
    let all_three = desk.sign_in(ALL_THREE);
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    let own = submit(&mut desk, 1, &all_three)[0];
    // The drafter does not review, and is not shown it to review.
    assert_eq!(desk.office.all_of(Step::Review, &all_three.person.id).unwrap(), (Vec::new(), 1));
    let refused = review(&mut desk, Selection::All, &all_three).refused;
    assert!(matches!(refused[..], [(_, OfficeError::Rule(Violation::SamePerson))]), "{refused:?}");
    // Nor approve.
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    assert_eq!(desk.office.all_waiting(&all_three.person.id).unwrap(), (Vec::new(), 1));
    let refused = approve(&mut desk, Selection::All, &all_three).refused;
    assert!(matches!(refused[..], [(_, OfficeError::Rule(Violation::SamePerson))]), "{refused:?}");
    assert_eq!(approve(&mut desk, Selection::All, &approver).published, [own]);
    // The reviewer does not approve.
    desk.office.amend(&own, &["title=再改事项".into()], &desk.drafter, &desk.world).unwrap();
    review(&mut desk, Selection::All, &all_three).whole().unwrap();
    assert_eq!(desk.office.all_waiting(&all_three.person.id).unwrap(), (Vec::new(), 1));
    let refused = approve(&mut desk, Selection::All, &all_three).refused;
    assert!(matches!(refused[..], [(_, OfficeError::Rule(Violation::SamePerson))]), "{refused:?}");
    assert_eq!(approve(&mut desk, Selection::All, &approver).published, [own]);
    clean(&desk);
}

#[test]
fn only_the_draft_that_was_seen_is_reviewed() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let reviewer = desk.sign_in(REVIEWER);
    let (seen, _) = desk.office.all_of(Step::Review, &reviewer.person.id).unwrap();
    let Seen { record, draft } = seen[0];
    desk.office.return_submission(&record, Some(&draft), "名称不对", &reviewer, &desk.world).unwrap();
    assert_eq!(state(&desk, &id), State::Returned);
    let returned = desk.office.show(&id, None).unwrap().summary.pending.unwrap().returned.unwrap();
    assert_eq!((returned.by.as_str(), returned.reason.as_str()), (REVIEWER, "名称不对"));
    desk.office.amend(&id, &["title=另一事项".into()], &desk.drafter, &desk.world).unwrap();
    let outcome = review(&mut desk, Selection::Seen(&seen), &reviewer);
    assert!(matches!(outcome.refused[..], [(_, OfficeError::AnotherDraft(_))]), "{outcome:?}");
    let late = desk.office.return_submission(&record, Some(&draft), "名称不对", &reviewer, &desk.world);
    assert!(matches!(late, Err(OfficeError::AnotherDraft(_))), "{late:?}");
    assert_eq!(state(&desk, &id), State::InReview);
}

#[test]
fn whoever_signs_next_returns() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    let early = desk.office.return_submission(&id, None, "理由", &approver, &desk.world);
    assert!(matches!(early, Err(OfficeError::ReviewerNeeded(_))), "{early:?}");
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    let late = desk.office.return_submission(&id, None, "理由", &reviewer, &desk.world);
    assert!(matches!(late, Err(OfficeError::RoleNeeded { role: Role::Approver, .. })), "{late:?}");
    assert_eq!(state(&desk, &id), State::Submitted);
    desk.office.return_submission(&id, None, "理由", &approver, &desk.world).unwrap();
    assert_eq!(state(&desk, &id), State::Returned);
    // Submitted again, it is reviewed again.
    desk.office.amend(&id, &["title=更正事项".into()], &desk.drafter, &desk.world).unwrap();
    assert_eq!(state(&desk, &id), State::InReview);
}

#[test]
fn the_drafter_takes_back_before_and_after_the_review() {
    for reviewed in [false, true] {
        let mut desk = desk();
        let id = submitted(&mut desk);
        let reviewer = desk.sign_in(REVIEWER);
        if reviewed {
            review(&mut desk, Selection::All, &reviewer).whole().unwrap();
        }
        desk.office.take_back(&id, &desk.drafter).unwrap();
        assert!(matches!(desk.office.show(&id, None), Err(OfficeError::NoSuchRecord(_))));
        let counts = desk.office.counts().unwrap();
        assert_eq!((counts.to_review, counts.waiting), (0, 0));
    }
}

#[test]
fn what_changed_after_the_review_is_not_approved() {
    for sql in [
        // Another draft, with its own contents, under the review of the first.
        "UPDATE submission SET draft = (SELECT draft FROM submission WHERE record = 2) WHERE record = 1",
        "UPDATE submission SET review = (SELECT review FROM submission WHERE record = 2) WHERE record = 1",
        "UPDATE submission SET review = CAST(substr(review, 1, 60) || x'00' || substr(review, 62) AS BLOB)
         WHERE record = 1",
        // The last byte of the reviewer's signature.
        "UPDATE submission SET review = CAST(substr(review, 1, length(review) - 1)
         || CASE substr(review, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB) WHERE record = 1",
    ] {
        let mut desk = desk();
        let drafter = desk.sign_in("经办示例");
        let ids = submit(&mut desk, 2, &drafter);
        let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
        review(&mut desk, Selection::All, &reviewer).whole().unwrap();
        let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
        assert_eq!(db.execute(sql, []).unwrap(), 1);
        let approval = approve(&mut desk, Selection::All, &approver);
        assert_eq!(approval.published, ids[1..], "{sql}");
        assert!(matches!(&approval.refused[..], [(_, OfficeError::Damaged(_))]), "{sql}: {approval:?}");
        clean(&desk);
    }
}

#[test]
fn a_forged_draft_is_not_reviewed() {
    let mut desk = desk();
    let drafter = desk.sign_in("经办示例");
    let ids = submit(&mut desk, 2, &drafter);
    let db = Connection::open(desk.path().join("yinxin.db")).unwrap();
    let forged = "UPDATE submission SET draft = CAST(substr(draft, 1, length(draft) - 1)
                  || CASE substr(draft, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB) WHERE record = 1";
    assert_eq!(db.execute(forged, []).unwrap(), 1);
    let reviewer = desk.sign_in(REVIEWER);
    let outcome = review(&mut desk, Selection::All, &reviewer);
    assert_eq!(outcome.reviewed, ids[1..]);
    assert!(matches!(outcome.refused[..], [(_, OfficeError::Damaged(_))]), "{outcome:?}");
}

/// What a reviewer signed who is one no more waits for another review, and says why.
#[test]
fn a_review_ends_with_its_reviewer() {
    type Change = fn(&mut Anew<'_>);
    let cases: [(Change, &str); 2] = [
        (|anew| anew.suspended = true, "violation_not_in_roster"),
        (|anew| anew.roles = [Role::DataAdmin].into(), "violation_wrong_role"),
    ];
    for (change, code) in cases {
        let mut desk = desk();
        let id = submitted(&mut desk);
        let (reviewer, other) = (desk.sign_in(REVIEWER), desk.sign_in("保密示例"));
        let approver = desk.sign_in("审批示例");
        review(&mut desk, Selection::All, &reviewer).whole().unwrap();
        people_change(&mut desk, REVIEWER, change);
        assert_eq!((state(&desk, &id), stale(&desk, &id).as_deref()), (State::InReview, Some(code)));
        let waiting = desk.office.inbox_of(Step::Review, None, 10).unwrap().waiting;
        assert_eq!((waiting[0].stale.as_deref(), &waiting[0].review), (Some(code), &None));
        let approval = approve(&mut desk, Selection::Records(&[id]), &approver);
        assert!(matches!(approval.refused[..], [(_, OfficeError::WaitsForReview(_))]), "{approval:?}");
        // Whoever is no reviewer any more signs nothing with the old key.
        let go_on = &mut |_, _| ControlFlow::Continue(());
        let refused = desk.office.review(Selection::All, &reviewer, &desk.world, go_on);
        assert!(refused.is_err(), "{refused:?}");
        // Returned by a person it says that person's reason and no other; a new draft is reviewed anew.
        desk.office.return_submission(&id, None, "理由", &other, &desk.world).unwrap();
        assert_eq!((state(&desk, &id), stale(&desk, &id)), (State::Returned, None));
        desk.office.amend(&id, &["title=更正事项".into()], &desk.drafter, &desk.world).unwrap();
        // Somebody else reviews it, and it goes its way.
        review(&mut desk, Selection::All, &other).whole().unwrap();
        assert_eq!(stale(&desk, &id), None);
        approve(&mut desk, Selection::All, &approver).whole().unwrap();
        clean(&desk);
    }
}

/// Whoever approves has seen who reviewed.
#[test]
fn what_somebody_else_reviewed_meanwhile_is_not_what_was_seen() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, other) = (desk.sign_in(REVIEWER), desk.sign_in("保密示例"));
    let approver = desk.sign_in("审批示例");
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    let (seen, _) = desk.office.all_waiting(&approver.person.id).unwrap();
    people_change(&mut desk, REVIEWER, |anew| anew.suspended = true);
    review(&mut desk, Selection::All, &other).whole().unwrap();
    let approval = approve(&mut desk, Selection::Seen(&seen), &approver);
    assert!(matches!(approval.refused[..], [(_, OfficeError::AnotherDraft(_))]), "{approval:?}");
    let draft = Some(&seen[0].draft);
    let returned = desk.office.return_submission(&id, draft, "理由", &approver, &desk.world);
    assert!(matches!(returned, Err(OfficeError::AnotherDraft(_))), "{returned:?}");
    let (seen, _) = desk.office.all_waiting(&approver.person.id).unwrap();
    assert_eq!(approve(&mut desk, Selection::Seen(&seen), &approver).published, [id]);
}

#[test]
fn with_a_new_key_the_reviewer_signs_again() {
    let mut desk = desk();
    let id = submitted(&mut desk);
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    let new = passphrase("新的钥匙");
    people_change(&mut desk, REVIEWER, |anew| {
        anew.key = NewKey::Here { passphrase: &new, locking: LOCKING };
    });
    assert_eq!(stale(&desk, &id).as_deref(), Some("violation_not_in_roster"));
    let again = desk.office.sign_in(REVIEWER, &new).unwrap();
    review(&mut desk, Selection::All, &again).whole().unwrap();
    approve(&mut desk, Selection::All, &approver).whole().unwrap();
    clean(&desk);
}

/// What another program did between checking and storing is not overwritten.
#[test]
fn whoever_is_suspended_meanwhile_reviews_no_further_batch() {
    let mut desk = desk();
    let drafter = desk.sign_in("经办示例");
    submit(&mut desk, 1_001, &drafter);
    let reviewer = desk.sign_in(REVIEWER);
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let person = desk.office.person(REVIEWER).unwrap();
    let anew = Anew { suspended: true, ..Anew::of(&person) };
    let proposed = desk.office.propose(Some(&person.id), &anew, &system, &desk.world).unwrap();
    let mut other = Office::open(&desk.path()).unwrap();
    let mut steps = Vec::new();
    let outcome = desk
        .office
        .review(Selection::All, &reviewer, &desk.world, &mut |reviewed, _| {
            other.confirm(&proposed.draft, &security, &desk.host, &desk.world).unwrap();
            steps.push(reviewed);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((outcome.reviewed.len(), steps), (1_000, vec![1_000]));
    assert!(matches!(outcome.failed, Some(OfficeError::Suspended(_))), "{:?}", outcome.failed);
    // And what was reviewed before waits again.
    let counts = desk.office.counts().unwrap();
    assert_eq!((counts.to_review, counts.waiting), (1_001, 0));
}

#[test]
fn hundreds_are_reviewed_and_approved_at_once_and_can_be_stopped_between_batches() {
    let mut desk = desk();
    let drafter = desk.sign_in("经办示例");
    let ids = submit(&mut desk, 1_200, &drafter);
    let (reviewer, approver) = (desk.sign_in(REVIEWER), desk.sign_in("审批示例"));
    let stop = &mut |_, _| ControlFlow::Break(());
    let first = desk.office.review(Selection::All, &reviewer, &desk.world, stop).unwrap();
    assert_eq!(first.reviewed, ids[..1_000]);
    let counts = desk.office.counts().unwrap();
    assert_eq!((counts.to_review, counts.waiting), (200, 1_000));
    let rest = review(&mut desk, Selection::All, &reviewer).whole().unwrap();
    assert_eq!(rest.reviewed, ids[1_000..]);
    assert_eq!(approve(&mut desk, Selection::All, &approver).whole().unwrap().published, ids);
    let published = Filter { state: Some(State::Published), limit: 1, ..Filter::default() };
    assert_eq!(desk.office.list(&published).unwrap().total, 1_200);
    clean(&desk);
}
