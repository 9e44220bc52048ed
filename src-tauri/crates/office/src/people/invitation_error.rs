//! What can go wrong with an invitation, or its answer.

use yinxin_record::Coded;

/// Why an invitation or an answer is refused. Nothing was changed, except that
/// wrong digits were counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// The file is no invitation, or not a whole one.
    #[error("not an invitation")]
    Unreadable,
    /// The file is no answer, or not a whole one.
    #[error("not an answer")]
    AnswerUnreadable,
    /// It would stand for no day, or too many.
    #[error("{days} days, not 1 to {most}")]
    Days {
        /// Asked for.
        days: u64,
        /// Allowed.
        most: u64,
    },
    /// An invitation of this person stands already.
    #[error("an invitation of {0} stands already")]
    Stands(String),
    /// The office never made this invitation, or nobody of this name is invited.
    #[error("no such invitation")]
    NoSuch,
    /// It is another office's.
    #[error("of {found}, not of {own}")]
    OtherOffice {
        /// Whose it is.
        found: String,
        /// This one.
        own: String,
    },
    /// It is another person's.
    #[error("of {found}, not of {asked}")]
    OtherPerson {
        /// Who was named.
        asked: String,
        /// Whose it is.
        found: String,
    },
    /// By this machine's clock it is not made yet.
    #[error("the clock is before the invitation")]
    ClockBehind,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// An admin has withdrawn it.
    #[error("withdrawn")]
    Withdrawn,
    /// An answer was taken already.
    #[error("used")]
    Used,
    /// Wrong digits were typed three times.
    #[error("used up")]
    UsedUp,
    /// What was answered is not what the office has issued.
    #[error("the invitation was changed on its way")]
    Changed,
    /// Whoever made the answer does not hold its key.
    #[error("the key is not proved")]
    Unproved,
    /// Somebody has, or had, this key.
    #[error("the key was used before")]
    KeyUsed,
    /// What was typed is not twenty digits.
    #[error("not twenty digits")]
    NotTwenty {
        /// How many there were; 0 if something else was among them.
        found: usize,
    },
    /// The digits are not those of the answer.
    #[error("other digits; {left} tries left")]
    OtherDigits {
        /// How often they may be typed still.
        left: u32,
    },
}

impl Coded for InvitationError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "invitation_unreadable",
            Self::AnswerUnreadable => "answer_unreadable",
            Self::Days { .. } => "invitation_days",
            Self::Stands(_) => "invitation_stands",
            Self::NoSuch => "no_such_invitation",
            Self::OtherOffice { .. } => "invitation_other_office",
            Self::OtherPerson { .. } => "answer_other_person",
            Self::ClockBehind => "invitation_clock_behind",
            Self::Expired => "invitation_expired",
            Self::Withdrawn => "invitation_withdrawn",
            Self::Used => "invitation_used",
            Self::UsedUp => "invitation_used_up",
            Self::Changed => "invitation_changed",
            Self::Unproved => "answer_unproved",
            Self::KeyUsed => "answer_key_used",
            Self::NotTwenty { .. } => "digits_not_twenty",
            Self::OtherDigits { .. } => "digits_other",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Days { days, most } => vec![("days", days.to_string()), ("most", most.to_string())],
            Self::Stands(name) => vec![("name", name.clone())],
            Self::OtherOffice { found, own } => vec![("found", found.clone()), ("own", own.clone())],
            Self::OtherPerson { asked, found } => vec![("asked", asked.clone()), ("found", found.clone())],
            Self::NotTwenty { found } => vec![("found", found.to_string())],
            Self::OtherDigits { left } => vec![("left", left.to_string())],
            _ => Vec::new(),
        }
    }
}
