//! The declared list, turned into a table and a dispatcher.

use serde::Serialize;
use serde::de::DeserializeOwned;
use yinxin_office::OfficeError;
use yinxin_office::duty::Duty;
use yinxin_office::people::Person;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::failure::{self, Failure};

/// Who may ask for a command. The library judges again what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoMay {
    /// Whoever sits at the desk.
    Anyone,
    /// Whose key is unlocked, whatever the role.
    Member,
    /// Whose key is unlocked, and who may do this.
    May(Duty),
}

impl WhoMay {
    /// Refuses somebody who is at the desk and may not ask.
    ///
    /// # Errors
    /// As [`Duty::check`].
    pub fn check(self, person: &Person) -> Result<(), OfficeError> {
        match self {
            Self::Anyone => Ok(()),
            Self::Member => person.check_not_suspended(),
            Self::May(duty) => duty.check(person),
        }
    }
}

/// One declared command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name, in every host.
    pub name: &'static str,
    /// The name of the request's type.
    pub request: &'static str,
    /// The name of the response's type.
    pub response: &'static str,
    /// Who may ask.
    pub who: WhoMay,
    /// Groups of codes that it may fail with, besides [`failure::ALWAYS`].
    pub errors: &'static [&'static [&'static str]],
}

impl Command {
    /// Whether the command is declared to fail with this code.
    #[must_use]
    pub fn may_fail_with(&self, code: &str) -> bool {
        let groups = std::iter::once(&failure::ALWAYS).chain(self.errors);
        groups.into_iter().any(|group| group.contains(&code))
    }
}

/// What stands in the list: `Anyone`, `Member`, or a duty.
macro_rules! who_may {
    (Anyone) => {
        WhoMay::Anyone
    };
    (Member) => {
        WhoMay::Member
    };
    ($duty:ident) => {
        WhoMay::May(Duty::$duty)
    };
}

macro_rules! commands {
    ($($name:ident($request:ident) -> $response:ident, $who:ident, [$($errors:ident),*];)*) => {
        /// Every command.
        pub const COMMANDS: &[Command] = &[$(Command {
            name: stringify!($name),
            request: stringify!($request),
            response: stringify!($response),
            who: who_may!($who),
            errors: &[$(failure::$errors),*],
        }),*];

        impl Desk {
            /// Carries out the command called `name` on a JSON request; gives the JSON response.
            ///
            /// # Errors
            /// [`Failure`].
            pub fn call(&self, name: &str, request: &[u8]) -> Result<Vec<u8>, Failure> {
                match name {
                    $(stringify!($name) => encoded(&self.$name(decoded(request)?)?),)*
                    _ => Err(DeskError::UnknownCommand(name.to_owned()).into()),
                }
            }

            /// The same for a page that believes in this sitting: whatever needs
            /// somebody at the desk is refused if it is another by now.
            ///
            /// # Errors
            /// `sitting_changed`, and as [`Desk::call`].
            pub fn call_in(&self, sitting: Option<u64>, name: &str, request: &[u8]) -> Result<Vec<u8>, Failure> {
                self.lock_if_idle();
                let needs_somebody =
                    COMMANDS.iter().any(|command| command.name == name && command.who != WhoMay::Anyone);
                if needs_somebody && sitting.is_some_and(|sitting| sitting != self.sitting()) {
                    return Err(DeskError::SittingChanged.into());
                }
                self.call(name, request)
            }

            $(
                #[doc = concat!("Carries out `", stringify!($name), "`.")]
                ///
                /// # Errors
                /// [`Failure`], with a code that the command is declared to fail with.
                #[allow(clippy::needless_pass_by_value)] // a request is used once
                pub fn $name(&self, request: crate::$request) -> Result<crate::$response, Failure> {
                    self.notice(stringify!($name));
                    self.authorise(who_may!($who))
                        .and_then(|()| crate::handlers::$name(self, &request))
                        .inspect_err(|failure| check_declared(stringify!($name), failure))
                }
            )*
        }

        declarations! { $($request $response)* }
    };
}

macro_rules! declarations {
    ($($kind:ident)*) => {
        /// The TypeScript of every request and response, and of what they are made of.
        pub(crate) fn collect(collected: &mut crate::typescript::Collected) {
            $(collected.add::<crate::$kind>();)*
        }
    };
}

include!("list.rs");

fn decoded<T: DeserializeOwned>(request: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(request).map_err(|error| DeskError::BadRequest(error.to_string()).into())
}

fn encoded<T: Serialize>(response: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(response).map_err(|error| DeskError::internal(error).into())
}

/// A failure that is not declared is a mistake of ours; tests run into this.
fn check_declared(name: &str, failure: &Failure) {
    let declared =
        COMMANDS.iter().any(|command| command.name == name && command.may_fail_with(&failure.code));
    debug_assert!(declared, "{name} is not declared to fail with {}", failure.code);
}
