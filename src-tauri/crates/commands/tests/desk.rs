//! The desk: the main job through commands alone, and what hostile requests come to.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use yinxin_commands::{Desk, FileKind, Home, Machine};

struct Practice {
    folder: TempDir,
    desk: Desk,
}

impl Practice {
    /// A practice city with civil affairs open.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
        let practice = Self { folder, desk };
        practice.job(&practice.ask("practice_build", &json!({})).unwrap());
        practice.ask("office_open", &json!({"id": "practice/civil-affairs"})).unwrap();
        practice
    }

    fn ask(&self, command: &str, request: &Value) -> Result<Value, String> {
        match self.desk.call(command, request.to_string().as_bytes()) {
            Ok(response) => Ok(serde_json::from_slice(&response).unwrap()),
            Err(failure) => Err(failure.code),
        }
    }

    fn unlock(&self, name: &str, passphrase: &str) {
        self.ask("unlock", &json!({"name": name, "passphrase": passphrase})).unwrap();
    }

    /// Waits for a job and gives what it came to.
    fn job(&self, started: &Value) -> Value {
        loop {
            let job = self.ask("job", &json!({"id": started["id"]})).unwrap();
            match job["state"].as_str().unwrap() {
                "running" => std::thread::sleep(Duration::from_millis(20)),
                "done" => return job["result"]["is"].clone(),
                other => panic!("{other}: {job}"),
            }
        }
    }
}

/// A passphrase that may be taken.
const STRONG: &str = "东湖边的柳树下有三只鸭子";

#[test]
fn a_record_is_typed_submitted_approved_exported_and_verified() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    let form = practice.ask("form_begin", &json!({"template": "community"})).unwrap();
    let mut cells = form["cells"].clone();
    for (key, text) in [
        ("village_code", "420102002950"),
        ("village", "示例社区"),
        ("town_code", "420102002"),
        ("town", "大智街道"),
        ("county_code", "420102"),
        ("county", "江岸区"),
        ("city_code", "4201"),
        ("province_code", "42"),
        ("province", "湖北省"),
    ] {
        cells[key] = json!(text);
    }
    let saved = practice.ask("form_save", &json!({"id": form["id"], "cells": cells})).unwrap();
    assert_eq!(saved["problems"], json!([]));
    let record = practice.ask("form_submit", &json!({"id": form["id"]})).unwrap()["record"].clone();
    practice.unlock("李四示例", "practice-lisi");
    let page = practice.ask("waiting", &json!({"limit": 500})).unwrap();
    let waiting = page["waiting"].as_array().unwrap();
    let mine = waiting.iter().find(|waiting| waiting["record"] == record).unwrap();
    let items = json!([{"record": mine["record"], "draft": mine["draft"]}]);
    let approved = practice.job(&practice.ask("approve", &json!({"items": items})).unwrap());
    assert_eq!(approved, json!({"published": 1, "refused": [], "left": 0, "failed": null}));
    let file = practice.ask("export", &json!({"record": record})).unwrap();
    let verify = json!({"file": file["token"], "own_ledgers": true});
    let report = practice.ask("verify", &verify).unwrap();
    assert_eq!(report["verdict"], "genuine");
    assert_eq!(report["proved"]["practice"], true);
    let policy = practice.ask("policy", &json!({})).unwrap();
    let by_policy = json!({"file": file["token"], "policy": policy["token"], "own_ledgers": false});
    assert_eq!(practice.ask("verify", &by_policy).unwrap()["verdict"], "genuine");
    let audit = practice.job(&practice.ask("audit", &json!({})).unwrap());
    assert_eq!(audit["found"], 0);
    let overview = practice.ask("overview", &json!({})).unwrap();
    assert_eq!(overview["audit"]["entries"], audit["entries"]);
}

#[test]
fn hostile_requests_are_refused_by_name() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    for (command, request, code) in [
        ("nothing", json!({}), "unknown_command"),
        ("records", json!({"limit": -1}), "bad_request"),
        ("records", json!({"limit": 1, "state": "lost"}), "bad_request"),
        ("records", json!({"limit": 1, "after": "x' OR 1=1"}), "bad_cursor"),
        ("record", json!({"id": "../../etc/passwd"}), "no_such_record"),
        ("record", json!([]), "bad_request"),
        ("office_open", json!({"id": "../../etc"}), "no_office"),
        ("verify", json!({"file": "/etc/passwd", "own_ledgers": true}), "no_such_file"),
        ("settings_save", json!({"language": "fr", "zoom": 100, "theme": "light"}), "bad_settings"),
        ("settings_save", json!({"language": "en", "zoom": 9_999, "theme": "light"}), "bad_settings"),
    ] {
        assert_eq!(practice.ask(command, &request), Err(code.to_owned()), "{command} {request}");
    }
    assert_eq!(practice.desk.call("records", b"{").unwrap_err().code, "bad_request");
}

#[test]
fn wrong_passphrases_cost_time() {
    let practice = Practice::new();
    let wrong = json!({"name": "李四示例", "passphrase": "practice-wrong"});
    for _ in 0..3 {
        assert_eq!(practice.ask("unlock", &wrong), Err("wrong_passphrase".to_owned()));
    }
    let right = json!({"name": "李四示例", "passphrase": "practice-lisi"});
    assert_eq!(practice.ask("unlock", &right), Err("wait_after_wrong".to_owned()));
    // Others need not wait.
    practice.unlock("张三示例", "practice-zhangsan");
}

#[test]
fn a_job_that_has_ended_says_so_and_unknown_ones_are_refused() {
    let practice = Practice::new();
    let again = practice.ask("practice_build", &json!({})).unwrap();
    let ended = loop {
        let job = practice.ask("job", &json!({"id": again["id"]})).unwrap();
        if job["state"] != "running" {
            break job;
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    assert_eq!((&ended["state"], &ended["failure"]["code"]), (&json!("failed"), &json!("folder_taken")));
    assert_eq!(practice.ask("job_cancel", &json!({"id": again["id"]})).unwrap()["state"], "failed");
    assert_eq!(practice.ask("job", &json!({"id": 77})), Err("no_such_job".to_owned()));
}

#[test]
fn an_office_that_cannot_be_opened_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let office = folder.path().join("office");
    std::fs::create_dir(&office).unwrap();
    std::fs::write(office.join("yinxin.db"), "no database at all").unwrap();
    let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
    let greeting: Value = serde_json::from_slice(&desk.call("hello", b"{}").unwrap()).unwrap();
    assert_eq!(greeting["offices"], json!([]));
    assert_eq!(greeting["closed"][0]["id"], "office");
    assert_eq!(greeting["closed"][0]["folder"], office.display().to_string());
    let refused = desk.call("office_open", br#"{"id": "office"}"#).unwrap_err();
    assert_eq!(greeting["closed"][0]["failure"]["code"], refused.code);
}

/// Unlocking takes its time; meanwhile another office may be opened.
#[test]
fn whoever_unlocks_sits_in_that_office_or_nowhere() {
    let practice = Practice::new();
    for _ in 0..60 {
        practice.ask("office_open", &json!({"id": "practice/civil-affairs"})).unwrap();
        let person = json!({"name": "张三示例", "passphrase": "practice-zhangsan"});
        std::thread::scope(|scope| {
            scope.spawn(|| practice.ask("unlock", &person));
            scope.spawn(|| practice.ask("office_open", &json!({"id": "practice/data-bureau"})));
        });
        let greeting = practice.ask("hello", &json!({})).unwrap();
        if greeting["session"] != Value::Null {
            assert_eq!(greeting["office"]["id"], "practice/civil-affairs");
        }
    }
}

const SHEET: &str = "village_code,village,town_code,town,county_code,county,city_code,province_code,province
42010200295,示例社区,420102002,大智街道,420102,江岸区,4201,42,湖北省
";

#[test]
fn what_came_of_a_job_is_for_whoever_began_it() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    let sheet = practice.folder.path().join("sheet.csv");
    std::fs::write(&sheet, SHEET).unwrap();
    let file = practice.desk.files().take(&sheet, FileKind::Sheet).unwrap();
    let job = practice.ask("import_plan", &json!({"file": file.token, "template": "community"})).unwrap();
    let plan = practice.job(&job)["plan"].clone();
    let problems = json!({"plan": plan, "after": null, "limit": 10});
    assert!(practice.ask("import_problems", &problems).unwrap()["total"].as_u64() > Some(0));

    practice.ask("lock", &json!({})).unwrap();
    assert_eq!(practice.ask("job", &json!({"id": job["id"]})).unwrap()["result"], Value::Null);
    practice.unlock("王五示例", "practice-wangwu");
    assert_eq!(practice.ask("job", &json!({"id": job["id"]})).unwrap()["result"], Value::Null);
    assert_eq!(practice.ask("import_problems", &problems), Err("no_such_plan".to_owned()));
    assert_eq!(
        practice.ask("import_submit", &json!({"plan": plan, "amend": false})),
        Err("no_such_plan".to_owned())
    );
    assert_eq!(practice.ask("job_cancel", &json!({"id": job["id"]})).unwrap()["result"], Value::Null);
}

#[test]
fn wrong_passphrases_that_come_together_cost_time_too() {
    let practice = Practice::new();
    let wrong = json!({"name": "李四示例", "passphrase": "practice-wrong"});
    let answers: Vec<_> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..12).map(|_| scope.spawn(|| practice.ask("unlock", &wrong))).collect();
        all.into_iter().map(|answer| answer.join().unwrap()).collect()
    });
    let tried = answers.iter().filter(|answer| **answer == Err("wrong_passphrase".to_owned())).count();
    assert_eq!(tried, 3, "{answers:?}");
}

#[test]
fn guessing_the_hosts_passphrase_costs_time() {
    let practice = Practice::new();
    practice.unlock("李四示例", "practice-lisi");
    let wrong = json!({"items": [], "host_passphrase": "practice-wrong"});
    for _ in 0..3 {
        assert_eq!(practice.ask("approve", &wrong), Err("wrong_passphrase".to_owned()));
    }
    assert_eq!(practice.ask("approve", &wrong), Err("wait_after_wrong".to_owned()));
}

#[test]
fn an_office_of_the_city_that_is_opened_by_itself_is_for_practice_too() {
    let practice = Practice::new();
    let home = Home::new(practice.folder.path().join("practice/civil-affairs"));
    let desk = Desk::new(home, Arc::new(Machine)).unwrap();
    let people: Value = serde_json::from_slice(&desk.call("practice_people", b"{}").unwrap()).unwrap();
    assert_eq!(people["people"].as_array().unwrap().len(), 7);
}

/// Windows of one browser share a desk: one must not sign as another shows.
#[test]
fn a_page_that_believes_in_another_sitting_does_nothing() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    let believed = practice.ask("hello", &json!({})).unwrap()["sitting"].as_u64();
    let begin = |sitting| {
        let begun = practice.desk.call_in(sitting, "form_begin", br#"{"template": "community"}"#);
        begun.map(drop).map_err(|failure| failure.code)
    };
    assert_eq!(begin(believed), Ok(()));
    practice.unlock("王五示例", "practice-wangwu");
    assert_eq!(begin(believed), Err("sitting_changed".to_owned()));
    assert_eq!(begin(practice.ask("hello", &json!({})).unwrap()["sitting"].as_u64()), Ok(()));
    // What asks for nobody goes on.
    assert!(practice.desk.call_in(believed, "overview", b"{}").is_ok());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_into_a_folder_that_is_gone() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    let form = practice.ask("form_begin", &json!({"template": "community"})).unwrap();
    let save = json!({"id": form["id"], "cells": form["cells"]});
    assert!(practice.ask("form_save", &save).is_ok());
    let office = practice.folder.path().join("practice/civil-affairs");
    std::fs::rename(&office, office.with_extension("moved")).unwrap();
    assert_eq!(practice.ask("form_save", &save), Err("no_office".to_owned()));
    std::fs::rename(office.with_extension("moved"), &office).unwrap();
    assert!(practice.ask("form_save", &save).is_ok());
}

#[test]
fn a_passphrase_that_is_typed_is_judged_with_the_names_of_the_office_and_of_the_person() {
    let practice = Practice::new();
    let judged = |passphrase: &str, names: &[&str]| {
        let asked = json!({"passphrase": passphrase, "names": names});
        let refused = practice.ask("passphrase_judge", &asked).unwrap()["refused"].clone();
        (refused["code"].as_str().map(str::to_owned), refused["args"]["hint"].as_str().map(str::to_owned))
    };
    let told = |code: &str, hint: Option<&str>| (Some(code.to_owned()), hint.map(str::to_owned));
    assert_eq!(judged(STRONG, &[]), (None, None));
    assert_eq!(judged("湖北", &[]), told("passphrase_short", None));
    assert_eq!(judged("武汉市民政局", &[]), told("passphrase_guessable", Some("name")));
    assert_eq!(judged("欧阳修示例一", &["欧阳修示例"]), told("passphrase_guessable", Some("name")));
}

#[test]
fn whoever_is_at_the_desk_changes_the_own_passphrase_and_guessing_the_old_one_costs_time() {
    let practice = Practice::new();
    practice.unlock("张三示例", "practice-zhangsan");
    let change = |host: bool, old: &str, new: &str| {
        practice.ask("passphrase_change", &json!({"host": host, "old": old, "new": new})).err()
    };
    let code = |code: &str| Some(code.to_owned());
    assert_eq!(change(false, "practice-zhangsan", "practice-zhangsan"), code("passphrase_guessable"));
    assert_eq!(change(false, "practice-zhangsan", STRONG), None);
    assert_eq!(change(true, "practice-host", STRONG), None);
    let old = json!({"name": "张三示例", "passphrase": "practice-zhangsan"});
    assert_eq!(practice.ask("unlock", &old), Err("wrong_passphrase".to_owned()));
    practice.unlock("张三示例", STRONG);
    for host in [false, true] {
        for _ in 0..3 {
            assert_eq!(change(host, "practice-zhangsan", STRONG), code("wrong_passphrase"));
        }
        assert_eq!(change(host, STRONG, STRONG), code("wait_after_wrong"));
    }
}

#[test]
fn a_recovery_sheet_is_handed_out_once_and_asked_for_until_it_was_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
    let own = Practice { folder, desk };
    let office = json!({"realm": "shili", "name": "示例局", "code": "11420100MB0889006F", "passphrase": STRONG, "unattended": true, "register": false});
    own.ask("office_create", &office).unwrap();
    let stands = || {
        let view = own.ask("recovery", &json!({})).unwrap();
        (view["state"].as_str().unwrap().to_owned(), view["needed"].as_bool().unwrap())
    };
    assert_eq!(stands(), ("not_made".to_owned(), true));
    let wrong = own.ask("recovery_make", &json!({"host_passphrase": "wrong"}));
    assert_eq!(wrong, Err("wrong_passphrase".to_owned()));
    let file = own.ask("recovery_make", &json!({"host_passphrase": STRONG})).unwrap();
    assert_eq!(stands(), ("made".to_owned(), true));
    let page = own.desk.files().outgoing(file["token"].as_str().unwrap()).unwrap();
    let page = String::from_utf8(page.bytes).unwrap();
    let mut groups: Vec<&str> = page.split("<b>").skip(1).map(|rest| &rest[..5]).collect();
    groups.swap(0, 6);
    let check = |groups: &[&str]| own.ask("recovery_check", &json!({"code": groups.join(" ")}));
    assert_eq!(check(&groups), Err("recovery_code_group".to_owned()));
    groups.swap(0, 6);
    assert_eq!(check(&groups).unwrap()["state"], "checked");
    assert_eq!(stands(), ("checked".to_owned(), false));
    // The passphrase is lost: the sheet sets a new one, which must be hard to guess.
    let lost = |groups: &[&str], passphrase: &str| {
        own.ask("recovery_use", &json!({"sheet": {"code": groups.join(" ")}, "passphrase": passphrase}))
    };
    let new = "湖心亭外有四盏旧灯笼";
    assert_eq!(lost(&groups, "12345678"), Err("passphrase_guessable".to_owned()));
    groups.swap(0, 6);
    assert_eq!(lost(&groups, new), Err("recovery_code_group".to_owned()));
    groups.swap(0, 6);
    assert_eq!(lost(&groups, new).unwrap()["state"], "checked");
    let make = |passphrase: &str| own.ask("recovery_make", &json!({"host_passphrase": passphrase}));
    assert_eq!(make(STRONG), Err("wrong_passphrase".to_owned()));
    assert!(make(new).is_ok());
    let picture = own.folder.path().join("photo.png");
    std::fs::write(&picture, b"no picture").unwrap();
    let token = own.desk.files().take(&picture, FileKind::Picture).unwrap().token;
    let refused = own.ask("recovery_check", &json!({"picture": token}));
    assert_eq!(refused, Err("recovery_not_a_picture".to_owned()));
}

#[test]
fn an_invitation_is_withdrawn_while_the_office_is_founded() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
    let own = Practice { folder, desk };
    let office = json!({"realm": "shili", "name": "示例局", "code": "11420100MB0889006F", "passphrase": STRONG, "unattended": true, "register": false});
    own.ask("office_create", &office).unwrap();
    let invite = json!({"person": null, "name": "何新示例", "post": null, "roles": ["drafter"], "days": 14});
    let invite = || own.ask("founding_invite", &json!({"invite": invite, "host_passphrase": STRONG}));
    let nonce = invite().unwrap()["invitation"]["nonce"].clone();
    assert_eq!(invite().map(drop), Err("invitation_stands".to_owned()));
    let withdraw = |host: &str| {
        own.ask("founding_withdraw", &json!({"nonce": nonce, "host_passphrase": host})).map(drop)
    };
    let standing = || own.ask("invitations", &json!({})).unwrap()["invitations"].as_array().unwrap().len();
    assert_eq!(withdraw("wrong"), Err("wrong_passphrase".to_owned()));
    assert_eq!(standing(), 1);
    withdraw(STRONG).unwrap();
    assert_eq!(standing(), 0);
    assert_eq!(withdraw(STRONG), Err("invitation_withdrawn".to_owned()));
    invite().unwrap();
}
