//! The reviewer's step on the command line: what README says, as it says it, and
//! what is refused by name.

#![allow(clippy::unwrap_used, reason = "what tests share may fail a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The commands of the first block that follows `heading` in README.
fn block(heading: &str) -> String {
    let readme = fs::read_to_string(top().join("README.md")).unwrap();
    let (_, below) = readme.split_once(heading).unwrap();
    below.split("```").nth(1).unwrap().to_owned()
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3).unwrap().to_owned()
}

struct Desk(TempDir);

impl Desk {
    /// An office in which everything of README's first block was done.
    fn of_readme() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(top().join("practice"), desk.0.path().join("practice")).unwrap();
        desk.runs(&block("## 自己动手 By hand"));
        desk
    }

    /// Runs lines as a person types them; everything must succeed but `verify`.
    fn runs(&self, lines: &str) -> String {
        let output = self.shell(lines);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn shell(&self, lines: &str) -> Output {
        let program = Path::new(env!("CARGO_BIN_EXE_yinxin"));
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", lines]).current_dir(self.0.path()).env("PATH", path).env("LC_ALL", "C.UTF-8");
        shell.output().unwrap()
    }

    /// The code of the first error.
    fn refused(&self, line: &str) -> String {
        let output = self.shell(&format!("yinxin --json {line}"));
        assert_eq!(output.status.code(), Some(1), "{line}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        let first = if said["refused"].is_array() { &said["refused"][0] } else { &said["errors"][0] };
        first["code"].as_str().unwrap().to_owned()
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.runs(&format!("yinxin --json {line}"))).unwrap()
    }
}

const LI: &str = "--data desk --as 李四示例 --passphrase-file secrets/li";
const ZHOU: &str = "--data desk --as 周严示例 --passphrase-file secrets/zhou";
const HOST: &str = "--host-passphrase-file secrets/host";

#[test]
fn what_readme_says_of_reviewing_is_so() {
    let desk = Desk::of_readme();
    let said = desk.runs(&block("### 审核 Review"));
    for text in [
        "已提交新增 2 条、变更 0 条，待审核。",
        "待审核·登记",
        "已审核 1 条，待审批。",
        "已登记 1 条。",
        "何新示例 经办，周严示例 审核，李四示例 审批。",
    ] {
        assert!(said.contains(text), "{text}\n{said}");
    }
    let english = desk.runs("yinxin --lang en verify reviewed.yinxin --policy policy.txt");
    assert!(english.contains("drafted by 何新示例, reviewed by 周严示例, approved by 李四示例"), "{english}");
    let report = desk.json("verify reviewed.yinxin --policy policy.txt");
    let signers: Vec<(&str, &str)> = report["files"][0]["proved"]["signers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|signer| (signer["purpose"].as_str().unwrap(), signer["name"].as_str().unwrap()))
        .collect();
    assert_eq!(signers, [("draft", "何新示例"), ("review", "周严示例"), ("approve", "李四示例")]);
}

#[test]
fn nobody_goes_round_the_reviewer() {
    let desk = Desk::of_readme();
    let setup: String = block("### 审核 Review").split("ONE=").next().unwrap().to_owned();
    desk.runs(&setup);
    let id = desk.json("list --data desk --state in_review")["records"][0]["id"].as_str().unwrap().to_owned();
    let shown = desk.json(&format!("show --data desk {id}"));
    assert_eq!(
        (&shown["state"], &shown["pending"]["waits_for"]),
        (&"in_review".into(), &serde_json::json!(["周严示例"]))
    );
    let text = desk.runs(&format!("yinxin show --data desk {id}; yinxin --lang en show --data desk {id}"));
    assert!(
        text.contains("待审核，等待：周严示例") && text.contains("To be reviewed by: 周严示例"),
        "{text}"
    );
    assert_eq!(desk.refused(&format!("approve {LI} {HOST} {id}")), "waits_for_review");
    assert_eq!(desk.refused(&format!("review {LI} {id}")), "reviewer_needed");
    assert_eq!(desk.refused(&format!("return {LI} {id} --reason 理由")), "reviewer_needed");
    assert_eq!(desk.json(&format!("review {ZHOU} {id}"))["reviewed"], 1);
    assert_eq!(desk.refused(&format!("review {ZHOU} {id}")), "nothing_to_review");
    assert_eq!(desk.refused(&format!("return {ZHOU} {id} --reason 理由")), "role_needed");
    let shown = desk.json(&format!("show --data desk {id}"));
    assert_eq!(
        (&shown["state"], &shown["pending"]["review"]["by"]),
        (&"submitted".into(), &"周严示例".into())
    );
    assert_eq!(desk.json(&format!("approve {LI} {HOST} {id}"))["published"], 1);
    desk.runs("yinxin audit --data desk");
}
