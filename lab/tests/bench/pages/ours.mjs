// Our own phone, in a page that has a `Cti` of its own: as with the others, no CTI server takes part.
const topics = new Map();
const handlers = type => topics.get(type) ?? [];

let servers = [];

globalThis.Cti = {
  MessageType: {},
  setHandler: (type, handler) => topics.set(type, [...handlers(type), handler]),
  unsetHandler: (type, handler) => topics.set(type, handlers(type).filter(other => other !== handler)),
  sendCallback() {},
  getIceConfig() {
    const [stunConfig] = servers;
    for (const handler of handlers("IceConfig"))
      handler({ stunConfig });
  },
};

const { default: xc_webrtc } = await import("/lib/xc_webrtc.mjs");

const tell = words => { document.getElementById("state").textContent = words; };

// What the page shows of a call that goes either way.
const follow = ({ type }) => {
  if (type === "Connected")
    tell("in call");
  if (type === "Terminated" || type === "Failed")
    tell("ready");
};

export const register = async ({ server, login, password, ice = [] }) => {
  servers = ice;
  const { hostname, port } = new URL(server);
  const line = { id: "1", name: login, password, xivoIp: "asterisk", sipPort: 0 };
  xc_webrtc.setHandler(xc_webrtc.MessageType.OUTGOING, follow);
  xc_webrtc.setHandler(xc_webrtc.MessageType.INCOMING, event => {
    if (event.type === "Setup")
      tell(`called by ${event.data.caller}`);
    follow(event);
  });
  const registered = new Promise((there, refused) => {
    xc_webrtc.setHandler(xc_webrtc.MessageType.REGISTRATION, ({ type, data }) => {
      if (type === "Registered")
        there();
      else if (type === "Unregistered")
        refused(new Error(data?.reason));
    });
  });
  await xc_webrtc.initByLineConfig(line, login, false, Number(port), undefined, "sound", hostname);
  await registered;
  tell("ready");
};

export const call = number => void xc_webrtc.dial(number);
export const answer = () => void xc_webrtc.answer();
export const hangUp = () => void xc_webrtc.hangup();
