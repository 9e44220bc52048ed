//! The pages of the window, in `ui/`, and the tests that drive them in a browser.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::run;
use crate::root;

/// What the pages are made of, below `ui/`; the last is what comes of it.
const PARTS: [&str; 9] = [
    "src",
    "public",
    "../locales",
    "index.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "dist",
];

/// Builds `ui/dist`, which both hosts embed. What is built already stays
/// untouched: newer files would have both hosts compiled again.
pub fn build() -> Result<(), String> {
    let folder = root::root().join("ui");
    install(&folder)?;
    let stamp = folder.join("node_modules/.built");
    if folder.join("dist").is_dir() && read(&stamp).is_ok_and(|built| state(&folder).as_ref() == Ok(&built)) {
        return Ok(());
    }
    run(&mut npm(&folder, &["run", "build"]))?;
    fs::write(&stamp, state(&folder)?).map_err(|error| format!("{}: {error}", stamp.display()))
}

/// Names and bytes of all [`PARTS`] as one number, in words.
fn state(folder: &Path) -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    for part in PARTS {
        take_in(&folder.join(part), &mut hasher)?;
    }
    Ok(hasher.finish().to_string())
}

fn take_in(path: &Path, hasher: &mut DefaultHasher) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", path.display());
    hasher.write(path.as_os_str().as_encoded_bytes());
    if path.is_dir() {
        let entries = fs::read_dir(path).map_err(failed)?;
        let mut below: Vec<_> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(failed)?;
        below.sort();
        return below.iter().try_for_each(|path| take_in(path, hasher));
    }
    let bytes = fs::read(path).map_err(failed)?;
    hasher.write_usize(bytes.len());
    hasher.write(&bytes);
    Ok(())
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
