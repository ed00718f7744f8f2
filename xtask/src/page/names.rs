//! Names in a wasm module: what it imports from its glue and exports to it.

use crate::trouble::{Done, OrSay, Trouble};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Parser, Payload};

/// What a module is joined to its glue by.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The module that all imports come from, as wasm-bindgen calls the glue.
    pub glue: String,
    /// What is imported, in the module's order.
    pub imports: Vec<String>,
    /// What is exported, in the module's order.
    pub exports: Vec<String>,
}

/// New names for the old ones. An export without a new name is left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Renaming {
    /// The new name of the glue.
    pub glue: String,
    /// The new names of imports.
    pub imports: BTreeMap<String, String>,
    /// The new names of exports.
    pub exports: BTreeMap<String, String>,
}

/// Reads the names of a module.
pub fn read(wasm: &[u8]) -> Done<Names> {
    let mut names = Names::default();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.or_say(unreadable)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.or_say(unreadable)?;
                    if names.imports.is_empty() {
                        names.glue = import.module.to_string();
                    } else if names.glue != import.module {
                        return Err(Trouble::Failed(format!(
                            "the program imports from {} and {}; one glue was expected",
                            names.glue, import.module
                        )));
                    }
                    names.imports.push(import.name.to_string());
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    names.exports.push(export.or_say(unreadable)?.name.to_string());
                }
            }
            _ => {}
        }
    }
    Ok(names)
}

/// Writes a module with other names. Sections that only tell tools of names and producers are left out.
pub fn rename(wasm: &[u8], renaming: &Renaming) -> Done<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.or_say(unreadable)?;
        match &payload {
            Payload::ImportSection(section) => {
                let mut imports = ImportSection::new();
                for import in section.clone().into_imports() {
                    let import = import.or_say(unreadable)?;
                    let name = renaming.imports.get(import.name).map_or(import.name, String::as_str);
                    let kind = RoundtripReencoder.entity_type(import.ty).or_say(unreadable)?;
                    imports.import(&renaming.glue, name, kind);
                }
                module.section(&imports);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section.clone() {
                    let export = export.or_say(unreadable)?;
                    if let Some(name) = renaming.exports.get(export.name) {
                        let kind = RoundtripReencoder.export_kind(export.kind).or_say(unreadable)?;
                        exports.export(name, kind, export.index);
                    }
                }
                module.section(&exports);
            }
            Payload::CustomSection(section) if matches!(section.name(), "name" | "producers") => {}
            // The code comes as a whole first, then each function again.
            Payload::CodeSectionEntry(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection { id, data: &wasm[range] });
                }
            }
        }
    }
    Ok(module.finish())
}

/// What is said of a module that cannot be read.
pub fn unreadable() -> String {
    "cannot read the compiled program".into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, EntityType, ExportKind, Function, FunctionSection, TypeSection};

    /// A module that imports `glue.ask`, and exports a function that does nothing by two names.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("glue", "ask", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 1);
        exports.export("unused", ExportKind::Func, 1);
        let mut code = CodeSection::new();
        let mut nothing = Function::new([]);
        nothing.instructions().end();
        code.function(&nothing);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn names_are_read_and_replaced_and_an_export_without_one_is_gone() {
        let names = read(&module()).unwrap();
        assert_eq!(names.glue, "glue");
        assert_eq!(names.imports, ["ask"]);
        assert_eq!(names.exports, ["start", "unused"]);

        let renaming = Renaming {
            glue: "a".into(),
            imports: [("ask".into(), "b".into())].into(),
            exports: [("start".into(), "c".into())].into(),
        };
        let renamed = rename(&module(), &renaming).unwrap();
        let expected = Names { glue: "a".into(), imports: vec!["b".into()], exports: vec!["c".into()] };
        assert_eq!(read(&renamed).unwrap(), expected);
        let sections = |wasm: &[u8]| {
            Parser::new(0)
                .parse_all(wasm)
                .filter(|part| part.as_ref().unwrap().as_section().is_some())
                .count()
        };
        assert_eq!(sections(&renamed), sections(&module()));
    }

    #[test]
    fn rubbish_is_refused() {
        assert!(read(b"rubbish").is_err());
    }
}
