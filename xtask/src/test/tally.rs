//! How many tests passed, failed and were skipped.

use std::fmt;
use std::iter::Sum;
use std::ops::AddAssign;
use std::process::ExitCode;

/// A count of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, and steps that could not be done.
    pub failed: usize,
    /// Tests that are ignored, and suites that this machine cannot run.
    pub skipped: usize,
}

impl Tally {
    /// One step that was done.
    pub const PASSED: Tally = Tally { passed: 1, failed: 0, skipped: 0 };
    /// One step that failed.
    pub const FAILED: Tally = Tally { passed: 0, failed: 1, skipped: 0 };
    /// One suite that was skipped.
    pub const SKIPPED: Tally = Tally { passed: 0, failed: 0, skipped: 1 };

    /// Reads the line that ends a test program, for example
    /// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
    pub fn read(line: &str) -> Option<Self> {
        let (_, counts) = line.split_once("test result: ")?;
        let number = |what: &str| {
            let words = counts.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
            words.windows(2).find(|pair| pair[1] == what).and_then(|pair| pair[0].parse().ok())
        };
        Some(Tally { passed: number("passed")?, failed: number("failed")?, skipped: number("ignored")? })
    }

    /// What the shell is told.
    pub fn exit_code(self) -> ExitCode {
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Tally::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_line_of_cargo_is_counted() {
        let line = "test result: FAILED. 41 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.52s";
        assert_eq!(Tally::read(line), Some(Tally { passed: 41, failed: 2, skipped: 1 }));
    }

    #[test]
    fn a_closing_line_of_the_browser_runner_is_counted() {
        let line = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 filtered out; finished in 3.10s";
        assert_eq!(Tally::read(line), Some(Tally { passed: 12, failed: 0, skipped: 0 }));
    }

    #[test]
    fn a_test_of_that_name_is_not() {
        assert_eq!(Tally::read("test a_test_result_is_shown ... ok"), None);
    }

    #[test]
    fn the_sum_is_one_plain_line() {
        let sum: Tally = [Tally::PASSED, Tally::FAILED, Tally::SKIPPED, Tally::PASSED].into_iter().sum();
        assert_eq!(sum.to_string(), "2 passed, 1 failed, 1 skipped");
    }
}
