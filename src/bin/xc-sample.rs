//! The developer's page: a program of its own, so that agents do not download it.

fn main() {
    xc_webrtc::ui::mount_sample();
}
