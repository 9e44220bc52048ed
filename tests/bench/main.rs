//! Measures the office against what this machine can do, in the same run.
//!
//! Bounds, fixed before the first measurement:
//!
//! - *publish* = two signatures a record over all cores + SHA-256 of its
//!   disclosures on one core + raw SQLite insert of the same bytes (draft and
//!   sealed contents in one row, entry in another) in the same batches, each
//!   committed with `synchronous=FULL`. Measured: submitting and approving.
//!   Reached is bound ÷ measured; 60 % is asked for. Beside it stands the same
//!   with one `verify_strict` a record over all cores, which approving cannot do
//!   without: what waits was signed by somebody else.
//! - *audit* = two `verify_strict` an entry over all cores + one read of all
//!   entry bytes from SQLite. 80 % is asked for.
//! - *replay*: judging every entry by the ledger rules and taking in what it
//!   changes costs at most 15 % of verifying its signatures, both on one core.
//! - *inclusion proof* from the store, each with a cold tile cache: under 0.5 ms.
//! - *`yinxin verify`* as a process, from start to exit: under 20 ms.
//!
//! Nothing here passes or fails by time except the word at the end of a line.

mod primitives;
mod replay;
mod workload;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use primitives::Stopwatch;
use workload::Workload;
use yinxin_ledger::store::StoredTiles;
use yinxin_ledger::tree;

/// As in `yinxin` itself: records are allocated on one core and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The bound of publishing, in its parts.
struct Publish {
    sign: Duration,
    hash: Duration,
    insert: Duration,
}

fn main() -> ExitCode {
    let (records, binary, keep) = match arguments() {
        Some(arguments) => arguments,
        None => {
            eprintln!("bench --records N --binary PATH-OF-YINXIN [--keep DIR]");
            return ExitCode::from(2);
        }
    };
    println!("{records} records, {} cores", rayon::current_num_threads());
    match run(records, &binary, keep) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// How many records, the program, and where the office is kept, if it is.
fn arguments() -> Option<(usize, PathBuf, Option<PathBuf>)> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (must, keep) = arguments.split_at_checked(4)?;
    let (records, binary) = match must {
        [r, records, b, binary] if r == "--records" && b == "--binary" => {
            (records.parse().ok()?, binary.into())
        }
        _ => return None,
    };
    match keep {
        [] => Some((records, binary, None)),
        [k, folder] if k == "--keep" => Some((records, binary, Some(folder.into()))),
        _ => None,
    }
}

type Anything = Box<dyn std::error::Error>;

fn run(records: usize, binary: &Path, keep: Option<PathBuf>) -> Result<(), Anything> {
    let temporary = tempfile::tempdir()?;
    let mut work = Workload::new(records, keep.unwrap_or_else(|| temporary.path().to_owned()))?;
    let import = work.import()?;
    let approve = work.approve()?;
    let sizes = work.sizes()?;
    println!(
        "a record: draft {} B, contents {} B, entry {} B, {} disclosures of {} B",
        sizes.draft, sizes.sealed, sizes.entry, sizes.disclosures, sizes.disclosure
    );

    let bound = Publish {
        sign: primitives::sign_all_cores(records * 2, sizes.draft),
        hash: primitives::hash_one_core(records * sizes.disclosures, sizes.disclosure),
        insert: primitives::insert(records, workload::BATCH, &[sizes.draft + sizes.sealed, sizes.entry])?,
    };
    let publish = bound.sign + bound.hash + bound.insert;
    println!(
        "\npublish: bound {publish:.2?} = sign {:.2?} + hash {:.2?} + insert {:.2?}",
        bound.sign, bound.hash, bound.insert
    );
    println!("  submit {import:.2?}, approve {approve:.2?}");
    ratio("publish", publish, import + approve, 60.0);
    let verify_drafts = primitives::verify_all_cores(records, sizes.draft);
    println!(
        "  with its verification: bound {:.2?} = the above + verify {verify_drafts:.2?}",
        publish + verify_drafts
    );
    ratio("publish with its verification", publish + verify_drafts, import + approve, 60.0);

    let verify = primitives::verify_all_cores(records * 2, sizes.entry);
    let read = work.read_entries()?;
    let audit = work.audit()?;
    println!("\naudit: bound {:.2?} = verify {verify:.2?} + read {read:.2?}", verify + read);
    ratio("audit", verify + read, audit, 80.0);

    let replayed = replay::replay(work.origin(), &work.entries()?)?;
    let share = 100.0 * replayed.rules.as_secs_f64() / replayed.signatures.as_secs_f64();
    let word = if share <= 15.0 { "met" } else { "NOT MET" };
    println!(
        "\nreplay: rules {:.2?} on top of signatures {:.2?}: {share:.1} %, at most 15 % asked: {word}",
        replayed.rules, replayed.signatures
    );

    let proof = inclusion_proof(&work)?;
    limit("\ninclusion proof", proof, Duration::from_micros(500));
    let process = verify_process(&mut work, binary)?;
    limit("yinxin verify as a process", process, Duration::from_millis(20));
    Ok(())
}

fn ratio(name: &str, bound: Duration, measured: Duration, asked: f64) {
    let reached = 100.0 * bound.as_secs_f64() / measured.as_secs_f64();
    let word = if reached >= asked { "met" } else { "NOT MET" };
    println!("  {name}: measured {measured:.2?}, {reached:.0} % of the bound, {asked:.0} % asked: {word}");
}

fn limit(name: &str, (median, p95): (Duration, Duration), asked: Duration) {
    let word = if p95 < asked { "met" } else { "NOT MET" };
    println!("{name}: median {median:.2?}, p95 {p95:.2?}, {asked:.2?} asked: {word}");
}

fn inclusion_proof(work: &Workload) -> Result<(Duration, Duration), Anything> {
    let db = work.database()?;
    let (ledger, size) = work.ledger(&db)?;
    let mut times = Vec::new();
    for i in 0..2_000_u64 {
        // A stride that is no power of two visits all parts of the tree.
        let position = (i * 7_919) % size;
        let watch = Stopwatch::start();
        tree::inclusion_proof(position, size, &StoredTiles::new(&db, ledger))
            .map_err(|_| "no inclusion proof")?;
        times.push(watch.read());
    }
    Ok(primitives::median_p95(times))
}

fn verify_process(work: &mut Workload, binary: &Path) -> Result<(Duration, Duration), Anything> {
    let (evidence, policy) = work.export()?;
    let mut times = Vec::new();
    for _ in 0..100 {
        let watch = Stopwatch::start();
        let output =
            Command::new(binary).arg("verify").arg(&evidence).arg("--policy").arg(&policy).output()?;
        times.push(watch.read());
        if output.status.code() != Some(0) {
            return Err(format!("yinxin verify: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
    }
    Ok(primitives::median_p95(times))
}
