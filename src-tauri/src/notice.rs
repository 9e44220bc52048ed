//! What is told outside the page, in the words of the locale files: why there is
//! no window, why a named file was not opened.

use std::collections::BTreeMap;

use serde::Deserialize;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use yinxin_commands::Failure;

use crate::window::TITLE;

const ZH: &str = include_str!("../../locales/zh-CN.json");
const EN: &str = include_str!("../../locales/en.json");

/// The pages' own texts, for what only a window can meet.
const PAGES_ZH: &str = include_str!("../../ui/src/locales/zh-CN.json");
const PAGES_EN: &str = include_str!("../../ui/src/locales/en.json");

/// Shows a failure on the terminal, if there is one, and in a dialog; does `then`
/// once that was read.
pub fn show(app: &AppHandle, failure: &Failure, then: impl FnOnce() + Send + 'static) {
    let text = Language::of_environment().told(failure);
    eprintln!("{text}");
    app.dialog().message(text).title(TITLE).kind(MessageDialogKind::Error).show(move |_| then());
}

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

#[derive(Default, Deserialize)]
struct Texts {
    errors: BTreeMap<String, Explained>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Explained {
    what: String,
    safe: String,
    next: String,
}

impl Language {
    /// The system's, as far as there are texts; the page has its own setting.
    pub fn of_environment() -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        match set.into_iter().find(|value| !value.is_empty()) {
            Some(value) if value.starts_with("en") => Self::En,
            _ => Self::Zh,
        }
    }

    /// What happened, what is safe, what to do next.
    pub fn told(self, failure: &Failure) -> String {
        let (shared, pages) = if self == Self::En { (EN, PAGES_EN) } else { (ZH, PAGES_ZH) };
        // A test reads all files; a broken one cannot be shipped.
        let read = |file| serde_json::from_str::<Texts>(file).unwrap_or_default().errors;
        let (shared, pages) = (read(shared), read(pages));
        let text = shared.get(&failure.code).or_else(|| pages.get(&failure.code));
        let detail = failure.args.get("detail").map(|detail| format!(": {detail}")).unwrap_or_default();
        let code = format!("({}{detail})", failure.code);
        match text {
            Some(text) => [&text.what, &text.safe, &text.next]
                .map(|part| filled(part, &failure.args))
                .into_iter()
                .chain([code])
                .collect::<Vec<_>>()
                .join("\n"),
            None => code,
        }
    }
}

fn filled(text: &str, args: &BTreeMap<String, String>) -> String {
    args.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_what_and_where() {
        let args = BTreeMap::from([("path".to_owned(), "/秘".to_owned())]);
        let failure = Failure { code: "file_not_permitted".to_owned(), args, problems: Vec::new() };
        for language in [Language::Zh, Language::En] {
            let told = language.told(&failure);
            assert!(told.contains("/秘") && told.lines().count() == 4, "{told}");
        }
    }

    #[test]
    fn what_only_a_window_can_meet_is_said_too() {
        let args = ["path", "n", "max"].map(|name| (name.to_owned(), "/甲".to_owned()));
        for code in ["out_not_changed", "too_many_files"] {
            let failure =
                Failure { code: code.to_owned(), args: BTreeMap::from(args.clone()), problems: Vec::new() };
            for language in [Language::Zh, Language::En] {
                let told = language.told(&failure);
                assert!(told.contains("/甲") && !told.contains('{') && told.lines().count() == 4, "{told}");
            }
        }
    }
}
