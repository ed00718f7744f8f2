//! Packs a program, so that what is alike in it is together, where a compressor finds it.
//!
//! Code in a wasm module is a row of opcodes with their operands between them. Operands are of very different kinds:
//! to a compressor each one is a surprise in the row of opcodes, and the other way round. So the opcodes go into one
//! stream, where pairs of them get symbols of their own (`pairs.rs`), and the operands of each kind into one of theirs;
//! `loader.js` puts it all together again in some milliseconds. That takes a sixth off what is downloaded.
//! What begins alike is alike: the functions that are called most are the first (`order.rs`), and a call of one of them is
//! a symbol of its own among the opcodes, for what follows it is known best from what it is.
//!
//! A packed program is a wasm module of one custom section without a name, so that servers and caches see what they
//! expect. In it are, as LEB128 numbers: the size of the program, the size of what is before its functions, the number
//! of functions, the first function that is not imported and the number of all; the number of pairs, and each as three
//! symbols; the number of streams, and for each its own number, as the difference to the one before it, and its length.
//! Then what is before the functions, the streams, and what is behind the functions.

mod instruction;
mod pairs;

use self::instruction::{
    ADDRESS, ALIGNED, ALIGNED_FROM, CALL, CONST, Instruction, MORE, MORE_FROM, OFTEN, OFTEN_FROM, operands,
};
use super::names::unreadable;
use crate::trouble::{Done, OrSay, failed};
use std::collections::BTreeMap;
use std::fmt::Write;
use wasmparser::{FunctionBody, Parser, Payload, TypeRef};

/// The stream of opcodes.
const OPCODES: usize = 0;

/// The stream of what functions say of their local variables.
const LOCALS: usize = 1;

/// Where the streams of the other constants begin, by the symbol behind them: what is added to an address is another
/// kind of number than what is compared.
const CONST_FROM: usize = 0x200;

/// Where the streams of local variables to read begin, by the symbol behind them.
const READ_FROM: usize = 0x300;

/// Where the streams of addresses begin, by the symbol behind them.
const ADDRESS_FROM: usize = 0x700;

/// What is added for numbers that belong to the frame of a function: mostly it is the first local variable that an
/// instruction sets while its value stays.
const FRAME: usize = 0x400;

/// What is added for all bytes of an offset but its first.
const TAIL: usize = 0x800;

/// How much may be said of the streams: a few bytes for each.
const HEAD_ROOM: usize = 4096;

/// What `loader.js` has to know of this.
pub fn constants() -> String {
    let mut text = format!("const OPERANDS={:?}", operands());
    for (name, value) in [
        ("OPCODES", OPCODES),
        ("LOCALS", LOCALS),
        ("CALL", CALL),
        ("OFTEN_FROM", OFTEN_FROM),
        ("OFTEN", OFTEN),
        ("CONST", CONST),
        ("ADDRESS", ADDRESS),
        ("MORE", MORE),
        ("MORE_FROM", MORE_FROM),
        ("ALIGNED_FROM", ALIGNED_FROM),
        ("ALIGNED", ALIGNED),
        ("CONST_FROM", CONST_FROM),
        ("READ_FROM", READ_FROM),
        ("ADDRESS_FROM", ADDRESS_FROM),
        ("FRAME", FRAME),
        ("TAIL", TAIL),
        ("HEAD", 2 * TAIL),
        ("HEAD_ROOM", HEAD_ROOM),
    ] {
        let _ = write!(text, ",{name}={value}");
    }
    text + ";"
}

/// Packs a program.
pub fn pack(wasm: &[u8]) -> Done<Vec<u8>> {
    let (mut code, mut bodies, mut imported) = (0..0, Vec::new(), 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.or_say(unreadable)? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += usize::from(matches!(import.or_say(unreadable)?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { range, .. } => code = range,
            Payload::CodeSectionEntry(body) => bodies.push(body),
            _ => {}
        }
    }
    let Some(first) = bodies.first() else { return failed("the program has no functions") };
    // Nothing is between two functions but the length of the second, which `loader.js` counts.
    let starts = bodies.iter().map(|body| body.range().start - leb128(body.range().len()).len());
    let ends = bodies.iter().map(|body| body.range().end);
    if !ends.eq(starts.skip(1).chain([code.end])) {
        return failed("the program has something between its functions");
    }
    let before = first.range().start - leb128(first.range().len()).len();

    let mut streams = Streams { imported, functions: imported + bodies.len(), ..Streams::default() };
    for body in &bodies {
        streams.add(wasm, body)?;
    }
    let (pairs, opcodes) = pairs::joined(streams.bytes.remove(&OPCODES).unwrap_or_default());
    streams.bytes.insert(OPCODES, opcodes);

    let mut packed = Vec::new();
    for number in [wasm.len(), before, bodies.len(), imported, streams.functions, pairs.len()] {
        packed.extend(leb128(number));
    }
    packed.extend(pairs.as_flattened());
    packed.extend(leb128(streams.bytes.len()));
    let mut number = 0;
    for (stream, bytes) in &streams.bytes {
        packed.extend(leb128(stream - number));
        packed.extend(leb128(bytes.len()));
        number = *stream;
    }
    if packed.len() > HEAD_ROOM {
        return failed("the program has more kinds of operands than loader.js has room for");
    }
    packed.extend(&wasm[..before]);
    streams.bytes.values().for_each(|bytes| packed.extend(bytes));
    packed.extend(&wasm[code.end..]);

    let mut module = b"\0asm\x01\0\0\0\0".to_vec();
    module.extend(leb128(packed.len() + 1));
    module.push(0);
    module.extend(packed);
    Ok(module)
}

/// Bytes of one kind, by the number of the stream.
#[derive(Default)]
struct Streams {
    bytes: BTreeMap<usize, Vec<u8>>,
    /// How many functions are imported.
    imported: usize,
    /// How many there are in all.
    functions: usize,
}

impl Streams {
    fn put(&mut self, stream: usize, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.bytes.entry(stream).or_default().extend(bytes);
        }
    }

    /// Puts a number, its first byte apart from the others.
    fn put_apart(&mut self, stream: usize, number: &[u8]) {
        let (first, others) = number.split_at(1);
        self.put(stream, first);
        self.put(stream + TAIL, others);
    }

    /// Takes a function apart.
    fn add(&mut self, wasm: &[u8], body: &FunctionBody<'_>) -> Done {
        let mut operators = body.get_operators_reader().or_say(unreadable)?;
        let mut start = operators.original_position();
        self.put(LOCALS, &wasm[body.range().start..start]);
        let mut instructions = Vec::new();
        while !operators.eof() {
            operators.read().or_say(unreadable)?;
            let instruction = Instruction::read(&wasm[start..operators.original_position()])?;
            instructions.push(self.or_call_of_often(instruction));
            start = operators.original_position();
        }
        // The local variable that is the frame, and the one that the instruction before read or set.
        let (mut frame, mut local) = (None, None);
        for (at, instruction) in instructions.iter().enumerate() {
            let Instruction { opcode, kind, operands, .. } = instruction;
            self.put(OPCODES, &instruction.symbols);
            let behind = instructions.get(at + 1).map_or(0, |behind| usize::from(behind.symbols[0]));
            let of_frame = if frame.is_some() && local == frame { FRAME } else { 0 };
            local = None;
            match kind {
                b'g' => {
                    local = Some(*operands);
                    self.put(READ_FROM + behind, operands);
                }
                b't' => {
                    local = Some(*operands);
                    frame = frame.or(local);
                    self.put(*opcode, operands);
                }
                b'k' if *opcode == ADDRESS => self.put(ADDRESS_FROM + behind, operands),
                b'k' => self.put(CONST_FROM + behind + of_frame, operands),
                b'a'..=b'd' => self.put_apart(opcode + of_frame, operands),
                _ if *opcode == CALL => {
                    let function = self.not_imported_first(number(operands));
                    self.put(*opcode, &leb128(function));
                }
                _ => self.put(*opcode, operands),
            }
        }
        Ok(())
    }

    /// The symbol of a function that is called often, in the place of its call.
    fn or_call_of_often<'a>(&self, instruction: Instruction<'a>) -> Instruction<'a> {
        match instruction.opcode {
            CALL => match self.not_imported_first(number(instruction.operands)) {
                function @ ..OFTEN => Instruction::without_operands(OFTEN_FROM + function),
                _ => instruction,
            },
            _ => instruction,
        }
    }

    /// The number of a function where those that are imported come last: others are called more often, so that theirs
    /// should be the small numbers.
    fn not_imported_first(&self, function: usize) -> usize {
        function.checked_sub(self.imported).unwrap_or(function + self.functions - self.imported)
    }
}

/// An unsigned LEB128 number.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// What such a number says.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{CodeSection, Function, FunctionSection, MemArg, Module, TypeSection, ValType};

    fn module(function: &Function) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut code = CodeSection::new();
        code.function(function);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&code);
        module.finish()
    }

    fn streams_of(function: &Function) -> BTreeMap<usize, Vec<u8>> {
        let wasm = module(function);
        let mut streams = Streams { functions: 1, ..Streams::default() };
        for payload in Parser::new(0).parse_all(&wasm) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                streams.add(&wasm, &body).unwrap();
            }
        }
        streams.bytes
    }

    #[test]
    fn opcodes_and_operands_of_each_kind_are_apart() {
        let mut function = Function::new([(2, ValType::I32)]);
        let at = |offset| MemArg { offset, align: 2, memory_index: 0 };
        function
            .instructions()
            .i32_const(1_048_576)
            .i32_load(at(300))
            .i32_const(5)
            .i32_add()
            .local_set(1)
            .end();
        let streams = streams_of(&function);
        assert_eq!(streams[&OPCODES], [0x06, 0x28, 0x41, 0x6a, 0x21, 0x0b]);
        assert_eq!(streams[&LOCALS], [1, 2, 0x7f]);
        assert_eq!(streams[&(ADDRESS_FROM + 0x28)], [0x80, 0x80, 0xc0, 0x00]);
        assert_eq!(streams[&0x28], [0xac]);
        assert_eq!(streams[&(TAIL + 0x28)], [0x02]);
        assert_eq!(streams[&(CONST_FROM + 0x6a)], [5]);
        assert_eq!(streams[&0x21], [1]);
    }

    #[test]
    fn numbers_of_the_frame_are_apart_and_only_odd_alignments_are_written() {
        let mut function = Function::new([(2, ValType::I32)]);
        let at = |align| MemArg { offset: 8, align, memory_index: 0 };
        function
            .instructions()
            .local_get(1)
            .local_tee(0)
            .i64_load(at(3))
            .local_get(1)
            .i64_load(at(2))
            .local_get(0)
            .i32_const(-4)
            .i32_add()
            .end();
        let streams = streams_of(&function);
        assert_eq!(streams[&OPCODES], [0x20, 0x22, 0x29, 0x20, 0xca, 0x29, 0x20, 0x41, 0x6a, 0x0b]);
        assert_eq!(streams[&(FRAME + 0x29)], [8]);
        assert_eq!(streams[&0x29], [8]);
        assert_eq!(streams[&(READ_FROM + 0x22)], [1]);
        assert_eq!(streams[&(READ_FROM + 0xca)], [1]);
        assert_eq!(streams[&(FRAME + CONST_FROM + 0x6a)], [0x7c]);
    }

    #[test]
    fn functions_are_counted_from_the_first_that_is_not_imported() {
        let streams = Streams { imported: 2, functions: 5, ..Streams::default() };
        assert_eq!([2, 4, 0, 1].map(|function| streams.not_imported_first(function)), [0, 2, 3, 4]);
        assert_eq!(number(&leb128(300)), 300);
    }

    #[test]
    fn a_call_of_one_of_the_first_functions_is_a_symbol() {
        let streams = Streams { imported: 2, functions: 40, ..Streams::default() };
        let symbols = |function: u8| {
            streams.or_call_of_often(Instruction::read(&[CALL as u8, function]).unwrap()).symbols
        };
        assert_eq!([2, 17, 18, 0].map(symbols), [[0xe0], [0xef], [0x10], [0x10]]);
    }

    #[test]
    fn nothing_is_lost_and_what_is_packed_is_a_module() {
        let mut function = Function::new([]);
        function.instructions().i64_const(-1).drop().f64_const(1.5.into()).drop().end();
        let wasm = module(&function);
        let packed = pack(&wasm).unwrap();
        let sections: Vec<_> = Parser::new(0).parse_all(&packed).map(Result::unwrap).collect();
        assert!(matches!(&sections[1], Payload::CustomSection(section) if section.name().is_empty()));
        let taken: usize = streams_of(&function).values().map(Vec::len).sum();
        assert_eq!(taken, function.byte_len());
    }

    #[test]
    fn an_instruction_without_a_rule_is_refused() {
        let mut function = Function::new([]);
        function.instructions().unreachable().typed_select(ValType::I32).drop().end();
        assert!(pack(&module(&function)).is_err());
    }
}
