// Notes what a phone does, whoever made it: what goes over its websocket and when, and when packets flow. Loaded before
// the phone. Times are in milliseconds.

// How long anything may take.
const PATIENCE = 60_000;

const wire = [];
const watchers = new Set();
const noted = entry => {
  wire.push({ at: performance.now(), ...entry });
  for (const look of [...watchers])
    look();
};

// Waits until `look` answers something; `watch` has it look again and gives what ends that.
const until = (what, look, watch) => new Promise((found, missing) => {
  let stop = () => {};
  const limit = setTimeout(() => {
    stop();
    missing(new Error(`${what}: not within ${PATIENCE / 1000} s`));
  }, PATIENCE);
  const again = () => {
    const answer = look();
    if (answer) {
      clearTimeout(limit);
      stop();
      found(answer);
    }
  };
  stop = watch(again);
  again();
});

const onWire = (what, fits, from) => until(what, () => wire.slice(from).find(fits), again => {
  watchers.add(again);
  return () => watchers.delete(again);
});

const isState = state => document.getElementById("state").textContent.startsWith(state);
const shows = async state => {
  await until(`the page shows "${state}"`, () => isState(state), again => {
    const observer = new MutationObserver(again);
    observer.observe(document.getElementById("state"), { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  });
  return performance.now();
};

// What is made up here says so in its branch, and so do the answers to it.
const MADE_UP = "branch=z9hG4bK-measured-";

// The websocket of the phone. The server hears nothing of what is made up here, and all of the rest.
let socket;
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    socket = this;
    this.addEventListener("message", ({ data }) => noted({ out: false, text: String(data) }));
  }

  send(data) {
    noted({ out: true, text: String(data) });
    contact ||= /^REGISTER [^]*?\nContact: *<([^>]*)>/i.exec(data)?.[1] ?? "";
    if (!data.includes(MADE_UP))
      super.send(data);
  }
};

// Connections that are not closed, and how many there were.
const live = new Set();
let connections = 0;
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...words) {
    super(...words);
    connections += 1;
    live.add(this);
  }

  close() {
    live.delete(this);
    super.close();
  }
};

// The memory of a phone that is a program.
let memory;
for (const how of ["instantiate", "instantiateStreaming"]) {
  const real = WebAssembly[how];
  WebAssembly[how] = async (...words) => {
    const made = await real.apply(WebAssembly, words);
    memory = Object.values((made.instance ?? made).exports).find(it => it instanceof WebAssembly.Memory) ?? memory;
    return made;
  };
}

// The longest task of the page since it was asked last.
let longest = 0;
new PerformanceObserver(list => {
  for (const { duration } of list.getEntries())
    longest = Math.max(longest, duration);
}).observe({ type: "longtask" });
const longestTask = () => {
  const answer = longest;
  longest = 0;
  return answer;
};

// When the first packet of sound has come in and gone out, by the browser's own account.
const packetsFlow = async () => {
  const limit = performance.now() + PATIENCE;
  let [come, gone] = [0, 0];
  while (!come || !gone) {
    if (performance.now() > limit)
      throw new Error(`packets flow: not within ${PATIENCE / 1000} s`);
    for (const connection of [...live]) {
      for (const report of (await connection.getStats()).values()) {
        if (report.type === "inbound-rtp" && report.kind === "audio" && report.packetsReceived > 0)
          come ||= performance.now();
        if (report.type === "outbound-rtp" && report.kind === "audio" && report.packetsSent > 0)
          gone ||= performance.now();
      }
    }
    await new Promise(next => setTimeout(next));
  }
  return { come, gone };
};

// A request that anybody may send, and that is answered at once. It goes where the phone said that it is.
let requests = 0;
let contact = "";
const anyRequest = () => {
  requests += 1;
  return [
    `OPTIONS ${contact} SIP/2.0`,
    `Via: SIP/2.0/WS 192.0.2.1:8088;${MADE_UP}${requests};rport`,
    "Max-Forwards: 70",
    `From: <sip:asterisk@192.0.2.1>;tag=${requests}`,
    "To: <sip:somebody@asterisk>",
    `Call-ID: ${requests}@192.0.2.1`,
    "CSeq: 1 OPTIONS",
    "Contact: <sip:asterisk@192.0.2.1:8088;transport=ws>",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
};

const isRequest = method => ({ out, text }) => out && text.startsWith(`${method} `);
const isResponse = (way, status, method) => ({ out, text }) =>
  out === way && text.startsWith(`SIP/2.0 ${status}`) && new RegExp(`^cseq: *\\d+ +${method}`, "im").test(text);

const hangsUp = async phone => {
  const from = wire.length;
  phone.hangUp();
  await onWire("the BYE is confirmed", isResponse(false, 200, "BYE"), from);
  await shows("ready");
};

window.measured = {
  async registers(phone, options) {
    await phone.register(options);
    const { at } = await onWire("the registration is confirmed", isResponse(false, 200, "REGISTER"), 0);
    const registered = Math.max(at, await shows("ready"));
    return { registered: registered - wire.find(isRequest("REGISTER")).at };
  },

  async calls(phone, number) {
    wire.length = 0;
    longestTask();
    const begun = performance.now();
    phone.call(number);
    const flow = packetsFlow();
    const invite = await onWire("an INVITE", isRequest("INVITE"), 0);
    const established = await shows("in call");
    const { come } = await flow;
    await hangsUp(phone);
    return { invite: invite.at - begun, established: established - begun, heard: come - begun, blocked: longestTask() };
  },

  // `ringing`: how long it rings before somebody answers.
  async answers(phone, ringing) {
    wire.length = 0;
    await shows("called by");
    await new Promise(rung => setTimeout(rung, ringing));
    longestTask();
    const clicked = performance.now();
    phone.answer();
    const flow = packetsFlow();
    const answer = await onWire("a 200", isResponse(true, 200, "INVITE"), 0);
    const { come, gone } = await flow;
    await shows("in call");
    await hangsUp(phone);
    return { answer: answer.at - clicked, flows: Math.max(come, gone) - clicked, blocked: longestTask() };
  },

  // How long each of many requests keeps the page busy: it is read, matched, and answered by a 200.
  async requests(milliseconds) {
    wire.length = 0;
    let count = 0;
    const begun = performance.now();
    let busy = 0;
    while (busy < milliseconds) {
      socket.dispatchEvent(new MessageEvent("message", { data: anyRequest() }));
      count += 1;
      busy = performance.now() - begun;
    }
    const answers = () => wire.filter(isResponse(true, 200, "OPTIONS")).length === count;
    await until("a 200 for each", answers, again => {
      watchers.add(again);
      return () => watchers.delete(again);
    });
    wire.length = 0;
    return { busy: 1000 * busy / count };
  },

  // How long each frame of the page takes while so many requests come in a second.
  async frames(each, seconds) {
    const begun = performance.now();
    const frames = [];
    let [come, last] = [0, begun];
    while (last < begun + 1000 * seconds) {
      const now = await new Promise(requestAnimationFrame);
      if (come > 0)
        frames.push(now - last);
      last = now;
      while (come < each * (now - begun) / 1000) {
        socket.dispatchEvent(new MessageEvent("message", { data: anyRequest() }));
        come += 1;
      }
    }
    wire.length = 0;
    return frames;
  },

  // Many calls, one after the other.
  async soak(phone, number, count) {
    for (let call = 0; call < count; call += 1) {
      wire.length = 0;
      phone.call(number);
      await shows("in call");
      await hangsUp(phone);
    }
    wire.length = 0;
  },

  left: () => ({ live: live.size, connections, sounds: document.querySelectorAll("audio, video").length,
    memory: memory?.buffer.byteLength ?? 0 }),
};
