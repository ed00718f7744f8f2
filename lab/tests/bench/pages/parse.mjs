// Reading one SIP message, by each stack: `read` gives the microseconds that it takes, the text handed over included.
const quiet = new Proxy({}, { get: () => () => {} });

const readers = {
  async ours() {
    const { default: start, reads } = await import("/bench-program/xc-bench.js");
    await start();
    return reads;
  },
  async "SIP.js"() {
    const { Parser } = await import("/npm/sip.js/lib/core/messages/parser.js");
    return text => Parser.parseMessage(text, quiet) !== undefined;
  },
  async JsSIP() {
    const { find, load } = await import("/commonjs.mjs");
    const { parseMessage } = load(find("./lib/Parser.js", "/npm/jssip/package.json"));
    return text => Boolean(parseMessage(text, {}));
  },
};

// Reads it again and again for so long; how often, and how long it took.
const again = (reads, text, milliseconds) => {
  const begun = performance.now();
  let [count, past] = [0, 0];
  while (past < milliseconds) {
    for (let more = 0; more < 20; more += 1)
      reads(text);
    count += 20;
    past = performance.now() - begun;
  }
  return { count, past };
};

export const read = async (stack, text, milliseconds) => {
  const reads = await readers[stack]();
  if (!reads(text))
    throw new Error(`${stack} does not read the message`);
  // Until the engine has compiled what it runs.
  again(reads, text, milliseconds / 2);
  const { count, past } = again(reads, text, milliseconds);
  return 1000 * past / count;
};
