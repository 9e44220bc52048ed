//! Files as clerks and attackers bring them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use yinxin_office::import::{Columns, Encoding, Limits, Row, Sheet, SheetError, read, read_file};
use yinxin_record::Coded;
use yinxin_record::template::{Template, builtin};
use yinxin_record::validate::{Cell, ProblemCode, Validator, duplicates};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn csv(bytes: impl AsRef<[u8]>) -> Result<Sheet, SheetError> {
    read("名录.CSV", bytes.as_ref(), &Limits::default())
}

fn xlsx(bytes: impl AsRef<[u8]>) -> Result<Sheet, SheetError> {
    read("名录.xlsx", bytes.as_ref(), &Limits::default())
}

fn numbers(sheet: &Sheet) -> Vec<u64> {
    sheet.rows.iter().map(|row| row.number).collect()
}

#[track_caller]
fn code(result: Result<Sheet, SheetError>, code: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.code(), code, "{error}");
}

// CSV.

#[test]
fn csv_rows_have_the_numbers_of_their_lines() {
    let sheet = csv("a,b\r\n1,\"x\ny\"\r\n\r\n\n2,\"say \"\"hi\"\"\"\n,\n  ,\t\n3,z").unwrap();
    assert_eq!(sheet.header, ["a", "b"]);
    assert_eq!(sheet.encoding, Some(Encoding::Utf8));
    let row = |number, a, b| Row { number, cells: vec![text(a), text(b)] };
    assert_eq!(sheet.rows, [row(2, "1", "x\ny"), row(6, "2", "say \"hi\""), row(9, "3", "z")]);
    assert_eq!(numbers(&csv("\n\na\n\n1").unwrap()), [5]);
    assert_eq!(numbers(&csv("a\r1\r2").unwrap()), [2, 3]);
}

#[test]
fn csv_encodings() {
    for (bytes, encoding) in [
        ("名称\n武汉\n".as_bytes().to_vec(), Encoding::Utf8),
        ("\u{feff}名称\n武汉\n".as_bytes().to_vec(), Encoding::Utf8Bom),
        (b"\xc3\xfb\xb3\xc6\n\xce\xe4\xba\xba\n".to_vec(), Encoding::Gb18030),
    ] {
        let sheet = csv(bytes).unwrap();
        assert_eq!((sheet.header, sheet.encoding), (vec!["名称".to_owned()], Some(encoding)));
        assert_eq!(sheet.rows[0].cells, [text("武汉")]);
    }
    // U+20000, which GBK does not have.
    assert_eq!(csv(b"\xc3\xfb\n\x95\x32\x82\x36\n").unwrap().rows[0].cells, [text("𠀀")]);
    code(csv(b"\xff\xfea\0,\0b\0"), "sheet_encoding");
    assert_eq!(csv(b"a\n\xce\xe4\n\xff"), Err(SheetError::Encoding { row: 3, reason: "malformed" }));
}

#[test]
fn uneven_csv_is_refused() {
    assert_eq!(csv("a,b\n1,2\n3\n"), Err(SheetError::RowWidth { row: 3, found: 1, expected: 2 }));
    assert_eq!(csv("a,b\n1,2,3\n"), Err(SheetError::RowWidth { row: 2, found: 3, expected: 2 }));
    assert_eq!(csv("a,b\n1,\"2\n3,4\n"), Err(SheetError::Quote { row: 2 }));
    assert_eq!(csv("a,b\n\n5\",2\n3,4\n"), Err(SheetError::Quote { row: 3 }));
}

#[test]
fn nothing_to_read() {
    assert_eq!(csv(""), Err(SheetError::Empty));
    assert_eq!(csv("\n ,\n"), Err(SheetError::Empty));
    assert_eq!(csv("a,b\n\n"), Err(SheetError::HeaderOnly));
    assert_eq!(xlsx(Workbook::new().save_to_buffer().unwrap_or_default()), Err(SheetError::Empty));
}

#[test]
fn limits_hold() {
    let limits = Limits { file: 100, rows: 2, columns: 3, cell: 4, cells: 5, text: 38, ..Limits::default() };
    let read = |content: &str| read("a.csv", content.as_bytes(), &limits);
    assert!(read("a,b\n1,2\n3,一二三四").is_ok());
    assert_eq!(read(&"x".repeat(101)), Err(SheetError::TooLarge { size: 101, max: 100 }));
    assert_eq!(read("a\n1\n2\n3"), Err(SheetError::TooManyRows { max: 2 }));
    assert_eq!(read("a,b,c,d\n1"), Err(SheetError::TooManyColumns { row: 1, max: 3 }));
    assert_eq!(read("a,b,c\n1,2,3\n4,5,6"), Err(SheetError::TooMuch { row: 3 }));
    let long = Err(SheetError::CellTooLong { row: 2, column: "B".to_owned(), max: 4 });
    assert_eq!(read("a,b\n1,一二三四五"), long);
    assert_eq!(read("一二三,一二三\n一二三,一二三四"), Err(SheetError::TooMuch { row: 2 }));
}

#[test]
fn other_kinds_are_refused() {
    for name in ["a.xls", "a.ods", "a.wps", "a.et", "a.xlsm", "a", "csv", "a.csv.exe"] {
        code(read(name, b"a\n1", &Limits::default()), "sheet_kind");
    }
    code(xlsx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), "sheet_old_or_encrypted");
    code(csv(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"), "sheet_old_or_encrypted");
    code(csv(b"PK\x03\x04 and more"), "sheet_kind");
    code(xlsx("a,b\n1,2"), "sheet_not_a_table");
}

#[test]
fn a_file_is_measured_before_it_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.csv");
    // A file of a terabyte that takes no room.
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let max = Limits::default().file;
    assert_eq!(read_file(&path, &Limits::default()), Err(SheetError::TooLarge { size: 1 << 40, max }));
    code(read_file(&folder.path().join("none.csv"), &Limits::default()), "sheet_unreadable");
    std::fs::create_dir(folder.path().join("folder.csv")).unwrap();
    let refused = read_file(&folder.path().join("folder.csv"), &Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "sheet_not_a_file");
}

// XLSX.

/// A workbook whose first sheet is hidden and whose second has a table.
fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_hidden(true).write(0, 0, "not this one").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_active(true);
    let day = Format::new().set_num_format("yyyy/m/d");
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    for (column, name) in ["名称", "号码", "日期", "时刻", "真假"].into_iter().enumerate() {
        sheet.write(2, u16::try_from(column).unwrap(), name).unwrap();
    }
    sheet.write(3, 0, "武汉").unwrap();
    sheet.write(3, 1, 110_105_194_912_310_021.0).unwrap();
    sheet.write_with_format(3, 2, ExcelDateTime::from_ymd(2026, 1, 2).unwrap(), &day).unwrap();
    let half_past = ExcelDateTime::from_ymd(2026, 1, 2).unwrap().and_hms(9, 30, 0).unwrap();
    sheet.write_with_format(3, 3, &half_past, &moment).unwrap();
    sheet.write(3, 4, true).unwrap();
    sheet.write(6, 1, 4201.0).unwrap();
    sheet.write_blank(8, 0, &day).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn xlsx_rows_have_the_numbers_that_excel_shows() {
    let sheet = xlsx(workbook()).unwrap();
    assert_eq!(sheet.header, ["名称", "号码", "日期", "时刻", "真假"]);
    assert_eq!((sheet.encoding, numbers(&sheet)), (None, vec![4, 7]));
    let number = Cell::Number(110_105_194_912_310_021.0);
    let expected = [text("武汉"), number, text("2026-01-02"), text("2026-01-02 09:30:00"), Cell::Bool(true)];
    assert_eq!(sheet.rows[0].cells, expected);
    let sparse = [Cell::Empty, Cell::Number(4201.0), Cell::Empty, Cell::Empty, Cell::Empty];
    assert_eq!(sheet.rows[1].cells, sparse);
}

#[test]
fn a_formula_error_is_named_by_its_cell() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(0, 1, "b").unwrap();
    sheet.write_formula(4, 1, Formula::new("NA()").set_result("#N/A")).unwrap();
    let expected = SheetError::FormulaError { row: 5, column: "B".to_owned(), error: "#N/A".to_owned() };
    assert_eq!(xlsx(workbook.save_to_buffer().unwrap()), Err(expected));
}

#[test]
fn cells_beyond_the_header_are_refused() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(1, 2, "x").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    assert_eq!(xlsx(bytes), Err(SheetError::RowWidth { row: 2, found: 3, expected: 1 }));
}

#[test]
fn a_cell_in_the_last_corner_costs_one_cell() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "a").unwrap();
    sheet.write(1_048_575, 0, "last").unwrap();
    assert_eq!(numbers(&xlsx(workbook.save_to_buffer().unwrap()).unwrap()), [1_048_576]);
    let sheet = workbook.worksheet_from_index(0).unwrap();
    sheet.write(1_048_575, 16_383, "corner").unwrap();
    code(xlsx(workbook.save_to_buffer().unwrap()), "sheet_too_many_columns");
}

// XLSX as attackers write it.

/// `workbook()` with some parts rewritten, compressed.
fn rewritten(rewrite: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(workbook())).unwrap();
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let name = member.name().unwrap().into_owned();
        let mut part = Vec::new();
        member.read_to_end(&mut part).unwrap();
        out.start_file(&name, SimpleFileOptions::default()).unwrap();
        out.write_all(&rewrite(&name, part)).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn with_part(target: &str, new: impl Fn(&str) -> String) -> Vec<u8> {
    rewritten(
        |name, part| {
            if name == target { new(std::str::from_utf8(&part).unwrap()).into_bytes() } else { part }
        },
    )
}

const SHEET: &str = "xl/worksheets/sheet2.xml";
const TEXTS: &str = "xl/sharedStrings.xml";

#[test]
fn a_zip_bomb_is_refused_while_it_unpacks() {
    let bomb =
        with_part(SHEET, |part| part.replace("<sheetData>", &format!("<sheetData>{}", " ".repeat(20 << 20))));
    assert!(bomb.len() < 100_000);
    let small = Limits { unpacked: 10 << 20, ..Limits::default() };
    assert_eq!(read("a.xlsx", &bomb, &small), Err(SheetError::ZipBomb));
    assert!(xlsx(&bomb).is_ok());
}

#[test]
fn declared_sizes_are_not_believed() {
    let bomb = with_part(SHEET, |part| format!("{part}{}", " ".repeat(20 << 20)));
    // Every place that declares the true size declares one byte instead.
    let size = u32::try_from(with_part_len(&bomb)).unwrap().to_le_bytes();
    let mut lying = bomb;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size {
            lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    let small = Limits { unpacked: 10 << 20, ..Limits::default() };
    let error = read("a.xlsx", &lying, &small).unwrap_err();
    assert!(matches!(error.code(), "sheet_zip_bomb" | "sheet_not_a_table"), "{error}");
}

fn with_part_len(bytes: &[u8]) -> u64 {
    ZipArchive::new(Cursor::new(bytes)).unwrap().by_name(SHEET).unwrap().size()
}

#[test]
fn too_many_members_are_refused() {
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..1_001 {
        out.start_file(format!("{index}.bin"), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(xlsx(out.finish().unwrap().into_inner()), Err(SheetError::ZipBomb));
}

#[test]
fn lies_about_memory_are_refused() {
    for count in ["999999999999", "99999999999999999999"] {
        let lie = with_part(TEXTS, |part| {
            let end = part.find("uniqueCount=\"").unwrap() + "uniqueCount=\"".len();
            format!("{}{count}{}", &part[..end], &part[end..])
        });
        assert_eq!(xlsx(lie), Err(SheetError::ZipBomb));
    }
    let fonts = with_part("xl/styles.xml", |part| part.replace("Calibri", &"x".repeat(2_000)));
    assert_eq!(xlsx(fonts), Err(SheetError::ZipBomb));
    let large = with_part("xl/workbook.xml", |part| format!("{part}{}", " ".repeat(9 << 20)));
    assert_eq!(xlsx(large), Err(SheetError::ZipBomb));
}

#[test]
fn one_long_text_in_many_cells_is_counted_each_time() {
    let long = with_part(TEXTS, |part| part.replace("武汉", &"长".repeat(1_000)));
    let limits = Limits { text: 2_000, ..Limits::default() };
    assert_eq!(read("a.xlsx", &long, &limits), Err(SheetError::TooMuch { row: 4 }));
    let cell = Limits { cell: 999, ..Limits::default() };
    let expected = SheetError::CellTooLong { row: 4, column: "A".to_owned(), max: 999 };
    assert_eq!(read("a.xlsx", &long, &cell), Err(expected));
}

#[test]
fn strange_rows_are_refused() {
    let repeated = with_part(SHEET, |part| part.replace("r=\"B7\"", "r=\"B2\""));
    code(xlsx(repeated), "sheet_not_a_table");
    let disordered = with_part(SHEET, |part| part.replace("r=\"E4\"", "r=\"A4\""));
    code(xlsx(disordered), "sheet_not_a_table");
    for wild in ["B99999999999999", "ZZZZZZZZZZZZ7", "中7", "B0", "B"] {
        let wild = with_part(SHEET, |part| part.replace("r=\"B7\"", &format!("r=\"{wild}\"")));
        let _ = xlsx(wild);
    }
}

#[test]
fn a_truncated_workbook_is_refused() {
    let whole = workbook();
    for end in (4..whole.len()).step_by(97) {
        assert!(xlsx(&whole[..end]).is_err());
    }
}

#[test]
fn no_single_damaged_byte_panics() {
    let whole = workbook();
    for at in (0..whole.len()).step_by(13) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let _ = xlsx(&damaged);
    }
}

// Columns.

fn template() -> Template {
    builtin("community").unwrap()
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn columns_are_found_by_key_or_label() {
    let names = [
        "备注",
        " VILLAGE_CODE ",
        "社区（村）名称",
        "subdistrict CODE",
        "town",
        "county_code",
        "\u{3000}区（县）名称",
        "city_code",
        "",
        "province_code",
        "province",
    ];
    let columns = Columns::of(&header(&names), &template()).unwrap();
    assert_eq!(columns.ignored, ["备注", "(I)"]);
    assert_eq!(columns.defaulted, ["secrecy_review"]);
    let cells = (0..11).map(|n| text(&n.to_string())).collect();
    let cells = columns.cells(&Row { number: 9, cells });
    assert_eq!(cells.len(), 10);
    assert_eq!(cells["village_code"], text("1"));
    assert_eq!(cells["county"], text("6"));
    assert_eq!(cells["secrecy_review"], text("不涉及国家秘密、工作秘密"));
}

#[test]
fn all_column_errors_come_at_once() {
    let names = ["village_code", "社区（村）代码", "village", "town_code", "town", "county_code", "county"];
    let errors = Columns::of(&header(&names), &template()).unwrap_err();
    let codes: Vec<_> = errors.iter().map(Coded::code).collect();
    assert_eq!(codes, ["sheet_column_twice", "sheet_columns_missing"]);
    assert_eq!(errors[0].args()[1..], [("first", "A".to_owned()), ("second", "B".to_owned())]);
    assert_eq!(errors[1].args()[0].1, "city_code, province_code, province");
    assert_eq!(errors[1].args()[1].1, "市代码、省代码、省名称");
}

// The whole way.

const COMMUNITIES: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../practice/wuhan_communities_2021.csv");

fn problems(sheet: &Sheet, template: &Template) -> Vec<ProblemCode> {
    let columns = Columns::of(&sheet.header, template).unwrap();
    let validator = Validator::new(template).unwrap();
    let mut problems = Vec::new();
    let mut good = Vec::new();
    for row in &sheet.rows {
        match validator.check(row.number, &columns.cells(row)) {
            Ok(values) => good.push((row.number, values)),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(duplicates(template, good.iter().map(|(row, values)| (*row, values))));
    problems.iter().map(|problem| problem.code).collect()
}

#[test]
fn the_communities_of_wuhan_are_good() {
    let sheet = read_file(COMMUNITIES.as_ref(), &Limits::default()).unwrap();
    assert_eq!((sheet.rows.len(), sheet.encoding), (3_520, Some(Encoding::Utf8)));
    assert_eq!(problems(&sheet, &template()), []);
}

#[test]
fn they_are_good_as_numbers_in_xlsx_too() {
    let sheet = read_file(COMMUNITIES.as_ref(), &Limits::default()).unwrap();
    let mut workbook = Workbook::new();
    let out = workbook.add_worksheet();
    out.write_row(0, 0, &sheet.header).unwrap();
    for (row, index) in sheet.rows.iter().zip(1..) {
        for (cell, column) in row.cells.iter().zip(0..) {
            let Cell::Text(text) = cell else { continue };
            match text.parse::<f64>() {
                Ok(number) => out.write(index, column, number).unwrap(),
                Err(_) => out.write(index, column, text).unwrap(),
            };
        }
    }
    let read = xlsx(workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(read.rows.len(), 3_520);
    assert!(matches!(read.rows[0].cells[0], Cell::Number(_)));
    assert_eq!(problems(&read, &template()), []);
}

#[test]
fn an_identity_number_that_became_a_number_is_refused() {
    let json = serde_json::json!({
        "name": "person", "version": 1, "label": {"zh": "人", "en": "Person"}, "review": false,
        "record_key": [], "rules": [],
        "fields": [
            {"key": "number", "label": {"zh": "号码", "en": "Number"}, "type": "string",
             "format": "identity-number", "class": "S", "sharing": "withheld", "keep": "committed"},
            {"key": "secrecy_review", "label": {"zh": "保密审查", "en": "Secrecy review"}, "type": "string",
             "constraints": {"required": true}, "class": "L", "sharing": "unconditional",
             "keep": "committed", "default": "无"},
        ],
    });
    let template = Template::from_json(&json.to_string()).unwrap();
    let sheet = xlsx(workbook()).unwrap();
    // Row 4 has lost digits, row 7 is merely no identity number.
    assert_eq!(problems(&sheet, &template), [ProblemCode::SpreadsheetNumber, ProblemCode::CheckDigit]);
    let shown = csv("号码\n1.10105E+17\n").unwrap();
    assert_eq!(problems(&shown, &template), [ProblemCode::SpreadsheetNumber]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, text in "([,\"\\r\\n]|a|中){0,40}") {
        let _ = (csv(&bytes), csv(&text), xlsx(&bytes));
        let _ = xlsx([b"PK\x03\x04", bytes.as_slice()].concat());
    }

    #[test]
    fn no_damaged_sheet_panics(at in 0_usize..10_000, with in "[<>/\"'&;=a-zA-Z0-9 ]{1,12}") {
        let damaged = with_part(SHEET, |part| {
            let at = at % part.len();
            format!("{}{with}{}", &part[..at], &part[(at + with.len()).min(part.len())..])
        });
        let _ = xlsx(damaged);
    }

    #[test]
    fn csv_gives_back_what_was_written(
        table in proptest::collection::vec(proptest::collection::vec("[a中\",\\n ]{0,5}x", 3), 2..6)
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let sheet = csv(writer.into_inner().unwrap()).unwrap();
        prop_assert_eq!(&sheet.header, &table[0]);
        let mut line = 1;
        for (row, (written, above)) in sheet.rows.iter().zip(table[1..].iter().zip(&table)) {
            line += 1 + above.iter().flat_map(|field| field.chars()).filter(|c| *c == '\n').count() as u64;
            prop_assert_eq!(row.number, line);
            prop_assert_eq!(&row.cells, &written.iter().map(|field| text(field)).collect::<Vec<_>>());
        }
    }
}
