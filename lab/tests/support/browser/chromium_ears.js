// What is played, as it is played: a reading each time the sound went on for a while. The page's clock only asks; what
// counts is the clock of the sound itself.
async function* readings() {
  const context = new AudioContext();
  await context.resume();
  const ears = new Map();
  let before = 0;
  try {
    for (;;) {
      await new Promise(later => setTimeout(later, 50));
      const streams = playing();
      if (context.currentTime - before < 0.04 || streams.length === 0)
        continue;
      before = context.currentTime;
      const heard = streams.map(stream => ears.get(stream) ?? hang(context, ears, stream));
      yield heard.map(ear => strongest(ear, context.sampleRate)).reduce(louder);
    }
  } finally {
    await context.close();
  }
}

const hang = (context, ears, stream) => {
  const ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
  context.createMediaStreamSource(stream).connect(ear);
  ears.set(stream, ear);
  return ear;
};
