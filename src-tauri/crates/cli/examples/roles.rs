//! Prints `docs/ROLES.md`: which command is for which role, as the commands are
//! declared. What a role and a command do is said as the program says it.

use std::fmt::Write as _;

use serde_json::Value;
use yinxin_cli::who::{self, Needs};
use yinxin_commands::WhoMay;
use yinxin_office::duty::Duty;
use yinxin_record::roster::Role;

const TEXTS: &str = include_str!("../../../../locales/zh-CN.json");
const PAGES: &str = include_str!("../../../../ui/src/locales/zh-CN.json");

const HEAD: &str = "\
# 岗位与命令 Roles and commands

由代码生成，不要手改 Written from the code: `cargo run -p yinxin-cli --example roles > docs/ROLES.md`

凡签署、改动的，程序库再判一次（`office/src/duty.rs`），不只在窗口和命令行。窗口的每一格、命令行凭本人口令的每一格都有测试：能办的放行，不能办的被拒绝，什么也不改动。
Whatever signs or changes is judged again by the library. Tests try every cell of the window, and every cell of the command line that asks who acts.

✓ 可以 may · – 不可以，被拒绝 is refused · “无人解锁”：不用任何人的密钥 nobody's key is needed
";

const ACTING: &str = "\
代理审批人：代理期内，除本岗位的以外还可以审批和退回；代理期外，签发和退回都被拒绝。停用的人、密钥换新后仍用旧密钥的人，凡要解锁的一律被拒绝。
An acting approver may also approve and return within the time given. Whoever is suspended, or holds a key that was replaced, is refused whatever needs a key.
";

const WINDOW: &str = "\
\n## 窗口 The window

`people_add`、`founding_invite`、`founding_take`、`recovery_make` 要主机口令，`recovery_check`、`recovery_use` 要恢复码；没有开启免口令时，`approve`、`change_confirm`、`register_confirm` 另要主机口令；更换主机密钥时，`realm_request`、`realm_join` 也要。`officer_request`、`officer_take` 要被任命人的口令，`officer_take` 还要名录的任命书。`return_to_drafter`：待审核的由审核人、保密审查员退回，待审批的由审批人退回。

";

const LINE: &str = "\
\n## 命令行 The command line

“凭什么”是命令要的口令；– 是都不要，能读写数据文件夹就行。`import --dry-run` 不要口令；`keys passphrase --host` 和 `keys unattended on` 要主机口令，`keys unattended off` 不要；`export`、`approve`、`people confirm` 用到主机密钥，没有开启免口令时另给主机口令。`return`：待审核的由审核人、保密审查员退回，待审批的由审批人退回。

";

fn main() {
    print!("{}", page());
}

/// The whole page.
pub fn page() -> String {
    let mut page = format!("{HEAD}\n{}\n{ACTING}{WINDOW}{}", roles(), header(&["命令"]));
    for command in yinxin_commands::COMMANDS {
        row(&mut page, &[&format!("`{}`", command.name)], &asked(command.who));
    }
    page += LINE;
    page += &header(&["命令", "做什么", "凭什么"]);
    for (path, needs) in who::COMMANDS {
        let does = text(TEXTS, &["help", "commands", path]).unwrap_or_default();
        row(&mut page, &[&format!("`{path}`"), &does, with(*needs)], &needed(*needs));
    }
    page
}

/// Whom a command is for.
enum For {
    /// It asks for nobody's key.
    Anybody,
    /// Whoever has unlocked.
    Member,
    /// Who may do this.
    May(Duty),
}

fn asked(who: WhoMay) -> For {
    match who {
        WhoMay::Anyone => For::Anybody,
        WhoMay::Member => For::Member,
        WhoMay::May(duty) => For::May(duty),
    }
}

fn needed(needs: Needs) -> For {
    match needs {
        Needs::Nothing | Needs::Host | Needs::RecoveryCode | Needs::Appointed => For::Anybody,
        Needs::Person(duty) => For::May(duty),
    }
}

fn with(needs: Needs) -> &'static str {
    match needs {
        Needs::Nothing => "–",
        Needs::Host => "主机口令",
        Needs::RecoveryCode => "恢复码",
        Needs::Appointed => "被任命人的口令",
        Needs::Person(_) => "本人口令",
    }
}

fn roles() -> String {
    let mut table = "| 岗位 | role | 做什么 |\n|---|---|---|\n".to_owned();
    for role in Role::ALL {
        let does = text(PAGES, &["people", &format!("does{role:?}")]);
        let does = does.unwrap_or_else(|| "可以查看；现有的事项都不归这一岗位。".to_owned());
        let _ = writeln!(table, "| {} | `{}` | {does} |", role.chinese(), role.as_str());
    }
    table
}

fn header(first: &[&str]) -> String {
    let columns = first.iter().copied().chain(["无人解锁"]).chain(Role::ALL.map(Role::chinese));
    let columns: Vec<&str> = columns.chain(["代理审批人"]).collect();
    let marks = ":-:|".repeat(columns.len() - first.len());
    format!("| {} |\n|{}{marks}\n", columns.join(" | "), "---|".repeat(first.len()))
}

fn row(page: &mut String, first: &[&str], whom: &For) {
    let may = |may: bool| if may { "✓" } else { "–" };
    let of = |role: &Role| match whom {
        For::Anybody | For::Member => true,
        For::May(duty) => duty.roles().contains(role),
    };
    let acting = match whom {
        For::May(duty) if duty.is_for_acting() => "✓ 代理",
        For::May(duty) => may(duty.roles() == Role::ALL),
        For::Anybody | For::Member => may(true),
    };
    let cells = Role::ALL.iter().map(|role| may(of(role)));
    let cells = std::iter::once(may(matches!(whom, For::Anybody))).chain(cells).chain([acting]);
    let cells: Vec<&str> = first.iter().copied().chain(cells).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// The text at `path` of a locale file, if there is one.
fn text(locale: &str, path: &[&str]) -> Option<String> {
    let mut found: &Value = &serde_json::from_str(locale).unwrap_or_default();
    for key in path {
        found = found.get(key)?;
    }
    found.as_str().map(str::to_owned)
}
