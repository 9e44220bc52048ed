//! `cargo xtask test`: every test, in steps; the first failure ends it.

use std::time::{Duration, Instant};

use crate::program::{build, cargo, run as run_program};
use crate::{machine, pages, practice, python, root};

/// How often the crash test kills.
const KILLS: &str = "200";

struct Step {
    name: &'static str,
    run: fn() -> Result<(), String>,
}

const STEPS: &[Step] = &[
    Step { name: "准备环境 set up", run: machine::for_testing },
    Step { name: "格式 cargo fmt --check", run: format },
    Step { name: "页面 pages", run: pages::build },
    Step { name: "页面单元测试 vitest", run: pages::test },
    Step { name: "静态检查 cargo clippy", run: clippy },
    Step { name: "测试 cargo test", run: cargo_test },
    Step { name: "发布构建 release build", run: build },
    Step { name: "Python 环境 venv", run: || python::venv().map(drop) },
    Step { name: "独立核对 checks in Python", run: checks_in_python },
    Step { name: "强行终止 kill -9", run: crash },
    Step { name: "浏览器 browser tests", run: browser },
    Step { name: "桌面窗口 desktop window", run: desktop },
    Step { name: "主要流程 cargo xtask run", run: practice::run_unseen },
];

/// Runs all steps.
///
/// # Errors
/// What is last printed, if a step failed.
pub fn run() -> Result<(), String> {
    let mut durations = Vec::new();
    for (number, step) in STEPS.iter().enumerate() {
        println!("\n━━ {}/{} {}", number + 1, STEPS.len(), step.name);
        let start = Instant::now();
        let done = (step.run)();
        durations.push((step.name, start.elapsed()));
        if let Err(message) = done {
            eprintln!("{message}");
            summarise(&durations, "失败 failed");
            println!("{number} passed, 1 failed");
            return Err(String::new());
        }
        println!("   通过 passed, {}", seconds(start.elapsed()));
    }
    summarise(&durations, "通过 passed");
    println!("{} passed, 0 failed", STEPS.len());
    Ok(())
}

fn summarise(durations: &[(&str, Duration)], last: &str) {
    println!("\n━━");
    for (number, (name, duration)) in durations.iter().enumerate() {
        let outcome = if number + 1 == durations.len() { last } else { "通过 passed" };
        println!("{:>8}  {outcome}  {name}", seconds(*duration));
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

fn format() -> Result<(), String> {
    run_program(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<(), String> {
    run_program(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

fn cargo_test() -> Result<(), String> {
    run_program(&mut cargo(&["test", "--workspace"]))
}

fn checks_in_python() -> Result<(), String> {
    python::checks(&python::venv()?, &root::yinxin())
}

fn desktop() -> Result<(), String> {
    let mut harness = cargo(&["run", "--quiet", "--package", "yinxin-tests", "--bin", "desktop", "--"]);
    run_program(harness.arg("--binary").arg(root::desktop()))
}

fn browser() -> Result<(), String> {
    pages::test_in_browser(&root::yinxin())
}

fn crash() -> Result<(), String> {
    let mut harness = cargo(&["run", "--quiet", "--package", "yinxin-tests", "--bin", "crash", "--"]);
    run_program(harness.arg("--binary").arg(root::yinxin()).args(["--kills", KILLS]))
}
