//! The agent's phone.

fn main() {
    xc_webrtc::ui::mount_phone();
}
