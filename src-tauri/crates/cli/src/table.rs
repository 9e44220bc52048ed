//! Tables for terminals, where a Chinese character takes two places.

use unicode_width::UnicodeWidthStr as _;

/// Two blanks between columns.
const GAP: &str = "  ";

/// The rows in aligned columns below a header, each line without blanks at its
/// end.
pub(crate) fn layout(header: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let lines = || std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
    let columns = lines().map(<[String]>::len).max().unwrap_or(0);
    let width = |column: usize| lines().filter_map(|line| line.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    lines().map(|line| aligned(line, &widths)).collect()
}

fn aligned(line: &[String], widths: &[usize]) -> String {
    let padded = line.iter().zip(widths).map(|(cell, width)| {
        let missing = width.saturating_sub(cell.width());
        format!("{cell}{}", " ".repeat(missing))
    });
    padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn wide_characters_take_two_places() {
        let rows = [row(&["1", "保成社区", "已登记"]), row(&["20", "A社", ""])];
        let lines = layout(&row(&["编号", "名称", "状态"]), &rows);
        assert_eq!(lines, ["编号  名称      状态", "1     保成社区  已登记", "20    A社"]);
    }

    #[test]
    fn short_rows_and_no_rows_do_no_harm() {
        assert_eq!(layout(&row(&["a", "b"]), &[row(&["long"])]), ["a     b", "long"]);
        assert_eq!(layout(&row(&["a"]), &[]), ["a"]);
        assert_eq!(layout(&[], &[]), [""]);
    }
}
