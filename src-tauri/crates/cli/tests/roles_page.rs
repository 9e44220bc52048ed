//! The page in the tree says what the declarations say.

#[allow(dead_code, reason = "only the page is needed here")]
#[path = "../examples/roles.rs"]
mod roles;

#[test]
fn the_page_of_roles_is_that_of_the_declarations() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/ROLES.md");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == roles::page(),
        "ROLES.md is out of date: cargo run -p yinxin-cli --example roles > docs/ROLES.md"
    );
}
