//! The quality of a call: the E-model against ITU-T's own formulas and tables, and the warning.

use std::time::Duration;

use xc_webrtc::phone::quality::{Meter, Sample, Second, mos, rating};
use xc_webrtc::time::Instant;

/// `Id` of ITU-T G.107 §7.4 with all default values: talker echo (TELR 65 dB), listener echo (WEPL 110 dB), and delay.
fn delay_impairment(one_way: f64) -> f64 {
    let (no, rlr, telr, wepl) = (-61.18, 2.0, 65.0, 110.0);
    let (t, tr) = (one_way, 2.0 * one_way);
    let roe = -1.5 * (no - rlr);
    let terv = telr - 40.0 * ((1.0 + t / 10.0) / (1.0 + t / 150.0)).log10() + 6.0 * (-0.3 * t * t).exp();
    let re = 80.0 + 2.5 * (terv - 14.0);
    let talker = ((roe - re) / 2.0 + ((roe - re).powi(2) / 4.0 + 100.0).sqrt() - 1.0) * (1.0 - (-t).exp());
    let rle = 10.5 * (wepl + 7.0) * (tr + 1.0).powf(-0.25);
    let listener = (94.77 - rle) / 2.0 + ((94.77 - rle).powi(2) / 4.0 + 169.0).sqrt();
    let delay = if t <= 100.0 {
        0.0
    } else {
        let x = (t / 100.0).log2();
        25.0 * ((1.0 + x.powi(6)).powf(1.0 / 6.0) - 3.0 * (1.0 + (x / 3.0).powi(6)).powf(1.0 / 6.0) + 2.0)
    };
    talker + listener + delay
}

#[test]
fn delay_costs_what_the_recommendation_says() {
    for one_way in [0.0_f32, 20.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 400.0] {
        let exact = 93.2 - delay_impairment(one_way.into());
        let ours = f64::from(rating(one_way, 0.0));
        assert!((exact - ours).abs() < 3.0, "{one_way} ms: {ours} for {exact}");
    }
}

#[test]
fn loss_costs_what_the_recommendation_says() {
    // ITU-T G.107 §7.5 with Ie 0 and the Bpl of G.711 with concealment.
    for (loss, rated) in [(0.0, 93.2), (1.0, 89.6), (2.0, 86.2), (5.0, 77.4), (10.0, 66.1), (20.0, 51.1)] {
        assert!((rating(0.0, loss) - rated).abs() < 0.1, "{loss} %: {}", rating(0.0, loss));
    }
    assert_eq!(rating(2_000.0, 100.0), 0.0);
}

#[test]
fn a_rating_is_the_opinion_of_annex_b() {
    // ITU-T G.107 annex B, table B.1, and its default connection.
    let table =
        [(93.2, 4.41), (90.0, 4.34), (80.0, 4.03), (70.0, 3.60), (60.0, 3.10), (50.0, 2.58), (0.0, 1.0)];
    for (rated, opinion) in table {
        assert!((mos(rated) - opinion).abs() < 0.01, "R {rated}: {}", mos(rated));
    }
    assert_eq!((mos(-5.0), mos(120.0)), (1.0, 4.5));
}

/// A call, second by second: 50 packets of 20 ms and 60 bytes each way.
struct Talk {
    meter: Meter,
    sample: Sample,
}

impl Talk {
    fn new() -> Self {
        let mut talk = Self { meter: Meter::default(), sample: Sample::default() };
        talk.sample.codec = "opus".into();
        talk.meter.take(&talk.sample);
        talk
    }

    /// Lets so many seconds pass in which so many of 50 packets are lost.
    fn passes(&mut self, seconds: u64, lost: u64) -> &Meter {
        for _ in 0..seconds {
            let sample = &mut self.sample;
            sample.at += Duration::from_secs(1);
            sample.received += 50 - lost;
            sample.lost += lost;
            sample.sent += 50;
            sample.bytes_received += (50 - lost) * 60;
            sample.bytes_sent += 50 * 60;
            self.meter.take(sample);
            // Whoever shows it looks more often than there is news.
            self.meter.take(sample);
        }
        &self.meter
    }
}

#[test]
fn a_good_call_is_good_and_measured() {
    let mut talk = Talk::new();
    talk.sample.round_trip = Some(24);
    talk.sample.jitter = 3;
    let meter = talk.passes(3, 0);
    assert!(!meter.is_poor());
    assert_eq!(meter.codec(), "opus");
    let second = Second { mos: Some(439), lost: 0, jitter: 3, round_trip: 24, kbits_in: 24, kbits_out: 24 };
    assert_eq!(meter.seconds(), [second; 3]);
    assert!(meter.to_csv().ends_with("\r\n3,439,0,3,24,24,24\r\n"), "{}", meter.to_csv());
}

#[test]
fn a_warning_comes_after_three_bad_seconds_and_goes_after_five_good_ones() {
    let mut talk = Talk::new();
    assert!(!talk.passes(10, 0).is_poor());
    assert!(!talk.passes(2, 10).is_poor(), "a hiccup is none");
    assert!(talk.passes(1, 10).is_poor());
    assert!(talk.passes(4, 0).is_poor(), "it does not flicker");
    assert!(!talk.passes(1, 0).is_poor());
    // Neither good nor bad: as it was.
    talk.passes(5, 10);
    assert!(talk.passes(9, 5).is_poor());
    talk.passes(5, 0);
    assert!(!talk.passes(9, 5).is_poor());
}

#[test]
fn what_the_other_side_misses_of_us_counts_as_well() {
    let mut talk = Talk::new();
    talk.sample.lost_there = 250;
    assert!(talk.passes(3, 0).is_poor());
    assert_eq!(talk.meter.seconds()[0].lost, 250);
}

#[test]
fn a_held_call_has_no_opinion_and_no_warning() {
    let mut talk = Talk::new();
    for _ in 0..20 {
        talk.sample.at += Duration::from_secs(1);
        talk.meter.take(&talk.sample);
    }
    assert!(talk.meter.seconds().iter().all(|second| second.mos.is_none()));
    assert!(!talk.meter.is_poor());
}

#[test]
fn counters_that_begin_anew_or_are_absurd_do_no_harm() {
    let mut meter = Meter::default();
    let at = |second| Instant::from_origin(Duration::from_secs(second));
    for (second, count) in [(1, u64::MAX / 8), (2, 0), (3, u64::MAX / 2000), (3, 5), (2, 7)] {
        let sample = Sample { at: at(second), received: count, lost: count, ..Sample::default() };
        meter.take(&sample);
    }
    assert!(meter.seconds().len() <= 4);
}

#[test]
fn a_call_of_a_day_keeps_its_last_two_hours() {
    let mut talk = Talk::new();
    assert_eq!(talk.passes(7300, 0).seconds().len(), 7200);
}
