//! Numbers, names and durations as people read them: pure.

use std::time::Duration;

use crate::browser::clock::TimeOfDay;
use crate::time::Instant;

/// Keeps the groups of a number on one line.
const GAP: char = '\u{a0}';

/// A running time or a length: `02:41`, `1:02:41` from an hour on.
pub fn duration(lasted: Duration) -> String {
    let seconds = lasted.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes:02}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// Timers count whole milliseconds. One that is early by a part of one would show the old second again, and the next one
/// would be armed after the new second has begun: it would never be seen.
const NOT_BEFORE: Duration = Duration::from_millis(10);

/// How long to wait until a time that counts from (or down to) `reference` shows its next second for certain.
pub fn until_next_second(reference: Instant, now: Instant) -> Duration {
    let second = Duration::from_secs(1);
    let past = now.saturating_since(reference);
    let wait = if past.is_zero() {
        Duration::from_nanos(reference.saturating_since(now).subsec_nanos().into())
    } else {
        second - Duration::from_nanos(past.subsec_nanos().into())
    };
    if wait.is_zero() { second + NOT_BEFORE } else { wait + NOT_BEFORE }
}

/// The whole seconds that remain, at least one: "try again in 0 s" helps nobody.
pub fn seconds_left(until: Instant, now: Instant) -> u64 {
    let left = until.saturating_since(now);
    (left.as_secs() + u64::from(left.subsec_millis() > 0)).max(1)
}

/// A number in light groups: `01 45 00 00 01`, `+33 1 45 00 00 01`. Extensions, service codes and addresses stay as
/// they are.
pub fn number(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.len() < 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let country_code = if digits.len() < number.len() { country_code_length(digits) } else { 0 };
    let (country, national) = digits.split_at(country_code);
    let mut shown = String::with_capacity(number.len() + 6);
    if !country.is_empty() {
        shown.push('+');
        shown.push_str(country);
        shown.push(GAP);
    }
    // Nine digits after a country code, and any even count, are read by twos; North America's and the rest by threes.
    let (step, mut left): (u8, u8) = match national.len() {
        9 if !country.is_empty() => (2, 1),
        even if even % 2 == 0 && country != "1" => (2, 2),
        _ => (3, 3),
    };
    for (index, digit) in national.chars().enumerate() {
        // No digit stays alone at the end.
        if left == 0 && national.len() - index > 1 {
            shown.push(GAP);
            left = step;
        }
        shown.push(digit);
        left = left.saturating_sub(1);
    }
    shown
}

/// How many digits a country code has (ITU-T E.164, list of assigned codes): one in zones 1 and 7, else two or three.
fn country_code_length(digits: &str) -> usize {
    const OF_TWO_DIGITS: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95",
    ];
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [first, second, ..] if OF_TWO_DIGITS.iter().any(|code| code.as_bytes() == [*first, *second]) => 2,
        [b'9', b'8', ..] => 2,
        _ => 3,
    }
}

/// What stands in a party's round badge: the initials of a name, or a short number whole.
///
/// Empty when neither helps. Capitals are left to the style sheet, which knows every script.
pub fn initials(name: Option<&str>, number: &str) -> String {
    match name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => {
            let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
            let first = words.next();
            first.into_iter().chain(words.next_back()).collect()
        }
        None if number.len() <= 4 => number.to_owned(),
        None => String::new(),
    }
}

/// A time of day: `09:58`.
pub fn time(time: TimeOfDay) -> String {
    format!("{:02}:{:02}", time.hours, time.minutes)
}

/// A time of day with its thousandths: `09:58:03.007`.
pub fn precise_time(time: TimeOfDay) -> String {
    let TimeOfDay { hours, minutes, seconds, milliseconds } = time;
    format!("{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_origin(Duration::from_millis(millis))
    }

    fn plain(shown: String) -> String {
        shown.replace(GAP, " ")
    }

    #[test]
    fn durations_grow_an_hour_only_when_there_is_one() {
        assert_eq!(duration(Duration::ZERO), "00:00");
        assert_eq!(duration(Duration::from_millis(161_999)), "02:41");
        assert_eq!(duration(Duration::from_secs(3600)), "1:00:00");
        assert_eq!(duration(Duration::from_secs(100 * 3600 + 61)), "100:01:01");
    }

    #[test]
    fn the_clock_ticks_when_the_shown_second_changes() {
        let wait = |reference, now| until_next_second(at(reference), at(now)).as_millis();
        assert_eq!(wait(1_250, 5_250), 1_010);
        assert_eq!(wait(1_250, 5_750), 510);
        assert_eq!(wait(9_000, 5_250), 760);
        assert_eq!(wait(9_000, 5_000), 1_010);
        assert_eq!(wait(9_000, 9_000), 1_010);
    }

    #[test]
    fn a_countdown_ends_at_one() {
        assert_eq!(seconds_left(at(9_000), at(5_001)), 4);
        assert_eq!(seconds_left(at(9_000), at(8_999)), 1);
        assert_eq!(seconds_left(at(9_000), at(10_000)), 1);
    }

    #[test]
    fn numbers_are_grouped_for_reading() {
        assert_eq!(plain(number("0145000001")), "01 45 00 00 01");
        assert_eq!(plain(number("+33145000001")), "+33 1 45 00 00 01");
        assert_eq!(plain(number("+12025550123")), "+1 202 555 0123");
        assert_eq!(plain(number("+352123456")), "+352 12 34 56");
        assert_eq!(plain(number("1234567")), "123 4567");
        assert_eq!(plain(number("12345678901")), "123 456 789 01");
    }

    #[test]
    fn what_is_not_a_long_number_stays_as_it_is() {
        for same in
            ["", "1002", "*55", "#31#0145000001", "+", "+33", "sip:bob@example.org", "Zoë", "+aaé145000001"]
        {
            assert_eq!(number(same), same);
        }
    }

    #[test]
    fn times_of_day_are_padded() {
        let early = TimeOfDay { hours: 9, minutes: 5, seconds: 3, milliseconds: 7 };
        assert_eq!(time(early), "09:05");
        assert_eq!(precise_time(early), "09:05:03.007");
    }

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials(Some("Claire Dubois"), "1002"), "CD");
        assert_eq!(initials(Some(" Jean de la Fontaine "), "1002"), "JF");
        assert_eq!(initials(Some("Support"), "1002"), "S");
        assert_eq!(initials(Some("  "), "*55"), "*55");
        assert_eq!(initials(None, "0145000001"), "");
    }
}
