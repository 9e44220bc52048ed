//! The people of the practice city: nobody real, and every name says so (示例).

use std::collections::BTreeSet;

use yinxin_office::keyring::{Locking, Passphrase};
use yinxin_record::roster::Role;

/// Opens the founding and host keys of every practice office. Public.
pub const HOST_PASSPHRASE: &str = "practice-host";

/// What is public needs no guessing.
pub(crate) const LOCKING: Locking = Locking::Public;

/// An invented person with a public passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PracticePerson {
    /// Name; unique in the city.
    pub name: &'static str,
    /// Post.
    pub post: &'static str,
    /// What the person may do.
    pub roles: &'static [Role],
    /// Opens the person's key. Public.
    pub passphrase: &'static str,
}

impl PracticePerson {
    pub(crate) const fn drafter(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "一级科员", roles: &[Role::Drafter], passphrase }
    }

    pub(crate) const fn approver(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "处长", roles: &[Role::Approver], passphrase }
    }

    pub(crate) const fn secrecy_reviewer(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "保密办主任", roles: &[Role::SecrecyReviewer], passphrase }
    }

    pub(crate) const fn system_admin(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "系统管理员", roles: &[Role::SystemAdmin], passphrase }
    }

    pub(crate) const fn security_admin(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "安全保密管理员", roles: &[Role::SecurityAdmin], passphrase }
    }

    pub(crate) const fn auditor(name: &'static str, passphrase: &'static str) -> Self {
        Self { name, post: "安全审计员", roles: &[Role::Auditor], passphrase }
    }

    pub(crate) fn role_set(&self) -> BTreeSet<Role> {
        self.roles.iter().copied().collect()
    }

    pub(crate) fn secret(&self) -> Passphrase {
        Passphrase::from(self.passphrase.to_owned())
    }
}
