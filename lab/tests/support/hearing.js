// Listening to what comes out of the loudspeaker: every playing audio or video element with a live stream.

const playing = () => [...document.querySelectorAll("audio, video")].filter(
  element => !element.paused && !element.muted && element.volume > 0
    && element.srcObject instanceof MediaStream
    && element.srcObject.getAudioTracks().some(track => track.readyState === "live"),
);

// Calls `judge` with the strongest frequency (Hz) and its level (dB) each time the sound went on for a while, until it
// answers something. The page's clock only asks; what counts is the clock of the sound itself.
const listen = async (wanted, judge, seconds) => {
  await until(`${wanted}: something that plays`, () => playing().length > 0, seconds);
  const context = new AudioContext();
  await context.resume();
  const ears = new Map();
  const heard = [];
  let before = 0;
  try {
    return await new Promise((decided, undecided) => {
      const started = performance.now();
      const beat = setInterval(() => {
        if (performance.now() - started > 1000 * seconds) {
          clearInterval(beat);
          undecided(new Error(`${wanted}: not within ${seconds} s. Heard (Hz, dB): ${heard.slice(-40).join("; ")}`));
        }
        if (context.currentTime - before < 0.04)
          return;
        before = context.currentTime;
        const loudest = { frequency: 0, level: -Infinity };
        for (const element of playing()) {
          const ear = ears.get(element.srcObject) ?? hang(context, ears, element.srcObject);
          const levels = new Float32Array(ear.frequencyBinCount);
          ear.getFloatFrequencyData(levels);
          levels.forEach((level, bin) => {
            if (level > loudest.level)
              Object.assign(loudest, { frequency: bin * context.sampleRate / ear.fftSize, level });
          });
        }
        heard.push(`${Math.round(loudest.frequency)}, ${Math.round(loudest.level)}`);
        const verdict = judge(loudest, ears.size);
        if (verdict) {
          clearInterval(beat);
          decided(verdict);
        }
      }, 50);
    });
  } finally {
    await context.close();
  }
};

const hang = (context, ears, stream) => {
  const ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(stream).connect(ear);
  ears.set(stream, ear);
  return ear;
};

// Enough readings with that tone on top. They need not be in a row: to the echo canceller of a microphone that hears
// the same tone as the loudspeaker plays, the tone is an echo to be taken away, and it swells and fades.
const tone = (frequency, seconds) => {
  let hits = 0;
  let others = 0;
  return listen(`hears ${frequency} Hz`, loudest => {
    if (loudest.level < -75)
      return false;
    if (Math.abs(loudest.frequency - frequency) <= 15)
      hits += 1;
    else
      others += 1;
    return hits >= 10 && hits > 2 * others;
  }, seconds);
};

// One whole second without anything above the floor, while a stream is there and its clock runs.
const silence = seconds => {
  let quiet = 0;
  return listen("hears nothing", (loudest, streams) => {
    quiet = streams > 0 && loudest.level < -90 ? quiet + 1 : 0;
    return quiet >= 20;
  }, seconds);
};
