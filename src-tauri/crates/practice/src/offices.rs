//! Which offices the city has.
//!
//! The names are real ones from `practice/wuhan_offices.csv`; the codes are
//! not: `99`, region `000000`, which is none, and a number whose own check digit
//! (the 17th character, GB 11714) is wrong, so that no body can ever be given
//! them. Only the last character is as GB 32100 has it, because founding an
//! office asks for that.

use yinxin_record::origin::Origin;

use crate::people::PracticePerson;
use crate::works::{self, Works};

/// The realm of every practice office.
pub const REALM: &str = "practice";

/// An office as it is declared here, before there is a folder.
#[derive(Debug)]
pub(crate) struct Declared {
    pub slug: &'static str,
    pub name: &'static str,
    pub code: &'static str,
    pub people: &'static [PracticePerson],
    pub works: &'static Works,
}

pub(crate) static OFFICES: [Declared; 3] = [
    Declared {
        slug: "data-bureau",
        name: "武汉市数据局",
        code: "99000000000000001X",
        people: &[
            PracticePerson::drafter("周八示例", "practice-zhouba"),
            PracticePerson::secrecy_reviewer("秦慎示例", "practice-qinshen"),
            PracticePerson::approver("吴九示例", "practice-wujiu"),
            PracticePerson::auditor("郑十示例", "practice-zhengshi"),
            PracticePerson::system_admin("朱宁示例", "practice-zhuning"),
            PracticePerson::security_admin("许安示例", "practice-xuan"),
        ],
        works: &works::DATA_BUREAU,
    },
    Declared {
        slug: "civil-affairs",
        name: "武汉市民政局",
        code: "990000000000000021",
        people: &[
            PracticePerson::drafter("张三示例", "practice-zhangsan"),
            PracticePerson::approver("李四示例", "practice-lisi"),
            PracticePerson::drafter("王五示例", "practice-wangwu"),
            PracticePerson::approver("赵六示例", "practice-zhaoliu"),
            PracticePerson::auditor("孙七示例", "practice-sunqi"),
            PracticePerson::system_admin("马宁示例", "practice-maning"),
            PracticePerson::security_admin("罗安示例", "practice-luoan"),
        ],
        works: &works::CIVIL_AFFAIRS,
    },
    Declared {
        slug: "market-supervision",
        name: "武汉市市场监督管理局",
        code: "990000000000000034",
        people: &[
            PracticePerson::drafter("钱一示例", "practice-qianyi"),
            PracticePerson::approver("冯二示例", "practice-fenger"),
            PracticePerson::auditor("陈安示例", "practice-chenan"),
            PracticePerson::system_admin("高宁示例", "practice-gaoning"),
            PracticePerson::security_admin("梁安示例", "practice-liangan"),
        ],
        works: &works::MARKET_SUPERVISION,
    },
];

/// The people of the practice office whose ledger this is, wherever its folder
/// is by now, with their public passphrases; `None` for everybody else's ledger.
#[must_use]
pub fn people_at(origin: &Origin) -> Option<&'static [PracticePerson]> {
    let is_it = |office: &&Declared| origin.realm() == REALM && office.code == origin.code();
    OFFICES.iter().find(is_it).map(|office| office.people)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use yinxin_record::check_digit::check_uscc;
    use yinxin_record::roster::{Role, may_be_held_together};

    use super::*;

    #[test]
    fn names_are_in_the_list_and_codes_are_possible_for_nobody() {
        let listed = include_str!("../../../../practice/wuhan_offices.csv");
        for office in &OFFICES {
            assert!(listed.lines().any(|line| line.split(',').next() == Some(office.name)));
            assert_eq!(check_uscc(office.code), Ok(()));
            assert!(office.code.starts_with("9900000000000000"));
            assert!(!inner_check_digit_fits(&office.code[8..17]));
        }
        assert!(inner_check_digit_fits("MB0889006"), "a published sample of a code");
    }

    /// GB 11714: digits and letters as 0–35, MOD 11, 10 → X.
    fn inner_check_digit_fits(body: &str) -> bool {
        let value = |c: char| c.to_digit(36).unwrap();
        let weighed = body.chars().zip([3, 7, 9, 10, 5, 8, 4, 2]);
        let sum: u32 = weighed.map(|(c, weight)| value(c) * weight).sum();
        "0123456789X".chars().nth(((11 - sum % 11) % 11) as usize) == body.chars().last()
    }

    #[test]
    fn people_are_samples_with_names_of_their_own_and_roles_that_go_together() {
        let everybody: Vec<_> = OFFICES.iter().flat_map(|office| office.people).collect();
        let names: BTreeSet<_> = everybody.iter().map(|person| person.name).collect();
        assert_eq!(names.len(), everybody.len());
        for person in everybody {
            assert!(person.name.ends_with("示例") && person.passphrase.starts_with("practice-"));
            assert!(may_be_held_together(&person.role_set()));
        }
        for office in &OFFICES {
            let officers = [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor];
            for role in [Role::Drafter, Role::Approver].into_iter().chain(officers) {
                assert!(office.people.iter().any(|person| person.roles.contains(&role)), "{}", office.slug);
            }
        }
    }

    #[test]
    fn people_are_found_by_ledger() {
        let origin = |realm: &str| Origin::new(realm, "990000000000000021").unwrap();
        assert_eq!(people_at(&origin("practice")).map(<[_]>::len), Some(7));
        assert_eq!(people_at(&origin("wuhan")), None);
    }
}
