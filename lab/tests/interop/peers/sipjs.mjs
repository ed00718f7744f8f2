// SIP.js as somebody's phone.
import { SessionManager } from "/npm/sip.js/lib/platform/web/index.js";

const element = id => document.getElementById(id);
const tell = words => { element("state").textContent = words; };

let phone;
let session;
// On hold while its person asks whom it is to be handed to.
let waiting;

const delegate = {
  onCallCreated: created => { session = created; },
  onCallReceived: received => {
    session = received;
    tell(`called by ${received.remoteIdentity.displayName}`);
  },
  onCallAnswered: () => tell("in call"),
  onCallHold: (_, held) => tell(held ? "on hold" : "in call"),
  onCallHangup: () => tell("ready"),
};

const address = number => `sip:${number}@asterisk`;

export const register = async ({ server, login, password, video, ice = [] }) => {
  phone = new SessionManager(server, {
    aor: address(login),
    delegate,
    media: {
      constraints: { audio: true, video },
      remote: { audio: element("sound"), video: element("pictures") },
    },
    userAgentOptions: {
      authorizationUsername: login,
      authorizationPassword: password,
      logBuiltinEnabled: false,
      sessionDescriptionHandlerFactoryOptions: { peerConnectionConfiguration: { iceServers: ice } },
    },
  });
  await phone.connect();
  await phone.register();
  tell("ready");
};

export const call = number => phone.call(address(number));
export const answer = () => phone.answer(session);
export const hold = () => phone.hold(session);
export const resume = () => phone.unhold(session);
export const transfer = number => phone.transfer(session, address(number));
export const consult = async number => {
  waiting = session;
  await phone.hold(waiting);
  await phone.call(address(number));
};
export const complete = () => phone.transfer(waiting, session);
export const hangUp = () => phone.hangup(session);
