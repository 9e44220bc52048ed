//! Who may do what between an office and its register: everything that asks for a
//! key, done by somebody of every role.

#![allow(clippy::unwrap_used)]

#[path = "fixture/everybody.rs"]
mod everybody;
mod fixture;
#[path = "fixture/realm.rs"]
mod realm;

use std::fs;
use std::path::{Path, PathBuf};

use everybody::{CODE, REPLACED, SUSPENDED, everything};
use fixture::World;
use tempfile::TempDir;
use yinxin_ledger::policy::Policy;
use yinxin_office::people::Unlocked;
use yinxin_office::realm::{Answer, AppointmentRequest, Request};
use yinxin_office::register::{Ended, Said};
use yinxin_office::{Office, OfficeError};
use yinxin_record::Coded as _;

const ADMINS: [&str; 2] = ["系统管理员示例", "安全保密管理员示例"];

type Done = Result<(), OfficeError>;

/// Something that an admin may do, in which folder, and whether it changes that.
struct Operation {
    method: &'static str,
    place: fn(&str) -> &'static str,
    changes: bool,
    run: fn(&mut Office, &Path, &Unlocked, &World) -> Done,
}

fn waiting_for(name: &str) -> &'static str {
    if name == ADMINS[0] { "RB" } else { "RS" }
}

fn plain(folder: &Path) -> Box<Request> {
    Box::new(Request::parse(&fs::read(folder.join("plain")).unwrap()).unwrap())
}

const OPERATIONS: &[Operation] = &[
    Operation {
        method: "request",
        place: |_| "D",
        changes: false,
        run: |office, _, by, world| office.request(by, None, world).map(drop),
    },
    Operation {
        method: "join",
        place: |_| "D",
        changes: true,
        run: |office, folder, by, world| {
            let answer = Answer::parse(&fs::read(folder.join("from-register")).unwrap()).unwrap();
            let policy = Policy::parse(&fs::read_to_string(folder.join("policy")).unwrap()).unwrap();
            office.join(&answer, &policy, by, None, world).map(drop)
        },
    },
    Operation {
        method: "propose_office",
        place: |_| "R1",
        changes: true,
        run: |register, folder, by, world| {
            register.propose_office(&Said::Admitted(plain(folder)), by, world).map(drop)
        },
    },
    Operation {
        method: "propose_office",
        place: |_| "R1",
        changes: true,
        run: |register, _, by, world| {
            let ended = Ended { code: CODE.to_owned(), request: None };
            register.propose_office(&Said::Suspended(ended), by, world).map(drop)
        },
    },
    Operation {
        method: "propose_office",
        place: |_| "R1",
        changes: true,
        run: |register, folder, by, world| {
            let request = AppointmentRequest::parse(&fs::read(folder.join("appointment")).unwrap());
            register.propose_office(&Said::Appointed(Box::new(request.unwrap())), by, world).map(drop)
        },
    },
    Operation {
        method: "confirm_office",
        place: waiting_for,
        changes: true,
        run: |register, _, by, world| {
            let (host, change) = (everybody::host(register), register.office_change().unwrap().unwrap());
            register.confirm_office(&change.draft, by, &host, world).map(drop)
        },
    },
    Operation {
        method: "drop_office_change",
        place: |_| "RS",
        changes: true,
        run: |register, _, by, _| {
            let change = register.office_change().unwrap().unwrap();
            register.drop_office_change(&change.draft, by)
        },
    },
];

fn refusal(name: &str) -> Option<&'static str> {
    match name {
        _ if SUSPENDED.contains(&name) => Some("suspended"),
        _ if REPLACED.contains(&name) => Some("key_replaced"),
        _ => (!ADMINS.contains(&name)).then_some("admin_needed"),
    }
}

struct Desk {
    folder: TempDir,
    world: World,
}

impl Desk {
    fn new() -> Self {
        let (folder, world) = (TempDir::new().unwrap(), World::default());
        let mut office = everybody::found(&folder.path().join("D"), &world);
        realm::prepare(&mut office, &world, folder.path());
        everybody::suspend_and_replace(&mut office, &world);
        Self { folder, world }
    }

    /// Everybody's key at `place`, as it was unlocked before people changed there.
    fn people(&self, place: &str) -> Vec<Unlocked> {
        let office = Office::open(&self.folder.path().join(place)).unwrap();
        let names = office.people().unwrap().into_iter().map(|person| person.name);
        names
            .filter(|name| !REPLACED.contains(&name.as_str()) && name != everybody::ACTED)
            .filter_map(|name| office.sign_in(&name, &everybody::passphrase(&name)).ok())
            .collect()
    }

    /// What it comes to in a copy of `place`, and whether anything changed there.
    fn run(&self, operation: &Operation, place: &str, by: &Unlocked) -> (Done, bool) {
        let copy = TempDir::new().unwrap();
        let at: PathBuf = copy.path().join("office");
        everybody::copy(&self.folder.path().join(place), &at);
        let before = rows(&at);
        let mut office = Office::open(&at).unwrap();
        let done = (operation.run)(&mut office, self.folder.path(), by, &self.world);
        drop(office);
        (done, rows(&at) != before)
    }
}

/// What is in the databases.
fn rows(place: &Path) -> Vec<String> {
    everything(place).into_iter().filter(|line| !line.starts_with('/')).collect()
}

#[test]
fn everything_is_done_by_whoever_may_and_changes_nothing_for_others() {
    let desk = Desk::new();
    for operation in OPERATIONS {
        for name in desk.people("D").iter().map(|person| person.person.name.clone()) {
            let place = (operation.place)(&name);
            let people = desk.people(place);
            let Some(person) = people.iter().find(|person| person.person.name == name) else { continue };
            let cell = format!("{} by {name} in {place}", operation.method);
            let (done, changed) = desk.run(operation, place, person);
            let refused = done.map_err(|error| error.code()).err();
            assert_eq!(refused, refusal(&name), "{cell}");
            assert_eq!(changed, refusal(&name).is_none() && operation.changes, "{cell}");
        }
    }
}
