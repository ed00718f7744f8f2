//! Pictures beside the voice.

use serde_json::json;

use crate::LAB;
use crate::support::browser::Setup;
use crate::support::page::Role;
use crate::support::phone::{CALLS, Phone};
use crate::support::stage::story;
use crate::support::two::Two;

/// Makes a video call to the echo: own and returned pictures move, the tone at the microphone comes back.
pub async fn sees_and_hears_itself(phone: &Phone, tone: u32) {
    phone.fill("Number", "*55").await;
    phone.press("Video call").await;
    phone.is_in_call().await;
    phone.shows("video-local").await;
    phone.shows("video-remote").await;
    phone.hears(tone).await;
}

#[tokio::test]
async fn a_video_call_shows_both_sides_and_the_camera_can_be_taken_away() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;
        phone.sees_pressed("Camera", true).await;

        phone.press_in(CALLS, "Camera").await;
        phone.sees_pressed("Camera", false).await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn video_is_ended_and_the_talk_goes_on() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;

        phone.is_told("You see *55").await;
        phone.press_in(CALLS, "End video").await;
        phone.sees_no(Role::Button, "End video").await;
        phone.sees_pressed("Camera", false).await;
        phone.is_told("You do not see *55 any more").await;
        phone.has_the_focus_in(CALLS).await;
        phone.hears(700).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn pictures_fill_the_screen_or_float_and_come_back_when_the_call_ends() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;
        for way in ["Full screen", "Picture in picture"] {
            phone.sees_pressed(way, false).await;
            phone.press_in(CALLS, way).await;
            phone.sees_pressed(way, true).await;
            phone.press_in(CALLS, way).await;
            phone.sees_pressed(way, false).await;
        }
        phone.press_in(CALLS, "Full screen").await;
        phone.sees_pressed("Full screen", true).await;
        phone.press_in(CALLS, "End video").await;
        phone.sees_a(Role::Button, "Hang up").await;
        let script = "await until('the page as it was', () => !document.fullscreenElement, given.seconds)";
        phone.look(script, json!({ "seconds": 30 })).await;
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn ones_own_picture_gives_way_to_what_is_under_it() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        sees_and_hears_itself(&phone, 700).await;
        let place = async || {
            let script = "const place = document.getElementById('video-local').getBoundingClientRect();
                return [Math.round(place.x), Math.round(place.y)]";
            phone.look(script, json!({})).await.to_string()
        };
        let mut places = Vec::new();
        for _ in 0..4 {
            places.push(place().await);
            phone.press_in(CALLS, "Your picture: move it to the next corner").await;
        }
        assert_eq!(place().await, places[0], "it went round");
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 4, "each corner once: {places:?}");
        phone.hangs_up().await;
    })
    .await;
}

#[tokio::test]
async fn two_people_see_each_other() {
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        two.see_each_other().await;
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn pictures_are_added_to_a_talk_and_taken_away_again() {
    story(async |stage| {
        let two = Two::ready(stage, &LAB).await;
        two.talk().await;
        two.add_pictures().await;
        two.take_pictures_away().await;
        two.part().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_camera_the_call_is_made_and_the_page_says_what_to_do() {
    story(async |stage| {
        let setup = Setup { camera: false, language: "fr-FR", ..Setup::default() };
        let phone = stage.phone_at_login(&LAB, setup).await;
        phone.fill("Identifiant", &phone.person.login).await;
        phone.fill("Mot de passe", &phone.person.password).await;
        phone.press("Se connecter").await;
        phone.sees("Prêt à recevoir").await;
        let sentence = "Aucune caméra trouvée. Branchez-en une, puis pressez Caméra.";
        phone.fill("Numéro", "*55").await;
        phone.press("Appel vidéo").await;
        phone.sees_in("Appels", "En ligne").await;
        phone.sees_in("Appels", sentence).await;
        phone.hears(700).await;

        // Holding has nothing to do with it; asking again is told again.
        phone.press_in("Appels", "Mettre en attente").await;
        phone.sees_no_more(sentence).await;
        phone.press_in("Appels", "Reprendre").await;
        phone.sees_in("Appels", "En ligne").await;
        phone.press_in("Appels", "Caméra").await;
        phone.sees_in("Appels", sentence).await;
        phone.press_in("Appels", "Raccrocher").await;

        phone.fill("Numéro", "*59").await;
        phone.press("Appeler").await;
        phone.sees_in("Appels", "L’appel a échoué : « 503 ").await;
    })
    .await;
}
