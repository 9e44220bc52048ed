//! What a fresh Debian 12 with Rust lacks, and how to get it.

use std::process::Command;

use crate::program::{cargo, run, succeeds};

/// Something that must be there.
struct Need {
    what: &'static str,
    /// A command line that succeeds when it is.
    probe: &'static [&'static str],
    packages: &'static [&'static str],
}

/// For SQLite, which is compiled from C.
const C_COMPILER: Need =
    Need { what: "C 编译器 C compiler", probe: &["cc", "--version"], packages: &["gcc", "libc6-dev"] };

/// For the checks in `tests/python`.
const PYTHON: Need = Need {
    what: "Python 3 及其 venv",
    probe: &["python3", "-c", "import venv, ensurepip, ssl, sqlite3"],
    packages: &["python3", "python3-venv"],
};

/// Sees to it that the program can be built.
pub fn for_building() -> Result<(), String> {
    provide(&[C_COMPILER])
}

/// Sees to it that every test can run.
pub fn for_testing() -> Result<(), String> {
    provide(&[C_COMPILER, PYTHON])?;
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds(&mut cargo(&[tool, "--version"])) {
            run(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

fn provide(needs: &[Need]) -> Result<(), String> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !is_there(need)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    let names: Vec<&str> = missing.iter().map(|need| need.what).collect();
    println!("缺少 missing: {}; apt-get install {}", names.join(", "), packages.join(" "));
    install(&packages).map_err(|error| by_hand(&packages, &error))?;
    match missing.iter().find(|need| !is_there(need)) {
        Some(need) => Err(by_hand(&packages, &format!("{} 安装后仍不可用 still does not work", need.what))),
        None => Ok(()),
    }
}

fn is_there(need: &Need) -> bool {
    need.probe
        .split_first()
        .is_some_and(|(program, arguments)| succeeds(Command::new(program).args(arguments)))
}

/// Package lists may be there already; fetching them is the second try.
fn install(packages: &[&str]) -> Result<(), String> {
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    run(&mut apt(&install)).or_else(|_| {
        run(&mut apt(&["update"]))?;
        run(&mut apt(&install))
    })
}

/// `apt-get` as root, by sudo (which must not ask) for anybody else.
fn apt(arguments: &[&str]) -> Command {
    let mut words = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    if !is_root() {
        words.splice(0..0, ["sudo", "--non-interactive"]);
    }
    words.extend(arguments);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn by_hand(packages: &[&str], error: &str) -> String {
    format!(
        "{error}\n没有改动源代码和数据。请以管理员身份安装后重新运行。\n\
         Nothing of the sources or data has changed. Install as an administrator, then run this again:\n    \
         sudo apt-get install {}",
        packages.join(" ")
    )
}
