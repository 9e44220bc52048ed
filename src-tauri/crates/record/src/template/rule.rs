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
        let mut scan = Scan::default();
        scan.expression(program.expression()).map_err(&refused)?;
        if scan.additions > MAX_ADDITIONS {
            return Err(refused(format!("more than {MAX_ADDITIONS} additions")));
        }
        if let Some(field) = scan.variables.iter().find(|key| self.field(key).is_none()) {
            return Err(TemplateError::RuleField { rule: rule.code.clone(), field: field.clone() });
        }
        Ok(CompiledRule { rule: rule.clone(), program, fields: scan.variables })
    }
}

/// A rule with its program and the fields that it asks for.
#[derive(Debug)]
pub(crate) struct CompiledRule {
    pub(crate) rule: Rule,
    pub(crate) program: Program,
    pub(crate) fields: BTreeSet<String>,
}

/// What a rule is made of.
#[derive(Default)]
struct Scan {
    variables: BTreeSet<String>,
    additions: usize,
}

/// Everything that rules may call: operators as CEL names them, and functions.
const CALLABLE: &[&str] = &[
    "_?_:_",
    "_&&_",
    "_||_",
    "!_",
    "_-_",
    "_+_",
    "_*_",
    "_/_",
    "_%_",
    "_==_",
    "_!=_",
    "_>=_",
    "_<=_",
    "_>_",
    "_<_",
    "-_",
    "@in",
    "startsWith",
    "endsWith",
    "contains",
    "size",
    "int",
    "double",
    "string",
];

impl Scan {
    /// Walks an expression; the parser bounds its depth and [`MAX_CEL`] its size.
    fn expression(&mut self, expression: &IdedExpr) -> Result<(), String> {
        match &expression.expr {
            Expr::Literal(_) => Ok(()),
            Expr::Ident(name) => {
                self.variables.insert(name.clone());
                Ok(())
            }
            Expr::List(list) => list.elements.iter().try_for_each(|element| self.expression(element)),
            Expr::Call(call) => {
                if !CALLABLE.contains(&call.func_name.as_str()) {
                    return Err(format!("rules cannot call {}", call.func_name));
                }
                self.additions += usize::from(call.func_name == "_+_");
                let parts = call.target.as_deref().into_iter().chain(&call.args);
                parts.into_iter().try_for_each(|part| self.expression(part))
            }
            Expr::Comprehension(_) => Err("rules cannot loop".to_owned()),
            Expr::Select(_) | Expr::Map(_) | Expr::Struct(_) => Err("fields have no members".to_owned()),
            Expr::Unspecified => Err("an empty expression".to_owned()),
        }
    }
}
