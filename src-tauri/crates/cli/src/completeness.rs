//! The locale files hold a text for every code, nothing else, and ask only for
//! what the codes provide.
//!
//! Codes of errors are read from the sources: every string in a function whose
//! name ends in `code`. Each needs a sample below, so that its arguments are
//! known.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Error as IoError, ErrorKind};
use std::path::{Path, PathBuf};

use yinxin_commands::DeskError;
use yinxin_evidence::file::FileError;
use yinxin_evidence::report::check_names;
use yinxin_evidence::{AssembleError, UnpackError, finding_args};
use yinxin_ledger::store::StoreError;
use yinxin_office::OfficeError;
use yinxin_office::import::SheetError;
use yinxin_office::people::InvitationError;
use yinxin_office::private_file::Exposure;
use yinxin_office::realm::RealmError;
use yinxin_office::recovery::RecoveryError;
use yinxin_office::strength::{Hint, Weakness};
use yinxin_record::cbor::{self, FieldError};
use yinxin_record::origin::OriginError;
use yinxin_record::roster::Role;
use yinxin_record::template::TemplateError;
use yinxin_record::validate::SetError;
use yinxin_record::{Coded, Id};

use crate::failure::CliError;
use crate::locale::{EN, Language, Locale, Table, Texts, ZH};

fn both() -> [(&'static str, Texts); 2] {
    [("zh-CN", ZH), ("en", EN)].map(|(name, text)| (name, serde_json::from_str(text).unwrap()))
}

/// The Rust sources of every crate below the shell, without tests.
fn sources() -> Vec<(PathBuf, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for name in ["record", "ledger", "evidence", "office", "practice", "commands", "cli"] {
        read_folder(&crates.join(name).join("src"), &mut found);
    }
    found
}

fn read_folder(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let without_tests = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
            if !path.ends_with("completeness.rs") {
                found.push((path, without_tests));
            }
        }
    }
}

/// The bodies of functions that give a stable word and whose name ends so.
fn bodies<'a>(source: &'a str, ending: &str) -> Vec<&'a str> {
    let heads = source.match_indices("fn ").filter(|(at, _)| {
        let head = source[*at..].split('{').next().unwrap_or_default();
        let name = head[3..].split('(').next().unwrap_or_default();
        name.ends_with(ending) && head.contains("-> &'static str")
    });
    heads.map(|(at, _)| body(&source[at..])).collect()
}

fn body(function: &str) -> &str {
    let mut depth = 0;
    for (at, c) in function.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return &function[..at],
            '}' => depth -= 1,
            _ => {}
        }
    }
    function
}

/// The strings in a piece of source that are stable words.
fn literals(source: &str) -> BTreeSet<String> {
    let plain = |text: &&str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    source.split('"').skip(1).step_by(2).filter(plain).map(str::to_owned).collect()
}

fn starting<'a>(all: impl IntoIterator<Item = &'a String>, beginning: &str) -> BTreeSet<String> {
    all.into_iter().filter(|word| word.starts_with(beginning)).cloned().collect()
}

fn keys<V>(table: &BTreeMap<String, V>) -> BTreeSet<String> {
    table.keys().cloned().collect()
}

/// The names in `{…}`.
fn places(text: &str) -> BTreeSet<String> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
}

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_code_has_a_text_and_every_text_a_code() {
    let sources = sources();
    let codes: BTreeSet<String> =
        sources.iter().flat_map(|(_, text)| bodies(text, "code")).flat_map(literals).collect();
    let problems: BTreeSet<String> = sources
        .iter()
        .filter(|(path, _)| path.ends_with("validate/problem.rs"))
        .flat_map(|(_, text)| literals(text))
        .collect();
    let office: Vec<BTreeSet<String>> = sources.iter().map(|(_, text)| literals(text)).collect();
    let (problems, violations) = (starting(&problems, "problem_"), starting(&codes, "violation_"));
    let damages = starting(office.iter().flatten(), "damage_");
    let findings: BTreeSet<String> = finding_args().iter().map(|(code, _)| (*code).to_owned()).collect();
    let errors: BTreeSet<String> = codes.difference(&violations).cloned().collect();
    assert!(errors.len() > 80 && problems.len() > 15 && damages.len() > 15, "the sources were not found");
    for (language, texts) in both() {
        assert_eq!(keys(&texts.errors), errors, "{language}: errors");
        assert_eq!(keys(&texts.problems), problems, "{language}: problems");
        assert_eq!(keys(&texts.violations), violations, "{language}: violations");
        assert_eq!(keys(&texts.damages), damages, "{language}: damages");
        assert_eq!(keys(&texts.findings), findings, "{language}: findings");
    }
}

#[test]
fn both_languages_have_the_same_keys_and_places() {
    let flat = |texts: &Texts| {
        let mut all = BTreeMap::new();
        let tables = [
            ("problems", &texts.problems),
            ("findings", &texts.findings),
            ("damages", &texts.damages),
            ("violations", &texts.violations),
            ("cli", &texts.cli),
        ];
        let mut add = |section: &str, table: &Table| {
            all.extend(table.iter().map(|(key, text)| (format!("{section}.{key}"), text.clone())));
        };
        for (section, table) in tables {
            add(section, table);
        }
        texts.words.iter().for_each(|(list, table)| add(&format!("words.{list}"), table));
        texts.help.iter().for_each(|(list, table)| add(&format!("help.{list}"), table));
        for (code, text) in &texts.errors {
            for (part, text) in [("what", &text.what), ("safe", &text.safe), ("next", &text.next)] {
                all.insert(format!("errors.{code}.{part}"), text.clone());
            }
        }
        all
    };
    let [zh, en] = both().map(|(_, texts)| flat(&texts));
    assert_eq!(keys(&zh), keys(&en));
    for (key, text) in &zh {
        assert_eq!(places(text), places(&en[key]), "{key}");
        for text in [text, &en[key]] {
            assert!(!text.trim().is_empty() && !text.contains(['!', '！']), "{key}: {text}");
        }
    }
}

#[test]
fn texts_ask_only_for_what_there_is() {
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in samples() {
        let args: BTreeSet<String> = sample.args().into_iter().map(|(name, _)| name.to_owned()).collect();
        let known = given.entry(sample.code().to_owned()).or_insert_with(|| args.clone());
        *known = known.intersection(&args).cloned().collect();
    }
    for code in keys(&both()[0].1.errors).iter().filter(|code| code.starts_with("usage_")) {
        given.insert(code.clone(), names(&["argument", "value"]));
    }
    for (language, texts) in both() {
        for (code, text) in &texts.errors {
            let given = given.get(code).unwrap_or_else(|| panic!("{code} has no sample"));
            for text in [&text.what, &text.safe, &text.next] {
                assert!(places(text).is_subset(given), "{language}: {code}: {text}");
            }
        }
        for (code, args) in finding_args() {
            let mut given = names(args);
            given.insert("check".to_owned());
            let text = &texts.findings[*code];
            assert!(places(text).is_subset(&given), "{language}: {code}: {text}");
        }
        for (table, args) in [(&texts.problems, &PROBLEM_ARGS[..]), (&texts.damages, &DAMAGE_ARGS[..])] {
            for (code, text) in table {
                let given = args.iter().find(|(known, _)| known == code).map_or(&[][..], |(_, args)| args);
                assert!(places(text).is_subset(&names(given)), "{language}: {code}: {text}");
            }
        }
        assert!(texts.violations.values().all(|text| places(text).is_empty()));
    }
}

#[test]
fn every_text_of_the_command_line_is_used() {
    let sources = sources();
    let own = || sources.iter().filter(|(path, _)| path.iter().any(|part| part == "cli"));
    let used: BTreeSet<String> = own().flat_map(|(_, text)| literals(text)).collect();
    let said: BTreeSet<String> = own()
        .flat_map(|(_, text)| ["say(\"", "say_plain(\"", "label(\""].map(|call| text.split(call).skip(1)))
        .flatten()
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    for (language, texts) in both() {
        let keys = keys(&texts.cli);
        let unused: Vec<_> = keys.difference(&used).collect();
        assert!(unused.is_empty(), "{language}: {unused:?}");
        let missing: Vec<_> = said.difference(&keys).collect();
        assert!(missing.is_empty(), "{language}: {missing:?}");
    }
}

#[test]
fn every_stable_word_is_translated() {
    let sources = sources();
    let of = |file: &str, ending: &str| -> BTreeSet<String> {
        let source = sources.iter().filter(|(path, _)| path.ends_with(file));
        source.flat_map(|(_, text)| bodies(text, ending)).flat_map(literals).collect()
    };
    let after = |call: &str| -> BTreeSet<String> {
        let texts = sources.iter().flat_map(|(_, text)| text.split(call).skip(1));
        texts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let mut parts = names(check_names());
    for call in ["Missing(\"", "format.part(\"", "format.list(\"", "self.part(\""] {
        parts.extend(after(call));
    }
    // Checks that need no word of their own are named as the parts they read.
    for (language, texts) in both() {
        let list = |name: &str| keys(&texts.words[name]);
        let roles: BTreeSet<String> = Role::ALL.iter().map(|role| role.as_str().to_owned()).collect();
        assert_eq!(list("role"), roles, "{language}");
        let hints: BTreeSet<String> = Hint::ALL.iter().map(|hint| hint.as_str().to_owned()).collect();
        assert_eq!(list("hint"), hints, "{language}");
        assert_eq!(list("part"), parts, "{language}");
        assert_eq!(list("act"), of("record/src/act/mod.rs", "word"), "{language}");
        assert_eq!(list("kind"), of("record/src/check_digit.rs", "kind"), "{language}");
        assert_eq!(list("purpose"), names(&["draft", "review", "approve", "service"]), "{language}");
        let formats = ["uscc", "identity-number", "licence-id", "container"];
        assert_eq!(list("format"), names(&formats), "{language}");
    }
}

#[test]
fn an_unknown_code_is_shown_as_it_is() {
    let locale = Locale::new(Language::En);
    assert_eq!(locale.error("no_such_code", &[]).what, "no_such_code");
    assert_eq!(locale.finding("format", "no_such_code", &[]), "no_such_code");
}

const PROBLEM_ARGS: [(&str, &[&str]); 14] = [
    ("problem_too_long", &["found", "max"]),
    ("problem_too_short", &["found", "min"]),
    ("problem_pattern", &["pattern"]),
    ("problem_not_in_list", &["list"]),
    ("problem_below_minimum", &["min"]),
    ("problem_above_maximum", &["max"]),
    ("problem_check_digit", &["format", "kind"]),
    ("problem_control_character", &["at", "character"]),
    ("problem_private_character", &["at", "character"]),
    ("problem_rule", &["own"]),
    ("problem_record_too_long", &["found", "max"]),
    ("problem_open_too_long", &["found", "max"]),
    ("problem_duplicate_row", &["first", "fields"]),
    ("problem_not_unique", &["first"]),
];

const DAMAGE_ARGS: [(&str, &[&str]); 9] = [
    ("damage_against_differs", &["size", "entries"]),
    ("damage_against_foreign", &["size", "entries"]),
    ("damage_against_longer", &["size", "entries"]),
    ("damage_signature", &["purpose"]),
    ("damage_table_person", &["id"]),
    ("damage_table_record", &["id"]),
    ("damage_table_records_missing", &["count"]),
    ("damage_tile", &["level", "number"]),
    ("damage_tile_count", &["stored", "expected"]),
];

/// At least one of every error.
fn samples() -> Vec<Box<dyn Coded>> {
    let mut all: Vec<Box<dyn Coded>> = Vec::new();
    all.extend(office_errors().into_iter().map(boxed));
    all.extend(invitation_errors().into_iter().map(boxed));
    all.extend(sheet_errors().into_iter().map(boxed));
    all.extend(template_errors().into_iter().map(boxed));
    all.extend(evidence_errors().into_iter().map(boxed));
    all.extend(cli_errors().into_iter().map(boxed));
    all.extend(desk_errors().into_iter().map(boxed));
    all.extend([SetError::Malformed, SetError::UnknownField { field: text() }].map(boxed));
    all.push(boxed(UnpackError::NoGenesis));
    all.push(boxed(AssembleError::WouldNotVerify { check: "", finding: "" }));
    all
}

fn boxed(error: impl Coded + 'static) -> Box<dyn Coded> {
    Box::new(error)
}

fn text() -> String {
    String::new()
}

fn office_errors() -> Vec<OfficeError> {
    use OfficeError as E;
    let (id, path) = (Id([0; 16]), PathBuf::new());
    let mut all = vec![
        E::NoOffice(path.clone()),
        E::FolderTaken(path.clone()),
        E::NewerDatabase { found: 2, known: 1 },
        E::OlderDatabase { found: 1, known: 2 },
        E::WritingUnfinished(path.clone()),
        E::ChangedMeanwhile(path.clone()),
        E::Store(StoreError::HeadMoved),
        E::Store(StoreError::EntryTooLong),
        E::Store(StoreError::NotThere),
        E::Damaged(""),
        E::StateOfAnotherHead { state: Some(1), ledger: 2 },
        E::NoCheckpoint,
        E::NobodyChosen,
        E::OwnKeyLost(text()),
        E::KeyTaken { id, other: id },
        E::OtherLedger { found: String::new(), own: String::new() },
        E::Origin(OriginError::Realm),
        E::Origin(OriginError::Code),
        E::OfficeCode(text()),
        E::BadName(text()),
        E::NameTaken(text()),
        E::UnknownPerson(text()),
        E::RolesTogether,
        E::RoleNeeded { name: text(), role: Role::Drafter },
        E::Suspended(text()),
        E::KeyReplaced(text()),
        E::AdminNeeded(text()),
        E::ReviewerNeeded(text()),
        E::SignerNeeded(text()),
        E::ChangeWaits(text()),
        E::NoSuchChange,
        E::PersonUnchanged(text()),
        E::KeyNeeded,
        E::FoundingOver,
        E::WrongPassphrase { whose: text() },
        E::WeakPassphrase(Weakness::Short),
        E::WeakPassphrase(Weakness::Guessable(Hint::More)),
        E::Recovery(RecoveryError::CodeLength { found: 1, expected: 35 }),
        E::Recovery(RecoveryError::CodeCharacter { group: 1, character: '!' }),
        E::Recovery(RecoveryError::CodeGroup { group: 1 }),
        E::Recovery(RecoveryError::NotMade),
        E::Recovery(RecoveryError::OtherOffice { found: text(), own: text() }),
        E::Recovery(RecoveryError::OtherSheet),
        E::Recovery(RecoveryError::NoQrCode),
        E::Recovery(RecoveryError::OtherQrCode),
        E::Recovery(RecoveryError::NotPicture),
        E::Recovery(RecoveryError::PictureTooLarge),
        E::Realm(RealmError::NotRegister),
        E::Realm(RealmError::IsRegister),
        E::Realm(RealmError::BadRequest("x")),
        E::Realm(RealmError::OtherRealm { found: text() }),
        E::Realm(RealmError::Contradicts("x")),
        E::Realm(RealmError::NoAdmins),
        E::Realm(RealmError::UnknownOffice(text())),
        E::Realm(RealmError::ChangeWaits),
        E::Realm(RealmError::NoChange),
        E::Realm(RealmError::NothingChanges(text())),
        E::Realm(RealmError::WrongStanding(text())),
        E::Realm(RealmError::KeysAsked),
        E::Realm(RealmError::NoKeysAsked),
        E::Realm(RealmError::NoPolicy),
        E::Realm(RealmError::BadAnswer("x")),
        E::Realm(RealmError::RegisterUnknown(text())),
        E::Realm(RealmError::OtherOffice(text())),
        E::Realm(RealmError::OtherHistory("x")),
        E::Realm(RealmError::NotNewer),
        E::Realm(RealmError::OtherKeys),
        E::Realm(RealmError::NotInRealm),
        E::Realm(RealmError::NotAsked),
        E::Realm(RealmError::NobodyAppointed("武汉市民政局".into())),
        E::EmptyPassphrase,
        E::HostLocked,
        E::KeyFileMissing(path.clone()),
        E::KeyFileDamaged(path.clone()),
        E::Exposed(Exposure::File(path.clone())),
        E::Exposed(Exposure::Foreign(path.clone())),
        E::Exposed(Exposure::Folder(path.clone())),
        E::Exposed(Exposure::Medium(path.clone())),
        E::Signer(yinxin_record::key::SignerUnavailable),
        E::UnknownTemplate(text()),
        E::NoSuchRecord(text()),
        E::NoSuchVersion { id, version: 1 },
        E::NothingWaits(id),
        E::WaitsForReview(id),
        E::NothingToReview(id),
        E::Interrupted,
        E::WaitsAlready(id),
        E::Withdrawn(id),
        E::Erased(id),
        E::NotPublished(id),
        E::NothingChanges(id),
        E::NoSuchForm(text()),
        E::FormChanged(id),
        E::FormTooLarge,
        E::AlreadyThere(id),
        E::AnotherDraft(id),
        E::NotYours(id),
        E::NoSuchField(text()),
        E::FieldIsOpen(text()),
        E::Values(Vec::new()),
        E::BadCursor(text()),
        E::BadReason,
        E::TooLarge,
    ];
    let kinds = [
        ErrorKind::NotFound,
        ErrorKind::PermissionDenied,
        ErrorKind::StorageFull,
        ErrorKind::AlreadyExists,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::Other,
    ];
    all.extend(kinds.map(|kind| E::File { path: path.clone(), source: IoError::from(kind) }));
    all.push(E::File { path, source: IoError::other(yinxin_office::whole_file::NotRegular) });
    // SQLITE_ERROR, BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN.
    let codes = [1, 5, 8, 10, 11, 13, 14];
    all.extend(
        codes.map(|code| E::Database(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None))),
    );
    all
}

fn invitation_errors() -> Vec<InvitationError> {
    use InvitationError as E;
    vec![
        E::Unreadable,
        E::AnswerUnreadable,
        E::Days { days: 0, most: 1 },
        E::Stands(text()),
        E::NoSuch,
        E::OtherOffice { found: text(), own: text() },
        E::OtherPerson { asked: text(), found: text() },
        E::ClockBehind,
        E::Expired,
        E::Withdrawn,
        E::Used,
        E::UsedUp,
        E::Changed,
        E::Unproved,
        E::KeyUsed,
        E::NotTwenty { found: 1 },
        E::OtherDigits { left: 1 },
    ]
}

fn sheet_errors() -> Vec<SheetError> {
    use SheetError as E;
    vec![
        E::Unreadable { detail: text() },
        E::NotAFile { path: text() },
        E::TooLarge { size: 1, max: 1 },
        E::Kind { name: text() },
        E::OldOrEncrypted,
        E::Encoding { row: 1, reason: "nul" },
        E::NotATable { detail: text() },
        E::Empty,
        E::HeaderOnly,
        E::TooManyRows { max: 1 },
        E::TooManyColumns { row: 1, max: 1 },
        E::TooMuch { row: 1 },
        E::CellTooLong { row: 1, column: text(), max: 1 },
        E::RowWidth { row: 1, found: 1, expected: 1 },
        E::Quote { row: 1 },
        E::FormulaError { row: 1, column: text(), error: text() },
        E::ZipBomb,
        E::ColumnsMissing { fields: text(), zh: text(), en: text() },
        E::ColumnTwice { field: text(), first: text(), second: text() },
    ]
}

fn template_errors() -> Vec<TemplateError> {
    use TemplateError as E;
    vec![
        E::TooLarge { len: 1, max: 1 },
        E::NotJson { detail: text() },
        E::NotCbor(cbor::decode(&[], 1).unwrap_err()),
        E::NotATemplate { detail: text() },
        E::Name { name: text() },
        E::Version,
        E::Label { of: text() },
        E::TooManyFields { count: 1, max: 1 },
        E::NameTwice { name: text() },
        E::RecordKey { field: text() },
        E::Open { field: text() },
        E::Format { field: text() },
        E::Constraint { field: text(), constraint: "" },
        E::Default { field: text() },
        E::SecrecyReview,
        E::RuleTwice { rule: text() },
        E::Rule { rule: text(), detail: text() },
        E::RuleField { rule: text(), field: text() },
    ]
}

fn evidence_errors() -> Vec<FileError> {
    vec![
        FileError::NotEvidence,
        FileError::OtherVersion(text()),
        FileError::TooLong { len: 1 },
        FileError::TooManyItems,
        FileError::Cbor(cbor::decode(&[], 1).unwrap_err()),
        FileError::Field(FieldError::Malformed(text())),
        FileError::Order(""),
    ]
}

fn desk_errors() -> Vec<DeskError> {
    use DeskError as E;
    vec![
        E::UnknownCommand(text()),
        E::BadRequest(text()),
        E::Locked,
        E::NoOfficeOpen,
        E::OfficeThere(PathBuf::new()),
        E::PracticeRealm,
        E::WaitAfterWrong { seconds: 5 },
        E::BadSettings,
        E::KeyFolderGone(PathBuf::new()),
        E::NoSuchFolder,
        E::NoSuchFile,
        E::FileTooLarge { path: text(), max: 1 },
        E::UploadBroken(text()),
        E::PolicyUnreadable { path: text(), detail: text() },
        E::NoSuchPlan,
        E::NoSuchJob,
        E::JobRuns,
        E::SittingChanged,
        E::Internal(text()),
    ]
}

fn cli_errors() -> Vec<CliError> {
    let path = PathBuf::new();
    vec![
        CliError::PassphraseFile { path: path.clone(), source: IoError::from(ErrorKind::NotFound) },
        CliError::PassphraseFileEmpty { path: path.clone() },
        CliError::PassphraseFileTooLong { path: path.clone(), max: 1 },
        CliError::PassphraseNotText { path: path.clone() },
        CliError::PolicyUnreadable { path: path.clone(), detail: text() },
        CliError::InsideData { path: path.clone() },
        CliError::OtherFileThere { path: path.clone() },
        CliError::FileTooLarge { path, max: 1 },
        CliError::OutputFailed { detail: text() },
        CliError::NoRandomness { detail: text() },
        CliError::NoHome,
        CliError::Listening { detail: text() },
    ]
}
