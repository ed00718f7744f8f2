//! The order of the functions in a wasm module, which decides how well it is compressed.

use super::names::unreadable;
use crate::trouble::{Done, OrSay};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ElementSection, ExportSection, FunctionSection, GlobalSection, ImportSection, Module,
    RawSection, StartSection,
};
use wasmparser::{FunctionBody, Import, Operator, Parser, Payload, TypeRef};

/// How many functions come first because they are called most: what calls them says so in one byte, or begins with the
/// same one.
const OFTEN: usize = 64;

/// Puts the functions that are called most before all others, by the number of calls; of the others, those of one type
/// beside each other, and of these each before the one that is most like it; and imports in the order of their names, which is that of the
/// glue. What a compressor looks for is near then; in the order in which a compiler writes functions, it is all over the
/// module.
pub fn sort(wasm: &[u8]) -> Done<Vec<u8>> {
    let (mut imports, mut types, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.or_say(unreadable)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports.push(import.or_say(unreadable)?);
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    types.push(kind.or_say(unreadable)?);
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let is_function = |import: &Import<'_>| matches!(import.ty, TypeRef::Func(_));
    let order_of_imports = sorted(imports.len(), |at| (imports[at].name.len(), imports[at].name));

    // Functions are numbered with those that are imported first.
    let imported: Vec<u32> =
        (0..).zip(&imports).filter(|(_, import)| is_function(import)).map(|(at, _)| at).collect();
    let calls = calls(&bodies, imported.len())?;
    let kind = |at: &usize| (types[*at], &wasm[bodies[*at].range()]);
    let mut order = sorted(bodies.len(), |at| (Reverse(calls[at]), kind(&at)));
    let often = OFTEN.min(order.len());
    order[often..].sort_by_key(kind);
    for of_one_type in order[often..].chunk_by_mut(|one, other| types[*one] == types[*other]) {
        chain(of_one_type, &bodies)?;
    }
    let mut numbers = Numbers(vec![0; imported.len() + bodies.len()]);
    let functions_of_imports = order_of_imports.iter().filter(|at| is_function(&imports[**at]));
    let old = functions_of_imports
        .map(|at| imported.partition_point(|import| (*import as usize) < *at))
        .chain(order.iter().map(|at| imported.len() + at));
    for (new, old) in (0..).zip(old) {
        numbers.0[old] = new;
    }
    let types = order.iter().map(|at| types[*at]);
    let bodies = order.iter().map(|at| bodies[*at].clone());
    write(wasm, &mut numbers, order_of_imports.iter().map(|at| imports[*at]), types, bodies)
}

/// How often each function is called by its name, but of those that are imported.
fn calls(bodies: &[FunctionBody<'_>], imported: usize) -> Done<Vec<usize>> {
    let mut calls = vec![0; bodies.len()];
    for body in bodies {
        for operator in body.get_operators_reader().or_say(unreadable)? {
            if let Operator::Call { function_index } = operator.or_say(unreadable)? {
                let own = (function_index as usize).checked_sub(imported).and_then(|own| calls.get_mut(own));
                own.into_iter().for_each(|count| *count += 1);
            }
        }
    }
    Ok(calls)
}

/// Puts behind each function the one that is most like it of those that are left.
fn chain(order: &mut [usize], bodies: &[FunctionBody<'_>]) -> Done {
    let mut numbers = BTreeMap::new();
    let ingredients = order.iter().map(|at| Ingredients::of(*at, &bodies[*at], &mut numbers));
    let mut left = ingredients.collect::<Done<Vec<_>>>()?;
    let mut last = None;
    for place in order {
        let next = match &last {
            None => 0,
            Some(last) => {
                (0..left.len()).max_by_key(|at| (left[*at].likeness(last), Reverse(*at))).unwrap_or(0)
            }
        };
        let next = left.remove(next);
        *place = next.function;
        last = Some(next);
    }
    Ok(())
}

/// What a function is made of: its instructions with their operands, by numbers, and how many there are of each.
struct Ingredients {
    function: usize,
    instructions: Vec<(usize, usize)>,
    length: usize,
}

impl Ingredients {
    fn of(function: usize, body: &FunctionBody<'_>, numbers: &mut BTreeMap<String, usize>) -> Done<Self> {
        let (mut instructions, mut length) = (BTreeMap::new(), 0);
        for operator in body.get_operators_reader().or_say(unreadable)? {
            let next = numbers.len();
            let number = numbers.entry(format!("{:?}", operator.or_say(unreadable)?)).or_insert(next);
            *instructions.entry(*number).or_default() += 1;
            length += 1;
        }
        Ok(Self { function, instructions: instructions.into_iter().collect(), length })
    }

    /// What both have, of what they have together, in millionths.
    fn likeness(&self, other: &Self) -> usize {
        let (mut both, mut there) = (0, other.instructions.iter().peekable());
        for (number, count) in &self.instructions {
            while there.next_if(|(other, _)| other < number).is_some() {}
            if let Some((_, other)) = there.next_if(|(other, _)| other == number) {
                both += count.min(other);
            }
        }
        1_000_000 * both / (self.length + other.length - both).max(1)
    }
}

/// The positions of so many things in the order of a key.
fn sorted<K: Ord>(count: usize, key: impl Fn(usize) -> K) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|at| key(*at));
    order
}

/// The new numbers of functions.
struct Numbers(Vec<u32>);

impl Reencode for Numbers {
    type Error = Infallible;

    fn function_index(&mut self, old: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.0[old as usize])
    }
}

/// Writes the module with its functions in another order, and every mention of one with its new number.
fn write<'a>(
    wasm: &[u8],
    numbers: &mut Numbers,
    imports: impl Iterator<Item = Import<'a>>,
    types: impl Iterator<Item = u32>,
    bodies: impl Iterator<Item = FunctionBody<'a>>,
) -> Done<Vec<u8>> {
    let mut sorted_imports = ImportSection::new();
    for import in imports {
        numbers.parse_import(&mut sorted_imports, import).or_say(unreadable)?;
    }
    let mut sorted_types = FunctionSection::new();
    types.for_each(|kind| {
        sorted_types.function(kind);
    });
    let mut code = CodeSection::new();
    for body in bodies {
        numbers.parse_function_body(&mut code, body).or_say(unreadable)?;
    }

    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.or_say(unreadable)? {
            Payload::ImportSection(_) => module.section(&sorted_imports),
            Payload::FunctionSection(_) => module.section(&sorted_types),
            Payload::CodeSectionStart { .. } => module.section(&code),
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                numbers.parse_global_section(&mut globals, section).or_say(unreadable)?;
                module.section(&globals)
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                numbers.parse_export_section(&mut exports, section).or_say(unreadable)?;
                module.section(&exports)
            }
            Payload::ElementSection(section) => {
                let mut elements = ElementSection::new();
                numbers.parse_element_section(&mut elements, section).or_say(unreadable)?;
                module.section(&elements)
            }
            Payload::StartSection { func, .. } => {
                let function_index = numbers.function_index(func).or_say(unreadable)?;
                module.section(&StartSection { function_index })
            }
            other => match other.as_section() {
                Some((id, range)) => module.section(&RawSection { id, data: &wasm[range] }),
                None => &mut module,
            },
        };
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{EntityType, ExportKind, Function, TypeSection, ValType};

    /// Imports `b` and `a`; two functions, of types 1 and 0, of which the first calls `b` and the second.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        let mut imports = ImportSection::new();
        imports.import("glue", "b", EntityType::Function(0));
        imports.import("glue", "a", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(1).function(0);
        let mut exports = ExportSection::new();
        exports.export("first", ExportKind::Func, 2);
        let mut code = CodeSection::new();
        let mut first = Function::new([]);
        first.instructions().call(0).call(3).end();
        let mut second = Function::new([]);
        second.instructions().end();
        code.function(&first).function(&second);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports).section(&code);
        module.finish()
    }

    #[test]
    fn functions_are_sorted_and_calls_still_meet_them() {
        let sorted = sort(&module()).unwrap();
        let mut calls = Vec::new();
        for payload in Parser::new(0).parse_all(&sorted) {
            match payload.unwrap() {
                Payload::ImportSection(section) => {
                    let names: Vec<_> = section.into_imports().map(|import| import.unwrap().name).collect();
                    assert_eq!(names, ["a", "b"]);
                }
                Payload::FunctionSection(section) => {
                    assert_eq!(section.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [0, 1]);
                }
                Payload::ExportSection(section) => {
                    assert_eq!(
                        section.into_iter().map(|export| export.unwrap().index).collect::<Vec<_>>(),
                        [3]
                    );
                }
                Payload::CodeSectionEntry(body) => {
                    let operators = body.get_operators_reader().unwrap().into_iter().map(Result::unwrap);
                    calls.push(
                        operators
                            .filter_map(|operator| match operator {
                                Operator::Call { function_index } => Some(function_index),
                                _ => None,
                            })
                            .collect::<Vec<_>>(),
                    );
                }
                _ => {}
            }
        }
        assert_eq!(calls, [vec![], vec![1, 2]]);
    }

    #[test]
    fn what_is_sorted_stays_as_it_is() {
        let once = sort(&module()).unwrap();
        assert_eq!(sort(&once).unwrap(), once);
    }
}
