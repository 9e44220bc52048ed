//! Rules: the part of CEL that a template may use.
//!
//! A template may come from another office, so a rule can neither stall nor
//! exhaust its reader: no loops, no member access, few functions, bounded
//! length. It sees the fields it names and nothing else.

use std::collections::BTreeSet;

use cel::Program;
use cel::common::ast::{Expr, IdedExpr, operators};

use super::check::{check_label, check_name};
use super::{MAX_CEL, Rule, Template, TemplateError};

const MAX_MESSAGE: usize = 1_000;
/// The most additions in one rule: joining texts multiplies their length.
const MAX_ADDITIONS: usize = 8;

impl Template {
    /// The rules, ready to be evaluated.
    pub(crate) fn compile_rules(&self) -> Result<Vec<CompiledRule>, TemplateError> {
        let mut codes = BTreeSet::new();
        let mut compiled = Vec::with_capacity(self.rules.len());
        for rule in &self.rules {
            check_name(&rule.code)?;
            check_label(&rule.code, &rule.message, MAX_MESSAGE)?;
            if !codes.insert(&rule.code) {
                return Err(TemplateError::RuleTwice { rule: rule.code.clone() });
            }
            compiled.push(self.compile(rule)?);
        }
        Ok(compiled)
    }

    fn compile(&self, rule: &Rule) -> Result<CompiledRule, TemplateError> {
        let refused = |detail: String| TemplateError::Rule { rule: rule.code.clone(), detail };
        if rule.cel.len() > MAX_CEL {
            return Err(refused(format!("{} bytes, at most {MAX_CEL}", rule.cel.len())));
        }
        let program = Program::compile(&rule.cel).map_err(|errors| refused(errors.to_string()))?;
        if additions(program.expression()).map_err(&refused)? > MAX_ADDITIONS {
            return Err(refused(format!("more than {MAX_ADDITIONS} additions")));
        }
        let fields: BTreeSet<String> =
            program.references().variables().into_iter().map(str::to_owned).collect();
        if let Some(field) = fields.iter().find(|key| self.field(key).is_none()) {
            return Err(TemplateError::RuleField { rule: rule.code.clone(), field: field.clone() });
        }
        Ok(CompiledRule { rule: rule.clone(), program, fields })
    }
}

/// A rule with its program and the fields that it asks for.
#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) rule: Rule,
    pub(crate) program: Program,
    pub(crate) fields: BTreeSet<String>,
}

/// Everything that rules may call.
const CALLABLE: &[&str] = &[
    operators::CONDITIONAL,
    operators::LOGICAL_AND,
    operators::LOGICAL_OR,
    operators::LOGICAL_NOT,
    operators::SUBSTRACT,
    operators::ADD,
    operators::MULTIPLY,
    operators::DIVIDE,
    operators::MODULO,
    operators::EQUALS,
    operators::NOT_EQUALS,
    operators::GREATER_EQUALS,
    operators::LESS_EQUALS,
    operators::GREATER,
    operators::LESS,
    operators::NEGATE,
    operators::IN,
    "startsWith",
    "endsWith",
    "contains",
    "size",
    "int",
    "double",
    "string",
];

/// How many additions an expression has, if it uses only what rules may use.
/// The parser bounds its depth and [`MAX_CEL`] its size.
fn additions(expression: &IdedExpr) -> Result<usize, String> {
    match &expression.expr {
        Expr::Literal(_) | Expr::Ident(_) => Ok(0),
        Expr::List(list) => list.elements.iter().map(additions).sum(),
        Expr::Call(call) if CALLABLE.contains(&call.func_name.as_str()) => {
            let parts = call.target.as_deref().into_iter().chain(&call.args);
            let inside: usize = parts.map(additions).sum::<Result<_, _>>()?;
            Ok(inside + usize::from(call.func_name == operators::ADD))
        }
        Expr::Call(call) => Err(format!("rules cannot call {}", call.func_name)),
        Expr::Comprehension(_) => Err("rules cannot loop".to_owned()),
        Expr::Select(_) | Expr::Map(_) | Expr::Struct(_) => Err("fields have no members".to_owned()),
        Expr::Unspecified => Err("an empty expression".to_owned()),
    }
}
