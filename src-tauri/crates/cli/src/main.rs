//! The command line `yinxin`; see the library for how it works.

fn main() -> std::process::ExitCode {
    yinxin_cli::main()
}
