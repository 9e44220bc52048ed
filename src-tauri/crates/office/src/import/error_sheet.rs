//! The sheet of what is wrong: the rows that were refused, as they came, with
//! the reasons beside them, to be sent back to whoever made the file.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use yinxin_record::validate::Cell;

use super::Sheet;

/// An `.xlsx` with the header of `sheet`, every row of which `note` says what
/// is wrong, and that in a last column under `heading`. Everything is written as text, so that nothing
/// in it becomes a formula and no digits are lost.
///
/// # Errors
/// What the writer says: more rows than a sheet holds, cells longer than one holds.
pub fn error_sheet<'n>(
    sheet: &Sheet,
    heading: &str,
    note: impl Fn(u64) -> Option<&'n str>,
) -> Result<Vec<u8>, String> {
    write(sheet, heading, note).map_err(|error| error.to_string())
}

fn write<'n>(
    sheet: &Sheet,
    heading: &str,
    note: impl Fn(u64) -> Option<&'n str>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    let last = u16::try_from(sheet.header.len()).unwrap_or(u16::MAX);
    for (column, name) in (0_u16..).zip(&sheet.header) {
        page.write_string_with_format(0, column, short(name), &bold)?;
        page.set_column_width(column, 16)?;
    }
    page.write_string_with_format(0, last, heading, &bold)?;
    page.set_column_width(last, 60)?;
    let wrong = sheet.rows.iter().filter_map(|row| Some((row, note(row.number)?)));
    for (line, (row, note)) in (1_u32..).zip(wrong) {
        for (column, cell) in (0_u16..).zip(&row.cells) {
            page.write_string_with_format(line, column, short(&shown(cell)), &text)?;
        }
        page.write_string_with_format(line, last, short(note), &text)?;
    }
    page.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

/// The most characters that a cell of a workbook holds.
const LONGEST: usize = 32_767;

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
        Cell::Empty => String::new(),
    }
}
