//! The command line as scripts use it: the built program on real records.

#![allow(clippy::unwrap_used, reason = "what tests share may fail a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// What opens the host's keys.
const HOST: &str = "渡口的黄鹤不吃梅子";
const COMMUNITIES: usize = 3_520;
const NO_ID: &str = "00112233445566778899aabbccddeeff";

/// What a command came to.
struct Ran {
    line: String,
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}\n{}", self.line, self.out, self.err);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "one line of JSON: {}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }

    #[track_caller]
    fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text) || self.err.contains(text), "{text}\n{}\n{}", self.out, self.err);
        self
    }

    /// The code of the first error, with `--json`.
    #[track_caller]
    fn error(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap().to_owned()
    }
}

/// A folder with passphrase files, in which commands run.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("host", HOST), ("drafter", "晨光落在稻田的竹椅上\r\n"), ("approver", "松涛里摆着三只瓷碗\nx")]
        {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::write(folder.path().join("both"), "石榴树旁有一座长桥").unwrap();
        Self(folder)
    }

    /// An office with three people whose host needs no passphrase.
    fn founded() -> Self {
        let desk = Self::new();
        let office = ["--realm", "wuhan", "--name", "武汉市民政局（演练）", "--code", "11420100MB0889006F"];
        let create =
            [&["office", "create", "--data", "D", "--passphrase-file", "host"], &office[..]].concat();
        desk.run(&create).ends(0).says("wuhan/11420100MB0889006F");
        desk.run(&["keys", "unattended", "on", "--data", "D", "--host-passphrase-file", "host"]).ends(0);
        for (name, role, file) in [
            ("经办示例", "经办人", "drafter"),
            ("审批示例", "approver", "approver"),
            ("双岗示例", "drafter,审批人", "both"),
        ] {
            let person = ["--name", name, "--role", role, "--post", "科员", "--passphrase-file", file];
            let add = ["people", "add", "--data", "D", "--host-passphrase-file", "host"];
            desk.run(&[&add[..], &person].concat()).ends(0);
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_in("", args)
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yinxin"));
        command.args(args).current_dir(self.path(folder)).env("LC_ALL", "C.UTF-8");
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let ran = Ran {
            line: args.join(" "),
            code: output.status.code().unwrap(),
            out: text(output.stdout),
            err: text(output.stderr),
        };
        if !args.contains(&"--json") {
            assert_filled(&ran.out);
        }
        assert_filled(&ran.err);
        ran
    }

    fn json(&self, args: &[&str]) -> Value {
        self.run(&[args, &["--json"]].concat()).ends(0).json()
    }

    fn drafts(&self, args: &[&str]) -> Ran {
        self.run(
            &[&args[..1], &["--data", "D", "--as", "经办示例", "--passphrase-file", "drafter"], &args[1..]]
                .concat(),
        )
    }

    fn approves(&self, args: &[&str]) -> Ran {
        let approver = ["--data", "D", "--as", "审批示例", "--passphrase-file", "approver"];
        self.run(&[&args[..1], &approver, &args[1..]].concat())
    }

    fn imports(&self, file: &str, more: &[&str]) -> Ran {
        self.drafts(&[&["import", "--template", "community", file], more].concat())
    }

    fn verifies(&self, args: &[&str]) -> i32 {
        self.run(&[&["verify"], args].concat()).code
    }

    /// Writes a sheet of communities: last digits and name of each.
    fn sheet(&self, name: &str, rows: &[(&str, &str)]) {
        self.write(
            name,
            HEADER.to_owned() + &rows.iter().map(|(code, name)| row(code, name)).collect::<String>(),
        );
    }
}

const HEADER: &str =
    "village_code,village,town_code,town,county_code,county,city_code,province_code,province\n";

fn row(code: &str, name: &str) -> String {
    format!("420102002{code},{name},420102002,大智街道,420102,江岸区,4201,42,湖北省\n")
}

/// No text is printed with an open place, nor an untranslated key.
#[track_caller]
fn assert_filled(text: &str) {
    let open = text.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
    assert!(!open, "{text}");
}

fn communities() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap();
    root.join("practice/wuhan_communities_2021.csv").display().to_string()
}

fn id_of(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// The one record whose village code ends so.
fn found(desk: &Desk, text: &str) -> String {
    let page = desk.json(&["search", text, "--data", "D"]);
    assert_eq!(page["total"], 1, "{page}");
    id_of(&page["records"][0])
}

#[test]
fn the_main_job() {
    let desk = Desk::founded();
    imports_everything_once(&desk);
    publishes_everything(&desk);
    pages_through(&desk);
    let id = found(&desk, "保成社区");
    verifies_elsewhere(&desk, &id);
    amends(&desk, &id);
    withdraws(&desk, &id);
    audits(&desk);
}

fn imports_everything_once(desk: &Desk) {
    let file = communities();
    let dry = desk.imports(&file, &["--dry-run", "--json"]).ends(0).json();
    assert_eq!((&dry["new"], &dry["submitted"], &dry["dry_run"]), (&3520.into(), &0.into(), &true.into()));
    assert_eq!(desk.json(&["list", "--data", "D"])["total"], 0, "a dry run changes nothing");
    desk.imports(&file, &[])
        .ends(0)
        .says("新增 3,520 条，已存在 0 条")
        .says("提交即作此声明")
        .says("本系统不得处理国家秘密、工作秘密")
        .says("已提交 3520 条");
    desk.imports(&file, &["--lang", "en"]).ends(0).says("0 new, 3,520 already present");
    let again = desk.imports(&file, &["--json"]).ends(0).json();
    assert_eq!(
        (&again["new"], &again["present"], &again["encoding"]),
        (&0.into(), &3520.into(), &"UTF-8".into())
    );
    assert_eq!(again["defaulted"][0]["field"], "secrecy_review");
    assert_eq!(desk.json(&["list", "--data", "D", "--state", "submitted"])["total"], COMMUNITIES);
}

fn publishes_everything(desk: &Desk) {
    let ran = desk.approves(&["approve", "--all", "--json", "--lang", "en"]).ends(0);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines, ["published 1000", "published 2000", "published 3000", "published 3520"]);
    let json = ran.json();
    assert_eq!(json["published"], COMMUNITIES);
    assert_eq!(json["ids"].as_array().unwrap().len(), COMMUNITIES);
    assert_eq!(json["refused"], Value::Array(Vec::new()));
    desk.approves(&["approve", "--all"]).ends(0).says("已登记 0 条");
}

fn pages_through(desk: &Desk) {
    let first = desk.json(&["list", "--data", "D", "--limit", "3000"]);
    assert_eq!((&first["total"], first["records"].as_array().unwrap().len()), (&3520.into(), 3000));
    let next = first["next"].as_str().unwrap();
    let second = desk.json(&["list", "--data", "D", "--limit", "3000", "--after", next]);
    assert_eq!((second["records"].as_array().unwrap().len(), &second["next"]), (520, &Value::Null));
    desk.run(&["list", "--data", "D", "--limit", "2"]).ends(0).says("已登记").says("--after");
    assert_eq!(desk.run(&["list", "--data", "D", "--after", "x", "--json"]).ends(1).error(), "bad_cursor");
    assert_eq!(desk.json(&["search", "没有这个社区", "--data", "D"])["total"], 0);
}

fn verifies_elsewhere(desk: &Desk, id: &str) {
    desk.run(&["export", "--data", "D", id, "--out", "old.yinxin"]).ends(0).says("不能收回");
    desk.run(&["policy", "--data", "D", "--out", "policy"]).ends(0);
    fs::create_dir(desk.path("elsewhere")).unwrap();
    for name in ["old.yinxin", "policy"] {
        fs::copy(desk.path(name), desk.path("elsewhere").join(name)).unwrap();
    }
    desk.run_in("elsewhere", &["verify", "old.yinxin", "--policy", "policy"])
        .ends(0)
        .says("✔ 属实")
        .says("武汉市民政局（演练）")
        .says("420102002003");
    assert_eq!(fs::read_dir(desk.path("elsewhere")).unwrap().count(), 2, "verifying leaves nothing behind");
    assert_eq!(desk.verifies(&["old.yinxin"]), 13, "without a policy");
    assert_eq!(desk.verifies(&["old.yinxin", "--data", "D"]), 0, "by the own ledger");
    changed_bytes_never_pass(desk);
    let one = ["export", "--data", "D", id, "--disclose", "county,town", "--out", "part.yinxin", "--json"];
    let exported = desk.run(&one).ends(0).json();
    assert_eq!((&exported["disclosed"], &exported["status"]), (&2.into(), &true.into()));
    desk.run(&["verify", "part.yinxin", "--policy", "policy"]).ends(0).says("另有 6 项没有披露");
    let open = ["export", "--data", "D", id, "--disclose", "village", "--out", "x", "--json"];
    assert_eq!(desk.run(&open).ends(1).error(), "field_is_open");
    let unpack = desk.json(&["evidence", "unpack", "old.yinxin", "--out", "parts"]);
    let names =
        ["statement.cose", "draft.cose", "proof.tlog-proof", "receipt.cose", "disclosures.json", "keys.json"];
    assert_eq!(unpack["files"], Value::from(names.to_vec()));
    assert!(names.iter().all(|name| desk.path("parts").join(name).is_file()));
}

fn changed_bytes_never_pass(desk: &Desk) {
    let good = fs::read(desk.path("old.yinxin")).unwrap();
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        desk.write("bad.yinxin", bad);
        let code = desk.verifies(&["bad.yinxin", "--policy", "policy"]);
        assert!([10, 13].contains(&code), "byte {at}: {code}");
    }
    desk.write("cut.yinxin", &good[..good.len() / 2]);
    assert_eq!(desk.verifies(&["cut.yinxin", "--policy", "policy"]), 10);
    for (name, bytes) in [("empty", &b""[..]), ("foreign", b"%PDF-1.7")] {
        desk.write(name, bytes);
        assert_eq!(desk.verifies(&[name, "--policy", "policy"]), 13, "{name}");
    }
}

fn amends(desk: &Desk, id: &str) {
    desk.drafts(&["amend", id, "--set", "village=保成新社区"]).ends(0);
    let details = desk.json(&["show", id, "--data", "D"]);
    assert_eq!(details["pending"]["differences"][0]["new"], "保成新社区");
    assert_eq!(
        desk.drafts(&["amend", id, "--set", "village=别的", "--json"]).ends(1).error(),
        "waits_already"
    );
    assert_eq!(desk.json(&["list", "--data", "D", "--state", "submitted"])["total"], 1);
    desk.approves(&["return", id, "--reason", "名称有误"]).ends(0);
    desk.run(&["show", id, "--data", "D"]).ends(0).says("名称有误").says("已退回");
    desk.drafts(&["amend", id, "--set", "village=保成新社区", "town=大智路街道"]).ends(0);
    desk.approves(&["approve", id]).ends(0).says("已登记 1 条。");
    let details = desk.json(&["show", id, "--data", "D"]);
    assert_eq!((&details["version"], &details["versions"][1]["position"]), (&2.into(), &3524.into()));
    assert_eq!(details["versions"][1]["differences"].as_array().unwrap().len(), 2);
    assert_eq!(details["versions"][0]["signed"][1]["name"], "审批示例");
    let second = desk.json(&["show", id, "--data", "D", "--version", "2"]);
    assert_eq!(second["versions"].as_array().unwrap().len(), 1);
    desk.run(&["show", id, "--data", "D"]).ends(0).says("保成社区 → 保成新社区").says("第 3,525 条");
    assert_eq!(
        desk.run(&["show", id, "--data", "D", "--version", "9", "--json"]).ends(1).error(),
        "no_such_version"
    );
    assert_eq!(desk.verifies(&["old.yinxin", "--policy", "policy"]), 0, "nobody told it");
    assert_eq!(desk.verifies(&["old.yinxin", "--policy", "policy", "--data", "D"]), 11);
    desk.run(&["export", "--data", "D", id, "--version", "1", "--out", "first.yinxin"]).ends(0);
    desk.run(&["export", "--data", "D", id, "--out", "second.yinxin"]).ends(0);
    desk.run(&["verify", "first.yinxin", "--policy", "policy"]).ends(11).says("已变更为第 2 版");
    assert_eq!(desk.verifies(&["second.yinxin", "--policy", "policy"]), 0);
}

fn withdraws(desk: &Desk, id: &str) {
    desk.drafts(&["withdraw", id, "--reason", "撤并"]).ends(0);
    desk.approves(&["approve", id, NO_ID]).ends(3).says("已登记 1 条。").says(NO_ID);
    desk.approves(&["approve", NO_ID]).ends(1);
    desk.run(&["show", id, "--data", "D"]).ends(0).says("理由：撤并");
    assert_eq!(
        desk.drafts(&["amend", id, "--set", "village=甲", "--json"]).ends(1).error(),
        "record_withdrawn"
    );
    assert_eq!(desk.verifies(&["second.yinxin", "--policy", "policy", "--data", "D"]), 12);
    desk.run(&["export", "--data", "D", id, "--out", "last.yinxin"]).ends(0);
    assert_eq!(desk.verifies(&["last.yinxin", "--policy", "policy"]), 12);
    let all = ["verify", "old.yinxin", "first.yinxin", "last.yinxin", "--policy", "policy", "--json"];
    let json = desk.run(&all).ends(12).json();
    assert_eq!(json["verdict"], "withdrawn");
    let verdicts: Vec<&str> =
        json["files"].as_array().unwrap().iter().map(|f| f["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["genuine", "superseded", "withdrawn"]);
    let json = desk.run(&[&all[..], &["foreign"]].concat()).ends(13).json();
    assert_eq!(json["verdict"], "undetermined");
    let json = desk.run(&[&all[..], &["missing"]].concat()).ends(1).json();
    assert_eq!((&json["files"][3]["verdict"], &json["verdict"]), (&Value::Null, &"withdrawn".into()));
    assert_eq!(json["files"][3]["error"]["code"], "file_not_found");
    assert_eq!(desk.verifies(&["cut.yinxin", "missing", "--policy", "policy"]), 10);
    desk.write("no-policy", "log x\n");
    let ran = desk.run(&["verify", "old.yinxin", "--policy", "no-policy", "--json"]).ends(1);
    assert_eq!(ran.error(), "policy_unreadable");
}

fn audits(desk: &Desk) {
    desk.run(&["audit", "--data", "D"]).ends(0).says("没有给出外部检查点");
    desk.run(&["tiles", "--data", "D", "--out", "tiles"]).ends(0);
    let json = desk.json(&["audit", "--data", "D", "--against", "tiles/checkpoint"]);
    assert_eq!(
        (&json["clean"], &json["against"], &json["entries"]),
        (&true.into(), &3526.into(), &3526.into())
    );
    let key = desk.run(&["vkey", "--data", "D"]).ends(0).out;
    assert!(key.starts_with("wuhan/11420100MB0889006F+"), "{key}");
    desk.write("foreign-checkpoint", "wuhan/x\n1\nAAAA\n\n");
    assert_eq!(
        desk.run(&["audit", "--data", "D", "--against", "foreign-checkpoint", "--json"]).ends(1).error(),
        "no_checkpoint"
    );
    assert_eq!(
        desk.run(&["audit", "--data", "D", "--against", "missing", "--json"]).ends(1).error(),
        "file_not_found"
    );
    damage(desk);
    let json = desk.run(&["audit", "--data", "D", "--json"]).ends(10).json();
    let damages = json["damages"].as_array().unwrap();
    assert!(damages.iter().any(|damage| damage["position"] == 7), "{json}");
    desk.run(&["audit", "--data", "D"]).ends(10).says("第 8 条（序号 7，从 0 起）").says("不要再写入");
}

/// Changes one stored leaf hash, past the triggers.
fn damage(desk: &Desk) {
    let db = rusqlite::Connection::open(desk.path("D/yinxin.db")).unwrap();
    let triggers: Vec<String> = db
        .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    for trigger in triggers {
        db.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    let changed = db.execute("UPDATE entry SET leaf = zeroblob(32) WHERE position = 7", []).unwrap();
    assert_eq!(changed, 1);
}

#[test]
fn rows_that_cannot_be_taken_are_listed() {
    let desk = Desk::founded();
    desk.sheet("good.csv", &[("001", "甲社区"), ("002", "乙社区")]);
    desk.imports("good.csv", &[]).ends(0);

    desk.sheet("changed.csv", &[("001", "甲新社区"), ("002", "乙社区")]);
    let json = desk.imports("changed.csv", &["--json"]).ends(3).json();
    assert_eq!((&json["changed"], &json["present"], &json["amended"]), (&1.into(), &1.into(), &0.into()));
    assert_eq!(json["changed_rows"][0]["differences"][0]["old"], "甲社区");
    desk.imports("changed.csv", &[]).ends(3).says("甲社区 → 甲新社区").says("--amend");
    // What waits already cannot be amended, and does not stop the others.
    let json = desk.imports("changed.csv", &["--amend", "--json"]).ends(3).json();
    assert_eq!((&json["refused"], &json["problems"][0]["code"]), (&1.into(), &"waits_already".into()));
    desk.approves(&["approve", "--all"]).ends(0);
    let json = desk.imports("changed.csv", &["--amend", "--json"]).ends(0).json();
    assert_eq!((&json["amended"], &json["submitted"]), (&1.into(), &0.into()));

    let bad = row("003", "丙社区")
        + "4.2E+11,丁社区,420102002,大智街道,420102,江岸区,4201,42,湖北省\n"
        + &row("003", "");
    desk.write("bad.csv", HEADER.to_owned() + &bad);
    let json = desk.imports("bad.csv", &["--json"]).ends(3).json();
    assert_eq!((&json["submitted"], &json["refused"]), (&1.into(), &2.into()));
    let problem = |n: usize, field: &str| json["problems"][n][field].clone();
    assert_eq!((problem(0, "row"), problem(0, "code")), (3.into(), "problem_spreadsheet_number".into()));
    assert_eq!((problem(1, "row"), problem(1, "field")), (4.into(), "village".into()));
    desk.imports("bad.csv", &[]).ends(3).says("第 4 行：社区（村）名称：必填，但是空的");
    desk.write("all-bad.csv", HEADER.to_owned() + &row("005", ""));
    desk.imports("all-bad.csv", &[]).ends(1);
    desk.imports("all-bad.csv", &["--dry-run"]).ends(1);
    whole_files_are_refused(&desk);
}

fn whole_files_are_refused(desk: &Desk) {
    let before = desk.json(&["list", "--data", "D"])["total"].clone();
    let missing =
        HEADER.replace("village,", "") + "420102002009,420102002,大智街道,420102,江岸区,4201,42,湖北省\n";
    let twice = HEADER.replace("village,", "village,社区（村）名称,") + &row("009", "甲,乙");
    let wide: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".to_vec(), wide].concat();
    for (name, bytes, code, text) in [
        ("missing.csv", missing.into_bytes(), "sheet_columns_missing", "社区（村）名称"),
        ("twice.csv", twice.into_bytes(), "sheet_column_twice", "B 列和 C 列"),
        ("wide.csv", marked, "sheet_encoding", "UTF-16"),
        ("empty.csv", Vec::new(), "sheet_empty", "空"),
        ("header.csv", HEADER.as_bytes().to_vec(), "sheet_header_only", "表头"),
        ("old.xls", vec![0; 10], "sheet_kind", ".xlsx"),
        ("narrow.csv", (HEADER.to_owned() + "1,2\n").into_bytes(), "sheet_row_width", "第 2 行"),
    ] {
        desk.write(name, bytes);
        let ran = desk.imports(name, &["--json"]).ends(1).says(text);
        assert_eq!(ran.error(), code, "{name}");
    }
    assert_eq!(desk.imports("nowhere.csv", &["--json"]).ends(1).error(), "sheet_unreadable");
    assert_eq!(desk.json(&["list", "--data", "D"])["total"], before);
}

#[test]
fn who_may_not_is_refused() {
    let desk = Desk::founded();
    desk.sheet("one.csv", &[("001", "甲社区")]);
    let both = ["--data", "D", "--as", "双岗示例", "--passphrase-file", "both"];
    let import = ["import", "--template", "community", "one.csv"];
    desk.run(&[&import[..], &both].concat()).ends(0);
    let json = desk.run(&[&["approve", "--all", "--json"], &both[..]].concat()).ends(1).json();
    assert_eq!(
        (&json["published"], &json["refused"][0]["code"]),
        (&0.into(), &"violation_same_person".into())
    );
    desk.run(&[&["approve", "--all"], &both[..]].concat()).ends(1).says("须由两个不同的人签署");

    let id = found(&desk, "甲社区");
    let wrong = [
        "amend",
        "--data",
        "D",
        "--as",
        "经办示例",
        "--passphrase-file",
        "approver",
        &id,
        "--set",
        "village=乙",
    ];
    desk.run(&wrong)
        .ends(1)
        .says("错误：经办示例的口令不对。")
        .says("安全：没有任何改动。")
        .says("下一步：")
        .says("代码：wrong_passphrase");
    let wrong =
        ["approve", "--data", "D", "--as", "经办示例", "--passphrase-file", "drafter", "--all", "--json"];
    assert_eq!(desk.run(&wrong).ends(1).error(), "role_needed");
    desk.run(&["keys", "unattended", "off", "--data", "D"]).ends(0);
    assert_eq!(desk.approves(&["approve", "--all", "--json"]).ends(1).error(), "host_locked");
    let exported = desk.run(&["export", "--data", "D", &id, "--out", "x", "--json"]).ends(1);
    assert_eq!(exported.error(), "not_published");
    desk.approves(&["approve", "--all", "--host-passphrase-file", "host"]).ends(0);
    let json = desk.json(&["export", "--data", "D", &id, "--out", "x"]);
    assert_eq!(json["status"], false);
    let json = desk.json(&["export", "--data", "D", &id, "--out", "x", "--host-passphrase-file", "host"]);
    assert_eq!(json["status"], true);
    assert_eq!(desk.json(&["people", "list", "--data", "D"])["people"].as_array().unwrap().len(), 3);
}

#[test]
fn wrong_calls_end_with_2() {
    let desk = Desk::new();
    for args in [
        &["list", "--data", "D", "--nothing"][..],
        &["list"],
        &[],
        &["nothing"],
        &["list", "--data", "D", "--state", "lost"],
        &["list", "--data", "D", "--limit", "0"],
        &["show", "12", "--data", "D"],
        &["approve", "--data", "D", "--as", "N", "--passphrase-file", "F"],
        &["approve", "--data", "D", "--as", "N", "--passphrase-file", "F", "--all", NO_ID],
        &["amend", "--data", "D", "--as", "N", "--passphrase-file", "F", NO_ID, "--set", "x"],
        &["verify"],
    ] {
        let ran = desk.run(args).ends(2);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{args:?}");
    }
    let json = desk.run(&["list", "--nothing", "--json", "--lang", "en"]).ends(2).json();
    assert_eq!(json["errors"][0]["code"], "usage_unknown_argument");
    assert!(desk.run(&["verify", "--help"]).ends(0).out.contains("退出码"));
    assert!(desk.run(&["--help", "--lang", "en"]).ends(0).out.contains("Exit codes"));
    assert!(desk.run(&["--version"]).ends(0).out.starts_with("yinxin "));
}

#[test]
fn failures_leave_things_as_they_were() {
    let desk = Desk::new();
    let create = |code: &str, file: &str| {
        let office =
            ["--realm", "wuhan", "--name", "武汉市民政局", "--code", code, "--passphrase-file", file];
        desk.run(&[&["office", "create", "--data", "D", "--json"], &office[..]].concat())
    };
    assert_eq!(create("11420100MB0889006E", "host").ends(1).error(), "bad_office_code");
    assert_eq!(create("11420100MB0889006F", "missing").ends(1).error(), "passphrase_file_not_read");
    assert!(!desk.path("D").exists());
    desk.write("blank", "\n");
    assert_eq!(create("11420100MB0889006F", "blank").ends(1).error(), "passphrase_file_empty");
    fs::create_dir(desk.path("D")).unwrap();
    desk.write("D/something", "");
    assert_eq!(create("11420100MB0889006F", "host").ends(1).error(), "folder_taken");
    assert_eq!(desk.run(&["list", "--data", "D", "--json"]).ends(1).error(), "no_office");
    assert_eq!(
        desk.run(&["evidence", "unpack", "host", "--out", "U", "--json"]).ends(1).error(),
        "evidence_not_evidence"
    );
    assert!(!desk.path("U").exists());
}

#[cfg(unix)]
#[test]
fn what_may_never_end_is_refused() {
    let desk = Desk::founded();
    for name in ["pipe", "pipe.csv"] {
        assert!(Command::new("mkfifo").arg(desk.path(name)).status().unwrap().success());
    }
    for path in ["pipe", "/dev/zero", "."] {
        let json = desk.run(&["verify", path, "--json"]).ends(1).json();
        assert_eq!(json["files"][0]["error"]["code"], "not_a_file", "{path}");
        assert_eq!(desk.run(&["verify", "x", "--policy", path, "--json"]).ends(1).error(), "not_a_file");
    }
    assert_eq!(desk.imports("pipe.csv", &["--dry-run", "--json"]).ends(1).error(), "sheet_not_a_file");
}

/// Every file below, with its bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(contents(&path));
        } else {
            all.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[cfg(unix)]
fn set_modes(folder: &Path, of_folder: u32, of_file: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(folder, 0o755);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { set_modes(&path, of_folder, of_file) } else { set(&path, of_file) }
    }
    set(folder, of_folder);
}

#[cfg(unix)]
#[test]
fn reading_needs_no_right_to_write_and_changes_nothing() {
    let desk = Desk::founded();
    desk.sheet("one.csv", &[("001", "甲社区")]);
    desk.imports("one.csv", &[]).ends(0);
    desk.approves(&["approve", "--all"]).ends(0);
    let before = contents(&desk.path("D"));
    for (of_folder, of_file) in [(0o700, 0o600), (0o555, 0o444)] {
        set_modes(&desk.path("D"), of_folder, of_file);
        let id = found(&desk, "甲社区");
        desk.run(&["list", "--data", "D"]).ends(0);
        desk.run(&["show", &id, "--data", "D"]).ends(0);
        desk.run(&["people", "list", "--data", "D"]).ends(0);
        desk.run(&["export", &id, "--data", "D", "--out", "one.yinxin"]).ends(0);
        desk.run(&["policy", "--data", "D", "--out", "policy"]).ends(0);
        desk.run(&["vkey", "--data", "D"]).ends(0);
        desk.run(&["tiles", "--data", "D", "--out", "tiles"]).ends(0);
        desk.run(&["audit", "--data", "D"]).ends(0);
        desk.run(&["verify", "one.yinxin", "--data", "D"]).ends(0);
        desk.imports("one.csv", &["--dry-run"]).ends(0);
        assert!(contents(&desk.path("D")) == before, "reading changed the folder");
    }
    set_modes(&desk.path("D"), 0o700, 0o600);
}

#[test]
fn a_new_passphrase_that_is_easy_to_guess_is_refused_with_a_hint() {
    let desk = Desk::new();
    let office = ["--realm", "wuhan", "--name", "武汉市民政局（演练）", "--code", "11420100MB0889006F"];
    let create = [&["office", "create", "--data", "D", "--passphrase-file", "weak"], &office[..]].concat();
    for (weak, code) in [("口令", "passphrase_short"), ("武汉市民政局（演练）", "passphrase_guessable")]
    {
        desk.write("weak", weak);
        assert_eq!(desk.run(&[&create[..], &["--json"]].concat()).ends(1).error(), code);
    }
    desk.run(&create).ends(1).says("里面有部门或本人的名字");
    assert!(!desk.path("D").exists());
    let desk = Desk::founded();
    desk.write("weak", "password1");
    let person = ["--name", "新人示例", "--role", "drafter", "--passphrase-file", "weak"];
    let add = [&["people", "add", "--data", "D", "--host-passphrase-file", "host"], &person[..]].concat();
    desk.run(&[&add[..], &["--lang", "en"]].concat()).ends(1).says("many people use such words");
}

#[test]
fn passphrases_are_changed_and_the_old_ones_open_nothing() {
    let desk = Desk::founded();
    desk.write("new", "黄鹤在渡口看了三场雪");
    let change = ["keys", "passphrase", "--data", "D", "--new-passphrase-file", "new", "--passphrase-file"];
    let own = [&change[..], &["drafter", "--as", "经办示例"]].concat();
    desk.run(&own).ends(0).says("经办示例 的口令已修改");
    assert_eq!(desk.run(&[&own[..], &["--json"]].concat()).ends(1).error(), "wrong_passphrase");
    let host = [&change[..], &["host", "--host"]].concat();
    assert_eq!(desk.json(&host)["changed"], "host");
    assert_eq!(desk.run(&[&host[..], &["--json"]].concat()).ends(1).error(), "wrong_passphrase");
    desk.run(&["keys", "unattended", "on", "--data", "D", "--host-passphrase-file", "new"]).ends(0);
    // No file of a change is left, and what there is, only this user reads.
    let names = fs::read_dir(desk.path("D/keys")).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(names.iter().filter(|name| name.contains("change") || name.contains(".new")).count(), 0);
}

#[test]
fn a_recovery_sheet_is_asked_for_until_it_was_read_back_and_sets_a_new_passphrase() {
    let desk = Desk::founded();
    let people = ["people", "list", "--data", "D"];
    desk.run(&people).ends(0).says("还没有恢复单");
    let make = ["keys", "recovery", "make", "--data", "D", "--host-passphrase-file", "host", "--out"];
    desk.run(&[&make[..], &["sheet.html"]].concat()).ends(0).says("sheet.html");
    assert_eq!(
        desk.run(&[&make[..], &["sheet.html", "--json"]].concat()).ends(1).error(),
        "other_file_there"
    );
    let inside = desk.run(&[&make[..], &["D/sheet.html", "--json"]].concat());
    assert_eq!(inside.ends(1).error(), "inside_data_folder");
    desk.run(&people).ends(0).says("还没有读回");
    let page = fs::read_to_string(desk.path("sheet.html")).unwrap();
    let groups: Vec<&str> = page.split("<b>").skip(1).map(|rest| &rest[..5]).collect();
    let check = ["keys", "recovery", "check", "--data", "D", "--code-file", "code"];
    let mut wrong = groups.clone();
    wrong.swap(2, 4);
    desk.write("code", wrong.join("-"));
    desk.run(&check).ends(1).says("第 3 组不对");
    desk.write("code", groups.join(" ").to_lowercase());
    assert_eq!(desk.json(&check)["recovery"], "checked");
    assert_eq!(desk.json(&people)["recovery"], "checked");
    desk.write("new", "黄鹤在渡口看了三场雪");
    let set =
        ["keys", "recovery", "use", "--data", "D", "--code-file", "code", "--new-passphrase-file", "new"];
    desk.run(&set).ends(0).says("新的主机口令");
    desk.run(&["keys", "unattended", "on", "--data", "D", "--host-passphrase-file", "new"]).ends(0);
    let old =
        desk.run(&["keys", "unattended", "on", "--data", "D", "--host-passphrase-file", "host", "--json"]);
    assert_eq!(old.ends(1).error(), "wrong_passphrase");
    let picture = ["keys", "recovery", "check", "--data", "D", "--json", "--sheet"];
    assert_eq!(desk.run(&[&picture[..], &["sheet.html"]].concat()).ends(1).error(), "recovery_not_a_picture");
}
