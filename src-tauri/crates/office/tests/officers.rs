//! Officers whom the register appoints: an office whose admin lost the key, and one
//! to which another office lends an auditor.

#![allow(clippy::unwrap_used, clippy::panic)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use fixture::{CODE, Desk, LOCKING, World, passphrase};
use tempfile::TempDir;
use yinxin_evidence::report::Report;
use yinxin_evidence::{Verdict, verify};
use yinxin_ledger::policy::Policy;
use yinxin_office::keyring::HostKeys;
use yinxin_office::people::{Anew, Appointed, Confirmed, NewKey, Unlocked};
use yinxin_office::realm::{
    AppointmentRequest, Officer, RealmError, own_officer_key, parse_warrant, warrant_bytes,
};
use yinxin_office::register::{Ended, Said, WaitingChange};
use yinxin_office::{Founding, Office, OfficeError};
use yinxin_record::act::Warrant;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;

/// Another office of the realm.
const LENDER: &str = "11420100MB1A00022H";

/// A realm: its register and an office that has joined, with records.
struct Realm {
    register: Office,
    host: HostKeys,
    system: Unlocked,
    security: Unlocked,
    world: World,
    desk: Desk,
    folder: TempDir,
}

impl Realm {
    fn new() -> Self {
        Self::of(1 << 40)
    }

    /// The register's keys come from `seed`; the office is the same.
    fn of(seed: u64) -> Self {
        let (folder, world) = (TempDir::new().unwrap(), World::from(seed));
        let founding = Founding {
            realm: "wuhan",
            name: "武汉市数据局",
            code: "11420100MB1A00014N",
            passphrase: &passphrase("host"),
            locking: LOCKING,
        };
        let mut register =
            Office::create_register(&folder.path().join("register"), &founding, &world).unwrap();
        fixture::admit(&mut register, &world, "名录系统示例", &[Role::SystemAdmin]);
        fixture::admit(&mut register, &world, "名录安保示例", &[Role::SecurityAdmin]);
        let sign_in = |name: &str| register.sign_in(name, &passphrase(name)).unwrap();
        let (system, security) = (sign_in("名录系统示例"), sign_in("名录安保示例"));
        let host = register.unlock_host(Some(&passphrase("host"))).unwrap();
        let mut realm = Self { register, host, system, security, world, desk: Desk::administered(), folder };
        let request = realm.desk.office.request(&realm.desk.sign_in("系统示例"), None, &realm.desk.world);
        realm.say(&Said::Admitted(Box::new(request.unwrap()))).unwrap();
        let (answer, policy) = (realm.register.answer(CODE).unwrap(), realm.policy());
        let admin = realm.desk.sign_in("系统示例");
        realm.desk.office.join(&answer, &policy, &admin, None, &realm.desk.world).unwrap();
        realm.desk.published(1);
        realm
    }

    fn policy(&self) -> Policy {
        self.register.policy().unwrap()
    }

    fn propose(&mut self, said: &Said) -> Result<WaitingChange, OfficeError> {
        self.register.propose_office(said, &self.system, &self.world)
    }

    /// Both admins of the register sign.
    fn say(&mut self, said: &Said) -> Result<(), OfficeError> {
        let change = self.propose(said)?;
        let said = self.register.confirm_office(&change.draft, &self.security, &self.host, &self.world);
        said.map(drop)
    }

    fn warranted(&mut self, request: AppointmentRequest) -> Warrant {
        self.say(&Said::Appointed(Box::new(request))).unwrap();
        parse_warrant(&warrant_bytes(&self.register.warrant(CODE).unwrap())).unwrap()
    }

    /// 安保示例 has lost the key: no change of people can be signed any more.
    fn ask(&mut self, name: &str) -> Result<AppointmentRequest, OfficeError> {
        let Desk { office, world, .. } = &mut self.desk;
        let key = office.make_officer_key(name, None, &passphrase("anew"), LOCKING, world).unwrap();
        let officer = Officer { name, post: Some("主任"), role: Role::SecurityAdmin, lender: None };
        office.ask_for_officer(&officer, &key, world)
    }

    fn take(&mut self, warrant: &Warrant, folders: &[PathBuf]) -> Result<Confirmed, OfficeError> {
        let Desk { office, host, world, .. } = &mut self.desk;
        let key = office.open_officer_key(warrant, &passphrase("anew"), folders)?;
        office.take_officer(warrant, &key, host, world)
    }

    fn is_clean(&self) -> bool {
        [&self.desk.office, &self.register].into_iter().all(|office| {
            let report = office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
            assert_eq!(report.damages, []);
            report.is_clean()
        })
    }

    /// Somebody new in the office, by its two admins as they are now, signs a record.
    fn record_by_somebody_new(&mut self, security: &Unlocked) -> Vec<u8> {
        let (desk, secret) = (&mut self.desk, passphrase("new approver"));
        let system = desk.sign_in("系统示例");
        let key = NewKey::Here { passphrase: &secret, locking: LOCKING };
        let roles = [Role::Approver].into();
        let anew = Anew { name: "新审示例", post: None, roles, acting: None, suspended: false, key };
        let proposed = desk.office.propose(None, &anew, &system, &desk.world).unwrap();
        desk.office.confirm(&proposed.draft, security, &desk.host, &desk.world).unwrap();
        desk.import(&[("500", "又一社区")], false);
        desk.approver = desk.office.sign_in("新审示例", &secret).unwrap();
        let record = desk.approve().published[0];
        desk.office.export(&record, None, None, Some(&desk.host), &desk.world).unwrap().bytes
    }
}

fn judged(file: &[u8], policy: Option<&Policy>) -> Report {
    verify(file, policy, None)
}

fn found(report: &Report, code: &str) -> bool {
    report.findings.iter().any(|finding| finding.code == code)
}

fn rule(result: Result<Confirmed, OfficeError>) -> Violation {
    match result {
        Err(OfficeError::Rule(violation)) => violation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_admin_who_lost_the_key_is_appointed_anew_and_evidence_says_so() {
    let mut realm = Realm::new();
    let request = AppointmentRequest::parse(&realm.ask("安保示例").unwrap().to_bytes()).unwrap();
    let change = realm.propose(&Said::Appointed(Box::new(request.clone()))).unwrap();
    let officer = change.officer.clone().unwrap();
    assert_eq!((officer.person.name.as_deref(), officer.is_known), (Some("安保示例"), true));
    assert_eq!(change.digits, Some(request.digits()));
    assert_eq!(change.policy, None);
    let standing = change.before.clone().unwrap().standing;
    assert_eq!(change.after, standing);
    realm.register.confirm_office(&change.draft, &realm.security, &realm.host, &realm.world).unwrap();
    let warrant = realm.register.warrant(CODE).unwrap();
    let old = realm.desk.sign_in("安保示例");
    let confirmed = realm.take(&warrant, &[]).unwrap();
    assert_eq!((confirmed.person.version, confirmed.person.post.as_deref()), (2, Some("主任")));
    assert!(realm.desk.office.sign_in("安保示例", &passphrase("安保示例")).is_err());
    let security = realm.desk.office.sign_in("安保示例", &passphrase("anew")).unwrap();
    let file = realm.record_by_somebody_new(&security);
    let report = judged(&file, Some(&realm.policy()));
    assert_eq!(report.verdict, Verdict::Genuine, "{:?}", report.findings);
    assert!(found(&report, "finding_member_appointed"));
    assert!(!found(&report, "finding_member_lent"));
    let own = verify(&file, None, Some(&realm.desk.office));
    assert_eq!(own.verdict, Verdict::Genuine, "{:?}", own.findings);
    assert!(found(&judged(&file, None), "finding_warrant_unproved"));
    // The old key signs nothing any more.
    let person = realm.desk.office.person("审计示例").unwrap();
    let anew = Anew { post: Some("科长"), ..Anew::of(&person) };
    let refused = realm.desk.office.propose(Some(&person.id), &anew, &old, &realm.desk.world);
    assert!(matches!(refused, Err(OfficeError::KeyReplaced(_))), "{refused:?}");
    assert!(realm.is_clean());
    // The register reads the office's people with the appointment among them.
    let request =
        realm.desk.office.request(&realm.desk.sign_in("系统示例"), None, &realm.desk.world).unwrap();
    realm.say(&Said::Admitted(Box::new(request))).unwrap();
}

#[test]
fn another_office_lends_an_officer_with_the_key_on_a_stick() {
    let mut realm = Realm::new();
    let mut other = fixture::found_with(&realm.folder.path().join("other"), LENDER, &realm.world);
    for (name, role) in
        [("系统示例", Role::SystemAdmin), ("安保示例", Role::SecurityAdmin), ("出借示例", Role::Auditor)]
    {
        fixture::admit(&mut other, &realm.world, name, &[role]);
    }
    let admin = other.sign_in("系统示例", &passphrase("系统示例")).unwrap();
    let request = other.request(&admin, None, &realm.world).unwrap();
    realm.say(&Said::Admitted(Box::new(request))).unwrap();
    let stick = realm.folder.path().join("stick");
    let file = on_a_stick(&stick, &other);
    let Desk { office, world, .. } = &mut realm.desk;
    let secret = passphrase("出借示例");
    let wrong = own_officer_key("出借示例", &stick, &passphrase("guess"));
    assert!(matches!(wrong, Err(OfficeError::WrongPassphrase { .. })), "{wrong:?}");
    let key = own_officer_key("出借示例", &stick, &secret).unwrap();
    // One file, called by its thumbprint from now on.
    assert!(!file.exists());
    assert_eq!(fs::read_dir(&stick).unwrap().count(), 2);
    let officer = Officer { name: "出借示例", post: None, role: Role::Auditor, lender: Some("nobody") };
    let refused = office.ask_for_officer(&officer, &key, world);
    assert!(matches!(refused, Err(OfficeError::OfficeCode(_))), "{refused:?}");
    let officer = Officer { lender: Some(LENDER), ..officer };
    let request = office.ask_for_officer(&officer, &key, world).unwrap();
    let warrant = realm.warranted(request);
    let Desk { office, host, world, .. } = &mut realm.desk;
    let key = office.open_officer_key(&warrant, &secret, std::slice::from_ref(&stick)).unwrap();
    office.take_officer(&warrant, &key, host, world).unwrap();
    let lent = office.sign_in_from("出借示例", &passphrase("出借示例"), Some(&stick)).unwrap();
    assert_eq!(lent.person.member.roles, [Role::Auditor].into());
    assert_eq!(lent.person.appointed, Some(Appointed { lender: Some(LENDER.to_owned()) }));
    assert_eq!(office.person("系统示例").unwrap().appointed, None);
    assert!(realm.is_clean());
}

/// The key of 出借示例, as its owner has copied it.
fn on_a_stick(stick: &Path, office: &Office) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir(stick).unwrap();
    fs::set_permissions(stick, fs::Permissions::from_mode(0o700)).unwrap();
    let id = office.person("出借示例").unwrap().id;
    let file = stick.join("my.age");
    fs::copy(stick.with_file_name("other").join(format!("keys/{id}.age")), &file).unwrap();
    // Something else that ends like a key and is none.
    fs::write(stick.join("zz.age"), "no key").unwrap();
    fs::set_permissions(stick.join("zz.age"), fs::Permissions::from_mode(0o600)).unwrap();
    file
}

#[test]
fn a_warrant_is_good_once_for_the_people_and_the_person_that_it_names() {
    let mut realm = Realm::new();
    let request = realm.ask("安保示例").unwrap();
    let warrant = realm.warranted(request);
    // Another office of the same code and people has not asked.
    let mut other = Realm::new();
    std::mem::swap(&mut realm.desk, &mut other.desk);
    let foreign = realm.take(&warrant, &[]);
    assert!(matches!(foreign, Err(OfficeError::Realm(RealmError::NotAsked))), "{foreign:?}");
    std::mem::swap(&mut realm.desk, &mut other.desk);
    realm.take(&warrant, &[]).unwrap();
    let again = realm.take(&warrant, &[]);
    assert!(matches!(again, Err(OfficeError::Realm(RealmError::NotAsked))), "{again:?}");
}

#[test]
fn people_who_changed_meanwhile_make_a_warrant_stale() {
    let mut realm = Realm::new();
    let request = realm.ask("新安示例").unwrap();
    let warrant = realm.warranted(request);
    let desk = &mut realm.desk;
    let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
    let asked = desk.office.people().unwrap().len();
    // Somebody is suspended and comes back: the same people are there again.
    for suspended in [true, false] {
        let person = desk.office.person("经办示例").unwrap();
        let anew = Anew { suspended, ..Anew::of(&person) };
        let proposed = desk.office.propose(Some(&person.id), &anew, &system, &desk.world).unwrap();
        desk.office.confirm(&proposed.draft, &security, &desk.host, &desk.world).unwrap();
    }
    assert_eq!(desk.office.people().unwrap().len(), asked);
    let before = desk.office.head().unwrap();
    assert_eq!(rule(realm.take(&warrant, &[])), Violation::RosterStale);
    assert_eq!(realm.desk.office.head().unwrap(), before);
    assert!(realm.is_clean());
    // Asked for once more, it holds.
    let request = realm.ask("新安示例").unwrap();
    let warrant = realm.warranted(request);
    realm.take(&warrant, &[]).unwrap();
}

#[test]
fn what_no_register_of_the_realm_says_is_no_warrant() {
    let mut realm = Realm::new();
    let request = realm.ask("安保示例").unwrap();
    // Another register of the same name says it, with admins of its own.
    let theirs = Realm::of(1 << 50).warranted(request.clone());
    let ours = realm.warranted(request);
    assert_eq!(rule(realm.take(&theirs, &[])), Violation::NotWarranted);
    let cut = Warrant { roster: b"\x80".to_vec(), ..ours.clone() };
    assert!(matches!(realm.take(&cut, &[]), Err(OfficeError::Realm(RealmError::BadAnswer(_)))));
    let bytes = warrant_bytes(&ours);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let Ok(changed) = parse_warrant(&changed) else { continue };
        assert!(realm.take(&changed, &[]).is_err(), "byte {at}");
    }
    realm.take(&ours, &[]).unwrap();
}

#[test]
fn the_register_appoints_officers_of_offices_in_the_realm_only() {
    let mut realm = Realm::new();
    for role in Role::ALL
        .into_iter()
        .filter(|role| ![Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor].contains(role))
    {
        let Desk { office, world, .. } = &mut realm.desk;
        let key = office.make_officer_key("某某示例", None, &passphrase("anew"), LOCKING, world).unwrap();
        let officer = Officer { name: "某某示例", post: None, role, lender: None };
        let refused = office.ask_for_officer(&officer, &key, world);
        assert!(matches!(refused, Err(OfficeError::Rule(Violation::NotAppointable))), "{role:?}");
    }
    let request = realm.ask("安保示例").unwrap();
    for at in 0..request.to_bytes().len() {
        let mut bytes = request.to_bytes();
        bytes[at] ^= 1;
        let Ok(changed) = AppointmentRequest::parse(&bytes) else { continue };
        assert!(realm.propose(&Said::Appointed(Box::new(changed))).is_err(), "byte {at}");
    }
    realm.say(&Said::Suspended(Ended { code: CODE.to_owned(), request: None })).unwrap();
    let refused = realm.say(&Said::Appointed(Box::new(request)));
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::WrongStanding(_)))), "{refused:?}");
    let nobody = realm.register.warrant(CODE);
    assert!(matches!(nobody, Err(OfficeError::Realm(RealmError::NobodyAppointed(_)))), "{nobody:?}");
    let alone = Desk::administered();
    let mut alone = Realm { desk: alone, ..realm };
    let refused = alone.ask("安保示例");
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::NotInRealm))), "{refused:?}");
}

#[test]
fn what_waits_and_was_changed_is_not_confirmed() {
    let mut realm = Realm::new();
    let request = realm.ask("安保示例").unwrap();
    let other = realm.ask("系统示例").unwrap();
    let change = realm.propose(&Said::Appointed(Box::new(request))).unwrap();
    let db = rusqlite::Connection::open(realm.folder.path().join("register/yinxin.db")).unwrap();
    db.execute("UPDATE register_change SET request = ?1", [other.to_bytes()]).unwrap();
    let refused = realm.register.confirm_office(&change.draft, &realm.security, &realm.host, &realm.world);
    assert!(matches!(refused, Err(OfficeError::Damaged(_))), "{refused:?}");
}

#[test]
fn appointments_and_warrants_are_made_anew_from_the_entries() {
    let mut realm = Realm::new();
    let request = realm.ask("安保示例").unwrap();
    let warrant = realm.warranted(request);
    realm.take(&warrant, &[]).unwrap();
    for (place, lost) in [
        (realm.folder.path().join("register"), "DELETE FROM appointment_act; DELETE FROM state_of"),
        (realm.desk.path(), "UPDATE member_act SET roles = 'auditor'; DELETE FROM state_of"),
    ] {
        rusqlite::Connection::open(place.join("yinxin.db")).unwrap().execute_batch(lost).unwrap();
    }
    realm.register = Office::open(&realm.folder.path().join("register")).unwrap();
    realm.desk.office = Office::open(&realm.desk.path()).unwrap();
    assert!(realm.register.was_state_made_anew() && realm.desk.office.was_state_made_anew());
    assert!(realm.is_clean());
    assert_eq!(realm.register.warrant(CODE).unwrap(), warrant);
}

/// Key files of people, beside the office's own.
fn key_files(realm: &Realm) -> usize {
    fs::read_dir(realm.desk.path().join("keys")).unwrap().count()
}

#[test]
fn what_was_asked_before_is_void_and_leaves_nothing() {
    let mut realm = Realm::new();
    let before = key_files(&realm);
    let first = realm.ask("安保示例").unwrap();
    let second = realm.ask("新安示例").unwrap();
    assert_eq!(key_files(&realm), before + 1);
    let warrant = realm.warranted(first);
    let refused = realm.take(&warrant, &[]);
    assert!(matches!(refused, Err(OfficeError::Realm(RealmError::NotAsked))), "{refused:?}");
    let warrant = realm.warranted(second);
    realm.take(&warrant, &[]).unwrap();
    assert_eq!(key_files(&realm), before + 1);
    // A name that cannot be leaves no key.
    assert!(realm.ask(" 空格").is_err());
    assert_eq!(key_files(&realm), before + 1);
}

#[test]
fn what_waits_about_the_person_is_dropped_with_its_key() {
    let mut realm = Realm::new();
    let Desk { office, world, .. } = &mut realm.desk;
    let system = office.sign_in("系统示例", &passphrase("系统示例")).unwrap();
    let person = office.person("安保示例").unwrap();
    let secret = passphrase("waits");
    let key = NewKey::Here { passphrase: &secret, locking: LOCKING };
    office.propose(Some(&person.id), &Anew { key, ..Anew::of(&person) }, &system, world).unwrap();
    let before = key_files(&realm);
    let request = realm.ask("安保示例").unwrap();
    let warrant = realm.warranted(request);
    realm.take(&warrant, &[]).unwrap();
    assert_eq!(realm.desk.office.changes().unwrap(), []);
    // The old key and the one that waited are gone, the appointed one is there.
    assert_eq!(key_files(&realm), before - 1);
    assert!(realm.is_clean());
}

#[test]
fn a_warrant_takes_no_admin_away_whom_the_office_has() {
    let mut realm = Realm::new();
    let Desk { office, world, .. } = &mut realm.desk;
    let key = office.make_officer_key("安保示例", None, &passphrase("anew"), LOCKING, world).unwrap();
    let officer = Officer { name: "安保示例", post: None, role: Role::Auditor, lender: None };
    let request = office.ask_for_officer(&officer, &key, world).unwrap();
    let warrant = realm.warranted(request);
    assert_eq!(rule(realm.take(&warrant, &[])), Violation::LastAdmin);
}

#[test]
fn an_office_that_has_lost_both_admins_asks_twice() {
    let mut realm = Realm::new();
    for (name, role) in [("安保示例", Role::SecurityAdmin), ("系统示例", Role::SystemAdmin)] {
        let Desk { office, world, .. } = &mut realm.desk;
        let key = office.make_officer_key(name, None, &passphrase("anew"), LOCKING, world).unwrap();
        let officer = Officer { name, post: None, role, lender: None };
        let request = office.ask_for_officer(&officer, &key, world).unwrap();
        let warrant = realm.warranted(request);
        realm.take(&warrant, &[]).unwrap();
    }
    let Desk { office, host, world, .. } = &mut realm.desk;
    let sign_in = |name: &str| office.sign_in(name, &passphrase("anew")).unwrap();
    let (system, security) = (sign_in("系统示例"), sign_in("安保示例"));
    let person = office.person("经办示例").unwrap();
    let anew = Anew { post: Some("科长"), ..Anew::of(&person) };
    let proposed = office.propose(Some(&person.id), &anew, &system, world).unwrap();
    office.confirm(&proposed.draft, &security, host, world).unwrap();
    assert!(realm.is_clean());
}
