//! The pages of the window, in `ui/`, and the tests that drive them in a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::run;
use crate::root;

/// Builds `ui/dist`, which both hosts embed.
pub fn build() -> Result<(), String> {
    let folder = root::root().join("ui");
    install(&folder)?;
    run(&mut npm(&folder, &["run", "build"]))
}

/// The unit tests of the pages.
pub fn test() -> Result<(), String> {
    let folder = root::root().join("ui");
    install(&folder)?;
    run(&mut npm(&folder, &["test"]))
}

/// Drives the pages in Chromium against the program at `binary`.
pub fn test_in_browser(binary: &Path) -> Result<(), String> {
    let folder = root::root().join("tests/browser");
    install(&folder)?;
    run(npm(&folder, &["test"]).env("YINXIN_BINARY", binary))
}

/// Installs what the lock file says, unless that is there.
fn install(folder: &Path) -> Result<(), String> {
    let wanted = read(&folder.join("package-lock.json"))?;
    let stamp: PathBuf = folder.join("node_modules/.installed");
    if read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(&mut npm(folder, &["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(folder);
    command
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
