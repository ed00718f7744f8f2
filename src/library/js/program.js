// The program behind it all: loaded in the background, while pages set handlers and call methods at once.

// Its functions, once it is there.
let program = null;
// What waits for it, in order.
let waiting = [];

// Does it now, or as soon as the program is there.
const whenThere = act => {
  if (program)
    act();
  else
    waiting.push(act);
};

// Loads it from beside this script; `heard` is told what it has to say.
const load = async (base, heard) => {
  await wasm_bindgen({ module_or_path: new URL(WASM, base) });
  wasm_bindgen.begin(heard);
  program = wasm_bindgen;
  const acts = waiting;
  waiting = [];
  for (const act of acts)
    act();
};
