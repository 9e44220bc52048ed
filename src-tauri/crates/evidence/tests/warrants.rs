//! Files in which one of the admins was appointed by the register.

#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail a test")]

mod ledger_fixture;

use ledger_fixture::realm::REALM;
use ledger_fixture::{Office, check, failures, found, id, key};
use yinxin_evidence::report::Report;
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_ledger::policy::Policy;
use yinxin_record::act::{Act, Appointment, Membership, Warrant};
use yinxin_record::key::{SecretKey, Signer as _};
use yinxin_record::roster::{Member, Role};

struct Realm {
    register: Office,
    office: Office,
    admitted: u64,
}

impl Realm {
    fn new() -> Self {
        let (mut register, mut office) = (Office::register("register"), Office::administered(REALM, "true"));
        office.register = Some(register.log_key());
        let admitted = register.admit_office(&office);
        Self { register, office, admitted }
    }

    fn policy(&self) -> Policy {
        self.register.realm_policy(Vec::new())
    }

    /// 新安 is appointed and takes the warrant; with her key one of the people gets
    /// another key and approves a record. The file of it.
    fn file(&mut self, spoil: impl FnOnce(&mut Spoilt<'_>)) -> Evidence {
        let appointment = self.office.appointment("new", Role::SecurityAdmin);
        let warrant = self.register.appoint(&self.office, appointment.clone());
        let signer = key("true new");
        let mut spoilt =
            Spoilt { register: &mut self.register, office: &mut self.office, appointment, warrant, signer };
        spoil(&mut spoilt);
        let Spoilt { appointment, warrant, signer, .. } = spoilt;
        let entry = self.office.warranted(&appointment, &warrant, &signer);
        let member = appointment.member.member.clone();
        let position = self.office.force(entry);
        let leaf = self.office.leaves[usize::try_from(position).unwrap()];
        self.office.roster.add(appointment.person, member.clone()).unwrap();
        let state = yinxin_record::rules::MemberState { version: 1, leaf, suspended: false, member };
        self.office.members.insert(appointment.person, state);
        self.approved_by_a_new_key()
    }

    fn approved_by_a_new_key(&mut self) -> Evidence {
        let office = &mut self.office;
        let new = key("li's second");
        let mut act = None;
        office.change("li", |membership| {
            membership.member.key = new.public_key();
            act = Some(membership.clone());
        });
        let li = office.persons["li"].id;
        let entry = office.signed(&Act::Member(act.unwrap()), li, "sys", "new");
        office.append(entry);
        office.persons.get_mut("li").unwrap().key = new;
        let record = office.publish("a", "v1");
        office.file_in(record, &self.register, self.admitted)
    }
}

/// What goes into the office's ledger.
struct Spoilt<'a> {
    register: &'a mut Office,
    office: &'a mut Office,
    appointment: Appointment,
    warrant: Warrant,
    signer: SecretKey,
}

fn judged(realm: &Realm, file: &Evidence) -> Report {
    check(file, &realm.policy())
}

/// The file is altered, and this is why.
fn refused(spoil: impl FnOnce(&mut Spoilt<'_>)) {
    let mut realm = Realm::new();
    let file = realm.file(spoil);
    let report = judged(&realm, &file);
    assert_eq!(report.verdict, Verdict::Altered);
    assert!(!found(&report, "admission", "finding_member_appointed"));
    assert_eq!(failures(&report), ["admission finding_member_violates"]);
}

#[test]
fn an_appointed_admin_signs_what_admins_sign() {
    let mut realm = Realm::new();
    let file = realm.file(|_| {});
    let report = judged(&realm, &file);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "admission", "finding_member_appointed"));
    assert!(!found(&report, "admission", "finding_member_lent"));
}

#[test]
fn the_rules_let_it_into_the_ledger() {
    let mut realm = Realm::new();
    let appointment = realm.office.appointment("new", Role::Auditor);
    let warrant = realm.register.appoint(&realm.office, appointment.clone());
    let entry = realm.office.warranted(&appointment, &warrant, &key("true new"));
    realm.office.append(entry);
    assert!(realm.office.roster.get(&appointment.person).is_some());
}

#[test]
fn who_lends_is_told() {
    let mut realm = Realm::new();
    let lender = "11420100MB1A00022H";
    let file = realm.file(|spoilt| {
        spoilt.appointment.lender = Some(lender.to_owned());
        let act = Act::Appoint(Box::new(spoilt.appointment.clone()));
        // Whether the lender is in the realm, only the register's rules tell.
        let entry = spoilt.register.signed(&act, id(&spoilt.office.name), "sys", "sec");
        let position = spoilt.register.force(entry);
        spoilt.warrant = spoilt.register.warrant(position);
    });
    let report = judged(&realm, &file);
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(found(&report, "admission", "finding_member_lent"));
}

#[test]
fn without_the_register_nobody_vouches_for_a_warrant() {
    let mut realm = Realm::new();
    let file = realm.file(|_| {});
    let own_log = Evidence { admission: None, ..file.clone() };
    let report = check(&own_log, &realm.office.policy(2));
    assert_eq!(report.verdict, Verdict::Undetermined, "{:?}", failures(&report));
    assert!(found(&report, "admission", "finding_warrant_unproved"));
    // The verifier's own copy of the ledger has judged it.
    let report = verify(&own_log.to_bytes(), None, Some(&realm.office));
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
    assert!(!found(&report, "admission", "finding_warrant_unproved"));
}

#[test]
fn a_copy_that_has_not_read_the_act_vouches_for_nothing() {
    let mut realm = Realm::new();
    let file = realm.file(|_| {});
    let file = Evidence { admission: None, ..file };
    let report =
        verify(&file.to_bytes(), Some(&realm.office.policy(2)), Some(&Office::administered(REALM, "true")));
    assert!(found(&report, "admission", "finding_warrant_unproved"));
}

#[test]
fn a_warrant_that_another_register_has_is_none() {
    refused(|spoilt| {
        let mut other = Office::register("another");
        other.admit_office(spoilt.office);
        spoilt.warrant = other.appoint(spoilt.office, spoilt.appointment.clone());
    });
    // Said in the register, and proved by a checkpoint that another key signed.
    refused(|spoilt| {
        let (entry, mut other) = (spoilt.warrant.statement.clone(), Office::register("another"));
        let position = other.force(entry);
        spoilt.warrant.proof = other.warrant(position).proof;
    });
    // Proved of another entry.
    refused(|spoilt| spoilt.warrant.proof = spoilt.register.warrant(0).proof);
}

#[test]
fn a_warrant_says_who_what_and_where() {
    refused(|spoilt| {
        let mut said = spoilt.appointment.clone();
        said.member.member.roles = [Role::Auditor].into();
        say(spoilt, said, "sys", "sec");
    });
    refused(|spoilt| spoilt.appointment.member.digests.clear());
    refused(|spoilt| {
        let said = Appointment { code: "11420100MB1A00022H".to_owned(), ..spoilt.appointment.clone() };
        say(spoilt, said, "sys", "sec");
    });
    refused(|spoilt| {
        let said = Appointment { person: id("somebody else"), ..spoilt.appointment.clone() };
        say(spoilt, said, "sys", "sec");
    });
    refused(|spoilt| {
        let member = Member::new(key("other").public_key(), [Role::SecurityAdmin].into());
        let member = Membership { member, ..spoilt.appointment.member.clone() };
        say(spoilt, Appointment { member, ..spoilt.appointment.clone() }, "sys", "sec");
    });
    // For other people than those whom the office has.
    refused(|spoilt| {
        let roster = Office::staffed(REALM, "true").roster.digest();
        say(spoilt, Appointment { roster, ..spoilt.appointment.clone() }, "sys", "sec");
    });
    // Asked for when the ledger was longer than it is; and before people changed.
    refused(|spoilt| {
        let size = spoilt.appointment.size + 1;
        say(spoilt, Appointment { size, ..spoilt.appointment.clone() }, "sys", "sec");
    });
    // Another act of the register.
    refused(|spoilt| spoilt.warrant = spoilt.register.warrant(3));
}

fn say(spoilt: &mut Spoilt<'_>, said: Appointment, drafter: &str, approver: &str) {
    let act = Act::Appoint(Box::new(said));
    let entry = spoilt.register.signed(&act, id(&spoilt.office.name), drafter, approver);
    let position = spoilt.register.force(entry);
    spoilt.warrant = spoilt.register.warrant(position);
}

#[test]
fn both_admins_of_the_register_and_the_person_sign() {
    refused(|spoilt| spoilt.signer = key("true li"));
    refused(|spoilt| {
        spoilt.register.admit_late("clerk", &[Role::Auditor]);
        say(spoilt, spoilt.appointment.clone(), "sys", "clerk");
    });
    refused(|spoilt| say(spoilt, spoilt.appointment.clone(), "sec", "sec"));
    // The roster is not the one that the entry names.
    refused(|spoilt| spoilt.warrant.roster = Office::register("another").roster.to_bytes());
    refused(|spoilt| spoilt.warrant.roster = vec![0x80]);
    // Broken signatures, of either layer.
    for back in [1, 100] {
        refused(|spoilt| {
            let at = spoilt.warrant.statement.len() - back;
            spoilt.warrant.statement[at] ^= 1;
            let position = spoilt.register.force(spoilt.warrant.statement.clone());
            spoilt.warrant = spoilt.register.warrant(position);
        });
    }
}

#[test]
fn every_byte_of_a_warrant_counts() {
    let mut realm = Realm::new();
    let appointment = realm.office.appointment("new", Role::SecurityAdmin);
    let warrant = realm.register.appoint(&realm.office, appointment.clone());
    let judge = |warrant: &Warrant| {
        let entry = realm.office.warranted(&appointment, warrant, &key("true new"));
        let statement = yinxin_record::statement::Statement::parse(&entry).unwrap();
        yinxin_record::rules::apply(&realm.office, &statement, yinxin_ledger::tree::leaf_hash(&entry)).is_ok()
    };
    assert!(judge(&warrant));
    for at in 0..warrant.statement.len() {
        let mut changed = warrant.clone();
        changed.statement[at] ^= 1;
        assert!(!judge(&changed), "statement {at}");
    }
    for at in 0..warrant.roster.len() {
        let mut changed = warrant.clone();
        changed.roster[at] ^= 1;
        assert!(!judge(&changed), "roster {at}");
    }
    for (at, character) in warrant.proof.char_indices() {
        let other = if character == 'A' { "B" } else { "A" };
        let mut changed = warrant.clone();
        changed.proof.replace_range(at..at + character.len_utf8(), other);
        assert!(!judge(&changed), "proof {at}");
    }
}

#[test]
fn people_in_the_file_who_changed_since_make_a_warrant_stale() {
    let mut realm = Realm::new();
    let file = realm.file(|spoilt| {
        // 安保, who signs later, gets another post in between; the roster stays.
        spoilt.office.changed("sec", |_| {});
    });
    let mut file = file;
    let sec = realm.office.persons["sec"].id;
    let between = realm.office.members[&sec].leaf;
    let between = realm.office.position(&between);
    assert_eq!(judged(&realm, &file).verdict, Verdict::Genuine);
    realm.office.add(&mut file, between);
    let report = judged(&realm, &file);
    assert!(
        failures(&report).contains(&"admission finding_member_violates".to_owned()),
        "{:?}",
        failures(&report)
    );
}
