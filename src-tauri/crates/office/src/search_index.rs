//! Chinese search: every text is indexed as overlapping pairs of characters.
//!
//! FTS5's own tokenizers either take a run of Chinese characters for one word
//! or need three characters to find anything; most Chinese words have two. So
//! 大智街道 is stored as the tokens 大智 智街 街道 道, and a query for 智街道 is
//! the phrase "智街 街道". Runs of letters and digits are one token each and are
//! found by their beginning. A mark between fields keeps phrases within one.

use rusqlite::{Connection, params};

use crate::error::Result;

/// Stands between fields; the tokenizer counts whatever is not ASCII as letters.
const FIELD_MARK: &str = "\u{E000}";

/// The most terms of one query that are looked at.
const MAX_TERMS: usize = 16;

/// Replaces what is indexed for record number `no`.
pub(crate) fn store(db: &Connection, no: i64, tokens: &str) -> Result<()> {
    remove(db, no)?;
    insert(db, no, tokens)
}

/// Indexes record number `no`, of which nothing is indexed yet.
pub(crate) fn insert(db: &Connection, no: i64, tokens: &str) -> Result<()> {
    db.prepare_cached("INSERT INTO search_index (rowid, tokens) VALUES (?1, ?2)")?
        .execute(params![no, tokens])?;
    Ok(())
}

/// Removes what is indexed for record number `no`.
pub(crate) fn remove(db: &Connection, no: i64) -> Result<()> {
    db.prepare_cached("DELETE FROM search_index WHERE rowid = ?1")?.execute([no])?;
    Ok(())
}

/// The FTS5 query that finds `text`, or `None` if there is nothing to look for.
pub(crate) fn query(text: &str) -> Option<String> {
    let phrases: Vec<String> = runs(text).into_iter().take(MAX_TERMS).map(|run| phrase(&run)).collect();
    (!phrases.is_empty()).then(|| phrases.join(" AND "))
}

fn phrase(run: &Run) -> String {
    match run {
        Run::Word(word) => format!("\"{word}\" *"),
        Run::Chinese(chars) if chars.len() == 1 => format!("\"{}\" *", chars[0]),
        Run::Chinese(chars) => format!("\"{}\"", pairs(chars).join(" ")),
    }
}

/// What is indexed for a record with these texts.
pub(crate) fn tokens<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut tokens = String::new();
    for (i, text) in texts.into_iter().enumerate() {
        if i > 0 {
            tokens.push_str(FIELD_MARK);
            tokens.push(' ');
        }
        for run in runs(text) {
            push_run(&mut tokens, &run);
        }
    }
    tokens
}

fn push_run(tokens: &mut String, run: &Run) {
    match run {
        Run::Word(word) => tokens.push_str(word),
        Run::Chinese(chars) => {
            for pair in chars.windows(2) {
                tokens.extend(pair);
                tokens.push(' ');
            }
            tokens.extend(chars.last());
        }
    }
    tokens.push(' ');
}

fn pairs(chars: &[char]) -> Vec<String> {
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

enum Run {
    Word(String),
    Chinese(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut joined = false;
    for c in text.chars() {
        match (is_chinese(c), runs.last_mut()) {
            (true, Some(Run::Chinese(chars))) if joined => chars.push(c),
            (true, _) => runs.push(Run::Chinese(vec![c])),
            (false, _) if !c.is_alphanumeric() => {
                joined = false;
                continue;
            }
            (false, Some(Run::Word(word))) if joined => word.extend(c.to_lowercase()),
            (false, _) => runs.push(Run::Word(c.to_lowercase().collect())),
        }
        joined = true;
    }
    runs
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str], wanted: &str) -> bool {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE VIRTUAL TABLE search_index USING fts5 (tokens, content = '', contentless_delete = 1,
             tokenize = 'ascii')",
        )
        .unwrap();
        store(&db, 1, &tokens(texts.iter().copied())).unwrap();
        let Some(query) = query(wanted) else { return false };
        db.query_row("SELECT count(*) FROM search_index WHERE search_index MATCH ?1", [query], |row| {
            row.get::<_, i64>(0)
        })
        .unwrap()
            == 1
    }

    #[test]
    fn chinese_is_found_by_any_part_of_it() {
        let texts = ["大智街道", "保成社区", "420102002003"];
        for wanted in
            ["大智", "智街", "街道", "大智街道", "道", "大", "保成 街道", "保成社区420102", "420102"]
        {
            assert!(found(&texts, wanted), "{wanted}");
        }
        for wanted in ["道街", "大街", "智道", "街道保成", "420103", "", "  ", "\""] {
            assert!(!found(&texts, wanted), "{wanted}");
        }
    }

    #[test]
    fn rare_characters_letters_and_digits_are_found() {
        assert!(found(&["𬒈水社区"], "𬒈"));
        assert!(found(&["𬒈水社区"], "𬒈水"));
        assert!(found(&["Jiang'an District A区3号楼"], "district"));
        assert!(found(&["Jiang'an District A区3号楼"], "号楼"));
    }

    #[test]
    fn a_query_cannot_be_anything_but_words() {
        for hostile in ["a\" OR \"b", "NEAR(", "tokens:x", "*", "^a", "a AND", "-"] {
            let _ = found(&["some text"], hostile);
        }
    }
}
