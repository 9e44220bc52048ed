//! An office in a folder, by command line only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::Anything;

/// Every entry before the first record: genesis and two members.
pub const BEFORE_RECORDS: usize = 3;

const DRAFTER: [&str; 4] = ["--as", "张三示例", "--passphrase-file", "drafter"];
const APPROVER: [&str; 4] = ["--as", "李四示例", "--passphrase-file", "approver"];
const HOST: [&str; 2] = ["--host-passphrase-file", "host"];
/// A public check-digit sample.
const CODE: &str = "11420100MB0889006F";

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// `import`.
    Import,
    /// `approve --all`.
    Approve,
}

/// A record as `list --json` tells it.
pub struct Record {
    /// Its id.
    pub id: String,
    /// The current version; 0 before it is published.
    pub version: u64,
    /// What waits: act and version.
    pub waits: Option<(String, u64)>,
    /// `submitted`, `published`, …
    pub state: String,
    /// Values, in the order of the sheet's columns.
    pub values: Vec<String>,
}

/// An office.
pub struct Office {
    /// Where commands are typed: the passphrase files are here.
    beside: PathBuf,
    /// The name of the data folder in it.
    name: String,
    binary: PathBuf,
    sheet: PathBuf,
}

impl Office {
    /// Founds one in `beside` that imports `sheet`; its host's keys need no
    /// passphrase, which saves time at every start.
    pub fn found(binary: &Path, beside: &Path, sheet: &Path) -> Result<Self, Anything> {
        let office = Self {
            beside: beside.to_owned(),
            name: "founded".to_owned(),
            binary: binary.to_owned(),
            sheet: fs::canonicalize(sheet)?,
        };
        for name in ["host", "drafter", "approver"] {
            fs::write(beside.join(name), format!("{name} 湖边有三只白鸭看雪\n"))?;
        }
        let founding = ["--realm", "wuhan-practice", "--name", "武汉市民政局", "--code", CODE];
        office.done(&[&["office", "create"], &founding[..], &["--passphrase-file", "host"]].concat())?;
        for (person, role) in [(DRAFTER, "drafter"), (APPROVER, "approver")] {
            let [_, name, file @ ..] = person;
            let who = ["--name", name, "--role", role];
            office.done(&[&["people", "add"], &who[..], &file, &HOST].concat())?;
        }
        office.done(&[&["keys", "unattended", "on"], &HOST[..]].concat())?;
        Ok(office)
    }

    /// A copy of it beside it; one of that name is replaced.
    pub fn copied_to(&self, name: &str) -> Result<Self, Anything> {
        let copy = Self {
            beside: self.beside.clone(),
            name: name.to_owned(),
            binary: self.binary.clone(),
            sheet: self.sheet.clone(),
        };
        if copy.folder().exists() {
            fs::remove_dir_all(copy.folder())?;
        }
        copy_folder(&self.folder(), &copy.folder())?;
        Ok(copy)
    }

    fn folder(&self) -> PathBuf {
        self.beside.join(&self.name)
    }

    /// `yinxin` with these words.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(&self.beside).stdin(Stdio::null()).args(words).args(["--lang", "en"]);
        command
    }

    /// The command of a job, which prints on stderr what is on disk.
    pub fn job(&self, job: Job) -> Command {
        let mut command = match job {
            Job::Import => self.command(&[&["import", "--template", "community"], &DRAFTER[..]].concat()),
            Job::Approve => self.command(&[&["approve", "--all"], &APPROVER[..]].concat()),
        };
        if job == Job::Import {
            command.arg(&self.sheet);
        }
        command.args(["--data", &self.name, "--json"]);
        command
    }

    /// Runs a command on its data that must end with 0; what it printed.
    pub fn done(&self, words: &[&str]) -> Result<String, Anything> {
        let output = self.on_data(words)?;
        if output.status.success() {
            Ok(String::from_utf8(output.stdout)?)
        } else {
            Err(told(words, &output))
        }
    }

    /// Runs a command on its data to the end.
    pub fn on_data(&self, words: &[&str]) -> Result<Output, Anything> {
        self.output(&[words, &["--data", &self.name]].concat())
    }

    /// Runs a command to its end.
    pub fn output(&self, words: &[&str]) -> Result<Output, Anything> {
        Ok(self.command(words).output()?)
    }

    /// The name of a file that no other office has.
    pub fn file(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }

    /// The newest records, at most `limit`, and how many there are in all.
    pub fn records(&self, limit: usize) -> Result<(Vec<Record>, usize), Anything> {
        let list = self.list(&["--limit", &limit.to_string()])?;
        let records = list["records"].as_array().ok_or("list: no records")?;
        let records: Option<Vec<Record>> = records.iter().map(Record::of).collect();
        let records = records.ok_or("list: a record without id, state, version or values")?;
        let total = total(&list)?;
        if records.len() != limit.min(total) {
            return Err(format!("list: {} records of {total}", records.len()).into());
        }
        Ok((records, total))
    }

    /// How many records `list` counts in a state.
    pub fn count(&self, state: &str) -> Result<usize, Anything> {
        total(&self.list(&["--state", state, "--limit", "1"])?)
    }

    fn list(&self, options: &[&str]) -> Result<Value, Anything> {
        Ok(serde_json::from_str(&self.done(&[&["list", "--json"], options].concat())?)?)
    }

    /// The files that change when something is written.
    pub fn journals(&self) -> [PathBuf; 2] {
        ["yinxin.db-wal", "content-keys.db-wal"].map(|name| self.folder().join(name))
    }
}

impl Record {
    fn of(json: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let pending = json.get("pending")?;
        let waits = match pending {
            Value::Null => None,
            pending => Some((text(&pending["act"])?, pending["version"].as_u64()?)),
        };
        let values = COLUMNS.iter().map(|column| text(&json["values"][*column]));
        Some(Self {
            id: text(&json["id"])?,
            version: json["version"].as_u64()?,
            waits,
            state: text(&json["state"])?,
            values: values.collect::<Option<_>>()?,
        })
    }
}

fn total(list: &Value) -> Result<usize, Anything> {
    let total = list["total"].as_u64().and_then(|total| usize::try_from(total).ok());
    Ok(total.ok_or("list: no total")?)
}

/// The columns of the sheet.
pub const COLUMNS: [&str; 9] = [
    "village_code",
    "village",
    "town_code",
    "town",
    "county_code",
    "county",
    "city_code",
    "province_code",
    "province",
];

/// What went wrong, with what the program said.
pub fn told(words: &[&str], output: &Output) -> Anything {
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    format!("yinxin {}: {}\n{}{}", words.join(" "), output.status, said[0], said[1]).into()
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Anything> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
