//! `cargo xtask`: what a fresh machine needs, in one word each.
//!
//! ```text
//! cargo xtask run                   set up, build, and do the main job in a practice city
//! cargo xtask test                  set up and run every test
//! cargo xtask build                 set up, and build everything that is shipped
//! cargo xtask bench [--records N]   measure against what this machine can do
//! ```
//!
//! Nothing here asks anything; it works without a terminal.

mod bench;
mod machine;
mod pages;
mod practice;
mod program;
mod python;
mod root;
mod test;

use std::process::ExitCode;

const USAGE: &str = "cargo xtask run                   准备环境、构建，在演练城市里走完主要流程 set up, build, do the main job
cargo xtask test                  准备环境，运行全部测试 set up, run every test
cargo xtask build                 准备环境，构建全部程序 set up, build everything
cargo xtask bench [--records N]   与机器能力相比的速度 measure";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((word, [])) if word == "run" => practice::run(),
        Some((word, [])) if word == "test" => test::run(),
        Some((word, [])) if word == "build" => program::build(),
        Some((word, rest)) if word == "bench" => bench::run(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // What `test` prints last has been printed.
            if !message.is_empty() {
                eprintln!("{message}");
            }
            ExitCode::FAILURE
        }
    }
}
