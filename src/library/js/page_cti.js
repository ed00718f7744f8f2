// The page's `Cti`, whatever generation: messages come by its handlers, commands go by its methods.

// What a test put in its place.
let injectedCti = null;

// Pages may load theirs before this script or after it, so it is looked for when it is needed.
const theCti = () => injectedCti ?? (typeof Cti === "undefined" ? ownCti : Cti);

// What the phone listens to. Each page has its own `MessageType`; the names on the wire are the same in all.
const HEARD = ["LineConfig", "IceConfig", "WebRTCCmd", "PhoneEvent", "CurrentCallsPhoneEvents", "Error"];

// One handler for each type and for the life of the page: a `Cti` that is given the same function again keeps it once.
const ctiHandlers = HEARD.map(type => {
  // Some buses keep a function twice after all, and call it twice in a row.
  let last = null;
  return payload => {
    const text = JSON.stringify(payload ?? null);
    if (text === last)
      return;
    last = text;
    queueMicrotask(() => { last = null; });
    whenThere(() => program.message(type, text));
  };
});

const listenToCti = () => {
  const cti = theCti();
  HEARD.forEach((type, index) => {
    cti.setHandler(cti.MessageType?.[type.toUpperCase()] ?? type, ctiHandlers[index]);
  });
};

// Sends a command by the method that is called like it, else as it is.
const tellCti = command => {
  const cti = theCti();
  try {
    if (typeof cti[command.command] === "function")
      cti[command.command](command.objectType ?? command.destination);
    else
      cti.sendCallback(command);
  } catch (error) {
    log.error(`Cti could not send "${command.command}":`, error);
  }
};
