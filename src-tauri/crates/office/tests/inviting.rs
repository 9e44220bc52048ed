//! Joining by file: an invitation goes out, an answer comes back, and twenty digits
//! are read over the telephone. Then everything that can be wrong with them.

#![allow(clippy::unwrap_used, clippy::panic)]

mod fixture;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use fixture::{Desk, LOCKING, NOW, World, passphrase};
use yinxin_office::duty::Duty;
use yinxin_office::people::{
    Acceptance, Accepted, Anew, Inviter, Inviting, KeyPlace, Taken, Taking, Unlocked, accept,
    prepare_own_folder, read_invitation,
};
use yinxin_office::{Office, OfficeError, Selection, Surroundings};
use yinxin_record::Coded as _;
use yinxin_record::digits::Digits;
use yinxin_record::invitation::{Answer, Invitation};
use yinxin_record::key::{SecretKey, Signer as _};
use yinxin_record::roster::Role;

const NAME: &str = "何新示例";
const DAY: u64 = 86_400;
const YEAR_2099: u64 = 4_070_908_800;

/// Another machine: other random bytes, and a clock that may be wrong.
struct Elsewhere {
    world: World,
    now: u64,
}

impl Surroundings for Elsewhere {
    fn now(&self) -> u64 {
        self.now
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.world.fill(bytes);
    }
}

fn elsewhere(now: u64) -> Elsewhere {
    Elsewhere { world: World::from(1 << 40), now }
}

/// Here, with a clock that may be wrong.
fn at(now: u64) -> Elsewhere {
    Elsewhere { world: World::from((1 << 50) + now % (1 << 40)), now }
}

struct Joining {
    desk: Desk,
    system: Unlocked,
    security: Unlocked,
    file: Vec<u8>,
}

fn inviting(name: &str) -> Inviting<'_> {
    Inviting { person: None, name, post: Some("科员"), roles: [Role::Drafter].into(), days: 14 }
}

impl Joining {
    /// People sign already, and the system admin has invited somebody.
    fn new() -> Self {
        let mut desk = Desk::administered();
        desk.published(1);
        let (system, security) = (desk.sign_in("系统示例"), desk.sign_in("安保示例"));
        let by = Inviter::Admin(&system);
        let file = desk.office.invite(&inviting(NAME), by, &desk.world).unwrap().1;
        Self { desk, system, security, file }
    }

    fn keys(&self) -> PathBuf {
        self.desk.folder.path().join("own")
    }

    fn accept_file(&self, file: &[u8], now: u64) -> Result<Accepted, OfficeError> {
        let acceptance = Acceptance {
            invitation: file,
            keys: &self.keys(),
            passphrase: &passphrase(NAME),
            locking: LOCKING,
        };
        accept(&acceptance, &elsewhere(now))
    }

    fn accept(&self) -> Accepted {
        self.accept_file(&self.file, NOW).unwrap()
    }

    fn take_as(&mut self, name: &str, answer: &[u8], digits: &str, now: u64) -> Result<Taken, OfficeError> {
        let taking = Taking { name, answer, digits };
        self.desk.office.take_answer(&taking, Inviter::Admin(&self.system), &at(now))
    }

    fn take(&mut self, answer: &[u8], digits: &str) -> Result<Taken, OfficeError> {
        self.take_as(NAME, answer, digits, NOW)
    }

    /// Takes an answer with its own digits.
    fn code(&mut self, answer: &[u8]) -> Option<&'static str> {
        let digits = Digits::of_answer(answer).to_string();
        self.take(answer, &digits).err().map(|error| error.code())
    }

    fn confirm(&mut self, taken: &Taken) {
        let Taken::Proposed(proposed) = taken else { panic!("{taken:?}") };
        let Desk { office, host, world, .. } = &mut self.desk;
        office.confirm(&proposed.draft, &self.security, host, world).unwrap();
    }

    /// Nothing of it has any effect.
    #[track_caller]
    fn nothing_happened(&self) {
        assert!(self.desk.office.changes().unwrap().is_empty());
        assert!(matches!(self.desk.office.person(NAME), Err(OfficeError::UnknownPerson(_))));
    }
}

#[track_caller]
fn clean(office: &Office) {
    let report = office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
    assert!(report.is_clean(), "{:?}", report.damages);
}

#[test]
fn somebody_joins_with_a_key_that_never_was_here() {
    let mut joining = Joining::new();
    let invitation = read_invitation(&joining.file, NOW).unwrap();
    assert_eq!((invitation.name.as_str(), invitation.post.as_deref()), (NAME, Some("科员")));
    assert_eq!((invitation.office.as_str(), invitation.expires), ("武汉市民政局", NOW + 14 * DAY));
    let accepted = joining.accept();
    let shown = accepted.digits.to_string();
    assert_eq!(joining.desk.office.check_answer(NAME, &accepted.answer, NOW).unwrap().tries_left, 3);
    // As it is typed: without the gaps.
    let taken = joining.take(&accepted.answer, &shown.replace(' ', "")).unwrap();
    assert!(joining.desk.office.invitations().unwrap().is_empty());
    let waiting = joining.desk.office.changes().unwrap();
    assert_eq!((waiting.len(), waiting[0].digits.unwrap().to_string()), (1, shown));
    joining.confirm(&taken);
    let person = joining.desk.office.person(NAME).unwrap();
    assert_eq!((person.id, person.member.roles.len()), (invitation.member, 1));
    // The key lies in the person's own folder, and only there.
    let missing = joining.desk.office.unlock(NAME, Duty::Draft, &passphrase(NAME)).map(drop);
    assert_eq!(missing.unwrap_err().code(), "key_file_missing");
    let keys = joining.keys();
    let drafter = joining.desk.office.unlock_in(NAME, Duty::Draft, &passphrase(NAME), Some(&keys)).unwrap();
    joining.desk.drafter = drafter;
    joining.desk.import(&[("500", "新设社区")], false);
    assert_eq!(joining.desk.approve().published.len(), 1);
    clean(&joining.desk.office);
}

#[test]
fn a_key_is_found_where_its_owner_has_it() {
    let mut joining = Joining::new();
    let known = joining.desk.office.person("经办示例").unwrap();
    let again = Inviting { person: Some(known.id), ..inviting("经办示例") };
    let by = Inviter::Admin(&joining.security);
    let file = joining.desk.office.invite(&again, by, &joining.desk.world).unwrap().1;
    let (own, other) = (joining.keys(), joining.desk.folder.path().join("other"));
    let find = |office: &Office, folders: &[&PathBuf]| {
        let folders: Vec<PathBuf> = folders.iter().map(|&folder| folder.clone()).collect();
        office.find_key("经办示例", &folders).unwrap()
    };
    let accepted = joining.accept_file(&file, NOW).unwrap();
    assert_eq!(find(&joining.desk.office, &[&other, &own]), KeyPlace::Office);
    let digits = accepted.digits.to_string();
    let taken = joining.take_as("经办示例", &accepted.answer, &digits, NOW).unwrap();
    joining.confirm(&taken);
    let office = &joining.desk.office;
    assert_eq!(find(office, &[&other, &own]), KeyPlace::Own(own.clone()));
    office.sign_in_from("经办示例", &passphrase(NAME), Some(&own)).unwrap();
    assert_eq!(find(office, &[&other]), KeyPlace::Nowhere);
    // The key of before was removed; out of a backup it is in nobody's way.
    let before = joining.desk.folder.path().join(format!("office/keys/{}.age", known.id));
    fs::write(before, "").unwrap();
    assert_eq!(find(office, &[&other, &own]), KeyPlace::Own(own.clone()));
    assert_eq!(find(office, &[&other]), KeyPlace::Office);
    let unknown = office.find_key("无此人", &[]).unwrap_err();
    assert_eq!(unknown.code(), "unknown_person");
    // Where a key is to lie that others could replace, none is made.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(&other).unwrap();
        fs::set_permissions(&other, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(prepare_own_folder(&other).unwrap_err().code(), "key_folder_open");
    }
    fs::remove_dir_all(&own).unwrap();
    prepare_own_folder(&own).unwrap();
    assert_eq!(own.read_dir().unwrap().count(), 0);
}

#[test]
fn while_the_founding_key_admits_it_takes_answers() {
    let mut desk = Desk::new();
    let host = passphrase("host");
    let by = Inviter::Founder(&host);
    let file = desk.office.invite(&inviting(NAME), by, &desk.world).unwrap().1;
    let keys = desk.folder.path().join("own");
    let secret = passphrase(NAME);
    let acceptance = Acceptance { invitation: &file, keys: &keys, passphrase: &secret, locking: LOCKING };
    let accepted = accept(&acceptance, &elsewhere(NOW)).unwrap();
    let digits = accepted.digits.to_string();
    let taking = Taking { name: NAME, answer: &accepted.answer, digits: &digits };
    let wrong = passphrase("other");
    let refused = desk.office.take_answer(&taking, Inviter::Founder(&wrong), &desk.world);
    assert_eq!(refused.unwrap_err().code(), "wrong_passphrase");
    let taken = desk.office.take_answer(&taking, by, &desk.world).unwrap();
    assert!(matches!(taken, Taken::Admitted(person) if person.name == NAME));
    desk.office.unlock_in(NAME, Duty::Draft, &secret, Some(&keys)).unwrap();
    clean(&desk.office);
    // Once people have signed, two admins admit.
    desk.published(1);
    let over = desk.office.invite(&inviting("后来示例"), by, &desk.world);
    assert_eq!(over.unwrap_err().code(), "founding_over");
}

#[test]
fn while_the_founding_key_admits_it_withdraws_what_it_issued() {
    let mut desk = Desk::new();
    let (host, wrong) = (passphrase("host"), passphrase("other"));
    let by = Inviter::Founder(&host);
    let (invitation, file) = desk.office.invite(&inviting(NAME), by, &desk.world).unwrap();
    let refused = desk.office.withdraw_invitation(&invitation.nonce, Inviter::Founder(&wrong));
    assert_eq!(refused.unwrap_err().code(), "wrong_passphrase");
    assert_eq!(desk.office.invitations().unwrap().len(), 1);
    desk.office.withdraw_invitation(&invitation.nonce, by).unwrap();
    assert_eq!(desk.office.invitations().unwrap(), []);
    // No answer to it is taken, and the person may be invited anew.
    let (keys, secret) = (desk.folder.path().join("own"), passphrase(NAME));
    let acceptance = Acceptance { invitation: &file, keys: &keys, passphrase: &secret, locking: LOCKING };
    let accepted = accept(&acceptance, &elsewhere(NOW)).unwrap();
    let digits = accepted.digits.to_string();
    let taking = Taking { name: NAME, answer: &accepted.answer, digits: &digits };
    let refused = desk.office.take_answer(&taking, by, &desk.world);
    assert_eq!(refused.unwrap_err().code(), "invitation_withdrawn");
    let again = desk.office.invite(&inviting(NAME), by, &desk.world).unwrap().0;
    // Once people have signed, it withdraws nothing: two admins do.
    desk.published(1);
    let over = desk.office.withdraw_invitation(&again.nonce, by);
    assert_eq!(over.unwrap_err().code(), "founding_over");
    assert_eq!(desk.office.invitations().unwrap().len(), 1);
}

#[test]
fn at_the_offices_own_machine_the_key_lies_beside_the_others() {
    let mut joining = Joining::new();
    let (office, secret) = (&joining.desk.office, passphrase(NAME));
    let accepted = office.accept_here(&joining.file, &secret, LOCKING, &elsewhere(NOW)).unwrap();
    let taken = joining.take(&accepted.answer, &accepted.digits.to_string()).unwrap();
    joining.confirm(&taken);
    joining.desk.office.unlock(NAME, Duty::Draft, &secret).unwrap();
}

#[test]
fn somebody_who_is_there_gets_a_new_key_and_may_sign_again() {
    let mut joining = Joining::new();
    let person = joining.desk.office.person("经办示例").unwrap();
    let suspended = Anew { suspended: true, ..Anew::of(&person) };
    let Desk { office, world, host, .. } = &mut joining.desk;
    let proposed = office.propose(Some(&person.id), &suspended, &joining.system, world).unwrap();
    office.confirm(&proposed.draft, &joining.security, host, world).unwrap();
    let again = Inviting { person: Some(person.id), ..inviting("经办示例") };
    let file = office.invite(&again, Inviter::Admin(&joining.security), world).unwrap().1;
    assert!(office.invitations().unwrap().iter().any(|standing| standing.is_known));
    let accepted = joining.accept_file(&file, NOW).unwrap();
    let digits = accepted.digits.to_string();
    let taken = joining.take_as("经办示例", &accepted.answer, &digits, NOW).unwrap();
    joining.confirm(&taken);
    let now = joining.desk.office.person("经办示例").unwrap();
    assert_eq!((now.id, now.suspended, now.version), (person.id, false, 3));
    let keys = joining.keys();
    joining.desk.office.unlock_in("经办示例", Duty::Draft, &passphrase(NAME), Some(&keys)).unwrap();
}

#[test]
fn only_admins_invite_take_and_withdraw() {
    let mut joining = Joining::new();
    let accepted = joining.accept();
    let nonce = joining.desk.office.invitations().unwrap()[0].invitation.nonce;
    let digits = accepted.digits.to_string();
    for name in ["经办示例", "审批示例", "审核示例", "审计示例"] {
        let person = joining.desk.sign_in(name);
        let by = Inviter::Admin(&person);
        let Desk { office, world, .. } = &mut joining.desk;
        let taking = Taking { name: NAME, answer: &accepted.answer, digits: &digits };
        let codes = [
            office.invite(&inviting("别人示例"), by, world).map(drop),
            office.take_answer(&taking, by, world).map(drop),
            office.withdraw_invitation(&nonce, by),
        ]
        .map(|done| done.unwrap_err().code());
        assert_eq!(codes, ["admin_needed"; 3], "{name}");
    }
    joining.nothing_happened();
}

#[test]
fn a_forged_invitation_is_seen_when_it_is_answered() {
    let mut joining = Joining::new();
    let issued = Invitation::parse(&joining.file).unwrap();
    let forged: [fn(&mut Invitation); 5] = [
        |forged| forged.roles = [Role::Approver].into(),
        |forged| forged.name = "别人示例".to_owned(),
        |forged| forged.post = None,
        |forged| forged.office = "武汉市财政局".to_owned(),
        |forged| forged.expires += 30 * DAY,
    ];
    for forge in forged {
        let mut forged = issued.clone();
        forge(&mut forged);
        let accepted = joining.accept_file(&forged.to_bytes(), NOW).unwrap();
        assert_eq!(joining.code(&accepted.answer), Some("invitation_changed"));
    }
    let mut forged = issued.clone();
    forged.nonce.0[0] ^= 1;
    let accepted = joining.accept_file(&forged.to_bytes(), NOW).unwrap();
    assert_eq!(joining.code(&accepted.answer), Some("no_such_invitation"));
    joining.nothing_happened();
    // The right one is taken still.
    let accepted = joining.accept();
    assert_eq!(joining.code(&accepted.answer), None);
}

#[test]
fn an_answer_is_taken_once_and_an_invitation_is_answered_once() {
    let mut joining = Joining::new();
    let (one, two) = (joining.accept(), joining.accept_file(&joining.file, NOW + 1).unwrap());
    assert_eq!(joining.code(&one.answer), None);
    let count = joining.desk.office.changes().unwrap().len();
    assert_eq!(joining.code(&one.answer), Some("invitation_used"), "replayed");
    assert_eq!(joining.code(&two.answer), Some("invitation_used"), "reused");
    assert_eq!(joining.desk.office.changes().unwrap().len(), count);
}

#[test]
fn answers_of_others_are_refused_by_name() {
    let mut joining = Joining::new();
    let accepted = joining.accept();
    let Desk { office, world, .. } = &mut joining.desk;
    office.invite(&inviting("另人示例"), Inviter::Admin(&joining.system), world).unwrap();
    let digits = accepted.digits.to_string();
    let other = joining.take_as("另人示例", &accepted.answer, &digits, NOW).unwrap_err();
    assert_eq!(other.code(), "answer_other_person");
    assert!(other.args().contains(&("found", NAME.to_owned())));
    let mut elsewhere = Invitation::parse(&joining.file).unwrap();
    elsewhere.origin = "wuhan/11100000000013338W".parse().unwrap();
    let foreign = joining.accept_file(&elsewhere.to_bytes(), NOW).unwrap();
    assert_eq!(joining.code(&foreign.answer), Some("invitation_other_office"));
    let secret = passphrase(NAME);
    let here = joining.desk.office.accept_here(&elsewhere.to_bytes(), &secret, LOCKING, &at(NOW));
    assert_eq!(here.unwrap_err().code(), "invitation_other_office");
    joining.nothing_happened();
}

#[test]
fn a_key_must_be_held_and_new() {
    let mut joining = Joining::new();
    let invitation = Invitation::parse(&joining.file).unwrap();
    // Somebody else's key: its bytes are known, the secret is not.
    let mine = SecretKey::from_seed(&[1; 32]);
    let honest = Answer::sign(&invitation, &joining.file, &mine).unwrap();
    let theirs = joining.desk.approver.person.member.key;
    let stolen = Answer { key: theirs, ..honest.clone() };
    assert_eq!(joining.code(&stolen.to_bytes()), Some("answer_unproved"));
    // A key that the office knows already: taken from its folder.
    let drafter = joining.desk.office.person("经办示例").unwrap();
    let path = joining.desk.path().join(format!("keys/{}.age", drafter.id));
    let known = seed_of(&path, "经办示例");
    assert_eq!(known.public_key(), drafter.member.key);
    let used = Answer::sign(&invitation, &joining.file, &known).unwrap();
    assert_eq!(joining.code(&used.to_bytes()), Some("answer_key_used"));
    // One that waits to be confirmed.
    let Desk { office, world, .. } = &mut joining.desk;
    let (other, file) = office.invite(&inviting("另人示例"), Inviter::Admin(&joining.system), world).unwrap();
    assert_eq!(joining.code(&honest.to_bytes()), None);
    let again = Answer::sign(&other, &file, &mine).unwrap().to_bytes();
    let digits = Digits::of_answer(&again).to_string();
    let refused = joining.take_as("另人示例", &again, &digits, NOW).unwrap_err();
    assert_eq!(refused.code(), "answer_key_used");
}

/// What is in a key file.
fn seed_of(path: &std::path::Path, secret: &str) -> SecretKey {
    let identity = age::scrypt::Identity::new(passphrase(secret));
    let plain = age::decrypt(&identity, &fs::read(path).unwrap()).unwrap();
    SecretKey::from_seed(plain[plain.len() - 32..].try_into().unwrap())
}

#[test]
fn files_that_are_none_are_refused() {
    let mut joining = Joining::new();
    let accepted = joining.accept();
    let (file, answer) = (joining.file.clone(), accepted.answer);
    let huge = vec![0xa1; 5 << 20];
    for bytes in [&[][..], &file[..file.len() - 1], &answer, &huge, b"PK\x03\x04"] {
        assert_eq!(joining.accept_file(bytes, NOW).unwrap_err().code(), "invitation_unreadable");
    }
    for bytes in [&[][..], &answer[..answer.len() - 1], &file, &huge] {
        assert_eq!(joining.code(bytes), Some("answer_unreadable"));
    }
    joining.nothing_happened();
}

#[test]
fn clocks_and_withdrawing_end_an_invitation() {
    let mut joining = Joining::new();
    let code = |done: Result<Accepted, OfficeError>| done.err().map(|error| error.code());
    let file = joining.file.clone();
    assert_eq!(code(joining.accept_file(&file, 0)), Some("invitation_clock_behind"));
    assert_eq!(code(joining.accept_file(&file, NOW - 2 * DAY)), Some("invitation_clock_behind"));
    // Two machines never agree to the second.
    assert_eq!(code(joining.accept_file(&file, NOW - 3_600)), None);
    assert_eq!(code(joining.accept_file(&file, NOW + 14 * DAY)), None);
    assert_eq!(code(joining.accept_file(&file, NOW + 14 * DAY + 1)), Some("invitation_expired"));
    assert_eq!(code(joining.accept_file(&file, YEAR_2099)), Some("invitation_expired"));
    let accepted = joining.accept();
    let digits = accepted.digits.to_string();
    for (now, expected) in
        [(0, "invitation_clock_behind"), (YEAR_2099, "invitation_expired"), (u64::MAX, "invitation_expired")]
    {
        let refused = joining.take_as(NAME, &accepted.answer, &digits, now).unwrap_err();
        assert_eq!(refused.code(), expected, "{now}");
    }
    let nonce = joining.desk.office.invitations().unwrap()[0].invitation.nonce;
    joining.desk.office.withdraw_invitation(&nonce, Inviter::Admin(&joining.security)).unwrap();
    assert_eq!(joining.code(&accepted.answer), Some("invitation_withdrawn"));
    let again = joining.desk.office.withdraw_invitation(&nonce, Inviter::Admin(&joining.security));
    assert_eq!(again.unwrap_err().code(), "invitation_withdrawn");
    joining.nothing_happened();
    // A clock in 1970 or 2099 makes invitations that are as good as others there.
    for now in [0, YEAR_2099] {
        let by = Inviter::Admin(&joining.system);
        let name = format!("{now}示例");
        let made = joining.desk.office.invite(&inviting(&name), by, &at(now)).unwrap().1;
        assert_eq!(code(joining.accept_file(&made, now)), None);
    }
}

#[test]
fn wrong_digits_are_counted_and_three_are_enough() {
    let mut joining = Joining::new();
    let accepted = joining.accept();
    let right = accepted.digits.to_string();
    let wrong = right.replace(|digit: char| digit.is_ascii_digit(), "0");
    let code = |joining: &mut Joining, digits: &str| {
        joining.take(&accepted.answer, digits).err().map(|error| (error.code(), error.args()))
    };
    // What is not twenty digits is a slip, not a try.
    for slip in ["", "1234", &format!("{right}0"), "一二三四"] {
        assert_eq!(code(&mut joining, slip).unwrap().0, "digits_not_twenty");
    }
    let left = |left: &str| Some(("digits_other", vec![("left", left.to_owned())]));
    assert_eq!(code(&mut joining, &wrong), left("2"));
    assert_eq!(code(&mut joining, &wrong), left("1"));
    assert_eq!(joining.desk.office.invitations().unwrap()[0].tries_left, 1);
    assert_eq!(code(&mut joining, &wrong).unwrap().0, "invitation_used_up");
    assert_eq!(code(&mut joining, &right).unwrap().0, "invitation_used_up");
    joining.nothing_happened();
    assert!(joining.desk.office.invitations().unwrap().is_empty());
    // It is made anew.
    let Desk { office, world, .. } = &mut joining.desk;
    joining.file = office.invite(&inviting(NAME), Inviter::Admin(&joining.system), world).unwrap().1;
    let accepted = joining.accept();
    assert_eq!(joining.code(&accepted.answer), None);
}

#[test]
fn what_cannot_be_said_is_not_put_into_an_invitation() {
    let mut joining = Joining::new();
    let code = |joining: &mut Joining, inviting: &Inviting<'_>| {
        let by = Inviter::Admin(&joining.system);
        joining.desk.office.invite(inviting, by, &joining.desk.world).err().map(|error| error.code())
    };
    let both = [Role::Auditor, Role::Drafter].into();
    for (inviting, expected) in [
        (inviting(NAME), "invitation_stands"),
        (inviting("经办示例"), "name_taken"),
        (inviting(" "), "bad_name"),
        (Inviting { post: Some("科\n员"), ..inviting("甲示例") }, "bad_name"),
        (Inviting { roles: both, ..inviting("甲示例") }, "roles_together"),
        (Inviting { days: 0, ..inviting("甲示例") }, "invitation_days"),
        (Inviting { days: 91, ..inviting("甲示例") }, "invitation_days"),
        (Inviting { days: u64::MAX, ..inviting("甲示例") }, "invitation_days"),
        (Inviting { person: Some(yinxin_record::Id([9; 16])), ..inviting("甲示例") }, "unknown_person"),
    ] {
        assert_eq!(code(&mut joining, &inviting), Some(expected), "{inviting:?}");
    }
    assert_eq!(joining.desk.office.invitations().unwrap().len(), 1);
}

/// The transaction that stores the proposal also uses the invitation: neither is
/// there without the other.
#[test]
fn a_failure_while_an_answer_is_stored_leaves_the_invitation_open() {
    let mut joining = Joining::new();
    let accepted = joining.accept();
    let db = rusqlite::Connection::open(joining.desk.path().join("yinxin.db")).unwrap();
    let fail =
        "CREATE TRIGGER fail BEFORE INSERT ON person_change BEGIN SELECT raise(ABORT, 'injected'); END";
    db.execute_batch(fail).unwrap();
    assert_eq!(joining.code(&accepted.answer), Some("database_failed"));
    joining.nothing_happened();
    assert_eq!(joining.desk.office.invitations().unwrap()[0].tries_left, 3);
    db.execute_batch("DROP TRIGGER fail").unwrap();
    assert_eq!(joining.code(&accepted.answer), None);
}

#[test]
fn name_and_post_go_with_the_invitation() {
    let mut joining = Joining::new();
    let held = |joining: &Joining| -> i64 {
        let db = rusqlite::Connection::open(joining.desk.path().join("content-keys.db")).unwrap();
        db.query_row("SELECT count(*) FROM content_key", [], |row| row.get(0)).unwrap()
    };
    let before = held(&joining);
    let nonce = joining.desk.office.invitations().unwrap()[0].invitation.nonce;
    joining.desk.office.withdraw_invitation(&nonce, Inviter::Admin(&joining.system)).unwrap();
    assert_eq!(held(&joining), before - 1);
}

#[test]
fn weak_passphrases_and_open_folders_are_refused() {
    use yinxin_office::keyring::Locking;
    let joining = Joining::new();
    let keys = joining.keys();
    let secret = passphrase("123456");
    let weak =
        Acceptance { invitation: &joining.file, keys: &keys, passphrase: &secret, locking: Locking::Secret };
    assert_eq!(accept(&weak, &elsewhere(NOW)).unwrap_err().code(), "passphrase_short");
    assert!(!keys.exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::create_dir(&keys).unwrap();
        fs::set_permissions(&keys, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(joining.accept_file(&joining.file, NOW).unwrap_err().code(), "key_folder_open");
        assert_eq!(keys.read_dir().unwrap().count(), 0);
    }
}

#[test]
fn approving_works_with_a_key_of_ones_own_folder() {
    let mut joining = Joining::new();
    let approver = Inviting { roles: [Role::Approver].into(), ..inviting("新审示例") };
    let Desk { office, world, .. } = &mut joining.desk;
    let file = office.invite(&approver, Inviter::Admin(&joining.system), world).unwrap().1;
    let accepted = joining.accept_file(&file, NOW).unwrap();
    let digits = accepted.digits.to_string();
    let taken = joining.take_as("新审示例", &accepted.answer, &digits, NOW).unwrap();
    joining.confirm(&taken);
    joining.desk.import(&[("501", "新设社区")], false);
    let keys = joining.keys();
    let Desk { office, host, world, .. } = &mut joining.desk;
    let secret = passphrase(NAME);
    let unlocked = office.unlock_in("新审示例", Duty::Approve, &secret, Some(&keys)).unwrap();
    let go_on = &mut |_, _| ControlFlow::Continue(());
    let approval = office.approve(Selection::All, &unlocked, host, world, go_on).unwrap();
    assert_eq!(approval.published.len(), 1);
}
