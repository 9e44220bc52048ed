//! Who may give which command: every command that asks who acts, given by somebody
//! of every role. Whoever may, does it; whoever may not is refused by name, and
//! nothing in the data folder changes.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../office/tests/fixture/everybody.rs"]
mod everybody;
#[path = "../../office/tests/fixture/realm.rs"]
mod realm;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use everybody::{ACTED, CODE, INVITED, REPLACED, Work, everything};
use serde_json::Value;
use tempfile::TempDir;
use yinxin_cli::who::{COMMANDS, Needs};
use yinxin_commands::Machine;
use yinxin_office::Office;
use yinxin_office::duty::Duty;
use yinxin_office::people::Person;
use yinxin_office::step::Step;
use yinxin_record::roster::Role;

/// What a command ends with that did what was asked.
const DONE: i32 = 0;
/// What a command ends with that did nothing.
const FAILED: i32 = 1;

/// A folder with an office, `D`, and with passphrases in files named after people.
struct Desk {
    folder: TempDir,
    work: Work,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut office = everybody::found(&folder.path().join("D"), &Machine);
        realm::prepare(&mut office, &Machine, folder.path());
        everybody::suspend_and_replace(&mut office, &Machine);
        let work = everybody::prepare(&mut office, &Machine, folder.path());
        for person in office.people().unwrap() {
            fs::write(folder.path().join(&person.name), &person.name).unwrap();
        }
        fs::write(folder.path().join("new"), "黄鹤在渡口看了三场雪").unwrap();
        Self { folder, work }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("D")
    }

    /// Its exit code, and the code of what went wrong.
    fn run(&self, data: &str, command: &str, name: &str) -> (i32, Option<String>) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_yinxin"));
        program.current_dir(self.folder.path()).args(command.split(' ')).arg("--json");
        program.args(["--data", data, "--as", name, "--passphrase-file", name]);
        let output = program.args(self.details(command, name)).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let json: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{command}: {said}"));
        (output.status.code().unwrap(), json["errors"][0]["code"].as_str().map(str::to_owned))
    }

    /// What a command is given besides who acts.
    fn details(&self, command: &str, name: &str) -> Vec<String> {
        let (work, text) = (&self.work, str::to_owned);
        match command {
            "import" => vec![text("--template"), text("community"), work.sheet.display().to_string()],
            "approve" | "review" => vec![text("--all")],
            "return" => vec![work.to_return(name).to_string(), text("--reason"), text("理由")],
            "withdraw" | "erase" => vec![work.published.to_string(), text("--reason"), text("理由")],
            "amend" => vec![work.published.to_string(), text("--set"), text("village=改名社区")],
            "people propose" => vec![text("经办人示例"), text("--post"), text("科长")],
            "people invite" => ["--new", "新人示例", "--role", "drafter", "--out", "made"].map(text).to_vec(),
            "people withdraw-invitation" => vec![text(INVITED)],
            "people take" => {
                let answer = work.invited.answer.display().to_string();
                vec![text(INVITED), answer, text("--digits"), work.invited.digits.clone()]
            }
            "people lost" => vec![text("经办人示例"), text("审核人示例")],
            "people confirm" => vec![work.to_confirm(name).0.clone()],
            "people drop" => vec![work.by_system.0.clone()],
            "office request" => vec![text("--out"), text("asked")],
            "office join" => vec![text("from-register"), text("--policy"), text("policy")],
            "register admit" | "register readmit" => vec![text("plain")],
            "register rotate" => vec![text("keys")],
            "register reappoint" => vec![text("appointment")],
            "register suspend" | "register confirm" | "register drop" => vec![text(CODE)],
            "register succeed" => vec![text(CODE), text("--by"), text(realm::OTHER)],
            "keys passphrase" => vec![text("--new-passphrase-file"), text("new")],
            other => panic!("{other} asks who acts, and is not tried"),
        }
    }

    /// The same in a copy, and whether anything changed there.
    fn run_in_a_copy(&self, command: &str, name: &str) -> ((i32, Option<String>), bool) {
        let copy = self.folder.path().join("copy");
        everybody::copy(&self.folder.path().join(place(command, name)), &copy);
        let before = everything(&copy);
        let ran = self.run("copy", command, name);
        let changed = everything(&copy) != before;
        fs::remove_dir_all(copy).unwrap();
        (ran, changed)
    }
}

/// The data folder in which there is something to do for a command.
fn place(command: &str, name: &str) -> &'static str {
    match command {
        "register readmit" => "R2",
        "register confirm" if name == everybody::name_of(Role::SystemAdmin) => "RB",
        "register confirm" | "register drop" => "RS",
        _ if command.starts_with("register") => "R1",
        _ => "D",
    }
}

/// What somebody is told who may not give a command that asks for `duty`.
fn refusal(duty: Duty, person: &Person) -> Option<&'static str> {
    if person.suspended {
        return Some("suspended");
    }
    let acts = duty.is_for_acting() && person.member.acting.is_some();
    let holds = duty.roles().iter().any(|role| person.member.roles.contains(role));
    match duty.roles() {
        // The old passphrase opens no key that counts.
        _ if acts || holds => REPLACED.contains(&person.name.as_str()).then_some("wrong_passphrase"),
        _ if duty == Duty::Review => Some("reviewer_needed"),
        _ if duty == Duty::Return => Some("signer_needed"),
        [_] => Some("role_needed"),
        _ => Some("admin_needed"),
    }
}

#[test]
fn every_command_is_for_whom_it_is_declared() {
    let desk = Desk::new();
    let people = Office::read(&desk.data()).unwrap().people().unwrap();
    let before = everything(&desk.data());
    for (command, needs) in COMMANDS {
        let Needs::Person(duty) = needs else { continue };
        for person in people.iter().filter(|person| person.name != ACTED) {
            let cell = format!("{command} by {}", person.name);
            if let Some(code) = refusal(*duty, person) {
                let ran = desk.run(place(command, &person.name), command, &person.name);
                assert_eq!(ran, (FAILED, Some(code.to_owned())), "{cell}");
                assert!(everything(&desk.data()) == before, "{cell} changed something");
            } else {
                let (ran, changed) = desk.run_in_a_copy(command, &person.name);
                // What an office asks for is in a file, and changes nothing.
                let changes = *command != "office request";
                assert_eq!((ran, changed), ((DONE, None), changes), "{cell}");
            }
        }
    }
}

#[test]
fn whose_time_as_acting_approver_is_over_neither_approves_nor_returns() {
    let desk = Desk::new();
    assert_eq!(desk.run("D", "approve", ACTED), (FAILED, None));
    let not_acting = Some("violation_not_acting".to_owned());
    assert_eq!(desk.run("D", "return", ACTED), (FAILED, not_acting));
    assert_eq!(Office::read(&desk.data()).unwrap().inbox_of(Step::Approve, None, 10).unwrap().total, 1);
}
