// Counts what is lent to the phone and what is given back, by standing at the browser's own doors.

const held = { listeners: 0, workers: 0, urls: 0, timers: 0 };
const last = {};

const listening = new WeakMap();
const key = (name, callback) => {
  const ids = (listening.ids ??= new WeakMap());
  if (!ids.has(callback)) ids.set(callback, (listening.next = (listening.next ?? 0) + 1));
  return `${name} ${ids.get(callback)}`;
};
const { addEventListener, removeEventListener } = EventTarget.prototype;
EventTarget.prototype.addEventListener = function (name, callback, options) {
  const known = listening.get(this) ?? new Set();
  listening.set(this, known);
  if (!known.has(key(name, callback))) held.listeners += 1;
  known.add(key(name, callback));
  return addEventListener.call(this, name, callback, options);
};
EventTarget.prototype.removeEventListener = function (name, callback, options) {
  if (listening.get(this)?.delete(key(name, callback))) held.listeners -= 1;
  return removeEventListener.call(this, name, callback, options);
};

const RealWorker = globalThis.Worker;
let workersFail = "no";
class CountedWorker extends RealWorker {
  constructor(url) {
    if (workersFail === "at once") throw new DOMException("worker-src", "SecurityError");
    super(workersFail === "later" ? "/there-is-no-such-script.js" : url);
    held.workers += 1;
  }
  terminate() {
    held.workers -= 1;
    super.terminate();
  }
}
// Later than the test runner, which puts a worker of its own in place when it starts.
queueMicrotask(() => (globalThis.Worker = CountedWorker));

const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (thing) => ((held.urls += 1), createObjectURL.call(URL, thing));
URL.revokeObjectURL = (url) => ((held.urls -= 1), revokeObjectURL.call(URL, url));

const { setTimeout, clearTimeout } = window;
const timers = new Set();
window.setTimeout = (callback, delay) => {
  const id = setTimeout.call(window, () => (timers.delete(id), callback()), delay);
  timers.add(id);
  return id;
};
window.clearTimeout = (id) => (timers.delete(id), clearTimeout.call(window, id));

const RealAudioContext = globalThis.AudioContext;
for (const name of ["WebSocket", "AudioContext", "RTCPeerConnection"]) {
  const Real = globalThis[name];
  globalThis[name] = class extends Real {
    constructor(...given) {
      super(...given);
      last[name] = this;
    }
  };
}

export const listeners = () => held.listeners;
export const workers = () => held.workers;
export const urls = () => held.urls;
export const page_timers = () => timers.size;

// The object made last of that class.
export const last_made = (name) => last[name];

// "no", "at once" (as a page's policy does in one browser), "later" (as it does in another).
export const let_workers_fail = (how) => (workersFail = how);

// Puts another value in place of a property and returns what puts the old one back.
export const replace = (owner, name, value) => {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => (own ? Object.defineProperty(owner, name, own) : delete owner[name]);
};

export const dom_exception = (name) => new DOMException("made by a test", name);

// A getUserMedia that waits until it is let go on, and then really opens the device.
export const hesitate = () => {
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const opened = { asked: false, stream: undefined };
  const restore = replace(navigator.mediaDevices, "getUserMedia", async (constraints) => {
    opened.asked = true;
    await gate;
    opened.stream = await real(constraints);
    return opened.stream;
  });
  return { go, restore, opened };
};

// A server that never answers cannot be had in a page; what fetch does with one is wait until it is aborted.
export const fetch_for_ever = (url, { signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

// Microphones opened until the result is called give a tone of that pitch instead of what the browser has.
export const speak_as = (pitch) => {
  const contexts = [];
  const restore = replace(navigator.mediaDevices, "getUserMedia", async () => {
    const context = new RealAudioContext();
    contexts.push(context);
    const tone = new OscillatorNode(context, { frequency: pitch });
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    tone.connect(new GainNode(context, { gain: 0.2 })).connect(destination);
    tone.start();
    return destination.stream;
  });
  return { restore, silence: () => contexts.forEach((context) => context.close()) };
};

// Counts the frames that an element presents and how many of them look different from the one before.
export const watch = (element) => {
  const seen = { frames: 0, changes: 0, black: false, stop: () => (stopped = true) };
  const canvas = new OffscreenCanvas(64, 48);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let before = "";
  let stopped = false;
  const look = () => {
    if (stopped) return;
    context.drawImage(element, 0, 0, 64, 48);
    const { data } = context.getImageData(0, 0, 64, 48);
    const picture = data.join();
    seen.frames += 1;
    seen.changes += picture === before ? 0 : 1;
    seen.black = data.every((value, index) => index % 4 === 3 || value < 24);
    before = picture;
    element.requestVideoFrameCallback(look);
  };
  element.requestVideoFrameCallback(look);
  return seen;
};

// Whoever asks for a camera is refused by an exception of that name; microphones are given.
export const refuse_cameras = (name) => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  return replace(navigator.mediaDevices, "getUserMedia", async (constraints) => {
    if (constraints.video) throw dom_exception(name);
    return real(constraints);
  });
};

// A number from the statistics of a connection: of all entries of that type and kind.
export const statistic = async (connection, type, kind, field) => {
  let sum = 0;
  for (const entry of (await connection.getStats()).values()) {
    if (entry.type === type && entry.kind === kind) sum += entry[field] ?? 0;
  }
  return sum;
};
