//! What the window is started with.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use yinxin_commands::{Failure, Home};

/// What `--help` prints.
const HELP: &str = "yinxin-desktop [--data DIR] [--out DIR] [FILE.yinxin …]

  --data DIR    数据文件夹；默认是本用户的
                the data folder; by default this user's own
  --out DIR     导出的文件都存到这里，不再询问（自助终端用）
                save what is exported here without asking, as a kiosk does
  --version     显示版本 show the version
  FILE.yinxin   打开后就核验的存证文件 evidence to verify at once";

/// How the window is to be opened; paths are absolute.
#[derive(Debug)]
pub struct Arguments {
    /// Where the offices are.
    pub home: Home,
    /// Where files are saved without asking.
    pub out: Option<PathBuf>,
    /// Evidence to open.
    pub files: Vec<PathBuf>,
}

/// What a command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// The window.
    Window(Arguments),
    /// A text on the terminal.
    Text(String),
}

impl Asked {
    /// Reads a command line without the program's own name; paths in it are
    /// relative to `folder`.
    ///
    /// # Errors
    /// `usage_unknown_argument`, `usage_missing`, `no_home`.
    pub fn parse(mut given: impl Iterator<Item = OsString>, folder: &Path) -> Result<Self, Failure> {
        let (mut data, mut out, mut files) = (None, None, Vec::new());
        while let Some(word) = given.next() {
            match word.to_str() {
                Some("--help" | "-h") => return Ok(Self::Text(HELP.to_owned())),
                Some("--version" | "-V") => return Ok(Self::Text(env!("CARGO_PKG_VERSION").to_owned())),
                Some("--data") => data = Some(folder.join(value("--data", &mut given)?)),
                Some("--out") => out = Some(folder.join(value("--out", &mut given)?)),
                Some("--") => files.extend(given.by_ref().map(|file| folder.join(file))),
                Some(other) if other.starts_with('-') => {
                    return Err(failure("usage_unknown_argument", Some(other)));
                }
                _ => files.push(folder.join(word)),
            }
        }
        let home = data.map(Home::new).or_else(Home::of_user);
        let home = home.ok_or_else(|| failure("no_home", None))?;
        Ok(Self::Window(Arguments { home, out, files }))
    }
}

fn value(of: &str, given: &mut impl Iterator<Item = OsString>) -> Result<OsString, Failure> {
    given.next().filter(|value| !value.is_empty()).ok_or_else(|| failure("usage_missing", Some(of)))
}

fn failure(code: &str, argument: Option<&str>) -> Failure {
    let args = argument.map(|argument| ("argument".to_owned(), argument.to_owned()));
    Failure { code: code.to_owned(), args: BTreeMap::from_iter(args), problems: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Asked, Failure> {
        Asked::parse(words.iter().map(OsString::from), Path::new("/desk"))
    }

    #[test]
    fn paths_are_relative_to_where_the_program_was_started() {
        let asked = parsed(&["a.yinxin", "--data", "d", "--out", "/o", "--", "--b.yinxin"]).unwrap();
        let Asked::Window(arguments) = asked else { panic!("no window") };
        assert_eq!(arguments.home.path(), Path::new("/desk/d"));
        assert_eq!(arguments.out.as_deref(), Some(Path::new("/o")));
        assert_eq!(arguments.files, [Path::new("/desk/a.yinxin"), Path::new("/desk/--b.yinxin")]);
    }

    #[test]
    fn what_is_no_argument_is_refused() {
        assert_eq!(parsed(&["--datta", "d"]).unwrap_err().code, "usage_unknown_argument");
        assert_eq!(parsed(&["--data"]).unwrap_err().code, "usage_missing");
        assert!(matches!(parsed(&["--help"]), Ok(Asked::Text(_))));
    }
}
