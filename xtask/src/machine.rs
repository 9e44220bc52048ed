//! What a fresh Debian 12 with Rust and Node.js lacks, and how to get it.

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

/// For the pages of the window; no package, because Debian 12's is too old.
const NODE: Need = Need {
    what: "Node.js 20",
    probe: &["node", "-e", "process.exit(process.versions.node.split('.')[0] >= 20 ? 0 : 1)"],
    packages: &[],
};

/// The desktop window.
const WEBKIT: Need = Need {
    what: "WebKitGTK 4.1",
    probe: &["pkg-config", "--exists", "webkit2gtk-4.1"],
    packages: &["libwebkit2gtk-4.1-dev", "pkg-config"],
};

const CHINESE_FONT: Need = Need {
    what: "中文字体 a Chinese font",
    probe: &["sh", "-c", "fc-list :lang=zh | grep -q ."],
    packages: &["fonts-noto-cjk", "fontconfig"],
};

/// A display without a screen.
const XVFB: Need = Need { what: "Xvfb", probe: &["sh", "-c", "command -v Xvfb"], packages: &["xvfb"] };

/// Drives the desktop window.
const WEBKIT_DRIVER: Need = Need {
    what: "WebKitWebDriver",
    probe: &["sh", "-c", "command -v WebKitWebDriver"],
    packages: &["webkit2gtk-driver"],
};

/// The browser of the browser tests.
const CHROMIUM: Need = Need { what: "Chromium", probe: &["chromium", "--version"], packages: &["chromium"] };

/// Sees to it that the program can be built.
pub fn for_building() -> Result<(), String> {
    provide(&[C_COMPILER, NODE, WEBKIT])
}

/// Sees to it that the window can be shown, with or without a screen.
pub fn for_showing() -> Result<(), String> {
    provide(&[C_COMPILER, NODE, WEBKIT, CHINESE_FONT, XVFB, WEBKIT_DRIVER])
}

/// Sees to it that every test can run.
pub fn for_testing() -> Result<(), String> {
    for_showing()?;
    provide(&[PYTHON, CHROMIUM])?;
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
    if let Some(need) = missing.iter().find(|need| need.packages.is_empty()) {
        return Err(format!("缺少 missing: {}。请先安装。 Install it first.", need.what));
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
