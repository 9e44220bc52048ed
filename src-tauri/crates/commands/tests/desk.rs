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

/// An office that is being founded at one desk, and somebody who joins it at another.
struct Two {
    office: Practice,
    own: Practice,
    /// A folder of the newcomer's, as on a stick.
    stick: TempDir,
}

const NEWCOMER: &str = "何新示例";
/// The newcomer's passphrase.
const OWN: &str = "湖心亭外有四盏旧灯笼";

impl Two {
    fn new() -> Self {
        let [office, own] = [(), ()].map(|()| {
            let folder = tempfile::tempdir().unwrap();
            let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
            Practice { folder, desk }
        });
        let founding = json!({"realm": "shili", "name": "示例局", "code": "11420100MB0889006F", "passphrase": STRONG, "unattended": true, "register": false});
        office.ask("office_create", &founding).unwrap();
        Self { office, own, stick: tempfile::tempdir().unwrap() }
    }

    /// Where the newcomer's desk keeps keys now, and whether that is there.
    fn folder(desk: &Practice) -> (bool, bool, String) {
        let view = desk.ask("key_folder", &json!({})).unwrap();
        let is = |what: &str| view[what].as_bool().unwrap();
        (is("chosen"), is("there"), view["folder"].as_str().unwrap().to_owned())
    }

    fn choose(&self, desk: &Practice) {
        let offered = desk.desk.offer_key_folder(self.stick.path()).unwrap();
        desk.ask("key_folder_choose", &json!({"folder": offered.token})).unwrap();
    }

    fn hand_over(from: &Practice, to: &Practice, file: &Value, kind: FileKind) -> String {
        let bytes = from.desk.files().outgoing(file["token"].as_str().unwrap()).unwrap().bytes;
        let mut upload = to.desk.files().upload("x", kind, None).unwrap();
        upload.write(&bytes).unwrap();
        upload.finish().unwrap().token
    }

    /// The newcomer's key is made at `own`, and taken into the roster.
    fn join(&self, own: &Practice) -> Value {
        let invite =
            json!({"person": null, "name": NEWCOMER, "post": null, "roles": ["drafter"], "days": 14});
        let invited = json!({"invite": invite, "host_passphrase": STRONG});
        let file = self.office.ask("founding_invite", &invited).unwrap()["file"].clone();
        let file = Self::hand_over(&self.office, own, &file, FileKind::Invitation);
        let accepted = own.ask("invitation_accept", &json!({"file": file, "passphrase": OWN})).unwrap();
        let answer = Self::hand_over(own, &self.office, &accepted["file"], FileKind::Answer);
        let answer = json!({"name": NEWCOMER, "file": answer, "digits": accepted["digits"]});
        self.office.ask("founding_take", &json!({"answer": answer, "host_passphrase": STRONG})).unwrap();
        accepted
    }

    fn unlock(&self, passphrase: &str) -> Result<(), String> {
        self.office.ask("unlock", &json!({"name": NEWCOMER, "passphrase": passphrase})).map(drop)
    }
}

#[test]
fn a_key_is_made_in_the_folder_that_was_chosen_and_opened_from_there() {
    let two = Two::new();
    let usual = two.own.folder.path().join("own-keys").display().to_string();
    assert_eq!(Two::folder(&two.own), (false, false, usual.clone()));
    // Only what the host offered can be chosen.
    for named in [two.stick.path().to_str().unwrap(), "", "../.."] {
        let refused = two.own.ask("key_folder_choose", &json!({"folder": named}));
        assert_eq!(refused.map(drop), Err("no_such_folder".to_owned()), "{named}");
    }
    two.choose(&two.own);
    let stick = two.stick.path().display().to_string();
    assert_eq!(Two::folder(&two.own), (true, true, stick.clone()));
    let accepted = two.join(&two.own);
    assert_eq!((&accepted["here"], &accepted["chosen"]), (&json!(false), &json!(true)));
    assert!(accepted["key_file"].as_str().unwrap().starts_with(&stick));
    assert!(!std::path::Path::new(&usual).exists());
    // The office's machine has no such key, until the stick is there.
    assert_eq!(two.unlock(OWN), Err("key_file_missing".to_owned()));
    two.choose(&two.office);
    let offered = two.office.ask("key_folder", &json!({})).unwrap()["offered"].clone();
    assert_eq!((&offered[0]["folder"], &offered[0]["keys"]), (&json!(stick), &json!(1)));
    two.unlock(OWN).unwrap();
    // The passphrase of a key of one's own is changed where the key is.
    let new = "渡口边上三只白鹭和一把旧伞";
    let change = json!({"host": false, "old": OWN, "new": new});
    two.office.ask("passphrase_change", &change).unwrap();
    assert_eq!(two.unlock(OWN), Err("wrong_passphrase".to_owned()));
    two.unlock(new).unwrap();
    // It is remembered when the program is started anew.
    let folder = two.office.folder;
    drop(two.office.desk);
    let desk = Desk::new(Home::new(folder.path()), Arc::new(Machine)).unwrap();
    let office = Practice { folder, desk };
    assert_eq!(Two::folder(&office), (true, true, stick));
    // The stick is pulled out: that is said, and nothing is made elsewhere.
    let pulled = two.stick.path().with_extension("pulled");
    std::fs::rename(two.stick.path(), &pulled).unwrap();
    assert!(!Two::folder(&office).1);
    let unlock = || office.ask("unlock", &json!({"name": NEWCOMER, "passphrase": new})).map(drop);
    assert_eq!(unlock(), Err("key_folder_gone".to_owned()));
    std::fs::rename(&pulled, two.stick.path()).unwrap();
    unlock().unwrap();
    // The usual folder again: the key stays on the stick.
    let back = office.ask("key_folder_choose", &json!({"folder": null})).unwrap();
    assert_eq!(back["chosen"], false);
    assert_eq!(unlock(), Err("key_file_missing".to_owned()));
}

#[test]
fn where_the_chosen_folder_is_gone_no_key_is_made_and_keys_elsewhere_open_still() {
    let two = Two::new();
    two.choose(&two.office);
    let pulled = two.stick.path().with_extension("pulled");
    std::fs::rename(two.stick.path(), &pulled).unwrap();
    let invite = json!({"person": null, "name": NEWCOMER, "post": null, "roles": ["drafter"], "days": 14});
    let invited = json!({"invite": invite, "host_passphrase": STRONG});
    let file = two.office.ask("founding_invite", &invited).unwrap()["file"]["token"].clone();
    let accept = || two.office.ask("invitation_accept", &json!({"file": file, "passphrase": OWN}));
    assert_eq!(accept().map(drop), Err("key_folder_gone".to_owned()));
    // Nobody else is locked out because of one person's stick.
    let other = json!({"name": "旁人示例", "post": null, "roles": ["approver"], "passphrase": OWN, "host_passphrase": STRONG});
    two.office.ask("people_add", &other).unwrap();
    two.office.ask("unlock", &json!({"name": "旁人示例", "passphrase": OWN})).unwrap();
    std::fs::rename(&pulled, two.stick.path()).unwrap();
    // At the office's own machine, too, the key goes where it was chosen.
    let accepted = accept().unwrap();
    assert_eq!((&accepted["here"], &accepted["chosen"]), (&json!(false), &json!(true)));
    assert_eq!(two.stick.path().read_dir().unwrap().count(), 1);
}

/// What others may write in, or what is not there, is not taken.
#[cfg(unix)]
#[test]
fn only_a_folder_that_keys_can_lie_in_is_chosen() {
    use std::os::unix::fs::PermissionsExt as _;
    let two = Two::new();
    let at = two.stick.path();
    let try_it = |folder: &std::path::Path| {
        let offered = two.own.desk.offer_key_folder(folder).unwrap();
        two.own.ask("key_folder_choose", &json!({"folder": offered.token})).map(drop)
    };
    std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(try_it(at), Err("key_folder_open".to_owned()));
    std::fs::set_permissions(at, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(try_it(&at.join("no/such")), Err("key_folder_gone".to_owned()));
    std::fs::write(at.join("file"), "").unwrap();
    assert_eq!(try_it(&at.join("file/within")), Err("key_folder_gone".to_owned()));
    assert!(!Two::folder(&two.own).0);
    // One that is not there on a medium that is: it is made, for its owner alone.
    try_it(&at.join("yinxin-keys")).unwrap();
    let mode = at.join("yinxin-keys").metadata().unwrap().permissions().mode();
    assert_eq!((mode & 0o777, Two::folder(&two.own).0), (0o700, true));
}
