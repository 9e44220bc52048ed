//! `cargo xtask bench`: builds what is measured and measures it.

use std::fs;
use std::process::Command;

use crate::{machine, program, root};

/// How many records the small set has.
const RECORDS: &str = "20000";

/// Runs the bench with `--records N`, or the small set.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let records = match arguments {
        [] => RECORDS,
        [flag, records] if flag == "--records" && records.parse::<u32>().is_ok() => records,
        _ => return Err("cargo xtask bench [--records N]".into()),
    };
    machine::for_showing()?;
    program::build()?;
    program::run(&mut program::cargo(&["build", "--release", "--package", "yinxin-tests", "--bins"]))?;
    // On the disk that is built on: a folder in memory would flatter every write.
    let folder = root::target().join("bench-office");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let binaries = root::target().join("release");
    let mut bench = Command::new(binaries.join("bench"));
    bench.args(["--records", records, "--binary"]).arg(root::yinxin()).arg("--keep").arg(&folder);
    program::run(&mut bench)?;
    println!();
    let mut window = Command::new(binaries.join("desktop"));
    window.arg("--binary").arg(root::desktop()).arg("--measure").arg(folder.join("office"));
    program::run(&mut window)
}
