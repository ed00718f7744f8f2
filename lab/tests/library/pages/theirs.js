// A `Cti` as integrators have it: topics that publish the payload only, one shared status object that is mutated, no
// queue, no reconnection, a throw when the socket is not open. Written for these stories after the described behaviour.
var Cti = {
  MessageType: {
    LINECONFIG: "LineConfig", ICECONFIG: "IceConfig", WEBRTCCMD: "WebRTCCmd", LINKSTATUSUPDATE: "LinkStatusUpdate",
    LOGGEDON: "LoggedOn", PHONEEVENT: "PhoneEvent", CURRENTCALLSPHONEEVENTS: "CurrentCallsPhoneEvents", ERROR: "Error",
  },
  debugMsg: false,
  ctiTopics: {},
  linkStatus: { status: "closed" },
  sent: [],
  setHandler(type, handler) {
    Cti.unsetHandler(type, handler);
    (Cti.ctiTopics[type] ??= []).push(handler);
  },
  unsetHandler(type, handler) {
    Cti.ctiTopics[type] = (Cti.ctiTopics[type] ?? []).filter(other => other !== handler);
  },
  publish(type, payload) {
    for (const handler of Cti.ctiTopics[type] ?? [])
      handler(payload);
  },
  receive(event) {
    const message = JSON.parse(event.data);
    Cti.publish(message.msgType, message.ctiMessage);
  },
  sendCallback(message) {
    Cti.sent.push(message);
    Cti.webSocket.send(JSON.stringify(message));
  },
  getConfig: objectType => Cti.sendCallback({ claz: "web", command: "getConfig", objectType }),
  getIceConfig: () => Cti.sendCallback({ claz: "web", command: "getIceConfig" }),
  attendedTransfer: destination => Cti.sendCallback({ claz: "web", command: "attendedTransfer", destination }),
  completeTransfer: () => Cti.sendCallback({ claz: "web", command: "completeTransfer" }),
  hangup: () => Cti.sendCallback({ claz: "web", command: "hangup" }),
  WebSocket: {
    init(url) {
      Cti.webSocket = new WebSocket(url);
      Cti.webSocket.onmessage = Cti.receive;
      Cti.webSocket.onopen = () => {
        Cti.linkStatus.status = "opened";
        Cti.publish("LinkStatusUpdate", Cti.linkStatus);
      };
    },
  },
};

// Logs in as the page's own code would; resolves with the token when the session is there.
window.their_log_in = async (user, password = user) => {
  const answer = await fetch("/xuc/api/2.0/auth/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login: user, password }),
  });
  const { token } = await answer.json();
  const loggedOn = new Promise(resolve => Cti.setHandler("LoggedOn", resolve));
  Cti.WebSocket.init(`wss://${location.host}/xuc/api/2.0/cti?token=${token}`);
  await loggedOn;
  return token;
};

// The same, and waits until calls can come; afterwards `init()` starts the phone again.
window.theirs_ready_for_calls = async (user, password) => {
  const token = await their_log_in(user, password);
  window.init = () => xc_webrtc.init("Someone", true, location.port, token, undefined, location.hostname);
  init();
  await happens("registration Registered");
};
