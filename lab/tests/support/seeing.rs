//! Which pictures a browser shows. The cameras of the tests are the browsers' own: pictures that move.

use serde_json::json;

use super::browser::Browser;

/// How long pictures may take to come, in seconds.
const PATIENCE: u32 = 30;

impl Browser {
    /// Waits until that element shows pictures that move.
    pub async fn shows(&self, element: &str) {
        let script = r#"
            const video = () => document.getElementById(given.element);
            await until(`${given.element}: pictures`, () => video()?.videoWidth > 0, given.seconds);
            const canvas = new OffscreenCanvas(32, 32);
            const seen = () => {
                const ink = canvas.getContext("2d", { willReadFrequently: true });
                ink.drawImage(video(), 0, 0, 32, 32);
                return ink.getImageData(0, 0, 32, 32).data.join();
            };
            const first = seen();
            await until(`${given.element}: another picture than the first`, () => seen() !== first, given.seconds);
        "#;
        self.look(script, json!({ "element": element, "seconds": PATIENCE })).await;
    }
}
