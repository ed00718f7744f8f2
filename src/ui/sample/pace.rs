//! How much of a log is drawn, and when: pure.
//!
//! Drawing is bounded by the screen and the eye, not by how fast lines come. While more come with each picture than anybody
//! reads, only the newest are drawn that a pane has room for, in some of the pictures; the others as soon as fewer come. Who
//! has scrolled sees them all.

/// How many lines are drawn; the filter, the copy and the file reach all.
const DRAWN: usize = 200;
/// As many as a pane has room for, the shortest ones.
const NEWEST: usize = 18;
/// More lines than these with one picture are a flood.
const MANY: usize = 8;
/// In a flood, one picture of so many shows it.
const EVERY: u8 = 4;

/// See the module.
#[derive(Debug)]
pub struct Pace {
    /// Lines since the last frame.
    fresh: usize,
    /// A frame was asked for.
    due: bool,
    /// What came with the last frame was a flood.
    flooded: bool,
    scrolled: bool,
    /// Counts the frames of a flood; where it begins.
    frame: u8,
    first: u8,
}

/// What to do in a frame.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// The lines are to be drawn.
    pub draws: bool,
    /// Another frame has to be asked for.
    pub again: bool,
}

impl Pace {
    /// Nothing came yet. Panes of different turns are not drawn in the same frames of a flood.
    pub fn new(turn: u8) -> Self {
        let first = turn % EVERY;
        Self { fresh: 0, due: false, flooded: false, scrolled: false, frame: first, first }
    }

    /// So many lines came, or something else is to be shown; whether a frame has to be asked for.
    pub fn ask(&mut self, lines: usize) -> bool {
        self.fresh += lines;
        !std::mem::replace(&mut self.due, true)
    }

    /// A frame that was asked for is there.
    pub fn frame(&mut self) -> Frame {
        self.flooded = std::mem::take(&mut self.fresh) > MANY;
        self.due = self.flooded;
        let draws = !self.flooded || self.frame == 0;
        self.frame = if self.flooded { (self.frame + 1) % EVERY } else { self.first };
        Frame { draws, again: self.due }
    }

    /// Whether something else than the newest line is in sight.
    pub fn scroll(&mut self, scrolled: bool) {
        self.scrolled = scrolled;
    }

    /// How many lines are drawn at most.
    pub fn drawn(&self) -> usize {
        if self.flooded && !self.scrolled { NEWEST } else { DRAWN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(pace: &mut Pace, lines: usize) -> (bool, bool) {
        for _ in 0..lines {
            pace.ask(1);
        }
        let Frame { draws, again } = pace.frame();
        (draws, again)
    }

    #[test]
    fn one_frame_is_asked_for_however_many_lines_come() {
        let mut pace = Pace::new(0);
        assert!(pace.ask(1));
        assert!(!pace.ask(1));
        assert_eq!(frame(&mut pace, 0), (true, false));
        assert!(pace.ask(1));
        assert_eq!(frame(&mut pace, MANY - 1), (true, false));
        assert_eq!(pace.drawn(), DRAWN);
    }

    #[test]
    fn a_flood_is_drawn_now_and_then_as_far_as_it_is_seen_and_the_rest_when_it_is_over() {
        let mut panes = [Pace::new(0), Pace::new(2)];
        for count in 0..u8::MAX {
            let drawn = panes.each_mut().map(|pace| frame(pace, MANY + 1));
            assert_eq!(drawn, [(count % 4 == 0, true), (count % 4 == 2, true)]);
            assert_eq!(panes[0].drawn(), NEWEST);
        }
        // Asked for already.
        assert!(!panes[0].ask(0));
        assert_eq!(frame(&mut panes[0], 0), (true, false));
        assert_eq!(panes[0].drawn(), DRAWN);
    }

    #[test]
    fn who_has_scrolled_sees_all_lines() {
        let mut pace = Pace::new(0);
        pace.scroll(true);
        assert_eq!(frame(&mut pace, 1_000), (true, true));
        assert_eq!(pace.drawn(), DRAWN);
        pace.scroll(false);
        assert_eq!(pace.drawn(), NEWEST);
    }
}
