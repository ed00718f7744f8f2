// JsSIP as somebody's phone.
import { find, load } from "/commonjs.mjs";

const JsSIP = load(find("jssip"));

const element = id => document.getElementById(id);
const tell = words => { element("state").textContent = words; };
const address = number => `sip:${number}@asterisk`;

let phone;
let session;
// On hold while its person asks whom it is to be handed to.
let waiting;
let video;
let ice;

const media = () => ({ mediaConstraints: { audio: true, video }, pcConfig: { iceServers: ice } });

// Both elements show what comes on the connection.
const show = connection => connection.addEventListener("track", ({ track }) => {
  const into = element(track.kind === "audio" ? "sound" : "pictures");
  into.srcObject = new MediaStream([track]);
});

const follow = ({ session: begun, originator }) => {
  session = begun;
  if (originator === "remote")
    tell(`called by ${session.remote_identity.display_name}`);
  if (session.connection)
    show(session.connection);
  else
    session.on("peerconnection", ({ peerconnection }) => show(peerconnection));
  session.on("confirmed", () => tell("in call"));
  session.on("hold", () => tell("on hold"));
  session.on("unhold", () => tell("in call"));
  for (const end of ["ended", "failed"])
    session.on(end, () => tell("ready"));
};

export const register = options => new Promise((registered, refused) => {
  video = options.video;
  ice = options.ice ?? [];
  phone = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(options.server)],
    uri: address(options.login),
    password: options.password,
  });
  phone.on("newRTCSession", follow);
  phone.on("registered", () => {
    tell("ready");
    registered();
  });
  phone.on("registrationFailed", ({ cause }) => refused(new Error(cause)));
  phone.start();
});

export const call = number => void phone.call(address(number), media());
export const answer = () => session.answer(media());
export const hold = () => void session.hold();
export const resume = () => void session.unhold();
export const transfer = number => void session.refer(address(number));
export const consult = number => new Promise(answered => {
  waiting = session;
  waiting.hold({}, () => {
    call(number);
    session.on("confirmed", answered);
  });
});
export const complete = () => void waiting.refer(session.remote_identity.uri, { replaces: session });
export const hangUp = () => session.terminate();
