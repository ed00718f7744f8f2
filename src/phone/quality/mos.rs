//! The opinion that people would have of a call, estimated by the E-model (ITU-T G.107, 06/2015).
//!
//! With all that a browser cannot know at its default values, the rating is `R = 93.2 − Id − Ie,eff` (§7.1). `Id`, which
//! §7.4 makes of delay and echo by powers and logarithms, is taken as the two straight lines that R. G. Cole and
//! J. H. Rosenbluth fitted to it ("Voice over IP performance monitoring", ACM Computer Communication Review 31(2), 2001,
//! §2.2): up to 300 ms they are within
//! one point of it, at 400 ms three below, and cost no mathematics library in the download.

/// `Ro − Is` with the default values of §7.7.
const BEST: f32 = 93.2;

/// How much of its loss a codec conceals: that of G.711 with concealment, 25.1 (ITU-T G.113, appendix I, table I.3).
/// Browsers conceal for all their codecs; none is named there for Opus, whose own way is no worse.
const ROBUSTNESS: f32 = 25.1;

/// The transmission rating R, 0 to 93.2, of a mouth-to-ear delay in milliseconds and a loss in percent.
pub fn rating(delay: f32, loss: f32) -> f32 {
    let delay_impairment = 0.024 * delay + 0.11 * (delay - 177.3).max(0.0);
    // §7.5, formula 7-29: losses at random, and a codec that impairs nothing by itself (Ie = 0).
    let loss_impairment = 95.0 * loss / (loss + ROBUSTNESS);
    (BEST - delay_impairment - loss_impairment).max(0.0)
}

/// The mean opinion score, 1 (bad) to 4.5, of a rating (annex B, formula B-4).
pub fn mos(rating: f32) -> f32 {
    let r = rating.clamp(0.0, 100.0);
    // Between 0 and 6.5 the polynomial falls a little below the worst.
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).max(1.0)
}
