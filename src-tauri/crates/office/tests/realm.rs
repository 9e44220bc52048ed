//! A register and the offices that it admits: asked, compared, answered; keys that
//! are replaced, offices that are suspended and come back.

#![allow(clippy::unwrap_used, clippy::panic)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;

use fixture::{CODE, Desk, LOCKING, World, passphrase};
use tempfile::TempDir;
use yinxin_evidence::report::Report;
use yinxin_evidence::{Verdict, verify};
use yinxin_ledger::policy::Policy;
use yinxin_office::keyring::HostKeys;
use yinxin_office::people::{Anew, NewKey, Unlocked};
use yinxin_office::realm::{Answer, RealmError, Replacement, Request};
use yinxin_office::register::{Ended, RegisteredOffice, Said, WaitingChange};
use yinxin_office::{Founding, Office, OfficeError};
use yinxin_record::Id;
use yinxin_record::roster::Role;

/// A register with its two admins.
struct Register {
    folder: TempDir,
    office: Office,
    world: World,
    host: HostKeys,
    system: Unlocked,
    security: Unlocked,
}

impl Register {
    fn new(realm: &str) -> Self {
        let (folder, world) = (TempDir::new().unwrap(), World::from(1 << 40));
        let founding = Founding {
            realm,
            name: "武汉市数据局",
            code: "11420100MB1A00014N",
            passphrase: &passphrase("host"),
            locking: LOCKING,
        };
        let mut office = Office::create_register(&folder.path().join("register"), &founding, &world).unwrap();
        fixture::admit(&mut office, &world, "名录系统示例", &[Role::SystemAdmin]);
        fixture::admit(&mut office, &world, "名录安保示例", &[Role::SecurityAdmin]);
        let host = office.unlock_host(Some(&passphrase("host"))).unwrap();
        let sign_in = |name: &str| office.sign_in(name, &passphrase(name)).unwrap();
        let (system, security) = (sign_in("名录系统示例"), sign_in("名录安保示例"));
        Self { folder, office, world, host, system, security }
    }

    fn propose(&mut self, said: &Said) -> Result<WaitingChange, OfficeError> {
        self.office.propose_office(said, &self.system, &self.world)
    }

    fn confirm(&mut self, change: &WaitingChange) -> Result<RegisteredOffice, OfficeError> {
        self.office.confirm_office(&change.draft, &self.security, &self.host, &self.world)
    }

    /// Both admins sign; the answer for the office.
    fn say(&mut self, said: &Said) -> Answer {
        let change = self.propose(said).unwrap();
        let office = self.confirm(&change).unwrap();
        self.office.answer(&office.standing.code).unwrap()
    }

    fn policy(&self) -> Policy {
        self.office.policy().unwrap()
    }

    fn is_clean(&self) -> bool {
        clean(&self.office)
    }
}

fn clean(office: &Office) -> bool {
    let report = office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.damages, []);
    report.is_clean()
}

/// The admin of an office who asks and joins.
fn admin(desk: &Desk) -> Unlocked {
    desk.sign_in("系统示例")
}

fn request(desk: &Desk) -> Request {
    desk.office.request(&admin(desk), None, &desk.world).unwrap()
}

fn request_with_new_keys(desk: &Desk) -> Request {
    let replacement = Replacement { passphrase: &passphrase("host"), locking: LOCKING };
    desk.office.request(&admin(desk), Some(&replacement), &desk.world).unwrap()
}

fn asked(request: Request) -> Said {
    Said::Admitted(Box::new(request))
}

fn rotated(request: Request) -> Said {
    Said::Rotated(Box::new(request))
}

fn ended(request: Option<Request>) -> Ended {
    Ended { code: CODE.to_owned(), request: request.map(Box::new) }
}

fn suspended(request: Option<Request>) -> Said {
    Said::Suspended(ended(request))
}

fn join(desk: &mut Desk, answer: &Answer, policy: &Policy) -> Result<bool, OfficeError> {
    let (admin, host) = (admin(desk), passphrase("host"));
    let joined = desk.office.join(answer, policy, &admin, Some((&host, LOCKING)), &desk.world)?;
    desk.host = desk.office.unlock_host(Some(&host)).unwrap();
    Ok(joined.replaced)
}

fn export(desk: &Desk, record: &Id) -> Vec<u8> {
    desk.office.export(record, None, None, Some(&desk.host), &desk.world).unwrap().bytes
}

fn judged(file: &[u8], policy: &Policy) -> Report {
    verify(file, Some(policy), None)
}

fn found(report: &Report, code: &str) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}

/// A realm with one office that has joined, and a record of it.
fn realm() -> (Register, Desk, Id) {
    let (mut register, mut desk) = (Register::new("wuhan"), Desk::administered());
    let answer = register.say(&asked(request(&desk)));
    join(&mut desk, &answer, &register.policy()).unwrap();
    let record = desk.published(1)[0];
    (register, desk, record)
}

#[test]
fn an_office_asks_is_admitted_and_joins() {
    let (mut register, mut desk) = (Register::new("wuhan"), Desk::administered());
    let asked = asked(Request::parse(&request(&desk).to_bytes()).unwrap());
    let change = register.propose(&asked).unwrap();
    let presented = change.presented.clone().unwrap();
    let names: Vec<_> = presented.people.iter().filter_map(|person| person.name.clone()).collect();
    assert_eq!(names.len(), 6);
    assert!(names.contains(&"经办示例".to_owned()));
    assert_eq!(change.digits, Some(request(&desk).digits()));
    assert_eq!((change.before.clone(), change.after.version()), (None, 1));
    assert_eq!(change.policy.as_ref().map(|policy| policy.number), Some(1));
    let office = register.confirm(&change).unwrap();
    assert_eq!(register.office.offices().unwrap(), [office]);
    assert_eq!(register.office.office_change().unwrap(), None);
    let answer = Answer::parse(&register.office.answer(CODE).unwrap().to_bytes()).unwrap();
    assert!(!join(&mut desk, &answer, &register.policy()).unwrap());
    let record = desk.published(1)[0];
    let report = judged(&export(&desk, &record), &register.policy());
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", report.findings);
    assert!(found(&report, "finding_trusted_by_register"));
    assert!(found(&report, "finding_people_compared"));
    // What the office gives out is the realm's policy by now.
    assert_eq!(desk.office.policy().unwrap(), register.policy());
    assert!(register.is_clean() && clean(&desk.office));
}

#[test]
fn one_admin_of_the_register_is_not_enough() {
    let (mut register, desk) = (Register::new("wuhan"), Desk::administered());
    let change = register.propose(&asked(request(&desk))).unwrap();
    let alone =
        register.office.confirm_office(&change.draft, &register.system, &register.host, &register.world);
    assert!(matches!(alone, Err(OfficeError::Rule(_))), "{alone:?}");
    assert_eq!(register.office.offices().unwrap(), []);
    // It waits still, and nothing else may wait beside it.
    let second = register.propose(&asked(request(&desk)));
    assert!(matches!(second, Err(OfficeError::Realm(RealmError::ChangeWaits))), "{second:?}");
    register.office.drop_office_change(&change.draft, &register.security).unwrap();
    assert!(matches!(register.confirm(&change), Err(OfficeError::Realm(RealmError::NoChange))));
    register.say(&asked(request(&desk)));
    assert!(register.is_clean());
}

/// What waits was written by the first admin's program: whatever it wrote, the second
/// one signs only what follows from the office's request.
#[test]
fn what_waits_and_was_changed_is_not_confirmed() {
    let changes = [
        "UPDATE register_change SET request = NULL",
        "UPDATE register_change SET policy = NULL",
        "UPDATE register_change SET draft = policy",
        "UPDATE register_change SET office = zeroblob(16)",
        "UPDATE register_change SET draft = CAST(substr(draft, 1, length(draft) - 1) || x'ff' AS BLOB)",
    ];
    for spoil in changes {
        let (mut register, desk) = (Register::new("wuhan"), Desk::administered());
        register.propose(&asked(request(&desk))).unwrap();
        let path = register.folder.path().join("register/yinxin.db");
        rusqlite::Connection::open(path).unwrap().execute_batch(spoil).unwrap();
        let confirmed = match register.office.office_change() {
            Ok(Some(change)) => register.confirm(&change).map(drop),
            other => other.map(drop),
        };
        assert!(confirmed.is_err(), "{spoil}");
        assert_eq!(register.office.offices().unwrap(), [], "{spoil}");
    }
}

#[test]
fn who_is_no_admin_asks_and_admits_nothing() {
    let (register, mut desk, _) = realm();
    for name in ["经办示例", "审批示例", "审计示例"] {
        let person = desk.sign_in(name);
        let refused = desk.office.request(&person, None, &desk.world);
        assert!(matches!(refused, Err(OfficeError::AdminNeeded(_))), "{refused:?}");
        let answer = register.office.answer(CODE).unwrap();
        let refused = desk.office.join(&answer, &register.policy(), &person, None, &desk.world);
        assert!(matches!(refused, Err(OfficeError::AdminNeeded(_))), "{refused:?}");
    }
    // An office is no register, and a register no office.
    let refused = desk.office.propose_office(&suspended(None), &admin(&desk), &desk.world);
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::NotRegister))), "{refused:?}");
    let refused = register.office.request(&register.system, None, &register.world);
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::IsRegister))), "{refused:?}");
}

/// What the register makes of a request whose bytes were changed.
fn refused(spoil: impl FnOnce(&mut Vec<u8>)) -> RealmError {
    let (mut register, desk) = (Register::new("wuhan"), Desk::administered());
    let mut bytes = request(&desk).to_bytes();
    spoil(&mut bytes);
    match Request::parse(&bytes).map(|request| register.propose(&asked(request))) {
        Err(error) | Ok(Err(OfficeError::Realm(error))) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_that_was_changed_is_refused() {
    assert_eq!(refused(Vec::clear), RealmError::BadRequest("file"));
    assert_eq!(refused(|bytes| bytes.truncate(bytes.len() / 2)), RealmError::BadRequest("file"));
    assert_eq!(refused(|bytes| bytes.push(0)), RealmError::BadRequest("file"));
    let name = |bytes: &mut Vec<u8>| {
        let at = bytes.windows(12).position(|w| w == "经办示例".as_bytes()).unwrap();
        bytes[at..at + 12].copy_from_slice("冒名示例".as_bytes());
    };
    assert_eq!(refused(name), RealmError::BadRequest("people"));
}

#[test]
fn no_flipped_bit_of_a_request_admits_another_office() {
    let (register, desk) = (Register::new("wuhan"), Desk::administered());
    let bytes = request(&desk).to_bytes();
    let mut register = register;
    let honest = register.propose(&asked(Request::parse(&bytes).unwrap())).unwrap();
    register.office.drop_office_change(&honest.draft, &register.system).unwrap();
    for at in (0..bytes.len()).step_by(3) {
        let mut other = bytes.clone();
        other[at] ^= 1 << (at % 8);
        let Ok(request) = Request::parse(&other) else { continue };
        if let Ok(change) = register.propose(&asked(request)) {
            assert_eq!(change.after, honest.after, "byte {at}");
            register.office.drop_office_change(&change.draft, &register.system).unwrap();
        }
    }
}

#[test]
fn a_request_of_another_realm_or_without_admins_is_refused() {
    let mut elsewhere = Register::new("other");
    let error = elsewhere.propose(&asked(request(&Desk::administered()))).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::OtherRealm { .. })), "{error:?}");
    let (folder, world) = (TempDir::new().unwrap(), World::default());
    let mut office = fixture::found(&folder.path().join("office"), &world);
    fixture::admit(&mut office, &world, "独一示例", &[Role::SystemAdmin]);
    let alone = office.sign_in("独一示例", &passphrase("独一示例")).unwrap();
    let error = office.request(&alone, None, &world).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::NoAdmins)), "{error:?}");
}

#[test]
fn the_same_request_twice_says_nothing_new_and_an_older_one_contradicts() {
    let (mut register, mut desk, _) = realm();
    let older = request(&desk);
    desk.import(&[("900", "再社区")], false);
    desk.approve();
    register.say(&asked(request(&desk)));
    let again = register.propose(&asked(request(&desk))).unwrap_err();
    assert!(matches!(again, OfficeError::Realm(RealmError::Contradicts("head"))), "{again:?}");
    let replayed = register.propose(&asked(older)).unwrap_err();
    assert!(matches!(replayed, OfficeError::Realm(RealmError::Contradicts("head"))), "{replayed:?}");
    let answer = register.office.answer(CODE).unwrap();
    join(&mut desk, &answer, &register.policy()).unwrap();
    let same = register.propose(&asked(request(&desk))).unwrap_err();
    assert!(matches!(same, OfficeError::Realm(RealmError::NothingChanges(_))), "{same:?}");
}

#[test]
fn another_office_of_the_same_code_is_not_the_same_office() {
    let (mut register, _, _) = realm();
    let mut twin = Desk::administered();
    twin.world = World::from(99);
    let folder = TempDir::new().unwrap();
    let world = World::from(5_000);
    let mut office = fixture::found(&folder.path().join("twin"), &world);
    for (name, role) in [("系统示例", Role::SystemAdmin), ("安保示例", Role::SecurityAdmin)] {
        fixture::admit(&mut office, &world, name, &[role]);
    }
    let system = office.sign_in("系统示例", &passphrase("系统示例")).unwrap();
    let request = office.request(&system, None, &world).unwrap();
    let error = register.propose(&asked(request)).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(_)), "{error:?}");
}

#[test]
fn an_answer_for_another_office_or_by_another_register_is_refused() {
    let (register, mut desk, _) = realm();
    let answer = register.office.answer(CODE).unwrap();
    let other = Register::new("wuhan").office.vkey().unwrap();
    let forged = Policy::of(1, &[other], &[], 0).unwrap();
    // The same realm and name, another key.
    let mut stranger = Register::new("wuhan");
    stranger.world = World::from(77);
    assert!(join(&mut desk, &answer, &forged).is_err());
    let own = Policy::of(1, &[desk.office.vkey().unwrap()], &[], 0).unwrap();
    let error = join(&mut desk, &answer, &own).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::RegisterUnknown(_))), "{error:?}");
    let again = join(&mut desk, &answer, &register.policy()).unwrap_err();
    assert!(matches!(again, OfficeError::Realm(RealmError::NotNewer)), "{again:?}");
    let mut bytes = answer.to_bytes();
    for at in (0..bytes.len()).step_by(5) {
        bytes[at] ^= 1;
        if let Ok(answer) = Answer::parse(&bytes) {
            assert!(join(&mut desk, &answer, &register.policy()).is_err(), "byte {at}");
        }
        bytes[at] ^= 1;
    }
    assert!(clean(&desk.office));
}

#[test]
fn keys_are_replaced_with_a_cut_off() {
    let (mut register, mut desk, record) = realm();
    let (before, first) = (export(&desk, &record), register.policy());
    let old = desk.host.clone();
    let request = request_with_new_keys(&desk);
    // Until the answer is there, the old keys sign on.
    desk.import(&[("901", "其间社区")], false);
    desk.approve();
    let between = export(&desk, &record);
    let answer = register.say(&rotated(request));
    assert!(join(&mut desk, &answer, &register.policy()).unwrap());
    assert_ne!(desk.office.vkey().unwrap().public_key(), &yinxin_record::key::Signer::public_key(&old.log));
    let (policy, after) = (register.policy(), export(&desk, &record));
    assert_eq!((first.number, policy.number, policy.cut_offs.len()), (1, 2, 1));
    // Its checkpoint is the cut-off; made anew; and made between, with the old key.
    assert_eq!(judged(&before, &policy).verdict, Verdict::Genuine);
    assert_eq!(judged(&after, &policy).verdict, Verdict::Genuine);
    let report = judged(&between, &policy);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "finding_cut_off_unproved"));
    // The office itself knows.
    assert_eq!(verify(&between, None, Some(&desk.office)).verdict, Verdict::Genuine);
    desk.import(&[("902", "其后社区")], false);
    let late = desk.approve().published[0];
    assert_eq!(judged(&export(&desk, &late), &policy).verdict, Verdict::Genuine);
    assert!(register.is_clean() && clean(&desk.office));
    // Who kept the old keys signs nothing here any more.
    desk.import(&[("903", "冒签社区")], false);
    let stolen = desk.office.export(&record, None, None, Some(&old), &desk.world);
    assert!(stolen.is_err(), "{stolen:?}");
}

#[test]
fn a_request_is_taken_for_what_it_asks() {
    let (mut register, desk, _) = realm();
    let (plain, keys) = (request(&desk), request_with_new_keys(&desk));
    let refused = register.propose(&asked(keys.clone())).unwrap_err();
    assert!(matches!(refused, OfficeError::Realm(RealmError::KeysAsked)), "{refused:?}");
    let refused = register.propose(&rotated(plain)).unwrap_err();
    assert!(matches!(refused, OfficeError::Realm(RealmError::NoKeysAsked)), "{refused:?}");
    let refused = register.propose(&Said::Readmitted(Box::new(keys))).unwrap_err();
    assert!(matches!(refused, OfficeError::Realm(RealmError::WrongStanding(_))), "{refused:?}");
}

#[test]
fn the_same_new_keys_are_asked_for_until_they_are_there() {
    let (mut register, mut desk, _) = realm();
    let (first, second) = (request_with_new_keys(&desk), request_with_new_keys(&desk));
    assert_eq!(first.to_bytes(), second.to_bytes());
    let answer = register.say(&rotated(first));
    // The passphrase of the host may change meanwhile; keys beside it go along.
    let change = yinxin_office::passphrase_change::PassphraseChange {
        old: &passphrase("host"),
        new: &passphrase("other"),
        locking: LOCKING,
    };
    desk.office.change_host_passphrase(&change).unwrap();
    let (admin, other) = (admin(&desk), passphrase("other"));
    desk.office.join(&answer, &register.policy(), &admin, Some((&other, LOCKING)), &desk.world).unwrap();
    assert!(desk.office.unlock_host(Some(&other)).is_ok());
}

#[test]
fn wherever_the_power_fails_the_keys_in_force_are_found() {
    let (mut register, mut desk, record) = realm();
    let host = passphrase("host");
    desk.office.set_unattended(Some(&desk.host)).unwrap();
    let key_file = desk.path().join("keys/host.age");
    let unattended = desk.path().join("keys/host.unattended");
    let answer = register.say(&rotated(request_with_new_keys(&desk)));
    let before = (fs::read(&key_file).unwrap(), fs::read(&unattended).unwrap());
    join(&mut desk, &answer, &register.policy()).unwrap();
    let after = (fs::read(&key_file).unwrap(), fs::read(&unattended).unwrap());
    // The database was written and the files were not, or not both.
    for (file, open) in [(&before.0, &before.1), (&after.0, &before.1), (&after.0, &after.1)] {
        fs::write(&key_file, file).unwrap();
        fs::write(&unattended, open).unwrap();
        for passphrase in [Some(&host), None] {
            desk.host = desk.office.unlock_host(passphrase).unwrap();
            assert_eq!(judged(&export(&desk, &record), &register.policy()).verdict, Verdict::Genuine);
        }
    }
}

#[test]
fn keys_that_were_not_certified_are_not_taken() {
    let (mut register, mut desk, _) = realm();
    let copy = TempDir::new().unwrap();
    fs::copy(desk.path().join("keys/host.age"), copy.path().join("host.age")).unwrap();
    let answer = register.say(&rotated(request_with_new_keys(&desk)));
    fs::copy(copy.path().join("host.age"), desk.path().join("keys/host.age")).unwrap();
    let error = join(&mut desk, &answer, &register.policy()).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::OtherKeys)), "{error:?}");
    assert!(clean(&desk.office));
}

#[test]
fn a_suspended_office_counts_up_to_its_cut_off_and_may_come_back() {
    let (mut register, mut desk, record) = realm();
    let before = export(&desk, &record);
    register.say(&suspended(Some(request(&desk))));
    let policy = register.policy();
    assert_eq!(judged(&before, &policy).verdict, Verdict::Genuine);
    desk.import(&[("904", "停用后社区")], false);
    let late = desk.approve().published[0];
    let report = judged(&export(&desk, &late), &policy);
    assert_eq!(report.verdict, Verdict::Undetermined);
    assert!(found(&report, "finding_beyond_cut_off"));
    let again = register.propose(&suspended(None)).unwrap_err();
    assert!(matches!(again, OfficeError::Realm(RealmError::WrongStanding(_))), "{again:?}");
    // Back, with the same keys: nothing is cut off any more.
    let answer = register.office.answer(CODE).unwrap();
    join(&mut desk, &answer, &policy).unwrap();
    let back = request(&desk);
    let refused = register.propose(&asked(back.clone())).unwrap_err();
    assert!(matches!(refused, OfficeError::Realm(RealmError::WrongStanding(_))), "{refused:?}");
    let answer = register.say(&Said::Readmitted(Box::new(back)));
    join(&mut desk, &answer, &register.policy()).unwrap();
    assert_eq!((register.policy().number, register.policy().cut_offs.len()), (3, 0));
    assert_eq!(judged(&export(&desk, &late), &register.policy()).verdict, Verdict::Genuine);
    assert!(register.is_clean() && clean(&desk.office));
}

#[test]
fn an_office_is_followed_by_others() {
    let (mut register, _, _) = realm();
    let unknown = Said::Succeeded(ended(None), vec!["11420100MB1A00014N".to_owned()]);
    let error = register.propose(&unknown).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::UnknownOffice(_))), "{error:?}");
    let itself = Said::Succeeded(ended(None), vec![CODE.to_owned()]);
    let error = register.propose(&itself).unwrap_err();
    assert!(matches!(error, OfficeError::Realm(RealmError::WrongStanding(_))), "{error:?}");
}

#[test]
fn new_people_are_compared_when_the_office_asks_again() {
    let (mut register, mut desk, _) = realm();
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let newcomer = passphrase("新审批示例");
    let anew = Anew {
        name: "新审批示例",
        post: None,
        roles: [Role::Approver].into(),
        acting: None,
        suspended: false,
        key: NewKey::Here { passphrase: &newcomer, locking: LOCKING },
    };
    let proposed = desk.office.propose(None, &anew, &system, &desk.world).unwrap();
    desk.office.confirm(&proposed.draft, &security, &desk.host, &desk.world).unwrap();
    desk.approver = desk.sign_in("新审批示例");
    desk.import(&[("905", "新人审批社区")], false);
    let record = desk.approve().published[0];
    let report = judged(&export(&desk, &record), &register.policy());
    assert!(found(&report, "finding_admitted_by_one_key"));
    assert_eq!(report.verdict, Verdict::Genuine);
    let answer = register.say(&asked(request(&desk)));
    join(&mut desk, &answer, &register.policy()).unwrap();
    assert!(found(&judged(&export(&desk, &record), &register.policy()), "finding_people_compared"));
}

#[test]
fn a_register_keeps_no_records() {
    let mut register = Register::new("wuhan");
    fixture::admit(&mut register.office, &World::from(3), "经办示例", &[Role::Drafter]);
    let drafter = register.office.sign_in("经办示例", &passphrase("经办示例")).unwrap();
    let desk = Desk::new();
    let plan = desk.plan(&[("001", "某社区")]);
    let refused =
        register.office.import(&plan, false, &drafter, &register.world, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::IsRegister))), "{refused:?}");
}

#[test]
fn a_register_whose_tables_were_changed_is_found_out() {
    let (register, _, _) = realm();
    for change in [
        "UPDATE office_act SET code = '11420100MB1A00014N'",
        "UPDATE policy_act SET text = text || '#'",
        "DELETE FROM policy_act",
        "DELETE FROM office_key",
        "INSERT INTO office_key VALUES (x'00')",
    ] {
        let copy = TempDir::new().unwrap();
        copyfolder(&register.folder.path().join("register"), &copy.path().join("r"));
        let db = rusqlite::Connection::open(copy.path().join("r/yinxin.db")).unwrap();
        db.execute_batch(change).unwrap();
        let office = Office::open(&copy.path().join("r")).unwrap();
        let report = office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(!report.is_clean(), "{change}");
        // Entries say all that a register keeps of its realm.
        db.execute_batch("DELETE FROM state_of").unwrap();
        let office = Office::open(&copy.path().join("r")).unwrap();
        assert!(office.was_state_made_anew() && clean(&office), "{change}");
    }
}

#[test]
fn host_keys_that_nobody_certified_are_found_out() {
    let (mut register, mut desk, _) = realm();
    let answer = register.say(&rotated(request_with_new_keys(&desk)));
    join(&mut desk, &answer, &register.policy()).unwrap();
    assert!(clean(&desk.office));
    let db = rusqlite::Connection::open(desk.path().join("yinxin.db")).unwrap();
    db.execute_batch("DELETE FROM admission WHERE version = 2").unwrap();
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(report.damages.iter().map(|damage| damage.code).collect::<Vec<_>>(), ["damage_host_key"]);
    db.execute_batch("UPDATE admission SET proof = ''").unwrap();
    let report = desk.office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    let codes: Vec<_> = report.damages.iter().map(|damage| damage.code).collect();
    assert_eq!(codes, ["damage_admission", "damage_host_key"]);
}

fn copyfolder(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copyfolder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
