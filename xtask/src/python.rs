//! The Python of `tests/python`: a venv in the target folder, kept while the
//! requirements stay the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{run, succeeds};
use crate::root;

/// Makes the venv, unless it is there; gives its interpreter.
pub fn venv() -> Result<PathBuf, String> {
    let folder = root::target().join("python-venv");
    let requirements = root::root().join("tests/python/requirements.txt");
    let python = folder.join("bin/python");
    let stamp = folder.join("installed.txt");
    let wanted = read(&requirements)?;
    if read(&stamp).is_ok_and(|installed| installed == wanted)
        && succeeds(Command::new(&python).arg("--version"))
    {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip =
        ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet", "--requirement"];
    run(Command::new(&python).args(pip).arg(&requirements))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(python)
}

/// The checks of an office that the program at `binary` makes, and what it does
/// on a full disk and on a read-only one.
pub fn checks(python: &Path, binary: &Path) -> Result<(), String> {
    for script in ["check_all.py", "disk_full.py", "read_only.py"] {
        let path = root::root().join("tests/python").join(script);
        run(Command::new(python).arg("-B").arg(path).arg(binary))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
