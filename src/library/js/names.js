// The names of the API: exact texts that pages compare with.

const MessageType = { GENERAL: "general", OUTGOING: "outgoing", INCOMING: "incoming", REGISTRATION: "registration" };

const General = { STARTED: "Started", FAILED: "Failed", HOLD_FAILED: "HoldFailed" };

const Registration = { REGISTERED: "Registered", UNREGISTERED: "Unregistered" };

// What can happen to any call that was answered.
const InCall = {
  CONNECTED: "Connected",
  TERMINATED: "Terminated",
  HOLD: "Hold",
  RESUME: "Resume",
  HOLD_FAILED: "HoldFailed",
  RESUME_FAILED: "ResumeFailed",
  REMOTE_HOLD: "RemoteHold",
  REMOTE_RESUME: "RemoteResume",
  CONFERENCE_STARTED: "ConferenceStarted",
  CONFERENCE_ENDED: "ConferenceEnded",
  VIDEO_FAILED: "VideoFailed",
  DTMF_FAILED: "DtmfFailed",
  TRANSFER_FAILED: "TransferFailed",
};

const Incoming = {
  SETUP: "Setup",
  RINGING: "Ringing",
  REMOTE_MEDIA_ADDED: "RemoteMediaAdded",
  AUTO_ANSWERED: "AutoAnswered",
  ...InCall,
};

const Outgoing = { ESTABLISHING: "Establishing", RINGING: "Ringing", FAILED: "Failed", ...InCall };

const mediaType = { AUDIO: "audio", AUDIOVIDEO: "audio/video" };

// Seconds by which the wait for the next registration grows.
const REGISTER_TIMEOUT_STEP = 20;

const AUDIO_ROOT = "audio_remote";
