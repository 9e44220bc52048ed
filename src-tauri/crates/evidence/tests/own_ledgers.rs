//! Verifying beside own copies of the ledgers.

mod ledger_fixture;

use ledger_fixture::{Office, failures, found, id};
use yinxin_evidence::report::{AsOf, Known, Report};
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_record::Digest;

fn with(file: &Evidence, known: &Office) -> Report {
    verify(&file.to_bytes(), None, Some(known))
}

#[test]
fn own_ledgers_are_enough_without_policy_and_witnesses() {
    let office = Office::busy("city.example", "true");
    let report = with(&office.file_at(4, 19, &[]), &office);
    assert_eq!((report.verdict, failures(&report)), (Verdict::Genuine, vec![]));
    assert!(found(&report, "ledger", "finding_ledger_agrees"));
    let as_of = AsOf { size: 19, time: None, by: Known::Ledger };
    assert_eq!(report.proved.unwrap().as_of, as_of);
}

#[test]
fn the_policy_still_wants_its_witnesses() {
    let office = Office::busy("city.example", "true");
    let bytes = office.file_at(4, 19, &[]).to_bytes();
    let report = verify(&bytes, Some(&office.policy(1)), Some(&office));
    assert_eq!(report.verdict, Verdict::Undetermined);
}

#[test]
fn own_ledgers_know_what_came_later() {
    let mut office = Office::busy("city.example", "true");
    let file = office.file_at(4, 19, &[]);
    office.amend("a", "v2");
    let report = with(&file, &office);
    assert_eq!((report.verdict, failures(&report)), (Verdict::Superseded, vec![]));
    assert!(found(&report, "ledger", "finding_superseded"));
    office.withdraw("a");
    assert_eq!(with(&file, &office).verdict, Verdict::Withdrawn);
}

#[test]
fn a_longer_checkpoint_than_the_copy_is_noted() {
    let (short, mut office) = (Office::busy("city.example", "true"), Office::busy("city.example", "true"));
    let position = office.publish("z", "v1");
    let report = with(&office.file(position), &short);
    assert_eq!((report.verdict, failures(&report)), (Verdict::Genuine, vec![]));
    assert!(found(&report, "ledger", "finding_ledger_behind"));
    let as_of = report.proved.unwrap().as_of;
    assert_eq!((as_of.size, as_of.by), (20, Known::Checkpoint));
    let finding = report.findings.iter().find(|f| f.code == "finding_ledger_behind").unwrap();
    assert_eq!(finding.args, [("have", "19".to_owned()), ("need", "20".to_owned())]);
}

#[test]
fn another_history_is_a_contradiction() {
    let truth = Office::busy("city.example", "true");
    let mut fork = Office::staffed("city.example", "true");
    for record in ["a", "x", "y", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"] {
        fork.publish(record, "v1");
    }
    assert_eq!(fork.leaves.len(), truth.leaves.len());
    let report = with(&fork.file(4), &truth);
    assert_eq!(failures(&report), ["ledger finding_ledger_contradicts"]);
    let report = with(&fork.file(6), &truth);
    assert!(failures(&report).contains(&"ledger finding_ledger_no_effect".to_owned()));
    assert!(failures(&report).contains(&"ledger finding_ledger_other_base".to_owned()));
    // A claim about another history, though the checkpoint is true.
    let mut claim = truth.claim("a", 12);
    claim.base.root = Digest([1; 32]);
    let file = Evidence { status: Some(truth.sign_claim(&claim)), ..truth.file(4) };
    assert_eq!(failures(&with(&file, &truth)), ["ledger finding_ledger_contradicts"]);
}

#[test]
fn what_has_no_effect_in_the_copy_is_no_evidence() {
    let mut office = Office::busy("city.example", "true");
    // Published twice; the copy gives the second no effect.
    let position = office.force_act("a", |_, _| {});
    let report = with(&office.file(position), &office);
    assert_eq!(failures(&report), ["ledger finding_ledger_no_effect"]);
    let position = office.force_act("unknown", |_, _| {});
    let report = with(&office.file(position), &office);
    assert_eq!(failures(&report), ["ledger finding_ledger_no_effect"]);
}

#[test]
fn another_log_key_than_the_copys_is_altered() {
    let (truth, forger) = (Office::busy("city.example", "true"), Office::busy("city.example", "forger"));
    let report = verify(&forger.file(4).to_bytes(), Some(&forger.policy(2)), Some(&truth));
    assert_eq!(report.verdict, Verdict::Altered);
    assert!(failures(&report).contains(&"genesis finding_log_key_differs".to_owned()));
    assert!(failures(&report).contains(&"ledger finding_ledger_contradicts".to_owned()));
}

#[test]
fn a_ledger_that_is_not_held_leaves_it_to_the_policy() {
    let (own, other) = (Office::busy("own.example", "own"), Office::busy("city.example", "true"));
    let bytes = other.file(4).to_bytes();
    let report = verify(&bytes, Some(&other.policy(2)), Some(&own));
    assert_eq!(report.verdict, Verdict::Genuine);
    assert!(found(&report, "ledger", "finding_ledger_not_held"));
    assert_eq!(verify(&bytes, None, Some(&own)).verdict, Verdict::Undetermined);
}

#[test]
fn a_copy_of_the_end_before_the_statement_says_nothing_of_the_record() {
    let mut office = Office::busy("city.example", "true");
    let short = Office::busy("city.example", "true");
    let position = office.amend("a", "v2");
    let mut file = office.file(position);
    file.status = Some(office.sign_claim(&office.claim("a", 20)));
    assert_eq!(with(&file, &short).verdict, Verdict::Genuine);
    assert_eq!(short.records[&id("a")].version, 1);
}
