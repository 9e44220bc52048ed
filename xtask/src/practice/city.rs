//! The practice city's folder: deleted and made anew.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// What stands in the folder for whoever comes upon it.
const ABOUT: &str = "演练城市，由 cargo xtask run 建立，每次运行都会删除重建。
数据来源见 practice/ORIGINS.md；人名、口令、统一社会信用代码都是示例。

A practice city made by cargo xtask run; deleted and made anew at every run.
Origins of the data: practice/ORIGINS.md. Persons, passphrases and the office's
code are samples.
";

/// The folder.
pub struct City {
    /// Where commands are typed.
    pub path: PathBuf,
    /// The office's name, as the list of offices has it.
    pub office: String,
}

impl City {
    /// Deletes `practice-city` below `root`, and makes it with fresh passphrases.
    pub fn make(root: &Path) -> Result<Self, String> {
        let path = root.join("practice-city");
        if path.exists() {
            fs::remove_dir_all(&path).map_err(told(&path))?;
        }
        make_folder(&path, 0o755)?;
        make_folder(&path.join("evidence"), 0o755)?;
        make_folder(&path.join("elsewhere"), 0o755)?;
        make_folder(&path.join("secrets"), 0o700)?;
        for name in ["host", "drafter", "approver"] {
            write_passphrase(&path.join("secrets").join(name))?;
        }
        let about = path.join("README.txt");
        fs::write(&about, ABOUT).map_err(told(&about))?;
        let offices = root.join("practice/wuhan_offices.csv");
        let office = name_of(&fs::read_to_string(&offices).map_err(told(&offices))?, "市民政局");
        Ok(Self { path, office: office.ok_or_else(|| format!("{}: 市民政局?", offices.display()))? })
    }

    /// Copies a file within the city.
    pub fn copy(&self, from: &str, to: &str) -> Result<(), String> {
        let from = self.path.join(from);
        fs::copy(&from, self.path.join(to)).map(drop).map_err(told(&from))
    }

    /// Copies a file and replaces the first `old` in it by `new`, which is as long.
    pub fn copy_changed(&self, from: &str, to: &str, old: &str, new: &str) -> Result<(), String> {
        let from = self.path.join(from);
        let mut bytes = fs::read(&from).map_err(told(&from))?;
        let place = bytes.windows(old.len()).position(|window| window == old.as_bytes());
        let place = place.ok_or_else(|| format!("{}: no {old}", from.display()))?;
        bytes.splice(place..place + old.len(), new.bytes());
        let to = self.path.join(to);
        fs::write(&to, bytes).map_err(told(&to))
    }
}

/// The full name of the office with this short name (the first two columns).
fn name_of(csv: &str, short: &str) -> Option<String> {
    let rows = csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.into_iter().find(|row| row.get(1) == Some(&short)).and_then(|row| Some((*row.first()?).to_owned()))
}

fn make_folder(path: &Path, mode: u32) -> Result<(), String> {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    builder.create(path).map_err(told(path))
}

/// Eighteen random bytes in hex, readable by this user only.
fn write_passphrase(path: &Path) -> Result<(), String> {
    let mut bytes = [0; 18];
    File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).map_err(told(path))?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.write(true).create_new(true).open(path);
    file.and_then(|mut file| writeln!(file, "{text}")).map_err(told(path))
}

fn told(path: &Path) -> impl Fn(std::io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_is_found_by_its_short_name() {
        let csv = "name,short\n甲市乙局,市乙局\n甲市丙局,市丙局\n";
        assert_eq!(name_of(csv, "市丙局").as_deref(), Some("甲市丙局"));
        assert_eq!(name_of(csv, "市丁局"), None);
    }
}
