// What is played, recorded second by second and looked at afterwards: on a computer without sound output Firefox plays
// streams, but starts no AudioContext that could listen to them.
async function* readings() {
  for (;;) {
    const streams = playing();
    if (streams.length === 0) {
      await new Promise(later => setTimeout(later, 50));
      continue;
    }
    const recorded = await Promise.all(streams.map(record));
    const readings = await Promise.all(recorded.map(look));
    for (let at = 0; readings.every(each => at < each.length); at += 1)
      yield readings.map(each => each[at]).reduce(louder);
  }
}

const RATE = 48000;
const WINDOW = 8192;

const record = stream => new Promise((done, failed) => {
  const recorder = new MediaRecorder(new MediaStream(stream.getAudioTracks()));
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  recorder.onerror = ({ error }) => failed(error);
  recorder.onstop = () => done(new Blob(pieces));
  recorder.start();
  setTimeout(() => recorder.stop(), 1000);
});

// The readings of a recording, one for each 50 ms.
const look = async recording => {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await recording.arrayBuffer());
  const starts = [];
  for (let start = 0; start + WINDOW <= sound.length; start += RATE / 20)
    starts.push(start);
  return Promise.all(starts.map(async start => {
    const context = new OfflineAudioContext(1, WINDOW, RATE);
    const source = new AudioBufferSourceNode(context, { buffer: sound });
    const analyser = new AnalyserNode(context, { fftSize: WINDOW, smoothingTimeConstant: 0 });
    source.connect(analyser).connect(context.destination);
    source.start(0, start / RATE);
    await context.startRendering();
    return strongest(analyser, RATE);
  }));
};
