// Loads a packed program, in the place of what wasm-bindgen wrote for one that is not. pack.rs says how it is packed.

// The program as it was before it was packed.
const unpack = packed => {
  // Where to read on in each stream, and in the head, which begins behind that of the module and the section's kind.
  const at = new Uint32Array(HEAD + 1);
  at[HEAD] = 9;
  // What is read of the head is written too; it goes here.
  let program = new Uint8Array(HEAD_ROOM);
  let end = 0;
  const byte = stream => program[end++] = packed[at[stream]++];
  // All bytes of a number but its first may be in a stream of their own.
  const number = (stream, tail = stream) => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const part = byte(stream);
      value |= (part & 127) << shift;
      if (part < 128)
        return value;
      stream = tail;
    }
  };
  const apart = stream => number(stream, stream + TAIL);
  const write = number => {
    for (; number > 127; number >>= 7)
      program[end++] = number | 128;
    program[end++] = number;
  };
  const copy = (from, to) => {
    program.set(packed.subarray(from, to), end);
    end += to - from;
  };

  // The length of the section, and its name, which is empty; then how it was packed.
  number(HEAD);
  number(HEAD);
  const [size, before, bodies, imported, functions] =
    [number(HEAD), number(HEAD), number(HEAD), number(HEAD), number(HEAD)];
  const pairs = [];
  for (let left = number(HEAD); left; left--)
    pairs[byte(HEAD)] = [byte(HEAD), byte(HEAD)];
  const streams = [];
  for (let left = number(HEAD), stream = 0; left; left--) {
    stream += number(HEAD);
    streams.push([stream, number(HEAD)]);
  }
  let rest = at[HEAD] + before;
  for (const [stream, length] of streams) {
    at[stream] = rest;
    rest += length;
  }

  // Opcodes come first, all together: those that stand for two are replaced by them.
  const opcodes = new Uint8Array(size);
  let next = 0;
  const put = symbol => {
    if (pairs[symbol])
      pairs[symbol].forEach(put);
    else
      opcodes[next++] = symbol;
  };
  packed.subarray(at[OPCODES], at[OPCODES] + streams[0][1]).forEach(put);
  next = 0;

  program = new Uint8Array(size);
  end = 0;
  copy(at[HEAD], at[HEAD] + before);
  for (let left = bodies; left; left--) {
    const start = end;
    for (let groups = 2 * number(LOCALS); groups; groups--)
      number(LOCALS);
    // The local variable that is the frame, and the one that the instruction before read or set.
    let frame = null;
    let local;
    for (let depth = 1; depth; ) {
      const alignment = opcodes[next] - ALIGNED_FROM;
      const isOdd = alignment >= 0 && alignment < ALIGNED;
      if (isOdd)
        next++;
      let opcode = opcodes[next++];
      const often = opcode - OFTEN_FROM;
      const isOften = often >= 0 && often < OFTEN;
      program[end++] = isOften ? CALL : opcode === ADDRESS ? CONST : opcode;
      if (isOften)
        write(imported + often);
      if (opcode === MORE)
        opcode = MORE_FROM + (program[end++] = opcodes[next++]);
      const ofFrame = local === frame ? FRAME : 0;
      local = undefined;
      const kind = OPERANDS[opcode];
      switch (kind) {
        case "}":
          depth--;
          break;
        case "{":
          depth++;
          number(opcode);
          break;
        case "k":
          number(opcodes[next] + (opcode === ADDRESS ? ADDRESS_FROM : CONST_FROM + ofFrame));
          break;
        case "g":
          local = number(READ_FROM + opcodes[next]);
          break;
        case "t":
          local = number(opcode);
          frame ??= local;
          break;
        case "a":
        case "b":
        case "c":
        case "d":
          program[end++] = isOdd ? alignment : parseInt(kind, 16) - 10;
          apart(opcode + ofFrame);
          break;
        case "v":
          for (let targets = number(opcode); targets >= 0; targets--)
            number(opcode);
          break;
        case "4":
        case "8":
          for (let bytes = +kind; bytes; bytes--)
            byte(opcode);
          break;
        case "2":
          number(opcode);
          number(opcode);
          break;
        case "1":
          if (opcode === CALL) {
            const start = end;
            const callee = number(opcode) + imported;
            end = start;
            write(callee < functions ? callee : callee - functions);
          } else
            number(opcode);
      }
    }
    // A function begins with its length, which is known only now.
    const length = end - start;
    const digits = 1 + (length > 127) + (length > 16383) + (length > 2097151);
    program.copyWithin(start + digits, start, end);
    end = start;
    write(length);
    end += length;
  }
  copy(rest, packed.length);
  return program;
};

const load = async ({ module_or_path }) => {
  const answer = await fetch(module_or_path);
  if (!answer.ok)
    throw new Error(`${module_or_path} cannot be loaded: the server says ${answer.status}`);
  const program = unpack(new Uint8Array(await answer.arrayBuffer()));
  __wbg_finalize_init((await WebAssembly.instantiate(program, __wbg_get_imports())).instance);
};
