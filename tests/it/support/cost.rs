//! What something costs: the time that this thread worked, whatever else the machine does, and the bytes that it held.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long the work takes on its own.
pub fn time(work: impl FnOnce()) -> Duration {
    let started = worked();
    work();
    worked().saturating_sub(started)
}

/// The processor time of this thread, where the system tells it; elsewhere the time that went by.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(
        || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        Duration::from_nanos,
    )
}

/// Asserts that twice as much takes about twice as long: the work with `n`, `2n` and `4n` of something. Quadratic work
/// takes sixteen times as long with four times as much.
#[track_caller]
pub fn is_linear(what: &str, n: usize, mut work: impl FnMut(usize)) {
    let mut best = [Duration::MAX; 3];
    // The shortest of a few runs is what the work needs; more are made only when these do not convince.
    for _ in 0..30 {
        for (at, best) in best.iter_mut().enumerate() {
            *best = time(|| work(n << at)).min(*best);
        }
        // What takes next to no time says nothing of how it grows; some systems count in ticks.
        let floor = Duration::from_millis(4);
        if best[2] <= best[0].max(floor) * 7 {
            println!("{what}: {n} in {:?}, twice in {:?}, four times in {:?}", best[0], best[1], best[2]);
            return;
        }
    }
    panic!("{what}: {n} in {:?}, twice in {:?}, four times in {:?}", best[0], best[1], best[2]);
}

/// The most bytes that the work held at once beyond what there was before it.
pub fn memory(work: impl FnOnce()) -> usize {
    let before = HELD.get();
    MOST.set(before);
    work();
    usize::try_from(MOST.get() - before).unwrap_or_default()
}

/// The bytes that this thread holds beyond what it held before the work; what is freed elsewhere counts there.
pub fn kept<T>(work: impl FnOnce() -> T) -> (T, isize) {
    let before = HELD.get();
    let made = work();
    (made, HELD.get() - before)
}

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting what each thread takes and gives back.
struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(bytes: isize) {
    // A thread that ends has no counter any more.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: all is done by the system's allocator; the counters are plain cells that allocate nothing.
#[allow(
    unsafe_code,
    reason = "an allocator that counts cannot be written without; it is in these tests only"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed());
        unsafe { System.realloc(pointer, layout, size) }
    }
}
