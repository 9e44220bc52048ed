//! Files of an office that its register admitted: trusted through the register,
//! with keys that change and offices that are suspended.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod ledger_fixture;

use ledger_fixture::realm::REALM;
use ledger_fixture::{Office, check, failures, found, id, witness_keys};
use yinxin_evidence::report::{Outcome, Report};
use yinxin_evidence::{Admission, Evidence, Verdict, verify};
use yinxin_ledger::note::{KeyKind, VerifierKey};
use yinxin_ledger::policy::{CutOff, Policy};
use yinxin_record::act::{Act, NumberedPolicy};
use yinxin_record::key::{PublicKey, Signer as _};
use yinxin_record::roster::{Role, Roster};
use yinxin_record::rules::View as _;

struct Realm {
    register: Office,
    office: Office,
    /// Where the office's admission stands in the register, and a record in the
    /// office's ledger.
    admitted: u64,
    record: u64,
}

/// An office of five that was admitted and published a record since.
fn realm() -> Realm {
    let (mut register, mut office) = (Office::register("register"), Office::administered(REALM, "true"));
    let admitted = register.admit_office(&office);
    let record = office.publish("a", "v1");
    Realm { register, office, admitted, record }
}

impl Realm {
    fn file(&self) -> Evidence {
        self.office.file_in(self.record, &self.register, self.admitted)
    }

    fn policy(&self) -> Policy {
        self.register.realm_policy(Vec::new())
    }

    fn judged(&self, file: &Evidence) -> Report {
        check(file, &self.policy())
    }

    /// The office gets new keys at its size of now; its old log key, cut off there.
    fn rotate(&mut self) -> CutOff {
        let cut_off = self.cut_off(self.office.host.log);
        self.office.rotate();
        self.admitted = self.register.admit_office(&self.office);
        cut_off
    }

    fn cut_off(&self, key: PublicKey) -> CutOff {
        let (size, origin) = (self.office.size(), self.office.origin.to_string());
        let key = VerifierKey::new(&origin, KeyKind::Ed25519, key).unwrap();
        CutOff { key, size, root: self.office.root(size) }
    }
}

fn codes(report: &Report, outcome: Outcome) -> Vec<&'static str> {
    report.findings.iter().filter(|finding| finding.outcome == outcome).map(|finding| finding.code).collect()
}

#[test]
fn the_register_vouches_for_an_office_and_for_its_people() {
    let realm = realm();
    let report = realm.judged(&realm.file());
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "realm", "finding_realm_holds"));
    assert!(found(&report, "trust", "finding_trusted_by_register"));
    assert!(found(&report, "admission", "finding_people_compared"));
    assert!(!found(&report, "admission", "finding_admitted_by_one_key"));
}

#[test]
fn who_came_after_the_admission_was_not_compared() {
    let mut realm = realm();
    realm.office.admit_late("zhao", &[Role::Approver]);
    let (content, disclosures) = realm.office.content("v1");
    let entry = realm.office.signed(&Act::Publish(content), id("b"), "zhang", "zhao");
    realm.record = realm.office.append(entry);
    realm.office.disclosures.insert(realm.record, disclosures);
    let report = realm.judged(&realm.file());
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "admission", "finding_admitted_by_one_key"));
    // Until the register has compared again.
    realm.admitted = realm.register.admit_office(&realm.office);
    assert!(found(&realm.judged(&realm.file()), "admission", "finding_people_compared"));
}

#[test]
fn without_its_admission_or_without_the_register_nothing_is_decided() {
    let realm = realm();
    let bare = Evidence { admission: None, ..realm.file() };
    let report = realm.judged(&bare);
    assert_eq!(report.verdict, Verdict::Undetermined);
    let undecided = ["finding_admission_absent", "finding_witnesses_unknown"];
    assert_eq!(codes(&report, Outcome::Undecided), undecided);
    let report = verify(&realm.file().to_bytes(), None, None);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "admission", "finding_admitted_by_one_key"));
    let stranger = Policy::of(1, &[Office::found("other.example", "other").log_key()], &[], 0).unwrap();
    let report = check(&realm.file(), &stranger);
    assert_eq!(codes(&report, Outcome::Undecided), ["finding_log_unknown", "finding_witnesses_unknown"]);
}

#[test]
fn a_policy_may_name_the_office_itself() {
    let realm = realm();
    let report = check(&realm.file(), &realm.office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "admission", "finding_admitted_by_one_key"));
}

/// Anybody can make a register that certifies the true log key beside a receipt key
/// of one's own, and sign status claims with that.
#[test]
fn a_register_that_nobody_knows_certifies_nothing() {
    let realm = realm();
    let mut forger = Office::register("forger");
    let mut standing = forger.standing(&realm.office, 6);
    standing.keys.receipt = forger.secret("own receipt").public_key();
    let admitted = forger.say(&realm.office, standing);
    let mut file = realm.office.file_in(realm.record, &forger, admitted);
    let claim = realm.office.claim("a", realm.office.size());
    file.status = Some(claim.make(&forger.secret("own receipt")).unwrap());
    file.receipt = yinxin_ledger::receipt::make(
        &realm.office.root(realm.office.size()),
        &realm.office.origin.to_string(),
        &forger.secret("own receipt"),
    )
    .unwrap();
    let broken = ["receipt finding_receipt_broken", "status finding_status_broken"];
    let report = check(&file, &realm.office.policy(2));
    assert_eq!(failures(&report), broken);
    assert!(!found(&report, "realm", "finding_realm_holds"));
    assert!(found(&report, "realm", "finding_realm_unproved"));
    let known = verify(&file.to_bytes(), None, Some(&realm.office));
    assert_eq!(failures(&known), broken);
}

#[test]
fn where_the_policy_names_the_register_nothing_else_vouches() {
    let mut realm = realm();
    let mut standing = realm.register.standing(&realm.office, realm.office.size());
    standing.suspended = true;
    realm.admitted = realm.register.say(&realm.office, standing);
    realm.record = realm.office.publish("late", "v1");
    let keys = [realm.register.log_key(), realm.office.log_key()];
    let both = Policy::of(1, &keys, &[], 0).unwrap();
    let file = realm.file();
    assert_eq!(check(&file, &both).verdict, Verdict::Undetermined);
    let stripped = Evidence { admission: None, ..file };
    assert_eq!(check(&stripped, &both).verdict, Verdict::Undetermined);
}

#[test]
fn a_register_of_another_key_vouches_for_nobody() {
    let realm = realm();
    let mut other = Office::register("other register");
    let admitted = other.admit_office(&realm.office);
    let report = realm.judged(&realm.office.file_in(realm.record, &other, admitted));
    assert_eq!(failures(&report), ["trust finding_register_unsigned"]);
    assert_eq!(report.verdict, Verdict::Altered);
    assert!(found(&report, "admission", "finding_admitted_by_one_key"));
}

/// Spoils a good admission and says what fails then.
#[track_caller]
fn spoilt(spoil: impl FnOnce(&mut Admission, &Realm)) -> Vec<String> {
    let realm = realm();
    let mut file = realm.file();
    spoil(file.admission.as_mut().unwrap(), &realm);
    let report = realm.judged(&file);
    assert_eq!(report.verdict, Verdict::Altered);
    failures(&report)
}

#[test]
fn every_part_of_an_admission_is_checked() {
    let roster = |a: &mut Admission, _: &Realm| a.roster = Roster::default().to_bytes();
    let broken = "realm finding_realm_signature_broken";
    assert_eq!(
        spoilt(roster),
        ["realm finding_realm_roster_differs", "realm finding_realm_violates", broken, broken]
    );
    let founding = |a: &mut Admission, _: &Realm| a.founding = Roster::default().to_bytes();
    assert_eq!(spoilt(founding), ["realm finding_realm_roster_differs"]);
    let none = |a: &mut Admission, _: &Realm| a.consistency.clear();
    assert_eq!(spoilt(none), ["realm finding_realm_other_history"]);
    let elsewhere = |a: &mut Admission, realm: &Realm| {
        a.proof = realm.register.proof(1, realm.register.size(), &[]).to_text();
    };
    assert_eq!(spoilt(elsewhere), ["realm finding_realm_not_included"]);
    let empty = |a: &mut Admission, _: &Realm| a.statement.clear();
    assert_eq!(spoilt(empty), ["format finding_part_unreadable"]);
    let note = |a: &mut Admission, _: &Realm| a.proof.clear();
    assert_eq!(spoilt(note), ["format finding_part_unreadable"]);
}

/// What the register says instead, if the two admins sign it.
#[track_caller]
fn said_instead(act: impl FnOnce(&mut Realm) -> Vec<u8>) -> Vec<String> {
    let mut realm = realm();
    let entry = act(&mut realm);
    let position = realm.register.force(entry.clone());
    let proof = realm.register.proof(position, realm.register.size(), &[]).to_text();
    let roster = realm.register.rosters[usize::try_from(position).unwrap()].to_bytes();
    let mut file = realm.file();
    let admission = file.admission.take().unwrap();
    file.admission = Some(Admission { statement: entry, proof, roster, ..admission });
    let report = realm.judged(&file);
    assert_eq!(report.verdict, Verdict::Altered);
    failures(&report)
}

#[test]
fn an_admission_of_another_office_is_none() {
    let other = Office::administered(REALM, "other");
    let foreign = |realm: &mut Realm| {
        let mut standing = realm.register.standing(&other, 3);
        standing.keys = realm.office.host.clone();
        realm.register.signed(&Act::Office(Box::new(standing)), id("other"), "sys", "sec")
    };
    assert_eq!(
        said_instead(foreign),
        [
            "realm finding_realm_other_office",
            "realm finding_realm_other_history",
            "realm finding_realm_roster_differs"
        ]
    );
    let policy = |realm: &mut Realm| {
        let policy = NumberedPolicy { number: 1, text: "x".to_owned() };
        realm.register.signed(&Act::Policy(policy), id("policy"), "sys", "sec")
    };
    assert_eq!(said_instead(policy), ["format finding_statement_other_act"]);
}

#[test]
fn both_admins_sign_an_admission() {
    let one = |realm: &mut Realm| {
        let standing = realm.register.standing(&realm.office, 6);
        realm.register.signed(&Act::Office(Box::new(standing)), id("true"), "sys", "sys")
    };
    assert_eq!(said_instead(one), ["realm finding_realm_violates"]);
    let founder = |realm: &mut Realm| {
        let standing = realm.register.standing(&realm.office, 6);
        realm.register.alone(&Act::Office(Box::new(standing)), id("true"))
    };
    let failed = said_instead(founder);
    assert_eq!(failed, ["realm finding_realm_violates", "realm finding_realm_signature_broken"]);
}

#[test]
fn a_register_of_another_realm_is_none() {
    let realm = realm();
    let mut elsewhere = Office::found_as("other.example/register", "other.example", "elsewhere");
    elsewhere.admit("sys", &[Role::SystemAdmin]);
    elsewhere.admit("sec", &[Role::SecurityAdmin]);
    let admitted = elsewhere.admit_office(&realm.office);
    let file = realm.office.file_in(realm.record, &elsewhere, admitted);
    let other = "realm finding_realm_other_register";
    assert_eq!(failures(&check(&file, &elsewhere.realm_policy(Vec::new()))), [other, other]);
}

#[test]
fn what_a_retired_key_signed_counts_before_its_cut_off_where_it_is_proved() {
    let mut realm = realm();
    let (older, at_cut_off) = {
        let older = realm.file();
        realm.office.publish("b", "v1");
        (older, realm.file())
    };
    let cut_off = realm.rotate();
    let policy = realm.register.realm_policy(vec![cut_off]);
    // Made anew, with the new keys.
    let anew = check(&realm.file(), &policy);
    assert_eq!(anew.verdict, Verdict::Genuine, "{:?}", failures(&anew));
    // Its checkpoint is the cut-off.
    let report = check(&at_cut_off, &policy);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "trust", "finding_within_cut_off"));
    // Whoever has the old key could have made this yesterday or today.
    let report = check(&older, &policy);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert_eq!(codes(&report, Outcome::Undecided), ["finding_cut_off_unproved"]);
    // A copy of the ledger tells.
    let report = verify(&older.to_bytes(), Some(&policy), Some(&realm.office));
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
}

#[test]
fn what_a_retired_key_signs_beyond_its_cut_off_does_not_count() {
    let mut realm = realm();
    let mut thief = Office::administered(REALM, "true");
    let stolen = thief.publish("a", "v1");
    assert_eq!(thief.root(thief.size()), realm.office.root(realm.office.size()));
    let cut_off = realm.rotate();
    let policy = realm.register.realm_policy(vec![cut_off]);
    // One entry more.
    let forged = thief.publish("forged", "v1");
    let before = realm.admitted - 1;
    let file = thief.file_in(forged, &realm.register, before);
    let report = check(&file, &policy);
    assert_eq!(report.verdict, Verdict::Undetermined, "{:?}", failures(&report));
    assert_eq!(codes(&report, Outcome::Undecided), ["finding_beyond_cut_off"]);
    // The old record, under a checkpoint beyond: not shown to be of one ledger.
    let report = check(&thief.file_in(stolen, &realm.register, before), &policy);
    assert_eq!(codes(&report, Outcome::Undecided), ["finding_cut_off_unproved"]);
    // Under the newer admission the old key is nobody's.
    let report = check(&thief.file_in(forged, &realm.register, realm.admitted), &policy);
    assert_eq!(report.verdict, Verdict::Altered);
    // Without the newer policy nobody can know.
    assert_eq!(realm.judged(&file).verdict, Verdict::Genuine);
}

#[test]
fn another_history_before_the_cut_off_is_altered() {
    let mut realm = realm();
    let mut thief = Office::administered(REALM, "true");
    let forged = thief.publish("forged", "v1");
    let cut_off = realm.rotate();
    assert_eq!(thief.size(), cut_off.size);
    let policy = realm.register.realm_policy(vec![cut_off]);
    let file = thief.file_in(forged, &realm.register, realm.admitted - 1);
    let report = check(&file, &policy);
    assert_eq!(failures(&report), ["trust finding_cut_off_contradicts"]);
}

#[test]
fn a_suspended_office_counts_up_to_its_cut_off() {
    let mut realm = realm();
    let before = realm.file();
    let mut standing = realm.register.standing(&realm.office, realm.office.size());
    standing.suspended = true;
    standing.successors = vec!["11330100002490001B".to_owned()];
    let cut_off = realm.cut_off(realm.office.host.log);
    realm.admitted = realm.register.say(&realm.office, standing);
    let policy = realm.register.realm_policy(vec![cut_off]);
    assert_eq!(check(&before, &policy).verdict, Verdict::Genuine);
    let late = realm.office.publish("late", "v1");
    // With the newer admission, the record before is proved to lie before.
    let report = check(&realm.file(), &policy);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "realm", "finding_realm_suspended"));
    assert!(found(&report, "realm", "finding_realm_succeeded"));
    realm.record = late;
    let beyond = ["finding_beyond_cut_off", "finding_beyond_cut_off"];
    assert_eq!(codes(&check(&realm.file(), &policy), Outcome::Undecided), beyond);
    // Even for whoever has only the older policy.
    assert_eq!(codes(&realm.judged(&realm.file()), Outcome::Undecided), [beyond[0]]);
}

#[test]
fn own_copies_know_the_keys_that_an_office_had() {
    let mut realm = realm();
    let old = realm.file();
    realm.office.rotate();
    let known = |file: &Evidence, office: &Office| verify(&file.to_bytes(), None, Some(office));
    let report = known(&old, &realm.office);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    // A history that the copy has not seen, signed with the old key.
    let mut thief = Office::administered(REALM, "true");
    thief.publish("a", "v1");
    let forged = thief.publish("forged", "v1");
    let report = known(&thief.file(forged), &realm.office);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "trust", "finding_log_key_retired"));
    // A key that the office never had.
    let other = Office::administered(REALM, "other");
    assert!(failures(&known(&other.file(0), &realm.office)).len() > 1);
}

/// The realm's policy asks for this many of two witnesses.
fn witnessed(realm: &Realm, need: usize, of_register: &[&str], of_office: &[&str]) -> Report {
    let policy = Policy::of(1, &[realm.register.log_key()], &witness_keys(), need).unwrap();
    let (office, size) = (&realm.office, realm.office.size());
    let admission = realm.register.witnessed_admission(realm.admitted, office, size, of_register);
    let file = Evidence { admission: Some(admission), ..office.file_at(realm.record, size, of_office) };
    check(&file, &policy)
}

#[test]
fn the_registers_checkpoint_needs_witnesses_like_the_offices() {
    let (realm, both) = (realm(), ["witness-one", "witness-two"]);
    let report = witnessed(&realm, 2, &both, &both);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "witnesses", "finding_register_quorum_met"));
    for (of_register, of_office, code) in [
        (&both[..1], &both[..], "finding_register_quorum_below"),
        (&[], &both[..], "finding_register_quorum_below"),
        (&both[..], &both[..1], "finding_quorum_below"),
    ] {
        let report = witnessed(&realm, 2, of_register, of_office);
        assert_eq!(report.verdict, Verdict::Undetermined);
        assert_eq!(codes(&report, Outcome::Undecided), [code]);
    }
    assert_eq!(witnessed(&realm, 1, &both[1..], &both[..1]).verdict, Verdict::Genuine);
}

#[test]
fn a_cosignature_on_the_registers_checkpoint_that_does_not_hold_fails() {
    let realm = realm();
    let policy = Policy::of(1, &[realm.register.log_key()], &witness_keys(), 1).unwrap();
    let (office, size) = (&realm.office, realm.office.size());
    let both = ["witness-one", "witness-two"];
    let mut admission = realm.register.witnessed_admission(realm.admitted, office, size, &both);
    // The cosignature of another checkpoint, of the office's.
    let other = office.proof(realm.record, size, &both).to_text();
    let line = |proof: &str| proof.lines().find(|line| line.contains("witness-one")).unwrap().to_owned();
    admission.proof = admission.proof.replace(&line(&admission.proof), &line(&other));
    let file = Evidence { admission: Some(admission), ..office.file_at(realm.record, size, &both) };
    let report = check(&file, &policy);
    assert_eq!(failures(&report), ["witnesses finding_cosignature_broken"]);
}
