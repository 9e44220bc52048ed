//! Honest files and what is said of them.

mod ledger_fixture;

use ledger_fixture::{Office, check, failures, found, id};
use yinxin_evidence::report::{AsOf, Kept, Known, Proved, Shown};
use yinxin_evidence::{Evidence, Outcome, Verdict, finding_codes, verify};
use yinxin_ledger::policy::Policy;
use yinxin_record::cbor::Value;
use yinxin_record::disclosure::Disclosure;
use yinxin_record::rules::RecordState;

fn office() -> Office {
    Office::busy("city.example", "true")
}

fn at(office: &Office, record: &str) -> u64 {
    office.position(&office.records[&id(record)].leaf)
}

#[test]
fn genuine_and_every_check_passed() {
    let office = office();
    let report = check(&office.file(at(&office, "a")), &office.policy(2));
    assert_eq!((report.verdict, failures(&report)), (Verdict::Genuine, vec![]));
    let names: Vec<&str> = yinxin_evidence::report::check_names().to_vec();
    // Made only where there is something to look at.
    for name in names.iter().filter(|name| !matches!(**name, "realm" | "ledger")) {
        let passed = |f: &&yinxin_evidence::Finding| f.check == *name && f.outcome == Outcome::Passed;
        assert!(report.findings.iter().any(|f| passed(&f)), "{name}");
    }
    assert!(report.findings.iter().all(|f| finding_codes().contains(&f.code)));
    assert!(found(&report, "admission", "finding_admitted_by_one_key"));
    assert!(found(&report, "status", "finding_later_unknown"));
}

#[test]
fn proved_says_what_was_published() {
    let office = office();
    let position = at(&office, "a");
    let proved = check(&office.file(position), &office.policy(2)).proved.unwrap();
    let Proved { origin, office: name, version, values, withheld, signers, witnesses, .. } = &proved;
    assert_eq!((origin.as_str(), name.as_str(), *version), ("city.example/11330100002490000A", "测试局", 1));
    let shown: Vec<_> = values.iter().map(|v| (v.key.as_str(), v.kept, v.value.clone())).collect();
    let text = |text: &str| Shown::Text(text.to_owned());
    let expected = vec![
        ("code", Kept::Open, text("v1")),
        ("seats", Kept::Disclosed, Shown::Int("40".to_owned())),
        ("owner", Kept::Disclosed, text("owner v1")),
        ("secrecy_review", Kept::Disclosed, text("passed")),
    ];
    assert_eq!((shown, *withheld), (expected, 0));
    let people: Vec<_> = signers.iter().map(|s| (s.purpose, s.name.as_deref(), s.post.as_deref())).collect();
    let expected =
        [("draft", Some("zhang"), Some("post of zhang")), ("approve", Some("li"), Some("post of li"))];
    assert_eq!(people, expected);
    assert_eq!((proved.position, proved.size), (position, 19));
    assert_eq!(proved.leaf, office.leaves[4].to_string());
    assert_eq!(witnesses.len(), 2);
    let as_of = AsOf { size: 19, time: Some(office.clock), by: Known::Checkpoint };
    assert_eq!(proved.as_of, as_of);
}

#[test]
fn what_is_withheld_is_counted_and_not_shown() {
    let office = office();
    let mut file = office.file(at(&office, "a"));
    let keep = |bytes: &Vec<u8>| Disclosure::parse(bytes).unwrap().key == "seats";
    file.disclosures.retain(keep);
    file.people.clear();
    let report = check(&file, &office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine);
    assert!(found(&report, "admission", "finding_name_withheld"));
    let proved = report.proved.unwrap();
    assert_eq!((proved.values.len(), proved.withheld, proved.signers[0].name.clone()), (2, 2, None));
}

#[test]
fn a_reviewed_record_shows_three_signers() {
    let mut office = office();
    let position = office.publish_reviewed("r");
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine);
    let purposes: Vec<_> = report.proved.unwrap().signers.iter().map(|s| s.purpose).collect();
    assert_eq!(purposes, ["draft", "review", "approve"]);
}

#[test]
fn an_amended_version_is_genuine_itself() {
    let office = office();
    let report = check(&office.file(at(&office, "b")), &office.policy(2));
    assert_eq!((report.verdict, report.proved.unwrap().version), (Verdict::Genuine, 2));
}

#[test]
fn superseded_by_a_later_entry() {
    let office = office();
    let report = check(&office.file_with_later(5, at(&office, "b")), &office.policy(2));
    assert_eq!((report.verdict, failures(&report)), (Verdict::Superseded, vec![]));
    assert!(report.proved.is_some());
}

#[test]
fn superseded_by_the_owners_claim() {
    let office = office();
    let mut file = office.file(5);
    file.status = Some(office.sign_claim(&office.claim("b", 19)));
    let report = check(&file, &office.policy(2));
    assert_eq!((report.verdict, failures(&report)), (Verdict::Superseded, vec![]));
    let as_of = AsOf { size: 19, time: Some(office.clock), by: Known::Claim };
    assert_eq!(report.proved.unwrap().as_of, as_of);
}

#[test]
fn a_claim_older_than_the_amendment_leaves_it_to_the_entry() {
    let office = office();
    let mut file = office.file_with_later(5, at(&office, "b"));
    let mut claim = office.claim("b", 9);
    claim.state = RecordState { version: 1, leaf: office.leaves[5], withdrawn: false, erased: false };
    file.status = Some(office.sign_claim(&claim));
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Superseded);
}

#[test]
fn a_claim_beyond_the_checkpoint_weakens_and_never_strengthens() {
    let mut office = office();
    office.amend("a", "v2");
    let mut file = office.file_at(4, 19, &["witness-one", "witness-two"]);
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Genuine);
    file.status = Some(office.sign_claim(&office.claim("a", 20)));
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Superseded);
    assert_eq!(verify(&file.to_bytes(), None, None).verdict, Verdict::Undetermined);
}

#[test]
fn a_claim_that_nothing_changed_leaves_it_genuine() {
    let office = office();
    let mut file = office.file(4);
    file.status = Some(office.sign_claim(&office.claim("a", 19)));
    let report = check(&file, &office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine);
    assert!(found(&report, "status", "finding_status_holds"));
}

#[test]
fn withdrawn_by_entry_and_by_claim() {
    let office = office();
    let withdrawal = at(&office, "c");
    for position in [6, withdrawal - 2] {
        let report = check(&office.file_with_later(position, withdrawal), &office.policy(2));
        assert_eq!((report.verdict, failures(&report)), (Verdict::Withdrawn, vec![]), "{position}");
    }
    let mut file = office.file(6);
    file.status = Some(office.sign_claim(&office.claim("c", 19)));
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Withdrawn);
    let mut both = office.file(6);
    office.add_signed(&mut both, withdrawal - 2, 19);
    office.add_signed(&mut both, withdrawal, 19);
    assert_eq!(check(&both, &office.policy(2)).verdict, Verdict::Withdrawn);
}

#[test]
fn undetermined_without_policy_but_proved_for_what_it_is() {
    let office = office();
    let report = verify(&office.file(4).to_bytes(), None, None);
    assert_eq!((report.verdict, failures(&report)), (Verdict::Undetermined, vec![]));
    assert!(found(&report, "trust", "finding_no_policy"));
    assert!(report.proved.is_some());
    let superseded = office.file_with_later(5, at(&office, "b"));
    assert_eq!(verify(&superseded.to_bytes(), None, None).verdict, Verdict::Undetermined);
}

#[test]
fn quorum_decides() {
    let office = office();
    let file = |witnesses: &[&str]| office.file_at(4, 19, witnesses);
    let verdict = |witnesses: &[&str], need| check(&file(witnesses), &office.policy(need)).verdict;
    assert_eq!(verdict(&[], 1), Verdict::Undetermined);
    assert_eq!(verdict(&["witness-one"], 1), Verdict::Genuine);
    assert_eq!(verdict(&["witness-one"], 2), Verdict::Undetermined);
    assert_eq!(verdict(&["witness-one", "witness-two"], 2), Verdict::Genuine);
    assert_eq!(verdict(&["somebody", "witness-two"], 2), Verdict::Undetermined);
    assert_eq!(verdict(&["somebody", "witness-two"], 1), Verdict::Genuine);
    let below = check(&file(&["witness-one"]), &office.policy(2));
    let finding = below.findings.iter().find(|f| f.code == "finding_quorum_below").unwrap();
    assert_eq!(finding.args, [("have", "1".to_owned()), ("need", "2".to_owned())]);
    let none = Policy::of(1, &[office.log_key()], &[], 0).unwrap();
    assert_eq!(check(&file(&[]), &none).verdict, Verdict::Genuine);
}

#[test]
fn the_owner_is_no_witness_of_its_own_ledger() {
    let office = office();
    let own = office.secret("witness");
    let key = yinxin_ledger::note::VerifierKey::new(
        "owner",
        yinxin_ledger::note::KeyKind::Cosigner,
        yinxin_record::key::Signer::public_key(&own),
    );
    let policy = Policy::of(1, &[office.log_key()], &[key.unwrap()], 1).unwrap();
    let checkpoint = office.checkpoint(19);
    let mut note = checkpoint.sign(&office.secret("log")).unwrap();
    note.add(yinxin_ledger::cosignature::sign(&checkpoint, 1, "owner", &own).unwrap()).unwrap();
    let mut proof = office.proof(4, 19, &[]);
    proof.checkpoint = note.to_string();
    let report = check(&Evidence { proof: proof.to_text(), ..office.file(4) }, &policy);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "witnesses", "finding_own_witness"));
}

#[test]
fn a_time_after_the_witness_saw_it_is_noted() {
    let mut office = office();
    office.clock += 10_000;
    let position = office.publish("z", "v1");
    office.clock -= 10_000;
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine);
    assert!(found(&report, "witnesses", "finding_signed_after_witnessed"));
}

#[test]
fn another_realm_is_undetermined_and_the_same_origin_with_other_keys_is_altered() {
    let (truth, stranger) = (office(), Office::busy("other.example", "stranger"));
    let policy = truth.policy(2);
    let report = check(&stranger.file(4), &policy);
    assert_eq!((report.verdict, failures(&report)), (Verdict::Undetermined, vec![]));
    assert!(found(&report, "trust", "finding_log_unknown"));
    // Somebody signs everything afresh under the true origin.
    let forger = Office::busy("city.example", "forger");
    let report = check(&forger.file(4), &policy);
    assert_eq!(report.verdict, Verdict::Altered);
    assert_eq!(failures(&report), ["genesis finding_log_key_differs"]);
    assert!(report.proved.is_none());
}

#[test]
fn empty_and_odd_values_are_shown_as_they_are() {
    let mut office = office();
    let position = office.force_act("n", |content, disclosures| {
        disclosures[0].value = Value::Int(i64::MIN);
        disclosures[1].value = Value::Null;
        content.open.insert("code".to_owned(), Value::Bool(false));
        content.digests = yinxin_record::disclosure::sorted_digests(disclosures.iter());
    });
    let report = check(&office.file(position), &office.policy(2));
    let values: Vec<Shown> = report.proved.unwrap().values.into_iter().map(|v| v.value).take(3).collect();
    assert_eq!(values, [Shown::Bool(false), Shown::Int("-9223372036854775808".to_owned()), Shown::Null]);
}
