//! Who may do what: everything that asks for a key, done by somebody of every
//! role. Whoever may, does it; whoever may not is refused by name, and nothing
//! changes. Who may is written out here, so that a declaration that changes is seen.

#![allow(clippy::unwrap_used)]

#[path = "fixture/everybody.rs"]
mod everybody;
mod fixture;

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use everybody::{ACTED, ACTING, INVITED, NEW, REPLACED, SUSPENDED, Work, everything, passphrase};
use fixture::World;
use tempfile::TempDir;
use yinxin_office::import::Limits;
use yinxin_office::keyring::Locking;
use yinxin_office::passphrase_change::PassphraseChange;
use yinxin_office::people::{Anew, Inviter, Inviting, Taking, Unlocked};
use yinxin_office::step::Step;
use yinxin_office::{Office, OfficeError, Selection};
use yinxin_record::Coded as _;
use yinxin_record::roster::Role;
use yinxin_record::rules::Violation;

const DRAFTER: &[&str] = &["经办人示例"];
const APPROVERS: &[&str] = &["审批人示例", ACTING];
const REVIEWERS: &[&str] = &["审核人示例", "保密审查员示例", ACTING];
const RETURNING: &[&str] = &["审核人示例", "审批人示例", "保密审查员示例", ACTING];
const ADMINS: &[&str] = &["系统管理员示例", "安全保密管理员示例"];

type Done = Result<(), OfficeError>;

/// Something that asks for a key.
struct Operation {
    method: &'static str,
    may: &'static [&'static str],
    refusal: &'static str,
    run: fn(&mut Office, &Work, &Unlocked, &World) -> Done,
}

const fn of_drafter(
    method: &'static str,
    run: fn(&mut Office, &Work, &Unlocked, &World) -> Done,
) -> Operation {
    Operation { method, may: DRAFTER, refusal: "role_needed", run }
}

const fn of_approver(
    method: &'static str,
    run: fn(&mut Office, &Work, &Unlocked, &World) -> Done,
) -> Operation {
    Operation { method, may: APPROVERS, refusal: "role_needed", run }
}

const fn of_admin(method: &'static str, run: fn(&mut Office, &Work, &Unlocked, &World) -> Done) -> Operation {
    Operation { method, may: ADMINS, refusal: "admin_needed", run }
}

const OPERATIONS: &[Operation] = &[
    of_drafter("import", |office, work, by, world| {
        let plan = office.plan_import("community", &work.sheet, &Limits::default()).unwrap();
        office.import(&plan, false, by, world, &mut |_| ControlFlow::Continue(()))?.whole().map(drop)
    }),
    of_drafter("amend", |office, work, by, world| {
        office.amend(&work.published, &["village=改名社区".to_owned()], by, world)
    }),
    of_drafter("begin_form", |office, _, by, world| {
        office.begin_form("community", None, by, world).map(drop)
    }),
    of_drafter("save_form", |office, work, by, world| {
        office.save_form(&work.form, &[].into(), None, by, world).map(drop)
    }),
    of_drafter("submit_form", |office, work, by, world| office.submit_form(&work.form, by, world).map(drop)),
    of_drafter("discard_form", |office, work, by, _| office.discard_form(&work.form, by)),
    of_drafter("withdraw", |office, work, by, world| office.withdraw(&work.published, "理由", by, world)),
    of_drafter("erase", |office, work, by, world| office.erase(&work.published, "理由", by, world)),
    of_drafter("take_back", |office, work, by, _| office.take_back(&work.returned, by)),
    of_approver("approve", |office, _, by, world| {
        let (host, go_on) = (everybody::host(office), &mut |_, _| ControlFlow::Continue(()));
        office.approve(Selection::All, by, &host, world, go_on)?.whole().map(drop)
    }),
    Operation {
        method: "review",
        may: REVIEWERS,
        refusal: "reviewer_needed",
        run: |office, _, by, world| {
            let go_on = &mut |_, _| ControlFlow::Continue(());
            office.review(Selection::All, by, world, go_on)?.whole().map(drop)
        },
    },
    Operation {
        method: "return_submission",
        may: RETURNING,
        refusal: "signer_needed",
        run: |office, work, by, world| {
            office.return_submission(&work.to_return(&by.person.name), None, "理由", by, world)
        },
    },
    of_admin("propose", |office, _, by, world| {
        let person = office.person("经办人示例")?;
        let anew = Anew { post: Some("科长"), ..Anew::of(&person) };
        office.propose(Some(&person.id), &anew, by, world).map(drop)
    }),
    of_admin("invite", |office, _, by, world| {
        let inviting =
            Inviting {
                person: None, name: "新人示例", post: None, roles: [Role::Drafter].into(), days: 14
            };
        office.invite(&inviting, Inviter::Admin(by), world).map(drop)
    }),
    of_admin("take_answer", |office, work, by, world| {
        let answer = fs::read(&work.invited.answer).unwrap();
        let taking = Taking { name: INVITED, answer: &answer, digits: &work.invited.digits };
        office.take_answer(&taking, Inviter::Admin(by), world).map(drop)
    }),
    of_admin("withdraw_invitation", |office, work, by, _| {
        office.withdraw_invitation(&work.invited.nonce, Inviter::Admin(by))
    }),
    of_admin("confirm", |office, work, by, world| {
        let host = everybody::host(office);
        office.confirm(&work.to_confirm(&by.person.name).1, by, &host, world).map(drop)
    }),
    of_admin("confirm_all", |office, work, by, world| {
        let host = everybody::host(office);
        office.confirm_all(&[work.to_confirm(&by.person.name).1], by, &host, world).map(drop)
    }),
    of_admin("propose_lost", |office, _, by, world| {
        let lost = [office.person("经办人示例")?.id, office.person("审核人示例")?.id];
        office.propose_lost(&lost, by, world).map(drop)
    }),
    of_admin("drop_changes", |office, work, by, _| office.drop_changes(&[work.by_system.1], by)),
    of_admin("drop_change", |office, work, by, _| office.drop_change(&work.by_system.1, by)),
];

/// Asks for a key only to tell what is its owner's.
const READING: &[&str] = &["forms", "count_forms", "form", "person_now"];

/// Tried in `roles_in_realm.rs`.
const IN_REALM: &[&str] = &["request", "join", "propose_office", "confirm_office", "drop_office_change"];

struct Desk {
    folder: TempDir,
    office: Office,
    world: World,
    work: Work,
    people: Vec<Unlocked>,
}

impl Desk {
    /// Everybody has unlocked; then some are suspended, and some have another key.
    fn new() -> Self {
        let (folder, world) = (TempDir::new().unwrap(), World::default());
        let mut office = everybody::found(&folder.path().join("office"), &world);
        let others = SUSPENDED.into_iter().chain(REPLACED).map(str::to_owned);
        let names = everybody::active().into_iter().chain(others);
        let people = names.map(|name| everybody::sign_in(&office, &name)).collect();
        everybody::suspend_and_replace(&mut office, &world);
        let work = everybody::prepare(&mut office, &world, folder.path());
        Self { folder, office, world, work, people }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("office")
    }

    /// What `person` comes to in a copy of the office.
    fn in_a_copy(&self, operation: &Operation, person: &Unlocked) -> (Done, bool) {
        let (folder, before) = (TempDir::new().unwrap(), everything(&self.path()));
        let place = folder.path().join("office");
        everybody::copy(&self.path(), &place);
        let mut office = Office::open(&place).unwrap();
        let done = (operation.run)(&mut office, &self.work, person, &self.world);
        (done, rows_of(&everything(&place)) != rows_of(&before))
    }
}

/// What is in the databases.
fn rows_of(everything: &[String]) -> BTreeSet<&String> {
    everything.iter().filter(|line| !line.starts_with('/')).collect()
}

fn refusal(operation: &Operation, name: &str) -> Option<&'static str> {
    match name {
        _ if SUSPENDED.contains(&name) => Some("suspended"),
        _ if REPLACED.contains(&name) => Some("key_replaced"),
        _ => (!operation.may.contains(&name)).then_some(operation.refusal),
    }
}

#[test]
fn everything_is_done_by_whoever_may_and_changes_nothing_for_others() {
    let mut desk = Desk::new();
    let people = std::mem::take(&mut desk.people);
    let before = everything(&desk.path());
    for operation in OPERATIONS {
        for person in &people {
            let cell = format!("{} by {}", operation.method, person.person.name);
            if let Some(code) = refusal(operation, &person.person.name) {
                let refused = (operation.run)(&mut desk.office, &desk.work, person, &desk.world);
                assert_eq!(refused.map_err(|error| error.code()), Err(code), "{cell}");
                assert!(everything(&desk.path()) == before, "{cell} changed something");
            } else {
                let (done, changed) = desk.in_a_copy(operation, person);
                assert!(done.is_ok() && changed, "{cell}: {done:?}, changed {changed}");
            }
        }
    }
}

#[test]
fn reading_ones_own_changes_nothing_and_tells_nothing_of_others() {
    let desk = Desk::new();
    let before = everything(&desk.path());
    for person in &desk.people {
        let name = person.person.name.as_str();
        let own = usize::from(DRAFTER.contains(&name));
        assert_eq!(desk.office.forms(person).unwrap().len(), own, "{name}");
        assert_eq!(desk.office.count_forms(person).unwrap(), own, "{name}");
        assert_eq!(desk.office.form(&desk.work.form, person).is_ok(), own == 1, "{name}");
        assert_eq!(desk.office.person_now(person).is_ok(), !REPLACED.contains(&name), "{name}");
    }
    assert!(everything(&desk.path()) == before);
}

#[test]
fn everybody_changes_the_own_passphrase_but_who_is_suspended() {
    let desk = Desk::new();
    let new = passphrase("新的口令");
    for person in &desk.people {
        let name = person.person.name.as_str();
        let before = everything(&desk.path());
        let old = passphrase(if REPLACED.contains(&name) { NEW } else { name });
        let change = PassphraseChange { old: &old, new: &new, locking: Locking::Public };
        let changed = desk.office.change_passphrase(name, &change);
        if SUSPENDED.contains(&name) {
            assert!(matches!(changed, Err(OfficeError::Suspended(_))), "{name}: {changed:?}");
            assert!(everything(&desk.path()) == before, "{name}");
        } else {
            changed.unwrap();
            desk.office.sign_in(name, &new).unwrap();
        }
    }
}

/// Approving is judged by the ledger rules, record by record; returning is not
/// signed, so it must be judged by itself.
#[test]
fn whose_time_as_acting_approver_is_over_neither_approves_nor_returns() {
    let mut desk = Desk::new();
    let acted = everybody::sign_in(&desk.office, ACTED);
    let before = everything(&desk.path());
    let (host, go_on) = (everybody::host(&desk.office), &mut |_, _| ControlFlow::Continue(()));
    let approval = desk.office.approve(Selection::All, &acted, &host, &desk.world, go_on).unwrap();
    assert!(matches!(approval.refused[..], [(_, OfficeError::Rule(Violation::NotActing))]), "{approval:?}");
    let waiting = desk.work.waiting;
    let returned = desk.office.return_submission(&waiting, None, "理由", &acted, &desk.world);
    assert!(matches!(returned, Err(OfficeError::Rule(Violation::NotActing))), "{returned:?}");
    // Why it was refused is noted beside what waits; nothing else is.
    let after = everything(&desk.path());
    let changed: Vec<_> = after.iter().zip(&before).filter(|(after, before)| after != before).collect();
    assert!(changed.iter().all(|(after, _)| after.starts_with("submission ")), "{changed:?}");
    assert_eq!(desk.office.inbox_of(Step::Approve, None, 10).unwrap().total, 1);
}

/// Every public method that takes an unlocked key is tried above.
#[test]
fn no_method_that_asks_for_a_key_is_forgotten() {
    let mut found = BTreeSet::new();
    methods_asking_for_a_key(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let tried = OPERATIONS.iter().map(|operation| operation.method);
    let tried = tried.chain(READING.iter().copied()).chain(IN_REALM.iter().copied());
    assert_eq!(found, tried.map(str::to_owned).collect());
}

fn methods_asking_for_a_key(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            methods_asking_for_a_key(&path, found);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for declared in source.split("pub fn ").skip(1) {
            let signature = declared.split('{').next().unwrap_or_default();
            if ["&Unlocked", "Inviter<"].iter().any(|asks| signature.contains(asks)) {
                found.extend(signature.split(['(', '<']).next().map(str::to_owned));
            }
        }
    }
}
