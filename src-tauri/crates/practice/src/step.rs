//! What building a city is about at the moment, for whoever waits.

/// A stage of building; each covers all offices. Beside it the callback hears
/// how much of how much is done: offices, records, records, changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Offices are founded and their people admitted.
    Found,
    /// The drafters submit the communities.
    Submit,
    /// The approvers publish them.
    Publish,
    /// Single records are amended, withdrawn, added, returned.
    Change,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 4] = [Self::Found, Self::Submit, Self::Publish, Self::Change];

    /// A stable word, for locale files and programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Submit => "submit",
            Self::Publish => "publish",
            Self::Change => "change",
        }
    }
}
