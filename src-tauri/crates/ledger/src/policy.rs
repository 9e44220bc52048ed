//! Which ledgers and witnesses a verifier trusts: C2SP tlog-policy v1, with a
//! number.
//!
//! ```text
//! # yinxin-policy 3                   our first line: the policy's number
//! log <vkey> [<url>]
//! witness A <vkey> [<url>]
//! witness B <vkey>
//! witness C <vkey>
//! group two-of-us 2 A B C             any | all | a number
//! quorum two-of-us                    or one witness, or none
//! # yinxin-cutoff <vkey> <size> <root>
//! ```
//!
//! Items are separated by spaces and tabs; empty lines and lines that begin
//! with `#` mean nothing, except the first and cut-offs. A cut-off is about a
//! log's key that is retired or suspended: what it signed counts only as a
//! prefix of the tree (size, root in hex). Other lines that begin with
//! `# yinxin-` are refused: they say something that is not understood here. Names are defined before they are
//! used, once, and are a member of at most one group, so a witness counts once.
//! Names compare byte by byte. Keys of logs are of kind 0x01, those of
//! witnesses 0x04; no key stands in a policy twice.
//!
//! Our own rules on top: the first line; cut-offs, one a key; UTF-8; a last
//! newline; one key for an origin; at most 64 KiB and 1024 lines.
//! A policy does not say that its logs tell the truth, and nothing here reads
//! its URLs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use yinxin_record::Digest;
use yinxin_record::key::PublicKey;

use crate::checkpoint::decimal;
use crate::note::{KeyKind, VerifierKey, VerifierKeyError};

/// The longest policy that is read, in bytes.
pub const MAX_POLICY: usize = 64 * 1024;

/// The most lines that a policy may have.
pub const MAX_LINES: usize = 1024;

const FIRST_LINE: &str = "# yinxin-policy ";
/// A comment whose first word begins so is ours, and must be understood.
const OURS: &str = "yinxin-";
const CUT_OFF: &str = "yinxin-cutoff";

/// What is wrong with a policy; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// More than [`MAX_POLICY`] bytes or [`MAX_LINES`] lines.
    #[error("the policy is too long")]
    TooLong,
    /// A control character, or no newline at the end.
    #[error("the policy is not lines of text")]
    NotText,
    /// The first line is not `# yinxin-policy N`.
    #[error("the policy has no number")]
    NoNumber,
    /// No `quorum` line.
    #[error("the policy has no quorum")]
    NoQuorum,
    /// A line that cannot stand there.
    #[error("line {line}: {fault}")]
    Line {
        /// Which line.
        line: usize,
        /// What is wrong with it.
        fault: LineFault,
    },
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Not `log`, `witness`, `group` or `quorum` with the words that they take.
    #[error("not a line of a policy")]
    Malformed,
    /// Not a verifier key.
    #[error(transparent)]
    BadKey(#[from] VerifierKeyError),
    /// A key of another kind than logs or witnesses have.
    #[error("a key of another kind")]
    WrongKind,
    /// The key stands in the policy already.
    #[error("a key that stands there already")]
    DuplicateKey,
    /// The origin has a key already.
    #[error("an origin that has a key already")]
    DuplicateOrigin,
    /// The name is taken, or it is `none`.
    #[error("a name that is taken")]
    DuplicateName,
    /// The name is not defined above.
    #[error("a name that is not defined above")]
    UnknownName,
    /// The name is a member of a group already.
    #[error("a name that is a member already")]
    MemberTwice,
    /// The threshold is not `any`, `all` or 1 to the number of members.
    #[error("not a threshold")]
    BadThreshold,
    /// A second quorum.
    #[error("a second quorum")]
    SecondQuorum,
    /// Not `# yinxin-cutoff` with a key, a size and a root, or another line that
    /// begins with `# yinxin-`.
    #[error("not a cut-off")]
    BadCutOff,
    /// The key has a cut-off already.
    #[error("a second cut-off of a key")]
    SecondCutOff,
}

/// A log that the policy trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// Its key, named like its origin.
    pub key: VerifierKey,
    /// Where it is, for those who fetch.
    pub url: Option<String>,
}

/// A witness that the policy knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its name in this policy, which need not be the key's name.
    pub name: String,
    /// Its cosigning key.
    pub key: VerifierKey,
    /// Where it is, for those who ask.
    pub url: Option<String>,
}

/// Some witnesses and groups, of which `threshold` are enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name in this policy.
    pub name: String,
    /// How many members must have witnessed, 1 to all.
    pub threshold: usize,
    /// Names of witnesses and of groups above.
    pub members: Vec<String>,
}

/// Where what a retired or suspended key of a log signed ends to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    /// The key, named like the log's origin.
    pub key: VerifierKey,
    /// How many entries the log had.
    pub size: u64,
    /// The root of these.
    pub root: Digest,
}

/// A trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its number: newer policies have larger ones.
    pub number: u64,
    /// The logs, in the file's order.
    pub logs: Vec<Log>,
    /// The witnesses, in the file's order.
    pub witnesses: Vec<Witness>,
    /// The groups, each after those that it names.
    pub groups: Vec<Group>,
    /// The witness or group that must have witnessed; `None` for `quorum none`.
    pub quorum: Option<String>,
    /// Retired and suspended keys, in the file's order.
    pub cut_offs: Vec<CutOff>,
}

impl Policy {
    /// A policy of some logs and of `need` of some witnesses, which are named
    /// like their keys. Without witnesses the quorum is none.
    ///
    /// # Errors
    /// [`PolicyError`], as if read from a file.
    pub fn of(
        number: u64,
        logs: &[VerifierKey],
        witnesses: &[VerifierKey],
        need: usize,
    ) -> Result<Self, PolicyError> {
        let mut policy = Self {
            number,
            logs: Vec::new(),
            witnesses: Vec::new(),
            groups: Vec::new(),
            quorum: None,
            cut_offs: Vec::new(),
        };
        policy.logs = logs.iter().map(|key| Log { key: key.clone(), url: None }).collect();
        if !witnesses.is_empty() {
            let named =
                |key: &VerifierKey| Witness { name: key.name().to_owned(), key: key.clone(), url: None };
            policy.witnesses = witnesses.iter().map(named).collect();
            let members = policy.witnesses.iter().map(|witness| witness.name.clone()).collect();
            policy.groups = vec![Group { name: "witnesses".to_owned(), threshold: need, members }];
            policy.quorum = Some("witnesses".to_owned());
        }
        Self::parse(&policy.to_text())
    }

    /// The policy as a file, in a fixed order and without comments.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}{}\n", self.number);
        let url = |url: &Option<String>| url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        // Writing to a String cannot fail.
        for log in &self.logs {
            let _ = writeln!(text, "log {}{}", log.key, url(&log.url));
        }
        for witness in &self.witnesses {
            let _ = writeln!(text, "witness {} {}{}", witness.name, witness.key, url(&witness.url));
        }
        for group in &self.groups {
            let _ = writeln!(text, "group {} {} {}", group.name, group.threshold, group.members.join(" "));
        }
        let _ = writeln!(text, "quorum {}", self.quorum.as_deref().unwrap_or("none"));
        for CutOff { key, size, root } in &self.cut_offs {
            let _ = writeln!(text, "# {CUT_OFF} {key} {size} {root}");
        }
        text
    }

    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] names the first line that cannot stand.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_POLICY {
            return Err(PolicyError::TooLong);
        }
        if text.bytes().any(|b| (b < 0x20 && b != b'\t' && b != b'\n') || b == 0x7f) {
            return Err(PolicyError::NotText);
        }
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(PolicyError::NotText)?.split('\n').collect();
        if lines.len() > MAX_LINES {
            return Err(PolicyError::TooLong);
        }
        let number = lines[0].strip_prefix(FIRST_LINE).and_then(decimal).filter(|n| *n > 0);
        let mut reader = Reader::new(number.ok_or(PolicyError::NoNumber)?);
        for (at, line) in lines.iter().enumerate().skip(1) {
            reader.line(line).map_err(|fault| PolicyError::Line { line: at + 1, fault })?;
        }
        if reader.has_quorum { Ok(reader.policy) } else { Err(PolicyError::NoQuorum) }
    }

    /// The key of the log with this origin.
    #[must_use]
    pub fn log(&self, origin: &str) -> Option<&VerifierKey> {
        self.logs.iter().map(|log| &log.key).find(|key| key.name() == origin)
    }

    /// The cut-off of this key of the log with this origin.
    #[must_use]
    pub fn cut_off(&self, origin: &str, key: &PublicKey) -> Option<&CutOff> {
        let is_it = |cut_off: &&CutOff| cut_off.key.name() == origin && cut_off.key.public_key() == key;
        self.cut_offs.iter().find(is_it)
    }

    /// Whether the witnesses of these names (the policy's names) make the quorum.
    #[must_use]
    pub fn quorum_met(&self, witnessed: &BTreeSet<String>) -> bool {
        let (have, need) = self.quorum_progress(witnessed);
        have >= need
    }

    /// How far these witnesses (the policy's names) come towards the quorum:
    /// `(have, need)` direct members of it, as in `witnesses 1/2`. One witness
    /// as quorum needs 1; `quorum none` gives `(0, 0)`.
    #[must_use]
    pub fn quorum_progress(&self, witnessed: &BTreeSet<String>) -> (usize, usize) {
        let Some(quorum) = &self.quorum else { return (0, 0) };
        let known = self.witnesses.iter().map(|witness| witness.name.as_str());
        let mut satisfied: BTreeSet<&str> = known.filter(|name| witnessed.contains(*name)).collect();
        // Groups name only what stands above them: one pass is enough.
        for group in &self.groups {
            let have = group.members.iter().filter(|name| satisfied.contains(name.as_str())).count();
            if group.name == *quorum {
                return (have, group.threshold);
            }
            if have >= group.threshold {
                satisfied.insert(&group.name);
            }
        }
        (usize::from(satisfied.contains(quorum.as_str())), 1)
    }
}

/// A policy while it is read.
struct Reader {
    policy: Policy,
    /// Every name that is defined, and whether it is a member of a group.
    names: BTreeMap<String, bool>,
    has_quorum: bool,
}

impl Reader {
    fn new(number: u64) -> Self {
        let (logs, witnesses, groups) = (Vec::new(), Vec::new(), Vec::new());
        let policy = Policy { number, logs, witnesses, groups, quorum: None, cut_offs: Vec::new() };
        Self { policy, names: BTreeMap::new(), has_quorum: false }
    }

    fn line(&mut self, line: &str) -> Result<(), LineFault> {
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => Ok(()),
            ["#", CUT_OFF, key, size, root] => self.cut_off(key, size, root),
            ["#", word, ..] if word.starts_with(OURS) => Err(LineFault::BadCutOff),
            [word, ..] if word.starts_with('#') => {
                let ours = word.trim_start_matches('#').starts_with(OURS);
                if ours { Err(LineFault::BadCutOff) } else { Ok(()) }
            }
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, ref members @ ..] if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            ["quorum", name] => self.quorum(name),
            _ => Err(LineFault::Malformed),
        }
    }

    fn cut_off(&mut self, key: &str, size: &str, root: &str) -> Result<(), LineFault> {
        let key = VerifierKey::parse(key)?;
        if key.kind() != KeyKind::Ed25519 {
            return Err(LineFault::WrongKind);
        }
        let size = decimal(size).filter(|size| *size > 0).ok_or(LineFault::BadCutOff)?;
        let root = root.parse().map_err(|_| LineFault::BadCutOff)?;
        if self.policy.cut_off(key.name(), key.public_key()).is_some() {
            return Err(LineFault::SecondCutOff);
        }
        self.policy.cut_offs.push(CutOff { key, size, root });
        Ok(())
    }

    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), LineFault> {
        let key = self.key(key, KeyKind::Ed25519)?;
        if self.policy.log(key.name()).is_some() {
            return Err(LineFault::DuplicateOrigin);
        }
        self.policy.logs.push(Log { key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), LineFault> {
        let key = self.key(key, KeyKind::Cosigner)?;
        self.define(name)?;
        self.policy.witnesses.push(Witness { name: name.to_owned(), key, url: url.map(str::to_owned) });
        Ok(())
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), LineFault> {
        for member in members {
            match self.names.get_mut(*member) {
                None => return Err(LineFault::UnknownName),
                Some(true) => return Err(LineFault::MemberTwice),
                Some(taken) => *taken = true,
            }
        }
        let threshold = match threshold {
            "any" => Some(1),
            "all" => Some(members.len()),
            number => decimal(number).and_then(|n| usize::try_from(n).ok()),
        };
        let threshold =
            threshold.filter(|n| (1..=members.len()).contains(n)).ok_or(LineFault::BadThreshold)?;
        self.define(name)?;
        let members = members.iter().map(|&member| member.to_owned()).collect();
        self.policy.groups.push(Group { name: name.to_owned(), threshold, members });
        Ok(())
    }

    fn quorum(&mut self, name: &str) -> Result<(), LineFault> {
        if self.has_quorum {
            return Err(LineFault::SecondQuorum);
        }
        if name != "none" {
            if !self.names.contains_key(name) {
                return Err(LineFault::UnknownName);
            }
            self.policy.quorum = Some(name.to_owned());
        }
        self.has_quorum = true;
        Ok(())
    }

    /// A key of this kind that the policy does not hold yet.
    fn key(&self, text: &str, kind: KeyKind) -> Result<VerifierKey, LineFault> {
        let key = VerifierKey::parse(text)?;
        if key.kind() != kind {
            return Err(LineFault::WrongKind);
        }
        let logs = self.policy.logs.iter().map(|log| &log.key);
        let mut keys = logs.chain(self.policy.witnesses.iter().map(|witness| &witness.key));
        if keys.any(|known| known.public_key() == key.public_key()) {
            return Err(LineFault::DuplicateKey);
        }
        Ok(key)
    }

    fn define(&mut self, name: &str) -> Result<(), LineFault> {
        if name == "none" || self.names.insert(name.to_owned(), false).is_some() {
            return Err(LineFault::DuplicateName);
        }
        Ok(())
    }
}
