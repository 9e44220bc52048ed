//! A file becomes a header and rows of cells.
//!
//! **CSV** (RFC 4180): fields parted by commas, quotation marks around fields
//! that need them, line ends allowed inside. A row's number is the line on
//! which it begins. Every row has as many fields as the header.
//!
//! **XLSX** (ECMA-376): a ZIP of XML parts. The parts are unpacked under a
//! running count, whatever sizes the ZIP declares; only then, and only those
//! parts that were checked, are they given to the spreadsheet reader, which
//! would otherwise trust what a file says about itself. Cells come one by one,
//! so that a lone cell in the last corner costs one cell.
//!
//! Blank rows are skipped. Dates become `YYYY-MM-DD`, with `HH:MM:SS` after a
//! blank where there is a time of day.

use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use yinxin_record::validate::Cell;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::encoding::{self, Encoding};
use super::{Limits, SheetError, column_letters};
use crate::whole_file;

/// One row below the header.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number as a spreadsheet program or an editor shows it.
    pub number: u64,
    /// One cell for every column of the header.
    pub cells: Vec<Cell>,
}

/// One table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The names of the columns, as they stand there.
    pub header: Vec<String>,
    /// At least one.
    pub rows: Vec<Row>,
    /// How a text file was encoded; `None` for `.xlsx`.
    pub encoding: Option<Encoding>,
}

/// Reads a file. Its size is asked for before it is loaded.
///
/// # Errors
/// [`SheetError`].
pub fn read_file(path: &Path, limits: &Limits) -> Result<Sheet, SheetError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Kind::of(&name)?;
    let unreadable = |error: std::io::Error| SheetError::Unreadable { detail: error.to_string() };
    let file = whole_file::open(path).map_err(|error| {
        if !whole_file::is_not_regular(&error) {
            return unreadable(error);
        }
        SheetError::NotAFile { path: path.display().to_string() }
    })?;
    check_size(file.metadata().map_err(unreadable)?.len(), limits)?;
    // The file may grow meanwhile.
    let mut bytes = Vec::new();
    file.take(limits.file.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    read(&name, &bytes, limits)
}

/// Reads the bytes of a file of that name.
///
/// # Errors
/// [`SheetError`].
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let kind = Kind::of(name)?;
    check_size(bytes.len() as u64, limits)?;
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(SheetError::OldOrEncrypted);
    }
    match (kind, bytes.starts_with(ZIP)) {
        (Kind::Xlsx, true) => read_xlsx(bytes, limits),
        (Kind::Csv, false) => read_csv(bytes, limits),
        (Kind::Xlsx, false) => Err(SheetError::NotATable { detail: "not an .xlsx file".to_owned() }),
        (Kind::Csv, true) => Err(SheetError::Kind { name: name.to_owned() }),
    }
}

/// The beginning of `.xls` files and of `.xlsx` files with a password.
const COMPOUND_FILE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The beginning of ZIP files.
const ZIP: &[u8] = b"PK\x03\x04";

#[derive(Clone, Copy)]
enum Kind {
    Csv,
    Xlsx,
}

impl Kind {
    fn of(name: &str) -> Result<Self, SheetError> {
        match name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).as_deref() {
            Some("csv") => Ok(Self::Csv),
            Some("xlsx") => Ok(Self::Xlsx),
            _ => Err(SheetError::Kind { name: name.to_owned() }),
        }
    }
}

fn check_size(size: u64, limits: &Limits) -> Result<(), SheetError> {
    if size > limits.file { Err(SheetError::TooLarge { size, max: limits.file }) } else { Ok(()) }
}

/// A table that grows row by row, within its limits.
struct Table<'a> {
    limits: &'a Limits,
    header: Option<Vec<String>>,
    rows: Vec<Row>,
    cells: usize,
    text: usize,
}

impl<'a> Table<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self { limits, header: None, rows: Vec::new(), cells: 0, text: 0 }
    }

    /// Counts a text towards the limits before it is kept.
    fn admit(&mut self, row: u64, column: usize, text: &str) -> Result<(), SheetError> {
        let Limits { cell: max, text: most, .. } = *self.limits;
        if text.len() > max && text.chars().count() > max {
            return Err(SheetError::CellTooLong { row, column: column_letters(column), max });
        }
        self.text += text.len();
        if self.text > most { Err(SheetError::TooMuch { row }) } else { Ok(()) }
    }

    /// Adds a row; the first that is not blank is the header. An even table
    /// has as many cells in a row as in the header, an uneven one at most.
    fn push(&mut self, number: u64, mut cells: Vec<Cell>, even: bool) -> Result<(), SheetError> {
        if cells.iter().all(is_blank) {
            return Ok(());
        }
        if cells.len() > self.limits.columns {
            return Err(SheetError::TooManyColumns { row: number, max: self.limits.columns });
        }
        let Some(header) = &self.header else {
            self.header = Some(cells.into_iter().map(header_text).collect());
            return Ok(());
        };
        let (found, expected) = (cells.len(), header.len());
        if found > expected || even && found < expected {
            return Err(SheetError::RowWidth { row: number, found, expected });
        }
        self.cells += expected;
        if self.cells > self.limits.cells {
            return Err(SheetError::TooMuch { row: number });
        }
        if self.rows.len() == self.limits.rows {
            return Err(SheetError::TooManyRows { max: self.limits.rows });
        }
        cells.resize(expected, Cell::Empty);
        self.rows.push(Row { number, cells });
        Ok(())
    }

    fn finish(self, encoding: Option<Encoding>) -> Result<Sheet, SheetError> {
        let header = self.header.ok_or(SheetError::Empty)?;
        if self.rows.is_empty() {
            return Err(SheetError::HeaderOnly);
        }
        Ok(Sheet { header, rows: self.rows, encoding })
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        Cell::Number(_) | Cell::Bool(_) => false,
    }
}

fn header_text(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Empty => String::new(),
    }
}

// CSV.

fn read_csv(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let (text, encoding) = encoding::decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut table = Table::new(limits);
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let damaged = |error: csv::Error| SheetError::NotATable { detail: error.to_string() };
    while reader.read_record(&mut record).map_err(damaged)? {
        let begin = record.position().map_or(0, |position| offset(position.byte()));
        let row = lines.number_at(begin);
        if lines.has_odd_quotes(offset(reader.position().byte())) {
            return Err(SheetError::Quote { row });
        }
        let cells = csv_cells(&mut table, row, &record)?;
        table.push(row, cells, true)?;
    }
    table.finish(Some(encoding))
}

fn offset(byte: u64) -> usize {
    usize::try_from(byte).unwrap_or(usize::MAX)
}

fn csv_cells(table: &mut Table<'_>, row: u64, record: &csv::StringRecord) -> Result<Vec<Cell>, SheetError> {
    if record.len() > table.limits.columns {
        return Err(SheetError::TooManyColumns { row, max: table.limits.columns });
    }
    let mut cells = Vec::with_capacity(record.len());
    for (column, field) in record.iter().enumerate() {
        table.admit(row, column, field)?;
        cells.push(if field.is_empty() { Cell::Empty } else { Cell::Text(field.to_owned()) });
    }
    Ok(cells)
}

/// Counts lines as an editor does, once over the text.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte from `begin` that ends no line: the reader
    /// counts the line ends of blank lines to the record after them.
    fn number_at(&mut self, begin: usize) -> u64 {
        while let Some(byte) = self.text.get(self.at) {
            let ends_line = *byte == b'\n' || *byte == b'\r' && self.text.get(self.at + 1) != Some(&b'\n');
            if self.at >= begin && !matches!(byte, b'\n' | b'\r') {
                break;
            }
            self.line += u64::from(ends_line);
            self.at += 1;
        }
        self.line
    }

    /// Whether a quotation mark before `end` has no partner.
    fn has_odd_quotes(&self, end: usize) -> bool {
        let record = self.text.get(self.at..end).unwrap_or_default();
        record.iter().filter(|b| **b == b'"').count() % 2 == 1
    }
}

// XLSX.

fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Sheet, SheetError> {
    let checked = repack(bytes, limits)?;
    // The reader below is not ours; should it panic on a strange file, that
    // file is refused and nothing else is lost.
    let result = catch_unwind(AssertUnwindSafe(|| read_workbook(checked, limits)));
    result.unwrap_or_else(|_| Err(damaged("the spreadsheet reader gave up")))
}

// By value, as `map_err` gives it.
#[allow(clippy::needless_pass_by_value)]
fn damaged(detail: impl ToString) -> SheetError {
    SheetError::NotATable { detail: detail.to_string() }
}

/// Unpacks the XML parts of an `.xlsx` under a running count and packs them
/// again, uncompressed, into a ZIP that is known to tell the truth.
fn repack(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, SheetError> {
    // Every part has an entry in the directory that begins with this mark.
    if bytes.windows(4).filter(|mark| mark == b"PK\x01\x02").count() > limits.members {
        return Err(SheetError::ZipBomb);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > limits.members {
        return Err(SheetError::ZipBomb);
    }
    if archive.has_duplicate_names() {
        return Err(damaged("two parts have one name"));
    }
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let member = archive.by_index(index).map_err(damaged)?;
        let name = member.name().map_err(damaged)?.into_owned();
        if !is_xml(&name) {
            continue;
        }
        let part = inflate(member, left)?;
        left -= part.len() as u64;
        check_part(&name.to_ascii_lowercase(), &part)?;
        out.start_file(name, stored).map_err(damaged)?;
        out.write_all(&part).map_err(damaged)?;
    }
    Ok(out.finish().map_err(damaged)?.into_inner())
}

/// Pictures and macros are not even unpacked.
fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".xml") || name.ends_with(".rels")
}

fn inflate(member: impl Read, left: u64) -> Result<Vec<u8>, SheetError> {
    let mut part = Vec::new();
    member.take(left.saturating_add(1)).read_to_end(&mut part).map_err(damaged)?;
    if part.len() as u64 > left { Err(SheetError::ZipBomb) } else { Ok(part) }
}

/// The most bytes of a part that is neither a worksheet nor the shared texts.
const SMALL_PART: usize = 8 << 20;
/// The longest attribute of a style; every cell format copies its font.
const LONGEST_ATTRIBUTE: usize = 1024;

/// Refuses parts that would make the reader reserve or copy far more memory
/// than the part itself takes.
fn check_part(name: &str, part: &[u8]) -> Result<(), SheetError> {
    let styles = name.ends_with("styles.xml");
    let holds_cells = name.contains("worksheets/") || name.ends_with("sharedstrings.xml");
    if part.len() > SMALL_PART && (styles || !holds_cells) {
        return Err(SheetError::ZipBomb);
    }
    let plausible = match name {
        "_rels/.rels" => !holds(part, b"worksheets") && !holds(part, b"&#"),
        name if name.ends_with("sharedstrings.xml") => counts_are_plausible(part),
        _ => !styles || attributes_are_short(part),
    };
    if plausible { Ok(()) } else { Err(SheetError::ZipBomb) }
}

fn holds(part: &[u8], word: &[u8]) -> bool {
    part.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// No `uniqueCount` may announce more texts than there are bytes.
fn counts_are_plausible(part: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    let announced = |at: usize| {
        let rest = part[at + NAME.len()..].iter().skip_while(|b| b" \t\r\n='\"".contains(b));
        let digits = rest.take_while(|b| b.is_ascii_digit());
        digits
            .fold(0_usize, |count, digit| count.saturating_mul(10).saturating_add(usize::from(digit - b'0')))
    };
    let named = part.windows(NAME.len()).enumerate().filter(|(_, window)| *window == NAME);
    named.into_iter().all(|(at, _)| announced(at) <= part.len())
}

/// Every `="…"` and `='…'` closes soon.
fn attributes_are_short(part: &[u8]) -> bool {
    let opens = |at: usize| {
        let rest = part[at + 1..].trim_ascii_start();
        let (quote, value) = rest.split_first().filter(|(b, _)| matches!(b, b'"' | b'\''))?;
        Some(value.iter().take(LONGEST_ATTRIBUTE).any(|b| b == quote))
    };
    let equals = part.iter().enumerate().filter(|(_, b)| **b == b'=');
    equals.into_iter().all(|(at, _)| opens(at).unwrap_or(true))
}

fn read_workbook(bytes: Vec<u8>, limits: &Limits) -> Result<Sheet, SheetError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(workbook_error)?;
    let first = workbook
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or_else(|| damaged("no visible sheet"))?;
    let mut reader = workbook.worksheet_cells_reader(&first).map_err(workbook_error)?;
    let mut table = Table::new(limits);
    let mut current = Row { number: 0, cells: Vec::new() };
    while let Some(cell) = reader.next_cell().map_err(workbook_error)? {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        if number != current.number {
            let done = std::mem::replace(&mut current, Row { number, cells: Vec::new() });
            push_trimmed(&mut table, done, number)?;
        }
        place(&mut table, &mut current, column as usize, cell.get_value())?;
    }
    push_trimmed(&mut table, current, u64::MAX)?;
    table.finish(None)
}

fn workbook_error(error: XlsxError) -> SheetError {
    match error {
        XlsxError::Password => SheetError::OldOrEncrypted,
        error => damaged(error),
    }
}

/// Puts a value into its column; cells of a row stand in order.
fn place(table: &mut Table<'_>, row: &mut Row, column: usize, value: &DataRef<'_>) -> Result<(), SheetError> {
    let cell = xlsx_cell(table, row.number, column, value)?;
    if cell == Cell::Empty {
        return Ok(());
    }
    if column >= table.limits.columns {
        return Err(SheetError::TooManyColumns { row: row.number, max: table.limits.columns });
    }
    if column < row.cells.len() {
        return Err(damaged(format!("cells of row {} are out of order", row.number)));
    }
    row.cells.resize(column, Cell::Empty);
    row.cells.push(cell);
    Ok(())
}

/// Adds a finished row without the blank cells at its end.
fn push_trimmed(table: &mut Table<'_>, mut row: Row, next: u64) -> Result<(), SheetError> {
    if next < row.number {
        return Err(damaged(format!("row {next} follows row {}", row.number)));
    }
    let filled = row.cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
    row.cells.truncate(filled);
    table.push(row.number, row.cells, false)
}

fn xlsx_cell(
    table: &mut Table<'_>,
    row: u64,
    column: usize,
    value: &DataRef<'_>,
) -> Result<Cell, SheetError> {
    let text = match value {
        DataRef::Empty => return Ok(Cell::Empty),
        DataRef::Bool(flag) => return Ok(Cell::Bool(*flag)),
        DataRef::Float(number) => return Ok(Cell::Number(*number)),
        // A count of 16 digits or more is refused later, so no digit is lost.
        DataRef::Int(number) => return Ok(number.to_string().parse().map_or(Cell::Empty, Cell::Number)),
        DataRef::DateTime(moment) => return Ok(moment_cell(moment)),
        DataRef::Error(error) => {
            let column = column_letters(column);
            return Err(SheetError::FormulaError { row, column, error: error.to_string() });
        }
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.as_str(),
        DataRef::SharedString(text) => text,
    };
    table.admit(row, column, text)?;
    Ok(if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) })
}

/// The last day that spreadsheets count, 9999-12-31.
const LAST_DAY: f64 = 2_958_465.0;

fn moment_cell(moment: &ExcelDateTime) -> Cell {
    let count = moment.as_f64();
    if moment.is_duration() || !(0.0..LAST_DAY + 1.0).contains(&count) {
        return Cell::Number(count);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    let date = format!("{year:04}-{month:02}-{day:02}");
    Cell::Text(match (count < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00:00") => date,
        (false, _) => format!("{date} {time}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announced_counts_must_be_plausible() {
        assert!(counts_are_plausible(br#"<sst count="9" uniqueCount="2"><si/><si/></sst>"#));
        assert!(counts_are_plausible(b"uniqueCount"));
        assert!(!counts_are_plausible(br#"<sst uniqueCount = "99999999999999999999999"/>"#));
        assert!(!counts_are_plausible(b"<!--<si>--><sst uniqueCount='1000'/>"));
    }

    #[test]
    fn long_attributes_are_found() {
        let long = "x".repeat(LONGEST_ATTRIBUTE);
        assert!(attributes_are_short(br#"<font name = "SimSun" size='9'/> ="#));
        assert!(!attributes_are_short(format!("<font name=\"{long}\"/>").as_bytes()));
        assert!(!attributes_are_short(format!("<font name =\n'{long}'/>").as_bytes()));
    }

    #[test]
    fn columns_have_letters() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(column_letters).into();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
