// Microphones that a test plugs in and out. The browser's own fake ones stay for ever: what the page is told of them is
// replaced here, and what it opens is a real fake one under the name of the plugged one.

export const plugs = () => {
  const media = navigator.mediaDevices;
  const real = { open: media.getUserMedia, list: media.enumerateDevices, replaceTrack: RTCRtpSender.prototype.replaceTrack };
  const microphone = (deviceId, label) => ({ kind: "audioinput", deviceId, label, groupId: deviceId });
  const plug = {
    // The names of those that are there; the first is the one that the system prefers.
    names: ["Built-in"],
    // The person, or a policy, says no.
    refused: false,
    // The tracks that were opened, and those that were sent: their names, and whether they were on at that moment.
    opened: [],
    sent: [],
    restore: () => {
      media.getUserMedia = real.open;
      media.enumerateDevices = real.list;
      RTCRtpSender.prototype.replaceTrack = real.replaceTrack;
    },
    // The names of those that are there from now on.
    are: (...names) => {
      plug.names = names;
      media.dispatchEvent(new Event("devicechange"));
    },
    // As a browser does it: the track has ended, then the list is another one.
    out: () => {
      const track = plug.opened.at(-1);
      plug.names = plug.names.filter(name => name !== track.label);
      track.stop();
      track.dispatchEvent(new Event("ended"));
      plug.are(...plug.names);
    },
    forbid: () => {
      plug.refused = true;
      plug.opened.at(-1).stop();
      plug.opened.at(-1).dispatchEvent(new Event("ended"));
    },
  };
  media.enumerateDevices = async () =>
    plug.names.flatMap((name, at) => [...(at === 0 ? [microphone("default", name)] : []), microphone(name, name)]);
  media.getUserMedia = async ({ audio }) => {
    if (plug.refused)
      throw new DOMException("refused", "NotAllowedError");
    const wish = audio.deviceId?.exact ?? "default";
    const found = (await media.enumerateDevices()).find(({ deviceId }) => deviceId === wish);
    if (!found)
      throw new DOMException("not there", "NotFoundError");
    const stream = await real.open.call(media, { audio: true });
    const [track] = stream.getAudioTracks();
    Object.defineProperty(track, "label", { value: found.label });
    track.getSettings = () => ({ deviceId: found.deviceId });
    plug.opened.push(track);
    return stream;
  };
  RTCRtpSender.prototype.replaceTrack = function (track) {
    plug.sent.push([track?.label, track?.enabled]);
    return real.replaceTrack.call(this, track);
  };
  return plug;
};

// What a page may try to hear of a call in one go, in milliseconds of its only thread: the median of so many times.
export const costOf = (times, work) => {
  const costs = Array.from({ length: times }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
  return costs.sort((one, other) => one - other)[times >> 1];
};
