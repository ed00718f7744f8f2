// Notes every event from the first moment on, and lets a story wait for one.
window.seen = [];
window.errors = [];
const waiters = new Set();

const note = (topic, event) => {
  window.seen.push({ topic, event, status: xc_webrtc.getSipStackStatus(), calls: xc_webrtc.calls() });
  for (const again of [...waiters])
    again();
};

for (const topic of Object.values(xc_webrtc.MessageType))
  xc_webrtc.setHandler(topic, event => note(topic, event));

window.addEventListener("error", ({ message }) => window.errors.push(message));
window.addEventListener("unhandledrejection", ({ reason }) => window.errors.push(String(reason)));
document.addEventListener("securitypolicyviolation", event =>
  window.errors.push(`${event.violatedDirective}: ${event.blockedURI}`));

const lines = () => window.seen.map(({ topic, event }) => `${topic} ${event.type}`);

// Waits until that was noted at or behind that place: `incoming Connected`; answers its place.
window.happens = (wanted, from = 0) => new Promise((found, missing) => {
  const look = () => {
    const at = lines().indexOf(wanted, from);
    if (at >= 0) {
      waiters.delete(look);
      clearTimeout(limit);
      found(at);
    }
  };
  const limit = setTimeout(() => {
    waiters.delete(look);
    missing(new Error(`${wanted}: not within 30 s. Seen: ${JSON.stringify(window.seen.map(({ topic, event }) => [topic, event]))}`
      + ` Errors: ${window.errors} Status: ${xc_webrtc.getSipStackStatus()}`));
  }, 30_000);
  waiters.add(look);
  look();
});

// Holds the only call and resumes it; answers what `hold` gave each time.
window.held_and_resumed = async direction => {
  const held = xc_webrtc.hold();
  await happens(`${direction} Hold`);
  const resumed = xc_webrtc.hold();
  await happens(`${direction} Resume`);
  return [held, resumed];
};

// From now on what is logged at that level, line by line.
window.logged = level => {
  const lines = [];
  const quiet = { log() {}, info() {}, warn() {}, error() {} };
  xc_webrtc.setCustomLogger({ ...quiet, [level]: (...words) => lines.push(words.map(String).join(" ")) });
  return lines;
};

// Logs in with our own Cti and waits until calls can come.
window.ready_for_calls = async user => {
  await Cti.login("", user, user);
  xc_webrtc.init(user);
  await happens("registration Registered");
};
