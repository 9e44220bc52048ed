//! Every bit of a file, and every length of it: no change makes a verdict
//! stronger or shows other values.

#![allow(clippy::unwrap_used, reason = "what tests share may fail a test")]

mod ledger_fixture;

use ledger_fixture::Office;
use rayon::prelude::*;
use yinxin_evidence::report::Report;
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_ledger::policy::Policy;

/// Flips every bit from byte `from` to before byte `to` and gives those after
/// which `wrong` says yes.
fn flip_each(
    bytes: &[u8],
    range: std::ops::Range<usize>,
    policy: &Policy,
    wrong: impl Fn(&Report) -> bool + Sync,
) -> Vec<usize> {
    let is_wrong = |bit: &usize| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        wrong(&verify(&changed, Some(policy), None))
    };
    (range.start * 8..range.end * 8).into_par_iter().filter(is_wrong).collect()
}

#[test]
fn no_flipped_bit_leaves_a_file_genuine() {
    let mut office = Office::staffed("city.example", "true");
    let position = office.publish("a", "v1");
    let mut file = office.file(position);
    file.status = Some(office.sign_claim(&office.claim("a", 5)));
    let (bytes, policy) = (file.to_bytes(), office.policy(2));
    assert_eq!(verify(&bytes, Some(&policy), None).verdict, Verdict::Genuine);
    let wrong = |report: &Report| report.verdict < Verdict::Undetermined;
    assert_eq!(flip_each(&bytes, 0..bytes.len(), &policy, wrong), Vec::<usize>::new());
}

/// The office's part of the file is flipped above.
#[test]
fn no_flipped_bit_of_an_admission_leaves_a_file_genuine() {
    let (mut register, mut office) = (Office::register("register"), Office::staffed("city.example", "true"));
    let admitted = register.admit_office(&office);
    let position = office.publish("a", "v1");
    let file = office.file_in(position, &register, admitted);
    let (bytes, policy) = (file.to_bytes(), register.realm_policy(Vec::new()));
    let honest = verify(&bytes, Some(&policy), None);
    assert_eq!(honest.verdict, Verdict::Genuine);
    let bare = Evidence { admission: None, ..file }.to_bytes();
    let start = bytes.windows(9).position(|w| w == b"admission").unwrap() - 1;
    let admission = start..start + bytes.len() - bare.len();
    let wrong = |report: &Report| report.verdict < Verdict::Undetermined && *report != honest;
    assert_eq!(flip_each(&bytes, admission, &policy, wrong), Vec::<usize>::new());
}

#[test]
fn where_a_bit_may_be_flipped_the_same_is_proved() {
    let office = Office::busy("city.example", "true");
    // Nothing rests on the cosignature of somebody whom the policy does not know.
    let file = office.file_at(4, 19, &["witness-one", "witness-two", "stranger"]);
    let (bytes, policy) = (file.to_bytes(), office.policy(2));
    let start = bytes.windows(5).position(|w| w == b"c2sp.").unwrap();
    let proof = start..start + file.proof.len();
    let honest = verify(&bytes, Some(&policy), None);
    let genuine = |report: &Report| report.verdict == Verdict::Genuine;
    assert!(!flip_each(&bytes, proof.clone(), &policy, genuine).is_empty());
    let wrong = |report: &Report| genuine(report) && report.proved != honest.proved;
    assert_eq!(flip_each(&bytes, proof, &policy, wrong), Vec::<usize>::new());
}

/// A small office with a record that was amended, and the file of its first
/// version without witnesses and contents.
fn amended() -> (Office, Evidence, Policy) {
    let mut office = Office::staffed("city.example", "true");
    let position = office.publish("a", "v1");
    office.amend("a", "v2");
    let mut file = office.file_at(position, 6, &[]);
    file.disclosures.clear();
    file.people.clear();
    let policy = Policy::of(1, &[office.log_key()], &[], 0).unwrap();
    (office, file, policy)
}

#[test]
fn no_flipped_bit_makes_a_superseded_file_genuine() {
    let (office, mut file, policy) = amended();
    office.add_signed(&mut file, 5, 6);
    let bytes = file.to_bytes();
    assert_eq!(verify(&bytes, Some(&policy), None).verdict, Verdict::Superseded);
    let wrong = |report: &Report| report.verdict < Verdict::Superseded;
    assert_eq!(flip_each(&bytes, 0..bytes.len(), &policy, wrong), Vec::<usize>::new());
}

#[test]
fn no_flipped_bit_silences_the_owners_claim() {
    let (office, mut file, policy) = amended();
    let status = office.sign_claim(&office.claim("a", 6));
    file.status = Some(status.clone());
    let bytes = file.to_bytes();
    assert_eq!(verify(&bytes, Some(&policy), None).verdict, Verdict::Superseded);
    // From before the key to behind the claim.
    let start = bytes.windows(status.len()).position(|w| w == status).unwrap();
    let wrong = |report: &Report| report.verdict < Verdict::Superseded;
    let claim = start - 10..start + status.len() + 1;
    assert_eq!(flip_each(&bytes, claim, &policy, wrong), Vec::<usize>::new());
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
