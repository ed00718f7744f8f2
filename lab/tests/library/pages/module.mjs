import xc_webrtc, { Cti, ready, xc_webrtc as named } from "./lib/xc_webrtc.mjs";

Object.assign(window, { xc_webrtc, Cti, ready, named });
await import("./watch.js");
