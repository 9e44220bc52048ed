//! An office with many communities, made up after the pattern of the real ones.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use yinxin_ledger::store::{self, LedgerId};
use yinxin_office::browse::Filter;
use yinxin_office::duty::Duty;
use yinxin_office::import::{Limits, Plan};
use yinxin_office::keyring::{HostKeys, Locking, Passphrase};
use yinxin_office::people::{Admission, Unlocked};
use yinxin_office::{Founding, Office, Selection, Surroundings};
use yinxin_record::origin::Origin;
use yinxin_record::roster::Role;

use crate::Anything;
use crate::primitives::Stopwatch;

pub use yinxin_office::submit::BATCH;

/// How much a record takes.
pub struct Sizes {
    pub draft: usize,
    pub sealed: usize,
    pub entry: usize,
    pub disclosures: usize,
    pub disclosure: usize,
}

/// The machine's clock and randomness.
struct Machine;

impl Surroundings for Machine {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}

pub struct Workload {
    folder: PathBuf,
    office: Office,
    host: HostKeys,
    drafter: Unlocked,
    approver: Unlocked,
    plan: Plan,
    draft: usize,
}

/// Unlocking is not measured here.
const LOCKING: Locking = Locking::Public;

impl Workload {
    /// Founds an office in `folder` and plans the import; nothing of that is
    /// measured.
    pub fn new(records: usize, folder: PathBuf) -> Result<Self, Anything> {
        let secret = Passphrase::from("bench".to_owned());
        let founding = Founding {
            realm: "bench",
            name: "示例局",
            code: "11420100MB0889006F",
            passphrase: &secret,
            locking: LOCKING,
        };
        let mut office = Office::create(&folder.join("office"), &founding, &Machine)?;
        for (name, role) in [("经办示例", Role::Drafter), ("审批示例", Role::Approver)] {
            let admission = Admission {
                name,
                post: None,
                roles: [role].into(),
                passphrase: &secret,
                host_passphrase: &secret,
                locking: LOCKING,
            };
            office.admit(&admission, &Machine)?;
        }
        let path = folder.join("communities.csv");
        fs::write(&path, communities(records)?)?;
        let limits = Limits { rows: 2_000_000, file: 1 << 30, ..Limits::default() };
        let plan = office.plan_import("community", &path, &limits).map_err(|error| error.to_string())?;
        Ok(Self {
            host: office.unlock_host(Some(&secret))?,
            drafter: office.unlock("经办示例", Duty::Draft, &secret)?,
            approver: office.unlock("审批示例", Duty::Approve, &secret)?,
            folder,
            office,
            plan,
            draft: 0,
        })
    }

    /// Submits everything.
    pub fn import(&mut self) -> Result<Duration, Anything> {
        let watch = Stopwatch::start();
        self.office
            .import(&self.plan, false, &self.drafter, &Machine, &mut |_| std::ops::ControlFlow::Continue(()))?
            .whole()?;
        let time = watch.read();
        let length = "SELECT cast(avg(length(draft)) AS INTEGER) FROM submission";
        self.draft = self.database()?.query_row(length, [], |row| row.get::<_, i64>(0))?.try_into()?;
        Ok(time)
    }

    /// Approves everything.
    pub fn approve(&mut self) -> Result<Duration, Anything> {
        let watch = Stopwatch::start();
        let approval =
            self.office.approve(Selection::All, &self.approver, &self.host, &Machine, &mut |_, _| {
                std::ops::ControlFlow::Continue(())
            })?;
        let time = watch.read();
        approval.whole()?;
        Ok(time)
    }

    pub fn sizes(&self) -> Result<Sizes, Anything> {
        let db = self.database()?;
        let average = |sql: &str| -> Result<usize, Anything> {
            Ok(db.query_row(sql, [], |row| row.get::<_, i64>(0))?.try_into()?)
        };
        let template = yinxin_record::template::builtin("community").ok_or("no template")?;
        let disclosures = template.committed_fields().count();
        let sealed = average("SELECT cast(avg(length(sealed)) AS INTEGER) FROM content WHERE no > 2")?;
        Ok(Sizes {
            draft: self.draft,
            sealed,
            entry: average("SELECT cast(avg(length(bytes)) AS INTEGER) FROM entry WHERE position > 2")?,
            disclosures,
            disclosure: sealed / disclosures.max(1),
        })
    }

    /// Reads the bytes of all entries once.
    pub fn read_entries(&self) -> Result<Duration, Anything> {
        let db = self.database()?;
        let watch = Stopwatch::start();
        let mut query = db.prepare("SELECT bytes FROM entry ORDER BY ledger, position")?;
        let mut rows = query.query([])?;
        let mut total = 0;
        while let Some(row) = rows.next()? {
            total += row.get::<_, Vec<u8>>(0)?.len();
        }
        std::hint::black_box(total);
        Ok(watch.read())
    }

    /// The bytes of every entry.
    pub fn entries(&self) -> Result<Vec<Vec<u8>>, Anything> {
        let db = self.database()?;
        let (ledger, size) = self.ledger(&db)?;
        let entries = store::entries(&db, ledger, 0, usize::try_from(size)?)?;
        Ok(entries.into_iter().map(|entry| entry.bytes).collect())
    }

    pub fn origin(&self) -> &Origin {
        self.office.origin()
    }

    pub fn audit(&self) -> Result<Duration, Anything> {
        let watch = Stopwatch::start();
        let report = self.office.audit(None, &mut |_, _| std::ops::ControlFlow::Continue(()))?;
        let time = watch.read();
        if report.is_clean() { Ok(time) } else { Err("audit is not clean".into()) }
    }

    /// Writes evidence of one record, and the policy.
    pub fn export(&mut self) -> Result<(PathBuf, PathBuf), Anything> {
        let id = self.office.list(&Filter { limit: 1, ..Filter::default() })?.records[0].id;
        let file = self.office.export(&id, None, None, Some(&self.host), &Machine)?;
        let (evidence, policy) = (self.folder.join("one.yinxin"), self.folder.join("policy.txt"));
        fs::write(&evidence, file.bytes)?;
        fs::write(&policy, self.office.policy()?.to_text())?;
        Ok((evidence, policy))
    }

    pub fn database(&self) -> Result<Connection, Anything> {
        Ok(Connection::open(self.folder.join("office/yinxin.db"))?)
    }

    pub fn ledger(&self, db: &Connection) -> Result<(LedgerId, u64), Anything> {
        let (ledger, _) = store::find_ledger(db, &self.office.origin().to_string())?.ok_or("no ledger")?;
        Ok((ledger, store::head(db, ledger)?.size))
    }
}

fn communities(records: usize) -> Result<String, Anything> {
    let mut text = String::from(
        "village_code,village,town_code,town,county_code,county,city_code,province_code,province\n",
    );
    for i in 0..records {
        let (town, village) = (i / 999, i % 999 + 1);
        let (county, town) = (102 + town / 900, town % 900 + 1);
        writeln!(
            text,
            "420{county}{town:03}{village:03},第{i}社区居委会,420{county}{town:03},第{town}街道,420{county},江岸区,4201,42,湖北省"
        )?;
    }
    Ok(text)
}
