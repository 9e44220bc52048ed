//! The desktop window may ask exactly what is declared, its own three dialogs, and
//! whether it may close.

use std::collections::BTreeSet;

use serde_json::Value;
use yinxin_commands::COMMANDS;

const CAPABILITY: &str = include_str!("../../src-tauri/capabilities/main.json");
const CONFIGURATION: &str = include_str!("../../src-tauri/tauri.conf.json");

fn strings(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_window_may_ask_exactly_what_is_declared() {
    let capability: Value = serde_json::from_str(CAPABILITY).unwrap();
    let names = COMMANDS.iter().map(|command| command.name).chain([
        "pick_file",
        "pick_folder",
        "save_file",
        "answer_close",
    ]);
    let mut expected: BTreeSet<String> =
        names.map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    // To hear events; it sends none.
    expected.extend(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned));
    assert_eq!(strings(&capability["permissions"]), expected);
    assert_eq!(strings(&capability["windows"]), ["main".to_owned()].into());
    assert!(capability.get("remote").is_none());
}

#[test]
fn the_page_is_shut_in() {
    let configuration: Value = serde_json::from_str(CONFIGURATION).unwrap();
    let app = &configuration["app"];
    assert_eq!(app["withGlobalTauri"], false);
    assert_eq!(app["windows"], Value::Array(Vec::new()));
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["assetProtocol"]["enable"], false);
    assert_eq!(strings(&security["capabilities"]), ["main".to_owned()].into());
    let policy = security["csp"].as_object().unwrap();
    assert_eq!(policy["default-src"], "'none'");
    assert!(!CONFIGURATION.contains("unsafe-"));
    assert!(configuration["build"].get("devUrl").is_none());
}
