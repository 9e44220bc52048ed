//! Templates and the rows that are held against them.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use yinxin_record::cbor::{self, Value};
use yinxin_record::template::{BUILTIN, Keep, Template, TemplateError, builtin};
use yinxin_record::validate::{
    Cell, Problem, ProblemCode, SetError, Validator, Values, cells_of, duplicates, parse_set,
};
use yinxin_record::{Coded, Digest};

const NO_SECRETS: &str = "不涉及国家秘密、工作秘密";

fn field(key: &str, kind: &str, more: &Json) -> Json {
    let mut field = json!({
        "key": key, "label": {"zh": format!("{key}项"), "en": format!("The {key}")}, "type": kind,
        "class": "L", "sharing": "unconditional", "keep": "committed",
    });
    field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    field
}

/// One field of every kind.
fn everything() -> Json {
    json!({
        "name": "everything", "version": 3, "label": {"zh": "样样", "en": "Everything"},
        "review": true, "record_key": ["name", "day"],
        "fields": [
            field("name", "string", &json!({"constraints": {"required": true, "maxLength": 10}, "keep": "open"})),
            field("code", "string", &json!({"constraints": {"unique": true, "minLength": 2, "pattern": "[A-Z]\\d+"}})),
            field("colour", "string", &json!({"constraints": {"enum": ["红", "绿"]}})),
            field("story", "string", &json!({"format": "text", "class": "P"})),
            field("office", "string", &json!({"format": "uscc"})),
            field("person", "string", &json!({"format": "identity-number", "class": "S", "sharing": "conditional"})),
            field("count", "integer", &json!({"constraints": {"minimum": 0, "maximum": 10}})),
            field("amount", "number", &json!({"constraints": {"minimum": "-0.5", "maximum": 1000}})),
            field("agreed", "boolean", &json!({})),
            field("day", "date", &json!({"constraints": {"minimum": "2000-01-01"}})),
            field("until", "date", &json!({})),
            field("secrecy_review", "string", &json!({"constraints": {"required": true}, "default": NO_SECRETS})),
        ],
        "rules": [
            {"code": "order", "cel": "until == null || day == null || until >= day",
             "message": {"zh": "截止不早于开始", "en": "It may not end before it begins"}},
            {"code": "cheap", "cel": "amount == null || count == null || amount <= double(count) * 100.0",
             "message": {"zh": "太贵", "en": "Too dear"}},
        ],
    })
}

fn template_of(json: &Json) -> Result<Template, TemplateError> {
    Template::from_json(&json.to_string())
}

fn validator() -> Validator {
    Validator::new(&template_of(&everything()).unwrap()).unwrap()
}

fn row<'a>(cells: impl IntoIterator<Item = (&'a str, Cell)>) -> BTreeMap<String, Cell> {
    let always = [("name", text("中文")), ("secrecy_review", text(NO_SECRETS))];
    always.into_iter().chain(cells).map(|(key, cell)| (key.to_owned(), cell)).collect()
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn codes(result: Result<Values, Vec<Problem>>) -> Vec<ProblemCode> {
    result.err().unwrap_or_default().iter().map(|problem| problem.code).collect()
}

/// The value that a lone cell becomes.
fn read(key: &str, cell: Cell) -> Result<Value, ProblemCode> {
    match validator().check(7, &row([(key, cell)])) {
        Ok(values) => Ok(values[key].clone()),
        Err(problems) => {
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!((problems[0].row, problems[0].field.as_deref()), (7, Some(key)));
            Err(problems[0].code)
        }
    }
}

fn is_text(key: &str, cell: Cell, expected: &str) {
    assert_eq!(read(key, cell), Ok(Value::text(expected)));
}

#[allow(clippy::needless_pass_by_value)]
fn is_refused(key: &str, cell: Cell, code: ProblemCode) {
    assert_eq!(read(key, cell.clone()), Err(code), "{key}: {cell:?}");
}

// Templates.

#[test]
fn built_in_templates_are_good() {
    for (name, json) in BUILTIN {
        let template = builtin(name).unwrap();
        assert_eq!(template_of(&serde_json::from_str(json).unwrap()).unwrap(), template);
        assert_eq!(template.name, *name);
    }
    assert_eq!(builtin("nothing"), None);
    let community = builtin("community").unwrap();
    let open: Vec<_> = community.open_fields().map(|field| field.key.as_str()).collect();
    assert_eq!(open, ["village_code", "village"]);
    assert_eq!(community.committed_fields().count(), 8);
    assert!(community.committed_fields().all(|field| field.keep == Keep::Committed));
}

#[test]
fn cbor_and_json_say_the_same_template() {
    for template in [
        builtin("community").unwrap(),
        builtin("public_information").unwrap(),
        template_of(&everything()).unwrap(),
    ] {
        let bytes = template.to_cbor();
        assert_eq!(Template::from_cbor(&bytes), Ok(template.clone()));
        assert_eq!(template.digest(), Digest::of(&bytes));
        let json = serde_json::to_string_pretty(&template).unwrap();
        assert_eq!(Template::from_json(&json), Ok(template));
    }
}

#[test]
fn only_one_encoding_is_read() {
    let template = template_of(&everything()).unwrap();
    let Value::Map(mut entries) = cbor::decode(&template.to_cbor(), 100_000).unwrap() else { panic!() };
    let with = |entries: &[(Value, Value)]| Template::from_cbor(&cbor::encode(&Value::Map(entries.to_vec())));
    assert_eq!(with(&entries), Ok(template));
    for surplus in [Value::Null, Value::Int(1), Value::bytes([1])] {
        entries.push((Value::text("extra"), surplus));
        assert!(matches!(with(&entries), Err(TemplateError::NotATemplate { .. })));
        entries.pop();
    }
    // Saying a default aloud is another encoding of the same template.
    let fields = entries.iter_mut().find(|(key, _)| key.as_text() == Some("fields")).unwrap();
    let Value::Array(fields) = &mut fields.1 else { panic!() };
    let Value::Map(first) = &mut fields[8] else { panic!() };
    first.push((Value::text("constraints"), Value::map([("required", Value::Bool(false))])));
    assert!(matches!(with(&entries), Err(TemplateError::NotATemplate { .. })));
    assert!(matches!(Template::from_cbor(&[0xff]), Err(TemplateError::NotCbor(_))));
    assert!(matches!(Template::from_cbor(&[0; 40_000]), Err(TemplateError::TooLarge { .. })));
}

/// `everything()` with the value at a JSON pointer replaced is refused so.
#[track_caller]
fn refused(pointer: &str, value: Json, code: &str) {
    let mut json = everything();
    let (parent, last) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Json::Object(members) => drop(members.insert(last.to_owned(), value)),
        Json::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        _ => panic!(),
    }
    let error = template_of(&json).unwrap_err();
    assert_eq!(error.code(), code, "{pointer}: {error}");
    assert!(!error.to_string().is_empty());
}

#[test]
fn templates_that_say_too_much_are_refused() {
    refused("/more", json!(1), "template_not_json");
    refused("/fields/0/more", json!(1), "template_not_json");
    refused("/fields/0/constraints/more", json!(1), "template_not_json");
    refused("/fields/0/type", json!("geopoint"), "template_not_json");
    refused("/fields/6/constraints/minimum", json!(0.5), "template_not_json");
    refused("/name", json!("Every"), "template_name");
    refused("/version", json!(0), "template_version");
    refused("/label/zh", json!(" \u{3000}"), "template_label");
    refused("/fields/1/label/en", json!("x\u{202e}y"), "template_label");
    refused("/fields/1/key", json!("in"), "template_name");
    refused("/fields/1/key", json!("name"), "template_name_twice");
    refused("/fields/1/label/en", json!("NAME"), "template_name_twice");
    refused("/record_key", json!(["nobody"]), "template_record_key");
    refused("/record_key", json!(["day", "day"]), "template_record_key");
    refused("/fields/0/class", json!("P"), "template_open");
    refused("/fields/0/class", json!("S"), "template_open");
    refused("/fields/0/format", json!("text"), "template_open");
    refused("/fields/0/sharing", json!("conditional"), "template_open");
    refused("/fields/6/format", json!("uscc"), "template_format");
    refused("/fields/1/constraints/pattern", json!("a)|(b"), "template_constraint");
    refused("/fields/6/constraints/pattern", json!("a"), "template_constraint");
    refused("/fields/6/constraints/maxLength", json!(1), "template_constraint");
    refused("/fields/1/constraints/maxLength", json!(1), "template_constraint");
    refused("/fields/2/constraints/enum", json!([]), "template_constraint");
    refused("/fields/9/constraints/minimum", json!("2001-02-29"), "template_constraint");
    refused("/fields/0/constraints/minimum", json!(1), "template_constraint");
    refused("/fields/2/default", json!("蓝"), "template_default");
    refused("/fields/11/constraints/required", json!(false), "template_secrecy_review");
    refused("/fields/11", field("other", "string", &json!({})), "template_secrecy_review");
    refused("/rules/1/code", json!("order"), "template_rule_twice");
    refused("/rules/1/cel", json!("colour == sky"), "template_rule_field");
    let many: Vec<_> = (0..201).map(|n| field(&format!("f{n}"), "date", &json!({}))).collect();
    refused("/fields", json!(many), "template_too_many_fields");
    refused("/fields/2/constraints/enum", json!(["长".repeat(11_000)]), "template_too_large");
}

#[test]
fn rules_cannot_stall_the_reader() {
    let long = format!("name == '{}'", "x".repeat(1_000));
    let deep = format!("{}count{} == 1", "(".repeat(200), ")".repeat(200));
    let wide = format!("{}name == name", "name + ".repeat(20));
    let hostile = [
        "",
        "name ==",
        "[1, 2].all(x, x > 0)",
        "[1].map(x, x)",
        "name.length > 2",
        "has(name.x)",
        "{'a': 1} == {'a': 1}",
        "matches(name, 'a*')",
        "unheard(name)",
        long.as_str(),
        deep.as_str(),
        wide.as_str(),
    ];
    for cel in hostile {
        refused("/rules/0/cel", json!(cel), "template_rule");
    }
}

// Values.

#[test]
fn every_field_has_a_value() {
    let values = validator().check(1, &row([])).unwrap();
    assert_eq!(values.len(), 12);
    assert_eq!(values["name"], Value::text("中文"));
    assert_eq!(values["day"], Value::Null);
}

#[test]
fn strings_are_trimmed_and_keep_their_digits() {
    is_text("name", text("\u{3000} 武汉\t "), "武汉");
    is_text("name", Cell::Number(420_102.0), "420102");
    is_text("name", Cell::Number(-0.0), "0");
    is_text("name", Cell::Number(2.5), "2.5");
    is_text("story", text("一\r\n二\r三\t四"), "一\n二\n三\t四");
    is_text("story", Cell::Number(123_456_789_012_345.0), "123456789012345");
    assert_eq!(read("code", text(" ")), Ok(Value::Null));
}

#[test]
fn rounded_numbers_are_refused() {
    for shown in ["1.1E+17", "1.10105E+17", "4E+11", "-1.5e-05"] {
        is_refused("story", text(shown), ProblemCode::SpreadsheetNumber);
        is_refused("count", text(shown), ProblemCode::SpreadsheetNumber);
        is_refused("amount", text(shown), ProblemCode::SpreadsheetNumber);
    }
    for number in [1e15, 110_105_194_912_310_020.0, -1e15, f64::NAN, f64::INFINITY, 1e-300] {
        is_refused("story", Cell::Number(number), ProblemCode::SpreadsheetNumber);
        is_refused("person", Cell::Number(number), ProblemCode::SpreadsheetNumber);
    }
    for plain in ["1E10", "E+17", "11.1E+17", "1.E+17", "AE+17", "1.1E+1"] {
        is_text("story", text(plain), plain);
    }
}

#[test]
fn strings_meet_their_constraints() {
    is_refused("name", text("一二三四五六七八九十一"), ProblemCode::TooLong);
    is_text("name", text("一二三四五六七八九十"), "一二三四五六七八九十");
    let short = validator().check(1, &row([("code", text("A"))]));
    assert_eq!(codes(short), [ProblemCode::TooShort, ProblemCode::Pattern]);
    is_refused("code", text("xA1"), ProblemCode::Pattern);
    is_refused("code", text("A１"), ProblemCode::Pattern);
    is_refused("code", text("A1\nA1"), ProblemCode::ControlCharacter);
    is_text("code", text("A1"), "A1");
    is_refused("colour", text("蓝"), ProblemCode::NotInList);
    is_refused("office", text("12345678901234567X"), ProblemCode::CheckDigit);
    is_text("office", text("11420100MB0889006F"), "11420100MB0889006F");
    is_refused("story", text(&"长".repeat(50_001)), ProblemCode::TooLong);
    assert!(read("story", text(&"长".repeat(50_000))).is_ok());
    assert_eq!(read("name", Cell::Empty), Err(ProblemCode::Required));
}

#[test]
fn what_cannot_be_seen_is_refused() {
    for hidden in ["a\u{0}b", "a\u{7}b", "a\u{200b}b", "a\u{202e}b", "a\u{85}b", "a\u{feff}b"] {
        is_refused("name", text(hidden), ProblemCode::ControlCharacter);
        is_refused("story", text(hidden), ProblemCode::ControlCharacter);
    }
    is_refused("name", text("a\nb"), ProblemCode::ControlCharacter);
    is_refused("name", text("a\u{e000}b"), ProblemCode::PrivateCharacter);
    is_text("name", text("𠀀👩‍👩‍👧"), "𠀀👩‍👩‍👧");
}

#[test]
fn numbers_are_kept_digit_by_digit() {
    for (given, kept) in
        [("007.50", "7.5"), ("-0", "0"), ("+1", "1"), ("-0.50", "-0.5"), ("1000.000", "1000")]
    {
        let expected = Value::text(kept);
        let mut cells = row([("amount", text(given))]);
        assert_eq!(validator().check(1, &cells).unwrap()["amount"], expected);
        cells.insert("amount".to_owned(), text(kept));
        assert_eq!(validator().check(1, &cells).unwrap()["amount"], expected);
    }
    is_text("amount", Cell::Number(0.1 + 0.2), "0.3");
    is_text("amount", Cell::Number(999.99), "999.99");
    for bad in ["1,000", "1.", ".5", "0x1", "一", "1e3", "--1", "1 2"] {
        is_refused("amount", text(bad), ProblemCode::NotANumber);
    }
    is_refused("amount", text("-0.51"), ProblemCode::BelowMinimum);
    is_refused("amount", text("1000.01"), ProblemCode::AboveMaximum);
    is_refused("amount", text("-1000"), ProblemCode::BelowMinimum);
}

#[test]
fn other_types_are_read() {
    assert_eq!(read("count", text("10")), Ok(Value::Int(10)));
    assert_eq!(read("count", Cell::Number(3.0)), Ok(Value::Int(3)));
    is_refused("count", Cell::Number(3.5), ProblemCode::NotAnInteger);
    is_refused("count", text("9223372036854775808"), ProblemCode::NotAnInteger);
    is_refused("count", text("11"), ProblemCode::AboveMaximum);
    is_refused("count", text("-1"), ProblemCode::BelowMinimum);
    assert_eq!(read("agreed", text("是")), Ok(Value::Bool(true)));
    assert_eq!(read("agreed", Cell::Bool(false)), Ok(Value::Bool(false)));
    is_refused("agreed", text("也许"), ProblemCode::NotABoolean);
    for day in ["2026-01-02", "2026-1-2", "2026/1/2", "2026/01/02", "2026年1月2日", "2026年01月02日"] {
        is_text("day", text(day), "2026-01-02");
    }
    let impossible =
        ["2026-02-29", "2026-13-01", "26-01-02", "2026年1月2", "2026/1-2", "20260102", "2026-1-2 3:00"];
    for day in impossible {
        is_refused("day", text(day), ProblemCode::NotADate);
    }
    is_refused("day", Cell::Number(45_943.0), ProblemCode::NotADate);
    is_refused("day", text("1999-12-31"), ProblemCode::BelowMinimum);
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let cells = row([
        ("name", text("")),
        ("code", text("x")),
        ("day", text("2026-01-02")),
        ("until", text("2026-01-01")),
        ("count", text("many")),
        ("amount", text("5")),
        ("nonsense", text("?")),
    ]);
    let problems = validator().check(12, &cells).unwrap_err();
    let found: Vec<_> = problems.iter().map(|p| (p.field.as_deref(), p.code)).collect();
    let expected = [
        (Some("name"), ProblemCode::Required),
        (Some("code"), ProblemCode::TooShort),
        (Some("code"), ProblemCode::Pattern),
        (Some("count"), ProblemCode::NotAnInteger),
        (Some("nonsense"), ProblemCode::UnknownField),
        // `cheap` asks for the faulty `count` and stays silent.
        (None, ProblemCode::Rule),
    ];
    assert_eq!(found, expected);
    let args = problems[5].args();
    assert_eq!(args[0], ("row", "12".to_owned()));
    assert_eq!(args[1], ("rule", "order".to_owned()));
    assert_eq!(args[2], ("zh", "截止不早于开始".to_owned()));
    assert!(args.iter().any(|(name, _)| *name == "en"));
    assert_eq!(problems[0].to_string(), "row 12, field name: problem_required");
}

#[test]
fn a_rule_sees_numbers_and_empty_fields() {
    let pay = |count: &str, amount: &str| {
        codes(validator().check(1, &row([("count", text(count)), ("amount", text(amount))])))
    };
    assert_eq!(pay("3", "300"), []);
    assert_eq!(pay("3", "300.01"), [ProblemCode::Rule]);
    assert_eq!(pay("", "300.01"), []);
}

#[test]
fn a_rule_that_fails_to_compute_does_not_hold() {
    let mut json = everything();
    json["rules"] =
        json!([{"code": "broken", "cel": "int(name) > 0", "message": {"zh": "坏", "en": "Broken"}}]);
    let validator = Validator::new(&template_of(&json).unwrap()).unwrap();
    assert_eq!(codes(validator.check(1, &row([]))), [ProblemCode::Rule]);
    assert_eq!(codes(validator.check(1, &row([("name", text("5"))]))), []);
}

#[test]
fn records_stay_bounded() {
    let mut json = everything();
    let fields = json["fields"].as_array_mut().unwrap();
    fields.push(field("more", "string", &json!({"format": "text"})));
    fields.push(field("shout", "string", &json!({"keep": "open"})));
    let validator = Validator::new(&template_of(&json).unwrap()).unwrap();
    let long = || text(&"长".repeat(40_000));
    assert_eq!(codes(validator.check(1, &row([("story", long())]))), []);
    let both = [("story", long()), ("more", long())];
    assert_eq!(codes(validator.check(1, &row(both))), [ProblemCode::RecordTooLong]);
    assert_eq!(codes(validator.check(1, &row([("shout", long())]))), [ProblemCode::OpenTooLong]);
}

#[test]
fn duplicates_name_the_first_row() {
    let template = template_of(&everything()).unwrap();
    let values = |name: &str, code: &str| {
        validator().check(1, &row([("name", text(name)), ("code", text(code))])).unwrap()
    };
    let rows =
        [values("甲", "A1"), values("乙", ""), values("甲", "B2"), values("丙", "A1"), values("丁", "")];
    let problems = duplicates(&template, rows.iter().zip(2..).map(|(values, row)| (row, values)));
    let found: Vec<_> = problems.iter().map(|p| (p.row, p.code, p.args[0].clone())).collect();
    let first = || ("first", "2".to_owned());
    assert_eq!(found, [(4, ProblemCode::DuplicateRow, first()), (5, ProblemCode::NotUnique, first())]);
    assert_eq!(problems[0].args[1], ("fields", "name, day".to_owned()));
}

#[test]
fn an_amendment_begins_with_the_old_values() {
    let template = template_of(&everything()).unwrap();
    let old = validator().check(1, &row([("count", text("3")), ("agreed", text("否"))])).unwrap();
    let mut cells = cells_of(&old);
    for setting in ["name=新 = 旧", "agreed=", "day=2026/1/2"] {
        let (key, cell) = parse_set(&template, setting).unwrap();
        cells.insert(key, cell);
    }
    let new = validator().check(1, &cells).unwrap();
    assert_eq!(new["name"], Value::text("新 = 旧"));
    assert_eq!(new["agreed"], Value::Null);
    assert_eq!(new["day"], Value::text("2026-01-02"));
    assert_eq!(new["count"], Value::Int(3));
    assert_eq!(parse_set(&template, "name"), Err(SetError::Malformed));
    assert_eq!(parse_set(&template, "nobody=1"), Err(SetError::UnknownField { field: "nobody".to_owned() }));
}

#[test]
fn threads_share_a_validator() {
    fn shared<T: Sync + Send>(_: &T) {}
    shared(&validator());
}

#[test]
fn wuhan_communities_fit_the_built_in_template() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../practice/wuhan_communities_2021.csv");
    let sheet = std::fs::read_to_string(path).unwrap();
    let mut lines = sheet.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    let template = builtin("community").unwrap();
    let validator = Validator::new(&template).unwrap();
    let values: Vec<(u64, Values)> = lines
        .zip(2..)
        .map(|(line, number)| {
            let cells = header.iter().copied().zip(line.split(',').map(text));
            let cells = cells.chain([("secrecy_review", text(NO_SECRETS))]);
            let cells = cells.map(|(key, cell)| (key.to_owned(), cell)).collect();
            (number, validator.check(number, &cells).unwrap())
        })
        .collect();
    assert_eq!(values.len(), 3_520);
    assert_eq!(duplicates(&template, values.iter().map(|(row, values)| (*row, values))), []);
}

#[test]
fn information_is_made_public_after_a_review_and_after_it_was_produced() {
    let template = builtin("public_information").unwrap();
    assert!(template.review && !builtin("community").unwrap().review);
    let validator = Validator::new(&template).unwrap();
    let cells = |produced: &str, to_be_public: &str, secrecy: &str| {
        let cells = [
            ("index_number", "示例-1"),
            ("title", "示例事项"),
            ("produced", produced),
            ("to_be_public", to_be_public),
            ("public_basis", "示例依据"),
            ("summary", "示例内容"),
            ("secrecy_review", secrecy),
        ];
        cells.map(|(key, cell)| (key.to_owned(), text(cell))).into()
    };
    let check = |cells| codes(validator.check(1, &cells));
    assert_eq!(check(cells("2026-11-02", "2026-11-02", NO_SECRETS)), []);
    assert_eq!(check(cells("2026-11-02", "2026-11-01", NO_SECRETS)), [ProblemCode::Rule]);
    // Nobody's secrecy review is taken for granted.
    assert_eq!(check(cells("2026-11-02", "2026-11-20", "")), [ProblemCode::Required]);
}

// Whatever comes.

fn any_cell() -> impl Strategy<Value = Cell> {
    let likely =
        "[-+]?[0-9]{0,20}(\\.[0-9]{1,3})?(E\\+[0-9]{2})?|[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?|是|否";
    prop_oneof![
        any::<String>().prop_map(Cell::Text),
        likely.prop_map(Cell::Text),
        any::<f64>().prop_map(Cell::Number),
        (-1e16..1e16).prop_map(Cell::Number),
        (-100_i32..100).prop_map(|n| Cell::Number(f64::from(n) / 4.0)),
        any::<bool>().prop_map(Cell::Bool),
        Just(Cell::Empty),
    ]
}

fn any_cells() -> impl Strategy<Value = BTreeMap<String, Cell>> {
    let keys: Vec<String> = template_of(&everything()).unwrap().fields.into_iter().map(|f| f.key).collect();
    proptest::collection::btree_map(proptest::sample::select(keys), any_cell(), 0..12)
}

/// The long field alone takes almost anything, so that many rows are good.
fn one_story() -> impl Strategy<Value = BTreeMap<String, Cell>> {
    (any_cell(), any_cell(), any_cell())
        .prop_map(|(story, amount, until)| row([("story", story), ("amount", amount), ("until", until)]))
}

proptest! {
    #[test]
    fn no_row_panics(cells in any_cells()) {
        let result = validator().check(1, &cells);
        prop_assert_eq!(result.is_err(), !codes(result).is_empty());
    }

    #[test]
    fn values_are_a_fixed_point(cells in prop_oneof![one_story(), any_cells()]) {
        if let Ok(values) = validator().check(1, &cells) {
            prop_assert_eq!(validator().check(1, &cells_of(&values)), Ok(values));
        }
    }

    #[test]
    fn no_bytes_panic_as_a_template(bytes: Vec<u8>, json: String) {
        prop_assert!(Template::from_cbor(&bytes).is_err());
        prop_assert!(Template::from_json(&json).is_err());
    }

    #[test]
    fn a_changed_byte_is_another_template_or_none(at in 0_usize..2_000, flip in 1_u8..) {
        let template = template_of(&everything()).unwrap();
        let mut bytes = template.to_cbor();
        let at = at % bytes.len();
        bytes[at] ^= flip;
        if let Ok(read) = Template::from_cbor(&bytes) {
            prop_assert_ne!(read.digest(), template.digest());
        }
    }

    #[test]
    fn no_rule_panics(cel in "(name|count|null|size|[-+*/%!?:.,()\\[\\]]|==|>=|&&|in|'|[0-9]{1,19}|\\PC){0,12}") {
        let mut json = everything();
        json["rules"][0]["cel"] = json!(cel);
        if let Ok(template) = template_of(&json) {
            let _ = Validator::new(&template).unwrap().check(1, &row([("count", text("3"))]));
        }
    }
}
