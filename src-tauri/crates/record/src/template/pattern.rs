//! Patterns: what the whole of a string must match.
//!
//! A pattern is a regular expression of the `regex` crate, which takes time
//! proportional to the text and never backtracks. After a backslash stands a
//! mark, which is then an ordinary character, or `d`: the ten digits 0–9, not
//! the digits of every script. Other escapes (`\w`, `\s`, `\p{…}`) are refused:
//! they mean other characters in other programs, and everyone who receives a
//! record must judge it alike.

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::parse::Parser;

/// The most bytes a pattern takes.
const MAX: usize = 500;
/// The most bytes a pattern takes in memory; two hundred fields may have one.
const MAX_COMPILED: usize = 256 * 1024;

/// The pattern, anchored at both ends; `None` if it is none or too costly.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    if pattern.is_empty() || pattern.len() > MAX {
        return None;
    }
    // As it stands, before anything stands round it: `a)|(b` must not get out
    // of the group that anchors it, nor `[A-\d]` become another class.
    Parser::new().parse(pattern).ok()?;
    let whole = format!(r"\A(?:{})\z", with_ascii_digits(pattern)?);
    RegexBuilder::new(&whole).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).build().ok()
}

/// The pattern with `[0-9]` for `\d`; `None` for escapes that are not offered.
fn with_ascii_digits(pattern: &str) -> Option<String> {
    let mut written = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            written.push(c);
            continue;
        }
        match rest.next()? {
            'd' => written.push_str("[0-9]"),
            // `\<` and `\>` are no marks but the edges of a word.
            mark if mark.is_ascii_punctuation() && !matches!(mark, '<' | '>') => written.extend([c, mark]),
            _ => return None,
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn matches(pattern: &str, good: &[&str], bad: &[&str]) {
        let compiled = compile(pattern).unwrap();
        for text in good {
            assert!(compiled.is_match(text), "{pattern} refuses {text:?}");
        }
        for text in bad {
            assert!(!compiled.is_match(text), "{pattern} accepts {text:?}");
        }
    }

    #[test]
    fn a_pattern_matches_the_whole_text() {
        matches(r"\d{12}", &["420102002003"], &["", "42010200200", "4201020020031", "42010200200x"]);
        matches(r"^[0-9A-Z]{18}\d{3}$", &["11100000MB03271699022"], &["11100000MB0327169902A"]);
        matches("a*ab?", &["a", "aa", "aaab"], &["", "b", "aabb"]);
        matches("a{2,}|b", &["aa", "aaaaa", "b"], &["a", "bb", "aab"]);
        matches("a|ab|abc", &["a", "ab", "abc"], &["abcd"]);
        matches("[^0-9]+", &["中文", "a"], &["", "a1"]);
        matches(r"鄂[A-HJ-NP-Z][0-9-]+", &["鄂A1-2"], &["鄂I12", "京A12"]);
        matches(r"\.\\.", &[".\\x"], &["x\\x", ".\\\n"]);
        matches("(?m)^a$", &["a"], &["a\nb", "b\na", "a\n"]);
    }

    #[test]
    fn digits_are_those_of_ascii() {
        matches(r"\d+", &["0123456789"], &["４２", "٤٢"]);
        matches(r"[\d-]{3}", &["1-2"], &["１-２"]);
        matches(r"[^\d]", &["４", "\\"], &["4"]);
        matches(r"\\d", &[r"\d"], &[r"\1", "1"]);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        let unfit = ["", "(a", "a)|(b", "a{3,2}", "[a", "[]", "[z-a]", r"[A-\d]", r"\", "*", "(?x)a #"];
        let elsewhere_other = [r"\w", r"\s", r"\ba", r"\D", r"\p{Han}", r"\x41", r"\<a"];
        for pattern in unfit.into_iter().chain(elsewhere_other) {
            assert!(compile(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_stays_small() {
        assert!(compile(&"a".repeat(500)).is_some());
        assert!(compile(&"a".repeat(501)).is_none());
        assert!(compile(r"[^0-9]{100}").is_some());
        assert!(compile(r"\d{1000}").is_some());
        assert!(compile("((a{1000}){1000}){1000}").is_none());
    }

    #[test]
    fn a_hostile_pattern_takes_linear_time() {
        let pattern = compile(&"a*a?".repeat(125)).unwrap();
        assert!(!pattern.is_match(&format!("{}b", "a".repeat(50_000))));
    }
}
