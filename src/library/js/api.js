// The API: `xc_webrtc`.

const topics = makeTopics(log);

// What `initByLineConfig` promised and did not keep yet.
let promised = [];

// What `getSipStackStatus` says before the program can.
let early = "NotInitialized";

// Whether the SIP token is to be asked for again before the next connection.
let tokenProvider = null;

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
    Promise.resolve(tokenProvider()).then(token => program.token(String(token)), log.error);
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
  else if (kind === "line")
    log.warn("A LineConfig came while the phone runs: it is used after a stop");
  else
    log[one](other);
};

// Has the program do something with a call, or the one that is meant; answers its answer, or `null` when it was refused.
const order = (name, sipCallId, text, on) => {
  if (!program)
    return null;
  try {
    return program.order(name, sipCallId ?? "", text == null ? "" : String(text), Boolean(on));
  } catch (reason) {
    order.refusal = String(reason);
    log.error(`${name}: ${order.refusal}`);
    return null;
  }
};

const isDone = (...words) => order(...words) !== null;

const calls = () => (program ? JSON.parse(program.calls()) : []);

const callOf = sipCallId => calls().find(call => call.sipCallId === sipCallId);

// The deprecated way to name a call: by the number in the id of its audio element.
const byNumber = (method, number) => {
  log.warn(`${method}(sessionId) is deprecated: use ${method}BySipCallId(sipCallId)`);
  const call = calls().find(call => call.id === Number(number));
  if (!call)
    log.error(`${method}: there is no call ${number}`);
  return call?.sipCallId;
};

const hold = sipCallId => {
  const inConference = !sipCallId && calls().some(call => call.inConference);
  const done = isDone("hold", sipCallId);
  if (!done && !sipCallId && calls().length > 1)
    failed(MessageType.GENERAL, General.HOLD_FAILED, order.refusal);
  return inConference ? undefined : done;
};

// A transfer that the phone does not know of may be one that the page began through its `Cti`.
const transfer = command => isDone(command) || (order.refusal === "No call is being transferred"
  && (tellCti({ claz: "web", command }), true));

const start = (name, ssl, websocketPort, token, remoteAudio, ip, line) => {
  const own = theCti() === ownCti ? ownCti : {};
  tokenProvider = typeof token === "function" ? token : null;
  const given = tokenProvider ? tokenProvider() : token ?? own.token;
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
    given.then(begin, error => failed(MessageType.GENERAL, General.FAILED, String(error?.message ?? error)));
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
    whenThere(() => program.stop());
    settle("reject", new Error("Stopped"));
  },

  setToken(token) {
    tokenProvider = null;
    whenThere(() => program.token(String(token)));
  },

  // The SIP Call-ID of the call; `undefined` when there will be none, or the program is not there yet.
  dial(destination, video) {
    if (program)
      return order("dial", "", destination, video === true) || undefined;
    whenThere(() => order("dial", "", destination, video === true));
    return undefined;
  },

  answer(sessionId, video) {
    return sessionId ? xc_webrtc.answerBySipCallId(byNumber("answer", sessionId) ?? "-", video)
      : isDone("answer", "", "", video);
  },
  answerBySipCallId: (sipCallId, video) => isDone("answer", sipCallId, "", video),
  reject: sipCallId => isDone("reject", sipCallId),
  hangup: sipCallId => isDone("hangup", sipCallId),

  hold: sessionId => hold(sessionId && (byNumber("hold", sessionId) ?? "-")),
  holdBySipCallId: hold,
  conference: () => isDone("conference"),

  attendedTransfer: (destination, sipCallId) => isDone("attendedTransfer", sipCallId, destination),
  completeTransfer: () => transfer("completeTransfer"),
  cancelTransfer: () => transfer("cancelTransfer"),
  directTransfer: (destination, sipCallId) => isDone("directTransfer", sipCallId, destination),

  // One key at a time, as text or as a number.
  dtmf(digit, sipCallId) {
    const key = String(digit);
    if (key.length !== 1 || !"0123456789*#ABCDabcd".includes(key)) {
      log.warn("dtmf takes one of 0-9 * # A-D, not:", digit);
      return false;
    }
    return isDone("dtmf", sipCallId, key);
  },

  toggleMicrophone: sipCallId => isDone("toggleMicrophone", sipCallId),
  setMicrophone: (on, sipCallId) => isDone("setMicrophone", sipCallId, "", on),
  setCamera: (on, sipCallId) => isDone("setCamera", sipCallId, "", on),
  setVideo: (on, sipCallId) => isDone("setVideo", sipCallId, "", on),

  calls,

  setHandler(topic, handler) {
    if (!isFunction(handler, log))
      return () => {};
    topics.add(topic, handler);
    let isThere = true;
    return () => {
      if (isThere)
        topics.remove(topic, handler);
      isThere = false;
    };
  },
  clearHandlers: () => topics.clear(),

  disableICE: () => whenThere(() => isDone("noIce")),
  // An array of servers; nothing gives the choice back to the CTI server.
  setIceUrls(urls) {
    whenThere(() => (urls == null ? isDone("iceOfServer") : isDone("ice", "", JSON.stringify(urls))));
  },
  getIceUrls: () => (program ? JSON.parse(program.ice()) : undefined),

  setDebug: (engineLevel, event, handler) =>
    whenThere(() => program.debug(String(engineLevel), event === true, handler === true)),
  setCustomLogger,

  setRemoteStreamHandler: setStreamHandler("remote"),
  setLocalStreamHandler: setStreamHandler("local"),
  getMediaTypeBySipCallId: sipCallId => callOf(sipCallId)?.media ?? null,
  doesSessionExists: sipCallId => callOf(sipCallId) !== undefined,
  getCurrentRTCPeerConnection: sipCallId => program?.part("connection", sipCallId) ?? null,
  getAudioContext: () => program?.context(),
  createAndGetMixedTrack,
  async getStats(sipCallId) {
    const connection = xc_webrtc.getCurrentRTCPeerConnection(sipCallId ?? calls()[0]?.sipCallId ?? "");
    if (!connection)
      throw new Error("There is no such call");
    return connection.getStats();
  },
  // Ids of `navigator.mediaDevices.enumerateDevices()`: the microphone for calls from now on, the loudspeaker at once.
  setDevices(devices) {
    if ("microphone" in devices)
      whenThere(() => program.hear_by(devices.microphone ?? null));
    if ("speaker" in devices) {
      speaker = devices.speaker ?? "";
      calls().forEach(call => setSpeaker(call.sipCallId));
    }
  },

  setDtmfByInfo: on => whenThere(() => isDone("dtmfByInfo", "", "", on)),
  setTransferByRefer: on => whenThere(() => isDone("transferByRefer", "", "", on)),

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
