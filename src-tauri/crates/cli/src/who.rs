//! Who may give which command: declared once, for the commands themselves, the
//! tests, and `docs/ROLES.md`.

use yinxin_office::duty::Duty;

/// What a command asks for, besides a data folder that this user may read or write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// The host's passphrase, and nobody's in particular.
    Host,
    /// The code of the recovery sheet.
    RecoveryCode,
    /// The key of somebody whom the register appoints, and who is in no roster yet.
    Appointed,
    /// Somebody's key, and that they may do this.
    Person(Duty),
}

pub(crate) const IMPORT: Duty = Duty::Draft;
pub(crate) const AMEND: Duty = Duty::Draft;
pub(crate) const WITHDRAW: Duty = Duty::Withdraw;
pub(crate) const ERASE: Duty = Duty::Erase;
pub(crate) const REVIEW: Duty = Duty::Review;
pub(crate) const APPROVE: Duty = Duty::Approve;
pub(crate) const RETURN: Duty = Duty::Return;
pub(crate) const PEOPLE_PROPOSE: Duty = Duty::ProposePeople;
pub(crate) const PEOPLE_INVITE: Duty = Duty::InvitePeople;
pub(crate) const PEOPLE_LOST: Duty = Duty::ProposePeople;
pub(crate) const PEOPLE_CONFIRM: Duty = Duty::ConfirmPeople;
pub(crate) const OFFICE_REQUEST: Duty = Duty::AskRegister;
pub(crate) const OFFICE_JOIN: Duty = Duty::JoinRealm;
pub(crate) const REGISTER_PROPOSE: Duty = Duty::ProposeOffice;
pub(crate) const REGISTER_CONFIRM: Duty = Duty::ConfirmOffice;
pub(crate) const REGISTER_DROP: Duty = Duty::DropOffice;
pub(crate) const PEOPLE_DROP: Duty = Duty::DropPeople;

/// Every command, as it is typed.
pub const COMMANDS: &[(&str, Needs)] = &[
    ("office create", Needs::Nothing),
    ("office request", Needs::Person(OFFICE_REQUEST)),
    ("office join", Needs::Person(OFFICE_JOIN)),
    ("office request-officer", Needs::Appointed),
    ("office take-officer", Needs::Appointed),
    ("register create", Needs::Nothing),
    ("register admit", Needs::Person(REGISTER_PROPOSE)),
    ("register rotate", Needs::Person(REGISTER_PROPOSE)),
    ("register suspend", Needs::Person(REGISTER_PROPOSE)),
    ("register readmit", Needs::Person(REGISTER_PROPOSE)),
    ("register succeed", Needs::Person(REGISTER_PROPOSE)),
    ("register reappoint", Needs::Person(REGISTER_PROPOSE)),
    ("register changes", Needs::Nothing),
    ("register confirm", Needs::Person(REGISTER_CONFIRM)),
    ("register drop", Needs::Person(REGISTER_DROP)),
    ("register answer", Needs::Nothing),
    ("register warrant", Needs::Nothing),
    ("register list", Needs::Nothing),
    ("people add", Needs::Host),
    ("people list", Needs::Nothing),
    ("people invite", Needs::Person(PEOPLE_INVITE)),
    ("people invitations", Needs::Nothing),
    ("people withdraw-invitation", Needs::Person(PEOPLE_INVITE)),
    ("people accept", Needs::Nothing),
    ("people take", Needs::Person(PEOPLE_INVITE)),
    ("people propose", Needs::Person(PEOPLE_PROPOSE)),
    ("people lost", Needs::Person(PEOPLE_LOST)),
    ("people changes", Needs::Nothing),
    ("people confirm", Needs::Person(PEOPLE_CONFIRM)),
    ("people drop", Needs::Person(PEOPLE_DROP)),
    ("import", Needs::Person(IMPORT)),
    ("review", Needs::Person(REVIEW)),
    ("approve", Needs::Person(APPROVE)),
    ("return", Needs::Person(RETURN)),
    ("amend", Needs::Person(AMEND)),
    ("withdraw", Needs::Person(WITHDRAW)),
    ("erase", Needs::Person(ERASE)),
    ("list", Needs::Nothing),
    ("search", Needs::Nothing),
    ("show", Needs::Nothing),
    ("export", Needs::Nothing),
    ("policy", Needs::Nothing),
    ("verify", Needs::Nothing),
    ("audit", Needs::Nothing),
    ("tiles", Needs::Nothing),
    ("vkey", Needs::Nothing),
    ("keys unattended", Needs::Host),
    // The library asks for the duty: nothing is signed with the key.
    ("keys passphrase", Needs::Person(Duty::ChangePassphrase)),
    ("keys recovery make", Needs::Host),
    ("keys recovery check", Needs::RecoveryCode),
    ("keys recovery use", Needs::RecoveryCode),
    ("evidence unpack", Needs::Nothing),
    ("practice", Needs::Nothing),
    ("open", Needs::Nothing),
    ("serve", Needs::Nothing),
];

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _};

    use super::*;
    use crate::args::Args;

    /// Every command that does something, and whether it asks who acts.
    fn declared(command: &Command, path: &str, found: &mut Vec<(String, bool)>) {
        if !command.has_subcommands() {
            let asks = command.get_arguments().any(|arg| arg.get_long() == Some("as"));
            found.push((path.to_owned(), asks));
        }
        for sub in command.get_subcommands() {
            declared(sub, format!("{path} {}", sub.get_name()).trim_start(), found);
        }
    }

    #[test]
    fn every_command_says_who_may_give_it() {
        let mut commands = Vec::new();
        declared(&Args::command(), "", &mut commands);
        let said: Vec<(String, bool)> = COMMANDS
            .iter()
            .map(|(path, needs)| ((*path).to_owned(), matches!(needs, Needs::Person(_))))
            .collect();
        assert_eq!(said, commands);
    }
}
