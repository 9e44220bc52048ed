//! The main job: import, approve, publish, export, verify; amend and withdraw;
//! and what verifying says of each.

use serde_json::Value;

use super::desk::Desk;

/// The office's data folder.
const DATA: &[&str] = &["--data", "desk"];

/// Who drafts, and who approves: invented people.
const DRAFTER: &[&str] = &["--as", "张三示例", "--passphrase-file", "secrets/drafter"];
const APPROVER: &[&str] = &["--as", "李四示例", "--passphrase-file", "secrets/approver"];
const HOST: &[&str] = &["--host-passphrase-file", "secrets/host"];

/// A public check-digit sample, not the office's own code.
const CODE: &str = "11420100MB0889006F";

const COMMUNITIES: &str = "../practice/wuhan_communities_2021.csv";
const COUNT: u64 = 3_520;
const POLICY: &[&str] = &["--policy", "evidence/policy.txt"];

/// Exit codes of `verify`; 0 is also "done".
const GENUINE: i32 = 0;
const ALTERED: i32 = 10;
const SUPERSEDED: i32 = 11;
const WITHDRAWN: i32 = 12;
const UNDETERMINED: i32 = 13;

/// Does it all. The first command that ends otherwise than it should ends it.
pub fn run(desk: &Desk<'_>) -> Result<(), String> {
    println!("下面的命令在 practice-city 里都可以照着输入。 Every command below can be typed:");
    println!("  cd practice-city; alias yinxin=$PWD/../target/release/yinxin");
    found(desk)?;
    publish(desk)?;
    look_up(desk)?;
    let [plain, amended, withdrawn] = three_records(desk)?;
    verify_elsewhere(desk, &plain.id)?;
    amend(desk, &amended.id)?;
    withdraw(desk, &withdrawn.id)?;
    tamper(desk, &plain.village)?;
    audit(desk)?;
    summary(desk);
    Ok(())
}

fn found(desk: &Desk<'_>) -> Result<(), String> {
    desk.heading("建立部门，接纳两个人 Found the office, admit two people");
    println!("   代码是公开的校验位示例，人是虚构的。 The code is a public sample, the people are invented.");
    let office = ["--realm", "practice", "--name", &desk.city.office, "--code", CODE];
    let secret = ["--passphrase-file", "secrets/host"];
    desk.types(&[&["office", "create"], DATA, &office, &secret].concat(), 0)?;
    for (person, role) in [(DRAFTER, "drafter"), (APPROVER, "approver")] {
        let [_, name, secret @ ..] = person else { continue };
        let person = ["--name", name, "--role", role];
        desk.types(&[&["people", "add"], DATA, &person, secret, HOST].concat(), 0)?;
    }
    Ok(())
}

fn publish(desk: &Desk<'_>) -> Result<(), String> {
    desk.heading("经办人导入 3,520 个社区，审批人签发 Import 3,520 communities, approve, publish");
    let import = [&["import"], DATA, DRAFTER, &["--template", "community", COMMUNITIES]].concat();
    desk.types(&import, 0)?;
    approve(desk)?;
    let listed =
        desk.json(&[&["list"], DATA, &["--state", "published", "--limit", "1", "--json"]].concat())?;
    if listed["total"] != COUNT {
        return Err(format!("已登记 published: {}; 应为 expected: {COUNT}", listed["total"]));
    }
    desk.heading("同一文件再导入，没有新增 The same file again adds nothing");
    desk.types(&import, 0)
}

fn approve(desk: &Desk<'_>) -> Result<(), String> {
    desk.types(&[&["approve"], DATA, APPROVER, HOST, &["--all"]].concat(), 0)
}

fn look_up(desk: &Desk<'_>) -> Result<(), String> {
    desk.heading("查找 Look up");
    desk.types(&[&["list"], DATA, &["--limit", "3"]].concat(), 0)?;
    desk.types(&[&["search", "大智"], DATA, &["--limit", "3"]].concat(), 0)
}

/// A record as the list shows it.
struct Record {
    id: String,
    village: String,
}

impl Record {
    fn of(json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self { id: text(&json["id"])?, village: text(&json["values"]["village"])? })
    }
}

/// Three records whose name says 社区.
fn three_records(desk: &Desk<'_>) -> Result<[Record; 3], String> {
    let found = desk.json(&[&["search", "社区"], DATA, &["--limit", "3", "--json"]].concat())?;
    let records: Vec<Record> =
        found["records"].as_array().into_iter().flatten().filter_map(Record::of).collect();
    <[Record; 3]>::try_from(records).map_err(|found| format!("search: {} records, expected 3", found.len()))
}

fn verify_elsewhere(desk: &Desk<'_>, id: &str) -> Result<(), String> {
    desk.heading("导出存证文件和信任文件 Export evidence and policy");
    export(desk, id, &["--out", "evidence/genuine.yinxin"])?;
    desk.types(&[&["policy"], DATA, &["--out", "evidence/policy.txt"]].concat(), 0)?;
    desk.heading("在只有这两个文件的文件夹里验真 Verify where there is nothing but these two files");
    desk.city.copy("evidence/genuine.yinxin", "elsewhere/genuine.yinxin")?;
    desk.city.copy("evidence/policy.txt", "elsewhere/policy.txt")?;
    desk.verifies_in("elsewhere", &["genuine.yinxin", "--policy", "policy.txt"], GENUINE)?;
    desk.heading("没有信任文件 Without the policy");
    desk.verifies(&["elsewhere/genuine.yinxin"], UNDETERMINED)?;
    desk.heading("只披露一项 Disclose one field only");
    export(desk, id, &["--disclose", "county", "--out", "evidence/one-field.yinxin"])?;
    verify(desk, "evidence/one-field.yinxin", POLICY, GENUINE)?;
    desk.heading("拆开给其他工具核对 Take apart for other tools");
    desk.types(&["evidence", "unpack", "evidence/genuine.yinxin", "--out", "evidence/unpacked"], 0)
}

fn export(desk: &Desk<'_>, id: &str, options: &[&str]) -> Result<(), String> {
    desk.types(&[&["export", id], DATA, HOST, options].concat(), 0)
}

fn verify(desk: &Desk<'_>, file: &str, options: &[&str], verdict: i32) -> Result<(), String> {
    desk.verifies(&[&[file], options].concat(), verdict)
}

fn amend(desk: &Desk<'_>, id: &str) -> Result<(), String> {
    desk.heading("变更一条记录 Amend a record");
    export(desk, id, &["--out", "evidence/exported-before.yinxin"])?;
    desk.types(&[&["amend"], DATA, DRAFTER, &[id, "--set", "village=示例社区"]].concat(), 0)?;
    approve(desk)?;
    export(desk, id, &["--version", "1", "--out", "evidence/superseded.yinxin"])?;
    export(desk, id, &["--out", "evidence/amended.yinxin"])?;
    verify(desk, "evidence/amended.yinxin", POLICY, GENUINE)?;
    verify(desk, "evidence/superseded.yinxin", POLICY, SUPERSEDED)?;
    desk.heading(
        "变更之前导出的文件，离线无从得知变更；有账本时知道 A file exported before cannot know offline; the ledger does",
    );
    verify(desk, "evidence/exported-before.yinxin", POLICY, GENUINE)?;
    verify(desk, "evidence/exported-before.yinxin", &[POLICY, DATA].concat(), SUPERSEDED)
}

fn withdraw(desk: &Desk<'_>, id: &str) -> Result<(), String> {
    desk.heading("撤销一条记录 Withdraw a record");
    desk.types(&[&["withdraw"], DATA, DRAFTER, &[id, "--reason", "示例：社区撤并"]].concat(), 0)?;
    approve(desk)?;
    export(desk, id, &["--out", "evidence/withdrawn.yinxin"])?;
    verify(desk, "evidence/withdrawn.yinxin", POLICY, WITHDRAWN)
}

fn tamper(desk: &Desk<'_>, village: &str) -> Result<(), String> {
    let other = village.replacen("社区", "小区", 1);
    desk.heading(&format!("有人把文件里的“{village}”改成“{other}” Somebody changes the name in the file"));
    desk.city.copy_changed("evidence/genuine.yinxin", "evidence/altered.yinxin", village, &other)?;
    verify(desk, "evidence/altered.yinxin", POLICY, ALTERED)
}

fn audit(desk: &Desk<'_>) -> Result<(), String> {
    desk.heading("审计，并与外存的检查点对照 Audit, also against a checkpoint kept outside");
    desk.types(&[&["tiles"], DATA, &["--out", "tiles"]].concat(), 0)?;
    desk.types(&[&["audit"], DATA, &["--against", "tiles/checkpoint"]].concat(), 0)
}

/// What is left to look at.
const LEFT: &[(&str, &str)] = &[
    ("genuine.yinxin", "属实 genuine；没有信任文件时无法判定 undetermined without the policy"),
    ("one-field.yinxin", "属实 genuine，只披露一项 one field disclosed"),
    ("amended.yinxin", "属实 genuine，第 2 版 version 2"),
    ("superseded.yinxin", "已变更 superseded"),
    ("exported-before.yinxin", "离线属实 genuine offline；对照账本已变更 superseded by the ledger"),
    ("withdrawn.yinxin", "已撤销 withdrawn"),
    ("altered.yinxin", "不一致 altered"),
    ("policy.txt", "信任文件 the policy"),
    ("unpacked/", "genuine.yinxin 拆开 taken apart"),
];

fn summary(desk: &Desk<'_>) {
    desk.heading("留在 practice-city/evidence 的文件 What is left in practice-city/evidence");
    for (file, what) in LEFT {
        println!("  {file:24}{what}");
    }
}
