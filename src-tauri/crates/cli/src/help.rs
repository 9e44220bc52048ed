//! `--help` in the language of the user: the texts are put onto the commands
//! that `args` declares.
//!
//! A command's text is found by its path (`people add`), an option's by its
//! name, or by path and name where it means something special
//! (`office create passphrase_file`).

use clap::{Command, CommandFactory as _};

use crate::args::Args;
use crate::locale::Locale;

/// The declared command line with texts.
pub(crate) fn localised(locale: &Locale) -> Command {
    dressed(Args::command(), "", locale)
}

fn dressed(command: Command, path: &str, locale: &Locale) -> Command {
    let text = |section: &str, key: &str| locale.help(section, key).unwrap_or_default().to_owned();
    let template =
        format!("{{about}}\n\n{}{{usage}}\n\n{{all-args}}{{after-help}}", text("headings", "usage"));
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let mut command = command
        .about(text("commands", path))
        .help_template(template)
        .subcommand_help_heading(text("headings", "commands"))
        .mut_args(|arg| {
            let key = arg.get_id().as_str().to_owned();
            let special = locale.help("options", &format!("{path} {key}"));
            let help = special.or_else(|| locale.help("options", &key)).unwrap_or_default().to_owned();
            let heading = if arg.is_positional() { "arguments" } else { "options" };
            arg.help(help).help_heading(text("headings", heading))
        });
    if let Some(note) = locale.help("notes", path) {
        command = command.after_help(note.to_owned());
    }
    for name in names {
        let path = format!("{path} {name}").trim_start().to_owned();
        command = command.mut_subcommand(&name, |sub| dressed(sub, &path, locale));
    }
    command
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::locale::Language;

    /// Every path of a command with the names of its options.
    fn declared(command: &Command, path: &str, found: &mut Vec<(String, Vec<String>)>) {
        let ids = command.get_arguments().map(|arg| arg.get_id().as_str().to_owned()).collect();
        found.push((path.to_owned(), ids));
        for sub in command.get_subcommands() {
            declared(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    fn keys(locale: &Locale, section: &str) -> BTreeSet<String> {
        locale.texts.help[section].keys().cloned().collect()
    }

    #[test]
    fn everything_declared_is_explained_and_nothing_else() {
        let mut commands = Vec::new();
        declared(&Args::command(), "", &mut commands);
        let paths: BTreeSet<String> = commands.iter().map(|(path, _)| path.clone()).collect();
        for language in [Language::Zh, Language::En] {
            let locale = Locale::new(language);
            let mut used = BTreeSet::new();
            for (path, options) in &commands {
                assert!(locale.help("commands", path).is_some(), "{language:?}: command {path:?}");
                for option in options {
                    let special = format!("{path} {option}");
                    let key = if locale.help("options", &special).is_some() { &special } else { option };
                    assert!(locale.help("options", key).is_some(), "{language:?}: option {special:?}");
                    used.insert(key.clone());
                }
            }
            assert_eq!(keys(&locale, "commands"), paths, "{language:?}");
            assert_eq!(keys(&locale, "options"), used, "{language:?}");
            assert!(keys(&locale, "notes").is_subset(&paths), "{language:?}");
        }
    }

    #[test]
    fn help_is_whole_in_both_languages() {
        for (language, heading) in [(Language::Zh, "选项"), (Language::En, "Options")] {
            let mut command = localised(&Locale::new(language));
            command.build();
            let help = command.find_subcommand_mut("verify").map(|sub| sub.render_help().to_string());
            let help = help.unwrap_or_default();
            assert!(help.contains(heading) && help.contains("--policy"), "{help}");
        }
    }
}
