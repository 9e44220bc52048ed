//! The commands and their options, as scripts rely on them. What they mean is
//! in the locale files, under `help`.

use std::path::PathBuf;

use clap::{ArgAction, ArgGroup, Parser, Subcommand};
use yinxin_office::browse::{MAX_PAGE, State};
use yinxin_office::people::USUAL_DAYS;
use yinxin_record::roster::{Acting, Role};
use yinxin_record::{Digest, Id};

use crate::locale::Language;

#[derive(Debug, Parser)]
#[command(name = "yinxin", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[arg(long, global = true, value_name = "zh-CN|en", hide_possible_values = true)]
    pub(crate) lang: Option<Language>,
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[arg(short = 'h', long, global = true, action = ArgAction::Help)]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Office {
        #[command(subcommand)]
        command: OfficeCommand,
    },
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Register {
        #[command(subcommand)]
        command: RegisterCommand,
    },
    #[command(subcommand_required = true, arg_required_else_help = true)]
    People {
        #[command(subcommand)]
        command: PeopleCommand,
    },
    Import(Import),
    Review(Review),
    Approve(Approve),
    Return(Reasoned),
    Amend(Amend),
    Withdraw(Reasoned),
    Erase(Reasoned),
    List(List),
    Search(Search),
    Show(Show),
    Export(Export),
    Policy(Out),
    Verify(Verify),
    Audit(Audit),
    Tiles(Out),
    Vkey(Folder),
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Evidence {
        #[command(subcommand)]
        command: EvidenceCommand,
    },
    Practice(Folder),
    Open(Open),
    Serve(Serve),
}

#[derive(Debug, Subcommand)]
pub(crate) enum OfficeCommand {
    Create(Create),
    Request(AskRegister),
    Join(Join),
    RequestOfficer(RequestOfficer),
    TakeOfficer(TakeOfficer),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegisterCommand {
    Create(Create),
    Admit(FromRequest),
    Rotate(FromRequest),
    Suspend(Suspend),
    Readmit(FromRequest),
    Succeed(Succeed),
    Reappoint(FromRequest),
    Changes(Folder),
    Confirm(ConfirmOffice),
    Drop(DropOffice),
    Answer(WriteAnswer),
    Warrant(WriteAnswer),
    List(Folder),
}

#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    Add(Add),
    List(Folder),
    Invite(Invite),
    Invitations(Folder),
    WithdrawInvitation(WithdrawInvitation),
    Accept(Accept),
    Take(Take),
    Propose(Propose),
    Lost(Lost),
    Changes(Folder),
    Confirm(Confirm),
    Drop(Drop),
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    Unattended(Unattended),
    Passphrase(NewPassphrase),
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Recovery {
        #[command(subcommand)]
        command: RecoveryCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecoveryCommand {
    Make(RecoveryMake),
    Check(RecoveryCheck),
    Use(RecoveryUse),
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    Unpack(Unpack),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Open {
    /// The home folder, or the folder of one office.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(value_name = "X.yinxin")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// The only thing that is served so far.
    #[arg(long, required = true)]
    pub(crate) ui: bool,
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
}

/// The data folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Folder {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
}

/// Who acts.
#[derive(Debug, clap::Args)]
pub(crate) struct Actor {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long = "as", value_name = "N")]
    pub(crate) name: String,
    #[arg(long, value_name = "F")]
    pub(crate) passphrase_file: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "R")]
    pub(crate) realm: String,
    #[arg(long, value_name = "N")]
    pub(crate) name: String,
    #[arg(long, value_name = "CODE")]
    pub(crate) code: String,
    #[arg(long, value_name = "F0")]
    pub(crate) passphrase_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AskRegister {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(long, value_name = "REQUEST")]
    pub(crate) out: PathBuf,
    #[arg(long, requires = "host_passphrase_file")]
    pub(crate) new_keys: bool,
    #[arg(long, value_name = "F0", requires = "new_keys")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Join {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "ANSWER")]
    pub(crate) answer: PathBuf,
    #[arg(long, value_name = "P")]
    pub(crate) policy: PathBuf,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

/// Somebody asks to be appointed by the register.
#[derive(Debug, clap::Args)]
pub(crate) struct RequestOfficer {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(value_name = "N")]
    pub(crate) officer: String,
    #[arg(long, value_name = "P")]
    pub(crate) post: Option<String>,
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub(crate) role: Role,
    #[arg(long, value_name = "F")]
    pub(crate) passphrase_file: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, requires = "keys")]
    pub(crate) own: bool,
    #[arg(long, value_name = "CODE")]
    pub(crate) lender: Option<String>,
    #[arg(long, value_name = "REQUEST")]
    pub(crate) out: PathBuf,
}

/// Whoever was appointed signs.
#[derive(Debug, clap::Args)]
pub(crate) struct TakeOfficer {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(value_name = "WARRANT")]
    pub(crate) warrant: PathBuf,
    #[arg(long, value_name = "F")]
    pub(crate) passphrase_file: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

/// What the register is to say, as an office asks.
#[derive(Debug, clap::Args)]
pub(crate) struct FromRequest {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "REQUEST")]
    pub(crate) request: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Suspend {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    #[arg(id = "last_request", long = "request", value_name = "REQUEST")]
    pub(crate) request: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Succeed {
    #[command(flatten)]
    pub(crate) ended: Suspend,
    #[arg(long, value_name = "CODE", required = true, value_delimiter = ',')]
    pub(crate) by: Vec<String>,
}

/// The change that waits, by the office that it is about, and if it is given, the
/// digest that was seen.
#[derive(Debug, clap::Args)]
pub(crate) struct DropOffice {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub(crate) draft: Option<Digest>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConfirmOffice {
    #[command(flatten)]
    pub(crate) change: DropOffice,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WriteAnswer {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(value_name = "CODE")]
    pub(crate) code: String,
    #[arg(long, value_name = "ANSWER")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "N")]
    pub(crate) name: String,
    #[arg(long, value_name = "POST")]
    pub(crate) post: Option<String>,
    #[arg(long, value_name = "ROLE", required = true, value_delimiter = ',', value_parser = role)]
    pub(crate) role: Vec<Role>,
    #[arg(long, value_name = "F")]
    pub(crate) passphrase_file: PathBuf,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: PathBuf,
}

/// Who invites: an admin, or while the founding key admits, whoever knows the
/// host's passphrase.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("inviter").args(["name", "host_passphrase_file"]).required(true))]
pub(crate) struct InviterArgs {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long = "as", value_name = "N", requires = "passphrase_file")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "F", requires = "name")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(long, value_name = "DIR", requires = "name")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

/// Somebody new, or somebody who is there and is to have a new key.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("whom").args(["person", "new"]).required(true))]
pub(crate) struct Invite {
    #[command(flatten)]
    pub(crate) inviter: InviterArgs,
    #[arg(value_name = "N")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "N", requires = "role")]
    pub(crate) new: Option<String>,
    #[arg(long, value_name = "POST")]
    pub(crate) post: Option<String>,
    #[arg(long, value_name = "ROLE", value_delimiter = ',', value_parser = role)]
    pub(crate) role: Vec<Role>,
    #[arg(long, value_name = "N", default_value_t = USUAL_DAYS, hide_default_value = true)]
    pub(crate) days: u64,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct WithdrawInvitation {
    #[command(flatten)]
    pub(crate) inviter: InviterArgs,
    #[arg(value_name = "N")]
    pub(crate) person: String,
}

/// Only what the invitation says, or a key and an answer.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("where").args(["keys", "data"]))]
pub(crate) struct Accept {
    #[arg(value_name = "FILE")]
    pub(crate) invitation: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[arg(long, value_name = "FILE", requires_all = ["passphrase_file", "where"])]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "F", requires = "out")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Take {
    #[command(flatten)]
    pub(crate) inviter: InviterArgs,
    #[arg(value_name = "N")]
    pub(crate) person: String,
    #[arg(value_name = "FILE")]
    pub(crate) answer: PathBuf,
    #[arg(long, value_name = "20")]
    pub(crate) digits: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Lost {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "N", required = true)]
    pub(crate) people: Vec<String>,
}

/// What one admin proposes to say of somebody from now on.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("whom").args(["person", "new"]).required(true))]
pub(crate) struct Propose {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "N")]
    pub(crate) person: Option<String>,
    #[arg(long, value_name = "N", requires = "role", requires = "key_passphrase_file")]
    pub(crate) new: Option<String>,
    #[arg(long, value_name = "N", conflicts_with = "new")]
    pub(crate) rename: Option<String>,
    #[arg(long, value_name = "POST")]
    pub(crate) post: Option<String>,
    #[arg(long, value_name = "ROLE", value_delimiter = ',', value_parser = role)]
    pub(crate) role: Vec<Role>,
    #[arg(long, value_name = "DAY..DAY", value_parser = acting)]
    pub(crate) acting: Option<Acting>,
    #[arg(long, conflicts_with_all = ["acting", "new"])]
    pub(crate) not_acting: bool,
    #[arg(long, conflicts_with = "new")]
    pub(crate) suspend: bool,
    #[arg(long, conflicts_with_all = ["suspend", "new"])]
    pub(crate) resume: bool,
    #[arg(long, value_name = "F1")]
    pub(crate) key_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    #[command(flatten)]
    pub(crate) change: Drop,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

/// Changes that wait, by the names that they give or change, and of a single one,
/// if it is given, the digest that was seen.
#[derive(Debug, clap::Args)]
pub(crate) struct Drop {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "N", required = true)]
    pub(crate) people: Vec<String>,
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub(crate) draft: Option<Digest>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long = "as", value_name = "N", required_unless_present = "dry_run")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "F", required_unless_present = "dry_run")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, value_name = "T")]
    pub(crate) template: String,
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long)]
    pub(crate) amend: bool,
}

/// What is to be signed: everything that waits for it, or these records.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("which").args(["all", "ids"]).required(true))]
pub(crate) struct Review {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(long)]
    pub(crate) all: bool,
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) ids: Vec<Id>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    pub(crate) what: Review,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Reasoned {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: Id,
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

/// The ID stands before the settings: `--set` takes all that follows.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "yinxin amend --data <DIR> --as <N> --passphrase-file <F> <ID> --set <field=value>..."
)]
pub(crate) struct Amend {
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: Id,
    #[arg(long = "set", value_name = "field=value", required = true, num_args = 1.., value_parser = setting)]
    pub(crate) settings: Vec<String>,
}

/// Which page.
#[derive(Debug, clap::Args)]
pub(crate) struct Page {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "S", value_parser = state)]
    pub(crate) state: Option<State>,
    #[arg(long, value_name = "N", default_value_t = 50, hide_default_value = true, value_parser = limit)]
    pub(crate) limit: usize,
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) page: Page,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    #[arg(value_name = "TEXT")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) page: Page,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: Id,
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "V", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) version: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(value_name = "ID", value_parser = id)]
    pub(crate) id: Id,
    #[arg(long, value_name = "V", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) version: Option<u32>,
    #[arg(long, value_name = "X.yinxin")]
    pub(crate) out: PathBuf,
    #[arg(long, value_name = "field,field", value_delimiter = ',')]
    pub(crate) disclose: Option<Vec<String>>,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Out {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "OUT")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[arg(value_name = "X.yinxin", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[arg(long, value_name = "P")]
    pub(crate) policy: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Audit {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "CHECKPOINT")]
    pub(crate) against: Option<PathBuf>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Unattended {
    #[arg(value_name = "on|off", hide_possible_values = true)]
    pub(crate) switch: Switch,
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("whose").args(["name", "host"]).required(true))]
pub(crate) struct NewPassphrase {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long = "as", value_name = "N")]
    pub(crate) name: Option<String>,
    #[arg(long)]
    pub(crate) host: bool,
    #[arg(long, value_name = "DIR", conflicts_with = "host")]
    pub(crate) keys: Option<PathBuf>,
    #[arg(long, value_name = "OLD")]
    pub(crate) passphrase_file: PathBuf,
    #[arg(long, value_name = "NEW")]
    pub(crate) new_passphrase_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryMake {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[arg(long, value_name = "F0")]
    pub(crate) host_passphrase_file: PathBuf,
    #[arg(long, value_name = "SHEET.html")]
    pub(crate) out: PathBuf,
}

/// A picture of the sheet, or its code.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SheetOrCode {
    #[arg(long, value_name = "PHOTO")]
    pub(crate) sheet: Option<PathBuf>,
    #[arg(long, value_name = "F")]
    pub(crate) code_file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryCheck {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) from: SheetOrCode,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryUse {
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) from: SheetOrCode,
    #[arg(long, value_name = "NEW")]
    pub(crate) new_passphrase_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Unpack {
    #[arg(value_name = "X.yinxin")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "DIR3")]
    pub(crate) out: PathBuf,
}

fn role(word: &str) -> Result<Role, String> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    Role::of_word(word.trim()).ok_or_else(known)
}

fn acting(text: &str) -> Result<Acting, String> {
    let days = crate::time::days(text).ok_or_else(|| "2026-11-23..2026-11-30".to_owned())?;
    Ok(Acting { from: days.0, until: days.1 })
}

fn digest(text: &str) -> Result<Digest, String> {
    text.parse().map_err(|error: yinxin_record::digest::NotHex| error.to_string())
}

fn id(text: &str) -> Result<Id, String> {
    text.parse().map_err(|error: yinxin_record::digest::NotHex| error.to_string())
}

fn state(word: &str) -> Result<State, String> {
    State::of_word(word).ok_or_else(|| "in_review, submitted, returned, published, withdrawn".to_owned())
}

fn limit(text: &str) -> Result<usize, String> {
    let bounds = || format!("1…{MAX_PAGE}");
    text.parse().ok().filter(|n| (1..=MAX_PAGE).contains(n)).ok_or_else(bounds)
}

fn setting(text: &str) -> Result<String, String> {
    if text.contains('=') { Ok(text.to_owned()) } else { Err("field=value".to_owned()) }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;

    const ID: &str = "00112233445566778899aabbccddeeff";

    fn parse(line: &str) -> Result<Args, ErrorKind> {
        Args::try_parse_from(line.split_whitespace()).map_err(|error| error.kind())
    }

    #[test]
    fn the_declaration_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_contract_is_accepted() {
        for line in [
            "yinxin office create --data D --realm R --name N --code C --passphrase-file F0",
            "yinxin office request --data D --as A --passphrase-file F --out R",
            "yinxin office request --data D --as A --passphrase-file F --out R --new-keys --host-passphrase-file F0",
            "yinxin office join --data D --as A --passphrase-file F ANSWER --policy P --host-passphrase-file F0",
            "yinxin office request-officer --data D N --role security-admin --post P --passphrase-file F --out R",
            "yinxin office request-officer --data D N --role 安全审计员 --passphrase-file F --keys K --own --lender CODE --out R",
            "yinxin office take-officer --data D W --passphrase-file F --keys K --host-passphrase-file F0",
            "yinxin register reappoint --data D --as A --passphrase-file F R",
            "yinxin register warrant --data D CODE --out W",
            "yinxin register create --data D --realm R --name N --code C --passphrase-file F0",
            "yinxin register admit --data D --as A --passphrase-file F R",
            "yinxin register rotate --data D --as A --passphrase-file F R",
            "yinxin register suspend --data D --as A --passphrase-file F CODE --request R",
            "yinxin register readmit --data D --as A --passphrase-file F R",
            "yinxin register succeed --data D --as A --passphrase-file F CODE --by CODE,CODE",
            "yinxin register changes --data D",
            "yinxin register confirm --data D --as A --passphrase-file F CODE --host-passphrase-file F0",
            "yinxin register drop --data D --as A --passphrase-file F CODE",
            "yinxin register answer --data D CODE --out A",
            "yinxin register list --data D --json",
            "yinxin people add --data D --name N --role drafter --passphrase-file F --host-passphrase-file F0",
            "yinxin people add --data D --name N --role 经办人,approver --role 审核人 --post P --passphrase-file F --host-passphrase-file F0",
            "yinxin people list --data D",
            "yinxin people propose --data D --as A --passphrase-file F --new N --role drafter --post P --key-passphrase-file F1",
            "yinxin people propose --data D --as A --passphrase-file F N --rename M --role 审批人,审核人 --post P",
            "yinxin people propose --data D --as A --passphrase-file F N --acting 2026-11-23..2026-11-30",
            "yinxin people propose --data D --as A --passphrase-file F N --not-acting --resume",
            "yinxin people propose --data D --as A --passphrase-file F N --suspend",
            "yinxin people changes --data D --json",
            "yinxin people confirm --data D --as A --passphrase-file F --host-passphrase-file F0 N",
            "yinxin people drop --data D --as A --passphrase-file F N",
            "yinxin import --data D --as N --passphrase-file F --template T x.csv",
            "yinxin import --data D --template T x.csv --dry-run",
            "yinxin review --data D --as N --passphrase-file F --all",
            "yinxin review --data D --as N --passphrase-file F ID ID --json",
            "yinxin approve --data D --as N --passphrase-file F --host-passphrase-file F0 --all",
            "yinxin approve --data D --as N --passphrase-file F ID ID",
            "yinxin return --data D --as N --passphrase-file F ID --reason T",
            "yinxin amend --data D --as N --passphrase-file F ID --set a=1 b=2 --set c=",
            "yinxin amend --data D --as N --passphrase-file F ID --set a=1 --json",
            "yinxin withdraw --data D --as N --passphrase-file F ID --reason T",
            "yinxin erase --data D --as N --passphrase-file F ID --reason T",
            "yinxin list --data D --state published --limit 10 --after 7 --json",
            "yinxin search T --data D --json --lang en",
            "yinxin show ID --data D --version 2 --json",
            "yinxin export --data D ID --version 1 --out X --disclose a,b",
            "yinxin policy --data D --out P",
            "yinxin verify A B --policy P --data D --json",
            "yinxin audit --data D --against C --json",
            "yinxin tiles --data D --out D2",
            "yinxin vkey --data D",
            "yinxin keys unattended on --data D --host-passphrase-file F0",
            "yinxin keys unattended off --data D",
            "yinxin keys passphrase --data D --as N --passphrase-file F --new-passphrase-file F2",
            "yinxin keys passphrase --data D --host --passphrase-file F0 --new-passphrase-file F2",
            "yinxin keys recovery make --data D --host-passphrase-file F0 --out S.html",
            "yinxin keys recovery check --data D --sheet P.jpg",
            "yinxin keys recovery check --data D --code-file F",
            "yinxin keys recovery use --data D --sheet P.png --new-passphrase-file F0",
            "yinxin evidence unpack X --out D",
            "yinxin practice --data D",
            "yinxin open",
            "yinxin open --data D X.yinxin",
            "yinxin serve --ui --data D --port 8080",
        ] {
            let line = line.replace("ID", ID);
            assert!(parse(&line).is_ok(), "{line}: {:?}", parse(&line));
        }
    }

    #[test]
    fn what_is_not_in_the_contract_is_refused() {
        for line in [
            "yinxin nothing",
            "yinxin list",
            "yinxin list --data D --nothing",
            "yinxin list --data D --state lost",
            "yinxin list --data D --limit 0",
            "yinxin show 0011 --data D",
            "yinxin show ID --data D --version 0",
            "yinxin approve --data D --as N --passphrase-file F",
            "yinxin approve --data D --as N --passphrase-file F --all ID",
            "yinxin review --data D --as N --passphrase-file F",
            "yinxin review --data D --as N --passphrase-file F --host-passphrase-file F0 --all",
            "yinxin approve --data D --as N --passphrase-file F xyz",
            "yinxin office request --data D --as A --passphrase-file F --out R --new-keys",
            "yinxin office join --data D --as A --passphrase-file F ANSWER",
            "yinxin register succeed --data D --as A --passphrase-file F CODE",
            "yinxin office request-officer --data D N --passphrase-file F --out R",
            "yinxin office request-officer --data D N --role auditor --passphrase-file F --own --out R",
            "yinxin register admit --data D REQUEST",
            "yinxin people add --data D --name N --role king --passphrase-file F --host-passphrase-file F0",
            "yinxin people propose --data D --as A --passphrase-file F --suspend",
            "yinxin people propose --data D --as A --passphrase-file F --new N --role drafter",
            "yinxin people propose --data D --as A --passphrase-file F --new N --key-passphrase-file F1",
            "yinxin people propose --data D --as A --passphrase-file F N --suspend --resume",
            "yinxin people propose --data D --as A --passphrase-file F N --acting 2026-11-23",
            "yinxin people confirm --data D --as A --passphrase-file F",
            "yinxin import --data D --template T x.csv",
            "yinxin amend --data D --as N --passphrase-file F ID",
            "yinxin amend --data D --as N --passphrase-file F ID --set a",
            "yinxin keys unattended maybe --data D",
            "yinxin keys passphrase --data D --passphrase-file F --new-passphrase-file F2",
            "yinxin keys passphrase --data D --as N --host --passphrase-file F --new-passphrase-file F2",
            "yinxin keys passphrase --data D --as N --passphrase-file F",
            "yinxin keys recovery",
            "yinxin keys recovery check --data D",
            "yinxin keys recovery check --data D --sheet P --code-file F",
            "yinxin keys recovery use --data D --sheet P",
            "yinxin verify",
            "yinxin serve --data D",
            "yinxin list --data D --lang fr",
        ] {
            let line = line.replace("ID", ID);
            assert!(parse(&line).is_err(), "{line}");
        }
    }
}
