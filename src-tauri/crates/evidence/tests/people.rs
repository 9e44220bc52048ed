//! Files of an office whose people change: suspended, with new keys, acting for
//! others. What was signed in order stays genuine; what was not is named.
#![allow(clippy::unwrap_used, clippy::panic)]

mod ledger_fixture;

use ledger_fixture::{Office, check, failures, id, key};
use yinxin_evidence::{Evidence, Verdict, verify};
use yinxin_record::Digest;
use yinxin_record::act::{Act, Content, Membership};
use yinxin_record::key::Signer as _;
use yinxin_record::roster::{Acting, Member, Role};
use yinxin_record::statement;

fn office() -> Office {
    Office::administered("city.example", "true")
}

#[track_caller]
fn genuine(file: &Evidence, office: &Office) {
    let report = check(file, &office.policy(2));
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", failures(&report));
}

#[track_caller]
fn altered(file: &Evidence, office: &Office, finding: &str) {
    let report = check(file, &office.policy(2));
    assert!(failures(&report).iter().any(|failure| failure == finding), "{:?}", failures(&report));
    assert_eq!(report.verdict, Verdict::Altered);
}

/// Signs and appends whatever the rules say of it.
fn force(office: &mut Office, record: &str, drafter: &str, approver: &str) -> u64 {
    let (content, disclosures) = office.content("x");
    let entry = office.signed(&Act::Publish(content), id(record), drafter, approver);
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    position
}

#[test]
fn what_was_signed_before_a_suspension_stays_genuine() {
    let mut office = office();
    let before = office.publish("a", "v1");
    let suspended = office.changed("li", |m| m.suspended = true);
    genuine(&office.file(before), &office);
    // Also if the file brings the later act along.
    genuine(&office.file_with_later(before, suspended), &office);
}

#[test]
fn a_suspended_approver_signs_nothing_any_more() {
    let mut office = office();
    let roster = office.roster.clone();
    office.publish("a", "v1");
    let suspended = office.changed("li", |m| m.suspended = true);
    // A host that lets it pass, with the roster of before in the statement.
    office.roster = roster;
    let after = force(&mut office, "b", "zhang", "li");
    altered(&office.file(after), &office, "admission finding_member_suspended");
    // Left out, the file alone cannot tell; who holds the ledger can.
    let mut silent = office.file(after);
    silent.entries.retain(|entry| entry.position != suspended);
    let (zhang, li) = (office.persons["zhang"].position, office.persons["li"].position);
    office.add(&mut silent, li);
    silent.people = ledger_fixture::sorted([zhang, li].iter().flat_map(|said| office.said[said].iter()));
    genuine(&silent, &office);
    let known = verify(&silent.to_bytes(), Some(&office.policy(2)), Some(&office));
    assert_eq!(known.verdict, Verdict::Altered);
    assert!(failures(&known).contains(&"ledger finding_ledger_no_effect".to_owned()), "{known:?}");
}

#[test]
fn a_new_key_signs_and_the_old_one_does_not() {
    let mut office = office();
    let before = office.publish("a", "v1");
    let old = office.persons["li"].key.clone();
    let new = key("li's second");
    office.changed("li", |m| m.member.key = new.public_key());
    office.persons.get_mut("li").unwrap().key = new;
    let after = office.publish("b", "v1");
    genuine(&office.file(before), &office);
    let file = office.file(after);
    genuine(&file, &office);
    // The file explains the key: genesis, drafter, both admins, two acts on the
    // approver are there where they are needed, and the name is of the later one.
    let report = check(&file, &office.policy(2));
    let proved = report.proved.unwrap();
    assert_eq!(proved.signers[1].post.as_deref(), Some("new post of li"));
    office.persons.get_mut("li").unwrap().key = old;
    let forged = force(&mut office, "c", "zhang", "li");
    altered(&office.file(forged), &office, "signatures finding_signature_broken");
}

#[test]
fn admins_who_were_admitted_by_admins() {
    let mut office = office();
    // The two admins replace themselves, one after the other.
    for (name, role) in [("sys", Role::SystemAdmin), ("sec", Role::SecurityAdmin)] {
        let key = key(&format!("{name}'s second"));
        office.changed(name, |m| {
            m.member = Member::new(key.public_key(), [role].into());
        });
        office.persons.get_mut(name).unwrap().key = key;
    }
    let new = key("li's second");
    office.changed("li", |m| m.member.key = new.public_key());
    office.persons.get_mut("li").unwrap().key = new;
    let position = office.publish("a", "v1");
    let file = office.file(position);
    genuine(&file, &office);
    // Without the act of one admin nobody knows whose signature that is.
    for needed in file.entries.iter().map(|entry| entry.position).filter(|position| *position > 0) {
        let mut without = file.clone();
        without.entries.retain(|entry| entry.position != needed);
        let report = check(&without, &office.policy(2));
        assert_eq!(report.verdict, Verdict::Altered, "without {needed}");
    }
}

/// A member act that the rules forbid, in the tree all the same, and a record
/// that it let somebody sign.
#[track_caller]
fn forbidden(make: impl FnOnce(&mut Office) -> Vec<u8>, finding: &str) {
    let mut office = office();
    office.publish("a", "v1");
    let entry = make(&mut office);
    office.force(entry);
    let known = statement::Statement::parse(office.entries.last().unwrap()).unwrap();
    let Act::Member(membership) = known.act else { panic!("a member act") };
    let id = office.persons["li"].id;
    office.roster.remove(&id);
    office.roster.add(id, membership.member).unwrap();
    let position = force(&mut office, "b", "zhang", "li");
    altered(&office.file(position), &office, finding);
}

#[test]
fn forged_admissions_are_named() {
    let violates = "admission finding_member_violates";
    let by = |drafter: &'static str, approver: &'static str| {
        move |office: &mut Office| {
            let new = key("forged");
            let mut act = None;
            office.change("li", |m| {
                m.member.key = new.public_key();
                act = Some(m.clone());
            });
            let sub = office.persons["li"].id;
            office.persons.get_mut("li").unwrap().key = new;
            office.signed(&Act::Member(act.unwrap()), sub, drafter, approver)
        }
    };
    // One admin and a drafter; one admin twice; no admin.
    for (drafter, approver) in [("sys", "zhang"), ("sys", "sys"), ("zhang", "wang")] {
        forbidden(by(drafter, approver), violates);
    }
    // The founding key, after the two admins have signed something in the file.
    let founder = |office: &mut Office| {
        office.changed("zhang", |_| {});
        let new = key("forged");
        let member = Member::new(new.public_key(), [Role::Approver].into());
        let act = Membership { member, suspended: false, digests: Vec::new(), follows: None, warrant: None };
        let sub = office.persons["li"].id;
        office.persons.get_mut("li").unwrap().key = new;
        office.alone(&Act::Member(act), sub)
    };
    forbidden(founder, violates);
    // An officer who also approves.
    let together = |office: &mut Office| {
        office.change("li", |m| m.member.roles = [Role::Approver, Role::Auditor].into())
    };
    forbidden(together, violates);
}

#[test]
fn acts_about_one_person_follow_each_other() {
    let spoils: [fn(&mut Membership); 2] =
        [|m| m.follows.as_mut().unwrap().previous = Digest([7; 32]), |m| m.follows = None];
    for spoil in spoils {
        let mut office = office();
        let first = office.persons["li"].position;
        let entry = office.change("li", spoil);
        office.force(entry);
        let position = force(&mut office, "b", "zhang", "li");
        let mut file = office.file(position);
        office.add(&mut file, first);
        altered(&file, &office, "admission finding_member_order");
    }
}

#[test]
fn acting_approvers_act_in_their_time() {
    let mut office = office();
    let acting = Acting { from: office.clock, until: office.clock + 600 };
    office.changed("wang", |m| m.member.acting = Some(acting));
    let within = force(&mut office, "a", "zhang", "wang");
    genuine(&office.file(within), &office);
    office.clock = acting.until + 1;
    let late = force(&mut office, "b", "zhang", "wang");
    altered(&office.file(late), &office, "signers finding_signers_violate");
}

#[test]
fn later_acts_are_signed_by_those_who_may_by_then() {
    let mut office = office();
    let first = office.publish("a", "v1");
    let new = key("li's second");
    office.changed("li", |m| m.member.key = new.public_key());
    office.persons.get_mut("li").unwrap().key = new;
    let withdrawal = office.withdraw("a");
    let mut file = office.file_with_later(first, withdrawal);
    assert_eq!(check(&file, &office.policy(2)).verdict, Verdict::Withdrawn);
    // Without the act that gave the new key, the withdrawal is nobody's.
    file.entries.retain(|entry| entry.position != withdrawal - 1);
    altered(&file, &office, "status finding_later_violates");
}

#[test]
fn review_is_what_the_template_says() {
    let mut office = office();
    let (content, disclosures) = office.content("x");
    let content = Content { review: true, ..content };
    let entry = office.signed(&Act::Publish(content.clone()), id("a"), "zhang", "li");
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures.clone());
    altered(&office.file(position), &office, "signers finding_signers_violate");
    altered(&office.file(position), &office, "fields finding_review_differs");
    // Reviewed after all: only the template is not the one that asks for it.
    let claims = office.claims(id("b"));
    let draft = statement::sign_draft(&Act::Publish(content), claims.clone(), &office.persons["zhang"].key);
    let review = statement::sign_review(draft.unwrap(), claims.clone(), &office.persons["wang"].key);
    let approver = &office.persons["li"].key;
    let entry = statement::sign_approval(review.unwrap(), claims, office.anchor(), approver).unwrap();
    let position = office.force(entry);
    office.disclosures.insert(position, disclosures);
    let report = check(&office.file(position), &office.policy(2));
    assert_eq!(failures(&report), ["fields finding_review_differs"]);
}
