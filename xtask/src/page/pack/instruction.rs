//! One instruction of a program, and what belongs to its opcode.

use crate::trouble::{Done, failed};

/// The opcode of `i32.const`.
pub const CONST: usize = 0x41;

/// In the stream of opcodes, an `i32.const` with three bytes or more: most of them are addresses of texts, and of
/// another kind than small numbers. WebAssembly has no such opcode.
pub const ADDRESS: usize = 0x06;

/// The opcode of a call.
pub const CALL: usize = 0x10;

/// In the stream of opcodes, a call of the first function that is not imported, and of those behind it. WebAssembly has
/// no such opcodes.
pub const OFTEN_FROM: usize = 0xe0;

/// How many functions have one.
pub const OFTEN: usize = 16;

/// The prefix of opcodes that are a number themselves, and what such a number becomes in the table below.
pub const MORE: usize = 0xfc;
pub const MORE_FROM: usize = 0x100;

/// In the stream of opcodes, what is before a load or a store that is not aligned as is natural for it: this, and the
/// alignment. WebAssembly has no such opcodes.
pub const ALIGNED_FROM: usize = 0xc8;

/// How many there are of them.
pub const ALIGNED: usize = 8;

/// The operands of each opcode, as `loader.js` looks them up.
pub fn operands() -> String {
    (0..=0x111).map(|opcode| char::from(operands_of(opcode))).collect()
}

/// The operands of an opcode (WebAssembly 2.0 §5.4): `1` and `2` are so many numbers, `{` a type, and a block begins,
/// `}` none, and one ends, `k` a constant, `g` a local variable to read, `t` one to set while its value stays, `v` the
/// length of a list of numbers, and the list with one more, `4` and `8` so many bytes, `a` to `d` an alignment, which is
/// by nature 0 to 3, and an offset, `?` what no program behind these pages has had yet.
pub fn operands_of(opcode: usize) -> u8 {
    match opcode {
        0x02..=0x04 => b'{',
        0x0b => b'}',
        0x0e => b'v',
        0x20 => b'g',
        0x22 => b't',
        0x0c | 0x0d | CALL | 0x21 | 0x23..=0x26 | 0x3f | 0x40 | 0x42 | 0xd0 | 0xd2 => b'1',
        0x11 => b'2',
        0x2c | 0x2d | 0x30 | 0x31 | 0x3a | 0x3c => b'a',
        0x2e | 0x2f | 0x32 | 0x33 | 0x3b | 0x3d => b'b',
        0x28 | 0x2a | 0x34 | 0x35 | 0x36 | 0x38 | 0x3e => b'c',
        0x29 | 0x2b | 0x37 | 0x39 => b'd',
        CONST | ADDRESS => b'k',
        0x43 => b'4',
        0x44 => b'8',
        0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 | 0x100..=0x107 => b'0',
        // data.drop, memory.fill, elem.drop, table.grow, table.size, table.fill
        0x109 | 0x10b | 0x10d | 0x10f..=0x111 => b'1',
        // memory.init, memory.copy, table.init, table.copy
        0x108 | 0x10a | 0x10c | 0x10e => b'2',
        _ => b'?',
    }
}

/// One instruction, as `loader.js` will read it.
pub struct Instruction<'a> {
    pub opcode: usize,
    /// What it is in the stream of opcodes.
    pub symbols: Vec<u8>,
    /// Its entry in the table of operands.
    pub kind: u8,
    /// Its operands, without an alignment.
    pub operands: &'a [u8],
}

impl<'a> Instruction<'a> {
    pub fn read(bytes: &'a [u8]) -> Done<Self> {
        let mut opcode = usize::from(bytes[0]);
        let mut length = 1;
        if opcode == MORE {
            length += numbers(&bytes[1..]).next().unwrap_or(0);
            opcode = MORE_FROM + usize::from(bytes[1]);
        }
        let (written, mut operands) = bytes.split_at(length);
        let mut symbols = written.to_vec();
        if opcode == CONST && operands.len() > 2 {
            opcode = ADDRESS;
            symbols = vec![ADDRESS as u8];
        }
        let kind = operands_of(opcode);
        let count = numbers(operands).count();
        let is_as_expected = match kind {
            b'0' | b'}' => operands.is_empty(),
            b'1' | b'{' | b'k' | b'g' | b't' => count == 1,
            b'2' => count == 2,
            b'a'..=b'd' => count == 2 && usize::from(operands[0]) < ALIGNED,
            b'4' | b'8' => operands.len() == usize::from(kind - b'0'),
            b'v' => count > 1,
            _ => false,
        };
        if !is_as_expected {
            return failed(format!(
                "the program has an instruction that pack.rs does not know: {bytes:02x?}"
            ));
        }
        if matches!(kind, b'a'..=b'd') {
            if operands[0] != kind - b'a' {
                symbols.insert(0, ALIGNED_FROM as u8 + operands[0]);
            }
            operands = &operands[1..];
        }
        Ok(Instruction { opcode, symbols, kind, operands })
    }

    /// One that says all by its symbol.
    pub fn without_operands(opcode: usize) -> Self {
        Instruction { opcode, symbols: vec![opcode as u8], kind: b'0', operands: &[] }
    }
}

/// The lengths of the LEB128 numbers that stand one behind the other.
pub fn numbers(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes.split_inclusive(|byte| *byte < 0x80).map(<[u8]>::len)
}
