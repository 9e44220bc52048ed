//! The types in the tree are those of the declarations.

#[test]
fn the_pages_know_the_commands_as_they_are() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/api/types.ts");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == yinxin_commands::typescript(),
        "types.ts is out of date: cargo run -p yinxin-commands --example types > ui/src/api/types.ts"
    );
}
