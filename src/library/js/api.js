// The API: `xc_webrtc`.

const topics = makeTopics(log);

// Handlers of what is no event: `calls` as they are now, and `sip` messages.
const watchers = makeTopics(log);

// What `setDebug` chose of the level, events and handlers; the program takes it together with whether anybody wants to see
// SIP messages. Handlers are told of here.
let debugging = ["error", false, false];
const tellDebugging = () => whenThere(() => program.debug(debugging[0], debugging[1], !watchers.isEmpty("sip")));

// What `initByLineConfig` promised and did not keep yet.
let promised = [];

// What `getSipStackStatus` says before the program can.
let early = "NotInitialized";

// What fetches the SIP token anew before the next connection, where the page gave that.
let tokenProvider = null;

// What it throws, it promises not to keep.
const askForToken = async () => String(await tokenProvider());

// How often it was started and stopped: a token that comes after that is for nobody.
let turns = 0;

const settle = (outcome, value) => {
  const all = promised;
  promised = [];
  for (const one of all)
    one[outcome](value);
};

const publish = (topic, text) => {
  const event = JSON.parse(text);
  topics.publish(topic, () => JSON.parse(text));
  if (topic === MessageType.GENERAL) {
    if (event.type === General.STARTED)
      settle("resolve");
    if (event.type === General.FAILED)
      settle("reject", new Error(event.data.reason));
  }
  if (event.type === Registration.UNREGISTERED && tokenProvider)
    askForToken().then(token => program.token(token), log.error);
  if (event.sipCallId)
    soundOf(event);
};

const failed = (topic, type, reason) => publish(topic, JSON.stringify({ type, data: { reason } }));

// What the program says.
const heard = (kind, one, other) => {
  if (kind === "event")
    publish(one, other);
  else if (kind === "cti")
    tellCti(JSON.parse(one));
  else if (kind === "link")
    linkWords[one](other);
  else if (kind === "changed")
    tellCalls();
  else if (kind === "sip")
    watchers.publish("sip", () => ({ sent: one === "sent", text: other }));
  else if (kind === "line")
    log.warn("A LineConfig came while the phone runs: it is used after a stop");
  else
    log[one](other);
};

// Has the program do something with a call, or with the one that is meant; answers what the method answers.
const order = (name, sipCallId, text, on) =>
  (program ? program.order(name, String(sipCallId ?? ""), String(text ?? ""), Boolean(on)) : false);

// The deprecated way to name a call: by the number in the id of its audio element.
const numbered = sessionId => (sessionId ? `#${sessionId}` : "");

const calls = () => (program ? JSON.parse(program.calls()) : []);

// The calls, as handlers of `calls` were told last.
let told = "[]";
const tellCalls = () => {
  const text = program && !watchers.isEmpty("calls") ? program.calls() : told;
  if (text === told)
    return;
  told = text;
  watchers.publish("calls", () => JSON.parse(text));
};

const callOf = sipCallId => calls().find(call => call.sipCallId === sipCallId);

const start = (name, ssl, websocketPort, token, remoteAudio, ip, line) => {
  const own = theCti() === ownCti ? ownCti : {};
  const turn = turns += 1;
  tokenProvider = typeof token === "function" ? token : null;
  const given = tokenProvider ? askForToken() : token ?? own.token;
  const begin = text => whenThere(() => {
    listenToCti();
    const place = {
      name: String(name ?? ""),
      secure: Boolean(ssl ?? own.place?.ssl),
      host: String(ip || own.place?.ip || ""),
      port: String(websocketPort ?? own.place?.port ?? ""),
      token: String(text ?? own.token ?? ""),
      program: `XiVO XC WebRTC ${globalThis.appVersion ?? "Unknown version"}`,
      root: String(remoteAudio ?? AUDIO_ROOT),
    };
    program.init(JSON.stringify(place), line);
  });
  if (typeof given?.then === "function")
    given.then(text => turn === turns && begin(text),
      error => failed(MessageType.GENERAL, General.FAILED, String(error?.message ?? error)));
  else
    begin(given);
};

const getSipStackStatus = () => (program ? program.status() : early);

const xc_webrtc = {
  version: VERSION,
  MessageType,
  General,
  Registration,
  Incoming,
  Outgoing,
  mediaType,

  // Resolves when the program is there; rejects when it cannot be loaded.
  ready: undefined,

  init(name, ssl, websocketPort, token, remoteAudio, ip) {
    start(name, ssl, websocketPort, token, remoteAudio, ip, undefined);
  },

  initByLineConfig(lineCfg, name, ssl, websocketPort, token, remoteAudio, ip) {
    if (getSipStackStatus() === "Started") {
      listenToCti();
      return Promise.resolve("The phone is started already: skipped");
    }
    const started = new Promise((resolve, reject) => promised.push({ resolve, reject }));
    // Who does not wait for it hears by the event.
    started.catch(() => {});
    if (!program)
      early = "Initializing";
    start(name, ssl, websocketPort, token, remoteAudio, ip, JSON.stringify(lineCfg ?? null));
    return started;
  },

  getSipStackStatus,

  stop() {
    early = "Stopped";
    turns += 1;
    whenThere(() => program.stop());
    settle("reject", new Error("Stopped"));
  },

  setToken(token) {
    tokenProvider = null;
    whenThere(() => program.token(String(token)));
  },

  // The SIP Call-ID of the call; `undefined` when there will be none, or the program is not there yet.
  dial(destination, video) {
    const dial = () => order("dial", "", destination, video === true);
    return program ? dial() : whenThere(dial);
  },

  answer: (sessionId, video) => order("answer", numbered(sessionId), "", video),
  answerBySipCallId: (sipCallId, video) => order("answer", sipCallId, "", video),
  reject: sipCallId => order("reject", sipCallId),
  hangup: sipCallId => order("hangup", sipCallId),

  hold: sessionId => order("hold", numbered(sessionId)),
  holdBySipCallId: sipCallId => order("hold", sipCallId),
  // One that is so already stays so.
  setHold: (on, sipCallId) => order("setHold", sipCallId, "", on),
  conference: () => order("conference"),

  attendedTransfer: (destination, sipCallId) => order("attendedTransfer", sipCallId, destination),
  completeTransfer: () => order("completeTransfer"),
  cancelTransfer: () => order("cancelTransfer"),
  directTransfer: (destination, sipCallId) => order("directTransfer", sipCallId, destination),

  // One key at a time, as text or as a number.
  dtmf: (digit, sipCallId) => order("dtmf", sipCallId, digit),

  toggleMicrophone: sipCallId => order("toggleMicrophone", sipCallId),
  setMicrophone: (on, sipCallId) => order("setMicrophone", sipCallId, "", on),
  setCamera: (on, sipCallId) => order("setCamera", sipCallId, "", on),
  setVideo: (on, sipCallId) => order("setVideo", sipCallId, "", on),

  calls,

  setHandler(topic, handler) {
    if (debugging[2])
      log.info(`xc_webrtc: a handler of "${topic}"`);
    return subscribe(topics, log, topic, handler);
  },
  // What `calls()` answers, each time that something in it has changed.
  setCallsHandler: handler => subscribe(watchers, log, "calls", handler),
  // SIP messages, `{sent, text}`, without passwords, tokens and keys.
  setSipHandler: handler => subscribe(watchers, log, "sip", handler, tellDebugging),
  clearHandlers() {
    topics.clear();
    watchers.clear();
    tellDebugging();
  },

  disableICE: () => whenThere(() => order("noIce")),
  // An array of servers; nothing gives the choice back to the CTI server.
  setIceUrls(urls) {
    whenThere(() => (urls == null ? order("iceOfServer") : order("ice", "", JSON.stringify(urls))));
  },
  getIceUrls: () => (program ? JSON.parse(program.ice()) : undefined),

  setDebug(engineLevel, event, handler) {
    debugging = [String(engineLevel), event === true, handler === true];
    tellDebugging();
  },
  setCustomLogger,

  setRemoteStreamHandler: setStreamHandler("remote"),
  setLocalStreamHandler: setStreamHandler("local"),
  getMediaTypeBySipCallId: sipCallId => callOf(sipCallId)?.media ?? null,
  doesSessionExists: sipCallId => callOf(sipCallId) !== undefined,
  getCurrentRTCPeerConnection: sipCallId => program?.part("connection", String(sipCallId)) ?? null,
  getAudioContext: () => program?.context(),
  createAndGetMixedTrack,
  async getStats(sipCallId) {
    const meant = sipCallId ?? (calls().find(({ hold }) => hold === "active") ?? calls()[0])?.sipCallId;
    const connection = xc_webrtc.getCurrentRTCPeerConnection(meant);
    if (!connection)
      throw new Error("There is no such call");
    return connection.getStats();
  },
  // Ids of `navigator.mediaDevices.enumerateDevices()`: the camera for what is opened from now on, microphone and
  // loudspeaker at once. A microphone that is not there gives way to another, and is used again when it is back.
  setDevices(devices) {
    if ("microphone" in devices)
      whenThere(() => program.hear_by(devices.microphone ?? null));
    if ("camera" in devices)
      whenThere(() => program.see_by(devices.camera ?? null));
    if ("speaker" in devices) {
      speaker = devices.speaker ?? "";
      calls().forEach(call => setSpeaker(call.sipCallId));
    }
  },

  // In the elements `video-local` and `video-remote` that the page has now: for pages that draw them anew.
  showPictures: () => whenThere(() => program.show_pictures()),

  setDtmfByInfo: on => whenThere(() => order("dtmfByInfo", "", "", on)),
  setTransferByRefer: on => whenThere(() => order("transferByRefer", "", "", on)),

  replaceUnderscores: text => (typeof text === "string" ? text.replaceAll("_", "-") : text),
  getRegisterTimeoutStep: () => REGISTER_TIMEOUT_STEP,
  // For tests of pages: another `Cti`. The second argument was another SIP engine; there is none to replace.
  injectTestDependencies(cti) {
    injectedCti = cti ?? null;
    early = "NotInitialized";
    whenThere(() => program.reset());
  },
};

// Until the page's other scripts have run, and with them those that set handlers.
const pageIsRead = () => document.readyState === "loading"
  && new Promise(read => document.addEventListener("DOMContentLoaded", read, { once: true }));

xc_webrtc.ready = load(BASE, heard);
xc_webrtc.ready.catch(async error => {
  early = "NotInitialized";
  await pageIsRead();
  failed(MessageType.GENERAL, General.FAILED, `The library could not be loaded: ${error?.message ?? error}`);
});
