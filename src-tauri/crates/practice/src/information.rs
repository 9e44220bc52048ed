//! Information that is to be made public, invented; its template asks for a review.

/// One piece of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Information {
    /// What names it; says 示例.
    pub index: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What it is about.
    pub summary: &'static str,
}

/// Where it is left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Informing {
    /// Reviewed and published.
    pub published: &'static [Information],
    /// Reviewed, and left waiting for the approver.
    pub to_approve: &'static [Information],
    /// Left waiting for the reviewer.
    pub to_review: &'static [Information],
}

impl Informing {
    /// In an office that makes nothing public.
    pub const NONE: Self = Self { published: &[], to_approve: &[], to_review: &[] };

    /// How many pieces there are.
    pub fn count(&self) -> usize {
        self.published.len() + self.to_approve.len() + self.to_review.len()
    }
}

const HEADER: &str =
    "index_number,title,document_number,produced,to_be_public,public_basis,summary,secrecy_review";

/// A sheet of these pieces.
pub(crate) fn sheet(pieces: &[Information]) -> String {
    let row = |Information { index, title, summary }: &Information| {
        let basis = "《中华人民共和国政府信息公开条例》第二十条";
        format!("{index},{title},,2026-11-02,2026-11-20,{basis},{summary},不涉及国家秘密、工作秘密\n")
    };
    format!("{HEADER}\n{}", pieces.iter().map(row).collect::<String>())
}

pub(crate) static OF_DATA_BUREAU: Informing = Informing {
    published: &[Information {
        index: "示例-2026-00001",
        title: "示例：公共数据资源目录编制说明",
        summary: "示例：目录的范围、编制步骤和更新周期。",
    }],
    to_approve: &[Information {
        index: "示例-2026-00002",
        title: "示例：公共数据开放年度计划",
        summary: "示例：本年度计划开放的数据集和时间安排。",
    }],
    to_review: &[
        Information {
            index: "示例-2026-00003",
            title: "示例：数据共享申请办理指南",
            summary: "示例：申请的条件、材料、程序和办理时限。",
        },
        Information {
            index: "示例-2026-00004",
            title: "示例：数据安全检查情况通报",
            summary: "示例：检查的部门数量、主要问题和整改要求。",
        },
    ],
};
