//! From a file that a clerk has to rows that a template can judge.
//!
//! ```text
//! bytes ──[encoding]──▶ text ──┐
//!                              ├─[sheet]──▶ header, rows ──[columns]──▶ cells by field
//! bytes ──(unpacked .xlsx)─────┘
//! ```
//!
//! Accepted are `.csv` (comma, UTF-8 or GB18030, which includes GBK) and
//! `.xlsx` (its first visible sheet). The first row that is not blank is the
//! header. Whole files are read or nothing is: a sheet that cannot be read as
//! one table of even rows is refused with the row where that shows.
//!
//! Files are hostile until read. [`Limits`] bounds what they may cost, and a
//! compressed file's claims about its own size are not believed.

use yinxin_record::Coded;

pub mod columns;
pub mod encoding;
mod error_sheet;
mod plan;
pub mod sheet;

pub use columns::Columns;
pub use encoding::Encoding;
pub use error_sheet::error_sheet;
pub use plan::{Changed, ImportError, Imported, MAX_REFUSALS, Plan};
pub use sheet::{Row, Sheet, read, read_file};

/// The kinds of file that are read.
pub const ACCEPTED: &str = ".xlsx, .csv";

/// What a file may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file: 64 MiB.
    pub file: u64,
    /// Rows below the header: 200,000.
    pub rows: usize,
    /// Columns: 256.
    pub columns: usize,
    /// Characters of a cell: 50,000.
    pub cell: usize,
    /// Bytes of an `.xlsx` when unpacked: 512 MiB.
    pub unpacked: u64,
    /// Parts of an `.xlsx`: 1,000.
    pub members: usize,
    /// Cells of the table: 10 million.
    pub cells: usize,
    /// Bytes of all texts of the table: 256 MiB. An `.xlsx` may name one long
    /// text from many cells, so this is not bounded by its size.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 64 << 20,
            rows: 200_000,
            columns: 256,
            cell: 50_000,
            unpacked: 512 << 20,
            members: 1_000,
            cells: 10_000_000,
            text: 256 << 20,
        }
    }
}

/// Why a file is refused. Rows and columns are named as a spreadsheet program
/// or an editor shows them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {detail}")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// It is a pipe, a device or a folder.
    #[error("{path} is not a regular file")]
    NotAFile {
        /// What was named.
        path: String,
    },
    /// The file is too large.
    #[error("{size} bytes, at most {max} are read")]
    TooLarge {
        /// Its bytes.
        size: u64,
        /// The bytes allowed.
        max: u64,
    },
    /// A kind of file that is not read.
    #[error("{name:?} is not one of {ACCEPTED}")]
    Kind {
        /// The file's name.
        name: String,
    },
    /// An Excel file of the time before 2007, or one with a password.
    #[error("an old .xls file or one with a password; accepted are {ACCEPTED}")]
    OldOrEncrypted,
    /// The text is in no accepted encoding.
    #[error("row {row}: {reason}")]
    Encoding {
        /// The line of the first bad byte.
        row: u64,
        /// `utf16`, `utf32`, `nul`, `malformed` or `private`.
        reason: &'static str,
    },
    /// The file is damaged, or holds something else than a table.
    #[error("not a table: {detail}")]
    NotATable {
        /// What the reader met.
        detail: String,
    },
    /// There is nothing in it.
    #[error("the sheet is empty")]
    Empty,
    /// There is a header and nothing below it.
    #[error("there are no rows below the header")]
    HeaderOnly,
    /// Too many rows.
    #[error("more than {max} rows")]
    TooManyRows {
        /// The rows allowed.
        max: usize,
    },
    /// Too many columns.
    #[error("row {row} has more than {max} columns")]
    TooManyColumns {
        /// The row.
        row: u64,
        /// The columns allowed.
        max: usize,
    },
    /// Too many cells, or too much text in all of them.
    #[error("row {row}: more than fits into memory")]
    TooMuch {
        /// The row that was one too many.
        row: u64,
    },
    /// A cell is too long.
    #[error("cell {column}{row} has more than {max} characters")]
    CellTooLong {
        /// The row.
        row: u64,
        /// The column's letters.
        column: String,
        /// The characters allowed.
        max: usize,
    },
    /// A row has not as many fields as the header.
    #[error("row {row} has {found} fields, the header {expected}")]
    RowWidth {
        /// The row.
        row: u64,
        /// Its fields.
        found: usize,
        /// The header's fields.
        expected: usize,
    },
    /// A quotation mark that is not closed.
    #[error("row {row} has a quotation mark without its partner")]
    Quote {
        /// The row where the mark stands.
        row: u64,
    },
    /// A formula that came to nothing, like `#N/A`.
    #[error("cell {column}{row} is {error}")]
    FormulaError {
        /// The row.
        row: u64,
        /// The column's letters.
        column: String,
        /// As the spreadsheet shows it.
        error: String,
    },
    /// The file unpacks to more than allowed, or to too many parts.
    #[error("the file unpacks to more than is allowed")]
    ZipBomb,
    /// Columns that the template asks for are not there.
    #[error("there is no column for {fields}")]
    ColumnsMissing {
        /// The keys of their fields.
        fields: String,
        /// Their Chinese labels.
        zh: String,
        /// Their English labels.
        en: String,
    },
    /// Two columns fit one field.
    #[error("columns {first} and {second} are both {field}")]
    ColumnTwice {
        /// The key of the field.
        field: String,
        /// The first column's letters.
        first: String,
        /// The second column's letters.
        second: String,
    },
}

impl Coded for SheetError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "sheet_unreadable",
            Self::NotAFile { .. } => "sheet_not_a_file",
            Self::TooLarge { .. } => "sheet_too_large",
            Self::Kind { .. } => "sheet_kind",
            Self::OldOrEncrypted => "sheet_old_or_encrypted",
            Self::Encoding { .. } => "sheet_encoding",
            Self::NotATable { .. } => "sheet_not_a_table",
            Self::Empty => "sheet_empty",
            Self::HeaderOnly => "sheet_header_only",
            Self::TooManyRows { .. } => "sheet_too_many_rows",
            Self::TooManyColumns { .. } => "sheet_too_many_columns",
            Self::TooMuch { .. } => "sheet_too_much",
            Self::CellTooLong { .. } => "sheet_cell_too_long",
            Self::RowWidth { .. } => "sheet_row_width",
            Self::Quote { .. } => "sheet_quote",
            Self::FormulaError { .. } => "sheet_formula_error",
            Self::ZipBomb => "sheet_zip_bomb",
            Self::ColumnsMissing { .. } => "sheet_columns_missing",
            Self::ColumnTwice { .. } => "sheet_column_twice",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        let text = |text: &String| text.clone();
        match self {
            Self::Unreadable { detail } | Self::NotATable { detail } => vec![("detail", text(detail))],
            Self::NotAFile { path } => vec![("path", text(path))],
            Self::TooLarge { size, max } => {
                vec![("size", size.div_ceil(1 << 20).to_string()), ("max", (max >> 20).to_string())]
            }
            Self::Kind { name } => vec![("name", text(name)), ("accepted", ACCEPTED.to_owned())],
            Self::OldOrEncrypted => vec![("accepted", ACCEPTED.to_owned())],
            Self::Encoding { row, reason } => {
                vec![("row", row.to_string()), ("reason", (*reason).to_owned())]
            }
            Self::Empty | Self::HeaderOnly | Self::ZipBomb => Vec::new(),
            Self::TooManyRows { max } => vec![("max", max.to_string())],
            Self::TooManyColumns { row, max } => vec![("row", row.to_string()), ("max", max.to_string())],
            Self::TooMuch { row } | Self::Quote { row } => vec![("row", row.to_string())],
            Self::CellTooLong { row, column, max } => {
                vec![("row", row.to_string()), ("column", text(column)), ("max", max.to_string())]
            }
            Self::RowWidth { row, found, expected } => vec![
                ("row", row.to_string()),
                ("found", found.to_string()),
                ("expected", expected.to_string()),
            ],
            Self::FormulaError { row, column, error } => {
                vec![("row", row.to_string()), ("column", text(column)), ("error", text(error))]
            }
            Self::ColumnsMissing { fields, zh, en } => {
                vec![("fields", text(fields)), ("zh", text(zh)), ("en", text(en))]
            }
            Self::ColumnTwice { field, first, second } => {
                vec![("field", text(field)), ("first", text(first)), ("second", text(second))]
            }
        }
    }
}

/// The letters that a spreadsheet program shows above a column (0 is A).
#[must_use]
pub fn column_letters(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    match index / 26 {
        0 => last.to_string(),
        rest => format!("{}{last}", column_letters(rest - 1)),
    }
}
