//! How well a call is heard: a word and a line of the last minute; unfolded, the figures, and all of them as a file.

use stylers_macro::style_sheet;

use super::button::Button;
use super::shapes::*;
use super::state::Ui;
use super::texts::Texts;
use crate::browser::download;
use crate::phone::call::CallKey;
use crate::phone::quality::{Meter, Second};

/// So many seconds are drawn.
const DRAWN: usize = 60;
/// What the file is called.
const FILE: &str = "call-quality.csv";

/// What is shown of it.
type Part = fn(&Meter, &Texts) -> String;

/// Of one call; nothing before the first second.
#[component]
pub fn Quality(
    /// Which call.
    key: CallKey,
) -> impl IntoView {
    let class = style_sheet!("./style/quality.css");
    let ui = Ui::current();
    let texts = ui.texts();
    // One closure type for all that is shown: each would be compiled anew.
    let shown = |part: Part| move || ui.meter(key, |meter| part(meter, texts));
    let save = move |()| {
        // A browser that takes no file has said so itself.
        let _ = download::save(FILE, &untrack(|| ui.meter(key, Meter::to_csv)));
    };
    view! { class = class,
        <details class="quality" data-tone=shown(tone)>
            <summary class="line">
                <span class="words">{shown(words)}</span>
                <svg class="chart" viewBox="0 0 300 28" preserveAspectRatio="none" aria-hidden="true">
                    <path d=shown(path)></path>
                </svg>
            </summary>
            <p class="figures">{shown(figures)}</p>
            <Button label=texts.quality.save press=save />
        </details>
    }
}

fn last(meter: &Meter) -> Second {
    meter.seconds().last().copied().unwrap_or_default()
}

/// `unknown` before the first second: nothing is shown then.
fn tone(meter: &Meter, _: &Texts) -> String {
    let last = meter.seconds().last();
    last.map_or("unknown", |last| tone_of(last.mos)).to_owned()
}

/// Satisfied, some dissatisfied, many dissatisfied (ITU-T G.109, R of 80 and of 60).
fn tone_of(mos: Option<u32>) -> &'static str {
    match mos {
        None => "none",
        Some(400..) => "good",
        Some(310..400) => "warn",
        Some(..310) => "bad",
    }
}

/// `Good · Opus · 24 ms`.
fn words(meter: &Meter, texts: &Texts) -> String {
    let t = &texts.quality;
    let last = last(meter);
    let mut words = match tone_of(last.mos) {
        "good" => t.good,
        "warn" => t.fair,
        "bad" => t.poor,
        _ => t.nothing,
    }
    .to_owned();
    let codec = meter.codec();
    if !codec.is_empty() {
        words.push_str(" · ");
        words.push_str(if codec == "opus" { "Opus" } else { codec });
    }
    if last.round_trip > 0 {
        words.push_str(" · ");
        words.push_str(&last.round_trip.to_string());
        words.push_str(" ms");
    }
    words
}

fn figures(meter: &Meter, texts: &Texts) -> String {
    let t = &texts.quality;
    let tenths = |number: u32| [&(number / 10).to_string(), t.point, &(number % 10).to_string()].concat();
    let Second { mos, lost, jitter, kbits_in, kbits_out, .. } = last(meter);
    let [jitter, kbits_in, kbits_out] = [jitter, kbits_in, kbits_out].map(|number| number.to_string());
    let mos = mos.map_or_else(|| "–".to_owned(), |mos| tenths(mos / 10));
    t.figures.with(&[&mos, &tenths(lost), &jitter, &kbits_in, &kbits_out])
}

/// The opinions of the last minute on a field of 300 × 28, the newest on the right, the best on top. What has none is a gap.
fn path(meter: &Meter, _: &Texts) -> String {
    line_of(meter.seconds())
}

fn line_of(seconds: &[Second]) -> String {
    let drawn = &seconds[seconds.len().saturating_sub(DRAWN)..];
    let mut path = String::new();
    let mut move_to = "M";
    for (at, second) in drawn.iter().enumerate() {
        let Some(mos) = second.mos else {
            move_to = "M";
            continue;
        };
        let x = 300 - 5 * (drawn.len() - 1 - at);
        let y = 26 - mos.saturating_sub(100) * 24 / 350;
        for part in [move_to, &x.to_string(), " ", &y.to_string()] {
            path.push_str(part);
        }
        move_to = "L";
    }
    path
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::phone::quality::Sample;
    use crate::time::Instant;
    use crate::ui::texts::Language;

    fn second(mos: Option<u32>) -> Second {
        Second { mos, ..Second::default() }
    }

    #[test]
    fn the_last_minute_is_drawn_with_its_gaps() {
        let seconds = [Some(450), Some(100), None, Some(275)].map(second);
        assert_eq!(line_of(&seconds), "M285 2L290 26M300 14");
        assert_eq!(line_of(&[]), "");
        assert!(
            line_of(&[second(Some(400)); 70]).starts_with("M5 6L"),
            "{}",
            line_of(&[second(Some(400)); 70])
        );
    }

    #[test]
    fn a_call_is_told_in_words_and_figures() {
        let mut meter = Meter::default();
        let mut sample = Sample { codec: "opus".into(), round_trip: Some(24), ..Sample::default() };
        for number in 1..3 {
            sample.at = Instant::from_origin(Duration::from_secs(number));
            sample.received += 50;
            meter.take(&sample);
        }
        let english = Language::English.texts();
        assert_eq!(words(&meter, english), "Good · Opus · 24 ms");
        assert_eq!(
            figures(&meter, english),
            "Estimated opinion (MOS) 4.3 of 4.5 · 0.0 % lost · jitter 0 ms · 0 kbit/s in, 0 kbit/s out"
        );
        assert!(figures(&meter, Language::French.texts()).contains("4,3"));
        assert_eq!(words(&Meter::default(), english), "No sound");
    }
}
