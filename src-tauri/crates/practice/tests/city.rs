//! The city as it is when it is done. It is built once for all tests; those
//! that write take a copy of an office.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use yinxin_evidence::Verdict;
use yinxin_evidence::verify::verify;
use yinxin_office::browse::{Filter, Page, State};
use yinxin_office::duty::Duty;
use yinxin_office::keyring::Passphrase;
use yinxin_office::{Office, OfficeError, Selection, Surroundings};
use yinxin_practice::{City, HOST_PASSPHRASE, PracticeError, PracticeOffice, REALM, Step, build, people_at};
use yinxin_record::cbor::Value;
use yinxin_record::roster::Role;

struct World;

impl Surroundings for World {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
    }

    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).unwrap();
    }
}

/// What the callback heard.
type Heard = Vec<(Step, usize, usize)>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("practice-city")
}

fn built() -> &'static (City, Heard) {
    static CITY: OnceLock<(City, Heard)> = OnceLock::new();
    CITY.get_or_init(|| {
        if folder().exists() {
            fs::remove_dir_all(folder()).unwrap();
        }
        let mut heard = Vec::new();
        let city = build(&folder(), &World, &mut |step, done, total| heard.push((step, done, total)));
        (city.unwrap(), heard)
    })
}

fn practice_office(slug: &str) -> &'static PracticeOffice {
    built().0.offices.iter().find(|office| office.slug == slug).unwrap()
}

fn open(slug: &str) -> Office {
    Office::open(&practice_office(slug).folder).unwrap()
}

fn in_state(office: &Office, state: Option<State>) -> Page {
    office.list(&Filter { state, limit: 20, ..Filter::default() }).unwrap()
}

/// All, published, waiting, returned, withdrawn.
fn counts(office: &Office) -> [u64; 5] {
    let states = [State::Published, State::Submitted, State::Returned, State::Withdrawn].map(Some);
    let [a, b, c, d] = states.map(|state| in_state(office, state).total);
    [in_state(office, None).total, a, b, c, d]
}

/// The acts that wait, or were returned, sorted.
fn acts(office: &Office, state: State) -> Vec<String> {
    let page = in_state(office, Some(state));
    let mut acts: Vec<String> = page.records.into_iter().map(|record| record.pending.unwrap().act).collect();
    acts.sort();
    acts
}

#[test]
fn civil_affairs_has_every_state() {
    let office = open("civil-affairs");
    assert_eq!(counts(&office), [3_523, 3_519, 8, 3, 1]);
    let waiting = ["amend", "amend", "amend", "amend", "amend", "publish", "publish", "withdraw"];
    assert_eq!(acts(&office, State::Submitted), waiting);
    assert_eq!(acts(&office, State::Returned), ["amend", "publish", "withdraw"]);
    // Genesis, seven people, the list, three amendments, one withdrawal.
    assert_eq!(office.head().unwrap().size, 1 + 7 + 3_520 + 3 + 1);
    let changes = office.changes().unwrap();
    assert_eq!(changes.iter().map(|change| change.after.name.as_str()).collect::<Vec<_>>(), ["王五示例"]);
    let sample = Filter { text: Some("保成示例社区"), limit: 1, ..Filter::default() };
    assert_eq!(office.list(&sample).unwrap().records[0].version, 2);
}

#[test]
fn the_other_offices_are_not_empty() {
    let office = open("data-bureau");
    assert_eq!(counts(&office), [21, 17, 4, 1, 0]);
    assert_eq!(acts(&office, State::InReview), ["publish", "publish"]);
    let waiting = office.inbox(None, 20).unwrap().waiting;
    let reviewed: Vec<_> = waiting.iter().filter_map(|w| w.review.as_ref().map(|r| r.by.as_str())).collect();
    assert_eq!(reviewed, ["秦慎示例"]);
    assert_eq!(office.head().unwrap().size, 1 + 6 + 16 + 1 + 1);
    let office = open("market-supervision");
    assert_eq!(counts(&office), [15, 14, 3, 1, 0]);
    assert_eq!(acts(&office, State::Submitted), ["amend", "publish", "withdraw"]);
    assert_eq!(office.head().unwrap().size, 1 + 5 + 14);
}

#[test]
fn what_is_invented_says_so() {
    for office in &built().0.offices {
        let office = Office::open(&office.folder).unwrap();
        for record in in_state(&office, Some(State::Returned)).records {
            let pending = record.pending.unwrap();
            assert!(pending.returned.unwrap().reason.starts_with("示例："));
        }
        let waiting = [State::InReview, State::Submitted];
        for record in waiting.iter().flat_map(|state| in_state(&office, Some(*state)).records) {
            let values = record.values.values().filter_map(Value::as_text).any(|text| text.contains("示例"));
            let reason = record.pending.unwrap().reason.is_some_and(|reason| reason.starts_with("示例："));
            assert!(values || reason);
        }
    }
}

#[test]
fn every_office_audits_clean() {
    for office in &built().0.offices {
        let report =
            Office::open(&office.folder).unwrap().audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }
}

#[test]
fn everybody_unlocks_with_the_public_passphrase() {
    for practice in &built().0.offices {
        let office = Office::open(&practice.folder).unwrap();
        assert_eq!(people_at(office.origin()), Some(practice.people));
        assert_eq!(office.genesis().unwrap().name, practice.name);
        let admitted = office.people().unwrap();
        assert_eq!(admitted.len(), practice.people.len());
        for (person, admitted) in practice.people.iter().zip(admitted) {
            assert_eq!((person.name, Some(person.post)), (&*admitted.name, admitted.post.as_deref()));
            let passphrase = Passphrase::from(person.passphrase.to_owned());
            office.sign_in(person.name, &passphrase).unwrap();
        }
        office.unlock_host(Some(&Passphrase::from(HOST_PASSPHRASE.to_owned()))).unwrap();
    }
}

#[test]
fn an_approver_publishes_without_the_hosts_passphrase() {
    let practice = practice_office("data-bureau");
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&practice.folder, &copy.path().join("office"));
    let mut office = Office::open(&copy.path().join("office")).unwrap();
    let person = practice.people.iter().find(|person| person.roles.contains(&Role::Approver)).unwrap();
    let passphrase = Passphrase::from(person.passphrase.to_owned());
    let approver = office.unlock(person.name, Duty::Approve, &passphrase).unwrap();
    let host = office.unlock_host(None).unwrap();
    let approval = office
        .approve(Selection::All, &approver, &host, &World, &mut |_, _| ControlFlow::Continue(()))
        .unwrap();
    assert_eq!((approval.published.len(), approval.refused.len()), (4, 0));
    assert!(office.audit(None, &mut |_, _| ControlFlow::Continue(())).unwrap().is_clean());
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else if !entry.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn an_exported_file_verifies_and_says_practice() {
    let office = open("civil-affairs");
    assert!(office.origin().is_practice());
    let sample = Filter { text: Some("尚隆苑示例社区"), limit: 1, ..Filter::default() };
    let id = office.list(&sample).unwrap().records[0].id;
    let file = office.export(&id, None, None, None, &World).unwrap();
    let report = verify(&file.bytes, Some(&office.policy().unwrap()), None);
    assert_eq!(report.verdict, Verdict::Genuine, "{report:#?}");
    let proved = report.proved.unwrap();
    assert_eq!(proved.origin, format!("{REALM}/990000000000000021"));
    assert_eq!((&*proved.office, proved.version), ("武汉市民政局", 2));
    let signers: Vec<_> = proved.signers.iter().filter_map(|signer| signer.name.as_deref()).collect();
    assert_eq!(signers, ["王五示例", "赵六示例"]);
}

#[test]
fn progress_runs_through_every_step_to_its_end() {
    let heard = &built().1;
    let mut steps: Vec<Step> = heard.iter().map(|(step, ..)| *step).collect();
    steps.dedup();
    assert_eq!(steps, Step::ALL);
    for (step, total) in Step::ALL.into_iter().zip([3, 3_550, 3_550, 29]) {
        let of_step: Vec<_> = heard.iter().filter(|(s, ..)| *s == step).collect();
        assert!(of_step.is_sorted_by_key(|(_, done, _)| done));
        assert_eq!(of_step.first(), Some(&&(step, 0, total)));
        assert_eq!(of_step.last(), Some(&&(step, total, total)));
    }
}

fn is_taken(result: &Result<City, PracticeError>) -> bool {
    matches!(result, Err(PracticeError::Office(OfficeError::FolderTaken(_))))
}

#[test]
fn a_folder_with_anything_in_it_is_refused() {
    built();
    assert!(is_taken(&build(&folder(), &World, &mut |_, _, _| {})));
    let here = tempfile::tempdir().unwrap();
    let file = here.path().join("file");
    fs::write(&file, "mine").unwrap();
    assert!(is_taken(&build(here.path(), &World, &mut |_, _, _| {})));
    assert!(is_taken(&build(&file, &World, &mut |_, _, _| {})));
    assert_eq!(fs::read_to_string(file).unwrap(), "mine");
    assert_eq!(here.path().read_dir().unwrap().count(), 1);
}

#[test]
fn the_city_holds_its_offices_and_a_word_about_itself() {
    built();
    let mut names: Vec<String> =
        folder().read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["README.txt", "civil-affairs", "data-bureau", "market-supervision"]);
    assert_eq!(City::at(&folder()), built().0);
}

#[test]
fn a_failure_leaves_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let entries = |folder: &Path| -> Vec<PathBuf> {
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    // Where the last office is to be founded, there is a file already.
    let failed = build(&parent.path().join("city"), &World, &mut |_, done, _| {
        if done == 1 {
            fs::write(entries(parent.path())[0].join("market-supervision"), "").unwrap();
        }
    });
    assert!(is_taken(&failed));
    assert!(entries(parent.path()).is_empty());
}

#[test]
fn a_panic_leaves_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let city = parent.path().join("city");
    let build = || build(&city, &World, &mut |_, _, _| panic!("whoever listens fails"));
    assert!(std::panic::catch_unwind(build).is_err());
    assert_eq!(parent.path().read_dir().unwrap().count(), 0);
}
