//! The pages are built before they are embedded.

fn main() {
    let pages = std::path::Path::new("../../../ui/dist");
    println!("cargo::rerun-if-changed={}", pages.display());
    if !pages.join("index.html").is_file() {
        println!(
            "cargo::error=ui/dist is not there. Build the pages first: `cargo xtask build`, or `npm ci && npm run build` in ui/."
        );
    }
}
