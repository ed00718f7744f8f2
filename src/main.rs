//! The web app.

fn main() {
    xc_webrtc::ui::mount();
}
