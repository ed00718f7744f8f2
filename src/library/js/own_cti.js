// The `Cti` of pages that bring none: log-in, a link that comes back by itself, messages by type, commands by name.

const ctiTopics = makeTopics(log);

// On the wire; the constant is the same in capitals.
const MESSAGES = "Error LoggedOn LoggedOnError UserConfigUpdate LineConfig IceConfig PhoneEvent "
  + "CurrentCallsPhoneEvents PhoneStatusUpdate PhoneHintStatusEvent LinkStatusUpdate WebRTCCmd VoiceMailStatusUpdate "
  + "AgentError ConferenceEvent ConferenceParticipantEvent ConferenceCommandError RightProfile UserPreference "
  + "CtiStatuses UserStatusUpdate Sheet CallHistory RichCallHistory CallHistoryByDays DirectoryResult ContactSheet "
  + "Favorites FavoriteUpdated FavoriteContactSheet UserDisplayName DialByUsername AuthenticationToken FlashTextEvent "
  + "MeetingRoomInvite QueueStatistics GetQueueStatistics QueueConfig QueueList QueueMember QueueMemberList QueueCalls "
  + "AgentConfig AgentDirectory AgentList AgentListen AgentStatistics AgentGroupList AgentStateEvent";

// Where the constant is called otherwise.
const OTHERWISE = {
  CONFERENCES: "ConferenceList",
  CUSTOMERCALLHISTORY: "CustomerCallHistoryResponseWithId",
  MEETINGROOMACK: "MeetingRoomInviteAck",
  MEETINGROOMRESPONSE: "MeetingRoomInviteResponse",
  USERSTATUSES: "UsersStatuses",
  VIDEOEVENT: "VideoStatusEvent",
};

const CtiMessageType = { ...Object.fromEntries(MESSAGES.split(" ").map(type => [type.toUpperCase(), type])), ...OTHERWISE };

// Methods and the names of their arguments, which are the keys on the wire. The command is called like the method,
// unless it stands before a colon.
const COMMANDS = {
  dial: "destination variables",
  dialFromMobile: "destination variables",
  dialByUsername: "username variables",
  originate: "destination",
  hangup: "uniqueId",
  answer: "uniqueId",
  hold: "uniqueId",
  toggleMicrophone: "uniqueId",
  sendDtmf: "key",
  directTransfer: "destination",
  attendedTransfer: "destination device",
  completeTransfer: "",
  cancelTransfer: "",
  conference: "",
  setData: "variables",
  getCurrentCallsPhoneEvents: "",
  toggleUniqueAccountDevice: "deviceType",
  unregisterMobileApp: "",
  getConfig: "objectType",
  getIceConfig: "",
  getList: "objectType",
  dnd: "state",
  naFwd: "destination state",
  uncFwd: "destination state",
  busyFwd: "destination state",
  changeUserStatus: "userStatusUpdate: status",
  displayNameLookup: "username",
  setUserPreference: "key value value_type",
  subscribeToPhoneHints: "phoneNumbers",
  unsubscribeFromAllPhoneHints: "",
  searchContacts: "term",
  getFavoriteContacts: "",
  getUserCallHistory: "size",
  getUserCallHistoryByDays: "days",
};

// What the methods send: absent arguments are left out, as the documented commands want it.
const factory = {};
const commands = {};
for (const [method, description] of Object.entries(COMMANDS)) {
  const [names, command = method] = description.split(": ").reverse();
  const create = (...values) => {
    const message = { claz: "web", command };
    names.split(" ").forEach((name, index) => {
      if (name && values[index] != null && values[index] !== "")
        message[name] = values[index];
    });
    return message;
  };
  factory[`create${method[0].toUpperCase()}${method.slice(1)}`] = create;
  commands[method] = (...values) => ownCti.sendCallback(create(...values));
}

// Those who wait for the log-in to succeed or fail.
let loggingIn = null;

// How the link stands, told anew each time: handlers keep what they are given.
const linkStatus = (status, reason) =>
  ctiTopics.publish("LinkStatusUpdate", () => (reason ? { status, reason } : { status }));

// What the program says of the link.
const linkWords = {
  opened: () => linkStatus("opened"),
  // It is opened again by itself.
  closed: reason => linkStatus("closed", reason),
  token(token) {
    ownCti.token = token;
    program.token(token);
  },
  loggedOn(login) {
    ownCti.username = login;
    loggingIn?.resolve({ login, token: ownCti.token });
    loggingIn = null;
  },
  failed(reason) {
    // It stays closed: a token that is kept means that the link comes back.
    ownCti.token = "";
    linkStatus("closed", reason);
    loggingIn?.reject(new Error(reason));
    loggingIn = null;
  },
  message: text => ownCti.receive({ data: text }),
  dropped: text => log.warn(`Cti: ${text}`),
};

// Begins by `act`, which answers whether the address can be read; the promise tells how it ended.
const openLink = (server, act) => {
  const { origin, protocol, hostname, port } = addressOf(server);
  ownCti.place = { ssl: protocol === "https:", ip: hostname, port };
  const opened = new Promise((resolve, reject) => {
    loggingIn?.reject(new Error("Another log-in has begun"));
    loggingIn = { resolve, reject };
    whenThere(() => {
      if (!act(origin))
        linkWords.failed("The server's address cannot be read");
    });
  });
  // Who does not wait for it hears by `LinkStatusUpdate`.
  opened.catch(() => {});
  return opened;
};

// `host[:port]`, an address, or nothing for the server of the page.
const addressOf = server => {
  const text = String(server ?? "").trim();
  const whole = text.includes("://") ? text.replace(/^ws/, "http") : `${location.protocol}//${text || location.host}`;
  try {
    return new URL(whole);
  } catch {
    return { origin: text };
  }
};

const ownCti = {
  MessageType: CtiMessageType,
  PhoneStatus: {
    AVAILABLE: 0, CALLING: 1, BUSY: 2, INDISPONIBLE: 4, RINGING: 8, BUSY_AND_RINGING: 9, ONHOLD: 16,
    DEACTIVATED: -1, UNEXISTING: -2, ERROR: -99,
  },
  PhoneStatusColors: {
    0: "#01DF01", 1: "#FF8000", 2: "#81BEF7", 4: "#F2F2F2", 8: "#2E2EFE", 9: "#CC2EFA", 16: "#F7FE2E",
    "-1": "#F2F2F2", "-2": "#F2F2F2", "-99": "#F2F2F2",
  },
  WebsocketMessageFactory: factory,
  ...commands,
  debugMsg: false,
  debugHandler: false,
  username: "",
  agentNumber: "",
  token: "",

  // Logs in by password; resolves with `{login, token}` when commands can be sent. `client`: `{softwareType,
  // applicationType}`, what the page says it is.
  login: (server, user, password, client) => openLink(server, origin => program.log_in(
    origin, String(user), String(password), String(client?.softwareType ?? ""), String(client?.applicationType ?? ""),
  )),

  WebSocket: {
    // Opens the link by a token that the page has: `wss://HOST/xuc/api/2.0/cti?token=TOKEN`.
    init(url, username, phoneNumber) {
      ownCti.username = username ?? "";
      ownCti.agentNumber = phoneNumber ?? "";
      const token = addressOf(url).searchParams?.get("token") ?? "";
      return openLink(url, origin => program.open(origin, ownCti.username, token));
    },
  },

  close: () => whenThere(() => {
    ownCti.token = "";
    program.close();
  }),

  setHandler(type, handler) {
    if (!isFunction(handler, log))
      return;
    ctiTopics.remove(type, handler);
    ctiTopics.add(type, handler);
    if (ownCti.debugHandler)
      log.info(`Cti: a handler of "${type}"`);
  },
  unsetHandler: (type, handler) => ctiTopics.remove(type, handler),
  clearHandlers: () => ctiTopics.clear(),
  Topic: type => ({
    publish: payload => ctiTopics.publish(type, () => payload),
    subscribe: handler => ctiTopics.add(type, handler),
    unsubscribe: handler => ctiTopics.remove(type, handler),
  }),

  // Takes one frame; what is no message is left alone, the echo of a ping for one.
  receive({ data }) {
    let message = null;
    try {
      message = JSON.parse(data);
    } catch {
      log.warn("Cti: a frame is not JSON");
    }
    if (typeof message?.msgType !== "string")
      return;
    if (ownCti.debugMsg)
      log.info(`RS<<< ${masked(message)}`);
    ctiTopics.publish(message.msgType, () => JSON.parse(data).ctiMessage);
  },

  // Sends one message; `false` when the link is not up: a command that waited would act on other calls.
  sendCallback(message) {
    const text = JSON.stringify(message);
    const sent = program?.send(text) ?? false;
    if (!sent)
      log.warn(`Cti: "${message?.command}" was not sent, the link is not up`);
    else if (ownCti.debugMsg)
      log.info(`S>>> ${masked(message)}`);
    return sent;
  },
};
ownCti.webSocket = { close: ownCti.close };
