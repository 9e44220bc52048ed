//! The command line `yinxin`; see the library for how it works.

/// Records are allocated on one core and freed on another; the system's
/// allocator spends a tenth of a publication on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    yinxin_cli::main()
}
