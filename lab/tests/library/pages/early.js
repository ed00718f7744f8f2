// In the same turn as the script tag: the program cannot be there yet. Logged in by a Cti that is ready later.
window.early = {
  status: xc_webrtc.getSipStackStatus(),
  answer: xc_webrtc.answer(),
  hold: xc_webrtc.hold(),
  dtmf: xc_webrtc.dtmf("1"),
  calls: xc_webrtc.calls(),
  dial: xc_webrtc.dial("1002") === undefined,
  media: xc_webrtc.getMediaTypeBySipCallId("x"),
  exists: xc_webrtc.doesSessionExists("x"),
  step: xc_webrtc.getRegisterTimeoutStep(),
  underscores: xc_webrtc.replaceUnderscores("a_b"),
  // The token comes later, too.
  init: xc_webrtc.init("Someone", true, location.port, () => their_log_in(new URLSearchParams(location.search).get("as")), undefined, location.hostname)
    === undefined,
};
