// Types of xc_webrtc.js and xc_webrtc.mjs. A misspelt topic or event name does not compile.

/** The four groups of events. */
export type Topic = "general" | "registration" | "incoming" | "outgoing";

type Reason = { reason: string };
type Caller = { caller: string };
type Callee = { callee: string };

/** An event with data, of no call. */
interface Plain<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
  readonly sipCallId?: undefined;
}

/** An event of a call. */
interface OfCall<Type extends string> {
  readonly type: Type;
  readonly sipCallId: string;
  readonly data?: undefined;
}

/** An event of a call with data. */
interface OfCallWith<Type extends string, Data> {
  readonly type: Type;
  readonly sipCallId: string;
  readonly data: Data;
}

export type GeneralEvent =
  | { readonly type: "Started"; readonly data?: undefined; readonly sipCallId?: undefined }
  | Plain<"Failed" | "HoldFailed", Reason>;

export type RegistrationEvent =
  | { readonly type: "Registered"; readonly data?: undefined; readonly sipCallId?: undefined }
  | Plain<"Unregistered", Reason>;

type InCallEvent =
  | OfCall<"Hold" | "Resume" | "RemoteHold" | "RemoteResume" | "ConferenceStarted" | "ConferenceEnded">
  | OfCallWith<
    "Terminated" | "HoldFailed" | "ResumeFailed" | "VideoFailed" | "DtmfFailed" | "TransferFailed", Reason>;

/** `RemoteMediaAdded` comes here for calls of both directions. */
export type IncomingEvent =
  | OfCallWith<"Setup" | "Ringing" | "Connected" | "AutoAnswered", Caller>
  | OfCall<"RemoteMediaAdded">
  | InCallEvent;

export type OutgoingEvent =
  | OfCall<"Establishing">
  | OfCallWith<"Ringing" | "Connected", Callee>
  /** Without a `sipCallId` where the call was refused before it got one. */
  | { readonly type: "Failed"; readonly data: Reason; readonly sipCallId?: string }
  | InCallEvent;

/** What a handler of each topic receives. */
export interface EventOf {
  general: GeneralEvent;
  registration: RegistrationEvent;
  incoming: IncomingEvent;
  outgoing: OutgoingEvent;
}

/** The payload of the CTI message `LineConfig`. */
export interface LineConfig {
  id?: string | number;
  name?: string;
  password?: string;
  xivoIp?: string;
  sipProxyName?: string;
  sipPort?: string | number;
  webRtc?: boolean;
  hasDevice?: boolean;
  [key: string]: unknown;
}

/** A STUN or TURN server; the older `url` is taken too. */
export type IceServer =
  | { urls: string | string[]; username?: string; credential?: string }
  | { url: string; username?: string; credential?: string };

export type SipStackStatus =
  | "NotInitialized" | "Initializing" | "WaitingForSip" | "WaitingForIce" | "Starting" | "Started" | "Stopped";

export type MediaType = "audio" | "audio/video";

/** Somebody, as the other side or a server named them. */
export interface Party {
  readonly number: string;
  readonly name: string | null;
}

/** A call that is going on. */
export interface Call {
  /** The number in the id of its audio element. */
  readonly id: number;
  readonly sipCallId: string;
  readonly direction: "incoming" | "outgoing";
  readonly state: "preparing" | "calling" | "ringing" | "offered" | "answering" | "connected";
  /** Milliseconds since 1970; `null` before it is answered. */
  readonly connectedAt: number | null;
  readonly party: Party;
  /** Who sent the call on to here. */
  readonly forwardedBy: Party | null;
  readonly queue: string | null;
  /** What the CTI server attached (`USR_…`), without the prefix. */
  readonly attached: Readonly<Record<string, string>>;
  readonly media: MediaType;
  /** The other side wants to see us, or to be seen, and nobody has said yes or no yet. */
  readonly videoOffered: boolean;
  readonly videoSending: boolean;
  readonly videoReceiving: boolean;
  readonly muted: boolean;
  readonly hold: "active" | "holding" | "held" | "resuming";
  readonly heldByPeer: boolean;
  /** Why one of the two may not be heard, found out within five seconds; `null`: all is well. */
  readonly trouble: "noMicrophone" | "nothingComes" | "nothingGoes" | "silentHere" | "silentThere" | null;
  readonly inConference: boolean;
  readonly transferring: boolean;
  /** To whom it is being handed over, and how far that is. */
  readonly transfer: {
    readonly destination: string;
    readonly step: "holding" | "consulting" | "completing" | "referring";
  } | null;
  /** The `id` of the call whose transfer it is the consultation of. */
  readonly consultsFor: number | null;
}

/** A SIP message, without passwords, tokens and keys. */
export interface SipMessage {
  /** It went; else it came. */
  readonly sent: boolean;
  readonly text: string;
}

export interface Logger {
  log(...words: unknown[]): void;
  info(...words: unknown[]): void;
  warn(...words: unknown[]): void;
  error(...words: unknown[]): void;
}

/** A CTI token, or what fetches a new one for every connection. */
export type Token = string | (() => string | Promise<string>);

interface InCallNames {
  readonly CONNECTED: "Connected";
  readonly TERMINATED: "Terminated";
  readonly HOLD: "Hold";
  readonly RESUME: "Resume";
  readonly HOLD_FAILED: "HoldFailed";
  readonly RESUME_FAILED: "ResumeFailed";
  readonly REMOTE_HOLD: "RemoteHold";
  readonly REMOTE_RESUME: "RemoteResume";
  readonly CONFERENCE_STARTED: "ConferenceStarted";
  readonly CONFERENCE_ENDED: "ConferenceEnded";
  readonly VIDEO_FAILED: "VideoFailed";
  readonly DTMF_FAILED: "DtmfFailed";
  readonly TRANSFER_FAILED: "TransferFailed";
}

export interface XcWebrtc {
  readonly version: string;
  /** Resolves when the program is loaded; nothing needs to wait for it. */
  readonly ready: Promise<void>;

  readonly MessageType: {
    readonly GENERAL: "general";
    readonly OUTGOING: "outgoing";
    readonly INCOMING: "incoming";
    readonly REGISTRATION: "registration";
  };
  readonly General: { readonly STARTED: "Started"; readonly FAILED: "Failed"; readonly HOLD_FAILED: "HoldFailed" };
  readonly Registration: { readonly REGISTERED: "Registered"; readonly UNREGISTERED: "Unregistered" };
  readonly Incoming: InCallNames & {
    readonly SETUP: "Setup";
    readonly RINGING: "Ringing";
    readonly REMOTE_MEDIA_ADDED: "RemoteMediaAdded";
    readonly AUTO_ANSWERED: "AutoAnswered";
  };
  readonly Outgoing: InCallNames & {
    readonly ESTABLISHING: "Establishing";
    readonly RINGING: "Ringing";
    readonly FAILED: "Failed";
  };
  readonly mediaType: { readonly AUDIO: "audio"; readonly AUDIOVIDEO: "audio/video" };

  /** Asks the CTI server for the line and starts the phone when it comes. With our own `Cti` the name is enough.
   * `ip` may be several hosts with commas between them: the next one is taken when one is not reached. */
  init(
    name: string, ssl?: boolean, websocketPort?: number | string, token?: Token, remoteAudio?: string, ip?: string,
  ): void;
  /** Starts the phone for that line; resolves when it is started, rejects when it cannot be. */
  initByLineConfig(
    lineCfg: LineConfig, name: string, ssl?: boolean, websocketPort?: number | string, token?: Token,
    remoteAudio?: string, ip?: string,
  ): Promise<string | void>;
  getSipStackStatus(): SipStackStatus;
  /** Ends the calls and the registration. */
  stop(): void;
  setToken(token: string): void;

  /** The SIP Call-ID of the call; `undefined` when it was refused, or the program is not loaded yet. */
  dial(destination: string | number, video?: boolean): string | undefined;
  /** @param sessionId deprecated: use {@link answerBySipCallId} */
  answer(sessionId?: number | string | null, video?: boolean): boolean;
  answerBySipCallId(sipCallId?: string, video?: boolean): boolean;
  reject(sipCallId?: string): boolean;
  hangup(sipCallId?: string): boolean;
  /** `undefined` in a conference. @param sessionId deprecated: use {@link holdBySipCallId} */
  hold(sessionId?: number | string | null): boolean | undefined;
  holdBySipCallId(sipCallId?: string): boolean | undefined;
  /** Puts a call on hold or resumes it; one that is so already stays so. */
  setHold(on: boolean, sipCallId: string): boolean;
  /** Joins two answered calls, holds or resumes the conference that there is; answers whether it could. */
  conference(): boolean;
  attendedTransfer(destination: string, sipCallId?: string): boolean;
  completeTransfer(): boolean;
  cancelTransfer(): boolean;
  directTransfer(destination: string, sipCallId?: string): boolean;
  dtmf(digit: string | number, sipCallId?: string): boolean;
  toggleMicrophone(sipCallId?: string): boolean;
  setMicrophone(on: boolean, sipCallId?: string): boolean;
  setCamera(on: boolean, sipCallId?: string): boolean;
  setVideo(on: boolean, sipCallId?: string): boolean;
  calls(): Call[];

  /** The answer takes the handler away again. */
  setHandler<T extends Topic>(topic: T, handler: (event: EventOf[T]) => void): () => void;
  /** Told what `calls()` answers, each time that something in it has changed. The answer takes the handler away again. */
  setCallsHandler(handler: (calls: Call[]) => void): () => void;
  /** Told the SIP messages that go and come. The answer takes the handler away again. */
  setSipHandler(handler: (message: SipMessage) => void): () => void;
  clearHandlers(): void;

  disableICE(): void;
  /** Without servers the choice goes back to the CTI server. */
  setIceUrls(urls?: IceServer[] | null): void;
  getIceUrls(): IceServer[] | undefined;

  setDebug(engineLevel: "info" | "warn" | "error" | "fatal", event?: boolean, handler?: boolean): void;
  setCustomLogger(logger: Logger): void;

  setRemoteStreamHandler(handler: (stream: MediaStream) => void, sipCallId: string): () => unknown;
  setLocalStreamHandler(handler: (stream: MediaStream) => void, sipCallId: string): () => unknown;
  getMediaTypeBySipCallId(sipCallId: string): MediaType | null;
  doesSessionExists(sipCallId: string): boolean;
  getCurrentRTCPeerConnection(sipCallId: string): RTCPeerConnection | null;
  getAudioContext(): AudioContext | undefined;
  createAndGetMixedTrack(baseCall: Call | string, otherCall: Call | string): MediaStream | undefined;
  getStats(sipCallId?: string): Promise<RTCStatsReport>;
  /**
   * Ids of `enumerateDevices()`; `null` gives the choice back to the browser. A microphone or camera that is not there gives way to
   * another, the microphone until it is back; instead of a loudspeaker that is not there the former one stays.
   */
  setDevices(devices: { microphone?: string | null; camera?: string | null; speaker?: string | null }): void;
  /** Shows the pictures of calls in the elements `video-local` and `video-remote` that the page has now. */
  showPictures(): void;
  setDtmfByInfo(on: boolean): void;
  setTransferByRefer(on: boolean): void;

  replaceUnderscores<T>(text: T): T;
  getRegisterTimeoutStep(): 20;
  injectTestDependencies(cti: CtiLike | null, sipml?: unknown): void;
}

/** What the library needs of a page's `Cti`. */
export interface CtiLike {
  MessageType?: Record<string, string>;
  setHandler(type: string, handler: (payload: any) => void): unknown;
  getConfig?(objectType: string): unknown;
  getIceConfig?(): unknown;
  attendedTransfer?(destination: string): unknown;
  completeTransfer?(): unknown;
  cancelTransfer?(): unknown;
  directTransfer?(destination: string): unknown;
  getCurrentCallsPhoneEvents?(): unknown;
  sendCallback?(message: object): unknown;
}

/** Our own `Cti`, for pages that bring none. A command answers whether it was sent. */
export interface Cti extends CtiLike {
  readonly MessageType: Record<string, string>;
  readonly PhoneStatus: Readonly<Record<string, number>>;
  readonly PhoneStatusColors: Readonly<Record<string, string>>;
  readonly WebsocketMessageFactory: Record<string, (...values: any[]) => object>;
  debugMsg: boolean;
  debugHandler: boolean;
  username: string;
  agentNumber: string;
  /** Empty while nobody is logged in. */
  readonly token: string;
  /** Resolves when commands can be sent. An empty server means that of the page; `client` is what the page says it is. */
  login(
    server: string, user: string, password: string, client?: { softwareType?: string; applicationType?: string },
  ): Promise<{ login: string; token: string }>;
  readonly WebSocket: {
    init(url: string, username?: string, phoneNumber?: string): Promise<{ login: string; token: string }>;
  };
  readonly webSocket: { close(): void };
  close(): void;
  unsetHandler(type: string, handler: (payload: any) => void): void;
  clearHandlers(): void;
  Topic(type: string): {
    publish(payload: unknown): void;
    subscribe(handler: (payload: any) => void): void;
    unsubscribe(handler: (payload: any) => void): void;
  };
  receive(event: { data: string }): void;
  sendCallback(message: object): boolean;
  dial(destination: string, variables?: Record<string, string>): boolean;
  dialFromMobile(destination: string, variables?: Record<string, string>): boolean;
  dialByUsername(username: string, variables?: Record<string, string>): boolean;
  originate(destination: string): boolean;
  hangup(uniqueId?: string): boolean;
  answer(uniqueId?: string): boolean;
  hold(uniqueId?: string): boolean;
  toggleMicrophone(uniqueId?: string): boolean;
  sendDtmf(key: string): boolean;
  directTransfer(destination: string): boolean;
  attendedTransfer(destination: string, device?: string): boolean;
  completeTransfer(): boolean;
  cancelTransfer(): boolean;
  conference(): boolean;
  setData(variables: Record<string, string>): boolean;
  getCurrentCallsPhoneEvents(): boolean;
  toggleUniqueAccountDevice(deviceType: string): boolean;
  unregisterMobileApp(): boolean;
  getConfig(objectType: string): boolean;
  getIceConfig(): boolean;
  getList(objectType: string): boolean;
  dnd(state: boolean): boolean;
  naFwd(destination: string, state: boolean): boolean;
  uncFwd(destination: string, state: boolean): boolean;
  busyFwd(destination: string, state: boolean): boolean;
  changeUserStatus(status: string): boolean;
  displayNameLookup(username: string): boolean;
  setUserPreference(key: string, value: string, value_type: string): boolean;
  subscribeToPhoneHints(phoneNumbers: string[]): boolean;
  unsubscribeFromAllPhoneHints(): boolean;
  searchContacts(term: string): boolean;
  getFavoriteContacts(): boolean;
  getUserCallHistory(size: number): boolean;
  getUserCallHistoryByDays(days: number): boolean;
}

export const xc_webrtc: XcWebrtc;
/** Our own; a page's own `Cti` is used where there is one. */
export const Cti: Cti;
export const ready: Promise<void>;
export default xc_webrtc;

declare global {
  const xc_webrtc: XcWebrtc;
}
