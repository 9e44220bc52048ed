//! The real communities, as they are in `practice/wuhan_communities_2021.csv`,
//! and sheets made from them: what a drafter imports.

use crate::works::Rows;

const CSV: &str = include_str!("../../../../practice/wuhan_communities_2021.csv");

fn header() -> &'static str {
    CSV.lines().next().unwrap_or_default()
}

/// The rows of the list, without the header.
fn rows() -> impl Iterator<Item = &'static str> {
    CSV.lines().skip(1)
}

/// A sheet of these rows.
pub(crate) fn sheet(wanted: Rows) -> String {
    match wanted {
        Rows::All => CSV.to_owned(),
        Rows::Of(district, count) => {
            let rows: Vec<&str> = rows().filter(|row| row.starts_with(district)).take(count).collect();
            format!("{}\n{}\n", header(), rows.join("\n"))
        }
    }
}

/// How many rows these are.
pub(crate) fn count(wanted: Rows) -> usize {
    match wanted {
        Rows::All => rows().count(),
        Rows::Of(district, count) => rows().filter(|row| row.starts_with(district)).take(count).count(),
    }
}

/// A sheet of one invented community, in the subdistrict that its code begins
/// with; `None` if there is no such subdistrict.
pub(crate) fn sheet_of_one(code: &str, name: &str) -> Option<String> {
    let neighbour = rows().find(|row| row.get(..9) == code.get(..9))?;
    let (_, place) = neighbour.split_once(',')?.1.split_once(',')?;
    Some(format!("{}\n{code},{name},{place}\n", header()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_hold_what_they_are_asked_for() {
        assert_eq!(count(Rows::All), 3_520);
        assert_eq!(count(Rows::Of("420103", 16)), 16);
        let sheet = sheet(Rows::Of("420103", 2));
        assert_eq!(sheet.lines().count(), 3);
        assert!(sheet.lines().nth(1).unwrap().starts_with("420103001002,万年社区居委会,"));
    }

    #[test]
    fn an_invented_community_is_in_a_real_subdistrict() {
        let sheet = sheet_of_one("420102002901", "示例一社区").unwrap();
        let row = "420102002901,示例一社区,420102002,大智街道,420102,江岸区,4201,42,湖北省";
        assert_eq!(sheet.lines().nth(1), Some(row));
        assert_eq!(sheet_of_one("429999999901", "示例"), None);
    }
}
