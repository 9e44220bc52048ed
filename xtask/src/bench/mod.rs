//! `cargo xtask bench`: builds what is measured and measures it.

use std::process::Command;

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
    crate::pages::build()?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    cargo_step(
        &cargo,
        &["build", "--release", "--package", "yinxin-cli", "--package", "yinxin-tests", "--bins"],
    )?;
    let target = crate::root::target();
    let bench = target.join("release/bench");
    let status = Command::new(bench)
        .args(["--records", records, "--binary"])
        .arg(target.join("release/yinxin"))
        .status()
        .map_err(|error| format!("bench did not start: {error}"))?;
    if status.success() { Ok(()) } else { Err("bench failed".into()) }
}

fn cargo_step(cargo: &str, arguments: &[&str]) -> Result<(), String> {
    let status = Command::new(cargo).args(arguments).status().map_err(|error| format!("{cargo}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{cargo} {} failed", arguments.join(" "))) }
}
