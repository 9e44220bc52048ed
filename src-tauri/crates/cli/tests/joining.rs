//! Joining by file and a lost computer, as commands: what is written, what is said,
//! and that a key in a folder of one's own signs.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../../office/tests/fixture/everybody.rs"]
mod everybody;

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use yinxin_commands::Machine;

const SYSTEM: &str = "系统管理员示例";
const SECURITY: &str = "安全保密管理员示例";
const PASSPHRASE: &str = "黄鹤在渡口看了三场雪";

struct Desk(TempDir);

impl Desk {
    /// Everybody's passphrase is in a file of the name.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut office = everybody::found(&folder.path().join("D"), &Machine);
        everybody::prepare(&mut office, &Machine, folder.path());
        for person in office.people().unwrap() {
            fs::write(folder.path().join(&person.name), &person.name).unwrap();
        }
        fs::write(folder.path().join("own"), PASSPHRASE).unwrap();
        Self(folder)
    }

    fn run(&self, command: &[&str]) -> (i32, Value) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_yinxin"));
        let output = program.current_dir(self.0.path()).args(command).arg("--json").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let json = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{command:?}: {said}"));
        (output.status.code().unwrap(), json)
    }

    #[track_caller]
    fn done(&self, command: &[&str]) -> Value {
        let (code, json) = self.run(command);
        assert_eq!(code, 0, "{command:?}: {json}");
        json
    }

    #[track_caller]
    fn refused(&self, command: &[&str]) -> String {
        let (code, json) = self.run(command);
        assert_eq!(code, 1, "{command:?}: {json}");
        json["errors"][0]["code"].as_str().unwrap().to_owned()
    }

    fn as_(&self, name: &'static str, command: &[&'static str]) -> Vec<&'static str> {
        [command, &["--data", "D", "--as", name, "--passphrase-file", name]].concat()
    }
}

#[test]
fn somebody_joins_by_file_and_approves_with_a_key_of_the_own_folder() {
    let desk = Desk::new();
    let invite = ["people", "invite", "--new", "许可示例", "--role", "approver", "--out", "xu.in"];
    let made = desk.done(&desk.as_(SYSTEM, &invite));
    assert_eq!(made["invitation"]["name"], "许可示例");
    let seen = desk.done(&["people", "accept", "xu.in"]);
    assert_eq!(seen["invitation"], made["invitation"]);
    assert!(!desk.0.path().join("keys").exists());
    let accept =
        ["people", "accept", "xu.in", "--keys", "keys", "--passphrase-file", "own", "--out", "xu.out"];
    let accepted = desk.done(&accept);
    let digits = accepted["digits"].as_str().unwrap();
    let take = desk.as_(SYSTEM, &["people", "take", "许可示例", "xu.out", "--digits"]);
    let with = |digits| [&take[..5], &[digits], &take[5..]].concat();
    assert_eq!(desk.refused(&with("0000 0000 0000 0000 0000")), "digits_other");
    assert_eq!(desk.refused(&with("12")), "digits_not_twenty");
    assert_eq!(desk.done(&with(digits))["digits"].as_str(), Some(digits));
    assert_eq!(desk.refused(&with(digits)), "invitation_used");
    desk.done(&desk.as_(SECURITY, &["people", "confirm", "许可示例"]));
    let approve =
        ["approve", "--data", "D", "--as", "许可示例", "--passphrase-file", "own", "--keys", "keys", "--all"];
    desk.done(&approve);
    assert_eq!(desk.refused(&[&approve[..7], &["--all"]].concat()), "key_file_missing");
}

#[test]
fn files_that_are_no_invitations_are_refused_however_long() {
    let desk = Desk::new();
    for bytes in [Vec::new(), vec![0xab; 100], vec![0; 8 << 20]] {
        fs::write(desk.0.path().join("bad"), bytes).unwrap();
        assert_eq!(desk.refused(&["people", "accept", "bad"]), "invitation_unreadable");
        let take = desk.as_(SYSTEM, &["people", "take", "受邀示例", "bad", "--digits", "1"]);
        assert_eq!(desk.refused(&take), "answer_unreadable");
    }
    let withdraw = desk.as_(SYSTEM, &["people", "withdraw-invitation", "受邀示例"]);
    desk.done(&withdraw);
    assert_eq!(desk.refused(&withdraw), "no_such_invitation");
    let listed = desk.done(&["people", "invitations", "--data", "D"]);
    assert_eq!(listed["invitations"].as_array().unwrap().len(), 0);
}

#[test]
fn a_lost_computer_is_one_command_and_one_confirmation() {
    let desk = Desk::new();
    let last = desk.as_(SYSTEM, &["people", "lost", "经办人示例", SECURITY]);
    assert_eq!(desk.refused(&last), "violation_last_admin");
    let lost = desk.as_(SYSTEM, &["people", "lost", "经办人示例", "审批人示例"]);
    let proposed = desk.done(&lost);
    assert_eq!(proposed["changes"].as_array().unwrap().len(), 2);
    let confirmed = desk.done(&desk.as_(SECURITY, &["people", "confirm", "经办人示例", "审批人示例"]));
    let people = confirmed["people"].as_array().unwrap();
    assert!(people.len() == 2 && people.iter().all(|person| person["suspended"] == true), "{confirmed}");
    // What waited for a review, and what waited for an approval.
    assert_eq!(confirmed["returned"].as_array().unwrap().len(), 2);
}
