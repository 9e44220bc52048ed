//! Texts: the locale files, and filling in what they leave open.
//!
//! ```text
//! errors      code → {what, safe, next}
//! problems, findings, damages, violations      code → text
//! words       name of an argument → its stable words → what people read
//! cli         headings, summaries, labels
//! help        commands, options, notes
//! ```
//!
//! A text may hold `{name}`. What goes there is an argument of the error or
//! finding: a stable word is translated, a field is called by its label, a time
//! is written as one, and whatever comes from a file loses control characters,
//! so that it cannot act on the terminal.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::OnceLock;

use serde::Deserialize;
use yinxin_record::template;
use yinxin_record::validate::Problem;
use yinxin_record::{Coded, template::Template};

use crate::time;

/// A name and its value, as [`Coded::args`] gives them.
pub(crate) type Arg = (&'static str, String);

pub(crate) const ZH: &str = include_str!("../../../../locales/zh-CN.json");
pub(crate) const EN: &str = include_str!("../../../../locales/en.json");

/// A language of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// Chinese.
    #[value(name = "zh-CN", alias = "zh")]
    Zh,
    /// English.
    #[value(name = "en")]
    En,
}

impl Language {
    /// The language for messages about the command line itself: `--lang` as far
    /// as it can be seen, else what the environment says.
    pub(crate) fn before_parsing(given: &[OsString]) -> Self {
        let words = || given.iter().take_while(|arg| *arg != "--").filter_map(|arg| arg.to_str());
        let after = words().zip(words().skip(1)).find(|(name, _)| *name == "--lang").map(|(_, word)| word);
        match after.or_else(|| words().find_map(|word| word.strip_prefix("--lang="))) {
            Some("en") => Self::En,
            Some(_) => Self::Zh,
            None => Self::of_environment(|name| std::env::var(name).ok()),
        }
    }

    fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable);
        match set.into_iter().find(|value| !value.is_empty()) {
            Some(value) if value.starts_with("en") => Self::En,
            _ => Self::Zh,
        }
    }
}

/// An error explained.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ErrorText {
    /// What happened.
    pub(crate) what: String,
    /// What is safe.
    pub(crate) safe: String,
    /// What to do next.
    pub(crate) next: String,
}

pub(crate) type Table = BTreeMap<String, String>;

/// The places that hold how many or how large: these numbers are grouped.
const COUNTS: [&str; 24] = [
    "amended",
    "changed",
    "committed",
    "count",
    "entries",
    "expected",
    "found",
    "have",
    "max",
    "min",
    "n",
    "need",
    "new",
    "of",
    "open",
    "people",
    "present",
    "refused",
    "seconds",
    "shown",
    "size",
    "stored",
    "submitted",
    "total",
];

/// A locale file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Texts {
    pub(crate) errors: BTreeMap<String, ErrorText>,
    pub(crate) problems: Table,
    pub(crate) findings: Table,
    pub(crate) damages: Table,
    pub(crate) violations: Table,
    pub(crate) words: BTreeMap<String, Table>,
    pub(crate) cli: Table,
    pub(crate) help: BTreeMap<String, Table>,
}

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Locale {
    pub(crate) language: Language,
    pub(crate) texts: Texts,
    labels: OnceLock<Table>,
}

impl Locale {
    pub(crate) fn new(language: Language) -> Self {
        let file = match language {
            Language::Zh => ZH,
            Language::En => EN,
        };
        // A test reads both files; a broken one cannot be shipped.
        let texts = serde_json::from_str(file).unwrap_or_default();
        Self { language, texts, labels: OnceLock::new() }
    }

    /// A text of the command line; large numbers are grouped.
    pub(crate) fn say(&self, key: &str, args: &[Arg]) -> String {
        self.fill(self.texts.cli.get(key).map_or(key, String::as_str), args, true)
    }

    /// The same with numbers as plain digits.
    pub(crate) fn say_plain(&self, key: &str, args: &[Arg]) -> String {
        self.fill(self.texts.cli.get(key).map_or(key, String::as_str), args, false)
    }

    /// An error's three parts. A ledger rule's are its text and what holds for
    /// every refusal.
    pub(crate) fn error(&self, code: &str, args: &[Arg]) -> ErrorText {
        let fill = |text: &str| self.fill(text, args, true);
        if let Some(text) = self.texts.errors.get(code) {
            return ErrorText { what: fill(&text.what), safe: fill(&text.safe), next: fill(&text.next) };
        }
        let what = self.texts.violations.get(code).map_or(code, String::as_str);
        ErrorText {
            what: fill(what),
            safe: self.say("refusal_safe", &[]),
            next: self.say("refusal_next", &[]),
        }
    }

    /// What is wrong with a row, without saying which row and field.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        self.of_table(&self.texts.problems, problem.code(), &problem.args())
    }

    /// What is wrong with a value that was given on the command line.
    pub(crate) fn problem_of_values(&self, problem: &Problem) -> String {
        let text = self.problem(problem);
        match &problem.field {
            Some(field) => self.say("labelled", &[("label", self.field(field)), ("value", text)]),
            None => text,
        }
    }

    /// What a finding of a check says; its text may name the check.
    pub(crate) fn finding(&self, check: &'static str, code: &str, args: &[Arg]) -> String {
        let mut args = args.to_vec();
        args.push(("check", check.to_owned()));
        self.of_table(&self.texts.findings, code, &args)
    }

    /// What a damage or violation that an audit found says.
    pub(crate) fn damage(&self, code: &str, args: &[Arg]) -> String {
        let table =
            if self.texts.damages.contains_key(code) { &self.texts.damages } else { &self.texts.violations };
        self.of_table(table, code, args)
    }

    fn of_table(&self, table: &Table, code: &str, args: &[Arg]) -> String {
        let text = table.get(code).map_or(code, String::as_str);
        format!("{}{}", self.fill(text, args, true), self.detail(args))
    }

    /// What the system or a reader said, in its own words, in brackets.
    pub(crate) fn detail(&self, args: &[Arg]) -> String {
        let detail = args.iter().find(|(name, _)| *name == "detail");
        detail.map_or_else(String::new, |(_, text)| {
            // Not through `say`: the detail must not be taken for a placeholder.
            let [open, close] = match self.language {
                Language::Zh => ["（", "）"],
                Language::En => [" (", ")"],
            };
            format!("{open}{}{close}", clean(text))
        })
    }

    /// A stable word of an argument in this language.
    pub(crate) fn word(&self, name: &str, value: &str) -> String {
        self.known_word(name, value).unwrap_or_else(|| clean(value))
    }

    fn known_word(&self, name: &str, value: &str) -> Option<String> {
        self.texts.words.get(name)?.get(value).cloned()
    }

    /// What people call a field of a built-in template.
    pub(crate) fn field(&self, key: &str) -> String {
        let labels = self.labels.get_or_init(|| {
            let templates = template::BUILTIN.iter().filter_map(|(name, _)| template::builtin(name));
            templates.flat_map(|template| self.labels_of(&template)).collect()
        });
        labels.get(key).cloned().unwrap_or_else(|| self.word("key", key))
    }

    fn labels_of(&self, template: &Template) -> Vec<(String, String)> {
        let fields = template.fields.iter();
        fields
            .map(|field| (field.key.clone(), self.choose(&field.label.zh, &field.label.en).to_owned()))
            .collect()
    }

    /// The one of two texts that is in this language.
    pub(crate) fn choose<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// A list in one line.
    pub(crate) fn list(&self, items: &[String]) -> String {
        items.join(self.choose("、", ", "))
    }

    /// One line of a list.
    pub(crate) fn bullet(&self, text: &str) -> String {
        format!("  · {text}")
    }

    /// A text of `--help`.
    pub(crate) fn help(&self, section: &str, key: &str) -> Option<&str> {
        Some(self.texts.help.get(section)?.get(key)?.as_str())
    }

    fn fill(&self, text: &str, args: &[Arg], group: bool) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                filled.push('{');
                rest = after;
                continue;
            };
            match self.value(name, args, group) {
                Some(value) => filled.push_str(&value),
                None => filled.push_str(name),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// What goes into the place called `name`.
    fn value(&self, name: &str, args: &[Arg], group: bool) -> Option<String> {
        let given =
            |name: &str| args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
        if name == "own" {
            return Some(clean(self.choose(given("zh")?, given("en")?)));
        }
        let value = given(name)?;
        Some(match name {
            "time" => value.parse().map_or_else(|_| clean(value), time::shown),
            "field" => self.field(value),
            "fields" => self.list(&value.split(", ").map(|key| self.field(key)).collect::<Vec<_>>()),
            "position" => entry_number(value),
            "violation" => self.violation(value),
            "needs" | "check" => self.word("part", value),
            _ if group && COUNTS.contains(&name) => grouped(value),
            _ => self.word(name, value),
        })
    }

    fn violation(&self, code: &str) -> String {
        let text = self.texts.violations.get(code).or_else(|| self.texts.words.get("violation")?.get(code));
        text.cloned().unwrap_or_else(|| clean(code))
    }
}

/// An entry as people count them, from one; its index counts from zero.
pub(crate) fn entry_number(index: &str) -> String {
    index.parse::<u64>().map_or_else(|_| clean(index), |index| grouped(&index.saturating_add(1).to_string()))
}

/// Digits with a comma before every third from the end: 3,520. Anything else is
/// left as it is.
fn grouped(digits: &str) -> String {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return clean(digits);
    }
    let before = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    let with = digits
        .chars()
        .enumerate()
        .map(|(index, digit)| if before(index) { format!(",{digit}") } else { digit.to_string() });
    with.collect()
}

/// A text from outside without what a terminal obeys: control characters, and
/// marks that turn the direction of writing.
pub(crate) fn clean(text: &str) -> String {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|c| if obeyed(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_asked_for_or_of_the_environment() {
        let before =
            |words: &[&str]| Language::before_parsing(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(before(&["yinxin", "--lang", "en", "list"]), Language::En);
        assert_eq!(before(&["yinxin", "list", "--lang=en"]), Language::En);
        assert_eq!(before(&["yinxin", "list", "--lang=zh-CN"]), Language::Zh);
        let of = |set: &[(&str, &str)]| {
            let set: BTreeMap<String, String> =
                set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            Language::of_environment(|name| set.get(name).cloned())
        };
        assert_eq!(of(&[]), Language::Zh);
        assert_eq!(of(&[("LANG", "en_GB.UTF-8")]), Language::En);
        assert_eq!(of(&[("LANG", "C.UTF-8")]), Language::Zh);
        assert_eq!(of(&[("LC_ALL", ""), ("LC_MESSAGES", "zh_CN.UTF-8"), ("LANG", "en_US")]), Language::Zh);
    }

    #[test]
    fn places_are_filled() {
        let zh = Locale::new(Language::Zh);
        let args = [
            ("n", "3520".to_owned()),
            ("field", "village".to_owned()),
            ("zh", "甲".to_owned()),
            ("en", "A".to_owned()),
        ];
        assert_eq!(zh.fill("{n} {field} {own} {other} {", &args, true), "3,520 社区（村）名称 甲 other {");
        assert_eq!(zh.fill("{n}", &args, false), "3520");
        assert_eq!(zh.fill("{value}", &[("value", "4201".to_owned())], true), "4201");
        assert_eq!(zh.fill("{time}", &[("time", "0".to_owned())], true), "1970-01-01 08:00");
        assert_eq!(zh.fill("{position}", &[("position", "3519".to_owned())], true), "3,520");
        // What stands in an argument is not filled again.
        assert_eq!(zh.fill("{n}", &[("n", "{n}".to_owned())], true), "{n}");
    }

    #[test]
    fn numbers_are_grouped() {
        let all = ["0", "999", "1000", "3520", "1234567", "-1000", "2026-01-01"].map(grouped);
        assert_eq!(all, ["0", "999", "1,000", "3,520", "1,234,567", "-1000", "2026-01-01"]);
    }

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\n\u{202e}c 社"), "a\u{fffd}[31mb\u{fffd}\u{fffd}c 社");
    }
}
