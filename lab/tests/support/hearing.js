// Listening to what comes out of the loudspeaker: every playing audio or video element with a live stream. How its
// frequencies are had differs between browsers: `readings` says them.

const playing = () => [...document.querySelectorAll("audio, video")].filter(
  element => !element.paused && !element.muted && element.volume > 0
    && element.srcObject instanceof MediaStream
    && element.srcObject.getAudioTracks().some(track => track.readyState === "live"),
).map(element => element.srcObject);

// How far from a tone (Hz) it still is that tone.
const NEAR = 15;

// The strongest frequency (Hz) that an analyser at that sample rate sees, its level (dB), and the level near any other.
const strongest = (analyser, rate) => {
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  const bin = levels.reduce((best, level, bin) => level > levels[best] ? bin : best, 0);
  const binOf = frequency => Math.round(frequency * analyser.fftSize / rate);
  const near = frequency => Math.max(...levels.subarray(binOf(frequency - NEAR), binOf(frequency + NEAR) + 1));
  return { frequency: bin * rate / analyser.fftSize, level: levels[bin], near };
};

const louder = (one, other) => ({
  ...one.level >= other.level ? one : other,
  near: frequency => Math.max(one.near(frequency), other.near(frequency)),
});

// Calls `judge` with each reading until it answers something. `tones`: those to tell of when it does not.
const listen = async (wanted, judge, seconds, tones = []) => {
  await until(`${wanted}: something that plays`, () => playing().length > 0, seconds);
  const heard = [];
  const ears = readings();
  let limit;
  const late = new Promise((_, undecided) => {
    limit = setTimeout(() => {
      const words = heard.slice(-40).join("; ");
      undecided(new Error(`${wanted}: not within ${seconds} s. Heard (Hz, dB): ${words}`));
    }, 1000 * seconds);
  });
  const decide = async () => {
    for await (const loudest of ears) {
      const each = tones.map(frequency => `${frequency}: ${Math.round(loudest.near(frequency))}`);
      heard.push([`${Math.round(loudest.frequency)}, ${Math.round(loudest.level)}`, ...each].join(", "));
      const verdict = judge(loudest);
      if (verdict)
        return verdict;
    }
  };
  try {
    return await Promise.race([decide(), late]);
  } finally {
    clearTimeout(limit);
    ears.return();
  }
};

// What is left of a call in which nobody makes a sound is below this (dB): noise, the comfort that an echo canceller puts
// in the place of what it took away.
const NOISE = -55;

// Enough readings with that tone on top. They need not be in a row: to the echo canceller of a microphone that hears
// the same tone as the loudspeaker plays, the tone is an echo to be taken away, and it swells and fades.
const tone = (frequency, seconds) => {
  let hits = 0;
  let others = 0;
  return listen(`hears ${frequency} Hz`, loudest => {
    const hit = Math.abs(loudest.frequency - frequency) <= NEAR;
    if (loudest.level < (hit ? -75 : NOISE))
      return false;
    if (hit)
      hits += 1;
    else
      others += 1;
    return hits >= 10 && hits > 2 * others;
  }, seconds);
};

// Enough readings with all these tones, and each far above the one that is not to be heard.
const others = (tones, own, seconds) => {
  let hits = 0;
  return listen(`hears ${tones.join(" and ")} Hz without ${own} Hz`, loudest => {
    const faintest = Math.min(...tones.map(loudest.near));
    const heard = faintest > -75 && faintest - loudest.near(own) > 25;
    hits = heard ? hits + 1 : 0;
    return hits >= 10;
  }, seconds, [...tones, own]);
};

// One whole second without anything above the floor, while a stream is there and its clock runs.
const silence = seconds => {
  let quiet = 0;
  return listen("hears nothing", loudest => {
    quiet = loudest.level < -90 ? quiet + 1 : 0;
    return quiet >= 20;
  }, seconds);
};

// Notes from now on how long (ms) that tone is away at most, once it is heard.
const note = async (frequency, seconds) => {
  await tone(frequency, seconds);
  const noted = { last: performance.now(), longest: 0 };
  window.noted = noted;
  const go_on = async () => {
    for await (const loudest of readings()) {
      if (window.noted !== noted)
        return;
      const now = performance.now();
      if (loudest.near(frequency) >= -75) {
        noted.longest = Math.max(noted.longest, now - noted.last);
        noted.last = now;
      }
    }
  };
  go_on();
};

// What was noted until that tone is heard again.
const longest_gap = async (frequency, seconds) => {
  await tone(frequency, seconds);
  const { longest } = window.noted;
  window.noted = undefined;
  return { longest: Math.round(longest) };
};
