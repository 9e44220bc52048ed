//! Records that were erased: what a file says of them, and what it may not.
#![allow(clippy::unwrap_used)]

mod ledger_fixture;

use ledger_fixture::{Office, check, failures, found, id};
use yinxin_evidence::{Verdict, verify};
use yinxin_record::act::{Act, Successor};

fn office() -> (Office, u64) {
    let mut office = Office::staffed("city.example", "true");
    let position = office.publish("a", "v1");
    (office, position)
}

#[test]
fn an_erased_record_is_over() {
    let (mut office, position) = office();
    let erased = office.erase("a");
    let by_entry = office.file_with_later(position, erased);
    let mut by_claim = office.file(position);
    by_claim.status = Some(office.sign_claim(&office.claim("a", 6)));
    for file in [by_entry, by_claim] {
        let report = check(&file, &office.policy(2));
        assert_eq!((report.verdict, failures(&report)), (Verdict::Withdrawn, vec![]));
        assert!(found(&report, "status", "finding_erased"));
    }
    let report = verify(&office.file(position).to_bytes(), Some(&office.policy(2)), Some(&office));
    assert_eq!(report.verdict, Verdict::Withdrawn);
    assert!(found(&report, "ledger", "finding_erased"));
}

#[test]
fn a_withdrawal_may_lie_before_it_unseen() {
    let (mut office, position) = office();
    let withdrawn = office.withdraw("a");
    let erased = office.erase("a");
    let mut file = office.file_with_later(position, erased);
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Withdrawn);
    office.add_signed(&mut file, withdrawn, 7);
    let report = check(&file, &office.policy(2));
    assert_eq!((report.verdict, failures(&report)), (Verdict::Withdrawn, vec![]));
    // A claim from before it is no contradiction.
    let mut claim = office.claim("a", 7);
    claim.state.erased = false;
    claim.state.leaf = office.leaves[usize::try_from(withdrawn).unwrap()];
    claim.base = yinxin_record::statement::Base { size: 6, root: office.root(6) };
    file.status = Some(office.sign_claim(&claim));
    let report = check(&file, &office.policy(2));
    assert_eq!((report.verdict, failures(&report)), (Verdict::Withdrawn, vec![]));
}

#[test]
fn nothing_follows_an_erasure() {
    for again in [true, false] {
        let (mut office, position) = office();
        let erased = office.erase("a");
        let of = Successor { version: 1, previous: office.leaves[usize::try_from(erased).unwrap()] };
        let digests = Vec::new();
        let act = if again { Act::Erase { of, digests } } else { Act::Withdraw { of, digests } };
        let entry = office.signed(&act, id("a"), "zhang", "li");
        let later = office.force(entry);
        let mut file = office.file_with_later(position, erased);
        office.add_signed(&mut file, later, 7);
        let report = check(&file, &office.policy(2));
        assert_eq!(failures(&report), ["status finding_later_violates"]);
    }
}

#[test]
fn an_erasure_of_another_version_does_not_count() {
    let (mut office, position) = office();
    office.amend("a", "v2");
    let of = Successor { version: 1, previous: office.leaves[usize::try_from(position).unwrap()] };
    let entry = office.signed(&Act::Erase { of, digests: Vec::new() }, id("a"), "zhang", "li");
    let later = office.force(entry);
    let mut file = office.file_with_later(position, 5);
    office.add_signed(&mut file, later, 7);
    assert_eq!(failures(&check(&file, &office.policy(2))), ["status finding_later_violates"]);
}
