//! Call after call in one page: what is left of them.

use serde_json::json;

use crate::contest::{Contestant, ECHO};
use crate::report::Report;
use crate::support::stage::Stage;
use crate::{Extent, Stack};

/// Calls in one script: a driver waits for one only so long.
const AT_ONCE: u32 = 50;

/// After these everything that is made once is made.
const WARM_UP: u32 = 10;

/// What a page holds.
struct Held {
    heap: f64,
    memory: f64,
    listeners: f64,
    connections: f64,
    sounds: f64,
}

/// Makes the calls.
pub async fn run(stage: &Stage, extent: &Extent, report: &mut Report) {
    let page = Contestant::new(stage, Stack::Ours).await;
    page.register(json!([])).await;
    calls(&page, WARM_UP.min(extent.soak)).await;
    let before = held(&page).await;
    calls(&page, extent.soak).await;
    let after = held(&page).await;
    let mut note = |name, value: f64| report.add(name, Stack::Ours, &json!(value));
    note("soak-growth", (after.heap + after.memory - before.heap - before.memory) / 1e6);
    note("soak-connections", after.connections);
    note("soak-sounds", after.sounds - before.sounds);
    note("soak-listeners", after.listeners - before.listeners);
    page.browser().quit().await;
}

async fn calls(page: &Contestant, count: u32) {
    let mut left = count;
    while left > 0 {
        let now = left.min(AT_ONCE);
        page.measure("soak", json!([ECHO, now])).await;
        left -= now;
    }
}

async fn held(page: &Contestant) -> Held {
    let tools = page.browser().driver().cdp();
    let ask = async |command: &str| tools.send_raw(command, json!({})).await.expect("Chromium answers");
    ask("Performance.enable").await;
    // What only finalisers held is garbage of the second time.
    for _ in 0..2 {
        ask("HeapProfiler.collectGarbage").await;
    }
    let metrics = ask("Performance.getMetrics").await;
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array().expect("a list of metrics");
        let one = all.iter().find(|metric| metric["name"] == name);
        one.and_then(|metric| metric["value"].as_f64()).unwrap_or_else(|| panic!("no {name} in {metrics}"))
    };
    let left = page.measure("left", json!([])).await;
    let number = |name: &str| left[name].as_f64().unwrap_or_else(|| panic!("no {name} in {left}"));
    Held {
        heap: metric("JSHeapUsedSize"),
        memory: number("memory"),
        listeners: metric("JSEventListeners"),
        connections: number("live"),
        sounds: number("sounds"),
    }
}
