//! Files that somebody put together wrongly on purpose: parts of two honest
//! files exchanged, layers used for what they were not signed for, entries that
//! break the rules, claims that say too much.

mod ledger_fixture;

use ledger_fixture::{Office, check, failures, found, id, key, sorted, template};
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_ledger::receipt;
use yinxin_record::Digest;
use yinxin_record::act::{Act, Membership, Successor};
use yinxin_record::cbor::{self, Value};
use yinxin_record::cose::Sign1;
use yinxin_record::disclosure::{Disclosure, sorted_digests};
use yinxin_record::key::Signer as _;
use yinxin_record::roster::{Member, Role};
use yinxin_record::statement::{self, Statement};

fn office() -> Office {
    Office::busy("city.example", "true")
}

/// The file is altered, and says so by at least this finding.
fn assert_altered(file: &Evidence, office: &Office, failure: &str) {
    let report = check(file, &office.policy(2));
    assert_eq!(report.verdict, Verdict::Altered, "{failure}");
    assert!(failures(&report).iter().any(|f| f == failure), "{failure} not in {:?}", failures(&report));
    assert!(report.proved.is_none());
}

#[test]
fn parts_of_two_files_do_not_mix() {
    let office = office();
    let (a, b) = (office.file(4), office.file(7));
    let earlier = office.file_at(4, 12, &["witness-one", "witness-two"]);
    let other = Office::busy("city.example", "other").file(4);
    let mixed = |change: fn(&mut Evidence, Evidence), from: &Evidence| {
        let mut file = a.clone();
        change(&mut file, from.clone());
        file
    };
    type Change = fn(&mut Evidence, Evidence);
    let changes: [(&Evidence, Change, &str); 13] = [
        (&b, |file, from| file.statement = from.statement, "inclusion finding_not_included"),
        (&b, |file, from| file.disclosures = from.disclosures, "disclosures finding_disclosure_not_in_act"),
        (&b, |file, from| file.proof = from.proof, "inclusion finding_not_included"),
        (&earlier, |file, from| file.proof = from.proof, "inclusion finding_not_included"),
        (&earlier, |file, from| file.entries = from.entries, "inclusion finding_not_included"),
        (&earlier, |file, from| file.receipt = from.receipt, "receipt finding_receipt_broken"),
        (&other, |file, from| file.statement = from.statement, "inclusion finding_not_included"),
        (&other, |file, from| file.roster = from.roster, "roster finding_roster_differs"),
        (&other, |file, from| file.proof = from.proof, "checkpoint finding_checkpoint_broken"),
        (&other, |file, from| file.entries = from.entries, "genesis finding_log_key_differs"),
        (&other, |file, from| file.people = from.people, "admission finding_person_of_nobody"),
        (&other, |file, from| file.receipt = from.receipt, "receipt finding_receipt_broken"),
        (
            &other,
            |file, from| file.disclosures = from.disclosures,
            "disclosures finding_disclosure_not_in_act",
        ),
    ];
    for (from, change, failure) in changes {
        assert_altered(&mixed(change, from), &office, failure);
    }
    let mut everything_but_the_proof = other.clone();
    everything_but_the_proof.proof = a.proof.clone();
    assert_altered(&everything_but_the_proof, &office, "inclusion finding_not_included");
}

#[test]
fn disclosures_are_of_this_act_and_one_a_field() {
    let mut office = office();
    let stranger = Disclosure { salt: [9; 16], value: Value::Int(41), key: "seats".to_owned() };
    let mut file = office.file(4);
    file.disclosures = sorted([&stranger].into_iter());
    assert_altered(&file, &office, "disclosures finding_disclosure_not_in_act");

    // The act itself commits to one field twice, and to another field never.
    let position = office.force_act("t", |content, disclosures| {
        disclosures[1].key = "seats".to_owned();
        content.digests = sorted_digests(disclosures.iter());
    });
    assert_altered(&office.file(position), &office, "disclosures finding_disclosure_twice");

    // … to something that is no field, and to an open one.
    for key in ["nonsense", "code"] {
        let position = office.force_act(key, |content, disclosures| {
            disclosures[1].key = key.to_owned();
            content.digests = sorted_digests(disclosures.iter());
        });
        assert_altered(&office.file(position), &office, "disclosures finding_disclosure_no_field");
    }
}

#[test]
fn the_same_disclosure_twice_or_unsorted_cannot_be_read() {
    let office = office();
    for change in
        [|list: &mut Vec<Vec<u8>>| list.push(list[2].clone()), |list: &mut Vec<Vec<u8>>| list.swap(0, 1)]
    {
        let mut file = office.file(4);
        change(&mut file.disclosures);
        assert_altered(&file, &office, "format finding_file_unreadable");
        let mut file = office.file(4);
        change(&mut file.people);
        assert_altered(&file, &office, "format finding_file_unreadable");
    }
}

#[test]
fn the_act_has_the_fields_of_its_template() {
    let mut office = office();
    type Change = fn(&mut yinxin_record::act::Content);
    let changes: [(&str, &str, Change); 6] = [
        ("fields finding_open_fields_differ", "f1", |c| c.open.clear()),
        ("fields finding_open_fields_differ", "f2", |c| drop(c.open.insert("seats".into(), Value::Int(1)))),
        ("fields finding_digests_count", "f3", |c| c.digests.truncate(2)),
        ("fields finding_digests_count", "f4", |c| {
            c.digests.push(Digest([0xff; 32]));
        }),
        ("template finding_template_name", "f5", |c| c.kind = "other".into()),
        ("template finding_template_differs", "f6", |c| c.template = Digest([1; 32])),
    ];
    for (failure, record, change) in changes {
        let position = office.force_act(record, |content, _| change(content));
        assert_altered(&office.file(position), &office, failure);
    }
}

#[test]
fn another_template_cannot_relabel_the_values() {
    let office = office();
    let mut other = template();
    other.fields[0].label.en = "Income".to_owned();
    let file = Evidence { template: other.to_cbor(), ..office.file(4) };
    assert_altered(&file, &office, "template finding_template_differs");
}

#[test]
fn a_layer_does_not_pass_for_another() {
    let mut office = office();
    let (content, _) = office.content("x");
    let (act, sub) = (Act::Publish(content), id("x"));
    let drafter = office.persons["zhang"].key.clone();
    let draft = statement::sign_draft(&act, office.claims(sub), &drafter).unwrap();
    // A draft alone is no statement.
    let unread = |entry: Vec<u8>, office: &Office| {
        let file = Evidence { statement: entry, ..office.file(4) };
        assert_altered(&file, office, "format finding_part_unreadable");
    };
    unread(draft.clone(), &office);
    // A signature of one layer under the header of another.
    let complete = Statement::parse(&office.entries[4]).unwrap();
    let approval = Sign1::parse(complete.bytes(), 1 << 16).unwrap();
    let inner = Sign1::parse(&complete.layers[0].bytes, 1 << 16).unwrap();
    unread(Sign1 { protected: inner.protected.clone(), ..approval.clone() }.to_bytes(), &office);
    unread(Sign1 { payload: inner.payload.clone(), ..approval.clone() }.to_bytes(), &office);
    let swapped = Sign1 { signature: inner.signature, ..approval };
    let file = Evidence { statement: swapped.to_bytes(), ..office.file(4) };
    assert_altered(&file, &office, "signatures finding_signature_broken");
    // Two drafts on each other.
    unread(statement::sign_review(draft, office.claims(sub), &drafter).unwrap(), &office);
}

#[test]
fn people_sign_what_their_roles_allow() {
    let mut office = office();
    office.disclosures.clear();
    let mut publish = |drafter: &str, approver: &str| {
        let (content, _) = office.content("x");
        let entry = office.signed(&Act::Publish(content), id("x"), drafter, approver);
        office.force(entry)
    };
    let (swapped, same) = (publish("li", "zhang"), publish("wang", "wang"));
    for position in [swapped, same] {
        assert_altered(&office.file(position), &office, "signers finding_signers_violate");
    }
    // One person alone.
    let (content, _) = office.content("x");
    let approver = &office.persons["li"].key;
    let entry =
        statement::sign_alone(&Act::Publish(content), office.claims(id("x")), office.anchor(), approver)
            .unwrap();
    let alone = office.force(entry);
    assert_altered(&office.file(alone), &office, "signers finding_signers_violate");
    // The founding key, which is nobody.
    let (content, _) = office.content("x");
    let entry = office.alone(&Act::Publish(content), id("x"));
    let founder = office.force(entry);
    assert_altered(&office.file(founder), &office, "signers finding_signers_violate");
    assert_altered(&office.file(founder), &office, "signatures finding_signature_broken");
}

#[test]
fn a_person_holding_both_roles_does_not_sign_twice() {
    let mut office = Office::staffed("city.example", "true");
    office.admit("both", &[Role::Drafter, Role::Approver]);
    let (content, disclosures) = office.content("x");
    let entry = office.signed(&Act::Publish(content), id("x"), "both", "both");
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(failures(&report), ["signers finding_signers_violate"]);
}

#[test]
fn the_anchor_is_true_as_far_as_can_be_seen() {
    let mut office = office();
    let (content, _) = office.content("x");
    let act = Act::Publish(content);
    let draft = statement::sign_draft(&act, office.claims(id("x")), &office.persons["zhang"].key).unwrap();
    let honest = office.anchor();
    let mut append = |change: fn(&mut statement::Anchor)| {
        let mut anchor = honest;
        change(&mut anchor);
        let approver = &office.persons["li"].key;
        let entry = statement::sign_approval(draft.clone(), office.claims(id("x")), anchor, approver);
        office.force(entry.unwrap())
    };
    let cases = [
        (append(|anchor| anchor.rules = 1), "signers finding_signers_violate"),
        (append(|anchor| anchor.roster = Digest([7; 32])), "roster finding_roster_differs"),
        (append(|anchor| anchor.base.size = 1_000), "inclusion finding_base_impossible"),
        (append(|anchor| anchor.base.size = 0), "inclusion finding_base_impossible"),
    ];
    for (position, failure) in cases {
        assert_altered(&office.file(position), &office, failure);
    }
}

#[test]
fn the_statement_is_a_version_of_a_record() {
    let office = office();
    for (position, word) in [(0, "genesis"), (1, "member"), (13, "withdraw")] {
        let report = check(&office.file(position), &office.policy(2));
        assert_eq!(report.verdict, Verdict::Altered, "{word}");
        assert!(found(&report, "format", "finding_statement_other_act"), "{word}");
    }
}

#[test]
fn the_genesis_is_there_and_whole() {
    let office = office();
    let mut file = office.file(4);
    file.entries.remove(0);
    assert_altered(&file, &office, "genesis finding_genesis_missing");
    // Something else in its place.
    let mut file = office.file(4);
    file.entries[0].entry = file.entries[1].entry.clone();
    assert_altered(&file, &office, "genesis finding_genesis_broken");
    assert_altered(&file, &office, "inclusion finding_not_included");
    // Twice.
    let mut file = office.file(4);
    let mut again = file.entries[0].clone();
    again.position = 18;
    file.entries.push(again);
    assert_altered(&file, &office, "genesis finding_genesis_misplaced");
}

#[test]
fn a_genesis_signed_by_another_key_or_for_another_office_is_broken() {
    let mut forged = Office::found("city.example", "true");
    let act = Act::Genesis(Box::new(forged.genesis.clone()));
    let mut anchor = forged.anchor();
    anchor.base.size = 0;
    anchor.base.root = yinxin_ledger::tree::empty_root();
    let entry = statement::sign_alone(&act, forged.claims(id("office")), anchor, &key("nobody")).unwrap();
    forged.entries[0] = entry.clone();
    forged.leaves[0] = yinxin_ledger::tree::leaf_hash(&entry);
    for (name, role) in [("zhang", Role::Drafter), ("li", Role::Approver)] {
        forged.admit(name, &[role]);
    }
    let position = forged.publish("a", "v1");
    assert_altered(&forged.file(position), &forged, "genesis finding_genesis_broken");

    let mut moved = Office::staffed("city.example", "true");
    moved.origin = yinxin_record::origin::Origin::new("town.example", ledger_fixture::CODE).unwrap();
    let (content, disclosures) = moved.content("x");
    let entry = moved.signed(&Act::Publish(content), id("x"), "zhang", "li");
    let position = moved.force(entry);
    moved.disclosures.insert(position, disclosures);
    assert_altered(&moved.file(position), &moved, "genesis finding_genesis_origin");
    assert_altered(&moved.file(position), &moved, "checkpoint finding_other_ledger");
}

#[test]
fn signers_were_admitted_before_they_signed() {
    let mut office = Office::staffed("city.example", "true");
    let mut file = office.file_at(3, 4, &[]);
    assert_eq!(file.entries.len(), 1);
    let position = office.publish("a", "v1");
    file = office.file(position);
    file.entries.remove(1);
    assert_altered(&file, &office, "admission finding_member_missing");

    // The drafter's member act comes after the statement.
    let mut office = Office::staffed("city.example", "true");
    let (_, person) = office.member("late", &[Role::Drafter]);
    let listed = Member::new(person.key.public_key(), [Role::Drafter].into());
    office.roster.add(person.id, listed).unwrap();
    office.persons.insert("late", person);
    let (content, disclosures) = office.content("x");
    let entry = office.signed(&Act::Publish(content), id("x"), "late", "li");
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    let (entry, person) = office.member("late", &[Role::Drafter]);
    office.persons.insert("late", person);
    office.force(entry);
    let report = check(&office.file(position), &office.policy(2));
    let late = ["admission finding_member_late", "admission finding_member_violates"];
    assert_eq!(failures(&report), late);
}

#[test]
fn member_acts_say_what_the_roster_says_and_are_the_founders() {
    // The roster gives a role that the member act does not.
    let mut office = Office::staffed("city.example", "true");
    office.admit("extra", &[Role::Drafter]);
    let mut roster = yinxin_record::roster::Roster::default();
    for (id, member) in office.roster.iter() {
        let mut member = member.clone();
        if *id == office.persons["extra"].id {
            member.roles.insert(Role::Approver);
        }
        roster.add(*id, member).unwrap();
    }
    office.roster = roster;
    let (content, disclosures) = office.content("x");
    let entry = office.signed(&Act::Publish(content), id("x"), "zhang", "extra");
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(failures(&report), ["admission finding_member_differs"]);

    // Somebody who is not the founder admits a friend.
    let mut office = Office::staffed("city.example", "true");
    let friend = key("friend");
    let member = Member::new(friend.public_key(), [Role::Approver].into());
    let membership = Membership {
        member: member.clone(),
        suspended: false,
        digests: Vec::new(),
        follows: None,
        warrant: None,
    };
    let act = Act::Member(membership);
    let zhang = &office.persons["zhang"].key;
    let entry = statement::sign_alone(&act, office.claims(id("friend")), office.anchor(), zhang).unwrap();
    office.roster.add(id("friend"), member).unwrap();
    let admitted = office.force(entry);
    let person =
        ledger_fixture::Person { id: id("friend"), key: friend, position: admitted, people: Vec::new() };
    office.persons.insert("friend", person);
    let (content, disclosures) = office.content("x");
    let entry = office.signed(&Act::Publish(content), id("x"), "zhang", "friend");
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(failures(&report), ["admission finding_member_violates"]);
}

#[test]
fn names_belong_to_the_signers() {
    let office = office();
    let wang = office.persons["wang"].people.iter();
    let mut file = office.file(4);
    file.people = sorted(wang.chain(office.persons["li"].people.iter()));
    assert_altered(&file, &office, "admission finding_person_of_nobody");
    let invented = Disclosure { salt: [1; 16], value: Value::text("mayor"), key: "name".to_owned() };
    let mut file = office.file(4);
    file.people = sorted([&invented].into_iter());
    assert_altered(&file, &office, "admission finding_person_of_nobody");
}

#[test]
fn entries_of_other_records_have_no_business_there() {
    let office = office();
    assert_altered(&office.file_with_later(4, 5), &office, "format finding_entry_unexpected");
}

#[test]
fn later_entries_are_later_and_in_order() {
    let office = office();
    let withdrawal = office.position(&office.records[&id("c")].leaf);
    // An earlier version beside a later one.
    let mut file = office.file(withdrawal - 2);
    file.entries.push(office.supporting(6, 19));
    file.entries.sort_by_key(|entry| entry.position);
    assert_altered(&file, &office, "status finding_later_not_later");
    // At a position where it is not.
    let mut file = office.file_with_later(6, withdrawal);
    file.entries.last_mut().unwrap().position = 18;
    assert_altered(&file, &office, "inclusion finding_not_included");

    type Make = fn(&mut Office) -> Act;
    let cases: [(Make, &str); 5] = [
        // A second publication of the same record.
        (|o| Act::Publish(o.content("x").0), "a"),
        // An amendment of something else.
        (|o| Act::Amend(o.content("x").0, Successor { version: 2, previous: Digest([3; 32]) }), "a"),
        // A version that is not later.
        (|o| Act::Amend(o.content("x").0, Successor { version: 2, previous: o.leaves[5] }), "b"),
        // A withdrawal of an older version.
        (|o| Act::Withdraw { of: Successor { version: 1, previous: o.leaves[5] }, digests: vec![] }, "b"),
        // After the withdrawal.
        (|o| Act::Amend(o.content("x").0, o.successor("c", 1)), "c"),
    ];
    for (make, record) in cases {
        let mut office = self::office();
        let act = make(&mut office);
        let entry = office.signed(&act, id(record), "zhang", "li");
        let later = office.force(entry);
        let current = match record {
            "c" => withdrawal - 2,
            _ => office.position(&office.records[&id(record)].leaf),
        };
        let mut file = office.file_with_later(current, later);
        if record == "c" {
            let size = office.leaves.len() as u64;
            file.entries.insert(file.entries.len() - 1, office.supporting(withdrawal, size));
        }
        assert_altered(&file, &office, "status finding_later_violates");
    }
}

#[test]
fn later_entries_are_signed_by_people_of_the_roster() {
    let mut office = office();
    let act = Act::Withdraw { of: office.successor("a", 0), digests: Vec::new() };
    let entry = office.signed(&act, id("a"), "li", "zhang");
    let later = office.force(entry);
    assert_altered(&office.file_with_later(4, later), &office, "status finding_later_violates");

    // A true layer with another's signature, in the tree all the same.
    let mut office = self::office();
    let act = Act::Withdraw { of: office.successor("a", 0), digests: Vec::new() };
    let mut entry = Sign1::parse(&office.signed(&act, id("a"), "zhang", "li"), 1 << 16).unwrap();
    entry.signature[0] ^= 1;
    let later = office.force(entry.to_bytes());
    assert_altered(&office.file_with_later(4, later), &office, "status finding_later_signature_broken");

    // Another roster than the statement's.
    let mut office = self::office();
    let statement_file = |office: &Office, later| office.file_with_later(4, later);
    let roster = office.roster.clone();
    office.admit_late("late", &[Role::Approver]);
    let act = Act::Withdraw { of: office.successor("a", 0), digests: Vec::new() };
    let entry = office.signed(&act, id("a"), "zhang", "late");
    let later = office.force(entry);
    office.roster = roster;
    assert_altered(&statement_file(&office, later), &office, "admission finding_member_violates");
}

#[test]
fn a_claim_may_not_say_too_much() {
    let office = office();
    let file = |change: &dyn Fn(&mut yinxin_evidence::StatusClaim)| {
        let mut claim = office.claim("a", 19);
        change(&mut claim);
        Evidence { status: Some(office.sign_claim(&claim)), ..office.file(4) }
    };
    type Change<'a> = &'a dyn Fn(&mut yinxin_evidence::StatusClaim);
    let cases: [(Change<'_>, &str); 9] = [
        (&|c| c.origin = "other.example/x".to_owned(), "status finding_status_other_ledger"),
        (&|c| c.record = id("b"), "status finding_status_other_record"),
        (&|c| c.base.root = Digest([1; 32]), "status finding_status_other_root"),
        // It knows no ledger in which the statement is.
        (&|c| c.base.size = 4, "status finding_status_too_old"),
        (&|c| c.base.size = 0, "status finding_status_too_old"),
        // Another entry made this version.
        (&|c| c.state.leaf = Digest([1; 32]), "status finding_status_contradicts"),
        // This entry made another version, or is the withdrawal itself.
        (&|c| c.state.version = 2, "status finding_status_contradicts"),
        (&|c| c.state.withdrawn = true, "status finding_status_contradicts"),
        (&|c| c.base.size = i64::MAX as u64 - 1, ""),
    ];
    for (change, failure) in cases {
        if failure.is_empty() {
            assert_eq!(check(&file(change), &office.policy(2)).verdict, Verdict::Genuine);
        } else {
            assert_altered(&file(change), &office, failure);
        }
    }
    let stranger = office.claim("a", 19).make(&key("stranger")).unwrap();
    let file = Evidence { status: Some(stranger), ..office.file(4) };
    assert_altered(&file, &office, "status finding_status_broken");
    // The log key is not the receipt key.
    let wrong_key = office.claim("a", 19).make(&office.secret("log")).unwrap();
    let file = Evidence { status: Some(wrong_key), ..office.file(4) };
    assert_altered(&file, &office, "status finding_status_broken");
}

#[test]
fn a_claim_does_not_deny_what_the_file_shows() {
    let office = office();
    let amended = office.position(&office.records[&id("b")].leaf);
    let with_claim = |change: &dyn Fn(&mut yinxin_evidence::StatusClaim)| {
        let mut claim = office.claim("b", 19);
        change(&mut claim);
        Evidence { status: Some(office.sign_claim(&claim)), ..office.file_with_later(5, amended) }
    };
    // Still at version 1, though the amendment lies within its size.
    let denies = with_claim(&|c| (c.state.version, c.state.leaf) = (1, office.leaves[5]));
    assert_altered(&denies, &office, "status finding_status_contradicts");
    // At version 2 before the amendment, as of its own size.
    let early = with_claim(&|c| (c.base.size, c.base.root) = (amended, office.root(amended)));
    assert_altered(&early, &office, "status finding_status_contradicts");
    // Withdrawn before it was amended.
    let withdrawn = with_claim(&|c| {
        (c.base.size, c.base.root) = (amended, office.root(amended));
        (c.state.version, c.state.leaf, c.state.withdrawn) = (1, Digest([4; 32]), true);
    });
    assert_altered(&withdrawn, &office, "status finding_status_contradicts");
}

#[test]
fn the_receipt_is_of_this_root_ledger_and_key() {
    let office = office();
    let origin = office.origin.to_string();
    for bytes in [
        receipt::make(&office.root(18), &origin, &office.secret("receipt")).unwrap(),
        receipt::make(&office.root(19), "city.example/x", &office.secret("receipt")).unwrap(),
        receipt::make(&office.root(19), &origin, &office.secret("log")).unwrap(),
    ] {
        assert_altered(
            &Evidence { receipt: bytes, ..office.file(4) },
            &office,
            "receipt finding_receipt_broken",
        );
    }
    let complete = receipt::with_proof(&office.file(4).receipt, 19, 4, &office.path(4, 19)).unwrap();
    assert_altered(
        &Evidence { receipt: complete, ..office.file(4) },
        &office,
        "format finding_part_unreadable",
    );
}

#[test]
fn a_named_witness_signed_this_checkpoint() {
    let office = office();
    let proof = office.file(4).proof;
    let other = office.proof(4, 18, &["witness-one", "witness-two"]).to_text();
    let line = |text: &str| text.lines().find(|l| l.starts_with("— witness-one")).unwrap().to_owned();
    let file = Evidence { proof: proof.replace(&line(&proof), &line(&other)), ..office.file(4) };
    assert_altered(&file, &office, "witnesses finding_cosignature_broken");
    // Twice is once too often.
    let twice = Evidence { proof: format!("{proof}{}\n", line(&proof)), ..office.file(4) };
    assert_altered(&twice, &office, "witnesses finding_cosignature_broken");
}

#[test]
fn the_log_signed_the_checkpoint() {
    let office = office();
    let proof = office.file(4).proof;
    let log = proof.lines().find(|l| l.starts_with("— city")).unwrap();
    let unsigned = Evidence { proof: proof.replace(&format!("{log}\n"), ""), ..office.file(4) };
    assert_altered(&unsigned, &office, "checkpoint finding_checkpoint_broken");
}

#[test]
fn every_other_check_is_made_after_one_has_failed() {
    let office = office();
    let mut file = office.file(4);
    file.template = vec![0xff];
    file.receipt = Vec::new();
    file.disclosures = vec![vec![0x80]];
    let report = check(&file, &office.policy(2));
    assert_eq!(report.verdict, Verdict::Altered);
    // Made only where there is something to look at.
    let made = |name: &&&str| !matches!(**name, "realm" | "ledger");
    for name in yinxin_evidence::report::check_names().iter().filter(made) {
        assert!(report.findings.iter().any(|f| f.check == *name), "{name}");
    }
    assert_eq!(failures(&report).iter().filter(|f| f.starts_with("format")).count(), 3);
    for name in ["template", "fields", "disclosures", "receipt"] {
        assert!(found(&report, name, "finding_not_checked"), "{name}");
    }
    for name in ["inclusion", "genesis", "signatures", "witnesses", "status"] {
        assert!(!found(&report, name, "finding_not_checked"), "{name}");
    }
}

/// Every item of the outer map, and of each part that is CBOR, is changed in
/// its meaning and encoded again as it should be.
#[test]
fn no_change_of_meaning_leaves_it_genuine() {
    let office = office();
    let mut file = office.file(4);
    file.status = Some(office.sign_claim(&office.claim("a", 19)));
    let policy = office.policy(2);
    let honest = verify(&file.to_bytes(), Some(&policy), None);
    assert_eq!(honest.verdict, Verdict::Genuine);
    let whole = cbor::decode(&file.to_bytes(), 1 << 20).unwrap();
    let mut count = 0;
    for changed in changes(&whole) {
        let report = verify(&cbor::encode(&changed), Some(&policy), None);
        if report.verdict < Verdict::Undetermined {
            // Leaving out a chosen disclosure, a name, or the claim is allowed.
            assert!(is_part_left_out(&whole, &changed), "{changed:?}");
        }
        count += 1;
    }
    assert!(count > 500, "{count}");
}

/// Whether `changed` is `whole` without one disclosure, person or the claim.
fn is_part_left_out(whole: &Value, changed: &Value) -> bool {
    let (Value::Map(whole), Value::Map(changed)) = (whole, changed) else { return false };
    if changed.len() + 1 == whole.len() {
        let left = |(key, _): &&(Value, Value)| !changed.iter().any(|(k, _)| k == key);
        return whole.iter().find(left).is_some_and(|(key, _)| key.as_text() == Some("status"));
    }
    let differs = |(key, value): &&(Value, Value)| !changed.contains(&((*key).clone(), (*value).clone()));
    let keys: Vec<&str> = whole.iter().filter(differs).filter_map(|(key, _)| key.as_text()).collect();
    let shorter = |key: &str| {
        let len = |map: &[(Value, Value)]| {
            map.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, v)| v.as_array().map(<[Value]>::len))
        };
        len(changed) < len(whole)
    };
    matches!(keys.as_slice(), ["disclosures" | "people"] if shorter(keys[0]))
}

/// `value` with one thing in it changed, each way that comes to mind; byte
/// strings that hold CBOR are opened.
fn changes(value: &Value) -> Vec<Value> {
    let mut all = vec![Value::Null];
    match value {
        Value::Int(n) => all.extend([n.wrapping_add(1), n.wrapping_sub(1), !n, 0].map(Value::Int)),
        Value::Bool(b) => all.push(Value::Bool(!b)),
        Value::Null => all.push(Value::Int(0)),
        Value::Text(text) => {
            all.extend([Value::text(format!("{text}x")), Value::text(""), Value::bytes(text.as_bytes())]);
        }
        Value::Bytes(bytes) => {
            let mut zeroed = bytes.clone();
            zeroed.iter_mut().for_each(|byte| *byte = 0);
            all.extend([
                Value::Bytes(zeroed),
                Value::Bytes(Vec::new()),
                Value::Bytes([&bytes[..], &[0]].concat()),
            ]);
            // Short strings are values that happen to be CBOR.
            if let Some(inner) = cbor::decode(bytes, 1 << 20).ok().filter(|_| bytes.len() > 32) {
                all.extend(changes(&inner).iter().map(|inner| Value::Bytes(cbor::encode(inner))));
            }
        }
        Value::Tag(tag, inner) => {
            all.push(Value::Tag(tag + 1, inner.clone()));
            all.extend(changes(inner).into_iter().map(|inner| Value::Tag(*tag, Box::new(inner))));
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                let with = |new: &[Value]| Value::Array([&items[..i], new, &items[i + 1..]].concat());
                all.extend([with(&[]), with(&[item.clone(), item.clone()])]);
                all.extend(changes(item).into_iter().map(|new| with(&[new])));
            }
            if items.len() > 1 {
                all.push(Value::Array(items.iter().rev().cloned().collect()));
            }
        }
        Value::Map(entries) => {
            for (i, (key, item)) in entries.iter().enumerate() {
                let with =
                    |new: &[(Value, Value)]| Value::Map([&entries[..i], new, &entries[i + 1..]].concat());
                all.push(with(&[]));
                all.push(with(&[(key.clone(), item.clone()), (Value::text("another"), Value::Null)]));
                all.extend(changes(item).into_iter().map(|new| with(&[(key.clone(), new)])));
            }
        }
    }
    all.retain(|changed| changed != value);
    all
}
