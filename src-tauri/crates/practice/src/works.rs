//! What happens in each office, so that every state can be seen.
//!
//! Communities are real; what is done to them is not. A value or reason that is
//! invented says 示例. New communities have codes that end in 901 and following,
//! which no community of the list has.

use crate::information::{self, Informing};

/// Everything that is done in one office.
#[derive(Debug)]
pub(crate) struct Works {
    /// The communities that are imported and published.
    pub first: Rows,
    /// Published after them.
    pub published: &'static [Change],
    /// Submitted, then returned with a reason.
    pub returned: &'static [(Change, &'static str)],
    /// Submitted, and left waiting.
    pub waiting: &'static [Change],
    /// What is made public, with a review.
    pub information: &'static Informing,
    /// Whose posts the system admin proposes to change, and to what; left waiting.
    pub posts: &'static [(&'static str, &'static str)],
}

/// Rows of the list of communities.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows {
    /// All.
    All,
    /// The first so many of the district with this code.
    Of(&'static str, usize),
}

/// One change, about the community with a code.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Change {
    /// Code, and `field=value`.
    Amend(&'static str, &'static str),
    /// Code and reason.
    Withdraw(&'static str, &'static str),
    /// Code and name.
    Add(&'static str, &'static str),
}

use Change::{Add, Amend, Withdraw};

impl Change {
    /// The community's code.
    pub fn code(self) -> &'static str {
        match self {
            Amend(code, _) | Withdraw(code, _) | Add(code, _) => code,
        }
    }
}

impl Works {
    /// How many changes follow the import.
    pub fn changes(&self) -> usize {
        self.published.len()
            + self.returned.len()
            + self.waiting.len()
            + self.posts.len()
            + self.information.count()
    }
}

pub(crate) static CIVIL_AFFAIRS: Works = Works {
    first: Rows::All,
    published: &[
        Amend("420102002003", "village=保成示例社区"),
        Amend("420106001001", "village=尚隆苑示例社区居委会"),
        Amend("420111001003", "village=街道口示例社区居民委员会"),
        Withdraw("420117406598", "示例：虚拟生活区不再使用，予以撤销。"),
    ],
    returned: &[
        (
            Amend("420103002002", "village=江汉关示例社区居委会"),
            "示例：更名未附区人民政府的批复文号，请补充依据后重新提交。",
        ),
        (
            Add("420102003903", "示例三社区"),
            "示例：代码末三位与统计部门的赋码不一致，请与市统计局核对后重新提交。",
        ),
        (
            Withdraw("420102003001", "示例：社区合并。"),
            "示例：撤销理由没有写明并入哪个社区，请补充后重新提交。",
        ),
    ],
    waiting: &[
        Amend("420103001007", "village=龙王庙示例社区居委会"),
        Amend("420104001012", "village=古田示例社区居委会"),
        Amend("420106001002", "village=中山示例社区居委会"),
        Amend("420111001001", "town=珞南示例街道"),
        Amend("420117102212", "village=郑家园示例村委会"),
        Withdraw("420117400204", "示例：该村整体搬迁，村民并入邻村，原建制撤销。"),
        Add("420102002901", "示例一社区"),
        Add("420111001902", "示例二社区居民委员会"),
    ],
    information: &Informing::NONE,
    posts: &[("王五示例", "二级主任科员")],
};

pub(crate) static DATA_BUREAU: Works = Works {
    first: Rows::Of("420103", 16),
    published: &[Amend("420103001002", "village=万年示例社区居委会")],
    returned: &[(
        Amend("420103003001", "town=水塔示例街道"),
        "示例：街道名称与区划代码表不一致，请核对后重新提交。",
    )],
    waiting: &[
        Amend("420103001004", "village=涂家示例社区居委会"),
        Amend("420103002001", "village=交通路示例社区居委会"),
        Add("420103001904", "示例四社区居委会"),
    ],
    information: &information::OF_DATA_BUREAU,
    posts: &[],
};

pub(crate) static MARKET_SUPERVISION: Works = Works {
    first: Rows::Of("420104", 14),
    published: &[],
    returned: &[(
        Amend("420104001007", "village=古三示例社区居委会"),
        "示例：社区名称应与民政部门登记的名称一致，请核对后重新提交。",
    )],
    waiting: &[
        Amend("420104001004", "village=古一示例社区居委会"),
        Withdraw("420104001013", "示例：社区已并入古田社区，原建制撤销。"),
        Add("420104001905", "示例五社区居委会"),
    ],
    information: &Informing::NONE,
    posts: &[],
};
