// What pages want to hear of the sound of calls: streams, mixed tracks, the loudspeaker.

// Remote and local handlers: `{handler, sipCallId, given}`.
const streamHandlers = { remote: [], local: [] };
let speaker = null;

const giveStream = (side, entry) => {
  const stream = program?.part(side, String(entry.sipCallId)) ?? null;
  if (!stream)
    return;
  try {
    entry.handler(stream);
  } catch (error) {
    log.error("A handler of streams has thrown:", error);
  }
};

const giveStreams = (side, sipCallId) => {
  for (const entry of streamHandlers[side].filter(entry => entry.sipCallId === sipCallId))
    giveStream(side, entry);
};

const setStreamHandler = side => (handler, sipCallId) => {
  const entry = { handler, sipCallId };
  const remove = () => {
    streamHandlers[side] = streamHandlers[side].filter(other => other !== entry);
    return handler;
  };
  if (!isFunction(handler, log))
    return remove;
  streamHandlers[side].push(entry);
  giveStream(side, entry);
  return remove;
};

// When a stream comes, and when nothing more will.
const soundOf = ({ type, sipCallId }) => {
  if (type === "RemoteMediaAdded") {
    giveStreams("remote", sipCallId);
    if (speaker)
      setSpeaker(sipCallId);
  }
  if (["Establishing", "AutoAnswered", "Connected", "Resume"].includes(type))
    giveStreams("local", sipCallId);
  if (type === "Terminated" || type === "Failed") {
    for (const side of ["remote", "local"])
      streamHandlers[side] = streamHandlers[side].filter(entry => entry.sipCallId !== sipCallId);
  }
};

const setSpeaker = sipCallId => {
  const element = program.part("element", sipCallId);
  element?.setSinkId?.(speaker).catch(error => log.warn("The loudspeaker cannot be used:", error));
};

// One call's own voice and another's, in one stream. Calls are named by their SIP Call-IDs, or given as `calls()` has
// them.
const createAndGetMixedTrack = (baseCall, otherCall) => {
  const context = program?.context();
  const id = call => call?.sipCallId ?? call;
  const streams = [program?.part("local", String(id(baseCall))), program?.part("remote", String(id(otherCall)))];
  if (!context || !streams.every(Boolean))
    return undefined;
  const mixed = context.createMediaStreamDestination();
  for (const stream of streams)
    context.createMediaStreamSource(stream).connect(mixed);
  return mixed.stream;
};
