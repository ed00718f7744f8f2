//! Which tone comes out of a browser's loudspeaker.

use serde_json::json;

use super::browser::Browser;

/// What the lab and the Asterisk of the tests play to those who are on hold, in Hz.
pub const MUSIC: u32 = 400;

const SCRIPT: &str = include_str!("hearing.js");

/// How long a sound may take to come, in seconds.
const PATIENCE: u32 = 30;

impl Browser {
    /// Waits until that tone (Hz) is heard, for long enough to be no accident.
    pub async fn hears(&self, frequency: u32) {
        let script = self.listening("await tone(given.frequency, given.seconds)");
        self.look(&script, json!({ "frequency": frequency, "seconds": PATIENCE })).await;
    }

    /// Waits until these tones are heard together, without the own one.
    pub async fn hears_others(&self, tones: [u32; 2], own: u32) {
        let script = self.listening("await others(given.tones, given.own, given.seconds)");
        self.look(&script, json!({ "tones": tones, "own": own, "seconds": PATIENCE })).await;
    }

    /// Waits for one second without a sound, on a connection that could carry one.
    pub async fn hears_nothing(&self) {
        self.look(&self.listening("await silence(given.seconds)"), json!({ "seconds": PATIENCE })).await;
    }

    /// Hears that tone (Hz), and notes from then on how long it is away.
    pub async fn notes_gaps(&self, frequency: u32) {
        let script = self.listening("await note(given.frequency, given.seconds)");
        self.look(&script, json!({ "frequency": frequency, "seconds": PATIENCE })).await;
    }

    /// Hears it again: for how many milliseconds it was away at most.
    pub async fn longest_gap(&self, frequency: u32) -> u64 {
        let script = self.listening("return await longest_gap(given.frequency, given.seconds)");
        let noted = self.look(&script, json!({ "frequency": frequency, "seconds": PATIENCE })).await;
        noted["longest"].as_u64().unwrap_or_else(|| panic!("no gap is told: {noted}"))
    }

    fn listening(&self, script: &str) -> String {
        format!("{SCRIPT} {} {script}", self.ears())
    }
}
