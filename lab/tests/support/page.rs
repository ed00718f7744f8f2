//! Acting and looking as a person does: by roles, visible names and visible text.

use serde_json::{Value, json};
use thirtyfour::components::SelectElement;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::{Key, TypingData, WebElement};

use super::browser::Browser;

const SCRIPT: &str = include_str!("page.js");

/// How long a person waits for the page before giving up, in seconds.
const PATIENCE: u32 = 30;

/// What kind of thing a name belongs to: its role in the accessibility tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something to press.
    Button,
    /// Something to switch on.
    CheckBox,
    /// Something to type into.
    TextBox,
    /// Something to choose from.
    ComboBox,
    /// Something to follow.
    Link,
    /// A title.
    Heading,
    /// A part of the page that has a name.
    Region,
    /// Something that unfolds more. Chromium computes no role for it (HTML-AAM has none that fits).
    Fold,
}

impl Role {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::CheckBox => "checkbox",
            Self::TextBox => "textbox",
            Self::ComboBox => "combobox",
            Self::Link => "link",
            Self::Heading => "heading",
            Self::Region => "region",
            Self::Fold => "",
        }
    }
}

impl Browser {
    /// Presses a button.
    pub async fn press(&self, name: &str) {
        self.press_where(Role::Button, name, None).await;
    }

    /// Presses a button of the region with that name.
    pub async fn press_in(&self, region: &str, name: &str) {
        self.press_where(Role::Button, name, Some(region)).await;
    }

    /// Unfolds more.
    pub async fn unfolds(&self, name: &str) {
        self.press_where(Role::Fold, name, None).await;
    }

    /// Presses something of that kind, in the region with that name where one is given.
    pub async fn press_where(&self, role: Role, name: &str, inside: Option<&str>) {
        // A page that redraws at this very moment takes the element away under the finger: a person presses again.
        for attempt in 1.. {
            let element = self.find(role, name, inside).await;
            match element.click().await {
                Ok(()) => return,
                Err(cause) if attempt < 5 && is_gone(&cause) => {}
                Err(cause) => panic!("{name:?} cannot be pressed: {cause}"),
            }
        }
    }

    /// Replaces what is in a field by something typed.
    pub async fn fill(&self, field: &str, typed: &str) {
        self.fill_where(field, None, typed).await;
    }

    /// Replaces what is in a field of the region with that name.
    pub async fn fill_in(&self, region: &str, field: &str, typed: &str) {
        self.fill_where(field, Some(region), typed).await;
    }

    async fn fill_where(&self, field: &str, inside: Option<&str>, typed: &str) {
        let element = self.find(Role::TextBox, field, inside).await;
        // Control is held until the end of what is sent at once.
        for keys in [Key::Control + "a", Key::Delete + "", typed.into()] {
            element.send_keys(keys).await.unwrap_or_else(|cause| panic!("{field:?} takes no text: {cause}"));
        }
    }

    /// Chooses from a list.
    pub async fn choose(&self, list: &str, choice: &str) {
        let list = SelectElement::new(&self.find(Role::ComboBox, list, None).await).await;
        let chosen = async { list?.select_by_exact_text(choice).await };
        chosen.await.unwrap_or_else(|cause| panic!("{choice:?} cannot be chosen: {cause}"));
    }

    /// What is in a field.
    pub async fn content(&self, field: &str) -> String {
        let element = self.find(Role::TextBox, field, None).await;
        element
            .value()
            .await
            .unwrap_or_else(|cause| panic!("{field:?} has no value: {cause}"))
            .unwrap_or_default()
    }

    /// Types at whatever has the focus.
    pub async fn type_keys(&self, keys: impl Into<TypingData>) {
        let typed = self.driver().action_chain().send_keys(keys).perform().await;
        typed.unwrap_or_else(|cause| panic!("the page takes no keys: {cause}"));
    }

    /// Presses a key while Control is held.
    pub async fn press_control_and(&self, key: impl Into<char>) {
        let keys = self.driver().action_chain().key_down(Key::Control).send_keys(key.into().to_string());
        let pressed = keys.key_up(Key::Control).perform().await;
        pressed.unwrap_or_else(|cause| panic!("the page takes no keys: {cause}"));
    }

    /// Goes on by Tab until the focus is on that.
    pub async fn tab_to(&self, role: Role, name: &str) {
        const FURTHEST: usize = 40;
        let script = "return [roleOf(document.activeElement), words(nameOf(document.activeElement))]";
        let mut passed = Vec::new();
        while passed.len() < FURTHEST {
            let focus = self.look(script, json!({})).await;
            if focus == json!([role.as_str(), name]) {
                return;
            }
            passed.push(focus.to_string());
            self.type_keys(Key::Tab + "").await;
        }
        panic!("Tab does not lead to {name:?}, but to {}", passed.join(", "));
    }

    /// Waits until there is something with that role and name.
    pub async fn sees_a(&self, role: Role, name: &str) {
        self.find(role, name, None).await;
    }

    /// Waits until nothing with that role and name is there any more.
    pub async fn sees_no(&self, role: Role, name: &str) {
        let script =
            "await until(`no ${given.role} ${given.name}`, () => all(given).length === 0, given.seconds)";
        self.look(script, json!({ "role": role.as_str(), "name": name, "seconds": PATIENCE })).await;
    }

    /// Waits until a button is pressed in (or not), as its `aria-pressed` tells.
    pub async fn sees_pressed(&self, name: &str, pressed: bool) {
        let script = "await until(`${given.name} pressed: ${given.pressed}`,
            () => all(given).some(element => element.ariaPressed === given.pressed), given.seconds)";
        let wanted =
            json!({ "role": "button", "name": name, "pressed": pressed.to_string(), "seconds": PATIENCE });
        self.look(script, wanted).await;
    }

    /// Waits until the focus is in the region with that name.
    pub async fn has_the_focus_in(&self, region: &str) {
        let script = "await until(`the focus in ${given.region}`,
            () => regions(given.region).some(region => region.contains(document.activeElement)), given.seconds)";
        self.look(script, json!({ "region": region, "seconds": PATIENCE })).await;
    }

    /// Waits until a screen reader is given that to say.
    pub async fn is_told(&self, text: &str) {
        let script = "const said = () => [...document.querySelectorAll('[aria-live]')].map(region => region.textContent);
            await until(`${given.text} said`, () => said().some(words => words.includes(given.text)), given.seconds)";
        self.look(script, json!({ "text": text, "seconds": PATIENCE })).await;
    }

    /// Waits until a text is shown somewhere.
    pub async fn sees(&self, text: &str) {
        self.sees_within(text, PATIENCE).await;
    }

    /// Waits that many seconds at most until a text is shown somewhere.
    pub async fn sees_within(&self, text: &str, seconds: u32) {
        let script = "await until(given.text, () => text().includes(given.text), given.seconds)";
        self.look(script, json!({ "text": text, "seconds": seconds })).await;
    }

    /// Waits until a text is shown in the region with that name.
    pub async fn sees_in(&self, region: &str, text: &str) {
        let script = "await until(`${given.text} in ${given.region}`,
            () => text(given.region).includes(given.text), given.seconds)";
        self.look(script, json!({ "text": text, "region": region, "seconds": PATIENCE })).await;
    }

    /// Waits until a text is shown nowhere any more.
    pub async fn sees_no_more(&self, text: &str) {
        let script =
            "await until(`no more ${given.text}`, () => !text().includes(given.text), given.seconds)";
        self.look(script, json!({ "text": text, "seconds": PATIENCE })).await;
    }

    /// Waits until these texts are shown in the region with that name, one after the other from top to bottom.
    pub async fn sees_in_order(&self, region: &str, texts: &[&str]) {
        let script = "await until(`${given.texts.join(', then ')} in ${given.region}`, () => {
            const shown = text(given.region);
            let from = 0;
            return given.texts.every(wanted => {
                const at = shown.indexOf(wanted, from);
                from = at + wanted.length;
                return at >= 0;
            });
        }, given.seconds)";
        self.look(script, json!({ "texts": texts, "region": region, "seconds": PATIENCE })).await;
    }

    /// All text that is shown.
    pub async fn text(&self) -> String {
        self.look("return text()", json!({})).await.as_str().unwrap_or_default().to_owned()
    }

    /// What the tab is called.
    pub async fn title(&self) -> String {
        self.driver().title().await.unwrap_or_else(|cause| panic!("the page has no title: {cause}"))
    }

    /// How far the page can be scrolled sideways, in CSS pixels.
    pub async fn sideways_scroll(&self) -> i64 {
        let script = "const root = document.scrollingElement; return root.scrollWidth - root.clientWidth";
        self.look(script, json!({})).await.as_i64().expect("a difference of whole numbers")
    }

    /// Runs a script with the words of `page.js` and one argument called `given`.
    pub async fn look(&self, script: &str, given: Value) -> Value {
        self.run(&format!("{} {SCRIPT} {script}", self.names()), given).await.json().clone()
    }

    async fn find(&self, role: Role, name: &str, inside: Option<&str>) -> WebElement {
        let script = format!(
            "{} {SCRIPT} return await until(`a ${{given.role}} called ${{given.name}}`, () => all(given)[0], given.seconds)",
            self.names()
        );
        let wanted = json!({ "role": role.as_str(), "name": name, "inside": inside, "seconds": PATIENCE });
        let found = self.run(&script, wanted).await.element();
        let found = found.unwrap_or_else(|cause| panic!("the page found no element: {cause}"));
        self.confirm(&found, role.as_str(), name).await;
        found
    }
}

/// Whether the element went away, or was covered, between being found and being pressed.
fn is_gone(cause: &thirtyfour::error::WebDriverError) -> bool {
    matches!(
        cause.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
    )
}
