//! A realm by command line: README's block, run as it stands there, and what it
//! comes to for somebody who has only the policy.

#![allow(clippy::unwrap_used, reason = "what tests share may fail a test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const README: &str = include_str!("../../../../README.md");

/// The lines of README between the heading of realms and the end of its block.
fn block() -> &'static str {
    let section = README.split("## 一个地区 A realm").nth(1).unwrap();
    section.split("```").nth(1).unwrap()
}

fn shell(folder: &Path, script: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_yinxin"));
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("bash");
    shell.current_dir(folder).env("PATH", path).args(["-euo", "pipefail", "-c", script]);
    shell.output().unwrap()
}

fn verdict(folder: &Path, file: &str, policy: &str) -> (i32, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_yinxin"))
        .current_dir(folder)
        .args(["verify", file, "--policy", policy, "--json"])
        .output()
        .unwrap();
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

fn has(report: &Value, code: &str) -> bool {
    report.to_string().contains(code)
}

#[test]
fn a_realm_of_three_offices_and_eight_people_from_nothing() {
    let folder = TempDir::new().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../practice");
    fs::create_dir(folder.path().join("practice")).unwrap();
    let sheet = "practice/wuhan_communities_2021.csv";
    // Its first records are enough here.
    let whole = fs::read_to_string(data.join("wuhan_communities_2021.csv")).unwrap();
    let few: Vec<&str> = whole.lines().take(6).collect();
    fs::write(folder.path().join(sheet), few.join("\n") + "\n").unwrap();
    let ran = shell(folder.path(), block());
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));

    // Somebody who has only the policy, and a file of each office.
    let away = TempDir::new().unwrap();
    for file in ["mz.yinxin", "jy.yinxin", "sw.yinxin", "policy-1.txt", "policy-2.txt", "old.yinxin"] {
        fs::copy(folder.path().join(file), away.path().join(file)).unwrap();
    }
    for file in ["mz.yinxin", "jy.yinxin", "sw.yinxin"] {
        let (code, report) = verdict(away.path(), file, "policy-2.txt");
        assert_eq!(code, 0, "{file}: {report}");
        assert!(has(&report, "finding_trusted_by_register") && has(&report, "finding_people_compared"));
    }
    // One office has new keys since: what the old ones signed is not shown to lie
    // before the cut-off, but by the policy of then it was genuine.
    assert_eq!(verdict(away.path(), "old.yinxin", "policy-1.txt").0, 0);
    let (code, report) = verdict(away.path(), "old.yinxin", "policy-2.txt");
    assert_eq!(code, 13);
    assert!(has(&report, "finding_cut_off_unproved"));
    // No policy, no verdict.
    let none = Command::new(env!("CARGO_BIN_EXE_yinxin"))
        .current_dir(away.path())
        .args(["verify", "mz.yinxin"])
        .output()
        .unwrap();
    assert_eq!(none.status.code(), Some(13));
}
