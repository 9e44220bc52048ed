//! Who may ask for which command: every command, asked for by somebody of every
//! role. Whoever may gets past the question who asks; others are refused by name,
//! and nothing of the office changes.

#![allow(clippy::unwrap_used)]

#[path = "../../office/tests/fixture/everybody.rs"]
mod everybody;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use everybody::{ACTED, ACTING, REPLACED, SUSPENDED, everything};
use serde_json::{Value, json};
use tempfile::TempDir;
use yinxin_commands::{COMMANDS, Command, Desk, Home, Machine, WhoMay};
use yinxin_office::Office;
use yinxin_office::duty::Duty;
use yinxin_record::roster::Role;

/// A passphrase that may be taken.
const STRONG: &str = "东湖边的柳树下有三只鸭子";

/// What somebody is told who may not ask.
const REFUSALS: [&str; 7] = [
    "locked",
    "role_needed",
    "admin_needed",
    "reviewer_needed",
    "signer_needed",
    "suspended",
    "key_replaced",
];

struct Seat {
    folder: TempDir,
    desk: Desk,
}

impl Seat {
    /// A desk at which an office with somebody of every role is open.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut office = everybody::found(&folder.path().join("office"), &Machine);
        everybody::prepare(&mut office, &Machine, folder.path());
        // No practice city is built where something is.
        std::fs::create_dir(folder.path().join("practice")).unwrap();
        std::fs::write(folder.path().join("practice/taken"), "").unwrap();
        let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
        Self { folder, desk }
    }

    fn office(&self) -> PathBuf {
        self.folder.path().join("office")
    }

    /// The code with which a command fails, if it does. What it starts has ended
    /// then: an audit notes when it was made.
    fn ask(&self, command: &str, request: &Value) -> Option<String> {
        let answer = match self.desk.call(command, request.to_string().as_bytes()) {
            Ok(answer) => answer,
            Err(failure) => return Some(failure.code),
        };
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        if answer["state"] == "running" {
            std::thread::sleep(Duration::from_millis(5));
            return self.ask("job", &json!({"id": answer["id"]}));
        }
        None
    }

    fn sit_down(&self, person: Option<&str>) {
        assert_eq!(self.ask("office_open", &json!({"id": "office"})), None);
        if let Some(name) = person {
            assert_eq!(self.ask("unlock", &json!({"name": name, "passphrase": name})), None, "{name}");
        }
    }

    /// Asks for a command; whoever is `refused` changes nothing.
    #[track_caller]
    fn tries(&self, command: &Command, whose: &str, refused: Option<&str>) {
        let before = refused.map(|_| everything(&self.office()));
        let code = self.ask(command.name, &request_of(command.name));
        let cell = format!("{} asked by {whose}", command.name);
        assert_ne!(code.as_deref(), Some("bad_request"), "{cell}");
        let refusal = code.as_deref().filter(|code| REFUSALS.contains(code));
        assert_eq!(refusal, refused, "{cell}");
        if let Some(before) = before {
            assert!(everything(&self.office()) == before, "{cell} changed something");
        }
    }
}

/// What somebody with these roles is told who asks for a command.
fn refusal(who: WhoMay, roles: &[Role], acts: bool) -> Option<&'static str> {
    let WhoMay::May(duty) = who else { return None };
    let may = (acts && duty.is_for_acting()) || roles.iter().any(|role| duty.roles().contains(role));
    let code = match duty {
        Duty::Review => "reviewer_needed",
        Duty::Return => "signer_needed",
        _ if duty.roles().len() == 1 => "role_needed",
        _ => "admin_needed",
    };
    (!may).then_some(code)
}

fn request_of(command: &str) -> Value {
    let id = "00112233445566778899aabbccddeeff";
    let invite = json!({"name": "甲", "post": null, "roles": ["drafter"], "days": 14});
    let answer = json!({"name": "甲", "file": "x", "digits": "1"});
    match command {
        "settings_save" => json!({"language": "zh-CN", "zoom": 100, "theme": "light"}),
        "key_folder_choose" => json!({"folder": null}),
        "office_create" => {
            json!({"realm": "wuhan", "name": "甲", "code": "x", "passphrase": STRONG, "unattended": true, "register": false})
        }
        "office_open" => json!({"id": "nowhere"}),
        "people_add" => {
            json!({"name": "甲", "post": null, "roles": [], "passphrase": STRONG, "host_passphrase": "x"})
        }
        "change_propose" => {
            json!({"name": "甲", "post": null, "roles": ["drafter"], "suspended": false})
        }
        "change_confirm" | "change_drop" => json!({"drafts": ["00".repeat(32)]}),
        "people_lost" => json!({"people": [id]}),
        "invite" => invite,
        "founding_invite" => json!({"invite": invite, "host_passphrase": "x"}),
        "invitation_withdraw" => json!({"nonce": id}),
        "founding_withdraw" => json!({"nonce": id, "host_passphrase": "x"}),
        "answer_take" => answer,
        "founding_take" => json!({"answer": answer, "host_passphrase": "x"}),
        "invitation_read" => json!({"file": "x"}),
        "invitation_accept" => json!({"file": "x", "passphrase": STRONG}),
        "realm_request" => json!({"host_passphrase": null}),
        "realm_join" => json!({"answer": "x", "policy": "x", "host_passphrase": null}),
        "officer_request" => {
            json!({"name": "甲", "post": null, "role": "auditor", "passphrase": "x", "own": true, "lender": null})
        }
        "officer_take" => json!({"warrant": "x", "passphrase": "x", "host_passphrase": null}),
        "register_propose" => json!({"request": "x", "asking": "admit"}),
        "register_suspend" => json!({"code": everybody::CODE, "successors": [], "request": null}),
        "register_confirm" => json!({"draft": "00".repeat(32), "host_passphrase": null}),
        "register_drop" => json!({"draft": "00".repeat(32)}),
        "register_answer" | "register_warrant" => json!({"code": everybody::CODE}),
        "recovery_make" => json!({"host_passphrase": "x"}),
        "recovery_use" => json!({"sheet": {"code": "x"}, "passphrase": STRONG}),
        "recovery_check" => json!({"code": "x"}),
        "here" => json!({"active": false}),
        "passphrase_change" => json!({"host": false, "old": "x", "new": STRONG}),
        "passphrase_judge" => json!({"passphrase": "x", "names": []}),
        "unlock" => json!({"name": "nobody", "passphrase": "x"}),
        "records" | "waiting" => json!({"limit": 1}),
        "record" | "form" | "form_discard" | "form_submit" | "take_back" => json!({"id": id}),
        "form_begin" => json!({"template": "community"}),
        "form_save" => json!({"id": id, "cells": {}}),
        "withdraw" | "erase" | "return_to_drafter" => json!({"record": id, "reason": "理由"}),
        "approve" | "review" => json!({"items": []}),
        "import_plan" => json!({"file": "x", "template": "community"}),
        "import_new" | "import_changed" | "import_problems" => json!({"plan": 1, "after": null, "limit": 10}),
        "import_submit" => json!({"plan": 1, "amend": false}),
        "import_error_sheet" => json!({"plan": 1, "heading": "x", "notes": {}}),
        "export" => json!({"record": id}),
        "verify" => json!({"file": "x", "own_ledgers": false}),
        "job" | "job_cancel" => json!({"id": 9_999}),
        _ => json!({}),
    }
}

#[test]
fn every_command_is_for_whom_it_is_declared() {
    let seat = Seat::new();
    let acting = [ACTING, ACTED].map(|name| (name.to_owned(), Role::Reviewer, true));
    let people = Role::ALL.into_iter().map(|role| (everybody::name_of(role), role, false));
    for (name, role, acts) in people.chain(acting) {
        for command in COMMANDS {
            seat.sit_down(Some(&name));
            seat.tries(command, &name, refusal(command.who, &[role], acts));
        }
    }
}

#[test]
fn whoever_sits_nowhere_is_asked_to_unlock() {
    let seat = Seat::new();
    for command in COMMANDS {
        seat.sit_down(None);
        let refused = (command.who != WhoMay::Anyone).then_some("locked");
        seat.tries(command, "nobody", refused);
    }
}

#[test]
fn whoever_is_suspended_or_has_another_key_by_now_asks_for_nothing() {
    for (names, code) in [(SUSPENDED, "suspended"), (REPLACED, "key_replaced")] {
        for name in names {
            let seat = Seat::new();
            seat.sit_down(Some(name));
            let mut office = Office::open(&seat.office()).unwrap();
            everybody::suspend_and_replace(&mut office, &Machine);
            // What needs nobody comes last: it may end the sitting.
            let (anyone, others): (Vec<_>, Vec<_>) =
                COMMANDS.iter().partition(|command| command.who == WhoMay::Anyone);
            others.into_iter().for_each(|command| seat.tries(command, name, Some(code)));
            anyone.into_iter().for_each(|command| seat.tries(command, name, None));
        }
    }
}
