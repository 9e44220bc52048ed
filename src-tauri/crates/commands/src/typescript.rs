//! The types of every request and response, for the pages.

use std::any::TypeId;
use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::failure::Failure;
use crate::files::FileKind;
use crate::list_of_commands::{self, COMMANDS};

/// Declarations by name, each type once.
pub(crate) struct Collected {
    config: Config,
    declarations: BTreeMap<String, String>,
    seen: Vec<TypeId>,
}

impl Collected {
    /// Adds a type and everything that it is made of.
    pub(crate) fn add<T: TS + 'static + ?Sized>(&mut self) {
        if self.seen.contains(&TypeId::of::<T>()) {
            return;
        }
        self.seen.push(TypeId::of::<T>());
        if T::output_path().is_some() {
            let declaration = T::decl(&self.config);
            self.declarations.insert(T::ident(&self.config), format!("export {declaration}"));
        }
        T::visit_dependencies(self);
    }
}

impl TypeVisitor for Collected {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

/// The file `ui/src/api/types.ts`.
#[must_use]
pub fn typescript() -> String {
    let mut collected = Collected { config: Config::new(), declarations: BTreeMap::new(), seen: Vec::new() };
    list_of_commands::collect(&mut collected);
    collected.add::<Failure>();
    collected.add::<FileKind>();
    let mut text =
        String::from("// Written by `cargo run -p yinxin-commands --example types`; do not edit.\n\n");
    for declaration in collected.declarations.values() {
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str("export interface Commands {\n");
    for command in COMMANDS {
        let (name, request, response) = (command.name, command.request, command.response);
        text.push_str(&format!("  {name}: {{ request: {request}; response: {response} }};\n"));
    }
    text.push_str("}\n");
    text
}
