//! What each command does.

mod approve;
mod audit;
mod browse;
mod change;
mod changes;
mod evidence;
mod export;
mod import;
mod invitations;
mod keys;
mod office;
mod officer;
mod outcome;
mod people;
mod practice;
mod publication;
mod realm;
mod recovery;
mod register;
mod review;
mod verify;
mod window;

use std::path::Path;

use serde_json::{Value, json};
use yinxin_office::duty::Duty;
use yinxin_office::people::Unlocked;
use yinxin_office::{Office, OfficeError};
use yinxin_record::Coded as _;

use crate::Context;
use crate::answer::{Answer, note};
use crate::args::{
    Actor, Command, EvidenceCommand, KeysCommand, OfficeCommand, PeopleCommand, RecoveryCommand,
};
use crate::failure::Failure;
use crate::secret;

/// Does one command.
pub(crate) fn run(command: &Command, context: &Context) -> Result<Answer, Failure> {
    match command {
        Command::Office { command: OfficeCommand::Create(args) } => office::create(args, context),
        Command::Office { command: OfficeCommand::Request(args) } => realm::request(args, context),
        Command::Office { command: OfficeCommand::Join(args) } => realm::join(args, context),
        Command::Office { command: OfficeCommand::RequestOfficer(args) } => officer::request(args, context),
        Command::Office { command: OfficeCommand::TakeOfficer(args) } => officer::take(args, context),
        Command::Register { command } => register::run(command, context),
        Command::People { command: PeopleCommand::Add(args) } => people::add(args, context),
        Command::People { command: PeopleCommand::List(args) } => people::list(args, context),
        Command::People { command: PeopleCommand::Invite(args) } => invitations::invite(args, context),
        Command::People { command: PeopleCommand::Invitations(args) } => invitations::list(args, context),
        Command::People { command: PeopleCommand::WithdrawInvitation(args) } => {
            invitations::withdraw(args, context)
        }
        Command::People { command: PeopleCommand::Accept(args) } => invitations::accept(args, context),
        Command::People { command: PeopleCommand::Take(args) } => invitations::take(args, context),
        Command::People { command: PeopleCommand::Propose(args) } => changes::propose(args, context),
        Command::People { command: PeopleCommand::Lost(args) } => changes::lost(args, context),
        Command::People { command: PeopleCommand::Changes(args) } => changes::list(args, context),
        Command::People { command: PeopleCommand::Confirm(args) } => changes::confirm(args, context),
        Command::People { command: PeopleCommand::Drop(args) } => changes::drop(args, context),
        Command::Import(args) => import::import(args, context),
        Command::Review(args) => review::review(args, context),
        Command::Approve(args) => approve::approve(args, context),
        Command::Return(args) => change::give_back(args, context),
        Command::Amend(args) => change::amend(args, context),
        Command::Withdraw(args) => change::withdraw(args, context),
        Command::Erase(args) => change::erase(args, context),
        Command::List(args) => browse::list(&args.page, None, context),
        Command::Search(args) => browse::list(&args.page, Some(&args.text), context),
        Command::Show(args) => browse::show(args, context),
        Command::Export(args) => export::export(args, context),
        Command::Policy(args) => publication::policy(args, context),
        Command::Verify(args) => verify::verify(args, context),
        Command::Audit(args) => audit::audit(args, context),
        Command::Tiles(args) => publication::tiles(args, context),
        Command::Vkey(args) => publication::vkey(args, context),
        Command::Keys { command: KeysCommand::Unattended(args) } => keys::unattended(args, context),
        Command::Keys { command: KeysCommand::Passphrase(args) } => keys::passphrase(args, context),
        Command::Keys { command: KeysCommand::Recovery { command } } => match command {
            RecoveryCommand::Make(args) => recovery::make(args, context),
            RecoveryCommand::Check(args) => recovery::check(args, context),
            RecoveryCommand::Use(args) => recovery::use_sheet(args, context),
        },
        Command::Evidence { command: EvidenceCommand::Unpack(args) } => evidence::unpack(args, context),
        Command::Practice(args) => practice::build(args, context),
        Command::Open(args) => window::open(args, context),
        Command::Serve(args) => window::serve(args, context),
    }
}

/// The office, to write in, and the key of whoever asks, for what the command is
/// declared to need.
fn unlock(actor: &Actor, duty: Duty, context: &Context) -> Result<(Office, Unlocked), Failure> {
    let office = to_write(&actor.data, context)?;
    let unlocked =
        office.unlock_in(&actor.name, duty, &secret::read(&actor.passphrase_file)?, actor.keys.as_deref())?;
    Ok((office, unlocked))
}

/// The office in `data`, to write in. Says so if its state had to be made anew.
fn to_write(data: &Path, context: &Context) -> Result<Office, Failure> {
    let office = Office::open(data)?;
    if office.was_state_made_anew() {
        note(&context.locale.say("state_made_anew", &[]));
    }
    Ok(office)
}

/// What an error says, without what to do about it.
fn message(error: &OfficeError, context: &Context) -> String {
    context.locale.error(error.code(), &error.args()).what
}

/// That the work ended before all of it was done.
fn stopped_early(error: &OfficeError, context: &Context) -> String {
    let why = format!("{} [{}]", message(error, context), error.code());
    context.locale.say("stopped_early", &[("why", why)])
}

fn failure_json(error: &OfficeError, context: &Context) -> Value {
    json!({"code": error.code(), "message": message(error, context)})
}

/// Reads the office in `data` and changes nothing there. Whatever came of it
/// counts only if nobody wrote meanwhile where that could not be kept apart.
fn reading<T>(data: &Path, read: impl FnOnce(&Office) -> Result<T, Failure>) -> Result<T, Failure> {
    let office = Office::read(data)?;
    let result = read(&office);
    office.check_undisturbed()?;
    result
}
