//! Every bit of a file, and every length of it: no change makes a verdict
//! stronger or shows other values.

mod ledger_fixture;

use ledger_fixture::Office;
use rayon::prelude::*;
use yinxin_evidence::report::Report;
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_ledger::policy::Policy;

/// Flips every bit and gives what `judge` finds wrong, by bit.
fn flip_each(file: &Evidence, policy: &Policy, wrong: impl Fn(&Report) -> bool + Sync) -> Vec<usize> {
    let bytes = file.to_bytes();
    let is_wrong = |bit: &usize| {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        wrong(&verify(&changed, Some(policy), None))
    };
    (0..bytes.len() * 8).into_par_iter().filter(is_wrong).collect()
}

#[test]
fn no_flipped_bit_leaves_a_file_genuine_with_other_values() {
    let office = Office::busy("city.example", "true");
    // A cosignature of somebody whom the policy does not know may change:
    // nothing rests on it.
    let mut file = office.file_at(4, 19, &["witness-one", "witness-two", "stranger"]);
    file.status = Some(office.sign_claim(&office.claim("a", 19)));
    let policy = office.policy(2);
    let honest = verify(&file.to_bytes(), Some(&policy), None);
    assert_eq!(honest.verdict, Verdict::Genuine);
    let wrong = |report: &Report| report.verdict == Verdict::Genuine && report.proved != honest.proved;
    assert_eq!(flip_each(&file, &policy, wrong), Vec::<usize>::new());
}

#[test]
fn no_flipped_bit_leaves_a_file_genuine_at_all_when_every_signature_counts() {
    let office = Office::staffed("city.example", "true");
    let mut office = office;
    let position = office.publish("a", "v1");
    let file = office.file(position);
    let policy = office.policy(2);
    assert_eq!(verify(&file.to_bytes(), Some(&policy), None).verdict, Verdict::Genuine);
    let wrong = |report: &Report| report.verdict < Verdict::Undetermined;
    assert_eq!(flip_each(&file, &policy, wrong), Vec::<usize>::new());
}

#[test]
fn no_flipped_bit_makes_a_superseded_file_genuine() {
    let office = Office::busy("city.example", "true");
    let mut file = office.file_with_later(5, office.position(&office.records[&ledger_fixture::id("b")].leaf));
    file.status = Some(office.sign_claim(&office.claim("b", 19)));
    let policy = office.policy(2);
    assert_eq!(verify(&file.to_bytes(), Some(&policy), None).verdict, Verdict::Superseded);
    let wrong = |report: &Report| report.verdict < Verdict::Superseded;
    assert_eq!(flip_each(&file, &policy, wrong), Vec::<usize>::new());
}

#[test]
fn no_beginning_of_a_file_is_anything() {
    let office = Office::busy("city.example", "true");
    let (bytes, policy) = (office.file(4).to_bytes(), office.policy(2));
    let stronger = |len: &usize| {
        let report = verify(&bytes[..*len], Some(&policy), None);
        report.verdict < Verdict::Undetermined || report.proved.is_some()
    };
    let wrong: Vec<usize> = (0..bytes.len()).into_par_iter().filter(stronger).collect();
    assert_eq!(wrong, Vec::<usize>::new());
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(verify(&longer, Some(&policy), None).verdict, Verdict::Altered);
}
